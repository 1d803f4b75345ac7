//! Rows and totals of the loan ledger, from `loan_view` and the customers' published view.

use finance::Fen;
use jiff::civil::Date;
use platform::access::DataScope;
use platform::args;
use platform::db::{Conditions, Row, StoreError, Tx};
use platform::page::list::{ListQuery, ListSpec};

use super::standpoint::Standpoint;
use crate::loan::model::{LoanKey, Security};
use crate::position::model::{LoanPosition, Standing, days_overdue};
use crate::position::{rules, store as position};

/// A row of the ledger (台账行).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerRow {
    /// Customer and loan.
    pub key: LoanKey,
    /// 借据号.
    pub number: String,
    /// 客户名称.
    pub customer: String,
    /// 证件号, masked.
    pub identity_masked: String,
    /// 产品.
    pub product: String,
    /// 担保方式.
    pub security: Security,
    /// 管户客户经理.
    pub manager: String,
    /// 起息日.
    pub start_on: Date,
    /// The kept position.
    pub position: LoanPosition,
    /// 罚息 and 复利 on the day of the list.
    pub penalty: Fen,
    /// 逾期合计 on the day of the list.
    pub overdue: Fen,
    /// 逾期天数.
    pub days_overdue: u32,
}

/// Sums of a result (合计).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LedgerTotals {
    /// How many loans.
    pub loans: i64,
    /// 本金余额.
    pub principal: Fen,
    /// 逾期本息罚.
    pub overdue: Fen,
    /// 下期应还.
    pub next_due: Fen,
}

/// Loans above which the counts and sums of a result come behind its rows.
const LARGE: i64 = 20_000;

const SELECT: &str = "select p.*, l.number, l.product, l.security, l.start_on, c.name as customer_name, c.identity_masked, \
     coalesce(u.name, '') as manager_name \
     from loan l \
     join loan_position p on p.customer_id = l.customer_id and p.loan_id = l.id \
     join customer_view c on c.customer_id = l.customer_id \
     left join user_view u on u.id = l.manager_id";

/// How much of the book a count goes over, which says in what order its tables are best read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Breadth {
    /// All of it, or a branch: positions first, each read once and in the order in which it lies.
    Book,
    /// The loans of a person, of a team or of customers that are named by key: whatever finds them first.
    Few,
    /// Those in which a name is looked for. Only here customers are read: looking a million of them up costs more than
    /// all the rest.
    Named,
}

impl Breadth {
    /// Of what the list was asked for.
    #[must_use]
    pub fn of(asked: &ListQuery, scope: DataScope) -> Self {
        if asked.text("q").is_some() {
            Self::Named
        } else if scope.team != 0 || scope.manager != 0 {
            Self::Few
        } else {
            Self::Book
        }
    }
}

/// A head over the loans of a result, by breadth.
macro_rules! over {
    ($what:literal) => {
        Heads {
            book: concat!($what, " from loan_position p cross join loan l"),
            few: concat!($what, " from loan l, loan_position p"),
            named: concat!($what, " from loan l, loan_position p, customer_view c"),
        }
    };
}

struct Heads {
    book: &'static str,
    few: &'static str,
    named: &'static str,
}

const TOTALS: Heads = over!(
    "select count(*) as loans, cast(coalesce(sum(p.principal_fen), 0) as bigint) as principal_fen, \
     cast(coalesce(sum(p.overdue_principal_fen + p.overdue_interest_fen + p.fee_fen + p.cost_fen), 0) as bigint) \
       as overdue_fen, \
     cast(coalesce(sum(p.next_due_fen), 0) as bigint) as next_due_fen"
);

const GROWING: Heads = over!("select p.*");

const COUNTED: Heads = over!("select count(*) as loans");

const VIEW_TOTALS: &str = "select cast(coalesce(sum(p.loans), 0) as bigint) as loans from loan_total_now_view p";

impl Heads {
    /// The rows that these conditions leave.
    async fn rows(&self, tx: &mut Tx, w: &Conditions, breadth: Breadth) -> Result<Vec<Row>, StoreError> {
        let mut w = w.clone();
        w.and_values("p.customer_id = l.customer_id and p.loan_id = l.id", args![]);
        let head = match breadth {
            Breadth::Book => self.book,
            Breadth::Few => self.few,
            Breadth::Named => {
                w.and_values("c.customer_id = l.customer_id", args![]);
                self.named
            }
        };
        tx.fetch_all(w.select(head, ""), w.args()).await
    }

    /// The one row of a count or a sum.
    async fn row(&self, tx: &mut Tx, w: &Conditions, breadth: Breadth) -> Result<Row, StoreError> {
        self.rows(tx, w, breadth).await?.into_iter().next().ok_or(StoreError::NoRow)
    }
}

const OPEN_TOTALS: &str = "select cast(coalesce(sum(l.principal_fen), 0) as bigint) as principal_fen, \
     cast(coalesce(sum(l.overdue_principal_fen + l.overdue_interest_fen), 0) as bigint) as overdue_fen \
     from loan_total_now_view l";

const OPEN_LOANS: &str = "select cast(coalesce(sum(p.principal_fen), 0) as bigint) as principal_fen, \
     cast(coalesce(sum(p.overdue_principal_fen + p.overdue_interest_fen), 0) as bigint) as overdue_fen \
     from loan l \
     join loan_position p on p.customer_id = l.customer_id and p.loan_id = l.id and l.state = 'active'";

/// The conditions of a question to the ledger.
pub fn conditions(asked: &ListQuery, scope: DataScope, from: &Standpoint) -> Conditions {
    let on = from.on;
    let mut w = Conditions::new();
    w.and_values("l.state = 'active'", args![]);
    within(&mut w, scope);
    view(&mut w, asked.view.as_str(), from);
    let (low, high) = asked.range("overdue");
    if let Some(day) = low.filter(|d| *d > 0).and_then(|d| finance::add_days(on, -d)) {
        w.and_values("p.oldest_due_on <= ?", args![day]);
    }
    if let Some(day) = high.and_then(|d| finance::add_days(on, -d)) {
        w.and_values("(p.oldest_due_on is null or p.oldest_due_on >= ?)", args![day]);
    }
    w.one_of("p.status", asked.choice("status"));
    w.one_of("l.security", asked.choice("security"));
    w.one_of("p.class", asked.choice("class"));
    w.one_of("p.bucket", asked.choice("bucket"));
    w.one_of("l.product", asked.choice("product"));
    let (from, to) = asked.range("balance");
    if let Some(fen) = from {
        w.and_values("p.principal_fen >= ?", args![fen]);
    }
    if let Some(fen) = to {
        w.and_values("p.principal_fen <= ?", args![fen]);
    }
    for (id, low, high) in [
        ("due", "p.next_due_on >= ?", "p.next_due_on <= ?"),
        ("maturity", "p.maturity_on >= ?", "p.maturity_on <= ?"),
        ("start", "l.start_on >= ?", "l.start_on <= ?"),
    ] {
        let (from, to) = asked.dates(id);
        if let Some(day) = from {
            w.and_values(low, args![day]);
        }
        if let Some(day) = to {
            w.and_values(high, args![day]);
        }
    }
    if let Some(text) = asked.text("q") {
        find(&mut w, text);
    }
    w
}

/// Only what the person may see.
pub(crate) fn within(w: &mut Conditions, scope: DataScope) {
    if scope.branch != 0 {
        w.and_values("l.branch_id = ?", args![scope.branch]);
    }
    if scope.team != 0 {
        w.and_values("l.team_id = ?", args![scope.team]);
    }
    if scope.manager != 0 {
        w.and_values("l.manager_id = ?", args![scope.manager]);
    }
}

/// The pinned views (视图). Written-off debts are tracked in a view of their own and nowhere else (S1-38).
fn view(w: &mut Conditions, view: &str, from: &Standpoint) {
    match view {
        "open" => w.one_of("p.status", &[Standing::Current, Standing::Overdue, Standing::Undrawn]),
        "overdue" => w.one_of("p.status", &[Standing::Overdue]),
        "week" => {
            let end = finance::add_days(from.on, 7).unwrap_or(from.on);
            w.and_values("p.next_due_on > ? and p.next_due_on <= ?", args![from.on, end])
        }
        "npl" if from.non_performing.is_empty() => w.and_values("1 = 0", args![]),
        "npl" => w.one_of("p.class", &from.non_performing).one_of("p.status", &[Standing::Current, Standing::Overdue]),
        "written-off" => w.one_of("p.status", &[Standing::WrittenOffTracked]),
        "settled" => w.one_of("p.status", &[Standing::Settled]),
        _ => w,
    };
}

/// Name, pinyin, initials, loan number or the last digits of a phone.
pub(crate) fn find(w: &mut Conditions, text: &str) {
    let text = text.trim().to_lowercase();
    let start = format!("{}%", text.replace(['%', '_'], ""));
    let middle = format!("%{start}");
    w.and_values(
        "(c.name like ? or c.pinyin like ? or c.initials like ? or lower(l.number) like ? or c.phone_last = ?)",
        args![middle, start, start, middle, text],
    );
}

fn order(asked: &ListQuery) -> String {
    let column = match asked.sort.map(|s| s.column) {
        Some("number") => "l.number",
        Some("customer") => "c.pinyin",
        Some("balance") => "p.principal_fen",
        Some("overdue-money") => "p.overdue_principal_fen + p.overdue_interest_fen",
        Some("days") => "coalesce(p.oldest_due_on, '9999')",
        Some("rate") => "p.yearly_e9",
        Some("due") => "coalesce(p.next_due_on, '9999')",
        Some("maturity") => "p.maturity_on",
        _ => "l.start_on",
    };
    // Days overdue fall as the oldest due date rises.
    let falling = asked.sort.is_none_or(|s| s.descending != (s.column == "days"));
    format!("order by {column} {}, l.customer_id, l.id", if falling { "desc" } else { "asc" })
}

/// The rows of one page of the ledger, and whether there is one behind it.
///
/// Plan: in the order of start, `loan_started` as far as the page goes.
pub async fn page(
    tx: &mut Tx,
    conditions: &Conditions,
    asked: &ListQuery,
    on: Date,
) -> Result<(Vec<LedgerRow>, bool), StoreError> {
    let tail = format!("{} limit {} offset {}", order(asked), asked.size + 1, asked.offset());
    let mut found = rows(tx, conditions, &tail, on).await?;
    let size = usize::try_from(asked.size).unwrap_or(usize::MAX);
    let more = found.len() > size;
    found.truncate(size);
    Ok((found, more))
}

/// Whether the book is so large that counting over it would keep the rows of a page waiting.
pub async fn is_large(tx: &mut Tx) -> Result<bool, StoreError> {
    let sql = "select cast(coalesce(sum(loans), 0) as bigint) as loans from loan_total_now_view";
    Ok(tx.fetch_one(sql, args![]).await?.get::<i64>("loans")? > LARGE)
}

/// Principal, and what of it and of its interest is overdue, of the open book in a scope: of an institution or a branch
/// from the totals, without looking at a loan; of a team or a person from their loans.
pub async fn open_book(tx: &mut Tx, scope: DataScope) -> Result<(Fen, Fen), StoreError> {
    let mut w = Conditions::new();
    within(&mut w, scope);
    w.and_values("status in ('undrawn', 'current', 'overdue')", args![]);
    let head = if scope.team == 0 && scope.manager == 0 { OPEN_TOTALS } else { OPEN_LOANS };
    let row = tx.fetch_one(w.select(head, ""), w.args()).await?;
    Ok((row.get("principal_fen")?, row.get("overdue_fen")?))
}

/// All rows of a result, up to a limit.
pub async fn all(
    tx: &mut Tx,
    conditions: &Conditions,
    asked: &ListQuery,
    on: Date,
    limit: u32,
) -> Result<Vec<LedgerRow>, StoreError> {
    chunk(tx, conditions, asked, on, (0, i64::from(limit))).await
}

/// Rows of a result from one on, at most so many: for the export.
pub async fn chunk(
    tx: &mut Tx,
    conditions: &Conditions,
    asked: &ListQuery,
    on: Date,
    (from, most): (i64, i64),
) -> Result<Vec<LedgerRow>, StoreError> {
    rows(tx, conditions, &format!("{} limit {most} offset {from}", order(asked)), on).await
}

async fn rows(tx: &mut Tx, conditions: &Conditions, tail: &str, on: Date) -> Result<Vec<LedgerRow>, StoreError> {
    tx.fetch_all(conditions.select(SELECT, tail), conditions.args()).await?.iter().map(|row| decode(row, on)).collect()
}

fn decode(row: &Row, on: Date) -> Result<LedgerRow, StoreError> {
    let position = position::decode(row)?;
    let (penalty, overdue) = overdue_on(&position, on);
    Ok(LedgerRow {
        key: position.key,
        number: row.get("number")?,
        customer: row.get("customer_name")?,
        identity_masked: row.get("identity_masked")?,
        product: row.get("product")?,
        security: row.get("security")?,
        manager: row.get("manager_name")?,
        start_on: row.get("start_on")?,
        days_overdue: days_overdue(position.oldest_due_on, on),
        position,
        penalty,
        overdue,
    })
}

/// Penalty with compound interest, and everything overdue with them, on a day.
fn overdue_on(position: &LoanPosition, on: Date) -> (Fen, Fen) {
    let (penalty, compound) = rules::grown(position, on);
    let penalty = penalty.checked_add(compound).unwrap_or(penalty);
    let parts = [position.overdue_principal, position.overdue_interest, position.fee, position.cost, penalty];
    (penalty, Fen::checked_sum(parts).unwrap_or_default())
}

/// Sums over the whole result. Penalty grows by the day, so it is summed from the accrual lines of the
/// loans that have any: few in a healthy book.
pub async fn totals(
    tx: &mut Tx,
    conditions: &Conditions,
    breadth: Breadth,
    on: Date,
) -> Result<LedgerTotals, StoreError> {
    let row = TOTALS.row(tx, conditions, breadth).await?;
    let mut growing = conditions.clone();
    growing.and_values("(p.penalty_fen > 0 or p.compound_fen > 0 or p.accruals_json <> '')", args![]);
    let mut overdue: Fen = row.get("overdue_fen")?;
    for row in GROWING.rows(tx, &growing, breadth).await? {
        let (penalty, _) = overdue_on(&position::decode(&row)?, on);
        overdue = overdue.checked_add(penalty).unwrap_or(overdue);
    }
    Ok(LedgerTotals {
        loans: row.get("loans")?,
        principal: row.get("principal_fen")?,
        overdue,
        next_due: row.get("next_due_fen")?,
    })
}

/// How many loans a result has.
pub async fn count(tx: &mut Tx, conditions: &Conditions, breadth: Breadth) -> Result<i64, StoreError> {
    COUNTED.row(tx, conditions, breadth).await?.get("loans")
}

/// How many loans a view has, for its tab: of an institution or a branch from the totals, which know standing and class but
/// no dates and no person.
pub async fn count_of_view(tx: &mut Tx, name: &str, scope: DataScope, from: &Standpoint) -> Result<i64, StoreError> {
    if scope.team != 0 || scope.manager != 0 || name == "week" {
        let mut alone = ListQuery::of(&ListSpec::default());
        name.clone_into(&mut alone.view);
        return count(tx, &conditions(&alone, scope, from), Breadth::of(&alone, scope)).await;
    }
    let mut w = Conditions::new();
    view(&mut w, name, from);
    if scope.branch != 0 {
        w.and_values("p.branch_id = ?", args![scope.branch]);
    }
    tx.fetch_one(w.select(VIEW_TOTALS, ""), w.args()).await?.get("loans")
}
