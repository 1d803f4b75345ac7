//! A run of an import (导入批次), what it found, what it brings. Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use finance::Fen;
use jiff::Timestamp;
use platform::id::{BranchId, UserId};
use platform::{id_type, stored_as_text};
use serde::{Deserialize, Serialize};

use crate::book::{Conventions, Fact, Glance, SheetLayout};

id_type!(RunId, "The key of an import (导入批次).");

/// How far an import is (导入状态).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunState {
    /// 已上传: the sheets are recognised, nobody confirmed them yet.
    Uploaded,
    /// 已试算: everything is known, nothing is written.
    Tried,
    /// 写入中: some batches may be in.
    Importing,
    /// 已导入.
    Imported,
    /// 已撤销: what it had brought is void and hidden. Never stored as a state: it follows from `import_undo`.
    Undone,
}

impl RunState {
    /// Every state in its order.
    pub const ALL: [Self; 5] = [Self::Uploaded, Self::Tried, Self::Importing, Self::Imported, Self::Undone];

    /// Its name in data.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Uploaded => "uploaded",
            Self::Tried => "tried",
            Self::Importing => "importing",
            Self::Imported => "imported",
            Self::Undone => "undone",
        }
    }

    /// Reads its name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.as_str() == text)
    }
}

stored_as_text!(RunState, "state of an import");

/// How bad a finding is (级别).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// 错误: the row, or the cell of a wide table, does not come in.
    Refused,
    /// 提醒: it comes in.
    Warning,
}

impl Level {
    /// Its name in data.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::Warning => "warning",
        }
    }

    /// Reads its name.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Refused, Self::Warning].into_iter().find(|l| l.as_str() == text)
    }
}

stored_as_text!(Level, "level of a finding");

/// Something to tell about a row of the user's file (校验结果).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The sheet.
    pub sheet: String,
    /// The row; none for a whole column or sheet.
    pub row: Option<u32>,
    /// The column; none for a whole row.
    pub column: Option<u32>,
    /// The column's heading.
    pub heading: Option<String>,
    /// How bad.
    pub level: Level,
    /// What: a code of [`crate::book`] or one of [`super::rules`].
    pub code: String,
    /// What the sentence needs.
    pub facts: Vec<Fact>,
    /// What stands in the cell, masked where the column is personal.
    pub value: Option<String>,
    /// The loan concerned.
    pub loan: Option<String>,
    /// What the row says of it.
    pub glance: Glance,
}

impl Finding {
    /// The message with the reason and what to do.
    pub fn message_id(&self) -> String {
        format!("book-{}-{}", self.level.as_str(), self.code.replace('_', "-"))
    }
}

/// Counts and control totals (导入合计): of a try what would come in, of an import what came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Summary {
    /// Customers, guarantors and owners of collateral in the file.
    pub customers: usize,
    /// Of them, those with a file already.
    pub customers_existing: usize,
    /// Loans.
    pub loans: usize,
    /// Of them, those in the ledger already.
    pub loans_existing: usize,
    /// Principal of the loans.
    pub principal: Fen,
    /// Transactions without disbursements.
    pub receipts: usize,
    /// Of all transactions, those recorded already.
    pub transactions_existing: usize,
    /// The sum of the transactions without disbursements.
    pub received: Fen,
    /// Guarantees.
    pub guarantees: usize,
    /// Collaterals.
    pub collaterals: usize,
    /// Rows with something refused.
    pub refused_rows: usize,
    /// Warnings.
    pub warnings: usize,
    /// Outstanding principal of the loans on the date of the book, replayed.
    pub outstanding: Fen,
    /// Whether anything at all is new.
    pub anything_new: bool,
}

/// One import from upload to the ledger (导入批次).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// The key.
    pub id: RunId,
    /// 文件名.
    pub file_name: String,
    /// By which the file is found.
    pub content_hash: String,
    /// How far it is.
    pub state: RunState,
    /// How every sheet is read.
    pub layouts: Vec<SheetLayout>,
    /// What was asked once; `None` until answered.
    pub conventions: Option<Conventions>,
    /// Counts and control totals.
    pub summary: Summary,
    /// Whether refused rows are left behind on request.
    pub partial: bool,
    /// How many loans of the file are dealt with.
    pub done_loans: usize,
    /// 机构 of whoever imports.
    pub branch: BranchId,
    /// When it was uploaded.
    pub recorded_at: Timestamp,
    /// By whom; 0 the system.
    pub recorded_by: UserId,
    /// When the last row was in.
    pub finished_at: Option<Timestamp>,
    /// Rises with each change.
    pub version: i64,
}

impl Run {
    /// The thing for the audit trail.
    pub fn subject(&self) -> String {
        format!("import:{}", self.id)
    }

    /// The source of what comes from one place of the file.
    pub fn detail(&self, source: &crate::book::Source) -> String {
        match source.column {
            Some(column) => {
                format!("{} {}!{}{}", self.id, source.sheet, platform::sheets::column_letters(column), source.row)
            }
            None => format!("{} {}!{}", self.id, source.sheet, source.row),
        }
    }
}
