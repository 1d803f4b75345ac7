//! An evaluation: what was filled in, what it came to, and where it stands. Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use std::collections::BTreeMap;

use jiff::civil::Date;
use platform::approval::ApprovalId;
use platform::id::{CustomerId, UserId};
use platform::id_type;
use serde::{Deserialize, Serialize};

use crate::datum::model::words;

id_type!(EvaluationId, "The key of an evaluation (信用评估).");

words! {
    /// Where an evaluation stands (评估状态).
    EvaluationState, "state of an evaluation":
    /// Somebody else must check it, or it is back to be mended.
    Submitted = "submitted",
    /// Checked: its score and grade count.
    Approved = "approved",
    /// Refused, or taken back.
    Refused = "refused",
}

/// A text in both languages, as it stood when the evaluation was made.
pub type Both = (String, String);

/// An item as it was filled in (评估项).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// The item of the scorecard.
    pub item: String,
    /// What people call it.
    pub title: Both,
    /// `quantitative` or `qualitative`.
    pub kind: String,
    /// The dimension (S1-17).
    pub dimension: String,
    /// Its weight within its part.
    pub weight: i64,
    /// The fact looked at; empty for a judgement.
    pub fact: String,
    /// The value, or the step chosen; nothing when it was not known and fell out.
    pub value: Option<String>,
    /// Where the value comes from: a route, `statement`, `file`, `book`, or `assessor`.
    pub source: String,
    /// Of which day it is.
    pub on: Option<Date>,
    /// The band that holds, as the card writes it.
    pub band: String,
    /// What the step means, for a judgement.
    pub help: Both,
    /// The points; nothing when it fell out.
    pub points: Option<i64>,
    /// What the assessor said of it.
    pub note: String,
}

/// The field work behind an evaluation (实地核实), S1-20 (2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldWork {
    /// `phone`, `visit`, `enquiry` or `document`.
    pub way: String,
    /// When.
    pub on: Date,
    /// Who was spoken to, what was seen.
    pub note: String,
}

/// A grade set by hand (人工调整等级).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ByHand {
    /// The grade.
    pub grade: String,
    /// Why.
    pub reason: String,
    /// Until when it holds.
    pub until: Date,
}

/// What was submitted (评估内容): frozen; what is mended is submitted anew.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// What people call the scorecard.
    pub title: Both,
    /// The items in order.
    pub lines: Vec<Line>,
    /// The quantitative part, hundredths of a point.
    pub quantitative_centi: Option<i64>,
    /// The qualitative part.
    pub qualitative_centi: Option<i64>,
    /// Both together.
    pub composite_centi: i64,
    /// The weights of the two parts.
    pub weights: (i64, i64),
    /// The fact that the score becomes, and its value there.
    pub score: (String, i64),
    /// The output that holds the grade; empty when the score stands by itself.
    pub grade_output: String,
    /// The articles behind card and grade.
    pub articles: Vec<String>,
    /// The version of the rules.
    pub policy_version: String,
    /// The preliminary review: that the file is compliant and complete (S1-20 1).
    pub preliminary: String,
    /// The field work.
    pub field_work: FieldWork,
    /// What the assessor concludes.
    pub opinion: String,
    /// A grade asked for against the tables.
    pub by_hand: Option<ByHand>,
    /// After how many months it is made again.
    pub review_months: i64,
}

/// An evaluation (信用评估).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evaluation {
    /// Whose.
    pub customer: CustomerId,
    /// Its key.
    pub id: EvaluationId,
    /// Its number.
    pub number: String,
    /// The scorecard.
    pub scorecard: String,
    /// What was submitted.
    pub content: Content,
    /// The decision that grades by the score; empty: none.
    pub grade_axis: String,
    /// What the tables say; empty where facts were lacking.
    pub rule_grade: String,
    /// What was asked for.
    pub grade: String,
    /// Where it stands.
    pub state: EvaluationState,
    /// The approval that decides it.
    pub approval: Option<ApprovalId>,
    /// When it was approved.
    pub approved_on: Option<Date>,
    /// When it is made again.
    pub review_on: Option<Date>,
    /// The one that took its place.
    pub superseded_by: Option<EvaluationId>,
    /// When it was made.
    pub made_on: Date,
    /// Who made it.
    pub assessor: UserId,
    /// Rises with every change.
    pub version: i64,
}

impl Evaluation {
    /// What it is called in events, decisions and approvals.
    #[must_use]
    pub fn subject(&self) -> String {
        format!("evaluation:{}", self.id)
    }

    /// Whether its score counts.
    #[must_use]
    pub fn counts(&self) -> bool {
        self.state == EvaluationState::Approved && self.superseded_by.is_none()
    }

    /// The grade set by hand, while it holds.
    #[must_use]
    pub fn set_by_hand(&self, on: Date) -> Option<&ByHand> {
        self.content.by_hand.as_ref().filter(|hand| self.counts() && on <= hand.until)
    }
}

/// What the assessor said (评估人填写).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    /// The scorecard.
    pub scorecard: String,
    /// The steps chosen, by item.
    pub chosen: BTreeMap<String, String>,
    /// Words to items.
    pub notes: BTreeMap<String, String>,
    /// The preliminary review.
    pub preliminary: String,
    /// The field work.
    pub field_work: FieldWork,
    /// The conclusion.
    pub opinion: String,
    /// A grade against the tables.
    pub by_hand: Option<ByHand>,
}
