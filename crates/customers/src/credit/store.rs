//! Tables `credit_query`, `credit_debt`, `credit_adjustment`, `credit_adjustment_end`.

use std::collections::BTreeMap;

use finance::Fen;
use jiff::civil::Date;
use platform::args;
use platform::db::{Row, StoreError, Tx};
use platform::id::CustomerId;
use platform::work::Work;

use super::model::{Adjustment, AdjustmentId, DEBTS, NewAdjustment, NewQuery, Outcome, Query, QueryId};

/// The most queries of one file.
const LIMIT: i64 = 1_000;

/// All queries of a customer, the oldest first; corrected ones too.
///
/// # Errors
/// The store's.
pub async fn of_customer(tx: &mut Tx, customer: CustomerId) -> Result<Vec<Query>, StoreError> {
    let sql =
        "select query_id, item, amount_fen from credit_debt where customer_id = $1 order by query_id, item limit $2";
    let mut debts: BTreeMap<QueryId, Vec<(&'static str, Fen)>> = BTreeMap::new();
    for row in tx.fetch_all(sql, args![customer, LIMIT * 5]).await? {
        let item: String = row.get("item")?;
        // An item that this program does not know, of a book from a newer one, is passed over.
        if let Some(item) = DEBTS.into_iter().find(|known| *known == item) {
            debts.entry(row.get("query_id")?).or_default().push((item, row.get("amount_fen")?));
        }
    }
    let rows = tx
        .fetch_all(
            "select id, about, purpose, origin, queried_on, report_on, authorisation_id, report_id, level, record, \
             arrears, note, valid_until, corrects_id, recorded_at, recorded_by from credit_query \
             where customer_id = $1 order by id limit $2",
            args![customer, LIMIT],
        )
        .await?;
    rows.iter().map(|row| query(row, customer, &mut debts)).collect()
}

fn query(
    row: &Row,
    customer: CustomerId,
    debts: &mut BTreeMap<QueryId, Vec<(&'static str, Fen)>>,
) -> Result<Query, StoreError> {
    let id = row.get("id")?;
    Ok(Query {
        customer,
        id,
        content: NewQuery {
            about: row.get("about")?,
            purpose: row.get("purpose")?,
            origin: row.get("origin")?,
            queried_on: row.get("queried_on")?,
            report_on: row.get("report_on")?,
            authorisation: row.get("authorisation_id")?,
            report: row.get("report_id")?,
            level: row.get("level")?,
            record: row.get("record")?,
            arrears: row.get("arrears")?,
            debts: debts.remove(&id).unwrap_or_default(),
            note: row.get("note")?,
        },
        valid_until: row.get("valid_until")?,
        corrects: row.get("corrects_id")?,
        recorded_at: row.get("recorded_at")?,
        recorded_by: row.get("recorded_by")?,
    })
}

/// All adjustments of a customer, the oldest first.
///
/// # Errors
/// The store's.
pub async fn adjustments(tx: &mut Tx, customer: CustomerId) -> Result<Vec<Adjustment>, StoreError> {
    let rows = tx
        .fetch_all(
            "select a.id, a.query_id, a.ground, a.reason, a.expires_on, a.effective_on, a.recorded_by, e.outcome, \
             e.effective_on as ended_on from credit_adjustment a left join credit_adjustment_end e \
             on e.customer_id = a.customer_id and e.adjustment_id = a.id \
             where a.customer_id = $1 order by a.id limit $2",
            args![customer, LIMIT],
        )
        .await?;
    let one = |row: &Row| -> Result<Adjustment, StoreError> {
        let outcome = match row.get::<Option<Outcome>>("outcome")? {
            Some(outcome) => Some((outcome, row.get("ended_on")?)),
            None => None,
        };
        Ok(Adjustment {
            id: row.get("id")?,
            query: row.get("query_id")?,
            content: NewAdjustment {
                ground: row.get("ground")?,
                reason: row.get("reason")?,
                expires_on: row.get("expires_on")?,
            },
            asked_by: row.get("recorded_by")?,
            effective_on: row.get("effective_on")?,
            outcome,
        })
    };
    rows.iter().map(one).collect()
}

pub(super) async fn insert(
    work: &mut Work,
    (customer, id): (CustomerId, QueryId),
    new: &NewQuery,
    (valid_until, corrects): (Option<Date>, Option<QueryId>),
) -> Result<(), StoreError> {
    let values = args![
        customer,
        id,
        new.about,
        new.purpose,
        new.origin,
        new.queried_on,
        new.report_on,
        new.authorisation,
        new.report,
        new.level,
        new.record,
        new.arrears,
        new.note.trim(),
        valid_until,
        corrects,
        work.now,
        work.actor.recorded_by(),
        work.actor.origin.as_str(),
        work.actor.origin.detail()
    ];
    work.tx
        .execute(
            "insert into credit_query (customer_id, id, about, purpose, origin, queried_on, report_on, \
             authorisation_id, report_id, level, record, arrears, note, valid_until, corrects_id, recorded_at, \
             recorded_by, source, source_detail) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)",
            values,
        )
        .await?;
    let debts = new.debts.iter().map(|(item, fen)| args![customer, id, *item, *fen]).collect();
    let head = "insert into credit_debt (customer_id, query_id, item, amount_fen)";
    work.tx.write_rows(head, "", debts).await.map(drop)
}

pub(super) async fn insert_adjustment(
    work: &mut Work,
    customer: CustomerId,
    query: QueryId,
    new: &NewAdjustment,
) -> Result<AdjustmentId, StoreError> {
    let id = AdjustmentId(work.next_id());
    let by = work.actor.recorded_by();
    work.tx
        .execute(
            "insert into credit_adjustment (customer_id, id, query_id, ground, reason, expires_on, effective_on, \
             recorded_at, recorded_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            args![customer, id, query, new.ground, new.reason.trim(), new.expires_on, work.business_date, work.now, by],
        )
        .await?;
    Ok(id)
}

pub(super) async fn end_adjustment(
    work: &mut Work,
    customer: CustomerId,
    adjustment: AdjustmentId,
    outcome: Outcome,
) -> Result<(), StoreError> {
    let (id, by) = (work.next_id(), work.actor.recorded_by());
    work.tx
        .execute(
            "insert into credit_adjustment_end (customer_id, id, adjustment_id, outcome, effective_on, recorded_at, \
             recorded_by) values ($1, $2, $3, $4, $5, $6, $7)",
            args![customer, id, adjustment, outcome, work.business_date, work.now, by],
        )
        .await
        .map(drop)
}
