//! The step of the close that asks for papers to be given back when a loan is paid off.

use platform::close::{Batch, CloseDay, CloseStep};
use platform::error::ActionError;
use platform::event::BoxFuture;
use platform::id::CustomerId;
use platform::work::Work;

use super::{actions, store};

/// Loans of one batch.
const BATCH: i64 = 200;

/// 权证归还.
#[derive(Debug, Clone, Copy, Default)]
pub struct Releases;

impl CloseStep for Releases {
    fn name(&self) -> &'static str {
        "releases"
    }

    fn order(&self) -> i32 {
        696
    }

    fn batch<'a>(
        &'a self,
        work: &'a mut Work,
        day: CloseDay,
        after: CustomerId,
    ) -> BoxFuture<'a, Result<Batch, ActionError>> {
        Box::pin(async move {
            // What was paid off is seen on the day that ends: its position stands since then.
            let mut all = store::paid_off(&mut work.tx, (day.from, day.to), after, BATCH).await?;
            let full = all.len() == usize::try_from(BATCH).unwrap_or(usize::MAX);
            let mut batch = Batch::default();
            if let Some(last) = all.last().map(|one| one.customer).filter(|_| full) {
                // The customer at the edge is seen whole with the next batch, unless it is the only one.
                let whole = all.iter().any(|one| one.customer != last);
                all.retain(|one| !whole || one.customer != last);
                batch.last = all.last().map(|one| one.customer);
            }
            for key in all {
                batch.considered += 1;
                batch.touched += actions::ask_for(work, key).await?;
            }
            Ok(batch)
        })
    }
}
