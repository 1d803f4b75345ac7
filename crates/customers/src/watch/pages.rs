//! Pages of the watch list: entering, reviewing, ending.

use axum::extract::Path;
use axum::response::Response;
use jiff::civil::Date;
use platform::error::{ActionError, FieldError, Refused};
use platform::id::CustomerId;
use platform::page::{Button, Choice, Field, Html, Icon, Input, Look};
use platform::policies;
use platform::web::{Fields, FormPage, Posted, Routes, Visit, WebError};

use super::model::{EntryId, NewEntry, StepKind};
use super::panel::list_title;
use super::{actions, data};
use crate::customer::actions::load_within;
use crate::customer::pages::ReasonForm;
use crate::customer::store::filled;
use crate::datum::form::date;
use crate::error::CustomerError;
use crate::reveal::{reason, reason_field};
use crate::{EDIT, VIEW};

platform::form_fields! {
    /// An entry on a watch list.
    EntryForm: "list", "reason", "from", "until"
}

/// The pages about the watch list.
pub fn routes() -> Routes {
    Routes::new()
        .data::<Vec<data::EntryData>, _, _>("/customers/{id}/watch", VIEW, data::entries)
        .get("/customers/{id}/watch/new", EDIT, new_page)
        .post("/customers/{id}/watch/new", EDIT, enter)
        .get("/customers/{id}/watch/{entry}/{step}", EDIT, step_page)
        .post("/customers/{id}/watch/{entry}/{step}", EDIT, take_step)
}

fn back(id: CustomerId) -> String {
    format!("/customers/{id}?tab=watch")
}

async fn new_page(visit: Visit, Path(id): Path<CustomerId>) -> Result<Response, WebError> {
    draw_new(&visit, id, &Fields::default(), None).await
}

async fn draw_new(
    visit: &Visit,
    id: CustomerId,
    typed: &Fields,
    refused: Option<&Refused>,
) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let customer = load_within(&mut work, id, EDIT).await?;
    let on = work.business_date;
    let policy = policies::in_force(&mut work, on).await?;
    let lists = actions::lists(&policy, on, customer.kind)?;
    let lists = lists.iter().map(|one| Choice::new(&one.name, list_title(&ui, &policy, &one.name)));
    let or = |name: &str, otherwise: &str| typed.first(name).unwrap_or(otherwise).to_owned();
    let mut note = Html::new();
    note.raw("<p class=\"hint\">").text(ui.t("watch-new-note")).raw("</p>");
    let page = FormPage {
        active: "customers",
        title: ui.t("watch-new"),
        subtitle: customer.name,
        action: format!("/customers/{id}/watch/new"),
        fields: vec![
            Field::new("list", ui.t("watch-list"), Input::Select(lists.collect())).value(or("list", "")).required(),
            Field::new("reason", ui.t("watch-reason"), Input::Text)
                .value(or("reason", ""))
                .hint(ui.t("datum-source-note-hint"))
                .required(),
            Field::new("from", ui.t("watch-from"), Input::Date).value(or("from", &on.to_string())).required(),
            Field::new("until", ui.t("watch-until"), Input::Date).value(or("until", "")).hint(ui.t("watch-until-hint")),
        ],
        note,
        buttons: vec![Button::submit(Look::Primary, ui.t("watch-new")).icon(Icon::Check)],
        back: back(id),
    };
    page.draw(visit, refused)
}

fn read(typed: &Fields, today: Date) -> Result<NewEntry, Refused> {
    let mut wrong: Vec<FieldError> = Vec::new();
    let from = date(typed, "from", &mut wrong).unwrap_or(today);
    let until = date(typed, "until", &mut wrong);
    if !wrong.is_empty() {
        return Err(Refused::form(wrong));
    }
    let text = |name: &str| filled(typed.first(name)).unwrap_or_default();
    Ok(NewEntry { list: text("list"), reason: text("reason"), from, until })
}

async fn enter(Path(id): Path<CustomerId>, posted: Posted<EntryForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("watch.enter").await?;
    let done = match read(&posted.fields, work.business_date) {
        Ok(new) => actions::enter(&mut work, id, &new).await,
        Err(refused) => Err(refused.into()),
    };
    match posted.finish(work, done, back(id)).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw_new(&posted.visit, id, &posted.fields, Some(&refused)).await,
    }
}

type Key = (CustomerId, EntryId, String);

fn kind_of(word: &str) -> Result<StepKind, ActionError> {
    Ok(StepKind::parse(word).ok_or(CustomerError::NoSuchPart("watch"))?)
}

async fn step_page(visit: Visit, Path(key): Path<Key>) -> Result<Response, WebError> {
    draw_step(&visit, &key, &Fields::default(), None).await
}

async fn draw_step(
    visit: &Visit,
    (id, entry, step): &Key,
    typed: &Fields,
    refused: Option<&Refused>,
) -> Result<Response, WebError> {
    let ui = visit.ui();
    let kind = kind_of(step)?;
    let mut work = visit.read().await?;
    let customer = load_within(&mut work, *id, EDIT).await?;
    let found = actions::find(&mut work, *id, *entry).await?;
    let on = work.business_date;
    let policy = policies::in_force(&mut work, on).await?;
    let (title, hint, look) = match kind {
        StepKind::Kept => ("watch-review", "watch-review-hint", Look::Primary),
        StepKind::Ended => ("watch-end", "watch-end-hint", Look::Danger),
    };
    let page = FormPage {
        active: "customers",
        title: ui.t(title),
        subtitle: format!("{} · {}", customer.name, list_title(&ui, &policy, &found.content.list)),
        action: format!("/customers/{id}/watch/{entry}/{step}"),
        fields: vec![reason_field(&ui, typed, hint)],
        buttons: vec![Button::submit(look, ui.t(title)).icon(Icon::Check)],
        back: back(*id),
        ..FormPage::default()
    };
    page.draw(visit, refused)
}

async fn take_step(Path(key): Path<Key>, posted: Posted<ReasonForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("watch.step").await?;
    let done = match kind_of(&key.2) {
        Ok(kind) => actions::review(&mut work, key.0, key.1, kind, reason(&posted)).await,
        Err(error) => Err(error),
    };
    match posted.finish(work, done, back(key.0)).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw_step(&posted.visit, &key, &posted.fields, Some(&refused)).await,
    }
}
