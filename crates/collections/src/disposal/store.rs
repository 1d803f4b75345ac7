//! Table `disposal_step`.

use jiff::civil::Date;
use platform::args;
use platform::db::{AssertSqlSafe, Row, StoreError, ToValue, Tx};
use platform::id::CustomerId;
use platform::work::Work;
use servicing::loan::model::LoanKey;
use servicing::position::model::Standing;

use super::model::{Done, NewStep, StepId};
use crate::case::model::CaseKey;

/// The most steps of one case: plans that were not agreed to are few.
const LIMIT: i64 = 200;
/// The most loans of one customer.
const LOANS: i64 = 2_000;

/// What is known of a loan that runs: its class, once it has one, and whether it is written off and still pursued.
pub(super) async fn graded(tx: &mut Tx, customer: CustomerId) -> Result<Vec<(Option<String>, bool)>, StoreError> {
    let sql = "select class, status from loan_view where customer_id = $1 and state = 'active' limit $2";
    let rows = tx.fetch_all(sql, args![customer, LOANS]).await?;
    rows.iter()
        .map(|row| Ok((row.get("class")?, row.get::<Standing>("status")? == Standing::WrittenOffTracked)))
        .collect()
}

/// A loan that is bad (不良借据).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fallen {
    /// Which.
    pub loan: LoanKey,
    /// Its class.
    pub class: String,
    /// Since when it is of such a class.
    pub since: Date,
}

/// Loans of the classes `bad` that changed on one of these days, of customers behind `after` whose open case knows no
/// step yet.
///
/// # Errors
/// The store's.
pub async fn turned_bad(
    tx: &mut Tx,
    bad: &[String],
    (from, to): (Date, Date),
    after: CustomerId,
    limit: i64,
) -> Result<Vec<Fallen>, StoreError> {
    if bad.is_empty() {
        return Ok(Vec::new());
    }
    let places: Vec<String> = (4..4 + bad.len()).map(|place| format!("${place}")).collect();
    let sql = format!(
        "select v.customer_id, v.loan_id, v.class, v.as_of from loan_view v where v.as_of in ($1, $2) \
         and v.customer_id > $3 and v.state = 'active' \
         and exists (select 1 from collection_case c where c.customer_id = v.customer_id and c.closed_on is null \
         and not exists (select 1 from disposal_step d where d.customer_id = c.customer_id and d.case_id = c.id)) \
         and v.class in ({}) order by v.customer_id, v.loan_id limit ${}",
        places.join(", "),
        4 + bad.len()
    );
    let values = args![from, to, after].into_iter().chain(bad.iter().map(ToValue::to_value)).chain(args![limit]);
    // Fixed texts and numbers of parameters only.
    let rows = tx.fetch_all(AssertSqlSafe(sql), values.collect()).await?;
    let decode = |row: &Row| {
        let loan = LoanKey { customer: row.get("customer_id")?, loan: row.get("loan_id")? };
        Ok(Fallen { loan, class: row.get("class")?, since: row.get("as_of")? })
    };
    rows.iter().map(decode).collect()
}

/// Since when a loan is bad without a break: the first day behind the last one of a better class.
///
/// # Errors
/// The store's.
pub async fn bad_since(tx: &mut Tx, bad: &[String], loan: LoanKey) -> Result<Option<Date>, StoreError> {
    let rows = tx
        .fetch_all(
            "select h.from_on, h.class from loan_position_history_view h where h.customer_id = $1 and h.loan_id = $2 \
             and h.superseded_at is null order by h.from_on desc limit 5000",
            args![loan.customer, loan.loan],
        )
        .await?;
    let mut since = None;
    for row in &rows {
        let class: String = row.get("class")?;
        if !bad.contains(&class) {
            break;
        }
        since = Some(row.get("from_on")?);
    }
    Ok(since)
}

/// Appends a step.
///
/// # Errors
/// The store's.
pub async fn insert(work: &mut Work, case: CaseKey, new: &NewStep) -> Result<StepId, StoreError> {
    let id = StepId(work.next_id());
    let (on, now, by) = (work.business_date, work.now, work.actor.recorded_by());
    work.tx
        .execute(
            "insert into disposal_step (customer_id, id, case_id, step, person_id, accepted, words, effective_on, \
             recorded_at, recorded_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            args![
                case.customer,
                id,
                case.case,
                new.step,
                new.person,
                new.accepted.map(i64::from),
                new.words.trim(),
                on,
                now,
                by
            ],
        )
        .await?;
    Ok(id)
}

/// The steps of a case in the order in which they were done.
///
/// # Errors
/// The store's.
pub async fn of_case(tx: &mut Tx, case: CaseKey) -> Result<Vec<Done>, StoreError> {
    let rows = tx
        .fetch_all(
            "select d.step, d.person_id, d.accepted, d.words, d.effective_on, d.recorded_by, \
             coalesce(u.name, '') as by_name from disposal_step d left join user_view u on u.id = d.recorded_by \
             where d.customer_id = $1 and d.case_id = $2 order by d.id limit $3",
            args![case.customer, case.case, LIMIT],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Done {
                step: row.get("step")?,
                person: row.get("person_id")?,
                accepted: row.get::<Option<i64>>("accepted")?.map(|one| one == 1),
                words: row.get("words")?,
                on: row.get("effective_on")?,
                by: row.get("recorded_by")?,
                by_name: row.get("by_name")?,
            })
        })
        .collect()
}
