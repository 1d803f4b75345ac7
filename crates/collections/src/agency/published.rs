//! The published list of agencies (催收机构公示名单): a page to print, and to put where the public reads it (S2.6-09).

use axum::response::Response;
use platform::error::ActionError;
use platform::page::{Button, Html, Icon, Look, Page, Side, Table};
use platform::policies::article_address;
use platform::web::{Routes, Visit, WebError};

use super::{AGENCY_VIEW, ARTICLE, LIST, PUBLISHED, data, store};

/// The list.
pub(super) fn routes() -> Routes {
    Routes::new().get(PUBLISHED, AGENCY_VIEW, index).data::<Vec<data::PublishedData>, _, _>(
        PUBLISHED,
        AGENCY_VIEW,
        data::published,
    )
}

async fn index(visit: Visit) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    work.authorise(AGENCY_VIEW).map_err(ActionError::from)?;
    let today = work.business_date;
    let all = store::published(&mut work.tx, today).await?;
    let heads =
        ["agency-name", "agency-registration", "agency-contract-from", "agency-contract-to", "agency-published-on"];
    let heads = heads.into_iter().chain(["agency-published-place"]).map(|id| (ui.t(id), Side::Left));
    let mut table = Table::new(ui.t("agency-published-list"), heads);
    for (agency, publication, contract) in &all {
        table.row([
            Html::of_text(&agency.name),
            Html::of_text(&agency.registration),
            ui.date(contract.terms.from),
            ui.date(contract.terms.to),
            ui.date(publication.on),
            Html::of_text(&publication.place),
        ]);
    }
    let mut body = Html::new();
    body.raw("<section class=\"panel\"><header class=\"panel-head\"><h2>").text(ui.t("agency-published-list"));
    body.raw("</h2><span class=\"sub\">").text(ui.t1("as-of-business-date", "on", today)).raw("</span></header>");
    if all.is_empty() {
        body.raw("<p class=\"panel-body muted\">").text(ui.t("agency-published-none")).raw("</p>");
    } else {
        body.push(&ui.table(table));
    }
    body.raw("<p class=\"panel-body muted\">").text(ui.t("agency-published-note")).raw(" ");
    body.push(&ui.citation(article_address(ARTICLE), ui.t("agency-article"))).raw("</p></section>");
    let buttons = [Button::link(Look::Secondary, ui.t("agency-back"), LIST).icon(Icon::ArrowLeft)];
    let page = Page::new(ui.t("agency-published-list"), "agencies")
        .subtitle(visit.institution())
        .actions(ui.buttons(&buttons));
    visit.page_of(&page, &body)
}
