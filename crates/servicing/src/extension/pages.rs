//! The form of an extension.

use axum::extract::Path;
use axum::response::Response;
use finance::{ExtensionScope, Rate};
use jiff::civil::Date;
use platform::error::{ActionError, FieldError};
use platform::page::{Choice, Field, Html, Icon, Input, Tone, Ui};
use platform::policies::PolicyError;
use platform::web::{Posted, Routes, Visit, WebError};
use platform::work::Work;
use serde::Deserialize;

use super::actions::{ExtensionTrial, decide, request};
use super::model::ExtensionWish;
use super::rules;
use crate::change::actions::{find_key, policy};
use crate::change::pages::{PREVIEW, Section, Sheet, again, complaint, draw, read_reason, schedule_effect};
use crate::loan::actions::load_within;
use crate::loan::pages::{Asked, Looked, look};

/// Where the form goes.
pub fn routes() -> Routes {
    Routes::new().post("/loans/{id}/extensions", "extension.request", create)
}

/// What the form sends; kept as typed until it is understood.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct ExtensionForm {
    #[serde(default)]
    until: String,
    #[serde(default)]
    scope: String,
    #[serde(default)]
    rate: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    step: String,
}

const SCOPES: [(&str, ExtensionScope); 2] =
    [("last-instalment", ExtensionScope::LastInstalment), ("remaining", ExtensionScope::Remaining)];

impl ExtensionForm {
    /// Reads all fields, or says everything that is wrong with them at once.
    fn read(&self) -> Result<ExtensionWish, Vec<FieldError>> {
        let mut wrong = Vec::new();
        let until = self.until.trim().parse::<Date>().ok();
        if until.is_none() {
            wrong.push(FieldError::new("until", "date-unreadable").with("text", &self.until));
        }
        let scope = SCOPES.iter().find(|(name, _)| *name == self.scope).map(|(_, scope)| *scope);
        if scope.is_none() {
            wrong.push(FieldError::new("scope", "choice-unknown").with("text", &self.scope));
        }
        let rate = match self.rate.trim().trim_end_matches(['%', '％']).trim() {
            "" => None,
            text => {
                let rate = format!("{text}%/year").parse::<Rate>().ok();
                if rate.is_none() {
                    wrong.push(FieldError::new("rate", "rate-unreadable").with("text", &self.rate));
                }
                rate
            }
        };
        let reason = read_reason(&self.reason, &mut wrong);
        match (until, scope) {
            (Some(until), Some(scope)) if wrong.is_empty() => Ok(ExtensionWish { until, scope, rate, reason }),
            _ => Err(wrong),
        }
    }
}

/// The form before anything was typed.
pub async fn blank(work: &mut Work, ui: &Ui, looked: &Looked) -> Result<Sheet, ActionError> {
    let typed = ExtensionForm { scope: "last-instalment".to_owned(), ..ExtensionForm::default() };
    sheet(work, ui, looked, &typed, &[]).await
}

async fn sheet(
    work: &mut Work,
    ui: &Ui,
    looked: &Looked,
    typed: &ExtensionForm,
    wrong: &[FieldError],
) -> Result<Sheet, ActionError> {
    let today = work.business_date;
    let policy = policy(work).await?;
    let days = policy.edition(today).integer("extension_filing_days_before").map_err(PolicyError::from)?;
    let maturity = looked.position.maturity_on;
    let until = rules::file_until(maturity, days).unwrap_or(maturity);
    let note = ui.tn("extension-note", &[("maturity", maturity.to_string()), ("until", until.to_string())]);
    let scopes = SCOPES.map(|(name, _)| Choice::new(name, ui.t(format!("extension-scope-{name}"))));
    let now = platform::locale::rate_percent(looked.position.yearly_e9);
    let fields = vec![
        Field::new("until", ui.t("extension-until"), Input::Date).value(&typed.until).required(),
        Field::new("scope", ui.t("extension-scope"), Input::Radio(scopes.to_vec())).value(&typed.scope).required(),
        Field::new("rate", ui.t("extension-rate"), Input::Number).value(&typed.rate).hint(ui.t1(
            "extension-rate-hint",
            "rate",
            now,
        )),
        Field::new("reason", ui.t("change-reason"), Input::Area).value(&typed.reason).required(),
    ];
    Ok(Sheet::new(ui, Section::Extension, fields, wrong).note(note))
}

async fn create(Path(id): Path<String>, posted: Posted<ExtensionForm>) -> Result<Response, WebError> {
    let (visit, typed) = (&posted.visit, &posted.form);
    let wish = match typed.read() {
        Ok(wish) => wish,
        Err(wrong) => return refuse(visit, &id, typed, &wrong).await,
    };
    if typed.step == PREVIEW {
        return try_out(visit, &id, typed, &wish).await;
    }
    let mut work = posted.begin("extension.request").await?;
    let key = find_key(&mut work, &id).await?;
    match request(&mut work, key, &wish).await {
        Ok(_) => posted.done(work, Section::Extension.address(&id)).await,
        Err(error) => {
            drop(work);
            refuse(visit, &id, typed, &complaint(error, field_of)?).await
        }
    }
}

/// The field that a refusal is about, where it is about one.
fn field_of(code: &str) -> Option<&'static str> {
    match code {
        "extension-not-later" | "extension-too-long" | "replay.not-later" => Some("until"),
        "rate-above-cap" | "terms.rate-out-of-range" => Some("rate"),
        _ => None,
    }
}

async fn try_out(visit: &Visit, id: &str, typed: &ExtensionForm, wish: &ExtensionWish) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let key = find_key(&mut work, id).await?;
    let file = load_within(&mut work, key, Section::Extension.action()).await?;
    let preview = match decide(&mut work, &file, wish).await {
        Ok(tried) => preview(&ui, &tried),
        Err(error) => return refuse(visit, id, typed, &complaint(error, field_of)?).await,
    };
    let looked = look(&mut work, id, &Asked::default()).await?;
    let sheet = sheet(&mut work, &ui, &looked, typed, &[]).await?.preview(Some(preview));
    draw(visit, &mut work, &looked, &sheet).await
}

/// The schedule that would follow, the limit, and whether it is applied for in time.
fn preview(ui: &Ui, tried: &ExtensionTrial) -> Html {
    let mut out = Html::new();
    if let Some(until) = tried.late_since {
        let text = Html::of_text(ui.t1("extension-late", "until", until));
        out.push(&ui.note(Tone::Watch, Icon::AlertTriangle, text));
    }
    if let Some(latest) = tried.latest {
        out.raw("<p class=\"panel-body muted\">").text(ui.t1("extension-latest", "latest", latest)).raw("</p>");
    }
    out.push(&schedule_effect(ui, &tried.trial));
    out
}

async fn refuse(visit: &Visit, id: &str, typed: &ExtensionForm, wrong: &[FieldError]) -> Result<Response, WebError> {
    visit.complain(wrong)?;
    let mut work = visit.read().await?;
    let looked = look(&mut work, id, &Asked::default()).await?;
    let sheet = sheet(&mut work, &visit.ui(), &looked, typed, wrong).await?;
    again(visit, &mut work, &looked, &sheet).await
}
