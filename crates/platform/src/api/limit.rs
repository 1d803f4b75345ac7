//! Rates (频率限制): how often a token may ask, and how often an address may come with a token that is none.
//!
//! The generic cell rate algorithm (ITU-T I.371): one moment a key is remembered, the one at which all that was asked
//! would have come evenly. A minute's worth may come at once. Each process counts for itself, and several servers share
//! what is allowed.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;

const MINUTE_MS: i64 = 60_000;
/// The keys remembered before those are dropped that are free again.
const KEPT: usize = 10_000;

/// Who is counted (计数对象).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Counted {
    /// A token, by its number.
    Token(i64),
    /// An address that came with a bad token.
    Stranger(String),
}

/// The rates of a running program (频率表).
#[derive(Debug, Default)]
pub struct Rates(Mutex<HashMap<Counted, i64>>);

impl Rates {
    /// Counts one request under at most `most` a minute.
    ///
    /// # Errors
    /// The seconds to wait, when there were too many; the request is not counted then.
    pub fn count(&self, who: Counted, most: i64, now: Timestamp) -> Result<(), i64> {
        let now = now.as_millisecond();
        let step = MINUTE_MS.div_euclid(most.max(1)).max(1);
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= KEPT {
            kept.retain(|_, even| *even > now);
        }
        let even = kept.get(&who).copied().unwrap_or(now).max(now).saturating_add(step);
        let early = even.saturating_sub(MINUTE_MS).saturating_sub(now);
        if early > 0 {
            return Err(early.saturating_add(999).div_euclid(1000));
        }
        kept.insert(who, even);
        Ok(())
    }

    /// Whether more would be too many, without counting.
    ///
    /// # Errors
    /// The seconds to wait.
    pub fn full(&self, who: &Counted, most: i64, now: Timestamp) -> Result<(), i64> {
        let now = now.as_millisecond();
        let step = MINUTE_MS.div_euclid(most.max(1)).max(1);
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let even = kept.get(who).copied().unwrap_or(now).max(now).saturating_add(step);
        let early = even.saturating_sub(MINUTE_MS).saturating_sub(now);
        if early > 0 { Err(early.saturating_add(999).div_euclid(1000)) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;

    #[test]
    fn a_minutes_worth_may_come_at_once_and_then_one_at_a_time() {
        let rates = Rates::default();
        let now: Timestamp = "2026-11-20T08:00:00Z".parse().unwrap();
        for _ in 0..6 {
            rates.count(Counted::Token(1), 6, now).unwrap();
        }
        assert_eq!(rates.count(Counted::Token(1), 6, now), Err(10));
        assert_eq!(rates.full(&Counted::Token(1), 6, now), Err(10));
        assert_eq!(rates.count(Counted::Token(2), 6, now), Ok(()), "each token has its own");
        let later = now + SignedDuration::from_secs(10);
        assert_eq!(rates.count(Counted::Token(1), 6, later), Ok(()));
        assert_eq!(rates.count(Counted::Token(1), 6, later), Err(10));
    }
}
