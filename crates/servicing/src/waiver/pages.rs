//! The form of a waiver.

use finance::Head;
use platform::error::{ActionError, FieldError};
use platform::page::{Choice, Field, Html, Input, Ui};
use platform::policies::PolicyError;
use platform::web::Routes;
use platform::work::Work;
use serde::Deserialize;

use super::model::{Waiver, head_name, head_of};
use super::rules;
use crate::change::actions::policy;
use crate::change::agreement::{decide, request};
use crate::change::form::{ChangeForm, create};
use crate::change::pages::{Section, Sheet, effect, read_amount, read_reason};
use crate::loan::model::{LoanFile, LoanKey};
use crate::loan::pages::Looked;
use crate::loan::why::head_message;

/// Where the form goes.
pub fn routes() -> Routes {
    Routes::new().post("/loans/{id}/waivers", "waiver.request", create::<WaiverForm>)
}

/// What the form sends; kept as typed until it is understood.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct WaiverForm {
    #[serde(default)]
    head: String,
    #[serde(default)]
    amount: String,
    #[serde(default)]
    instalment: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    step: String,
}

/// The form before anything was typed.
pub async fn blank(work: &mut Work, ui: &Ui, looked: &Looked) -> Result<Sheet, ActionError> {
    // What is asked for most often comes first; a head of which nothing is owed is never chosen beforehand.
    const USUAL: [Head; 6] = [Head::Penalty, Head::Compound, Head::Interest, Head::Fee, Head::Cost, Head::Principal];
    let today = work.business_date;
    let heads = rules::waivable(policy(work).await?.edition(today)).map_err(PolicyError::from)?;
    let owed = |head: &Head| heads.contains(head) && rules::owed(&looked.position, *head, None).is_positive();
    let head = USUAL.into_iter().find(owed).map(head_name).unwrap_or_default().to_owned();
    let typed = WaiverForm { head, ..WaiverForm::default() };
    typed.sheet(work, ui, looked, &[]).await
}

impl ChangeForm for WaiverForm {
    type Wish = Waiver;
    const SECTION: Section = Section::Waiver;

    fn step(&self) -> &str {
        &self.step
    }

    fn reason(&mut self) -> &mut String {
        &mut self.reason
    }

    fn read(&self) -> Result<Waiver, Vec<FieldError>> {
        let mut wrong = Vec::new();
        let head = head_of(&self.head);
        if head.is_none() {
            wrong.push(FieldError::new("head", "choice-unknown").with("text", &self.head));
        }
        let amount = read_amount(&self.amount, &mut wrong);
        let instalment = match self.instalment.trim() {
            "" => None,
            text => {
                let no = text.parse().ok();
                if no.is_none() {
                    wrong.push(FieldError::new("instalment", "choice-unknown").with("text", text));
                }
                no
            }
        };
        let reason = read_reason(&self.reason, &mut wrong);
        match (head, amount) {
            (Some(head), Some(amount)) if wrong.is_empty() => Ok(Waiver { head, amount, instalment, reason }),
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
        let heads = rules::waivable(policy.edition(today)).map_err(PolicyError::from)?;
        let owed = |head| ui.yuan(rules::owed(&looked.position, head, None));
        let heads = heads.into_iter().map(|head| {
            let text = ui.tn("waiver-head-owed", &[("head", ui.t(head_message(head))), ("owed", owed(head))]);
            Choice::new(head_name(head), text)
        });
        let open = rules::open_instalments(&looked.position).map(|i| {
            let text = ui.tn("waiver-instalment-of", &[("no", i.no.to_string()), ("on", i.due_on.to_string())]);
            Choice::new(i.no.to_string(), text)
        });
        let instalments = std::iter::once(Choice::new("", ui.t("waiver-oldest-first"))).chain(open).collect();
        let fields = vec![
            Field::new("head", ui.t("waiver-head"), Input::Radio(heads.collect())).value(&self.head).required(),
            Field::new("amount", ui.t("waiver-amount"), Input::Money).value(&self.amount).required(),
            Field::new("instalment", ui.t("waiver-instalment"), Input::Select(instalments)).value(&self.instalment),
            Field::new("reason", ui.t("change-reason"), Input::Area).value(&self.reason).required(),
        ];
        Ok(Sheet::new(ui, Section::Waiver, fields, wrong).note(ui.t("waiver-note")))
    }

    async fn try_out(work: &mut Work, ui: &Ui, file: &LoanFile, wish: &Waiver) -> Result<Html, ActionError> {
        Ok(effect(ui, &decide(work, file, wish).await?))
    }

    async fn submit(&self, work: &mut Work, key: LoanKey, wish: &Waiver) -> Result<(), ActionError> {
        request(work, key, wish).await.map(drop)
    }

    fn field_of(code: &str) -> Option<&'static str> {
        match code {
            "amount-not-positive" | "more-than-owed" | "replay.waives-too-much" => Some("amount"),
            "head-not-waivable" => Some("head"),
            _ => None,
        }
    }
}
