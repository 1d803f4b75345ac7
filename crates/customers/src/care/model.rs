//! Plans of care and contacts. Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use jiff::civil::Date;
use platform::approval::ApprovalId;
use platform::id::{CustomerId, UserId};
use platform::id_type;
use serde::{Deserialize, Serialize};

use crate::datum::model::words;

id_type!(PlanId, "The key of a plan of care (维护方案).");
id_type!(CareContactId, "The key of a contact of care (维护联系).");

words! {
    /// Where a plan stands (方案状态).
    PlanState, "state of a plan of care":
    /// Waits for somebody else (待审批).
    Submitted = "submitted",
    /// Agreed to (已批准).
    Approved = "approved",
    /// Not agreed to (未通过).
    Refused = "refused",
}

words! {
    /// By which way a customer was contacted (联系方式).
    CareWay, "way of a contact of care":
    /// By telephone (电话).
    Phone = "phone",
    /// At the customer's place (走访).
    Visit = "visit",
    /// At our place (面谈).
    Meeting = "meeting",
    /// In writing (书面或信息).
    Message = "message",
}

/// A kind of plan, as the policy asks for it (方案种类).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanKind {
    /// Its name in data.
    pub name: String,
    /// For whom it is asked: axis and outcome; none: it may be made for anybody.
    pub of: Option<(String, String)>,
    /// After how many months its results are reviewed.
    pub review_months: i64,
    /// The article.
    pub article: String,
}

/// How often whoever stands somewhere is contacted, and how they are served (服务标准).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rhythm {
    /// The service standard, its name in data.
    pub level: String,
    /// For whom: axis and outcome.
    pub of: (String, String),
    /// After how many days the customer is contacted again; 0: as needed.
    pub days: i64,
    /// The article.
    pub article: String,
}

/// A service standard as a customer has it (适用的服务标准).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Served {
    /// The standard and its days.
    pub rhythm: Rhythm,
    /// Since when the customer stands where it applies.
    pub since: Date,
}

/// An item of a plan or of its review (方案项目).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Its name in data.
    pub name: String,
    /// Whether it belongs to the review.
    pub review: bool,
    /// The half of the plan that it belongs to: `whole`, `project`, `relationship`.
    pub half: String,
}

/// What is said of an item (方案内容).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// The item.
    pub item: String,
    /// In words.
    pub text: String,
}

/// A step of a plan: a follow-up with its day (方案步骤).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// What is done.
    pub what: String,
    /// By when.
    pub due_on: Date,
}

/// What a plan says (方案正文).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Content {
    /// Item by item.
    pub items: Vec<Said>,
    /// Where the customer stood when it was made: axis and outcome.
    pub stood: Vec<(String, String)>,
    /// The follow-ups; plans that were made before there were any have none.
    #[serde(default)]
    pub steps: Vec<Step>,
}

/// A plan to be submitted (待提交方案).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NewPlan {
    /// The kind.
    pub kind: String,
    /// Item by item.
    pub items: Vec<Said>,
    /// How many days apart the customer is contacted; none: no rhythm.
    pub contact_days: Option<i64>,
    /// The follow-ups with their days.
    pub steps: Vec<Step>,
}

/// A plan of care (维护方案).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// For whom.
    pub customer: CustomerId,
    /// The key.
    pub id: PlanId,
    /// 维护方案编号.
    pub number: String,
    /// The kind.
    pub kind: String,
    /// What it says.
    pub content: Content,
    /// Which of its steps a contact closed, by their places.
    pub done: Vec<i64>,
    /// How many days apart the customer is contacted.
    pub contact_days: Option<i64>,
    /// Where it stands.
    pub state: PlanState,
    /// The approval.
    pub approval: Option<ApprovalId>,
    /// When it was agreed to.
    pub approved_on: Option<Date>,
    /// When its results are reviewed.
    pub review_on: Option<Date>,
    /// When they were, by whom, and what came of it.
    pub reviewed: Option<(Date, UserId, Vec<Said>)>,
    /// The plan that took its place.
    pub superseded_by: Option<PlanId>,
    /// When it was made.
    pub made_on: Date,
    /// By whom.
    pub maker: UserId,
    /// Rises with every change.
    pub version: i64,
}

impl Plan {
    /// What the trail and approvals call it.
    #[must_use]
    pub fn subject(&self) -> String {
        format!("care_plan:{}", self.id)
    }

    /// The steps that no contact closed yet, by their places.
    pub fn open_steps(&self) -> impl Iterator<Item = (i64, &Step)> {
        (0_i64..).zip(&self.content.steps).filter(|(place, _)| !self.done.contains(place))
    }

    /// Whether it is what is worked by: agreed to, not replaced, its time not closed by a review.
    #[must_use]
    pub fn is_current(&self) -> bool {
        self.state == PlanState::Approved && self.superseded_by.is_none() && self.reviewed.is_none()
    }
}

/// A contact to be entered (待登记联系).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewContact {
    /// How.
    pub way: CareWay,
    /// When.
    pub on: Date,
    /// What was talked about and offered.
    pub content: String,
    /// What the customer said.
    pub response: String,
}

/// A contact of care (维护联系).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CareContact {
    /// The key.
    pub id: CareContactId,
    /// What happened.
    pub said: NewContact,
    /// Who entered it.
    pub by: UserId,
}
