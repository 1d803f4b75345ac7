//! What people call what is asked for (审批标题), in the language of whoever reads it. Pure.

use serde::{Deserialize, Serialize};

use crate::locale::{Catalogue, Lang, Locale};

/// A title in both languages (审批标题): made once, read by whoever decides.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(from = "Stored", into = "Stored")]
pub struct Heading {
    zh: String,
    en: String,
}

/// How it is kept: a text that is the same in both languages stands as itself.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Stored {
    Words(String),
    Both { zh: String, en: String },
}

impl Heading {
    /// In both languages by the same words of a locale.
    pub fn told(catalogue: &std::sync::Arc<Catalogue>, words: impl Fn(&Locale) -> String) -> Self {
        let [zh, en] = [Lang::ZhCn, Lang::En].map(|lang| words(&Locale::new(std::sync::Arc::clone(catalogue), lang)));
        Self { zh, en }
    }

    /// The text in a language.
    #[must_use]
    pub fn read(&self, lang: Lang) -> &str {
        match lang {
            Lang::ZhCn => &self.zh,
            Lang::En => &self.en,
        }
    }

    /// As a column keeps it.
    #[must_use]
    pub fn to_column(&self) -> String {
        if self.zh == self.en {
            return self.zh.clone();
        }
        serde_json::json!({"zh": self.zh, "en": self.en}).to_string()
    }

    /// Out of a column.
    #[must_use]
    pub fn from_column(text: String) -> Self {
        let both = text.starts_with('{').then(|| serde_json::from_str::<Stored>(&text).ok()).flatten();
        both.map_or_else(|| text.into(), Self::from)
    }
}

impl From<String> for Heading {
    fn from(text: String) -> Self {
        Self { zh: text.clone(), en: text }
    }
}

impl From<&policy::Title> for Heading {
    /// A lender's own pack may be in Chinese only.
    fn from(title: &policy::Title) -> Self {
        let en = if title.en.is_empty() { &title.zh } else { &title.en };
        Self { zh: title.zh.clone(), en: en.clone() }
    }
}

impl From<Stored> for Heading {
    fn from(stored: Stored) -> Self {
        match stored {
            Stored::Words(text) => text.into(),
            Stored::Both { zh, en } => Self { zh, en },
        }
    }
}

impl From<Heading> for Stored {
    fn from(heading: Heading) -> Self {
        if heading.zh == heading.en { Self::Words(heading.zh) } else { Self::Both { zh: heading.zh, en: heading.en } }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_come_back_out_of_the_column() {
        let both = Heading { zh: "核销 1.00 元".to_owned(), en: "Write-off of 1.00 yuan".to_owned() };
        assert_eq!(Heading::from_column(both.to_column()), both);
        assert_eq!(both.read(Lang::En), "Write-off of 1.00 yuan");
        assert_eq!(serde_json::from_value::<Heading>(serde_json::to_value(&both).unwrap()).unwrap(), both);
    }

    #[test]
    fn words_stand_as_they_are_even_with_a_brace() {
        for text in ["microloan 3 2026-12-01", "{zh", "{\"zh\": 1}", ""] {
            let words = Heading::from(text.to_owned());
            assert_eq!(words.to_column(), text);
            assert_eq!(Heading::from_column(text.to_owned()), words);
            assert_eq!(serde_json::to_value(&words).unwrap(), serde_json::json!(text));
        }
    }
}
