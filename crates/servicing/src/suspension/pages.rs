//! The form of a suspension.

use jiff::civil::Date;
use platform::error::{ActionError, FieldError};
use platform::page::{Choice, Field, Html, Input, Ui};
use platform::web::Routes;
use platform::work::Work;
use serde::Deserialize;

use super::model::Suspension;
use crate::change::agreement::{ahead, request};
use crate::change::form::{ChangeForm, create};
use crate::change::pages::{Section, Sheet, ahead_effect, read_reason};
use crate::loan::model::{LoanFile, LoanKey};
use crate::loan::pages::Looked;

/// Where the form goes.
pub fn routes() -> Routes {
    Routes::new().post("/loans/{id}/suspensions", Section::Suspension.action(), create::<SuspensionForm>)
}

/// What the form sends; kept as typed until it is understood.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct SuspensionForm {
    #[serde(default)]
    resume_on: String,
    #[serde(default)]
    rests: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    step: String,
}

/// What may rest: name, interest, penalty.
const RESTS: [(&str, bool, bool); 3] = [("penalty", false, true), ("interest", true, false), ("both", true, true)];

/// The form before anything was typed.
pub async fn blank(work: &mut Work, ui: &Ui, looked: &Looked) -> Result<Sheet, ActionError> {
    let typed = SuspensionForm { rests: RESTS[0].0.to_owned(), ..SuspensionForm::default() };
    typed.sheet(work, ui, looked, &[]).await
}

impl ChangeForm for SuspensionForm {
    type Wish = Suspension;
    const SECTION: Section = Section::Suspension;

    fn step(&self) -> &str {
        &self.step
    }

    fn reason(&mut self) -> &mut String {
        &mut self.reason
    }

    fn read(&self) -> Result<Suspension, Vec<FieldError>> {
        let mut wrong = Vec::new();
        let resume_on = self.resume_on.trim().parse::<Date>().ok();
        if resume_on.is_none() {
            wrong.push(FieldError::new("resume_on", "date-unreadable").with("text", &self.resume_on));
        }
        let rests = RESTS.iter().find(|(name, ..)| *name == self.rests);
        if rests.is_none() {
            wrong.push(FieldError::new("rests", "choice-unknown").with("text", &self.rests));
        }
        let reason = read_reason(&self.reason, &mut wrong);
        match (resume_on, rests) {
            (Some(resume_on), Some(&(_, interest, penalty))) if wrong.is_empty() => {
                Ok(Suspension { resume_on, interest, penalty, reason })
            }
            _ => Err(wrong),
        }
    }

    async fn sheet(&self, _: &mut Work, ui: &Ui, _: &Looked, wrong: &[FieldError]) -> Result<Sheet, ActionError> {
        let rests = RESTS.map(|(name, ..)| Choice::new(name, ui.t(format!("suspension-rests-{name}"))));
        let fields = vec![
            Field::new("rests", ui.t("suspension-rests"), Input::Radio(rests.to_vec())).value(&self.rests).required(),
            Field::new("resume_on", ui.t("suspension-resume-on"), Input::Date).value(&self.resume_on).required(),
            Field::new("reason", ui.t("change-reason"), Input::Area).value(&self.reason).required(),
        ];
        Ok(Sheet::new(ui, Section::Suspension, fields, wrong).note(ui.t("suspension-note")))
    }

    async fn try_out(work: &mut Work, ui: &Ui, file: &LoanFile, wish: &Suspension) -> Result<Html, ActionError> {
        Ok(ahead_effect(ui, &ahead(work, file, wish, wish.resume_on).await?))
    }

    async fn submit(&self, work: &mut Work, key: LoanKey, wish: &Suspension) -> Result<(), ActionError> {
        request(work, key, wish).await.map(drop)
    }

    fn field_of(code: &str) -> Option<&'static str> {
        matches!(code, "resume-not-later" | "replay.not-later").then_some("resume_on")
    }
}
