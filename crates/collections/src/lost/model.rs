//! A lost contact and the steps of its trace. Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use finance::Fen;
use jiff::Timestamp;
use jiff::civil::Date;
use platform::id::UserId;
use platform::{id_type, stored_as_text};

use crate::case::model::CaseKey;
use crate::visit::model::named;

id_type!(LostId, "The key of a lost contact (失联记录).");
id_type!(TraceId, "The key of a step of tracing (查找记录).");

named! {
    /// What kind of loss of contact it is (失联类型, S2.4-01, S2.5-27).
    LostKind, "kind of lost contact":
    /// 骗贷后藏匿.
    Fraud = "fraud",
    /// 主观逃避: does not stand the pressure of collection.
    Avoidance = "avoidance",
    /// 客观失联: the lender's own work after the loan failed.
    Objective = "objective",
    /// 半失联: only one or two contacts can still be reached.
    Half = "half",
}

impl LostKind {
    /// Whether the measure of tries must have been met first.
    #[must_use]
    pub fn needs_effort(self) -> bool {
        self != Self::Half
    }
}

named! {
    /// How a lost contact ended (失联解除).
    End, "end of a lost contact":
    /// 重新取得联系.
    Contact = "contact",
    /// 登记有误.
    Mistake = "mistake",
    /// 转为其他类型.
    Replaced = "replaced",
    /// 结案.
    CaseClosed = "case-closed",
}

/// A lost contact (失联记录).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lost {
    /// Its key.
    pub id: LostId,
    /// Customer and case.
    pub case: CaseKey,
    /// What kind.
    pub kind: LostKind,
    /// What it rests on.
    pub ground: String,
    /// Days overdue when it was set.
    pub days: i64,
    /// Since when.
    pub set_on: Date,
    /// How and when it ended.
    pub ended: Option<(Date, End)>,
    /// Who set it.
    pub by: i64,
}

impl Lost {
    /// How duties and the audit trail name it.
    #[must_use]
    pub fn subject(&self) -> String {
        format!("lost:{}", self.id)
    }
}

/// What a supervisor finds in the work behind an objective loss (贷后质量发现).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quality {
    /// Whose work it was.
    pub officer: UserId,
    /// What was found.
    pub finding: String,
    /// What is done about it.
    pub measure: String,
}

/// How the policy lets a step be taken (查找方式).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Conduct {
    /// It may be taken.
    Permitted,
    /// It needs an authorisation.
    Authorised,
    /// The legal department asks court or police, and nobody else (S2.5-22).
    Legal,
    /// It is never taken.
    Refused,
}

/// A step as the policy orders it (查找步骤).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Its name in data.
    pub step: String,
    /// Its place: what has a lower one comes first.
    pub place: i64,
    /// Whether it may be taken.
    pub conduct: Conduct,
    /// The article.
    pub article: String,
}

named! {
    /// What was searched by (查询依据).
    Searched, "what was searched by":
    /// 姓名.
    Name = "name",
    /// 单位名称.
    Company = "company",
    /// 手机号.
    Mobile = "mobile",
    /// 电子邮箱.
    Email = "email",
    /// 地址.
    Address = "address",
    /// 其他.
    Other = "other",
}

named! {
    /// What a step brought (查找结果).
    Found, "result of a step of tracing":
    /// 找到.
    Found = "found",
    /// 有线索.
    Clue = "clue",
    /// 无结果.
    Nothing = "nothing",
}

/// A step that was taken (查找登记).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewTrace {
    /// Which, as the policy names it.
    pub step: String,
    /// The day.
    pub on: Date,
    /// What was searched by.
    pub searched: Searched,
    /// In words; no number of anybody.
    pub query: String,
    /// The authorisation, where the policy wants one.
    pub authority: String,
    /// What it brought.
    pub result: Found,
    /// In words.
    pub finding: String,
    /// What it cost.
    pub cost: Fen,
    /// What comes next.
    pub next_step: String,
}

/// A step as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trace {
    /// Its key.
    pub id: TraceId,
    /// What was entered.
    pub content: NewTrace,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: i64,
}
