//! A promise to pay and what money and time make of it. Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use finance::Fen;
use jiff::Timestamp;
use jiff::civil::Date;
use platform::error::{FieldError, Refusal, RefusalKind, Refused};
use platform::{id_type, stored_as_text};

use crate::case::model::CaseKey;

id_type!(PromiseId, "The key of a promise (还款承诺) within its customer.");

/// What became of a promise (承诺结果).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PromiseState {
    /// 待履行: its moment has not come and not all is paid.
    Open,
    /// 已履行: all of it came in time.
    Kept,
    /// 部分履行: some of it came in time.
    PartKept,
    /// 失约: nothing came in time.
    Broken,
    /// 撤回: replaced or taken back, with a reason.
    Withdrawn,
}

impl PromiseState {
    /// Every state.
    pub const ALL: [Self; 5] = [Self::Open, Self::Kept, Self::PartKept, Self::Broken, Self::Withdrawn];

    /// Its name in data.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Kept => "kept",
            Self::PartKept => "part-kept",
            Self::Broken => "broken",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// Whether its moment passed and not all of it had come.
    #[must_use]
    pub fn is_missed(self) -> bool {
        match self {
            Self::PartKept | Self::Broken => true,
            Self::Open | Self::Kept | Self::Withdrawn => false,
        }
    }

    /// Reads its name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }
}
stored_as_text!(PromiseState, "state of a promise");

/// A promise (还款承诺).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Promise {
    /// Its key.
    pub id: PromiseId,
    /// Of which case.
    pub case: CaseKey,
    /// How much.
    pub amount: Fen,
    /// By when, to the minute (S2.5-32).
    pub due_at: Timestamp,
    /// By whom.
    pub promised_by: String,
    /// In their words.
    pub words: String,
    /// What came in time.
    pub paid: Fen,
    /// What became of it.
    pub state: PromiseState,
    /// Since when it is a promise.
    pub made_at: Timestamp,
}

impl Promise {
    /// The day of its moment.
    #[must_use]
    pub fn due_on(&self) -> Date {
        platform::clock::civil_day(self.due_at)
    }

    /// What it is at `now` when so much came in time (rule `promise.kept`): all is kept, some at the end is part kept,
    /// none at the end is broken. A promise taken back stays so.
    #[must_use]
    pub fn judge(&self, paid: Fen, now: Timestamp) -> PromiseState {
        if self.state == PromiseState::Withdrawn {
            PromiseState::Withdrawn
        } else if paid >= self.amount {
            PromiseState::Kept
        } else if now <= self.due_at {
            PromiseState::Open
        } else if paid.is_positive() {
            PromiseState::PartKept
        } else {
            PromiseState::Broken
        }
    }

    /// What is to be written of it when so much came in time; `None` if what is written of it still holds, or it was taken
    /// back.
    #[must_use]
    pub fn judged_anew(&self, paid: Fen, now: Timestamp) -> Option<PromiseState> {
        let state = self.judge(paid, now);
        (self.state != PromiseState::Withdrawn && (state != self.state || paid != self.paid)).then_some(state)
    }
}

/// What is promised (承诺内容).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPromise {
    /// How much.
    pub amount: Fen,
    /// By when.
    pub due_at: Timestamp,
    /// By whom.
    pub promised_by: String,
    /// In their words.
    pub words: String,
}

/// Why a promise is not taken (承诺拒绝).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PromiseError {
    /// Another one stands: two cannot be told apart by money.
    #[error("a promise of {amount} until {due_at} stands")]
    Standing {
        /// Of how much.
        amount: Fen,
        /// Until when.
        due_at: String,
    },
    /// Its moment is over.
    #[error("{due_at} is over")]
    Past {
        /// The moment.
        due_at: String,
    },
    /// It is later than the policy takes.
    #[error("later than {latest}")]
    TooLate {
        /// The last day.
        latest: Date,
        /// In how many days.
        days: i64,
        /// The article.
        article: String,
    },
    /// It is more than is overdue.
    #[error("more than the {overdue} overdue")]
    TooMuch {
        /// What is overdue.
        overdue: Fen,
    },
    /// There is none to take back.
    #[error("no promise stands")]
    NoneStanding,
    /// Taking it back needs a reason.
    #[error("a reason is needed")]
    ReasonNeeded,
}

impl Refusal for PromiseError {
    fn refused(&self) -> Refused {
        let field = |field, error: FieldError| Refused::form(vec![FieldError { field, ..error }]);
        match self {
            Self::Standing { amount, due_at } => Refused::new(RefusalKind::Conflict, "promise-standing")
                .with("amount", platform::locale::money(*amount))
                .with("until", due_at)
                .under("promise.one", None),
            Self::Past { due_at } => field("due_on", FieldError::new("due_on", "promise-past").with("at", due_at)),
            Self::TooLate { latest, days, article } => {
                let error = FieldError::new("due_on", "promise-too-late").with("latest", latest).with("days", days);
                field("due_on", error).under("promise.latest", Some(article.clone()))
            }
            Self::TooMuch { overdue } => field(
                "amount",
                FieldError::new("amount", "promise-too-much").with("overdue", platform::locale::money(*overdue)),
            ),
            Self::NoneStanding => Refused::new(RefusalKind::Conflict, "promise-none"),
            Self::ReasonNeeded => Refused::new(RefusalKind::Invalid, "promise-reason"),
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use platform::id::CustomerId;

    use super::*;
    use crate::case::model::CaseId;

    fn at(hour: i8, minute: i8) -> Timestamp {
        platform::clock::civil_moment(date(2026, 11, 20).at(hour, minute, 0, 0)).unwrap()
    }

    fn promise(state: PromiseState) -> Promise {
        Promise {
            id: PromiseId(1),
            case: CaseKey { customer: CustomerId(1), case: CaseId(1) },
            amount: Fen(3_000_000),
            due_at: at(18, 0),
            promised_by: "本人".to_owned(),
            words: String::new(),
            paid: Fen::ZERO,
            state,
            made_at: at(9, 0),
        }
    }

    #[test]
    fn money_and_the_minute_decide() {
        // Rule `promise.kept`. S2.5-32: to the minute.
        let rows = [
            (0, at(18, 0), "open"),
            (0, at(18, 1), "broken"),
            (1, at(18, 0), "open"),
            (1, at(18, 1), "part-kept"),
            (2_999_999, at(18, 1), "part-kept"),
            (3_000_000, at(10, 0), "kept"),
            (3_000_001, at(23, 0), "kept"),
        ];
        for (paid, now, expected) in rows {
            assert_eq!(promise(PromiseState::Open).judge(Fen(paid), now).as_str(), expected, "{paid} {now}");
        }
    }

    #[test]
    fn a_late_entry_mends_every_state_but_a_promise_taken_back() {
        // Rule `promise.kept`: what is judged are the facts, whenever they were entered.
        for state in PromiseState::ALL {
            let found = promise(state).judge(Fen(3_000_000), at(20, 0));
            let expected = if state == PromiseState::Withdrawn { PromiseState::Withdrawn } else { PromiseState::Kept };
            assert_eq!(found, expected, "{state:?}");
        }
    }

    #[test]
    fn it_is_judged_anew_only_when_that_changes_what_is_written() {
        // Rule `promise.kept`: drawing the worklist writes nothing while nothing changed.
        let open = promise(PromiseState::Open);
        assert_eq!(open.judged_anew(Fen::ZERO, at(18, 0)), None);
        assert_eq!(open.judged_anew(Fen(1), at(18, 0)), Some(PromiseState::Open), "money came");
        assert_eq!(open.judged_anew(Fen::ZERO, at(18, 1)), Some(PromiseState::Broken), "its moment passed");
        assert_eq!(promise(PromiseState::Withdrawn).judged_anew(Fen(3_000_000), at(20, 0)), None);
    }
}
