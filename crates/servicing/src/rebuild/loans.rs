//! The rebuilder of `loan_position`, `loan_instalment` and `loan_position_history`, by ranges of customers.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;
use platform::args;
use platform::calendar;
use platform::db::Tx;
use platform::error::ActionError;
use platform::event::BoxFuture;
use platform::id::CustomerId;
use platform::rebuild::{Difference, Mode, RebuildBatch, Rebuilder};
use platform::work::Work;

use super::compare::{Kept, KeptRows};
use super::history;
use crate::loan::model::{LoanFile, LoanKey, LoanState};
use crate::loan::store as loans;
use crate::position::engine::Engine;
use crate::position::store::{self as positions, ScheduleRows};

/// Loans of one batch.
const BATCH_LOANS: i64 = 100;

/// 借据状况、还款计划与状况历史.
#[derive(Debug, Clone, Copy)]
pub struct Loans;

impl Rebuilder for Loans {
    fn name(&self) -> &'static str {
        "loans"
    }

    fn order(&self) -> i32 {
        100
    }

    fn expected<'a>(&'a self, work: &'a mut Work) -> BoxFuture<'a, Result<u64, ActionError>> {
        Box::pin(async move {
            let row = work.tx.fetch_one("select count(*) as loans from loan", args![]).await?;
            Ok(row.get::<i64>("loans")?.unsigned_abs())
        })
    }

    fn batch<'a>(
        &'a self,
        work: &'a mut Work,
        after: i64,
        mode: Mode,
    ) -> BoxFuture<'a, Result<RebuildBatch, ActionError>> {
        Box::pin(batch(work, after, mode))
    }
}

/// What every loan of a batch is judged by.
pub(super) struct Standard {
    /// The arithmetic.
    pub engine: Engine,
    /// The business date.
    pub today: Date,
    /// Before this moment another calendar or LPR was in use.
    pub changed_at: Option<Timestamp>,
    /// When each business date began.
    pub began: BTreeMap<Date, Timestamp>,
}

impl Standard {
    async fn load(work: &mut Work) -> Result<Self, ActionError> {
        let today = work.business_date;
        let engine = Engine::load(work, today).await?;
        let changed_at = calendar::changed_at(&mut work.tx).await?;
        let runs = platform::close::store::runs(&mut work.tx, 20_000).await?;
        let began = runs.iter().map(|run| (run.to, run.started_at)).collect();
        Ok(Self { engine, today, changed_at, began })
    }

    /// Whether a row of this loan, recorded then, was computed under the calendar and LPR of today.
    pub(super) fn judges(&self, file: &LoanFile, recorded_at: Timestamp) -> bool {
        let follows =
            file.terms.rest_days != finance::RestDays::Kept || matches!(file.terms.rate, finance::RateTerms::Lpr(_));
        !follows || self.changed_at.is_none_or(|at| recorded_at >= at)
    }
}

async fn batch(work: &mut Work, after: i64, mode: Mode) -> Result<RebuildBatch, ActionError> {
    if mode == Mode::Write {
        hold_facts(&mut work.tx).await?;
    }
    let keys = keys_behind(&mut work.tx, after).await?;
    let last = keys.last().map(|key| key.customer.0);
    // The last range is open, so that rows behind the last loan are seen too.
    let upto = last.unwrap_or(i64::MAX);
    let mut kept = Kept::load(&mut work.tx, after, upto).await?;
    let standard = Standard::load(work).await?;
    let files = loans::load_files(&mut work.tx, &keys).await?;
    let mut batch = RebuildBatch { last, considered: files.len() as u64, ..RebuildBatch::default() };
    for file in &files {
        let rows = kept.take(file.loan.key);
        one(work, &standard, file, &rows, mode, &mut batch).await?;
    }
    for (key, tables) in kept.without_loan() {
        for table in tables {
            batch.differences.push(Difference::surplus(table, format!("loan {}", key.loan)));
            if mode == Mode::Write {
                remove(&mut work.tx, table, key).await?;
            }
        }
    }
    Ok(batch)
}

/// Nobody adds a fact while a batch is written; PostgreSQL would let them.
async fn hold_facts(tx: &mut Tx) -> Result<(), ActionError> {
    if tx.is_postgres() {
        tx.execute("lock table loan_transaction in share row exclusive mode", args![]).await?;
        tx.execute("lock table loan_class in share row exclusive mode", args![]).await?;
    }
    Ok(())
}

/// The next loans in the order of their keys, whole customers only.
async fn keys_behind(tx: &mut Tx, after: i64) -> Result<Vec<LoanKey>, ActionError> {
    let rows = tx
        .fetch_all(
            "select customer_id, id from loan where customer_id > $1 and customer_id <= coalesce( \
             (select customer_id from loan where customer_id > $1 order by customer_id, id limit 1 offset $2), $3) \
             order by customer_id, id",
            args![after, BATCH_LOANS - 1, i64::MAX],
        )
        .await?;
    rows.iter()
        .map(|row| Ok(LoanKey { customer: row.get::<CustomerId>("customer_id")?, loan: row.get("id")? }))
        .collect()
}

/// Compares one loan, and mends it.
async fn one(
    work: &mut Work,
    standard: &Standard,
    file: &LoanFile,
    rows: &KeptRows,
    mode: Mode,
    batch: &mut RebuildBatch,
) -> Result<(), ActionError> {
    if file.loan.state == LoanState::Hidden {
        return hidden(work, standard, file, rows, mode, batch).await;
    }
    let before = batch.differences.len();
    let mut judged = true;
    let replayed = match rows.position.as_ref() {
        None => {
            batch.differences.push(Difference::missing("loan_position", format!("loan {}", file.loan.number)));
            None
        }
        Some(kept) => {
            judged = standard.judges(file, kept.recorded_at);
            match standard.engine.replay(file, kept.as_of, None) {
                Ok(position) => {
                    let fresh = standard.engine.kept(file, &position, None);
                    let found = rows.compare(file, kept, &fresh, &position, standard.changed_at)?;
                    if judged {
                        batch.differences.extend(found);
                    } else {
                        batch.unjudged += u64::from(!found.is_empty());
                    }
                    Some(position)
                }
                Err(broken) => {
                    batch.differences.push(unreplayable(file, &broken.error.to_string()));
                    return Ok(());
                }
            }
        }
    };
    if mode == Mode::Write && batch.differences.len() > before {
        mend_position(work, standard, file, replayed).await?;
    }
    let _ = judged;
    history::one(work, standard, file, &rows.history, mode, batch).await
}

/// A loan whose import was undone keeps no position; only what was believed of it before is compared.
async fn hidden(
    work: &mut Work,
    standard: &Standard,
    file: &LoanFile,
    rows: &KeptRows,
    mode: Mode,
    batch: &mut RebuildBatch,
) -> Result<(), ActionError> {
    for table in rows.current() {
        batch.differences.push(Difference::surplus(table, format!("loan {}", file.loan.number)));
        if mode == Mode::Write {
            remove(&mut work.tx, table, file.loan.key).await?;
        }
    }
    if rows.history.iter().any(|row| row.superseded_at.is_none()) {
        batch.differences.push(Difference::surplus("loan_position_history", format!("loan {}", file.loan.number)));
        if mode == Mode::Write {
            let now = work.now;
            positions::supersede(&mut work.tx, &[file.loan.key], now).await?;
        }
    }
    history::former(work, standard, file, &rows.history, mode, batch).await.map(drop)
}

fn unreplayable(file: &LoanFile, why: &str) -> Difference {
    Difference {
        table: "loan_position",
        row: format!("loan {}", file.loan.number),
        column: "as_of".to_owned(),
        kept: "a position".to_owned(),
        computed: format!("none: {why}"),
    }
}

/// Writes position and schedule as the facts say: on the day of the kept row, or today where there is none.
async fn mend_position(
    work: &mut Work,
    standard: &Standard,
    file: &LoanFile,
    replayed: Option<finance::Position>,
) -> Result<(), ActionError> {
    let key = file.loan.key;
    let position = match replayed {
        Some(position) => position,
        None => standard.engine.replay(file, standard.today, None)?,
    };
    let (row, now) = (standard.engine.kept(file, &position, None), work.now);
    positions::save_positions(&mut work.tx, &[row], now).await?;
    positions::replace_instalments(&mut work.tx, &[ScheduleRows { key, instalments: &position.instalments }]).await?;
    Ok(())
}

async fn remove(tx: &mut Tx, table: &'static str, key: LoanKey) -> Result<(), ActionError> {
    let sql = match table {
        "loan_position" => "delete from loan_position where customer_id = $1 and loan_id = $2",
        "loan_instalment" => "delete from loan_instalment where customer_id = $1 and loan_id = $2",
        _ => "delete from loan_position_history where customer_id = $1 and loan_id = $2",
    };
    tx.execute(sql, args![key.customer, key.loan]).await?;
    Ok(())
}

/// The keys of a batch, for the rows that have no loan.
pub(super) type Orphans = BTreeMap<LoanKey, BTreeSet<&'static str>>;
