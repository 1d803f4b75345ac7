//! A complaint, and what was done about it. Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use jiff::civil::Date;
use platform::id::{CustomerId, UserId};
use platform::id_type;

use crate::datum::model::words;

id_type!(ComplaintId, "The key of a complaint within a customer's file (投诉).");

words! {
    /// How a complaint came in, and how its result is told (受理与反馈方式).
    Way, "way of a complaint":
    /// By telephone (电话).
    Phone = "phone",
    /// In person (来访、上门).
    Visit = "visit",
    /// In writing (书面).
    Letter = "letter",
    /// Online (网络).
    Online = "online",
    /// Through a supervisor or association (监管、协会转办).
    Regulator = "regulator",
}

words! {
    /// What came of a complaint (处理结果).
    Outcome, "outcome of a complaint":
    /// It was right (属实).
    Upheld = "upheld",
    /// Partly right (部分属实).
    Partly = "partly",
    /// It was not so (不属实).
    Unfounded = "unfounded",
    /// The customer took it back (客户撤回).
    Withdrawn = "withdrawn",
}

/// A complaint that is registered (登记投诉).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewComplaint {
    /// What it is about, as the policy names it.
    pub kind: String,
    /// How it came in.
    pub way: Way,
    /// What happened, in the customer's words.
    pub content: String,
    /// What the customer wants.
    pub wish: String,
    /// When it was received.
    pub received_on: Date,
}

/// An answer (办理结果).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// What came of it.
    pub outcome: Outcome,
    /// What was found and done.
    pub note: String,
    /// What is done otherwise from now on (改进措施); nothing where nothing is.
    pub improvement: String,
    /// When the customer was told.
    pub told_on: Date,
    /// How.
    pub told_way: Way,
}

/// What was done about a complaint (办理记录).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Done {
    /// Given to a department (分派、转办): the post, and why.
    Routed {
        /// A post of the policy.
        dept: String,
        /// Why there.
        note: String,
    },
    /// Answered, and the result told.
    Answered(Answer),
}

/// A step (办理记录).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What was done.
    pub done: Done,
    /// When.
    pub on: Date,
    /// By whom.
    pub by: UserId,
}

/// A complaint (投诉).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Complaint {
    /// Whose file.
    pub customer: CustomerId,
    /// The key.
    pub id: ComplaintId,
    /// 投诉编号.
    pub number: String,
    /// What was registered.
    pub content: NewComplaint,
    /// By when it is answered.
    pub due_on: Date,
    /// Who registered it.
    pub by: UserId,
    /// What was done about it, in the order of recording.
    pub steps: Vec<Step>,
}

impl Complaint {
    /// Who answers for it now.
    #[must_use]
    pub fn dept(&self) -> &str {
        let last = self.steps.iter().rev().find_map(|step| match &step.done {
            Done::Routed { dept, .. } => Some(dept.as_str()),
            Done::Answered(_) => None,
        });
        last.unwrap_or_default()
    }

    /// The answer with its day, once there is one.
    #[must_use]
    pub fn answer(&self) -> Option<(&Answer, Date)> {
        self.steps.iter().find_map(|step| match &step.done {
            Done::Answered(answer) => Some((answer, step.on)),
            Done::Routed { .. } => None,
        })
    }

    /// Whether it is late on a day, or was answered late (rule `complaint.deadline`).
    #[must_use]
    pub fn is_late(&self, on: Date) -> bool {
        self.answer().map_or(on, |(_, answered)| answered) > self.due_on
    }

    /// What its duties are about: each giving to a department begins anew.
    #[must_use]
    pub fn subject(&self) -> String {
        let routed = self.steps.iter().filter(|step| matches!(step.done, Done::Routed { .. })).count();
        format!("complaint:{}:{}:{routed}", self.customer, self.id)
    }
}
