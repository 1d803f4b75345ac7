//! The form of a write-off.

use platform::error::{ActionError, FieldError};
use platform::page::{Field, Html, Input, Ui};
use platform::web::Routes;
use platform::work::Work;
use serde::Deserialize;

use super::actions::{conditions, decide, request};
use crate::change::form::{ChangeForm, create};
use crate::change::pages::{Section, Sheet, effect, read_reason};
use crate::loan::model::{LoanFile, LoanKey};
use crate::loan::pages::Looked;

/// Where the form goes.
pub fn routes() -> Routes {
    Routes::new().post("/loans/{id}/write-offs", "write_off.request", create::<WriteOffForm>)
}

/// What the form sends; kept as typed until it is understood.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct WriteOffForm {
    #[serde(default)]
    reason: String,
    #[serde(default)]
    step: String,
}

impl ChangeForm for WriteOffForm {
    /// Why.
    type Wish = String;
    const SECTION: Section = Section::WriteOff;

    fn step(&self) -> &str {
        &self.step
    }

    fn reason(&mut self) -> &mut String {
        &mut self.reason
    }

    fn read(&self) -> Result<String, Vec<FieldError>> {
        let mut wrong = Vec::new();
        let reason = read_reason(&self.reason, &mut wrong);
        if wrong.is_empty() { Ok(reason) } else { Err(wrong) }
    }

    async fn sheet(
        &self,
        work: &mut Work,
        ui: &Ui,
        looked: &Looked,
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
        let fields = vec![Field::new("reason", ui.t("change-reason"), Input::Area).value(&self.reason).required()];
        Ok(Sheet::new(ui, Section::WriteOff, fields, wrong).note(note))
    }

    async fn try_out(work: &mut Work, ui: &Ui, file: &LoanFile, reason: &String) -> Result<Html, ActionError> {
        let (_, trial) = decide(work, file, reason).await?;
        let mut out = effect(ui, &trial);
        out.raw("<p class=\"panel-body muted\">").text(ui.t("write-off-tracked")).raw("</p>");
        Ok(out)
    }

    async fn submit(&self, work: &mut Work, key: LoanKey, reason: &String) -> Result<(), ActionError> {
        request(work, key, reason).await.map(drop)
    }

    /// The conditions stand above the one field, so that what is missing is said there with what was typed.
    fn field_of(code: &str) -> Option<&'static str> {
        (code == "write-off-not-met").then_some("reason")
    }
}
