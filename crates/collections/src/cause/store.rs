//! Tables `default_cause` and `capacity_assessment`.

use jiff::Timestamp;
use jiff::civil::Date;
use platform::args;
use platform::db::{Conditions, Row, StoreError, Tx};
use platform::id::CustomerId;
use platform::work::Work;

use super::model::{Capacity, Diagnosis, Sign, Talk};
use crate::case::model::CaseKey;
use crate::known::Pieces;

/// Appends a diagnosis.
pub async fn insert(
    work: &mut Work,
    case: CaseKey,
    cause: &str,
    also: &[String],
    (evidence, talk): (&str, Talk),
) -> Result<i64, StoreError> {
    let (id, on, now, by) = (work.next_id(), work.business_date, work.now, work.actor.recorded_by());
    work.tx
        .execute(
            "insert into default_cause (customer_id, id, case_id, cause, also, evidence, talk, effective_on, recorded_at, \
             recorded_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            args![case.customer, id, case.case, cause, also.join("|"), evidence.trim(), talk, on, now, by],
        )
        .await?;
    Ok(id)
}

const DIAGNOSES: &str = "select d.id, d.cause, d.also, d.evidence, d.talk, d.recorded_at, coalesce(u.name, '') as by_name \
     from default_cause d left join user_view u on u.id = d.recorded_by";

/// The diagnoses of a case, the one that holds first.
pub async fn of_case(tx: &mut Tx, case: CaseKey) -> Result<Vec<Diagnosis>, StoreError> {
    let mut w = Conditions::new();
    w.and_values("d.customer_id = ? and d.case_id = ?", args![case.customer, case.case]);
    let rows = tx.fetch_all(w.select(DIAGNOSES, "order by d.id desc limit 50"), w.args()).await?;
    rows.iter().map(diagnosis_of).collect()
}

/// The diagnoses of a case until a business day, in order. More than so many are not read.
///
/// # Errors
/// The store's.
pub async fn found_until(tx: &mut Tx, case: CaseKey, on: Date, most: i64) -> Result<Vec<Diagnosis>, StoreError> {
    let pieces = Pieces { head: DIAGNOSES, key: "d.id > ?", order: "order by d.id", most };
    let filter = |w: &mut Conditions| {
        let args = args![case.customer, case.case, on];
        w.and_values("d.customer_id = ? and d.case_id = ? and d.effective_on <= ?", args);
    };
    pieces.read(tx, filter, diagnosis_of).await
}

fn diagnosis_of(row: &Row) -> Result<Diagnosis, StoreError> {
    let also: String = row.get("also")?;
    Ok(Diagnosis {
        cause: row.get("cause")?,
        also: also.split('|').filter(|code| !code.is_empty()).map(str::to_owned).collect(),
        evidence: row.get("evidence")?,
        talk: row.get("talk")?,
        at: row.get("recorded_at")?,
        by: row.get("by_name")?,
    })
}

/// Appends an assessment of capacity.
pub async fn insert_capacity(work: &mut Work, case: CaseKey, new: &Capacity) -> Result<i64, StoreError> {
    let (id, on, now, by) = (work.next_id(), work.business_date, work.now, work.actor.recorded_by());
    work.tx
        .execute(
            "insert into capacity_assessment (customer_id, id, case_id, income_fen, living_fen, evidence, effective_on, \
             recorded_at, recorded_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            args![case.customer, id, case.case, new.income, new.living, new.evidence.trim(), on, now, by],
        )
        .await?;
    Ok(id)
}

/// The assessment of capacity that holds.
pub async fn capacity(tx: &mut Tx, case: CaseKey) -> Result<Option<Capacity>, StoreError> {
    let row = tx
        .fetch_optional(
            "select income_fen, living_fen, evidence from capacity_assessment \
             where customer_id = $1 and case_id = $2 order by id desc limit 1",
            args![case.customer, case.case],
        )
        .await?;
    row.as_ref().map(capacity_of).transpose()
}

/// The assessment of capacity that held at the end of a business day.
pub async fn capacity_on(tx: &mut Tx, case: CaseKey, on: Date) -> Result<Option<Capacity>, StoreError> {
    let row = tx
        .fetch_optional(
            "select income_fen, living_fen, evidence from capacity_assessment \
             where customer_id = $1 and case_id = $2 and effective_on <= $3 order by id desc limit 1",
            args![case.customer, case.case, on],
        )
        .await?;
    row.as_ref().map(capacity_of).transpose()
}

fn capacity_of(row: &Row) -> Result<Capacity, StoreError> {
    Ok(Capacity { income: row.get("income_fen")?, living: row.get("living_fen")?, evidence: row.get("evidence")? })
}

/// What the contacts with the debtor himself since a moment came to, with the patterns that were noted (S2.5-09).
pub async fn signs(tx: &mut Tx, customer: CustomerId, since: Timestamp) -> Result<Vec<Sign>, StoreError> {
    let rows = tx
        .fetch_all(
            "select a.result, coalesce(o.pattern, '') as pattern, count(*) as n from contact_allowance a \
             left join contact_outcome o on o.customer_id = a.customer_id and o.allowance_id = a.id \
             where a.customer_id = $1 and a.party = 'debtor' and a.result is not null and a.asked_at >= $2 \
             group by a.result, coalesce(o.pattern, '') order by a.result, pattern limit 200",
            args![customer, since],
        )
        .await?;
    rows.iter()
        .map(|row| {
            let pattern: String = row.get("pattern")?;
            let pattern = Some(pattern).filter(|pattern| !pattern.is_empty());
            Ok(Sign { result: row.get("result")?, pattern, contacts: row.get("n")? })
        })
        .collect()
}
