//! Forms about a customer of a project: verify it, review it, record a problem.

use axum::extract::Path;
use axum::response::Response;
use jiff::civil::Date;
use platform::error::{FieldError, Refused};
use platform::id::UserId;
use platform::page::{Button, Choice, Field, Icon, Input, Look, Ui};
use platform::web::{Fields, FormPage, Posted, Routes, Visit, WebError};

use super::item_pages::{course, file, load};
use super::model::{ProblemKind, Verification};
use super::problems::{self, NewProblem};
use super::{REVIEW, WORK, item_page, problem_page, work};
use crate::colleague;
use crate::customer::store::filled;
use crate::datum::form::date;
use crate::datum::model::Way;

platform::form_fields! {
    /// What a verification found.
    VerifyForm: "on", "method", "result"
}

platform::form_fields! {
    /// What a review says: `accept` or `return`.
    ReviewForm: "verdict", "note"
}

platform::form_fields! {
    /// A problem.
    ProblemForm: "kind", "detail", "owner", "due_on"
}

/// The forms.
pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/sorting/items/{item}/verify", WORK, verify_page)
        .post("/sorting/items/{item}/verify", WORK, verify)
        .get("/sorting/items/{item}/review", REVIEW, review_page)
        .post("/sorting/items/{item}/review", REVIEW, review)
        .get("/sorting/items/{item}/problems/new", WORK, problem_form)
        .post("/sorting/items/{item}/problems/new", WORK, record)
}

async fn verify_page(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    draw_verify(&visit, &id, &Fields::default(), None).await
}

async fn draw_verify(visit: &Visit, id: &str, typed: &Fields, refused: Option<&Refused>) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let found = load(&mut work, id).await?;
    work::lay(&mut work, id, WORK).await?;
    let or = |name: &str, otherwise: String| typed.first(name).map_or(otherwise, str::to_owned);
    let ways = Way::ALL.iter().map(|way| Choice::new(way.as_str(), ui.t(format!("datum-way-{}", way.as_str()))));
    let page = FormPage {
        active: "sorting",
        title: ui.t("sorting-verify"),
        subtitle: format!("{} · {}", found.desk.customer.name, found.desk.project.number),
        action: format!("{}/verify", item_page(found.desk.item.id)),
        fields: vec![
            Field::new("on", ui.t("sorting-verified-on"), Input::Date)
                .value(or("on", ui.business_date.to_string()))
                .required(),
            Field::new("method", ui.t("sorting-method"), Input::Select(ways.collect()))
                .value(or("method", Way::Visit.as_str().to_owned()))
                .required(),
            Field::new("result", ui.t("sorting-result"), Input::Area)
                .value(or("result", String::new()))
                .hint(ui.t("sorting-result-hint"))
                .required(),
        ],
        note: file(&ui, &found),
        buttons: vec![Button::submit(Look::Primary, ui.t("sorting-verify")).icon(Icon::Check)],
        back: item_page(found.desk.item.id),
    };
    page.draw(visit, refused)
}

fn verification(typed: &Fields) -> Result<Verification, Refused> {
    let mut wrong = Vec::new();
    let on = date(typed, "on", &mut wrong);
    if !wrong.is_empty() {
        return Err(Refused::form(wrong));
    }
    let text = |name: &str| filled(typed.first(name)).unwrap_or_default();
    // Without a day it lies before every project, and is refused with what to do.
    Ok(Verification { on: on.unwrap_or(Date::MIN), method: text("method"), text: text("result") })
}

async fn verify(Path(id): Path<String>, posted: Posted<VerifyForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("sorting.verify").await?;
    let done = match verification(&posted.fields) {
        Ok(said) => work::verify(&mut work, &id, &said).await,
        Err(refused) => Err(refused.into()),
    };
    match posted.finish(work, done, item_page(&id)).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw_verify(&posted.visit, &id, &posted.fields, Some(&refused)).await,
    }
}

async fn review_page(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    draw_review(&visit, &id, &Fields::default(), None).await
}

async fn draw_review(visit: &Visit, id: &str, typed: &Fields, refused: Option<&Refused>) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let found = load(&mut work, id).await?;
    work::lay(&mut work, id, REVIEW).await?;
    let page = FormPage {
        active: "sorting",
        title: ui.t("sorting-review"),
        subtitle: format!("{} · {}", found.desk.customer.name, found.desk.project.number),
        action: format!("{}/review", item_page(found.desk.item.id)),
        fields: verdict_fields(&ui, typed, ["accept", "return"]),
        note: course(&ui, &found),
        buttons: vec![Button::submit(Look::Primary, ui.t("sorting-review")).icon(Icon::Check)],
        back: item_page(found.desk.item.id),
    };
    page.draw(visit, refused)
}

/// A verdict and its words.
pub(super) fn verdict_fields(ui: &Ui, typed: &Fields, verdicts: [&str; 2]) -> Vec<Field> {
    let choices = verdicts.iter().map(|one| Choice::new(*one, ui.t(format!("sorting-verdict-{one}"))));
    vec![
        Field::new("verdict", ui.t("sorting-verdict"), Input::Radio(choices.collect()))
            .value(typed.first("verdict").unwrap_or_default())
            .required(),
        Field::new("note", ui.t("sorting-note"), Input::Area)
            .value(typed.first("note").unwrap_or_default())
            .hint(ui.t("sorting-note-hint")),
    ]
}

/// Whether a verdict agrees; none of both is refused.
pub(super) fn verdict(typed: &Fields, [yes, no]: [&str; 2]) -> Result<bool, Refused> {
    let said = typed.first("verdict").unwrap_or_default();
    if said == yes {
        return Ok(true);
    }
    if said == no {
        return Ok(false);
    }
    Err(Refused::form(vec![FieldError::choice("verdict", said)]))
}

async fn review(Path(id): Path<String>, posted: Posted<ReviewForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("sorting.review").await?;
    let words = posted.fields.first("note").unwrap_or_default();
    let done = match verdict(&posted.fields, ["accept", "return"]) {
        Ok(accept) => work::review(&mut work, &id, accept, words).await,
        Err(refused) => Err(refused.into()),
    };
    match posted.finish(work, done, item_page(&id)).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw_review(&posted.visit, &id, &posted.fields, Some(&refused)).await,
    }
}

async fn problem_form(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    draw_problem(&visit, &id, &Fields::default(), None).await
}

async fn draw_problem(
    visit: &Visit,
    id: &str,
    typed: &Fields,
    refused: Option<&Refused>,
) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let desk = work::lay(&mut work, id, WORK).await?;
    let people = colleague::people(&mut work, &[WORK]).await?;
    let or = |name: &str, otherwise: String| typed.first(name).map_or(otherwise, str::to_owned);
    let kind = |kind: &ProblemKind| Choice::new(kind.as_str(), ui.t(format!("sorting-problem-kind-{}", kind.as_str())));
    let person = |(user, name): &(UserId, String)| Choice::new(user.to_string(), name.as_str());
    let page = FormPage {
        active: "sorting",
        title: ui.t("sorting-problem-new"),
        subtitle: format!("{} · {}", desk.customer.name, desk.project.number),
        action: format!("{}/problems/new", item_page(desk.item.id)),
        fields: vec![
            Field::new(
                "kind",
                ui.t("sorting-problem-kind"),
                Input::Select(ProblemKind::ALL.iter().map(kind).collect()),
            )
            .value(or("kind", String::new()))
            .required(),
            Field::new("detail", ui.t("sorting-problem-detail"), Input::Area)
                .value(or("detail", String::new()))
                .required(),
            Field::new("owner", ui.t("sorting-problem-owner"), Input::Select(people.iter().map(person).collect()))
                .value(or("owner", desk.item.assignee.to_string()))
                .required(),
            Field::new("due_on", ui.t("sorting-problem-due"), Input::Date)
                .value(or("due_on", String::new()))
                .required(),
        ],
        buttons: vec![Button::submit(Look::Primary, ui.t("sorting-problem-new")).icon(Icon::Check)],
        back: item_page(desk.item.id),
        ..FormPage::default()
    };
    page.draw(visit, refused)
}

fn new_problem(typed: &Fields) -> Result<NewProblem, Refused> {
    let mut wrong = Vec::new();
    let text = |name: &str| filled(typed.first(name)).unwrap_or_default();
    let due_on = date(typed, "due_on", &mut wrong);
    let kind = ProblemKind::parse(&text("kind"));
    if kind.is_none() {
        wrong.push(FieldError::choice("kind", &text("kind")));
    }
    let owner: Option<UserId> = text("owner").parse().ok();
    if owner.is_none() {
        wrong.push(FieldError::choice("owner", &text("owner")));
    }
    match (kind, owner) {
        (Some(kind), Some(owner)) if wrong.is_empty() => {
            Ok(NewProblem { kind, detail: text("detail"), owner, due_on: due_on.unwrap_or(Date::MIN) })
        }
        _ => Err(Refused::form(wrong)),
    }
}

async fn record(Path(id): Path<String>, posted: Posted<ProblemForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("sorting.problem").await?;
    let done = match new_problem(&posted.fields) {
        Ok(new) => problems::record(&mut work, &id, &new).await,
        Err(refused) => Err(refused.into()),
    };
    let place = done.as_ref().map(problem_page).unwrap_or_default();
    match posted.finish(work, done, place).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw_problem(&posted.visit, &id, &posted.fields, Some(&refused)).await,
    }
}
