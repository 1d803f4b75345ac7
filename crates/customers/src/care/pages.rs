//! Pages of care: making a plan, mending one, one plan, its review, a contact.

use axum::extract::{Path, Query};
use axum::response::Response;
use platform::error::{ActionError, Refused};
use platform::id::CustomerId;
use platform::page::{Button, Html, Icon, Look, Page, Ui};
use platform::policies;
use platform::web::{Fields, FormPage, Posted, Routes, Visit, WebError};
use platform::work::Work;
use serde::Deserialize;

use super::form::{self, ItemsForm};
use super::model::{Item, Plan, PlanState, Said, Step};
use super::{LIST, RECORD, actions, contact, data, list, page_of, policy, tab_of, wake};
use crate::VIEW;
use crate::customer::actions::load_within;
use crate::customer::model::Customer;
use crate::customer::store::{names, user_names};
use crate::lead::policy::title;
use crate::sorting::view::{facts, link, panel};
use crate::standing::why::{axis_title, outcome_title};

platform::form_fields! {
    /// A contact of care.
    ContactForm: "way", "happened_on", "content", "response", "followup"
}

/// The pages of care.
pub(super) fn routes() -> Routes {
    Routes::new()
        .data::<data::CareData, _, _>("/customers/{id}/care", VIEW, data::care)
        .get("/customers/{id}/care/new", RECORD, new_page)
        .post("/customers/{id}/care/new", RECORD, create)
        .get("/customers/{id}/care/contact", RECORD, contact_page)
        .post("/customers/{id}/care/contact", RECORD, enter)
        .get("/care-plans/{plan}", VIEW, show)
        .data::<data::PlanData, _, _>("/care-plans/{plan}", VIEW, data::plan)
        .get("/care-plans/{plan}/edit", RECORD, edit_page)
        .post("/care-plans/{plan}/edit", RECORD, mend)
        .get("/care-plans/{plan}/review", RECORD, review_page)
        .post("/care-plans/{plan}/review", RECORD, review)
}

/// Which kind of plan is made.
#[derive(Debug, Default, Deserialize)]
struct Asked {
    #[serde(default)]
    kind: String,
}

async fn items_of(work: &mut Work, kind: &str, customer: &Customer) -> Result<Vec<Item>, ActionError> {
    let on = work.business_date;
    let in_force = policies::in_force(work, on).await?;
    policy::items(&in_force, on, (kind, customer.kind))
}

async fn new_page(visit: Visit, Path(id): Path<CustomerId>, Query(asked): Query<Asked>) -> Result<Response, WebError> {
    draw_new(&visit, id, &asked.kind, &Fields::default(), None).await
}

async fn draw_new(
    visit: &Visit,
    id: CustomerId,
    kind: &str,
    typed: &Fields,
    refused: Option<&Refused>,
) -> Result<Response, WebError> {
    let mut work = visit.read().await?;
    let customer = load_within(&mut work, id, RECORD).await?;
    let action = platform::page::list::address(&format!("/customers/{id}/care/new"), &[("kind", kind)]);
    let form = Sheet { customer: &customer, kind, review: false, action, back: tab_of(id) };
    form.draw(visit, &mut work, typed, refused).await
}

/// A form of one part of a plan.
struct Sheet<'a> {
    customer: &'a Customer,
    kind: &'a str,
    review: bool,
    action: String,
    back: String,
}

impl Sheet<'_> {
    async fn draw(
        self,
        visit: &Visit,
        work: &mut Work,
        typed: &Fields,
        refused: Option<&Refused>,
    ) -> Result<Response, WebError> {
        let ui = visit.ui();
        let on = work.business_date;
        let in_force = policies::in_force(work, on).await?;
        let items = policy::items(&in_force, on, (self.kind, self.customer.kind))?;
        let mut fields = form::items(&ui, &in_force, &items, self.review, typed);
        let mut note = Html::new();
        if !self.review {
            fields.push(form::rhythm(&ui, typed));
            fields.push(form::steps(&ui, typed));
            let english = ui.lang() == platform::locale::Lang::En;
            let offered = in_force.edition(on).products(on);
            let product = |one: &::policy::Product| {
                let title = one.title.in_language(english);
                match one.nature.purposes.in_language(english) {
                    "" => title.to_owned(),
                    purposes => ui.t2("care-product", "product", title, "purposes", purposes),
                }
            };
            let products: Vec<String> = offered.map(product).collect();
            let said = ui.t1("care-products", "products", products.join(&ui.t("list-comma")));
            note.raw("<p class=\"hint\">").text(said).raw("</p>");
        }
        let word = if self.review { "care-review" } else { "care-submit" };
        let page = FormPage {
            active: "care",
            title: title(&ui, &in_force, "care_plan", self.kind),
            subtitle: self.customer.name.clone(),
            action: self.action,
            fields,
            note,
            buttons: vec![Button::submit(Look::Primary, ui.t(word)).icon(Icon::Check)],
            back: self.back,
        };
        page.draw(visit, refused)
    }
}

async fn create(
    Path(id): Path<CustomerId>,
    Query(asked): Query<Asked>,
    posted: Posted<ItemsForm>,
) -> Result<Response, WebError> {
    let mut work = posted.begin("care.submit").await?;
    let done = made(&mut work, id, &asked.kind, &posted.fields).await;
    let place = done.as_ref().map_or_else(|_| String::new(), page_of);
    match posted.finish(work, done, place).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw_new(&posted.visit, id, &asked.kind, &posted.fields, Some(&refused)).await,
    }
}

async fn made(
    work: &mut Work,
    id: CustomerId,
    kind: &str,
    typed: &Fields,
) -> Result<super::model::PlanId, ActionError> {
    let customer = load_within(work, id, RECORD).await?;
    let items = items_of(work, kind, &customer).await?;
    let new = form::plan(kind, typed, &items)?;
    actions::submit(work, id, &new).await
}

async fn edit_page(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    draw_part(&visit, &id, false, None, None).await
}

/// The form of a plan that there is: to mend it, or to review it.
async fn draw_part(
    visit: &Visit,
    id: &str,
    review: bool,
    typed: Option<&Fields>,
    refused: Option<&Refused>,
) -> Result<Response, WebError> {
    let mut work = visit.read().await?;
    let one = actions::seen(&mut work, id, RECORD).await?;
    let customer = load_within(&mut work, one.customer, RECORD).await?;
    let known = if review { Fields::default() } else { form::typed(&one) };
    let part = if review { "review" } else { "edit" };
    let action = format!("{}/{part}", page_of(one.id));
    let form = Sheet { customer: &customer, kind: &one.kind, review, action, back: page_of(one.id) };
    form.draw(visit, &mut work, typed.unwrap_or(&known), refused).await
}

async fn mend(Path(id): Path<String>, posted: Posted<ItemsForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("care.resubmit").await?;
    let done = mended(&mut work, &id, &posted.fields).await;
    match posted.finish(work, done, page_of(&id)).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw_part(&posted.visit, &id, false, Some(&posted.fields), Some(&refused)).await,
    }
}

async fn mended(work: &mut Work, id: &str, typed: &Fields) -> Result<super::model::PlanId, ActionError> {
    let (one, items) = with_items(work, id).await?;
    let new = form::plan(&one.kind, typed, &items)?;
    actions::resubmit(work, id, &new).await
}

async fn with_items(work: &mut Work, id: &str) -> Result<(Plan, Vec<Item>), ActionError> {
    let one = actions::seen(work, id, RECORD).await?;
    let customer = load_within(work, one.customer, RECORD).await?;
    let items = items_of(work, &one.kind, &customer).await?;
    Ok((one, items))
}

async fn review_page(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    draw_part(&visit, &id, true, None, None).await
}

async fn review(Path(id): Path<String>, posted: Posted<ItemsForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("care.review").await?;
    let done = match with_items(&mut work, &id).await {
        Ok((_, items)) => actions::review(&mut work, &id, &form::said(&posted.fields, &items)).await,
        Err(error) => Err(error),
    };
    match posted.finish(work, done, page_of(&id)).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw_part(&posted.visit, &id, true, Some(&posted.fields), Some(&refused)).await,
    }
}

async fn contact_page(visit: Visit, Path(id): Path<CustomerId>) -> Result<Response, WebError> {
    draw_contact(&visit, id, &Fields::default(), None).await
}

async fn draw_contact(
    visit: &Visit,
    id: CustomerId,
    typed: &Fields,
    refused: Option<&Refused>,
) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    let customer = load_within(&mut work, id, RECORD).await?;
    let plans = wake::united(&mut work, &customer).await?;
    let page = FormPage {
        active: "care",
        title: ui.t("care-contact"),
        subtitle: customer.name,
        action: format!("/customers/{id}/care/contact"),
        fields: form::contact_fields(&ui, &plans, typed),
        buttons: vec![Button::submit(Look::Primary, ui.t("customer-save")).icon(Icon::Check)],
        back: tab_of(id),
        ..FormPage::default()
    };
    page.draw(visit, refused)
}

async fn enter(Path(id): Path<CustomerId>, posted: Posted<ContactForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("care.contact").await?;
    let read = form::contact(&posted.fields, work.business_date);
    let done = match read.and_then(|new| Ok((new, form::step(&posted.fields)?))) {
        Ok((new, step)) => contact::enter_for(&mut work, id, &new, step).await,
        Err(refused) => Err(refused.into()),
    };
    match posted.finish(work, done, tab_of(id)).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw_contact(&posted.visit, id, &posted.fields, Some(&refused)).await,
    }
}

async fn show(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    let one = actions::seen(&mut work, &id, VIEW).await?;
    let on = work.business_date;
    let in_force = policies::in_force(&mut work, on).await?;
    let customer = load_within(&mut work, one.customer, VIEW).await?;
    let items = policy::items(&in_force, on, (&one.kind, customer.kind))?;
    let called = names(&mut work.tx, &[one.customer]).await?.remove(&one.customer).unwrap_or_default();
    let reviewer = one.reviewed.as_ref().map(|(_, by, _)| *by);
    let people: Vec<_> = [Some(one.maker), reviewer].into_iter().flatten().collect();
    let people = user_names(&mut work.tx, &people).await?;
    let name = |user| people.get(&user).cloned().unwrap_or_default();
    let days = one.contact_days.map_or_else(|| "—".to_owned(), |days| ui.t1("care-every", "days", days));
    let stood = one.content.stood.iter().map(|(axis, outcome)| {
        let output = in_force.edition(on).decision(axis).ok().and_then(|one| one.sheet().outputs.first().cloned());
        let output = output.map_or_else(|| axis.clone(), |output| output.name.clone());
        format!("{} {}", axis_title(&ui, &in_force, axis), outcome_title(&ui, &in_force, &output, outcome))
    });
    let stood = stood.collect::<Vec<_>>().join(&ui.t("list-comma"));
    let mut rows = vec![
        (ui.t("care-state"), list::state(&ui, one.state, !one.is_current(), one.review_on).0),
        (ui.t("customer-name"), link(tab_of(one.customer), format!("{} {}", called.1, called.0))),
        (ui.t("care-maker"), Html::of_text(name(one.maker))),
        (ui.t("care-made-on"), ui.date(one.made_on)),
        (ui.t("care-approved-on"), ui.date_or_dash(one.approved_on)),
        (ui.t("care-review-on"), ui.date_or_dash(one.review_on)),
        (ui.t("care-contact-days"), Html::of_text(days)),
        (ui.t("care-stood"), Html::of_text(stood)),
    ];
    if let Some(approval) = one.approval {
        let page = platform::approval::page_for(&mut work, one.customer, approval).await?;
        rows.extend(page.map(|href| (ui.t("care-approval"), link(href, ui.t("care-open")))));
    }
    let mut body = Html::new();
    let titled = title(&ui, &in_force, "care_plan", &one.kind);
    panel(&mut body, &titled, &Html::new(), &facts(&rows));
    let said = |all: &[Said]| -> Vec<(String, Html)> {
        let row = |one: &Said| {
            let half = items.iter().find(|item| item.name == one.item).map(|item| form::half(&ui, &item.half));
            let label = title(&ui, &in_force, "care_item", &one.item);
            let label = half.filter(|half| !half.is_empty()).map_or(label.clone(), |half| format!("{label}（{half}）"));
            (label, Html::of_text(&one.text))
        };
        all.iter().map(row).collect()
    };
    panel(&mut body, &ui.t("care-says"), &Html::new(), &facts(&said(&one.content.items)));
    put_steps(&mut body, &ui, &one);
    if let Some((on, by, items)) = &one.reviewed {
        let mut rows = said(items);
        rows.push((ui.t("care-reviewed-on"), ui.date(*on)));
        rows.push((ui.t("care-reviewed-by"), Html::of_text(name(*by))));
        panel(&mut body, &ui.t("care-reviewed"), &Html::new(), &facts(&rows));
    }
    let mut buttons = Vec::new();
    let place = |part: &str| format!("{}/{part}", page_of(one.id));
    if visit.may(RECORD) && one.is_current() {
        buttons.push(Button::link(Look::Primary, ui.t("care-review"), place("review")).icon(Icon::Check));
    }
    if visit.may(RECORD) && one.state == PlanState::Submitted {
        buttons.push(Button::link(Look::Secondary, ui.t("care-mend"), place("edit")).icon(Icon::Edit));
    }
    buttons.push(Button::link(Look::Secondary, ui.t("care-title"), LIST).icon(Icon::ArrowLeft));
    let page = Page::new(titled, "care").subtitle(one.number.clone());
    visit.page_of(&page.actions(ui.buttons(buttons)), &body)
}

/// The follow-ups of a plan, and which of them a contact closed.
fn put_steps(body: &mut Html, ui: &Ui, one: &Plan) {
    if one.content.steps.is_empty() {
        return;
    }
    let row = |(place, step): (i64, &Step)| {
        let word = ui.t(if one.done.contains(&place) { "care-step-done" } else { "care-step-open" });
        (step.due_on.to_string(), Html::of_text(format!("{} · {word}", step.what)))
    };
    let rows: Vec<(String, Html)> = (0_i64..).zip(&one.content.steps).map(row).collect();
    panel(body, &ui.t("care-steps"), &Html::new(), &facts(&rows));
}
