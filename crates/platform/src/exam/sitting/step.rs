//! The step of the day close that ends sittings whose time is up (日终·考试到时): what was kept is scored, so that nobody
//! escapes a result by leaving the page.

use super::model::Way;
use super::{actions, store};
use crate::close::{Batch, CloseDay, CloseStep};
use crate::error::ActionError;
use crate::event::BoxFuture;
use crate::id::CustomerId;
use crate::work::Work;

/// A sitting lasts hours at most: whatever is older was ended by an earlier close.
const DAYS: i32 = 7;

/// 考试到时 (rule `exam.sitting`).
#[derive(Debug, Clone, Copy)]
pub(crate) struct TimeUp;

impl CloseStep for TimeUp {
    fn name(&self) -> &'static str {
        "exam-time-up"
    }

    fn order(&self) -> i32 {
        // Before what is asked of the staff: a paper that was passed may be what was lacking.
        779
    }

    fn batch<'a>(
        &'a self,
        work: &'a mut Work,
        day: CloseDay,
        _: CustomerId,
    ) -> BoxFuture<'a, Result<Batch, ActionError>> {
        Box::pin(async move {
            let since = day.from.checked_sub(jiff::Span::new().days(DAYS)).unwrap_or(day.from);
            let now = work.now;
            let over = store::run_out(&mut work.tx, since, now).await?;
            for one in &over {
                actions::score(work, one, Way::TimeUp).await?;
            }
            let ended = over.len() as u64;
            Ok(Batch { considered: ended, touched: ended, ..Batch::default() })
        })
    }
}
