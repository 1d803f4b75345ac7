//! Tables of lost contacts: the status, the finding behind it, the steps of the trace.

use std::collections::BTreeMap;

use jiff::civil::Date;
use platform::args;
use platform::db::{Conditions, Row, StoreError, Tx};
use platform::id::CustomerId;
use platform::work::Work;

use super::model::{End, Lost, LostId, LostKind, NewTrace, Quality, Trace, TraceId};
use crate::case::model::{Case, CaseKey};

/// The most rows that a page about one case shows.
const MOST: i64 = 500;

const COLUMNS: &str = "select l.customer_id, l.id, l.case_id, l.kind, l.ground, l.days_overdue, l.set_on, l.ended_on, \
     l.ended_by, l.recorded_by from lost_contact l \
     join collection_case c on c.customer_id = l.customer_id and c.id = l.case_id";

fn decode(row: &Row) -> Result<Lost, StoreError> {
    let (on, by): (Option<Date>, Option<End>) = (row.get("ended_on")?, row.get("ended_by")?);
    Ok(Lost {
        id: row.get("id")?,
        case: CaseKey { customer: row.get("customer_id")?, case: row.get("case_id")? },
        kind: row.get("kind")?,
        ground: row.get("ground")?,
        days: row.get("days_overdue")?,
        set_on: row.get("set_on")?,
        ended: on.zip(by),
        by: row.get("recorded_by")?,
    })
}

/// Writes a new status.
pub(super) async fn insert(work: &mut Work, lost: &Lost, case: &Case) -> Result<(), StoreError> {
    let (now, by) = (work.now, work.actor.recorded_by());
    work.tx
        .execute(
            "insert into lost_contact (customer_id, id, case_id, kind, ground, days_overdue, branch_id, team_id, \
             manager_id, set_on, recorded_at, recorded_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
            args![
                lost.case.customer,
                lost.id,
                lost.case.case,
                lost.kind,
                lost.ground,
                lost.days,
                case.branch,
                case.team,
                case.manager,
                lost.set_on,
                now,
                by
            ],
        )
        .await
        .map(drop)
}

/// Ends the status that stands.
pub(super) async fn end(work: &mut Work, lost: &Lost, end: End, note: &str) -> Result<(), StoreError> {
    let (on, now, by) = (work.business_date, work.now, work.actor.recorded_by());
    work.tx
        .execute_one(
            "update lost_contact set ended_on = $1, ended_by = $2, ended_note = $3, ended_at = $4, ended_user = $5 \
             where customer_id = $6 and id = $7 and ended_on is null",
            args![on, end, note, now, by, lost.case.customer, lost.id],
        )
        .await
}

/// The statuses that meet some conditions on `l` and its case `c`.
pub async fn page(tx: &mut Tx, w: &Conditions, tail: &str) -> Result<Vec<Lost>, StoreError> {
    tx.fetch_all(w.select(COLUMNS, tail), w.args()).await?.iter().map(decode).collect()
}

/// How many meet them.
pub async fn count(tx: &mut Tx, w: &Conditions) -> Result<i64, StoreError> {
    let head = "select count(*) as n from lost_contact l \
         join collection_case c on c.customer_id = l.customer_id and c.id = l.case_id";
    tx.fetch_one(w.select(head, ""), w.args()).await?.get("n")
}

/// The status that stands about a customer.
pub async fn standing(tx: &mut Tx, customer: CustomerId) -> Result<Option<Lost>, StoreError> {
    // Over merged files: whoever is reached or lost is one person.
    let files = customers::merge::same(tx, customer).await?;
    let mut w = Conditions::new();
    w.and_values("l.ended_on is null", args![]).one_of("l.customer_id", &files);
    Ok(page(tx, &w, "order by l.id desc limit 1").await?.pop())
}

/// The status that stands about the person of a case: the case's own; over merged files, the other file's as well.
pub(super) async fn standing_at(tx: &mut Tx, key: CaseKey) -> Result<Option<Lost>, StoreError> {
    match of_case(tx, key).await?.into_iter().find(|lost| lost.ended.is_none()) {
        Some(own) => Ok(Some(own)),
        None => standing(tx, key.customer).await,
    }
}

/// A status by its key alone, as it stands in an address.
pub async fn find(tx: &mut Tx, id: LostId) -> Result<Option<Lost>, StoreError> {
    let mut w = Conditions::new();
    w.and_values("l.id = ?", args![id]);
    Ok(page(tx, &w, "limit 1").await?.pop())
}

/// The statuses of a case, the latest first.
pub async fn of_case(tx: &mut Tx, key: CaseKey) -> Result<Vec<Lost>, StoreError> {
    let mut w = Conditions::new();
    w.and_values("l.customer_id = ? and l.case_id = ?", args![key.customer, key.case]);
    page(tx, &w, "order by l.id desc limit 50").await
}

/// What stands about some customers.
pub async fn kinds(tx: &mut Tx, customers: &[CustomerId]) -> Result<BTreeMap<CustomerId, LostKind>, StoreError> {
    let mut found = BTreeMap::new();
    for some in customers.chunks(500) {
        let mut w = Conditions::new();
        w.and_values("ended_on is null", args![]).one_of("customer_id", some);
        for row in tx.fetch_all(w.select("select customer_id, kind from lost_contact", ""), w.args()).await? {
            found.insert(row.get("customer_id")?, row.get("kind")?);
        }
    }
    Ok(found)
}

/// Writes a supervisor's finding.
pub(super) async fn insert_quality(work: &mut Work, lost: &Lost, new: &Quality) -> Result<i64, StoreError> {
    let id = work.next_id();
    let (on, now, by) = (work.business_date, work.now, work.actor.recorded_by());
    work.tx
        .execute(
            "insert into lost_quality (customer_id, id, lost_id, officer_id, finding, measure, effective_on, \
             recorded_at, recorded_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            args![lost.case.customer, id, lost.id, new.officer, new.finding, new.measure, on, now, by],
        )
        .await?;
    Ok(id)
}

/// The finding about a status, once there is one.
pub async fn quality(tx: &mut Tx, lost: &Lost) -> Result<Option<Quality>, StoreError> {
    let sql = "select officer_id, finding, measure from lost_quality where customer_id = $1 and lost_id = $2";
    let row = tx.fetch_optional(sql, args![lost.case.customer, lost.id]).await?;
    row.map(|row| {
        Ok(Quality { officer: row.get("officer_id")?, finding: row.get("finding")?, measure: row.get("measure")? })
    })
    .transpose()
}

/// Writes a step of the trace.
pub(super) async fn insert_trace(work: &mut Work, key: CaseKey, new: &NewTrace) -> Result<TraceId, StoreError> {
    let id = TraceId(work.next_id());
    let (on, now, by) = (work.business_date, work.now, work.actor.recorded_by());
    work.tx
        .execute(
            "insert into trace_step (customer_id, id, case_id, step, happened_on, searched, query, authority, result, \
             finding, cost_fen, next_step, effective_on, recorded_at, recorded_by) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
            args![
                key.customer,
                id,
                key.case,
                new.step,
                new.on,
                new.searched,
                new.query.trim(),
                new.authority.trim(),
                new.result,
                new.finding.trim(),
                new.cost,
                new.next_step.trim(),
                on,
                now,
                by
            ],
        )
        .await?;
    Ok(id)
}

/// The steps of the trace of a case, in order.
pub async fn traces(tx: &mut Tx, key: CaseKey) -> Result<Vec<Trace>, StoreError> {
    let sql = "select id, step, happened_on, searched, query, authority, result, finding, cost_fen, next_step, \
         recorded_at, recorded_by from trace_step where customer_id = $1 and case_id = $2 order by id limit $3";
    let rows = tx.fetch_all(sql, args![key.customer, key.case, MOST]).await?;
    rows.iter()
        .map(|row| {
            let content = NewTrace {
                step: row.get("step")?,
                on: row.get("happened_on")?,
                searched: row.get("searched")?,
                query: row.get("query")?,
                authority: row.get("authority")?,
                result: row.get("result")?,
                finding: row.get("finding")?,
                cost: row.get("cost_fen")?,
                next_step: row.get("next_step")?,
            };
            Ok(Trace { id: row.get("id")?, content, at: row.get("recorded_at")?, by: row.get("recorded_by")? })
        })
        .collect()
}

/// An open case as the report counts it (统计口径).
#[derive(Debug, Clone, Copy)]
pub(super) struct Counted {
    /// The oldest unpaid due date of its customer.
    pub oldest_due_on: Option<Date>,
    /// The status that stands.
    pub kind: Option<LostKind>,
}

/// Every open case within some conditions on `c`.
pub(super) async fn counted(tx: &mut Tx, w: &Conditions) -> Result<Vec<Counted>, StoreError> {
    let head = "select (select min(v.oldest_due_on) from loan_view v where v.customer_id = c.customer_id \
         and v.status = 'overdue' and v.state = 'active') as oldest_due_on, \
         (select l.kind from lost_contact l where l.customer_id = c.customer_id and l.ended_on is null) as kind \
         from collection_case c";
    let rows = tx.fetch_all(w.select(head, ""), w.args()).await?;
    rows.iter().map(|row| Ok(Counted { oldest_due_on: row.get("oldest_due_on")?, kind: row.get("kind")? })).collect()
}
