//! The duty to classify a branch again (日终·分类认定任务).

use std::collections::BTreeMap;

use jiff::civil::Date;
use platform::access::store as access;
use platform::close::{Batch, CloseDay, CloseStep};
use platform::duty::{self, Case, DutyKind};
use platform::error::ActionError;
use platform::event::BoxFuture;
use platform::id::{BranchId, CustomerId};
use platform::policies::{self, PolicyError};
use platform::work::Work;
use policy::Facts;

use super::{HOUSE, rules, store};

/// The trigger.
const DUE: &str = "classification.due";
/// The kind of the duty.
const KIND: &str = "classification";

/// The duty with its verb: the form that draws the run of this branch.
pub(crate) const DUTY: DutyKind =
    DutyKind { kind: KIND, verb: "classification-verb", form: "/classifications/new?branch={subject}" };

/// What the duty of a branch is about; its approved run is the evidence.
pub(super) fn duty_subject(branch: BranchId) -> String {
    format!("classification_due:{branch}")
}

/// 分类认定: asked for of every branch that lends, days before the interval of the policy is over (rule
/// `duty.classification`).
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Due;

impl CloseStep for Due {
    fn name(&self) -> &'static str {
        "classification_due"
    }

    /// After the positions moved.
    fn order(&self) -> i32 {
        165
    }

    fn batch<'a>(
        &'a self,
        work: &'a mut Work,
        day: CloseDay,
        _: CustomerId,
    ) -> BoxFuture<'a, Result<Batch, ActionError>> {
        Box::pin(async move {
            let mut batch = Batch::default();
            let policy = policies::in_force(work, day.to).await?;
            let edition = policy.edition(day.to);
            if edition.duties_for(DUE).next().is_none() {
                return Ok(batch);
            }
            let months = edition.integer("classification_interval_months").map_err(PolicyError::from)?;
            // Rules that were drawn up before the lead was theirs to say ask on the day itself.
            let lead = policies::known(edition.integer("classification_lead_days"))?.unwrap_or(0);
            for branch in access::branches(&mut work.tx).await? {
                let Some(anchor) = anchor(work, branch.id, months).await? else { continue };
                let begins = finance::add_days(anchor, -lead).unwrap_or(anchor);
                let subject = duty_subject(branch.id);
                if day.to < begins || duty::stands(work, HOUSE, &subject, KIND).await? {
                    continue;
                }
                let opened = duty::open(work, DUE, &[case(branch.id, branch.name, subject, anchor)]).await?;
                batch.considered += 1;
                batch.touched += opened.duties + opened.members;
            }
            Ok(batch)
        })
    }
}

/// By when a branch is classified again; `None` where it lends nothing yet.
async fn anchor(work: &mut Work, branch: BranchId, months: i64) -> Result<Option<Date>, ActionError> {
    let last = match store::latest(&mut work.tx, branch).await? {
        Some(last) => Some(last.as_of),
        None => store::first_day(&mut work.tx, branch).await?,
    };
    Ok(last.and_then(|last| rules::due_on(last, months)))
}

fn case(branch: BranchId, name: String, subject: String, anchor: Date) -> Case {
    Case {
        customer: HOUSE,
        subject,
        anchor,
        manager: None,
        personal: false,
        branch,
        whom: name,
        number: String::new(),
        amount: None,
        facts: Facts::new(),
        fields: BTreeMap::new(),
    }
}
