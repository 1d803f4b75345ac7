//! A classification run as a program reads it (分类认定数据).

use axum::extract::Path;
use platform::api::Data;
use platform::web::{Visit, WebError};
use schemars::JsonSchema;
use serde::Serialize;

use super::rules::Part;
use super::{VIEW, actions, view};

/// A classification run (分类认定).
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct RunData {
    /// The key.
    id: String,
    /// 认定编号.
    number: String,
    /// The branch.
    branch: String,
    /// As of which day.
    as_of: String,
    /// As of which day the run before it was.
    former_as_of: Option<String>,
    /// Where it stands.
    state: String,
    /// When it was proposed.
    proposed_on: Option<String>,
    /// When it was reviewed.
    reviewed_on: Option<String>,
    /// When it was approved.
    approved_on: Option<String>,
    /// How many loans.
    loans: i64,
    /// Their principal, in fen.
    principal_fen: i64,
    /// The ratio of non-performing loans, parts per million.
    bad_ppm: Option<i64>,
    /// The same of the run before.
    former_bad_ppm: Option<i64>,
    /// Loans of which people think otherwise than the days overdue, or than each other.
    differing: i64,
    /// What provisions the classes ask for, in fen.
    provision_needed_fen: i64,
    /// What provisions the books hold, in fen.
    provision_held_fen: Option<i64>,
    /// What is missing of them, in fen.
    provision_short_fen: Option<i64>,
    /// By class.
    classes: Vec<ClassData>,
    /// From the run before to this one.
    moves: Vec<MoveData>,
    /// The goals of a classification.
    goals: Vec<GoalData>,
    /// What the reviewer says.
    review: String,
}

/// A class in the report (分类汇总).
#[derive(Debug, Serialize, JsonSchema)]
struct ClassData {
    /// The class.
    class: String,
    /// How many loans.
    loans: i64,
    /// Their principal, in fen.
    principal_fen: i64,
    /// How many in the run before.
    former_loans: i64,
    /// Their principal then, in fen.
    former_principal_fen: i64,
    /// The rate of its provision, parts per million.
    provision_ppm: i64,
    /// What it asks for, in fen.
    provision_fen: i64,
}

/// Loans that went from one class to another (迁徙).
#[derive(Debug, Serialize, JsonSchema)]
struct MoveData {
    /// The class in the run before; empty: not in it.
    from: String,
    /// The class now.
    to: String,
    /// How many loans.
    loans: i64,
    /// Their principal, in fen.
    principal_fen: i64,
}

/// A goal in the report (认定目标).
#[derive(Debug, Serialize, JsonSchema)]
struct GoalData {
    /// Which: value, granting, monitoring, collection, provision.
    goal: String,
    /// What people say of it.
    words: String,
}

/// `/api/v1/classifications/{classification}`.
pub(super) async fn run(visit: Visit, Path(id): Path<String>) -> Result<Data<RunData>, WebError> {
    let mut work = visit.read().await?;
    let one = actions::seen(&mut work, &id, VIEW).await?;
    let found = view::load(&mut work, &one).await?;
    let day = |on: Option<jiff::civil::Date>| on.map(|on| on.to_string());
    let (bad_ppm, former_bad_ppm) = (found.bad_ppm(), found.former_bad_ppm());
    let Part { loans, principal } = found.total;
    let goal = |(goal, words): (&str, &str)| GoalData { goal: goal.to_owned(), words: words.to_owned() };
    Ok(Data(RunData {
        id: one.id.to_string(),
        branch: one.branch.to_string(),
        as_of: one.as_of.to_string(),
        former_as_of: one.former.map(|former| former.1.to_string()),
        state: one.state.as_str().to_owned(),
        proposed_on: day(one.proposed_on),
        reviewed_on: day(one.reviewed_on),
        approved_on: day(one.approved_on),
        loans,
        principal_fen: principal.0,
        bad_ppm,
        former_bad_ppm,
        differing: found.differing,
        provision_needed_fen: found.needed.0,
        provision_held_fen: found.held.map(|held| held.0),
        provision_short_fen: found.short.map(|short| short.0),
        classes: found
            .lines
            .into_iter()
            .map(|line| ClassData {
                class: line.class,
                loans: line.now.loans,
                principal_fen: line.now.principal.0,
                former_loans: line.former.loans,
                former_principal_fen: line.former.principal.0,
                provision_ppm: line.rate_ppm,
                provision_fen: line.provision.0,
            })
            .collect(),
        moves: found
            .moves
            .into_iter()
            .map(|one| MoveData {
                from: one.from,
                to: one.to,
                loans: one.part.loans,
                principal_fen: one.part.principal.0,
            })
            .collect(),
        goals: one.findings.each().into_iter().map(goal).collect(),
        number: one.number,
        review: one.review_note,
    }))
}
