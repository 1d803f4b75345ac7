//! Letters, what is in them, and the steps of their life. Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use customers::relation::model::RelationId;
use finance::Fen;
use jiff::Timestamp;
use jiff::civil::Date;
use platform::id::CustomerId;
use platform::{id_type, stored_as_text};
use serde::{Deserialize, Serialize};
use servicing::loan::model::LoanKey;

use crate::limitation::model::Signer;

id_type!(LetterId, "The key of a letter (函件).");

/// What a letter is (函件种类); its words are the template `letter_…` of the policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LetterKind {
    /// 逾期催收通知书.
    Reminder,
    /// 正式催款函 (S4-08).
    Dunning,
    /// 律师函 (S4-22).
    Lawyer,
    /// 保证责任催收通知书 (S2.3-04).
    Guarantor,
    /// 遗产债务清偿通知书: to an heir, within what was inherited (S2.5-24).
    Heir,
}

impl LetterKind {
    /// Every kind.
    pub const ALL: [Self; 5] = [Self::Reminder, Self::Dunning, Self::Lawyer, Self::Guarantor, Self::Heir];

    /// Its name in data.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Reminder => "reminder",
            Self::Dunning => "dunning",
            Self::Lawyer => "lawyer",
            Self::Guarantor => "guarantor",
            Self::Heir => "heir",
        }
    }

    /// Reads its name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    /// The template of the policy.
    #[must_use]
    pub fn template(self) -> &'static str {
        match self {
            Self::Reminder => "letter_reminder",
            Self::Dunning => "letter_dunning",
            Self::Lawyer => "letter_lawyer",
            Self::Guarantor => "letter_guarantor",
            Self::Heir => "letter_heir",
        }
    }
}
stored_as_text!(LetterKind, "kind of a letter");

/// Where a letter stands (函件状态, S2.2-03).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LetterState {
    /// 已生成.
    Generated,
    /// 已寄出.
    Sent,
    /// 已送达.
    Delivered,
    /// 已签收.
    Signed,
    /// 已退回.
    Returned,
    /// 已归档.
    Filed,
    /// 已作废.
    Void,
}

impl LetterState {
    /// Every state.
    pub const ALL: [Self; 7] =
        [Self::Generated, Self::Sent, Self::Delivered, Self::Signed, Self::Returned, Self::Filed, Self::Void];

    /// Its name in data.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Generated => "generated",
            Self::Sent => "sent",
            Self::Delivered => "delivered",
            Self::Signed => "signed",
            Self::Returned => "returned",
            Self::Filed => "filed",
            Self::Void => "void",
        }
    }

    /// Reads its name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }

    /// The states that can follow. Rule `letter.life`.
    #[must_use]
    pub fn next(self) -> &'static [Self] {
        match self {
            Self::Generated => &[Self::Sent, Self::Void],
            Self::Sent => &[Self::Delivered, Self::Signed, Self::Returned],
            Self::Delivered => &[Self::Signed, Self::Returned],
            Self::Returned => &[Self::Sent, Self::Filed],
            Self::Signed => &[Self::Filed],
            Self::Filed | Self::Void => &[],
        }
    }

    /// Whether it is an open item: nobody has signed for it yet (S2.2-03).
    #[must_use]
    pub fn is_open(self) -> bool {
        match self {
            Self::Generated | Self::Sent | Self::Delivered | Self::Returned => true,
            Self::Signed | Self::Filed | Self::Void => false,
        }
    }
}
stored_as_text!(LetterState, "state of a letter");

/// Everything that is printed, as it stood on the day of issue (函件内容).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// 标题.
    pub title: String,
    /// Whom it is addressed to.
    pub addressee: String,
    /// The addressee's identity number, masked; empty where it is not known.
    pub masked_id: String,
    /// 合同编号.
    pub contract_no: String,
    /// 借据号.
    pub loan_no: String,
    /// 借款本金.
    pub principal: Fen,
    /// 利率.
    pub rate: String,
    /// 签约日.
    pub signed_on: Date,
    /// 到期日.
    pub matures_on: Date,
    /// The day that the amounts stand at.
    pub as_of: Date,
    /// 逾期起始日.
    pub overdue_since: Date,
    /// 逾期天数.
    pub days_overdue: u32,
    /// 还款期限.
    pub pay_by: Date,
    /// Paragraphs before what is due.
    pub opening: Vec<String>,
    /// What is due: word, amount, where it comes from.
    pub items: Vec<(String, Fen, String)>,
    /// Paragraphs behind what is due.
    pub demand: Vec<String>,
    /// Where to pay: label and value.
    pub pay_to: Vec<(String, String)>,
    /// Paragraphs at the end.
    pub closing: Vec<String>,
    /// 联系方式.
    pub contact: String,
    /// The institution's name.
    pub institution: String,
    /// The rule of the template.
    pub rule: String,
    /// The article that asks for the letter.
    pub article: String,
}

/// A letter as it is kept (函件).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// Its key.
    pub id: LetterId,
    /// The loan.
    pub loan: LoanKey,
    /// The guarantee whose guarantor it is to; `None`: to the debtor.
    pub guarantee: Option<i64>,
    /// The related party who owes besides the debtor and whom it is to.
    pub relation: Option<RelationId>,
    /// 函件号.
    pub number: String,
    /// What it is.
    pub kind: LetterKind,
    /// What is printed.
    pub content: Content,
    /// The total demanded.
    pub total: Fen,
    /// Where it stands.
    pub state: LetterState,
    /// Since when.
    pub state_on: Date,
    /// The day of issue.
    pub issued_on: Date,
    /// Rises with every step.
    pub version: i64,
}

impl Letter {
    /// The thing for audit and duties.
    #[must_use]
    pub fn subject(&self) -> String {
        format!("letter:{}", self.id)
    }

    /// Whose file.
    #[must_use]
    pub fn customer(&self) -> CustomerId {
        self.loan.customer
    }
}

/// What happened to a letter (函件经过).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What it came to.
    pub to: LetterState,
    /// When.
    pub on: Date,
    /// Who signed.
    pub signer: Option<Signer>,
    /// Tracking number, reason, place in the file.
    pub detail: String,
    /// Whether the receipt says that the debtor agrees to pay.
    pub agrees: bool,
}

/// A step as it was recorded (函件经过记录).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedStep {
    /// What happened.
    pub step: Step,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// By whom.
    pub by: String,
}
