//! The step of the day close that looks again at customers whose day has come (日终·客户分类).

use platform::close::{Batch, CloseDay, CloseStep};
use platform::error::ActionError;
use platform::event::BoxFuture;
use platform::id::CustomerId;
use platform::work::Work;

use super::{actions, known, store};
use crate::customer::model::CustomerState;
use crate::customer::store as customers;

/// Customers of one batch: one transaction.
const BATCH: i64 = 200;

/// 客户分类评级: reviews that are due, data that count no longer, money that moved.
#[derive(Debug, Clone, Copy)]
pub struct Standings;

impl CloseStep for Standings {
    fn name(&self) -> &'static str {
        "standings"
    }

    fn order(&self) -> i32 {
        350
    }

    fn expected<'a>(&'a self, work: &'a mut Work, day: CloseDay) -> BoxFuture<'a, Result<u64, ActionError>> {
        Box::pin(async move { Ok(u64::try_from(store::count_due(&mut work.tx, day.to).await?).unwrap_or_default()) })
    }

    fn batch<'a>(
        &'a self,
        work: &'a mut Work,
        day: CloseDay,
        after: CustomerId,
    ) -> BoxFuture<'a, Result<Batch, ActionError>> {
        Box::pin(async move {
            let due = store::due(&mut work.tx, day.to, after, BATCH).await?;
            let mut batch = Batch { considered: due.len() as u64, ..Batch::default() };
            for id in &due {
                match customers::load(&mut work.tx, *id).await? {
                    Some(customer) if customer.state == CustomerState::Active => {
                        let moved = actions::assess(work, &customer, day.to).await?;
                        batch.touched += u64::from(moved > 0);
                    }
                    Some(_) | None => {
                        store::forget(&mut work.tx, *id).await?;
                        known::forget(&mut work.tx, *id).await?;
                    }
                }
            }
            batch.last = due.last().copied().filter(|_| due.len() as i64 == BATCH);
            Ok(batch)
        })
    }
}
