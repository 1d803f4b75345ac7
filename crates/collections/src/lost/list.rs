//! The list of lost contacts.

use axum::extract::RawQuery;
use axum::response::Response;
use platform::args;
use platform::db::Conditions;
use platform::error::ActionError;
use platform::list_export::{Listed, Sums, Wanted, plain};
use platform::page::list::{Cell, Column, ColumnKind, Filter, FilterKind, ListSpec, Row, View};
use platform::page::{Button, Choice, Icon, Look, Page, Ui};
use platform::web::{Routes, Visit, WebError};
use platform::work::Work;

use super::model::{Lost, LostKind};
use super::report::REPORT;
use super::{badge, store};
use crate::CASE_VIEW;
use crate::listing;

/// Where the list is.
pub const LIST: &str = "/collections/lost";
/// The views in the order of their tabs.
const VIEWS: [&str; 4] = ["standing", "half", "found", "all"];

/// The list and its workbook.
pub(super) fn routes() -> Routes {
    Routes::new().list(LIST, CASE_VIEW, index, spec).exports(&LISTED)
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

/// The lost contacts (失联清单).
pub(crate) static LISTED: Listed = Listed {
    list: LIST,
    address: "/collections/lost/export.xlsx",
    view: CASE_VIEW,
    export: CASE_VIEW,
    act: "lost.export",
    title: "lost-title",
    file: "lost",
    whole: false,
    spec: |_, ui, _| plain(spec(ui)),
    sums: |work, _, wanted| Box::pin(sums(work, wanted)),
    rows: |work, ui, wanted| Box::pin(rows(work, ui, wanted)),
    heads: None,
};

async fn sums(work: &mut Work, wanted: &Wanted) -> Result<Sums, ActionError> {
    Ok(store::count(&mut work.tx, &conditions(wanted)).await?.into())
}

async fn rows(work: &mut Work, ui: &Ui, wanted: &Wanted) -> Result<Vec<Row>, ActionError> {
    let tail = format!("order by l.set_on desc, l.id desc {}", wanted.limit());
    let found = store::page(&mut work.tx, &conditions(wanted), &tail).await?;
    let keys: Vec<_> = found.iter().map(|one| one.case.customer).collect();
    let names = customers::names(&mut work.tx, &keys).await?;
    let name = |one: &Lost| names.get(&one.case.customer).map(|(_, name)| name.clone()).unwrap_or_default();
    Ok(found.iter().map(|one| row_of(ui, one, name(one))).collect())
}

fn conditions(wanted: &Wanted) -> Conditions {
    let (mut w, asked) = (Conditions::new(), &wanted.query);
    crate::case::list::within(&mut w, wanted.scope);
    w.one_of("l.id", &wanted.picked_numbers());
    match asked.view.as_str() {
        "half" => w.and_values("l.ended_on is null and l.kind = 'half'", args![]),
        "found" => w.and_values("l.ended_by = 'contact'", args![]),
        "all" => &mut w,
        _ => w.and_values("l.ended_on is null and l.kind <> 'half'", args![]),
    };
    w.one_of("l.kind", asked.choice("kind"));
    listing::between(&mut w, asked.dates("since"), ["l.set_on >= ?", "l.set_on <= ?"]);
    w
}

async fn index(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, WebError> {
    let ui = visit.ui();
    let none = listing::none(Icon::CircleCheck, ui.t("lost-none"), ui.t("lost-none-text"));
    let shown = LISTED.shown(&visit, query).await?.or(none);
    let mut tools = shown.tools();
    tools.push(&ui.button(Button::link(Look::Secondary, ui.t("lost-report"), REPORT).icon(Icon::ChartBar)));
    let page = Page::new(ui.t("lost-title"), "lost")
        .subtitle(ui.t1("as-of-business-date", "on", visit.business_date))
        .actions(tools);
    shown.answer(&visit, &page)
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
