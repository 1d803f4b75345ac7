//! What a batch is made of. Pure but for the futures.

#![deny(clippy::wildcard_enum_match_arm)]

use std::collections::BTreeMap;
use std::sync::Arc;

use finance::Fen;
use serde::{Deserialize, Serialize};

use crate::access::Actor;
use crate::app::App;
use crate::error::{ActionError, Refused};
use crate::event::BoxFuture;
use crate::locale::Lang;
use crate::web::Fields;
use crate::work::Work;

/// One thing of a selection (所选项).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Thing {
    /// Its key in the list.
    pub key: String,
    /// What people call it: a number, a name.
    pub label: String,
    /// Its page.
    pub href: String,
    /// The money at stake.
    #[serde(rename = "amount_fen", default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Fen>,
}

impl Thing {
    /// A thing of which no more is known than its key: it is not there for this person.
    pub(super) fn unknown(key: &str) -> Self {
        Self { key: key.to_owned(), label: key.to_owned(), href: String::new(), amount: None }
    }
}

/// A verb on things of one kind (批量动作), offered by the capability that has the list.
pub trait Verb: Send + Sync {
    /// The thing of a key, if the person may do this to it.
    fn find<'a>(&'a self, work: &'a mut Work, key: &'a str) -> BoxFuture<'a, Result<Thing, ActionError>>;

    /// Does what takes long before the thing's transaction begins and holds up nobody, such as printing; the verb keeps what it
    /// comes to until [`Verb::act`]. A trial leaves it out.
    fn ahead<'a>(&'a self, _app: &'a App, _actor: &'a Actor, _key: &'a str) -> BoxFuture<'a, Result<(), ActionError>> {
        Box::pin(async { Ok(()) })
    }

    /// Does it: the same use case as on the page of the single thing.
    fn act<'a>(&'a self, work: &'a mut Work, key: &'a str) -> BoxFuture<'a, Result<(), ActionError>>;
}

/// A verb that can go on without its visitor (可后台办理的动作).
#[derive(Clone, Copy)]
pub struct BatchKind {
    /// Where its form is sent.
    pub path: &'static str,
    /// The action under which it runs.
    pub action: &'static str,
    /// Builds it again from the fields of its form, which were found right when they were sent.
    pub revive: fn(&Fields, Lang) -> Option<Arc<dyn Verb>>,
}

/// How it went with one thing (办理结果).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "outcome")]
pub enum Outcome {
    /// Picked; nothing was tried yet.
    Picked,
    /// The trial went through.
    Would,
    /// It is done.
    Done,
    /// It is refused, and nothing of this thing was written.
    Refused {
        /// The message is `error-<code>`.
        code: String,
        /// Numbers and names for the message.
        details: BTreeMap<String, String>,
        /// The rule that refused.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        rule: Option<String>,
    },
}

impl Outcome {
    /// Of a refusal; the first complaint about a field stands for all.
    pub(super) fn refused(refused: &Refused) -> Self {
        let (code, details) = match refused.fields.first() {
            Some(field) => (field.code, &field.details),
            None => (refused.code, &refused.details),
        };
        Self::Refused {
            code: code.to_owned(),
            details: details.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect(),
            rule: refused.rule.clone(),
        }
    }
}

/// A thing and how it went (明细).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// The thing.
    #[serde(flatten)]
    pub thing: Thing,
    /// How it went.
    #[serde(flatten)]
    pub outcome: Outcome,
}

/// Counts and money of the lines that go through, and of those that do not (合计).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sums {
    /// How many go through.
    pub count: usize,
    /// Their money.
    pub amount: Fen,
    /// How many are refused.
    pub refused: usize,
}

impl Sums {
    /// Adds up; money beyond the range stays at its end.
    #[must_use]
    pub fn of(lines: &[Line]) -> Self {
        let mut sums = Self::default();
        for line in lines {
            match line.outcome {
                Outcome::Refused { .. } => sums.refused += 1,
                Outcome::Picked | Outcome::Would | Outcome::Done => {
                    sums.count += 1;
                    let more = line.thing.amount.unwrap_or(Fen::ZERO);
                    sums.amount = sums.amount.checked_add(more).unwrap_or(sums.amount);
                }
            }
        }
        sums
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{FieldError, RefusalKind};

    fn line(fen: i64, outcome: Outcome) -> Line {
        let thing = Thing { amount: Some(Fen(fen)), ..Thing::unknown("1") };
        Line { thing, outcome }
    }

    #[test]
    fn refused_things_are_counted_apart_and_their_money_is_not_added() {
        let refused = Outcome::refused(&Refused::new(RefusalKind::Conflict, "duty-closed").with("state", "closed"));
        let sums = Sums::of(&[line(100, Outcome::Would), line(50, refused), line(7, Outcome::Would)]);
        assert_eq!(sums, Sums { count: 2, amount: Fen(107), refused: 1 });
    }

    #[test]
    fn a_complaint_about_a_field_stands_for_the_refusal_and_survives_the_store() {
        let refused = Refused::form(vec![FieldError::new("reason", "reason-missing").with("least", 2)]);
        let line = line(1, Outcome::refused(&refused));
        let text = serde_json::to_string(&line).unwrap();
        assert_eq!(serde_json::from_str::<Line>(&text).unwrap(), line);
        assert!(text.contains("reason-missing") && !text.contains("form-invalid"));
    }
}
