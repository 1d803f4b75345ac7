//! Seeing a sealed value (查看明文): one page asks for the reason, the answer is shown once and never kept.

use askama::Template;
use axum::response::Response;
use platform::error::{ActionError, Refused};
use platform::page::{Button, Field, Html, Icon, Input, Look, Page, Ui};
use platform::web::{Fields, FormPage, Posted, Visit, WebError, shown_in_form};
use platform::work::Work;
use schemars::JsonSchema;
use serde::Serialize;

/// What is to be seen (查看对象).
pub(crate) struct Reveal {
    /// The title of the page that asks.
    pub title: String,
    /// Whose value, and the value masked.
    pub whose: String,
    /// What the value is: `居民身份证`.
    pub label: String,
    /// Where the form is sent.
    pub action: String,
    /// The page to go back to.
    pub back: String,
}

impl Reveal {
    /// The page that asks for the reason.
    pub(crate) fn ask(self, visit: &Visit, typed: &Fields, refused: Option<&Refused>) -> Result<Response, WebError> {
        let ui = visit.ui();
        let page = FormPage {
            active: "customers",
            title: self.title,
            subtitle: self.whose,
            action: self.action,
            fields: vec![reason_field(&ui, typed, "customer-reveal-hint")],
            buttons: vec![Button::submit(Look::Primary, ui.t("customer-reveal")).icon(Icon::Eye)],
            back: self.back,
            ..FormPage::default()
        };
        page.draw(visit, refused)
    }

    /// Shows the value, once its audit entry is kept; or asks again.
    pub(crate) async fn answer<T>(
        self,
        posted: &Posted<T>,
        mut work: Work,
        value: Result<String, ActionError>,
    ) -> Result<Response, WebError> {
        match value {
            Ok(value) => {
                work.settle(&posted.key, &self.back).await?;
                work.commit().await?;
                revealed(&posted.visit, &self.whose, self.label, &value, &self.back, None)
            }
            Err(error) => {
                work.tx.rollback().await?;
                let refused = shown_in_form(error)?;
                self.ask(&posted.visit, &posted.fields, Some(&refused))
            }
        }
    }
}

/// The reason that was typed.
pub(crate) fn reason<T>(posted: &Posted<T>) -> &str {
    posted.fields.first("reason").unwrap_or("")
}

/// The field for the reason of a reveal, an end, an objection.
pub(crate) fn reason_field(ui: &Ui, typed: &Fields, hint: &str) -> Field {
    let value = typed.first("reason").unwrap_or("");
    Field::new("reason", ui.t("customer-reason"), Input::Text).value(value).hint(ui.t(hint)).required()
}

/// A value in clear as a program gets it (明文), this once.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct RevealedValue {
    /// The value.
    value: String,
    /// Where the outcome is to be entered that is now owed, when one is.
    outcome: Option<String>,
}

/// A value in clear, shown once (明文): what, in which form, back to where.
#[derive(Template)]
#[template(path = "revealed.html")]
struct Revealed<'a> {
    ui: &'a Ui,
    label: String,
    value: &'a str,
    back: Html,
}

/// The page that shows a value in clear, with the way to the outcome that is owed for it, when one is. It is never kept
/// by the browser (`Cache-Control: no-store`).
pub(crate) fn revealed(
    visit: &Visit,
    whose: &str,
    label: String,
    value: &str,
    back: &str,
    outcome_page: Option<&str>,
) -> Result<Response, WebError> {
    if let Some(answer) =
        visit.data(&RevealedValue { value: value.to_owned(), outcome: outcome_page.map(str::to_owned) })
    {
        return Ok(answer);
    }
    let ui = visit.ui();
    let page = Page::new(&label, "customers").subtitle(whose);
    let back = match outcome_page {
        None => ui.button(Button::link(Look::Primary, ui.t("customer-back"), back)),
        Some(address) => {
            let mut both = ui.button(Button::link(Look::Primary, ui.t("contact-enter-outcome"), address));
            both.push(&ui.button(Button::link(Look::Secondary, ui.t("customer-back"), back)));
            both
        }
    };
    visit.page(&page, &Revealed { ui: &ui, label, value, back })
}
