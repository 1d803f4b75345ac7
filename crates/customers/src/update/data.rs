//! A report about overdue updates as a program reads it (资料更新逾期报告数据).

use axum::extract::Path;
use platform::api::Data;
use platform::web::{Visit, WebError};
use schemars::JsonSchema;
use serde::Serialize;

use super::model::Line;
use super::{actions, store};
use crate::VIEW;

/// A customer of a report (报告明细).
#[derive(Debug, Serialize, JsonSchema)]
struct LineData {
    /// The key of the customer.
    customer: String,
    /// Who manages the file.
    manager: String,
    /// Since when its data are due to be verified.
    verify_by: String,
}

/// What a manager has in a report (管户合计).
#[derive(Debug, Serialize, JsonSchema)]
struct ManagerData {
    /// Who manages the files.
    manager: String,
    /// How many customers.
    customers: i64,
    /// Since when the oldest is due.
    oldest_on: String,
}

/// A report about the overdue updates of a branch (资料更新逾期报告).
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct UpdateReportData {
    /// The key.
    id: String,
    /// The key of the branch.
    branch: String,
    /// As of which day.
    as_of: String,
    /// How many customers.
    customers: i64,
    /// Since when the oldest is due.
    oldest_on: String,
    /// What is done about it; nothing until it is answered.
    measures: Option<String>,
    /// When it was answered.
    answered_on: Option<String>,
    /// By manager.
    managers: Vec<ManagerData>,
    /// The customers, those due longest first.
    lines: Vec<LineData>,
}

/// `/api/v1/data-updates/reports/{report}`
pub(super) async fn report(visit: Visit, Path(id): Path<String>) -> Result<Data<UpdateReportData>, WebError> {
    let mut work = visit.read().await?;
    let one = actions::seen(&mut work, &id, VIEW).await?;
    let managers = store::by_manager(&mut work.tx, one.id).await?;
    let lines = store::lines(&mut work.tx, one.id, store::MOST_LINES).await?;
    let line = |line: &Line| LineData {
        customer: line.customer.to_string(),
        manager: line.manager.clone(),
        verify_by: line.verify_by.to_string(),
    };
    let (measures, answered_on) = one.answer.map(|said| (said.measures, said.on.to_string())).unzip();
    Ok(Data(UpdateReportData {
        id: one.id.to_string(),
        branch: one.branch.to_string(),
        as_of: one.as_of.to_string(),
        customers: one.customers,
        oldest_on: one.oldest_on.to_string(),
        measures,
        answered_on,
        managers: managers
            .into_iter()
            .map(|(manager, customers, oldest)| ManagerData { manager, customers, oldest_on: oldest.to_string() })
            .collect(),
        lines: lines.iter().map(line).collect(),
    }))
}
