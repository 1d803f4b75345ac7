//! Where a customer came from, on the customer's page (客户来源), and the form for files that were opened without a lead.

use axum::extract::Path;
use axum::response::Response;
use platform::customer_page::{PanelBody, PanelSize};
use platform::error::{ActionError, Refused};
use platform::event::BoxFuture;
use platform::id::{CustomerId, UserId};
use platform::page::{Button, Html, Icon, Look};
use platform::policies;
use platform::web::{Fields, FormPage, Posted, Routes, Visit, WebError};
use platform::work::Work;

use super::{RECORD, VIEW as LEADS, data, form, page_of, source, store, view};
use crate::customer::actions::load_within;
use crate::customer::store::user_names;
use crate::sorting::view::{facts, hint, link};
use crate::{EDIT, VIEW, card_table};

platform::form_fields! {
    /// From where a customer came.
    SourceForm: "channel", "campaign", "partner", "referrer", "colleague"
}

/// The form, and what programs read.
pub(super) fn routes() -> Routes {
    Routes::new()
        .data::<Vec<data::SourceData>, _, _>("/customers/{id}/source", VIEW, data::sources)
        .get("/customers/{id}/source/new", EDIT, source_page)
        .post("/customers/{id}/source/new", EDIT, record)
}

/// The tab on the customer page.
pub(crate) fn panel<'a>(
    visit: &'a Visit,
    work: &'a mut Work,
    id: CustomerId,
    size: PanelSize,
) -> BoxFuture<'a, Result<PanelBody, WebError>> {
    Box::pin(async move {
        let sources = source::of_customer(&mut work.tx, id).await?;
        let count = i64::try_from(sources.len()).ok();
        if size == PanelSize::Brief {
            return Ok(PanelBody { count, html: Html::new() });
        }
        let ui = visit.ui();
        let on = work.business_date;
        let rules = policies::in_force(work, on).await?;
        let people: Vec<UserId> = sources.iter().filter_map(|one| one.origin.colleague).collect();
        let names = user_names(&mut work.tx, &people).await?;
        let mut html = Html::new();
        html.raw("<section class=\"panel\"><header class=\"panel-head\"><h2>").text(ui.t("source-title"));
        html.raw("</h2><span class=\"sub\">").text(ui.t("source-note")).raw("</span><div class=\"end\">");
        if visit.may(EDIT) && !sources.iter().any(|one| one.opening) {
            let new = Button::link(Look::Small, ui.t("source-new"), format!("/customers/{id}/source/new"));
            html.push(&ui.button(new.icon(Icon::Plus)));
        }
        if visit.may(RECORD) {
            let new = Button::link(Look::Small, ui.t("lead-new"), "/leads/new");
            html.push(&ui.button(new.icon(Icon::Plus)));
        }
        html.raw("</div></header>");
        if sources.is_empty() {
            html.push(&hint(&ui.t("source-none")));
        }
        for one in &sources {
            let mut rows = view::origin(work, &ui, &rules, &one.origin, &names).await?;
            rows.insert(0, (ui.t("source-on"), ui.date(one.on)));
            if let Some(lead) = one.lead.filter(|_| visit.may(LEADS)) {
                rows.push((ui.t("lead-one"), link(page_of(lead), ui.t("lead-open"))));
            }
            html.push(&facts(&rows));
        }
        if visit.may(LEADS) {
            let leads = store::of_customer(&mut work.tx, id).await?;
            let rows: Vec<Vec<Html>> = leads
                .iter()
                .map(|one| {
                    let state = view::state(&ui, one.state).0;
                    vec![link(page_of(one.id), &one.number), state, Html::of_text(&one.interest), ui.date(one.taken_on)]
                })
                .collect();
            if !rows.is_empty() {
                let heads = ["lead-number", "lead-state", "lead-interest", "lead-taken-on"].map(|head| ui.t(head));
                html.push(&card_table::draw(&ui.t("lead-title"), &heads, &rows));
            }
        }
        html.raw("</section>");
        Ok(PanelBody { count, html })
    })
}

fn back(id: CustomerId) -> String {
    format!("/customers/{id}?tab=source")
}

async fn source_page(visit: Visit, Path(id): Path<CustomerId>) -> Result<Response, WebError> {
    draw(&visit, id, &Fields::default(), None).await
}

async fn draw(visit: &Visit, id: CustomerId, typed: &Fields, refused: Option<&Refused>) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    let customer = load_within(&mut work, id, EDIT).await?;
    let offer = form::offer(&mut work).await?;
    let page = FormPage {
        active: "customers",
        title: ui.t("source-new"),
        subtitle: customer.name,
        action: format!("/customers/{id}/source/new"),
        fields: form::origin_fields(&ui, &offer, typed)?,
        buttons: vec![Button::submit(Look::Primary, ui.t("customer-save")).icon(Icon::Check)],
        back: back(id),
        ..FormPage::default()
    };
    page.draw(visit, refused)
}

async fn record(Path(id): Path<CustomerId>, posted: Posted<SourceForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("customer.source").await?;
    let done = kept(&mut work, id, &posted.fields).await;
    match posted.finish(work, done, back(id)).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw(&posted.visit, id, &posted.fields, Some(&refused)).await,
    }
}

async fn kept(work: &mut Work, id: CustomerId, typed: &Fields) -> Result<(), ActionError> {
    let offer = form::offer(work).await?;
    let mut wrong = Vec::new();
    let origin = form::read_origin(work, &offer, typed, &mut wrong).await?;
    if !wrong.is_empty() {
        return Err(Refused::form(wrong).into());
    }
    source::record(work, id, &origin).await
}
