//! An agency, its contracts, the cases placed with it, its evaluations and its commission. Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use finance::Fen;
use jiff::Timestamp;
use jiff::civil::Date;
use platform::approval::ApprovalId;
use platform::contact_gate::AgencyId;
use platform::error::{FieldError, Refusal, RefusalKind, Refused};
use platform::id::UserId;
use platform::{id_type, stored_as_text};
use serde::{Deserialize, Serialize};

use crate::case::model::CaseKey;

id_type!(ContractId, "The key of a contract with an agency (委托催收合同).");
id_type!(PlacementId, "The key of a case placed with an agency (委外案件).");
id_type!(EvaluationId, "The key of an evaluation of an agency (机构评估).");
id_type!(CommissionId, "The key of a statement of commission (佣金结算单).");

/// An agency (催收机构).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agency {
    /// Which.
    pub id: AgencyId,
    /// 编号.
    pub number: String,
    /// 名称.
    pub name: String,
    /// 统一社会信用代码或登记号.
    pub registration: String,
    /// 备注.
    pub note: String,
}

impl Agency {
    /// How duties and the audit trail name it.
    #[must_use]
    pub fn subject(&self) -> String {
        format!("agency:{}", self.id)
    }
}

/// What is registered of an agency (机构登记).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NewAgency {
    /// 名称.
    pub name: String,
    /// 统一社会信用代码或登记号.
    pub registration: String,
    /// 备注.
    pub note: String,
}

/// Where a contract stands (合同状态).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ContractState {
    /// 待审批.
    Proposed,
    /// 已批准: in force within its days.
    Standing,
    /// 未批准.
    Refused,
    /// 已提前终止.
    Ended,
}

impl ContractState {
    /// Every state.
    pub const ALL: [Self; 4] = [Self::Proposed, Self::Standing, Self::Refused, Self::Ended];

    /// Its name in data.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::Standing => "standing",
            Self::Refused => "refused",
            Self::Ended => "ended",
        }
    }

    /// Reads its name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }
}
stored_as_text!(ContractState, "state of a contract with an agency");

/// What a contract says (合同内容).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Date,
    /// 委托目的.
    pub purpose: String,
    /// 数据返还或删除约定.
    pub data: String,
    /// 转委托约定: only with the consent of the house.
    pub delegation: String,
    /// 佣金率, in basis points.
    pub commission_bp: i64,
}

/// A contract with an agency (委托催收合同).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contract {
    /// Which.
    pub id: ContractId,
    /// Whose.
    pub agency: AgencyId,
    /// 合同编号.
    pub number: String,
    /// What it says.
    pub terms: Terms,
    /// Where it stands.
    pub state: ContractState,
    /// The approval that decides it.
    pub approval: Option<ApprovalId>,
    /// The approval of an early end.
    pub ending: Option<ApprovalId>,
    /// Why it ends early.
    pub end_reason: Option<String>,
    /// When it ended early.
    pub ended_on: Option<Date>,
    /// Who proposed it.
    pub by: UserId,
    /// Rises with every change.
    pub version: i64,
}

impl Contract {
    /// How approvals and the audit trail name it.
    #[must_use]
    pub fn subject(&self) -> String {
        format!("agency_contract:{}", self.id)
    }

    /// Whether the agency may work under it on a day.
    #[must_use]
    pub fn in_force(&self, on: Date) -> bool {
        self.state == ContractState::Standing && self.terms.from <= on && on <= self.terms.to
    }

    /// The last day on which it was or is in force.
    #[must_use]
    pub fn last_day(&self) -> Date {
        self.ended_on.map_or(self.terms.to, |on| on.min(self.terms.to))
    }
}

/// Put on the list that anybody can read, or taken off it (公示).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publication {
    /// On the list, or off it.
    pub published: bool,
    /// Where it is read.
    pub place: String,
    /// Since when.
    pub on: Date,
}

/// Somebody who works for an agency (机构人员).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The row.
    pub id: i64,
    /// Who.
    pub user: UserId,
    /// The name.
    pub name: String,
    /// Since when.
    pub from: Date,
    /// Until when.
    pub ended_on: Option<Date>,
}

/// Why a placement ended (退案原因).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EndReason {
    /// 收回: the house takes it back.
    Recalled,
    /// 合同到期或终止.
    Contract,
    /// 委托期限届满.
    Term,
    /// 评估逾期或不合格.
    Evaluation,
    /// 案件结案.
    Closed,
}

impl EndReason {
    /// Every reason.
    pub const ALL: [Self; 5] = [Self::Recalled, Self::Contract, Self::Term, Self::Evaluation, Self::Closed];

    /// Its name in data.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Recalled => "recalled",
            Self::Contract => "contract",
            Self::Term => "term",
            Self::Evaluation => "evaluation",
            Self::Closed => "closed",
        }
    }

    /// Reads its name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.as_str() == text)
    }
}
stored_as_text!(EndReason, "reason why a placement ended");

/// How a placement ended (退案).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended {
    /// When.
    pub on: Date,
    /// Why.
    pub reason: EndReason,
    /// In words.
    pub note: String,
}

/// A case placed with an agency (委外案件).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placement {
    /// Which.
    pub id: PlacementId,
    /// The case.
    pub case: CaseKey,
    /// With whom.
    pub agency: AgencyId,
    /// Under which contract.
    pub contract: ContractId,
    /// Who works it there.
    pub worker: UserId,
    /// Who answers for it in the house.
    pub contact: UserId,
    /// Who had it before, in which role.
    pub before: (Option<UserId>, String),
    /// The rate of the contract then, in basis points.
    pub commission_bp: i64,
    /// What was overdue then.
    pub overdue: Fen,
    /// Since when it was.
    pub overdue_since: Date,
    /// The first day.
    pub from: Date,
    /// The last day agreed.
    pub to: Date,
    /// What was said to the agency.
    pub note: String,
    /// How it ended.
    pub ended: Option<Ended>,
}

impl Placement {
    /// Whether the agency may work it on a day (rule `agency.scope`): it has not ended, its term runs, and a contract is in
    /// force, whether or not the close has noted yet that something is over.
    #[must_use]
    pub fn stands(&self, contracts: &[Contract], on: Date) -> bool {
        self.ended.is_none() && on <= self.to && contracts.iter().any(|one| one.in_force(on))
    }

    /// How the audit trail names it.
    #[must_use]
    pub fn subject(&self) -> String {
        format!("agency_placement:{}", self.id)
    }
}

/// What is asked for when a case is placed (委外申请).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPlacement {
    /// Who at the agency works it; says with which agency.
    pub worker: UserId,
    /// Who answers for it in the house.
    pub contact: UserId,
    /// The last day.
    pub to: Date,
    /// What is said to the agency.
    pub note: String,
}

/// On which occasion an agency is evaluated (评估时机).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Occasion {
    /// 年度评估.
    Yearly,
    /// 合同到期前评估.
    ContractEnd,
    /// 临时评估.
    Extra,
}

impl Occasion {
    /// Every occasion.
    pub const ALL: [Self; 3] = [Self::Yearly, Self::ContractEnd, Self::Extra];

    /// Its name in data.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Yearly => "yearly",
            Self::ContractEnd => "contract-end",
            Self::Extra => "extra",
        }
    }

    /// Reads its name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == text)
    }
}
stored_as_text!(Occasion, "occasion of an evaluation");

/// What is decided after an evaluation (评估结论).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// 继续合作.
    Continue,
    /// 限期整改.
    Improve,
    /// 停止委托: nothing is placed any more, what is placed comes back.
    Stop,
}

impl Decision {
    /// Every decision.
    pub const ALL: [Self; 3] = [Self::Continue, Self::Improve, Self::Stop];

    /// Its name in data.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Continue => "continue",
            Self::Improve => "improve",
            Self::Stop => "stop",
        }
    }

    /// Reads its name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == text)
    }
}
stored_as_text!(Decision, "decision after an evaluation");

/// How an agency did in a period (机构行为指标): what its people did through the guard, and what came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Conduct {
    /// Cases that were placed on a day of the period.
    pub placed: i64,
    /// Contacts that the guard let through.
    pub contacts: i64,
    /// Contacts that it refused.
    pub refused: i64,
    /// What must be looked at.
    pub flagged: i64,
    /// What was not lawful.
    pub unlawful: i64,
    /// Complaints and disputes of those whose cases were placed then.
    pub complaints: i64,
    /// What came in while placed.
    pub came: Fen,
}

/// A score (评分): of which item of the policy, with its weight in per cent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Score {
    /// The item.
    pub item: String,
    /// Its weight, in per cent.
    pub weight: i64,
    /// From nothing to a hundred.
    pub points: i64,
}

/// An evaluation (机构评估).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evaluation {
    /// Which.
    pub id: EvaluationId,
    /// 编号.
    pub number: String,
    /// Whose.
    pub agency: AgencyId,
    /// Why now.
    pub occasion: Occasion,
    /// The first day looked at.
    pub from: Date,
    /// The last.
    pub to: Date,
    /// The scores.
    pub scores: Vec<Score>,
    /// Their weighted sum.
    pub total: i64,
    /// The figures as they stood.
    pub conduct: Conduct,
    /// What was found.
    pub findings: String,
    /// What follows.
    pub decision: Decision,
    /// When it was published.
    pub published_on: Option<Date>,
    /// Who made it.
    pub by: UserId,
    /// When.
    pub on: Date,
}

impl Evaluation {
    /// How the audit trail names it.
    #[must_use]
    pub fn subject(&self) -> String {
        format!("agency_evaluation:{}", self.id)
    }
}

/// What an evaluator says (评估意见).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEvaluation {
    /// Why now.
    pub occasion: Occasion,
    /// Points by item, as typed.
    pub points: Vec<(String, Option<i64>)>,
    /// What was found.
    pub findings: String,
    /// What follows.
    pub decision: Decision,
}

/// Where a statement stands (结算单状态).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CommissionState {
    /// 待审批.
    Proposed,
    /// 已批准.
    Approved,
    /// 未批准: its rows are free for the next one.
    Refused,
}

impl CommissionState {
    /// Every state.
    pub const ALL: [Self; 3] = [Self::Proposed, Self::Approved, Self::Refused];

    /// Its name in data.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::Approved => "approved",
            Self::Refused => "refused",
        }
    }

    /// Reads its name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }
}
stored_as_text!(CommissionState, "state of a statement of commission");

/// A statement of commission (佣金结算单).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commission {
    /// Which.
    pub id: CommissionId,
    /// 编号.
    pub number: String,
    /// Whose.
    pub agency: AgencyId,
    /// The first day.
    pub from: Date,
    /// The last.
    pub to: Date,
    /// What came in, less what was taken back.
    pub base: Fen,
    /// The commission of it.
    pub amount: Fen,
    /// Where it stands.
    pub state: CommissionState,
    /// The approval that decides it.
    pub approval: Option<ApprovalId>,
    /// Who made it.
    pub by: UserId,
    /// When.
    pub on: Date,
    /// Rises with every change.
    pub version: i64,
}

impl Commission {
    /// How approvals and the audit trail name it.
    #[must_use]
    pub fn subject(&self) -> String {
        format!("agency_commission:{}", self.id)
    }
}

/// A row of a statement (佣金明细).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommissionRow {
    /// Whose case.
    pub case: CaseKey,
    /// Its number.
    pub number: String,
    /// Under which placement.
    pub placement: PlacementId,
    /// The repayment.
    pub transaction: i64,
    /// Its number.
    pub transaction_number: String,
    /// It was taken back.
    pub back: bool,
    /// When.
    pub on: Date,
    /// How much; below zero when taken back.
    pub amount: Fen,
    /// The rate, in basis points.
    pub commission_bp: i64,
    /// The commission of it.
    pub commission: Fen,
    /// When it was recorded, or taken back.
    pub at: Timestamp,
}

/// Why something about an agency is refused (机构拒绝).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AgencyError {
    /// There is none, or not for this person.
    #[error("no such agency")]
    NotFound,
    /// It stands elsewhere meanwhile.
    #[error("it is {state}")]
    State {
        /// Where.
        state: &'static str,
    },
    /// The register is the whole institution's.
    #[error("only for the whole institution")]
    NotWhole,
    /// An end of this contract waits already.
    #[error("an end waits already")]
    EndWaits,
    /// The evaluation before the end of the last contract is missing.
    #[error("not evaluated since {since}")]
    NotEvaluated {
        /// From when on one counts.
        since: Date,
    },
    /// The case cannot be placed.
    #[error("the case cannot be placed: {0:?}")]
    Barred(Bar),
    /// Somebody at the agency cannot do it.
    #[error("not by the agency itself")]
    Own,
    /// Who works for an agency is given no role of the house.
    #[error("no role of the house for people of an agency")]
    HouseRole,
    /// Who made an evaluation does not publish it.
    #[error("one's own evaluation")]
    OwnEvaluation,
    /// The policy has more items than the form takes.
    #[error("{items} items, and the form takes {most}")]
    ManyItems {
        /// So many.
        items: usize,
        /// As many as the form takes.
        most: usize,
    },
    /// There is nothing to pay for.
    #[error("nothing came in")]
    Nothing,
    /// A statement waits already.
    #[error("a statement waits already")]
    Waits,
    /// Fields of the form.
    #[error("the form is not complete")]
    Form(Vec<FieldError>),
}

/// Why a case is not placed (不得委外的情形).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Bar {
    /// It is closed.
    Closed,
    /// It is placed already.
    Placed,
    /// Nothing is overdue, or not long enough.
    Young {
        /// From how many days on.
        least: i64,
    },
    /// A stop flag of the policy's stands.
    Flag {
        /// Which.
        kind: &'static str,
    },
    /// No contract is in force.
    Contract,
    /// The agency is not on the published list.
    Unpublished,
    /// Its evaluation is overdue.
    Overdue {
        /// Since when.
        due: Date,
    },
    /// The last evaluation stopped it.
    Stopped,
}

impl Refusal for AgencyError {
    fn refused(&self) -> Refused {
        let conflict = |code| Refused::new(RefusalKind::Conflict, code);
        match self {
            Self::NotFound => Refused::new(RefusalKind::NotFound, "agency-not-found"),
            Self::State { state } => conflict("agency-state-now").with("state", state),
            Self::NotWhole => Refused::new(RefusalKind::Forbidden, "agency-not-whole"),
            Self::EndWaits => conflict("agency-end-waits"),
            Self::NotEvaluated { since } => {
                conflict("agency-not-evaluated").with("since", since).under("agency.renewal", None)
            }
            Self::Barred(bar) => bar.refused(),
            Self::Own => conflict("agency-own").under("agency.other", None),
            Self::HouseRole => conflict("agency-house-role").under("agency.staff", None),
            Self::OwnEvaluation => conflict("agency-own-evaluation").under("agency.evaluation", None),
            Self::ManyItems { items, most } => {
                conflict("agency-many-items").with("items", items).with("most", most).under("agency.scores", None)
            }
            Self::Nothing => conflict("agency-nothing-came").under("agency.commission", None),
            Self::Waits => conflict("agency-commission-waits"),
            Self::Form(fields) => Refused::form(fields.clone()),
        }
    }
}

impl Bar {
    fn refused(&self) -> Refused {
        let conflict = |code| Refused::new(RefusalKind::Conflict, code).under("agency.place", None);
        match self {
            Self::Closed => conflict("agency-case-closed"),
            Self::Placed => conflict("agency-case-placed"),
            Self::Young { least } => conflict("agency-case-young").with("least", least),
            Self::Flag { kind } => conflict("agency-case-flag").with("kind", kind),
            Self::Contract => conflict("agency-no-contract"),
            Self::Unpublished => conflict("agency-unpublished"),
            Self::Overdue { due } => conflict("agency-evaluation-overdue").with("due", due),
            Self::Stopped => conflict("agency-stopped"),
        }
    }
}
