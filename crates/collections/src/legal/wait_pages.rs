//! The part of the legal page about the suit that is not filed yet: the reasons recorded, and the form of another.

use axum::extract::Path;
use axum::response::Response;
use platform::error::{ActionError, FieldError, Refused};
use platform::locale::Lang;
use platform::page::{Button, Choice, Field, Html, Icon, Input, Look, Side, Table, Ui};
use platform::policies::InForce;
use platform::web::{Posted, Routes, Visit, WebError};
use serde::Deserialize;

use super::actions::Picture;
use super::model::LegalFile;
use super::pages::{MeansForm, finish, form_head};
use super::wait::{self, NewWait};
use crate::LEGAL_MANAGE;
use crate::limitation::actions::find_key;

/// Recording a reason.
pub(super) fn routes() -> Routes {
    Routes::new().post("/loans/{id}/legal/wait", LEGAL_MANAGE, record)
}

/// What the form sends.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct WaitForm {
    reason: String,
    note: String,
    until: String,
    version: String,
}

impl WaitForm {
    fn read(&self) -> Result<NewWait, Refused> {
        let until =
            self.until.trim().parse().map_err(|_| {
                Refused::form(vec![FieldError::new("until", "date-unreadable").with("text", &self.until)])
            })?;
        Ok(NewWait { reason: self.reason.trim().to_owned(), note: self.note.trim().to_owned(), until })
    }
}

async fn record(Path(id): Path<String>, posted: Posted<WaitForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("legal.wait").await?;
    let key = find_key(&mut work, &id).await?;
    let done: Result<(), ActionError> = match posted.form.read() {
        Ok(new) => wait::record(&mut work, key, posted.form.version.parse().unwrap_or(0), &new).await,
        Err(refused) => Err(refused.into()),
    };
    finish(&posted, work, &id, done, &MeansForm::default()).await
}

/// What the policy calls a reason.
fn reason_title(ui: &Ui, policy: &InForce, reason: &str) -> String {
    let found = policy.pack().outcome("suit_wait", reason);
    found.map_or_else(|| reason.to_owned(), |known| known.title.in_language(ui.lang() == Lang::En).to_owned())
}

/// The reasons recorded, and the form where another may be.
pub(super) fn panel(
    visit: &Visit,
    ui: &Ui,
    (now, policy): (&Picture, &InForce),
    open: Option<&LegalFile>,
) -> Result<Html, ActionError> {
    let mut out = Html::new();
    if now.waits.is_empty() {
        out.raw("<p>").text(ui.t("legal-wait-none")).raw("</p>");
    } else {
        let heads = ["limitation-on", "legal-wait-reason", "legal-wait-note", "legal-wait-until", "legal-wait-by"];
        let mut table = Table::new(ui.t("legal-wait"), heads.map(|head| (ui.t(head), Side::Left)));
        for one in &now.waits {
            table.row([
                ui.date(one.on),
                Html::of_text(reason_title(ui, policy, &one.said.reason)),
                Html::of_text(&one.said.note),
                ui.date(one.said.until),
                Html::of_text(&one.by),
            ]);
        }
        out.push(&ui.table(table));
    }
    out.raw("<p>").push(&ui.rule("legal.suit-wait")).raw("</p>");
    let Some(file) = open else { return Ok(out) };
    let choices = wait::reasons(policy.edition(ui.business_date))?;
    let choices = choices.into_iter().map(|reason| {
        let title = reason_title(ui, policy, &reason);
        Choice::new(reason, title)
    });
    out.raw("<details><summary>").text(ui.t("legal-wait-record")).raw("</summary>");
    form_head(&mut out, visit, ui, &format!("/loans/{}/legal/wait", now.loan.loan.key.loan), Some(file));
    let fields = [
        Field::new("reason", ui.t("legal-wait-reason"), Input::Select(choices.collect())).required(),
        Field::new("note", ui.t("legal-wait-note"), Input::Text).hint(ui.t("legal-wait-hint")).required(),
        Field::new("until", ui.t("legal-wait-until"), Input::Date).required(),
    ];
    for field in fields {
        out.push(&ui.field(field));
    }
    let button = Button::submit(Look::Secondary, ui.t("legal-wait-record")).icon(Icon::Clock);
    out.push(&ui.button(button)).raw("</form></details>");
    Ok(out)
}
