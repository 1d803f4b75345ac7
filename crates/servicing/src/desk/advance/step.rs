//! Duties of advances: the list of a month that is over, and the payment of a signed one.

use std::collections::BTreeMap;

use finance::Fen;
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

/// 垫款清单: asked for of every branch with something unpaid, on the first day after a month (rule `duty.advance_list`).
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
            if day.to.day() != 1 || policy.edition(day.to).duties_for(MONTH).next().is_none() {
                return Ok(batch);
            }
            let (first, last) = (day.from.first_of_month(), day.from);
            let month = rules::month_of(first);
            for branch in access::branches(&mut work.tx).await? {
                let id = branch.id;
                if store::of_month(&mut work.tx, id, &month).await?.is_some() {
                    continue;
                }
                let found = store::candidates(&mut work.tx, id, (first, last)).await?;
                let due = Fen::checked_sum(found.iter().map(|one| one.due));
                let Some(amount) = due.filter(|due| due.is_positive()) else {
                    continue;
                };
                let case = case(id, duty_subject(id, &month), &month, (String::new(), Some(amount)), day.to);
                let opened = duty::open(work, MONTH, &[case]).await?;
                batch.considered += 1;
                batch.touched += opened.duties + opened.members;
            }
            Ok(batch)
        })
    }
}

fn case(
    branch: BranchId,
    subject: String,
    month: &str,
    (number, amount): (String, Option<Fen>),
    anchor: jiff::civil::Date,
) -> Case {
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
