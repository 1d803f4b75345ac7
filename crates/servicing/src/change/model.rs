//! What every change has in common (变更). Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use finance::{Position, Status, Transaction, TransactionKind};
use jiff::civil::Date;

use crate::error::ServicingError;
use crate::loan::model::LoanFile;
use crate::position::engine::Engine;

/// The number of a transaction that is only tried out; keys of real ones are far below.
pub(crate) const TRIED: u64 = u64::MAX;

/// A loan before and after a change that is only tried out (试算).
#[derive(Debug, Clone)]
pub struct Trial {
    /// As it stands.
    pub before: Position,
    /// As it would stand.
    pub after: Position,
}

impl Trial {
    /// Replays the loan with and without the change; nothing is written.
    ///
    /// Errors: what the replay refuses.
    pub fn of(engine: &Engine, file: &LoanFile, on: Date, kind: TransactionKind) -> Result<Self, ServicingError> {
        Self::later(engine, file, on, kind, on)
    }

    /// The same on a later day, if nothing else happens until then.
    ///
    /// Errors: what the replay refuses.
    pub fn later(
        engine: &Engine,
        file: &LoanFile,
        on: Date,
        kind: TransactionKind,
        as_of: Date,
    ) -> Result<Self, ServicingError> {
        let mut facts = file.facts(None);
        facts.retain(|fact| fact.on <= on);
        let context = engine.context();
        let before = finance::replay(&file.terms, &context, &facts, as_of)?;
        facts.push(Transaction::new(TRIED, on, kind));
        let after = finance::replay(&file.terms, &context, &facts, as_of)?;
        Ok(Self { before, after })
    }
}

/// A loan whose debt is paid or off the books takes no change. Rule `change.living-debt`.
pub fn refuse_ended(file: &LoanFile, position: &Position) -> Result<(), ServicingError> {
    let number = file.loan.number.clone();
    match position.status {
        Status::Settled => Err(ServicingError::Settled { number }),
        Status::WrittenOff => Err(ServicingError::WrittenOff { number }),
        Status::Undrawn | Status::Current | Status::Overdue => Ok(()),
    }
}
