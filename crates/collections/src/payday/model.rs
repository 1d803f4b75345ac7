//! The day of the month on which a debtor is paid, and the dates around it. Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use jiff::civil::Date;
use platform::error::{FieldError, Refusal, RefusalKind, Refused};
use platform::{id_type, stored_as_text};

id_type!(PayDayId, "The key of a recorded pay day (发薪日) within its customer.");

/// The last day of the longest month.
const LAST: i64 = 31;

/// Who or what says when a debtor is paid (发薪日来源).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// 本人所述.
    Debtor,
    /// 工资单.
    Payslip,
    /// 劳动合同.
    Contract,
    /// 银行流水.
    Statement,
}

impl Source {
    /// Every source.
    pub const ALL: [Self; 4] = [Self::Debtor, Self::Payslip, Self::Contract, Self::Statement];

    /// Its name in data.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Debtor => "debtor",
            Self::Payslip => "payslip",
            Self::Contract => "contract",
            Self::Statement => "statement",
        }
    }

    /// Reads its name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|source| source.as_str() == text)
    }
}
stored_as_text!(Source, "source of a pay day");

/// A recorded pay day (发薪日).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PayDay {
    /// The day of the month; none: not known any more.
    pub day: Option<i64>,
    /// Who or what says so.
    pub source: Source,
    /// The business date.
    pub on: Date,
    /// By whom it was recorded.
    pub by: String,
}

/// What is recorded (发薪日登记).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewPayDay {
    /// The day of the month; none takes back what was recorded.
    pub day: Option<i64>,
    /// Who or what says so.
    pub source: Source,
}

/// Why a pay day is not taken (发薪日拒绝).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PayDayError {
    /// Fields of the form.
    #[error("the form is not complete")]
    Form(Vec<FieldError>),
    /// A company is paid by nobody.
    #[error("a company has no pay day")]
    Company,
}

impl Refusal for PayDayError {
    fn refused(&self) -> Refused {
        match self {
            Self::Company => Refused::new(RefusalKind::Conflict, "payday-company").under("payday.known", None),
            Self::Form(fields) => Refused::form(fields.clone()),
        }
    }
}

/// Reads a day and its source as typed; an empty day takes back what was recorded (rule `payday.known`).
///
/// # Errors
/// Each field that is unreadable, all at once.
pub fn read(day: &str, source: &str) -> Result<NewPayDay, PayDayError> {
    let mut wrong = Vec::new();
    let typed = day.trim();
    let read = typed.parse::<i64>().ok().filter(|day| (1..=LAST).contains(day));
    if read.is_none() && !typed.is_empty() {
        wrong.push(FieldError::new("day", "payday-day").with("text", typed));
    }
    match Source::parse(source.trim()) {
        Some(source) if wrong.is_empty() => Ok(NewPayDay { day: read, source }),
        Some(_) => Err(PayDayError::Form(wrong)),
        None => {
            wrong.push(FieldError::new("source", "choice-invalid"));
            Err(PayDayError::Form(wrong))
        }
    }
}

/// The date of a day of the month in the month of `on`: the month's end where it is shorter (rule `payday.month-end`).
#[must_use]
pub fn date_of(day: i64, on: Date) -> Date {
    let last = on.last_of_month();
    let falls = i8::try_from(day.max(1)).ok().and_then(|day| Date::new(on.year(), on.month(), day).ok());
    falls.unwrap_or(last)
}

/// The next pay date, today's included.
#[must_use]
pub fn next(day: i64, on: Date) -> Date {
    let here = date_of(day, on);
    if here >= on { here } else { on.last_of_month().tomorrow().map_or(here, |next| date_of(day, next)) }
}

/// How far around a pay day a debtor is called (发薪日前后), and the days on which most people are paid.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Around {
    /// Days before.
    pub before: i64,
    /// Days after.
    pub after: i64,
    /// The usual pay days of a month.
    pub usual: Vec<i64>,
}

/// A pay day that is near (临近发薪日).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Near {
    /// Its date.
    pub on: Date,
    /// Whether it is the debtor's own; else one of the usual ones.
    pub known: bool,
}

impl Around {
    /// The pay date around which a debtor is called on a day (rule `payday.around`): his own, within the days of the
    /// policy; where none is known, a usual one on the very day.
    #[must_use]
    pub fn near(&self, day: Option<i64>, on: Date) -> Option<Near> {
        match day {
            Some(day) => self.own(day, on).map(|on| Near { on, known: true }),
            None => self.is_usual(on).then_some(Near { on, known: false }),
        }
    }

    fn own(&self, day: i64, on: Date) -> Option<Date> {
        let first = on.first_of_month();
        let months = [first.yesterday().ok(), Some(first), on.last_of_month().tomorrow().ok()];
        let dates = months.into_iter().flatten().map(|month| date_of(day, month));
        let within = |paid: &Date| (-self.before..=self.after).contains(&finance::days_between(*paid, on));
        dates.filter(within).min_by_key(|paid| finance::days_between(*paid, on).abs())
    }

    fn is_usual(&self, on: Date) -> bool {
        self.usual.iter().any(|day| date_of(*day, on) == on)
    }

    /// The days of the month whose debtors are called on a day; 0 stands for those whose day is not known.
    #[must_use]
    pub fn days(&self, on: Date) -> Vec<i64> {
        let own = (1..=LAST).filter(|day| self.own(*day, on).is_some());
        own.chain(self.is_usual(on).then_some(0)).collect()
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn around() -> Around {
        Around { before: 1, after: 2, usual: vec![5, 10, 15, 28, 30] }
    }

    // Rules `payday.month-end`, `payday.around`. S2.5-31
    #[test]
    fn a_pay_day_of_the_thirtieth_falls_on_the_end_of_february() {
        assert_eq!(date_of(30, date(2027, 2, 3)), date(2027, 2, 28));
        assert_eq!(date_of(30, date(2028, 2, 3)), date(2028, 2, 29));
        assert_eq!(date_of(31, date(2026, 11, 3)), date(2026, 11, 30));
        assert_eq!(date_of(10, date(2026, 11, 3)), date(2026, 11, 10));
        let usual = |on| around().near(None, on).map(|near| (near.on, near.known));
        assert_eq!(usual(date(2027, 2, 28)), Some((date(2027, 2, 28), false)));
        assert_eq!(usual(date(2027, 2, 27)), None);
        assert_eq!(next(31, date(2026, 11, 30)), date(2026, 11, 30));
        assert_eq!(next(10, date(2026, 11, 11)), date(2026, 12, 10));
    }

    // Rule `payday.around`. S2.5-31
    #[test]
    fn a_debtor_is_called_from_the_day_before_until_two_days_after() {
        let near = |on| around().near(Some(31), on).map(|near| near.on);
        assert_eq!(near(date(2026, 11, 28)), None);
        assert_eq!(near(date(2026, 11, 29)), Some(date(2026, 11, 30)));
        assert_eq!(near(date(2026, 12, 2)), Some(date(2026, 11, 30)), "over the end of the month");
        assert_eq!(near(date(2026, 12, 3)), None);
        assert_eq!(around().near(Some(1), date(2026, 11, 30)).map(|near| near.on), Some(date(2026, 12, 1)));
        assert_eq!(around().near(Some(20), date(2026, 11, 15)), None, "whose day is known waits for it");
        assert_eq!(around().days(date(2026, 11, 15)), [13, 14, 15, 16, 0]);
        assert_eq!(around().days(date(2026, 11, 20)), [18, 19, 20, 21]);
    }

    // Rule `payday.known`. S2.5-31
    #[test]
    fn a_day_of_the_month_has_a_source_and_nothing_takes_it_back() {
        let code = |day: &str, source: &str| match read(day, source) {
            Ok(new) => new.day.map_or("none".to_owned(), |day| day.to_string()),
            Err(PayDayError::Form(wrong)) => wrong.iter().map(|one| one.field).collect::<Vec<_>>().join(","),
            Err(PayDayError::Company) => "company".to_owned(),
        };
        assert_eq!(code(" 15 ", "payslip"), "15");
        assert_eq!(code("", "debtor"), "none");
        for bad in ["0", "32", "-1", "十五", "99999999999999999999"] {
            assert_eq!(code(bad, "debtor"), "day", "{bad}");
        }
        assert_eq!(code("32", "rumour"), "day,source");
    }
}
