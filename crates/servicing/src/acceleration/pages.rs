//! The form of an acceleration.

use platform::error::{ActionError, FieldError};
use platform::page::{Field, Html, Input, Ui};
use platform::web::Routes;
use platform::work::Work;
use serde::Deserialize;

use super::model::Acceleration;
use crate::change::agreement::{decide, request};
use crate::change::form::{ChangeForm, create};
use crate::change::pages::{Section, Sheet, due_effect, read_reason};
use crate::loan::model::{LoanFile, LoanKey};
use crate::loan::pages::Looked;

/// Where the form goes.
pub fn routes() -> Routes {
    Routes::new().post("/loans/{id}/accelerations", Section::Acceleration.action(), create::<AccelerationForm>)
}

/// What the form sends; kept as typed until it is understood.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct AccelerationForm {
    #[serde(default)]
    clause: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    step: String,
}

impl ChangeForm for AccelerationForm {
    type Wish = Acceleration;
    const SECTION: Section = Section::Acceleration;

    fn step(&self) -> &str {
        &self.step
    }

    fn reason(&mut self) -> &mut String {
        &mut self.reason
    }

    fn read(&self) -> Result<Acceleration, Vec<FieldError>> {
        let mut wrong = Vec::new();
        let clause = self.clause.trim().to_owned();
        if clause.is_empty() {
            wrong.push(FieldError::new("clause", "clause-missing"));
        }
        let reason = read_reason(&self.reason, &mut wrong);
        if wrong.is_empty() { Ok(Acceleration { clause, reason }) } else { Err(wrong) }
    }

    async fn sheet(&self, _: &mut Work, ui: &Ui, _: &Looked, wrong: &[FieldError]) -> Result<Sheet, ActionError> {
        let clause = Field::new("clause", ui.t("acceleration-clause"), Input::Text).value(&self.clause).required();
        let fields = vec![
            clause.hint(ui.t("acceleration-clause-hint")),
            Field::new("reason", ui.t("change-reason"), Input::Area).value(&self.reason).required(),
        ];
        Ok(Sheet::new(ui, Section::Acceleration, fields, wrong).note(ui.t("acceleration-note")))
    }

    async fn try_out(work: &mut Work, ui: &Ui, file: &LoanFile, wish: &Acceleration) -> Result<Html, ActionError> {
        Ok(due_effect(ui, &decide(work, file, wish).await?))
    }

    async fn submit(&self, work: &mut Work, key: LoanKey, wish: &Acceleration) -> Result<(), ActionError> {
        request(work, key, wish).await.map(drop)
    }

    fn field_of(code: &str) -> Option<&'static str> {
        (code == "replay.wrong-state").then_some("reason")
    }
}
