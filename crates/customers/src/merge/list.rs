//! The list of merges (客户合并清单): what waits, what stands, what ended.

use axum::extract::RawQuery;
use axum::response::Response;
use platform::args;
use platform::db::{Conditions, StoreError};
use platform::error::ActionError;
use platform::list_export::{Listed, Sums, Wanted, plain};
use platform::page::list::{Cell, Column, ColumnKind, ListSpec, Row, View};
use platform::page::{Button, Empty, Icon, Look, Page, Ui};
use platform::web::{Routes, Visit, WebError};
use platform::work::Work;

use super::model::Merge;
use super::{MERGE, list_path, panel, store};
use crate::EXPORT;
use crate::customer::store::within;
use crate::duplicate;

/// The views in the order of their tabs.
const VIEWS: [&str; 3] = ["waiting", "merged", "all"];

/// The list of merges.
pub(super) fn routes() -> Routes {
    Routes::new().list(list_path(), MERGE, index, spec).exports(&LISTED)
}

fn spec(ui: &Ui) -> ListSpec {
    let view = |id: &&str| View { id: (*id).to_owned(), text: ui.t(format!("merge-view-{id}")), ..View::default() };
    ListSpec {
        path: list_path().to_owned(),
        columns: vec![
            Column::new("gone", "merge-gone", ColumnKind::Text),
            Column::new("gone_name", "duplicate-name", ColumnKind::Text),
            Column::new("into", "merge-into", ColumnKind::Text),
            Column::new("into_name", "duplicate-other-name", ColumnKind::Text),
            Column::new("state", "merge-state", ColumnKind::State),
            Column::new("reason", "merge-reason", ColumnKind::Text),
            Column::new("asked_on", "merge-asked-on", ColumnKind::Date),
            Column::new("merged_on", "merge-merged-on", ColumnKind::Date),
            Column::new("ended_on", "merge-ended-on", ColumnKind::Date),
        ],
        views: VIEWS.iter().map(view).collect(),
        counted: "merge-count",
        ..ListSpec::default()
    }
}

/// The merges (客户合并清单), each by the surviving file within scope.
pub(crate) static LISTED: Listed = Listed {
    list: list_path(),
    address: "/customers/merges/export.xlsx",
    view: MERGE,
    export: EXPORT,
    act: EXPORT,
    title: "merge-list",
    file: "merges",
    whole: false,
    spec: |_, ui, _| plain(spec(ui)),
    sums: |work, _, wanted| Box::pin(sums(work, wanted)),
    rows: |work, ui, wanted| Box::pin(rows(work, ui, wanted)),
    heads: None,
};

fn conditions(wanted: &Wanted) -> Conditions {
    let mut w = within(wanted.scope);
    match wanted.query.view.as_str() {
        "merged" => w.and_values("m.state = 'merged'", args![]),
        "all" => &mut w,
        _ => {
            w.and_values("(m.state = 'requested' or (m.state = 'merged' and m.undo_approval_id is not null))", args![])
        }
    };
    w
}

async fn sums(work: &mut Work, wanted: &Wanted) -> Result<Sums, ActionError> {
    let w = conditions(wanted);
    let counted = "select count(*) as n from customer_merge m join customer c on c.customer_id = m.into_id";
    let count: i64 = work.tx.fetch_one(w.select(counted, ""), w.args()).await?.get("n")?;
    Ok(count.into())
}

async fn rows(work: &mut Work, ui: &Ui, wanted: &Wanted) -> Result<Vec<Row>, ActionError> {
    let w = conditions(wanted);
    let head = "select m.customer_id, m.id, c.number, c.name, g.number as gone_number, g.name as gone_name \
         from customer_merge m join customer c on c.customer_id = m.into_id \
         join customer g on g.customer_id = m.customer_id";
    let tail = format!("order by m.id desc {}", wanted.limit());
    let found = work.tx.fetch_all(w.select(head, &tail), w.args()).await?;
    let mut rows = Vec::with_capacity(found.len());
    for row in &found {
        let (gone, id) = (row.get("customer_id")?, row.get("id")?);
        let Some(one) = store::find(&mut work.tx, gone, id).await? else { continue };
        let seen = super::united::number_for(work, one.gone).await?.is_some();
        rows.push(row_of(ui, row, (&one, seen))?);
    }
    Ok(rows)
}

async fn index(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, WebError> {
    let ui = visit.ui();
    let empty =
        Empty { icon: Some(Icon::GitCompare), title: ui.t("merge-none"), text: ui.t("merge-none-text"), step: None };
    let shown = LISTED.shown(&visit, query).await?.or(empty);
    let mut tools = shown.tools();
    let all = Button::link(Look::Secondary, ui.t("duplicate-title"), duplicate::list_path()).icon(Icon::Copy);
    tools.push(&ui.button(all));
    let page = Page::new(ui.t("merge-list"), "merges").subtitle(ui.t("merge-list-note")).actions(tools);
    shown.answer(&visit, &page)
}

/// A row; of a file that the reader may not see neither number nor name.
fn row_of(ui: &Ui, row: &platform::db::Row, (one, seen): (&Merge, bool)) -> Result<Row, StoreError> {
    let href = format!("/customers/{}?tab=merged", one.into);
    let (badge, word) = panel::state(ui, one);
    let cells = vec![
        if seen { Cell::Link(row.get("gone_number")?, format!("/customers/{}", one.gone)) } else { Cell::None },
        if seen { Cell::Text(row.get("gone_name")?) } else { Cell::None },
        Cell::Link(row.get("number")?, href.clone()),
        Cell::Strong(row.get("name")?),
        Cell::State(badge, word),
        Cell::Text(one.reason.clone()),
        Cell::Date(one.asked_on),
        Cell::date(one.merged_on),
        Cell::date(one.ended_on),
    ];
    Ok(Row { key: format!("{}-{}", one.gone, one.id), cells, href })
}
