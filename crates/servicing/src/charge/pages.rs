//! The form of a charge.

use finance::Head;
use jiff::civil::Date;
use platform::error::{ActionError, FieldError};
use platform::page::{Choice, Field, Html, Input, Ui};
use platform::web::Routes;
use platform::work::Work;
use serde::Deserialize;

use super::actions::{decide, record};
use super::model::{HEADS, NewCharge};
use crate::change::form::{ChangeForm, create};
use crate::change::pages::{Section, Sheet, effect, read_amount, read_reason};
use crate::loan::model::{LoanFile, LoanKey};
use crate::loan::pages::Looked;
use crate::loan::why::head_message;
use crate::waiver::model::{head_name, head_of};

/// Where the form goes.
pub fn routes() -> Routes {
    Routes::new().post("/loans/{id}/charges", "loan.edit", create::<ChargeForm>)
}

/// What the form sends; kept as typed until it is understood.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct ChargeForm {
    #[serde(default)]
    head: String,
    #[serde(default)]
    amount: String,
    #[serde(default)]
    due_on: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    version: String,
    #[serde(default)]
    step: String,
}

/// The form before anything was typed.
pub async fn blank(work: &mut Work, ui: &Ui, looked: &Looked) -> Result<Sheet, ActionError> {
    let typed = ChargeForm { head: head_name(Head::Fee).to_owned(), ..ChargeForm::default() };
    typed.sheet(work, ui, looked, &[]).await
}

impl ChangeForm for ChargeForm {
    type Wish = NewCharge;
    const SECTION: Section = Section::Charge;

    fn step(&self) -> &str {
        &self.step
    }

    fn reason(&mut self) -> &mut String {
        &mut self.reason
    }

    fn read(&self) -> Result<NewCharge, Vec<FieldError>> {
        let mut wrong = Vec::new();
        let head = head_of(&self.head).filter(|head| HEADS.contains(head));
        if head.is_none() {
            wrong.push(FieldError::new("head", "choice-unknown").with("text", &self.head));
        }
        let amount = read_amount(&self.amount, &mut wrong);
        let due_on = match self.due_on.trim() {
            "" => None,
            text => {
                let on = text.parse::<Date>().ok();
                if on.is_none() {
                    wrong.push(FieldError::new("due_on", "date-unreadable").with("text", text));
                }
                on
            }
        };
        let reason = read_reason(&self.reason, &mut wrong);
        match (head, amount) {
            (Some(head), Some(amount)) if wrong.is_empty() => Ok(NewCharge { head, amount, due_on, reason }),
            _ => Err(wrong),
        }
    }

    async fn sheet(&self, _: &mut Work, ui: &Ui, _: &Looked, wrong: &[FieldError]) -> Result<Sheet, ActionError> {
        let heads = HEADS.map(|head| Choice::new(head_name(head), ui.t(head_message(head))));
        let fields = vec![
            Field::new("head", ui.t("charge-head"), Input::Radio(heads.to_vec())).value(&self.head).required(),
            Field::new("amount", ui.t("charge-amount"), Input::Money).value(&self.amount).required(),
            Field::new("due_on", ui.t("charge-due-on"), Input::Date).value(&self.due_on).hint(ui.t("charge-due-hint")),
            Field::new("reason", ui.t("change-reason"), Input::Area).value(&self.reason).required(),
        ];
        Ok(Sheet::new(ui, Section::Charge, fields, wrong).note(ui.t("charge-note")))
    }

    async fn try_out(work: &mut Work, ui: &Ui, file: &LoanFile, wish: &NewCharge) -> Result<Html, ActionError> {
        Ok(effect(ui, &decide(work, file, wish).await?))
    }

    async fn submit(&self, work: &mut Work, key: LoanKey, wish: &NewCharge) -> Result<(), ActionError> {
        record(work, key, self.version.parse().ok(), wish).await.map(drop)
    }

    fn field_of(code: &str) -> Option<&'static str> {
        match code {
            "amount-not-positive" | "replay.bad-amount" => Some("amount"),
            "charge-due-before" => Some("due_on"),
            _ => None,
        }
    }
}
