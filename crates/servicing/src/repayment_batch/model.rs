//! A batch of repayments, its rows, and what becomes of each. Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use finance::{Allocation, Fen};
use jiff::Timestamp;
use jiff::civil::Date;
use platform::error::{Refusal as _, Refused};
use platform::id::{BranchId, UserId};
use platform::{id_type, stored_as_text};
use serde::{Deserialize, Serialize};

use crate::book::{self, Fact, Source};
use crate::error::{ServicingError, complaint_text};
use crate::loan::model::{Channel, LoanKey, TransactionId};

id_type!(BatchId, "The key of a batch of repayments (批量还款批次).");

/// How far a batch is (批次状态).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BatchState {
    /// 已试算.
    Tried,
    /// 已入账.
    Recorded,
}

impl BatchState {
    /// Its name in data.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Tried => "tried",
            Self::Recorded => "recorded",
        }
    }

    /// Reads its name.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Tried, Self::Recorded].into_iter().find(|s| s.as_str() == text)
    }
}

stored_as_text!(BatchState, "state of a batch of repayments");

/// One file of repayments (批量还款批次).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// The key.
    pub id: BatchId,
    /// 文件名.
    pub file_name: String,
    /// By which the file is found.
    pub content_hash: String,
    /// How its money moved.
    pub channel: Channel,
    /// How far it is.
    pub state: BatchState,
    /// 机构 of whoever sent it.
    pub branch: BranchId,
    /// When it was sent.
    pub recorded_at: Timestamp,
    /// By whom.
    pub recorded_by: UserId,
}

impl Batch {
    /// The thing for the audit trail.
    pub fn subject(&self) -> String {
        format!("repayment_batch:{}", self.id)
    }
}

/// What becomes of a row (行结果).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// 可入账.
    Good,
    /// 疑似重复: the same date and amount was entered by hand; recorded only when somebody says so.
    Doubtful,
    /// 已入账 before: by its business key.
    Existing,
    /// 不能入账.
    Refused,
    /// 本次入账.
    Recorded,
    /// 未入账: refused, or doubtful and not chosen, when the batch was recorded.
    Left,
}

impl Outcome {
    /// Those of a dry run.
    pub const TRIED: [Self; 4] = [Self::Good, Self::Doubtful, Self::Existing, Self::Refused];
    /// Those of a recorded batch.
    pub const DONE: [Self; 3] = [Self::Recorded, Self::Existing, Self::Left];

    /// Its name in data.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Doubtful => "doubtful",
            Self::Existing => "existing",
            Self::Refused => "refused",
            Self::Recorded => "recorded",
            Self::Left => "left",
        }
    }

    /// Reads its name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::TRIED.into_iter().chain(Self::DONE).find(|s| s.as_str() == text)
    }
}

stored_as_text!(Outcome, "outcome of a row");

/// Something to tell about a row (校验结果): the id of its sentence and what the sentence needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The message.
    pub message: String,
    /// Its variables.
    pub facts: Vec<Fact>,
}

impl Finding {
    /// A finding of a batch: `repaybatch-found-…`.
    pub fn new(name: &str, facts: &[(&str, String)]) -> Self {
        let facts = facts.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        Self { message: format!("repaybatch-found-{name}"), facts }
    }

    /// What the loan's own rules say against a repayment.
    pub fn refused(error: &ServicingError) -> Self {
        Self::said(&error.refused())
    }

    /// A refusal as a finding.
    pub fn said(refused: &Refused) -> Self {
        let facts = refused.details.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        Self { message: complaint_text(refused.code), facts }
    }
}

impl From<&book::Refusal> for Finding {
    fn from(refusal: &book::Refusal) -> Self {
        Self { message: refusal.message_id(), facts: refusal.facts.clone() }
    }
}

impl From<&book::Warning> for Finding {
    fn from(warning: &book::Warning) -> Self {
        Self { message: warning.message_id(), facts: warning.facts.clone() }
    }
}

/// One row of the file (一行), before or after recording.
#[derive(Debug, Clone, PartialEq)]
pub struct BatchRow {
    /// Where it stands in the file.
    pub source: Source,
    /// What becomes of it.
    pub outcome: Outcome,
    /// The loan's number as the file has it.
    pub loan_no: String,
    /// The loan and its borrower's name, where it is known.
    pub loan: Option<(LoanKey, String)>,
    /// 还款日.
    pub on: Option<Date>,
    /// 金额.
    pub amount: Option<Fen>,
    /// 当日应还, before the money came.
    pub due: Option<Fen>,
    /// What it would settle.
    pub settles: Vec<Allocation>,
    /// What is to be told of it.
    pub findings: Vec<Finding>,
    /// What was recorded, now or before.
    pub transaction: Option<TransactionId>,
}

/// How many rows of one outcome, and their sum (合计).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sum {
    /// Rows.
    pub rows: usize,
    /// Money; of rows whose amount can be read.
    pub amount: Fen,
}

/// The count and sum of one outcome.
pub fn sum_of(rows: &[BatchRow], outcome: Outcome) -> Sum {
    let of = || rows.iter().filter(|row| row.outcome == outcome);
    let amount = Fen::checked_sum(of().filter_map(|row| row.amount)).unwrap_or(Fen(i64::MAX));
    Sum { rows: of().count(), amount }
}
