//! A classification run, its items, and what it counted. Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use finance::Fen;
use jiff::civil::Date;
use platform::approval::ApprovalId;
use platform::id::{BranchId, UserId};
use platform::id_type;

use crate::loan::model::LoanKey;

id_type!(RunId, "The key of a classification run (分类认定).");

platform::words! {
    /// Where a run stands (认定状态).
    RunState, "state of a classification run":
    /// Drawn; the classification post works on it (初分中).
    Drawn = "drawn",
    /// Proposed, waits for the review (待审核).
    Proposed = "proposed",
    /// Reviewed, with those who approve (审定中).
    Submitted = "submitted",
    /// Approved (已审定).
    Approved = "approved",
    /// Refused (未通过).
    Refused = "refused",
    /// Given up (已作废).
    Dropped = "dropped",
}

platform::words! {
    /// When a run was counted (汇总时点).
    Step, "step of a classification run":
    /// When it was drawn (初分前).
    Drawn = "drawn",
    /// When it was proposed (初分).
    Proposed = "proposed",
    /// When it was reviewed (审核).
    Reviewed = "reviewed",
}

/// What the classification post found, by the goals of a classification (认定结论).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Findings {
    /// What the loans are really worth, and their risk (真实价值与风险).
    pub value: String,
    /// Problems of granting (发放).
    pub granting: String,
    /// Problems of monitoring (管理).
    pub monitoring: String,
    /// Problems of collection (收回).
    pub collection: String,
    /// Whether provisions suffice (准备金是否充足).
    pub provision: String,
}

impl Findings {
    /// Each with the name of its field, in the order of the report.
    pub fn each(&self) -> [(&'static str, &str); 5] {
        [
            ("value", &self.value),
            ("granting", &self.granting),
            ("monitoring", &self.monitoring),
            ("collection", &self.collection),
            ("provision", &self.provision),
        ]
    }
}

/// A classification run (分类认定): one branch as of one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// The key.
    pub id: RunId,
    /// 认定编号.
    pub number: String,
    /// The branch.
    pub branch: BranchId,
    /// 基准日.
    pub as_of: Date,
    /// The approved run before it, and its day.
    pub former: Option<(RunId, Date)>,
    /// Where it stands.
    pub state: RunState,
    /// Who drew and proposed it (初分人).
    pub made_by: UserId,
    /// When it was proposed.
    pub proposed_on: Option<Date>,
    /// What the books hold against these loans (已提准备金).
    pub provision_held: Option<Fen>,
    /// What was found.
    pub findings: Findings,
    /// Who reviewed it (审核人).
    pub reviewed_by: Option<UserId>,
    /// When.
    pub reviewed_on: Option<Date>,
    /// What the reviewer says.
    pub review_note: String,
    /// The approval.
    pub approval: Option<ApprovalId>,
    /// When the last one approved.
    pub approved_on: Option<Date>,
    /// Why it was given up.
    pub note: String,
    /// Rises with every change.
    pub version: i64,
}

impl Run {
    /// What the trail and approvals call it.
    pub fn subject(&self) -> String {
        format!("classification:{}", self.id)
    }

    /// The latest count that it has.
    pub fn step(&self) -> Step {
        match (self.reviewed_on, self.proposed_on) {
            (Some(_), _) => Step::Reviewed,
            (None, Some(_)) => Step::Proposed,
            (None, None) => Step::Drawn,
        }
    }
}

/// A loan in a run (逐笔认定).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Customer and loan.
    pub key: LoanKey,
    /// In the run before; empty: not in it.
    pub former: String,
    /// By days overdue.
    pub system: String,
    /// With which the loan stood.
    pub standing: String,
    /// As judged so far.
    pub class: String,
    /// As the classification post has it (初分).
    pub initial: String,
    /// Why it set another one.
    pub initial_reason: String,
    /// Where the reviewer set another one.
    pub reviewed: Option<String>,
    /// Why.
    pub review_reason: String,
    /// Opened since the run before.
    pub fresh: bool,
    /// 逾期天数.
    pub days: i64,
    /// 本金余额.
    pub principal: Fen,
    /// 逾期本金.
    pub overdue: Fen,
    /// Rises with every change.
    pub version: i64,
}

impl Item {
    /// Whether people think otherwise than the days overdue, or than each other.
    pub fn differs(&self) -> bool {
        self.class != self.system || self.reviewed.is_some()
    }
}

/// What somebody else thinks of a loan (分类建议).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// The class.
    pub class: String,
    /// Why.
    pub reason: String,
    /// Who.
    pub by: String,
    /// When.
    pub on: Date,
}

/// Loans of one kind in a run (认定汇总).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Count {
    /// In the run before; empty: not in it.
    pub former: String,
    /// By days overdue.
    pub system: String,
    /// As judged.
    pub class: String,
    /// Opened since the run before.
    pub fresh: bool,
    /// How many.
    pub loans: i64,
    /// 本金余额.
    pub principal: Fen,
    /// 逾期本金.
    pub overdue: Fen,
    /// Of how many people think otherwise than the days, or than each other.
    pub differing: i64,
}
