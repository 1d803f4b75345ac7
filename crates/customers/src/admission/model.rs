//! An admission review: who asks for what, what was checked, what came of it. Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use std::collections::BTreeMap;

use finance::Fen;
use jiff::civil::Date;
use platform::approval::ApprovalId;
use platform::id::{CustomerId, UserId};
use platform::id_type;
use serde::{Deserialize, Serialize};

use crate::datum::model::words;
use crate::lending::Effect;

id_type!(AdmissionId, "The key of an admission review (准入审查).");

words! {
    /// Where an admission review stands (准入状态).
    AdmissionState, "state of an admission review":
    /// The preliminary review is done; the assessor's turn.
    Begun = "begun",
    /// Back at who began it.
    Returned = "returned",
    /// The check sheet waits for the decision.
    Submitted = "submitted",
    /// Decided: the applicant fits (准入).
    Fit = "fit",
    /// Decided: the applicant does not fit (不准入).
    NotFit = "not_fit",
    /// Taken back.
    Withdrawn = "withdrawn",
}

impl AdmissionState {
    /// Whether it is still worked on.
    #[must_use]
    pub fn is_open(self) -> bool {
        match self {
            Self::Begun | Self::Returned | Self::Submitted => true,
            Self::Fit | Self::NotFit | Self::Withdrawn => false,
        }
    }
}

words! {
    /// What the assessor concludes (审查结论).
    Conclusion, "conclusion of an admission review":
    /// 建议准入.
    Fit = "fit",
    /// 建议不准入.
    NotFit = "not_fit",
}

words! {
    /// How a check came out (判定).
    Verdict, "verdict of a check":
    /// 通过.
    Passed = "passed",
    /// 不通过.
    Failed = "failed",
    /// It lets the applicant in by the longer chain of approval (加审).
    Risky = "risky",
    /// Facts are lacking (缺资料).
    Lacking = "lacking",
}

/// A text in both languages, as it stood when the sheet was submitted.
pub type Both = (String, String);

/// What is applied for, with the preliminary review (准入申请).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Application {
    /// The product, as the pack names it.
    pub product: String,
    /// 申请金额.
    pub amount: Fen,
    /// 期限, months.
    pub months: i64,
    /// 用途.
    pub purpose: String,
    /// 还款来源.
    pub repayment_source: String,
    /// 担保方式, as the fact `loan_method_asked` names it.
    pub method: String,
    /// What the preliminary review found (S1-20 1).
    pub preliminary: String,
}

/// A check of the policy (准入判定), with row, articles and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// The decision.
    pub decision: String,
    /// What people call it.
    pub title: Both,
    /// The output looked at.
    pub output: String,
    /// What it gave; nothing while facts are lacking.
    pub value: Option<String>,
    /// `passed`, `failed`, `risky` or `lacking`.
    pub verdict: String,
    /// The rule.
    pub rule: String,
    /// The row that hit.
    pub row: String,
    /// What the row says of itself.
    pub note: Both,
    /// The articles.
    pub articles: Vec<String>,
    /// The facts to be supplied.
    pub lacking: Vec<String>,
}

/// An item of the check sheet (核查项): known from the file, or answered by the assessor, with its evidence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// The fact.
    pub fact: String,
    /// What people call it.
    pub title: Both,
    /// What evidence the policy asks for: `file`, `note`, or nothing.
    pub needs: String,
    /// The value; nothing while nobody said.
    pub value: Option<String>,
    /// Where it comes from: a route, `statement`, `report`, `file`, `book`, `assessor`; empty: nowhere yet.
    pub source: String,
    /// Of which day it is.
    pub on: Option<Date>,
    /// The document of the customer's file that proves it.
    pub document: Option<i64>,
    /// What that document is called.
    pub document_name: String,
    /// What the assessor says of it.
    pub note: String,
}

/// By which means a subject was checked (核实方式), S5.2-03.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    /// `income`, `asset`, `debt` or `report`.
    pub subject: String,
    /// The means: ways of verification and routes of data.
    pub means: Vec<String>,
    /// How many the policy asks for.
    pub least: i64,
}

impl Review {
    /// Whether enough was done.
    #[must_use]
    pub fn is_done(&self) -> bool {
        i64::try_from(self.means.len()).unwrap_or(i64::MAX) >= self.least
    }
}

/// What is proposed and decided (拟定条件): amount, term and rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// 拟准金额.
    pub amount: Fen,
    /// 拟准期限, months.
    pub months: i64,
    /// 拟定年利率, billionths.
    pub rate_e9: i64,
    /// 等额本息月供, what the ratio is computed with.
    pub payment: Fen,
}

/// What the classes of the applicant did when the sheet was submitted (分类的放款效力).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lending {
    /// Whether it is handled before others by the fast chain.
    pub fast: bool,
    /// How much of what was applied for may be lent, parts per million.
    pub share_ppm: i64,
    /// Base points by which the rate may lie below the usual floor.
    pub cut_bp: i64,
    /// The classes behind it, in words.
    pub why: Both,
}

impl Lending {
    /// The most that may be lent of what was applied for.
    #[must_use]
    pub fn most(&self, applied: Fen) -> Fen {
        Effect { share_ppm: self.share_ppm, ..Effect::default() }.most(applied)
    }
}

/// The check sheet as it was submitted (核查表): frozen with the rules that made it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sheet {
    /// What people call the product.
    pub product: Both,
    /// The checks of the policy.
    pub checks: Vec<Check>,
    /// The items with their evidence.
    pub items: Vec<Item>,
    /// The means of checking.
    pub reviews: Vec<Review>,
    /// What mitigates a weak credit (风险缓释), S1-10.
    pub mitigants: String,
    /// What is proposed.
    pub terms: Terms,
    /// `fit` or `not_fit`.
    pub conclusion: String,
    /// Why, where it is not fit.
    pub reason: String,
    /// The assessor's opinion.
    pub opinion: String,
    /// Whether the longer chain decides.
    pub risky: bool,
    /// What the classes do; nothing on sheets that are older than that rule.
    #[serde(default)]
    pub lending: Option<Lending>,
    /// The version of the rules.
    pub policy_version: String,
}

impl Sheet {
    /// Whether it is handled before others by the fast chain.
    #[must_use]
    pub fn is_fast(&self) -> bool {
        !self.risky && self.lending.as_ref().is_some_and(|lending| lending.fast)
    }

    /// The checks that failed.
    pub fn failed(&self) -> impl Iterator<Item = &Check> {
        self.of(Verdict::Failed)
    }

    /// The checks for which facts are lacking.
    pub fn lacking(&self) -> impl Iterator<Item = &Check> {
        self.of(Verdict::Lacking)
    }

    fn of(&self, verdict: Verdict) -> impl Iterator<Item = &Check> {
        self.checks.iter().filter(move |check| check.verdict == verdict.as_str())
    }
}

/// An admission review (准入审查).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Admission {
    /// Whose.
    pub customer: CustomerId,
    /// Its key.
    pub id: AdmissionId,
    /// Its number.
    pub number: String,
    /// What is applied for.
    pub application: Application,
    /// The check sheet; nothing before it was submitted.
    pub sheet: Option<Sheet>,
    /// Where it stands.
    pub state: AdmissionState,
    /// The approval that decides it.
    pub approval: Option<ApprovalId>,
    /// Who submitted the check sheet.
    pub assessor: Option<UserId>,
    /// When it was decided.
    pub decided_on: Option<Date>,
    /// When it was begun.
    pub begun_on: Date,
    /// Who began it.
    pub begun_by: UserId,
    /// Rises with every change.
    pub version: i64,
}

impl Admission {
    /// What it is called in decisions and approvals.
    #[must_use]
    pub fn subject(&self) -> String {
        format!("admission:{}", self.id)
    }
}

/// What the assessor said (评估人填写).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assessment {
    /// Answers to items that the file does not know, as typed.
    pub answers: BTreeMap<String, String>,
    /// Documents that prove items.
    pub documents: BTreeMap<String, i64>,
    /// Words to items.
    pub notes: BTreeMap<String, String>,
    /// What mitigates a weak credit.
    pub mitigants: String,
    /// 拟准金额.
    pub amount: Fen,
    /// 拟准期限, months.
    pub months: i64,
    /// 拟定年利率, billionths.
    pub rate_e9: i64,
    /// The conclusion.
    pub conclusion: Conclusion,
    /// Why, where it is not fit.
    pub reason: String,
    /// The opinion.
    pub opinion: String,
}
