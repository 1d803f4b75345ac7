//! What a run brought, what was recorded on it later, and the tables `import_undo` and `import_voided`.

use std::collections::BTreeSet;

use customers::customer::undoing::RelationKeys;
use jiff::Timestamp;
use jiff::civil::Date;
use platform::args;
use platform::db::{Row, StoreError, Tx};
use platform::id::{CustomerId, UserId};

use super::model::{Brought, Obstacle, ObstacleKind};
use crate::import::model::RunId;
use crate::loan::model::{LoanId, LoanKey, TransactionId};

/// The source detail of everything that a run wrote, as a pattern.
fn own(run: RunId) -> String {
    format!("{run} %")
}

fn key_of(row: &Row) -> Result<LoanKey, StoreError> {
    Ok(LoanKey { customer: row.get("customer_id")?, loan: row.get("loan_id")? })
}

/// The loans that a run opened and that are shown, with their numbers, in the order of their keys.
pub async fn loans(tx: &mut Tx, run: RunId) -> Result<Vec<(LoanKey, String)>, StoreError> {
    tx.fetch_all(
        "select l.customer_id, l.id as loan_id, l.number from import_record r \
         join loan l on l.customer_id = r.customer_id and l.id = r.row_id \
         where r.run_id = $1 and r.kind = 'loan' and l.state = 'active' order by l.customer_id, l.id",
        args![run],
    )
    .await?
    .iter()
    .map(|row| Ok((key_of(row)?, row.get("number")?)))
    .collect()
}

/// The files that a run opened, in the order of their keys.
pub async fn customers(tx: &mut Tx, run: RunId) -> Result<Vec<CustomerId>, StoreError> {
    tx.fetch_all(
        "select customer_id from import_record where run_id = $1 and kind = 'customer' order by customer_id",
        args![run],
    )
    .await?
    .iter()
    .map(|row| row.get("customer_id"))
    .collect()
}

/// The contracts that a run opened: customer, key, number.
pub async fn contracts(tx: &mut Tx, run: RunId) -> Result<Vec<(i64, String)>, StoreError> {
    tx.fetch_all(
        "select id, number from contract where source = 'import' and source_detail = $1 order by customer_id, id",
        args![run.to_string()],
    )
    .await?
    .iter()
    .map(|row| Ok((row.get("id")?, row.get("number")?)))
    .collect()
}

/// A transaction that a run added to a loan that was there before (补记交易).
pub struct AddedTransaction {
    /// Whose.
    pub key: LoanKey,
    /// The transaction.
    pub id: TransactionId,
    /// Its business date.
    pub on: Date,
}

/// Transactions that a run added to loans of others, in the order of their keys.
pub async fn added(tx: &mut Tx, run: RunId) -> Result<Vec<AddedTransaction>, StoreError> {
    tx.fetch_all(
        "select t.customer_id, t.loan_id, t.id, t.effective_on from loan_transaction t \
         where t.source = 'import' and t.source_detail like $1 and not exists (select 1 from import_record r \
           where r.run_id = $2 and r.kind = 'loan' and r.customer_id = t.customer_id and r.row_id = t.loan_id) \
         order by t.customer_id, t.loan_id, t.id",
        args![own(run), run],
    )
    .await?
    .iter()
    .map(|row| Ok(AddedTransaction { key: key_of(row)?, id: row.get("id")?, on: row.get("effective_on")? }))
    .collect()
}

/// The related parties that a run brought.
pub async fn relations(tx: &mut Tx, run: RunId) -> Result<RelationKeys, StoreError> {
    tx.fetch_all("select customer_id, relation_id from import_relation where run_id = $1", args![run])
        .await?
        .iter()
        .map(|row| Ok((row.get("customer_id")?, row.get("relation_id")?)))
        .collect()
}

/// The related parties of the runs that were undone before.
pub async fn void_relations(tx: &mut Tx) -> Result<RelationKeys, StoreError> {
    tx.fetch_all(
        "select r.customer_id, r.relation_id from import_relation r join import_undo u on u.run_id = r.run_id",
        args![],
    )
    .await?
    .iter()
    .map(|row| Ok((row.get("customer_id")?, row.get("relation_id")?)))
    .collect()
}

/// Counts and sums of what a run brought.
pub async fn brought(tx: &mut Tx, run: RunId) -> Result<Brought, StoreError> {
    let loans = tx
        .fetch_one(
            "select count(*) as n, cast(coalesce(sum(l.principal_fen), 0) as bigint) as principal_fen, \
             cast(coalesce(sum(p.principal_fen), 0) as bigint) as outstanding_fen from import_record r \
             join loan l on l.customer_id = r.customer_id and l.id = r.row_id \
             left join loan_position p on p.customer_id = l.customer_id and p.loan_id = l.id \
             where r.run_id = $1 and r.kind = 'loan' and l.state = 'active'",
            args![run],
        )
        .await?;
    let facts = tx
        .fetch_one(
            "select count(*) as n from loan_transaction where source = 'import' and source_detail like $1",
            args![own(run)],
        )
        .await?;
    let added = added(tx, run).await?.len();
    let securities = tx
        .fetch_one(
            "select count(*) as n from import_record where run_id = $1 and kind in ('guarantee', 'collateral')",
            args![run],
        )
        .await?;
    let count = |row: &Row| -> Result<usize, StoreError> { Ok(usize::try_from(row.get::<i64>("n")?).unwrap_or(0)) };
    Ok(Brought {
        customers: customers(tx, run).await?.len(),
        loans: count(&loans)?,
        principal: loans.get("principal_fen")?,
        outstanding: loans.get("outstanding_fen")?,
        transactions: count(&facts)?.saturating_sub(added),
        added_transactions: added,
        securities: count(&securities)?,
        relations: relations(tx, run).await?.len(),
    })
}

/// Transactions recorded later on loans of a run, and reversals of what it added to loans of others. What another
/// undoing voided, and its correcting entries, stand on nothing.
pub async fn later_transactions(tx: &mut Tx, run: RunId) -> Result<Vec<Obstacle>, StoreError> {
    let on_own = tx
        .fetch_all(
            "select t.loan_id, t.number, l.number as loan, t.recorded_at, t.recorded_by from import_record r \
             join loan l on l.customer_id = r.customer_id and l.id = r.row_id \
             join loan_transaction t on t.customer_id = r.customer_id and t.loan_id = r.row_id \
             left join loan_transaction u on u.customer_id = t.customer_id and u.reverses_id = t.id \
               and u.source = 'import_undo' \
             where r.run_id = $1 and r.kind = 'loan' and t.source <> 'import_undo' and u.id is null \
             and not (t.source = 'import' and t.source_detail like $2) order by t.id",
            args![run, own(run)],
        )
        .await?;
    let on_added = tx
        .fetch_all(
            "select u.loan_id, u.number, l.number as loan, u.recorded_at, u.recorded_by from loan_transaction t \
             join loan_transaction u on u.customer_id = t.customer_id and u.reverses_id = t.id \
             join loan l on l.customer_id = t.customer_id and l.id = t.loan_id \
             where t.source = 'import' and t.source_detail like $1 and u.source <> 'import_undo' \
             and not exists (select 1 from import_record r where r.run_id = $2 and r.kind = 'loan' \
               and r.customer_id = t.customer_id and r.row_id = t.loan_id) order by u.id",
            args![own(run), run],
        )
        .await?;
    let of = |row: &Row| {
        let what = format!("{} · {}", row.get::<String>("loan")?, row.get::<String>("number")?);
        obstacle(ObstacleKind::Transaction, what, Some(format!("/loans/{}", row.get::<LoanId>("loan_id")?)), row)
    };
    on_own.iter().chain(&on_added).map(of).collect()
}

/// Other loans of the customers, or under the contracts, that a run brought.
pub async fn later_loans(tx: &mut Tx, run: RunId) -> Result<Vec<Obstacle>, StoreError> {
    let rows = tx
        .fetch_all(
            "select l.id as loan_id, l.number, l.recorded_at, l.recorded_by from loan l \
             left join import_record c on c.kind = 'customer' and c.run_id = $1 and c.customer_id = l.customer_id \
             left join contract k on k.customer_id = l.customer_id and k.id = l.contract_id and k.source = 'import' \
               and k.source_detail = $2 \
             where l.state = 'active' and (c.customer_id is not null or k.id is not null) \
             and not exists (select 1 from import_record r where r.run_id = $1 and r.kind = 'loan' \
               and r.customer_id = l.customer_id and r.row_id = l.id) order by l.id",
            args![run, run.to_string()],
        )
        .await?;
    rows.iter()
        .map(|row| {
            let href = format!("/loans/{}", row.get::<LoanId>("loan_id")?);
            obstacle(ObstacleKind::Loan, row.get("number")?, Some(href), row)
        })
        .collect()
}

/// Guarantees and collateral entered later for loans of a run.
pub async fn later_securities(tx: &mut Tx, run: RunId) -> Result<Vec<Obstacle>, StoreError> {
    let rows = tx
        .fetch_all(
            "select l.id as loan_id, l.number, s.who, s.recorded_at, s.recorded_by from import_record r \
             join loan l on l.customer_id = r.customer_id and l.id = r.row_id \
             join (select customer_id, loan_id, id, guarantor as who, source, source_detail, recorded_at, recorded_by \
               from guarantee union all select customer_id, loan_id, id, description as who, source, source_detail, \
               recorded_at, recorded_by from collateral) s on s.customer_id = l.customer_id and s.loan_id = l.id \
             where r.run_id = $1 and r.kind = 'loan' and not (s.source = 'import' and s.source_detail like $2) \
             and not exists (select 1 from import_voided v where v.customer_id = s.customer_id and v.row_id = s.id) \
             order by s.id",
            args![run, own(run)],
        )
        .await?;
    rows.iter()
        .map(|row| {
            let what = format!("{} · {}", row.get::<String>("number")?, row.get::<String>("who")?);
            let href = format!("/loans/{}", row.get::<LoanId>("loan_id")?);
            obstacle(ObstacleKind::Security, what, Some(href), row)
        })
        .collect()
}

fn obstacle(kind: ObstacleKind, what: String, href: Option<String>, row: &Row) -> Result<Obstacle, StoreError> {
    Ok(Obstacle { kind, what, href, recorded_at: row.get("recorded_at")?, recorded_by: row.get("recorded_by")? })
}

/// Hides the loans of a run.
pub async fn hide_loans(tx: &mut Tx, run: RunId) -> Result<(), StoreError> {
    tx.execute(
        "update loan set state = 'hidden', version = version + 1 where state = 'active' and (customer_id, id) in \
         (select customer_id, row_id from import_record where run_id = $1 and kind = 'loan')",
        args![run],
    )
    .await
    .map(drop)
}

/// Ends guarantees and collateral that a run brought for loans that stay.
pub async fn end_securities(tx: &mut Tx, run: RunId, on: Date) -> Result<(), StoreError> {
    for (kind, table) in [("guarantee", "guarantee"), ("collateral", "collateral")] {
        let sql = format!(
            "update {table} set ended_on = $1 where ended_on is null and (customer_id, id) in \
             (select customer_id, row_id from import_record where run_id = $2 and kind = $3)"
        );
        tx.execute(platform::db::AssertSqlSafe(sql), args![on, run, kind]).await?;
    }
    Ok(())
}

/// Frees the business keys of a run; which records they led to stays noted.
pub async fn free_keys(tx: &mut Tx, run: RunId) -> Result<(), StoreError> {
    tx.execute(
        "insert into import_voided (run_id, kind, business_key, customer_id, row_id) \
         select run_id, kind, business_key, customer_id, row_id from import_record where run_id = $1",
        args![run],
    )
    .await?;
    tx.execute("delete from import_record where run_id = $1", args![run]).await.map(drop)
}

/// Which of these loans' transactions are reversed already.
pub async fn reversed(tx: &mut Tx, run: RunId) -> Result<BTreeSet<i64>, StoreError> {
    tx.fetch_all(
        "select t.reverses_id from import_record r join loan_transaction t on t.customer_id = r.customer_id \
         and t.loan_id = r.row_id where r.run_id = $1 and r.kind = 'loan' and t.reverses_id is not null",
        args![run],
    )
    .await?
    .iter()
    .map(|row| row.get("reverses_id"))
    .collect()
}

/// How a run was undone (撤销记录).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undone {
    /// Why.
    pub reason: String,
    /// What left the book.
    pub brought: Brought,
    /// The business date.
    pub on: Date,
    /// When.
    pub at: Timestamp,
    /// Who agreed last.
    pub by: UserId,
}

/// Notes that a run is undone.
pub async fn insert(tx: &mut Tx, run: RunId, approval: i64, undone: &Undone) -> Result<(), StoreError> {
    let brought = serde_json::to_string(&undone.brought).map_err(|e| corrupt(&e))?;
    tx.execute(
        "insert into import_undo (run_id, approval_id, reason, brought_json, effective_on, recorded_at, recorded_by) \
         values ($1, $2, $3, $4, $5, $6, $7)",
        args![run, approval, undone.reason, brought, undone.on, undone.at, undone.by],
    )
    .await
    .map(drop)
}

/// How a run was undone, if it was.
pub async fn find(tx: &mut Tx, run: RunId) -> Result<Option<Undone>, StoreError> {
    let row = tx.fetch_optional("select * from import_undo where run_id = $1", args![run]).await?;
    row.map(|row| {
        Ok(Undone {
            reason: row.get("reason")?,
            brought: serde_json::from_str(&row.get::<String>("brought_json")?).map_err(|e| corrupt(&e))?,
            on: row.get("effective_on")?,
            at: row.get("recorded_at")?,
            by: row.get("recorded_by")?,
        })
    })
    .transpose()
}

fn corrupt(error: &serde_json::Error) -> StoreError {
    StoreError::Corrupt {
        column: "brought_json".to_owned(),
        expected: "what an import brought",
        found: error.to_string(),
    }
}
