//! The forms that record, correct and check a cost.

use axum::extract::Path;
use axum::response::Response;
use finance::Fen;
use jiff::civil::Date;
use platform::error::{ActionError, FieldError, Refused};
use platform::page::{Button, Choice, Field, Html, Icon, Input, Look, Tone, Ui};
use platform::policies;
use platform::web::{Fields, FormPage, Posted, Routes, Visit, WebError};
use platform::work::Work;

use super::model::{Cost, NewCost};
use super::{COST_CHECK, COST_RECORD, LIST, actions, kind_title};
use crate::case::actions as cases;

platform::form_fields! {
    /// What is recorded of a cost.
    CostForm: "kind", "amount", "spent_on", "note"
}
platform::form_fields! {
    /// What a checker says of a cost.
    CheckForm: "accepted", "opinion"
}

/// The forms.
pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/collections/cases/{id}/costs/new", COST_RECORD, new_page)
        .post("/collections/cases/{id}/costs/new", COST_RECORD, create)
        .get("/collections/costs/{cost}/correct", COST_RECORD, correct_page)
        .post("/collections/costs/{cost}/correct", COST_RECORD, correct)
        .get("/collections/costs/{cost}/check", COST_CHECK, check_page)
        .post("/collections/costs/{cost}/check", COST_CHECK, check)
}

/// Reads the form, or says everything that is wrong with it at once.
fn read(fields: &Fields) -> Result<NewCost, Refused> {
    let text = |name: &str| fields.first(name).unwrap_or_default().trim().to_owned();
    let (amount, spent) = (text("amount").parse::<Fen>(), text("spent_on").parse::<Date>());
    match (amount, spent) {
        (Ok(amount), Ok(spent_on)) => Ok(NewCost { kind: text("kind"), amount, spent_on, note: text("note") }),
        (amount, spent) => {
            let mut wrong = Vec::new();
            if amount.is_err() {
                wrong.push(FieldError::new("amount", "amount-unreadable").with("text", text("amount")));
            }
            if spent.is_err() {
                wrong.push(FieldError::new("spent_on", "date-unreadable").with("text", text("spent_on")));
            }
            Err(Refused::form(wrong))
        }
    }
}

async fn fields(work: &mut Work, ui: &Ui, typed: &Fields, old: Option<&Cost>) -> Result<Vec<Field>, ActionError> {
    let on = work.business_date;
    let policy = policies::in_force(work, on).await?;
    let kinds = actions::kinds(policy.edition(on))?;
    let choices = kinds.iter().map(|kind| Choice::new(kind, kind_title(ui, &policy, kind))).collect();
    let value = |name: &str, known: String| typed.first(name).map_or(known, str::to_owned);
    let of = |known: fn(&Cost) -> String| old.map(known).unwrap_or_default();
    let spent = old.map_or(on, |cost| cost.spent_on).to_string();
    let note = if old.is_some() { "cost-correct-note" } else { "cost-note" };
    Ok(vec![
        Field::new("kind", ui.t("cost-kind"), Input::Select(choices))
            .value(value("kind", of(|cost| cost.kind.clone())))
            .required(),
        Field::new("amount", ui.t("cost-amount"), Input::Money)
            .value(value("amount", of(|cost| cost.amount.to_string())))
            .required(),
        Field::new("spent_on", ui.t("cost-spent-on"), Input::Date).value(value("spent_on", spent)).required(),
        Field::new("note", ui.t(note), Input::Area)
            .value(value("note", String::new()))
            .hint(ui.t("cost-note-hint"))
            .required(),
    ])
}

async fn new_page(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    draw_new(&visit, &id, &Fields::default(), None).await
}

async fn draw_new(visit: &Visit, id: &str, typed: &Fields, refused: Option<&Refused>) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    let key = cases::parse(id).map_err(ActionError::from)?;
    let case = cases::load(&mut work, key, COST_RECORD).await?;
    let form = FormPage {
        active: "costs",
        title: ui.t("cost-new"),
        subtitle: case.number.clone(),
        action: format!("/collections/cases/{}/costs/new", case.key.case),
        fields: fields(&mut work, &ui, typed, None).await?,
        note: ui.note(Tone::Info, Icon::InfoCircle, Html::of_text(ui.t("cost-check-note"))),
        buttons: vec![Button::submit(Look::Primary, ui.t("guard-save")).icon(Icon::Check)],
        back: format!("/collections/cases/{}", case.key.case),
    };
    form.draw(visit, refused)
}

async fn create(Path(id): Path<String>, posted: Posted<CostForm>) -> Result<Response, WebError> {
    let new = match read(&posted.fields) {
        Ok(new) => new,
        Err(refused) => return draw_new(&posted.visit, &id, &posted.fields, Some(&refused)).await,
    };
    let mut work = posted.begin("cost.record").await?;
    let key = cases::parse(&id).map_err(ActionError::from)?;
    let done = actions::record(&mut work, key, &new).await;
    match posted.finish(work, done, format!("{LIST}?view=all")).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw_new(&posted.visit, &id, &posted.fields, Some(&refused)).await,
    }
}

async fn correct_page(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    draw_correct(&visit, &id, &Fields::default(), None).await
}

async fn draw_correct(
    visit: &Visit,
    id: &str,
    typed: &Fields,
    refused: Option<&Refused>,
) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    let cost = actions::load(&mut work, id, COST_RECORD).await?;
    let form = FormPage {
        active: "costs",
        title: ui.t("cost-correct"),
        subtitle: format!("{} · {}", ui.yuan(cost.amount), cost.spent_on),
        action: format!("{LIST}/{}/correct", cost.id),
        fields: fields(&mut work, &ui, typed, Some(&cost)).await?,
        note: ui.note(Tone::Info, Icon::InfoCircle, Html::of_text(ui.t("cost-correct-hint"))),
        buttons: vec![Button::submit(Look::Primary, ui.t("guard-save")).icon(Icon::Check)],
        back: LIST.to_owned(),
    };
    form.draw(visit, refused)
}

async fn correct(Path(id): Path<String>, posted: Posted<CostForm>) -> Result<Response, WebError> {
    let new = match read(&posted.fields) {
        Ok(new) => new,
        Err(refused) => return draw_correct(&posted.visit, &id, &posted.fields, Some(&refused)).await,
    };
    let mut work = posted.begin("cost.correct").await?;
    let done = actions::correct(&mut work, &id, &new).await;
    match posted.finish(work, done, format!("{LIST}?view=all")).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw_correct(&posted.visit, &id, &posted.fields, Some(&refused)).await,
    }
}

async fn check_page(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    draw_check(&visit, &id, &Fields::default(), None).await
}

async fn draw_check(visit: &Visit, id: &str, typed: &Fields, refused: Option<&Refused>) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    let cost = actions::load(&mut work, id, COST_CHECK).await?;
    let on = work.business_date;
    let policy = policies::in_force(&mut work, on).await?;
    let kind = kind_title(&ui, &policy, &cost.kind);
    let about = format!("{kind} · {} · {} · {}", ui.yuan(cost.amount), cost.spent_on, cost.note);
    let verdicts = ["yes", "no"].map(|one| Choice::new(one, ui.t(format!("cost-verdict-{one}"))));
    let value = |name: &str| typed.first(name).unwrap_or_default().to_owned();
    let form = FormPage {
        active: "costs",
        title: ui.t("cost-check"),
        subtitle: kind.clone(),
        action: format!("{LIST}/{}/check", cost.id),
        fields: vec![
            Field::new("accepted", ui.t("cost-verdict"), Input::Radio(verdicts.to_vec()))
                .value(value("accepted"))
                .required(),
            Field::new("opinion", ui.t("cost-opinion"), Input::Area).value(value("opinion")),
        ],
        note: ui.note(Tone::Info, Icon::InfoCircle, Html::of_text(about)),
        buttons: vec![Button::submit(Look::Primary, ui.t("guard-save")).icon(Icon::Check)],
        back: LIST.to_owned(),
    };
    form.draw(visit, refused)
}

async fn check(Path(id): Path<String>, posted: Posted<CheckForm>) -> Result<Response, WebError> {
    let accepted = match posted.fields.first("accepted") {
        Some("yes") => true,
        Some("no") => false,
        Some(_) | None => {
            let refused = Refused::form(vec![FieldError::new("accepted", "choice-invalid")]);
            return draw_check(&posted.visit, &id, &posted.fields, Some(&refused)).await;
        }
    };
    let opinion = posted.fields.first("opinion").unwrap_or_default();
    let mut work = posted.begin("cost.check").await?;
    let done = actions::decide(&mut work, &id, accepted, opinion).await;
    match posted.finish(work, done, LIST).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw_check(&posted.visit, &id, &posted.fields, Some(&refused)).await,
    }
}
