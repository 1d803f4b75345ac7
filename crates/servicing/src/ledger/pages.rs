//! Pages of the loan ledger.

use askama::Template;
use axum::extract::RawQuery;
use axum::response::Response;
use platform::page::list::{
    Cell, Column, ColumnKind, Filter, FilterKind, ListPage, ListQuery, ListSpec, Row, Sort, View,
};
use platform::page::{Button, Choice, Empty, Html, Icon, LoanClass, Look, Page, Tone, Ui};
use platform::web::{Routes, Visit, WebError};

use super::export::{self, LedgerExport};
use super::standpoint::Standpoint;
use super::store::{self, Breadth, LedgerRow, LedgerTotals};
use crate::loan::model::Security;
use crate::position::model::Standing;

/// The classes as the policy calls them, best first.
const CLASSES: [&str; 5] = ["normal", "special_mention", "substandard", "doubtful", "loss"];
/// The views in the order of their tabs.
const VIEWS: [&str; 6] = ["open", "overdue", "week", "npl", "written-off", "settled"];

/// Where the workbook of a result comes from.
const EXPORT: &str = "/loans/export.xlsx";

/// The ledger's pages.
pub fn routes() -> Routes {
    Routes::new().list("/loans", "loan.view", index, spec).get(EXPORT, export::EXPORT, export)
}

/// The list's columns, filters and views, in the language of the page.
pub fn spec(ui: &Ui) -> ListSpec {
    ListSpec {
        path: "/loans".to_owned(),
        columns: vec![
            Column::new("number", "loan-number", ColumnKind::Text).sortable(),
            Column::new("customer", "loan-customer", ColumnKind::Text).sortable(),
            Column::new("identity", "loan-identity", ColumnKind::Text),
            Column::new("product", "loan-product", ColumnKind::Text).hidden(),
            Column::new("security", "loan-security", ColumnKind::Text),
            Column::new("balance", "loan-balance", ColumnKind::Money).sortable(),
            Column::new("overdue-money", "loan-overdue-money", ColumnKind::Money).sortable(),
            Column::new("days", "loan-days", ColumnKind::State).sortable(),
            Column::new("class", "loan-class", ColumnKind::State),
            Column::new("rate", "loan-rate", ColumnKind::Rate).sortable(),
            Column::new("oldest", "loan-oldest-due", ColumnKind::Date),
            Column::new("due", "loan-next-due", ColumnKind::Date).sortable().hidden(),
            Column::new("due-money", "loan-next-due-money", ColumnKind::Money).hidden(),
            Column::new("maturity", "loan-maturity", ColumnKind::Date).sortable().hidden(),
            Column::new("start", "loan-start", ColumnKind::Date).sortable().hidden(),
            Column::new("status", "loan-status", ColumnKind::State).hidden(),
            Column::new("manager", "loan-manager", ColumnKind::Text),
        ],
        filters: filters(ui),
        views: VIEWS
            .iter()
            .map(|id| View { id: (*id).to_owned(), text: ui.t(format!("ledger-view-{id}")), ..View::default() })
            .collect(),
        default_sort: Some(Sort { column: "start", descending: true }),
        export: Some(EXPORT.to_owned()),
        batch: None,
        counted: "list-loans",
        ..ListSpec::default()
    }
}

fn filters(ui: &Ui) -> Vec<Filter> {
    let choices = |prefix: &str, ids: &[&str]| {
        FilterKind::Choice(
            ids.iter().map(|id| Choice::new(*id, ui.t(format!("{prefix}-{}", id.replace('_', "-"))))).collect(),
        )
    };
    let classes =
        CLASSES.iter().filter_map(|id| class_of(id).map(|class| Choice::new(*id, ui.t(class.message())))).collect();
    let security: Vec<&str> = Security::ALL.iter().map(|s| s.as_str()).collect();
    let standing: Vec<&str> = Standing::ALL.iter().map(|s| s.as_str()).collect();
    vec![
        Filter::new("q", "ledger-find", FilterKind::Text),
        Filter::new("overdue", "loan-days", FilterKind::Range),
        Filter::new("security", "loan-security", choices("security", &security)),
        Filter::new("class", "loan-class", FilterKind::Choice(classes)),
        Filter::new("bucket", "loan-bucket", choices("bucket", &["current", "d1_30", "d31_60", "d61_90", "d91_up"])),
        Filter::new("balance", "loan-balance", FilterKind::Money).more(),
        Filter::new("due", "loan-next-due", FilterKind::Dates),
        Filter::new("maturity", "loan-maturity", FilterKind::Dates).more(),
        Filter::new("start", "loan-start", FilterKind::Dates).more(),
        Filter::new("status", "loan-status", choices("standing", &standing)).more(),
    ]
}

#[derive(Template)]
#[template(path = "ledger/index.html")]
struct IndexBody {
    list: Html,
}

async fn index(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut spec = spec(&ui);
    let asked = ListQuery::parse(&spec, query.as_deref().unwrap_or_default())?;
    let mut work = visit.read().await?;
    let scope = work.authorise("loan.view").map_err(platform::error::ActionError::from)?;
    let from = Standpoint::load(&mut work).await?;
    let today = from.on;
    // The rows of a large book are there at once; what must be counted over all of it comes behind them.
    // A program gets its totals with the rows.
    let later = !visit.request.api() && (!visit.request.fragment() && store::is_large(&mut work.tx).await?);
    for view in spec.views.iter_mut().filter(|_| !later) {
        view.count = Some(store::count_of_view(&mut work.tx, &view.id, scope, &from).await?);
    }
    platform::saved_view::offer(&visit, &mut work, &mut spec).await?;
    let conditions = store::conditions(&asked, scope, &from);
    let (rows, more) = store::page(&mut work.tx, &conditions, &asked, today).await?;
    let totals = if later {
        LedgerTotals::default()
    } else {
        store::totals(&mut work.tx, &conditions, Breadth::of(&asked, scope), today).await?
    };
    let result = ListPage {
        page_totals: page_totals(&rows),
        rows: rows.iter().map(|row| row_of(&ui, row)).collect(),
        totals: sums(&totals),
        count: totals.loans,
        empty: Some(empty(&ui, &asked)),
    };
    if let Some(rows) = visit.rows(&spec, &asked, &result) {
        return Ok(rows);
    }
    spec.batch = visit.may(export::EXPORT).then(|| platform::list_export::offer(&visit, "/loans"));
    spec.later = later.then_some(more);
    let tools = if later {
        // How many rows the export will have is not known yet.
        let export = Button::link(Look::Secondary, ui.t("list-export-all"), format!("{EXPORT}?{}", asked.query(&spec)));
        let mut tools = ui.list_tools(&ListSpec { export: None, ..spec.clone() }, &asked, 0);
        tools.push(&ui.button(export.icon(Icon::FileSpreadsheet)));
        tools
    } else {
        ui.list_tools(&spec, &asked, result.count)
    };
    let page =
        Page::new(ui.t("ledger-title"), "loans").subtitle(ui.t1("as-of-business-date", "on", today)).actions(tools);
    visit.page(&page, &IndexBody { list: ui.list(&spec, &asked, &result) })
}

fn page_totals(rows: &[LedgerRow]) -> Vec<(&'static str, i64)> {
    let sum = |of: fn(&LedgerRow) -> i64| rows.iter().map(of).fold(0_i64, i64::saturating_add);
    vec![
        ("balance", sum(|r| r.position.principal.0)),
        ("overdue-money", sum(|r| r.overdue.0)),
        ("due-money", sum(|r| r.position.next_due.0)),
    ]
}

fn sums(totals: &LedgerTotals) -> Vec<(&'static str, i64)> {
    vec![("balance", totals.principal.0), ("overdue-money", totals.overdue.0), ("due-money", totals.next_due.0)]
}

fn empty(ui: &Ui, asked: &ListQuery) -> Empty {
    let id = if asked.filters.is_empty() { "ledger-empty" } else { "ledger-nothing-found" };
    Empty { icon: Some(Icon::Search), title: ui.t(id), text: ui.t(format!("{id}-text")), step: None }
}

pub(super) fn row_of(ui: &Ui, row: &LedgerRow) -> Row {
    let p = &row.position;
    let href = format!("/loans/{}", p.key.loan);
    let overdue = if row.overdue.is_positive() {
        Cell::MoneyWhy(row.overdue.0, format!("{href}/why/overdue"))
    } else {
        Cell::None
    };
    Row {
        key: p.key.loan.to_string(),
        cells: vec![
            Cell::Link(row.number.clone(), href.clone()),
            Cell::Strong(row.customer.clone()),
            Cell::Muted(row.identity_masked.clone()),
            Cell::Text(row.product.clone()),
            Cell::Text(ui.t(format!("security-{}", row.security.as_str()))),
            Cell::Money(p.principal.0),
            overdue,
            Cell::Bucket(i64::from(row.days_overdue)),
            class_cell(ui, &p.grade.class),
            Cell::Rate(p.yearly_e9),
            Cell::date(p.oldest_due_on),
            Cell::date(p.next_due_on),
            Cell::money(p.next_due_on.map(|_| p.next_due.0)),
            Cell::Date(p.maturity_on),
            Cell::Date(row.start_on),
            standing_cell(ui, p.standing),
            Cell::Text(row.manager.clone()),
        ],
        href,
    }
}

/// The class as a badge; a class that no rule by days gives is a word.
pub fn class_cell(ui: &Ui, class: &str) -> Cell {
    match class_of(class) {
        Some(class) => Cell::Class(class),
        None => Cell::Muted(ui.t("class-unclassified")),
    }
}

/// The badge of a class of the policy (五级分类).
pub fn class_of(class: &str) -> Option<LoanClass> {
    match class {
        "normal" => Some(LoanClass::Pass),
        "special_mention" => Some(LoanClass::SpecialMention),
        "substandard" => Some(LoanClass::Substandard),
        "doubtful" => Some(LoanClass::Doubtful),
        "loss" => Some(LoanClass::Loss),
        _ => None,
    }
}

/// Where a loan stands, as a badge.
pub fn standing_cell(ui: &Ui, standing: Standing) -> Cell {
    let word = ui.t(format!("standing-{}", standing.as_str()));
    Cell::State(standing_badge(ui, standing), word)
}

/// Where a loan stands: word, shape and tone.
pub fn standing_badge(ui: &Ui, standing: Standing) -> Html {
    let word = ui.t(format!("standing-{}", standing.as_str()));
    let (tone, icon) = match standing {
        Standing::Undrawn => (Tone::Neutral, Icon::Calendar),
        Standing::Current => (Tone::Ok, Icon::CircleCheck),
        Standing::Overdue => (Tone::Sub, Icon::AlertTriangle),
        Standing::Settled => (Tone::Neutral, Icon::CircleCheck),
        Standing::WrittenOffTracked => (Tone::Info, Icon::Lock),
    };
    ui.badge(tone, icon, word)
}

/// The result as a workbook, at once or in the background; who took what is in the audit trail.
async fn export(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, WebError> {
    platform::list_export::answer(&visit, &LedgerExport, query.as_deref().unwrap_or_default()).await
}
