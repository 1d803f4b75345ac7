//! The papers of a loan: what is here, what went back and who signed, the form that gives back, the form that closes the file.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use jiff::civil::Date;
use platform::error::{ActionError, FieldError, RefusalKind, Refused};
use platform::page::{Button, Choice, Field, Html, Icon, Input, Look, Page, Side, Table, Tone, Ui};
use platform::web::{Posted, Routes, Visit, WebError, failing_field, refusal_box};
use serde::Deserialize;

use super::actions::{self, Papers};
use super::model::Receipt;
use super::{SECURITY_RETURN, data};
use crate::limitation::actions::find_key;

/// Where the papers are.
pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/loans/{id}/papers", "loan.view", show)
        .data::<data::PapersData, _, _>("/loans/{id}/papers", "loan.view", data::papers)
        .post("/loans/{id}/papers", SECURITY_RETURN, give_back)
        .post("/loans/{id}/papers/close", SECURITY_RETURN, close)
}

/// What the form of a receipt sends.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct ReceiptForm {
    collateral: String,
    received_by: String,
    received_on: String,
    place: String,
}

impl ReceiptForm {
    fn read(&self) -> Result<Receipt, Refused> {
        let on = self.received_on.trim().parse::<Date>().map_err(|_| {
            Refused::form(vec![FieldError::new("received_on", "date-unreadable").with("text", &self.received_on)])
        })?;
        Ok(Receipt {
            // What is no key is no thing of the loan.
            collateral: self.collateral.trim().parse().unwrap_or(0),
            by: self.received_by.clone(),
            on,
            place: self.place.clone(),
        })
    }
}

/// What the form that closes a file sends.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct CloseForm {
    words: String,
}

async fn show(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    draw(&visit, &id, &ReceiptForm::default(), None).await
}

async fn give_back(Path(id): Path<String>, posted: Posted<ReceiptForm>) -> Result<Response, WebError> {
    let refused = match posted.form.read() {
        Err(refused) => refused,
        Ok(receipt) => {
            let mut work = posted.begin("security.return").await?;
            let key = find_key(&mut work, &id).await?;
            match actions::give_back(&mut work, key, &receipt).await {
                Ok(()) => return posted.done(work, format!("/loans/{id}/papers")).await,
                Err(ActionError::Refused(refused)) if refused.kind == RefusalKind::Invalid => *refused,
                Err(error) => return Err(error.into()),
            }
        }
    };
    draw(&posted.visit, &id, &posted.form, Some(&refused)).await
}

async fn close(Path(id): Path<String>, posted: Posted<CloseForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("loan.close_file").await?;
    let key = find_key(&mut work, &id).await?;
    actions::close(&mut work, key, &posted.form.words).await?;
    posted.done(work, format!("/loans/{id}/papers")).await
}

async fn draw(visit: &Visit, id: &str, typed: &ReceiptForm, refused: Option<&Refused>) -> Result<Response, WebError> {
    visit.complain_of(refused)?;
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let key = find_key(&mut work, id).await?;
    let papers = actions::look(&mut work, key, "loan.view").await?;
    let mut html = Html::new();
    if let Some(on) = papers.closed_on {
        let note = Html::of_text(ui.t1("release-closed-on", "on", on));
        html.push(&ui.note(Tone::Ok, Icon::CircleCheck, note));
    } else if !papers.paid_off {
        html.push(&ui.note(Tone::Info, Icon::Clock, Html::of_text(ui.t("release-not-paid"))));
    }
    html.raw("<section class=\"panel\"><header class=\"panel-head\"><h2>").text(ui.t("release-title"));
    html.raw("</h2></header>");
    if papers.things.is_empty() {
        html.raw("<p class=\"panel-body muted\">").text(ui.t("release-none")).raw("</p>");
    } else {
        html.push(&table(&ui, &papers));
    }
    html.raw("</section>");
    if visit.may(SECURITY_RETURN) && papers.paid_off && papers.closed_on.is_none() {
        if papers.here() > 0 {
            html.push(&receipt_form(visit, &ui, id, &papers, (typed, refused)));
        } else {
            html.push(&close_form(visit, &ui, id));
        }
    }
    let back = Button::link(Look::Secondary, ui.t("release-back"), format!("/loans/{id}")).icon(Icon::ArrowLeft);
    let page = Page::new(ui.t("release-title"), "loans").subtitle(papers.file.loan.number.clone());
    let page = page.actions(ui.button(back));
    let status = if refused.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok((status, visit.page_of(&page, &html)?).into_response())
}

fn table(ui: &Ui, papers: &Papers) -> Html {
    let heads = ["release-what", "release-owner", "release-by", "release-on", "release-place"];
    let mut table = Table::new(ui.t("release-title"), heads.map(|id| (ui.t(id), Side::Left)));
    for (line, returned) in &papers.things {
        let said = |text: Option<&String>| Html::of_text(text.cloned().unwrap_or_else(|| "—".to_owned()));
        let receipt = returned.as_ref().map(|one| &one.receipt);
        let by = match receipt {
            Some(one) => Html::of_text(one.by.clone()),
            None => ui.badge(Tone::Watch, Icon::Clock, ui.t("release-here")),
        };
        table.row([
            Html::of_text(line.who.clone()),
            said(line.owner.as_ref()),
            by,
            ui.date_or_dash(receipt.map(|one| one.on)),
            said(receipt.map(|one| &one.place)),
        ]);
    }
    ui.table(table)
}

fn receipt_form(
    visit: &Visit,
    ui: &Ui,
    id: &str,
    papers: &Papers,
    (typed, refused): (&ReceiptForm, Option<&Refused>),
) -> Html {
    let here = papers.things.iter().filter(|(_, returned)| returned.is_none());
    let choices = here.map(|(line, _)| Choice::new(line.id.to_string(), &line.who)).collect();
    let fields = [
        Field::new("collateral", ui.t("release-what"), Input::Select(choices)).value(&typed.collateral).required(),
        Field::new("received_by", ui.t("release-by"), Input::Text).value(&typed.received_by).required(),
        Field::new("received_on", ui.t("release-on"), Input::Date).value(&typed.received_on).required(),
        Field::new("place", ui.t("release-place"), Input::Text).value(&typed.place).required(),
    ];
    let fields = fields.map(|field| {
        let error = refused.and_then(|refused| failing_field(ui, refused, &field.name));
        field.error(error)
    });
    let mut html = Html::new();
    html.raw("<section class=\"panel\"><header class=\"panel-head\"><h2>").text(ui.t("release-give-back"));
    html.raw("</h2></header><form class=\"form panel-body\" method=\"post\" data-once");
    html.attr("action", format!("/loans/{id}/papers")).raw(">").push(&ui.guard(visit.guard()));
    if let Some(general) = refused.filter(|refused| refused.fields.is_empty()) {
        html.push(&refusal_box(ui, general));
    }
    html.push(&ui.error_summary(&fields));
    for field in &fields {
        html.push(&ui.field(field));
    }
    html.push(&ui.buttons(vec![Button::submit(Look::Primary, ui.t("release-give-back")).icon(Icon::Check)]));
    html.raw("</form></section>");
    html
}

fn close_form(visit: &Visit, ui: &Ui, id: &str) -> Html {
    let words = Field::new("words", ui.t("release-words"), Input::Area).required();
    let mut html = Html::new();
    html.raw("<section class=\"panel\"><header class=\"panel-head\"><h2>").text(ui.t("release-close"));
    html.raw("</h2></header><form class=\"form panel-body\" method=\"post\" data-once");
    html.attr("action", format!("/loans/{id}/papers/close")).raw(">").push(&ui.guard(visit.guard()));
    html.push(&ui.field(&words));
    html.push(&ui.buttons(vec![Button::submit(Look::Primary, ui.t("release-close")).icon(Icon::Check)]));
    html.raw("</form></section>");
    html
}
