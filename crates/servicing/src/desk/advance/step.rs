//! Duties of advances: the list of a month that is over, and the payment of a signed one.

use std::collections::BTreeMap;

use finance::Fen;
use jiff::civil::Date;
use platform::access::store as access;
use platform::close::{Batch, CloseDay, CloseStep};
use platform::duty::{self, Case};
use platform::error::ActionError;
use platform::event::BoxFuture;
use platform::id::{BranchId, CustomerId};
use platform::policies;
use platform::work::Work;
use policy::Facts;

use super::actions::duty_subject;
use super::model::AdvanceList;
use super::{HOUSE, rules, store};

/// The triggers.
const MONTH: &str = "advance.month";
const SIGNED: &str = "advance.signed";

/// 垫款清单: asked for of every branch with something unpaid, on the policy's day of the month after
/// (rule `duty.advance_list`).
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Lists;

impl CloseStep for Lists {
    fn name(&self) -> &'static str {
        "advance_lists"
    }

    /// After the positions moved.
    fn order(&self) -> i32 {
        160
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
            if edition.duties_for(MONTH).next().is_none() {
                return Ok(batch);
            }
            // Rules that were drawn up before the day was theirs to say ask on the first.
            let asked_on = policies::known(edition.integer("advance_list_day"))?.unwrap_or(1);
            if i64::from(day.to.day()) != asked_on {
                return Ok(batch);
            }
            let month = rules::month_before(day.to);
            let days = rules::month(&month, day.to)?;
            for branch in access::branches(&mut work.tx).await? {
                let id = branch.id;
                if store::of_month(&mut work.tx, id, &month).await?.is_some() {
                    continue;
                }
                let Some(amount) = unpaid(work, id, days).await? else { continue };
                let case = case(id, duty_subject(id, &month), &month, (String::new(), Some(amount)), day.to);
                let opened = duty::open(work, MONTH, &[case]).await?;
                batch.considered += 1;
                batch.touched += opened.duties + opened.members;
            }
            Ok(batch)
        })
    }
}

/// What a list of these days would come to; `None` where nothing is unpaid.
async fn unpaid(work: &mut Work, branch: BranchId, days: (Date, Date)) -> Result<Option<Fen>, ActionError> {
    let found = store::candidates(&mut work.tx, branch, days).await?;
    Ok(Fen::checked_sum(found.iter().map(|one| one.due)).filter(|due| due.is_positive()))
}

/// Asks for the list of a month anew, from tomorrow, where the one before came to nothing and something is unpaid still
/// (rule `duty.advance_list`).
pub(super) async fn ask_again(work: &mut Work, one: &AdvanceList) -> Result<(), ActionError> {
    let today = work.business_date;
    let policy = policies::in_force(work, today).await?;
    if policy.edition(today).duties_for(MONTH).next().is_none() {
        return Ok(());
    }
    let days = rules::month(&one.month, today)?;
    let Some(amount) = unpaid(work, one.branch, days).await? else { return Ok(()) };
    let subject = duty_subject(one.branch, &one.month);
    if duty::stands(work, HOUSE, &subject, "advance_list").await? {
        return Ok(());
    }
    let from = today.tomorrow().unwrap_or(today);
    let case = case(one.branch, subject, &one.month, (String::new(), Some(amount)), from);
    duty::ask_again(work, MONTH, "advance_list", case).await
}

fn case(branch: BranchId, subject: String, month: &str, (number, amount): (String, Option<Fen>), anchor: Date) -> Case {
    Case {
        customer: HOUSE,
        subject,
        anchor,
        manager: None,
        personal: false,
        branch,
        whom: month.to_owned(),
        number,
        amount,
        facts: Facts::new(),
        fields: BTreeMap::new(),
    }
}

/// Asks the cashier to pay a signed list (rule `duty.advance_pay`).
pub(super) async fn ask_payment(work: &mut Work, one: &AdvanceList, amount: Option<Fen>) -> Result<(), ActionError> {
    let on = work.business_date;
    let case = case(one.branch, one.subject(), &one.month, (one.number.clone(), amount), on);
    duty::open(work, SIGNED, &[case]).await.map(drop)
}
