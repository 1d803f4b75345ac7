//! The forms of credit information: a query with its report, an adjustment.

use jiff::civil::Date;
use platform::clock::civil_day;
use platform::error::{FieldError, Refused};
use platform::page::{Choice, Field, Input, Ui};
use platform::policies::InForce;
use platform::web::Fields;
use policy::{FactType, Unit, Value};

use super::model::{About, DEBTS, Ground, Level, NewAdjustment, NewQuery, Origin, Record, TOTAL};
use super::rules::REPORT;
use crate::customer::model::CustomerKind;
use crate::customer::store::filled;
use crate::datum::form::{date, select, word};
use crate::datum::{item, view};
use crate::document::model::{Document, DocumentId};

platform::form_fields! {
    /// A query with what its report says; debts in yuan.
    pub(super) QueryForm: "about", "purpose", "origin", "queried_on", "report_on", "authorisation", "report", "level",
        "record", "arrears", "debt_total", "card_overdraft_fen", "card_usage_6m_fen", "short_debt_payment_fen",
        "long_debt_payment_fen", "note"
}

platform::form_fields! {
    /// An adjustment that is asked for.
    pub(super) AdjustForm: "ground", "reason", "expires_on"
}

/// What a debt is called.
pub(super) fn debt_title(ui: &Ui, policy: &InForce, name: &str) -> String {
    if name == TOTAL { ui.t("credit-debt-total") } else { view::title(ui, policy, name) }
}

/// The fields of a query, with what was typed.
pub(super) fn fields(
    ui: &Ui,
    policy: &InForce,
    kind: CustomerKind,
    held: &[Document],
    purposes: &[String],
    typed: &Fields,
) -> Vec<Field> {
    let or = |name: &str, otherwise: &str| typed.first(name).unwrap_or(otherwise).to_owned();
    let today = ui.business_date.to_string();
    let blank = || Choice::new("", ui.t("credit-not-said"));
    let words = |prefix: &str, all: &[&str]| -> Input {
        let listed = all.iter().map(|word| Choice::new(*word, ui.t(format!("{prefix}-{}", word.replace('_', "-")))));
        Input::Select(std::iter::once(blank()).chain(listed).collect())
    };
    let purposes =
        purposes.iter().map(|one| Choice::new(one, ui.t(format!("credit-purpose-{}", one.replace('_', "-")))));
    let mut fields = Vec::new();
    if kind == CustomerKind::Person {
        let who = select(ui, "credit-about", About::ALL.iter().map(|one| one.as_str()));
        fields.push(Field::new("about", ui.t("credit-about"), who).value(or("about", About::Own.as_str())).required());
    }
    fields.extend([
        Field::new("authorisation", ui.t("credit-authorisation"), papers(ui, held, &[About::Own, About::Spouse], None))
            .value(or("authorisation", ""))
            .hint(ui.t("credit-authorisation-hint"))
            .required(),
        Field::new("purpose", ui.t("credit-purpose"), Input::Select(purposes.collect()))
            .value(or("purpose", ""))
            .required(),
        Field::new(
            "origin",
            ui.t("credit-origin"),
            select(ui, "credit-origin", Origin::ALL.iter().map(|one| one.as_str())),
        )
        .value(or("origin", Origin::Pboc.as_str()))
        .required(),
        Field::new("queried_on", ui.t("credit-queried-on"), Input::Date).value(or("queried_on", &today)).required(),
        Field::new("report_on", ui.t("credit-report-on"), Input::Date).value(or("report_on", &today)).required(),
        Field::new("report", ui.t("credit-report"), papers(ui, held, &[], Some(blank())))
            .value(or("report", ""))
            .hint(ui.t("credit-report-hint")),
        Field::new(
            "record",
            ui.t("credit-record"),
            words("credit-record", &Record::ALL.iter().map(|one| one.as_str()).collect::<Vec<_>>()),
        )
        .value(or("record", "")),
    ]);
    if kind == CustomerKind::Person {
        let levels: Vec<&str> = Level::ALL.iter().map(|one| one.as_str()).collect();
        fields.push(
            Field::new("level", ui.t("credit-level"), words("credit-level", &levels))
                .value(or("level", ""))
                .hint(ui.t("credit-level-hint")),
        );
    }
    fields.extend(owed(ui, policy, kind, typed));
    fields
}

/// What is owed, and what else is to be known.
fn owed(ui: &Ui, policy: &InForce, kind: CustomerKind, typed: &Fields) -> Vec<Field> {
    let or = |name: &str| typed.first(name).unwrap_or("").to_owned();
    let yes_no = Input::Select(vec![
        Choice::new("", ui.t("credit-not-said")),
        Choice::new("true", ui.t("datum-yes")),
        Choice::new("false", ui.t("datum-no")),
    ]);
    let mut fields = vec![Field::new("arrears", ui.t("credit-arrears"), yes_no).value(or("arrears"))];
    for debt in DEBTS.iter().filter(|debt| **debt == TOTAL || kind == CustomerKind::Person) {
        let field = Field::new(*debt, debt_title(ui, policy, debt), Input::Money).value(or(debt));
        fields.push(field.hint(ui.t("datum-in-yuan")));
    }
    let note = Field::new("note", ui.t("customer-note"), Input::Text).value(or("note"));
    fields.push(note.hint(ui.t("datum-source-note-hint")));
    fields
}

/// The papers of the file to choose from: authorisations of these people, else reports.
fn papers(ui: &Ui, held: &[Document], about: &[About], blank: Option<Choice>) -> Input {
    let wanted = |one: &&Document| match about {
        [] => one.kind == REPORT,
        about => about.iter().any(|about| about.authorisation() == one.kind),
    };
    let choice = |one: &Document| {
        let on = one.issued_on.unwrap_or_else(|| civil_day(one.recorded_at));
        let whose = About::ALL.iter().find(|about| about.authorisation() == one.kind);
        let whose =
            whose.map(|about| format!("{} · ", ui.t(format!("credit-about-{}", about.as_str())))).unwrap_or_default();
        Choice::new(one.id.to_string(), format!("{whose}{on} · {}", one.file.name))
    };
    let held = held.iter().filter(|one| one.is_current()).filter(wanted).map(choice);
    Input::Select(blank.into_iter().chain(held).collect())
}

/// Reads a query; what is in it is checked by the use case.
pub(super) fn read(typed: &Fields, today: Date) -> Result<NewQuery, Refused> {
    let mut wrong: Vec<FieldError> = Vec::new();
    let queried_on = date(typed, "queried_on", &mut wrong).unwrap_or(today);
    let report_on = date(typed, "report_on", &mut wrong).unwrap_or(queried_on);
    let about = word(typed, "about", About::parse, About::Own, &mut wrong);
    let origin = word(typed, "origin", Origin::parse, Origin::Pboc, &mut wrong);
    let level = word(typed, "level", |text| Level::parse(text).map(Some), None, &mut wrong);
    let record = word(typed, "record", |text| Record::parse(text).map(Some), None, &mut wrong);
    let arrears = word(typed, "arrears", |text| text.parse().ok().map(Some), None, &mut wrong);
    let paper = |name: &str| filled(typed.first(name)).and_then(|id| id.parse().ok()).map(DocumentId);
    let natural = FactType::natural(Unit::Fen);
    let mut debts = Vec::new();
    for debt in DEBTS {
        let Some(text) = filled(typed.first(debt)) else { continue };
        match item::read(debt, &natural, &text) {
            Some(Value::Integer(fen)) => debts.push((debt, finance::Fen(fen))),
            Some(_) | None => wrong.push(FieldError::new(debt, "datum-value").with("found", text)),
        }
    }
    if !wrong.is_empty() {
        return Err(Refused::form(wrong));
    }
    Ok(NewQuery {
        about,
        purpose: typed.first("purpose").unwrap_or("").to_owned(),
        origin,
        queried_on,
        report_on,
        authorisation: paper("authorisation").unwrap_or(DocumentId(0)),
        report: paper("report"),
        level,
        record,
        arrears,
        debts,
        note: filled(typed.first("note")).unwrap_or_default(),
    })
}

/// The fields of an adjustment.
pub(super) fn adjust_fields(ui: &Ui, typed: &Fields) -> Vec<Field> {
    let or = |name: &str| typed.first(name).unwrap_or("").to_owned();
    let grounds =
        Ground::ALL.iter().map(|one| Choice::new(one.as_str(), ui.t(format!("credit-ground-{}", one.as_str()))));
    vec![
        Field::new("ground", ui.t("credit-ground"), Input::Select(grounds.collect())).value(or("ground")).required(),
        Field::new("reason", ui.t("customer-reason"), Input::Text)
            .value(or("reason"))
            .hint(ui.t("credit-adjust-hint"))
            .required(),
        Field::new("expires_on", ui.t("credit-expires-on"), Input::Date)
            .value(or("expires_on"))
            .hint(ui.t("credit-expires-on-hint"))
            .required(),
    ]
}

/// Reads an adjustment.
pub(super) fn read_adjustment(typed: &Fields, today: Date) -> Result<NewAdjustment, Refused> {
    let mut wrong = Vec::new();
    let ground = typed.first("ground").and_then(Ground::parse);
    if ground.is_none() {
        wrong.push(FieldError::choice("ground", typed.first("ground").unwrap_or("")));
    }
    // Nothing typed is no day to come: the use case says so.
    let expires_on = date(typed, "expires_on", &mut wrong).unwrap_or(today);
    match ground {
        Some(ground) if wrong.is_empty() => {
            Ok(NewAdjustment { ground, reason: filled(typed.first("reason")).unwrap_or_default(), expires_on })
        }
        Some(_) | None => Err(Refused::form(wrong)),
    }
}
