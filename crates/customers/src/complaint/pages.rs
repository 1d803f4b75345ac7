//! Pages of complaints: registering, passing on, answering.

use axum::extract::Path;
use axum::response::Response;
use jiff::civil::Date;
use platform::error::{ActionError, FieldError, Refused};
use platform::id::CustomerId;
use platform::page::{Button, Choice, Field, Icon, Input, Look, Ui};
use platform::policies;
use platform::web::{Fields, FormPage, Posted, Routes, Visit, WebError};

use super::model::{Answer, ComplaintId, NewComplaint, Outcome, Way};
use super::{HANDLE, RECORD, actions, data, tab_of};
use crate::VIEW;
use crate::customer::actions::load_within;
use crate::customer::store::filled;
use crate::datum::form::{date, select, word};
use crate::lead::policy::choices;

platform::form_fields! {
    /// A complaint.
    ComplaintForm: "kind", "received_way", "matter", "wish", "received_on"
}

platform::form_fields! {
    /// Where a complaint goes, and why.
    PassForm: "dept", "note"
}

platform::form_fields! {
    /// The answer to a complaint, and how the customer was told.
    AnswerForm: "outcome", "note", "improvement", "told_on", "told_way"
}

/// The pages about complaints.
pub(super) fn routes() -> Routes {
    Routes::new()
        .data::<Vec<data::ComplaintData>, _, _>("/customers/{id}/complaints", VIEW, data::complaints)
        .get("/customers/{id}/complaints/new", RECORD, new_page)
        .post("/customers/{id}/complaints/new", RECORD, register)
        .get("/customers/{id}/complaints/{complaint}/pass", HANDLE, pass_page)
        .post("/customers/{id}/complaints/{complaint}/pass", HANDLE, pass)
        .get("/customers/{id}/complaints/{complaint}/answer", HANDLE, answer_page)
        .post("/customers/{id}/complaints/{complaint}/answer", HANDLE, answer)
}

fn ways(ui: &Ui) -> Input {
    select(ui, "complaint-way", Way::ALL.iter().map(|one| one.as_str()))
}

fn or(typed: &Fields, name: &str, otherwise: &str) -> String {
    typed.first(name).unwrap_or(otherwise).to_owned()
}

fn text(typed: &Fields, name: &str) -> String {
    filled(typed.first(name)).unwrap_or_default()
}

async fn new_page(visit: Visit, Path(id): Path<CustomerId>) -> Result<Response, WebError> {
    draw_new(&visit, id, &Fields::default(), None).await
}

async fn draw_new(
    visit: &Visit,
    id: CustomerId,
    typed: &Fields,
    refused: Option<&Refused>,
) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let customer = load_within(&mut work, id, RECORD).await?;
    let on = work.business_date;
    let policy = policies::in_force(&mut work, on).await?;
    let kinds = actions::kinds(&policy, on, customer.kind)?;
    let kinds = choices(&ui, &policy, "complaint_kind", kinds.iter().map(|kind| kind.name.as_str()));
    let page = FormPage {
        active: "customers",
        title: ui.t("complaint-new"),
        subtitle: customer.name,
        action: format!("/customers/{id}/complaints/new"),
        fields: vec![
            Field::new("kind", ui.t("complaint-kind"), Input::Select(kinds)).value(or(typed, "kind", "")).required(),
            Field::new("received_way", ui.t("complaint-way"), ways(&ui))
                .value(or(typed, "received_way", Way::Phone.as_str()))
                .required(),
            Field::new("matter", ui.t("complaint-content"), Input::Area)
                .value(or(typed, "matter", ""))
                .hint(ui.t("complaint-content-hint"))
                .required(),
            Field::new("wish", ui.t("complaint-wish"), Input::Area).value(or(typed, "wish", "")),
            Field::new("received_on", ui.t("complaint-received-on"), Input::Date)
                .value(or(typed, "received_on", &on.to_string()))
                .required(),
        ],
        buttons: vec![Button::submit(Look::Primary, ui.t("complaint-new")).icon(Icon::Check)],
        back: tab_of(id),
        ..FormPage::default()
    };
    page.draw(visit, refused)
}

fn read(typed: &Fields, today: Date) -> Result<NewComplaint, Refused> {
    let mut wrong: Vec<FieldError> = Vec::new();
    let way = word(typed, "received_way", Way::parse, Way::Phone, &mut wrong);
    let received_on = date(typed, "received_on", &mut wrong).unwrap_or(today);
    if !wrong.is_empty() {
        return Err(Refused::form(wrong));
    }
    Ok(NewComplaint {
        kind: text(typed, "kind"),
        way,
        content: text(typed, "matter"),
        wish: text(typed, "wish"),
        received_on,
    })
}

async fn register(Path(id): Path<CustomerId>, posted: Posted<ComplaintForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("complaint.register").await?;
    let done = match read(&posted.fields, work.business_date) {
        Ok(new) => actions::register(&mut work, id, &new).await,
        Err(refused) => Err(refused.into()),
    };
    match posted.finish(work, done, tab_of(id)).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw_new(&posted.visit, id, &posted.fields, Some(&refused)).await,
    }
}

type Key = (CustomerId, ComplaintId);

async fn pass_page(visit: Visit, Path(key): Path<Key>) -> Result<Response, WebError> {
    draw_pass(&visit, key, &Fields::default(), None).await
}

async fn draw_pass(
    visit: &Visit,
    (id, key): Key,
    typed: &Fields,
    refused: Option<&Refused>,
) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let customer = load_within(&mut work, id, HANDLE).await?;
    let found = actions::find(&mut work, id, key).await?;
    let on = work.business_date;
    let policy = policies::in_force(&mut work, on).await?;
    let mut depts: Vec<String> =
        actions::kinds(&policy, on, customer.kind)?.into_iter().map(|kind| kind.dept).collect();
    depts.sort_unstable();
    depts.dedup();
    depts.retain(|dept| dept != found.dept());
    let depts = choices(&ui, &policy, "complaint_dept", depts.iter().map(String::as_str));
    let page = FormPage {
        active: "customers",
        title: ui.t("complaint-pass"),
        subtitle: format!("{} · {}", customer.name, found.number),
        action: format!("/customers/{id}/complaints/{key}/pass"),
        fields: vec![
            Field::new("dept", ui.t("complaint-dept"), Input::Select(depts)).value(or(typed, "dept", "")).required(),
            Field::new("note", ui.t("customer-reason"), Input::Area)
                .value(or(typed, "note", ""))
                .hint(ui.t("complaint-pass-hint"))
                .required(),
        ],
        buttons: vec![Button::submit(Look::Primary, ui.t("complaint-pass")).icon(Icon::UserShare)],
        back: tab_of(id),
        ..FormPage::default()
    };
    page.draw(visit, refused)
}

async fn pass(Path(key): Path<Key>, posted: Posted<PassForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("complaint.pass").await?;
    let (dept, note) = (text(&posted.fields, "dept"), text(&posted.fields, "note"));
    let done = actions::pass(&mut work, key, (&dept, &note)).await;
    match posted.finish(work, done, tab_of(key.0)).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw_pass(&posted.visit, key, &posted.fields, Some(&refused)).await,
    }
}

async fn answer_page(visit: Visit, Path(key): Path<Key>) -> Result<Response, WebError> {
    draw_answer(&visit, key, &Fields::default(), None).await
}

async fn draw_answer(
    visit: &Visit,
    (id, key): Key,
    typed: &Fields,
    refused: Option<&Refused>,
) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let customer = load_within(&mut work, id, HANDLE).await?;
    let found = actions::find(&mut work, id, key).await?;
    let today = work.business_date.to_string();
    let outcomes = Outcome::ALL.iter().map(|one| {
        let word = ui.t(format!("complaint-state-{}", one.as_str()));
        Choice::new(one.as_str(), word)
    });
    let page = FormPage {
        active: "customers",
        title: ui.t("complaint-answer"),
        subtitle: format!("{} · {}", customer.name, found.number),
        action: format!("/customers/{id}/complaints/{key}/answer"),
        fields: vec![
            Field::new("outcome", ui.t("complaint-outcome"), Input::Select(outcomes.collect()))
                .value(or(typed, "outcome", ""))
                .required(),
            Field::new("note", ui.t("complaint-found"), Input::Area)
                .value(or(typed, "note", ""))
                .hint(ui.t("complaint-found-hint"))
                .required(),
            Field::new("improvement", ui.t("complaint-improvement"), Input::Area)
                .value(or(typed, "improvement", ""))
                .hint(ui.t("complaint-improvement-hint")),
            Field::new("told_on", ui.t("complaint-told-on"), Input::Date)
                .value(or(typed, "told_on", &today))
                .required(),
            Field::new("told_way", ui.t("complaint-told-way"), ways(&ui))
                .value(or(typed, "told_way", found.content.way.as_str()))
                .required(),
        ],
        buttons: vec![Button::submit(Look::Primary, ui.t("complaint-answer")).icon(Icon::Check)],
        back: tab_of(id),
        ..FormPage::default()
    };
    page.draw(visit, refused)
}

fn read_answer(typed: &Fields, today: Date) -> Result<Answer, Refused> {
    let mut wrong: Vec<FieldError> = Vec::new();
    let outcome = typed.first("outcome").and_then(Outcome::parse);
    if outcome.is_none() {
        wrong.push(FieldError::choice("outcome", typed.first("outcome").unwrap_or("")));
    }
    let told_way = word(typed, "told_way", Way::parse, Way::Phone, &mut wrong);
    let told_on = date(typed, "told_on", &mut wrong).unwrap_or(today);
    match outcome {
        Some(outcome) if wrong.is_empty() => Ok(Answer {
            outcome,
            note: text(typed, "note"),
            improvement: text(typed, "improvement"),
            told_on,
            told_way,
        }),
        Some(_) | None => Err(Refused::form(wrong)),
    }
}

async fn answer(Path(key): Path<Key>, posted: Posted<AnswerForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("complaint.answer").await?;
    let done: Result<(), ActionError> = match read_answer(&posted.fields, work.business_date) {
        Ok(answer) => actions::answer(&mut work, key, &answer).await,
        Err(refused) => Err(refused.into()),
    };
    match posted.finish(work, done, tab_of(key.0)).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw_answer(&posted.visit, key, &posted.fields, Some(&refused)).await,
    }
}
