//! The form of one card check.

use axum::extract::Path;
use axum::response::Response;
use platform::error::{FieldError, Refused};
use platform::page::{Button, Choice, Field, Icon, Input, Look, Ui};
use platform::web::{Fields, FormPage, Posted, Routes, Visit, WebError};

use super::model::CardResult;
use super::{LIST, actions, list};
use crate::change::actions::find_key;
use crate::desk::RECORD;
use crate::desk::error::DeskError;
use crate::loan::actions::load_within;

platform::form_fields! {
    /// What the bank said.
    CheckForm: "card_result", "note"
}

pub(super) fn routes() -> Routes {
    Routes::new().get("/loans/{id}/card-checks/new", RECORD, form).post("/loans/{id}/card-checks", RECORD, record)
}

/// The fields, with what was typed.
pub(super) fn fields(ui: &Ui, result: &str, note: &str) -> Vec<Field> {
    let results = CardResult::ALL.iter().map(|one| Choice::new(one.as_str(), list::word(ui, *one)));
    vec![
        Field::new("card_result", ui.t("card-result-title"), Input::Radio(results.collect())).value(result).required(),
        Field::new("note", ui.t("card-note"), Input::Area).value(note).hint(ui.t("card-note-hint")),
    ]
}

async fn form(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    draw(&visit, &id, &Fields::default(), None).await
}

async fn draw(visit: &Visit, id: &str, typed: &Fields, refused: Option<&Refused>) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    let key = find_key(&mut work, id).await?;
    let file = load_within(&mut work, key, RECORD).await?;
    let due = super::store::due(&mut work.tx, key, visit.business_date).await?;
    let mut cards = customers::bank_account::store::repaying(&mut work.tx, &[key.customer]).await?;
    let card = cards.remove(&key.customer).map_or_else(|| ui.t("card-lacking"), |card| card.masked);
    let page = FormPage {
        active: "card-checks",
        title: ui.t("card-new"),
        subtitle: format!("{} · {card} · {}", file.loan.number, ui.yuan(due)),
        action: format!("/loans/{id}/card-checks"),
        fields: fields(&ui, typed.first("card_result").unwrap_or_default(), typed.first("note").unwrap_or_default()),
        buttons: vec![Button::submit(Look::Primary, ui.t("card-record")).icon(Icon::Check)],
        back: LIST.to_owned(),
        ..FormPage::default()
    };
    page.draw(visit, refused)
}

async fn record(Path(id): Path<String>, posted: Posted<CheckForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("card.check").await?;
    let typed = |name: &str| posted.fields.first(name).unwrap_or_default();
    let done = match CardResult::parse(typed("card_result")) {
        None => Err(DeskError::Form(vec![FieldError::choice("card_result", typed("card_result"))]).into()),
        Some(result) => match find_key(&mut work, &id).await {
            Ok(key) => actions::record(&mut work, key, result, typed("note")).await,
            Err(missing) => Err(missing),
        },
    };
    match posted.finish(work, done, LIST).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw(&posted.visit, &id, &posted.fields, Some(&refused)).await,
    }
}
