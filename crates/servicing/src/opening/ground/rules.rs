//! Whether a decided admission review fits a loan to be opened: amount, term, rate, validity, what is left. Pure.

use customers::admission::backing::Decided;
use finance::{Fen, Method, PeriodUnit, RateTable, RateTerms, Schedule, Tenor, Terms, add_months};
use jiff::civil::Date;

/// The rule of the admission review behind a loan.
pub const RULE: &str = "loan.admission";
/// The rule of the lowest rate.
pub const RULE_FLOOR: &str = "loan.rate-floor";
/// The rule of quota consumer loans and the pledge of the salary account.
pub const RULE_QUOTA: &str = "loan.quota";
/// Billionths of a base point.
const E9_PER_BP: i64 = 100_000;

/// How a decided admission review stands to a loan (准入相符情况), from far off to fitting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// 没有已批准的准入审查.
    Undecided,
    /// 已过期.
    Expired,
    /// 已用完.
    UsedUp,
    /// 金额超过.
    Amount,
    /// 期限超过.
    Term,
    /// 利率不一致.
    Rate,
    /// 相符.
    Fits,
}

impl Verdict {
    /// Its name in data, as the fact `admission_verdict` lists it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Undecided => "undecided",
            Self::Expired => "expired",
            Self::UsedUp => "used_up",
            Self::Amount => "amount",
            Self::Term => "term",
            Self::Rate => "rate",
            Self::Fits => "fits",
        }
    }
}

/// How long a loan runs (期限).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Length {
    /// So many months: whole periods.
    Months(i64),
    /// From one day to another.
    Days(Date, Date),
}

impl Length {
    /// Of terms with their schedule: whole periods of months, quarters and years are counted as such, wherever the first due
    /// day falls; anything else by its dates.
    pub fn of(terms: &Terms, schedule: &Schedule) -> Self {
        let months = match terms.frequency.unit {
            PeriodUnit::Month => Some(1),
            PeriodUnit::Quarter => Some(3),
            PeriodUnit::Year => Some(12),
            PeriodUnit::Day | PeriodUnit::Week => None,
        };
        let planned = matches!(terms.method, Method::Custom(_)) || terms.maturity_on.is_some();
        match (terms.periods, months) {
            (Some(periods), Some(months)) if !planned => {
                Self::Months(i64::from(periods) * i64::from(terms.frequency.every) * months)
            }
            _ => Self::Days(terms.start_on, schedule.maturity_on),
        }
    }

    /// Whether it lies within so many months.
    pub fn is_within(self, most: i64) -> bool {
        match self {
            Self::Months(months) => months <= most,
            Self::Days(from, to) => add_months(from, most).is_none_or(|last| to <= last),
        }
    }
}

/// What a loan to be opened asks of a review (拟放条件).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    /// The principal, or the amount of a new contract where that is more.
    pub amount: Fen,
    /// How long it runs.
    pub length: Length,
    /// Its yearly rate, billionths; `None`: not known.
    pub rate_e9: Option<i64>,
    /// The day of the contract.
    pub signed_on: Date,
}

/// What is left of a review: no more than was decided, nor than the classes now let be lent of what was applied for.
pub fn left(one: &Decided, used: Fen, most: Fen) -> Fen {
    one.amount.min(most).checked_sub(used).unwrap_or(Fen::ZERO).max(Fen::ZERO)
}

/// How one review stands to a loan (rule `loan.admission`, S1-20).
pub fn verdict(one: &Decided, left: Fen, wanted: &Wanted) -> Verdict {
    if one.on > wanted.signed_on {
        Verdict::Undecided
    } else if wanted.signed_on > one.until {
        Verdict::Expired
    } else if !left.is_positive() {
        Verdict::UsedUp
    } else if wanted.amount > left {
        Verdict::Amount
    } else if !wanted.length.is_within(one.months) {
        Verdict::Term
    } else if wanted.rate_e9 != Some(one.rate_e9) {
        Verdict::Rate
    } else {
        Verdict::Fits
    }
}

/// The review that fits best, with what is left of it; of equal ones the first.
pub fn best(all: Vec<(Decided, Fen)>, wanted: &Wanted) -> (Verdict, Option<(Decided, Fen)>) {
    let mut found = (Verdict::Undecided, None);
    for (one, left) in all {
        let verdict = verdict(&one, left, wanted);
        if found.1.is_none() || verdict > found.0 {
            found = (verdict, Some((one, left)));
        }
    }
    found
}

/// The yearly rate of terms in billionths; a floating one as it is on the first day.
pub fn yearly_e9(terms: &Terms, rates: &RateTable) -> Option<i64> {
    match &terms.rate {
        RateTerms::Fixed(rate) => rate.yearly_e9(terms.interest.year_basis),
        RateTerms::Lpr(lpr) => {
            rates.latest(lpr.tenor, terms.start_on)?.checked_add(i64::from(lpr.add_bp).checked_mul(E9_PER_BP)?)
        }
    }
}

/// The lowest yearly cost of a new loan (rule `loan.rate-floor`): so much below the one-year LPR as anybody may have, and so
/// much more as the classes allow; `None` where no LPR is published.
pub fn floor_e9(rates: &RateTable, on: Date, (below_bp, cut_bp): (i64, i64)) -> Option<i64> {
    let lpr = rates.latest(Tenor::OneYear, on)?;
    Some(lpr.saturating_sub(below_bp.saturating_add(cut_bp).saturating_mul(E9_PER_BP)).max(0))
}

#[cfg(test)]
mod tests {
    use customers::admission::model::AdmissionId;
    use finance::Rate;
    use jiff::civil::date;

    use super::*;

    fn decided() -> Decided {
        Decided {
            id: AdmissionId(1),
            number: "ZR-1".to_owned(),
            applied: Fen(10_000_000),
            amount: Fen(8_000_000),
            months: 12,
            rate_e9: 120_000_000,
            on: date(2026, 11, 20),
            until: date(2027, 5, 20),
        }
    }

    fn wanted() -> Wanted {
        Wanted {
            amount: Fen(8_000_000),
            length: Length::Months(12),
            rate_e9: Some(120_000_000),
            signed_on: date(2026, 11, 20),
        }
    }

    // S1-20. Rule loan.admission
    #[test]
    fn a_review_fits_up_to_its_amount_and_term_at_its_rate_until_its_last_day() {
        let all = Fen(8_000_000);
        let of = |wanted: Wanted| verdict(&decided(), all, &wanted);
        assert_eq!(of(wanted()), Verdict::Fits);
        assert_eq!(of(Wanted { amount: Fen(8_000_001), ..wanted() }), Verdict::Amount);
        assert_eq!(of(Wanted { length: Length::Months(13), ..wanted() }), Verdict::Term);
        assert_eq!(of(Wanted { rate_e9: Some(119_999_999), ..wanted() }), Verdict::Rate);
        assert_eq!(of(Wanted { rate_e9: None, ..wanted() }), Verdict::Rate);
        assert_eq!(of(Wanted { signed_on: date(2027, 5, 20), ..wanted() }), Verdict::Fits);
        assert_eq!(of(Wanted { signed_on: date(2027, 5, 21), ..wanted() }), Verdict::Expired);
        assert_eq!(of(Wanted { signed_on: date(2026, 11, 19), ..wanted() }), Verdict::Undecided);
        assert_eq!(verdict(&decided(), Fen::ZERO, &wanted()), Verdict::UsedUp);
        let days = |to| Length::Days(date(2026, 11, 20), to);
        assert_eq!(of(Wanted { length: days(date(2027, 11, 20)), ..wanted() }), Verdict::Fits);
        assert_eq!(of(Wanted { length: days(date(2027, 11, 21)), ..wanted() }), Verdict::Term);
    }

    // S1-20, S5.2-05. Rule loan.admission
    #[test]
    fn what_was_used_and_what_the_classes_cut_is_taken_off() {
        let one = decided();
        assert_eq!(left(&one, Fen::ZERO, one.applied), Fen(8_000_000));
        assert_eq!(left(&one, Fen(3_000_000), one.applied), Fen(5_000_000));
        assert_eq!(left(&one, Fen(3_000_000), Fen(5_000_000)), Fen(2_000_000), "half of what was applied for");
        assert_eq!(left(&one, Fen(9_000_000), one.applied), Fen::ZERO);
    }

    #[test]
    fn of_several_reviews_the_fitting_one_stands_and_else_the_nearest_is_told() {
        let (older, newer) = (Decided { id: AdmissionId(1), ..decided() }, Decided { id: AdmissionId(2), ..decided() });
        let all = |newest| vec![(newer.clone(), newest), (older.clone(), Fen(8_000_000))];
        let of = |found: (Verdict, Option<(Decided, Fen)>)| (found.0, found.1.map(|(one, _)| one.id.0));
        assert_eq!(of(best(all(Fen(8_000_000)), &wanted())), (Verdict::Fits, Some(2)));
        assert_eq!(of(best(all(Fen(1)), &wanted())), (Verdict::Fits, Some(1)));
        let large = Wanted { amount: Fen(9_000_000), ..wanted() };
        assert_eq!(of(best(all(Fen::ZERO), &large)), (Verdict::Amount, Some(1)));
        assert_eq!(of(best(Vec::new(), &wanted())), (Verdict::Undecided, None));
    }

    // Rules loan.admission, loan.rate-floor
    #[test]
    fn a_rate_is_compared_by_the_year() {
        let terms = |rate| Terms::new(Method::EqualInstalment, Fen(100_000), date(2026, 11, 20), 12, rate);
        let none = RateTable::default();
        assert_eq!(yearly_e9(&terms(Rate::per_year(120_000_000)), &none), Some(120_000_000));
        assert_eq!(yearly_e9(&terms(Rate::per_month(10_000_000)), &none), Some(120_000_000));
        assert_eq!(floor_e9(&none, date(2026, 11, 20), (0, 0)), None, "without an LPR there is no floor");
    }
}
