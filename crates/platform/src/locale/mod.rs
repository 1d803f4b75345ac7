//! Locale (语言): the messages of the house in two languages, and how figures are written in them.
//!
//! Each capability offers its `.ftl` files as [`Source`]s; the binary builds one [`Catalogue`];
//! a request carries a [`Locale`], the catalogue seen in one language.
//! A message that is missing shows as `⟦id⟧`, so that it is seen and that a test can find it.

mod catalogue;
mod figure;

pub use catalogue::{Catalogue, LocaleError, Source};
pub use figure::{AsFen, MoneyUnit, count, date, money, money_in, rate_percent, short_date};

use std::sync::Arc;

use fluent_bundle::FluentArgs;
use jiff::civil::{Date, Weekday};

/// A language of the user interface (界面语言).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Lang {
    /// 简体中文, the first language of the house.
    #[default]
    ZhCn,
    /// English.
    En,
}

impl Lang {
    /// Both languages, Chinese first.
    pub const ALL: [Lang; 2] = [Lang::ZhCn, Lang::En];

    /// The BCP 47 tag, for `<html lang>`.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Lang::ZhCn => "zh-CN",
            Lang::En => "en",
        }
    }

    /// The language of a tag; `zh` and `en` stand for their regions too.
    #[must_use]
    pub fn parse(tag: &str) -> Option<Self> {
        match tag.split(['-', '_']).next()? {
            "zh" => Some(Lang::ZhCn),
            "en" => Some(Lang::En),
            _ => None,
        }
    }

    /// The first language of an `Accept-Language` header that the house speaks.
    #[must_use]
    pub fn accepted(header: &str) -> Option<Self> {
        header.split(',').find_map(|part| Lang::parse(part.split(';').next()?.trim()))
    }

    /// The language's own name.
    #[must_use]
    pub fn own_name(self) -> &'static str {
        match self {
            Lang::ZhCn => "中文",
            Lang::En => "English",
        }
    }
}

/// The catalogue seen in one language; cheap to clone.
#[derive(Debug, Clone)]
pub struct Locale {
    catalogue: Arc<Catalogue>,
    lang: Lang,
}

impl Locale {
    /// The catalogue in `lang`.
    #[must_use]
    pub fn new(catalogue: Arc<Catalogue>, lang: Lang) -> Self {
        Self { catalogue, lang }
    }

    /// The language.
    #[must_use]
    pub fn lang(&self) -> Lang {
        self.lang
    }

    /// The message `id`, or `⟦id⟧`.
    #[must_use]
    pub fn t(&self, id: impl AsRef<str>) -> String {
        self.catalogue.message(self.lang, id.as_ref(), None)
    }

    /// The message `id` with one argument.
    #[must_use]
    pub fn t1(&self, id: impl AsRef<str>, name: &str, value: impl ToString) -> String {
        self.tn(id, &[(name, value.to_string())])
    }

    /// The message `id` with several arguments, each already written as text.
    ///
    /// A value that is a plain integer is also a number to Fluent, so that plurals work;
    /// it is written as given.
    #[must_use]
    pub fn tn<V: AsRef<str>>(&self, id: impl AsRef<str>, arguments: &[(&str, V)]) -> String {
        self.catalogue.message(self.lang, id.as_ref(), Some(&given(arguments)))
    }

    /// The message `id`, when this language has it.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<String> {
        self.catalogue.find(self.lang, id, None)
    }

    /// The same with its arguments; none, too, when it wants another.
    #[must_use]
    pub fn find_with<V: AsRef<str>>(&self, id: &str, arguments: &[(&str, V)]) -> Option<String> {
        self.catalogue.find(self.lang, id, Some(&given(arguments)))
    }

    /// The short name of a weekday: 周五, Fri.
    #[must_use]
    pub fn weekday(&self, on: Date) -> String {
        self.t(match on.weekday() {
            Weekday::Monday => "weekday-1",
            Weekday::Tuesday => "weekday-2",
            Weekday::Wednesday => "weekday-3",
            Weekday::Thursday => "weekday-4",
            Weekday::Friday => "weekday-5",
            Weekday::Saturday => "weekday-6",
            Weekday::Sunday => "weekday-7",
        })
    }

    /// A sum on a tile: `3,412.60 万元`, `CNY 34.13 m`.
    #[must_use]
    pub fn money_tile(&self, amount: impl AsFen) -> String {
        figure::money_tile(self.lang, amount)
    }
}

/// Arguments as Fluent takes them.
fn given<V: AsRef<str>>(arguments: &[(&str, V)]) -> FluentArgs<'static> {
    let mut given = FluentArgs::new();
    for (name, value) in arguments {
        given.set((*name).to_owned(), catalogue::argument(value.as_ref()));
    }
    given
}

/// The ids that a rendered text shows as missing (for tests: assert that it is empty).
#[must_use]
pub fn missing_in(text: &str) -> Vec<String> {
    text.split('⟦').skip(1).filter_map(|rest| rest.split_once('⟧')).map(|(id, _)| id.to_owned()).collect()
}

/// The messages of `platform` itself.
#[must_use]
pub fn sources() -> Vec<Source> {
    vec![
        Source { lang: Lang::ZhCn, name: "page", text: include_str!("../../locales/zh-CN/page.ftl") },
        Source { lang: Lang::En, name: "page", text: include_str!("../../locales/en/page.ftl") },
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn locale(lang: Lang) -> Locale {
        Locale::new(Arc::new(Catalogue::new(&sources()).unwrap()), lang)
    }

    #[test]
    fn both_languages_have_the_same_messages() {
        let catalogue = Catalogue::new(&sources()).unwrap();
        assert_eq!(catalogue.one_sided(), Vec::<String>::new());
    }

    #[test]
    fn a_missing_message_is_seen_and_found() {
        let shown = locale(Lang::En).t("no-such-message");
        assert_eq!(shown, "⟦no-such-message⟧");
        assert_eq!(missing_in(&format!("<p>{shown}</p>")), ["no-such-message"]);
    }

    #[test]
    fn languages_are_read_from_tags_and_headers() {
        assert_eq!(Lang::parse("zh-Hans-CN"), Some(Lang::ZhCn));
        assert_eq!(Lang::parse("de"), None);
        assert_eq!(Lang::accepted("de-DE, en;q=0.8, zh;q=0.5"), Some(Lang::En));
    }

    #[test]
    fn weekdays_and_tiles_follow_the_language() {
        let on = jiff::civil::date(2026, 11, 20);
        assert_eq!(locale(Lang::ZhCn).weekday(on), "周五");
        assert_eq!(locale(Lang::En).weekday(on), "Fri");
        assert_eq!(locale(Lang::ZhCn).money_tile(3_412_600_000_i64), "3,412.60 万元");
        assert_eq!(locale(Lang::En).money_tile(3_412_600_000_i64), "CNY 34.13 m");
    }
}
