//! The form of a waiver.

use axum::extract::Path;
use axum::response::Response;
use finance::Head;
use platform::error::{ActionError, FieldError};
use platform::page::{Choice, Field, Html, Input, Ui};
use platform::policies::PolicyError;
use platform::web::{Posted, Routes, Visit, WebError};
use platform::work::Work;
use serde::Deserialize;

use super::actions::{decide, request};
use super::model::{Waiver, head_name, head_of};
use super::rules;
use crate::change::actions::{find_key, policy};
use crate::change::pages::{PREVIEW, Section, Sheet, again, complaint, draw, effect, read_amount, read_reason};
use crate::loan::actions::load_within;
use crate::loan::pages::{Asked, Looked, look};
use crate::loan::why::head_message;

/// Where the form goes.
pub fn routes() -> Routes {
    Routes::new().post("/loans/{id}/waivers", "waiver.request", create)
}

/// What the form sends; kept as typed until it is understood.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct WaiverForm {
    #[serde(default)]
    head: String,
    #[serde(default)]
    amount: String,
    #[serde(default)]
    instalment: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    step: String,
}

impl WaiverForm {
    /// Reads all fields, or says everything that is wrong with them at once.
    fn read(&self) -> Result<Waiver, Vec<FieldError>> {
        let mut wrong = Vec::new();
        let head = head_of(&self.head);
        if head.is_none() {
            wrong.push(FieldError::new("head", "choice-unknown").with("text", &self.head));
        }
        let amount = read_amount(&self.amount, &mut wrong);
        let instalment = match self.instalment.trim() {
            "" => None,
            text => {
                let no = text.parse().ok();
                if no.is_none() {
                    wrong.push(FieldError::new("instalment", "choice-unknown").with("text", text));
                }
                no
            }
        };
        let reason = read_reason(&self.reason, &mut wrong);
        match (head, amount) {
            (Some(head), Some(amount)) if wrong.is_empty() => Ok(Waiver { head, amount, instalment, reason }),
            _ => Err(wrong),
        }
    }
}

/// The form before anything was typed.
pub async fn blank(work: &mut Work, ui: &Ui, looked: &Looked) -> Result<Sheet, ActionError> {
    // What is asked for most often comes first; a head of which nothing is owed is never chosen beforehand.
    const USUAL: [Head; 6] = [Head::Penalty, Head::Compound, Head::Interest, Head::Fee, Head::Cost, Head::Principal];
    let today = work.business_date;
    let heads = rules::waivable(policy(work).await?.edition(today)).map_err(PolicyError::from)?;
    let owed = |head: &Head| heads.contains(head) && rules::owed(&looked.position, *head, None).is_positive();
    let head = USUAL.into_iter().find(owed).map(head_name).unwrap_or_default().to_owned();
    let typed = WaiverForm { head, ..WaiverForm::default() };
    sheet(work, ui, looked, &typed, &[]).await
}

async fn sheet(
    work: &mut Work,
    ui: &Ui,
    looked: &Looked,
    typed: &WaiverForm,
    wrong: &[FieldError],
) -> Result<Sheet, ActionError> {
    let today = work.business_date;
    let policy = policy(work).await?;
    let heads = rules::waivable(policy.edition(today)).map_err(PolicyError::from)?;
    let owed = |head| ui.yuan(rules::owed(&looked.position, head, None));
    let heads = heads.into_iter().map(|head| {
        let text = ui.tn("waiver-head-owed", &[("head", ui.t(head_message(head))), ("owed", owed(head))]);
        Choice::new(head_name(head), text)
    });
    let open = rules::open_instalments(&looked.position).map(|i| {
        let text = ui.tn("waiver-instalment-of", &[("no", i.no.to_string()), ("on", i.due_on.to_string())]);
        Choice::new(i.no.to_string(), text)
    });
    let instalments = std::iter::once(Choice::new("", ui.t("waiver-oldest-first"))).chain(open).collect();
    let fields = vec![
        Field::new("head", ui.t("waiver-head"), Input::Radio(heads.collect())).value(&typed.head).required(),
        Field::new("amount", ui.t("waiver-amount"), Input::Money).value(&typed.amount).required(),
        Field::new("instalment", ui.t("waiver-instalment"), Input::Select(instalments)).value(&typed.instalment),
        Field::new("reason", ui.t("change-reason"), Input::Area).value(&typed.reason).required(),
    ];
    Ok(Sheet::new(ui, Section::Waiver, fields, wrong).note(ui.t("waiver-note")))
}

async fn create(Path(id): Path<String>, posted: Posted<WaiverForm>) -> Result<Response, WebError> {
    let (visit, typed) = (&posted.visit, &posted.form);
    let waiver = match typed.read() {
        Ok(waiver) => waiver,
        Err(wrong) => return refuse(visit, &id, typed, &wrong).await,
    };
    if typed.step == PREVIEW {
        return try_out(visit, &id, typed, &waiver).await;
    }
    let mut work = posted.begin("waiver.request").await?;
    let key = find_key(&mut work, &id).await?;
    match request(&mut work, key, &waiver).await {
        Ok(_) => posted.done(work, Section::Waiver.address(&id)).await,
        Err(error) => {
            drop(work);
            refuse(visit, &id, typed, &complaint(error, field_of)?).await
        }
    }
}

/// The field that a refusal is about, where it is about one.
fn field_of(code: &str) -> Option<&'static str> {
    match code {
        "amount-not-positive" | "more-than-owed" | "replay.waives-too-much" => Some("amount"),
        "head-not-waivable" => Some("head"),
        _ => None,
    }
}

async fn try_out(visit: &Visit, id: &str, typed: &WaiverForm, waiver: &Waiver) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let key = find_key(&mut work, id).await?;
    let file = load_within(&mut work, key, Section::Waiver.action()).await?;
    let preview: Html = match decide(&mut work, &file, waiver).await {
        Ok(trial) => effect(&ui, &trial),
        Err(error) => return refuse(visit, id, typed, &complaint(error, field_of)?).await,
    };
    let looked = look(&mut work, id, &Asked::default()).await?;
    let sheet = sheet(&mut work, &ui, &looked, typed, &[]).await?.preview(Some(preview));
    draw(visit, &mut work, &looked, &sheet).await
}

async fn refuse(visit: &Visit, id: &str, typed: &WaiverForm, wrong: &[FieldError]) -> Result<Response, WebError> {
    visit.complain(wrong)?;
    let mut work = visit.read().await?;
    let looked = look(&mut work, id, &Asked::default()).await?;
    let sheet = sheet(&mut work, &visit.ui(), &looked, typed, wrong).await?;
    again(visit, &mut work, &looked, &sheet).await
}
