//! The form of a charge.

use axum::extract::Path;
use axum::response::Response;
use finance::Head;
use jiff::civil::Date;
use platform::error::FieldError;
use platform::page::{Choice, Field, Input, Ui};
use platform::web::{Posted, Routes, Visit, WebError};
use serde::Deserialize;

use super::actions::{decide, record};
use super::model::{HEADS, NewCharge};
use crate::change::actions::find_key;
use crate::change::pages::{PREVIEW, Section, Sheet, again, complaint, draw, effect, read_amount, read_reason};
use crate::loan::actions::load_within;
use crate::loan::pages::{Asked, look};
use crate::loan::why::head_message;
use crate::waiver::model::{head_name, head_of};

/// Where the form goes.
pub fn routes() -> Routes {
    Routes::new().post("/loans/{id}/charges", "loan.edit", create)
}

/// What the form sends; kept as typed until it is understood.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct ChargeForm {
    #[serde(default)]
    head: String,
    #[serde(default)]
    amount: String,
    #[serde(default)]
    due_on: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    version: String,
    #[serde(default)]
    step: String,
}

impl ChargeForm {
    /// Reads all fields, or says everything that is wrong with them at once.
    fn read(&self) -> Result<NewCharge, Vec<FieldError>> {
        let mut wrong = Vec::new();
        let head = head_of(&self.head).filter(|head| HEADS.contains(head));
        if head.is_none() {
            wrong.push(FieldError::new("head", "choice-unknown").with("text", &self.head));
        }
        let amount = read_amount(&self.amount, &mut wrong);
        let due_on = match self.due_on.trim() {
            "" => None,
            text => {
                let on = text.parse::<Date>().ok();
                if on.is_none() {
                    wrong.push(FieldError::new("due_on", "date-unreadable").with("text", text));
                }
                on
            }
        };
        let reason = read_reason(&self.reason, &mut wrong);
        match (head, amount) {
            (Some(head), Some(amount)) if wrong.is_empty() => Ok(NewCharge { head, amount, due_on, reason }),
            _ => Err(wrong),
        }
    }
}

/// The form before anything was typed.
pub fn blank(ui: &Ui) -> Sheet {
    sheet(ui, &ChargeForm { head: head_name(Head::Fee).to_owned(), ..ChargeForm::default() }, &[])
}

fn sheet(ui: &Ui, typed: &ChargeForm, wrong: &[FieldError]) -> Sheet {
    let heads = HEADS.map(|head| Choice::new(head_name(head), ui.t(head_message(head))));
    let fields = vec![
        Field::new("head", ui.t("charge-head"), Input::Radio(heads.to_vec())).value(&typed.head).required(),
        Field::new("amount", ui.t("charge-amount"), Input::Money).value(&typed.amount).required(),
        Field::new("due_on", ui.t("charge-due-on"), Input::Date).value(&typed.due_on).hint(ui.t("charge-due-hint")),
        Field::new("reason", ui.t("change-reason"), Input::Area).value(&typed.reason).required(),
    ];
    Sheet::new(ui, Section::Charge, fields, wrong).note(ui.t("charge-note"))
}

async fn create(Path(id): Path<String>, posted: Posted<ChargeForm>) -> Result<Response, WebError> {
    let (visit, typed) = (&posted.visit, &posted.form);
    let charge = match typed.read() {
        Ok(charge) => charge,
        Err(wrong) => return refuse(visit, &id, typed, &wrong).await,
    };
    if typed.step == PREVIEW {
        return try_out(visit, &id, typed, &charge).await;
    }
    let mut work = posted.begin("loan.edit").await?;
    let key = find_key(&mut work, &id).await?;
    match record(&mut work, key, typed.version.parse().ok(), &charge).await {
        Ok(_) => posted.done(work, Section::Charge.address(&id)).await,
        Err(error) => {
            drop(work);
            refuse(visit, &id, typed, &complaint(error, field_of)?).await
        }
    }
}

/// The field that a refusal is about, where it is about one.
fn field_of(code: &str) -> Option<&'static str> {
    match code {
        "amount-not-positive" | "replay.bad-amount" => Some("amount"),
        "charge-due-before" => Some("due_on"),
        _ => None,
    }
}

async fn try_out(visit: &Visit, id: &str, typed: &ChargeForm, charge: &NewCharge) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let key = find_key(&mut work, id).await?;
    let file = load_within(&mut work, key, Section::Charge.action()).await?;
    let preview = match decide(&mut work, &file, charge).await {
        Ok(trial) => effect(&ui, &trial),
        Err(error) => return refuse(visit, id, typed, &complaint(error, field_of)?).await,
    };
    let looked = look(&mut work, id, &Asked::default()).await?;
    draw(visit, &mut work, &looked, &sheet(&ui, typed, &[]).preview(Some(preview))).await
}

async fn refuse(visit: &Visit, id: &str, typed: &ChargeForm, wrong: &[FieldError]) -> Result<Response, WebError> {
    visit.complain(wrong)?;
    let mut work = visit.read().await?;
    let looked = look(&mut work, id, &Asked::default()).await?;
    let ui = visit.ui();
    again(visit, &mut work, &looked, &sheet(&ui, typed, wrong)).await
}
