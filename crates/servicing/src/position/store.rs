//! Tables `loan_instalment`, `loan_position`, `loan_position_history`.
//!
//! Each table's columns stand here once; heads, tails and comparisons are made of them.

use std::sync::LazyLock;

use finance::{InstalmentPosition, Rounding};
use jiff::Timestamp;
use jiff::civil::Date;
use platform::args;
use platform::db::{AssertSqlSafe, Row, StoreError, Tx, Value};
use platform::id::CustomerId;

use super::model::{Accruals, Grade, LoanPosition};
use crate::loan::model::LoanKey;
use crate::loan::store::pairs_of;

/// What stands in a row of `loan_instalment` behind its loan.
pub const INSTALMENT_COLUMNS: &str = "no, from_on, to_on, nominal_due_on, due_on, \
     principal_due_fen, principal_paid_fen, principal_waived_fen, principal_moved_fen, interest_due_fen, interest_paid_fen, \
     interest_waived_fen, interest_moved_fen, outstanding_fen, cleared_on, provisional";

/// What `loan_position` and its history both keep of a position, in the order of [`believed_values`].
pub const BELIEVED_COLUMNS: &str = "status, principal_fen, overdue_principal_fen, overdue_interest_fen, penalty_fen, \
     compound_fen, fee_fen, cost_fen, credit_fen, oldest_due_on, next_due_on, next_due_fen, maturity_on, yearly_e9, bucket, \
     class, non_accrual_since, written_off_on, written_off_fen, accruals_json, as_of";

/// What only `loan_position` keeps, in the order of [`present_values`].
pub const PRESENT_COLUMNS: &str = "disbursed_fen, provisional, next_event_on, fingerprint";

static INSTALMENT_HEAD: LazyLock<String> =
    LazyLock::new(|| format!("insert into loan_instalment (customer_id, loan_id, {INSTALMENT_COLUMNS})"));

static POSITION_HEAD: LazyLock<String> = LazyLock::new(|| {
    format!(
        "insert into loan_position (customer_id, loan_id, {BELIEVED_COLUMNS}, {PRESENT_COLUMNS}, recorded_at, version)"
    )
});

static POSITION_TAIL: LazyLock<String> = LazyLock::new(|| {
    format!(
        "on conflict (customer_id, loan_id) do update set {}, {}, recorded_at = excluded.recorded_at, \
         version = loan_position.version + 1",
        excluded(BELIEVED_COLUMNS),
        excluded(PRESENT_COLUMNS)
    )
});

static HISTORY_HEAD: LazyLock<String> = LazyLock::new(|| {
    format!(
        "insert into loan_position_history (customer_id, loan_id, from_on, recorded_at, to_on, superseded_at, \
         {BELIEVED_COLUMNS})"
    )
});

/// Two changes of one loan known at the same millisecond: the later one stands.
static HISTORY_TAIL: LazyLock<String> = LazyLock::new(|| {
    format!(
        "on conflict (customer_id, loan_id, from_on, recorded_at) do update set to_on = excluded.to_on, \
         superseded_at = null, {}",
        excluded(BELIEVED_COLUMNS)
    )
});

/// `a = excluded.a, b = excluded.b` for a list of columns.
fn excluded(columns: &'static str) -> String {
    let each: Vec<String> = names(columns).iter().map(|name| format!("{name} = excluded.{name}")).collect();
    each.join(", ")
}

/// The names in a list of columns.
pub fn names(columns: &'static str) -> Vec<&'static str> {
    columns.split(',').map(str::trim).collect()
}

/// The schedule of one loan as replayed.
pub struct ScheduleRows<'a> {
    /// Whose.
    pub key: LoanKey,
    /// The instalments.
    pub instalments: &'a [InstalmentPosition],
}

/// Replaces the kept schedules of these loans.
pub async fn replace_instalments(tx: &mut Tx, schedules: &[ScheduleRows<'_>]) -> Result<(), StoreError> {
    if schedules.is_empty() {
        return Ok(());
    }
    let keys: Vec<LoanKey> = schedules.iter().map(|s| s.key).collect();
    tx.execute(
        AssertSqlSafe(format!("delete from loan_instalment where (customer_id, loan_id) in ({})", pairs_of(&keys))),
        args![],
    )
    .await?;
    let of =
        |s: &ScheduleRows<'_>| s.instalments.iter().map(|i| keyed(s.key, instalment_values(i))).collect::<Vec<_>>();
    let rows = schedules.iter().flat_map(of).collect();
    tx.write_rows(&INSTALMENT_HEAD, "", rows).await.map(drop)
}

/// A row with its loan in front.
fn keyed(key: LoanKey, values: Vec<Value>) -> Vec<Value> {
    args![key.customer, key.loan].into_iter().chain(values).collect()
}

/// The values of [`INSTALMENT_COLUMNS`].
pub fn instalment_values(i: &InstalmentPosition) -> Vec<Value> {
    let left = i.principal.outstanding().checked_add(i.interest.outstanding()).unwrap_or_default();
    args![
        i.no,
        i.from_on,
        i.to_on,
        i.nominal_due_on,
        i.due_on,
        i.principal.due,
        i.principal.paid,
        i.principal.waived,
        i.principal.moved,
        i.interest.due,
        i.interest.paid,
        i.interest.waived,
        i.interest.moved,
        left,
        i.cleared_on,
        i.provisional
    ]
}

/// Writes the kept positions.
pub async fn save_positions(tx: &mut Tx, positions: &[LoanPosition], at: Timestamp) -> Result<(), StoreError> {
    let rows = positions.iter().map(|p| position_values(p, at)).collect::<Result<Vec<_>, _>>()?;
    tx.write_rows(&POSITION_HEAD, &POSITION_TAIL, rows).await.map(drop)
}

fn position_values(p: &LoanPosition, at: Timestamp) -> Result<Vec<Value>, StoreError> {
    let mut row = keyed(p.key, believed_values(p)?);
    row.extend(present_values(p));
    row.extend(args![at, 1_i64]);
    Ok(row)
}

/// The values of [`BELIEVED_COLUMNS`].
pub fn believed_values(p: &LoanPosition) -> Result<Vec<Value>, StoreError> {
    Ok(args![
        p.standing,
        p.principal,
        p.overdue_principal,
        p.overdue_interest,
        p.penalty,
        p.compound,
        p.fee,
        p.cost,
        p.credit,
        p.oldest_due_on,
        p.next_due_on,
        p.next_due,
        p.maturity_on,
        p.yearly_e9,
        p.grade.bucket,
        p.grade.class,
        p.non_accrual_since,
        p.written_off_on,
        p.written_off,
        accruals_json(p)?,
        p.as_of
    ])
}

/// The values of [`PRESENT_COLUMNS`].
pub fn present_values(p: &LoanPosition) -> Vec<Value> {
    args![p.disbursed, p.provisional, p.next_event_on, p.fingerprint]
}

/// Empty where nothing grows, so that the loans with growing penalty are found by it.
fn accruals_json(p: &LoanPosition) -> Result<String, StoreError> {
    if p.accruals.lines.is_empty() && p.accruals.rounding == Rounding::HalfUp {
        return Ok(String::new());
    }
    serde_json::to_string(&p.accruals).map_err(|e| StoreError::Corrupt {
        column: "accruals_json".to_owned(),
        expected: "accrual lines",
        found: e.to_string(),
    })
}

/// When a row of the history is believed (可信期间), in both clocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// In force from.
    pub from_on: Date,
    /// In force before.
    pub to_on: Option<Date>,
    /// Known from.
    pub recorded_at: Timestamp,
}

fn history_values(p: &LoanPosition, span: Span) -> Result<Vec<Value>, StoreError> {
    let mut row = keyed(p.key, args![span.from_on, span.recorded_at, span.to_on, None::<Timestamp>]);
    row.extend(believed_values(p)?);
    Ok(row)
}

/// Writes rows of the history as believed now.
pub async fn write_history(tx: &mut Tx, rows: &[(&LoanPosition, Span)]) -> Result<(), StoreError> {
    let rows = rows.iter().map(|(p, span)| history_values(p, *span)).collect::<Result<Vec<_>, _>>()?;
    tx.write_rows(&HISTORY_HEAD, &HISTORY_TAIL, rows).await.map(drop)
}

/// A new day found these loans changed: their rows end where the day begins and new rows follow.
///
/// Nobody could ask about the new day before it began, so ending the old row loses nothing in the
/// record clock; [`rewrite_history`] is for changes of days that people had seen.
pub async fn continue_history(tx: &mut Tx, positions: &[LoanPosition], at: Timestamp) -> Result<(), StoreError> {
    let Some(first) = positions.first() else { return Ok(()) };
    let keys: Vec<LoanKey> = positions.iter().map(|p| p.key).collect();
    tx.execute(
        AssertSqlSafe(format!(
            "update loan_position_history set to_on = $1 \
             where superseded_at is null and to_on is null and from_on < $1 and (customer_id, loan_id) in ({})",
            pairs_of(&keys)
        )),
        args![first.as_of],
    )
    .await?;
    let span = |p: &LoanPosition| Span { from_on: p.as_of, to_on: None, recorded_at: at };
    let rows: Vec<(&LoanPosition, Span)> = positions.iter().map(|p| (p, span(p))).collect();
    write_history(tx, &rows).await
}

/// Something took effect on `segments[0].as_of`: what was believed of that day and later is superseded,
/// and the new belief written, one row a change. What was known before stays readable in the record clock.
pub async fn rewrite_history(
    tx: &mut Tx,
    key: LoanKey,
    segments: &[LoanPosition],
    at: Timestamp,
) -> Result<(), StoreError> {
    let Some(first) = segments.first() else { return Ok(()) };
    tx.execute(
        "update loan_position_history set superseded_at = $1 \
         where customer_id = $2 and loan_id = $3 and superseded_at is null and (to_on is null or to_on > $4)",
        args![at, key.customer, key.loan, first.as_of],
    )
    .await?;
    keep_earlier_part(tx, key, first.as_of, at).await?;
    write_history(tx, &chained(segments, |_| at)).await
}

/// Segments as rows, each in force until the next one begins.
pub fn chained(segments: &[LoanPosition], known: impl Fn(Date) -> Timestamp) -> Vec<(&LoanPosition, Span)> {
    let ends = segments.iter().skip(1).map(|next| Some(next.as_of)).chain([None]);
    let span = |p: &LoanPosition, to_on| Span { from_on: p.as_of, to_on, recorded_at: known(p.as_of) };
    segments.iter().zip(ends).map(|(p, to_on)| (p, span(p, to_on))).collect()
}

/// These loans left the book: nothing is believed of them any more. What was believed before stays readable in the
/// record clock.
pub async fn supersede(tx: &mut Tx, keys: &[LoanKey], at: Timestamp) -> Result<(), StoreError> {
    if keys.is_empty() {
        return Ok(());
    }
    tx.execute(
        AssertSqlSafe(format!(
            "update loan_position_history set superseded_at = $1 \
             where superseded_at is null and (customer_id, loan_id) in ({})",
            pairs_of(keys)
        )),
        args![at],
    )
    .await
    .map(drop)
}

/// Removes position and schedule of loans that left the book.
pub async fn remove(tx: &mut Tx, keys: &[LoanKey]) -> Result<(), StoreError> {
    if keys.is_empty() {
        return Ok(());
    }
    for table in ["loan_position", "loan_instalment"] {
        let sql = format!("delete from {table} where (customer_id, loan_id) in ({})", pairs_of(keys));
        tx.execute(AssertSqlSafe(sql), args![]).await?;
    }
    Ok(())
}

/// The row that covered the day before stays believed up to that day.
async fn keep_earlier_part(tx: &mut Tx, key: LoanKey, until: Date, at: Timestamp) -> Result<(), StoreError> {
    tx.execute(
        AssertSqlSafe(format!(
            "{head} select customer_id, loan_id, from_on, cast($1 as text), cast($2 as text), null, {BELIEVED_COLUMNS} \
             from loan_position_history h \
             where h.customer_id = $3 and h.loan_id = $4 and h.superseded_at = $1 and h.from_on < $2 \
             and h.recorded_at = (select max(m.recorded_at) from loan_position_history m where m.customer_id = h.customer_id \
               and m.loan_id = h.loan_id and m.superseded_at = h.superseded_at and m.from_on < $2) \
             order by h.from_on desc limit 1 {tail}",
            head = *HISTORY_HEAD,
            tail = *HISTORY_TAIL
        )),
        args![at, until, key.customer, key.loan],
    )
    .await
    .map(drop)
}

/// The kept position of one loan.
pub async fn find(tx: &mut Tx, key: LoanKey) -> Result<Option<LoanPosition>, StoreError> {
    let row = tx
        .fetch_optional(
            "select * from loan_position where customer_id = $1 and loan_id = $2",
            args![key.customer, key.loan],
        )
        .await?;
    row.as_ref().map(decode).transpose()
}

/// The kept positions of many loans, in the order of their keys.
pub async fn load(tx: &mut Tx, keys: &[LoanKey]) -> Result<Vec<LoanPosition>, StoreError> {
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    tx.fetch_all(
        AssertSqlSafe(format!(
            "select * from loan_position where (customer_id, loan_id) in ({}) order by customer_id, loan_id",
            pairs_of(keys)
        )),
        args![],
    )
    .await?
    .iter()
    .map(decode)
    .collect()
}

/// The loans that must be looked at when `on` begins, of customers after `after`, in order of customer.
///
/// Plan: index `loan_position_event`, once for each date that something waits for: the new day, and the days since which
/// isolated loans stand. So a batch reads no more than it takes.
pub async fn with_event(tx: &mut Tx, on: Date, after: CustomerId, limit: i64) -> Result<Vec<LoanKey>, StoreError> {
    let mut keys = Vec::new();
    let mut next = earliest_event(tx, Date::MIN, on).await?;
    while let Some(date) = next {
        let rows = tx
            .fetch_all(
                "select customer_id, loan_id from loan_position where next_event_on = $1 and customer_id > $2 \
                 order by customer_id, loan_id limit $3",
                args![date, after.0, limit],
            )
            .await?;
        for row in &rows {
            keys.push(LoanKey { customer: row.get("customer_id")?, loan: row.get("loan_id")? });
        }
        next = match date.tomorrow() {
            Ok(tomorrow) if tomorrow <= on => earliest_event(tx, tomorrow, on).await?,
            Ok(_) | Err(_) => None,
        };
    }
    keys.sort();
    keys.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(keys)
}

/// The earliest date from one day to another on which a loan must be looked at.
async fn earliest_event(tx: &mut Tx, from: Date, to: Date) -> Result<Option<Date>, StoreError> {
    let sql =
        "select min(next_event_on) as next_on from loan_position where next_event_on >= $1 and next_event_on <= $2";
    tx.fetch_one(sql, args![from, to]).await?.get("next_on")
}

/// All loans of one customer that must be looked at when `on` begins.
pub async fn with_event_of(tx: &mut Tx, on: Date, customer: CustomerId) -> Result<Vec<LoanKey>, StoreError> {
    tx.fetch_all(
        "select customer_id, loan_id from loan_position where next_event_on <= $1 and customer_id = $2 order by loan_id",
        args![on, customer],
    )
    .await?
    .iter()
    .map(|row| Ok(LoanKey { customer: row.get("customer_id")?, loan: row.get("loan_id")? }))
    .collect()
}

/// Reads a row of `loan_position`.
pub fn decode(row: &Row) -> Result<LoanPosition, StoreError> {
    let accruals: String = row.get("accruals_json")?;
    Ok(LoanPosition {
        key: LoanKey { customer: row.get("customer_id")?, loan: row.get("loan_id")? },
        as_of: row.get("as_of")?,
        standing: row.get("status")?,
        disbursed: row.get("disbursed_fen")?,
        principal: row.get("principal_fen")?,
        overdue_principal: row.get("overdue_principal_fen")?,
        overdue_interest: row.get("overdue_interest_fen")?,
        penalty: row.get("penalty_fen")?,
        compound: row.get("compound_fen")?,
        fee: row.get("fee_fen")?,
        cost: row.get("cost_fen")?,
        credit: row.get("credit_fen")?,
        oldest_due_on: row.get("oldest_due_on")?,
        next_due_on: row.get("next_due_on")?,
        next_due: row.get("next_due_fen")?,
        maturity_on: row.get("maturity_on")?,
        yearly_e9: row.get("yearly_e9")?,
        grade: Grade { bucket: row.get("bucket")?, class: row.get("class")? },
        non_accrual_since: row.get("non_accrual_since")?,
        written_off_on: row.get("written_off_on")?,
        written_off: row.get("written_off_fen")?,
        provisional: row.get("provisional")?,
        accruals: decode_accruals(&accruals)?,
        next_event_on: row.get("next_event_on")?,
        fingerprint: row.get("fingerprint")?,
    })
}

fn decode_accruals(text: &str) -> Result<Accruals, StoreError> {
    if text.is_empty() {
        return Ok(Accruals { rounding: Rounding::HalfUp, lines: Vec::new() });
    }
    serde_json::from_str(text).map_err(|e| StoreError::Corrupt {
        column: "accruals_json".to_owned(),
        expected: "accrual lines",
        found: e.to_string(),
    })
}

/// How many loans must be looked at when `on` begins.
pub async fn count_with_event(tx: &mut Tx, on: Date) -> Result<u64, StoreError> {
    let row = tx.fetch_one("select count(*) as loans from loan_position where next_event_on <= $1", args![on]).await?;
    Ok(row.get::<i64>("loans")?.unsigned_abs())
}
