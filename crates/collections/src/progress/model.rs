//! A report of how the recovery goes, and the periods that it is made of. Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use jiff::civil::Date;
use platform::error::{FieldError, Refusal, RefusalKind, Refused};
use platform::id::{BranchId, UserId};
use platform::id_type;
use serde::{Deserialize, Serialize};

use crate::measure::model::{Period, Roll, Tally};

id_type!(ReportId, "The key of a report of the recovery (清收进展报告).");

/// How often a report is made (报告频次).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Every {
    /// 周报: Monday to Sunday.
    Week,
    /// 月报.
    Month,
}

impl Every {
    /// Reads its name in the policy.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "week" => Some(Self::Week),
            "month" => Some(Self::Month),
            _ => None,
        }
    }

    /// The period in which a day lies.
    #[must_use]
    pub fn of(self, on: Date) -> Period {
        match self {
            Self::Week => {
                let since = i64::from(on.weekday().to_monday_zero_offset());
                let from = finance::add_days(on, -since).unwrap_or(on);
                Period { from, to: finance::add_days(from, 6).unwrap_or(on) }
            }
            Self::Month => Period { from: on.first_of_month(), to: on.last_of_month() },
        }
    }

    /// The last period that was over on a day (rule `progress.period`).
    #[must_use]
    pub fn over(self, on: Date) -> Period {
        self.of(self.of(on).eve())
    }
}

/// The figures of a group, with its name as it was then (分组指标).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// The group.
    pub id: String,
    /// What it was called.
    pub name: String,
    /// Its figures.
    pub figures: Tally,
}

/// What a report says in figures (报告指标), frozen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// Everything together.
    pub whole: Tally,
    /// The same of the period before.
    pub before: Tally,
    /// By branch.
    pub branches: Vec<Line>,
    /// By collector.
    pub collectors: Vec<Line>,
    /// By cause.
    pub causes: Vec<Line>,
    /// Where the loans of the beginning went.
    pub rolls: Vec<Roll>,
    /// The business date on which the figures were taken.
    pub taken_on: Date,
}

/// A report (清收进展报告).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Which.
    pub id: ReportId,
    /// 编号.
    pub number: String,
    /// Of which branch; 0 is the whole institution.
    pub branch: BranchId,
    /// Of which days.
    pub period: Period,
    /// The figures.
    pub content: Content,
    /// What happened, in words.
    pub words: String,
    /// What is done next.
    pub plan: String,
    /// Who saw it, when, and with which words.
    pub seen: Option<(UserId, Date, String)>,
    /// Who made it.
    pub by: UserId,
    /// When.
    pub made_on: Date,
}

impl Report {
    /// How the audit trail names it.
    #[must_use]
    pub fn subject(&self) -> String {
        format!("progress:{}", self.id)
    }
}

/// How the duty to report about a branch and a period is named.
#[must_use]
pub fn duty_subject(branch: BranchId, period: Period) -> String {
    format!("recovery_report:{}-{}-{}", branch.0, period.from, period.to)
}

/// Why a report is not taken (报告拒绝).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProgressError {
    /// There is none, or not for this person.
    #[error("no such report")]
    NotFound,
    /// The period was reported on.
    #[error("reported as {number}")]
    Reported {
        /// The report.
        number: String,
    },
    /// The days are no period of the policy, or not over yet.
    #[error("{from} is no period that is over")]
    NoPeriod {
        /// As asked for.
        from: String,
        /// The last one that is over.
        last: Date,
    },
    /// The person sees less than a branch.
    #[error("less than a branch")]
    NotWhole,
    /// Seen before.
    #[error("seen")]
    Seen,
    /// Whoever makes a report does not see it for the others.
    #[error("one's own report")]
    Own,
    /// Fields of the form.
    #[error("the form is not complete")]
    Form(Vec<FieldError>),
}

impl Refusal for ProgressError {
    fn refused(&self) -> Refused {
        match self {
            Self::NotFound => Refused::new(RefusalKind::NotFound, "progress-not-found"),
            Self::Reported { number } => Refused::new(RefusalKind::Conflict, "progress-reported")
                .with("number", number)
                .under("progress.once", None),
            Self::NoPeriod { from, last } => Refused::new(RefusalKind::Invalid, "progress-no-period")
                .with("from", from)
                .with("last", last)
                .under("progress.period", None),
            Self::NotWhole => {
                Refused::new(RefusalKind::Forbidden, "progress-not-whole").under("progress.figures", None)
            }
            Self::Seen => Refused::new(RefusalKind::Conflict, "progress-seen-already").under("progress.seen", None),
            Self::Own => Refused::new(RefusalKind::Conflict, "progress-own").under("progress.seen", None),
            Self::Form(fields) => Refused::form(fields.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    // Rule progress.period. S4-32
    #[test]
    fn a_week_is_over_on_its_monday_after_and_a_month_on_the_first() {
        let period = |from, to| Period { from, to };
        let week = period(date(2026, 11, 9), date(2026, 11, 15));
        assert_eq!(Every::Week.over(date(2026, 11, 16)), week);
        assert_eq!(Every::Week.over(date(2026, 11, 22)), week);
        assert_eq!(Every::Week.over(date(2026, 11, 15)).to, date(2026, 11, 8));
        assert_eq!(Every::Month.over(date(2028, 3, 1)), period(date(2028, 2, 1), date(2028, 2, 29)));
        assert_eq!(Every::parse("week"), Some(Every::Week));
        assert_eq!(Every::parse("year"), None);
    }

    // Rule progress.once: a week and a month that begin on one day are two periods.
    #[test]
    fn a_duty_is_named_by_both_ends_of_its_period() {
        let first = date(2027, 2, 1);
        let [week, month] = [Every::Week, Every::Month].map(|every| duty_subject(BranchId(1), every.of(first)));
        assert_eq!(week, "recovery_report:1-2027-02-01-2027-02-07");
        assert_eq!(month, "recovery_report:1-2027-02-01-2027-02-28");
    }
}
