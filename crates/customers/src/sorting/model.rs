//! A sorting project, its customers, problems and reports. Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use std::collections::BTreeMap;

use jiff::civil::Date;
use platform::approval::ApprovalId;
use platform::id::{BranchId, CustomerId, UserId};
use platform::id_type;
use serde::{Deserialize, Serialize};

use super::measured::Measured;
use crate::customer::model::CustomerKind;
use crate::datum::model::words;

id_type!(ProjectId, "The key of a sorting project (客户梳理项目).");
id_type!(ItemId, "The key of a customer of a sorting project (梳理对象).");
id_type!(ProblemId, "The key of a problem found by a sorting (梳理发现的问题).");
id_type!(ReportId, "The key of a sorting report (客户梳理报告).");

words! {
    /// Where a project stands (梳理项目状态).
    ProjectState, "state of a sorting project":
    /// Its plan waits for agreement, or is back to be mended.
    Submitted = "submitted",
    /// Agreed to, not begun.
    Approved = "approved",
    /// Its customers are being verified.
    Running = "running",
    /// Its report waits for agreement.
    Reporting = "reporting",
    /// Over.
    Closed = "closed",
    /// Given up before its end.
    Stopped = "stopped",
    /// Refused, or taken back.
    Refused = "refused",
}

words! {
    /// Where a customer of a project stands (梳理对象状态).
    ItemState, "state of a sorted customer":
    /// To be verified.
    Open = "open",
    /// Sent back by the review.
    Returned = "returned",
    /// Verified.
    Verified = "verified",
    /// Reviewed by somebody else.
    Accepted = "accepted",
}

words! {
    /// What is wrong (问题种类).
    ProblemKind, "kind of a problem":
    /// Data or papers are missing (资料缺失).
    Incomplete = "incomplete",
    /// Data do not agree with what was found (资料不实).
    Wrong = "wrong",
    /// The class or grade does not fit (分类不符).
    Class = "class",
    /// A risk that nobody had noted (风险隐患).
    Risk = "risk",
    /// The service falls short (服务不足).
    Service = "service",
    /// Something else (其他).
    Other = "other",
}

words! {
    /// Where a problem stands (问题状态).
    ProblemState, "state of a problem":
    /// To be rectified.
    Open = "open",
    /// Rectified; somebody else must confirm it.
    Rectified = "rectified",
    /// Confirmed.
    Confirmed = "confirmed",
}

words! {
    /// What happened to a customer of a project (梳理经过).
    FindingKind, "kind of a finding":
    /// Given to somebody.
    Assigned = "assigned",
    /// Verified.
    Verified = "verified",
    /// Reviewed and accepted.
    Accepted = "accepted",
    /// Reviewed and sent back.
    Returned = "returned",
    /// A problem was found.
    Problem = "problem",
    /// A problem was rectified.
    Rectified = "rectified",
    /// A rectification was confirmed.
    Confirmed = "confirmed",
    /// A rectification did not suffice.
    Rejected = "rejected",
}

words! {
    /// Where a report stands (报告状态).
    ReportState, "state of a sorting report":
    /// Waits for agreement.
    Submitted = "submitted",
    /// Agreed to.
    Approved = "approved",
    /// Refused, or taken back.
    Refused = "refused",
}

/// Which customers a project goes over (梳理范围).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Scope {
    /// Of this branch; nothing: the whole institution.
    pub branch: Option<BranchId>,
    /// Persons or companies; nothing: both.
    pub kind: Option<CustomerKind>,
    /// Of this manager.
    pub manager: Option<UserId>,
    /// Who stands on this axis …
    pub axis: String,
    /// … with this outcome.
    pub outcome: String,
    /// Whose industry code begins like this.
    pub industry: String,
}

/// A member of the working group (工作小组成员).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Who.
    pub user: UserId,
    /// What for.
    pub duty: String,
}

/// A step of the timetable (时间表步骤).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Its key; 0 before it is kept.
    pub id: i64,
    /// As the policy names it.
    pub step: String,
    /// By when.
    pub due_on: Date,
    /// When it was done.
    pub done_on: Option<Date>,
    /// What was done.
    pub note: String,
    /// When its duty was opened.
    pub asked_on: Option<Date>,
    /// Rises with every change.
    pub version: i64,
}

/// What is agreed to before a project begins (梳理方案).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Its title.
    pub title: String,
    /// What it is for.
    pub aim: String,
    /// By which scheme of the policy.
    pub scheme: String,
    /// From when.
    pub starts_on: Date,
    /// Until when.
    pub ends_on: Date,
    /// Which customers.
    pub scope: Scope,
    /// Who answers for it.
    pub lead: UserId,
    /// The working group.
    pub members: Vec<Member>,
    /// The timetable.
    pub steps: Vec<Step>,
}

/// A sorting project (客户梳理项目).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Project {
    /// Its key.
    pub id: ProjectId,
    /// Its number.
    pub number: String,
    /// The plan.
    pub plan: Plan,
    /// Which team and timetable count.
    pub revision: i64,
    /// Where it stands.
    pub state: ProjectState,
    /// The approval of the plan.
    pub approval: Option<ApprovalId>,
    /// Why it was given up.
    pub stop_reason: Option<String>,
    /// When it began.
    pub started_on: Option<Date>,
    /// When it ended.
    pub closed_on: Option<Date>,
    /// When the result is evaluated again.
    pub review_on: Option<Date>,
    /// When that was asked for.
    pub review_asked_on: Option<Date>,
    /// When the exposure of its classes is measured next.
    pub measure_on: Option<Date>,
    /// When it was planned.
    pub made_on: Date,
    /// Who planned it.
    pub planner: UserId,
    /// Rises with every change.
    pub version: i64,
}

impl Project {
    /// Whether steps of its timetable are done: strategy and dynamic management come after the report (S3-29).
    #[must_use]
    pub fn takes_steps(&self) -> bool {
        match self.state {
            ProjectState::Approved | ProjectState::Running | ProjectState::Reporting | ProjectState::Closed => true,
            ProjectState::Submitted | ProjectState::Refused | ProjectState::Stopped => false,
        }
    }

    /// What it is called in approvals, duties and the audit trail.
    #[must_use]
    pub fn subject(&self) -> String {
        format!("sorting_project:{}", self.id)
    }

    /// Whether a person leads it or belongs to the working group.
    #[must_use]
    pub fn has_member(&self, user: UserId) -> bool {
        self.plan.lead == user || self.plan.members.iter().any(|one| one.user == user)
    }

    /// When its customers must be verified: the step of the timetable, or the end.
    #[must_use]
    pub fn carry_out_by(&self) -> Date {
        let step = self.plan.steps.iter().find(|one| one.step == CARRY_OUT);
        step.map_or(self.plan.ends_on, |one| one.due_on)
    }
}

/// The step in which customers are verified, as the policy names it.
pub const CARRY_OUT: &str = "carry_out";

/// A customer of a project (梳理对象).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Whose file.
    pub customer: CustomerId,
    /// Its key.
    pub id: ItemId,
    /// Of which project.
    pub project: ProjectId,
    /// Who verifies it.
    pub assignee: UserId,
    /// Where it stands.
    pub state: ItemState,
    /// Rises with every assignment and return.
    pub turn: i64,
    /// The outcomes by axis when the project began.
    pub before: BTreeMap<String, String>,
    /// By when it is verified.
    pub due_on: Date,
    /// Whether it is monitored first: it stood among the worst when the project began.
    pub key: bool,
    /// When it was verified.
    pub verified_on: Option<Date>,
    /// By whom.
    pub verified_by: Option<UserId>,
    /// Required data and papers that were there.
    pub filled: Option<i64>,
    /// How many are required.
    pub wanted: Option<i64>,
    /// Whether a default was known.
    pub defaulted: Option<bool>,
    /// When it was reviewed.
    pub reviewed_on: Option<Date>,
    /// By whom.
    pub reviewed_by: Option<UserId>,
    /// Rises with every change.
    pub version: i64,
}

impl Item {
    /// What its duty is about: each turn has its own.
    #[must_use]
    pub fn subject(&self) -> String {
        format!("sorting_item:{}:{}", self.id, self.turn)
    }
}

/// What was found at a verification (核实结果).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verification {
    /// When.
    pub on: Date,
    /// `phone`, `visit`, `enquiry` or `document`.
    pub method: String,
    /// What was found.
    pub text: String,
}

/// A problem (问题).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Whose file.
    pub customer: CustomerId,
    /// Its key.
    pub id: ProblemId,
    /// Of which item.
    pub item: ItemId,
    /// Of which project.
    pub project: ProjectId,
    /// What is wrong.
    pub kind: ProblemKind,
    /// In words.
    pub detail: String,
    /// Who rectifies it.
    pub owner: UserId,
    /// By when.
    pub due_on: Date,
    /// Where it stands.
    pub state: ProblemState,
    /// When it was rectified.
    pub rectified_on: Option<Date>,
    /// By whom.
    pub rectified_by: Option<UserId>,
    /// What was done.
    pub rectification: String,
    /// When that was confirmed.
    pub confirmed_on: Option<Date>,
    /// By whom.
    pub confirmed_by: Option<UserId>,
    /// When it was found.
    pub found_on: Date,
    /// By whom.
    pub found_by: UserId,
    /// Rises with every change.
    pub version: i64,
}

impl Problem {
    /// What its duty is about.
    #[must_use]
    pub fn subject(&self) -> String {
        format!("sorting_problem:{}", self.id)
    }
}

/// A text in both languages, as it stood when the report was made.
pub type Both = (String, String);

/// How an axis moved between the beginning and the report (迁移).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Migration {
    /// The axis.
    pub axis: String,
    /// What people call it.
    pub title: Both,
    /// The outcomes in order, with their titles; the empty one is "not decided".
    pub outcomes: Vec<(String, Both)>,
    /// From, to, how many customers.
    pub moves: Vec<(String, String, i64)>,
}

impl Migration {
    /// How many stood on an outcome before, and how many stand there now.
    #[must_use]
    pub fn standing(&self, outcome: &str) -> (i64, i64) {
        let sum = |from: bool| {
            let of = |(a, b, n): &(String, String, i64)| if (if from { a } else { b }) == outcome { *n } else { 0 };
            self.moves.iter().map(of).sum()
        };
        (sum(true), sum(false))
    }
}

/// A part of a whole; nothing where there is no whole (比率).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Share {
    /// The part.
    pub part: i64,
    /// The whole.
    pub whole: i64,
}

impl Share {
    /// In hundredths of a per cent, half away from zero; nothing of nothing.
    #[must_use]
    pub fn bp(self) -> Option<i64> {
        if self.whole <= 0 {
            return None;
        }
        let twice = i128::from(self.part) * 20_000 / i128::from(self.whole);
        i64::try_from((twice + 1) / 2).ok()
    }
}

/// How a stated goal was judged (目标评价).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Goal {
    /// As the policy names it.
    pub goal: String,
    /// What people call it.
    pub title: Both,
    /// `met`, `partly` or `not_met`.
    pub judgement: String,
    /// Why.
    pub words: String,
    /// What the figures say: reached or not; nothing where they say nothing.
    #[serde(default)]
    pub measured: Option<bool>,
}

/// The figures of a report, as they stood on its day (报告数据).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// Customers, verified, reviewed.
    pub items: (i64, i64, i64),
    /// Completeness of the database: required data and papers that were there.
    pub completeness: Share,
    /// Accuracy of grades: without default in the better classes, and in default in the worst, of all.
    pub accuracy: Share,
    /// Times that anything became overdue within the period with a warning before.
    pub warned: Share,
    /// Warnings of the period after which nothing was overdue.
    pub false_alarms: Share,
    /// Premium customers before.
    pub premium_before: Share,
    /// Premium customers now.
    pub premium_now: Share,
    /// Mean scores of the last survey before and the latest one, hundredths of a point.
    pub satisfaction: (Option<i64>, Option<i64>),
    /// Problems found, rectified, confirmed.
    pub problems: (i64, i64, i64),
    /// How each axis moved.
    pub migrations: Vec<Migration>,
    /// The goals.
    pub goals: Vec<Goal>,
    /// The conclusion.
    pub opinion: String,
    /// What was measured besides.
    #[serde(default)]
    pub measured: Measured,
}

/// A report (客户梳理报告).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Its key.
    pub id: ReportId,
    /// Of which project.
    pub project: ProjectId,
    /// The figures.
    pub content: Content,
    /// Where it stands.
    pub state: ReportState,
    /// The approval.
    pub approval: Option<ApprovalId>,
    /// When it was agreed to.
    pub approved_on: Option<Date>,
    /// When it was made.
    pub made_on: Date,
    /// By whom.
    pub assessor: UserId,
    /// Rises with every change.
    pub version: i64,
}

impl Report {
    /// What it is called in approvals.
    #[must_use]
    pub fn subject(&self) -> String {
        format!("sorting_report:{}", self.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_rounded_half_up_and_nothing_of_nothing() {
        let bp = |part, whole| Share { part, whole }.bp();
        assert_eq!(bp(1, 3), Some(3_333));
        assert_eq!(bp(2, 3), Some(6_667));
        assert_eq!(bp(1, 1), Some(10_000));
        assert_eq!(bp(0, 7), Some(0));
        assert_eq!(bp(0, 0), None);
    }
}
