//! A credit query, what its report says, and an adjustment of its level. Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use finance::Fen;
use jiff::Timestamp;
use jiff::civil::Date;
use platform::id::{CustomerId, UserId};
use platform::id_type;

use crate::datum::model::words;
use crate::document::model::DocumentId;

id_type!(QueryId, "The key of a credit query within a customer's file (征信查询).");
id_type!(AdjustmentId, "The key of an adjustment of a credit level within a customer's file (级别调整).");

words! {
    /// Of whom a query is (查询对象).
    About, "subject of a credit query":
    /// The customer (本人).
    Own = "own",
    /// The spouse (配偶).
    Spouse = "spouse",
}

impl About {
    /// The kind of document by which this person agrees to the query.
    #[must_use]
    pub fn authorisation(self) -> &'static str {
        match self {
            Self::Own => "credit_authorisation",
            Self::Spouse => "spouse_credit_authorisation",
        }
    }
}

words! {
    /// Who answered a query (查询渠道).
    Origin, "origin of a credit report":
    /// The central bank's credit reference centre (人民银行征信中心).
    Pboc = "pboc",
    /// A rating or credit agency (第三方征信机构).
    Agency = "agency",
    /// The courts' enforcement register (法院执行信息).
    Court = "court",
    /// Another (其他).
    Other = "other",
}

words! {
    /// The record level that the lender gives a report (征信记录级别), S5.8-04.
    Level, "credit-record level":
    /// 正常.
    Normal = "normal",
    /// 瑕疵.
    Flawed = "flawed",
    /// 次级.
    Substandard = "substandard",
    /// 禁入.
    Prohibited = "prohibited",
}

words! {
    /// What the record is like as a whole (信用记录), S1-13.
    Record, "credit record":
    /// 良好.
    Good = "good",
    /// 较好.
    FairlyGood = "fairly_good",
    /// 一般.
    Ordinary = "ordinary",
    /// 有瑕疵.
    Blemished = "blemished",
    /// 差.
    Poor = "poor",
}

words! {
    /// Why a level is adjusted (调整理由), A-22.
    Ground, "ground of an adjustment":
    /// The entry is wrong and disputed (异议处理中).
    DisputedEntry = "disputed_entry",
    /// A technical overdue (技术性逾期).
    TechnicalOverdue = "technical_overdue",
    /// Small arrears that were settled (小额欠款已结清).
    SettledSmallArrears = "settled_small_arrears",
    /// A guarantee that was paid (代偿已清偿).
    PaidGuarantee = "paid_guarantee",
}

words! {
    /// What became of an adjustment (调整结果).
    Outcome, "outcome of an adjustment":
    /// 批准.
    Approved = "approved",
    /// 否决.
    Refused = "refused",
}

/// Debts that a report names (负债): the total for the eye, and those at which the repayment tables look.
pub const DEBTS: [&str; 5] =
    ["debt_total", "card_overdraft_fen", "card_usage_6m_fen", "short_debt_payment_fen", "long_debt_payment_fen"];

/// The debt that no table looks at.
pub const TOTAL: &str = DEBTS[0];

/// What a query asked and what its report says (查询与报告).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewQuery {
    /// Of whom.
    pub about: About,
    /// What for, as the policy names it.
    pub purpose: String,
    /// Who answered.
    pub origin: Origin,
    /// When it was asked.
    pub queried_on: Date,
    /// As of when the report is.
    pub report_on: Date,
    /// The document by which the person agreed.
    pub authorisation: DocumentId,
    /// The document with the report.
    pub report: Option<DocumentId>,
    /// The record level.
    pub level: Option<Level>,
    /// The record as a whole.
    pub record: Option<Record>,
    /// Whether there are arrears now.
    pub arrears: Option<bool>,
    /// Debts by item.
    pub debts: Vec<(&'static str, Fen)>,
    /// What else is to be known.
    pub note: String,
}

/// A credit query as it is kept (征信查询记录).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// Whose file.
    pub customer: CustomerId,
    /// The key.
    pub id: QueryId,
    /// What was asked and answered.
    pub content: NewQuery,
    /// Until when the report counts.
    pub valid_until: Option<Date>,
    /// The query that this one corrects.
    pub corrects: Option<QueryId>,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// By whom.
    pub recorded_by: UserId,
}

impl Query {
    /// Whether its report counts on a day (rule `credit.counts`).
    #[must_use]
    pub fn counts(&self, on: Date) -> bool {
        self.content.report_on <= on && self.valid_until.is_none_or(|until| on <= until)
    }
}

/// An adjustment that is asked for (级别调整申请).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAdjustment {
    /// Why.
    pub ground: Ground,
    /// The same in words.
    pub reason: String,
    /// The last day on which it counts.
    pub expires_on: Date,
}

/// An adjustment as it is kept (级别调整).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Adjustment {
    /// The key.
    pub id: AdjustmentId,
    /// The query whose level it adjusts.
    pub query: QueryId,
    /// What was asked for.
    pub content: NewAdjustment,
    /// Who asked.
    pub asked_by: UserId,
    /// When.
    pub effective_on: Date,
    /// What became of it, and when.
    pub outcome: Option<(Outcome, Date)>,
}

impl Adjustment {
    /// Whether it counts on a day: approved, and not over.
    #[must_use]
    pub fn counts(&self, on: Date) -> bool {
        matches!(self.outcome, Some((Outcome::Approved, from)) if from <= on) && on <= self.content.expires_on
    }
}

/// Of all queries about somebody the latest that counts on a day, corrected ones left out.
#[must_use]
pub fn latest(all: &[Query], about: About, on: Date) -> Option<&Query> {
    let corrected: Vec<QueryId> = all.iter().filter_map(|one| one.corrects).collect();
    all.iter()
        .filter(|one| one.content.about == about && one.counts(on) && !corrected.contains(&one.id))
        .max_by_key(|one| (one.content.report_on, one.id))
}
