//! A page with one form (表单页): forms with a page of their own are drawn here, with all that is wrong at once.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};

use super::{Posted, Visit, WebError, failing_field, refusal_box};
use crate::error::{ActionError, RefusalKind, Refused};
use crate::page::{Button, Field, Html, Input, Look, Page, Ui};
use crate::work::Work;

/// A form with its page (表单).
#[derive(Debug, Clone, Default)]
pub struct FormPage {
    /// The key of its navigation item.
    pub active: &'static str,
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
#[template(path = "page/form.html")]
struct Body<'a> {
    ui: &'a Ui,
    form: &'a FormPage,
    guard: Html,
    refusal: Html,
    cancel: Html,
}

impl FormPage {
    /// Whether a file is among its fields: then it is sent in parts, to an [`super::Upload`].
    #[must_use]
    pub fn has_file(&self) -> bool {
        self.fields.iter().any(|field| matches!(field.input, Input::File(_)))
    }

    /// Draws the page, with what a use case refused.
    ///
    /// # Errors
    /// What the templates report.
    pub fn draw(mut self, visit: &Visit, refused: Option<&Refused>) -> Result<Response, WebError> {
        visit.complain_of(refused)?;
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
                refusal = refusal_box(&ui, refused);
            }
        }
        let body = Body {
            ui: &ui,
            guard: ui.guard(visit.guard()),
            cancel: ui.button(Button::link(Look::Plain, ui.t("cancel"), &self.back)),
            refusal,
            form: &self,
        };
        let page = Page::new(&self.title, self.active).subtitle(&self.subtitle);
        Ok((status, visit.page(&page, &body)?).into_response())
    }
}

impl FormPage {
    /// Draws the page of a refused form whose fields say themselves what is wrong.
    ///
    /// # Errors
    /// What the templates report.
    pub fn draw_with_errors(self, visit: &Visit, refused: &Refused) -> Result<Response, WebError> {
        let silent = self.fields.iter().all(|field| field.error.is_none());
        let ui = visit.ui();
        let body = Body {
            ui: &ui,
            guard: ui.guard(visit.guard()),
            cancel: ui.button(Button::link(Look::Plain, ui.t("cancel"), &self.back)),
            refusal: if silent { refusal_box(&ui, refused) } else { Html::new() },
            form: &self,
        };
        let page = Page::new(&self.title, self.active).subtitle(&self.subtitle);
        Ok((StatusCode::UNPROCESSABLE_ENTITY, visit.page(&page, &body)?).into_response())
    }
}

impl<T> Posted<T> {
    /// Ends a form: what was done is kept and its place opens; what was refused comes back, to draw the form again.
    ///
    /// # Errors
    /// What the form cannot show: no permission, no such thing, the store's.
    pub async fn finish<D>(
        &self,
        work: Work,
        done: Result<D, ActionError>,
        place: impl AsRef<str>,
    ) -> Result<Result<Response, Refused>, WebError> {
        match done {
            Ok(_) => self.done(work, place).await.map(Ok),
            Err(error) => {
                work.tx.rollback().await?;
                shown_in_form(error).map(Err)
            }
        }
    }
}

/// A refusal that the form itself can show; anything else has a page of its own.
///
/// # Errors
/// The others, as they are.
pub fn shown_in_form(error: ActionError) -> Result<Refused, WebError> {
    match error {
        ActionError::Refused(refused) => match refused.kind {
            RefusalKind::Invalid | RefusalKind::Conflict => Ok(*refused),
            RefusalKind::NotFound | RefusalKind::Forbidden => Err(ActionError::Refused(refused).into()),
        },
        error @ (ActionError::Store(_) | ActionError::Internal(_)) => Err(error.into()),
    }
}
