//! A finding of misuse asked for (挪用认定). Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use finance::TransactionKind;
use serde::{Deserialize, Serialize};

use crate::loan::model::LoanFile;

/// What is asked for, and what agreement makes true (挪用).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Misuse {
    /// Whether the loan is misused from today on, or no longer is.
    pub flagged: bool,
    /// What was found, and how.
    pub reason: String,
}

/// Whether the loan is marked as misused now; a mark that was reversed never was.
pub fn is_flagged(file: &LoanFile) -> bool {
    let stands = file.transactions.iter().filter(|t| file.reversed_by(t.id).is_none());
    let marks = stands.filter_map(|t| {
        let TransactionKind::Misuse { flagged } = t.fact.kind else { return None };
        Some((t.fact.on, flagged))
    });
    marks.max_by_key(|(on, _)| *on).is_some_and(|(_, flagged)| flagged)
}
