//! Tables `complaint`, `complaint_step`.

use std::collections::BTreeMap;

use jiff::civil::Date;
use platform::args;
use platform::db::{Row, StoreError, Tx};
use platform::id::CustomerId;
use platform::work::Work;

use super::model::{Answer, Complaint, ComplaintId, Done, NewComplaint, Outcome, Step};

/// The most complaints of one file.
const LIMIT: i64 = 1_000;

/// All complaints of a customer, the oldest first; answered ones too.
///
/// # Errors
/// The store's.
pub async fn of_customer(tx: &mut Tx, customer: CustomerId) -> Result<Vec<Complaint>, StoreError> {
    let sql = "select complaint_id, dept, outcome, note, improvement, told_on, told_way, effective_on, recorded_by \
               from complaint_step where customer_id = $1 order by id limit $2";
    let mut steps: BTreeMap<ComplaintId, Vec<Step>> = BTreeMap::new();
    for row in tx.fetch_all(sql, args![customer, LIMIT * 10]).await? {
        steps.entry(row.get("complaint_id")?).or_default().push(step_of(&row)?);
    }
    let sql = "select id, number, kind, way, content, wish, received_on, due_on, recorded_by from complaint \
               where customer_id = $1 order by id limit $2";
    let rows = tx.fetch_all(sql, args![customer, LIMIT]).await?;
    let complaint = |row: &Row| -> Result<Complaint, StoreError> {
        let id = row.get("id")?;
        let content = NewComplaint {
            kind: row.get("kind")?,
            way: row.get("way")?,
            content: row.get("content")?,
            wish: row.get("wish")?,
            received_on: row.get("received_on")?,
        };
        Ok(Complaint {
            customer,
            id,
            number: row.get("number")?,
            content,
            due_on: row.get("due_on")?,
            by: row.get("recorded_by")?,
            steps: steps.remove(&id).unwrap_or_default(),
        })
    };
    rows.iter().map(complaint).collect()
}

fn step_of(row: &Row) -> Result<Step, StoreError> {
    let note: String = row.get("note")?;
    let done = match row.get::<Option<Outcome>>("outcome")? {
        Some(outcome) => Done::Answered(Answer {
            outcome,
            note,
            improvement: row.get::<Option<String>>("improvement")?.unwrap_or_default(),
            told_on: row.get("told_on")?,
            told_way: row.get("told_way")?,
        }),
        None => Done::Routed { dept: row.get("dept")?, note },
    };
    Ok(Step { done, on: row.get("effective_on")?, by: row.get("recorded_by")? })
}

pub(super) async fn insert(
    work: &mut Work,
    (customer, id): (CustomerId, ComplaintId),
    new: &NewComplaint,
    (number, due_on): (&str, Date),
) -> Result<(), StoreError> {
    let values = args![
        customer,
        id,
        number,
        new.kind,
        new.way,
        new.content.trim(),
        new.wish.trim(),
        new.received_on,
        due_on,
        work.business_date,
        work.now,
        work.actor.recorded_by(),
        work.actor.origin.as_str(),
        work.actor.origin.detail()
    ];
    work.tx
        .execute(
            "insert into complaint (customer_id, id, number, kind, way, content, wish, received_on, due_on, \
             effective_on, recorded_at, recorded_by, source, source_detail) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
            values,
        )
        .await
        .map(drop)
}

pub(super) async fn route(
    work: &mut Work,
    (customer, complaint): (CustomerId, ComplaintId),
    (dept, note): (&str, &str),
) -> Result<(), StoreError> {
    let (id, by) = (work.next_id(), work.actor.recorded_by());
    work.tx
        .execute(
            "insert into complaint_step (customer_id, id, complaint_id, kind, dept, note, effective_on, recorded_at, \
             recorded_by) values ($1, $2, $3, 'routed', $4, $5, $6, $7, $8)",
            args![customer, id, complaint, dept, note.trim(), work.business_date, work.now, by],
        )
        .await
        .map(drop)
}

pub(super) async fn answer(
    work: &mut Work,
    (customer, complaint): (CustomerId, ComplaintId),
    answer: &Answer,
) -> Result<(), StoreError> {
    let (id, by) = (work.next_id(), work.actor.recorded_by());
    let improvement = Some(answer.improvement.trim()).filter(|text| !text.is_empty()).map(str::to_owned);
    let values = args![
        customer,
        id,
        complaint,
        answer.outcome,
        answer.note.trim(),
        improvement,
        answer.told_on,
        answer.told_way,
        work.business_date,
        work.now,
        by
    ];
    work.tx
        .execute(
            "insert into complaint_step (customer_id, id, complaint_id, kind, outcome, note, improvement, told_on, \
             told_way, effective_on, recorded_at, recorded_by) \
             values ($1, $2, $3, 'answered', $4, $5, $6, $7, $8, $9, $10, $11)",
            values,
        )
        .await
        .map(drop)
}
