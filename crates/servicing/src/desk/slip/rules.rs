//! A slip compared with the loan. Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use super::model::{Known, Part, Slip};

/// What of a slip differs from the loan and the customer's file (rule `slip.compare`): date and amount of the payout, payee and
/// account, first repayment date and monthly amount.
#[must_use]
pub fn differs(slip: &Slip, known: &Known) -> Vec<Part> {
    let same = |part: &Part| match part {
        Part::PaidOn => known.payout.is_some_and(|(on, _)| on == slip.paid_on),
        Part::Amount => known.payout.is_some_and(|(_, amount)| amount == slip.amount),
        Part::Account => known.holder.is_some(),
        Part::Payee => known.holder.as_deref().is_some_and(|holder| holder.trim() == slip.payee),
        Part::RepaysOn => known.first.is_some_and(|(on, _)| on == slip.repays_on),
        Part::Monthly => known.first.is_some_and(|(_, amount)| amount == slip.monthly),
    };
    Part::ALL.iter().copied().filter(|part| !same(part)).collect()
}

#[cfg(test)]
mod tests {
    use finance::Fen;
    use jiff::civil::date;
    use platform::id::{BranchId, CustomerId, UserId};

    use super::super::model::{SlipId, SlipState};
    use super::*;
    use crate::loan::model::{LoanId, LoanKey, TransactionId};

    // S2.19-06. Rule slip.compare
    #[test]
    fn every_part_of_a_slip_is_compared_with_the_loan() {
        let slip = Slip {
            key: LoanKey { customer: CustomerId(1), loan: LoanId(2) },
            id: SlipId(3),
            transaction: TransactionId(4),
            number: "B1".to_owned(),
            paid_on: date(2026, 10, 20),
            payee: "甲".to_owned(),
            account: None,
            account_masked: "622200******0018".to_owned(),
            amount: Fen(10_000_000),
            repays_on: date(2026, 11, 20),
            monthly: Fen(888_488),
            state: SlipState::Entered,
            note: String::new(),
            checked_on: None,
            checked_by: None,
            check_note: String::new(),
            branch: BranchId(1),
            made_on: date(2026, 10, 20),
            made_by: UserId(1),
            version: 1,
        };
        let right = Known {
            payout: Some((slip.paid_on, slip.amount)),
            holder: Some("甲".to_owned()),
            accounts: Vec::new(),
            first: Some((slip.repays_on, slip.monthly)),
        };
        assert_eq!(differs(&slip, &right), []);
        assert_eq!(differs(&slip, &Known::default()), Part::ALL, "a payout that was reversed agrees in nothing");
        for (known, parts) in [
            (Known { payout: Some((slip.paid_on, Fen(9_999_999))), ..right.clone() }, [Part::Amount].as_slice()),
            (Known { payout: Some((date(2026, 10, 21), slip.amount)), ..right.clone() }, &[Part::PaidOn]),
            (Known { holder: Some("乙".to_owned()), ..right.clone() }, &[Part::Payee]),
            (Known { holder: None, ..right.clone() }, &[Part::Payee, Part::Account]),
            (Known { first: Some((date(2026, 11, 21), slip.monthly)), ..right.clone() }, &[Part::RepaysOn]),
            (Known { first: Some((slip.repays_on, Fen(1))), ..right.clone() }, &[Part::Monthly]),
        ] {
            assert_eq!(differs(&slip, &known), parts);
        }
    }
}
