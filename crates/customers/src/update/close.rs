//! The step of the day close that reports overdue updates (日终·资料更新逾期报告).

use platform::close::{Batch, CloseDay, CloseStep};
use platform::error::ActionError;
use platform::event::BoxFuture;
use platform::id::CustomerId;
use platform::policies;
use platform::work::Work;

use super::{actions, rules, store};
use crate::lead::policy::known_number;

/// 资料更新逾期报告: at the beginning of a month, about every branch with anything overdue (rule `information.report`).
#[derive(Debug, Clone, Copy)]
pub struct UpdateReports;

impl CloseStep for UpdateReports {
    fn name(&self) -> &'static str {
        "update_reports"
    }

    fn order(&self) -> i32 {
        // After the customers were looked at: their days are those of the day that comes.
        355
    }

    fn batch<'a>(
        &'a self,
        work: &'a mut Work,
        day: CloseDay,
        _: CustomerId,
    ) -> BoxFuture<'a, Result<Batch, ActionError>> {
        Box::pin(async move {
            if !rules::reports_on((day.from, day.to), None, 1) {
                return Ok(Batch::default());
            }
            let in_force = match policies::in_force(work, day.to).await {
                Ok(in_force) => in_force,
                // A house without rules has nothing to report.
                Err(ActionError::Refused(_)) => return Ok(Batch::default()),
                Err(broken) => return Err(broken),
            };
            // Neither have rules that were drawn up before there were reports.
            let months = known_number(&in_force, day.to, "update_report_months")?;
            let last = store::last(&mut work.tx).await?;
            if !months.is_some_and(|months| rules::reports_on((day.from, day.to), last, months)) {
                return Ok(Batch::default());
            }
            let made = actions::report(work, &in_force, day.to).await?;
            Ok(Batch { considered: made, touched: made, ..Batch::default() })
        })
    }
}
