//! The list of reports of how the recovery goes (清收进展报告清单).

use axum::extract::RawQuery;
use axum::response::Response;
use platform::db::Conditions;
use platform::error::ActionError;
use platform::list_export::{Listed, Sums, Wanted, plain};
use platform::page::list::{Cell, Column, ColumnKind, ListSpec, Row};
use platform::page::{Button, Html, Icon, Look, Page, Tone, Ui};
use platform::web::{Routes, Visit, WebError};
use platform::work::Work;

use super::model::Report;
use super::{LIST, PROGRESS_MAKE, page_of, store};
use crate::listing;
use crate::measure::MEASURE_VIEW;
use crate::measure::model::By;
use crate::measure::words::Words;

/// The list and its workbook.
pub(super) fn routes() -> Routes {
    Routes::new().list(LIST, MEASURE_VIEW, index, spec).exports(&LISTED)
}

fn spec(_: &Ui) -> ListSpec {
    ListSpec {
        path: LIST.to_owned(),
        columns: vec![
            Column::new("number", "progress-number", ColumnKind::Text),
            Column::new("branch", "progress-branch", ColumnKind::Text),
            Column::new("from", "measure-from", ColumnKind::Date),
            Column::new("to", "measure-to", ColumnKind::Date),
            Column::new("recovered", "measure-recovered", ColumnKind::Money),
            Column::new("rate", "measure-recovery-rate", ColumnKind::Text),
            Column::new("reduction", "measure-reduction-rate", ColumnKind::Text),
            Column::new("state", "progress-state", ColumnKind::State),
            Column::new("by", "progress-by", ColumnKind::Text),
        ],
        counted: "list-rows",
        ..ListSpec::default()
    }
}

/// Where a report stands: badge and word.
pub(super) fn state_badge(ui: &Ui, one: &Report) -> (Html, String) {
    let (tone, icon, id) = match one.seen {
        Some(_) => (Tone::Ok, Icon::CircleCheck, "progress-state-seen"),
        None => (Tone::Watch, Icon::Clock, "progress-state-submitted"),
    };
    let word = ui.t(id);
    (ui.badge(tone, icon, &word), word)
}

/// Of whom a report is.
pub(super) fn branch_name(ui: &Ui, words: &Words, id: i64) -> String {
    if id == 0 { ui.t("progress-institution") } else { words.group(ui, By::Branch, &id.to_string()) }
}

fn rate(ui: &Ui, rate: Option<i64>) -> String {
    rate.map_or_else(|| ui.t("measure-no-data"), listing::percent)
}

/// The reports, as a list.
pub(crate) static LISTED: Listed = Listed {
    list: LIST,
    address: "/collections/progress/export.xlsx",
    view: MEASURE_VIEW,
    export: MEASURE_VIEW,
    act: "progress.export",
    title: "progress-title",
    file: "recovery-reports",
    whole: false,
    spec: |_, ui, _| plain(spec(ui)),
    sums: |work, _, wanted| Box::pin(sums(work, wanted)),
    rows: |work, ui, wanted| Box::pin(rows(work, ui, wanted)),
    heads: None,
};

fn conditions(wanted: &Wanted) -> Conditions {
    let mut w = Conditions::new();
    store::within(&mut w, wanted.scope);
    w.one_of("r.id", &wanted.picked_numbers());
    w
}

async fn sums(work: &mut Work, wanted: &Wanted) -> Result<Sums, ActionError> {
    Ok(store::count(&mut work.tx, &conditions(wanted)).await?.into())
}

async fn rows(work: &mut Work, ui: &Ui, wanted: &Wanted) -> Result<Vec<Row>, ActionError> {
    let (from, most) = wanted.part;
    let found = store::page(&mut work.tx, &conditions(wanted), most, from).await?;
    let words = Words::load(work).await?;
    let names = crate::people(work).await?;
    let row = |one: &Report| {
        let (badge, word) = state_badge(ui, one);
        Row {
            key: one.id.to_string(),
            cells: vec![
                Cell::Link(one.number.clone(), page_of(one.id)),
                Cell::Strong(branch_name(ui, &words, one.branch.0)),
                Cell::Date(one.period.from),
                Cell::Date(one.period.to),
                Cell::Money(one.content.whole.recovered.0),
                Cell::Text(rate(ui, one.content.whole.recovery_rate())),
                Cell::Text(rate(ui, one.content.whole.reduction_rate())),
                Cell::State(badge, word),
                Cell::Text(names.get(&one.by).cloned().unwrap_or_default()),
            ],
            href: page_of(one.id),
        }
    };
    Ok(found.iter().map(row).collect())
}

async fn index(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, WebError> {
    let ui = visit.ui();
    let none = listing::none(Icon::FileText, ui.t("progress-none"), ui.t("progress-none-text"));
    let shown = LISTED.shown(&visit, query).await?.or(none);
    let mut tools = shown.tools();
    if visit.may(PROGRESS_MAKE) {
        let new = Button::link(Look::Primary, ui.t("progress-new"), format!("{LIST}/new"));
        tools.push(&ui.button(new.icon(Icon::Plus)));
    }
    let page = Page::new(ui.t("progress-title"), "progress").subtitle(ui.t("progress-note")).actions(tools);
    shown.answer(&visit, &page)
}
