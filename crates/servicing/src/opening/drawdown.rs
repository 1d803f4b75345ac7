//! The form of a further drawdown (再次放款): what was lent and is not paid out yet.

use axum::extract::Path;
use axum::response::Response;
use finance::Fen;
use platform::error::FieldError;
use platform::page::{Field, Input};
use platform::web::{Posted, Routes, Visit, WebError};
use serde::Deserialize;

use super::actions::{DISBURSE, draw};
use super::model::Reader;
use crate::change::actions::find_key;
use crate::change::pages::complaint;
use crate::loan::form::LoanForm;
use crate::loan::pages::{Asked, Looked, look};

/// Where the form is and goes.
pub fn routes() -> Routes {
    Routes::new().get("/loans/{id}/drawdowns/new", DISBURSE, form).post("/loans/{id}/drawdowns", DISBURSE, create)
}

/// What the form sends; kept as typed until it is understood.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct DrawdownForm {
    amount: String,
    on: String,
    version: String,
}

/// What is lent and not paid out yet; zero or less means that there is nothing to draw.
pub fn undrawn(looked: &Looked) -> Fen {
    looked.file.terms.principal.checked_sub(looked.position.disbursed).unwrap_or(Fen::ZERO)
}

async fn form(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    let mut work = visit.read().await?;
    let looked = look(&mut work, &id, &Asked::default()).await?;
    let left = undrawn(&looked);
    let typed = DrawdownForm {
        amount: if left.is_positive() { left.to_string() } else { String::new() },
        on: visit.business_date.to_string(),
        version: String::new(),
    };
    show(&visit, &looked, &typed, &[])
}

fn show(visit: &Visit, looked: &Looked, typed: &DrawdownForm, wrong: &[FieldError]) -> Result<Response, WebError> {
    visit.complain(wrong)?;
    let ui = visit.ui();
    let left = ui.t1("drawdown-left", "left", ui.yuan(undrawn(looked).max(Fen::ZERO)));
    let form = LoanForm {
        title: "drawdown-title",
        target: "drawdowns",
        fields: vec![
            Field::new("amount", ui.t("opening-drawn"), Input::Money).value(&typed.amount).required().hint(left),
            Field::new("on", ui.t("drawdown-on"), Input::Date).value(&typed.on).required(),
        ],
        submit: "drawdown-save",
        back: "",
    };
    form.draw(visit, looked, wrong)
}

fn field_of(code: &str) -> Option<&'static str> {
    match code {
        "replay.over-drawn" | "amount-not-positive" => Some("amount"),
        "after-business-date" | "replay.before-start" | "replay.drawn-after-maturity" => Some("on"),
        _ => None,
    }
}

async fn create(Path(id): Path<String>, posted: Posted<DrawdownForm>) -> Result<Response, WebError> {
    let typed = &posted.form;
    let mut wrong = Vec::new();
    let mut reader = Reader::new(&mut wrong);
    reader.needed("amount", &typed.amount);
    reader.needed("on", &typed.on);
    let read = (reader.amount("amount", &typed.amount), reader.date("on", &typed.on));
    let (Some(amount), Some(on)) = read else { return again(&posted.visit, &id, typed, &wrong).await };
    let mut work = posted.begin(DISBURSE).await?;
    let key = find_key(&mut work, &id).await?;
    match draw(&mut work, key, typed.version.parse().ok(), on, amount).await {
        Ok(_) => posted.done(work, format!("/loans/{id}?tab=transactions")).await,
        Err(error) => {
            drop(work);
            again(&posted.visit, &id, typed, &complaint(error, field_of)?).await
        }
    }
}

async fn again(visit: &Visit, id: &str, typed: &DrawdownForm, wrong: &[FieldError]) -> Result<Response, WebError> {
    let mut work = visit.read().await?;
    let looked = look(&mut work, id, &Asked::default()).await?;
    show(visit, &looked, typed, wrong)
}
