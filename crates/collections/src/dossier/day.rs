//! The dossier of a chosen day (截至日档案), S4-24: what stood at the end of it and was known then.

use jiff::civil::Date;
use platform::error::{ActionError, FieldError, Refused};
use platform::page::{Button, Field, Html, Input, Look, Ui};
use platform::work::Work;
use serde::Deserialize;
use servicing::loan::store as loans;
use servicing::position::engine::Engine;

use super::model::Entry;
use crate::case::model::Case;
use crate::known::Known;
use crate::obligor::actions as obligors;
use crate::obligor::model::Obligor;

/// Which day is asked for (截至日).
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    as_of: String,
}

impl Asked {
    /// The end of the day that is asked for; nothing asked: the business day.
    ///
    /// # Errors
    /// No day; one that has not come.
    pub(super) async fn read(&self, work: &mut Work) -> Result<Known, ActionError> {
        let (text, today) = (self.as_of.trim(), work.business_date);
        let wrong = |error: FieldError| ActionError::from(Refused::form(vec![error]));
        let on = match text {
            "" => today,
            _ => {
                let unreadable = || wrong(FieldError::new("as_of", "date-unreadable").with("text", text));
                text.parse::<Date>().map_err(|_| unreadable())?
            }
        };
        if on > today {
            return Err(wrong(FieldError::new("as_of", "bundle-future").with("on", today)));
        }
        Known::at_end_of(work, on).await
    }
}

/// What had been recorded until the end of a day (rule `dossier.as-of`).
pub(super) fn until(mut entries: Vec<Entry>, known: Known) -> Vec<Entry> {
    entries.retain(|entry| entry.on <= known.on);
    entries
}

/// `?as_of=…` of the same day, empty for the present.
pub(super) fn query(known: Known) -> String {
    if known.today { String::new() } else { format!("?as_of={}", known.on) }
}

/// Everybody who stood to the debt at the end of a day: to what was overdue or written off then; before anything was due, to the
/// loans that ran (rule `dossier.as-of`).
///
/// # Errors
/// The store's; a loan cannot be replayed; a seal that is broken.
pub(super) async fn obligors_on(work: &mut Work, case: &Case, known: Known) -> Result<Vec<Obligor>, ActionError> {
    let customer = case.key.customer;
    if known.today {
        return obligors::of(work, customer).await;
    }
    let Some(file) = customers::load(&mut work.tx, customer).await? else { return Ok(Vec::new()) };
    let engine = Engine::load(work, known.on).await?;
    let (mut pursued, mut running) = (Vec::new(), Vec::new());
    for key in loans::of_customer(&mut work.tx, customer, i64::MAX).await? {
        let Some(loan) = loans::load_file(&mut work.tx, key).await? else { continue };
        match engine.replay(&loan, known.on, known.moment())?.status {
            finance::Status::Overdue | finance::Status::WrittenOff => pursued.push(key),
            finance::Status::Current => running.push(key),
            finance::Status::Undrawn | finance::Status::Settled => {}
        }
    }
    if !pursued.is_empty() {
        return obligors::known_of_loans(work, &file, &pursued, known).await;
    }
    let mut all = obligors::known_of_loans(work, &file, &running, known).await?;
    crate::obligor::rules::before_due(&mut all);
    Ok(all)
}

/// The form that chooses the day.
pub(super) fn chooser(ui: &Ui, address: &str, known: Known) -> Html {
    let day = Field::new("as_of", ui.t("bundle-as-of"), Input::Date)
        .value(known.on.to_string())
        .hint(ui.t("dossier-as-of-hint"));
    let mut html = Html::new();
    html.raw("<form class=\"form\" method=\"get\"").attr("action", address).raw(">").push(&ui.field(day));
    html.push(&ui.button(Button::submit(Look::Secondary, ui.t("dossier-as-of-show")))).raw("</form>");
    html
}
