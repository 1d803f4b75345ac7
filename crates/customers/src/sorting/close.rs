//! The step of the day close that asks for overdue steps of timetables and for evaluations that are due (日终·客户梳理).

use platform::close::{Batch, CloseDay, CloseStep};
use platform::duty;
use platform::error::ActionError;
use platform::event::BoxFuture;
use platform::id::{CustomerId, HEAD_OFFICE};
use platform::work::Work;

use super::actions::{HOUSE, step_subject};
use super::model::Project;
use super::work::case_of;
use super::{exposure, store};

/// 客户梳理: steps that nobody finished in time, results to be evaluated again (rule `sorting.dates`), exposure to be measured
/// (rule `sorting.exposure`).
#[derive(Debug, Clone, Copy)]
pub struct SortingDates;

impl CloseStep for SortingDates {
    fn name(&self) -> &'static str {
        "sorting"
    }

    fn order(&self) -> i32 {
        360
    }

    fn batch<'a>(
        &'a self,
        work: &'a mut Work,
        day: CloseDay,
        _: CustomerId,
    ) -> BoxFuture<'a, Result<Batch, ActionError>> {
        Box::pin(async move {
            // Both are found by their own dates and noted at once: nothing is asked for twice, and most days nothing at all.
            let (late, again) = store::due(&mut work.tx, day.to).await?;
            let measured = store::to_measure(&mut work.tx, day.to).await?;
            let considered = (late.len() + again.len() + measured.len()) as u64;
            let mut batch = Batch { considered, ..Batch::default() };
            for id in late {
                if let Some(project) = store::find(&mut work.tx, id).await? {
                    batch.touched += steps(work, &project, day).await?;
                }
            }
            for id in again {
                if let Some(mut project) = store::find(&mut work.tx, id).await? {
                    ask(work, &project, project.subject(), "sorting.evaluation", day).await?;
                    project.review_asked_on = Some(day.to);
                    store::update(&mut work.tx, &mut project).await?;
                    batch.touched += 1;
                }
            }
            for id in measured {
                if let Some(mut project) = store::find(&mut work.tx, id).await? {
                    exposure::follow(work, &mut project).await?;
                    batch.touched += 1;
                }
            }
            Ok(batch)
        })
    }
}

/// Opens a duty for each overdue step; how many.
async fn steps(work: &mut Work, project: &Project, day: CloseDay) -> Result<u64, ActionError> {
    let late = |one: &&super::model::Step| one.due_on < day.to && one.done_on.is_none() && one.asked_on.is_none();
    let mut count = 0;
    for step in project.plan.steps.iter().filter(late) {
        ask(work, project, step_subject(step.id), "sorting.step", day).await?;
        store::step_asked(&mut work.tx, step.id, day.to).await?;
        count += 1;
    }
    Ok(count)
}

async fn ask(
    work: &mut Work,
    project: &Project,
    subject: String,
    trigger: &str,
    day: CloseDay,
) -> Result<(), ActionError> {
    let lead = super::actions::colleague(work, project.plan.lead).await?;
    let own = lead.map_or(HEAD_OFFICE, |actor| actor.branch);
    let branch = project.plan.scope.branch.unwrap_or(own);
    let about = (project.plan.title.as_str(), project.number.as_str(), branch);
    let case = case_of(HOUSE, subject, day.to, Some(project.plan.lead), about);
    duty::open(work, trigger, &[case]).await.map(drop)
}
