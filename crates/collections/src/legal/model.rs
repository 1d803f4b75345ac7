//! Legal recovery: the file, its ground, its evidence and the means taken. Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use finance::Fen;
use jiff::civil::Date;
use platform::{id_type, stored_as_text};
use serde::{Deserialize, Serialize};
use servicing::loan::model::LoanKey;

use crate::limitation::model::EventKind;

id_type!(LegalFileId, "The key of a legal file (法律案卷).");
id_type!(MeansId, "The key of a legal means taken (法律手段).");

/// Why a loan goes to legal recovery (移交理由).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ground {
    /// 拒不还款: days, attempts and a refusal (S4-21).
    Refusal,
    /// 紧急保全: the cause of the default asks for preservation at once (S2.3-14).
    Urgent,
}

impl Ground {
    /// Its name in data.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Refusal => "refusal",
            Self::Urgent => "urgent",
        }
    }

    /// Reads its name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Refusal, Self::Urgent].into_iter().find(|ground| ground.as_str() == text)
    }
}
stored_as_text!(Ground, "ground of a legal file");

/// What is known of a loan when it shall go to legal recovery (移交条件情况).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// 逾期天数.
    pub days: i64,
    /// Documented attempts to collect since it fell overdue.
    pub attempts: i64,
    /// Whether a refusal to pay is on record.
    pub refused: bool,
    /// Whether the recorded cause asks for preservation at once.
    pub urgent: bool,
}

/// What the policy asks for (移交条件).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gate {
    /// Days overdue at least.
    pub days: i64,
    /// Attempts at least.
    pub attempts: i64,
}

/// A legal means (法律手段, S4-22).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MeansKind {
    /// 律师函.
    LawyersLetter,
    /// 调解.
    Mediation,
    /// 财产保全.
    Preservation,
    /// 起诉.
    Suit,
    /// 仲裁.
    Arbitration,
    /// 支付令.
    PaymentOrder,
    /// 强制执行.
    Enforcement,
}

impl MeansKind {
    /// Every kind, in the order in which the policy's text names them.
    pub const ALL: [Self; 7] = [
        Self::LawyersLetter,
        Self::Mediation,
        Self::Preservation,
        Self::Suit,
        Self::Arbitration,
        Self::PaymentOrder,
        Self::Enforcement,
    ];

    /// Its name in data.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::LawyersLetter => "lawyers-letter",
            Self::Mediation => "mediation",
            Self::Preservation => "preservation",
            Self::Suit => "suit",
            Self::Arbitration => "arbitration",
            Self::PaymentOrder => "payment-order",
            Self::Enforcement => "enforcement",
        }
    }

    /// Reads its name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    /// What it does to the limitation; `None`: it has to be proved otherwise, such as by the receipt of the letter.
    #[must_use]
    pub fn interrupts(self) -> Option<EventKind> {
        match self {
            Self::LawyersLetter | Self::Mediation => None,
            Self::Preservation => Some(EventKind::Preservation),
            Self::Suit => Some(EventKind::Suit),
            Self::Arbitration => Some(EventKind::Arbitration),
            Self::PaymentOrder => Some(EventKind::PaymentOrder),
            Self::Enforcement => Some(EventKind::Enforcement),
        }
    }

    /// Whether its end can give a title that is enforced.
    #[must_use]
    pub fn gives_title(self) -> bool {
        match self {
            Self::Mediation | Self::Suit | Self::Arbitration | Self::PaymentOrder => true,
            Self::LawyersLetter | Self::Preservation | Self::Enforcement => false,
        }
    }
}
stored_as_text!(MeansKind, "kind of a legal means");

/// A means as it stands (已采取的手段).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Means {
    /// Its key.
    pub id: MeansId,
    /// Which.
    pub kind: MeansKind,
    /// When it was taken.
    pub on: Date,
    /// Court, commission, mediator or law firm.
    pub authority: String,
    /// 案号.
    pub reference: String,
    /// 标的金额.
    pub amount: Option<Fen>,
    /// What it has cost, its end included.
    pub cost: Fen,
    /// When it ended, with what, and whether that is a title that can be enforced.
    pub ended: Option<Ended>,
    /// By whom it was recorded.
    pub by: String,
}

/// How a means ended (手段结果).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended {
    /// When.
    pub on: Date,
    /// What came of it, in words.
    pub outcome: String,
    /// 生效法律文书: whether it can be enforced.
    pub title: bool,
}

/// What is recorded of a new means (手段登记).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMeans {
    /// Which.
    pub kind: MeansKind,
    /// When.
    pub on: Date,
    /// Court, commission, mediator or law firm.
    pub authority: String,
    /// 案号.
    pub reference: String,
    /// 标的金额.
    pub amount: Option<Fen>,
    /// What it cost.
    pub cost: Fen,
}

/// How a legal file ended (结卷结果).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// 已还清: what it was about is paid.
    Paid,
    /// 办结: a person closed it, for a reason.
    Ended,
}

impl Outcome {
    /// Its name in data.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Paid => "paid",
            Self::Ended => "ended",
        }
    }

    /// Reads its name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Paid, Self::Ended].into_iter().find(|outcome| outcome.as_str() == text)
    }
}
stored_as_text!(Outcome, "outcome of a legal file");

/// A legal file (法律案卷).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LegalFile {
    /// Its key.
    pub id: LegalFileId,
    /// The loan.
    pub loan: LoanKey,
    /// Why it was opened.
    pub ground: Ground,
    /// What the gate saw then.
    pub seen: Standing,
    /// When it was opened.
    pub opened_on: Date,
    /// When it was closed, and why.
    pub closed: Option<(Date, String)>,
    /// How it ended.
    pub outcome: Option<Outcome>,
    /// Rises with every change.
    pub version: i64,
}

/// A piece of evidence (证据项).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// Its name in the policy's list.
    pub item: String,
    /// Where it lies; `None`: it is missing.
    pub place: Option<String>,
}
