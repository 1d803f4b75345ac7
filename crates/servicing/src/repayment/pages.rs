//! Pages of repayments: the form, its receipt, the settlement quote, the request to reverse.

use askama::Template;
use axum::extract::{Path, Query};
use axum::response::Response;
use finance::{Fen, RepaymentMode, SettlementQuote, TransactionKind};
use jiff::civil::Date;
use platform::approval::{Approval, ApprovalState};
use platform::error::{ActionError, FieldError, Refused};
use platform::page::{Button, Choice, Field, Html, Input, Look, Page, Side, Table, Ui};
use platform::web::{Posted, Routes, Visit, WebError};
use platform::work::Work;
use serde::Deserialize;

use super::actions::{NewRepayment, record};
use crate::error::ServicingError;
use crate::loan::model::{Channel, LoanKey, Seen, TransactionId};
use crate::loan::pages::{Asked, Looked, look};
use crate::loan::view::{split, transactions};
use crate::loan::{data, prints};
use crate::reversal;

/// The pages of repayments.
pub fn routes() -> Routes {
    Routes::new()
        .get("/loans/{id}/repayments/new", "loan.repay", form)
        .post("/loans/{id}/repayments", "loan.repay", create)
        .get("/loans/{id}/quote", "loan.view", quote)
        .data::<super::quote_data::QuoteData, _, _>("/loans/{id}/quote", "loan.view", super::quote_data::quote)
        .get("/loans/{id}/transactions/{transaction}", "loan.view", show)
        .data::<data::TransactionData, _, _>("/loans/{id}/transactions/{transaction}", "loan.view", data::transaction)
        .get("/loans/{id}/transactions/{transaction}/receipt.pdf", "loan.view", prints::receipt)
        .post("/loans/{id}/transactions/{transaction}/reversal", reversal::actions::REQUEST, reverse)
}

/// What the form sends; kept as typed until it is understood.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct RepaymentForm {
    /// 还款日.
    #[serde(default)]
    on: String,
    /// 金额, in 元.
    #[serde(default)]
    amount: String,
    /// 还款类型.
    #[serde(default)]
    mode: String,
    /// 渠道.
    #[serde(default)]
    channel: String,
    /// 备注.
    #[serde(default)]
    note: String,
    /// The version of the loan that was on the screen.
    #[serde(default)]
    version: String,
}

impl RepaymentForm {
    /// Reads all fields, or says everything that is wrong with them at once.
    fn read(&self) -> Result<NewRepayment, Vec<FieldError>> {
        let mut wrong = Vec::new();
        let on = self.on.trim().parse::<Date>().map_err(|_| {
            wrong.push(FieldError::new("on", "date-unreadable").with("text", &self.on));
        });
        let amount = self.amount.trim().parse::<Fen>().map_err(|_| {
            wrong.push(FieldError::new("amount", "amount-unreadable").with("text", &self.amount));
        });
        if amount.is_ok_and(|fen| !fen.is_positive()) {
            wrong.push(FieldError::new("amount", "amount-not-positive").with("amount", &self.amount));
        }
        let mode = mode_of(&self.mode);
        if mode.is_none() {
            wrong.push(FieldError::new("mode", "choice-unknown").with("text", &self.mode));
        }
        let channel = Channel::parse(&self.channel);
        if channel.is_none() {
            wrong.push(FieldError::new("channel", "choice-unknown").with("text", &self.channel));
        }
        match (on, amount, mode, channel) {
            (Ok(on), Ok(amount), Some(mode), Some(channel)) if wrong.is_empty() => Ok(NewRepayment {
                on,
                amount,
                mode,
                allocation: Vec::new(),
                channel,
                note: (!self.note.trim().is_empty()).then(|| self.note.trim().to_owned()),
                business_key: None,
            }),
            _ => Err(wrong),
        }
    }
}

const MODES: [(&str, RepaymentMode); 4] = [
    ("regular", RepaymentMode::Regular),
    ("reduce", RepaymentMode::Reduce),
    ("shorten", RepaymentMode::Shorten),
    ("settle", RepaymentMode::Settle),
];

fn mode_of(text: &str) -> Option<RepaymentMode> {
    MODES.iter().find(|(name, _)| *name == text).map(|(_, mode)| *mode)
}

#[derive(Template)]
#[template(path = "repayment/form.html")]
struct FormBody {
    ui: Ui,
    action: String,
    guard: Html,
    summary: Html,
    fields: Vec<Html>,
    version: Seen,
    submit: String,
    owed: Html,
}

async fn form(visit: Visit, Path(id): Path<String>, Query(typed): Query<RepaymentForm>) -> Result<Response, WebError> {
    let mut work = visit.read().await?;
    let looked = look(&mut work, &id, &Asked::default()).await?;
    let defaults = RepaymentForm {
        on: visit.business_date.to_string(),
        amount: if typed.amount.is_empty() { suggested(&looked) } else { typed.amount },
        mode: if typed.mode.is_empty() { "regular".to_owned() } else { typed.mode },
        channel: Channel::BankTransfer.as_str().to_owned(),
        ..RepaymentForm::default()
    };
    draw(&visit, &looked, &defaults, &[])
}

fn due_now(looked: &Looked) -> Fen {
    looked.position.due.total().unwrap_or_default()
}

/// What is due now, else what comes next: the sum that a cashier would be told.
fn suggested(looked: &Looked) -> String {
    let due = due_now(looked);
    let amount = if due.is_positive() { due } else { looked.position.next_due.map_or(Fen::ZERO, |next| next.amount) };
    if amount.is_positive() { amount.to_string() } else { String::new() }
}

/// The form with what was typed and what is wrong with it.
fn draw(visit: &Visit, looked: &Looked, typed: &RepaymentForm, wrong: &[FieldError]) -> Result<Response, WebError> {
    visit.complain(wrong)?;
    let ui = visit.ui();
    let id = looked.file.loan.key.loan;
    let modes = MODES.iter().map(|(name, _)| Choice::new(*name, ui.t(format!("mode-{name}")))).collect();
    let channels = Channel::ALL
        .iter()
        .filter(|c| **c != Channel::Book)
        .map(|c| Choice::new(c.as_str(), ui.t(format!("channel-{}", c.as_str()))))
        .collect();
    let mut amount = Field::new("amount", ui.t("repayment-amount"), Input::Money).value(&typed.amount);
    if let (false, Some(next)) = (due_now(looked).is_positive(), looked.position.next_due) {
        amount = amount.hint(ui.t2("repayment-amount-next", "on", next.on, "amount", ui.yuan(next.amount)));
    }
    let mut fields = vec![
        amount.required(),
        Field::new("on", ui.t("repayment-on"), Input::Date).value(&typed.on).required(),
        Field::new("mode", ui.t("repayment-mode"), Input::Radio(modes)).value(&typed.mode).required(),
        Field::new("channel", ui.t("repayment-channel"), Input::Select(channels)).value(&typed.channel).required(),
        Field::new("note", ui.t("loan-note-field"), Input::Text).value(&typed.note),
    ];
    crate::error::mark(&ui, &mut fields, wrong);
    let body = FormBody {
        action: format!("/loans/{id}/repayments"),
        guard: ui.guard(visit.guard()),
        summary: ui.error_summary(&fields),
        fields: fields.iter().map(|f| ui.field(f)).collect(),
        version: looked.seen,
        submit: ui.t("repayment-record"),
        owed: owed(&ui, looked),
        ui: ui.clone(),
    };
    let title = ui.t1("repayment-title", "number", &looked.file.loan.number);
    let page = Page::new(title, "loans").subtitle(&looked.customer);
    visit.page(&page, &body)
}

/// What is owed today by head, so that the person at the counter can be told.
fn owed(ui: &Ui, looked: &Looked) -> Html {
    let heads = [("head", Side::Left), ("overdue", Side::Right), ("due", Side::Right), ("all", Side::Right)];
    let mut table = Table::new(ui.t("repayment-owed"), heads.map(|(h, side)| (ui.t(format!("owed-{h}")), side)));
    let p = &looked.position;
    for head in finance::Head::ALL {
        let all = p.outstanding.get(head);
        if all.is_zero() && p.due.get(head).is_zero() {
            continue;
        }
        let name = ui.t(crate::loan::why::head_message(head));
        table.row([Html::of_text(name), ui.money(p.overdue.get(head)), ui.money(p.due.get(head)), ui.money(all)]);
    }
    let sum = |a: &finance::Amounts| ui.money(a.total().unwrap_or_default());
    table.total([Html::of_text(ui.t("total")), sum(&p.overdue), sum(&p.due), sum(&p.outstanding)]);
    let mut out = Html::new();
    out.raw("<section class=\"panel\"><header class=\"panel-head\"><h2>")
        .text(ui.t("repayment-owed"))
        .raw("</h2></header>");
    out.push(&ui.table(table)).raw("</section>");
    out
}

async fn create(Path(id): Path<String>, posted: Posted<RepaymentForm>) -> Result<Response, WebError> {
    let new = match posted.form.read() {
        Ok(new) => new,
        Err(wrong) => return again(&posted.visit, &id, &posted.form, &wrong).await,
    };
    let mut work = posted.begin("loan.repay").await?;
    let key = key_of(&mut work, &id).await?;
    let seen = posted.form.version.parse().ok();
    match record(&mut work, key, seen, &new).await {
        Ok(applied) => posted.done(work, format!("/loans/{id}/transactions/{}", applied.id)).await,
        // A refusal about one field goes back into the form with what was typed.
        Err(ActionError::Refused(refused)) if field_of(&refused).is_some() => {
            drop(work);
            let wrong = field_of(&refused).map(|field| FieldError {
                field,
                code: refused.code,
                details: refused.details.clone(),
            });
            again(&posted.visit, &id, &posted.form, wrong.as_slice()).await
        }
        Err(other) => Err(other.into()),
    }
}

/// The field that a refusal is about, where it is about one.
fn field_of(refused: &Refused) -> Option<&'static str> {
    match refused.code {
        "after-business-date" | "replay.before-start" => Some("on"),
        "replay.does-not-settle" | "amount-not-positive" => Some("amount"),
        "settlement-unsigned" | "settlement-other" => Some("mode"),
        _ => None,
    }
}

async fn again(visit: &Visit, id: &str, typed: &RepaymentForm, wrong: &[FieldError]) -> Result<Response, WebError> {
    let mut work = visit.read().await?;
    let looked = look(&mut work, id, &Asked::default()).await?;
    let mut response = draw(visit, &looked, typed, wrong)?;
    *response.status_mut() = axum::http::StatusCode::UNPROCESSABLE_ENTITY;
    Ok(response)
}

async fn key_of(work: &mut platform::work::Work, id: &str) -> Result<LoanKey, ActionError> {
    let missing = || ServicingError::LoanNotFound { number: id.to_owned() };
    let loan = id.parse().map_err(|_| missing())?;
    Ok(crate::loan::store::find(&mut work.tx, loan).await?.ok_or_else(missing)?)
}

#[derive(Template)]
#[template(path = "repayment/show.html")]
struct ShowBody {
    ui: Ui,
    amount: Fen,
    on: Date,
    split: String,
    channel: String,
    reverse: Option<(String, Html)>,
    reversed_by: Option<String>,
    waits: Option<Html>,
    rest: Html,
}

/// The receipt on the screen: what the money paid, what is left, print, reverse.
async fn show(visit: Visit, Path((id, transaction)): Path<(String, String)>) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let looked = look(&mut work, &id, &Asked::default()).await?;
    let missing = || ActionError::from(ServicingError::TransactionNotFound { number: transaction.clone() });
    let wanted: TransactionId = transaction.parse().map_err(|_| missing())?;
    let t = looked.file.transactions.iter().find(|t| t.id == wanted).ok_or_else(missing)?;
    let reversed_by = looked.file.reversed_by(t.id).map(|by| by.number.clone());
    let reversible = matches!(t.fact.kind, TransactionKind::Repay(_) | TransactionKind::Recover { .. });
    let waiting = reversal::actions::waiting(&mut work, looked.file.loan.key, t.id).await?;
    let body = ShowBody {
        amount: t.amount,
        on: t.fact.on,
        split: split(&ui, &looked.position.allocations, t.fact.id),
        channel: ui.t(format!("channel-{}", t.channel.as_str())),
        reverse: (reversible && reversed_by.is_none() && visit.may(reversal::actions::REQUEST) && waiting.is_none())
            .then(|| (format!("/loans/{id}/transactions/{transaction}/reversal"), ui.guard(visit.guard()))),
        reversed_by,
        waits: waiting.map(|(approval, maker)| waits(&ui, &approval, &maker)),
        rest: transactions(&ui, &looked, Some(8)),
        ui: ui.clone(),
    };
    let mut buttons = vec![Button::link(Look::Secondary, ui.t("back-to-loan"), format!("/loans/{id}"))];
    if body.reversed_by.is_none() {
        let receipt = format!("/loans/{id}/transactions/{transaction}/receipt.pdf");
        buttons.insert(0, Button::link(Look::Primary, ui.t("print-receipt"), receipt));
    }
    let buttons = ui.buttons(buttons);
    let page = Page::new(ui.t1("transaction-title", "number", &t.number), "loans")
        .subtitle(format!("{} · {}", looked.customer, looked.file.loan.number))
        .actions(buttons);
    visit.page(&page, &body)
}

#[derive(Debug, Deserialize)]
struct ReversalForm {
    #[serde(default)]
    reason: String,
}

/// The way to the request that waits, in words.
fn waits(ui: &Ui, approval: &Approval, maker: &str) -> Html {
    let said = match approval.state {
        ApprovalState::Returned { .. } => ui.t1("reversal-returned", "maker", maker),
        _ => ui.tn("reversal-waits", &[("maker", maker.to_owned()), ("on", approval.submitted_on.to_string())]),
    };
    let mut out = Html::new();
    out.raw("<a").href(format!("/approvals/{}/{}", approval.customer, approval.id)).raw(">").text(said).raw("</a>");
    out
}

async fn reverse(
    Path((id, transaction)): Path<(String, String)>,
    posted: Posted<ReversalForm>,
) -> Result<Response, WebError> {
    let reason = posted.form.reason.trim().to_owned();
    if reason.is_empty() {
        let refused = Refused::form(vec![FieldError::new("reason", "reason-missing")]);
        return Err(ActionError::from(refused).into());
    }
    let mut work = posted.begin(reversal::actions::REQUEST).await?;
    let key = key_of(&mut work, &id).await?;
    let missing = || ActionError::from(ServicingError::TransactionNotFound { number: transaction.clone() });
    let target: TransactionId = transaction.parse().map_err(|_| missing())?;
    reversal::actions::request(&mut work, key, target, &reason).await?;
    posted.done(work, format!("/loans/{id}/transactions/{transaction}")).await
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct QuoteAsked {
    on: Option<String>,
}

#[derive(Template)]
#[template(path = "repayment/quote.html")]
struct QuoteBody {
    ui: Ui,
    id: String,
    on: Date,
    total: Fen,
    table: Html,
    may_repay: bool,
}

/// What settles the loan on a date: today, or any day to come.
pub(super) async fn quoted(
    visit: &Visit,
    work: &mut Work,
    id: &str,
    asked: &QuoteAsked,
) -> Result<(Looked, Date, SettlementQuote), WebError> {
    let looked = look(work, id, &Asked::default()).await?;
    let on = match asked.on.as_deref().map(str::trim).filter(|t| !t.is_empty()) {
        None => visit.business_date,
        Some(text) => text.parse().map_err(|_| {
            ActionError::from(Refused::form(vec![FieldError::new("on", "date-unreadable").with("text", text)]))
        })?,
    };
    let facts = looked.file.facts(None);
    let quote = finance::quote_settlement(&looked.file.terms, &looked.engine.context(), &facts, on)
        .map_err(|e| ActionError::from(ServicingError::from(e)))?;
    Ok((looked, on, quote))
}

/// The page of a settlement quote (提前结清试算).
async fn quote(visit: Visit, Path(id): Path<String>, Query(asked): Query<QuoteAsked>) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let (looked, on, quote) = quoted(&visit, &mut work, &id, &asked).await?;
    let mut table =
        Table::new(ui.t("quote-title"), [(ui.t("owed-head"), Side::Left), (ui.t("quote-amount"), Side::Right)]);
    for head in finance::Head::ALL {
        let amount = quote.amounts.get(head);
        if !amount.is_zero() {
            table.row([Html::of_text(ui.t(crate::loan::why::head_message(head))), ui.money(amount)]);
        }
    }
    table.total([Html::of_text(ui.t("total")), ui.money(quote.total)]);
    let body = QuoteBody {
        total: quote.total,
        table: ui.table(table),
        may_repay: visit.may("loan.repay") && on == visit.business_date,
        ui: ui.clone(),
        id,
        on,
    };
    let page =
        Page::new(ui.t("quote-title"), "loans").subtitle(format!("{} · {}", looked.customer, looked.file.loan.number));
    visit.page(&page, &body)
}
