//! Sums over the whole book, from the published views. Every query groups in the database, is kept inside the
//! data scope, and answers at most as many rows as there are steps, days or months.

use finance::Fen;
use jiff::civil::Date;
use platform::access::DataScope;
use platform::args;
use platform::db::{Conditions, Row, StoreError, Tx};

use super::model::{Book, Due, Overview, Part, Point, Slice};
use super::rules;
use crate::standpoint::{Standpoint, within};

/// The standings that count as the book (贷款余额): a settled or written-off loan is no longer in it.
pub const OPEN: &str = "p.status in ('undrawn', 'current', 'overdue')";

macro_rules! slices {
    ($view:literal) => {
        concat!(
            "select p.bucket, p.class, p.status, count(*) as loans, ",
            "cast(coalesce(sum(p.principal_fen), 0) as bigint) as principal_fen, ",
            "cast(coalesce(sum(p.overdue_principal_fen + p.overdue_interest_fen), 0) as bigint) as overdue_fen ",
            "from ",
            $view,
            " p"
        )
    };
}

const BOOK_TAIL: &str = "group by p.bucket, p.class, p.status order by p.bucket, p.class, p.status limit 1000";

/// Loans above which what must be counted over many of them comes behind the first figures.
const LARGE: i64 = 20_000;

/// Whether the book is so large that counting over it would keep the page waiting.
pub async fn is_large(tx: &mut Tx) -> Result<bool, StoreError> {
    let sql = "select cast(coalesce(sum(loans), 0) as bigint) as loans from loan_total_now_view";
    Ok(tx.fetch_one(sql, args![]).await?.get::<i64>("loans")? > LARGE)
}

/// The first figures: the book, now and at past month-ends, money received, maturities.
pub async fn first(tx: &mut Tx, scope: DataScope, at: &Standpoint) -> Result<Overview, StoreError> {
    Ok(Overview {
        book: book(tx, scope, at).await?,
        past: past(tx, scope, at).await?,
        collected: collected(tx, scope, at, &rules::months_until(at.as_of)).await?,
        maturing: maturing(tx, scope, at, &rules::months_ahead(at.as_of)).await?,
        ..Overview::default()
    })
}

/// Everything that the page shows.
pub async fn overview(tx: &mut Tx, scope: DataScope, at: &Standpoint) -> Result<Overview, StoreError> {
    let week = rules::week(at.as_of);
    let (due_today, due_week) = match at.known {
        None => (Some(due(tx, scope, at.as_of, at.as_of).await?), Some(due(tx, scope, week.0, week.1).await?)),
        Some(_) => (None, None),
    };
    Ok(Overview {
        due_today,
        due_week,
        became_overdue: became_overdue(tx, scope, at, &rules::days_until(at.as_of)).await?,
        ..first(tx, scope, at).await?
    })
}

/// Whether the sums kept by day and branch answer: now, for the institution or a branch.
fn by_day(scope: DataScope, at: &Standpoint) -> bool {
    at.is_now() && scope.team == 0 && scope.manager == 0
}

fn of_branch(w: &mut Conditions, scope: DataScope) {
    if scope.branch != 0 {
        w.and_values("p.branch_id = ?", args![scope.branch]);
    }
}

/// The open loans by bucket, class and standing (rule `dashboard.book`).
///
/// Plan: of now, for the institution or a branch, the totals; else `loan_book` from end to end, beside it
/// `loan_position_book` or `loan_position_history_book` in the same
/// order of keys, all covering; a manager's loans by `loan_manager`.
pub async fn book(tx: &mut Tx, scope: DataScope, at: &Standpoint) -> Result<Book, StoreError> {
    if by_day(scope, at) {
        return book_now(tx, scope.branch).await;
    }
    let mut w = Conditions::new();
    w.and_values(OPEN, args![]);
    at.keep_in_force(&mut w);
    within(&mut w, scope);
    let head = if at.is_now() { slices!("loan_view") } else { slices!("loan_position_history_view") };
    let rows = tx.fetch_all(w.select(head, BOOK_TAIL), w.args()).await?;
    Ok(Book { slices: rows.iter().map(slice).collect::<Result<_, _>>()? })
}

/// The book of now of the institution or a branch: the totals of the last close and what was noted since.
///
/// Plan: `loan_total` of one date and `loan_total_change` after it; no loan is read.
async fn book_now(tx: &mut Tx, branch: i64) -> Result<Book, StoreError> {
    let mut w = Conditions::new();
    w.and_values(OPEN, args![]);
    if branch != 0 {
        w.and_values("p.branch_id = ?", args![branch]);
    }
    let head = "select p.bucket, p.class, p.status, cast(coalesce(sum(p.loans), 0) as bigint) as loans, \
         cast(coalesce(sum(p.principal_fen), 0) as bigint) as principal_fen, \
         cast(coalesce(sum(p.overdue_principal_fen + p.overdue_interest_fen), 0) as bigint) as overdue_fen \
         from loan_total_now_view p";
    // What left a slice since the close leaves nothing of it.
    let tail = "group by p.bucket, p.class, p.status having sum(p.loans) <> 0 \
         order by p.bucket, p.class, p.status limit 1000";
    let rows = tx.fetch_all(w.select(head, tail), w.args()).await?;
    Ok(Book { slices: rows.iter().map(slice).collect::<Result<_, _>>()? })
}

fn slice(row: &Row) -> Result<Slice, StoreError> {
    Ok(Slice {
        bucket: row.get("bucket")?,
        class: row.get("class")?,
        overdue: row.get::<String>("status")? == "overdue",
        part: Part { loans: row.get("loans")?, principal: row.get("principal_fen")? },
        overdue_sum: row.get("overdue_fen")?,
    })
}

/// The book at the past month-ends: from the daily totals for the institution or a branch, from the history
/// for a team, for a person's own loans, and in the record clock.
async fn past(tx: &mut Tx, scope: DataScope, at: &Standpoint) -> Result<Vec<(Date, Option<Book>)>, StoreError> {
    let days = rules::month_ends(at.as_of);
    if at.known.is_none() && scope.team == 0 && scope.manager == 0 {
        return totals(tx, scope, &days).await;
    }
    let mut books = Vec::with_capacity(days.len());
    for day in days {
        let book = book(tx, scope, &at.on(day)).await?;
        books.push((day, Some(book).filter(|book| !book.slices.is_empty())));
    }
    Ok(books)
}

/// Plan: primary key of `loan_total`, which begins with the date.
async fn totals(tx: &mut Tx, scope: DataScope, days: &[Date]) -> Result<Vec<(Date, Option<Book>)>, StoreError> {
    let mut w = Conditions::new();
    w.one_of("p.business_date", days).and_values(OPEN, args![]);
    if scope.branch != 0 {
        w.and_values("p.branch_id = ?", args![scope.branch]);
    }
    let head = "select p.business_date, p.bucket, p.class, p.status, cast(coalesce(sum(p.loans), 0) as bigint) as loans, \
         cast(coalesce(sum(p.principal_fen), 0) as bigint) as principal_fen, \
         cast(coalesce(sum(p.overdue_principal_fen + p.overdue_interest_fen), 0) as bigint) as overdue_fen \
         from loan_total_view p";
    let tail = "group by p.business_date, p.bucket, p.class, p.status limit 12000";
    let mut books: Vec<(Date, Option<Book>)> = days.iter().map(|day| (*day, None)).collect();
    for row in tx.fetch_all(w.select(head, tail), w.args()).await? {
        let on: Date = row.get("business_date")?;
        if let Some((_, book)) = books.iter_mut().find(|(day, _)| *day == on) {
            book.get_or_insert_default().slices.push(slice(&row)?);
        }
    }
    Ok(books)
}

/// What falls due from one day to another, by the schedule as it is known now.
///
/// Plan: index `loan_instalment_due (due_on)`.
pub async fn due(tx: &mut Tx, scope: DataScope, from: Date, to: Date) -> Result<Due, StoreError> {
    let mut w = Conditions::new();
    w.and_values("p.due_on >= ? and p.due_on <= ?", args![from, to]);
    within(&mut w, scope);
    let head = "select count(*) as instalments, cast(coalesce(sum(p.due_fen), 0) as bigint) as due_fen, \
         cast(coalesce(sum(p.paid_fen), 0) as bigint) as paid_fen, \
         cast(coalesce(sum(case when p.outstanding_fen > 0 then 1 else 0 end), 0) as bigint) as open_instalments \
         from loan_instalment_view p";
    let row = tx.fetch_one(w.select(head, ""), w.args()).await?;
    Ok(Due {
        instalments: row.get("instalments")?,
        due: row.get("due_fen")?,
        paid: row.get("paid_fen")?,
        open: row.get("open_instalments")?,
    })
}

/// Keeps the rows `p` of the history on which a loan turned from not overdue to overdue
/// (rule `dashboard.became-overdue`): the row before ends where this one begins.
pub fn keep_became_overdue(w: &mut Conditions, at: &Standpoint, from: Date, to: Date) {
    w.and_values("p.from_on >= ? and p.from_on <= ? and p.status = 'overdue'", args![from, to]);
    at.keep_known(w);
    match at.known {
        None => w.and_values(
            "exists (select 1 from loan_position_history_view b where b.customer_id = p.customer_id \
             and b.loan_id = p.loan_id and b.to_on = p.from_on and b.status <> 'overdue' and b.superseded_at is null)",
            args![],
        ),
        Some(known) => w.and_values(
            "exists (select 1 from loan_position_history_view b where b.customer_id = p.customer_id \
             and b.loan_id = p.loan_id and b.to_on = p.from_on and b.status <> 'overdue' \
             and b.recorded_at <= ? and (b.superseded_at is null or b.superseded_at > ?))",
            args![known, known],
        ),
    };
}

/// Loans that became overdue, by day; every day of the list has its point.
///
/// Plan: `loan_position_history_day (from_on, to_on)` for the days, the row before by the primary key.
async fn became_overdue(
    tx: &mut Tx,
    scope: DataScope,
    at: &Standpoint,
    days: &[Date],
) -> Result<Vec<Point>, StoreError> {
    let (Some(first), Some(last)) = (days.first(), days.last()) else { return Ok(Vec::new()) };
    let mut w = Conditions::new();
    keep_became_overdue(&mut w, at, *first, *last);
    within(&mut w, scope);
    let head = "select p.from_on as on_text, count(*) as found, \
         cast(coalesce(sum(p.overdue_principal_fen + p.overdue_interest_fen), 0) as bigint) as sum_fen \
         from loan_position_history_view p";
    points(tx, &w, head, "group by p.from_on order by p.from_on limit 400", days, |on| on.to_string()).await
}

/// Keeps the money received (rule `dashboard.collected`): repayments and recoveries that were not taken back.
pub fn keep_collected(w: &mut Conditions, at: &Standpoint, from: Date, to: Date) {
    w.and_values("p.effective_on >= ? and p.effective_on <= ?", args![from, to.min(at.as_of)]);
    w.and_values("p.kind in ('repay', 'recover')", args![]);
    match at.known {
        None => w.and_values("(p.reversed_on is null or p.reversed_on > ?)", args![at.as_of]),
        Some(known) => w.and_values(
            "p.recorded_at <= ? and (p.reversed_on is null or p.reversed_on > ? or p.reversed_at > ?)",
            args![known, at.as_of, known],
        ),
    };
}

/// Money received by month; every month of the list has its point.
///
/// Plan: of now, for the institution or a branch, `loan_received` by its days; else
/// `loan_transaction_day (effective_on, kind)`, the reversal by `loan_transaction_reversed_once`.
async fn collected(tx: &mut Tx, scope: DataScope, at: &Standpoint, months: &[Date]) -> Result<Vec<Point>, StoreError> {
    let Some(first) = months.first() else { return Ok(Vec::new()) };
    let mut w = Conditions::new();
    if by_day(scope, at) {
        w.and_values("p.effective_on >= ? and p.effective_on <= ?", args![*first, at.as_of]);
        of_branch(&mut w, scope);
        let head = "select substr(p.effective_on, 1, 7) as on_text, cast(coalesce(sum(p.entries), 0) as bigint) as found, \
             cast(coalesce(sum(p.amount_fen), 0) as bigint) as sum_fen from loan_received_view p";
        let tail = "group by substr(p.effective_on, 1, 7) order by 1 limit 100";
        return points(tx, &w, head, tail, months, month).await;
    }
    keep_collected(&mut w, at, *first, at.as_of);
    within(&mut w, scope);
    let head = "select substr(p.effective_on, 1, 7) as on_text, count(*) as found, \
         cast(coalesce(sum(p.amount_fen), 0) as bigint) as sum_fen from loan_transaction_view p";
    points(tx, &w, head, "group by substr(p.effective_on, 1, 7) order by 1 limit 100", months, month).await
}

macro_rules! maturities {
    ($view:literal) => {
        concat!(
            "select substr(p.maturity_on, 1, 7) as on_text, count(*) as found, ",
            "cast(coalesce(sum(p.principal_fen), 0) as bigint) as sum_fen from ",
            $view,
            " p"
        )
    };
}

/// Keeps the open loans that mature from one day to another.
pub fn keep_maturing(w: &mut Conditions, at: &Standpoint, from: Date, to: Date) {
    w.and_values("p.maturity_on >= ? and p.maturity_on <= ?", args![from, to]).and_values(OPEN, args![]);
    at.keep_in_force(w);
}

/// The days of a month that are still to come on a date.
pub fn rest_of_month(month: Date, as_of: Date) -> (Date, Date) {
    (month.max(as_of), month.last_of_month())
}

/// Principal of open loans by the month in which they mature, from the date on.
///
/// Plan: of now, for the institution or a branch, `loan_maturing` by its days; else, in the present,
/// `loan_position_maturity (maturity_on)`.
async fn maturing(tx: &mut Tx, scope: DataScope, at: &Standpoint, months: &[Date]) -> Result<Vec<Point>, StoreError> {
    let Some(last) = months.last() else { return Ok(Vec::new()) };
    let mut w = Conditions::new();
    if by_day(scope, at) {
        w.and_values("p.maturity_on >= ? and p.maturity_on <= ?", args![at.as_of, last.last_of_month()]);
        of_branch(&mut w, scope);
        let head = "select substr(p.maturity_on, 1, 7) as on_text, cast(coalesce(sum(p.loans), 0) as bigint) as found, \
             cast(coalesce(sum(p.principal_fen), 0) as bigint) as sum_fen from loan_maturing_view p";
        let tail = "group by substr(p.maturity_on, 1, 7) order by 1 limit 100";
        return points(tx, &w, head, tail, months, month).await;
    }
    keep_maturing(&mut w, at, at.as_of, last.last_of_month());
    within(&mut w, scope);
    let head = if at.is_now() { maturities!("loan_view") } else { maturities!("loan_position_history_view") };
    points(tx, &w, head, "group by substr(p.maturity_on, 1, 7) order by 1 limit 100", months, month).await
}

fn month(on: Date) -> String {
    format!("{:04}-{:02}", on.year(), on.month())
}

/// One point for each date of the list, in its order; a date without rows is zero.
async fn points(
    tx: &mut Tx,
    w: &Conditions,
    head: &'static str,
    tail: &str,
    dates: &[Date],
    label: impl Fn(Date) -> String,
) -> Result<Vec<Point>, StoreError> {
    let mut points: Vec<Point> = dates.iter().map(|on| Point { on: *on, count: 0, sum: Fen::ZERO }).collect();
    for row in tx.fetch_all(w.select(head, tail), w.args()).await? {
        let text: String = row.get("on_text")?;
        if let Some(point) = points.iter_mut().find(|point| label(point.on) == text) {
            point.count = row.get("found")?;
            point.sum = row.get("sum_fen")?;
        }
    }
    Ok(points)
}
