//! The form that proposes a reward or a penalty, and one of them.

use axum::extract::{Path, Query};
use axum::response::Response;
use finance::Fen;
use platform::approval;
use platform::error::{ActionError, FieldError, Refused};
use platform::page::{Button, Choice, Field, Html, Icon, Input, Look, Page};
use platform::policies;
use platform::web::{Fields, FormPage, Posted, Routes, Visit, WebError};
use serde::Deserialize;

use super::actions::HOUSE;
use super::list::{last_month, rate, state_badge};
use super::model::{MeritState, Wish};
use super::{LIST, MERIT_CARRY_OUT, MERIT_PROPOSE, MERIT_VIEW, actions, data, kind_title, page_of};
use crate::measure::figures;

platform::form_fields! {
    /// What is proposed.
    MeritForm: "person", "kind", "amount", "reason", "figures_from", "figures_to", "rectify_by"
}
platform::form_fields! {
    /// How it was paid or carried out.
    DoneForm: "note"
}

platform::form_fields! {
    /// Nothing to fill in.
    WithdrawForm:
}

/// The form and one of them.
pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/collections/merits/new", MERIT_PROPOSE, new_page)
        .post("/collections/merits/new", MERIT_PROPOSE, create)
        .get("/collections/merits/{id}", MERIT_VIEW, show)
        .data::<data::MeritData, _, _>("/collections/merits/{id}", MERIT_VIEW, data::merit)
        .post("/collections/merits/{id}/withdraw", MERIT_PROPOSE, withdraw)
        .get("/collections/merits/{id}/done", MERIT_CARRY_OUT, done_page)
        .post("/collections/merits/{id}/done", MERIT_CARRY_OUT, done)
}

/// What a link to the form fills in.
#[derive(Debug, Default, Deserialize)]
struct Begun {
    #[serde(default)]
    person: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    figures_from: String,
    #[serde(default)]
    figures_to: String,
}

async fn new_page(visit: Visit, Query(begun): Query<Begun>) -> Result<Response, WebError> {
    let days = [("figures_from", begun.figures_from), ("figures_to", begun.figures_to)];
    let pairs = [("person", begun.person), ("kind", begun.kind)].into_iter().chain(days);
    let filled = pairs.filter(|(_, value)| !value.is_empty());
    let typed = Fields::new(filled.map(|(name, value)| (name.to_owned(), value)).collect());
    draw_new(&visit, &typed, None).await
}

async fn draw_new(visit: &Visit, typed: &Fields, refused: Option<&Refused>) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    let scope = work.authorise(MERIT_PROPOSE).map_err(ActionError::from)?;
    let on = work.business_date;
    let policy = policies::in_force(&mut work, on).await?;
    let kinds = actions::kinds(policy.edition(on))?;
    let users = platform::access::store::users(&mut work.tx, scope.branch, 1_000, 0).await?;
    let people = users.into_iter().map(|user| Choice::new(user.id.to_string(), user.name)).collect();
    let choice = |kind: &super::model::Kind| {
        let side = ui.t(format!("merit-side-{}", kind.side.as_str()));
        Choice::new(&kind.id, format!("{side} · {}", kind_title(&ui, &policy, &kind.id)))
    };
    let period = last_month(on);
    let value = |name: &str, known: String| typed.first(name).map_or(known, str::to_owned);
    let none = String::new;
    let field = |name: &str, label: &str, input: Input, known: String| {
        Field::new(name, ui.t(label), input).value(value(name, known))
    };
    let form = FormPage {
        active: "merits",
        title: ui.t("merit-new"),
        subtitle: ui.t("merit-note"),
        action: format!("{LIST}/new"),
        fields: vec![
            field("person", "merit-person", Input::Select(people), none()).required(),
            field("kind", "merit-kind", Input::Select(kinds.iter().map(choice).collect()), none()).required(),
            field("figures_from", "measure-from", Input::Date, period.from.to_string()).required(),
            field("figures_to", "measure-to", Input::Date, period.to.to_string())
                .hint(ui.t("merit-period-hint"))
                .required(),
            field("amount", "merit-amount", Input::Money, none()).hint(ui.t("merit-amount-hint")),
            field("rectify_by", "merit-rectify-by", Input::Date, none()).hint(ui.t("merit-rectify-hint")),
            field("reason", "merit-reason", Input::Area, none()).required(),
        ],
        note: Html::new(),
        buttons: vec![Button::submit(Look::Primary, ui.t("merit-submit")).icon(Icon::Check)],
        back: LIST.to_owned(),
    };
    form.draw(visit, refused)
}

fn read(fields: &Fields, today: jiff::civil::Date) -> Result<Wish, Refused> {
    let text = |name: &str| fields.first(name).unwrap_or_default().trim().to_owned();
    let mut wrong = Vec::new();
    let amount = match text("amount").as_str() {
        "" => None,
        typed => typed
            .parse::<Fen>()
            .map_err(|_| FieldError::new("amount", "amount-unreadable").with("text", typed))
            .map(Some)
            .unwrap_or_else(|error| {
                wrong.push(error);
                None
            }),
    };
    let rectify_by = match text("rectify_by").as_str() {
        "" => None,
        typed => {
            let on = typed.parse().ok();
            if on.is_none() {
                wrong.push(FieldError::new("rectify_by", "date-unreadable").with("text", typed));
            }
            on
        }
    };
    let person = text("person").parse().ok();
    if person.is_none() {
        wrong.push(FieldError::new("person", "choice-invalid"));
    }
    match (person, wrong.is_empty()) {
        (Some(person), true) => Ok(Wish {
            person,
            kind: text("kind"),
            amount,
            reason: text("reason"),
            period: figures::period(&text("figures_from"), &text("figures_to"), today)?,
            rectify_by,
        }),
        _ => Err(Refused::form(wrong)),
    }
}

async fn create(posted: Posted<MeritForm>) -> Result<Response, WebError> {
    let wish = match read(&posted.fields, posted.visit.business_date) {
        Ok(wish) => wish,
        Err(refused) => return draw_new(&posted.visit, &posted.fields, Some(&refused)).await,
    };
    let mut work = posted.begin("merit.propose").await?;
    let done = actions::propose(&mut work, &wish).await;
    let place = done.as_ref().map(page_of).unwrap_or_default();
    match posted.finish(work, done, place).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw_new(&posted.visit, &posted.fields, Some(&refused)).await,
    }
}

async fn show(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    let one = actions::load(&mut work, &id, MERIT_VIEW).await?;
    let names = crate::people(&mut work).await?;
    let on = work.business_date;
    let policy = policies::in_force(&mut work, on).await?;
    let name = |user| names.get(&user).cloned().unwrap_or_default();
    let money = |amount: Fen| ui.money(amount);
    let mut rows = vec![
        ("merit-state", state_badge(&ui, one.state).0),
        ("merit-person", Html::of_text(name(one.person))),
        ("merit-kind", Html::of_text(kind_title(&ui, &policy, &one.kind))),
        ("merit-amount", ui.money_or_dash(one.amount)),
        ("merit-reason", Html::of_text(&one.reason)),
        ("measure-from", ui.date(one.period.from)),
        ("measure-to", ui.date(one.period.to)),
        ("measure-opening", money(one.figures.opening)),
        ("measure-fresh", money(one.figures.fresh)),
        ("measure-recovered", money(one.figures.recovered)),
        ("measure-recovery-rate", Html::of_text(rate(&ui, &one.figures))),
        ("merit-rectify-by", ui.date_or_dash(one.rectify_by)),
        ("merit-by", Html::of_text(name(one.by))),
        ("merit-made-on", ui.date(one.made_on)),
    ];
    if let Some((done_on, note)) = &one.done {
        rows.push(("merit-done-on", ui.date(*done_on)));
        rows.push(("merit-done-note", Html::of_text(note)));
    }
    let mut body = Html::new();
    body.raw("<section class=\"panel\"><dl class=\"facts panel-body\">");
    for (label, value) in &rows {
        body.raw("<dt>").text(ui.t(label)).raw("</dt><dd>").push(value).raw("</dd>");
    }
    body.raw("</dl>");
    if one.state == MeritState::Proposed && visit.actor.user == Some(one.by) {
        let action = format!("{}/withdraw", page_of(one.id));
        body.raw("<form class=\"panel-foot\" method=\"post\" data-once").attr("action", action).raw(">");
        body.push(&ui.guard(visit.guard()));
        body.push(&ui.button(Button::submit(Look::Small, ui.t("merit-withdraw")).icon(Icon::ArrowBackUp)))
            .raw("</form>");
    }
    body.raw("</section>");
    let mut buttons = vec![Button::link(Look::Secondary, ui.t("merit-back"), LIST).icon(Icon::ArrowLeft)];
    if let Some(approval) = one.approval {
        let page = approval::page_for(&mut work, HOUSE, approval).await?;
        buttons.extend(page.map(|href| Button::link(Look::Secondary, ui.t("approval-open-page"), href)));
    }
    if one.state == MeritState::Approved && visit.may(MERIT_CARRY_OUT) {
        let href = format!("{}/done", page_of(one.id));
        buttons.push(Button::link(Look::Primary, ui.t("merit-carry-out"), href).icon(Icon::Check));
    }
    let page = Page::new(one.number.clone(), "merits").subtitle(ui.t("merit-title")).actions(ui.buttons(&buttons));
    visit.page_of(&page, &body)
}

async fn withdraw(Path(id): Path<String>, posted: Posted<WithdrawForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("merit.withdraw").await?;
    let id = actions::withdraw(&mut work, &id).await?;
    posted.done(work, page_of(id)).await
}

async fn done_page(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    draw_done(&visit, &id, &Fields::default(), None).await
}

async fn draw_done(visit: &Visit, id: &str, typed: &Fields, refused: Option<&Refused>) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    let one = actions::load(&mut work, id, MERIT_CARRY_OUT).await?;
    let form = FormPage {
        active: "merits",
        title: ui.t("merit-carry-out"),
        subtitle: one.number.clone(),
        action: format!("{}/done", page_of(one.id)),
        fields: vec![
            Field::new("note", ui.t("merit-done-note"), Input::Area)
                .value(typed.first("note").unwrap_or_default())
                .hint(ui.t("merit-done-hint"))
                .required(),
        ],
        note: Html::new(),
        buttons: vec![Button::submit(Look::Primary, ui.t("guard-save")).icon(Icon::Check)],
        back: page_of(one.id),
    };
    form.draw(visit, refused)
}

async fn done(Path(id): Path<String>, posted: Posted<DoneForm>) -> Result<Response, WebError> {
    let note = posted.fields.first("note").unwrap_or_default();
    let mut work = posted.begin("merit.carry_out").await?;
    let done = actions::carry_out(&mut work, &id, note).await;
    let place = done.as_ref().map(page_of).unwrap_or_default();
    match posted.finish(work, done, place).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw_done(&posted.visit, &id, &posted.fields, Some(&refused)).await,
    }
}
