//! Handed-in calls: the door for the telephone system, the list by state, and what a person says of an unmatched one.

use axum::extract::{Path, Query};
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use customers::card_table::draw as cards;
use platform::clock::civil_minute;
use platform::contact_gate::Channel;
use platform::error::{FieldError, Refused};
use platform::id::{CustomerId, UserId};
use platform::page::{Button, Choice, Field, Html, Icon, Input, Look, Page, Side, Tab, Table, Tone, Ui};
use platform::web::{Fields, FormPage, Posted, Routes, Upload, Visit, WebError, shown_in_form};
use serde::Deserialize;

use super::judge::{self, NewJudgement};
use super::model::{CallState, Delivered};
use super::rules::Sent;
use super::{CALL_DELIVER, actions, data};
use crate::CONTACT_OPEN;
use crate::contact::model::ContactResult;
use crate::recording::RECORDING_OPEN;

/// Where they are.
pub(crate) const LIST: &str = "/collections/calls";
/// What a recording may be.
const KINDS: &[&str] = &["audio/wav", "audio/mpeg", "audio/ogg", "audio/mp4", "audio/amr"];

platform::form_fields! {
    /// What a person says of a call of collection.
    OutsideForm: "customer", "caller", "result", "response"
}
platform::form_fields! {
    /// Why a call was none of collection.
    DismissForm: "reason"
}

/// Which calls are asked for.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    state: String,
}

impl Asked {
    /// The state; what waits for a judgement where none is named.
    pub(super) fn state(&self) -> CallState {
        CallState::parse(&self.state).unwrap_or(CallState::Unmatched)
    }
}

/// The door, the list, the judgement.
pub(super) fn routes() -> Routes {
    Routes::new()
        .upload(LIST, CALL_DELIVER, deliver)
        .get(LIST, CONTACT_OPEN, index)
        .data::<Vec<data::DeliveredData>, _, _>(LIST, CONTACT_OPEN, data::calls)
        .get("/collections/calls/{call}", CONTACT_OPEN, outside_page)
        .post("/collections/calls/{call}/outside", CONTACT_OPEN, outside)
        .get("/collections/calls/{call}/dismiss", CONTACT_OPEN, dismiss_page)
        .post("/collections/calls/{call}/dismiss", CONTACT_OPEN, dismiss)
        .file("/collections/calls/{call}/file", RECORDING_OPEN, take, KINDS)
}

async fn deliver(upload: Upload) -> Result<Response, WebError> {
    let field = |name: &str| upload.fields.first(name).unwrap_or("");
    let sent = Sent {
        call: field("call"),
        number: field("number"),
        line: field("line"),
        at: field("started_at"),
        seconds: field("seconds"),
    };
    let bytes = upload.files.iter().find(|file| file.field == "file").map(|file| file.bytes.as_slice());
    let mut work = upload.begin("call.deliver").await?;
    let id = actions::deliver(&mut work, &sent, bytes.unwrap_or_default()).await?;
    upload.done(work, format!("{LIST}/{id}")).await
}

async fn index(visit: Visit, Query(asked): Query<Asked>) -> Result<Response, WebError> {
    let (ui, state) = (visit.ui(), asked.state());
    let mut work = visit.read().await?;
    let all = judge::list(&mut work, state).await?;
    let tabs = CallState::ALL.iter().map(|one| Tab {
        text: ui.t(format!("handed-state-{}", one.as_str())),
        href: format!("{LIST}?state={}", one.as_str()),
        count: None,
        active: *one == state,
        shared: false,
    });
    let mut html = Html::new();
    html.push(&ui.tabs(tabs.collect::<Vec<_>>()));
    html.raw("<section class=\"panel\">");
    if all.is_empty() {
        html.raw("<p class=\"panel-body muted\">").text(ui.t("handed-none")).raw("</p>");
    } else {
        html.push(&table(&ui, &all));
    }
    html.raw("</section>");
    let page = Page::new(ui.t("handed-title"), "calls").subtitle(ui.t("handed-note"));
    visit.page_of(&page, &html)
}

fn table(ui: &Ui, all: &[Delivered]) -> Html {
    let heads = [
        ("recording-at", Side::Left),
        ("handed-number", Side::Left),
        ("handed-line", Side::Left),
        ("handed-seconds", Side::Right),
        ("handed-ref", Side::Left),
        ("handed-words", Side::Left),
    ];
    let mut table = Table::new(ui.t("handed-title"), heads.map(|(id, side)| (ui.t(id), side)));
    for one in all {
        let mut at = Html::new();
        at.raw("<a").href(format!("{LIST}/{}", one.id)).raw(">").text(civil_minute(one.at)).raw("</a>");
        table.row([
            at,
            Html::of_text(one.masked.clone()),
            Html::of_text(one.line.clone()),
            Html::of_text(one.seconds.to_string()),
            Html::of_text(one.call.clone()),
            Html::of_text(one.words.clone()),
        ]);
    }
    ui.table(table)
}

/// What is known of a call, above both forms.
fn about(visit: &Visit, ui: &Ui, one: &Delivered) -> Html {
    let heads = ["handed-number", "recording-at", "handed-line", "handed-seconds", "handed-state", "recording-kept"]
        .map(|id| ui.t(id));
    let mut sound = Html::new();
    match one.erased_on {
        None if visit.may(RECORDING_OPEN) => {
            let href = format!("{LIST}/{}/file", one.id);
            sound.raw("<a").href(href).raw(">").text(ui.t("recording-take")).raw("</a>");
        }
        None => {
            sound.text(ui.t("recording-is-kept"));
        }
        Some(on) => {
            sound.text(ui.t1("handed-moved", "on", on));
        }
    }
    let row = vec![
        Html::of_text(one.masked.clone()),
        Html::of_text(civil_minute(one.at)),
        Html::of_text(one.line.clone()),
        Html::of_text(one.seconds.to_string()),
        Html::of_text(ui.t(format!("handed-state-{}", one.state.as_str()))),
        sound,
    ];
    cards(&ui.t("handed-title"), &heads, &[row])
}

async fn outside_page(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    draw_outside(&visit, &id, &Fields::default(), None).await
}

async fn draw_outside(
    visit: &Visit,
    id: &str,
    fields: &Fields,
    refused: Option<&Refused>,
) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let one = judge::load(&mut work, CONTACT_OPEN, id).await?;
    let mut note = about(visit, &ui, &one);
    let form = FormPage {
        title: ui.t("handed-judge-title"),
        subtitle: one.call.clone(),
        active: "calls",
        action: format!("{LIST}/{}/outside", one.id),
        back: LIST.to_owned(),
        ..FormPage::default()
    };
    if one.state != CallState::Unmatched {
        return FormPage { note, ..form }.draw(visit, refused);
    }
    let dismiss = Button::link(Look::Secondary, ui.t("handed-dismiss"), format!("{LIST}/{}/dismiss", one.id));
    let known = judge::candidates(&mut work, &one).await?;
    if known.is_empty() {
        note.push(&ui.note(Tone::Watch, Icon::InfoCircle, Html::of_text(ui.t("handed-unknown"))));
        return FormPage { note, buttons: vec![dismiss], ..form }.draw(visit, refused);
    }
    let value = |name: &str| fields.first(name).unwrap_or("").to_owned();
    let select = |name: &str, label: &str, choices: Vec<Choice>| {
        Field::new(name, ui.t(label), Input::Select(choices)).value(value(name)).required()
    };
    let people = known.into_iter().map(|one| Choice::new(one.customer.to_string(), one.name)).collect();
    let callers = crate::people(&mut work).await?.into_iter();
    let callers = callers.map(|(user, name)| Choice::new(user.to_string(), name)).collect();
    let results = ContactResult::ALL.into_iter().filter(|result| result.fits(Channel::Phone));
    let results = results
        .map(|result| Choice::new(result.as_str(), ui.t(format!("contact-result-{}", result.as_str()))))
        .collect();
    FormPage {
        fields: vec![
            select("customer", "guard-whom", people),
            select("caller", "handed-caller", callers),
            select("result", "outcome-result", results),
            Field::new("response", ui.t("outcome-response"), Input::Area).value(value("response")).required(),
        ],
        note,
        buttons: vec![Button::submit(Look::Primary, ui.t("handed-judge")).icon(Icon::Check), dismiss],
        ..form
    }
    .draw(visit, refused)
}

fn read(fields: &Fields) -> Result<NewJudgement, Vec<FieldError>> {
    let value = |name: &str| fields.first(name).unwrap_or("").trim().to_owned();
    let customer = value("customer").parse::<CustomerId>().ok();
    let caller = value("caller").parse::<UserId>().ok();
    let result = ContactResult::parse(&value("result"));
    if let (Some(customer), Some(caller), Some(result)) = (customer, caller, result) {
        return Ok(NewJudgement { customer, caller, result, response: value("response") });
    }
    let missing = [("customer", customer.is_none()), ("caller", caller.is_none()), ("result", result.is_none())];
    let wrong = missing.into_iter().filter(|(_, missing)| *missing);
    Err(wrong.map(|(name, _)| FieldError::new(name, "choice-invalid")).collect())
}

async fn outside(Path(id): Path<String>, posted: Posted<OutsideForm>) -> Result<Response, WebError> {
    let new = match read(&posted.fields) {
        Ok(new) => new,
        Err(wrong) => return draw_outside(&posted.visit, &id, &posted.fields, Some(&Refused::form(wrong))).await,
    };
    let mut work = posted.begin("call.judge").await?;
    match judge::outside(&mut work, &id, &new).await {
        Ok(()) => posted.done(work, LIST).await,
        Err(error) => {
            drop(work);
            draw_outside(&posted.visit, &id, &posted.fields, Some(&shown_in_form(error)?)).await
        }
    }
}

async fn dismiss_page(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    draw_dismiss(&visit, &id, &Fields::default(), None).await
}

async fn draw_dismiss(
    visit: &Visit,
    id: &str,
    fields: &Fields,
    refused: Option<&Refused>,
) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let one = judge::load(&mut work, CONTACT_OPEN, id).await?;
    let reason = fields.first("reason").unwrap_or("").to_owned();
    FormPage {
        title: ui.t("handed-dismiss"),
        subtitle: one.call.clone(),
        active: "calls",
        action: format!("{LIST}/{}/dismiss", one.id),
        fields: vec![Field::new("reason", ui.t("handed-words"), Input::Area).value(reason).required()],
        note: about(visit, &ui, &one),
        buttons: vec![Button::submit(Look::Primary, ui.t("handed-dismiss")).icon(Icon::Check)],
        back: format!("{LIST}/{}", one.id),
    }
    .draw(visit, refused)
}

async fn dismiss(Path(id): Path<String>, posted: Posted<DismissForm>) -> Result<Response, WebError> {
    let reason = posted.fields.first("reason").unwrap_or("").to_owned();
    let mut work = posted.begin("call.dismiss").await?;
    match judge::dismiss(&mut work, &id, &reason).await {
        Ok(()) => posted.done(work, LIST).await,
        Err(error) => {
            drop(work);
            draw_dismiss(&posted.visit, &id, &posted.fields, Some(&shown_in_form(error)?)).await
        }
    }
}

/// The sound, to be saved; the look is in the trail before the first byte leaves.
async fn take(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    let mut work = visit.begin().await?;
    let (one, bytes) = judge::open(&mut work, &id).await?;
    work.commit().await?;
    let name = format!("attachment; filename=\"{}-{}.{}\"", one.made_on, one.id, one.sound.as_str());
    let headers = [
        (header::CONTENT_TYPE, one.sound.mime().to_owned()),
        (header::CONTENT_DISPOSITION, name),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, bytes).into_response())
}
