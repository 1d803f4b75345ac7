//! Day counts (计息天数): how much of a year lies between two dates.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A part of a year (年化期间) as a whole number of 1 / [`YearFraction::PER_YEAR`] years.
///
/// 145,880,280 is the least common multiple of 360, 364, 365 and 366, so a day of every convention and a month
/// (1/12) are whole numbers and sums are exact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct YearFraction(pub i64);

impl YearFraction {
    /// Units in a year.
    pub const PER_YEAR: i64 = 145_880_280;
    /// Units in a month (1/12 year).
    pub const PER_MONTH: i64 = Self::PER_YEAR / 12;

    /// So many months of 1/12 year.
    pub const fn months(count: i64) -> YearFraction {
        YearFraction(count.saturating_mul(Self::PER_MONTH))
    }

    /// So many days of a year of `basis` days (360, 364, 365 or 366; other bases are cut to the unit).
    pub const fn days(count: i64, basis: i64) -> YearFraction {
        YearFraction(count.saturating_mul(Self::PER_YEAR / basis))
    }
}

/// How days are counted (计息基础). The first day counts, the last does not (算头不算尾).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum DayCount {
    /// Months of 30 days in a year of 360 (30/360, the bond basis: a 31st counts as a 30th).
    #[default]
    #[serde(rename = "30/360")]
    Thirty360,
    /// Actual days over 360 (积数计息, 日利率 = 年利率 ÷ 360).
    #[serde(rename = "ACT/360")]
    Act360,
    /// Actual days over 365.
    #[serde(rename = "ACT/365")]
    Act365,
    /// Actual days over 364 (52 whole weeks).
    #[serde(rename = "ACT/364")]
    Act364,
    /// Actual days over the days of the year they lie in, 365 or 366.
    #[serde(rename = "ACT/ACT")]
    ActAct,
    /// 对年对月对日: whole months at the monthly rate, odd days at 1/360 of the yearly rate (逐笔计息).
    #[serde(rename = "months+days/360")]
    WholeMonths,
}

impl DayCount {
    /// The part of a year from `from` (counted) to `to` (not counted); negative when `to` is earlier.
    ///
    /// ```
    /// use finance::{DayCount, YearFraction};
    /// let (from, to) = ("2024-03-15".parse().unwrap(), "2025-03-20".parse().unwrap());
    /// // a year and five odd days: 12 months + 5/360
    /// let part = DayCount::WholeMonths.between(from, to);
    /// assert_eq!(part.0, YearFraction::months(12).0 + YearFraction::days(5, 360).0);
    /// ```
    #[inline]
    pub fn between(self, from: Date, to: Date) -> YearFraction {
        match self {
            DayCount::Thirty360 => YearFraction::days(days_30_360(from, to), 360),
            DayCount::Act360 => YearFraction::days(days_between(from, to), 360),
            DayCount::Act365 => YearFraction::days(days_between(from, to), 365),
            DayCount::Act364 => YearFraction::days(days_between(from, to), 364),
            DayCount::ActAct => act_act(from, to),
            DayCount::WholeMonths => {
                let (months, days) = whole_months(from, to);
                YearFraction(YearFraction::months(months).0 + YearFraction::days(days, 360).0)
            }
        }
    }

    /// The days that the convention counts between two dates, as the derivation prints them.
    pub fn days(self, from: Date, to: Date) -> i64 {
        match self {
            DayCount::Thirty360 => days_30_360(from, to),
            DayCount::Act360 | DayCount::Act365 | DayCount::Act364 | DayCount::ActAct | DayCount::WholeMonths => {
                days_between(from, to)
            }
        }
    }

    /// A rule id for the derivation.
    pub const fn rule(self) -> &'static str {
        match self {
            DayCount::Thirty360 => "interest.daycount.30-360",
            DayCount::Act360 => "interest.daycount.act360",
            DayCount::Act365 => "interest.daycount.act365",
            DayCount::Act364 => "interest.daycount.act364",
            DayCount::ActAct => "interest.daycount.actact",
            DayCount::WholeMonths => "interest.daycount.whole-months",
        }
    }

    /// The days of a year by which a daily rate of this convention is a part of the yearly one.
    pub const fn year_days(self) -> i64 {
        match self {
            DayCount::Thirty360 | DayCount::Act360 | DayCount::WholeMonths => 360,
            DayCount::Act365 | DayCount::ActAct => 365,
            DayCount::Act364 => 364,
        }
    }
}

/// An ordinal of a date in the proleptic Gregorian calendar; only differences mean anything.
///
/// Years begin in March, so that the odd day is the last one, and are counted from −12,000, so that nothing is
/// negative. `979 m − 2919` over 32 is the days of the months before month `m` (3…14) in whole numbers: C. Neri and
/// L. Schneider, "Euclidean affine functions and their application to calendar algorithms", 2022.
#[inline]
pub(crate) fn day_number(date: Date) -> i64 {
    let (month, day) = (u32::from(date.month().unsigned_abs()), u32::from(date.day().unsigned_abs()));
    let year = (i32::from(date.year()) + 12_000).unsigned_abs();
    let (year, month) = if month <= 2 { (year - 1, month + 12) } else { (year, month) };
    let century = year / 100;
    i64::from(1461 * year / 4 - century + century / 4 + (979 * month - 2919) / 32 + day)
}

/// Actual days from one date to another.
#[inline]
pub fn days_between(from: Date, to: Date) -> i64 {
    day_number(to) - day_number(from)
}

fn days_30_360(from: Date, to: Date) -> i64 {
    let first = i64::from(from.day()).min(30);
    let last = i64::from(to.day());
    let last = if last == 31 && first == 30 { 30 } else { last };
    (i64::from(to.year()) - i64::from(from.year())) * 360
        + (i64::from(to.month()) - i64::from(from.month())) * 30
        + last
        - first
}

fn act_act(from: Date, to: Date) -> YearFraction {
    if to < from {
        return YearFraction(-act_act(to, from).0);
    }
    let basis = |date: Date| if date.in_leap_year() { 366 } else { 365 };
    if from.year() == to.year() {
        return YearFraction::days(days_between(from, to), basis(from));
    }
    let rest_of_first = i64::from(from.days_in_year()) - i64::from(from.day_of_year()) + 1;
    let head = YearFraction::days(rest_of_first, basis(from)).0;
    let tail = YearFraction::days(i64::from(to.day_of_year()) - 1, basis(to)).0;
    let whole = i64::from(to.year()) - i64::from(from.year()) - 1;
    YearFraction(head + tail + whole * YearFraction::PER_YEAR)
}

/// Whole months and odd days (对年对月对日); a month without the day ends on its last day.
pub fn whole_months(from: Date, to: Date) -> (i64, i64) {
    if to < from {
        let (months, days) = whole_months(to, from);
        return (-months, -days);
    }
    let mut months =
        (i64::from(to.year()) - i64::from(from.year())) * 12 + i64::from(to.month()) - i64::from(from.month());
    let mut anchor = add_months(from, months);
    if anchor.is_none_or(|date| date > to) {
        months -= 1;
        anchor = add_months(from, months);
    }
    (months, anchor.map_or(0, |date| days_between(date, to)))
}

/// The same day `months` later, or the month's last day when it has none; `None` outside years −9999…9999.
pub fn add_months(date: Date, months: i64) -> Option<Date> {
    on_day_of_month(date, months, date.day())
}

/// Day `day` (clipped to the month's last) of the month `months` after that of `date`.
#[inline]
pub fn on_day_of_month(date: Date, months: i64, day: i8) -> Option<Date> {
    let month = (i64::from(date.year()) * 12 + i64::from(date.month()) - 1).checked_add(months)?;
    let year = i16::try_from(month.div_euclid(12)).ok()?;
    let month = i8::try_from(month.rem_euclid(12)).ok()? + 1;
    let last = match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    Date::new(year, month, day.min(last)).ok()
}

/// The date `days` later; `None` outside the calendar.
#[inline]
pub fn add_days(date: Date, days: i64) -> Option<Date> {
    let short = i64::from(date.day()).checked_add(days)?;
    if (1..=28).contains(&short) {
        return Date::new(date.year(), date.month(), i8::try_from(short).ok()?).ok();
    }
    date.checked_add(jiff::Span::new().try_days(days).ok()?).ok()
}
