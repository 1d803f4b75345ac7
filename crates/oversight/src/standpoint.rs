//! Where a page stands in the two clocks (时点): the business date that it shows, and the moment of knowledge.
//!
//! The present is read from `loan_view`, every other standpoint from `loan_position_history_view`.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use platform::access::DataScope;
use platform::args;
use platform::clock::{civil_day, civil_minute, civil_moment};
use platform::db::Conditions;
use platform::error::{Refusal, RefusalKind, Refused};
use platform::page::Clocks;
use platform::page::list;
use serde::Deserialize;

/// A point in the two clocks (时点).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standpoint {
    /// The business date shown (业务日截至).
    pub as_of: Date,
    /// The moment of knowledge (按当时所知); `None` is now.
    pub known: Option<Timestamp>,
    /// The business date of the request.
    pub today: Date,
}

/// What an address says of the two clocks.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Asked {
    /// `YYYY-MM-DD`; empty is the business date.
    #[serde(default)]
    pub as_of: String,
    /// `YYYY-MM-DD HH:MM`; empty is now.
    #[serde(default)]
    pub known_at: String,
}

/// Why a standpoint is refused (时点有误).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StandpointError {
    /// The date cannot be read.
    #[error("{typed:?} is not a date")]
    NotADate {
        /// What was typed.
        typed: String,
    },
    /// The moment cannot be read.
    #[error("{typed:?} is not a moment")]
    NotAMoment {
        /// What was typed.
        typed: String,
    },
    /// The date has not come yet.
    #[error("{as_of} is after the business date {today}")]
    Future {
        /// The date asked for.
        as_of: Date,
        /// The business date.
        today: Date,
    },
    /// Nobody could know of that date at that moment.
    #[error("nobody knew of {as_of} at {known}")]
    UnknownThen {
        /// The date asked for.
        as_of: Date,
        /// The moment asked for.
        known: String,
    },
    /// A comparison must begin before it ends.
    #[error("{from} is not before {to}")]
    NotBefore {
        /// The earlier date asked for.
        from: Date,
        /// The later one.
        to: Date,
    },
}

impl Refusal for StandpointError {
    fn refused(&self) -> Refused {
        let no = |code| Refused::new(RefusalKind::Invalid, code);
        match self {
            Self::NotADate { typed } => no("standpoint-date").with("typed", typed),
            Self::NotAMoment { typed } => no("standpoint-moment").with("typed", typed),
            Self::Future { as_of, today } => no("standpoint-future").with("on", as_of).with("today", today),
            Self::UnknownThen { as_of, known } => no("standpoint-unknown").with("on", as_of).with("known", known),
            Self::NotBefore { from, to } => no("standpoint-order").with("from", from).with("to", to),
        }
    }
}

/// Reads a date of an address.
///
/// # Errors
/// [`StandpointError::NotADate`].
pub fn date(typed: &str) -> Result<Date, StandpointError> {
    typed.trim().parse().map_err(|_| StandpointError::NotADate { typed: typed.to_owned() })
}

impl Standpoint {
    /// The present.
    #[must_use]
    pub fn now(today: Date) -> Self {
        Self { as_of: today, known: None, today }
    }

    /// Reads the two clocks of an address.
    ///
    /// # Errors
    /// [`StandpointError`]: not readable, in the future, or a date that nobody could know of at that moment.
    pub fn of(asked: &Asked, today: Date, now: Timestamp) -> Result<Self, StandpointError> {
        let as_of = if asked.as_of.trim().is_empty() { today } else { date(&asked.as_of)? };
        if as_of > today {
            return Err(StandpointError::Future { as_of, today });
        }
        let known = match asked.known_at.trim() {
            "" => None,
            typed => Some(moment(typed)?).filter(|known| *known < now),
        };
        if let Some(known) = known {
            // The close may open the next business date in the evening of a civil day, never earlier.
            let last = civil_day(known).tomorrow().unwrap_or(as_of);
            if as_of > last {
                return Err(StandpointError::UnknownThen { as_of, known: civil_minute(known) });
            }
        }
        Ok(Self { as_of, known, today })
    }

    /// Whether it is the present.
    #[must_use]
    pub fn is_now(&self) -> bool {
        self.as_of == self.today && self.known.is_none()
    }

    /// The same knowledge of another date.
    #[must_use]
    pub fn on(&self, as_of: Date) -> Self {
        Self { as_of, ..*self }
    }

    /// The two boxes at the head of a page.
    #[must_use]
    pub fn clocks(&self, path: &str) -> Clocks {
        Clocks { path: path.to_owned(), as_of: self.as_of, known_at: self.known_text() }
    }

    /// The moment as an address carries it; empty for now.
    #[must_use]
    pub fn known_text(&self) -> String {
        self.known.map(civil_minute).unwrap_or_default()
    }

    /// An address that keeps the standpoint.
    #[must_use]
    pub fn address(&self, path: &str, parameters: &[(&str, &str)]) -> String {
        let (as_of, known) = (self.as_of.to_string(), self.known_text());
        let mut all = parameters.to_vec();
        if !self.is_now() {
            all.push(("as_of", &as_of));
        }
        if self.known.is_some() {
            all.push(("known_at", &known));
        }
        if all.is_empty() { path.to_owned() } else { list::address(path, &all) }
    }

    /// Keeps the positions `p` that are in force at this standpoint; in the present there is only one per loan.
    pub fn keep_in_force(&self, w: &mut Conditions) {
        if !self.is_now() {
            w.and_values("p.from_on <= ? and (p.to_on is null or p.to_on > ?)", args![self.as_of, self.as_of]);
            self.keep_known(w);
        }
    }

    /// Keeps the rows `p` of the history that were believed at the moment of knowledge.
    pub fn keep_known(&self, w: &mut Conditions) {
        match self.known {
            None => w.and_values("p.superseded_at is null", args![]),
            Some(known) => w.and_values(
                "p.recorded_at <= ? and (p.superseded_at is null or p.superseded_at > ?)",
                args![known, known],
            ),
        };
    }
}

/// Only what the person may see, of loans that are not hidden; the main table of every query is `p`.
///
/// Plan: a manager's loans come by the index `loan_manager`.
pub fn within(w: &mut Conditions, scope: DataScope) {
    w.and_values("p.state = 'active'", args![]);
    if scope.branch != 0 {
        w.and_values("p.branch_id = ?", args![scope.branch]);
    }
    if scope.team != 0 {
        w.and_values("p.team_id = ?", args![scope.team]);
    }
    if scope.manager != 0 {
        w.and_values("p.manager_id = ?", args![scope.manager]);
    }
}

fn moment(typed: &str) -> Result<Timestamp, StandpointError> {
    let refused = || StandpointError::NotAMoment { typed: typed.to_owned() };
    let civil = DateTime::strptime("%Y-%m-%d %H:%M", typed.replace('T', " ")).map_err(|_| refused())?;
    civil_moment(civil).ok_or_else(refused)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(as_of: &str, known_at: &str) -> Result<Standpoint, StandpointError> {
        let asked = Asked { as_of: as_of.to_owned(), known_at: known_at.to_owned() };
        Standpoint::of(&asked, jiff::civil::date(2026, 11, 20), "2026-11-20T08:30:00Z".parse().unwrap())
    }

    #[test]
    fn an_empty_question_asks_for_the_present_and_a_future_moment_is_now() {
        assert!(at("", "").unwrap().is_now());
        assert!(at("2026-11-20", "2026-11-20 16:31").unwrap().is_now());
        assert!(!at("2026-11-20", "2026-11-20 16:29").unwrap().is_now());
        assert!(!at("2026-11-19", "").unwrap().is_now());
    }

    #[test]
    fn what_nobody_can_know_is_refused_by_name() {
        let code = |as_of, known_at| at(as_of, known_at).unwrap_err().refused().code;
        assert_eq!(code("2026-11-21", ""), "standpoint-future");
        assert_eq!(code("2026-10-31", "2026-10-20 12:00"), "standpoint-unknown");
        assert_eq!(code("31.10.2026", ""), "standpoint-date");
        assert_eq!(code("2026-10-31", "noon"), "standpoint-moment");
    }

    #[test]
    fn addresses_keep_the_standpoint_only_when_it_is_not_now() {
        assert_eq!(at("", "").unwrap().address("/dashboard", &[]), "/dashboard");
        assert_eq!(
            at("2026-10-31", "2026-11-02 09:00").unwrap().address("/dashboard", &[("by", "class")]),
            "/dashboard?by=class&as_of=2026-10-31&known_at=2026-11-02%2009%3A00"
        );
    }
}
