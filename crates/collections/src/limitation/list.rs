//! The list of all clocks: what ends soon first; filtered, exported.

use axum::extract::RawQuery;
use axum::response::Response;
use jiff::civil::Date;
use platform::args;
use platform::db::Conditions;
use platform::error::ActionError;
use platform::list_export::{Listed, Sums, Wanted, plain};
use platform::page::list::{Cell, Column, ColumnKind, Filter, FilterKind, ListQuery, ListSpec, Row, Sort, View};
use platform::page::{Icon, Ui};
use platform::policies::{self, PolicyError};
use platform::web::{Routes, Visit, WebError};
use platform::work::Work;

use super::pages::state_badge;
use super::rules::Periods;
use super::store::{self, ClockRow};
use crate::listing::{self, LOAN_EXPORT, LOAN_VIEW};

/// Where the list is.
pub const LIST: &str = "/collections/clocks";
/// The views in the order of their tabs.
const VIEWS: [&str; 4] = ["warned", "running", "ended", "all"];

/// The list and its export.
pub fn routes() -> Routes {
    Routes::new().list(LIST, LOAN_VIEW, index, spec).exports(&LISTED)
}

fn spec(ui: &Ui) -> ListSpec {
    let views = VIEWS.iter().map(|id| View {
        id: (*id).to_owned(),
        text: ui.t(format!("limitation-view-{id}")),
        ..View::default()
    });
    ListSpec {
        path: LIST.to_owned(),
        columns: vec![
            Column::new("number", "loan-number", ColumnKind::Text),
            Column::new("customer", "loan-customer", ColumnKind::Text),
            Column::new("against", "limitation-against", ColumnKind::Text),
            Column::new("state", "limitation-state", ColumnKind::State),
            Column::new("until", "limitation-until", ColumnKind::Date).sortable(),
            Column::new("left", "limitation-left", ColumnKind::Count),
            Column::new("balance", "loan-balance", ColumnKind::Money).sortable(),
            Column::new("oldest", "loan-oldest-due", ColumnKind::Date),
            Column::new("manager", "loan-manager", ColumnKind::Text),
        ],
        filters: vec![
            Filter::new("q", "ledger-find", FilterKind::Text),
            Filter::new("until", "limitation-until", FilterKind::Dates),
        ],
        views: views.collect(),
        default_sort: Some(Sort { column: "until", descending: false }),
        counted: "list-clocks",
        ..ListSpec::default()
    }
}

async fn conditions(work: &mut Work, wanted: &Wanted) -> Result<Conditions, ActionError> {
    let (today, asked) = (work.business_date, &wanted.query);
    let policy = policies::in_force(work, today).await?;
    let periods = Periods::read(policy.edition(today)).map_err(PolicyError::from)?;
    let first_warning = periods.warn_days.first().copied().unwrap_or(0);
    let mut w = listing::loans_within(wanted.scope);
    w.one_of(KEY, &wanted.picked_numbers());
    match asked.view.as_str() {
        "running" => w.and_values("c.state in ('running', 'held', 'kept')", args![]),
        "ended" => w.and_values("c.state in ('expired', 'lost')", args![]),
        "all" => &mut w,
        _ => {
            let until = finance::add_days(today, first_warning).unwrap_or(Date::MAX);
            w.and_values("c.state in ('running', 'kept') and c.until_on >= ? and c.until_on <= ?", args![today, until])
        }
    };
    listing::between(&mut w, asked.dates("until"), ["c.until_on >= ?", "c.until_on <= ?"]);
    if let Some(text) = asked.text("q") {
        let part = format!("%{}%", text.to_lowercase().replace(['%', '_'], ""));
        w.and_values("(lower(v.number) like ? or lower(k.name) like ? or k.pinyin like ? or lower(c.whom) like ?)", {
            args![part.clone(), part.clone(), part.clone(), part]
        });
    }
    Ok(w)
}

fn order(asked: &ListQuery) -> &'static str {
    match asked.sort {
        Some(Sort { column: "balance", descending: true }) => "v.principal_fen desc",
        Some(Sort { column: "balance", .. }) => "v.principal_fen",
        Some(Sort { descending: true, .. }) => "c.until_on desc",
        Some(_) | None => "case when c.until_on is null then 1 else 0 end, c.until_on",
    }
}

/// The clocks of limitation and guarantees (时效清单).
pub(crate) static LISTED: Listed = Listed {
    list: LIST,
    address: "/collections/clocks/export.xlsx",
    view: LOAN_VIEW,
    export: LOAN_EXPORT,
    act: LOAN_EXPORT,
    title: "limitation-title",
    file: "clocks",
    whole: false,
    spec: |_, ui, _| plain(spec(ui)),
    sums: |work, _, wanted| Box::pin(sums(work, wanted)),
    rows: |work, ui, wanted| Box::pin(rows(work, ui, wanted)),
    heads: None,
};

/// A clock against the debtor is named by its loan, one against a guarantor by its guarantee.
const KEY: &str = "case when c.guarantee_id = 0 then c.loan_id else c.guarantee_id end";

async fn sums(work: &mut Work, wanted: &Wanted) -> Result<Sums, ActionError> {
    let w = conditions(work, wanted).await?;
    Ok(store::count(&mut work.tx, &w).await?.into())
}

async fn rows(work: &mut Work, ui: &Ui, wanted: &Wanted) -> Result<Vec<Row>, ActionError> {
    let ((from, most), today) = (wanted.part, work.business_date);
    let w = conditions(work, wanted).await?;
    let rows = store::page(&mut work.tx, &w, order(&wanted.query), most, from).await?;
    Ok(rows.iter().map(|row| row_of(ui, row, today)).collect())
}

async fn index(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, WebError> {
    let ui = visit.ui();
    let none = listing::none(Icon::CircleCheck, ui.t("limitation-none"), ui.t("limitation-none-text"));
    listing::page(&visit, &LISTED, &LISTED.shown(&visit, query).await?.or(none), "clocks")
}

fn row_of(ui: &Ui, row: &ClockRow, today: Date) -> Row {
    let href = format!("/loans/{}/clocks", row.key.loan);
    let (badge, word) = state_badge(ui, &row.state, row.whom.is_empty());
    let left = row.until.map(|until| finance::days_between(today, until)).filter(|left| *left >= 0);
    Row {
        key: row.id.to_string(),
        cells: vec![
            Cell::Link(row.number.clone(), href.clone()),
            Cell::Strong(row.customer.clone()),
            Cell::Text(if row.whom.is_empty() {
                ui.t("limitation-debtor")
            } else {
                ui.t1("limitation-guarantor", "name", &row.whom)
            }),
            Cell::State(badge, word),
            Cell::date(row.until),
            left.map_or(Cell::None, Cell::Count),
            Cell::Money(row.principal.0),
            Cell::date(row.oldest_due_on),
            Cell::Text(row.manager.clone()),
        ],
        href,
    }
}
