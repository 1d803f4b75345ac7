//! Tables `repayment_batch`, `repayment_batch_row`; the loans that a file names.

use std::collections::BTreeMap;

use platform::access::DataScope;
use platform::args;
use platform::db::{Conditions, Row, StoreError, Tx};
use platform::error::ActionError;
use platform::work::Work;

use super::model::{Batch, BatchId, BatchRow, BatchState};
use crate::book::Source;
use crate::loan::model::{LoanKey, TransactionId};

/// Values bound in one look-up.
const NUMBERS: usize = 500;

/// Inserts a batch as tried.
pub async fn insert(work: &mut Work, batch: &Batch) -> Result<(), StoreError> {
    work.tx
        .execute(
            "insert into repayment_batch (id, file_name, content_hash, channel, state, branch_id, recorded_at, recorded_by) \
             values ($1, $2, $3, $4, $5, $6, $7, $8)",
            args![
                batch.id,
                batch.file_name,
                batch.content_hash,
                batch.channel,
                batch.state,
                batch.branch,
                batch.recorded_at,
                batch.recorded_by
            ],
        )
        .await
        .map(drop)
}

/// One batch.
pub async fn find(tx: &mut Tx, id: BatchId) -> Result<Option<Batch>, StoreError> {
    let row = tx.fetch_optional("select * from repayment_batch where id = $1", args![id]).await?;
    row.as_ref().map(decode).transpose()
}

/// The latest batches of a branch (0: of all), newest first, with the names of who sent them.
pub async fn latest(tx: &mut Tx, branch: i64, limit: i64) -> Result<Vec<(Batch, String)>, StoreError> {
    tx.fetch_all(
        "select b.*, u.name as sent_by from repayment_batch b left join user_view u on u.id = b.recorded_by \
         where ($1 = 0 or b.branch_id = $1) order by b.recorded_at desc, b.id desc limit $2",
        args![branch, limit],
    )
    .await?
    .iter()
    .map(|row| Ok((decode(row)?, row.get::<Option<String>>("sent_by")?.unwrap_or_default())))
    .collect()
}

fn decode(row: &Row) -> Result<Batch, StoreError> {
    Ok(Batch {
        id: row.get("id")?,
        file_name: row.get("file_name")?,
        content_hash: row.get("content_hash")?,
        channel: row.get("channel")?,
        state: row.get("state")?,
        branch: row.get("branch_id")?,
        recorded_at: row.get("recorded_at")?,
        recorded_by: row.get("recorded_by")?,
    })
}

/// Keeps what became of every row; whoever comes second is told by [`StoreError::Stale`].
pub async fn finish(work: &mut Work, batch: &Batch, rows: &[BatchRow]) -> Result<(), ActionError> {
    work.tx
        .execute_one(
            "update repayment_batch set state = $1, finished_at = $2, finished_by = $3 where id = $4 and state = $5",
            args![BatchState::Recorded, work.now, work.actor.recorded_by(), batch.id, BatchState::Tried],
        )
        .await?;
    let mut values = Vec::with_capacity(rows.len());
    for (no, row) in rows.iter().enumerate() {
        let findings = serde_json::to_string(&row.findings).map_err(|e| ActionError::Internal(e.to_string()))?;
        let key = row.loan.as_ref().map(|(key, _)| key);
        values.push(args![
            batch.id,
            no,
            row.source.sheet,
            row.source.row,
            row.outcome,
            row.loan_no,
            row.on,
            row.amount,
            findings,
            key.map(|key| key.customer),
            key.map(|key| key.loan),
            row.transaction
        ]);
    }
    work.tx
        .write_rows(
            "insert into repayment_batch_row (batch_id, no, sheet, row_no, outcome, loan_no, paid_on, amount_fen, \
             findings_json, customer_id, loan_id, transaction_id)",
            "",
            values,
        )
        .await?;
    Ok(())
}

/// The rows of a recorded batch.
pub async fn rows(tx: &mut Tx, id: BatchId) -> Result<Vec<BatchRow>, StoreError> {
    tx.fetch_all(
        "select r.*, c.name as customer from repayment_batch_row r \
         left join customer_view c on c.customer_id = r.customer_id where r.batch_id = $1 order by r.no",
        args![id],
    )
    .await?
    .iter()
    .map(|row| {
        let found: String = row.get("findings_json")?;
        let key = match (row.get("customer_id")?, row.get("loan_id")?) {
            (Some(customer), Some(loan)) => Some(LoanKey { customer, loan }),
            (_, None) | (None, _) => None,
        };
        let name = row.get::<Option<String>>("customer")?.unwrap_or_default();
        Ok(BatchRow {
            source: Source { sheet: row.get("sheet")?, row: row.get("row_no")?, column: None },
            outcome: row.get("outcome")?,
            loan_no: row.get::<Option<String>>("loan_no")?.unwrap_or_default(),
            loan: key.map(|key| (key, name)),
            on: row.get("paid_on")?,
            amount: row.get("amount_fen")?,
            due: None,
            settles: Vec::new(),
            findings: serde_json::from_str(&found).map_err(|e| StoreError::Corrupt {
                column: "findings_json".to_owned(),
                expected: "findings of a batch",
                found: e.to_string(),
            })?,
            transaction: row.get::<Option<TransactionId>>("transaction_id")?,
        })
    })
    .collect()
}

/// The loans within a scope by the number that a file gives: the loan's own, else that of a contract with one loan.
pub async fn loans(tx: &mut Tx, numbers: &[String], scope: DataScope) -> Result<BTreeMap<String, LoanKey>, StoreError> {
    let mut found = BTreeMap::new();
    for some in numbers.chunks(NUMBERS) {
        let mut filter = within(scope);
        filter.one_of("l.number", some);
        let sql = filter.select("select l.number, l.customer_id, l.id from loan l", "");
        for row in tx.fetch_all(sql, filter.args()).await? {
            found.insert(row.get("number")?, LoanKey { customer: row.get("customer_id")?, loan: row.get("id")? });
        }
        let mut filter = within(scope);
        filter.one_of("c.number", some);
        let head = "select c.number, l.customer_id, min(l.id) as id, count(*) as n from loan l \
                    join contract c on c.customer_id = l.customer_id and c.id = l.contract_id";
        let sql = filter.select(head, "group by c.number, l.customer_id");
        for row in tx.fetch_all(sql, filter.args()).await? {
            if row.get::<i64>("n")? == 1 {
                let key = LoanKey { customer: row.get("customer_id")?, loan: row.get("id")? };
                found.entry(row.get("number")?).or_insert(key);
            }
        }
    }
    Ok(found)
}

fn within(scope: DataScope) -> Conditions {
    let mut filter = Conditions::new();
    filter.and("l.state = ?", [&"active"]);
    crate::ledger::store::within(&mut filter, scope);
    filter
}
