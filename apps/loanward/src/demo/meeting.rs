//! A meeting of the management group over the cases of a branch (管理小组会议): minutes, a resolution for each case, one task
//! that is done.

use collections::group::actions as meetings;
use collections::group::model::{NewMeeting, NewResolution};
use collections::worklist::queue;
use jiff::civil::Date;
use platform::app::App;
use platform::id::{BranchId, UserId};
use platform::work::Work;

use super::at;
use super::staff::Staff;
use crate::failure::Failure;

/// What is resolved, and what is to be done.
const RESOLVED: [(&str, &str); 2] =
    [("先约谈，核实应收账款后再定分期或诉讼", "约谈并核实应收账款"), ("同意按月小额归还，按周跟踪", "")];
/// Days until a task is due.
const TASK_DAYS: i64 = 14;

/// The head of the collectors writes the minutes, the supervisor of the branch signs them as the head of the group.
pub async fn held(app: &App, staff: &Staff, day: Date) -> Result<(), Failure> {
    let Some(maker) = staff.holders("collection_manager").next() else { return Ok(()) };
    let Some(head) = staff.with_role("credit_supervisor", maker.branch) else { return Ok(()) };
    let (Some(present), Some(signs)) = (maker.user, head.user) else { return Ok(()) };
    app.clock.set(at(day, 16, 15)?);
    let cases = open_cases(app, staff, maker.branch).await?;
    if cases.is_empty() {
        return Ok(());
    }
    let mut work = Work::begin(app, maker.clone()).await?;
    let words = "逐户听取逾期原因和催收情况，讨论处置办法。".to_owned();
    let new = NewMeeting { held_on: day, head: signs, members: vec![present], words };
    let id = meetings::record(&mut work, &new).await?.to_string();
    let due_on = finance::add_days(day, TASK_DAYS);
    let mut task = None;
    for (case, (resolution, asked)) in cases.iter().zip(RESOLVED) {
        let (person, due_on) = if asked.is_empty() { (None, None) } else { (Some(present), due_on) };
        let new = resolved(case, resolution, asked, (person, due_on));
        let made = meetings::resolve(&mut work, &id, &new).await?;
        task = task.or_else(|| person.map(|_| made));
    }
    work.commit().await?;
    app.clock.set(at(day, 16, 20)?);
    let mut work = Work::begin(app, head.clone()).await?;
    meetings::sign(&mut work, &id).await?;
    work.commit().await?;
    let Some(task) = task else { return Ok(()) };
    app.clock.set(at(day, 16, 25)?);
    let mut work = Work::begin(app, maker.clone()).await?;
    meetings::done(&mut work, &task.to_string(), "已约谈，应收账款回款后归还，续看两周").await?;
    Ok(work.commit().await?)
}

/// The numbers of the first cases that the collector of a branch has.
async fn open_cases(app: &App, staff: &Staff, branch: BranchId) -> Result<Vec<String>, Failure> {
    let Some(collector) = staff.with_role("collection_officer", branch) else { return Ok(Vec::new()) };
    let Some(owner) = collector.user else { return Ok(Vec::new()) };
    let mut work = Work::begin(app, collector.clone()).await?;
    let (queue, _) = queue::of(&mut work, owner.0).await?;
    let here = queue.into_iter().map(|one| one.line.case).filter(|case| case.branch == branch);
    Ok(here.map(|case| case.number).take(RESOLVED.len()).collect())
}

fn resolved(
    case: &str,
    resolution: &str,
    task: &str,
    (person, due_on): (Option<UserId>, Option<Date>),
) -> NewResolution {
    NewResolution { case: case.to_owned(), resolution: resolution.to_owned(), task: task.to_owned(), person, due_on }
}
