//! Pages of settlement statements: the form of a loan with its earlier ones, one statement, its paper.

use axum::extract::Path;
use axum::response::Response;
use jiff::civil::Date;
use platform::error::{ActionError, FieldError, Refused};
use platform::page::{Button, Field, Html, Icon, Input, Look, Page, Side, Table, Tone, Ui};
use platform::web::{Fields, FormPage, Posted, Routes, Visit, WebError};
use platform::work::Work;

use super::model::{Statement, StatementId, StatementState};
use super::{REQUEST, actions, data, page_of, paper, store};
use crate::change::actions::find_key;
use crate::desk::error::DeskError;
use crate::desk::paper::names;
use crate::desk::view::{facts, link, panel};
use crate::loan::actions::load_within;

platform::form_fields! {
    /// For which day.
    StatementForm: "on"
}

pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/loans/{id}/settlement", REQUEST, form)
        .post("/loans/{id}/settlement", REQUEST, request)
        .get("/settlements/{statement}", "loan.view", show)
        .data::<data::SettlementStatementData, _, _>("/settlements/{statement}", "loan.view", data::statement)
        .file("/settlements/{statement}/statement.pdf", "loan.view", print, &["application/pdf"])
}

fn state(ui: &Ui, state: StatementState) -> Html {
    let (tone, icon) = match state {
        StatementState::Submitted => (Tone::Watch, Icon::Clock),
        StatementState::Signed => (Tone::Ok, Icon::CircleCheck),
        StatementState::Refused => (Tone::Sub, Icon::Ban),
    };
    ui.badge(tone, icon, ui.t(format!("settlement-state-{}", state.as_str())))
}

async fn form(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    draw(&visit, &id, &Fields::default(), None).await
}

async fn draw(visit: &Visit, id: &str, typed: &Fields, refused: Option<&Refused>) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    let key = find_key(&mut work, id).await?;
    let file = load_within(&mut work, key, REQUEST).await?;
    let known = store::of_loan(&mut work.tx, key).await.map_err(ActionError::from)?;
    let mut note = Html::of_text(ui.t("settlement-hint"));
    for one in &known {
        note.raw("<p>").push(&link(page_of(one.id), &one.number)).text(format!(" {} ", one.settles_on));
        note.text(ui.yuan(one.total)).text(" ").push(&state(&ui, one.state)).raw("</p>");
    }
    let on = typed.first("on").map_or_else(|| visit.business_date.to_string(), str::to_owned);
    let page = FormPage {
        active: "loans",
        title: ui.t("settlement-new"),
        subtitle: file.loan.number,
        action: format!("/loans/{id}/settlement"),
        fields: vec![Field::new("on", ui.t("quote-on"), Input::Date).value(on).required()],
        note,
        buttons: vec![Button::submit(Look::Primary, ui.t("settlement-request")).icon(Icon::Check)],
        back: format!("/loans/{id}"),
    };
    page.draw(visit, refused)
}

async fn take(work: &mut Work, id: &str, typed: &Fields) -> Result<StatementId, ActionError> {
    let text = typed.first("on").unwrap_or_default().trim();
    let unreadable = || DeskError::Form(vec![FieldError::new("on", "date-unreadable").with("text", text)]);
    let on: Date = text.parse().map_err(|_| unreadable())?;
    let key = find_key(work, id).await?;
    actions::request(work, key, on).await
}

async fn request(Path(id): Path<String>, posted: Posted<StatementForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("settlement.request").await?;
    let done = take(&mut work, &id, &posted.fields).await;
    let place = done.as_ref().map_or_else(|_| format!("/loans/{id}/settlement"), page_of);
    match posted.finish(work, done, place).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw(&posted.visit, &id, &posted.fields, Some(&refused)).await,
    }
}

async fn show(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    let (one, file) = actions::seen(&mut work, &id, "loan.view").await?;
    let [maker, signer] = names(&mut work, [Some(one.made_by), one.signed_by]).await?;
    let about = [
        (ui.t("settlement-state"), state(&ui, one.state)),
        (ui.t("loan-number"), link(format!("/loans/{}", one.key.loan), &file.loan.number)),
        (ui.t("quote-on"), ui.date(one.settles_on)),
        (ui.t("settlement-made-by"), Html::of_text(maker)),
        (ui.t("settlement-made-on"), ui.date(one.made_on)),
        (ui.t("settlement-signed-by"), Html::of_text(signer)),
        (ui.t("settlement-signed-on"), ui.date_or_dash(one.signed_on)),
    ];
    let mut body = panel(&ui.t("settlement-title"), &facts(&about));
    body.push(&panel(&ui.t("settlement-lines"), &table(&ui, &one)));
    let page = Page::new(ui.t("settlement-title"), "loans").subtitle(one.number.clone());
    let print = Button::link(Look::Primary, ui.t("settlement-print"), format!("{}/statement.pdf", page_of(one.id)));
    let mut buttons = vec![print.icon(Icon::Printer)];
    // Its day has come: the money comes by the form of repayments.
    if one.state == StatementState::Signed && one.settles_on <= visit.business_date && visit.may("loan.repay") {
        let place = format!("/loans/{}/repayments/new", one.key.loan);
        buttons.push(Button::link(Look::Secondary, ui.t("repayment-record"), place).icon(Icon::Cash));
    }
    visit.page_of(&page.actions(ui.buttons(buttons)), &body)
}

fn table(ui: &Ui, one: &Statement) -> Html {
    let heads = [(ui.t("owed-head"), Side::Left), (ui.t("quote-amount"), Side::Right)];
    let mut table = Table::new(ui.t("settlement-lines"), heads);
    for (label, amount) in paper::lines(ui, one) {
        table.row([Html::of_text(label), ui.money(amount)]);
    }
    table.total([Html::of_text(ui.t("total")), ui.money(one.total)]);
    ui.table(table)
}

async fn print(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    let mut work = visit.begin().await?;
    let (one, file) = actions::seen(&mut work, &id, "loan.view").await?;
    paper::print(&visit, work, (&one, &file)).await
}
