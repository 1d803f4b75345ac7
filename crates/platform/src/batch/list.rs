//! `/batches`: one's own batches (我的批量办理), those under way with how far they are, and the reports that stay.

use axum::extract::RawQuery;
use axum::response::Response;

use super::store::{self, Standing};
use crate::clock::civil_minute;
use crate::page::list::{Cell, Column, ColumnKind, ListPage, ListQuery, ListSpec, Row};
use crate::page::{Button, Empty, Html, Icon, Look, Page, Tone, Ui};
use crate::web::{Visit, WebError};

/// The way to this list.
pub(super) fn way(ui: &Ui) -> Button {
    Button::link(Look::Secondary, ui.t("batch-title"), "/batches").icon(Icon::History)
}

pub(super) fn spec(_: &Ui) -> ListSpec {
    ListSpec {
        path: "/batches".to_owned(),
        columns: vec![
            Column::new("what", "batch-what", ColumnKind::Text),
            Column::new("at", "batch-at", ColumnKind::Text),
            Column::new("state", "batch-state", ColumnKind::State),
            Column::new("through", "batch-through", ColumnKind::Count),
            Column::new("things", "batch-things", ColumnKind::Count),
        ],
        counted: "batch-count",
        ..ListSpec::default()
    }
}

pub(super) async fn index(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, WebError> {
    let ui = visit.ui();
    let spec = spec(&ui);
    let asked = ListQuery::parse(&spec, query.as_deref().unwrap_or(""))?;
    let me = visit.user()?;
    let mut work = visit.read().await?;
    let count = store::count(&mut work.tx, me).await?;
    let all = store::all(&mut work.tx, me, (i64::from(asked.size), asked.offset())).await?;
    let empty =
        Empty { icon: Some(Icon::ListCheck), title: ui.t("batch-empty"), text: ui.t("batch-empty-text"), step: None };
    let rows = all.iter().map(|one| row(&ui, one)).collect();
    let page = ListPage { rows, count, empty: Some(empty), ..ListPage::default() };
    if let Some(rows) = visit.rows(&spec, &asked, &page) {
        return Ok(rows);
    }
    let head = Page::new(ui.t("batch-title"), "").subtitle(ui.t("batch-note"));
    visit.page_of(&head, &ui.list(&spec, &asked, &page))
}

fn row(ui: &Ui, one: &Standing) -> Row {
    let href = format!("/batches/{}", one.id);
    let count = |count: Option<i64>| count.map_or(Cell::None, Cell::Count);
    let (state, word) = state(ui, &one.state);
    Row {
        key: one.id.to_string(),
        cells: vec![
            Cell::Link(ui.t(format!("batch-{}", one.verb)), href.clone()),
            Cell::Text(civil_minute(one.at)),
            Cell::State(state, word),
            count(one.through),
            count(one.things),
        ],
        href,
    }
}

/// Where it stands, drawn and in words.
fn state(ui: &Ui, state: &str) -> (Html, String) {
    let (tone, icon, word) = match state {
        "running" => (Tone::Accent, Icon::Loader2, "batch-state-running"),
        "trying" => (Tone::Accent, Icon::Loader2, "batch-state-trying"),
        "cancelling" => (Tone::Neutral, Icon::PlayerStop, "batch-state-cancelling"),
        "tried" => (Tone::Watch, Icon::Clock, "batch-state-tried"),
        _ => (Tone::Ok, Icon::CircleCheck, "batch-state-done"),
    };
    (ui.badge(tone, icon, ui.t(word)), ui.t(word))
}
