//! The loans of the customers whom a channel, a campaign or a partner won: running, overdue, settled, written off
//! (S1-05). A loan belongs to what won its customer last before it was paid out (rule `acquisition.loans`).

use axum::extract::RawQuery;
use axum::response::Response;
use finance::days_between;
use jiff::civil::Date;
use platform::args;
use platform::db::{AssertSqlSafe, Conditions, Row as DbRow, StoreError};
use platform::error::ActionError;
use platform::list_export::{Listed, Sums, Wanted, plain};
use platform::page::list::{Cell, Column, ColumnKind, Filter, FilterKind, ListQuery, ListSpec, Row, View};
use platform::page::{Empty, Icon, Page, Tone, Ui};
use platform::web::{Routes, Visit, WebError};
use platform::work::Work;

use super::store::{FILES, ROOT, last_to_win};
use crate::standpoint::within;

/// Where the list is.
pub(super) const LIST: &str = "/acquisition/loans";
/// Rows carry names, so that whoever sees only sums does not see them.
pub(super) const LOAN_VIEW: &str = "loan.view";
/// The views in the order of their tabs.
const VIEWS: [&str; 5] = ["all", "current", "overdue", "settled", "written_off"];

/// The list.
pub(super) fn routes() -> Routes {
    Routes::new().list(LIST, LOAN_VIEW, index, spec).exports(&LISTED)
}

fn spec(ui: &Ui) -> ListSpec {
    let view = |id: &&str| View { id: (*id).to_owned(), text: ui.t(format!("won-loans-{id}")), ..View::default() };
    ListSpec {
        path: LIST.to_owned(),
        columns: vec![
            Column::new("number", "won-loans-number", ColumnKind::Text),
            Column::new("customer", "won-loans-customer", ColumnKind::Text),
            Column::new("start_on", "won-loans-start", ColumnKind::Date),
            Column::new("disbursed", "acquisition-disbursed", ColumnKind::Money),
            Column::new("principal", "acquisition-outstanding", ColumnKind::Money),
            Column::new("days", "won-loans-days", ColumnKind::State),
            Column::new("status", "won-loans-status", ColumnKind::State),
        ],
        filters: vec![
            Filter::new("partner", "won-loans-partner", FilterKind::Text),
            Filter::new("campaign", "won-loans-campaign", FilterKind::Text),
            Filter::new("channel", "won-loans-channel", FilterKind::Text).more(),
        ],
        views: VIEWS.iter().map(view).collect(),
        counted: "won-loans-count",
        ..ListSpec::default()
    }
}

fn conditions(asked: &ListQuery) -> Conditions {
    let mut w = Conditions::new();
    w.and_values("p.start_on >= s.effective_on and p.disbursed_fen > 0", args![]);
    last_to_win(&mut w);
    for (filter, condition) in [("partner", "r.number = ?"), ("campaign", "g.number = ?"), ("channel", "s.channel = ?")]
    {
        if let Some(text) = asked.text(filter) {
            w.and_values(condition, args![text]);
        }
    }
    // `written_off` and the others are the position's own words.
    if asked.view != "all" && !asked.view.is_empty() {
        w.and_values("p.status = ?", args![asked.view.as_str()]);
    }
    w
}

/// The loans of the customers won (所获客户贷款清单).
pub(crate) static LISTED: Listed = Listed {
    list: LIST,
    address: "/acquisition/loans/export.xlsx",
    view: LOAN_VIEW,
    export: "loan.export",
    act: "loan.export",
    title: "won-loans-title",
    file: "won-loans",
    whole: false,
    spec: |_, ui, _| plain(spec(ui)),
    sums: |work, _, wanted| Box::pin(sums(work, wanted)),
    rows: |work, ui, wanted| Box::pin(rows(work, ui, wanted)),
    heads: None,
};

/// What the list reads, with its conditions.
fn from(wanted: &Wanted) -> (String, Conditions) {
    let mut w = conditions(&wanted.query);
    within(&mut w, wanted.scope);
    w.one_of("p.loan_id", &wanted.picked_numbers());
    let from = format!(
        "from customer_source_view s left join customer_merge_view m on m.customer_id = s.customer_id \
         join {FILES} f on f.root_id = {ROOT} join loan_view p on p.customer_id = f.customer_id \
         join customer_view c on c.customer_id = p.customer_id left join partner_view r on r.id = s.partner_id \
         left join campaign_view g on g.id = s.campaign_id where {}",
        w.sql()
    );
    (from, w)
}

async fn sums(work: &mut Work, wanted: &Wanted) -> Result<Sums, ActionError> {
    let (from, w) = from(wanted);
    let sums = format!(
        "select count(*) as n, cast(coalesce(sum(p.disbursed_fen), 0) as bigint) as disbursed_fen, \
         cast(coalesce(sum(p.principal_fen), 0) as bigint) as principal_fen {from}"
    );
    let sums = work.tx.fetch_one(AssertSqlSafe(sums), w.args()).await?;
    let totals = vec![("disbursed", sums.get("disbursed_fen")?), ("principal", sums.get("principal_fen")?)];
    Ok(Sums { count: sums.get("n")?, totals })
}

async fn rows(work: &mut Work, ui: &Ui, wanted: &Wanted) -> Result<Vec<Row>, ActionError> {
    let (from, w) = from(wanted);
    let rows = format!(
        "select p.loan_id, p.number, c.name, p.start_on, p.disbursed_fen, p.principal_fen, p.oldest_due_on, p.status \
         {from} order by p.start_on desc, p.loan_id desc {}",
        wanted.limit()
    );
    let found = work.tx.fetch_all(AssertSqlSafe(rows), w.args()).await?;
    let today = work.business_date;
    Ok(found.iter().map(|row| row_of(ui, row, today)).collect::<Result<Vec<_>, StoreError>>()?)
}

async fn index(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, WebError> {
    let ui = visit.ui();
    let empty =
        Empty { icon: Some(Icon::Coins), title: ui.t("won-loans-none"), text: ui.t("won-loans-none-text"), step: None };
    let shown = LISTED.shown(&visit, query).await?.or(empty);
    let page =
        Page::new(ui.t("won-loans-title"), "acquisition").subtitle(ui.t("won-loans-note")).actions(shown.tools());
    shown.answer(&visit, &page)
}

fn row_of(ui: &Ui, row: &DbRow, today: Date) -> Result<Row, StoreError> {
    let (loan, status): (i64, String) = (row.get("loan_id")?, row.get("status")?);
    let oldest: Option<Date> = row.get("oldest_due_on")?;
    let (tone, icon) = match status.as_str() {
        "overdue" => (Tone::Sub, Icon::AlertTriangle),
        "settled" => (Tone::Ok, Icon::CircleCheck),
        "current" => (Tone::Info, Icon::Clock),
        _ => (Tone::Neutral, Icon::Archive),
    };
    let word = if VIEWS.contains(&status.as_str()) { ui.t(format!("won-loans-{status}")) } else { status };
    let href = format!("/loans/{loan}");
    let cells = vec![
        Cell::Link(row.get("number")?, href.clone()),
        Cell::Strong(row.get("name")?),
        Cell::date(row.get("start_on")?),
        Cell::Money(row.get("disbursed_fen")?),
        Cell::Money(row.get("principal_fen")?),
        Cell::Bucket(oldest.map_or(0, |due| days_between(due, today)).max(0)),
        Cell::State(ui.badge(tone, icon, &word), word),
    ];
    Ok(Row { key: loan.to_string(), cells, href })
}
