//! The calls of a case with their recordings: what is kept, until when, what is missing; handing one in, listening to one.

use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use platform::clock::civil_minute;
use platform::duty::CONTACT_RECORD;
use platform::error::{ActionError, Refused};
use platform::page::{Button, Choice, Field, Html, Icon, Input, Look, Page, Side, Table, Tone, Ui};
use platform::web::{Routes, Upload, Visit, WebError, failing_field, refusal_box, shown_in_form};

use super::actions::{self, Call};
use super::model::Sound;
use super::{RECORDING_OPEN, data};
use crate::CASE_VIEW;
use crate::case::actions as cases;
use crate::case::model::{Case, CaseId};

/// What a recording may be.
const KINDS: &[&str] = &["audio/wav", "audio/mpeg", "audio/ogg", "audio/mp4", "audio/amr"];

/// Where recordings are.
pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/collections/cases/{id}/recordings", CASE_VIEW, show)
        .data::<Vec<data::CallData>, _, _>("/collections/cases/{id}/recordings", CASE_VIEW, data::calls)
        .upload("/collections/cases/{id}/recordings", CONTACT_RECORD, keep)
        .file("/collections/cases/{id}/recordings/{recording}/file", RECORDING_OPEN, take, KINDS)
}

/// Where the recordings of a case are.
pub(crate) fn home(case: CaseId) -> String {
    format!("/collections/cases/{case}/recordings")
}

fn parse(id: &str) -> Result<CaseId, ActionError> {
    Ok(cases::parse(id)?)
}

async fn show(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    draw(&visit, parse(&id)?, "", None).await
}

async fn keep(Path(id): Path<String>, upload: Upload) -> Result<Response, WebError> {
    let case = parse(&id)?;
    let bytes = upload.files.iter().find(|file| file.field == "file").map(|file| file.bytes.as_slice());
    let contact = upload.fields.first("contact").unwrap_or("").to_owned();
    let mut work = upload.begin("recording.keep").await?;
    match actions::keep(&mut work, case, &contact, bytes.unwrap_or_default()).await {
        Ok(_) => upload.done(work, home(case)).await,
        Err(error) => {
            work.tx.rollback().await?;
            let refused = shown_in_form(error)?;
            draw(&upload.visit, case, &contact, Some(&refused)).await
        }
    }
}

/// The recording itself, to be saved; the look is in the trail before the first byte leaves.
async fn take(visit: Visit, Path((id, recording)): Path<(String, String)>) -> Result<Response, WebError> {
    let mut work = visit.begin().await?;
    let (one, bytes) = actions::open(&mut work, parse(&id)?, &recording).await?;
    work.commit().await?;
    let headers = [
        (header::CONTENT_TYPE, one.sound.mime().to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{}-{}.{}\"", one.made_on, one.id, one.sound.as_str()),
        ),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, bytes).into_response())
}

async fn draw(visit: &Visit, id: CaseId, typed: &str, refused: Option<&Refused>) -> Result<Response, WebError> {
    visit.complain_of(refused)?;
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let (case, calls) = actions::calls(&mut work, id).await?;
    let kept = actions::retention(&mut work).await?;
    let required = actions::required(&mut work).await?;
    let mut html = Html::new();
    let until = if kept.until_settled { "recording-note-settled" } else { "recording-note" };
    html.push(&ui.note(Tone::Info, Icon::ShieldCheck, Html::of_text(ui.t1(until, "years", kept.years))));
    html.raw("<section class=\"panel\"><header class=\"panel-head\"><h2>").text(ui.t("recording-title"));
    html.raw("</h2></header>");
    if calls.is_empty() {
        html.raw("<p class=\"panel-body muted\">").text(ui.t("recording-none")).raw("</p>");
    } else {
        html.push(&table(visit, &ui, &case, (&calls, required)));
    }
    html.raw("</section>");
    if visit.may(CONTACT_RECORD) && calls.iter().any(|call| call.recording.is_none()) {
        html.push(&form(visit, &ui, &case, &calls, typed, refused));
    }
    let back = format!("/collections/cases/{}", case.key.case);
    let back = Button::link(Look::Secondary, ui.t("agreement-back"), back).icon(Icon::ArrowLeft);
    let page = Page::new(ui.t("recording-title"), "cases").subtitle(case.number.clone()).actions(ui.button(back));
    let status = match refused {
        Some(_) => axum::http::StatusCode::UNPROCESSABLE_ENTITY,
        None => axum::http::StatusCode::OK,
    };
    Ok((status, visit.page_of(&page, &html)?).into_response())
}

fn table(visit: &Visit, ui: &Ui, case: &Case, (calls, required): (&[Call], bool)) -> Html {
    let heads = ["recording-at", "recording-whom", "recording-by", "recording-kept"];
    let mut table = Table::new(ui.t("recording-title"), heads.map(|id| (ui.t(id), Side::Left)));
    for call in calls {
        let mut state = Html::new();
        match &call.recording {
            None if call.answered && required => {
                state.push(&ui.badge(Tone::Doubt, Icon::AlertTriangle, ui.t("recording-missing")));
            }
            None => {
                let why = if call.answered { "recording-not-kept" } else { "recording-silent" };
                state.raw("<span class=\"muted\">").text(ui.t(why)).raw("</span>");
            }
            Some(one) => match one.erased_on {
                Some(on) => {
                    state.text(ui.t1("recording-erased", "on", on));
                }
                None if visit.may(RECORDING_OPEN) => {
                    let href = format!("{}/{}/file", home(case.key.case), one.id);
                    state.raw("<a").href(href).raw(">").text(ui.t("recording-take")).raw("</a>");
                }
                None => {
                    state.text(ui.t("recording-is-kept"));
                }
            },
        }
        table.row([
            Html::of_text(civil_minute(call.contact.at)),
            Html::of_text(call.contact.contacted.clone()),
            Html::of_text(call.contact.by.clone()),
            state,
        ]);
    }
    ui.table(table)
}

fn form(visit: &Visit, ui: &Ui, case: &Case, calls: &[Call], typed: &str, refused: Option<&Refused>) -> Html {
    let open = calls.iter().filter(|call| call.recording.is_none());
    let choices = open.map(|call| {
        let text = format!("{} {}", civil_minute(call.contact.at), call.contact.contacted);
        Choice::new(call.contact.id.to_string(), text)
    });
    let endings = Sound::ALL.map(|sound| format!(".{}", sound.as_str())).join(",");
    let fields = [
        Field::new("contact", ui.t("recording-call"), Input::Select(choices.collect())).value(typed).required(),
        Field::new("file", ui.t("recording-file"), Input::File(endings)).required(),
    ];
    let fields = fields.map(|field| {
        let error = refused.and_then(|refused| failing_field(ui, refused, &field.name));
        field.error(error)
    });
    let mut html = Html::new();
    html.raw("<section class=\"panel\"><header class=\"panel-head\"><h2>").text(ui.t("recording-keep"));
    html.raw("</h2></header><form class=\"form panel-body\" method=\"post\" enctype=\"multipart/form-data\"");
    html.attr("action", home(case.key.case)).raw(" data-once>").push(&ui.guard(visit.guard()));
    if let Some(general) = refused.filter(|refused| refused.fields.is_empty()) {
        html.push(&refusal_box(ui, general));
    }
    html.push(&ui.error_summary(&fields));
    for field in &fields {
        html.push(&ui.field(field));
    }
    html.push(&ui.buttons(vec![Button::submit(Look::Primary, ui.t("recording-keep")).icon(Icon::Check)]));
    html.raw("</form></section>");
    html
}
