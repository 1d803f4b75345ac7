//! The grid of interest periods and due dates (期次) that terms give.

use jiff::civil::Date;

use crate::calendar::Context;
use crate::day_count::{DayCount, YearFraction, add_days, on_day_of_month};
use crate::error::TermsError;
use crate::limits::{LAST_YEAR, MOST_PERIODS};
use crate::terms::{FirstPeriod, InterestBy, Method, PeriodUnit, RepaymentDay, RestDays, Stub, Terms};

/// One period: `from` is counted, `to` is not; `whole` is the interest time of the period.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Slot {
    pub(crate) from: Date,
    pub(crate) to: Date,
    pub(crate) nominal: Date,
    pub(crate) due: Date,
    pub(crate) whole: YearFraction,
    pub(crate) provisional: bool,
}

/// The rhythm of a loan: how nominal due dates follow each other.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Rhythm {
    /// Every so many days.
    Days(i64),
    /// Every so many months, on a day of the month.
    Months(i64, i8),
}

impl Rhythm {
    pub(crate) fn of(terms: &Terms) -> Rhythm {
        let every = i64::from(terms.frequency.every);
        let months = match terms.frequency.unit {
            PeriodUnit::Day => return Rhythm::Days(every),
            PeriodUnit::Week => return Rhythm::Days(every * 7),
            PeriodUnit::Month => every,
            PeriodUnit::Quarter => every * 3,
            PeriodUnit::Year => every * 12,
        };
        let day = match terms.repayment_day {
            RepaymentDay::Fixed(day) => day,
            RepaymentDay::Settlement(settlement) => settlement.day,
            RepaymentDay::ByStart => match terms.first_due_on {
                // A first due date at a month's end that was clipped keeps the day of the start.
                Some(first) if terms.start_on.day() > first.day() && first.day() == first.days_in_month() => {
                    terms.start_on.day()
                }
                Some(first) => first.day(),
                None => terms.start_on.day(),
            },
        };
        Rhythm::Months(months, day)
    }

    /// The nominal date `count` periods after `first`.
    #[inline]
    pub(crate) fn step(self, first: Date, count: i64) -> Option<Date> {
        match self {
            Rhythm::Days(days) => add_days(first, days.checked_mul(count)?),
            Rhythm::Months(months, day) => on_day_of_month(first, months.checked_mul(count)?, day),
        }
    }

    /// The interest time of a regular period.
    pub(crate) fn regular(self, terms: &Terms) -> YearFraction {
        match self {
            Rhythm::Days(days) => YearFraction::days(days, terms.interest.day_count.year_days()),
            Rhythm::Months(months, _) => YearFraction::months(months),
        }
    }
}

/// The first nominal due date.
fn first_due(terms: &Terms, rhythm: Rhythm) -> Option<Date> {
    if let Some(first) = terms.first_due_on {
        return Some(first);
    }
    let start = terms.start_on;
    let Rhythm::Months(months, day) = rhythm else {
        return rhythm.step(start, 1);
    };
    let whole_period = on_day_of_month(start, months, start.day())?;
    let aligned = match terms.repayment_day {
        RepaymentDay::ByStart => return Some(whole_period),
        RepaymentDay::Fixed(_) => 1,
        RepaymentDay::Settlement(_) if 12 % months == 0 => months,
        RepaymentDay::Settlement(_) => 1,
    };
    let settlement = matches!(terms.repayment_day, RepaymentDay::Settlement(_));
    if terms.first_period == FirstPeriod::NextPeriod && !settlement {
        return on_day_of_month(start, months, day);
    }
    let long = terms.first_period == FirstPeriod::Long;
    (0..=2 * months.max(12)).find_map(|offset| {
        let date = on_day_of_month(start, offset, day)?;
        let fits = if long { date >= whole_period } else { date > start };
        (i64::from(date.month()) % aligned == 0 && fits).then_some(date)
    })
}

/// Builds the periods of terms from `start_on`; numbers and dates are checked, amounts are not.
pub(crate) fn grid(terms: &Terms, context: &Context) -> Result<Vec<Slot>, TermsError> {
    if let Method::Custom(plan) = &terms.method {
        let dates = plan.iter().map(|instalment| (instalment.due_on, false));
        return slots(terms, context, dates, plan.len());
    }
    let out_of_range = TermsError::DateOutOfRange { last_year: LAST_YEAR };
    let rhythm = Rhythm::of(terms);
    let first = first_due(terms, rhythm).ok_or(out_of_range)?;
    let regular_first = rhythm.step(terms.start_on, 1) == Some(first)
        && match rhythm {
            Rhythm::Days(_) => true,
            Rhythm::Months(_, day) => day.min(terms.start_on.days_in_month()) == terms.start_on.day(),
        };
    let count = match (terms.periods, terms.maturity_on) {
        (Some(periods), _) => periods,
        (None, Some(maturity)) => periods_until(rhythm, first, maturity)?,
        (None, None) => return Err(TermsError::NoTerm),
    };
    if count == 0 {
        return Err(TermsError::NoPeriods);
    }
    if count > MOST_PERIODS {
        return Err(TermsError::TooManyPeriods { periods: count, most: MOST_PERIODS });
    }
    let nominal = |k: i64| rhythm.step(first, k).ok_or(TermsError::DateOutOfRange { last_year: LAST_YEAR });
    let natural_end = nominal(i64::from(count) - 1)?;
    let end = terms.maturity_on.unwrap_or(natural_end);
    if matches!(terms.method, Method::Bullet) {
        return slots(terms, context, std::iter::once((end, false)), 1);
    }
    let last = i64::from(count) - 1;
    let regular_length = rhythm.regular(terms);
    let unmoved = terms.rest_days == RestDays::Kept && end == natural_end && regular_first;
    let settlement = matches!(terms.repayment_day, RepaymentDay::Settlement(_));
    if unmoved && terms.interest.by == InterestBy::Period && !settlement {
        return plain(terms, rhythm, first, count, regular_length);
    }
    let dates = (0..=last).map(|k| {
        let natural = rhythm.step(first, k);
        let date = if k == last { end } else { natural.unwrap_or(Date::MAX) };
        (date, natural == Some(date) && (k > 0 || regular_first))
    });
    slots(terms, context, dates, count as usize)
}

/// The common case, kept fast: regular periods, dates never moved.
fn plain(terms: &Terms, rhythm: Rhythm, first: Date, count: u32, whole: YearFraction) -> Result<Vec<Slot>, TermsError> {
    let mut slots = Vec::with_capacity(count as usize);
    let mut from = terms.start_on;
    for k in 0..i64::from(count) {
        let nominal = rhythm
            .step(first, k)
            .filter(|date| date.year() <= LAST_YEAR)
            .ok_or(TermsError::DateOutOfRange { last_year: LAST_YEAR })?;
        if nominal <= from {
            return Err(TermsError::DatesNotAscending { due_on: nominal, previous_on: from });
        }
        slots.push(Slot { from, to: nominal, nominal, due: nominal, whole, provisional: false });
        from = nominal;
    }
    Ok(slots)
}

fn periods_until(rhythm: Rhythm, first: Date, maturity: Date) -> Result<u32, TermsError> {
    (0..=MOST_PERIODS)
        .find(|k| rhythm.step(first, i64::from(*k)).is_none_or(|date| date >= maturity))
        .map(|k| k + 1)
        .filter(|count| *count <= MOST_PERIODS)
        .ok_or(TermsError::TooManyPeriods { periods: MOST_PERIODS + 1, most: MOST_PERIODS })
}

/// Turns nominal dates, each with "is a regular period", into periods.
fn slots(
    terms: &Terms,
    context: &Context,
    dates: impl Iterator<Item = (Date, bool)>,
    count: usize,
) -> Result<Vec<Slot>, TermsError> {
    let mut slots = Vec::with_capacity(count);
    let (mut from, mut previous) = (terms.start_on, terms.start_on);
    for (k, (nominal, regular)) in dates.enumerate() {
        let out_of_range = TermsError::DateOutOfRange { last_year: LAST_YEAR };
        if nominal.year() > LAST_YEAR {
            return Err(out_of_range);
        }
        if nominal <= previous {
            return Err(TermsError::DatesNotAscending { due_on: nominal, previous_on: previous });
        }
        let moved = match terms.rest_days {
            RestDays::Kept => nominal,
            RestDays::Forward | RestDays::ForwardWithInterest => {
                context.calendar.next_workday(nominal).ok_or(out_of_range.clone())?
            }
        };
        let counted = match terms.repayment_day {
            // The maturity itself is never counted (算头不算尾).
            RepaymentDay::Settlement(settlement) => settlement.counted && k + 1 < count,
            RepaymentDay::ByStart | RepaymentDay::Fixed(_) => false,
        };
        let to = if terms.rest_days == RestDays::ForwardWithInterest { moved } else { nominal };
        let to = if counted { add_days(to, 1).ok_or(out_of_range)? } else { to };
        slots.push(Slot {
            from,
            to,
            nominal,
            due: moved,
            whole: whole_period(terms, from, to, previous, nominal, regular),
            provisional: terms.rest_days != RestDays::Kept && !context.calendar.covers(nominal.year()),
        });
        (from, previous) = (to, nominal);
    }
    if slots.is_empty() {
        return Err(TermsError::NoPeriods);
    }
    Ok(slots)
}

/// The interest time of a period that runs from `from` to `to` and nominally from `previous` to `nominal`.
fn whole_period(terms: &Terms, from: Date, to: Date, previous: Date, nominal: Date, regular: bool) -> YearFraction {
    let day_count = terms.interest.day_count;
    if terms.interest.by == InterestBy::Day {
        return day_count.between(from, to);
    }
    if matches!(terms.method, Method::Bullet | Method::Custom(_)) {
        // By the month, odd days by the day; conventions of actual days count actual days.
        return match day_count {
            DayCount::Thirty360 | DayCount::WholeMonths => DayCount::WholeMonths.between(from, to),
            DayCount::Act360 | DayCount::Act365 | DayCount::Act364 | DayCount::ActAct => day_count.between(from, to),
        };
    }
    if regular || terms.interest.stub == Stub::Whole {
        let RestDays::ForwardWithInterest = terms.rest_days else {
            return Rhythm::of(terms).regular(terms);
        };
        let extra = day_count.between(nominal, to).0 - day_count.between(previous, from).0;
        return YearFraction(Rhythm::of(terms).regular(terms).0 + extra);
    }
    day_count.between(from, to)
}
