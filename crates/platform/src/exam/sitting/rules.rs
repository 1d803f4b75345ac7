//! Which papers there are, which questions are drawn, what is right. Pure.

use std::collections::BTreeMap;

use policy::{Edition, EvalError, Value};
use sha2::{Digest as _, Sha256};

use super::model::{Asked, Paper, SittingId};
use crate::exam::bank::model::{QuestionId, letters, letters_of};

/// The papers that the policy offers, in its order (rule `exam.paper`); none where it knows none, as rules older than this
/// do.
///
/// # Errors
/// The decision cannot be made.
pub fn papers(edition: &Edition) -> Result<Vec<Paper>, EvalError> {
    // The table asks for nothing; whom a file is about is known of every customer.
    let facts = BTreeMap::from([("customer_kind".to_owned(), Value::Text("person".to_owned()))]);
    let found = match edition.decide("exam_paper", &facts) {
        Ok(found) => found,
        Err(EvalError::UnknownDecision { .. } | EvalError::NoRule { .. } | EvalError::NoRow { .. }) => {
            return Ok(Vec::new());
        }
        Err(other) => return Err(other),
    };
    let mut all: Vec<Paper> = Vec::new();
    for row in &found.outputs {
        let value = |name: &str| row.iter().find(|(known, _)| known == name).and_then(|(_, value)| value.as_ref());
        let text = |name: &str| value(name).map(Value::to_text).unwrap_or_default();
        let part = (text("exam_topic"), value("exam_topic_questions").and_then(Value::as_integer).unwrap_or(0));
        let proves = Some(text("exam_proves")).filter(|topic| !topic.is_empty() && topic != "none");
        let key = text("exam_paper");
        match all.iter_mut().find(|paper| paper.key == key) {
            Some(paper) => {
                paper.parts.push(part);
                paper.proves = paper.proves.take().or(proves);
            }
            None => all.push(Paper { key, parts: vec![part], proves }),
        }
    }
    Ok(all)
}

impl Paper {
    /// How many questions it has.
    #[must_use]
    pub fn questions(&self) -> i64 {
        self.parts.iter().fold(0, |sum, (_, count)| sum.saturating_add(*count))
    }
}

/// So many of the questions, in an order that nobody foresees and that can be shown again: by the digest of the sitting's
/// key and the question's (rule `exam.paper`).
#[must_use]
pub fn drawn(sitting: SittingId, mut from: Vec<QuestionId>, count: usize) -> Vec<QuestionId> {
    from.sort_by_cached_key(|question| {
        let mut digest = Sha256::new();
        digest.update(sitting.0.to_be_bytes());
        digest.update(question.0.to_be_bytes());
        <[u8; 32]>::from(digest.finalize())
    });
    from.truncate(count);
    from
}

/// How many answers are right: all that is right was chosen, and nothing else (rule `exam.score`).
#[must_use]
pub fn right(asked: &[Asked]) -> i64 {
    let hit = asked.iter().filter(|one| is_right(one)).count();
    i64::try_from(hit).unwrap_or(i64::MAX)
}

/// Whether one is answered rightly.
#[must_use]
pub fn is_right(one: &Asked) -> bool {
    !one.chosen.is_empty() && letters(&one.chosen) == letters(&one.right)
}

/// Whether several of its choices may be taken.
#[must_use]
pub fn takes_several(one: &Asked) -> bool {
    one.right.len() > 1
}

/// What somebody chose, as it is kept: each letter once, in order; `None` for what the question does not offer, or for
/// several where one is asked for.
#[must_use]
pub fn chosen(one: &Asked, typed: &str) -> Option<String> {
    let found = letters(typed);
    let offered = letters_of(one.choices.len());
    let fits = typed.trim().chars().all(|letter| offered.contains(&letter.to_ascii_uppercase()));
    (fits && (found.len() <= 1 || takes_several(one))).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(right: &str, chosen: &str) -> Asked {
        Asked {
            place: 1,
            question: QuestionId(1),
            words: String::new(),
            choices: ["甲", "乙", "丙", "丁"].map(str::to_owned).to_vec(),
            right: right.to_owned(),
            source: String::new(),
            chosen: chosen.to_owned(),
        }
    }

    // S5.6-11. Rule exam.paper
    #[test]
    fn a_paper_is_drawn_the_same_for_one_sitting_and_another_for_the_next() {
        let bank: Vec<QuestionId> = (1..=200).map(QuestionId).collect();
        let of = |sitting| drawn(SittingId(sitting), bank.clone(), 20);
        assert_eq!(of(7), of(7));
        assert_ne!(of(7), of(8));
        let mut each = of(7);
        each.sort();
        each.dedup();
        assert_eq!(each.len(), 20, "no question twice");
        assert_eq!(drawn(SittingId(7), bank[..3].to_vec(), 20).len(), 3);
        let mut met = vec![false; 201];
        for sitting in 1..=100 {
            of(sitting).into_iter().for_each(|one| met[usize::try_from(one.0).unwrap()] = true);
        }
        assert!(met[1..].iter().all(|met| *met), "every question is asked some day");
    }

    // S5.6-11. Rule exam.score
    #[test]
    fn right_is_all_that_is_right_and_nothing_else() {
        for (of, chosen, hit) in [
            ("B", "B", true),
            ("B", "", false),
            ("B", "C", false),
            ("AC", "CA", true),
            ("AC", "A", false),
            ("A", "AC", false),
        ] {
            assert_eq!(is_right(&asked(of, chosen)), hit, "{of} {chosen}");
        }
        assert_eq!(right(&[asked("A", "A"), asked("B", "A"), asked("C", "C")]), 2);
        assert_eq!(chosen(&asked("B", ""), "c"), Some("C".to_owned()));
        assert_eq!(chosen(&asked("B", ""), ""), Some(String::new()), "what was chosen may be taken back");
        assert_eq!(chosen(&asked("AC", ""), "CA"), Some("AC".to_owned()));
        for typed in ["E", "AB", "<", "A B"] {
            assert_eq!(chosen(&asked("B", ""), typed), None, "{typed}");
        }
    }
}
