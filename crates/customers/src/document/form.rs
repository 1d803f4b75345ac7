//! The form of a document.

use jiff::civil::Date;
use platform::attachment::Limits;
use platform::error::{FieldError, Refused};
use platform::page::{Choice, Field, Input, Ui};
use platform::policies::InForce;
use platform::web::Fields;

use super::model::{DocumentId, NewDocument, Wanted};
use super::panel::kind_title;
use crate::customer::store::filled;
use crate::datum::form::{date, select, word};
use crate::datum::model::Route;

/// The fields, with what was typed; `fixed` is the kind where a document is replaced.
pub(super) fn fields(
    ui: &Ui,
    policy: &InForce,
    list: &[Wanted],
    limits: &Limits,
    typed: &Fields,
    fixed: Option<&str>,
) -> Vec<Field> {
    let or = |name: &str, otherwise: &str| typed.first(name).unwrap_or(otherwise).to_owned();
    let kinds: Vec<&str> = match fixed {
        Some(kind) => vec![kind],
        None => list.iter().map(|one| one.kind.as_str()).collect(),
    };
    let choices = kinds.iter().map(|kind| Choice::new(*kind, kind_title(ui, policy, kind))).collect();
    let endings: Vec<&str> = limits.media.iter().map(|media| media.ending()).collect();
    let accept: Vec<String> = endings.iter().map(|ending| format!(".{ending}")).collect();
    let hint = ui.t2("attachment-file-hint", "kinds", endings.join(", "), "most", limits.max_bytes >> 20);
    vec![
        Field::new("kind", ui.t("document-kind"), Input::Select(choices))
            .value(or("kind", kinds.first().unwrap_or(&"")))
            .required(),
        Field::new("file", ui.t("attachment-file"), Input::File(accept.join(","))).hint(hint).required(),
        Field::new("number", ui.t("document-number"), Input::Text)
            .value(or("number", ""))
            .hint(ui.t("document-number-hint")),
        Field::new("issued_on", ui.t("document-issued-on"), Input::Date).value(or("issued_on", "")),
        Field::new("expires_on", ui.t("document-expires-on"), Input::Date)
            .value(or("expires_on", ""))
            .hint(ui.t("document-expires-on-hint")),
        Field::new("route", ui.t("datum-route"), select(ui, "datum-route", Route::ALL.iter().map(|one| one.as_str())))
            .value(or("route", Route::Customer.as_str()))
            .required(),
        Field::new("source_note", ui.t("datum-source-note"), Input::Text)
            .value(or("source_note", ""))
            .hint(ui.t("datum-source-note-hint")),
    ]
}

/// Reads a document; what is in it is checked by the use case.
pub(super) fn read(typed: &Fields, replaces: Option<DocumentId>) -> Result<NewDocument, Refused> {
    let mut wrong: Vec<FieldError> = Vec::new();
    let mut day = |name| -> Option<Date> { date(typed, name, &mut wrong) };
    let (issued_on, expires_on) = (day("issued_on"), day("expires_on"));
    let route = word(typed, "route", Route::parse, Route::Customer, &mut wrong);
    if !wrong.is_empty() {
        return Err(Refused::form(wrong));
    }
    Ok(NewDocument {
        kind: typed.first("kind").unwrap_or("").trim().to_owned(),
        number: filled(typed.first("number")),
        issued_on,
        expires_on,
        route,
        source_note: filled(typed.first("source_note")).unwrap_or_default(),
        replaces,
    })
}
