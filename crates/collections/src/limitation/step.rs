//! The step of the close that wakes clocks: of loans that fell overdue, and of those whose warning or end has come.

use std::collections::BTreeSet;

use platform::close::{Batch, CloseDay, CloseStep};
use platform::error::ActionError;
use platform::event::BoxFuture;
use platform::id::CustomerId;
use platform::work::Work;

use super::{actions, store};

/// Customers of one batch, one transaction each.
const BATCH_CUSTOMERS: i64 = 1_000;

/// 时效与保证期间预警.
#[derive(Debug, Clone, Copy, Default)]
pub struct Clocks;

impl CloseStep for Clocks {
    fn name(&self) -> &'static str {
        "limitation"
    }

    fn order(&self) -> i32 {
        500
    }

    fn batch<'a>(
        &'a self,
        work: &'a mut Work,
        day: CloseDay,
        after: CustomerId,
    ) -> BoxFuture<'a, Result<Batch, ActionError>> {
        Box::pin(async move {
            let keys = store::to_look_at(&mut work.tx, (day.from, day.to), after, BATCH_CUSTOMERS).await?;
            let customers: BTreeSet<CustomerId> = keys.iter().map(|key| key.customer).collect();
            let full = customers.len() == usize::try_from(BATCH_CUSTOMERS).unwrap_or(usize::MAX);
            let touched = actions::wake(work, &keys).await?;
            Ok(Batch {
                last: customers.last().copied().filter(|_| full),
                considered: u64::try_from(keys.len()).unwrap_or(u64::MAX),
                touched,
                isolated: Vec::new(),
            })
        })
    }
}
