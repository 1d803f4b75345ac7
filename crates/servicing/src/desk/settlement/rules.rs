//! Which statement covers a settlement. Pure.

use finance::Fen;
use jiff::civil::Date;

use super::model::{Statement, StatementState};
use crate::desk::error::DeskError;

/// Refuses a settlement that no signed statement of its day covers to the fen (rule `settlement.signed-first`): what the
/// leader signed is what is paid.
///
/// Errors: none is signed for that day; the signed one says another sum.
pub(super) fn covered(number: &str, known: &[Statement], on: Date, settles: Fen) -> Result<(), DeskError> {
    let mut signed = known.iter().filter(|one| one.state == StatementState::Signed && one.settles_on == on).peekable();
    let Some(latest) = signed.peek().map(|one| one.total) else {
        return Err(DeskError::SettlementUnsigned { number: number.to_owned(), on });
    };
    if signed.any(|one| one.total == settles) {
        return Ok(());
    }
    Err(DeskError::SettlementOther { number: number.to_owned(), stated: latest, settles })
}

#[cfg(test)]
mod tests {
    use finance::Amounts;
    use jiff::civil::date;
    use platform::id::{BranchId, CustomerId, UserId};

    use super::super::model::StatementId;
    use super::*;
    use crate::loan::model::{LoanId, LoanKey};

    fn statement(state: StatementState, settles_on: Date, total: i64) -> Statement {
        Statement {
            key: LoanKey { customer: CustomerId(1), loan: LoanId(2) },
            id: StatementId(3),
            number: "JQ202600001".to_owned(),
            settles_on,
            amounts: Amounts::default(),
            charge: Fen::ZERO,
            credit: Fen::ZERO,
            total: Fen(total),
            state,
            branch: BranchId(1),
            approval: None,
            signed_on: None,
            signed_by: None,
            made_on: settles_on,
            made_by: UserId(1),
            version: 1,
        }
    }

    // S2.19-08. Rule settlement.signed-first
    #[test]
    fn a_settlement_is_covered_by_the_signed_statement_of_its_day_to_the_fen() {
        let today = date(2026, 11, 20);
        let known = [
            statement(StatementState::Submitted, today, 500),
            statement(StatementState::Signed, date(2026, 11, 19), 400),
            statement(StatementState::Refused, today, 300),
        ];
        let of = |known: &[Statement], settles| covered("J1", known, today, Fen(settles));
        for settles in [300, 400, 500] {
            assert!(matches!(of(&known, settles), Err(DeskError::SettlementUnsigned { .. })), "{settles}");
        }
        let mut known = known.to_vec();
        known.push(statement(StatementState::Signed, today, 500));
        assert_eq!(of(&known, 500), Ok(()));
        let other = DeskError::SettlementOther { number: "J1".to_owned(), stated: Fen(500), settles: Fen(501) };
        assert_eq!(of(&known, 501), Err(other));
    }
}
