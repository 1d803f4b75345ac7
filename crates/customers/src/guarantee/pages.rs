//! Pages of the register of guarantees: entering one, recording what became of it.

use axum::extract::Path;
use axum::response::Response;
use finance::Fen;
use jiff::civil::Date;
use platform::error::{FieldError, Refused};
use platform::id::CustomerId;
use platform::page::{Button, Choice, Field, Icon, Input, Look, Ui};
use platform::policies;
use platform::web::{Fields, FormPage, Posted, Routes, Visit, WebError};
use policy::{FactType, Unit, Value};

use super::list::side_word;
use super::model::{GuaranteeId, NewGuarantee, Side, StepKind};
use super::{actions, data, rules, tab_of};
use crate::customer::actions::load_within;
use crate::customer::store::filled;
use crate::datum::form::{date, word};
use crate::datum::item;
use crate::lead::policy::choices;
use crate::{EDIT, VIEW};

platform::form_fields! {
    /// A guarantee; sums in yuan.
    GuaranteeForm: "side", "kind", "number", "beneficiary", "debtor", "amount", "cover", "from", "until", "project",
        "purpose"
}

platform::form_fields! {
    /// What became of a guarantee; a sum in yuan.
    StepForm: "deed", "amount", "on", "note"
}

/// The pages about guarantees.
pub(super) fn routes() -> Routes {
    Routes::new()
        .data::<data::GuaranteesData, _, _>("/customers/{id}/guarantees", VIEW, data::guarantees)
        .get("/customers/{id}/guarantees/new", EDIT, new_page)
        .post("/customers/{id}/guarantees/new", EDIT, enter)
        .get("/customers/{id}/guarantees/{guarantee}/step", EDIT, step_page)
        .post("/customers/{id}/guarantees/{guarantee}/step", EDIT, take_step)
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
    let customer = load_within(&mut work, id, EDIT).await?;
    let on = work.business_date;
    let policy = policies::in_force(&mut work, on).await?;
    let kinds = actions::kinds(&policy, on, customer.kind)?;
    let kinds = Input::Select(choices(&ui, &policy, "guarantee_kind", kinds.iter().map(String::as_str)));
    let sides = Side::ALL.iter().map(|side| Choice::new(side.as_str(), side_word(&ui, *side)));
    let or = |name: &str, otherwise: &str| typed.first(name).unwrap_or(otherwise).to_owned();
    let field = |name: &'static str, label: &str, input| Field::new(name, ui.t(label), input).value(or(name, ""));
    let yuan = ui.t("datum-in-yuan");
    let page = FormPage {
        active: "customers",
        title: ui.t("guarantee-new"),
        subtitle: customer.name,
        action: format!("/customers/{id}/guarantees/new"),
        fields: vec![
            Field::new("side", ui.t("guarantee-side"), Input::Select(sides.collect()))
                .value(or("side", Side::ForCustomer.as_str()))
                .required(),
            field("kind", "guarantee-kind", kinds).required(),
            field("number", "guarantee-number", Input::Text).required(),
            field("beneficiary", "guarantee-beneficiary", Input::Text).required(),
            field("debtor", "guarantee-debtor", Input::Text).hint(ui.t("guarantee-debtor-hint")),
            field("amount", "guarantee-amount", Input::Money).hint(yuan).required(),
            field("cover", "guarantee-cover", Input::Money).hint(ui.t("guarantee-cover-hint")),
            Field::new("from", ui.t("guarantee-from"), Input::Date).value(or("from", &on.to_string())).required(),
            field("until", "guarantee-until", Input::Date).required(),
            field("project", "guarantee-project", Input::Text),
            field("purpose", "guarantee-purpose", Input::Text).required(),
        ],
        buttons: vec![Button::submit(Look::Primary, ui.t("guarantee-new")).icon(Icon::Check)],
        back: tab_of(id),
        ..FormPage::default()
    };
    page.draw(visit, refused)
}

/// A sum in yuan; a complaint where it is none.
fn money(typed: &Fields, name: &'static str, wrong: &mut Vec<FieldError>) -> Option<Fen> {
    let text = filled(typed.first(name))?;
    match item::read(name, &FactType::natural(Unit::Fen), &text) {
        Some(Value::Integer(fen)) => Some(Fen(fen)),
        Some(_) | None => {
            wrong.push(FieldError::new(name, "datum-value").with("found", text));
            None
        }
    }
}

fn read(typed: &Fields, today: Date) -> Result<NewGuarantee, Refused> {
    let mut wrong: Vec<FieldError> = Vec::new();
    let side = word(typed, "side", Side::parse, Side::ForCustomer, &mut wrong);
    let amount = money(typed, "amount", &mut wrong).unwrap_or_default();
    let cover = money(typed, "cover", &mut wrong).unwrap_or_default();
    let from = date(typed, "from", &mut wrong).unwrap_or(today);
    let until = match date(typed, "until", &mut wrong) {
        Some(until) => until,
        None => {
            if filled(typed.first("until")).is_none() {
                wrong.push(FieldError::new("until", "field-empty"));
            }
            from
        }
    };
    if !wrong.is_empty() {
        return Err(Refused::form(wrong));
    }
    let text = |name: &str| filled(typed.first(name)).unwrap_or_default();
    Ok(NewGuarantee {
        side,
        kind: text("kind"),
        number: text("number"),
        beneficiary: text("beneficiary"),
        debtor: text("debtor"),
        amount,
        cover,
        from,
        until,
        project: text("project"),
        purpose: text("purpose"),
    })
}

async fn enter(Path(id): Path<CustomerId>, posted: Posted<GuaranteeForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("guarantee.enter").await?;
    let done = match read(&posted.fields, work.business_date) {
        Ok(new) => actions::enter(&mut work, id, &new).await,
        Err(refused) => Err(refused.into()),
    };
    match posted.finish(work, done, tab_of(id)).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw_new(&posted.visit, id, &posted.fields, Some(&refused)).await,
    }
}

type Key = (CustomerId, GuaranteeId);

async fn step_page(visit: Visit, Path(key): Path<Key>) -> Result<Response, WebError> {
    draw_step(&visit, key, &Fields::default(), None).await
}

/// What may become of it, in words.
fn deeds(ui: &Ui, possible: &[StepKind]) -> Input {
    let choice = |kind: &StepKind| Choice::new(kind.as_str(), ui.t(format!("guarantee-step-{}", kind.as_str())));
    Input::Select(possible.iter().map(choice).collect())
}

async fn draw_step(
    visit: &Visit,
    (id, key): Key,
    typed: &Fields,
    refused: Option<&Refused>,
) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let customer = load_within(&mut work, id, EDIT).await?;
    let found = actions::find(&mut work, id, key).await?;
    let on = work.business_date;
    let or = |name: &str, otherwise: &str| typed.first(name).unwrap_or(otherwise).to_owned();
    let page = FormPage {
        active: "customers",
        title: ui.t("guarantee-step"),
        subtitle: format!("{} · {}", customer.name, found.content.number),
        action: format!("/customers/{id}/guarantees/{key}/step"),
        fields: vec![
            Field::new("deed", ui.t("guarantee-deed"), deeds(&ui, &rules::possible(&found, on)))
                .value(or("deed", ""))
                .required(),
            Field::new("amount", ui.t("guarantee-step-amount"), Input::Money)
                .value(or("amount", ""))
                .hint(ui.t("guarantee-step-amount-hint")),
            Field::new("on", ui.t("guarantee-happened-on"), Input::Date).value(or("on", &on.to_string())).required(),
            Field::new("note", ui.t("guarantee-ground"), Input::Text)
                .value(or("note", ""))
                .hint(ui.t("guarantee-ground-hint"))
                .required(),
        ],
        buttons: vec![Button::submit(Look::Primary, ui.t("guarantee-step")).icon(Icon::Check)],
        back: tab_of(id),
        ..FormPage::default()
    };
    page.draw(visit, refused)
}

/// What became of it, how much, when, and on what ground.
fn read_step(typed: &Fields, today: Date) -> Result<(StepKind, Option<Fen>, Date, String), Refused> {
    let mut wrong: Vec<FieldError> = Vec::new();
    let deed = typed.first("deed").and_then(StepKind::parse);
    if deed.is_none() {
        wrong.push(FieldError::choice("deed", typed.first("deed").unwrap_or("")));
    }
    let amount = money(typed, "amount", &mut wrong);
    let on = date(typed, "on", &mut wrong).unwrap_or(today);
    match deed {
        Some(deed) if wrong.is_empty() => Ok((deed, amount, on, filled(typed.first("note")).unwrap_or_default())),
        Some(_) | None => Err(Refused::form(wrong)),
    }
}

async fn take_step(Path(key): Path<Key>, posted: Posted<StepForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("guarantee.step").await?;
    let done = match read_step(&posted.fields, work.business_date) {
        Ok((deed, amount, on, note)) => actions::step(&mut work, key, (deed, amount), (on, &note)).await,
        Err(refused) => Err(refused.into()),
    };
    match posted.finish(work, done, tab_of(key.0)).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw_step(&posted.visit, key, &posted.fields, Some(&refused)).await,
    }
}
