//! The step that moves positions into the new day, and opens the duties that the new day brings.
//!
//! It takes only loans whose `next_event_on` has come: a quiet day costs nothing.

use std::collections::{BTreeMap, BTreeSet};

use finance::{Fen, Position};
use platform::close::{Batch, CloseDay, CloseStep, Isolated};
use platform::duty::{self, Case};
use platform::error::ActionError;
use platform::event::BoxFuture;
use platform::id::{BranchId, CustomerId};
use platform::policies;
use platform::work::Work;
use policy::{Facts, Value};

use crate::loan::model::{LoanFile, LoanKey};
use crate::loan::store as loans;
use crate::position::engine::{self, Engine, Unreplayable};
use crate::position::model::LoanPosition;
use crate::position::store as positions;

/// Loans of one batch: one transaction each.
const BATCH_LOANS: i64 = 400;

/// 应收、逾期、账龄、分类: what changes by itself on the new day.
#[derive(Debug, Clone, Copy)]
pub struct Positions {
    batch_loans: i64,
}

impl Default for Positions {
    fn default() -> Self {
        Self::of_batches(BATCH_LOANS)
    }
}

impl Positions {
    /// With batches of so many loans, at least one; a customer is never split.
    pub fn of_batches(loans: i64) -> Self {
        Self { batch_loans: loans.max(1) }
    }
}

impl CloseStep for Positions {
    fn name(&self) -> &'static str {
        "positions"
    }

    fn order(&self) -> i32 {
        100
    }

    fn expected<'a>(&'a self, work: &'a mut Work, day: CloseDay) -> BoxFuture<'a, Result<u64, ActionError>> {
        Box::pin(async move { Ok(positions::count_with_event(&mut work.tx, day.to).await?) })
    }

    fn batch<'a>(
        &'a self,
        work: &'a mut Work,
        day: CloseDay,
        after: CustomerId,
    ) -> BoxFuture<'a, Result<Batch, ActionError>> {
        Box::pin(batch(work, day, after, self.batch_loans))
    }
}

async fn batch(work: &mut Work, day: CloseDay, after: CustomerId, size: i64) -> Result<Batch, ActionError> {
    let (keys, more) = whole_customers(work, day, after, size).await?;
    let Some(last) = keys.last().map(|key| key.customer) else { return Ok(Batch::default()) };
    let engine = Engine::load(work, day.to).await?;
    let files = loans::load_files(&mut work.tx, &keys).await?;
    let kept = positions::load(&mut work.tx, &keys).await?;
    let advanced = engine::advance(work, &engine, &files, &kept, day.to).await?;
    open_duties(work, day, &files, &advanced.positions).await?;
    // What moved by itself may move the borrower's classes: the step over standings comes later on the same day.
    let mut moved: Vec<CustomerId> = advanced.positions.iter().map(|(position, _)| position.key.customer).collect();
    moved.dedup();
    customers::standing::actions::look_by(work, &moved, day.to).await?;
    Ok(Batch {
        last: more.then_some(last),
        considered: u64::try_from(keys.len()).unwrap_or(u64::MAX),
        touched: u64::try_from(advanced.positions.len()).unwrap_or(u64::MAX),
        isolated: advanced.broken.iter().map(|broken| isolated(broken, &files, &kept)).collect(),
    })
}

/// The loans of the next customers, whole customers only, so that the mark never splits one; and whether there are
/// more behind. A customer with more loans than a batch holds is a batch.
async fn whole_customers(
    work: &mut Work,
    day: CloseDay,
    after: CustomerId,
    size: i64,
) -> Result<(Vec<LoanKey>, bool), ActionError> {
    let mut keys = positions::with_event(&mut work.tx, day.to, after, size + 1).await?;
    let full = i64::try_from(keys.len()).unwrap_or(i64::MAX) > size;
    let ends = (keys.first().map(|key| key.customer), keys.last().map(|key| key.customer));
    if let (true, (Some(first), Some(last))) = (full, ends) {
        if first == last {
            keys = positions::with_event_of(&mut work.tx, day.to, last).await?;
        } else {
            keys.retain(|key| key.customer != last);
        }
    }
    Ok((keys, full))
}

fn isolated(broken: &Unreplayable, files: &[LoanFile], kept: &[LoanPosition]) -> Isolated {
    let file = files.iter().find(|f| f.loan.key == broken.key);
    let amount = kept.iter().find(|p| p.key == broken.key).map(|p| p.principal);
    let number = file.map(|f| f.loan.number.clone()).unwrap_or_default();
    Isolated {
        customer: broken.key.customer,
        branch: file.map_or(BranchId(0), |f| f.loan.branch),
        subject: broken.key.subject(),
        code: broken.error.code().replace('.', "-"),
        rule: "position.replay".to_owned(),
        detail: broken.error.to_string(),
        whom: String::new(),
        number,
        amount,
        link: format!("/loans/{}", broken.key.loan),
    }
}

/// Opens what the policy asks for on this day: reminders before due dates (S1-35), the cards to look up and the unpaid
/// list of the day (S2.19-02), the early reminder of the newly overdue (S4-09), the notice of maturing loans (S2.2-02).
async fn open_duties(
    work: &mut Work,
    day: CloseDay,
    files: &[LoanFile],
    advanced: &[(LoanPosition, Position)],
) -> Result<(), ActionError> {
    let policy = policies::in_force(work, day.to).await?;
    let leads = |name: &str| -> BTreeSet<i64> {
        policy.edition(day.to).integers(name).unwrap_or_default().into_iter().collect()
    };
    let (reminder_leads, maturity_leads) = (leads("repayment_reminder_days"), leads("maturity_notice_days"));
    // Only a desk that looks cards up wants to know of each due date.
    let has_desk = policy.edition(day.to).duties_for("instalment.due").next().is_some();
    let mut cases: BTreeMap<&'static str, Vec<Case>> = BTreeMap::new();
    let files: BTreeMap<LoanKey, &LoanFile> = files.iter().map(|file| (file.loan.key, file)).collect();
    let names = loans::names(&mut work.tx, advanced.iter().map(|(row, _)| row.key.customer)).await?;
    for (row, position) in advanced {
        let (Some(file), Some(whom)) = (files.get(&row.key), names.get(&row.key.customer)) else { continue };
        if let Some(due) = row.oldest_due_on {
            let first = due.tomorrow().unwrap_or(due);
            if first == day.to {
                cases.entry("loan.overdue").or_default().push(case(file, position, whom, first));
            }
        }
        let unpaid_yesterday = position.instalments.iter().any(|i| i.cleared_on.is_none() && i.due_on == day.from);
        if unpaid_yesterday {
            cases.entry("instalment.unpaid").or_default().push(case(file, position, whom, day.to));
        }
        if has_desk && position.instalments.iter().any(|i| i.cleared_on.is_none() && i.due_on == day.to) {
            cases.entry("instalment.due").or_default().push(case(file, position, whom, day.to));
        }
        if let Some(next) = position.next_due
            && reminder_leads.contains(&finance::days_between(day.to, next.on))
        {
            cases.entry("instalment.upcoming").or_default().push(case(file, position, whom, next.on));
        }
        if maturity_leads.contains(&finance::days_between(day.to, position.maturity_on)) {
            cases.entry("loan.maturing").or_default().push(case(file, position, whom, position.maturity_on));
        }
    }
    for (trigger, cases) in cases {
        duty::open(work, trigger, &cases).await?;
    }
    Ok(())
}

/// What the duty rules and their texts may look at (S4-10: amount, time, deadline; the contact is the institution's).
fn case(file: &LoanFile, position: &Position, whom: &str, anchor: jiff::civil::Date) -> Case {
    let overdue = position.overdue.total().unwrap_or(Fen::ZERO);
    let next = position.next_due.map_or(Fen::ZERO, |next| next.amount);
    let amount = if overdue.is_positive() { overdue } else { next };
    Case {
        customer: file.loan.key.customer,
        subject: file.loan.key.subject(),
        anchor,
        manager: Some(file.loan.manager),
        personal: false,
        branch: file.loan.branch,
        whom: whom.to_owned(),
        number: file.loan.number.clone(),
        amount: Some(amount),
        facts: Facts::from([
            ("overdue_days".to_owned(), Value::Integer(i64::from(position.days_overdue))),
            ("amount_fen".to_owned(), Value::Integer(amount.0)),
        ]),
        fields: BTreeMap::from([
            ("name".to_owned(), whom.to_owned()),
            ("loan".to_owned(), file.loan.number.clone()),
            ("amount".to_owned(), amount.to_string()),
            ("overdue_days".to_owned(), position.days_overdue.to_string()),
            (
                "due_on".to_owned(),
                position
                    .oldest_unpaid_due_on
                    .or(position.next_due.map(|n| n.on))
                    .map(|on| on.to_string())
                    .unwrap_or_default(),
            ),
        ]),
    }
}
