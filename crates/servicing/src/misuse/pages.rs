//! The form of a mark of misuse.

use platform::error::{ActionError, FieldError};
use platform::page::{Choice, Field, Html, Input, Ui};
use platform::web::Routes;
use platform::work::Work;
use serde::Deserialize;

use super::model::{Misuse, is_flagged};
use crate::change::agreement::{ahead, request};
use crate::change::form::{ChangeForm, create};
use crate::change::pages::{Section, Sheet, ahead_effect, read_reason};
use crate::loan::model::{LoanFile, LoanKey};
use crate::loan::pages::Looked;

/// Where the form goes.
pub fn routes() -> Routes {
    Routes::new().post("/loans/{id}/misuses", Section::Misuse.action(), create::<MisuseForm>)
}

/// What the form sends; kept as typed until it is understood.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct MisuseForm {
    #[serde(default)]
    flagged: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    step: String,
}

/// The days by whose end the trial shows what the mark costs.
const AHEAD: i64 = 30;

const MARKS: [(&str, bool); 2] = [("yes", true), ("no", false)];

/// The form before anything was typed: the mark that the loan does not have.
pub async fn blank(work: &mut Work, ui: &Ui, looked: &Looked) -> Result<Sheet, ActionError> {
    let flagged = if is_flagged(&looked.file) { "no" } else { "yes" };
    let typed = MisuseForm { flagged: flagged.to_owned(), ..MisuseForm::default() };
    typed.sheet(work, ui, looked, &[]).await
}

impl ChangeForm for MisuseForm {
    type Wish = Misuse;
    const SECTION: Section = Section::Misuse;

    fn step(&self) -> &str {
        &self.step
    }

    fn reason(&mut self) -> &mut String {
        &mut self.reason
    }

    fn read(&self) -> Result<Misuse, Vec<FieldError>> {
        let mut wrong = Vec::new();
        let flagged = MARKS.iter().find(|(name, _)| *name == self.flagged).map(|(_, flagged)| *flagged);
        if flagged.is_none() {
            wrong.push(FieldError::new("flagged", "choice-unknown").with("text", &self.flagged));
        }
        let reason = read_reason(&self.reason, &mut wrong);
        match flagged {
            Some(flagged) if wrong.is_empty() => Ok(Misuse { flagged, reason }),
            _ => Err(wrong),
        }
    }

    async fn sheet(&self, _: &mut Work, ui: &Ui, looked: &Looked, wrong: &[FieldError]) -> Result<Sheet, ActionError> {
        let marks = MARKS.map(|(name, _)| Choice::new(name, ui.t(format!("misuse-mark-{name}"))));
        let fields = vec![
            Field::new("flagged", ui.t("misuse-mark"), Input::Radio(marks.to_vec())).value(&self.flagged).required(),
            Field::new("reason", ui.t("misuse-reason"), Input::Area).value(&self.reason).required(),
        ];
        let agreed = looked.file.terms.overdue.misuse.is_some();
        let note = if agreed { "misuse-note" } else { "misuse-note-no-rate" };
        Ok(Sheet::new(ui, Section::Misuse, fields, wrong).note(ui.t(note)))
    }

    async fn try_out(work: &mut Work, ui: &Ui, file: &LoanFile, wish: &Misuse) -> Result<Html, ActionError> {
        let later = finance::add_days(work.business_date, AHEAD).unwrap_or(work.business_date);
        Ok(ahead_effect(ui, &ahead(work, file, wish, later).await?))
    }

    async fn submit(&self, work: &mut Work, key: LoanKey, wish: &Misuse) -> Result<(), ActionError> {
        request(work, key, wish).await.map(drop)
    }

    fn field_of(code: &str) -> Option<&'static str> {
        (code == "misuse-already").then_some("flagged")
    }
}
