//! Reports of a project (客户梳理报告): made with the figures of the day, agreed to by somebody else; the last one closes
//! the project, and every half-year the result is evaluated again (S3-20).

use std::collections::BTreeMap;

use platform::approval::{self, Approval, ApprovalKind, Heading, Request};
use platform::args;
use platform::audit::Entry;
use platform::db::{Conditions, Row, StoreError, Tx};
use platform::duty::{self, Evidence};
use platform::error::{ActionError, Refused};
use platform::event::{BoxFuture, Event};
use platform::id::UserId;
use platform::policies::{self, InForce, PolicyError};
use platform::work::Work;
use serde_json::json;

use super::actions::{HOUSE, seen, sees_all, wrong_state};
use super::model::{Content, Goal, Project, ProjectId, ProjectState, Report, ReportId, ReportState};
use super::{APPROVE_REPORT, PLAN, figures, page_of, rules, store};
use crate::VIEW;
use crate::error::CustomerError;
use crate::evaluation::rules::months_later;
use crate::lead::policy::known_number;

/// The approval of reports.
pub const KIND: ApprovalKind = ApprovalKind {
    kind: "sorting_report",
    title: "approval-sorting-report",
    action: APPROVE_REPORT,
    mend,
    approved,
    refused,
};

fn mend(approval: &Approval) -> String {
    let project = approval.payload.get("sorting_page").and_then(|page| page.as_str()).unwrap_or(super::LIST);
    format!("{project}/report")
}

const COLUMNS: &str = "select r.id, r.project_id, r.content_json, r.state, r.approval_id, r.approved_on, \
     r.effective_on, r.recorded_by, r.version from sorting_report r";

fn corrupt(found: impl ToString) -> StoreError {
    StoreError::Corrupt {
        column: "content_json".to_owned(),
        expected: "content of a sorting report",
        found: found.to_string(),
    }
}

fn decode(row: &Row) -> Result<Report, StoreError> {
    let content: String = row.get("content_json")?;
    Ok(Report {
        id: row.get("id")?,
        project: row.get("project_id")?,
        content: serde_json::from_str(&content).map_err(corrupt)?,
        state: row.get("state")?,
        approval: row.get("approval_id")?,
        approved_on: row.get("approved_on")?,
        made_on: row.get("effective_on")?,
        assessor: row.get("recorded_by")?,
        version: row.get("version")?,
    })
}

/// The reports of a project, the oldest first.
pub async fn of_project(tx: &mut Tx, project: ProjectId) -> Result<Vec<Report>, StoreError> {
    let mut w = Conditions::new();
    w.and_values("r.project_id = ?", args![project]);
    tx.fetch_all(w.select(COLUMNS, "order by r.id limit 100"), w.args()).await?.iter().map(decode).collect()
}

async fn find(tx: &mut Tx, id: ReportId) -> Result<Option<Report>, StoreError> {
    let mut w = Conditions::new();
    w.and_values("r.id = ?", args![id]);
    tx.fetch_optional(w.select(COLUMNS, ""), w.args()).await?.as_ref().map(decode).transpose()
}

async fn update(tx: &mut Tx, one: &mut Report) -> Result<(), StoreError> {
    let content = serde_json::to_string(&one.content).map_err(corrupt)?;
    tx.execute_one(
        "update sorting_report set content_json = $1, state = $2, approval_id = $3, approved_on = $4, \
         effective_on = $5, version = version + 1 where id = $6 and version = $7",
        args![content, one.state, one.approval, one.approved_on, one.made_on, one.id, one.version],
    )
    .await?;
    one.version += 1;
    Ok(())
}

/// What the assessor says of a goal (目标评价).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    /// The goal.
    pub goal: String,
    /// `met`, `partly` or `not_met`.
    pub judgement: String,
    /// Why.
    pub words: String,
}

/// A report of a project, for those who may see all that it goes over (rule `sorting.scope`).
///
/// # Errors
/// Denied; there is none, or not for this person.
pub async fn open(work: &mut Work, project: &str, id: &str) -> Result<(Project, Report), ActionError> {
    let one = whole(work, project, VIEW).await?;
    let missing = || CustomerError::NoSuchPart("sorting_report");
    let key = id.parse().map(ReportId).map_err(|_| missing())?;
    let found = find(&mut work.tx, key).await?.filter(|report| report.project == one.id).ok_or_else(missing)?;
    Ok((one, found))
}

/// A project of which the person may see everything.
pub(super) async fn whole(work: &mut Work, id: &str, action: &str) -> Result<Project, ActionError> {
    let one = seen(work, id, action).await?;
    if sees_all(work, &one) { Ok(one) } else { Err(CustomerError::NoSuchPart("sorting").into()) }
}

/// What a report would say today; nothing is written.
///
/// # Errors
/// Denied; the project has nothing to report.
pub async fn preview(work: &mut Work, id: &str) -> Result<(Project, Content), ActionError> {
    let one = whole(work, id, PLAN).await?;
    let content = figures::figures(work, &one).await?;
    Ok((one, content))
}

/// Makes a report and submits it for somebody else's agreement (S3-13, S3-32).
///
/// Rule `sorting.report`: every customer is verified, the share of the policy is reviewed, every goal of the scheme is
/// judged with a reason. A closed project is reported on again when its day has come.
///
/// # Errors
/// Denied; customers are open, too few reviewed; goals not judged; nothing concluded.
pub async fn make(work: &mut Work, id: &str, judged: &[Judged], opinion: &str) -> Result<ReportId, ActionError> {
    let known = whole(work, id, PLAN).await?;
    store::hold(&mut work.tx, known.id).await?;
    let (mut project, mut content) = preview(work, id).await?;
    let today = work.business_date;
    let mut old = of_project(&mut work.tx, project.id).await?;
    old.retain(|report| report.state == ReportState::Submitted);
    let due = project.review_on.is_some_and(|on| on <= today);
    match project.state {
        ProjectState::Running => {}
        ProjectState::Reporting if !old.is_empty() => {}
        ProjectState::Closed if due || !old.is_empty() => {}
        ProjectState::Submitted
        | ProjectState::Approved
        | ProjectState::Reporting
        | ProjectState::Closed
        | ProjectState::Stopped
        | ProjectState::Refused => return Err(wrong_state(&project)),
    }
    ready(work, &content).await?;
    content.goals = goals(work, (&project, &content), judged).await?;
    if let Some(wrong) = rules::needed("opinion", opinion) {
        return Err(Refused::form(vec![wrong]).into());
    }
    content.opinion = opinion.trim().to_owned();
    if let Some(returned) = old.pop() {
        return again(work, &project, returned, content).await;
    }
    let one = insert(work, &project, content).await?;
    if project.state == ProjectState::Running {
        project.state = ProjectState::Reporting;
        store::update(&mut work.tx, &mut project).await?;
    }
    Ok(one)
}

/// Whether the work is done that a report reports on.
async fn ready(work: &mut Work, content: &Content) -> Result<(), ActionError> {
    let (all, verified, reviewed) = content.items;
    if verified < all {
        return Err(CustomerError::SortingItemsOpen { open: all - verified }.into());
    }
    let today = work.business_date;
    let in_force = policies::in_force(work, today).await?;
    let percent = in_force.edition(today).integer("sorting_review_percent").map_err(PolicyError::from)?;
    let least = rules::must_be_reviewed(all, percent);
    if reviewed < least {
        return Err(CustomerError::SortingReviewShare { done: reviewed, least }.into());
    }
    Ok(())
}

/// What the figures say of each goal (rule `sorting.measured`).
///
/// # Errors
/// A parameter that is no number.
pub(super) fn measured(
    policy: &InForce,
    on: jiff::civil::Date,
    (project, content): (&Project, &Content),
) -> Result<BTreeMap<String, Option<bool>>, ActionError> {
    let number = |name| known_number(policy, on, name);
    let least = rules::Least {
        completeness: number("sorting_completeness_percent")?,
        accuracy: number("sorting_accuracy_percent")?,
        warned: number("sorting_warned_percent")?,
        served: number("sorting_served_percent")?,
    };
    let measures = rules::goal_measures(policy, on, &project.plan.scheme);
    Ok(measures.into_iter().map(|(goal, measure)| (goal, rules::reached(&measure, content, &least))).collect())
}

/// The goals of the scheme as they were judged; those that were not are named.
async fn goals(
    work: &mut Work,
    (project, content): (&Project, &Content),
    judged: &[Judged],
) -> Result<Vec<Goal>, ActionError> {
    let today = work.business_date;
    let in_force = policies::in_force(work, today).await?;
    let measured = measured(&in_force, today, (project, content))?;
    let mut found = Vec::new();
    let mut lacking: Vec<(String, String)> = Vec::new();
    for goal in rules::goals(&in_force, today, &project.plan.scheme) {
        let title = rules::both(&in_force, "sorting_goal", &goal);
        let said = judged.iter().find(|one| one.goal == goal);
        let said = said.filter(|one| rules::JUDGEMENTS.contains(&one.judgement.as_str()));
        match said.filter(|one| rules::needed("words", &one.words).is_none()) {
            Some(one) => {
                let measured = measured.get(&goal).copied().flatten();
                let (judgement, words) = (one.judgement.clone(), one.words.trim().to_owned());
                found.push(Goal { goal, title, judgement, words, measured });
            }
            None => lacking.push(title),
        }
    }
    if lacking.is_empty() {
        return Ok(found);
    }
    let (zh, en): (Vec<String>, Vec<String>) = lacking.into_iter().unzip();
    Err(CustomerError::SortingGoals { zh: zh.join("、"), en: en.join(", ") }.into())
}

async fn insert(work: &mut Work, project: &Project, content: Content) -> Result<ReportId, ActionError> {
    let mut one = Report {
        id: ReportId(work.next_id()),
        project: project.id,
        content,
        state: ReportState::Submitted,
        approval: None,
        approved_on: None,
        made_on: work.business_date,
        assessor: UserId(work.actor.recorded_by()),
        version: 1,
    };
    let text = serde_json::to_string(&one.content).map_err(corrupt)?;
    let (now, by) = (work.now, work.actor.recorded_by());
    work.tx
        .execute(
            "insert into sorting_report (id, project_id, content_json, state, effective_on, recorded_at, recorded_by) \
             values ($1, $2, $3, $4, $5, $6, $7)",
            args![one.id, one.project, text, one.state, one.made_on, now, by],
        )
        .await?;
    work.audit(entry(&one, project, "sorting.report")).await?;
    let request = request(work, &one, project);
    one.approval = Some(approval::submit(work, request).await?);
    update(&mut work.tx, &mut one).await?;
    Ok(one.id)
}

/// Submits anew what was returned, with the figures of today.
async fn again(work: &mut Work, project: &Project, mut one: Report, content: Content) -> Result<ReportId, ActionError> {
    one.content = content;
    one.made_on = work.business_date;
    let request = request(work, &one, project);
    let approval = one.approval.ok_or_else(|| wrong_state(project))?;
    approval::resubmit(work, HOUSE, approval, request.payload, &one.content.opinion).await?;
    update(&mut work.tx, &mut one).await?;
    work.audit(entry(&one, project, "sorting.report_again")).await?;
    Ok(one.id)
}

fn entry(one: &Report, project: &Project, action: &'static str) -> Entry {
    let (all, verified, reviewed) = one.content.items;
    let after = json!({"number": project.number, "customers": all, "verified": verified, "reviewed": reviewed});
    Entry::new(None, action, one.subject()).after(after)
}

fn request(work: &Work, one: &Report, project: &Project) -> Request {
    let heading = |locale: &platform::locale::Locale| locale.t1("sorting-report-heading", "number", &project.number);
    let title = Heading::told(&work.app.catalogue, heading);
    let payload = json!({
        "sorting_page": page_of(project.id),
        "sorting_report_page": format!("{}/reports/{}", page_of(project.id), one.id),
        "opinion": one.content.opinion,
    });
    let request = Request::new("sorting_report", HOUSE, one.subject(), title, payload);
    match project.plan.scope.branch {
        Some(branch) => request.branch(branch),
        None => request,
    }
}

fn approved<'a>(work: &'a mut Work, approval: &'a Approval) -> BoxFuture<'a, Result<(), ActionError>> {
    Box::pin(async move {
        let Some((mut report, mut project)) = about(work, approval).await? else { return Ok(()) };
        let today = work.business_date;
        report.state = ReportState::Approved;
        report.approved_on = Some(today);
        update(&mut work.tx, &mut report).await?;
        let in_force = policies::in_force(work, today).await?;
        let months = in_force.edition(today).integer("sorting_review_months").map_err(PolicyError::from)?;
        if project.state == ProjectState::Reporting {
            project.state = ProjectState::Closed;
            project.closed_on = Some(today);
        }
        project.review_on = Some(months_later(today, months));
        project.review_asked_on = None;
        store::update(&mut work.tx, &mut project).await?;
        let evidence = Evidence { kind: "sorting_report", fact: report.subject(), settles: true };
        duty::close_by(work, HOUSE, &project.subject(), &evidence).await?;
        let payload = json!({"number": project.number});
        let subject = project.subject();
        work.emit(Event { kind: "sorting_reported", customer: HOUSE, subject, effective_on: today, payload }).await
    })
}

fn refused<'a>(work: &'a mut Work, approval: &'a Approval) -> BoxFuture<'a, Result<(), ActionError>> {
    Box::pin(async move {
        let Some((mut report, mut project)) = about(work, approval).await? else { return Ok(()) };
        report.state = ReportState::Refused;
        update(&mut work.tx, &mut report).await?;
        if project.state == ProjectState::Reporting {
            project.state = ProjectState::Running;
            store::update(&mut work.tx, &mut project).await?;
        }
        Ok(())
    })
}

/// The open report of an approval with its project.
async fn about(work: &mut Work, approval: &Approval) -> Result<Option<(Report, Project)>, ActionError> {
    let id = approval.subject.strip_prefix("sorting_report:").and_then(|id| id.parse().ok()).map(ReportId);
    let Some(id) = id else { return Ok(None) };
    let Some(report) = find(&mut work.tx, id).await? else { return Ok(None) };
    let project = store::find(&mut work.tx, report.project).await?;
    Ok(project.filter(|_| report.state == ReportState::Submitted).map(|project| (report, project)))
}
