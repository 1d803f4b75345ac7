//! The list of sheets of warning data: those with a sign, and everything.

use axum::extract::RawQuery;
use axum::response::Response;
use platform::args;
use platform::db::{Conditions, Row as DbRow, StoreError};
use platform::error::ActionError;
use platform::id::CustomerId;
use platform::list_export::{Listed, Sums, Wanted, plain};
use platform::page::list::{Cell, Column, ColumnKind, Filter, FilterKind, ListSpec, Row, View};
use platform::page::{Empty, Html, Icon, Page, Tone, Ui};
use platform::web::{Routes, Visit, WebError};
use platform::work::Work;

use super::model::{Sign, WarningSheetId};
use super::{LIST, tab_of};
use crate::customer::store::within;
use crate::{EXPORT, VIEW};

/// The views in the order of their tabs.
const VIEWS: [&str; 2] = ["signs", "all"];

/// The list.
pub(super) fn routes() -> Routes {
    Routes::new().list(LIST, VIEW, index, spec).exports(&LISTED)
}

fn spec(ui: &Ui) -> ListSpec {
    let view = |id: &&str| View { id: (*id).to_owned(), text: ui.t(format!("warning-view-{id}")), ..View::default() };
    ListSpec {
        path: LIST.to_owned(),
        columns: vec![
            Column::new("number", "customer-number", ColumnKind::Text),
            Column::new("customer", "customer-name", ColumnKind::Text),
            Column::new("on", "warning-collected-on", ColumnKind::Date),
            Column::new("sign", "warning-sign", ColumnKind::State),
            Column::new("finding", "warning-finding", ColumnKind::Text),
            Column::new("by", "warning-by", ColumnKind::Text),
        ],
        filters: vec![Filter::new("on", "warning-collected-on", FilterKind::Dates)],
        views: VIEWS.iter().map(view).collect(),
        counted: "warning-count",
        ..ListSpec::default()
    }
}

/// The sheets of warning data (预警信息采集清单).
pub(crate) static LISTED: Listed = Listed {
    list: LIST,
    address: "/warning-sheets/export.xlsx",
    view: VIEW,
    export: EXPORT,
    act: "customer.export",
    title: "warning-title",
    file: "warning-sheets",
    whole: false,
    spec: |_, ui, _| plain(spec(ui)),
    sums: |work, _, wanted| Box::pin(sums(work, wanted)),
    rows: |work, ui, wanted| Box::pin(rows(work, ui, wanted)),
    heads: None,
};

fn conditions(wanted: &Wanted) -> Conditions {
    let mut w = within(wanted.scope);
    w.one_of("s.id", &wanted.picked_numbers());
    if wanted.query.view != "all" {
        w.and_values("s.sign <> 'none'", args![]);
    }
    let (from, to) = wanted.query.dates("on");
    if let Some(from) = from {
        w.and("s.collected_on >= ?", [&from]);
    }
    if let Some(to) = to {
        w.and("s.collected_on <= ?", [&to]);
    }
    w
}

async fn sums(work: &mut Work, wanted: &Wanted) -> Result<Sums, ActionError> {
    let w = conditions(wanted);
    let counted = "select count(*) as n from warning_sheet s join customer c on c.customer_id = s.customer_id";
    let count: i64 = work.tx.fetch_one(w.select(counted, ""), w.args()).await?.get("n")?;
    Ok(count.into())
}

async fn rows(work: &mut Work, ui: &Ui, wanted: &Wanted) -> Result<Vec<Row>, ActionError> {
    let w = conditions(wanted);
    let head = "select s.customer_id, s.id, s.collected_on, s.sign, s.finding, c.number, c.name, \
                coalesce(u.name, '') as by_name from warning_sheet s join customer c on c.customer_id = s.customer_id \
                left join user_view u on u.id = s.recorded_by";
    let tail = format!("order by s.collected_on desc, s.id desc {}", wanted.limit());
    let found = work.tx.fetch_all(w.select(head, &tail), w.args()).await?;
    Ok(found.iter().map(|row| row_of(ui, row)).collect::<Result<Vec<_>, StoreError>>()?)
}

/// What was made of a sheet: shape and word.
pub(super) fn sign(ui: &Ui, sign: Sign) -> (Html, String) {
    let (tone, icon) = match sign {
        Sign::None => (Tone::Ok, Icon::CircleCheck),
        Sign::Watch => (Tone::Watch, Icon::Eye),
        Sign::Risk => (Tone::Sub, Icon::AlertTriangle),
    };
    let word = ui.t(format!("warning-sign-{}", sign.as_str()));
    (ui.badge(tone, icon, &word), word)
}

fn row_of(ui: &Ui, row: &DbRow) -> Result<Row, StoreError> {
    let (customer, id): (CustomerId, WarningSheetId) = (row.get("customer_id")?, row.get("id")?);
    let (badge, word) = sign(ui, row.get("sign")?);
    let cells = vec![
        Cell::Link(row.get("number")?, tab_of(customer)),
        Cell::Strong(row.get("name")?),
        Cell::Date(row.get("collected_on")?),
        Cell::State(badge, word),
        Cell::Text(row.get("finding")?),
        Cell::Text(row.get("by_name")?),
    ];
    Ok(Row { key: id.to_string(), cells, href: tab_of(customer) })
}

async fn index(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, WebError> {
    let ui = visit.ui();
    let empty = Empty {
        icon: Some(Icon::AlertCircle),
        title: ui.t("warning-none"),
        text: ui.t("warning-none-text"),
        step: None,
    };
    let shown = LISTED.shown(&visit, query).await?.or(empty);
    let page = Page::new(ui.t("warning-title"), "warnings").subtitle(ui.t("warning-note")).actions(shown.tools());
    shown.answer(&visit, &page)
}
