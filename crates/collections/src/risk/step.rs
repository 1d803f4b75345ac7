//! The step of the close that looks whether expected losses changed (S4-04): of customers of whose loans one changed that
//! day, or came to a step of the ladder.

use platform::close::{Batch, CloseDay, CloseStep};
use platform::error::ActionError;
use platform::event::BoxFuture;
use platform::id::CustomerId;
use platform::work::Work;

use super::{actions, store};
use crate::case::actions::Desk;

/// Customers of one batch.
const BATCH: i64 = 500;

/// 预期损失监测.
#[derive(Debug, Clone, Copy, Default)]
pub struct Losses;

impl CloseStep for Losses {
    fn name(&self) -> &'static str {
        "expected-losses"
    }

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
            // A day alone may take a loan into another step of the ladder, which changes no loan.
            let edges = Desk::load(work).await?.edges();
            let customers = store::changed(&mut work.tx, [day.from, day.to], &edges, after, BATCH).await?;
            let full = customers.len() == usize::try_from(BATCH).unwrap_or(usize::MAX);
            let touched = actions::watch(work, &customers).await?;
            Ok(Batch {
                last: customers.last().copied().filter(|_| full),
                considered: u64::try_from(customers.len()).unwrap_or(u64::MAX),
                touched,
                isolated: Vec::new(),
            })
        })
    }
}
