//! The page of what-if questions: what is asked stands in the address, so that it can be sent to somebody.

use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use finance::TransactionKind;
use jiff::civil::Date;
use platform::error::{ActionError, FieldError, Refused};
use platform::page::{Button, Choice, Field, Html, Input, Look, Page, Tab, Ui};
use platform::web::{Routes, Visit, WebError, refusal_box};
use platform::work::Work;

use super::model::{MODES, SCOPES, WhatIf, WhatIfForm};
use super::view;
use crate::change::actions as change;
use crate::change::model::{Trial, refuse_ended};
use crate::change::pages::complaint;
use crate::extension::actions::{check_rate, check_until};
use crate::loan::pages::{Asked, Looked, look};

/// Where the page is.
pub fn routes() -> Routes {
    Routes::new().get("/loans/{id}/what-if", "loan.view", show).data::<super::data::WhatIfData, _, _>(
        "/loans/{id}/what-if",
        "loan.view",
        super::data::what_if,
    )
}

#[derive(Template)]
#[template(path = "what_if/show.html")]
struct Body {
    ui: Ui,
    id: String,
    kind: &'static str,
    tabs: Html,
    summary: Html,
    fields: Vec<Html>,
    submit: Html,
    answer: Html,
}

async fn show(visit: Visit, Path(id): Path<String>, Query(asked): Query<WhatIfForm>) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let looked = look(&mut work, &id, &Asked::default()).await?;
    let kind = WhatIf::parse(&asked.kind);
    let answer =
        if asked.on.is_empty() { Ok(view::nothing(&ui)) } else { answer(&ui, &mut work, &looked, &asked).await? };
    let (answer, wrong) = match answer {
        Ok(answer) => (answer, Vec::new()),
        Err(wrong) => (view::nothing(&ui), wrong),
    };
    let mut fields = fields(&ui, &looked, kind, &asked);
    crate::error::mark(&ui, &mut fields, &wrong);
    let body = Body {
        kind: kind.name(),
        tabs: tabs(&ui, &id, kind),
        summary: ui.error_summary(&fields),
        fields: fields.iter().map(|field| ui.field(field)).collect(),
        submit: ui.button(Button::submit(Look::Primary, ui.t("what-if-compute"))),
        answer,
        ui: ui.clone(),
        id: id.clone(),
    };
    let back = Button::link(Look::Secondary, ui.t("back-to-loan"), format!("/loans/{id}"));
    let page = Page::new(ui.t("what-if-title"), "loans")
        .subtitle(format!("{} · {}", looked.customer, looked.file.loan.number))
        .actions(ui.button(back));
    let mut response = visit.page(&page, &body)?;
    if !wrong.is_empty() {
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    }
    Ok(response)
}

/// The loan before and after what is asked, or what is wrong with the question.
async fn answer(
    ui: &Ui,
    work: &mut Work,
    looked: &Looked,
    asked: &WhatIfForm,
) -> Result<Result<Html, Vec<FieldError>>, WebError> {
    let (on, kind) = match asked.read(ui.business_date) {
        Ok(read) => read,
        Err(wrong) => return Ok(Err(wrong)),
    };
    let barred = barred(work, looked, &kind).await?;
    Ok(tried(looked, on, kind)?.map(|trial| {
        let warning = barred.map(|refused| refusal_box(ui, &refused)).unwrap_or_default();
        Html::join([warning, view::answer(ui, on, &trial)])
    }))
}

/// The loan with and without it, or what is wrong with the question.
pub(super) fn tried(
    looked: &Looked,
    on: Date,
    kind: TransactionKind,
) -> Result<Result<Trial, Vec<FieldError>>, ActionError> {
    let tried =
        refuse_ended(&looked.file, &looked.position).and_then(|()| Trial::of(&looked.engine, &looked.file, on, kind));
    match tried {
        Ok(trial) => Ok(Ok(trial)),
        Err(refused) => Ok(Err(complaint(refused.into(), field_of)?)),
    }
}

/// What the policy of today would refuse of it: the question is answered all the same, and says so.
pub(super) async fn barred(
    work: &mut Work,
    looked: &Looked,
    kind: &TransactionKind,
) -> Result<Option<Refused>, WebError> {
    let policy = change::policy(work).await?;
    let edition = policy.edition(work.business_date);
    let (until, rate) = match kind {
        TransactionKind::Extend(wanted) => (Some(wanted.until), wanted.rate),
        TransactionKind::ChangeRate { rate } => (None, Some(*rate)),
        _ => (None, None),
    };
    let until = until.map(|until| check_until(&looked.engine, edition, &looked.file, until).map(drop));
    let rate = rate.map(|rate| check_rate(edition, &looked.file, rate));
    for checked in [until, rate].into_iter().flatten() {
        match checked {
            Ok(()) => {}
            Err(ActionError::Refused(refused)) => return Ok(Some(*refused)),
            Err(error @ (ActionError::Store(_) | ActionError::Internal(_))) => return Err(error.into()),
        }
    }
    Ok(None)
}

/// The field that a refusal is about.
fn field_of(code: &str) -> Option<&'static str> {
    match code {
        "replay.not-later" => Some("until"),
        "terms.rate-out-of-range" => Some("rate"),
        "amount-not-positive" | "replay.does-not-settle" => Some("amount"),
        "terms.date-out-of-range" => Some("on"),
        _ => None,
    }
}

fn tabs(ui: &Ui, id: &str, kind: WhatIf) -> Html {
    let own = WhatIf::ALL.map(|one| Tab {
        text: ui.t(format!("what-if-{}", one.name())),
        href: format!("/loans/{id}/what-if?kind={}", one.name()),
        active: one == kind,
        ..Tab::default()
    });
    let settle = Tab { text: ui.t("quote-title"), href: format!("/loans/{id}/quote"), ..Tab::default() };
    ui.tabs(own.into_iter().chain([settle]).collect::<Vec<_>>())
}

fn fields(ui: &Ui, looked: &Looked, kind: WhatIf, asked: &WhatIfForm) -> Vec<Field> {
    let or = |typed: &str, usual: &str| if typed.is_empty() { usual.to_owned() } else { typed.to_owned() };
    let today = ui.business_date.to_string();
    let on = Field::new("on", ui.t("what-if-on"), Input::Date).value(or(&asked.on, &today)).required();
    let rate = Field::new("rate", ui.t("what-if-new-rate"), Input::Number).value(&asked.rate);
    match kind {
        WhatIf::Prepay => {
            let modes = MODES.map(|(name, _)| Choice::new(name, ui.t(format!("mode-{name}")))).to_vec();
            let mode = or(&asked.mode, MODES[0].0);
            vec![
                Field::new("amount", ui.t("repayment-amount"), Input::Money).value(&asked.amount).required(),
                on,
                Field::new("mode", ui.t("repayment-mode"), Input::Radio(modes)).value(mode),
            ]
        }
        WhatIf::Rate => {
            let now = platform::locale::rate_percent(looked.position.yearly_e9);
            vec![rate.required().hint(ui.t1("what-if-rate-now", "rate", now)), on]
        }
        WhatIf::Extend => {
            let scopes = SCOPES.map(|(name, _)| Choice::new(name, ui.t(format!("extension-scope-{name}")))).to_vec();
            let hint = ui.t1("what-if-maturity", "on", looked.position.maturity_on);
            let scope = or(&asked.scope, SCOPES[0].0);
            vec![
                Field::new("until", ui.t("extension-until"), Input::Date).value(&asked.until).required().hint(hint),
                on,
                Field::new("scope", ui.t("extension-scope"), Input::Radio(scopes)).value(scope),
                rate.hint(ui.t("what-if-rate-optional")),
            ]
        }
    }
}
