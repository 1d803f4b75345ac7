//! The form of a restructuring.

use jiff::civil::Date;
use platform::error::{ActionError, FieldError};
use platform::page::{Choice, Field, Html, Input, Ui};
use platform::web::Routes;
use platform::work::Work;
use serde::Deserialize;

use super::model::{NewMethod, Restructuring};
use crate::change::agreement::{decide, request};
use crate::change::form::{ChangeForm, create};
use crate::change::pages::{Section, Sheet, read_rate, read_reason, schedule_effect};
use crate::loan::model::{LoanFile, LoanKey};
use crate::loan::pages::Looked;

/// Where the form goes.
pub fn routes() -> Routes {
    Routes::new().post("/loans/{id}/restructurings", Section::Restructuring.action(), create::<RestructuringForm>)
}

/// What the form sends; kept as typed until it is understood.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct RestructuringForm {
    #[serde(default)]
    method: String,
    #[serde(default)]
    periods: String,
    #[serde(default)]
    first_due_on: String,
    #[serde(default)]
    rate: String,
    #[serde(default)]
    unpaid: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    step: String,
}

const METHODS: [(&str, NewMethod); 4] = [
    ("equal-instalment", NewMethod::EqualInstalment),
    ("equal-principal", NewMethod::EqualPrincipal),
    ("interest-only", NewMethod::InterestOnly),
    ("bullet", NewMethod::Bullet),
];

/// What becomes of unpaid interest: stays due, or becomes principal.
const UNPAID: [(&str, bool); 2] = [("due", false), ("capitalised", true)];

/// The form before anything was typed.
pub async fn blank(work: &mut Work, ui: &Ui, looked: &Looked) -> Result<Sheet, ActionError> {
    let (method, unpaid) = (METHODS[0].0.to_owned(), UNPAID[0].0.to_owned());
    let typed = RestructuringForm { method, unpaid, ..RestructuringForm::default() };
    typed.sheet(work, ui, looked, &[]).await
}

impl ChangeForm for RestructuringForm {
    type Wish = Restructuring;
    const SECTION: Section = Section::Restructuring;

    fn step(&self) -> &str {
        &self.step
    }

    fn reason(&mut self) -> &mut String {
        &mut self.reason
    }

    fn read(&self) -> Result<Restructuring, Vec<FieldError>> {
        let mut wrong = Vec::new();
        let method = METHODS.iter().find(|(name, _)| *name == self.method).map(|(_, method)| *method);
        if method.is_none() {
            wrong.push(FieldError::new("method", "choice-unknown").with("text", &self.method));
        }
        let periods = self.periods.trim().parse::<u32>().ok().filter(|periods| *periods > 0);
        if periods.is_none() {
            wrong.push(FieldError::new("periods", "periods-unreadable").with("text", &self.periods));
        }
        let first_due_on = match self.first_due_on.trim() {
            "" => None,
            text => {
                let on = text.parse::<Date>().ok();
                if on.is_none() {
                    wrong.push(FieldError::new("first_due_on", "date-unreadable").with("text", text));
                }
                on
            }
        };
        let unpaid = UNPAID.iter().find(|(name, _)| *name == self.unpaid).map(|(_, capitalise)| *capitalise);
        if unpaid.is_none() {
            wrong.push(FieldError::new("unpaid", "choice-unknown").with("text", &self.unpaid));
        }
        let rate = read_rate(&self.rate, &mut wrong);
        let reason = read_reason(&self.reason, &mut wrong);
        match (method, periods, unpaid) {
            (Some(method), Some(periods), Some(capitalise)) if wrong.is_empty() => {
                Ok(Restructuring { method, periods, first_due_on, rate, capitalise, reason })
            }
            _ => Err(wrong),
        }
    }

    async fn sheet(&self, _: &mut Work, ui: &Ui, looked: &Looked, wrong: &[FieldError]) -> Result<Sheet, ActionError> {
        let methods = METHODS.map(|(name, _)| Choice::new(name, ui.t(format!("method-{name}"))));
        let unpaid = UNPAID.map(|(name, _)| Choice::new(name, ui.t(format!("restructuring-unpaid-{name}"))));
        let now = platform::locale::rate_percent(looked.position.yearly_e9);
        let fields = vec![
            Field::new("method", ui.t("restructuring-method"), Input::Select(methods.to_vec()))
                .value(&self.method)
                .required(),
            Field::new("periods", ui.t("restructuring-periods"), Input::Number).value(&self.periods).required(),
            Field::new("first_due_on", ui.t("restructuring-first-due-on"), Input::Date)
                .value(&self.first_due_on)
                .hint(ui.t("restructuring-first-due-hint")),
            Field::new("rate", ui.t("extension-rate"), Input::Number).value(&self.rate).hint(ui.t1(
                "extension-rate-hint",
                "rate",
                now,
            )),
            Field::new("unpaid", ui.t("restructuring-unpaid"), Input::Radio(unpaid.to_vec()))
                .value(&self.unpaid)
                .required(),
            Field::new("reason", ui.t("change-reason"), Input::Area).value(&self.reason).required(),
        ];
        Ok(Sheet::new(ui, Section::Restructuring, fields, wrong).note(ui.t("restructuring-note")))
    }

    async fn try_out(work: &mut Work, ui: &Ui, file: &LoanFile, wish: &Restructuring) -> Result<Html, ActionError> {
        Ok(schedule_effect(ui, &decide(work, file, wish).await?))
    }

    async fn submit(&self, work: &mut Work, key: LoanKey, wish: &Restructuring) -> Result<(), ActionError> {
        request(work, key, wish).await.map(drop)
    }

    fn field_of(code: &str) -> Option<&'static str> {
        match code {
            "first-due-not-later" => Some("first_due_on"),
            "rate-above-cap" | "terms.rate-out-of-range" => Some("rate"),
            "terms.too-many-periods" => Some("periods"),
            _ => None,
        }
    }
}
