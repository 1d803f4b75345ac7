//! The close step that sends duties to the next role when they stand too long, and tells that role.

use std::collections::BTreeMap;

use crate::close::{Batch, CloseDay, CloseStep};
use crate::error::ActionError;
use crate::event::BoxFuture;
use crate::id::{CustomerId, UserId};
use crate::notice::{self, News, Notice};
use crate::work::Work;

use super::store;

/// Escalation (任务升级): one set statement over the index of dates, so it is one batch.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Escalate;

impl CloseStep for Escalate {
    fn name(&self) -> &'static str {
        "duty-escalate"
    }

    fn order(&self) -> i32 {
        // After the steps that open and close duties.
        800
    }

    fn batch<'a>(
        &'a self,
        work: &'a mut Work,
        day: CloseDay,
        _after: CustomerId,
    ) -> BoxFuture<'a, Result<Batch, ActionError>> {
        Box::pin(async move {
            let touched = store::escalate(&mut work.tx, day.to).await?;
            tell(work, day).await?;
            Ok(Batch { last: None, considered: touched, touched, isolated: Vec::new() })
        })
    }
}

/// One notice a person and day, however many duties came.
async fn tell(work: &mut Work, day: CloseDay) -> Result<(), ActionError> {
    let mut counts: BTreeMap<UserId, i64> = BTreeMap::new();
    for (role, branch, count) in store::escalated(&mut work.tx, day.to).await? {
        for user in notice::holders(work, &role, branch).await? {
            *counts.entry(user).or_default() += count;
        }
    }
    let occasion = format!("duties_escalated:{}", day.to);
    for (user, count) in counts {
        let came = Notice {
            news: News::DutiesEscalated { count, on: day.to },
            occasion: occasion.clone(),
            thing: occasion.clone(),
            href: super::list::address(store::Window::Open),
        };
        notice::tell(work, &[user], &came).await?;
    }
    Ok(())
}
