//! The step of the close that opens cases, closes them and moves them along the ladder.

use platform::close::{Batch, CloseDay, CloseStep};
use platform::error::ActionError;
use platform::event::BoxFuture;
use platform::id::CustomerId;
use platform::work::Work;

use super::actions::Desk;
use super::model::CloseReason;
use super::store;

/// Customers of one batch, one transaction each.
const BATCH_CUSTOMERS: i64 = 500;

/// 催收案件: opened, closed, moved along the ladder.
#[derive(Debug, Clone, Copy, Default)]
pub struct Cases;

impl CloseStep for Cases {
    fn name(&self) -> &'static str {
        "cases"
    }

    fn order(&self) -> i32 {
        600
    }

    fn batch<'a>(
        &'a self,
        work: &'a mut Work,
        day: CloseDay,
        after: CustomerId,
    ) -> BoxFuture<'a, Result<Batch, ActionError>> {
        Box::pin(async move {
            let mut desk = Desk::load(work).await?;
            let customers =
                store::to_look_at(&mut work.tx, (day.from, day.to), after, &desk.edges(), BATCH_CUSTOMERS).await?;
            let full = customers.len() == usize::try_from(BATCH_CUSTOMERS).unwrap_or(usize::MAX);
            let touched = desk.settle(work, &customers, CloseReason::Adjusted).await?;
            Ok(Batch {
                last: customers.last().copied().filter(|_| full),
                considered: u64::try_from(customers.len()).unwrap_or(u64::MAX),
                touched,
                isolated: Vec::new(),
            })
        })
    }
}
