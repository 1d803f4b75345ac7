//! What the proofs of the close add up, over the loans of a [`Share`]: those that were touched, and the others of some
//! customers, each loan once. Sums are compared, and besides every single loan is.

use jiff::Timestamp;
use jiff::civil::Date;
use platform::args;
use platform::db::{AssertSqlSafe, Row, StoreError, Tx, Value};

use super::share::Share;
use crate::loan::model::LoanKey;

/// Both sides of a proof over some loans (核对合计).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sides {
    /// How many loans.
    pub loans: i64,
    /// One way to the figure.
    pub left: i64,
    /// The other.
    pub right: i64,
    /// Loans whose own figures differ.
    pub differ: i64,
}

impl Sides {
    fn add(&mut self, row: &Row) -> Result<(), StoreError> {
        let plus = |sum: &mut i64, name: &str| -> Result<(), StoreError> {
            *sum = sum.saturating_add(row.get(name)?);
            Ok(())
        };
        plus(&mut self.loans, "loans")?;
        plus(&mut self.left, "left_sum")?;
        plus(&mut self.right, "right_sum")?;
        plus(&mut self.differ, "differ")
    }
}

/// The conditions of the two parts of a share on a position `p`, with their values, from this parameter on.
fn parts(share: &Share, first: usize) -> [(String, Vec<Value>); 2] {
    let (second, third) = (first + 1, first + 2);
    [
        (format!("p.as_of >= ${first}"), args![share.touched_since]),
        (
            format!("p.customer_id > ${first} and p.customer_id <= ${second} and p.as_of < ${third}"),
            args![share.after, share.upto, share.touched_since],
        ),
    ]
}

/// Adds both parts up; `leading` are the values that the text takes before those of the share.
async fn both(
    tx: &mut Tx,
    share: &Share,
    leading: Vec<Value>,
    sql: impl Fn(&str) -> String,
) -> Result<Sides, StoreError> {
    let mut sides = Sides::default();
    for (condition, values) in parts(share, leading.len() + 1) {
        let args = leading.iter().cloned().chain(values).collect();
        // Fixed texts and numbers of parameters only.
        sides.add(&tx.fetch_one(AssertSqlSafe(sql(&condition)), args).await?)?;
    }
    Ok(sides)
}

/// What is open in the schedules, and the principal of the positions.
pub async fn schedules(tx: &mut Tx, share: &Share) -> Result<Sides, StoreError> {
    both(tx, share, Vec::new(), |condition| {
        format!(
            "select count(*) as loans, cast(coalesce(sum(x.open_fen), 0) as bigint) as left_sum, \
             cast(coalesce(sum(x.principal_fen), 0) as bigint) as right_sum, \
             cast(coalesce(sum(case when x.open_fen <> x.principal_fen then 1 else 0 end), 0) as bigint) as differ \
             from (select p.principal_fen, coalesce((select cast(sum(i.principal_due_fen - i.principal_paid_fen \
             - i.principal_waived_fen - i.principal_moved_fen) as bigint) from loan_instalment i \
             where i.customer_id = p.customer_id and i.loan_id = p.loan_id), 0) as open_fen \
             from loan_position p where p.status in ('current', 'overdue') and {condition}) x"
        )
    })
    .await
}

/// The positions as they are kept now, and what the history says of a day.
pub async fn history(tx: &mut Tx, share: &Share, on: Date) -> Result<Sides, StoreError> {
    let mut sides = both(tx, share, args![on], |condition| {
        format!(
            "select count(*) as loans, cast(coalesce(sum(p.principal_fen), 0) as bigint) as left_sum, \
             cast(coalesce(sum(h.principal_fen), 0) as bigint) as right_sum, \
             cast(coalesce(sum(case when h.loan_id is null or h.principal_fen <> p.principal_fen \
             or h.overdue_principal_fen <> p.overdue_principal_fen \
             or h.overdue_interest_fen <> p.overdue_interest_fen \
             or h.status <> p.status or h.bucket <> p.bucket or h.class <> p.class then 1 else 0 end), 0) as bigint) as differ \
             from loan_position p left join loan_position_history h on h.customer_id = p.customer_id \
             and h.loan_id = p.loan_id and h.superseded_at is null and h.from_on <= $1 \
             and (h.to_on is null or h.to_on > $1) where {condition}"
        )
    })
    .await?;
    sides.differ = sides.differ.saturating_add(orphans(tx, share, on).await?);
    Ok(sides)
}

/// Rows of the history in force of loans that have no position.
async fn orphans(tx: &mut Tx, share: &Share, on: Date) -> Result<i64, StoreError> {
    let row = tx
        .fetch_one(
            "select count(*) as rows_found from loan_position_history h where h.customer_id > $1 and h.customer_id <= $2 \
             and h.superseded_at is null and h.from_on <= $3 and (h.to_on is null or h.to_on > $3) \
             and not exists (select 1 from loan_position p where p.customer_id = h.customer_id and p.loan_id = h.loan_id)",
            args![share.after, share.upto, on],
        )
        .await?;
    row.get("rows_found")
}

/// Loans in the book by the totals, as of now.
pub async fn counted(tx: &mut Tx, ended: Date, since: Date) -> Result<i64, StoreError> {
    let row = tx
        .fetch_one(
            "select cast(coalesce((select sum(loans) from loan_total where business_date = $1), 0) \
             + coalesce((select sum(loans) from loan_total_change where business_date = $2), 0) as bigint) as loans",
            args![ended, since],
        )
        .await?;
    row.get("loans")
}

/// Loans in the book that still have to be looked at on a day.
pub async fn pending(tx: &mut Tx, on: Date) -> Result<i64, StoreError> {
    let row = tx
        .fetch_one(
            // A cross join is done in the order of its tables: the few positions first, then their loans.
            "select count(*) as loans from loan_position p cross join loan l where p.next_event_on <= $1 \
             and l.customer_id = p.customer_id and l.id = p.loan_id and l.state = 'active'",
            args![on],
        )
        .await?;
    row.get("loans")
}

/// Loans of the share that stand in the book without a position.
pub async fn without_position(tx: &mut Tx, share: &Share) -> Result<i64, StoreError> {
    let row = tx
        .fetch_one(
            "select count(*) as loans from loan l where l.customer_id > $1 and l.customer_id <= $2 and l.state = 'active' \
             and not exists (select 1 from loan_position p where p.customer_id = l.customer_id and p.loan_id = l.id)",
            args![share.after, share.upto],
        )
        .await?;
    row.get("loans")
}

/// How many loans are replayed (重算范围).
#[derive(Debug, Clone, Copy)]
pub struct ReplayScope {
    /// Touched loans, at most.
    pub touched: i64,
    /// Others of the share, about.
    pub sample: i64,
    /// The number of the day: another day takes other loans, so that the sample goes round.
    pub turn: i64,
}

/// The loans that were touched, and a sample of the others of the share.
pub async fn to_replay(tx: &mut Tx, share: &Share, scope: ReplayScope) -> Result<Vec<LoanKey>, StoreError> {
    let sql = "select customer_id, loan_id from loan_position where as_of >= $1 order by as_of, customer_id, loan_id limit $2";
    let mut rows = tx.fetch_all(sql, args![share.touched_since, scope.touched]).await?;
    let row = tx
        .fetch_one(
            "select count(*) as loans from loan_position where customer_id > $1 and customer_id <= $2",
            args![share.after, share.upto],
        )
        .await?;
    let apart = row.get::<i64>("loans")? / scope.sample.max(1) + 1;
    let others = tx
        .fetch_all(
            "select customer_id, loan_id from (select customer_id, loan_id, as_of, \
             row_number() over (order by customer_id, loan_id) as place from loan_position \
             where customer_id > $1 and customer_id <= $2) x where x.place % $3 = $4 and x.as_of < $5 \
             order by customer_id, loan_id limit $6",
            args![share.after, share.upto, apart, scope.turn % apart, share.touched_since, scope.sample],
        )
        .await?;
    rows.extend(others);
    let mut keys = Vec::with_capacity(rows.len());
    for row in &rows {
        keys.push(LoanKey { customer: row.get("customer_id")?, loan: row.get("loan_id")? });
    }
    keys.sort();
    Ok(keys)
}

/// What a day changed by the history of the loans that were touched or left the book: sums by key, less the same of
/// the day before, each as known when people were moved on. The last column counts what bears the very moment of
/// the former move, of which nobody can say on which side it was.
pub async fn changed(
    tx: &mut Tx,
    day: Date,
    (known_before, known_at): (Timestamp, Timestamp),
) -> Result<Vec<Row>, StoreError> {
    let before = day.yesterday().unwrap_or(day);
    let now = "h.from_on <= $1 and (h.to_on is null or h.to_on > $1) and h.recorded_at <= $2 \
        and (h.superseded_at is null or h.superseded_at > $2)";
    let then = "h.from_on <= $3 and (h.to_on is null or h.to_on > $3) and h.recorded_at <= $4 \
        and (h.superseded_at is null or h.superseded_at > $4)";
    let tied = "h.from_on <= $3 and (h.recorded_at = $4 or h.superseded_at = $4)";
    let near = "h.from_on <= $1 and (h.to_on is null or h.to_on > $3)";
    let sum = |column: &str, name: &str| {
        format!(
            "cast(coalesce(sum(case when {now} then {column} else 0 end), 0) \
             - coalesce(sum(case when {then} then {column} else 0 end), 0) as bigint) as {name}"
        )
    };
    let sql = format!(
        "select branch_id, product, bucket, class, status, {}, {}, {}, {}, \
         sum(case when {tied} then 1 else 0 end) as ties \
         from (select l.customer_id, l.id as loan_id, l.branch_id, l.product from loan_position p \
         join loan l on l.customer_id = p.customer_id and l.id = p.loan_id where p.as_of >= $1 \
         union all select l.customer_id, l.id, l.branch_id, l.product from loan l where l.state = 'hidden') t \
         join loan_position_history h on h.customer_id = t.customer_id and h.loan_id = t.loan_id \
         where {near} group by branch_id, product, bucket, class, status order by branch_id, product, bucket, class, status",
        sum("1", "loans"),
        sum("h.principal_fen", "principal_fen"),
        sum("h.overdue_principal_fen", "overdue_principal_fen"),
        sum("h.overdue_interest_fen", "overdue_interest_fen"),
    );
    // Fixed texts only.
    tx.fetch_all(AssertSqlSafe(sql), args![day, known_at, before, known_before]).await
}
