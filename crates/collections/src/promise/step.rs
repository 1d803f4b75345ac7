//! The step of the close that judges promises whose moment is over: the net below every look at a case.

use platform::close::{Batch, CloseDay, CloseStep};
use platform::error::ActionError;
use platform::event::BoxFuture;
use platform::id::CustomerId;
use platform::work::Work;

use super::{actions, store};

/// Promises of one batch.
const BATCH: i64 = 500;

/// 还款承诺: kept, part kept or broken.
#[derive(Debug, Clone, Copy, Default)]
pub struct Promises;

impl CloseStep for Promises {
    fn name(&self) -> &'static str {
        "promises"
    }

    fn order(&self) -> i32 {
        610
    }

    fn batch<'a>(
        &'a self,
        work: &'a mut Work,
        _day: CloseDay,
        after: CustomerId,
    ) -> BoxFuture<'a, Result<Batch, ActionError>> {
        Box::pin(async move {
            let now = work.now;
            let over = store::over(&mut work.tx, after, now, BATCH).await?;
            let considered = u64::try_from(over.len()).unwrap_or(u64::MAX);
            let full = over.len() == usize::try_from(BATCH).unwrap_or(usize::MAX);
            let last = over.last().map(|promise| promise.case.customer).filter(|_| full);
            let touched = actions::judge_over(work, over).await?;
            Ok(Batch { last, considered, touched, isolated: Vec::new() })
        })
    }
}
