//! The review of a finding of the conduct report (行为复核, S2.5-38).

use axum::extract::Path;
use axum::response::Response;
use platform::clock::civil_minute;
use platform::error::{ActionError, FieldError, Refused};
use platform::id::CustomerId;
use platform::page::{Button, Choice, Field, Html, Icon, Input, Look, Tone};
use platform::web::{Fields, FormPage, Posted, Routes, Visit, WebError, shown_in_form};

use super::actions::{self, ConductError};
use super::list::name_of;
use super::model::{FindingId, Opinion};
use super::store;
use crate::CONTACT_OPEN;
use crate::guard::model::Rule;

platform::form_fields! {
    /// What the reviewer says of a finding.
    ReviewForm: "verdict", "opinion"
}
type Key = (CustomerId, FindingId);

/// Where the report is.
pub(crate) const LIST: &str = "/collections/conduct";

/// The report with its workbook, and the review.
pub(crate) fn routes() -> Routes {
    super::list::routes()
        .merge(super::call_pages::routes())
        .get("/collections/conduct/{customer}/{finding}", CONTACT_OPEN, review_page)
        .post("/collections/conduct/{customer}/{finding}", CONTACT_OPEN, review)
}

async fn review_page(visit: Visit, Path(key): Path<Key>) -> Result<Response, WebError> {
    draw_review(&visit, key, &Fields::default(), None).await
}

async fn draw_review(
    visit: &Visit,
    (customer, id): Key,
    fields: &Fields,
    refused: Option<&Refused>,
) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let file = crate::file_for(&mut work, customer, CONTACT_OPEN).await?;
    let found = store::load(&mut work.tx, customer, id).await?;
    let finding = found.ok_or(ConductError::NotFound).map_err(ActionError::from)?;
    let names = crate::people(&mut work).await?;
    let mut about = Html::of_text(civil_minute(finding.happened_at));
    about.raw(" · ").text(name_of(&ui, &names, finding.collector)).raw(" · ");
    about.text(ui.t(Rule::message(&finding.rule))).raw(" ").push(&ui.rule(&finding.rule));
    about.raw(" ").text(&finding.detail);
    if let Some(review) = &finding.review {
        about.raw("<br>").text(ui.t(format!("conduct-opinion-{}", review.opinion.as_str())));
        about.raw(" · ").text(name_of(&ui, &names, review.by)).raw(" · ").text(&review.words);
    }
    let opinions = Opinion::ALL.map(|one| Choice::new(one.as_str(), ui.t(format!("conduct-opinion-{}", one.as_str()))));
    let value = |name: &str| fields.first(name).unwrap_or("").to_owned();
    let form = FormPage {
        title: ui.t("conduct-review-title"),
        subtitle: file.name,
        active: "conduct",
        action: format!("/collections/conduct/{customer}/{id}"),
        note: ui.note(Tone::Info, Icon::InfoCircle, about),
        back: LIST.to_owned(),
        ..FormPage::default()
    };
    if finding.review.is_some() {
        return form.draw(visit, refused);
    }
    FormPage {
        fields: vec![
            Field::new("verdict", ui.t("conduct-verdict"), Input::Radio(opinions.to_vec()))
                .value(value("verdict"))
                .required(),
            Field::new("opinion", ui.t("conduct-opinion"), Input::Area).value(value("opinion")).required(),
        ],
        buttons: vec![Button::submit(Look::Primary, ui.t("guard-save")).icon(Icon::Check)],
        ..form
    }
    .draw(visit, refused)
}

async fn review(Path(key): Path<Key>, posted: Posted<ReviewForm>) -> Result<Response, WebError> {
    let Some(opinion) = posted.fields.first("verdict").and_then(Opinion::parse) else {
        let refused = Refused::form(vec![FieldError::new("verdict", "choice-invalid")]);
        return draw_review(&posted.visit, key, &posted.fields, Some(&refused)).await;
    };
    let words = posted.fields.first("opinion").unwrap_or("").to_owned();
    let mut work = posted.begin("conduct.review").await?;
    match actions::review(&mut work, key.0, key.1, opinion, &words).await {
        Ok(()) => posted.done(work, LIST).await,
        Err(error) => {
            drop(work);
            draw_review(&posted.visit, key, &posted.fields, Some(&shown_in_form(error)?)).await
        }
    }
}
