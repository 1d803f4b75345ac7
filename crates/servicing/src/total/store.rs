//! Tables `loan_total`, `loan_total_seal` and `loan_total_change`.

use jiff::Timestamp;
use jiff::civil::Date;
use platform::args;
use platform::db::{AssertSqlSafe, Row, StoreError, Tx, Value};

use super::{Change, dated, differences};

/// What totals are kept by.
pub const TOTAL_KEYS: &str = "branch_id, product, bucket, class, status";
/// What is added up.
pub const TOTAL_SUMS: &str = "loans, principal_fen, overdue_principal_fen, overdue_interest_fen";

/// Adds what these changes come to, to the business date on which they are made.
pub async fn note(tx: &mut Tx, on: Date, changes: &[Change<'_>]) -> Result<(), StoreError> {
    // In the order of their keys, so that two who write at once wait for each other instead of for ever.
    let rows = differences(changes)
        .into_iter()
        .map(|(key, sums)| {
            args![
                on,
                key.branch,
                key.product,
                key.bucket,
                key.class,
                key.standing,
                sums.loans,
                sums.principal,
                sums.overdue_principal,
                sums.overdue_interest
            ]
        })
        .collect();
    tx.write_rows(
        "insert into loan_total_change (business_date, branch_id, product, bucket, class, status, loans, principal_fen, \
         overdue_principal_fen, overdue_interest_fen)",
        "on conflict (business_date, branch_id, product, bucket, class, status) do update set \
         loans = loan_total_change.loans + excluded.loans, \
         principal_fen = loan_total_change.principal_fen + excluded.principal_fen, \
         overdue_principal_fen = loan_total_change.overdue_principal_fen + excluded.overdue_principal_fen, \
         overdue_interest_fen = loan_total_change.overdue_interest_fen + excluded.overdue_interest_fen",
        rows,
    )
    .await?;
    dated::note_maturing(tx, changes).await
}

/// Writes the totals of a day: those of the day before, and what the day changed. Run twice it writes the same.
pub async fn end_day(tx: &mut Tx, day: Date) -> Result<u64, StoreError> {
    tx.execute("delete from loan_total where business_date = $1", args![day]).await?;
    let written = tx
        .execute(
        "insert into loan_total (business_date, branch_id, product, bucket, class, status, loans, principal_fen, \
         overdue_principal_fen, overdue_interest_fen) \
         select cast($1 as text), branch_id, product, bucket, class, status, cast(sum(loans) as bigint), \
         cast(sum(principal_fen) as bigint), cast(sum(overdue_principal_fen) as bigint), \
         cast(sum(overdue_interest_fen) as bigint) from ( \
         select branch_id, product, bucket, class, status, loans, principal_fen, overdue_principal_fen, overdue_interest_fen \
         from loan_total where business_date = $2 union all \
         select branch_id, product, bucket, class, status, loans, principal_fen, overdue_principal_fen, overdue_interest_fen \
         from loan_total_change where business_date = $1) t \
         group by branch_id, product, bucket, class, status \
         having sum(loans) <> 0 or sum(principal_fen) <> 0 or sum(overdue_principal_fen) <> 0 or sum(overdue_interest_fen) <> 0",
        args![day, day.yesterday().unwrap_or(day)],
    )
    .await?;
    seal(tx, day).await?;
    Ok(written)
}

/// Keeps the digest of a day's totals as they stand.
pub async fn seal(tx: &mut Tx, day: Date) -> Result<(), StoreError> {
    let digest = digest(&kept(tx, day).await?);
    tx.execute(
        "insert into loan_total_seal (business_date, digest) values ($1, $2) \
         on conflict (business_date) do update set digest = excluded.digest",
        args![day, digest],
    )
    .await
    .map(drop)
}

/// Whether a day's totals are what was written; `None`: they were never written.
pub async fn is_sealed(tx: &mut Tx, day: Date) -> Result<Option<bool>, StoreError> {
    let sql = "select digest from loan_total_seal where business_date = $1";
    let Some(row) = tx.fetch_optional(sql, args![day]).await? else { return Ok(None) };
    let sealed: String = row.get("digest")?;
    Ok(Some(sealed == digest(&kept(tx, day).await?)))
}

fn digest(rows: &[Row]) -> String {
    let text = |value: &Value| match value {
        Value::Int(number) => number.to_string(),
        Value::Text(text) => text.clone(),
        Value::Null(_) | Value::Bytes(_) => String::new(),
    };
    let lines: Vec<String> =
        rows.iter().map(|row| row.values().iter().map(text).collect::<Vec<_>>().join("|")).collect();
    platform::audit::digest(&lines.join("\n"))
}

/// The totals kept for a day: keys, then sums.
pub async fn kept(tx: &mut Tx, day: Date) -> Result<Vec<Row>, StoreError> {
    let sql =
        format!("select {TOTAL_KEYS}, {TOTAL_SUMS} from loan_total where business_date = $1 order by {TOTAL_KEYS}");
    tx.fetch_all(AssertSqlSafe(sql), args![day]).await
}

/// The same from the history of positions: those in force on the day, as known at that moment. A loan whose import
/// was undone later was in the book then; its rows are superseded since.
pub async fn summed(tx: &mut Tx, day: Date, known_at: Timestamp) -> Result<Vec<Row>, StoreError> {
    tx.fetch_all(
        "select l.branch_id, l.product, h.bucket, h.class, h.status, count(*) as loans, \
         cast(sum(h.principal_fen) as bigint) as principal_fen, \
         cast(sum(h.overdue_principal_fen) as bigint) as overdue_principal_fen, \
         cast(sum(h.overdue_interest_fen) as bigint) as overdue_interest_fen \
         from loan_position_history h join loan l on l.customer_id = h.customer_id and l.id = h.loan_id \
         where h.from_on <= $1 and (h.to_on is null or h.to_on > $1) \
         and h.recorded_at <= $2 and (h.superseded_at is null or h.superseded_at > $2) \
         group by l.branch_id, l.product, h.bucket, h.class, h.status \
         order by l.branch_id, l.product, h.bucket, h.class, h.status",
        args![day, known_at],
    )
    .await
}

/// The same of all loans as they are kept now.
pub async fn present(tx: &mut Tx) -> Result<Vec<Row>, StoreError> {
    tx.fetch_all(
        "select l.branch_id, l.product, p.bucket, p.class, p.status, count(*) as loans, \
         cast(sum(p.principal_fen) as bigint) as principal_fen, \
         cast(sum(p.overdue_principal_fen) as bigint) as overdue_principal_fen, \
         cast(sum(p.overdue_interest_fen) as bigint) as overdue_interest_fen \
         from loan_position p join loan l on l.customer_id = p.customer_id and l.id = p.loan_id \
         where l.state = 'active' group by l.branch_id, l.product, p.bucket, p.class, p.status \
         order by l.branch_id, l.product, p.bucket, p.class, p.status",
        args![],
    )
    .await
}

/// What was noted after a day, or on one day only (`until`).
pub async fn noted(tx: &mut Tx, after: Date, until: Date) -> Result<Vec<Row>, StoreError> {
    tx.fetch_all(
        "select branch_id, product, bucket, class, status, cast(sum(loans) as bigint) as loans, \
         cast(sum(principal_fen) as bigint) as principal_fen, \
         cast(sum(overdue_principal_fen) as bigint) as overdue_principal_fen, \
         cast(sum(overdue_interest_fen) as bigint) as overdue_interest_fen \
         from loan_total_change where business_date > $1 and business_date <= $2 \
         group by branch_id, product, bucket, class, status order by branch_id, product, bucket, class, status",
        args![after, until],
    )
    .await
}

/// Replaces the totals of a day, and their digest.
pub async fn replace(tx: &mut Tx, day: Date, rows: Vec<Vec<Value>>) -> Result<(), StoreError> {
    tx.execute("delete from loan_total where business_date = $1", args![day]).await?;
    let rows = rows.into_iter().map(|row| args![day].into_iter().chain(row).collect()).collect();
    tx.write_rows(
        "insert into loan_total (business_date, branch_id, product, bucket, class, status, loans, principal_fen, \
         overdue_principal_fen, overdue_interest_fen)",
        "",
        rows,
    )
    .await?;
    seal(tx, day).await
}

/// Replaces what was noted behind a day, as noted on another.
pub async fn replace_noted(tx: &mut Tx, after: Date, on: Date, rows: Vec<Vec<Value>>) -> Result<(), StoreError> {
    tx.execute("delete from loan_total_change where business_date > $1 and business_date <= $2", args![after, on])
        .await?;
    let rows = rows.into_iter().map(|row| args![on].into_iter().chain(row).collect()).collect();
    tx.write_rows(
        "insert into loan_total_change (business_date, branch_id, product, bucket, class, status, loans, principal_fen, \
         overdue_principal_fen, overdue_interest_fen)",
        "",
        rows,
    )
    .await
    .map(drop)
}
