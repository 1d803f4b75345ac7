//! The forms of an admission review: the application, and the check sheet with an answer, a document and words for every
//! item.

use std::collections::BTreeMap;

use finance::Fen;
use platform::error::{FieldError, Refused};
use platform::locale::Lang;
use platform::page::{Choice, Field, Input, Ui};
use platform::web::Fields;
use policy::{FactType, Unit};

use super::actions::methods;
use super::model::{Application, Assessment, Conclusion, Item, Sheet};
use super::sheet::Desk;
use super::view::{method, said};
use crate::capacity::model::percent_e9;
use crate::customer::store::filled;
use crate::datum::view::{points, shown};
use crate::document::kind_title;
use crate::relation::form::percent;

/// In front of the name of an item: the document that proves it.
const PAPER: &str = "file_";
/// In front of the name of an item: what is said of it.
const NOTE: &str = "note_";

/// What the form of a check sheet sends: fixed fields, and up to three for every item.
pub(super) type SheetForm = Vec<(String, String)>;

fn or(typed: &Fields, name: &str, otherwise: &str) -> String {
    typed.first(name).unwrap_or(otherwise).to_owned()
}

/// A text as typed; browsers send broken lines with a sign that no paper shows.
fn text(typed: &Fields, name: &str) -> String {
    filled(typed.first(name)).unwrap_or_default().replace('\r', "")
}

/// The fields of an application.
pub(super) fn application(ui: &Ui, desk: &Desk, typed: &Fields, fixed: Option<&str>) -> Vec<Field> {
    let english = ui.lang() == Lang::En;
    let products = desk.products().into_iter().filter(|one| fixed.is_none_or(|fixed| fixed == one.id));
    let products = products.map(|one| Choice::new(&one.id, one.title.in_language(english))).collect();
    let ways = methods(desk).into_iter().map(|way| {
        let title = method(ui, &way);
        Choice::new(way, title)
    });
    let ways = ways.collect();
    let first = |name: &str, label: &str, input| {
        Field::new(name, ui.t(format!("admission-{label}")), input).value(or(typed, name, "")).required()
    };
    vec![
        first("product", "product", Input::Select(products)),
        first("amount", "amount", Input::Money).hint(ui.t("datum-in-yuan")),
        first("months", "months", Input::Number).hint(ui.t("datum-in-months")),
        first("method", "method", Input::Select(ways)),
        first("purpose", "purpose", Input::Text),
        first("repayment_source", "source", Input::Text),
        first("preliminary", "preliminary", Input::Area).hint(ui.t("admission-preliminary-hint")),
    ]
}

fn amount(typed: &Fields, name: &'static str, wrong: &mut Vec<FieldError>) -> Fen {
    let read = typed.first(name).and_then(|text| text.trim().parse::<Fen>().ok());
    if read.is_none() {
        wrong.push(FieldError::new(name, "admission-amount"));
    }
    read.unwrap_or(Fen::ZERO)
}

fn months(typed: &Fields, name: &'static str, wrong: &mut Vec<FieldError>) -> i64 {
    let read = typed.first(name).and_then(|text| text.trim().parse::<i64>().ok());
    if read.is_none() {
        wrong.push(FieldError::new(name, "admission-months").with("most", super::rules::MOST_MONTHS));
    }
    read.unwrap_or_default()
}

/// Reads an application.
pub(super) fn read_application(typed: &Fields) -> Result<Application, Refused> {
    let mut wrong = Vec::new();
    let asked = Application {
        product: text(typed, "product"),
        amount: amount(typed, "amount", &mut wrong),
        months: months(typed, "months", &mut wrong),
        purpose: text(typed, "purpose"),
        repayment_source: text(typed, "repayment_source"),
        method: text(typed, "method"),
        preliminary: text(typed, "preliminary"),
    };
    if wrong.is_empty() { Ok(asked) } else { Err(Refused::form(wrong)) }
}

/// An application as if it was typed: to be mended.
pub(super) fn typed_application(asked: &Application) -> Fields {
    Fields::new(vec![
        ("product".to_owned(), asked.product.clone()),
        ("amount".to_owned(), asked.amount.to_string()),
        ("months".to_owned(), asked.months.to_string()),
        ("purpose".to_owned(), asked.purpose.clone()),
        ("repayment_source".to_owned(), asked.repayment_source.clone()),
        ("method".to_owned(), asked.method.clone()),
        ("preliminary".to_owned(), asked.preliminary.clone()),
    ])
}

/// The fields of a check sheet: for every item an answer where the file knows none, a document, words.
pub(super) fn sheet(ui: &Ui, desk: &Desk, sheet: &Sheet, typed: &Fields) -> Vec<Field> {
    let mut fields = Vec::new();
    for one in &sheet.items {
        fields.extend(of_item(ui, desk, one, typed));
    }
    let conclusions = Conclusion::ALL.iter().map(|one| {
        let word = one.as_str();
        Choice::new(word, ui.t(format!("admission-concludes-{}", word.replace('_', "-"))))
    });
    let field = |name: &str, label: &str, input| {
        Field::new(name, ui.t(format!("admission-{label}")), input).value(or(typed, name, ""))
    };
    fields.extend([
        field("mitigants", "mitigants", Input::Area).hint(ui.t("admission-mitigants-hint")),
        field("granted", "granted", Input::Money).hint(ui.t("datum-in-yuan")).required(),
        field("granted_months", "granted-months", Input::Number).hint(ui.t("datum-in-months")).required(),
        field("rate", "rate", Input::Number).hint(ui.t("datum-in-percent")).required(),
        field("conclusion", "conclusion", Input::Select(conclusions.collect())).required(),
        field("reason", "reason", Input::Text).hint(ui.t("admission-reason-hint")),
        field("opinion", "opinion", Input::Area).required(),
    ]);
    fields
}

fn of_item(ui: &Ui, desk: &Desk, one: &Item, typed: &Fields) -> Vec<Field> {
    let title = said(ui, &one.title);
    let mut fields = Vec::new();
    let answered = one.source.is_empty() || one.source == "assessor";
    if answered {
        let input = answer(ui, desk, &one.fact);
        fields
            .push(Field::new(&one.fact, title, input).value(or(typed, &one.fact, "")).hint(unit(ui, desk, &one.fact)));
    }
    if one.needs.is_empty() {
        return fields;
    }
    let (paper, note) = (format!("{PAPER}{}", one.fact), format!("{NOTE}{}", one.fact));
    let blank = Choice::new("", ui.t("admission-no-paper"));
    let papers = desk.documents.iter().map(|held| {
        Choice::new(held.id.to_string(), format!("{} · {}", kind_title(ui, &desk.rules, &held.kind), held.file.name))
    });
    let papers = Input::Select(std::iter::once(blank).chain(papers).collect());
    fields.push(
        Field::new(&paper, ui.t1("admission-paper-of", "item", title), papers)
            .value(or(typed, &paper, ""))
            .hint(ui.t(format!("admission-needs-{}", one.needs))),
    );
    fields.push(Field::new(&note, ui.t1("admission-note-of", "item", title), Input::Text).value(or(typed, &note, "")));
    fields
}

/// How an item is answered: yes and no, a listed value, a sum, a number, words.
fn answer(ui: &Ui, desk: &Desk, fact: &str) -> Input {
    let blank = Choice::new("", ui.t("admission-unanswered"));
    match desk.rules.pack().dictionary().get(fact).map(|found| &found.kind) {
        Some(FactType::Boolean) => {
            Input::Select(vec![blank, Choice::new("true", ui.t("datum-yes")), Choice::new("false", ui.t("datum-no"))])
        }
        Some(FactType::OneOf { values, .. }) => {
            let title = |value: &String| shown(ui, &desk.rules, fact, &policy::Value::from(value.as_str()));
            let listed = values.iter().map(|value| Choice::new(value, title(value)));
            Input::Select(std::iter::once(blank).chain(listed).collect())
        }
        Some(FactType::Date) => Input::Date,
        Some(FactType::Integer { unit: Unit::Fen, .. }) => Input::Money,
        Some(FactType::Integer { .. }) => Input::Number,
        Some(FactType::Text) | None => Input::Text,
    }
}

fn unit(ui: &Ui, desk: &Desk, fact: &str) -> String {
    match desk.rules.pack().dictionary().get(fact).map(|found| &found.kind) {
        Some(FactType::Integer { unit: Unit::Fen, .. }) => ui.t("datum-in-yuan"),
        Some(FactType::Integer { unit: Unit::Ppm, .. }) => ui.t("datum-in-percent"),
        Some(FactType::Integer { unit: Unit::Years, .. }) => ui.t("datum-in-years"),
        Some(FactType::Integer { unit: Unit::Months, .. }) => ui.t("datum-in-months"),
        Some(FactType::Integer { .. }) if fact.ends_with("_centi") => ui.t("datum-in-points"),
        Some(_) | None => String::new(),
    }
}

/// What the fields of a check sheet say, however much is still blank, with all that cannot be read.
pub(super) fn read(typed: &Fields) -> (Assessment, Vec<FieldError>) {
    let mut wrong = Vec::new();
    let (amount, months) = (amount(typed, "granted", &mut wrong), months(typed, "granted_months", &mut wrong));
    let rate = typed.first("rate").map(str::trim).filter(|text| !text.is_empty()).and_then(percent_e9);
    if rate.is_none() {
        wrong.push(FieldError::new("rate", "admission-rate"));
    }
    let conclusion = typed.first("conclusion").and_then(Conclusion::parse);
    if conclusion.is_none() {
        wrong.push(FieldError::choice("conclusion", typed.first("conclusion").unwrap_or("")));
    }
    let (mut answers, mut documents, mut notes) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    for (name, value) in typed.pairs() {
        let (name, value) = (name.as_str(), value.as_str());
        let Some(value) = filled(Some(value)) else { continue };
        if let Some(fact) = name.strip_prefix(PAPER) {
            // What is no key of a document is none that the file holds.
            documents.insert(fact.to_owned(), value.parse().unwrap_or(-1));
        } else if let Some(fact) = name.strip_prefix(NOTE) {
            notes.insert(fact.to_owned(), value);
        } else {
            answers.insert(name.to_owned(), value);
        }
    }
    let said = Assessment {
        answers,
        documents,
        notes,
        mitigants: text(typed, "mitigants"),
        amount,
        months,
        rate_e9: rate.unwrap_or_default(),
        conclusion: conclusion.unwrap_or(Conclusion::NotFit),
        reason: text(typed, "reason"),
        opinion: text(typed, "opinion"),
    };
    (said, wrong)
}

/// What stands on a sheet, or is applied for, as if it was typed.
pub(super) fn typed(desk: &Desk, asked: &Application, sheet: Option<&Sheet>) -> Fields {
    let Some(sheet) = sheet else {
        return Fields::new(vec![
            ("granted".to_owned(), asked.amount.to_string()),
            ("granted_months".to_owned(), asked.months.to_string()),
        ]);
    };
    let mut pairs = vec![
        ("granted".to_owned(), sheet.terms.amount.to_string()),
        ("granted_months".to_owned(), sheet.terms.months.to_string()),
        ("rate".to_owned(), percent(sheet.terms.rate_e9 / 1_000)),
        ("mitigants".to_owned(), sheet.mitigants.clone()),
        ("conclusion".to_owned(), sheet.conclusion.clone()),
        ("reason".to_owned(), sheet.reason.clone()),
        ("opinion".to_owned(), sheet.opinion.clone()),
    ];
    for one in &sheet.items {
        if one.source == "assessor" {
            pairs.push((one.fact.clone(), as_typed(desk, one)));
        }
        pairs.push((format!("{PAPER}{}", one.fact), one.document.map(|id| id.to_string()).unwrap_or_default()));
        pairs.push((format!("{NOTE}{}", one.fact), one.note.clone()));
    }
    Fields::new(pairs)
}

fn as_typed(desk: &Desk, one: &Item) -> String {
    let text = one.value.clone().unwrap_or_default();
    let kind = desk.rules.pack().dictionary().get(&one.fact).map(|found| &found.kind);
    match (kind, text.parse::<i64>()) {
        (Some(FactType::Integer { unit: Unit::Fen, .. }), Ok(fen)) => Fen(fen).to_string(),
        (Some(FactType::Integer { unit: Unit::Ppm, .. }), Ok(ppm)) => percent(ppm),
        (Some(FactType::Integer { .. }), Ok(centi)) if one.fact.ends_with("_centi") => points(centi),
        _ => text,
    }
}
