//! The catalogue (词条): all messages of all capabilities in both languages.

use std::collections::BTreeSet;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::types::{FluentNumber, FluentNumberOptions};
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use thiserror::Error;
use unic_langid::LanguageIdentifier;

use super::Lang;

/// One `.ftl` file in one language (词条文件).
#[derive(Debug, Clone, Copy)]
pub struct Source {
    /// The language it is written in.
    pub lang: Lang,
    /// The name for messages about it, usually that of the capability.
    pub name: &'static str,
    /// The text of the file.
    pub text: &'static str,
}

/// Why a catalogue cannot be built.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum LocaleError {
    /// The file is not Fluent.
    #[error("{name} ({lang}): {reason}")]
    Syntax {
        /// The file.
        name: String,
        /// Its language.
        lang: &'static str,
        /// What the parser says.
        reason: String,
    },
    /// Two files of one language have the same message.
    #[error("{name} ({lang}): the message {id} is already defined elsewhere")]
    Twice {
        /// The second file.
        name: String,
        /// Its language.
        lang: &'static str,
        /// The message.
        id: String,
    },
}

/// All messages in both languages (词条总表).
pub struct Catalogue {
    chinese: Half,
    english: Half,
}

struct Half {
    bundle: FluentBundle<FluentResource>,
    ids: BTreeSet<String>,
}

impl std::fmt::Debug for Catalogue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Catalogue").field("messages", &self.chinese.ids.len()).finish()
    }
}

impl Catalogue {
    /// Builds the catalogue.
    ///
    /// # Errors
    /// [`LocaleError`] names the file that is not Fluent or repeats a message.
    pub fn new(sources: &[Source]) -> Result<Self, LocaleError> {
        Ok(Self { chinese: Half::new(Lang::ZhCn, sources)?, english: Half::new(Lang::En, sources)? })
    }

    /// The ids that only one language has, each once; empty in a complete catalogue.
    #[must_use]
    pub fn one_sided(&self) -> Vec<String> {
        self.chinese.ids.symmetric_difference(&self.english.ids).cloned().collect()
    }

    /// The ids of all messages of a language, in order.
    pub fn ids(&self, lang: Lang) -> impl Iterator<Item = &str> {
        self.half(lang).ids.iter().map(String::as_str)
    }

    /// The message, or `⟦id⟧`.
    pub(super) fn message(&self, lang: Lang, id: &str, arguments: Option<&FluentArgs<'_>>) -> String {
        self.find(lang, id, arguments).unwrap_or_else(|| format!("⟦{id}⟧"))
    }

    /// The message, when it is there and all its arguments are given.
    pub(super) fn find(&self, lang: Lang, id: &str, arguments: Option<&FluentArgs<'_>>) -> Option<String> {
        let bundle = &self.half(lang).bundle;
        let pattern = bundle.get_message(id)?.value()?;
        let mut errors = Vec::new();
        let text = bundle.format_pattern(pattern, arguments, &mut errors).into_owned();
        errors.is_empty().then_some(text)
    }

    fn half(&self, lang: Lang) -> &Half {
        match lang {
            Lang::ZhCn => &self.chinese,
            Lang::En => &self.english,
        }
    }
}

impl Half {
    fn new(lang: Lang, sources: &[Source]) -> Result<Self, LocaleError> {
        let tag: LanguageIdentifier = lang.tag().parse().expect("both tags are valid");
        let mut bundle = FluentBundle::new_concurrent(vec![tag]);
        // The isolation marks would stand in cells, titles and exports.
        bundle.set_use_isolating(false);
        let mut ids = BTreeSet::new();
        for source in sources.iter().filter(|source| source.lang == lang) {
            let resource = FluentResource::try_new(source.text.to_owned()).map_err(|(_, errors)| {
                let reason = errors.first().map(ToString::to_string).unwrap_or_default();
                LocaleError::Syntax { name: source.name.to_owned(), lang: lang.tag(), reason }
            })?;
            ids.extend(message_ids(source.text));
            bundle.add_resource(resource).map_err(|errors| {
                let id = match errors.first() {
                    Some(fluent_bundle::FluentError::Overriding { id, .. }) => id.clone(),
                    _ => String::new(),
                };
                LocaleError::Twice { name: source.name.to_owned(), lang: lang.tag(), id }
            })?;
        }
        Ok(Self { bundle, ids })
    }
}

/// The ids of a Fluent text: what stands before `=` at the start of a line.
fn message_ids(text: &str) -> impl Iterator<Item = String> {
    text.lines().filter_map(|line| {
        let (id, _) = line.split_once('=')?;
        let id = id.trim_end();
        let starts = id.starts_with(|first: char| first.is_ascii_alphabetic());
        let whole = id.chars().all(|one| one.is_ascii_alphanumeric() || one == '-' || one == '_');
        (starts && whole).then(|| id.to_owned())
    })
}

/// A plain integer is a number (for plurals), everything else is text.
pub(super) fn argument(value: &str) -> FluentValue<'static> {
    match value.parse::<i32>() {
        Ok(number) if number.to_string() == value => {
            FluentValue::Number(FluentNumber::new(f64::from(number), FluentNumberOptions::default()))
        }
        _ => FluentValue::from(value.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn english(text: &'static str) -> Source {
        Source { lang: Lang::En, name: "test", text }
    }

    #[test]
    fn a_message_defined_twice_is_refused_by_name() {
        let error = Catalogue::new(&[english("a = 1\n"), english("a = 2\n")]).unwrap_err();
        assert_eq!(error, LocaleError::Twice { name: "test".into(), lang: "en", id: "a".into() });
    }

    #[test]
    fn what_is_not_fluent_is_refused() {
        assert!(matches!(Catalogue::new(&[english("= no id\n")]), Err(LocaleError::Syntax { .. })));
    }

    #[test]
    fn a_message_of_one_language_only_is_reported() {
        let catalogue = Catalogue::new(&[english("only-english = x\n")]).unwrap();
        assert_eq!(catalogue.one_sided(), ["only-english"]);
    }

    #[test]
    fn a_missing_argument_counts_as_missing_message() {
        let catalogue = Catalogue::new(&[english("due = { $days } d\n")]).unwrap();
        assert_eq!(catalogue.message(Lang::En, "due", None), "⟦due⟧");
    }

    #[test]
    fn numbers_choose_plurals_and_are_written_plainly() {
        let text = "loans = { $n ->\n    [one] { $n } loan\n   *[other] { $n } loans\n }\n";
        let catalogue = Catalogue::new(&[english(text)]).unwrap();
        let say = |n: &str| {
            let mut arguments = FluentArgs::new();
            arguments.set("n", argument(n));
            catalogue.message(Lang::En, "loans", Some(&arguments))
        };
        assert_eq!([say("1"), say("1286"), say("1,286")], ["1 loan", "1286 loans", "1,286 loans"]);
    }
}
