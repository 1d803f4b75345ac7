//! Tables `loan_received` (到账按日) and `loan_maturing` (到期按日): sums by day and branch, kept with what changes them.
//!
//! A repayment counts on the day on which it is effective, whenever it was recorded; one that was taken back counts on
//! none. An open loan counts on the day on which it matures.

use std::collections::BTreeMap;

use finance::Fen;
use jiff::civil::Date;
use platform::args;
use platform::db::{AssertSqlSafe, Row, StoreError, Tx, Value};
use platform::id::{BranchId, CustomerId};

use super::Change;
use crate::loan::model::{LoanFile, LoanState, LoanTransaction};
use crate::position::model::{LoanPosition, Standing};

/// Kinds of transactions that bring money in.
pub const RECEIVED: [&str; 2] = ["repay", "recover"];
/// Transactions that one statement adds up.
const AT_ONCE: usize = 500;

/// A kept table (汇总表): what it is kept by, what is added up, and how both follow from the facts.
#[derive(Debug, Clone, Copy)]
pub struct Kept {
    /// Its name.
    pub table: &'static str,
    /// What it is kept by.
    pub keys: &'static str,
    /// What is added up.
    pub sums: &'static str,
    head: &'static str,
    computed: &'static str,
}

/// Both tables.
pub const KEPT: [Kept; 2] = [
    Kept {
        table: "loan_received",
        keys: "effective_on, branch_id, kind",
        sums: "entries, amount_fen",
        head: "insert into loan_received (effective_on, branch_id, kind, entries, amount_fen)",
        computed: "select t.effective_on, l.branch_id, t.kind, count(*) as entries, \
             cast(sum(t.amount_fen) as bigint) as amount_fen from loan_transaction t \
             join loan l on l.customer_id = t.customer_id and l.id = t.loan_id \
             left join loan_transaction r on r.customer_id = t.customer_id and r.reverses_id = t.id \
             where t.kind in ('repay', 'recover') and l.state = 'active' and r.id is null \
             group by t.effective_on, l.branch_id, t.kind",
    },
    Kept {
        table: "loan_maturing",
        keys: "maturity_on, branch_id",
        sums: "loans, principal_fen",
        head: "insert into loan_maturing (maturity_on, branch_id, loans, principal_fen)",
        computed: "select p.maturity_on, l.branch_id, count(*) as loans, \
             cast(sum(p.principal_fen) as bigint) as principal_fen from loan_position p \
             join loan l on l.customer_id = p.customer_id and l.id = p.loan_id \
             where l.state = 'active' and p.status in ('undrawn', 'current', 'overdue') \
             group by p.maturity_on, l.branch_id",
    },
];

impl Kept {
    /// The rows as they are kept.
    pub async fn kept(&self, tx: &mut Tx) -> Result<Vec<Row>, StoreError> {
        let sql = format!("select {}, {} from {}", self.keys, self.sums, self.table);
        tx.fetch_all(AssertSqlSafe(sql), args![]).await
    }

    /// The rows as they follow from the facts.
    pub async fn computed(&self, tx: &mut Tx) -> Result<Vec<Row>, StoreError> {
        tx.fetch_all(self.computed, args![]).await
    }

    /// Puts these rows in the place of all.
    pub async fn replace(&self, tx: &mut Tx, rows: Vec<Vec<Value>>) -> Result<(), StoreError> {
        tx.execute(AssertSqlSafe(format!("delete from {}", self.table)), args![]).await?;
        tx.write_rows(self.head, "", rows).await.map(drop)
    }
}

/// Adds what these transactions brought in.
pub async fn received(tx: &mut Tx, of: &[(CustomerId, i64)]) -> Result<(), StoreError> {
    add(tx, of, 1).await
}

/// Adds what all transactions of these loans brought in that were not taken back.
pub async fn received_by(tx: &mut Tx, files: &[LoanFile]) -> Result<(), StoreError> {
    let mut all: BTreeMap<(Date, BranchId, &str), (i64, Fen)> = BTreeMap::new();
    for file in files {
        let counts = |t: &&LoanTransaction| RECEIVED.contains(&t.fact.kind.name()) && file.reversed_by(t.id).is_none();
        for one in file.transactions.iter().filter(counts) {
            let sums = all.entry((one.fact.on, file.loan.branch, one.fact.kind.name())).or_default();
            sums.0 = sums.0.saturating_add(1);
            sums.1.0 = sums.1.0.saturating_add(one.amount.0);
        }
    }
    let rows = all.into_iter().map(|((on, branch, kind), (entries, fen))| args![on, branch, kind, entries, fen]);
    tx.write_rows(
        "insert into loan_received (effective_on, branch_id, kind, entries, amount_fen)",
        "on conflict (effective_on, branch_id, kind) do update set entries = loan_received.entries + excluded.entries, \
         amount_fen = loan_received.amount_fen + excluded.amount_fen",
        rows.collect(),
    )
    .await
    .map(drop)
}

/// Takes away what transactions brought in that are reversed now.
pub async fn taken_back(tx: &mut Tx, of: &[(CustomerId, i64)]) -> Result<(), StoreError> {
    add(tx, of, -1).await
}

async fn add(tx: &mut Tx, of: &[(CustomerId, i64)], sign: i64) -> Result<(), StoreError> {
    for some in of.chunks(AT_ONCE) {
        let pairs: Vec<String> = some.iter().map(|(customer, id)| format!("({},{id})", customer.0)).collect();
        // In the order of their keys, so that two who write at once wait for each other instead of for ever.
        // Made of integers only.
        let sql = format!(
            "insert into loan_received (effective_on, branch_id, kind, entries, amount_fen) \
             select t.effective_on, l.branch_id, t.kind, {sign} * count(*), cast({sign} * sum(t.amount_fen) as bigint) \
             from loan_transaction t join loan l on l.customer_id = t.customer_id and l.id = t.loan_id \
             where (t.customer_id, t.id) in (values {}) and t.kind in ('repay', 'recover') \
             group by t.effective_on, l.branch_id, t.kind order by t.effective_on, l.branch_id, t.kind \
             on conflict (effective_on, branch_id, kind) do update set entries = loan_received.entries + excluded.entries, \
             amount_fen = loan_received.amount_fen + excluded.amount_fen",
            pairs.join(",")
        );
        tx.execute(AssertSqlSafe(sql), args![]).await?;
    }
    Ok(())
}

/// Adds what these changes come to, to the days on which their loans mature.
pub async fn note_maturing(tx: &mut Tx, changes: &[Change<'_>]) -> Result<(), StoreError> {
    let rows = differences(changes)
        .into_iter()
        .map(|((on, branch), (loans, principal))| args![on, branch, loans, principal])
        .collect();
    tx.write_rows(
        "insert into loan_maturing (maturity_on, branch_id, loans, principal_fen)",
        "on conflict (maturity_on, branch_id) do update set loans = loan_maturing.loans + excluded.loans, \
         principal_fen = loan_maturing.principal_fen + excluded.principal_fen",
        rows,
    )
    .await
    .map(drop)
}

/// What the changes of open loans come to, by day and branch, without those that come to nothing.
fn differences(changes: &[Change<'_>]) -> BTreeMap<(Date, BranchId), (i64, Fen)> {
    let mut all: BTreeMap<(Date, BranchId), (i64, Fen)> = BTreeMap::new();
    for change in changes.iter().filter(|change| change.loan.state == LoanState::Active) {
        for (position, sign) in [(change.before, -1_i64), (change.after, 1)] {
            let Some(position) = position.filter(|position| is_open(position)) else { continue };
            let (loans, principal) = all.entry((position.maturity_on, change.loan.branch)).or_default();
            *loans = loans.saturating_add(sign);
            principal.0 = principal.0.saturating_add(position.principal.0.saturating_mul(sign));
        }
    }
    all.retain(|_, sums| *sums != (0, Fen::ZERO));
    all
}

fn is_open(position: &LoanPosition) -> bool {
    matches!(position.standing, Standing::Undrawn | Standing::Current | Standing::Overdue)
}
