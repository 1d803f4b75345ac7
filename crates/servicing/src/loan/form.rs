//! A form about one loan: one column of fields, the loan's version, a way back (借据表单).

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use platform::error::FieldError;
use platform::page::{Button, Field, Html, Look, Page};
use platform::web::{Visit, WebError};

use super::model::Seen;
use super::pages::Looked;

/// What one form is about (借据表单).
pub struct LoanForm {
    /// The message of its title; takes `number`.
    pub title: &'static str,
    /// Where it goes below the loan's page, such as `drawdowns`.
    pub target: &'static str,
    /// The fields with what was typed.
    pub fields: Vec<Field>,
    /// The message of its button.
    pub submit: &'static str,
    /// Where on the loan's page one comes back to, such as `?tab=terms`.
    pub back: &'static str,
}

#[derive(Template)]
#[template(path = "loan/form.html")]
struct Body {
    action: String,
    guard: Html,
    summary: Html,
    fields: Vec<Html>,
    version: Seen,
    keep: &'static str,
    submit: Html,
}

impl LoanForm {
    /// The page, with what is wrong beside its fields.
    pub fn draw(mut self, visit: &Visit, looked: &Looked, wrong: &[FieldError]) -> Result<Response, WebError> {
        visit.complain(wrong)?;
        let ui = visit.ui();
        let loan = &looked.file.loan;
        let here = format!("/loans/{}", loan.key.loan);
        crate::error::mark(&ui, &mut self.fields, wrong);
        let body = Body {
            action: format!("{here}/{}", self.target),
            guard: ui.guard(visit.guard()),
            summary: ui.error_summary(&self.fields),
            fields: self.fields.iter().map(|field| ui.field(field)).collect(),
            version: looked.seen,
            keep: self.target,
            submit: ui.buttons([
                Button::submit(Look::Primary, ui.t(self.submit)),
                Button::link(Look::Secondary, ui.t("back-to-loan"), format!("{here}{}", self.back)),
            ]),
        };
        let page = Page::new(ui.t1(self.title, "number", &loan.number), "loans").subtitle(&looked.customer);
        let mut response = visit.page(&page, &body)?;
        if !wrong.is_empty() {
            *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
        }
        Ok(response)
    }
}
