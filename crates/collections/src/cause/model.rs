//! A diagnosis of why a customer does not pay, and of what the customer can pay. Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use finance::Fen;
use jiff::Timestamp;
use platform::error::{FieldError, Refusal, RefusalKind, Refused};
use platform::stored_as_text;

/// Whether the causes were talked about with the debtor (谈话), S2.3-27.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Talk {
    /// 已谈.
    Held,
    /// 未谈.
    NotYet,
    /// 身故.
    Dead,
    /// 失联.
    Missing,
}

impl Talk {
    /// All, the usual first.
    pub const ALL: [Self; 4] = [Self::Held, Self::NotYet, Self::Dead, Self::Missing];

    /// Its name in data.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::NotYet => "not-yet",
            Self::Dead => "dead",
            Self::Missing => "missing",
        }
    }

    /// Reads its name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|talk| talk.as_str() == text)
    }

    /// Whether a plan may be approved as far as the talk goes: it was held, or none is possible (rule `cause.gate`).
    #[must_use]
    pub fn suffices(self) -> bool {
        match self {
            Self::Held | Self::Dead | Self::Missing => true,
            Self::NotYet => false,
        }
    }
}
stored_as_text!(Talk, "talk about a cause");

/// What is diagnosed (拖欠原因诊断).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDiagnosis {
    /// Every cause that applies; the most severe becomes the one that counts.
    pub causes: Vec<String>,
    /// What shows it.
    pub evidence: String,
    /// Whether it was talked about.
    pub talk: Talk,
}

/// What came of contacts with a debtor, counted (联系所见): a result with the pattern that was noted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sign {
    /// What the contacts came to.
    pub result: String,
    /// The pattern of debtor that was noted.
    pub pattern: Option<String>,
    /// How many contacts.
    pub contacts: i64,
}

/// A cause that contacts speak for (原因线索), S2.5-09.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hint {
    /// The cause.
    pub cause: String,
    /// How many contacts speak for it.
    pub contacts: i64,
    /// Why, in the policy's words, each once.
    pub why: Vec<policy::Title>,
    /// The article.
    pub article: String,
}

/// How bad a loss by disaster is (灾害损失), S2.3-12.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Loss {
    /// 可继续经营.
    pub continues: bool,
    /// 人员与技术尚存.
    pub intact: bool,
}

/// A diagnosis as kept (拖欠原因).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnosis {
    /// The cause that counts: `c1` … `c9`.
    pub cause: String,
    /// Further causes that apply.
    pub also: Vec<String>,
    /// What shows it.
    pub evidence: String,
    /// Whether it was talked about.
    pub talk: Talk,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: String,
}

impl Diagnosis {
    /// Every cause that applies, the one that counts first.
    pub fn causes(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&self.cause).chain(&self.also).map(String::as_str)
    }
}

/// What a debtor earns and needs (能力评估), S2.5-13.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Capacity {
    /// All income of a month.
    pub income: Fen,
    /// The basic cost of living of a month.
    pub living: Fen,
    /// What shows it.
    pub evidence: String,
}

impl Capacity {
    /// What is left to repay with each month; never less than nothing (rule `cause.capacity`).
    #[must_use]
    pub fn left(&self) -> Fen {
        self.income.checked_sub(self.living).map_or(Fen::ZERO, |left| left.max(Fen::ZERO))
    }
}

/// Why a diagnosis or a plan is not taken (诊断拒绝).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CauseError {
    /// Fields of the form.
    #[error("the form is not complete")]
    Form(Vec<FieldError>),
    /// A plan needs a recorded cause first (S2.3-05).
    #[error("no cause is recorded")]
    NoCause,
    /// A suit waits for the full talk, or the reason why none is possible (S2.3-18).
    #[error("cause {cause} asks for a talk before a suit")]
    TalkFirst {
        /// The cause.
        cause: String,
        /// The article.
        article: String,
    },
    /// A plan needs the talk, or the reason why none is possible (S2.3-27).
    #[error("cause {cause} asks for a talk")]
    TalkNeeded {
        /// The cause.
        cause: String,
        /// The article.
        article: String,
    },
}

impl Refusal for CauseError {
    fn refused(&self) -> Refused {
        match self {
            Self::Form(fields) => Refused::form(fields.clone()),
            Self::NoCause => Refused::new(RefusalKind::Conflict, "cause-none").under("cause.gate", None),
            Self::TalkFirst { cause, article } => Refused::new(RefusalKind::Conflict, "cause-talk-first")
                .with("cause", cause)
                .under("cause.talk-first", Some(article.clone())),
            Self::TalkNeeded { cause, article } => Refused::new(RefusalKind::Conflict, "cause-talk-needed")
                .with("cause", cause)
                .under("cause.gate", Some(article.clone())),
        }
    }
}

/// The most severe of the causes that apply, and the others in the order of severity (rule `cause.primary`).
#[must_use]
pub fn by_severity(causes: &[String], severity: &[String]) -> Option<(String, Vec<String>)> {
    let mut known: Vec<&String> = severity.iter().filter(|code| causes.contains(code)).collect();
    if known.is_empty() {
        return None;
    }
    let primary = known.remove(0).clone();
    Some((primary, known.into_iter().cloned().collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_severe_cause_counts() {
        // Rule `cause.primary`. S2.3-05: C8 > C7 > C6 > C4a > C5 > C3 > C9 > C4b/C4c > C2 > C1
        let severity: Vec<String> =
            "c8|c7b|c7a|c6|c4a|c5a|c5b|c3|c9|c4b|c4c|c2|c1".split('|').map(str::to_owned).collect();
        let of = |codes: &[&str]| by_severity(&codes.iter().map(|c| (*c).to_owned()).collect::<Vec<_>>(), &severity);
        assert_eq!(of(&["c1", "c3", "c6"]), Some(("c6".to_owned(), vec!["c3".to_owned(), "c1".to_owned()])));
        assert_eq!(of(&["c4b", "c9"]).map(|one| one.0), Some("c9".to_owned()));
        assert_eq!(of(&["c2"]), Some(("c2".to_owned(), Vec::new())));
        assert_eq!(of(&[]), None);
    }

    #[test]
    fn what_is_left_is_income_less_living_and_never_less_than_nothing() {
        // Rule `cause.capacity`. S2.5-13
        let of = |income, living| Capacity { income: Fen(income), living: Fen(living), evidence: String::new() }.left();
        assert_eq!(of(600_000, 350_000), Fen(250_000));
        assert_eq!(of(300_000, 350_000), Fen::ZERO);
    }

    #[test]
    fn a_talk_suffices_when_held_or_impossible() {
        // Rule `cause.gate`. S2.3-27
        let found = Talk::ALL.map(|talk| (talk.as_str(), talk.suffices()));
        assert_eq!(found, [("held", true), ("not-yet", false), ("dead", true), ("missing", true)]);
    }
}
