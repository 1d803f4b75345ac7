//! What payments an agreement comes to, and what money and time make of it. Pure.

use std::collections::BTreeMap;

use finance::{Fen, Head, InstalmentPosition, Position};
use jiff::civil::Date;
use platform::error::FieldError;
use servicing::loan::model::LoanKey;

use super::model::{AgreementKind, AgreementState, Every, Payment, Signature, Split, Terms};

/// A sum in equal parts of whole fen, what is left over with the last (rule `agreement.parts`): no fen is lost or made.
/// `None`: there are no parts, or a date does not exist.
#[must_use]
pub fn payments(parts: &Split) -> Option<Vec<Payment>> {
    let count = i64::from(parts.count);
    if count == 0 {
        return None;
    }
    let each = parts.total.0 / count;
    let last = parts.total.0 - each * (count - 1);
    (0..count)
        .map(|at| {
            let due_on = match parts.every {
                Every::Month => finance::add_months(parts.first_on, at),
                Every::Fortnight => finance::add_days(parts.first_on, at * 14),
                Every::Week => finance::add_days(parts.first_on, at * 7),
            }?;
            Some(Payment { due_on, amount: Fen(if at == count - 1 { last } else { each }) })
        })
        .collect()
}

/// What is wrong with payments that are stated one by one (rule `agreement.stated`): each later than the one before, none
/// before `today` or after `until`, together no more than is owed.
#[must_use]
pub fn wrong_stated(payments: &[Payment], owed: Fen, (today, until): (Date, Date), most: i64) -> Vec<FieldError> {
    let wrong = |code| FieldError::new("payments", code);
    let mut all = Vec::new();
    let count = i64::try_from(payments.len()).unwrap_or(i64::MAX);
    if count == 0 || count > most || payments.iter().any(|one| !one.amount.is_positive()) {
        all.push(wrong("agreement-count").with("most", most));
    }
    let sum = Fen::checked_sum(payments.iter().map(|one| one.amount));
    if sum.is_none_or(|sum| sum > owed) {
        all.push(wrong("agreement-too-much").with("owed", owed));
    }
    if payments.iter().any(|one| one.due_on < today) {
        all.push(wrong("agreement-past").with("on", today));
    }
    if payments.windows(2).any(|two| two[0].due_on >= two[1].due_on) {
        all.push(wrong("agreement-order"));
    }
    if let Some(late) = payments.iter().find(|one| one.due_on > until) {
        all.push(wrong("agreement-after-settlement").with("on", late.due_on).with("until", until));
    }
    all
}

/// What is wrong with the payments before a settlement (rule `agreement.stated`): as [`wrong_stated`], and the settlement
/// itself is one more payment that brings something.
#[must_use]
pub fn wrong_before(payments: &[Payment], owed: Fen, days: (Date, Date), most: i64) -> Vec<FieldError> {
    let mut all = wrong_stated(payments, owed, days, most);
    if Fen::checked_sum(payments.iter().map(|one| one.amount)) == Some(owed) {
        all.push(FieldError::new("payments", "agreement-nothing-left").with("owed", owed));
    }
    if i64::try_from(payments.len()).is_ok_and(|count| count == most) {
        all.push(FieldError::new("payments", "agreement-count-settled").with("most", most));
    }
    all
}

/// What is wrong with a sum in equal parts, by field.
#[must_use]
pub fn wrong_parts(parts: &Split, owed: Fen, today: Date, most: i64) -> Vec<FieldError> {
    let mut wrong = Vec::new();
    if !parts.total.is_positive() {
        wrong.push(FieldError::new("total", "amount-not-positive").with("amount", parts.total));
    } else if parts.total > owed {
        wrong.push(FieldError::new("total", "agreement-too-much").with("owed", owed));
    }
    if parts.count == 0 || i64::from(parts.count) > most || i64::from(parts.count) > parts.total.0 {
        wrong.push(FieldError::new("count", "agreement-count").with("most", most));
    }
    if parts.first_on < today {
        wrong.push(FieldError::new("first_on", "agreement-past").with("on", today));
    }
    wrong
}

/// The days on which a loan is paid by its schedule as it would be, from `today` on.
#[must_use]
pub fn due_days(position: &Position, today: Date) -> Vec<Date> {
    let open = position.instalments.iter().filter(|one| one.due_on >= today && unpaid(one).is_positive());
    let mut days: Vec<Date> = open.map(|one| one.due_on).collect();
    days.dedup();
    days
}

/// The payments of a loan by its schedule as it would be (rule `agreement.priced`): with the first goes everything that
/// is due on its day, arrears and penalty to that day included; `first` is the position of that very day.
#[must_use]
pub fn by_schedule(first: &Position, days: &[Date]) -> Vec<Payment> {
    let on = |day: Date| Fen::checked_sum(first.instalments.iter().filter(|one| one.due_on == day).map(unpaid));
    days.iter()
        .enumerate()
        .map(|(at, due_on)| {
            let amount = if at == 0 { first.due.total() } else { on(*due_on) };
            Payment { due_on: *due_on, amount: amount.unwrap_or_default() }
        })
        .collect()
}

fn unpaid(of: &InstalmentPosition) -> Fen {
    Fen::checked_sum([of.principal.outstanding(), of.interest.outstanding()]).unwrap_or_default()
}

/// The payments of several loans as one plan: what falls on one day is one payment (rule `agreement.several`).
#[must_use]
pub fn merged(of_loans: &[Vec<Payment>]) -> Vec<Payment> {
    let mut days: BTreeMap<Date, Fen> = BTreeMap::new();
    for one in of_loans.iter().flatten() {
        let sum = days.entry(one.due_on).or_default();
        *sum = sum.checked_add(one.amount).unwrap_or(*sum);
    }
    days.into_iter().map(|(due_on, amount)| Payment { due_on, amount }).collect()
}

/// What each loan gives up of an amount of one head (rule `agreement.several`): the first all that it owes of the head, then
/// the next; more than all of them owe stays with the last, whose own rule refuses it.
#[must_use]
pub fn given_up(amount: Fen, owed: &[Fen]) -> Vec<Fen> {
    let mut left = amount;
    let mut parts: Vec<Fen> = Vec::with_capacity(owed.len());
    for owes in owed {
        let part = left.min((*owes).max(Fen::ZERO));
        left = left.checked_sub(part).unwrap_or_default();
        parts.push(part);
    }
    if let Some(last) = parts.last_mut() {
        *last = last.checked_add(left).unwrap_or(*last);
    }
    parts
}

/// What is owed in all, head by head.
#[must_use]
pub fn owed(position: &Position) -> Vec<(Head, Fen)> {
    Head::ALL.map(|head| (head, position.outstanding.get(head))).into_iter().filter(|one| one.1.is_positive()).collect()
}

/// The amount that decides who approves: what is given up; else the principal whose terms change; else what is paid in
/// parts.
#[must_use]
pub fn at_stake(kind: AgreementKind, terms: &Terms, principal: Fen) -> Fen {
    if kind.waives() {
        terms.waived()
    } else if kind.changes_terms() {
        principal
    } else {
        terms.total()
    }
}

/// The first payment whose day was over before the signature (rule `agreement.priced`): a settlement is priced on the day of
/// its booking, parts count from the day of the signature. It is to be proposed anew.
#[must_use]
pub fn day_over(kind: AgreementKind, payments: &[Payment], (signed_on, today): (Date, Date)) -> Option<Date> {
    let from = match kind {
        AgreementKind::Settlement => today,
        AgreementKind::Instalments | AgreementKind::Reduction => signed_on,
        // Their days are those of the loan's schedule, which is priced anew.
        AgreementKind::Extension | AgreementKind::Restructuring => return None,
    };
    payments.iter().map(|one| one.due_on).find(|due_on| *due_on < from)
}

/// What is wrong with a signature, by field (rule `agreement.signed`): it is of a day between the proposal and today, by
/// somebody, and its paper lies somewhere.
#[must_use]
pub fn wrong_signature(signature: &Signature, made_on: Date, today: Date) -> Vec<FieldError> {
    let mut wrong = Vec::new();
    if signature.on > today {
        wrong.push(FieldError::new("on", "letter-future").with("date", today));
    }
    if signature.on < made_on {
        wrong.push(FieldError::new("on", "letter-before").with("date", made_on));
    }
    for (field, text) in [("by", &signature.by), ("place", &signature.place)] {
        if text.trim().is_empty() {
            wrong.push(FieldError::new(field, "field-empty"));
        }
    }
    wrong
}

/// Whether collection rests (rule `agreement.stop-flag`): something is overdue, and all of it is under an agreement that is
/// performed.
#[must_use]
pub fn covers(overdue: &[LoanKey], performing: &[LoanKey]) -> bool {
    !overdue.is_empty() && overdue.iter().all(|loan| performing.contains(loan))
}

/// What an agreement is judged by (履约依据).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// The business date.
    pub today: Date,
    /// Days after a payment's day within which it still counts as kept.
    pub grace: i64,
    /// What came in since the signature, by day.
    pub paid: Vec<(Date, Fen)>,
    /// Whether the loan is paid off.
    pub settled: bool,
    /// Days overdue of the loan; what changes its terms is judged by them.
    pub days_overdue: i64,
}

impl Facts {
    fn by(&self, until: Date) -> Fen {
        Fen::checked_sum(self.paid.iter().filter(|(on, _)| *on <= until).map(|(_, amount)| *amount)).unwrap_or_default()
    }

    /// All that came in.
    #[must_use]
    pub fn all(&self) -> Fen {
        self.by(Date::MAX)
    }
}

/// What became of a signed agreement, and by when the next payment is due (rule `agreement.kept`).
///
/// Kept: everything agreed came in, or the loan is paid off. Broken: a payment's day and grace are over and less came in
/// than had to by then. A loan with new terms that is not overdue has broken nothing: what was paid early lowered its later
/// instalments; when its last day is over it was kept.
#[must_use]
pub fn judge(kind: AgreementKind, terms: &Terms, facts: &Facts) -> (AgreementState, Option<Date>) {
    if facts.settled {
        return (AgreementState::Kept, None);
    }
    let in_order = kind.changes_terms() && facts.days_overdue == 0;
    let mut due = Fen::ZERO;
    for payment in &terms.payments {
        due = due.checked_add(payment.amount).unwrap_or(due);
        let until = finance::add_days(payment.due_on, facts.grace).unwrap_or(payment.due_on);
        if until < facts.today && facts.by(until) < due && !in_order {
            return (AgreementState::Broken, None);
        }
        if facts.all() < due && !(in_order && payment.due_on < facts.today) {
            return (AgreementState::Performing, Some(payment.due_on));
        }
    }
    if facts.all() >= terms.total() || terms.last_on() < facts.today {
        return (AgreementState::Kept, None);
    }
    (AgreementState::Performing, Some(terms.last_on()))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;
    use crate::agreement::model::Way;
    use platform::id::CustomerId;
    use servicing::loan::model::LoanId;
    use servicing::waiver::model::Waiver;

    fn terms(payments: &[(Date, i64)]) -> Terms {
        Terms {
            way: Way::Transfer,
            signer: None,
            payments: payments.iter().map(|(due_on, fen)| Payment { due_on: *due_on, amount: Fen(*fen) }).collect(),
            waivers: Vec::new(),
            also_waivers: Vec::new(),
            extension: None,
            restructuring: None,
            owed: Fen(3_000),
            overdue: Fen(3_000),
            priced_on: date(2026, 11, 1),
            reason: "试".to_owned(),
        }
    }

    fn facts(today: Date, paid: &[(Date, i64)]) -> Facts {
        let paid = paid.iter().map(|(on, fen)| (*on, Fen(*fen))).collect();
        Facts { today, grace: 2, paid, settled: false, days_overdue: 0 }
    }

    #[test]
    fn what_is_given_up_changed_or_paid_decides_who_approves() {
        let mut agreed = terms(&[(date(2026, 11, 10), 1_000), (date(2026, 12, 10), 2_000)]);
        let waived =
            |amount| Waiver { head: Head::Penalty, amount: Fen(amount), instalment: None, reason: String::new() };
        agreed.waivers = vec![waived(30), waived(12)];
        let stakes = AgreementKind::ALL.map(|kind| at_stake(kind, &agreed, Fen(2_900)).0);
        assert_eq!(stakes, [3_000, 42, 42, 2_900, 2_900]);
    }

    #[test]
    fn a_signature_has_its_day_its_signer_and_its_place() {
        // Rule `agreement.signed`. S4-12
        let (made, today) = (date(2026, 11, 18), date(2026, 11, 20));
        let wrong = |on, by: &str, place: &str| -> Vec<&'static str> {
            let signature = Signature { on, by: by.to_owned(), place: place.to_owned() };
            wrong_signature(&signature, made, today).iter().map(|wrong| wrong.code).collect()
        };
        assert!(wrong(made, "借款人", "档案柜 3").is_empty() && wrong(today, "借款人", "档案柜 3").is_empty());
        assert_eq!(wrong(date(2026, 11, 21), "借款人", "档案柜 3"), ["letter-future"]);
        assert_eq!(wrong(date(2026, 11, 17), "借款人", "档案柜 3"), ["letter-before"]);
        assert_eq!(wrong(today, " ", ""), ["field-empty", "field-empty"]);
    }

    #[test]
    fn collection_rests_only_while_all_that_is_overdue_is_agreed_on() {
        // Rule `agreement.stop-flag`. X-10
        let loan = |id| LoanKey { customer: CustomerId(1), loan: LoanId(id) };
        assert!(covers(&[loan(1)], &[loan(1), loan(2)]) && covers(&[loan(1), loan(2)], &[loan(2), loan(1)]));
        assert!(!covers(&[loan(1), loan(2)], &[loan(1)]), "one of two");
        assert!(!covers(&[], &[loan(1)]), "nothing is overdue");
    }

    #[test]
    fn money_and_days_decide_whether_it_is_kept() {
        // Rule `agreement.kept`. S4-12: two payments of 1,000 and 2,000 fen on 11-10 and 12-10, two days of grace.
        let agreed = terms(&[(date(2026, 11, 10), 1_000), (date(2026, 12, 10), 2_000)]);
        let day = |month, day| date(2026, month, day);
        // (today, paid) → state, next payment
        type Row<'a> = (Date, &'a [(Date, i64)], &'a str, Option<Date>);
        let rows: [Row<'_>; 10] = [
            (day(11, 10), &[], "performing", Some(day(11, 10))),
            (day(11, 12), &[], "performing", Some(day(11, 10))),
            (day(11, 13), &[], "broken", None),
            (day(11, 13), &[(day(11, 12), 999)], "broken", None),
            (day(11, 13), &[(day(11, 12), 1_000)], "performing", Some(day(12, 10))),
            // Late money does not mend a day that was missed, unless it was only entered late.
            (day(11, 20), &[(day(11, 13), 1_000)], "broken", None),
            (day(11, 20), &[(day(11, 13), 3_000)], "broken", None),
            (day(11, 5), &[(day(11, 4), 3_000)], "kept", None),
            (day(12, 12), &[(day(11, 9), 1_500)], "performing", Some(day(12, 10))),
            (day(12, 13), &[(day(11, 9), 1_500)], "broken", None),
        ];
        for (today, paid, state, next) in rows {
            let found = judge(AgreementKind::Instalments, &agreed, &facts(today, paid));
            assert_eq!((found.0.as_str(), found.1), (state, next), "{today} {paid:?}");
        }
    }

    #[test]
    fn a_loan_with_new_terms_is_judged_by_its_own_days_overdue() {
        // Rule `agreement.kept`
        let agreed = terms(&[(date(2026, 11, 10), 1_000), (date(2026, 12, 10), 2_000)]);
        let of = |today, days_overdue| Facts { days_overdue, ..facts(today, &[]) };
        let judged = |facts: &Facts| judge(AgreementKind::Extension, &agreed, facts).0.as_str();
        assert_eq!(judged(&of(date(2026, 11, 12), 2)), "performing");
        assert_eq!(judged(&of(date(2026, 11, 13), 3)), "broken");
        assert_eq!(judged(&of(date(2026, 11, 13), 0)), "performing");
        assert_eq!(judged(&of(date(2026, 12, 11), 0)), "kept");
        assert_eq!(judged(&Facts { settled: true, ..of(date(2026, 11, 12), 9) }), "kept");
    }

    #[test]
    fn stated_payments_follow_each_other_and_stay_within_what_is_owed() {
        // Rule `agreement.stated`. S4-12
        let (today, until) = (date(2026, 11, 20), date(2027, 1, 31));
        let wrong = |rows: &[(Date, i64)]| -> Vec<&'static str> {
            let payments: Vec<Payment> =
                rows.iter().map(|(due_on, fen)| Payment { due_on: *due_on, amount: Fen(*fen) }).collect();
            wrong_stated(&payments, Fen(3_000), (today, until), 3).iter().map(|one| one.code).collect()
        };
        let day = |month, day| date(2026, month, day);
        assert!(wrong(&[(today, 1_000), (day(11, 21), 1_999), (until, 1)]).is_empty());
        assert_eq!(wrong(&[(today, 1_000), (day(11, 21), 2_001)]), ["agreement-too-much"]);
        assert_eq!(wrong(&[(day(11, 19), 1)]), ["agreement-past"]);
        assert_eq!(wrong(&[(day(12, 1), 1), (day(12, 1), 1)]), ["agreement-order"], "one a day");
        assert_eq!(wrong(&[(date(2027, 2, 1), 1)]), ["agreement-after-settlement"]);
        assert_eq!(wrong(&[]), ["agreement-count"]);
        assert_eq!(wrong(&[(day(12, 1), 0)]), ["agreement-count"]);
        let four = [(day(12, 1), 1), (day(12, 2), 1), (day(12, 3), 1), (day(12, 4), 1)];
        assert_eq!(wrong(&four), ["agreement-count"]);
    }

    #[test]
    fn payments_before_a_settlement_leave_something_for_it() {
        // Rule `agreement.stated`. S4-12
        let (today, until) = (date(2026, 11, 20), date(2027, 1, 31));
        let wrong = |amounts: &[i64]| -> Vec<FieldError> {
            let payments = amounts.iter().zip(20_i8..);
            let payments: Vec<Payment> =
                payments.map(|(fen, day)| Payment { due_on: date(2026, 11, day), amount: Fen(*fen) }).collect();
            wrong_before(&payments, Fen(3_000), (today, until), 3)
        };
        assert!(wrong(&[1_000, 1_999]).is_empty());
        let told = |code, name, value: String| vec![FieldError::new("payments", code).with(name, value)];
        assert_eq!(wrong(&[1_000, 2_000]), told("agreement-nothing-left", "owed", Fen(3_000).to_string()));
        assert_eq!(wrong(&[1_000, 2_001]), told("agreement-too-much", "owed", Fen(3_000).to_string()));
        assert_eq!(wrong(&[1, 1, 1]), told("agreement-count-settled", "most", "3".to_owned()));
        assert_eq!(wrong(&[1, 1, 1, 1]), told("agreement-count", "most", "3".to_owned()));
    }

    #[test]
    fn several_loans_are_one_plan_and_give_up_one_after_the_other() {
        // Rule `agreement.several`. S4-12
        let day = |day| date(2026, 12, day);
        let payment = |due_on, fen| Payment { due_on, amount: Fen(fen) };
        let (first, second) = (vec![payment(day(10), 100), payment(day(20), 50)], vec![payment(day(10), 7)]);
        assert_eq!(merged(&[first.clone(), second]), [payment(day(10), 107), payment(day(20), 50)]);
        assert_eq!(merged(std::slice::from_ref(&first)), first);
        assert_eq!(given_up(Fen(120), &[Fen(100), Fen(50)]), [Fen(100), Fen(20)]);
        assert_eq!(
            given_up(Fen(200), &[Fen(100), Fen(50)]),
            [Fen(100), Fen(100)],
            "the last refuses what it does not owe"
        );
        assert_eq!(given_up(Fen(10), &[Fen::ZERO, Fen(50)]), [Fen::ZERO, Fen(10)]);
    }

    proptest! {
        /// Rule `agreement.parts`: no fen is lost or made, and each part is paid later than the one before.
        #[test]
        fn parts_add_up_to_the_sum(total in 1_i64..1_000_000_000, count in 1_u32..60, pick in 0_usize..3) {
            let every = Every::ALL[pick];
            let parts = Split { total: Fen(total), count, first_on: date(2026, 1, 31), every };
            let payments = payments(&parts).unwrap();
            prop_assert_eq!(payments.iter().map(|one| one.amount.0).sum::<i64>(), total);
            prop_assert!(payments.windows(2).all(|two| two[0].due_on < two[1].due_on));
        }
    }
}
