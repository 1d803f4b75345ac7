//! The step of the close that closes legal files whose loans are paid, and asks for the intake of a loan that defaults again.

use std::collections::BTreeSet;

use platform::close::{Batch, CloseDay, CloseStep};
use platform::duty;
use platform::error::ActionError;
use platform::event::BoxFuture;
use platform::id::CustomerId;
use platform::policies::{self, PolicyError};
use platform::work::Work;

use super::model::Gate;
use super::{actions, store};
use crate::case::actions as cases;
use crate::case::store as case_store;

/// The trigger of the duty to examine a loan anew.
const AGAIN: &str = "legal.default_again";
/// The duty that it asks for.
const INTAKE: &str = "case_legal_intake";
/// Customers of one batch.
const BATCH: i64 = 200;

/// 法律案卷结卷 (rules `legal.paid`, `duty.case_legal_again`).
#[derive(Debug, Clone, Copy, Default)]
pub struct Files;

impl CloseStep for Files {
    fn name(&self) -> &'static str {
        "legal_files"
    }

    /// After the cases, which end when all is repaid and ask for the intake of their own.
    fn order(&self) -> i32 {
        604
    }

    fn batch<'a>(
        &'a self,
        work: &'a mut Work,
        day: CloseDay,
        after: CustomerId,
    ) -> BoxFuture<'a, Result<Batch, ActionError>> {
        Box::pin(async move {
            let policy = policies::in_force(work, day.to).await?;
            let gate = Gate::read(policy.edition(day.to)).map_err(PolicyError::from)?;
            // Overdue for so many days since then: the day on which the gate may open again.
            let edge = finance::add_days(day.to, -gate.days).unwrap_or(day.to);
            let paid = store::customers_paid(&mut work.tx, (day.from, day.to), after, BATCH).await?;
            let again = store::customers_again(&mut work.tx, edge, after, BATCH).await?;
            let all: BTreeSet<CustomerId> = paid.union(&again).copied().collect();
            let most = usize::try_from(BATCH).unwrap_or(usize::MAX);
            let some: Vec<CustomerId> = all.into_iter().take(most).collect();
            let mut touched = 0;
            for customer in &some {
                if paid.contains(customer) {
                    touched += close(work, *customer).await?;
                }
                if again.contains(customer) {
                    touched += ask(work, *customer, (day, gate.days)).await?;
                }
            }
            Ok(Batch {
                last: some.last().copied().filter(|_| some.len() == most),
                considered: u64::try_from(some.len()).unwrap_or(u64::MAX),
                touched,
                isolated: Vec::new(),
            })
        })
    }
}

async fn close(work: &mut Work, customer: CustomerId) -> Result<u64, ActionError> {
    let mut closed = 0;
    for (key, settled) in store::paid(&mut work.tx, customer).await? {
        closed += u64::from(actions::close_paid(work, key, settled).await?);
    }
    Ok(closed)
}

/// Asks for the intake; where it is asked for already it is not asked for twice.
async fn ask(work: &mut Work, customer: CustomerId, (day, days): (CloseDay, i64)) -> Result<u64, ActionError> {
    let case = case_store::open_of(&mut work.tx, customer).await?;
    let arrears = case_store::arrears(&mut work.tx, &[customer]).await?;
    let (Some(case), Some(behind)) = (case, arrears.get(&customer)) else { return Ok(0) };
    let asked = cases::duty_case(&case, behind, day.to, days);
    duty::ask_again(work, AGAIN, INTAKE, asked).await?;
    Ok(1)
}
