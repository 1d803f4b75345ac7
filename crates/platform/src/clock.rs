//! The clock (时钟): the one place where the time of day is read.
//!
//! `now` rules sessions, lock-out, the contact guard and `recorded_at`. Money, classes and duties
//! follow the business date instead, which only the day close moves.

use std::sync::{Arc, Mutex, PoisonError};

use jiff::civil::Date;
use jiff::tz::{TimeZone, offset};
use jiff::{SignedDuration, Timestamp};

/// Where `now` comes from.
#[derive(Debug, Clone)]
pub enum Clock {
    /// The machine's clock.
    System,
    /// A moment that moves only when told to: demo books and tests.
    Simulated(Arc<Mutex<Timestamp>>),
}

impl Clock {
    /// A simulated clock that stands at `moment`.
    pub fn simulated(moment: Timestamp) -> Self {
        Self::Simulated(Arc::new(Mutex::new(moment)))
    }

    /// The present moment.
    pub fn now(&self) -> Timestamp {
        match self {
            #[expect(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
            Self::System => Timestamp::now(),
            Self::Simulated(moment) => *moment.lock().unwrap_or_else(PoisonError::into_inner),
        }
    }

    /// Moves a simulated clock to `moment`; the machine's clock stays as it is.
    pub fn set(&self, moment: Timestamp) {
        if let Self::Simulated(cell) = self {
            *cell.lock().unwrap_or_else(PoisonError::into_inner) = moment;
        }
    }

    /// Moves a simulated clock forward.
    pub fn advance(&self, by: SignedDuration) {
        if let Self::Simulated(cell) = self {
            let mut moment = cell.lock().unwrap_or_else(PoisonError::into_inner);
            *moment = moment.saturating_add(by).unwrap_or(*moment);
        }
    }
}

/// Measures how long something takes (秒表): for figures that a person asked for, never for a decision.
#[derive(Debug, Clone, Copy)]
pub struct Stopwatch(std::time::Instant);

impl Stopwatch {
    /// Starts to measure.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
    pub fn start() -> Self {
        Self(std::time::Instant::now())
    }

    /// What has passed since the start.
    #[must_use]
    pub fn elapsed(self) -> std::time::Duration {
        self.0.elapsed()
    }
}

/// The civil day of a moment in China (UTC+8 all year round): for what is said before a book has a business date.
#[must_use]
pub fn civil_day(moment: Timestamp) -> Date {
    moment.to_zoned(TimeZone::fixed(offset(8))).date()
}

/// A moment as people in China read it, to the minute: `2026-11-20 16:30`.
#[must_use]
pub fn civil_minute(moment: Timestamp) -> String {
    moment.to_zoned(TimeZone::fixed(offset(8))).strftime("%Y-%m-%d %H:%M").to_string()
}

/// The moment that people in China call by this date and time.
#[must_use]
pub fn civil_moment(civil: jiff::civil::DateTime) -> Option<Timestamp> {
    civil.to_zoned(TimeZone::fixed(offset(8))).ok().map(|zoned| zoned.timestamp())
}
