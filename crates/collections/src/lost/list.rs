//! The list of lost contacts.

use axum::extract::RawQuery;
use axum::response::Response;
use platform::args;
use platform::db::Conditions;
use platform::error::ActionError;
use platform::page::list::{Cell, Column, ColumnKind, Filter, FilterKind, ListPage, ListQuery, ListSpec, Row, View};
use platform::page::{Button, Choice, Empty, Icon, Look, Page, Ui};
use platform::web::{Routes, Visit, WebError};

use super::model::{Lost, LostKind};
use super::report::REPORT;
use super::{badge, store};
use crate::CASE_VIEW;

/// Where the list is.
pub const LIST: &str = "/collections/lost";
/// The views in the order of their tabs.
const VIEWS: [&str; 4] = ["standing", "half", "found", "all"];

/// The list.
pub(super) fn routes() -> Routes {
    Routes::new().list(LIST, CASE_VIEW, index, spec)
}

fn spec(ui: &Ui) -> ListSpec {
    let view = |id: &&str| View { id: (*id).to_owned(), text: ui.t(format!("lost-view-{id}")), ..View::default() };
    let kinds = LostKind::ALL.iter().map(|one| Choice::new(one.as_str(), ui.t(format!("lost-kind-{}", one.as_str()))));
    ListSpec {
        path: LIST.to_owned(),
        columns: vec![
            Column::new("customer", "loan-customer", ColumnKind::Text),
            Column::new("kind", "lost-kind", ColumnKind::State),
            Column::new("ground", "lost-ground", ColumnKind::Text),
            Column::new("since", "lost-since", ColumnKind::Date),
            Column::new("days", "lost-days", ColumnKind::Count),
            Column::new("ended", "lost-ended", ColumnKind::Date),
            Column::new("end", "lost-end", ColumnKind::Text),
        ],
        filters: vec![
            Filter::new("kind", "lost-kind", FilterKind::Choice(kinds.collect())),
            Filter::new("since", "lost-since", FilterKind::Dates),
        ],
        views: VIEWS.iter().map(view).collect(),
        counted: "list-lost",
        ..ListSpec::default()
    }
}

async fn index(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    let spec = spec(&ui);
    let asked = ListQuery::parse(&spec, query.as_deref().unwrap_or_default())?;
    let scope = work.authorise(CASE_VIEW).map_err(ActionError::from)?;
    let mut w = Conditions::new();
    match asked.view.as_str() {
        "half" => w.and_values("l.ended_on is null and l.kind = 'half'", args![]),
        "found" => w.and_values("l.ended_by = 'contact'", args![]),
        "all" => w.and_values("1 = 1", args![]),
        _ => w.and_values("l.ended_on is null and l.kind <> 'half'", args![]),
    };
    crate::case::list::within(&mut w, scope);
    w.one_of("l.kind", asked.choice("kind"));
    let (from, to) = asked.dates("since");
    if let Some(from) = from {
        w.and_values("l.set_on >= ?", args![from]);
    }
    if let Some(to) = to {
        w.and_values("l.set_on <= ?", args![to]);
    }
    let tail = format!("order by l.set_on desc, l.id desc limit {} offset {}", asked.size, asked.offset());
    let found = store::page(&mut work.tx, &w, &tail).await?;
    let count = store::count(&mut work.tx, &w).await?;
    let keys: Vec<_> = found.iter().map(|one| one.case.customer).collect();
    let names = customers::names(&mut work.tx, &keys).await?;
    let row = |one: &Lost| {
        let name = names.get(&one.case.customer).map(|(_, name)| name.clone()).unwrap_or_default();
        row_of(&ui, one, name)
    };
    let empty =
        Empty { icon: Some(Icon::CircleCheck), title: ui.t("lost-none"), text: ui.t("lost-none-text"), step: None };
    let result = ListPage { rows: found.iter().map(row).collect(), count, empty: Some(empty), ..ListPage::default() };
    if let Some(rows) = visit.rows(&spec, &asked, &result) {
        return Ok(rows);
    }
    let mut tools = ui.list_tools(&spec, &asked, count);
    tools.push(&ui.button(Button::link(Look::Secondary, ui.t("lost-report"), REPORT).icon(Icon::ChartBar)));
    let page = Page::new(ui.t("lost-title"), "lost")
        .subtitle(ui.t1("as-of-business-date", "on", work.business_date))
        .actions(tools);
    visit.page_of(&page, &ui.list(&spec, &asked, &result))
}

fn row_of(ui: &Ui, one: &Lost, name: String) -> Row {
    let href = format!("/collections/cases/{}", one.case.case);
    let word = ui.t(format!("lost-kind-{}", one.kind.as_str()));
    Row {
        key: one.id.to_string(),
        cells: vec![
            Cell::Link(name, href.clone()),
            Cell::State(badge(ui, one.kind), word),
            Cell::Text(one.ground.clone()),
            Cell::Date(one.set_on),
            Cell::Count(one.days),
            Cell::date(one.ended.map(|(on, _)| on)),
            Cell::Text(one.ended.map(|(_, end)| ui.t(format!("lost-end-{}", end.as_str()))).unwrap_or_default()),
        ],
        href,
    }
}
