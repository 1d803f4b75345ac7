//! The rows and their sums: the conditions are those of the number that leads here.

use finance::Fen;
use jiff::civil::Date;
use platform::access::DataScope;
use platform::args;
use platform::db::{Conditions, Row, StoreError, Tx};
use platform::page::list::ListQuery;

use super::model::Kind;
use crate::dashboard::store::{OPEN, keep_became_overdue, keep_collected, keep_maturing};
use crate::migration::store::{keep_fresh, keep_moved};
use crate::standpoint::{Standpoint, within};

/// What is asked: kind, the two clocks, and for a migration the earlier date.
#[derive(Debug, Clone)]
pub struct Question {
    /// What the rows are.
    pub kind: Kind,
    /// The two clocks.
    pub at: Standpoint,
    /// The earlier date of a migration.
    pub since: Option<Date>,
    /// The days looked at.
    pub days: (Date, Date),
}

/// One row (明细行).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Detail {
    /// The loan's key.
    pub loan: i64,
    /// What of the loan, where it has several rows: the instalment, the transaction; 0 otherwise.
    pub part: i64,
    /// 借据号.
    pub number: String,
    /// 客户名称.
    pub customer: String,
    /// The date of the matter.
    pub on: Option<Date>,
    /// Its money.
    pub money: Fen,
    /// Its second money.
    pub other: Fen,
    /// From which days overdue count.
    pub oldest_due_on: Option<Date>,
    /// 五级分类.
    pub class: Option<String>,
}

/// Sums of a result (合计).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Totals {
    /// How many rows.
    pub count: i64,
    /// Of the money.
    pub money: Fen,
    /// Of the second money.
    pub other: Fen,
}

/// The two texts of a kind.
struct Source {
    rows: &'static str,
    totals: &'static str,
}

macro_rules! source {
    ($part:literal, $on:literal, $money:literal, $other:literal, $oldest:literal, $class:literal, $from:literal) => {
        Source {
            rows: concat!(
                "select p.loan_id, p.number, c.name as customer_name, ",
                $part,
                " as part, ",
                $on,
                " as on_text, ",
                $money,
                " as money_fen, ",
                $other,
                " as other_fen, ",
                $oldest,
                " as oldest_due_on, ",
                $class,
                " as class from ",
                $from,
                " join customer_view c on c.customer_id = p.customer_id"
            ),
            totals: concat!(
                "select count(*) as found, cast(coalesce(sum(",
                $money,
                "), 0) as bigint) as money_fen, ",
                "cast(coalesce(sum(",
                $other,
                "), 0) as bigint) as other_fen from ",
                $from,
                " join customer_view c on c.customer_id = p.customer_id"
            ),
        }
    };
}

const NOW: Source = source!(
    "cast(0 as bigint)",
    "p.maturity_on",
    "p.principal_fen",
    "p.overdue_principal_fen + p.overdue_interest_fen",
    "p.oldest_due_on",
    "p.class",
    "loan_view p"
);
const PAST: Source = source!(
    "cast(0 as bigint)",
    "p.maturity_on",
    "p.principal_fen",
    "p.overdue_principal_fen + p.overdue_interest_fen",
    "p.oldest_due_on",
    "p.class",
    "loan_position_history_view p"
);
const DUE: Source = source!("p.no", "p.due_on", "p.due_fen", "p.paid_fen", "null", "null", "loan_instalment_view p");
const NEW_OVERDUE: Source = source!(
    "cast(0 as bigint)",
    "p.from_on",
    "p.overdue_principal_fen + p.overdue_interest_fen",
    "p.principal_fen",
    "p.oldest_due_on",
    "p.class",
    "loan_position_history_view p"
);
const COLLECTED: Source =
    source!("p.transaction_id", "p.effective_on", "p.amount_fen", "0", "null", "null", "loan_transaction_view p");
const MOVED: Source = source!(
    "cast(0 as bigint)",
    "p.start_on",
    "p.principal_fen",
    "b.principal_fen",
    "b.oldest_due_on",
    "b.class",
    "loan_position_history_view p join loan_position_history_view b \
     on b.customer_id = p.customer_id and b.loan_id = p.loan_id"
);
const FRESH: Source = source!(
    "cast(0 as bigint)",
    "p.start_on",
    "p.principal_fen",
    "0",
    "p.oldest_due_on",
    "p.class",
    "loan_position_history_view p"
);

impl Question {
    fn source(&self) -> &'static Source {
        match self.kind {
            Kind::Book | Kind::Maturing if self.at.is_now() => &NOW,
            Kind::Book | Kind::Maturing => &PAST,
            Kind::Due => &DUE,
            Kind::NewOverdue => &NEW_OVERDUE,
            Kind::Collected => &COLLECTED,
            Kind::Moved => &MOVED,
            Kind::Fresh => &FRESH,
        }
    }

    /// The conditions of the number that leads here.
    fn conditions(&self, asked: &ListQuery, scope: DataScope) -> Conditions {
        let mut w = Conditions::new();
        let (from, to) = self.days;
        let before = self.at.on(self.since.unwrap_or(self.at.as_of));
        match self.kind {
            Kind::Book => {
                w.and_values(OPEN, args![]);
                self.at.keep_in_force(&mut w);
            }
            Kind::Due => {
                w.and_values("p.due_on >= ? and p.due_on <= ?", args![from, to]);
            }
            Kind::NewOverdue => keep_became_overdue(&mut w, &self.at, from, to),
            Kind::Collected => keep_collected(&mut w, &self.at, from, to),
            Kind::Maturing => keep_maturing(&mut w, &self.at, from, to),
            Kind::Moved => keep_moved(&mut w, &before, self.at.as_of),
            Kind::Fresh => keep_fresh(&mut w, &before, self.at.as_of),
        }
        within(&mut w, scope);
        if self.kind.has_grade() {
            self.grade(&mut w, asked);
        }
        w
    }

    fn grade(&self, w: &mut Conditions, asked: &ListQuery) {
        if self.kind == Kind::Moved {
            w.one_of("p.bucket", asked.choice("before-bucket")).one_of("p.class", asked.choice("before-class"));
            w.one_of("b.bucket", asked.choice("bucket")).one_of("b.class", asked.choice("class"));
            match asked.choice("end").first().map(String::as_str) {
                Some("settled") => w.and_values("b.status = 'settled'", args![]),
                Some("written-off") => w.and_values("b.status = 'written-off-tracked'", args![]),
                Some("open") => w.and_values("b.status in ('undrawn', 'current', 'overdue')", args![]),
                Some(_) | None => w,
            };
            return;
        }
        w.one_of("p.bucket", asked.choice("bucket")).one_of("p.class", asked.choice("class"));
        if !asked.choice("overdue").is_empty() {
            w.and_values("p.status = 'overdue'", args![]);
        }
    }
}

fn order(asked: &ListQuery) -> String {
    let column = match asked.sort.map(|sort| sort.column) {
        Some("number") => "p.number",
        Some("on") => "on_text",
        Some("other") => "other_fen",
        _ => "money_fen",
    };
    let way = if asked.sort.is_none_or(|sort| sort.descending) { "desc" } else { "asc" };
    format!("order by {column} {way}, p.loan_id, on_text, part")
}

/// A part of the rows; `limit` says which.
pub async fn page(
    tx: &mut Tx,
    question: &Question,
    asked: &ListQuery,
    scope: DataScope,
    limit: &str,
) -> Result<Vec<Detail>, StoreError> {
    let w = question.conditions(asked, scope);
    let tail = format!("{} {limit}", order(asked));
    tx.fetch_all(w.select(question.source().rows, &tail), w.args()).await?.iter().map(decode).collect()
}

/// Sums over the whole result.
pub async fn totals(
    tx: &mut Tx,
    question: &Question,
    asked: &ListQuery,
    scope: DataScope,
) -> Result<Totals, StoreError> {
    let w = question.conditions(asked, scope);
    let row = tx.fetch_one(w.select(question.source().totals, ""), w.args()).await?;
    Ok(Totals { count: row.get("found")?, money: row.get("money_fen")?, other: row.get("other_fen")? })
}

fn decode(row: &Row) -> Result<Detail, StoreError> {
    Ok(Detail {
        loan: row.get("loan_id")?,
        part: row.get("part")?,
        number: row.get("number")?,
        customer: row.get("customer_name")?,
        on: row.get("on_text")?,
        money: row.get("money_fen")?,
        other: row.get("other_fen")?,
        oldest_due_on: row.get("oldest_due_on")?,
        class: row.get("class")?,
    })
}
