//! When a message is tried again, and when it is given up. Pure.

use std::time::Duration;

use jiff::SignedDuration;
use policy::{Edition, ParameterError};

use super::model::Outcome;
use super::reach::Reach;

/// The parameters of what leaves the house (外发参数), article `house.outbox` of the pack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxRules {
    /// The wait after the first attempt that failed; it doubles with every one.
    pub first_wait_seconds: i64,
    /// The longest wait between two attempts.
    pub longest_wait_seconds: i64,
    /// How far a wait is moved by chance, in millionths, so that not everything comes back at once.
    pub jitter_ppm: i64,
    /// The attempts after which it is given up.
    pub most_tries: i64,
    /// How long a receiver has for its answer.
    pub answer_seconds: i64,
    /// How long what is settled stays in the log.
    pub keep_days: i64,
    /// Which addresses may be called.
    pub reach: Reach,
}

impl Default for OutboxRules {
    /// What holds while no rules are in force: before the set-up, and in tests.
    fn default() -> Self {
        Self {
            first_wait_seconds: 30,
            longest_wait_seconds: 6 * 3_600,
            jitter_ppm: 200_000,
            most_tries: 12,
            answer_seconds: 10,
            keep_days: 90,
            reach: Reach::Loopback,
        }
    }
}

/// What becomes of a message after an attempt (后续).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// It arrived.
    Sent,
    /// It is tried again after this.
    Again(SignedDuration),
    /// It is given up.
    GiveUp,
    /// A person says what became of it.
    AskPerson,
    /// It is tried at the moment that the gateway named, and this attempt counts for none.
    Later,
    /// It is not sent.
    Drop,
}

/// What is done when nobody knows whether a message arrived (结果不明的处理).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhenUnknown {
    /// It is tried again with the same key: the receiver knows a repetition.
    Repeat,
    /// It is never tried again by itself: a repetition would reach a person twice.
    AskPerson,
}

impl OutboxRules {
    /// The parameters of the rules in force.
    ///
    /// # Errors
    /// A parameter that the pack lacks.
    pub fn of(edition: &Edition) -> Result<Self, ParameterError> {
        Ok(Self {
            first_wait_seconds: edition.integer("outbox_first_wait_seconds")?,
            longest_wait_seconds: edition.integer("outbox_longest_wait_seconds")?,
            jitter_ppm: edition.integer("outbox_jitter_ppm")?,
            most_tries: edition.integer("outbox_most_tries")?,
            answer_seconds: edition.integer("outbox_answer_seconds")?,
            keep_days: edition.integer("outbox_keep_days")?,
            reach: Reach::parse(edition.text("outbox_reach")?).unwrap_or(Reach::Public),
        })
    }

    /// How long a receiver has for its answer.
    #[must_use]
    pub fn patience(&self) -> Duration {
        Duration::from_secs(u64::try_from(self.answer_seconds.clamp(1, 600)).unwrap_or(1))
    }

    /// How long an attempt counts as alive: connecting, sending and answering each take their time, and some to spare.
    #[must_use]
    pub fn lease(&self) -> SignedDuration {
        SignedDuration::from_secs(self.answer_seconds.clamp(1, 600).saturating_mul(3).saturating_add(30))
    }

    /// The wait before the next attempt after `tries` that failed. It doubles up to the longest wait and is moved by at
    /// most the jitter; `chance` in place of a die, so that the same message waits the same in every replay.
    #[must_use]
    pub fn wait(&self, tries: i64, chance: u64) -> SignedDuration {
        let doublings = u32::try_from(tries.saturating_sub(1).clamp(0, 40)).unwrap_or(40);
        let longest = i128::from(self.longest_wait_seconds.max(1)) * 1_000;
        let plain = (i128::from(self.first_wait_seconds.max(1)) * 1_000 * (1_i128 << doublings)).min(longest);
        let jitter = plain * i128::from(self.jitter_ppm.clamp(0, 1_000_000)) / 1_000_000;
        let moved = plain - jitter + i128::from(chance).rem_euclid(2 * jitter + 1);
        SignedDuration::from_millis(i64::try_from(moved.max(1)).unwrap_or(i64::MAX))
    }

    /// What becomes of a message after its `tries`th attempt ended like this.
    ///
    /// Rule `outbox.unknown-asks-a-person`: what a repetition would bring to a person twice is not repeated by itself.
    #[must_use]
    pub fn after(&self, outcome: Outcome, unknown: WhenUnknown, tries: i64, chance: u64) -> Next {
        match (outcome, unknown) {
            (Outcome::Delivered, _) => Next::Sent,
            (Outcome::Refused, _) => Next::GiveUp,
            (Outcome::Later, _) => Next::Later,
            (Outcome::Withdrawn, _) => Next::Drop,
            (Outcome::Unknown | Outcome::Running, WhenUnknown::AskPerson) => Next::AskPerson,
            (Outcome::Failed, _) | (Outcome::Unknown | Outcome::Running, WhenUnknown::Repeat) => {
                if tries >= self.most_tries { Next::GiveUp } else { Next::Again(self.wait(tries, chance)) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_the_longest_and_stay_within_their_jitter() {
        let rules = OutboxRules { jitter_ppm: 0, longest_wait_seconds: 100, ..OutboxRules::default() };
        let waits: Vec<i64> = (1..=5).map(|tries| rules.wait(tries, 7).as_secs()).collect();
        assert_eq!(waits, [30, 60, 100, 100, 100]);
        assert_eq!(rules.wait(i64::MAX, 0).as_secs(), 100);
        let rules = OutboxRules { jitter_ppm: 200_000, ..rules };
        let ends: Vec<i128> = [0, 12_000].map(|chance| rules.wait(1, chance).as_millis()).to_vec();
        assert_eq!(ends, [24_000, 36_000]);
        for chance in [1, 99, 12_001, u64::MAX] {
            assert!((24_000..=36_000).contains(&rules.wait(1, chance).as_millis()), "{chance}");
        }
    }

    // Rule `outbox.unknown-asks-a-person`
    #[test]
    fn what_becomes_of_a_message_after_each_outcome() {
        let rules = OutboxRules { jitter_ppm: 0, most_tries: 2, ..OutboxRules::default() };
        let again = Next::Again(SignedDuration::from_secs(30));
        // outcome | first try, repeats | last try, repeats | first try, asks | last try, asks
        let rows = [
            (Outcome::Running, again, Next::GiveUp, Next::AskPerson, Next::AskPerson),
            (Outcome::Delivered, Next::Sent, Next::Sent, Next::Sent, Next::Sent),
            (Outcome::Refused, Next::GiveUp, Next::GiveUp, Next::GiveUp, Next::GiveUp),
            (Outcome::Failed, again, Next::GiveUp, again, Next::GiveUp),
            (Outcome::Unknown, again, Next::GiveUp, Next::AskPerson, Next::AskPerson),
            (Outcome::Later, Next::Later, Next::Later, Next::Later, Next::Later),
            (Outcome::Withdrawn, Next::Drop, Next::Drop, Next::Drop, Next::Drop),
        ];
        assert_eq!(rows.map(|row| row.0), Outcome::ALL);
        for (outcome, first, last, first_asks, last_asks) in rows {
            let after = |unknown, tries| rules.after(outcome, unknown, tries, 0);
            assert_eq!(after(WhenUnknown::Repeat, 1), first, "{outcome:?}");
            assert_eq!(after(WhenUnknown::Repeat, 2), last, "{outcome:?}");
            assert_eq!(after(WhenUnknown::AskPerson, 1), first_asks, "{outcome:?}");
            assert_eq!(after(WhenUnknown::AskPerson, 2), last_asks, "{outcome:?}");
        }
    }
}
