//! The step of the day close that asks for the training that the posts need (日终·培训与胜任力, S2.3-03).

use std::collections::{BTreeMap, BTreeSet};

use policy::Facts;

use super::actions;
use super::store::{Holder, PEOPLE};
use crate::access::DataScope;
use crate::args;
use crate::close::{Batch, CloseDay, CloseStep};
use crate::db::StoreError;
use crate::duty::{self, Case, DutyKind};
use crate::error::ActionError;
use crate::event::BoxFuture;
use crate::id::{CustomerId, UserId};
use crate::policies;
use crate::work::Work;

/// The trigger of the duty.
const LACKING: &str = "staff.untrained";
/// The kind of the duty.
const KIND: &str = "staff_training";
/// The institution's own rows.
const HOUSE: CustomerId = CustomerId(0);

/// The duty with its verb: the form where training is entered, for this person.
pub(crate) const DUTY: DutyKind =
    DutyKind { kind: KIND, verb: "training-verb", form: "/trainings/new?person={subject}" };

/// What the duty about one person is about.
pub(super) fn subject(user: UserId) -> String {
    format!("staff:{user}")
}

/// 培训与胜任力 (rules `training.lacking`, `duty.staff_training`).
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asking;

impl CloseStep for Asking {
    fn name(&self) -> &'static str {
        "staff-training"
    }

    fn order(&self) -> i32 {
        // With what else is asked of the staff, before duties are escalated.
        781
    }

    fn batch<'a>(
        &'a self,
        work: &'a mut Work,
        day: CloseDay,
        _: CustomerId,
    ) -> BoxFuture<'a, Result<Batch, ActionError>> {
        Box::pin(async move {
            // A house without rules asks for nothing.
            if policies::store::version_on(&mut work.tx, day.to).await?.is_none() {
                return Ok(Batch::default());
            }
            let needs = actions::needs(work).await?;
            let lacking = actions::lacks(work, &needs, DataScope::everything()).await?;
            let lack: BTreeSet<String> = lacking.iter().map(|(holder, _)| subject(holder.user)).collect();
            let open = open(work).await?;
            let over: Vec<&String> = open.difference(&lack).collect();
            for one in &over {
                duty::cancel(work, HOUSE, one, "nothing is lacking any more, or the person left the post").await?;
            }
            let asked = lacking.iter().filter(|(holder, _)| !open.contains(&subject(holder.user)));
            let cases: Vec<Case> = asked.map(|(holder, _)| case(holder, day)).collect();
            let opened = duty::open(work, LACKING, &cases).await?;
            let considered = (over.len() + lacking.len()) as u64;
            Ok(Batch { considered, touched: opened.duties + over.len() as u64, ..Batch::default() })
        })
    }
}

fn case(holder: &Holder, day: CloseDay) -> Case {
    Case {
        customer: HOUSE,
        subject: subject(holder.user),
        anchor: day.to,
        manager: None,
        personal: false,
        branch: holder.branch,
        whom: holder.name.clone(),
        number: String::new(),
        amount: None,
        facts: Facts::new(),
        fields: BTreeMap::new(),
    }
}

/// About whom such a duty stands open.
async fn open(work: &mut Work) -> Result<BTreeSet<String>, StoreError> {
    let sql = "select d.subject from duty d where d.customer_id = 0 and d.kind = $1 and d.state = 'open' \
               order by d.id limit $2";
    let rows = work.tx.fetch_all(sql, args![KIND, PEOPLE]).await?;
    rows.iter().map(|row| row.get("subject")).collect()
}
