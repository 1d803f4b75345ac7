//! What the measures of collecting are made of: balances, movements, cases as they stood, and what a group comes to. Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use std::collections::BTreeMap;

use finance::Fen;
use jiff::civil::Date;
use platform::id::{BranchId, CustomerId};
use serde::{Deserialize, Serialize};
use servicing::loan::model::LoanKey;

use crate::case::model::CaseId;

/// The days that a page looks at, both ends included (统计期间).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Period {
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Date,
}

impl Period {
    /// Whether a day lies in it.
    #[must_use]
    pub fn has(&self, on: Date) -> bool {
        self.from <= on && on <= self.to
    }

    /// The day whose evening is the beginning.
    #[must_use]
    pub fn eve(&self) -> Date {
        self.from.yesterday().unwrap_or(self.from)
    }
}

/// By what the figures are grouped (分组口径).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum By {
    /// 机构.
    Branch,
    /// 催收员: who had the case on the day.
    Collector,
    /// 拖欠原因, as diagnosed by the day.
    Cause,
    /// 分级措施: the step of the ladder on the day.
    Step,
    /// 逾期分档, before the movement.
    Bucket,
    /// 产品.
    Product,
    /// 催收策略, with the arm of its trial: as the case had it on the day.
    Strategy,
}

/// The groups of a row, in the order of [`By::ALL`]; empty where none is known (所属分组).
pub type Groups = [String; 7];

impl By {
    /// All, in the order of the choice.
    pub const ALL: [Self; 7] =
        [Self::Branch, Self::Collector, Self::Cause, Self::Step, Self::Bucket, Self::Product, Self::Strategy];

    /// Its name in addresses.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Branch => "branch",
            Self::Collector => "collector",
            Self::Cause => "cause",
            Self::Step => "step",
            Self::Bucket => "bucket",
            Self::Product => "product",
            Self::Strategy => "strategy",
        }
    }

    /// Reads its name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|by| by.as_str() == text)
    }
}

/// A loan that was overdue on an evening (逾期余额).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Balance {
    /// The loan.
    pub key: LoanKey,
    /// 借据号.
    pub number: String,
    /// Where it is kept.
    pub branch: BranchId,
    /// The product.
    pub product: String,
    /// Its bucket.
    pub bucket: String,
    /// Overdue principal and interest.
    pub overdue: Fen,
}

/// A day on which what is overdue of a loan changed (逾期变动).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Movement {
    /// The loan.
    pub key: LoanKey,
    /// 借据号.
    pub number: String,
    /// Where it is kept.
    pub branch: BranchId,
    /// The product.
    pub product: String,
    /// The day.
    pub on: Date,
    /// The bucket that it moved in: before the day, or, if it was not overdue, after.
    pub bucket: String,
    /// Overdue principal and interest on the evening before.
    pub before: Fen,
    /// The same on the evening.
    pub after: Fen,
    /// What was to be paid by the day before, and so falls overdue on this one unless it was paid.
    pub due: Fen,
    /// Repayments of the day, less those taken back on it.
    pub money: Fen,
}

/// A case with its history (案件沿革).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Track {
    /// Which.
    pub id: CaseId,
    /// 案件编号.
    pub number: String,
    /// The branch.
    pub branch: BranchId,
    /// The first day.
    pub opened_on: Date,
    /// The last day.
    pub closed_on: Option<Date>,
    /// Whose it is now, or was last.
    pub owner: i64,
    /// The step of the ladder that it stands on, or stood on last.
    pub step: String,
    /// When somebody else got it: the day, from whom, to whom; in order.
    pub transfers: Vec<(Date, i64, i64)>,
    /// When the step changed: the day, from which, to which; in order.
    pub steps: Vec<(Date, String, String)>,
    /// When a cause was diagnosed, and which; in order.
    pub causes: Vec<(Date, String)>,
    /// Since when it was collected by which strategy and in which arm; in order.
    pub strategies: Vec<(Date, String)>,
}

impl Track {
    /// Whose it was on a day.
    #[must_use]
    pub fn owner_on(&self, on: Date) -> i64 {
        let known = self.transfers.iter().rfind(|(day, ..)| *day <= on).map(|one| one.2);
        known.or_else(|| self.transfers.first().map(|one| one.1)).unwrap_or(self.owner)
    }

    /// On which step it stood on a day.
    #[must_use]
    pub fn step_on(&self, on: Date) -> &str {
        let known = self.steps.iter().rfind(|(day, ..)| *day <= on).map(|one| one.2.as_str());
        known.or_else(|| self.steps.first().map(|one| one.1.as_str())).unwrap_or(&self.step)
    }

    /// By which strategy and in which arm it was collected on a day; empty before any.
    #[must_use]
    pub fn strategy_on(&self, on: Date) -> &str {
        self.strategies.iter().rfind(|(day, _)| *day <= on).map_or("", |one| one.1.as_str())
    }

    /// The cause that was known on a day; empty before any.
    #[must_use]
    pub fn cause_on(&self, on: Date) -> &str {
        self.causes.iter().rfind(|(day, _)| *day <= on).map_or("", |one| one.1.as_str())
    }
}

/// The cases of the period by customer, the oldest first (期间案件).
pub type Tracks = BTreeMap<CustomerId, Vec<Track>>;

/// What a figure is made of (明细类别).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// 期初逾期.
    Opening,
    /// 期内新增逾期.
    Fresh,
    /// 已清收.
    Recovered,
    /// 其他减少: waived, extended, written off.
    Other,
    /// 期末逾期.
    Closing,
    /// 已治愈: overdue at the beginning, not at the end, and never written off.
    Cured,
    /// 期初不良本金.
    BadOpening,
    /// 期末不良本金.
    BadClosing,
    /// 加深: in a later bucket at the end than at the beginning.
    Worse,
    /// 承诺.
    Promise,
    /// 催收频次.
    Frequency,
    /// 催收费用.
    Cost,
    /// 保全时效.
    Preservation,
}

impl Kind {
    /// All.
    pub const ALL: [Self; 13] = [
        Self::Recovered,
        Self::Opening,
        Self::Fresh,
        Self::Other,
        Self::Closing,
        Self::Cured,
        Self::Worse,
        Self::BadOpening,
        Self::BadClosing,
        Self::Promise,
        Self::Frequency,
        Self::Cost,
        Self::Preservation,
    ];

    /// Its name in addresses.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Opening => "opening",
            Self::Fresh => "fresh",
            Self::Recovered => "recovered",
            Self::Other => "other",
            Self::Closing => "closing",
            Self::Cured => "cured",
            Self::Worse => "worse",
            Self::BadOpening => "bad-opening",
            Self::BadClosing => "bad-closing",
            Self::Promise => "promise",
            Self::Frequency => "frequency",
            Self::Cost => "cost",
            Self::Preservation => "preservation",
        }
    }

    /// Reads its name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

/// One row behind a figure (明细).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What it is part of.
    pub kind: Kind,
    /// Whose.
    pub customer: CustomerId,
    /// The number of the loan, or of the case.
    pub number: String,
    /// Where it is read.
    pub href: String,
    /// The day.
    pub on: Date,
    /// How much, or how many hours.
    pub amount: Fen,
    /// What became of it: `kept`, `missed`, the kind of a cost.
    pub word: String,
    /// The groups that it belongs to, in the order of [`By::ALL`]; empty where none is known.
    pub groups: Groups,
}

impl Entry {
    /// Its group under a view.
    #[must_use]
    pub fn group(&self, by: By) -> &str {
        By::ALL.iter().position(|one| *one == by).map_or("", |at| self.groups[at].as_str())
    }
}

/// What a group comes to (指标合计).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Tally {
    /// Loans overdue at the beginning.
    pub opening_loans: i64,
    /// Overdue principal and interest at the beginning.
    pub opening: Fen,
    /// What fell overdue in the period.
    pub fresh: Fen,
    /// What was recovered.
    pub recovered: Fen,
    /// What went otherwise.
    pub other: Fen,
    /// Overdue at the end.
    pub closing: Fen,
    /// Principal of non-performing loans at the beginning.
    pub bad_opening: Fen,
    /// The same at the end.
    pub bad_closing: Fen,
    /// Loans cured.
    pub cured: i64,
    /// Loans that went into a later bucket.
    pub worse: i64,
    /// Costs.
    pub cost: Fen,
    /// Promises that were kept.
    pub kept: i64,
    /// Promises that were kept in part.
    pub part_kept: i64,
    /// Promises that were broken.
    pub broken: i64,
    /// Requirements of contact that were met.
    pub met: i64,
    /// Those that were missed.
    pub missed: i64,
    /// Those that were excused.
    pub excused: i64,
    /// Hours from the urgent cause to the application, of all preservations.
    pub hours: i64,
    /// How many preservations those are.
    pub preserved: i64,
    /// Contacts.
    pub contacts: i64,
    /// Contacts that were connected.
    pub connected: i64,
}

/// What a case had to collect and collected, for the curve (回收曲线).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Course {
    /// The group.
    pub group: String,
    /// When it began.
    pub opened_on: Date,
    /// Days since then, what fell overdue and what was recovered.
    pub moves: Vec<(i64, Fen, Fen)>,
}

/// A point of the curve (曲线点).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Point {
    /// Days since the case began.
    pub days: i64,
    /// Cases that are old enough.
    pub cases: i64,
    /// What had fallen overdue by then.
    pub due: Fen,
    /// What was recovered by then.
    pub recovered: Fen,
}

/// Loans of a bucket at the beginning and where they were at the end (滚动).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Roll {
    /// The bucket at the beginning.
    pub from: String,
    /// The bucket at the end; `cured` or `gone`.
    pub to: String,
    /// How many.
    pub loans: i64,
    /// What was overdue of them at the beginning.
    pub overdue: Fen,
}

/// How debtors of a pattern answered (欠款人类型统计).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Pattern {
    /// The pattern.
    pub pattern: String,
    /// Contacts with it.
    pub contacts: i64,
    /// Contacts in which the debtor was reached.
    pub reached: i64,
    /// Contacts that came to a promise.
    pub promises: i64,
    /// Promises of their cases that were kept, made within the period.
    pub kept: i64,
    /// Promises of their cases that were settled.
    pub settled: i64,
    /// What came in from them.
    pub recovered: Fen,
}
