//! Tables `contract`, `loan`, `loan_terms`, `loan_transaction`.

use std::collections::{BTreeMap, BTreeSet};

use finance::{Transaction, TransactionKind};
use jiff::Timestamp;
use platform::args;
use platform::db::{AssertSqlSafe, Row, StoreError, Tx};
use platform::error::ActionError;
use platform::id::CustomerId;
use platform::work::Work;

use super::model::{
    Channel, ContractId, JudgedClass, LatestChange, Loan, LoanFile, LoanId, LoanKey, LoanTransaction, NewLoan,
    NewTransaction, TransactionId, amount_of,
};
use crate::total::dated;

const LOAN_COLUMNS: &str = "customer_id, id, number, contract_id, product, purpose, security, principal_fen, start_on, \
     branch_id, team_id, manager_id, account_masked, state, note, version";

/// Inserts the contract of a loan; `detail` says where in its source it stood.
pub async fn insert_contract(
    work: &mut Work,
    new: &NewLoan,
    id: ContractId,
    amount: finance::Fen,
    number: &str,
    detail: &str,
) -> Result<(), StoreError> {
    work.tx
        .execute(
            "insert into contract (customer_id, id, number, product, amount_fen, signed_on, recorded_at, recorded_by, \
             source, source_detail) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            args![
                new.customer,
                id,
                number,
                new.product,
                amount,
                new.signed_on,
                work.now,
                work.actor.recorded_by(),
                work.actor.origin.as_str(),
                detail
            ],
        )
        .await
        .map(drop)
}

/// Inserts a loan and the first version of its terms.
pub async fn insert_loan(
    work: &mut Work,
    new: &NewLoan,
    key: LoanKey,
    contract: ContractId,
    number: &str,
) -> Result<(), ActionError> {
    work.tx
        .execute(
            "insert into loan (customer_id, id, number, contract_id, product, purpose, security, principal_fen, start_on, \
             branch_id, team_id, manager_id, state, note, recorded_at, recorded_by, source, source_detail) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'active', $13, $14, $15, $16, $17)",
            args![
                key.customer,
                key.loan,
                number,
                contract,
                new.product,
                new.purpose,
                new.security,
                new.terms.principal,
                new.terms.start_on,
                new.branch,
                new.team,
                new.manager,
                new.note,
                work.now,
                work.actor.recorded_by(),
                work.actor.origin.as_str(),
                work.actor.origin.detail()
            ],
        )
        .await?;
    let terms = serde_json::to_string(&new.terms).map_err(|e| ActionError::Internal(e.to_string()))?;
    work.tx
        .execute(
            "insert into loan_terms (customer_id, loan_id, version, effective_on, terms_json, reason, recorded_at, recorded_by) \
             values ($1, $2, 1, $3, $4, 'opening', $5, $6)",
            args![key.customer, key.loan, new.terms.start_on, terms, work.now, work.actor.recorded_by()],
        )
        .await?;
    Ok(())
}

/// Inserts one transaction after those of its day.
pub async fn insert_transaction(
    work: &mut Work,
    key: LoanKey,
    number: &str,
    new: &NewTransaction,
) -> Result<TransactionId, ActionError> {
    let id = TransactionId(work.next_id());
    let body = serde_json::to_string(&new.kind).map_err(|e| ActionError::Internal(e.to_string()))?;
    let reverses = match &new.kind {
        TransactionKind::Reverse { target } => i64::try_from(*target).ok(),
        _ => None,
    };
    // The key itself orders what is recorded on one day: it rises with time.
    work.tx
        .execute(
            "insert into loan_transaction (customer_id, loan_id, id, number, kind, effective_on, ordinal, amount_fen, body_json, \
             reverses_id, business_key, channel, note, approval_id, recorded_at, recorded_by, source, source_detail) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)",
            args![
                key.customer,
                key.loan,
                id,
                number,
                new.kind.name(),
                new.on,
                id,
                amount_of(&new.kind),
                body,
                reverses,
                new.business_key,
                new.channel,
                new.note,
                new.approval,
                work.now,
                work.actor.recorded_by(),
                work.actor.origin.as_str(),
                work.actor.origin.detail()
            ],
        )
        .await?;
    match reverses {
        Some(target) => dated::taken_back(&mut work.tx, &[(key.customer, target)]).await?,
        None if dated::RECEIVED.contains(&new.kind.name()) => {
            dated::received(&mut work.tx, &[(key.customer, id.0)]).await?;
        }
        None => {}
    }
    Ok(id)
}

/// The loan of a number, if there is one.
pub async fn find_by_number(tx: &mut Tx, number: &str) -> Result<Option<LoanKey>, StoreError> {
    let row = tx
        .fetch_optional("select customer_id, id from loan where number = $1 and state = 'active'", args![number])
        .await?;
    row.map(|row| Ok(LoanKey { customer: row.get("customer_id")?, loan: row.get("id")? })).transpose()
}

/// The loan of a key within its customer, if there is one.
pub async fn find(tx: &mut Tx, loan: LoanId) -> Result<Option<LoanKey>, StoreError> {
    let row =
        tx.fetch_optional("select customer_id, id from loan where id = $1 and state = 'active'", args![loan]).await?;
    row.map(|row| Ok(LoanKey { customer: row.get("customer_id")?, loan: row.get("id")? })).transpose()
}

/// The loans of a customer, newest first.
pub async fn of_customer(tx: &mut Tx, customer: CustomerId, limit: i64) -> Result<Vec<LoanKey>, StoreError> {
    tx.fetch_all(
        "select customer_id, id from loan where customer_id = $1 and state = 'active' order by start_on desc, id desc limit $2",
        args![customer, limit],
    )
    .await?
    .iter()
    .map(|row| Ok(LoanKey { customer: row.get("customer_id")?, loan: row.get("id")? }))
    .collect()
}

/// Raises the loan's version; whoever had read another one is told that it changed meanwhile.
///
/// Errors: [`StoreError::Stale`].
pub async fn take_version(tx: &mut Tx, key: LoanKey, seen: i64) -> Result<(), StoreError> {
    tx.execute_one(
        "update loan set version = version + 1 where customer_id = $1 and id = $2 and version = $3",
        args![key.customer, key.loan, seen],
    )
    .await
}

/// Raises the versions of loans that are changed without a form on the screen: forms that are open are told.
pub async fn raise_versions(tx: &mut Tx, keys: &[LoanKey]) -> Result<(), StoreError> {
    if keys.is_empty() {
        return Ok(());
    }
    // Made of integers only.
    let sql = format!("update loan set version = version + 1 where (customer_id, id) in ({})", pairs_of(keys));
    tx.execute(AssertSqlSafe(sql), args![]).await.map(drop)
}

/// Lets nobody else change these loans until the transaction ends: their rows are written as they are. SQLite has one writer
/// anyway; PostgreSQL makes whoever else writes to one of them wait.
pub async fn fence(tx: &mut Tx, keys: &[LoanKey]) -> Result<(), StoreError> {
    if keys.is_empty() {
        return Ok(());
    }
    // Made of integers only.
    let sql = format!("update loan set version = version where (customer_id, id) in ({})", pairs_of(keys));
    tx.execute(AssertSqlSafe(sql), args![]).await.map(drop)
}

/// What was recorded of a loan since a moment: the latest, and how many more.
pub async fn changes_since(tx: &mut Tx, key: LoanKey, at: Timestamp) -> Result<Option<LatestChange>, StoreError> {
    let rows = tx
        .fetch_all(
            "select t.kind, t.number, t.amount_fen, t.recorded_at, coalesce(u.name, '') as who from loan_transaction t \
             left join user_view u on u.id = t.recorded_by \
             where t.customer_id = $1 and t.loan_id = $2 and t.recorded_at >= $3 \
             order by t.recorded_at desc, t.id desc limit 100",
            args![key.customer, key.loan, at],
        )
        .await?;
    let Some(row) = rows.first() else { return Ok(None) };
    Ok(Some(LatestChange {
        kind: row.get("kind")?,
        number: row.get("number")?,
        amount: row.get("amount_fen")?,
        who: row.get("who")?,
        at: row.get("recorded_at")?,
        others: rows.len() - 1,
    }))
}

/// One loan with terms and transactions.
pub async fn load_file(tx: &mut Tx, key: LoanKey) -> Result<Option<LoanFile>, StoreError> {
    Ok(load_files(tx, &[key]).await?.into_iter().next())
}

/// Many loans with terms, transactions and approved classes, by four statements in all; in the order of their keys.
pub async fn load_files(tx: &mut Tx, keys: &[LoanKey]) -> Result<Vec<LoanFile>, StoreError> {
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let pairs = pairs_of(keys);
    let loans = tx
        .fetch_all(
            AssertSqlSafe(format!(
                "select {LOAN_COLUMNS} from loan where (customer_id, id) in ({pairs}) order by customer_id, id"
            )),
            args![],
        )
        .await?;
    let terms = tx
        .fetch_all(
            AssertSqlSafe(format!(
                "select customer_id, loan_id, version, terms_json from loan_terms \
                 where (customer_id, loan_id) in ({pairs}) order by customer_id, loan_id, version desc"
            )),
            args![],
        )
        .await?;
    let transactions = tx
        .fetch_all(
            AssertSqlSafe(format!(
                "select customer_id, loan_id, id, number, effective_on, ordinal, amount_fen, body_json, channel, note, \
                 business_key, recorded_at, recorded_by, source, source_detail from loan_transaction \
                 where (customer_id, loan_id) in ({pairs}) order by customer_id, loan_id, effective_on, ordinal"
            )),
            args![],
        )
        .await?;
    let judged = tx
        .fetch_all(
            AssertSqlSafe(format!(
                "select customer_id, loan_id, effective_on, class, recorded_at from loan_class \
                 where (customer_id, loan_id) in ({pairs}) order by customer_id, loan_id, effective_on, id"
            )),
            args![],
        )
        .await?;
    assemble(&loans, &terms, &transactions, &judged)
}

/// `values (1,2),(3,4)`: made of integers only.
pub fn pairs_of(keys: &[LoanKey]) -> String {
    let list: Vec<String> = keys.iter().map(|k| format!("({},{})", k.customer.0, k.loan.0)).collect();
    format!("values {}", list.join(","))
}

fn assemble(loans: &[Row], terms: &[Row], transactions: &[Row], judged: &[Row]) -> Result<Vec<LoanFile>, StoreError> {
    let mut terms = terms.iter().peekable();
    let mut transactions = transactions.iter().peekable();
    let mut judged = judged.iter().peekable();
    let mut files = Vec::with_capacity(loans.len());
    for row in loans {
        let loan = decode_loan(row)?;
        let mut newest = None;
        while let Some(row) = terms.next_if(|row| key_of(row).is_ok_and(|k| k == loan.key)) {
            if newest.is_none() {
                newest = Some(decode_json(row, "terms_json", "terms of a loan", finance::json::terms)?);
            }
        }
        let terms = newest.ok_or_else(|| StoreError::Corrupt {
            column: "loan_terms.version".to_owned(),
            expected: "at least one version of terms",
            found: format!("none for loan {}", loan.key.loan),
        })?;
        let mut facts = Vec::new();
        while let Some(row) = transactions.next_if(|row| key_of(row).is_ok_and(|k| k == loan.key)) {
            facts.push(decode_transaction(row)?);
        }
        let mut classes = Vec::new();
        while let Some(row) = judged.next_if(|row| key_of(row).is_ok_and(|k| k == loan.key)) {
            classes.push(JudgedClass {
                on: row.get("effective_on")?,
                class: row.get("class")?,
                recorded_at: row.get("recorded_at")?,
            });
        }
        files.push(LoanFile { loan, terms, transactions: facts, judged: classes });
    }
    Ok(files)
}

fn key_of(row: &Row) -> Result<LoanKey, StoreError> {
    Ok(LoanKey { customer: row.get("customer_id")?, loan: row.get("loan_id")? })
}

fn decode_json<T>(
    row: &Row,
    column: &str,
    expected: &'static str,
    read: fn(&str) -> Result<T, serde_json::Error>,
) -> Result<T, StoreError> {
    let text: String = row.get(column)?;
    read(&text).map_err(|e| StoreError::Corrupt { column: column.to_owned(), expected, found: e.to_string() })
}

fn decode_loan(row: &Row) -> Result<Loan, StoreError> {
    Ok(Loan {
        key: LoanKey { customer: row.get("customer_id")?, loan: row.get("id")? },
        number: row.get("number")?,
        contract: row.get("contract_id")?,
        product: row.get("product")?,
        purpose: row.get("purpose")?,
        security: row.get("security")?,
        principal: row.get("principal_fen")?,
        start_on: row.get("start_on")?,
        branch: row.get("branch_id")?,
        team: row.get("team_id")?,
        manager: row.get("manager_id")?,
        account_masked: row.get("account_masked")?,
        state: row.get("state")?,
        note: row.get("note")?,
        version: row.get("version")?,
    })
}

fn decode_transaction(row: &Row) -> Result<LoanTransaction, StoreError> {
    let id: TransactionId = row.get("id")?;
    let kind: TransactionKind =
        decode_json(row, "body_json", "transaction of a loan", finance::json::transaction_kind)?;
    let number = u64::try_from(id.0).unwrap_or_default();
    Ok(LoanTransaction {
        id,
        number: row.get("number")?,
        fact: Transaction::new(number, row.get("effective_on")?, kind),
        ordinal: row.get("ordinal")?,
        amount: row.get("amount_fen")?,
        channel: row.get::<Channel>("channel")?,
        note: row.get("note")?,
        business_key: row.get("business_key")?,
        recorded_at: row.get::<Timestamp>("recorded_at")?,
        recorded_by: row.get("recorded_by")?,
        source: row.get("source")?,
        source_detail: row.get("source_detail")?,
    })
}

/// Inserts many transactions by bulk statements; their numbers are taken as one series.
pub async fn insert_transactions(
    work: &mut Work,
    facts: &[(LoanKey, NewTransaction)],
) -> Result<Vec<TransactionId>, ActionError> {
    let mut rows = Vec::with_capacity(facts.len());
    let mut ids = Vec::with_capacity(facts.len());
    let of: Vec<(CustomerId, i64)> = facts.iter().map(|(key, _)| (key.customer, key.loan.0)).collect();
    let numbers = platform::numbering::next_many(work, "transaction", &of).await?;
    for ((key, new), number) in facts.iter().zip(numbers) {
        let id = TransactionId(work.next_id());
        let body = serde_json::to_string(&new.kind).map_err(|e| ActionError::Internal(e.to_string()))?;
        rows.push(args![
            key.customer,
            key.loan,
            id,
            number,
            new.kind.name(),
            new.on,
            id,
            amount_of(&new.kind),
            body,
            new.business_key,
            new.channel,
            new.note,
            work.now,
            work.actor.recorded_by(),
            work.actor.origin.as_str(),
            work.actor.origin.detail()
        ]);
        ids.push(id);
    }
    work.tx.write_rows(TRANSACTION_HEAD, "", rows).await?;
    let written = facts.iter().zip(&ids).filter(|((_, new), _)| dated::RECEIVED.contains(&new.kind.name()));
    let received: Vec<(CustomerId, i64)> = written.map(|((key, _), id)| (key.customer, id.0)).collect();
    dated::received(&mut work.tx, &received).await?;
    Ok(ids)
}

/// Head of a bulk insert of transactions.
const TRANSACTION_HEAD: &str = "insert into loan_transaction (customer_id, loan_id, id, number, kind, effective_on, ordinal, \
     amount_fen, body_json, business_key, channel, note, recorded_at, recorded_by, source, source_detail)";

/// The names of many customers, by one statement.
pub async fn names(
    tx: &mut Tx,
    customers: impl Iterator<Item = CustomerId>,
) -> Result<BTreeMap<CustomerId, String>, StoreError> {
    let wanted: BTreeSet<CustomerId> = customers.collect();
    if wanted.is_empty() {
        return Ok(BTreeMap::new());
    }
    let list: Vec<String> = wanted.iter().map(|id| id.0.to_string()).collect();
    // Made of integers only.
    let sql = format!("select customer_id, name from customer_view where customer_id in ({})", list.join(","));
    let rows = tx.fetch_all(AssertSqlSafe(sql), args![]).await?;
    rows.iter().map(|row| Ok((row.get("customer_id")?, row.get("name")?))).collect()
}

/// The borrower's name and masked identity number.
pub async fn borrower(tx: &mut Tx, customer: CustomerId) -> Result<(String, String), StoreError> {
    let row =
        tx.fetch_one("select name, identity_masked from customer_view where customer_id = $1", args![customer]).await?;
    Ok((row.get("name")?, row.get("identity_masked")?))
}

/// A row of the position's history (状况历史).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryRow {
    /// In force from.
    pub from_on: jiff::civil::Date,
    /// In force before.
    pub to_on: Option<jiff::civil::Date>,
    /// Known from.
    pub recorded_at: Timestamp,
    /// 本金余额.
    pub principal: finance::Fen,
    /// 逾期本息.
    pub overdue: finance::Fen,
    /// 最早欠期.
    pub oldest_due_on: Option<jiff::civil::Date>,
    /// 五级分类.
    pub class: String,
}

/// What is now believed of the loan's past, newest first.
pub async fn history(tx: &mut Tx, key: LoanKey) -> Result<Vec<HistoryRow>, StoreError> {
    tx.fetch_all(
        "select from_on, to_on, recorded_at, principal_fen, overdue_principal_fen + overdue_interest_fen as overdue_fen, \
         oldest_due_on, class from loan_position_history \
         where customer_id = $1 and loan_id = $2 and superseded_at is null order by from_on desc limit 500",
        args![key.customer, key.loan],
    )
    .await?
    .iter()
    .map(|row| {
        Ok(HistoryRow {
            from_on: row.get("from_on")?,
            to_on: row.get("to_on")?,
            recorded_at: row.get("recorded_at")?,
            principal: row.get("principal_fen")?,
            overdue: row.get("overdue_fen")?,
            oldest_due_on: row.get("oldest_due_on")?,
            class: row.get("class")?,
        })
    })
    .collect()
}

/// The number of the loan's contract.
pub async fn contract_number(tx: &mut Tx, key: LoanKey) -> Result<String, StoreError> {
    Ok(contract_of(tx, key).await?.0)
}

/// The number of the loan's contract, and the day on which it was signed.
pub async fn contract_of(tx: &mut Tx, key: LoanKey) -> Result<(String, jiff::civil::Date), StoreError> {
    let row = tx
        .fetch_one(
            "select c.number, c.signed_on from contract c \
             join loan l on l.customer_id = c.customer_id and l.contract_id = c.id \
             where l.customer_id = $1 and l.id = $2",
            args![key.customer, key.loan],
        )
        .await?;
    Ok((row.get("number")?, row.get("signed_on")?))
}
