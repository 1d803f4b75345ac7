//! The page of a loan's changes: one form each, what waits for approval, what came of it.

use askama::Template;
use axum::extract::{Path, Query};
use axum::response::Response;
use platform::error::{ActionError, FieldError};
use platform::page::{Button, Field, Html, Look, Page, Tab, Ui};
use platform::web::{Routes, Visit, WebError};
use platform::work::Work;
use serde::Deserialize;

use super::actions::approvals_of;
use super::form::ChangeForm;
use super::view;
pub use super::view::{ahead_effect, due_effect, effect, schedule_effect};
use crate::acceleration::pages::AccelerationForm;
use crate::loan::model::Seen;
use crate::loan::pages::{Asked, Looked, look};
use crate::rate_change::pages::RateChangeForm;
use crate::write_off::pages::WriteOffForm;
use crate::{charge, extension, misuse, restructuring, suspension, waiver};

/// What the button that only tries out submits as `step`.
pub const PREVIEW: &str = "preview";

/// The forms of the page (变更种类).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    /// 减免.
    Waiver,
    /// 展期.
    Extension,
    /// 利率调整.
    RateChange,
    /// 重组.
    Restructuring,
    /// 停息.
    Suspension,
    /// 挪用.
    Misuse,
    /// 提前到期.
    Acceleration,
    /// 核销.
    WriteOff,
    /// 收费.
    Charge,
}

impl Section {
    const ALL: [Self; 9] = [
        Self::Waiver,
        Self::Extension,
        Self::RateChange,
        Self::Restructuring,
        Self::Suspension,
        Self::Misuse,
        Self::Acceleration,
        Self::WriteOff,
        Self::Charge,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Waiver => "waiver",
            Self::Extension => "extension",
            Self::RateChange => "rate-change",
            Self::Restructuring => "restructuring",
            Self::Suspension => "suspension",
            Self::Misuse => "misuse",
            Self::Acceleration => "acceleration",
            Self::WriteOff => "write-off",
            Self::Charge => "charge",
        }
    }

    /// The action that its form asks for.
    pub const fn action(self) -> &'static str {
        match self {
            Self::Waiver => "waiver.request",
            Self::Extension => "extension.request",
            Self::RateChange => "rate_change.request",
            Self::Restructuring => "restructure.request",
            Self::Suspension => "suspension.request",
            Self::Misuse => "misuse.request",
            Self::Acceleration => "acceleration.request",
            Self::WriteOff => "write_off.request",
            Self::Charge => "loan.edit",
        }
    }

    /// Where it is shown.
    pub fn address(self, id: &str) -> String {
        format!("/loans/{id}/changes?tab={}", self.name())
    }

    /// Where its form goes.
    fn target(self, id: &str) -> String {
        format!("/loans/{id}/{}s", self.name())
    }
}

/// One form of the page as it is drawn (变更表单).
#[derive(Debug, Clone)]
pub struct Sheet {
    /// Which.
    pub section: Section,
    /// The fields with what was typed.
    pub fields: Vec<Field>,
    /// What must be known before filling it in.
    pub note: Html,
    /// What it would do, once it was tried out.
    pub preview: Option<Html>,
}

impl Sheet {
    /// A form with these fields and what is wrong with them.
    pub fn new(ui: &Ui, section: Section, mut fields: Vec<Field>, wrong: &[FieldError]) -> Self {
        crate::error::mark(ui, &mut fields, wrong);
        Self { section, fields, note: Html::new(), preview: None }
    }

    /// With what it would do.
    #[must_use]
    pub fn preview(mut self, preview: Option<Html>) -> Self {
        self.preview = preview;
        self
    }

    /// With what must be known before filling it in.
    #[must_use]
    pub fn note(mut self, text: impl AsRef<str>) -> Self {
        self.note.raw("<p class=\"panel-body muted\">").text(text.as_ref()).raw("</p>");
        self
    }
}

/// The page of changes.
pub fn routes() -> Routes {
    Routes::new().get("/loans/{id}/changes", "loan.view", show)
}

#[derive(Debug, Default, Deserialize)]
struct AskedSection {
    #[serde(default)]
    tab: String,
}

async fn show(visit: Visit, Path(id): Path<String>, Query(asked): Query<AskedSection>) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let looked = look(&mut work, &id, &Asked::default()).await?;
    let section = Section::ALL
        .into_iter()
        .find(|section| section.name() == asked.tab)
        .or_else(|| Section::ALL.into_iter().find(|section| visit.may(section.action())))
        .unwrap_or(Section::Waiver);
    let sheet = match section {
        Section::Waiver => waiver::pages::blank(&mut work, &ui, &looked).await?,
        Section::Extension => extension::pages::blank(&mut work, &ui, &looked).await?,
        Section::RateChange => unfilled::<RateChangeForm>(&mut work, &ui, &looked).await?,
        Section::Restructuring => restructuring::pages::blank(&mut work, &ui, &looked).await?,
        Section::Suspension => suspension::pages::blank(&mut work, &ui, &looked).await?,
        Section::Misuse => misuse::pages::blank(&mut work, &ui, &looked).await?,
        Section::Acceleration => unfilled::<AccelerationForm>(&mut work, &ui, &looked).await?,
        Section::WriteOff => unfilled::<WriteOffForm>(&mut work, &ui, &looked).await?,
        Section::Charge => charge::pages::blank(&mut work, &ui, &looked).await?,
    };
    draw(&visit, &mut work, &looked, &sheet).await
}

/// A form in which nothing is chosen beforehand.
async fn unfilled<F: ChangeForm + Default>(work: &mut Work, ui: &Ui, looked: &Looked) -> Result<Sheet, ActionError> {
    F::default().sheet(work, ui, looked, &[]).await
}

#[derive(Template)]
#[template(path = "change/show.html")]
struct ShowBody {
    ui: Ui,
    tabs: Html,
    form: Option<FormPart>,
    refused: String,
    approvals: Html,
    history: Html,
}

struct FormPart {
    action: String,
    keep: String,
    guard: Html,
    version: Seen,
    title: String,
    note: Html,
    summary: Html,
    fields: Vec<Html>,
    buttons: Html,
    preview: Option<Html>,
}

/// Draws the page around one form.
pub async fn draw(visit: &Visit, work: &mut Work, looked: &Looked, sheet: &Sheet) -> Result<Response, WebError> {
    if let Some(checked) = sheet.preview.as_ref().and_then(|_| visit.checked()) {
        return Ok(checked);
    }
    let ui = visit.ui();
    let id = looked.file.loan.key.loan.to_string();
    let tabs = Section::ALL.map(|section| Tab {
        text: ui.t(format!("change-{}", section.name())),
        href: section.address(&id),
        active: section == sheet.section,
        ..Tab::default()
    });
    let approvals = approvals_of(work, looked.file.loan.key).await?;
    let body = ShowBody {
        tabs: ui.tabs(tabs),
        form: visit.may(sheet.section.action()).then(|| form(visit, &ui, looked, sheet)),
        refused: ui.t("change-not-yours"),
        approvals: view::approvals(&ui, &approvals),
        history: view::history(&ui, looked),
        ui: ui.clone(),
    };
    let back = Button::link(Look::Secondary, ui.t("back-to-loan"), format!("/loans/{id}"));
    let page = Page::new(ui.t1("change-title", "number", &looked.file.loan.number), "loans")
        .subtitle(&looked.customer)
        .actions(ui.button(back));
    visit.page(&page, &body)
}

fn form(visit: &Visit, ui: &Ui, looked: &Looked, sheet: &Sheet) -> FormPart {
    let name = sheet.section.name();
    let try_out =
        Button::submit(if sheet.preview.is_some() { Look::Secondary } else { Look::Primary }, ui.t("change-try"))
            .submits("step", PREVIEW)
            .tries();
    let mut buttons = vec![try_out];
    // Only what was seen in money can be sent off from the page.
    if sheet.preview.is_some() {
        let verb = if sheet.section == Section::Charge { "charge-record" } else { "change-submit" };
        buttons.push(Button::submit(Look::Primary, ui.t(verb)).submits("step", "submit"));
    }
    FormPart {
        action: sheet.section.target(&looked.file.loan.key.loan.to_string()),
        keep: format!("change-{name}"),
        guard: ui.guard(visit.guard()),
        version: looked.seen,
        title: ui.t(format!("change-{name}")),
        note: sheet.note.clone(),
        summary: ui.error_summary(&sheet.fields),
        fields: sheet.fields.iter().map(|field| ui.field(field)).collect(),
        buttons: ui.buttons(buttons),
        preview: sheet.preview.clone(),
    }
}

/// The page again, as an answer to a form with something wrong in it.
pub async fn again(visit: &Visit, work: &mut Work, looked: &Looked, sheet: &Sheet) -> Result<Response, WebError> {
    let mut response = draw(visit, work, looked, sheet).await?;
    *response.status_mut() = axum::http::StatusCode::UNPROCESSABLE_ENTITY;
    Ok(response)
}

/// A refusal that is about one field, as that field's complaint; any other is answered as it is.
pub fn complaint(
    error: ActionError,
    field_of: fn(&str) -> Option<&'static str>,
) -> Result<Vec<FieldError>, ActionError> {
    match error {
        ActionError::Refused(refused) => match field_of(refused.code) {
            Some(field) => Ok(vec![FieldError { field, code: refused.code, details: refused.details }]),
            None => Err(ActionError::Refused(refused)),
        },
        other @ (ActionError::Store(_) | ActionError::Internal(_)) => Err(other),
    }
}

/// Reads the reason, which every change needs.
pub fn read_reason(text: &str, wrong: &mut Vec<FieldError>) -> String {
    let reason = text.trim();
    if reason.is_empty() {
        wrong.push(FieldError::new("reason", "reason-missing"));
    }
    reason.to_owned()
}

/// Reads a yearly rate in percent; nothing where nothing was typed.
pub fn read_rate(text: &str, wrong: &mut Vec<FieldError>) -> Option<finance::Rate> {
    let percent = text.trim().trim_end_matches(['%', '％']).trim();
    if percent.is_empty() {
        return None;
    }
    let rate = format!("{percent}%/year").parse().ok();
    if rate.is_none() {
        wrong.push(FieldError::new("rate", "rate-unreadable").with("text", text));
    }
    rate
}

/// Reads an amount above zero.
pub fn read_amount(text: &str, wrong: &mut Vec<FieldError>) -> Option<finance::Fen> {
    match text.trim().parse::<finance::Fen>() {
        Ok(amount) if amount.is_positive() => Some(amount),
        Ok(amount) => {
            wrong.push(FieldError::new("amount", "amount-not-positive").with("amount", amount));
            None
        }
        Err(_) => {
            wrong.push(FieldError::new("amount", "amount-unreadable").with("text", text));
            None
        }
    }
}
