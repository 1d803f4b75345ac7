//! The forms of customer data: one group with its source, a verification, a reason.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use jiff::civil::Date;
use platform::error::{FieldError, Refused};
use platform::locale::Lang;
use platform::page::{Choice, Field, Input, Ui};
use platform::policies::InForce;
use platform::web::Fields;
use policy::{FactType, Unit};

use super::actions::NewVerification;
use super::item::{self, Item};
use super::model::{Basis, Datum, Finding, Route, Way};
use super::rules::Provenance;
use super::view;
use crate::customer::store::filled;

/// The fields that say where data come from.
const SOURCE: [&str; 5] = ["effective_on", "route", "source_note", "basis", "consented_on"];
/// The fields of a verification.
const VERIFICATION: [&str; 3] = ["way", "verified_on", "note"];

static DATA_FIELDS: LazyLock<Vec<&'static str>> = LazyLock::new(|| with_items(&SOURCE));
static VERIFY_FIELDS: LazyLock<Vec<&'static str>> = LazyLock::new(|| with_items(&VERIFICATION));

fn with_items(first: &[&'static str]) -> Vec<&'static str> {
    first.iter().copied().chain(item::all().iter().map(|item| item.name)).collect()
}

/// Makes a form whose fields are known when the program starts.
macro_rules! form_of_items {
    ($(#[$meta:meta])* $name:ident, $fields:ident) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, Default)]
        pub(crate) struct $name;

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let fields: &'static [&'static str] = &$fields;
                deserializer.deserialize_struct(stringify!($name), fields, serde::de::IgnoredAny).map(|_| Self)
            }
        }
    };
}
pub(crate) use form_of_items;

form_of_items!(
    /// Data with their source: a field for every item, by its name.
    DataForm,
    DATA_FIELDS
);
form_of_items!(
    /// A verification: `confirmed` or `contradicted` for every item looked at.
    VerifyForm,
    VERIFY_FIELDS
);

/// The fields of a group, what stands now as a hint, and those of the source.
pub(super) fn fields(ui: &Ui, rules: &InForce, items: &[&'static Item], held: &[&Datum], typed: &Fields) -> Vec<Field> {
    let mut fields: Vec<Field> = items.iter().map(|item| field(ui, rules, item, held, typed)).collect();
    let or = |name: &str, otherwise: &str| typed.first(name).unwrap_or(otherwise).to_owned();
    let today = ui.business_date.to_string();
    fields.extend([
        Field::new("effective_on", ui.t("datum-effective-on"), Input::Date)
            .value(or("effective_on", &today))
            .required(),
        Field::new("route", ui.t("datum-route"), select(ui, "datum-route", Route::ALL.iter().map(|one| one.as_str())))
            .value(or("route", Route::Customer.as_str()))
            .required(),
        Field::new("source_note", ui.t("datum-source-note"), Input::Text)
            .value(or("source_note", ""))
            .hint(ui.t("datum-source-note-hint")),
        Field::new("basis", ui.t("datum-basis"), select(ui, "datum-basis", Basis::ALL.iter().map(|one| one.as_str())))
            .value(or("basis", Basis::Contract.as_str()))
            .required(),
        Field::new("consented_on", ui.t("datum-consented-on"), Input::Date)
            .value(or("consented_on", ""))
            .hint(ui.t("datum-consented-on-hint")),
    ]);
    fields
}

pub(crate) fn select<'a>(ui: &Ui, prefix: &str, words: impl Iterator<Item = &'a str>) -> Input {
    Input::Select(words.map(|word| Choice::new(word, ui.t(format!("{prefix}-{word}")))).collect())
}

fn field(ui: &Ui, rules: &InForce, item: &'static Item, held: &[&Datum], typed: &Fields) -> Field {
    let english = ui.lang() == Lang::En;
    let blank = Choice::new("", ui.t("datum-unchanged"));
    let kind = rules.pack().dictionary().get(item.name).map(|fact| &fact.kind);
    let input = match kind {
        Some(FactType::Boolean) => {
            Input::Select(vec![blank, Choice::new("true", ui.t("datum-yes")), Choice::new("false", ui.t("datum-no"))])
        }
        Some(FactType::OneOf { values, .. }) => {
            let title = |value: &String| item::value_title(item.name, value, english).unwrap_or(value).to_owned();
            let listed = values.iter().map(|value| Choice::new(value, title(value)));
            Input::Select(std::iter::once(blank).chain(listed).collect())
        }
        Some(FactType::Date) => Input::Date,
        Some(FactType::Integer { unit: Unit::Fen, .. }) => Input::Money,
        Some(FactType::Integer { .. }) => Input::Number,
        Some(FactType::Text) | None => Input::Text,
    };
    let unit = match kind {
        Some(FactType::Integer { unit: Unit::Fen, .. }) => ui.t("datum-in-yuan"),
        Some(FactType::Integer { unit: Unit::Ppm, .. }) => ui.t("datum-in-percent"),
        Some(FactType::Integer { unit: Unit::Years, .. }) => ui.t("datum-in-years"),
        Some(FactType::Integer { unit: Unit::Months, .. }) => ui.t("datum-in-months"),
        Some(FactType::Integer { .. }) if item.name.ends_with("_centi") => ui.t("datum-in-points"),
        Some(_) | None => String::new(),
    };
    let now = held.iter().find(|one| one.item.name == item.name).map(|one| {
        let value = view::value(ui, rules, one);
        ui.t2("datum-now", "value", value, "date", one.effective_on)
    });
    let hint = [Some(unit).filter(|unit| !unit.is_empty()), now].into_iter().flatten().collect::<Vec<_>>();
    Field::new(item.name, view::title(ui, rules, item.name), input)
        .value(typed.first(item.name).unwrap_or(""))
        .hint(hint.join(" · "))
}

/// What was typed for these items, blanks left out.
pub(super) fn values(items: &[&'static Item], typed: &Fields) -> Vec<(&'static Item, String)> {
    items.iter().filter_map(|item| Some((*item, filled(typed.first(item.name))?))).collect()
}

/// Reads source and ground.
pub(super) fn provenance(typed: &Fields, today: Date) -> Result<Provenance, Refused> {
    let mut wrong = Vec::new();
    let effective_on = date(typed, "effective_on", &mut wrong).unwrap_or(today);
    let route = word(typed, "route", Route::parse, Route::Customer, &mut wrong);
    let basis = word(typed, "basis", Basis::parse, Basis::Contract, &mut wrong);
    let consented_on = date(typed, "consented_on", &mut wrong);
    if !wrong.is_empty() {
        return Err(Refused::form(wrong));
    }
    let source_note = filled(typed.first("source_note")).unwrap_or_default();
    // A date of consent beside another ground says nothing.
    let consented_on = consented_on.filter(|_| basis == Basis::Consent);
    Ok(Provenance { effective_on, route, source_note, basis, consented_on })
}

pub(crate) fn date(typed: &Fields, name: &'static str, wrong: &mut Vec<FieldError>) -> Option<Date> {
    let text = filled(typed.first(name))?;
    let read = text.parse().ok();
    if read.is_none() {
        wrong.push(FieldError::new(name, "date-invalid"));
    }
    read
}

pub(crate) fn word<T: Copy>(
    typed: &Fields,
    name: &'static str,
    parse: fn(&str) -> Option<T>,
    otherwise: T,
    wrong: &mut Vec<FieldError>,
) -> T {
    let Some(text) = filled(typed.first(name)) else { return otherwise };
    parse(&text).unwrap_or_else(|| {
        wrong.push(FieldError::new(name, "choice-invalid"));
        otherwise
    })
}

/// The fields of a verification of the data held of a group.
pub(super) fn verify_fields(ui: &Ui, rules: &InForce, held: &[&Datum], typed: &Fields) -> Vec<Field> {
    let or = |name: &str, otherwise: &str| typed.first(name).unwrap_or(otherwise).to_owned();
    let ways = select(ui, "datum-way", Way::ALL.iter().map(|one| one.as_str()));
    let mut fields = vec![
        Field::new("way", ui.t("datum-way"), ways).value(or("way", Way::Phone.as_str())).required(),
        Field::new("verified_on", ui.t("datum-verified-on"), Input::Date)
            .value(or("verified_on", &ui.business_date.to_string()))
            .required(),
        Field::new("note", ui.t("datum-verify-note"), Input::Text)
            .value(or("note", ""))
            .hint(ui.t("datum-verify-note-hint"))
            .required(),
    ];
    for one in held {
        let blank = Choice::new("", ui.t("datum-not-looked-at"));
        let found = Finding::ALL.iter().map(|word| word.as_str());
        let found = found.map(|word| Choice::new(word, ui.t(format!("datum-finding-{word}"))));
        let input = Input::Select(std::iter::once(blank).chain(found).collect());
        let label = view::title(ui, rules, one.item.name);
        fields.push(Field::new(one.item.name, label, input).value(or(one.item.name, "")).hint(ui.t2(
            "datum-now",
            "value",
            view::value(ui, rules, one),
            "date",
            one.effective_on,
        )));
    }
    fields
}

/// Reads a verification.
pub(super) fn verification(items: &[&'static Item], typed: &Fields, today: Date) -> Result<NewVerification, Refused> {
    let mut wrong = Vec::new();
    let way = word(typed, "way", Way::parse, Way::Phone, &mut wrong);
    let on = date(typed, "verified_on", &mut wrong).unwrap_or(today);
    let mut found = BTreeMap::new();
    for item in items {
        match filled(typed.first(item.name)).as_deref().map(Finding::parse) {
            None => {}
            Some(Some(finding)) => drop(found.insert(item.name, finding)),
            Some(None) => wrong.push(FieldError::new(item.name, "choice-invalid")),
        }
    }
    if !wrong.is_empty() {
        return Err(Refused::form(wrong));
    }
    Ok(NewVerification { way, on, note: filled(typed.first("note")).unwrap_or_default(), found })
}
