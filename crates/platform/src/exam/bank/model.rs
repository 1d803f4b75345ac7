//! A question and what is wrong with one. Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use std::collections::BTreeSet;

use crate::error::{FieldError, Refusal, RefusalKind, Refused};
use crate::{id_type, stored_as_text};

id_type!(QuestionId, "The key of a question of the bank (试题).");

/// The letters of the choices, in order.
pub const LETTERS: [char; 6] = ['A', 'B', 'C', 'D', 'E', 'F'];
/// The least choices that a question has.
const LEAST_CHOICES: usize = 2;
/// The longest words of a question.
pub const MAX_ASKED: usize = 1_000;
/// The longest choice, and the longest name of a source.
pub const MAX_CHOICE: usize = 300;
/// The most points of a question: what is above is a slip of the pen.
pub const MAX_POINTS: i64 = 100;

/// Where a question stands (试题状态).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QuestionState {
    /// 待复核: written, and not yet approved by another.
    Draft,
    /// 可用.
    Approved,
    /// 停用.
    Retired,
}

impl QuestionState {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Draft, Self::Approved, Self::Retired];

    /// Its name in data and texts.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Approved => "approved",
            Self::Retired => "retired",
        }
    }

    /// Reads its name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }
}
stored_as_text!(QuestionState, "state of a question");

/// A question to be written (待入库试题).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewQuestion {
    /// The topic, as the policy names it.
    pub topic: String,
    /// What is asked.
    pub asked: String,
    /// The choices in the order of their letters.
    pub choices: Vec<String>,
    /// The letters of what is right.
    pub right: String,
    /// What it is worth.
    pub points: i64,
    /// The article that makes the answer right.
    pub source: String,
}

/// A question of the bank (试题).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The key.
    pub id: QuestionId,
    /// What it says.
    pub said: NewQuestion,
    /// Where it stands.
    pub state: QuestionState,
    /// Who wrote it.
    pub written_by: i64,
}

/// Letters as they are compared: each once, in order, only those that choices have.
#[must_use]
pub fn letters(text: &str) -> String {
    let found: BTreeSet<char> =
        text.chars().map(|one| one.to_ascii_uppercase()).filter(|one| LETTERS.contains(one)).collect();
    found.into_iter().collect()
}

/// The letters that so many choices have.
#[must_use]
pub fn letters_of(choices: usize) -> &'static [char] {
    LETTERS.get(..choices.min(LETTERS.len())).unwrap_or(&LETTERS)
}

/// What is wrong with a question (rule `exam.question`), given the topics of the policy.
#[must_use]
pub fn check(new: &NewQuestion, topics: &[String]) -> Vec<FieldError> {
    let mut wrong = Vec::new();
    if !topics.contains(&new.topic) {
        wrong.push(FieldError::choice("topic", &new.topic));
    }
    text(&mut wrong, "asked", &new.asked, MAX_ASKED);
    text(&mut wrong, "source", &new.source, MAX_CHOICE);
    choices(&mut wrong, &new.choices);
    let known = letters_of(new.choices.len());
    let right = letters(&new.right);
    let readable = new.right.chars().all(|one| known.contains(&one.to_ascii_uppercase()));
    if right.is_empty() || !readable {
        let last = known.last().map(ToString::to_string).unwrap_or_default();
        wrong.push(FieldError::new("right", "question-right").with("last", last));
    }
    if !(1..=MAX_POINTS).contains(&new.points) {
        wrong.push(FieldError::new("points", "question-points").with("most", MAX_POINTS));
    }
    wrong
}

fn text(wrong: &mut Vec<FieldError>, field: &'static str, typed: &str, most: usize) {
    let found = typed.trim().chars().count();
    if found == 0 {
        wrong.push(FieldError::new(field, "field-empty"));
    } else if found > most {
        wrong.push(FieldError::new(field, "text-too-long").with("most", most).with("found", found));
    }
}

fn choices(wrong: &mut Vec<FieldError>, given: &[String]) {
    if !(LEAST_CHOICES..=LETTERS.len()).contains(&given.len()) {
        let many = FieldError::new("choices", "question-choices");
        wrong.push(many.with("least", LEAST_CHOICES).with("most", LETTERS.len()));
        return;
    }
    let each: BTreeSet<&str> = given.iter().map(|choice| choice.trim()).collect();
    if each.len() < given.len() || each.contains("") {
        wrong.push(FieldError::new("choices", "question-choice-twice"));
    }
    if let Some(found) = given.iter().map(|choice| choice.trim().chars().count()).find(|found| *found > MAX_CHOICE) {
        wrong.push(FieldError::new("choices", "text-too-long").with("most", MAX_CHOICE).with("found", found));
    }
}

/// Why a use case about the bank says no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BankError {
    /// There is no such question.
    #[error("no such question")]
    NotFound,
    /// Nobody approves what one wrote.
    #[error("one's own question")]
    Own,
    /// It is no draft any more.
    #[error("no draft")]
    NoDraft,
    /// It was retired already.
    #[error("retired already")]
    Retired,
    /// Whoever sits an exam does not look at the answers.
    #[error("an exam is open")]
    Sitting,
}

impl Refusal for BankError {
    fn refused(&self) -> Refused {
        let conflict = |code, rule: &str| Refused::new(RefusalKind::Conflict, code).under(rule, None);
        match self {
            Self::NotFound => Refused::new(RefusalKind::NotFound, "question-not-found"),
            Self::Own => conflict("question-own", "maker-checker"),
            Self::NoDraft => conflict("question-no-draft", "exam.question"),
            Self::Retired => conflict("question-retired", "exam.question"),
            Self::Sitting => conflict("question-sitting", "exam.sitting"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Rule exam.question
    #[test]
    fn a_question_has_choices_a_right_one_among_them_and_a_source() {
        let good = NewQuestion {
            topic: "civil_code".to_owned(),
            asked: "一般诉讼时效期间为几年？".to_owned(),
            choices: ["一年", "二年", "三年", "五年"].map(str::to_owned).to_vec(),
            right: "C".to_owned(),
            points: 2,
            source: "《民法典》第一百八十八条".to_owned(),
        };
        let topics = ["civil_code".to_owned()];
        let fields = |new: &NewQuestion| check(new, &topics).into_iter().map(|one| one.field).collect::<Vec<_>>();
        assert_eq!(fields(&good), Vec::<&str>::new());
        assert_eq!(
            fields(&NewQuestion { right: "ac".to_owned(), ..good.clone() }),
            Vec::<&str>::new(),
            "several may be right"
        );
        for right in ["", "E", "1", "C E"] {
            assert_eq!(fields(&NewQuestion { right: right.to_owned(), ..good.clone() }), ["right"], "{right}");
        }
        for choices in [vec!["三年"], vec!["三年", " 三年 "], vec!["三年", ""], vec!["1", "2", "3", "4", "5", "6", "7"]]
        {
            let choices = choices.into_iter().map(str::to_owned).collect();
            let new = NewQuestion { choices, right: "A".to_owned(), ..good.clone() };
            assert_eq!(fields(&new), ["choices"]);
        }
        let empty =
            NewQuestion { topic: "x".to_owned(), asked: " ".to_owned(), source: String::new(), points: 0, ..good };
        assert_eq!(fields(&empty), ["topic", "asked", "source", "points"]);
        assert_eq!(letters("c a;C"), "AC");
    }
}
