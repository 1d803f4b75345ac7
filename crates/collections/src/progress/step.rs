//! The step of the close that asks for reports: on the first day after a period of the policy (rule `progress.due`).

use platform::close::{Batch, CloseDay, CloseStep};
use platform::duty;
use platform::error::ActionError;
use platform::event::BoxFuture;
use platform::id::CustomerId;
use platform::work::Work;
use policy::Facts;

use super::model::duty_subject;
use super::{actions, store};

/// 清收进展报告: asked for of every branch that had a case.
#[derive(Debug, Clone, Copy, Default)]
pub struct Reports;

impl CloseStep for Reports {
    fn name(&self) -> &'static str {
        "recovery_reports"
    }

    /// After the cases and all that changes them.
    fn order(&self) -> i32 {
        690
    }

    fn batch<'a>(
        &'a self,
        work: &'a mut Work,
        day: CloseDay,
        _: CustomerId,
    ) -> BoxFuture<'a, Result<Batch, ActionError>> {
        Box::pin(async move {
            let mut batch = Batch::default();
            let period = actions::every(work).await?.over(day.to);
            if period.to.tomorrow().ok() != Some(day.to) {
                return Ok(batch);
            }
            for branch in store::branches(&mut work.tx, period).await? {
                let days = format!("{} – {}", period.from, period.to);
                let case = duty::Case {
                    customer: actions::HOUSE,
                    subject: duty_subject(branch, period),
                    anchor: day.to,
                    manager: None,
                    personal: false,
                    branch,
                    whom: days,
                    number: String::new(),
                    amount: None,
                    facts: Facts::new(),
                    fields: std::collections::BTreeMap::new(),
                };
                let opened = duty::open(work, "recovery.period", &[case]).await?;
                batch.considered += 1;
                batch.touched += opened.duties + opened.members;
            }
            Ok(batch)
        })
    }
}
