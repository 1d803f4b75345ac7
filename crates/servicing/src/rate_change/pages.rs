//! The form of a change of rate.

use platform::error::{ActionError, FieldError};
use platform::page::{Field, Html, Input, Ui};
use platform::web::Routes;
use platform::work::Work;
use serde::Deserialize;

use super::model::RateChange;
use crate::change::agreement::{decide, request};
use crate::change::form::{ChangeForm, create};
use crate::change::pages::{Section, Sheet, read_rate, read_reason, schedule_effect};
use crate::loan::model::{LoanFile, LoanKey};
use crate::loan::pages::Looked;

/// Where the form goes.
pub fn routes() -> Routes {
    Routes::new().post("/loans/{id}/rate-changes", Section::RateChange.action(), create::<RateChangeForm>)
}

/// What the form sends; kept as typed until it is understood.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct RateChangeForm {
    #[serde(default)]
    rate: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    step: String,
}

impl ChangeForm for RateChangeForm {
    type Wish = RateChange;
    const SECTION: Section = Section::RateChange;

    fn step(&self) -> &str {
        &self.step
    }

    fn reason(&mut self) -> &mut String {
        &mut self.reason
    }

    fn read(&self) -> Result<RateChange, Vec<FieldError>> {
        let mut wrong = Vec::new();
        let rate = read_rate(&self.rate, &mut wrong);
        if rate.is_none() && wrong.is_empty() {
            wrong.push(FieldError::new("rate", "rate-unreadable").with("text", &self.rate));
        }
        let reason = read_reason(&self.reason, &mut wrong);
        match rate {
            Some(rate) if wrong.is_empty() => Ok(RateChange { rate, reason }),
            _ => Err(wrong),
        }
    }

    async fn sheet(&self, _: &mut Work, ui: &Ui, looked: &Looked, wrong: &[FieldError]) -> Result<Sheet, ActionError> {
        let now = platform::locale::rate_percent(looked.position.yearly_e9);
        let fields = vec![
            Field::new("rate", ui.t("rate-change-rate"), Input::Number).value(&self.rate).required(),
            Field::new("reason", ui.t("change-reason"), Input::Area).value(&self.reason).required(),
        ];
        Ok(Sheet::new(ui, Section::RateChange, fields, wrong).note(ui.t1("rate-change-note", "rate", now)))
    }

    async fn try_out(work: &mut Work, ui: &Ui, file: &LoanFile, wish: &RateChange) -> Result<Html, ActionError> {
        Ok(schedule_effect(ui, &decide(work, file, wish).await?))
    }

    async fn submit(&self, work: &mut Work, key: LoanKey, wish: &RateChange) -> Result<(), ActionError> {
        request(work, key, wish).await.map(drop)
    }

    fn field_of(code: &str) -> Option<&'static str> {
        matches!(code, "rate-same" | "rate-above-cap" | "terms.rate-out-of-range").then_some("rate")
    }
}
