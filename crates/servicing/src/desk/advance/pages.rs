//! Pages of one list of advances: the list, drawing it, its steps, a row, its paper.

use axum::extract::{Path, Query};
use axum::response::Response;
use finance::Fen;
use platform::error::{ActionError, FieldError, Refused};
use platform::page::{Button, Field, Html, Icon, Input, Look, Page, Side, Table, Ui};
use platform::web::{Fields, FormPage, Posted, Routes, Visit, WebError};
use platform::work::Work;
use serde::Deserialize;

use super::model::{Advance, AdvanceList, AdvanceListId, ListState, RowState};
use super::{CHECK, DRAW, LIST, PAY, actions, approval, data, list, page_of, paper, pay, rules, store};
use crate::desk::VIEW;
use crate::desk::error::DeskError;
use crate::desk::paper::names;
use crate::desk::view::{facts, link, panel};

platform::form_fields! {
    /// Which month.
    DrawForm: "month"
}
platform::form_fields! {
    /// A step without words.
    StepForm:
}
platform::form_fields! {
    /// The number of a payment, and what becomes of rows that are paid meanwhile.
    PayForm: "payment_ref", "leave_out"
}
platform::form_fields! {
    /// Why a list is given up.
    DropForm: "reason"
}
platform::form_fields! {
    /// What a row becomes.
    RowForm: "amount", "reason"
}

/// The pages of one list.
pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/advances/new", DRAW, new)
        .post("/advances", DRAW, draw)
        .get("/advances/{advance}", VIEW, show)
        .data::<data::AdvanceListData, _, _>("/advances/{advance}", VIEW, data::list)
        .file("/advances/{advance}/list.pdf", VIEW, print, &["application/pdf"])
        .get("/advances/{advance}/check", CHECK, check_page)
        .post("/advances/{advance}/check", CHECK, check)
        .get("/advances/{advance}/submit", DRAW, submit_page)
        .post("/advances/{advance}/submit", DRAW, submit)
        .get("/advances/{advance}/pay", PAY, pay_page)
        .post("/advances/{advance}/pay", PAY, record_payment)
        .get("/advances/{advance}/drop", DRAW, drop_page)
        .post("/advances/{advance}/drop", DRAW, give_up)
        .get("/advances/{advance}/rows/{row}", DRAW, row_page)
        .post("/advances/{advance}/rows/{row}", DRAW, change_row)
}

#[derive(Debug, Default, Deserialize)]
struct MonthAsked {
    #[serde(default)]
    month: String,
}

async fn new(visit: Visit, Query(asked): Query<MonthAsked>) -> Result<Response, WebError> {
    draw_new(&visit, &asked.month, None)
}

fn draw_new(visit: &Visit, month: &str, refused: Option<&Refused>) -> Result<Response, WebError> {
    let ui = visit.ui();
    let month = if month.is_empty() { rules::month_before(visit.business_date) } else { month.to_owned() };
    let page = FormPage {
        active: "advances",
        title: ui.t("advance-new"),
        action: LIST.to_owned(),
        fields: vec![
            Field::new("month", ui.t("advance-month"), Input::Text)
                .value(month)
                .hint(ui.t("advance-month-hint"))
                .required(),
        ],
        buttons: vec![Button::submit(Look::Primary, ui.t("advance-draw")).icon(Icon::Check)],
        back: LIST.to_owned(),
        ..FormPage::default()
    };
    page.draw(visit, refused)
}

async fn draw(posted: Posted<DrawForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("advance.draw").await?;
    let month = posted.fields.first("month").unwrap_or_default();
    let done = actions::draw(&mut work, month).await;
    let place = done.as_ref().map_or_else(|_| LIST.to_owned(), page_of);
    match posted.finish(work, done, place).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw_new(&posted.visit, month, Some(&refused)),
    }
}

async fn show(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    let one = actions::seen(&mut work, &id, VIEW).await?;
    let rows = store::rows(&mut work.tx, one.id).await?;
    let stands = if one.state == ListState::Paid { RowState::Paid } else { RowState::Listed };
    let text = |text: String| Html::of_text(text);
    let [maker, checker, cashier] = names(&mut work, [Some(one.made_by), one.checked_by, one.paid_by]).await?;
    let mut about = vec![
        (ui.t("advance-state"), list::badge(&ui, one.state).0),
        (ui.t("advance-month"), text(one.month.clone())),
        (ui.t("advance-amount"), text(ui.yuan(rules::total(&rows, stands)))),
        (ui.t("advance-maker"), text(maker)),
        (ui.t("advance-drawn-on"), ui.date(one.drawn_on)),
        (ui.t("advance-checker"), text(checker)),
        (ui.t("advance-checked-on"), ui.date_or_dash(one.checked_on)),
        (ui.t("advance-signed-on"), ui.date_or_dash(one.signed_on)),
        (ui.t("advance-cashier"), text(cashier)),
        (ui.t("advance-paid-on"), ui.date_or_dash(one.paid_on)),
        (ui.t("advance-payment-ref"), text(one.payment_ref.clone().unwrap_or_default())),
    ];
    if let Some(approval) = one.approval
        && let Some(place) = platform::approval::page_for(&mut work, super::HOUSE, approval).await?
    {
        about.push((ui.t("approval-advance-list"), link(place, ui.t("advance-open-approval"))));
    }
    if !one.note.is_empty() {
        about.push((ui.t("advance-note"), text(one.note.clone())));
    }
    let mut body = panel(&ui.t("advance-one"), &facts(&about));
    let own = visit.actor.recorded_by() == one.made_by.0;
    let may_change = visit.may(DRAW) && one.state == ListState::Drawn && own;
    body.push(&panel(&ui.t("advance-rows-title"), &table(&ui, &one, &rows, may_change)));
    let page = Page::new(ui.t("advance-one"), "advances").subtitle(one.number.clone());
    visit.page_of(&page.actions(ui.buttons(verbs(&visit, &ui, &one))), &body)
}

fn table(ui: &Ui, one: &AdvanceList, rows: &[Advance], may_change: bool) -> Html {
    let heads = [
        ("loan-number", Side::Left),
        ("loan-customer", Side::Left),
        ("advance-holder", Side::Left),
        ("card-number", Side::Left),
        ("schedule-no", Side::Left),
        ("schedule-due-on", Side::Left),
        ("advance-due-now", Side::Right),
        ("advance-amount", Side::Right),
        ("advance-row-state", Side::Left),
        ("advance-note", Side::Left),
    ];
    let mut table = Table::new(ui.t("advance-rows-title"), heads.map(|(head, side)| (ui.t(head), side)));
    for row in rows {
        let state = ui.t(format!("advance-row-{}", row.state.as_str().replace('_', "-")));
        let state =
            if may_change { link(format!("{}/rows/{}", page_of(one.id), row.id), state) } else { Html::of_text(state) };
        table.row([
            link(format!("/loans/{}", row.key.loan), &row.number),
            Html::of_text(&row.customer),
            Html::of_text(&row.card.holder),
            Html::of_text(&row.card.masked),
            Html::of_text(row.no.to_string()),
            ui.date(row.due_on),
            ui.money(row.due_now),
            ui.money(row.amount),
            state,
            Html::of_text(&row.note),
        ]);
    }
    ui.table(table)
}

fn verbs(visit: &Visit, ui: &Ui, one: &AdvanceList) -> Vec<Button> {
    let place = |part: &str| format!("{}/{part}", page_of(one.id));
    let mut out = Vec::new();
    let mut offer = |action: &str, states: &[ListState], look: Look, part: &str, icon: Icon| {
        if visit.may(action) && states.contains(&one.state) {
            out.push(Button::link(look, ui.t(format!("advance-{part}")), place(part)).icon(icon));
        }
    };
    offer(CHECK, &[ListState::Drawn], Look::Primary, "check", Icon::Check);
    offer(DRAW, &[ListState::Checked, ListState::Submitted], Look::Primary, "submit", Icon::ArrowRight);
    offer(PAY, &[ListState::Signed], Look::Primary, "pay", Icon::Cash);
    offer(DRAW, &actions::DROPPED, Look::Danger, "drop", Icon::Ban);
    if matches!(one.state, ListState::Submitted | ListState::Signed | ListState::Paid) {
        out.push(Button::link(Look::Secondary, ui.t("advance-paper"), place("list.pdf")).icon(Icon::Printer));
    }
    out.push(Button::link(Look::Secondary, ui.t("advance-title"), LIST).icon(Icon::ArrowLeft));
    out
}

async fn print(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    let mut work = visit.begin().await?;
    let one = actions::seen(&mut work, &id, VIEW).await?;
    paper::print(&visit, work, &one).await
}

/// A form about one list.
async fn form(
    visit: &Visit,
    id: &str,
    (part, action, look): (&str, &str, Look),
    fields: impl FnOnce(&Ui) -> Vec<Field>,
    refused: Option<&Refused>,
) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    let one = actions::seen(&mut work, id, action).await?;
    let rows = store::rows(&mut work.tx, one.id).await?;
    let title = ui.t(format!("advance-{part}"));
    let page = FormPage {
        active: "advances",
        title: title.clone(),
        subtitle: format!("{} · {} · {}", one.number, one.month, ui.yuan(rules::total(&rows, RowState::Listed))),
        action: format!("{}/{part}", page_of(one.id)),
        fields: fields(&ui),
        note: Html::of_text(ui.t(format!("advance-{part}-hint"))),
        buttons: vec![Button::submit(look, title).icon(Icon::Check)],
        back: page_of(one.id),
    };
    page.draw(visit, refused)
}

const CHECKING: (&str, &str, Look) = ("check", CHECK, Look::Primary);
const SUBMITTING: (&str, &str, Look) = ("submit", DRAW, Look::Primary);

async fn check_page(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    form(&visit, &id, CHECKING, |_| Vec::new(), None).await
}

async fn submit_page(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    form(&visit, &id, SUBMITTING, |_| Vec::new(), None).await
}

async fn check(Path(id): Path<String>, posted: Posted<StepForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("advance.check").await?;
    let done = actions::check(&mut work, &id).await;
    match posted.finish(work, done, page_of(&id)).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => form(&posted.visit, &id, CHECKING, |_| Vec::new(), Some(&refused)).await,
    }
}

async fn submit(Path(id): Path<String>, posted: Posted<StepForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("advance.submit").await?;
    let done = approval::submit(&mut work, &id).await;
    match posted.finish(work, done, page_of(&id)).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => form(&posted.visit, &id, SUBMITTING, |_| Vec::new(), Some(&refused)).await,
    }
}

async fn pay_page(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    draw_pay(&visit, &id, &Fields::default(), None).await
}

async fn draw_pay(visit: &Visit, id: &str, typed: &Fields, refused: Option<&Refused>) -> Result<Response, WebError> {
    let typed = |name: &str| typed.first(name).unwrap_or_default().to_owned();
    let fields = |ui: &Ui| {
        vec![
            Field::new("payment_ref", ui.t("advance-payment-ref"), Input::Text)
                .value(typed("payment_ref"))
                .hint(ui.t("advance-payment-hint"))
                .required(),
            Field::new("leave_out", ui.t("advance-leave-out"), Input::Check).value(typed("leave_out")),
        ]
    };
    form(visit, id, ("pay", PAY, Look::Primary), fields, refused).await
}

async fn record_payment(Path(id): Path<String>, posted: Posted<PayForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("advance.pay").await?;
    let typed = |name: &str| posted.fields.first(name).unwrap_or_default();
    let leave_out = matches!(typed("leave_out"), "on" | "true" | "yes");
    let done = pay::pay(&mut work, &id, typed("payment_ref"), leave_out).await;
    match posted.finish(work, done, page_of(&id)).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw_pay(&posted.visit, &id, &posted.fields, Some(&refused)).await,
    }
}

async fn drop_page(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    draw_drop(&visit, &id, &Fields::default(), None).await
}

fn reason_field(ui: &Ui, typed: &Fields) -> Field {
    let typed = typed.first("reason").unwrap_or_default();
    Field::new("reason", ui.t("change-reason"), Input::Text).value(typed).required()
}

async fn draw_drop(visit: &Visit, id: &str, typed: &Fields, refused: Option<&Refused>) -> Result<Response, WebError> {
    let fields = |ui: &Ui| vec![reason_field(ui, typed)];
    form(visit, id, ("drop", DRAW, Look::Danger), fields, refused).await
}

async fn give_up(Path(id): Path<String>, posted: Posted<DropForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("advance.drop").await?;
    let done = actions::give_up(&mut work, &id, posted.fields.first("reason").unwrap_or_default()).await;
    match posted.finish(work, done, page_of(&id)).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw_drop(&posted.visit, &id, &posted.fields, Some(&refused)).await,
    }
}

async fn row_page(visit: Visit, Path((id, row)): Path<(String, String)>) -> Result<Response, WebError> {
    draw_row(&visit, (&id, &row), &Fields::default(), None).await
}

async fn draw_row(
    visit: &Visit,
    (id, row): (&str, &str),
    typed: &Fields,
    refused: Option<&Refused>,
) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    let one = actions::seen(&mut work, id, DRAW).await?;
    let rows = store::rows(&mut work.tx, one.id).await?;
    let found = rows.into_iter().find(|found| found.id.to_string() == row);
    let found = found.ok_or_else(|| ActionError::from(DeskError::NoAdvanceList))?;
    let amount = typed.first("amount").map_or_else(|| found.amount.to_string(), str::to_owned);
    let hint = ui.t1("advance-row-hint", "due", ui.yuan(found.due_now));
    let page = FormPage {
        active: "advances",
        title: ui.t("advance-row-change"),
        subtitle: format!("{} · {} · {}", one.number, found.number, found.customer),
        action: format!("{}/rows/{row}", page_of(one.id)),
        fields: vec![
            Field::new("amount", ui.t("advance-amount"), Input::Money).value(amount).hint(hint).required(),
            reason_field(&ui, typed),
        ],
        buttons: vec![Button::submit(Look::Primary, ui.t("advance-row-change")).icon(Icon::Check)],
        back: page_of(one.id),
        ..FormPage::default()
    };
    page.draw(visit, refused)
}

async fn take_row(work: &mut Work, (id, row): (&str, &str), typed: &Fields) -> Result<AdvanceListId, ActionError> {
    let text = typed.first("amount").unwrap_or_default();
    let unreadable = || DeskError::Form(vec![FieldError::new("amount", "amount-unreadable").with("text", text)]);
    let amount: Fen = text.trim().parse().map_err(|_| unreadable())?;
    actions::change_row(work, id, row, amount, typed.first("reason").unwrap_or_default()).await
}

async fn change_row(Path((id, row)): Path<(String, String)>, posted: Posted<RowForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("advance.change").await?;
    let done = take_row(&mut work, (&id, &row), &posted.fields).await;
    match posted.finish(work, done, page_of(&id)).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw_row(&posted.visit, (&id, &row), &posted.fields, Some(&refused)).await,
    }
}
