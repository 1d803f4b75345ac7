//! What the lists of collections share (清单): whose loans and which days, and what stands around a list on its page.

use axum::response::Response;
use jiff::civil::Date;
use platform::access::DataScope;
use platform::args;
use platform::db::Conditions;
use platform::list_export::{self, Listed, Shown, Sums};
use platform::page::grid::percent_words;
use platform::page::list::{Cell, ListPage, ListQuery, ListSpec, Row};
use platform::page::{Empty, Html, Icon, Page};
use platform::web::{Visit, WebError};
use platform::work::Work;

/// A share in billionths as people read it: `12.50 %`.
pub(crate) fn percent(billionths: i64) -> String {
    format!("{} %", percent_words(billionths))
}

/// Who sees loans, and what is done about them.
pub(crate) const LOAN_VIEW: &str = "loan.view";
/// Who takes lists of them away.
pub(crate) const LOAN_EXPORT: &str = "loan.export";

/// The loans that a person may see, named `v` by the query.
pub(crate) fn loans_within(scope: DataScope) -> Conditions {
    let mut w = Conditions::new();
    let own = [("v.branch_id = ?", scope.branch), ("v.team_id = ?", scope.team), ("v.manager_id = ?", scope.manager)];
    for (column, id) in own.into_iter().filter(|(_, id)| *id != 0) {
        w.and_values(column, args![id]);
    }
    w
}

/// From a day on and up to a day, as far as a filter says so.
pub(crate) fn between(w: &mut Conditions, (from, to): (Option<Date>, Option<Date>), [since, until]: [&'static str; 2]) {
    for (day, condition) in [(from, since), (to, until)] {
        if let Some(day) = day {
            w.and_values(condition, args![day]);
        }
    }
}

/// So many of what is all at hand, from one on.
pub(crate) fn cut<T>(all: &[T], (from, most): (i64, i64)) -> &[T] {
    let place = |number: i64| usize::try_from(number).unwrap_or(0).min(all.len());
    all.get(place(from)..place(from.saturating_add(most))).unwrap_or_default()
}

/// What stands where there are no rows.
pub(crate) fn none(icon: Icon, title: String, text: String) -> Empty {
    Empty { icon: Some(icon), title, text, step: None }
}

/// The page of a list as of the business date, with nothing besides.
///
/// # Errors
/// The page cannot be drawn.
pub(crate) fn page(visit: &Visit, listed: &Listed, shown: &Shown, active: &'static str) -> Result<Response, WebError> {
    let about = shown.ui.t1("as-of-business-date", "on", visit.business_date);
    let page = Page::new(shown.ui.t(listed.title), active).subtitle(about).actions(shown.tools());
    shown.answer(visit, &page)
}

/// A page with something above its list; the rows alone for a program.
///
/// # Errors
/// The page cannot be drawn.
pub(crate) fn answer(visit: &Visit, shown: &Shown, page: &Page, above: Html) -> Result<Response, WebError> {
    if let Some(rows) = visit.rows(&shown.spec, &shown.asked, &shown.page) {
        return Ok(rows);
    }
    let mut body = above;
    body.push(&shown.html());
    visit.page_of(page, &body)
}

/// A list whose rows and sums were computed together, as [`Listed::shown`] shows one that is read twice.
///
/// # Errors
/// The store's.
pub(crate) async fn shown(
    listed: &Listed,
    visit: &Visit,
    work: &mut Work,
    (mut spec, asked): (ListSpec, ListQuery),
    (rows, sums): (Vec<Row>, Sums),
) -> Result<Shown, WebError> {
    if !visit.request.api() {
        platform::saved_view::offer(visit, work, &mut spec).await?;
    }
    let may = visit.may(listed.export);
    spec.export = may.then(|| listed.address.to_owned());
    spec.batch = may.then(|| list_export::offer_of(visit, listed.list, &asked.query(&spec)));
    let page_totals = sums.totals.iter().map(|(id, _)| (*id, sum_of(&spec, &rows, id))).collect();
    let page = ListPage { rows, page_totals, totals: sums.totals, count: sums.count, empty: None };
    Ok(Shown { ui: visit.ui(), spec, asked, page })
}

/// What a column of money comes to on a page.
fn sum_of(spec: &ListSpec, rows: &[Row], id: &str) -> i64 {
    let place = spec.columns.iter().position(|column| column.id == id);
    let money = |row: &Row| match place.and_then(|place| row.cells.get(place)) {
        Some(Cell::Money(fen) | Cell::MoneyWhy(fen, _)) => *fen,
        Some(_) | None => 0,
    };
    rows.iter().map(money).fold(0, i64::saturating_add)
}
