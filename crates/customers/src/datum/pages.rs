//! Pages of customer data: the tab, entry by group, verification, the history of an item, taking back.

use axum::extract::Path;
use axum::response::Response;
use platform::customer_page::{PanelBody, PanelSize};
use platform::error::{ActionError, Refused};
use platform::event::BoxFuture;
use platform::id::CustomerId;
use platform::page::{Button, Html, Icon, Look, Page, Tone, Ui};
use platform::policies::{self, InForce};
use platform::web::{Fields, FormPage, Posted, Routes, Visit, WebError};
use platform::work::Work;
use std::sync::Arc;

use super::facts::{self, Known};
use super::form::{self, DataForm, VerifyForm};
use super::item::{self, Item};
use super::model::{Datum, latest};
use super::{actions, refresh, store, view};
use crate::customer::actions::load_within;
use crate::customer::model::Customer;
use crate::customer::pages::ReasonForm;
use crate::customer::store::user_names;
use crate::error::CustomerError;
use crate::reveal::{reason, reason_field};
use crate::{EDIT, VIEW, card_table};

/// The pages about customer data.
pub fn routes() -> Routes {
    Routes::new()
        .data::<Vec<super::data::DatumData>, _, _>("/customers/{id}/data", VIEW, super::data::data)
        .get("/customers/{id}/data/{group}/new", EDIT, new_page)
        .post("/customers/{id}/data/{group}/new", EDIT, record)
        .get("/customers/{id}/data/{group}/verify", EDIT, verify_page)
        .post("/customers/{id}/data/{group}/verify", EDIT, verify)
        .get("/customers/{id}/items/{item}", VIEW, item_page)
        .data::<Vec<super::data::DatumData>, _, _>("/customers/{id}/items/{item}", VIEW, super::data::history)
        .get("/customers/{id}/items/{item}/withdraw", EDIT, withdraw_page)
        .post("/customers/{id}/items/{item}/withdraw", EDIT, withdraw)
}

/// The tab on the customer page.
pub(crate) fn panel<'a>(
    visit: &'a Visit,
    work: &'a mut Work,
    id: CustomerId,
    size: PanelSize,
) -> BoxFuture<'a, Result<PanelBody, WebError>> {
    Box::pin(async move {
        let customer = load_within(work, id, VIEW).await?;
        let all = store::of_customer(&mut work.tx, id).await?;
        let held = latest(&all, work.business_date);
        let counting = held.iter().filter(|one| one.standing(work.business_date).counts()).count();
        let count = i64::try_from(counting).ok();
        if size == PanelSize::Brief {
            return Ok(PanelBody { count, html: Html::new() });
        }
        let rules = policies::in_force(work, work.business_date).await?;
        let ui = visit.ui();
        let known = facts::known(work, &customer, &rules, work.business_date).await?;
        let mut html = completeness(&ui, &rules, &customer, &known);
        for group in item::groups(customer.kind) {
            html.push(&group_panel(visit, &ui, &rules, &customer, group, &held));
        }
        Ok(PanelBody { count, html })
    })
}

/// What every file must hold and this one does not, and when it is verified again.
fn completeness(ui: &Ui, rules: &InForce, customer: &Customer, known: &Known) -> Html {
    let mut out = Html::new();
    let (missing, of) = refresh::incomplete(rules, customer, known, ui.business_date);
    if of == 0 {
        return out;
    }
    let held = (of - missing.len()).to_string();
    out.raw("<section class=\"panel\"><header class=\"panel-head\"><h2>").text(ui.t("datum-complete"));
    out.raw("</h2><span class=\"sub num\">")
        .text(ui.t2("datum-complete-of", "held", held, "of", of))
        .raw("</span></header>");
    out.raw("<div class=\"panel-body\">");
    let names: Vec<String> = missing.iter().map(|name| view::title(ui, rules, name)).collect();
    match names.is_empty() {
        true => out.push(&ui.badge(Tone::Ok, Icon::CircleCheck, ui.t("datum-complete-all"))),
        false => {
            let names = names.join(&ui.t("list-comma"));
            out.push(&ui.badge(Tone::Watch, Icon::AlertTriangle, ui.t1("datum-complete-missing", "names", names)))
        }
    };
    if let Some(due) = refresh::due_on(rules, known, ui.business_date) {
        out.raw("<p class=\"hint\">").text(ui.t1("datum-verify-by", "date", due)).raw("</p>");
    }
    out.raw("</div></section>");
    out
}

fn group_panel(visit: &Visit, ui: &Ui, rules: &InForce, customer: &Customer, group: &str, held: &[&Datum]) -> Html {
    let own: Vec<&&Datum> = held.iter().filter(|one| one.item.group == group).collect();
    let base = format!("/customers/{}/data/{group}", customer.id);
    let mut out = Html::new();
    out.raw("<section class=\"panel\"><header class=\"panel-head\"><h2>").text(ui.t(format!("datum-group-{group}")));
    out.raw("</h2><div class=\"end\">");
    if visit.may(EDIT) {
        let new = Button::link(Look::Small, ui.t("datum-record"), format!("{base}/new")).icon(Icon::Plus);
        out.push(&ui.button(new));
        if own.iter().any(|one| one.value.is_some()) {
            let verify = Button::link(Look::Small, ui.t("datum-verify"), format!("{base}/verify"));
            out.raw(" ").push(&ui.button(verify.icon(Icon::Checklist)));
        }
    }
    out.raw("</div></header>");
    if !own.is_empty() {
        let heads = ["datum-item", "datum-value", "datum-effective-on", "datum-source", "datum-basis", "datum-state"];
        let heads: Vec<String> = heads.iter().map(|id| ui.t(id)).collect();
        let rows: Vec<Vec<Html>> = own.iter().map(|one| row(ui, rules, customer, one)).collect();
        out.push(&card_table::draw(&ui.t(format!("datum-group-{group}")), &heads, &rows));
    }
    let open = item::of_group(group, customer.kind).filter(|item| !own.iter().any(|one| one.item.name == item.name));
    let open: Vec<String> = open.map(|item| view::title(ui, rules, item.name)).collect();
    if !open.is_empty() {
        let names = open.join(&ui.t("list-comma"));
        out.raw("<div class=\"panel-body\"><p class=\"hint\">").text(ui.t1("datum-open", "names", names));
        out.raw("</p></div>");
    }
    out.raw("</section>");
    out
}

fn row(ui: &Ui, rules: &InForce, customer: &Customer, one: &Datum) -> Vec<Html> {
    let mut name = Html::new();
    name.raw("<a").href(format!("/customers/{}/items/{}", customer.id, one.item.name)).raw(">");
    name.text(view::title(ui, rules, one.item.name)).raw("</a>");
    vec![
        name,
        Html::of_text(view::value(ui, rules, one)),
        ui.date(one.effective_on),
        Html::of_text(view::source(ui, one)),
        Html::of_text(view::basis(ui, one)),
        view::standing(ui, one),
    ]
}

/// A customer of the scope with what is known of it, and the rules of the day.
struct Held {
    customer: Customer,
    all: Vec<Datum>,
    rules: Arc<InForce>,
}

async fn load(work: &mut Work, id: CustomerId, action: &str) -> Result<Held, ActionError> {
    let customer = load_within(work, id, action).await?;
    let all = store::of_customer(&mut work.tx, id).await?;
    let rules = policies::in_force(work, work.business_date).await?;
    Ok(Held { customer, all, rules })
}

fn items_of(customer: &Customer, group: &str) -> Result<Vec<&'static Item>, ActionError> {
    let items: Vec<&'static Item> = item::of_group(group, customer.kind).collect();
    if items.is_empty() { Err(CustomerError::NoSuchPart("data").into()) } else { Ok(items) }
}

fn item_of(name: &str) -> Result<&'static Item, ActionError> {
    Ok(item::find(name).ok_or(CustomerError::NoSuchPart("data"))?)
}

fn back(id: CustomerId) -> String {
    format!("/customers/{id}?tab=data")
}

type Group = (CustomerId, String);

async fn new_page(visit: Visit, Path(key): Path<Group>) -> Result<Response, WebError> {
    draw_new(&visit, &key, &Fields::default(), None).await
}

async fn draw_new(
    visit: &Visit,
    (id, group): &Group,
    typed: &Fields,
    refused: Option<&Refused>,
) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let held = load(&mut work, *id, EDIT).await?;
    let items = items_of(&held.customer, group)?;
    let now = latest(&held.all, work.business_date);
    let mut note = Html::new();
    note.raw("<p class=\"hint\">").text(ui.t("datum-record-note")).raw("</p>");
    let page = FormPage {
        active: "customers",
        title: ui.t(format!("datum-group-{group}")),
        subtitle: held.customer.name.clone(),
        action: format!("/customers/{id}/data/{group}/new"),
        fields: form::fields(&ui, &held.rules, &items, &now, typed),
        note,
        buttons: vec![Button::submit(Look::Primary, ui.t("customer-save")).icon(Icon::Check)],
        back: back(*id),
    };
    page.draw(visit, refused)
}

async fn record(Path(key): Path<Group>, posted: Posted<DataForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("datum.record").await?;
    let customer = load_within(&mut work, key.0, EDIT).await?;
    let items = items_of(&customer, &key.1)?;
    let done = match form::provenance(&posted.fields, work.business_date) {
        Ok(from) => actions::record(&mut work, key.0, &form::values(&items, &posted.fields), &from).await,
        Err(refused) => Err(refused.into()),
    };
    match posted.finish(work, done, back(key.0)).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw_new(&posted.visit, &key, &posted.fields, Some(&refused)).await,
    }
}

async fn verify_page(visit: Visit, Path(key): Path<Group>) -> Result<Response, WebError> {
    draw_verify(&visit, &key, &Fields::default(), None).await
}

async fn draw_verify(
    visit: &Visit,
    (id, group): &Group,
    typed: &Fields,
    refused: Option<&Refused>,
) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let held = load(&mut work, *id, EDIT).await?;
    items_of(&held.customer, group)?;
    let mut now = latest(&held.all, work.business_date);
    now.retain(|one| one.item.group == group && one.value.is_some());
    let mut note = Html::new();
    note.raw("<p class=\"hint\">").text(ui.t("datum-verify-text")).raw("</p>");
    let page = FormPage {
        active: "customers",
        title: ui.t(format!("datum-group-{group}")),
        subtitle: format!("{} · {}", ui.t("datum-verify"), held.customer.name),
        action: format!("/customers/{id}/data/{group}/verify"),
        fields: form::verify_fields(&ui, &held.rules, &now, typed),
        note,
        buttons: vec![Button::submit(Look::Primary, ui.t("datum-verify")).icon(Icon::Check)],
        back: back(*id),
    };
    page.draw(visit, refused)
}

async fn verify(Path(key): Path<Group>, posted: Posted<VerifyForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("datum.verify").await?;
    let customer = load_within(&mut work, key.0, EDIT).await?;
    let items = items_of(&customer, &key.1)?;
    let done = match form::verification(&items, &posted.fields, work.business_date) {
        Ok(new) => actions::verify(&mut work, key.0, &new).await,
        Err(refused) => Err(refused.into()),
    };
    match posted.finish(work, done, back(key.0)).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw_verify(&posted.visit, &key, &posted.fields, Some(&refused)).await,
    }
}

/// The data of one item, the latest first.
pub(super) fn of_item<'a>(all: &'a [Datum], item: &Item) -> Vec<&'a Datum> {
    let mut found: Vec<&Datum> = all.iter().filter(|one| one.item.name == item.name).collect();
    found.sort_by_key(|one| std::cmp::Reverse((one.effective_on, one.id)));
    found
}

async fn item_page(visit: Visit, Path((id, name)): Path<(CustomerId, String)>) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let held = load(&mut work, id, VIEW).await?;
    let item = item_of(&name)?;
    let data = of_item(&held.all, item);
    let people: Vec<_> =
        data.iter().flat_map(|one| [Some(one.recorded_by), one.verified.as_ref().map(|v| v.by)]).flatten().collect();
    let names = user_names(&mut work.tx, &people).await?;
    let name_of = |by| names.get(&by).cloned().unwrap_or_else(|| ui.t("timeline-system"));
    let heads = [
        "datum-value",
        "datum-effective-on",
        "datum-source",
        "datum-basis",
        "datum-recorded",
        "datum-verified",
        "datum-state",
    ];
    let heads: Vec<String> = heads.iter().map(|id| ui.t(id)).collect();
    let rows = data.iter().map(|one| {
        let recorded = format!("{} · {}", name_of(one.recorded_by), platform::clock::civil_minute(one.recorded_at));
        let verified = one.verified.as_ref().map_or_else(
            || ui.dash(),
            |v| {
                let way = ui.t(format!("datum-way-{}", v.way.as_str()));
                let finding = ui.t(format!("datum-finding-{}", v.finding.as_str()));
                Html::of_text(format!("{way} {} {finding} · {} · {}", v.on, name_of(v.by), v.note))
            },
        );
        vec![
            Html::of_text(view::value(&ui, &held.rules, one)),
            ui.date(one.effective_on),
            Html::of_text(view::source(&ui, one)),
            Html::of_text(view::basis(&ui, one)),
            Html::of_text(recorded),
            verified,
            view::standing(&ui, one),
        ]
    });
    let title = view::title(&ui, &held.rules, item.name);
    let mut body = Html::new();
    body.raw("<section class=\"panel\">");
    if data.is_empty() {
        body.raw("<div class=\"panel-body\"><p class=\"hint\">").text(ui.t("datum-none")).raw("</p></div>");
    } else {
        body.push(&card_table::draw(&title, &heads, &rows.collect::<Vec<_>>()));
    }
    body.raw("</section>");
    let mut buttons = Vec::new();
    if visit.may(EDIT) && data.first().is_some_and(|one| one.value.is_some()) {
        let address = format!("/customers/{id}/items/{}/withdraw", item.name);
        buttons.push(Button::link(Look::Danger, ui.t("datum-withdraw"), address).icon(Icon::ArrowBackUp));
    }
    buttons.push(Button::link(Look::Secondary, ui.t("customer-back"), back(id)).icon(Icon::ArrowLeft));
    let page = Page::new(title, "customers").subtitle(&held.customer.name).actions(ui.buttons(buttons));
    visit.page_of(&page, &body)
}

type ItemKey = (CustomerId, String);

async fn withdraw_page(visit: Visit, Path(key): Path<ItemKey>) -> Result<Response, WebError> {
    draw_withdraw(&visit, &key, &Fields::default(), None).await
}

async fn draw_withdraw(
    visit: &Visit,
    (id, name): &ItemKey,
    typed: &Fields,
    refused: Option<&Refused>,
) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let held = load(&mut work, *id, EDIT).await?;
    let item = item_of(name)?;
    let page = FormPage {
        active: "customers",
        title: ui.t("datum-withdraw"),
        subtitle: format!("{} · {}", held.customer.name, view::title(&ui, &held.rules, item.name)),
        action: format!("/customers/{id}/items/{name}/withdraw"),
        fields: vec![reason_field(&ui, typed, "datum-withdraw-hint")],
        buttons: vec![Button::submit(Look::Danger, ui.t("datum-withdraw")).icon(Icon::ArrowBackUp)],
        back: format!("/customers/{id}/items/{name}"),
        ..FormPage::default()
    };
    page.draw(visit, refused)
}

async fn withdraw(Path(key): Path<ItemKey>, posted: Posted<ReasonForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("datum.withdraw").await?;
    let done = match item_of(&key.1) {
        Ok(item) => actions::withdraw(&mut work, key.0, item, reason(&posted)).await,
        Err(refused) => Err(refused),
    };
    match posted.finish(work, done, back(key.0)).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw_withdraw(&posted.visit, &key, &posted.fields, Some(&refused)).await,
    }
}
