//! The surveys of a customer as a program reads them (满意度调查数据).

use axum::extract::Path;
use platform::api::Data;
use platform::id::CustomerId;
use platform::web::{Visit, WebError};
use schemars::JsonSchema;
use serde::Serialize;

use super::model::{Survey, Task};
use super::store;
use crate::VIEW;
use crate::customer::actions::load_within;
use crate::merge;

/// The mark of an item (评分).
#[derive(Debug, Serialize, JsonSchema)]
struct MarkData {
    /// The item.
    item: String,
    /// The mark.
    mark: i64,
}

/// A survey (满意度调查).
#[derive(Debug, Serialize, JsonSchema)]
struct SurveyData {
    /// The key.
    id: String,
    /// When the customer was drawn.
    drawn_on: String,
    /// `answered`, `declined`, `unreachable` or `lapsed`; nothing while it is open.
    result: Option<String>,
    /// When it was answered.
    answered_on: Option<String>,
    /// The score, hundredths of a point.
    score_centi: Option<i64>,
    /// The marks.
    marks: Vec<MarkData>,
    /// What the customer said besides.
    words: String,
}

/// An improvement (改进任务).
#[derive(Debug, Serialize, JsonSchema)]
struct TaskData {
    /// The key.
    id: String,
    /// What is improved.
    improvement: String,
    /// By whom: the key of a user.
    owner: String,
    /// Until when.
    due_on: String,
    /// When it was done.
    done_on: Option<String>,
}

/// The surveys of a customer with what is improved (满意度).
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct SurveysData {
    /// The surveys, the latest first.
    surveys: Vec<SurveyData>,
    /// The improvements, the latest first.
    tasks: Vec<TaskData>,
}

fn survey(one: &Survey) -> SurveyData {
    let answer = one.answer.as_ref();
    let marks = answer.map(|answer| answer.marks.clone()).unwrap_or_default();
    SurveyData {
        id: one.id.to_string(),
        drawn_on: one.drawn_on.to_string(),
        result: answer.map(|answer| answer.result.as_str().to_owned()),
        answered_on: answer.map(|answer| answer.on.to_string()),
        score_centi: answer.and_then(|answer| answer.score_centi),
        marks: marks.into_iter().map(|(item, mark)| MarkData { item, mark }).collect(),
        words: answer.map(|answer| answer.words.clone()).unwrap_or_default(),
    }
}

fn task(one: &Task) -> TaskData {
    TaskData {
        id: one.id.to_string(),
        improvement: one.content.what.clone(),
        owner: one.content.owner.to_string(),
        due_on: one.content.due_on.to_string(),
        done_on: one.done.as_ref().map(|done| done.0.to_string()),
    }
}

/// `/api/v1/customers/{id}/surveys`
pub(super) async fn surveys(visit: Visit, Path(id): Path<CustomerId>) -> Result<Data<SurveysData>, WebError> {
    let mut work = visit.read().await?;
    load_within(&mut work, id, VIEW).await?;
    let (mut all, mut tasks) = (Vec::new(), Vec::new());
    for file in merge::united_within(&mut work, id).await? {
        all.extend(store::of_customer(&mut work.tx, file).await?);
        tasks.extend(store::tasks(&mut work.tx, file).await?);
    }
    Ok(Data(SurveysData {
        surveys: all.iter().rev().map(survey).collect(),
        tasks: tasks.iter().rev().map(task).collect(),
    }))
}
