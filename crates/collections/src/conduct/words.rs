//! Words that no message, script or note may contain (话语审查, X-07): lists of the policy, by class of prohibition. Pure.

use policy::{Edition, Parameter};

use crate::guard::limits::texts_of;
use crate::guard::model::Words;

/// How the lists are named in a policy.
const LISTS: &str = "forbidden_words_";
/// What a text for a third party may not contain.
const THIRD_PARTY: &str = "third_party_forbidden_words";

/// A forbidden word that was found (命中).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit<'a> {
    /// The class of prohibition: `threat`.
    pub class: &'a str,
    /// The word.
    pub word: &'a str,
    /// The article behind the list.
    pub article: &'a str,
}

/// Everything forbidden that stands in a text (rule `contact.words`). Blanks and marks between the signs hide nothing.
#[must_use]
pub fn forbidden<'a>(edition: &'a Edition, text: &str) -> Vec<Hit<'a>> {
    let text = bare(text);
    let mut hits = Vec::new();
    for list in edition.parameters() {
        let Some(class) = list.name.strip_prefix(LISTS) else { continue };
        let found = texts_of(list).into_iter().filter(|word| text.contains(&bare(word)));
        hits.extend(found.map(|word| Hit { class, word, article: list.article.as_str() }));
    }
    hits
}

/// What the guard looks at of a text that shall be sent; `None`: there is no text.
#[must_use]
pub fn of_text<'a>(edition: &'a Edition, text: Option<&str>) -> Words<'a> {
    let Some(text) = text else { return Words::Unwritten };
    match forbidden(edition, text).first() {
        Some(hit) => Words::Forbidden { article: hit.article },
        None => Words::Clean { neutral: is_neutral(edition.parameter(THIRD_PARTY), text) },
    }
}

/// Whether nothing in the text speaks of a debt; without a list nobody can tell.
fn is_neutral(list: Option<&Parameter>, text: &str) -> bool {
    let text = bare(text);
    list.is_some_and(|list| !texts_of(list).into_iter().any(|word| text.contains(&bare(word))))
}

/// A text without what people put between signs to slip through.
pub(crate) fn bare(text: &str) -> String {
    text.chars().filter(|sign| sign.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
