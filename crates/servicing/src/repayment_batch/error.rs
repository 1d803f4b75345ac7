//! Refusals of batches (拒绝).

use platform::error::{Refusal, RefusalKind, Refused};
use platform::sheets::SheetError;

/// Why a batch of repayments says no.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BatchError {
    /// The file cannot be read.
    #[error(transparent)]
    File(#[from] SheetError),
    /// No sheet of the file has the columns of repayments.
    #[error("no sheet with loan number, date and amount")]
    NoRepayments,
    /// More rows than one transaction takes.
    #[error("{rows} rows, at most {limit}")]
    TooManyRows {
        /// In the file.
        rows: usize,
        /// The bound.
        limit: usize,
    },
    /// There is no such batch, or not for this person.
    #[error("no such batch")]
    NotFound,
    /// It was recorded already.
    #[error("the batch is recorded already")]
    AlreadyRecorded,
    /// What it would do is no longer what was on the screen.
    #[error("the batch would do something else by now")]
    Changed,
    /// Not every row can be recorded, and nobody asked for the good ones only.
    #[error("{rows} rows cannot be recorded")]
    RowsLeft {
        /// How many.
        rows: usize,
    },
    /// No row is left to record.
    #[error("nothing to record")]
    Nothing,
}

impl Refusal for BatchError {
    fn refused(&self) -> Refused {
        use RefusalKind::{Conflict, Invalid, NotFound};
        match self {
            Self::File(error) => Refused::new(Invalid, "import-file").with("code", error.code()),
            Self::NoRepayments => Refused::new(Invalid, "repaybatch-no-repayments"),
            Self::TooManyRows { rows, limit } => {
                Refused::new(Invalid, "repaybatch-too-many-rows").with("rows", rows).with("limit", limit)
            }
            Self::NotFound => Refused::new(NotFound, "repaybatch-not-found"),
            Self::AlreadyRecorded => Refused::new(Conflict, "repaybatch-already-recorded"),
            Self::Changed => Refused::new(Conflict, "repaybatch-changed"),
            // Rule `repayment-batch.partial`.
            Self::RowsLeft { rows } => {
                Refused::new(Conflict, "repaybatch-rows-left").with("rows", rows).under("repayment-batch.partial", None)
            }
            Self::Nothing => Refused::new(Conflict, "repaybatch-nothing"),
        }
    }
}
