//! The calls of a file, and how each was held (通话评判, S2.5-04).

use axum::extract::Path;
use axum::response::Response;
use platform::api::Data;
use platform::clock::civil_minute;
use platform::error::{ActionError, FieldError, Refused};
use platform::id::CustomerId;
use platform::page::{Button, Choice, Empty, Field, Html, Icon, Input, Look, Page, Tone, Ui};
use platform::web::{Fields, FormPage, Posted, Routes, Visit, WebError, shown_in_form};
use schemars::JsonSchema;
use serde::Serialize;

use super::actions::ConductError;
use super::call::{self, Call, Judgement, Quality};
use super::list::name_of;
use super::model::Opinion;
use crate::CONTACT_OPEN;
use crate::guard::model::AllowanceId;
use customers::card_table::draw as cards;

platform::form_fields! {
    /// What a supervisor says of a call.
    CallForm: "reasonable", "lawful", "polite", "firm", "verdict", "opinion"
}

type Key = (CustomerId, AllowanceId);

/// The calls of a file, and the form that judges one.
pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/customers/{id}/calls", CONTACT_OPEN, index)
        .data::<Vec<CallData>, _, _>("/customers/{id}/calls", CONTACT_OPEN, calls)
        .get("/customers/{id}/calls/{allowance}", CONTACT_OPEN, form)
        .post("/customers/{id}/calls/{allowance}", CONTACT_OPEN, judge)
}

fn page_of(customer: CustomerId) -> String {
    format!("/customers/{customer}/calls")
}

fn quality(ui: &Ui, one: Quality) -> String {
    ui.t(format!("call-quality-{}", one.as_str()))
}

/// What was said of a call, or that nothing was.
fn said(ui: &Ui, call: &Call) -> Html {
    match &call.judged {
        None => ui.badge(Tone::Neutral, Icon::ClipboardCheck, ui.t("conduct-unreviewed")),
        Some((missed, review)) => {
            let tone = if missed.is_empty() { Tone::Ok } else { Tone::Sub };
            let opinion = ui.t(format!("conduct-opinion-{}", review.opinion.as_str()));
            let mut out = ui.badge(tone, Icon::ClipboardCheck, opinion);
            for one in missed {
                out.raw(" ").text(ui.t1("call-not", "quality", quality(ui, *one)));
            }
            out.raw(" ").text(&review.words);
            out
        }
    }
}

async fn index(visit: Visit, Path(customer): Path<CustomerId>) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    let file = crate::file_for(&mut work, customer, CONTACT_OPEN).await?;
    let calls = call::of_customer(&mut work.tx, customer).await?;
    let names = crate::people(&mut work).await?;
    let heads = ["conduct-at", "conduct-collector", "outcome-result", "outcome-said", "call-judged", "guard-verbs"];
    let heads = heads.map(|id| ui.t(id));
    let mut rows = Vec::new();
    for one in &calls {
        let mut verb = Html::new();
        if one.judged.is_none() && Some(one.by) != visit.actor.user.map(|user| user.0) {
            let address = format!("{}/{}", page_of(customer), one.allowance);
            verb.push(&ui.button(Button::link(Look::Small, ui.t("call-judge"), address).icon(Icon::ClipboardCheck)));
        }
        rows.push(vec![
            Html::of_text(civil_minute(one.at)),
            Html::of_text(name_of(&ui, &names, one.by)),
            Html::of_text(ui.t(format!("contact-result-{}", one.result.as_str()))),
            Html::of_text(&one.said),
            said(&ui, one),
            verb,
        ]);
    }
    let mut body = Html::new();
    body.raw("<section class=\"panel\">");
    if rows.is_empty() {
        let (title, text) = (ui.t("call-none"), ui.t("call-none-text"));
        body.push(&ui.empty(Empty { icon: Some(Icon::Phone), title, text, step: None }));
    } else {
        body.push(&cards(&ui.t("call-title"), &heads, &rows));
    }
    body.raw("</section>");
    visit.page_of(&Page::new(ui.t("call-title"), "conduct").subtitle(file.name), &body)
}

/// A call that somebody answered, and what was said of it (通话).
#[derive(Debug, Serialize, JsonSchema)]
struct CallData {
    /// The key of the contact.
    id: String,
    /// When.
    at: String,
    /// Who called.
    by: String,
    /// What it came to.
    result: String,
    /// How long it lasted, seconds.
    seconds: i64,
    /// What a supervisor said: `justified`, `warned` or `violation`; empty: nothing yet.
    verdict: String,
    /// What it was not: `reasonable`, `lawful`, `polite`, `firm`.
    missed: Vec<String>,
}

/// `/api/v1/customers/{id}/calls`: the latest first.
async fn calls(visit: Visit, Path(customer): Path<CustomerId>) -> Result<Data<Vec<CallData>>, WebError> {
    let mut work = visit.read().await?;
    crate::file_for(&mut work, customer, CONTACT_OPEN).await?;
    let all = call::of_customer(&mut work.tx, customer).await?;
    let data = |one: Call| {
        let (missed, verdict) = one.judged.map_or_else(Default::default, |(missed, review)| {
            let missed = missed.iter().map(|quality| quality.as_str().to_owned()).collect();
            (missed, review.opinion.as_str().to_owned())
        });
        CallData {
            id: one.allowance.to_string(),
            at: one.at.to_string(),
            by: one.by.to_string(),
            result: one.result.as_str().to_owned(),
            seconds: one.seconds,
            verdict,
            missed,
        }
    };
    Ok(Data(all.into_iter().map(data).collect()))
}

async fn form(visit: Visit, Path(key): Path<Key>) -> Result<Response, WebError> {
    draw(&visit, key, &Fields::default(), None).await
}

async fn draw(
    visit: &Visit,
    (customer, id): Key,
    fields: &Fields,
    refused: Option<&Refused>,
) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    let file = crate::file_for(&mut work, customer, CONTACT_OPEN).await?;
    let all = call::of_customer(&mut work.tx, customer).await?;
    let found = all.into_iter().find(|one| one.allowance == id);
    let one = found.ok_or(ConductError::NotFound).map_err(ActionError::from)?;
    let names = crate::people(&mut work).await?;
    let mut about = Html::of_text(civil_minute(one.at));
    about.raw(" · ").text(name_of(&ui, &names, one.by)).raw(" · ");
    about.text(ui.t(format!("contact-result-{}", one.result.as_str()))).raw(" · ");
    about.text(ui.t2("call-length", "seconds", one.seconds, "warnings", one.warnings));
    if one.hung_up {
        about.raw(" · ").text(ui.t("outcome-hung-up"));
    }
    about.raw("<br>").text(&one.said);
    let mut note = ui.note(Tone::Info, Icon::Phone, about);
    note.push(&crate::card::pages::beside(visit, &mut work, None).await?);
    let yes_no = || vec![Choice::new("yes", ui.t("call-yes")), Choice::new("no", ui.t("call-no"))];
    let value = |name: &str| fields.first(name).unwrap_or("").to_owned();
    let mut asked: Vec<Field> = Quality::ALL
        .iter()
        .map(|one| {
            let name = one.as_str();
            Field::new(name, quality(&ui, *one), Input::Radio(yes_no())).value(value(name)).required()
        })
        .collect();
    let opinions = Opinion::ALL.map(|one| Choice::new(one.as_str(), ui.t(format!("conduct-opinion-{}", one.as_str()))));
    let verdict = Field::new("verdict", ui.t("conduct-verdict"), Input::Radio(opinions.to_vec()));
    asked.push(verdict.value(value("verdict")).required());
    asked.push(Field::new("opinion", ui.t("conduct-opinion"), Input::Area).value(value("opinion")).required());
    FormPage {
        title: ui.t("call-judge"),
        subtitle: file.name,
        active: "conduct",
        action: format!("{}/{id}", page_of(customer)),
        fields: asked,
        note,
        buttons: vec![Button::submit(Look::Primary, ui.t("guard-save")).icon(Icon::Check)],
        back: page_of(customer),
    }
    .draw(visit, refused)
}

/// Reads a judgement, or says everything that was left open.
fn read(fields: &Fields) -> Result<Judgement, Refused> {
    let mut wrong = Vec::new();
    let mut missed = Vec::new();
    for one in Quality::ALL {
        match fields.first(one.as_str()) {
            Some("yes") => {}
            Some("no") => missed.push(*one),
            _ => wrong.push(FieldError::new(one.as_str(), "choice-missing")),
        }
    }
    let opinion = fields.first("verdict").and_then(Opinion::parse);
    if opinion.is_none() {
        wrong.push(FieldError::new("verdict", "choice-missing"));
    }
    match opinion {
        Some(opinion) if wrong.is_empty() => {
            Ok(Judgement { missed, opinion, words: fields.first("opinion").unwrap_or("").to_owned() })
        }
        _ => Err(Refused::form(wrong)),
    }
}

async fn judge(Path(key): Path<Key>, posted: Posted<CallForm>) -> Result<Response, WebError> {
    let new = match read(&posted.fields) {
        Ok(new) => new,
        Err(refused) => return draw(&posted.visit, key, &posted.fields, Some(&refused)).await,
    };
    let mut work = posted.begin("conduct.call").await?;
    match call::judge(&mut work, key.0, key.1, &new).await {
        Ok(()) => posted.done(work, page_of(key.0)).await,
        Err(error) => {
            drop(work);
            draw(&posted.visit, key, &posted.fields, Some(&shown_in_form(error)?)).await
        }
    }
}
