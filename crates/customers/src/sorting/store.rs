//! Tables `sorting_project`, `sorting_member`, `sorting_step`.

use jiff::civil::Date;
use platform::args;
use platform::db::{Conditions, Row, StoreError, Tx};
use platform::work::Work;

use super::model::{Member, Plan, Project, ProjectId, Scope, Step};
use crate::customer::model::CustomerKind;

const COLUMNS: &str = "select p.id, p.number, p.title, p.aim, p.scheme, p.starts_on, p.ends_on, p.branch_id, \
     p.scope_kind, p.scope_manager_id, p.scope_axis, p.scope_outcome, p.scope_industry, p.lead_id, p.revision, p.state, \
     p.approval_id, p.stop_reason, p.started_on, p.closed_on, p.review_on, p.review_asked_on, \
     p.measure_on, p.effective_on, p.recorded_by, p.version \
     from sorting_project p";

fn decode(row: &Row) -> Result<Project, StoreError> {
    let kind: String = row.get("scope_kind")?;
    let scope = Scope {
        branch: row.get("branch_id")?,
        kind: CustomerKind::parse(&kind),
        manager: row.get("scope_manager_id")?,
        axis: row.get("scope_axis")?,
        outcome: row.get("scope_outcome")?,
        industry: row.get("scope_industry")?,
    };
    let plan = Plan {
        title: row.get("title")?,
        aim: row.get("aim")?,
        scheme: row.get("scheme")?,
        starts_on: row.get("starts_on")?,
        ends_on: row.get("ends_on")?,
        scope,
        lead: row.get("lead_id")?,
        members: Vec::new(),
        steps: Vec::new(),
    };
    Ok(Project {
        id: row.get("id")?,
        number: row.get("number")?,
        plan,
        revision: row.get("revision")?,
        state: row.get("state")?,
        approval: row.get("approval_id")?,
        stop_reason: row.get("stop_reason")?,
        started_on: row.get("started_on")?,
        closed_on: row.get("closed_on")?,
        review_on: row.get("review_on")?,
        review_asked_on: row.get("review_asked_on")?,
        measure_on: row.get("measure_on")?,
        made_on: row.get("effective_on")?,
        planner: row.get("recorded_by")?,
        version: row.get("version")?,
    })
}

/// Writes a new project with its team and timetable.
pub(super) async fn insert(work: &mut Work, one: &Project) -> Result<(), StoreError> {
    let (now, by) = (work.now, work.actor.recorded_by());
    let (plan, scope) = (&one.plan, &one.plan.scope);
    work.tx
        .execute(
            "insert into sorting_project (id, number, title, aim, scheme, starts_on, ends_on, branch_id, scope_kind, \
             scope_manager_id, scope_axis, scope_outcome, scope_industry, lead_id, revision, state, effective_on, \
             recorded_at, recorded_by) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)",
            args![
                one.id,
                one.number,
                plan.title.trim(),
                plan.aim.trim(),
                plan.scheme,
                plan.starts_on,
                plan.ends_on,
                scope.branch,
                scope.kind.map_or("", CustomerKind::as_str),
                scope.manager,
                scope.axis,
                scope.outcome,
                scope.industry,
                plan.lead,
                one.revision,
                one.state,
                one.made_on,
                now,
                by
            ],
        )
        .await?;
    insert_parts(work, one).await
}

/// Writes the team and the timetable of a revision.
async fn insert_parts(work: &mut Work, one: &Project) -> Result<(), StoreError> {
    let (now, by) = (work.now, work.actor.recorded_by());
    let members = one.plan.members.iter();
    let members =
        members.map(|m| args![work.next_id(), one.id, one.revision, m.user, m.duty.trim(), now, by]).collect();
    let steps = one.plan.steps.iter();
    let steps = steps.map(|s| args![work.next_id(), one.id, one.revision, s.step, s.due_on, "", now, by]).collect();
    let head = "insert into sorting_member (id, project_id, revision, user_id, duty, recorded_at, recorded_by)";
    work.tx.write_rows(head, "", members).await?;
    let head = "insert into sorting_step (id, project_id, revision, step, due_on, note, recorded_at, recorded_by)";
    work.tx.write_rows(head, "", steps).await.map(drop)
}

/// Writes a mended plan as the next revision.
pub(super) async fn revise(work: &mut Work, one: &mut Project) -> Result<(), StoreError> {
    one.revision += 1;
    let (plan, scope) = (&one.plan, &one.plan.scope);
    work.tx
        .execute_one(
            "update sorting_project set title = $1, aim = $2, scheme = $3, starts_on = $4, ends_on = $5, branch_id = $6, \
             scope_kind = $7, scope_manager_id = $8, scope_axis = $9, scope_outcome = $10, scope_industry = $11, \
             lead_id = $12, revision = $13, version = version + 1 where id = $14 and version = $15",
            args![
                plan.title.trim(),
                plan.aim.trim(),
                plan.scheme,
                plan.starts_on,
                plan.ends_on,
                scope.branch,
                scope.kind.map_or("", CustomerKind::as_str),
                scope.manager,
                scope.axis,
                scope.outcome,
                scope.industry,
                plan.lead,
                one.revision,
                one.id,
                one.version
            ],
        )
        .await?;
    one.version += 1;
    insert_parts(work, one).await
}

/// Writes where a project stands; whoever comes second is refused.
pub(super) async fn update(tx: &mut Tx, one: &mut Project) -> Result<(), StoreError> {
    tx.execute_one(
        "update sorting_project set state = $1, approval_id = $2, started_on = $3, closed_on = $4, review_on = $5, \
         review_asked_on = $6, stop_reason = $7, measure_on = $8, version = version + 1 where id = $9 and version = $10",
        args![
            one.state,
            one.approval,
            one.started_on,
            one.closed_on,
            one.review_on,
            one.review_asked_on,
            one.stop_reason,
            one.measure_on,
            one.id,
            one.version
        ],
    )
    .await?;
    one.version += 1;
    Ok(())
}

/// Locks a project up to the end of the transaction: it does not stop while one of its customers is worked on.
pub(super) async fn hold(tx: &mut Tx, id: ProjectId) -> Result<(), StoreError> {
    tx.execute("update sorting_project set version = version where id = $1", args![id]).await.map(drop)
}

/// One project with its team and timetable.
pub async fn find(tx: &mut Tx, id: ProjectId) -> Result<Option<Project>, StoreError> {
    let mut w = Conditions::new();
    w.and_values("p.id = ?", args![id]);
    let Some(row) = tx.fetch_optional(w.select(COLUMNS, ""), w.args()).await? else { return Ok(None) };
    let mut one = decode(&row)?;
    let sql = "select user_id, duty from sorting_member where project_id = $1 and revision = $2 order by id limit 500";
    for row in tx.fetch_all(sql, args![id, one.revision]).await? {
        one.plan.members.push(Member { user: row.get("user_id")?, duty: row.get("duty")? });
    }
    let sql = "select id, step, due_on, done_on, note, asked_on, version from sorting_step \
               where project_id = $1 and revision = $2 order by id limit 100";
    for row in tx.fetch_all(sql, args![id, one.revision]).await? {
        one.plan.steps.push(Step {
            id: row.get("id")?,
            step: row.get("step")?,
            due_on: row.get("due_on")?,
            done_on: row.get("done_on")?,
            note: row.get("note")?,
            asked_on: row.get("asked_on")?,
            version: row.get("version")?,
        });
    }
    Ok(Some(one))
}

/// Notes that a step was done.
pub(super) async fn step_done(work: &mut Work, step: &Step, note: &str) -> Result<(), StoreError> {
    let (on, by) = (work.business_date, work.actor.recorded_by());
    work.tx
        .execute_one(
            "update sorting_step set done_on = $1, done_by = $2, note = $3, version = version + 1 \
             where id = $4 and version = $5 and done_on is null",
            args![on, by, note.trim(), step.id, step.version],
        )
        .await
}

/// The running projects with a step that is overdue and not asked for yet, and the closed ones whose evaluation is due.
pub(super) async fn due(tx: &mut Tx, on: Date) -> Result<(Vec<ProjectId>, Vec<ProjectId>), StoreError> {
    let rows = tx
        .fetch_all(
            "select distinct s.project_id from sorting_step s join sorting_project p on p.id = s.project_id \
             and p.revision = s.revision where s.due_on < $1 and s.done_on is null and s.asked_on is null \
             and p.state in ('running', 'reporting', 'closed') order by s.project_id limit 1000",
            args![on],
        )
        .await?;
    let late = rows.iter().map(|row| row.get("project_id")).collect::<Result<_, _>>()?;
    let rows = tx
        .fetch_all(
            "select id from sorting_project where state = 'closed' and review_asked_on is null and review_on <= $1 \
             order by id limit 1000",
            args![on],
        )
        .await?;
    Ok((late, rows.iter().map(|row| row.get("id")).collect::<Result<_, _>>()?))
}

/// The projects whose exposure is measured on this day.
pub(super) async fn to_measure(tx: &mut Tx, on: Date) -> Result<Vec<ProjectId>, StoreError> {
    let sql = "select id from sorting_project where measure_on <= $1 and state in ('running', 'reporting', 'closed') \
               order by id limit 1000";
    tx.fetch_all(sql, args![on]).await?.iter().map(|row| row.get("id")).collect()
}

/// Notes that the duty for a step was opened.
pub(super) async fn step_asked(tx: &mut Tx, step: i64, on: Date) -> Result<(), StoreError> {
    let sql = "update sorting_step set asked_on = $1, version = version + 1 where id = $2 and asked_on is null";
    tx.execute_one(sql, args![on, step]).await
}
