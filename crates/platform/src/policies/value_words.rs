//! Values, cells and columns of the rules in the reader's words (取值释义): units, yes and no, titles instead of ids.

use finance::Fen;
use policy::{FactType, MissedRow, Pack, Parameter, ParameterType, ParameterValue, TableSheet, Unit, Value};

use crate::duty::pages_parts::english;
use crate::locale::rate_percent;
use crate::page::Ui;

/// A parameter's value with its unit; choices by their titles.
pub(super) fn value_text(ui: &Ui, parameter: &Parameter) -> String {
    match (&parameter.value, &parameter.kind) {
        (ParameterValue::One(Value::Integer(number)), ParameterType::One(FactType::Integer { unit, .. })) => {
            with_unit(ui, *unit, &figure(ui, *unit, *number))
        }
        (ParameterValue::Integers(list), ParameterType::Integers(unit)) => {
            let figures: Vec<String> = list.iter().map(|number| figure(ui, *unit, *number)).collect();
            with_unit(ui, *unit, &figures.join(&ui.t("list-comma")))
        }
        (ParameterValue::Texts(list), _) => {
            let words: Vec<String> = list.iter().map(|one| choice(ui, &parameter.name, one)).collect();
            words.join(&ui.t("list-comma"))
        }
        (value, _) => choice(ui, &parameter.name, &value.to_text()),
    }
}

/// What a choice of a parameter or column is called; as written when it has no title.
pub(super) fn choice(ui: &Ui, name: &str, value: &str) -> String {
    known(ui, name, value).unwrap_or_else(|| value.to_owned())
}

/// The title of a value: that of the parameter or column of this name, else the one that all share.
fn known(ui: &Ui, name: &str, value: &str) -> Option<String> {
    let plain = |text: &str| text.chars().all(|one| one.is_ascii_alphanumeric() || one == '_' || one == '-');
    if !plain(value) || !plain(name) {
        return None;
    }
    let own = ui.locale.find(&format!("policy-word-{name}-{value}"));
    own.or_else(|| ui.locale.find(&format!("policy-word-{value}")))
}

/// A whole number as its unit is read: money in yuan, shares in percent.
fn figure(ui: &Ui, unit: Unit, number: i64) -> String {
    match unit {
        Unit::Fen => ui.yuan(Fen(number)),
        // A percent has 10,000,000 billionths.
        Unit::Ppm => format!("{}%", rate_percent(number.saturating_mul(1_000))),
        Unit::Bp => format!("{}%", rate_percent(number.saturating_mul(100_000))),
        Unit::E9 => format!("{}%", rate_percent(number)),
        Unit::Days | Unit::WorkingDays | Unit::Months | Unit::Years | Unit::Minutes | Unit::Count => ui.count(number),
    }
}

fn with_unit(ui: &Ui, unit: Unit, figures: &str) -> String {
    match unit {
        Unit::Fen => format!("{figures} {}", ui.t("unit-yuan")),
        Unit::Ppm | Unit::Bp => figures.to_owned(),
        Unit::E9 => ui.t1("policy-rate-a-year", "rate", figures),
        Unit::Days | Unit::WorkingDays | Unit::Months | Unit::Years | Unit::Minutes | Unit::Count => {
            format!("{figures} {}", ui.t(format!("unit-{}", unit.name().replace('_', "-"))))
        }
    }
}

/// What an output says, by the titles of the pack; numbers with their unit.
pub(super) fn outcome_text(ui: &Ui, pack: &Pack, output: (&str, Option<&FactType>), text: &str) -> String {
    let (name, kind) = output;
    if let Some(known) = pack.outcome(name, text) {
        return known.title.in_language(english(ui)).to_owned();
    }
    match (kind, text.parse::<i64>()) {
        (Some(FactType::Integer { unit, .. }), Ok(number)) => with_unit(ui, *unit, &figure(ui, *unit, number)),
        (Some(FactType::Boolean | FactType::OneOf { .. }), _) => choice(ui, name, text),
        _ => formula(ui, pack, text).unwrap_or_else(|| text.to_owned()),
    }
}

/// A condition as written, its known words and figures in the reader's language.
pub(super) fn condition_text(ui: &Ui, pack: &Pack, input: (&str, &FactType), text: &str) -> String {
    let (name, kind) = input;
    match kind {
        FactType::Boolean => choice(ui, name, text),
        FactType::Integer { unit: unit @ (Unit::Fen | Unit::Ppm | Unit::Bp | Unit::E9), .. } => {
            figures(ui, *unit, text).unwrap_or_else(|| text.to_owned())
        }
        _ => {
            let parts = text.split('"').enumerate().map(|(at, part)| match at % 2 {
                0 => part.to_owned(),
                _ => pack
                    .outcome(name, part)
                    .map(|one| one.title.in_language(english(ui)).to_owned())
                    .or_else(|| known(ui, name, part))
                    .unwrap_or_else(|| format!("\"{part}\"")),
            });
            parts.collect()
        }
    }
}

/// A row that came near, with what kept it from hitting.
pub fn missed_text(ui: &Ui, pack: &Pack, row: &MissedRow) -> String {
    let cells = row.failing.iter().map(|cell| {
        let kind = pack.dictionary().get(&cell.input).map(|fact| &fact.kind);
        let value = cell.value.as_ref().map(|value| outcome_text(ui, pack, (&cell.input, kind), &value.to_text()));
        let wanted =
            kind.map_or_else(|| cell.cell.clone(), |kind| condition_text(ui, pack, (&cell.input, kind), &cell.cell));
        let fact = column_title(ui, pack, &cell.input);
        let fields = [("fact", fact), ("value", value.unwrap_or_else(|| "—".to_owned())), ("cell", wanted)];
        ui.tn("policy-missed-cell", &fields)
    });
    let name = if row.row.label.is_empty() { row.row.row.to_string() } else { row.row.label.clone() };
    format!("{} · {}", ui.t1("policy-missed", "row", name), cells.collect::<Vec<String>>().join("; "))
}

/// `[..10000000]` of fen as `[..100,000.00] yuan`; nothing when the cell is more than numbers and marks.
fn figures(ui: &Ui, unit: Unit, text: &str) -> Option<String> {
    let marks = |one: char| one.is_ascii_digit() || " .,<>=()[]".contains(one);
    if !text.chars().all(marks) || text.replace("..", "").contains('.') || !text.contains(|c: char| c.is_ascii_digit())
    {
        return None;
    }
    let (mut out, mut number) = (String::new(), String::new());
    for one in text.chars().chain([' ']) {
        if one.is_ascii_digit() {
            number.push(one);
            continue;
        }
        if !number.is_empty() {
            out.push_str(&figure(ui, unit, number.parse().ok()?));
            number.clear();
        }
        out.push(one);
    }
    Some(with_unit(ui, unit, out.trim_end()))
}

/// `cel: param.provision_loss_ppm` by the title of the parameter.
fn formula(ui: &Ui, pack: &Pack, text: &str) -> Option<String> {
    let name = text.strip_prefix("cel: param.")?.trim();
    let found = pack.parameters().iter().find(|one| one.name == name)?;
    let title = found.title.in_language(english(ui));
    (!title.is_empty()).then(|| title.to_owned())
}

/// What a fact or an output is called; the name itself when nobody gave it a title.
pub(super) fn column_title(ui: &Ui, pack: &Pack, name: &str) -> String {
    let fact = pack.dictionary().get(name).map(|fact| fact.title.in_language(english(ui)));
    if let Some(title) = fact.filter(|title| !title.is_empty()) {
        return title.to_owned();
    }
    ui.locale.find(&format!("policy-column-{name}")).unwrap_or_else(|| name.to_owned())
}

/// What an output of a table is called: the only one without a title bears the table's.
pub(super) fn output_title(ui: &Ui, pack: &Pack, sheet: &TableSheet, name: &str) -> String {
    let title = column_title(ui, pack, name);
    if title == name && sheet.outputs.len() == 1 { sheet.title.in_language(english(ui)).to_owned() } else { title }
}
