//! A survey of a customer: that it is asked, what it answered, what is improved. Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use std::collections::BTreeMap;

use jiff::civil::Date;
use platform::id::{CustomerId, UserId};
use platform::id_type;

use crate::datum::model::words;

id_type!(SurveyId, "The key of a survey within a customer's file (满意度调查).");
id_type!(SurveyAnswerId, "The key of an answer within a customer's file (满意度答复).");
id_type!(SurveyTaskId, "The key of an improvement within a customer's file (满意度改进任务).");

words! {
    /// What came of a survey (调查结果).
    SurveyResult, "result of a survey":
    /// The customer answered (已答复).
    Answered = "answered",
    /// The customer would not answer (拒绝作答).
    Declined = "declined",
    /// Nobody was reached (未联系上).
    Unreachable = "unreachable",
    /// Nothing asks for it any more (不再要求).
    Lapsed = "lapsed",
}

words! {
    /// How a customer was asked (调查方式).
    SurveyWay, "way of a survey":
    /// By telephone (电话).
    Phone = "phone",
    /// In person (面访).
    Visit = "visit",
    /// In writing (书面).
    Letter = "letter",
    /// Online (网络).
    Online = "online",
}

/// Who is asked how often (调查周期).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rhythm {
    /// Whoever stands here: axis and outcome.
    pub of: (String, String),
    /// Every so many months.
    pub months: i64,
    /// How many of a hundred are drawn.
    pub percent: i64,
}

/// A customer who was drawn (抽取记录).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Survey {
    /// Whose file.
    pub customer: CustomerId,
    /// The key.
    pub id: SurveyId,
    /// Where the customer stood.
    pub of: (String, String),
    /// When it was drawn.
    pub drawn_on: Date,
    /// What came of it.
    pub answer: Option<Answer>,
}

/// An answer as it is handed in (答复).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAnswer {
    /// What came of it.
    pub result: SurveyResult,
    /// How the customer was asked.
    pub way: SurveyWay,
    /// When.
    pub on: Date,
    /// The marks by item.
    pub marks: BTreeMap<String, i64>,
    /// What the customer said besides.
    pub words: String,
    /// What is improved, where anything is.
    pub task: Option<NewTask>,
}

/// Something to be improved (改进任务).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewTask {
    /// What.
    pub what: String,
    /// By whom.
    pub owner: UserId,
    /// Until when.
    pub due_on: Date,
}

/// An answer as it is kept (满意度答复).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The key.
    pub id: SurveyAnswerId,
    /// What came of it.
    pub result: SurveyResult,
    /// How the customer was asked.
    pub way: Option<SurveyWay>,
    /// When.
    pub on: Date,
    /// The marks by item.
    pub marks: BTreeMap<String, i64>,
    /// The score, hundredths of a point.
    pub score_centi: Option<i64>,
    /// What the customer said besides.
    pub words: String,
    /// Who recorded it.
    pub by: UserId,
}

/// An improvement (改进任务).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// Whose file.
    pub customer: CustomerId,
    /// The key.
    pub id: SurveyTaskId,
    /// Of which answer.
    pub answer: SurveyAnswerId,
    /// What.
    pub content: NewTask,
    /// When it was done, by whom, and what was done.
    pub done: Option<(Date, UserId, String)>,
    /// Rises with every change.
    pub version: i64,
}

impl Task {
    /// What its duty is about.
    #[must_use]
    pub fn subject(&self) -> String {
        format!("survey_task:{}:{}", self.customer, self.id)
    }
}
