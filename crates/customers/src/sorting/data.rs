//! Sorting as a program reads it (客户梳理数据).

use std::collections::BTreeMap;

use axum::extract::Path;
use platform::api::Data;
use platform::web::{Visit, WebError};
use schemars::JsonSchema;
use serde::Serialize;

use super::measured_data::ClassExposureData;
use super::model::Share;
use super::{actions, items, problems, report, rules, work};
use crate::VIEW;

/// A sorting project (客户梳理项目).
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ProjectData {
    /// The key.
    id: String,
    /// 梳理项目编号.
    number: String,
    /// What it is called.
    title: String,
    /// What it is for.
    aim: String,
    /// The scheme of the policy.
    scheme: String,
    /// Where it stands.
    state: String,
    /// The first day.
    starts_on: String,
    /// The last day.
    ends_on: String,
    /// The key of the branch; none: the whole institution.
    branch: Option<String>,
    /// Who answers for it: the key of a user.
    lead: String,
    /// The working group.
    members: Vec<MemberData>,
    /// The timetable.
    steps: Vec<StepData>,
    /// When it began.
    started_on: Option<String>,
    /// When it ended.
    closed_on: Option<String>,
    /// When the result is evaluated again.
    review_on: Option<String>,
    /// Customers within one's reach.
    customers: i64,
    /// Of these, verified.
    verified: i64,
    /// Of these, reviewed.
    reviewed: i64,
    /// Rises with every change.
    version: i64,
}

/// A member of the working group (工作小组成员).
#[derive(Debug, Serialize, JsonSchema)]
struct MemberData {
    /// The key of a user.
    user: String,
    /// What for.
    duty: String,
}

/// A step of the timetable (时间表步骤).
#[derive(Debug, Serialize, JsonSchema)]
struct StepData {
    /// The step.
    step: String,
    /// By when.
    due_on: String,
    /// When it was done.
    done_on: Option<String>,
    /// What was done.
    note: String,
}

/// `/api/v1/sorting/{id}`
pub(super) async fn project(visit: Visit, Path(id): Path<String>) -> Result<Data<ProjectData>, WebError> {
    let mut work = visit.read().await?;
    let one = actions::seen(&mut work, &id, VIEW).await?;
    let reach = visit.scope(VIEW)?;
    let by_state = items::counts(&mut work.tx, one.id, reach).await?;
    let (customers, verified, reviewed) = rules::counts(&by_state);
    let text = |on: Option<jiff::civil::Date>| on.map(|on| on.to_string());
    Ok(Data(ProjectData {
        id: one.id.to_string(),
        title: one.plan.title,
        aim: one.plan.aim,
        scheme: one.plan.scheme,
        state: one.state.as_str().to_owned(),
        starts_on: one.plan.starts_on.to_string(),
        ends_on: one.plan.ends_on.to_string(),
        branch: one.plan.scope.branch.map(|branch| branch.to_string()),
        lead: one.plan.lead.to_string(),
        members: one
            .plan
            .members
            .into_iter()
            .map(|member| MemberData { user: member.user.to_string(), duty: member.duty })
            .collect(),
        steps: one
            .plan
            .steps
            .into_iter()
            .map(|step| StepData {
                step: step.step,
                due_on: step.due_on.to_string(),
                done_on: text(step.done_on),
                note: step.note,
            })
            .collect(),
        started_on: text(one.started_on),
        closed_on: text(one.closed_on),
        review_on: text(one.review_on),
        customers,
        verified,
        reviewed,
        version: one.version,
        number: one.number,
    }))
}

/// A customer of a sorting project (梳理对象).
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ItemData {
    /// The key.
    id: String,
    /// The key of the project.
    project: String,
    /// The key of the customer.
    customer: String,
    /// Who verifies it: the key of a user.
    assignee: String,
    /// `open`, `returned`, `verified` or `accepted`.
    state: String,
    /// By when.
    due_on: String,
    /// When it was verified.
    verified_on: Option<String>,
    /// Required data and papers that were there.
    filled: Option<i64>,
    /// How many are required.
    wanted: Option<i64>,
    /// The outcomes by axis when the project began.
    before: BTreeMap<String, String>,
    /// The keys of its problems.
    problems: Vec<String>,
    /// Rises with every change.
    version: i64,
}

/// `/api/v1/sorting/items/{item}`
pub(super) async fn item(visit: Visit, Path(id): Path<String>) -> Result<Data<ItemData>, WebError> {
    let mut work = visit.read().await?;
    let desk = work::lay(&mut work, &id, VIEW).await?;
    let found = problems::of_item(&mut work.tx, &desk.item).await?;
    let one = desk.item;
    Ok(Data(ItemData {
        id: one.id.to_string(),
        project: one.project.to_string(),
        customer: one.customer.to_string(),
        assignee: one.assignee.to_string(),
        state: one.state.as_str().to_owned(),
        due_on: one.due_on.to_string(),
        verified_on: one.verified_on.map(|on| on.to_string()),
        filled: one.filled,
        wanted: one.wanted,
        before: one.before,
        problems: found.iter().map(|problem| problem.id.to_string()).collect(),
        version: one.version,
    }))
}

/// A problem found by a sorting (梳理发现的问题).
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ProblemData {
    /// The key.
    id: String,
    /// The key of the customer of the project.
    item: String,
    /// The key of the customer.
    customer: String,
    /// What is wrong.
    kind: String,
    /// In words.
    detail: String,
    /// Who rectifies it: the key of a user.
    owner: String,
    /// By when.
    due_on: String,
    /// `open`, `rectified` or `confirmed`.
    state: String,
    /// What was done.
    rectification: String,
    /// When.
    rectified_on: Option<String>,
    /// When that was confirmed.
    confirmed_on: Option<String>,
    /// Rises with every change.
    version: i64,
}

/// `/api/v1/sorting/problems/{problem}`
pub(super) async fn problem(visit: Visit, Path(id): Path<String>) -> Result<Data<ProblemData>, WebError> {
    let mut work = visit.read().await?;
    let (one, _) = problems::seen(&mut work, &id, VIEW).await?;
    Ok(Data(ProblemData {
        id: one.id.to_string(),
        item: one.item.to_string(),
        customer: one.customer.to_string(),
        kind: one.kind.as_str().to_owned(),
        detail: one.detail,
        owner: one.owner.to_string(),
        due_on: one.due_on.to_string(),
        state: one.state.as_str().to_owned(),
        rectification: one.rectification,
        rectified_on: one.rectified_on.map(|on| on.to_string()),
        confirmed_on: one.confirmed_on.map(|on| on.to_string()),
        version: one.version,
    }))
}

/// A part of a whole (比率); the whole is 0 where nobody knows.
#[derive(Debug, Serialize, JsonSchema)]
struct ShareData {
    /// The part.
    part: i64,
    /// The whole.
    whole: i64,
}

impl From<Share> for ShareData {
    fn from(share: Share) -> Self {
        Self { part: share.part, whole: share.whole }
    }
}

/// How many customers moved from one outcome to another (迁移).
#[derive(Debug, Serialize, JsonSchema)]
struct MoveData {
    /// The axis.
    axis: String,
    /// The outcome before; empty: not decided.
    before: String,
    /// The outcome now.
    now: String,
    /// How many.
    customers: i64,
}

/// A goal and its judgement (目标评价).
#[derive(Debug, Serialize, JsonSchema)]
struct GoalData {
    /// The goal.
    goal: String,
    /// `met`, `partly` or `not_met`.
    judgement: String,
    /// Why.
    words: String,
    /// Whether the figures say that it is reached.
    measured: Option<bool>,
}

/// A sorting report (客户梳理报告) with its figures as they stood that day.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ReportData {
    /// The key.
    id: String,
    /// The key of the project.
    project: String,
    /// `submitted`, `approved` or `refused`.
    state: String,
    /// When it was made.
    made_on: String,
    /// When it was agreed to.
    approved_on: Option<String>,
    /// Customers of the project.
    customers: i64,
    /// Of these, verified.
    verified: i64,
    /// Of these, reviewed.
    reviewed: i64,
    /// Completeness of the database.
    completeness: ShareData,
    /// Accuracy of grades.
    accuracy: ShareData,
    /// Times that anything became overdue within the period with a warning before.
    warned: ShareData,
    /// Warnings of the period after which nothing was overdue.
    false_alarms: ShareData,
    /// Customers of the worst classes who were verified by their day.
    key_first: ShareData,
    /// Complaints that were answered in time.
    served: ShareData,
    /// The exposure of the classes.
    classes: Vec<ClassExposureData>,
    /// Premium customers before.
    premium_before: ShareData,
    /// Premium customers now.
    premium_now: ShareData,
    /// The mean score of the survey before, hundredths of a point.
    satisfaction_before_centi: Option<i64>,
    /// The mean score of the latest survey, hundredths of a point.
    satisfaction_now_centi: Option<i64>,
    /// Problems found.
    problems: i64,
    /// Of these, rectified.
    rectified: i64,
    /// Of these, confirmed.
    confirmed: i64,
    /// How the axes moved.
    moves: Vec<MoveData>,
    /// The goals.
    goals: Vec<GoalData>,
    /// The conclusion.
    opinion: String,
}

/// `/api/v1/sorting/{id}/reports/{report}`
pub(super) async fn report(
    visit: Visit,
    Path((id, report)): Path<(String, String)>,
) -> Result<Data<ReportData>, WebError> {
    let mut work = visit.read().await?;
    let (_, one) = report::open(&mut work, &id, &report).await?;
    let content = one.content;
    let moves = content.migrations.into_iter().flat_map(|migration| {
        let axis = migration.axis;
        migration.moves.into_iter().map(move |(before, now, customers)| MoveData {
            axis: axis.clone(),
            before,
            now,
            customers,
        })
    });
    Ok(Data(ReportData {
        id: one.id.to_string(),
        project: one.project.to_string(),
        state: one.state.as_str().to_owned(),
        made_on: one.made_on.to_string(),
        approved_on: one.approved_on.map(|on| on.to_string()),
        customers: content.items.0,
        verified: content.items.1,
        reviewed: content.items.2,
        completeness: content.completeness.into(),
        accuracy: content.accuracy.into(),
        warned: content.warned.into(),
        false_alarms: content.false_alarms.into(),
        key_first: content.measured.key_first.into(),
        served: content.measured.served.into(),
        classes: content.measured.classes.iter().map(ClassExposureData::from).collect(),
        premium_before: content.premium_before.into(),
        premium_now: content.premium_now.into(),
        satisfaction_before_centi: content.satisfaction.0,
        satisfaction_now_centi: content.satisfaction.1,
        problems: content.problems.0,
        rectified: content.problems.1,
        confirmed: content.problems.2,
        moves: moves.collect(),
        goals: content
            .goals
            .into_iter()
            .map(|goal| GoalData {
                goal: goal.goal,
                judgement: goal.judgement,
                words: goal.words,
                measured: goal.measured,
            })
            .collect(),
        opinion: content.opinion,
    }))
}
