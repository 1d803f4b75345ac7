//! Refusals of slips (拒绝): each with its numbers, its rule and what to do instead.

use platform::error::{Refusal, RefusalKind, Refused};

/// Why a slip is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SlipError {
    /// Nothing was paid out of the loan, or every payout has its slip.
    #[error("no payout of loan {number} without a slip")]
    NoPayout {
        /// Which.
        number: String,
    },
    /// The bank's number was entered before.
    #[error("slip {number} is known")]
    Taken {
        /// The bank's number.
        number: String,
    },
    /// There is no such slip, or not for this person.
    #[error("no such slip")]
    Unknown,
    /// It was compared already.
    #[error("the slip is {state}")]
    State {
        /// Where it stands.
        state: &'static str,
    },
    /// Whoever entered a slip does not compare it.
    #[error("entered by the same person")]
    Own,
    /// It does not agree with the loan or the customer's file.
    #[error("slip {number} differs in {count} parts, first {part}")]
    Differs {
        /// The bank's number.
        number: String,
        /// The first part that differs.
        part: &'static str,
        /// How many do.
        count: usize,
    },
}

impl Refusal for SlipError {
    fn refused(&self) -> Refused {
        use RefusalKind::{Conflict, Forbidden, NotFound};
        match self {
            Self::NoPayout { number } => {
                Refused::new(Conflict, "slip-no-payout").with("number", number).under("slip.entry", None)
            }
            Self::Taken { number } => {
                Refused::new(Conflict, "slip-taken").with("number", number).under("slip.entry", None)
            }
            Self::Unknown => Refused::new(NotFound, "slip-not-found"),
            Self::State { state } => {
                Refused::new(Conflict, "slip-state").with("state", state).under("slip.second", None)
            }
            Self::Own => Refused::new(Forbidden, "slip-own").under("slip.second", None),
            Self::Differs { number, part, count } => Refused::new(Conflict, "slip-differs")
                .with("number", number)
                .with("part", part)
                .with("count", count)
                .under("slip.compare", None),
        }
    }
}
