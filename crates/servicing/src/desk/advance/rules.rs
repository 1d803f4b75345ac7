//! Months, what an advance may be, and what became of it. Pure.

use finance::Fen;
use jiff::civil::Date;

use super::model::{Advance, Card, RowState};
use crate::desk::error::DeskError;

/// The first and the last day of a month (`YYYY-MM`) that is over (rule `advance.once`): what falls due later in a month
/// whose list is drawn would be on no list.
///
/// Errors: not a month; a month that is not over.
pub fn month(text: &str, today: Date) -> Result<(Date, Date), DeskError> {
    let wrong = || DeskError::AdvanceMonth { month: text.to_owned() };
    let first: Date = format!("{}-01", text.trim()).parse().map_err(|_| wrong())?;
    let last = first.last_of_month();
    // A day with a time reads as a date, too: what stands there is the month and no more.
    if last >= today || month_of(first) != text.trim() { Err(wrong()) } else { Ok((first, last)) }
}

/// A month as lists name it.
pub fn month_of(day: Date) -> String {
    format!("{:04}-{:02}", day.year(), day.month())
}

/// The month before that of a day: the latest one that is over.
pub fn month_before(day: Date) -> String {
    month_of(day.first_of_month().yesterday().unwrap_or(day))
}

/// How much of each advance on one instalment was recovered (rule `advance.recovered`), in the order in which they were
/// paid: each is an amount and what was paid on the instalment before. What was paid since goes to the oldest first and to
/// one of them alone; a reversed repayment takes its part back. The view `advance_recovery` makes the same sums.
pub fn recovered(paid_now: Fen, advances: &[(Fen, Fen)]) -> Vec<Fen> {
    let mut taken = 0;
    let one = |(amount, paid_before): &(Fen, Fen)| {
        let from = paid_before.0.max(taken);
        taken = from.saturating_add(amount.0.max(0));
        Fen(paid_now.0.saturating_sub(from).clamp(0, amount.0.max(0)))
    };
    advances.iter().map(one).collect()
}

/// What is still owed of each advance on one instalment: the part that was not recovered, oldest first, and together no
/// more than is unpaid of the instalment. What was waived, or moved into other terms, is owed by those.
pub fn owed(outstanding: Fen, open: &[Fen]) -> Vec<Fen> {
    let mut left = outstanding.0.max(0);
    let one = |open: &Fen| {
        let part = open.0.clamp(0, left);
        left -= part;
        Fen(part)
    };
    open.iter().map(one).collect()
}

/// Refuses an advance of more than is due (rule `advance.within-due`).
///
/// Errors: [`DeskError::AdvanceOverDue`].
pub fn within_due(row: &Advance, amount: Fen) -> Result<(), DeskError> {
    if amount > row.due_now {
        return Err(DeskError::AdvanceOverDue { number: row.number.clone(), amount, due: row.due_now });
    }
    Ok(())
}

/// Compares a listed row with the ledger and the customer's file (rule `advance.check`): amount, card, name, date.
///
/// Errors: more than is due; another card, holder or date than listed; no card any more.
pub fn compare(row: &Advance, card: Option<&Card>) -> Result<(), DeskError> {
    let number = || row.number.clone();
    within_due(row, row.amount)?;
    match card {
        None => Err(DeskError::NoCard { number: number() }),
        Some(card) if *card != row.card || row.due_on_now != Some(row.due_on) => {
            Err(DeskError::AdvanceChanged { number: number() })
        }
        Some(_) => Ok(()),
    }
}

/// The sum of the rows that stand in this state.
pub fn total(rows: &[Advance], state: RowState) -> Fen {
    Fen::checked_sum(rows.iter().filter(|row| row.state == state).map(|row| row.amount)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    // S2.19-09. Rule advance.recovered
    #[test]
    fn what_is_paid_on_the_instalment_recovers_the_advance_and_a_reversal_takes_it_back() {
        let of = |now| recovered(Fen(now), &[(Fen(500), Fen(200))])[0].0;
        assert_eq!([of(200), of(450), of(700), of(900), of(0)], [0, 250, 500, 500, 0]);
    }

    // S2.19-09. Rule advance.recovered: no fen recovers two advances.
    #[test]
    fn what_is_paid_goes_to_the_oldest_advance_first_and_to_one_alone() {
        let of = |now, advances: [(i64, i64); 2]| {
            recovered(Fen(now), &advances.map(|(amount, before)| (Fen(amount), Fen(before))))
                .iter()
                .map(|fen| fen.0)
                .sum::<i64>()
        };
        let sums = [0, 300, 600, 900].map(|now| of(now, [(500, 0), (300, 0)]));
        assert_eq!(sums, [0, 300, 600, 800]);
        // 200 came in between: it recovers the first alone, and what comes then goes on from there.
        assert_eq!(recovered(Fen(500), &[(Fen(500), Fen(0)), (Fen(300), Fen(200))]), [Fen(500), Fen(0)]);
        assert_eq!(recovered(Fen(600), &[(Fen(500), Fen(0)), (Fen(300), Fen(200))]), [Fen(500), Fen(100)]);
        // The first was recovered long before the second: nothing of it is left to take.
        assert_eq!(recovered(Fen(1_000), &[(Fen(500), Fen(0)), (Fen(300), Fen(900))]), [Fen(500), Fen(100)]);
    }

    #[test]
    fn advances_on_one_instalment_owe_no_more_together_than_is_unpaid_of_it() {
        assert_eq!(owed(Fen(900), &[Fen(200), Fen(300)]), [Fen(200), Fen(300)]);
        assert_eq!(owed(Fen(250), &[Fen(200), Fen(300)]), [Fen(200), Fen(50)]);
        assert_eq!(owed(Fen(0), &[Fen(200), Fen(300)]), [Fen(0), Fen(0)]);
    }

    // Rule advance.once
    #[test]
    fn a_month_is_one_that_is_over() {
        let today = date(2026, 11, 20);
        assert_eq!(month("2026-10", today), Ok((date(2026, 10, 1), date(2026, 10, 31))));
        assert_eq!(month("2026-11", date(2026, 12, 1)), Ok((date(2026, 11, 1), date(2026, 11, 30))));
        assert!(month("2026-11", date(2026, 11, 30)).is_err(), "its last day is not over");
        assert_eq!(month(" 2024-02 ", today), Ok((date(2024, 2, 1), date(2024, 2, 29))));
        for wrong in
            ["2026-11", "2026-12", "2026-13", "202610", "", "2026-10-01", "2026-10-15T00:00", "-002026-10", "九月"]
        {
            assert!(month(wrong, today).is_err(), "{wrong}");
        }
        assert_eq!((month_of(today), month_before(today)), ("2026-11".to_owned(), "2026-10".to_owned()));
        assert_eq!(month_before(date(2026, 1, 31)), "2025-12");
    }
}
