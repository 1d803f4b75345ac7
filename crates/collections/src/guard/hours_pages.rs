//! Pages of agreed hours: recording what a debtor agreed to, confirming it as the second person.

use axum::extract::Path;
use axum::response::Response;
use platform::error::{FieldError, Refused};
use platform::id::CustomerId;
use platform::page::{Button, Field, Html, Icon, Input, Look, Tone, Ui};
use platform::web::{Fields, FormPage, Posted, Routes, Visit, WebError, shown_in_form};

use super::hours_actions::{AgreedHours, agree_hours, confirm_hours, waiting};
use super::hours_store::HoursRow;
use super::pages::{back, named, typed};
use crate::{CASE_WORK, CONTACT_OPEN};

platform::form_fields! {
    /// Hours that the debtor asked for.
    HoursForm: "hours", "time_zone", "evidence"
}

platform::form_fields! {
    /// How the agreement was checked, and which record was looked at.
    ConfirmForm: "hours_record", "note"
}

pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/customers/{id}/hours", CASE_WORK, hours_page)
        .post("/customers/{id}/hours", CASE_WORK, hours)
        .get("/customers/{id}/hours/confirm", CONTACT_OPEN, confirm_page)
        .post("/customers/{id}/hours/confirm", CONTACT_OPEN, confirm)
}

/// `22:00-23:00`.
fn clock((from, until): (i64, i64)) -> String {
    let minute = |minute: i64| format!("{:02}:{:02}", minute / 60, minute % 60);
    format!("{}-{}", minute(from), minute(until))
}

/// What a record states, in words.
fn said(ui: &Ui, row: &HoursRow) -> String {
    let hours = row.stated.agreed.map_or_else(|| "—".to_owned(), clock);
    let zone = row.stated.zone.clone().unwrap_or_else(|| "—".to_owned());
    ui.tn("guard-hours-said", &[("hours", hours), ("zone", zone), ("evidence", row.evidence.clone())])
}

async fn hours_page(visit: Visit, Path(customer): Path<CustomerId>) -> Result<Response, WebError> {
    draw_hours(&visit, customer, &Fields::default(), None).await
}

async fn draw_hours(
    visit: &Visit,
    customer: CustomerId,
    fields: &Fields,
    refused: Option<&Refused>,
) -> Result<Response, WebError> {
    let ui = visit.ui();
    let (mut work, name) = named(visit, customer, CASE_WORK).await?;
    let mut note = Html::new();
    if let Some(row) = waiting(&mut work, customer, CASE_WORK).await? {
        let mut words = Html::of_text(ui.t1("guard-hours-waits", "said", said(&ui, &row)));
        if visit.may(CONTACT_OPEN) {
            let way = format!("/customers/{customer}/hours/confirm");
            words.raw(" ").push(&ui.button(Button::link(Look::Small, ui.t("guard-hours-confirm"), way)));
        }
        note = ui.note(Tone::Watch, Icon::Clock, words);
    }
    let field = |id: &str, label: &str| Field::new(id, ui.t(label), Input::Text).value(typed(fields, id));
    FormPage {
        title: ui.t("guard-hours-title"),
        subtitle: name,
        active: "customers",
        action: format!("/customers/{customer}/hours"),
        fields: vec![
            field("time_zone", "guard-time-zone").hint(ui.t("guard-time-zone-hint")),
            field("hours", "guard-hours").hint(ui.t("guard-hours-hint")),
            Field::new("evidence", ui.t("guard-evidence"), Input::Area).value(typed(fields, "evidence")).required(),
        ],
        note,
        buttons: vec![Button::submit(Look::Primary, ui.t("guard-save")).icon(Icon::Check)],
        back: back(customer),
    }
    .draw(visit, refused)
}

/// `22:00-23:00` as minutes of the day.
fn minutes(text: &str) -> Option<(i64, i64)> {
    let minute = |part: &str| {
        let (hour, minute) = part.trim().split_once(':')?;
        let (hour, minute) = (hour.parse::<i64>().ok()?, minute.parse::<i64>().ok()?);
        ((0..=24).contains(&hour) && (0..60).contains(&minute)).then(|| hour * 60 + minute)
    };
    let (from, until) = text.split_once('-')?;
    Some((minute(from)?, minute(until)?))
}

async fn hours(Path(customer): Path<CustomerId>, posted: Posted<HoursForm>) -> Result<Response, WebError> {
    let text = typed(&posted.fields, "hours");
    let agreed = minutes(&text);
    if agreed.is_none() && !text.is_empty() {
        let refused = Refused::form(vec![FieldError::new("hours", "hours-invalid")]);
        return draw_hours(&posted.visit, customer, &posted.fields, Some(&refused)).await;
    }
    let new = AgreedHours {
        time_zone: Some(typed(&posted.fields, "time_zone")).filter(|name| !name.is_empty()),
        hours: agreed,
        evidence: typed(&posted.fields, "evidence"),
    };
    let mut work = posted.begin("contact.hours").await?;
    match agree_hours(&mut work, customer, &new).await {
        Ok(()) => posted.done(work, back(customer)).await,
        Err(error) => {
            drop(work);
            draw_hours(&posted.visit, customer, &posted.fields, Some(&shown_in_form(error)?)).await
        }
    }
}

async fn confirm_page(visit: Visit, Path(customer): Path<CustomerId>) -> Result<Response, WebError> {
    draw_confirm(&visit, customer, &Fields::default(), None).await
}

async fn draw_confirm(
    visit: &Visit,
    customer: CustomerId,
    fields: &Fields,
    refused: Option<&Refused>,
) -> Result<Response, WebError> {
    let ui = visit.ui();
    let (mut work, name) = named(visit, customer, CONTACT_OPEN).await?;
    let row = waiting(&mut work, customer, CONTACT_OPEN).await?;
    let mut page = FormPage {
        title: ui.t("guard-hours-confirm"),
        subtitle: name,
        active: "customers",
        action: format!("/customers/{customer}/hours/confirm"),
        note: ui.note(Tone::Info, Icon::InfoCircle, Html::of_text(ui.t("guard-hours-none"))),
        back: back(customer),
        ..FormPage::default()
    };
    if let Some(row) = row {
        let confirm = Button::submit(Look::Primary, ui.t("guard-hours-confirm")).icon(Icon::Check);
        let note = Field::new("note", ui.t("guard-hours-checked"), Input::Area).value(typed(fields, "note"));
        page.note = ui.note(Tone::Info, Icon::InfoCircle, Html::of_text(said(&ui, &row)));
        page.fields = vec![note.required()];
        page.buttons = vec![confirm.submits("hours_record", row.id.to_string())];
    }
    page.draw(visit, refused)
}

async fn confirm(Path(customer): Path<CustomerId>, posted: Posted<ConfirmForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("contact.hours.confirm").await?;
    let (record, note) = (typed(&posted.fields, "hours_record"), typed(&posted.fields, "note"));
    let done = confirm_hours(&mut work, customer, &record, &note).await;
    match posted.finish(work, done, back(customer)).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw_confirm(&posted.visit, customer, &posted.fields, Some(&refused)).await,
    }
}
