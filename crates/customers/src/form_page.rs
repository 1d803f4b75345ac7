//! A page with one form (表单页): every form of this capability is drawn here, with all that is wrong at once.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use platform::error::{ActionError, RefusalKind, Refused};
use platform::page::{Button, Field, Html, Look, Page, Refusal, Ui};
use platform::web::{Visit, WebError, failing_field};

/// A form with its page (表单).
#[derive(Debug, Clone, Default)]
pub(crate) struct FormPage {
    /// The title of the page.
    pub title: String,
    /// Whom it is about.
    pub subtitle: String,
    /// Where it is sent.
    pub action: String,
    /// Its fields, with what was typed.
    pub fields: Vec<Field>,
    /// What is said over the fields.
    pub note: Html,
    /// The buttons that send it.
    pub buttons: Vec<Button>,
    /// Where to go without sending.
    pub back: String,
}

#[derive(Template)]
#[template(path = "form.html")]
struct Body<'a> {
    ui: &'a Ui,
    form: &'a FormPage,
    guard: Html,
    refusal: Html,
    cancel: Html,
}

impl FormPage {
    /// Draws the page, with what a use case refused.
    pub(crate) fn draw(mut self, visit: &Visit, refused: Option<&Refused>) -> Result<Response, WebError> {
        let ui = visit.ui();
        let mut status = StatusCode::OK;
        let mut refusal = Html::new();
        if let Some(refused) = refused {
            status = match refused.kind {
                RefusalKind::Conflict => StatusCode::CONFLICT,
                RefusalKind::Invalid | RefusalKind::NotFound | RefusalKind::Forbidden => {
                    StatusCode::UNPROCESSABLE_ENTITY
                }
            };
            self.fields = self
                .fields
                .into_iter()
                .map(|field| {
                    let error = failing_field(&ui, refused, &field.name);
                    field.error(error)
                })
                .collect();
            if refused.code != "form-invalid" {
                refusal = sentence(&ui, refused);
            }
        }
        let body = Body {
            ui: &ui,
            guard: ui.guard(visit.guard()),
            cancel: ui.button(Button::link(Look::Plain, ui.t("cancel"), &self.back)),
            refusal,
            form: &self,
        };
        let page = Page::new(&self.title, "customers").subtitle(&self.subtitle);
        Ok((status, visit.page(&page, &body)?).into_response())
    }
}

fn sentence(ui: &Ui, refused: &Refused) -> Html {
    let mut way_out = Html::new();
    if let Some(advice) = ui.locale.find(&format!("error-{}-way", refused.code)) {
        way_out.text(advice);
    }
    ui.refusal(Refusal {
        title: ui.tn(format!("error-{}", refused.code), &refused.details),
        way_out,
        rule: refused.rule.clone(),
        ..Refusal::default()
    })
}

/// A refusal that the form itself can show; anything else has a page of its own.
pub(crate) fn shown_in_form(error: ActionError) -> Result<Refused, WebError> {
    match error {
        ActionError::Refused(refused) => match refused.kind {
            RefusalKind::Invalid | RefusalKind::Conflict => Ok(*refused),
            RefusalKind::NotFound | RefusalKind::Forbidden => Err(ActionError::Refused(refused).into()),
        },
        error @ (ActionError::Store(_) | ActionError::Internal(_)) => Err(error.into()),
    }
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

/// The page that shows a value in clear. It is never kept by the browser (`Cache-Control: no-store`).
pub(crate) fn revealed(
    visit: &Visit,
    whose: &str,
    label: String,
    value: &str,
    back: &str,
) -> Result<Response, WebError> {
    let ui = visit.ui();
    let page = Page::new(&label, "customers").subtitle(whose);
    let back = ui.button(Button::link(Look::Primary, ui.t("customer-back"), back));
    visit.page(&page, &Revealed { ui: &ui, label, value, back })
}
