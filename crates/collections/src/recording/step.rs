//! The step of the close that takes recordings away whose time is over.

use platform::close::{Batch, CloseDay, CloseStep};
use platform::error::ActionError;
use platform::event::BoxFuture;
use platform::id::CustomerId;
use platform::work::Work;

use super::{actions, store};
use crate::telephone::actions as telephone;

/// Recordings of one batch.
const BATCH: i64 = 200;

/// 催收录音: kept as long as law and policy ask.
#[derive(Debug, Clone, Copy, Default)]
pub struct Recordings;

impl CloseStep for Recordings {
    fn name(&self) -> &'static str {
        "recordings"
    }

    fn order(&self) -> i32 {
        695
    }

    fn batch<'a>(
        &'a self,
        work: &'a mut Work,
        _day: CloseDay,
        after: CustomerId,
    ) -> BoxFuture<'a, Result<Batch, ActionError>> {
        Box::pin(async move {
            let mut batch = Batch::default();
            if after.0 < 0 {
                // What the telephone system handed in and no contact claimed belongs to no customer.
                batch.touched += telephone::settle_left(work).await? + telephone::end_old(work).await?;
            }
            let retention = actions::retention(work).await?;
            let Some(before) = retention.past(work.business_date) else { return Ok(batch) };
            let mut all = store::old(&mut work.tx, (before, retention.until_settled), after, BATCH).await?;
            let full = all.len() == usize::try_from(BATCH).unwrap_or(usize::MAX);
            if let Some(last) = all.last().map(|one| one.customer).filter(|_| full) {
                // The customer at the edge is seen whole with the next batch, unless it is the only one.
                let whole = all.iter().any(|one| one.customer != last);
                all.retain(|one| !whole || one.customer != last);
                batch.last = all.last().map(|one| one.customer);
            }
            for one in &all {
                batch.considered += 1;
                batch.touched += u64::from(actions::end(work, one, retention).await?);
            }
            Ok(batch)
        })
    }
}
