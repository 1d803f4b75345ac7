//! What starts a collection (催收起因), S2.3-01. Pure.

#![deny(clippy::wildcard_enum_match_arm)]

/// What starts a collection (催收起因).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ground {
    /// 借款人身故.
    Dead,
    /// 借款人失联.
    Missing,
    /// 提前到期: the contract ended before its day.
    Recalled,
    /// 到期未还: matured, and neither extended nor restructured.
    Matured,
    /// 分期逾期: a part of a loan that goes on.
    Overdue,
}

impl Ground {
    /// Its name in data, as the history of a case keeps it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Dead => "dead",
            Self::Missing => "missing",
            Self::Recalled => "recalled",
            Self::Matured => "matured",
            Self::Overdue => "overdue",
        }
    }
}

/// What is known of a borrower and of a loan when collection starts (起因情况).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Known {
    /// The borrower is dead.
    pub dead: bool,
    /// The borrower cannot be reached any more.
    pub missing: bool,
    /// The loan was called.
    pub recalled: bool,
    /// Its last day is over.
    pub matured: bool,
    /// Something of it is unpaid.
    pub unpaid: bool,
    /// The borrower has nothing left to pay with.
    pub unable: bool,
    /// An extension or restructuring is still possible: it was asked for and is not decided.
    pub other_terms: bool,
}

/// Why collection starts (rule `case.start`, S2.3-01, A-30): the borrower is dead or disappeared; or the loan was called; or it
/// matured and is unpaid or cannot be paid, and neither extension nor restructuring is possible; else a part is overdue.
#[must_use]
pub fn ground(known: Known) -> Ground {
    if known.dead {
        Ground::Dead
    } else if known.missing {
        Ground::Missing
    } else if known.recalled {
        Ground::Recalled
    } else if known.matured && (known.unpaid || known.unable) && !known.other_terms {
        Ground::Matured
    } else {
        Ground::Overdue
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Rule `case.start`. S2.3-01, A-30: matured AND (unpaid OR unable) AND neither extension nor restructuring possible.
    #[test]
    fn a_matured_loan_starts_collection_only_where_no_other_terms_are_possible() {
        let matured = Known { matured: true, ..Known::default() };
        let rows = [
            (matured, Ground::Overdue),
            (Known { unpaid: true, ..matured }, Ground::Matured),
            (Known { unable: true, ..matured }, Ground::Matured),
            (Known { unpaid: true, unable: true, other_terms: true, ..matured }, Ground::Overdue),
            (Known { unpaid: true, ..Known::default() }, Ground::Overdue),
            (Known { unpaid: true, recalled: true, other_terms: true, ..matured }, Ground::Recalled),
            (Known { missing: true, recalled: true, ..matured }, Ground::Missing),
            (Known { dead: true, missing: true, ..Known::default() }, Ground::Dead),
        ];
        for (known, expected) in rows {
            assert_eq!(ground(known), expected, "{known:?}");
        }
    }
}
