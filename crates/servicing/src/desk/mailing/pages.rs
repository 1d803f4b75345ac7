//! Forms of one loan's schedule on its way, and of its car.

use axum::extract::Path;
use axum::response::Response;
use jiff::civil::Date;
use platform::error::{ActionError, FieldError, Refused};
use platform::page::{Button, Choice, Field, Icon, Input, Look, Ui};
use platform::web::{Fields, FormPage, Posted, Routes, Visit, WebError};
use platform::work::Work;

use super::model::{MailingId, NewVehicle, Step, VehicleId};
use super::{LIST, SEND, actions};
use crate::change::actions::find_key;
use crate::desk::RECORD;
use crate::desk::error::DeskError;
use crate::loan::actions::load_within;

/// What the desk does with a schedule.
const PREPARED: [Step; 2] = [Step::Printed, Step::Handed];
/// What customer service does.
const DISPATCHED: [Step; 2] = [Step::Sent, Step::Returned];

platform::form_fields! {
    /// A step of a schedule.
    StepForm: "mailing_step", "note"
}

platform::form_fields! {
    /// A car.
    VehicleForm: "model", "picked_up_on", "note"
}

pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/loans/{id}/mailing/prepare", RECORD, prepare_page)
        .post("/loans/{id}/mailing/prepare", RECORD, prepare)
        .get("/loans/{id}/mailing/dispatch", SEND, dispatch_page)
        .post("/loans/{id}/mailing/dispatch", SEND, dispatch)
        .get("/loans/{id}/vehicle", RECORD, vehicle_page)
        .post("/loans/{id}/vehicle", RECORD, vehicle)
}

/// The form of one loan at the desk.
struct Asked<'a> {
    id: &'a str,
    part: &'a str,
    action: &'a str,
    title: &'a str,
}

async fn draw(
    visit: &Visit,
    asked: Asked<'_>,
    fields: impl FnOnce(&Ui) -> Vec<Field>,
    refused: Option<&Refused>,
) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    let key = find_key(&mut work, asked.id).await?;
    let file = load_within(&mut work, key, asked.action).await?;
    let title = ui.t(asked.title);
    let page = FormPage {
        active: "information",
        title: title.clone(),
        subtitle: file.loan.number,
        action: format!("/loans/{}/{}", asked.id, asked.part),
        fields: fields(&ui),
        buttons: vec![Button::submit(Look::Primary, title).icon(Icon::Check)],
        back: LIST.to_owned(),
        ..FormPage::default()
    };
    page.draw(visit, refused)
}

async fn draw_step(
    visit: &Visit,
    asked: Asked<'_>,
    steps: [Step; 2],
    typed: &Fields,
    refused: Option<&Refused>,
) -> Result<Response, WebError> {
    let typed = |name: &str| typed.first(name).unwrap_or_default().to_owned();
    let fields = |ui: &Ui| {
        let choices = steps.map(|step| Choice::new(step.as_str(), ui.t(format!("mailing-step-{}", step.as_str()))));
        vec![
            Field::new("mailing_step", ui.t("mailing-step-title"), Input::Radio(choices.to_vec()))
                .value(typed("mailing_step"))
                .required(),
            Field::new("note", ui.t("mailing-note"), Input::Text).value(typed("note")).hint(ui.t("mailing-note-hint")),
        ]
    };
    draw(visit, asked, fields, refused).await
}

fn preparing(id: &str) -> Asked<'_> {
    Asked { id, part: "mailing/prepare", action: RECORD, title: "mailing-prepare" }
}

fn dispatching(id: &str) -> Asked<'_> {
    Asked { id, part: "mailing/dispatch", action: SEND, title: "mailing-dispatch" }
}

async fn prepare_page(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    draw_step(&visit, preparing(&id), PREPARED, &Fields::default(), None).await
}

async fn dispatch_page(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    draw_step(&visit, dispatching(&id), DISPATCHED, &Fields::default(), None).await
}

/// Takes a typed step.
async fn take(work: &mut Work, id: &str, typed: &Fields, steps: [Step; 2]) -> Result<MailingId, ActionError> {
    let text = typed.first("mailing_step").unwrap_or_default();
    let step = Step::parse(text).filter(|step| steps.contains(step));
    let step = step.ok_or_else(|| DeskError::Form(vec![FieldError::choice("mailing_step", text)]))?;
    let key = find_key(work, id).await?;
    actions::step(work, key, step, typed.first("note").unwrap_or_default()).await
}

async fn prepare(Path(id): Path<String>, posted: Posted<StepForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("mailing.step").await?;
    let done = take(&mut work, &id, &posted.fields, PREPARED).await;
    match posted.finish(work, done, LIST).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw_step(&posted.visit, preparing(&id), PREPARED, &posted.fields, Some(&refused)).await,
    }
}

async fn dispatch(Path(id): Path<String>, posted: Posted<StepForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("mailing.step").await?;
    let done = take(&mut work, &id, &posted.fields, DISPATCHED).await;
    match posted.finish(work, done, LIST).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw_step(&posted.visit, dispatching(&id), DISPATCHED, &posted.fields, Some(&refused)).await,
    }
}

async fn vehicle_page(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    draw_vehicle(&visit, &id, &Fields::default(), None).await
}

async fn draw_vehicle(
    visit: &Visit,
    id: &str,
    typed: &Fields,
    refused: Option<&Refused>,
) -> Result<Response, WebError> {
    let typed = |name: &str| typed.first(name).unwrap_or_default().to_owned();
    let fields = |ui: &Ui| {
        vec![
            Field::new("model", ui.t("vehicle-model"), Input::Text).value(typed("model")).required(),
            Field::new("picked_up_on", ui.t("vehicle-picked-up-on"), Input::Date)
                .value(typed("picked_up_on"))
                .required(),
            Field::new("note", ui.t("card-note"), Input::Text).value(typed("note")),
        ]
    };
    draw(visit, Asked { id, part: "vehicle", action: RECORD, title: "vehicle-record" }, fields, refused).await
}

async fn take_vehicle(work: &mut Work, id: &str, typed: &Fields) -> Result<VehicleId, ActionError> {
    let text = typed.first("picked_up_on").unwrap_or_default().trim();
    let unreadable = || DeskError::Form(vec![FieldError::new("picked_up_on", "date-unreadable").with("text", text)]);
    let picked_up_on: Date = text.parse().map_err(|_| unreadable())?;
    let of = |name: &str| typed.first(name).unwrap_or_default().to_owned();
    let key = find_key(work, id).await?;
    actions::record_vehicle(work, key, &NewVehicle { model: of("model"), picked_up_on, note: of("note") }).await
}

async fn vehicle(Path(id): Path<String>, posted: Posted<VehicleForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("vehicle.record").await?;
    let done = take_vehicle(&mut work, &id, &posted.fields).await;
    match posted.finish(work, done, LIST).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw_vehicle(&posted.visit, &id, &posted.fields, Some(&refused)).await,
    }
}
