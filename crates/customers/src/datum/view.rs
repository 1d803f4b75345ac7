//! How values, sources and grounds are shown.

use platform::locale::Lang;
use platform::page::{Html, Icon, Tone, Ui};
use platform::policies::InForce;
use policy::{End, FactType, Unit, Value};

use super::item;
use super::model::{Datum, Standing};
use crate::relation::form::percent;

/// What people call a fact.
pub(crate) fn title(ui: &Ui, rules: &InForce, name: &str) -> String {
    let english = ui.lang() == Lang::En;
    rules
        .pack()
        .dictionary()
        .get(name)
        .map_or_else(|| name.to_owned(), |fact| fact.title.in_language(english).to_owned())
}

/// A value of a fact in words: money in yuan, shares in per cent, scores in points, listed values by their titles.
pub(crate) fn shown(ui: &Ui, rules: &InForce, name: &str, value: &Value) -> String {
    let english = ui.lang() == Lang::En;
    match (value, rules.pack().dictionary().get(name).map(|fact| &fact.kind)) {
        (Value::Boolean(true), _) => ui.t("datum-yes"),
        (Value::Boolean(false), _) => ui.t("datum-no"),
        (Value::Date(on), _) => on.to_string(),
        (Value::Text(text), _) => {
            let listed = item::value_title(name, text, english).map(str::to_owned);
            let outcome = || Some(rules.pack().outcome(name, text)?.title.in_language(english).to_owned());
            listed.or_else(outcome).unwrap_or_else(|| text.clone())
        }
        (Value::Integer(number), Some(FactType::Integer { unit, .. })) => integer(ui, name, *number, *unit),
        (Value::Integer(number), _) => number.to_string(),
    }
}

/// What a cell of the policy says of a fact, in words: `[35..45)` → 满 35 岁、不满 45 岁; as it is written where that is
/// not a plain range.
pub(crate) fn range(ui: &Ui, rules: &InForce, name: &str, cell: &str) -> String {
    let kind = rules.pack().dictionary().get(name).map(|fact| &fact.kind);
    let Some(found) = kind.and_then(|kind| policy::ranges(cell, kind)) else { return cell.to_owned() };
    let of = |value: &Value| shown(ui, rules, name, value);
    let told = found.iter().map(|(low, high)| {
        let least = match low {
            End::Open => None,
            End::Including(value) if *high == End::Including(value.clone()) => return of(value),
            End::Including(value) => Some(ui.t1("range-from", "low", of(value))),
            End::Excluding(value) => Some(ui.t1("range-over", "low", of(value))),
        };
        let most = match high {
            End::Open => None,
            End::Including(value) => Some(ui.t1("range-to", "high", of(value))),
            End::Excluding(value) => Some(ui.t1("range-under", "high", of(value))),
        };
        match (least, most) {
            (Some(least), Some(most)) => ui.tn("range-both", &[("least", least), ("most", most)]),
            (Some(one), None) | (None, Some(one)) => one,
            (None, None) => cell.to_owned(),
        }
    });
    told.collect::<Vec<_>>().join(&ui.t("range-or"))
}

fn integer(ui: &Ui, name: &str, number: i64, unit: Unit) -> String {
    match unit {
        Unit::Fen => ui.t1("datum-yuan", "amount", platform::locale::money(number)),
        Unit::Ppm if number < 0 => format!("−{}%", percent(number.saturating_abs())),
        Unit::Ppm => format!("{}%", percent(number)),
        Unit::Bp => format!("{}%", percent(number.saturating_mul(100))),
        Unit::Years if name.ends_with("_age") => ui.t1("datum-years-old", "count", number),
        Unit::Years => ui.t1("datum-years", "count", number),
        Unit::Months => ui.t1("datum-months", "count", number),
        Unit::Days => ui.t1("datum-days", "count", number),
        Unit::Count if name.ends_with("_centi") => ui.t1("datum-points", "points", points(number)),
        Unit::E9 | Unit::WorkingDays | Unit::Minutes | Unit::Count => platform::locale::count(number),
    }
}

/// Hundredths of a point: `79.99`.
pub(crate) fn points(centi: i64) -> String {
    format!("{}.{:02}", centi / 100, (centi % 100).abs())
}

/// The value of a datum in words; a dash when it was withdrawn.
pub(super) fn value(ui: &Ui, rules: &InForce, datum: &Datum) -> String {
    let kind = rules.pack().dictionary().get(datum.item.name).map(|fact| &fact.kind);
    let text = datum.value.as_deref();
    match text.zip(kind).and_then(|(text, kind)| kind.parse_literal(text).ok()) {
        Some(value) => shown(ui, rules, datum.item.name, &value),
        None => text.unwrap_or("—").to_owned(),
    }
}

/// By which way it came, and what was said of it.
pub(super) fn source(ui: &Ui, datum: &Datum) -> String {
    let route = ui.t(format!("datum-route-{}", datum.route.as_str()));
    if datum.source_note.is_empty() { route } else { format!("{route} · {}", datum.source_note) }
}

/// On what ground it is held.
pub(super) fn basis(ui: &Ui, datum: &Datum) -> String {
    let ground = ui.t(format!("datum-basis-{}", datum.basis.as_str()));
    match datum.consented_on {
        Some(on) => format!("{ground} {on}"),
        None => ground,
    }
}

/// How far it counts, as a badge.
pub(super) fn standing(ui: &Ui, datum: &Datum) -> Html {
    let standing = datum.standing(ui.business_date);
    let (tone, icon) = match standing {
        Standing::Verified => (Tone::Ok, Icon::CircleCheck),
        Standing::Stated => (Tone::Neutral, Icon::HelpCircle),
        Standing::Expired => (Tone::Watch, Icon::Clock),
        Standing::Contradicted => (Tone::Doubt, Icon::Ban),
        Standing::Withdrawn => (Tone::Neutral, Icon::ArrowBackUp),
    };
    let mut out = ui.badge(tone, icon, ui.t(format!("datum-standing-{}", standing.as_str())));
    if let (true, Some(until)) = (standing != Standing::Withdrawn, datum.valid_until) {
        out.raw(" <span class=\"muted num nowrap\">").text(ui.t1("datum-until", "date", until)).raw("</span>");
    }
    out
}
