//! The history of one loan compared with its facts, in both clocks, and mended.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use platform::args;
use platform::db::{AssertSqlSafe, StoreError, Tx, Value};
use platform::error::ActionError;
use platform::rebuild::{Difference, Mode, RebuildBatch};
use platform::work::Work;

use super::compare::KeptHistory;
use super::loans::Standard;
use crate::loan::model::{LoanFile, LoanKey};
use crate::position::model::LoanPosition;
use crate::position::store::{self as positions, BELIEVED_COLUMNS, believed_values, names};

const TABLE: &str = "loan_position_history";
/// What grows by itself: a row that goes on over a day on which nothing else changed is as good as two.
const GROWING: [&str; 4] = ["penalty_fen", "compound_fen", "accruals_json", "as_of"];

/// Compares every row that was ever believed with what was known at its moment, and the rows believed now with the
/// days on which something changed.
pub(super) async fn one(
    work: &mut Work,
    standard: &Standard,
    file: &LoanFile,
    rows: &[KeptHistory],
    mode: Mode,
    batch: &mut RebuildBatch,
) -> Result<(), ActionError> {
    let wrong_now = former(work, standard, file, rows, mode, batch).await?;
    believed_now(work, standard, file, rows, mode, wrong_now, batch).await
}

/// Compares every row that was ever believed with what was known at its moment; whether one believed now is wrong.
pub(super) async fn former(
    work: &mut Work,
    standard: &Standard,
    file: &LoanFile,
    rows: &[KeptHistory],
    mode: Mode,
    batch: &mut RebuildBatch,
) -> Result<bool, ActionError> {
    let columns = names(BELIEVED_COLUMNS);
    let mut wrong_now = false;
    for row in rows.iter().filter(|row| row.superseded_at != Some(row.recorded_at)) {
        let Ok(position) = standard.engine.replay(file, row.from_on, Some(row.recorded_at)) else {
            batch.unjudged += 1;
            continue;
        };
        let computed = believed_values(&standard.engine.kept(file, &position, Some(row.recorded_at)))?;
        let found = Difference::between(TABLE, &named(file, row), &columns, &row.values, &computed);
        if found.is_empty() {
            continue;
        }
        if !standard.judges(file, row.recorded_at) {
            batch.unjudged += 1;
            continue;
        }
        wrong_now |= row.superseded_at.is_none();
        batch.differences.extend(found);
        if mode == Mode::Write && row.superseded_at.is_some() {
            overwrite(&mut work.tx, file.loan.key, row, computed).await?;
        }
    }
    Ok(wrong_now)
}

/// Compares the rows believed now with the days on which something changed.
async fn believed_now(
    work: &mut Work,
    standard: &Standard,
    file: &LoanFile,
    rows: &[KeptHistory],
    mode: Mode,
    wrong_now: bool,
    batch: &mut RebuildBatch,
) -> Result<(), ActionError> {
    let now: Vec<&KeptHistory> = rows.iter().filter(|row| row.superseded_at.is_none()).collect();
    if now.iter().any(|row| !standard.judges(file, row.recorded_at)) {
        return Ok(());
    }
    let Some(first) = file.transactions.iter().map(|t| t.fact.on).min() else { return Ok(()) };
    let Ok(segments) = standard.engine.segments(file, first, standard.today) else {
        batch.unjudged += 1;
        return Ok(());
    };
    let gaps = gaps(file, &now, &segments, wrong_now)?;
    if (wrong_now || !gaps.is_empty()) && mode == Mode::Write {
        replace(work, standard, file, &now, &segments).await?;
    }
    batch.differences.extend(gaps);
    Ok(())
}

fn named(file: &LoanFile, row: &KeptHistory) -> String {
    format!("loan {} from {} known {}", file.loan.number, row.from_on, row.recorded_at)
}

/// Days that no row covers, or two, or one that goes on where something changed.
fn gaps(
    file: &LoanFile,
    now: &[&KeptHistory],
    segments: &[LoanPosition],
    wrong_already: bool,
) -> Result<Vec<Difference>, StoreError> {
    let mut found = Vec::new();
    let name = |on: Date| format!("loan {} on {on}", file.loan.number);
    for (at, row) in now.iter().enumerate() {
        let next = now.get(at + 1).map(|next| next.from_on);
        if row.to_on != next {
            let shown = |on: Option<Date>| on.map_or_else(|| "nothing".to_owned(), |on| on.to_string());
            found.push(Difference {
                table: TABLE,
                row: named(file, row),
                column: "to_on".to_owned(),
                kept: shown(row.to_on),
                computed: shown(next),
            });
        }
    }
    let columns = names(BELIEVED_COLUMNS);
    for segment in segments {
        let covering = now.iter().rev().find(|row| row.from_on <= segment.as_of);
        match covering {
            None => found.push(Difference::missing(TABLE, name(segment.as_of))),
            Some(row) if row.from_on == segment.as_of || wrong_already => {}
            Some(row) => {
                let computed = believed_values(segment)?;
                let mut differ = Difference::between(TABLE, &name(segment.as_of), &columns, &row.values, &computed);
                differ.retain(|d| !GROWING.contains(&d.column.as_str()));
                found.extend(differ);
            }
        }
    }
    Ok(found)
}

/// A former belief as it must have been; its place in both clocks stays.
async fn overwrite(tx: &mut Tx, key: LoanKey, row: &KeptHistory, computed: Vec<Value>) -> Result<(), StoreError> {
    let mut n = 0;
    let sets: Vec<String> = names(BELIEVED_COLUMNS)
        .iter()
        .map(|name| {
            n += 1;
            format!("{name} = ${n}")
        })
        .collect();
    let sql = format!(
        "update loan_position_history set {} where customer_id = ${} and loan_id = ${} and from_on = ${} and recorded_at = ${}",
        sets.join(", "),
        n + 1,
        n + 2,
        n + 3,
        n + 4
    );
    let mut values = computed;
    values.extend(args![key.customer, key.loan, row.from_on, row.recorded_at]);
    tx.execute_one(AssertSqlSafe(sql), values).await
}

/// The rows believed now, made anew; a day that had its row keeps the moment at which it was known.
async fn replace(
    work: &mut Work,
    standard: &Standard,
    file: &LoanFile,
    now: &[&KeptHistory],
    segments: &[LoanPosition],
) -> Result<(), ActionError> {
    let key = file.loan.key;
    work.tx
        .execute(
            "delete from loan_position_history where customer_id = $1 and loan_id = $2 and superseded_at is null",
            args![key.customer, key.loan],
        )
        .await?;
    let kept: BTreeMap<Date, Timestamp> = now.iter().map(|row| (row.from_on, row.recorded_at)).collect();
    let first = segments.first().map_or(standard.today, |first| first.as_of);
    let mut segments = segments.to_vec();
    for on in kept.keys().filter(|on| (first..=standard.today).contains(on)) {
        if segments.iter().all(|segment| segment.as_of != *on) {
            segments.push(standard.engine.kept(file, &standard.engine.replay(file, *on, None)?, None));
        }
    }
    segments.sort_by_key(|segment| segment.as_of);
    let late = work.now;
    let known = |on: Date| {
        let facts = file.transactions.iter().filter(|t| t.fact.on <= on).map(|t| t.recorded_at);
        let judged = file.judged.iter().filter(|one| one.on <= on).map(|one| one.recorded_at);
        let earliest = || facts.chain(judged).chain(standard.began.get(&on).copied()).max().unwrap_or(late);
        kept.get(&on).copied().unwrap_or_else(earliest)
    };
    positions::write_history(&mut work.tx, &positions::chained(&segments, known)).await?;
    Ok(())
}
