//! The form of an extension.

use finance::ExtensionScope;
use jiff::civil::Date;
use platform::error::{ActionError, FieldError};
use platform::page::{Choice, Field, Html, Icon, Input, Tone, Ui};
use platform::policies::PolicyError;
use platform::web::Routes;
use platform::work::Work;
use serde::Deserialize;

use super::actions::{ExtensionTrial, decide, request};
use super::model::ExtensionWish;
use super::rules;
use crate::change::actions::policy;
use crate::change::form::{ChangeForm, create};
use crate::change::pages::{Section, Sheet, read_rate, read_reason, schedule_effect};
use crate::loan::model::{LoanFile, LoanKey};
use crate::loan::pages::Looked;

/// Where the form goes.
pub fn routes() -> Routes {
    Routes::new().post("/loans/{id}/extensions", "extension.request", create::<ExtensionForm>)
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

/// The form before anything was typed.
pub async fn blank(work: &mut Work, ui: &Ui, looked: &Looked) -> Result<Sheet, ActionError> {
    let typed = ExtensionForm { scope: "last-instalment".to_owned(), ..ExtensionForm::default() };
    typed.sheet(work, ui, looked, &[]).await
}

impl ChangeForm for ExtensionForm {
    type Wish = ExtensionWish;
    const SECTION: Section = Section::Extension;

    fn step(&self) -> &str {
        &self.step
    }

    fn reason(&mut self) -> &mut String {
        &mut self.reason
    }

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
        let rate = read_rate(&self.rate, &mut wrong);
        let reason = read_reason(&self.reason, &mut wrong);
        match (until, scope) {
            (Some(until), Some(scope)) if wrong.is_empty() => Ok(ExtensionWish { until, scope, rate, reason }),
            _ => Err(wrong),
        }
    }

    async fn sheet(
        &self,
        work: &mut Work,
        ui: &Ui,
        looked: &Looked,
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
            Field::new("until", ui.t("extension-until"), Input::Date).value(&self.until).required(),
            Field::new("scope", ui.t("extension-scope"), Input::Radio(scopes.to_vec())).value(&self.scope).required(),
            Field::new("rate", ui.t("extension-rate"), Input::Number).value(&self.rate).hint(ui.t1(
                "extension-rate-hint",
                "rate",
                now,
            )),
            Field::new("reason", ui.t("change-reason"), Input::Area).value(&self.reason).required(),
        ];
        Ok(Sheet::new(ui, Section::Extension, fields, wrong).note(note))
    }

    async fn try_out(work: &mut Work, ui: &Ui, file: &LoanFile, wish: &ExtensionWish) -> Result<Html, ActionError> {
        Ok(preview(ui, &decide(work, file, wish).await?))
    }

    async fn submit(&self, work: &mut Work, key: LoanKey, wish: &ExtensionWish) -> Result<(), ActionError> {
        request(work, key, wish).await.map(drop)
    }

    fn field_of(code: &str) -> Option<&'static str> {
        match code {
            "extension-not-later" | "extension-too-long" | "replay.not-later" => Some("until"),
            "rate-above-cap" | "terms.rate-out-of-range" => Some("rate"),
            _ => None,
        }
    }
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
