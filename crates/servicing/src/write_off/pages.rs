//! The form of a write-off.

use axum::extract::Path;
use axum::response::Response;
use platform::error::{ActionError, FieldError};
use platform::page::{Field, Input, Ui};
use platform::web::{Posted, Routes, Visit, WebError};
use platform::work::Work;
use serde::Deserialize;

use super::actions::{conditions, decide, request};
use crate::change::actions::find_key;
use crate::change::pages::{PREVIEW, Section, Sheet, again, complaint, draw, effect, read_reason};
use crate::loan::actions::load_within;
use crate::loan::pages::{Asked, Looked, look};

/// Where the form goes.
pub fn routes() -> Routes {
    Routes::new().post("/loans/{id}/write-offs", "write_off.request", create)
}

/// What the form sends; kept as typed until it is understood.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct WriteOffForm {
    #[serde(default)]
    reason: String,
    #[serde(default)]
    step: String,
}

impl WriteOffForm {
    fn read(&self) -> Result<String, Vec<FieldError>> {
        let mut wrong = Vec::new();
        let reason = read_reason(&self.reason, &mut wrong);
        if wrong.is_empty() { Ok(reason) } else { Err(wrong) }
    }
}

/// The form before anything was typed.
pub async fn blank(work: &mut Work, ui: &Ui, looked: &Looked) -> Result<Sheet, ActionError> {
    sheet(work, ui, looked, &WriteOffForm::default(), &[]).await
}

async fn sheet(
    work: &mut Work,
    ui: &Ui,
    looked: &Looked,
    typed: &WriteOffForm,
    wrong: &[FieldError],
) -> Result<Sheet, ActionError> {
    let conditions = conditions(work).await?;
    let class = |id: &str| ui.t(format!("write-off-class-{}", id.replace('_', "-")));
    let note = ui.tn(
        "write-off-note",
        &[
            ("class", class(&conditions.class)),
            ("days", conditions.days.to_string()),
            ("is_class", class(&looked.kept.grade.class)),
            ("is_days", looked.position.days_overdue.to_string()),
        ],
    );
    let fields = vec![Field::new("reason", ui.t("change-reason"), Input::Area).value(&typed.reason).required()];
    Ok(Sheet::new(ui, Section::WriteOff, fields, wrong).note(note))
}

async fn create(Path(id): Path<String>, posted: Posted<WriteOffForm>) -> Result<Response, WebError> {
    let (visit, typed) = (&posted.visit, &posted.form);
    let reason = match typed.read() {
        Ok(reason) => reason,
        Err(wrong) => return refuse(visit, &id, typed, &wrong).await,
    };
    if typed.step == PREVIEW {
        return try_out(visit, &id, typed, &reason).await;
    }
    let mut work = posted.begin("write_off.request").await?;
    let key = find_key(&mut work, &id).await?;
    match request(&mut work, key, &reason).await {
        Ok(_) => posted.done(work, Section::WriteOff.address(&id)).await,
        Err(error) => {
            drop(work);
            refuse(visit, &id, typed, &complaint(error, field_of)?).await
        }
    }
}

/// The conditions stand above the one field, so that what is missing is said there with what was typed.
fn field_of(code: &str) -> Option<&'static str> {
    (code == "write-off-not-met").then_some("reason")
}

async fn try_out(visit: &Visit, id: &str, typed: &WriteOffForm, reason: &str) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let key = find_key(&mut work, id).await?;
    let file = load_within(&mut work, key, Section::WriteOff.action()).await?;
    let preview = match decide(&mut work, &file, reason).await {
        Ok((_, trial)) => {
            let mut out = effect(&ui, &trial);
            out.raw("<p class=\"panel-body muted\">").text(ui.t("write-off-tracked")).raw("</p>");
            out
        }
        Err(error) => return refuse(visit, id, typed, &complaint(error, field_of)?).await,
    };
    let looked = look(&mut work, id, &Asked::default()).await?;
    let sheet = sheet(&mut work, &ui, &looked, typed, &[]).await?.preview(Some(preview));
    draw(visit, &mut work, &looked, &sheet).await
}

async fn refuse(visit: &Visit, id: &str, typed: &WriteOffForm, wrong: &[FieldError]) -> Result<Response, WebError> {
    visit.complain(wrong)?;
    let mut work = visit.read().await?;
    let looked = look(&mut work, id, &Asked::default()).await?;
    let sheet = sheet(&mut work, &visit.ui(), &looked, typed, wrong).await?;
    again(visit, &mut work, &looked, &sheet).await
}
