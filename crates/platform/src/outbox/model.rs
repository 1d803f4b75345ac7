//! What leaves the house, and where it stands. Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

/// Something that leaves the house (待发消息): the words are fixed, only where it stands changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Its key.
    pub id: i64,
    /// Which gateway takes it out.
    pub kind: String,
    /// To whom, as the gateway knows them.
    pub receiver: String,
    /// What it is about, for people: numbers and keys, nobody's name.
    pub about: String,
    /// Goes along with every attempt, so that the receiver knows a repetition.
    pub send_key: String,
    /// What is sent, word for word.
    pub body: String,
    /// Where it stands.
    pub state: MessageState,
    /// Attempts since the last time that a person asked for it.
    pub tries: i64,
    /// All attempts.
    pub attempts: i64,
    /// When the next attempt is due.
    pub due_at: Timestamp,
    /// Until when the attempt under way counts as alive.
    pub leased_until: Option<Timestamp>,
    /// Since when it is there.
    pub created_at: Timestamp,
    /// Who put it in; 0 the system.
    pub created_by: i64,
    /// When it was settled.
    pub settled_at: Option<Timestamp>,
}

/// Where a message stands (消息状态).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MessageState {
    /// It will be tried, at once or later.
    Waiting,
    /// The receiver said that it arrived, or a person did.
    Sent,
    /// Nobody knows whether it arrived; it is not repeated before a person says so.
    Unknown,
    /// Tried as often as the policy allows; a person decides.
    Dead,
    /// A person decided that it is not sent.
    Dropped,
}

impl MessageState {
    /// Every state.
    pub const ALL: [Self; 5] = [Self::Waiting, Self::Sent, Self::Unknown, Self::Dead, Self::Dropped];

    /// Its name in data and messages.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Sent => "sent",
            Self::Unknown => "unknown",
            Self::Dead => "dead",
            Self::Dropped => "dropped",
        }
    }

    /// Reads its name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == name)
    }

    /// What a person makes of it; nothing, when that is not theirs to say.
    #[must_use]
    pub fn after(self, word: Word) -> Option<Self> {
        match (self, word) {
            (Self::Dead | Self::Unknown | Self::Dropped, Word::SendAgain) => Some(Self::Waiting),
            (Self::Unknown, Word::Arrived) => Some(Self::Sent),
            (Self::Waiting | Self::Dead | Self::Unknown, Word::Drop) => Some(Self::Dropped),
            (Self::Waiting | Self::Sent, Word::SendAgain)
            | (Self::Waiting | Self::Sent | Self::Dead | Self::Dropped, Word::Arrived)
            | (Self::Sent | Self::Dropped, Word::Drop) => None,
        }
    }
}

/// What a person says about a message (人工处置).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Word {
    /// Try again from the beginning.
    SendAgain,
    /// It arrived; do not repeat it.
    Arrived,
    /// Do not send it.
    Drop,
}

impl Word {
    /// Every word.
    pub const ALL: [Self; 3] = [Self::SendAgain, Self::Arrived, Self::Drop];

    /// Its name in forms and messages.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SendAgain => "again",
            Self::Arrived => "arrived",
            Self::Drop => "drop",
        }
    }

    /// Reads its name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|word| word.as_str() == name)
    }
}

/// How an attempt ended (发送结果).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Under way, or broken off with its process.
    Running,
    /// The receiver said that it arrived.
    Delivered,
    /// It can never arrive: no such receiver, an address that is not allowed.
    Refused,
    /// It did not arrive; a later attempt may.
    Failed,
    /// It went out and nobody said whether it arrived.
    Unknown,
    /// It was too early: nothing went out, and a later moment is named.
    Later,
    /// There is nothing to send any more: nothing went out.
    Withdrawn,
}

impl Outcome {
    /// Every outcome.
    pub const ALL: [Self; 7] =
        [Self::Running, Self::Delivered, Self::Refused, Self::Failed, Self::Unknown, Self::Later, Self::Withdrawn];

    /// Its name in data and messages.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Delivered => "delivered",
            Self::Refused => "refused",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
            Self::Later => "later",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// Reads its name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.as_str() == name)
    }
}

/// An attempt in the log (发送记录).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// Its number, from 1.
    pub no: i64,
    /// How it ended.
    pub outcome: Outcome,
    /// What the receiver answered, in its own numbers.
    pub status: Option<i64>,
    /// How long it took.
    pub duration_ms: Option<i64>,
    /// The head of the answer, or why there was none.
    pub answer: String,
    /// When it began.
    pub started_at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_person_may_say_of_each_state() {
        use MessageState::{Dead, Dropped, Sent, Unknown, Waiting};
        // state | again | arrived | drop
        let rows = [
            (Waiting, [None, None, Some(Dropped)]),
            (Sent, [None, None, None]),
            (Unknown, [Some(Waiting), Some(Sent), Some(Dropped)]),
            (Dead, [Some(Waiting), None, Some(Dropped)]),
            (Dropped, [Some(Waiting), None, None]),
        ];
        assert_eq!(rows.map(|(state, _)| state), MessageState::ALL);
        for (state, after) in rows {
            assert_eq!(Word::ALL.map(|word| state.after(word)), after, "{state:?}");
            assert_eq!(MessageState::parse(state.as_str()), Some(state));
        }
    }
}
