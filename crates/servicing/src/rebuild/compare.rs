//! Kept rows of a range of customers, and their comparison with what a replay gives.

use std::collections::BTreeMap;

use finance::Position;
use jiff::Timestamp;
use jiff::civil::Date;
use platform::args;
use platform::db::{AssertSqlSafe, Row, StoreError, Tx, Value};
use platform::rebuild::Difference;

use super::loans::Orphans;
use crate::loan::model::{LoanFile, LoanKey};
use crate::position::model::LoanPosition;
use crate::position::store::{
    BELIEVED_COLUMNS, INSTALMENT_COLUMNS, PRESENT_COLUMNS, believed_values, instalment_values, names, present_values,
};

/// A kept position as it stands in its table (状况行).
pub(super) struct KeptPosition {
    pub as_of: Date,
    pub recorded_at: Timestamp,
    /// Believed columns, then present columns.
    values: Vec<Value>,
}

/// A row of the history as it stands in its table (历史行).
pub(super) struct KeptHistory {
    pub from_on: Date,
    pub to_on: Option<Date>,
    pub recorded_at: Timestamp,
    pub superseded_at: Option<Timestamp>,
    pub values: Vec<Value>,
}

/// All kept rows of one loan (一笔借据的缓存).
#[derive(Default)]
pub(super) struct KeptRows {
    pub position: Option<KeptPosition>,
    instalments: Vec<Vec<Value>>,
    /// By first day, then by moment.
    pub history: Vec<KeptHistory>,
}

/// The kept rows of a range of customers.
pub(super) struct Kept(BTreeMap<LoanKey, KeptRows>);

impl Kept {
    /// Behind `after`, up to and including `upto`.
    pub async fn load(tx: &mut Tx, after: i64, upto: i64) -> Result<Self, StoreError> {
        let mut all: BTreeMap<LoanKey, KeptRows> = BTreeMap::new();
        let sql = format!(
            "select {BELIEVED_COLUMNS}, {PRESENT_COLUMNS}, customer_id, loan_id, recorded_at from loan_position \
             where customer_id > $1 and customer_id <= $2 order by customer_id, loan_id"
        );
        let width = names(BELIEVED_COLUMNS).len() + names(PRESENT_COLUMNS).len();
        for row in tx.fetch_all(AssertSqlSafe(sql), args![after, upto]).await? {
            let values = row.values()[..width].to_vec();
            let kept = KeptPosition { as_of: row.get("as_of")?, recorded_at: row.get("recorded_at")?, values };
            all.entry(key_of(&row)?).or_default().position = Some(kept);
        }
        let sql = format!(
            "select {INSTALMENT_COLUMNS}, customer_id, loan_id from loan_instalment \
             where customer_id > $1 and customer_id <= $2 order by customer_id, loan_id, no"
        );
        let width = names(INSTALMENT_COLUMNS).len();
        for row in tx.fetch_all(AssertSqlSafe(sql), args![after, upto]).await? {
            all.entry(key_of(&row)?).or_default().instalments.push(row.values()[..width].to_vec());
        }
        let sql = format!(
            "select {BELIEVED_COLUMNS}, customer_id, loan_id, from_on, to_on, recorded_at, superseded_at \
             from loan_position_history where customer_id > $1 and customer_id <= $2 \
             order by customer_id, loan_id, from_on, recorded_at"
        );
        let width = names(BELIEVED_COLUMNS).len();
        for row in tx.fetch_all(AssertSqlSafe(sql), args![after, upto]).await? {
            all.entry(key_of(&row)?).or_default().history.push(KeptHistory {
                from_on: row.get("from_on")?,
                to_on: row.get("to_on")?,
                recorded_at: row.get("recorded_at")?,
                superseded_at: row.get("superseded_at")?,
                values: row.values()[..width].to_vec(),
            });
        }
        Ok(Self(all))
    }

    /// The rows of a loan, taken out.
    pub fn take(&mut self, key: LoanKey) -> KeptRows {
        self.0.remove(&key).unwrap_or_default()
    }

    /// What is left when every loan took its own: rows of loans that are not there.
    pub fn without_loan(self) -> Orphans {
        let tables = |rows: &KeptRows| {
            let mut tables = std::collections::BTreeSet::new();
            tables.extend(rows.position.as_ref().map(|_| "loan_position"));
            tables.extend(rows.instalments.first().map(|_| "loan_instalment"));
            tables.extend(rows.history.first().map(|_| "loan_position_history"));
            tables
        };
        self.0.iter().map(|(key, rows)| (*key, tables(rows))).collect()
    }
}

fn key_of(row: &Row) -> Result<LoanKey, StoreError> {
    Ok(LoanKey { customer: row.get("customer_id")?, loan: row.get("loan_id")? })
}

impl KeptRows {
    /// The tables in which something stands of the loan as it is now.
    pub fn current(&self) -> Vec<&'static str> {
        let position = self.position.as_ref().map(|_| "loan_position");
        let instalments = self.instalments.first().map(|_| "loan_instalment");
        position.into_iter().chain(instalments).collect()
    }

    /// Where position and schedule differ from the replay.
    pub fn compare(
        &self,
        file: &LoanFile,
        kept: &KeptPosition,
        fresh: &LoanPosition,
        position: &Position,
        changed_at: Option<Timestamp>,
    ) -> Result<Vec<Difference>, StoreError> {
        let name = format!("loan {}", file.loan.number);
        let mut computed = believed_values(fresh)?;
        computed.extend(present_values(fresh));
        let columns: Vec<&str> = names(BELIEVED_COLUMNS).into_iter().chain(names(PRESENT_COLUMNS)).collect();
        // Since days or rates changed every loan waits for the next close, whatever it does by itself.
        let waits = changed_at.is_some_and(|at| kept.recorded_at <= at);
        let mut found = Difference::between("loan_position", &name, &columns, &kept.values, &computed);
        found.retain(|difference| !(waits && difference.column == "next_event_on"));
        let columns = names(INSTALMENT_COLUMNS);
        let scheduled: Vec<Vec<Value>> = position.instalments.iter().map(instalment_values).collect();
        for at in 0..scheduled.len().max(self.instalments.len()) {
            let row = format!("{name}, row {}", at + 1);
            match (self.instalments.get(at), scheduled.get(at)) {
                (Some(kept), Some(computed)) => {
                    found.extend(Difference::between("loan_instalment", &row, &columns, kept, computed));
                }
                (None, _) => found.push(Difference::missing("loan_instalment", row)),
                (_, None) => found.push(Difference::surplus("loan_instalment", row)),
            }
        }
        Ok(found)
    }
}
