//! Pages of customers: list, export, new file, the customer page, change, reveal of the identity number.

use askama::Template;
use axum::extract::{Path, Query, RawQuery};
use axum::response::Response;
use platform::access::{PERSONAL_REVEAL, store as access};
use platform::error::{ActionError, Refused};
use platform::id::{CustomerId, UserId};
use platform::page::list::{ListPage, ListQuery, ListSpec};
use platform::page::{Button, Html, Icon, Look, Page, Ui};
use platform::vault::Personal as _;
use platform::web::{Fields, FormPage, Posted, Routes, Visit, WebError};
use platform::work::Work;
use serde::Deserialize;

use super::actions::{self, Change, load_within};
use super::export::CustomerExport;
use super::list::Names;
use super::panels::{self, Picture};
use super::{form, list};
use crate::reveal::{Reveal, reason};
use crate::{EDIT, EXPORT, VIEW, duplicate, merge};

platform::form_fields! {
    /// A new file.
    NewForm: "kind", "name", "identity_kind", "identity", "nationality", "phone", "manager", "aliases", "number", "address", "note", "somebody_else"
}

platform::form_fields! {
    /// Changes of a file.
    ChangeForm: "seen", "manager", "address", "note", "nationality", "reason"
}

platform::form_fields! {
    /// A reason, for what is asked for.
    pub(crate) ReasonForm: "reason"
}

/// The pages about customers.
pub fn routes() -> Routes {
    Routes::new()
        .list("/customers", VIEW, show_list, |ui| list::spec(ui, &Names::default(), true))
        .get("/customers/export.xlsx", EXPORT, export)
        .get("/customers/new", EDIT, new_page)
        .post("/customers/new", EDIT, open)
        .get("/customers/{id}", VIEW, show)
        .data::<super::data::CustomerData, _, _>("/customers/{id}", VIEW, super::data::customer)
        .get("/customers/{id}/edit", EDIT, change_page)
        .post("/customers/{id}/edit", EDIT, change)
        .get("/customers/{id}/reveal", PERSONAL_REVEAL, reveal_page)
        .post("/customers/{id}/reveal", PERSONAL_REVEAL, reveal)
        .answering::<crate::reveal::RevealedValue>()
}

#[derive(Template)]
#[template(path = "customer/list.html")]
struct ListBody {
    ui: Ui,
    spec: ListSpec,
    asked: ListQuery,
    page: ListPage,
}

async fn show_list(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let names = Names::read(&mut work.tx, visit.scope(VIEW)?).await?.with_lists(&mut work, &ui).await?;
    let mut spec = list::spec(&ui, &names, visit.may(EXPORT));
    let asked = ListQuery::parse(&spec, query.as_deref().unwrap_or(""))?;
    platform::saved_view::offer(&visit, &mut work, &mut spec).await?;
    spec.batch = visit.may(EXPORT).then(|| platform::list_export::offer(&visit, "/customers"));
    let page = list::page(&mut work, &ui, &names, &asked).await?;
    if let Some(rows) = visit.rows(&spec, &asked, &page) {
        return Ok(rows);
    }
    let mut tools = ui.list_tools(&spec, &asked, page.count);
    if visit.may(EDIT) {
        tools
            .push(&ui.button(Button::link(Look::Primary, ui.t("customer-new"), "/customers/new").icon(Icon::UserPlus)));
    }
    let head = Page::new(ui.t("customers-title"), "customers").actions(tools);
    visit.page(&head, &ListBody { ui: ui.clone(), spec, asked, page })
}

async fn export(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, WebError> {
    platform::list_export::answer(&visit, &CustomerExport, query.as_deref().unwrap_or("")).await
}

async fn new_page(visit: Visit) -> Result<Response, WebError> {
    draw_new(&visit, &Fields::default(), None).await
}

async fn draw_new(visit: &Visit, typed: &Fields, refused: Option<&Refused>) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let names = Names::read(&mut work.tx, visit.scope(EDIT)?).await?;
    let page = FormPage {
        active: "customers",
        title: ui.t("customer-new"),
        action: "/customers/new".to_owned(),
        fields: form::new_fields(&ui, &names, typed, (visit.actor.user, refused)),
        buttons: vec![Button::submit(Look::Primary, ui.t("customer-open")).icon(Icon::UserPlus)],
        back: "/customers".to_owned(),
        ..FormPage::default()
    };
    page.draw(visit, refused)
}

async fn open(posted: Posted<NewForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("customer.open").await?;
    let manager = match posted.fields.first("manager").and_then(|id| id.parse::<i64>().ok()) {
        None => None,
        Some(id) => access::user(&mut work.tx, UserId(id)).await?,
    };
    let done = match form::read_new(&posted.fields, manager.as_ref()) {
        Ok(new) => {
            let somebody_else = form::somebody_else(&posted.fields);
            match duplicate::actions::warn(&mut work, &new, somebody_else).await {
                Ok(()) => actions::open(&mut work, &new).await,
                Err(refused) => Err(refused),
            }
        }
        Err(refused) => Err(ActionError::Refused(refused)),
    };
    let place = done.as_ref().map_or_else(|_| String::new(), |opened| format!("/customers/{}", opened.id));
    match posted.finish(work, done, place).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw_new(&posted.visit, &posted.fields, Some(&refused)).await,
    }
}

#[derive(Debug, Default, Deserialize)]
struct Asked {
    #[serde(default)]
    tab: String,
}

#[derive(Template)]
#[template(path = "customer/show.html")]
struct ShowBody {
    banner: Html,
    main: Vec<Html>,
    side: Vec<Html>,
    whole: Option<Html>,
}

async fn show(visit: Visit, Path(id): Path<CustomerId>, Query(asked): Query<Asked>) -> Result<Response, WebError> {
    let mut work = visit.read().await?;
    let customer = load_within(&mut work, id, VIEW).await?;
    let Picture { head, banner, main, side, whole } = panels::draw(&visit, &mut work, &customer, &asked.tab).await?;
    let page = Page::new(&customer.name, "customers").head(visit.ui().subject(head));
    visit.page(&page, &ShowBody { banner, main, side, whole })
}

async fn change_page(visit: Visit, Path(id): Path<CustomerId>) -> Result<Response, WebError> {
    draw_change(&visit, id, &Fields::default(), None).await
}

async fn draw_change(
    visit: &Visit,
    id: CustomerId,
    typed: &Fields,
    refused: Option<&Refused>,
) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let customer = merge::open_file(&mut work, id, EDIT).await?;
    let names = Names::read(&mut work.tx, visit.scope(EDIT)?).await?;
    let seen = typed.first("seen").map_or_else(|| customer.version.to_string(), str::to_owned);
    let mut note = Html::new();
    note.raw("<input type=\"hidden\" name=\"seen\"").attr("value", seen).raw("><p class=\"hint\">");
    note.text(ui.t("customer-change-note")).raw("</p>");
    let page = FormPage {
        active: "customers",
        title: ui.t("customer-change"),
        subtitle: customer.name.clone(),
        action: format!("/customers/{id}/edit"),
        fields: form::change_fields(&ui, &names, &customer, typed),
        note,
        buttons: vec![Button::submit(Look::Primary, ui.t("customer-save")).icon(Icon::Check)],
        back: format!("/customers/{id}"),
    };
    page.draw(visit, refused)
}

async fn change(Path(id): Path<CustomerId>, posted: Posted<ChangeForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("customer.change").await?;
    let text = |name: &str| posted.fields.first(name).map(str::to_owned);
    let number = |name: &str| posted.fields.first(name).and_then(|text| text.parse::<i64>().ok());
    let (Some(seen), Some(manager)) = (number("seen"), number("manager")) else {
        return Err(WebError::Malformed("the form of a change without version or manager".to_owned()));
    };
    let reason = text("reason").unwrap_or_default();
    let wish = Change {
        seen,
        address: text("address"),
        note: text("note"),
        nationality: text("nationality"),
        manager: UserId(manager),
        reason,
    };
    let done = actions::change(&mut work, id, &wish).await;
    match posted.finish(work, done, format!("/customers/{id}")).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw_change(&posted.visit, id, &posted.fields, Some(&refused)).await,
    }
}

async fn reveal_of(work: &mut Work, ui: &Ui, id: CustomerId) -> Result<Reveal, WebError> {
    let customer = load_within(work, id, PERSONAL_REVEAL).await?;
    Ok(Reveal {
        title: ui.t("customer-reveal-identity"),
        whose: format!("{} {}", customer.name, customer.identity_masked),
        label: ui.t(format!("identity-{}", customer.identity_kind.as_str())),
        action: format!("/customers/{id}/reveal"),
        back: format!("/customers/{id}"),
    })
}

async fn reveal_page(visit: Visit, Path(id): Path<CustomerId>) -> Result<Response, WebError> {
    let mut work = visit.read().await?;
    reveal_of(&mut work, &visit.ui(), id).await?.ask(&visit, &Fields::default(), None)
}

async fn reveal(Path(id): Path<CustomerId>, posted: Posted<ReasonForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("personal.reveal").await?;
    let page = reveal_of(&mut work, &posted.visit.ui(), id).await?;
    let shown = actions::reveal_identity(&mut work, id, reason(&posted)).await;
    page.answer(&posted, work, shown.map(|number| number.clear().to_owned())).await
}
