//! The close step that sends duties to the next role when they stand too long.

use crate::close::{Batch, CloseDay, CloseStep};
use crate::error::ActionError;
use crate::event::BoxFuture;
use crate::id::CustomerId;
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
            Ok(Batch { last: None, considered: touched, touched, isolated: Vec::new() })
        })
    }
}
