//! Table `stop_flag`.

use platform::args;
use platform::db::{Conditions, Row, StoreError, Tx};
use platform::id::CustomerId;
use platform::work::Work;

use super::model::{Lifted, NewStopFlag, StopFlag, StopFlagId, StopKind, StopKinds};

/// The most flags that a page shows.
const LIMIT: i64 = 200;

fn decode(row: &Row) -> Result<StopFlag, StoreError> {
    let lifted = match (row.get("lifted_at")?, row.get("lifted_by")?, row.get::<Option<String>>("lift_reason")?) {
        (Some(at), Some(by), Some(reason)) => Some(Lifted { at, by, reason }),
        _ => None,
    };
    Ok(StopFlag {
        customer: row.get("customer_id")?,
        id: row.get("id")?,
        kind: row.get("kind")?,
        reason: row.get("reason")?,
        evidence: row.get("evidence")?,
        set_on: row.get("set_on")?,
        set_at: row.get("set_at")?,
        set_by: row.get("set_by")?,
        lifted,
    })
}

/// The kinds that stand in any of these files.
pub(crate) async fn kinds(tx: &mut Tx, files: &[CustomerId]) -> Result<StopKinds, StoreError> {
    if files.is_empty() {
        return Ok(StopKinds::NONE);
    }
    let mut filter = Conditions::new();
    filter.one_of("customer_id", files).and_values("lifted_at is null", args![]);
    let rows = tx.fetch_all(filter.select("select kind from stop_flag", "limit 200"), filter.args()).await?;
    rows.iter().map(|row| row.get::<StopKind>("kind")).collect()
}

/// The kinds that stand in these files, the latest last.
pub(super) async fn standing_kinds(
    tx: &mut Tx,
    files: &[CustomerId],
) -> Result<Vec<(CustomerId, StopKind)>, StoreError> {
    let mut found = Vec::new();
    for some in files.chunks(500) {
        let mut filter = Conditions::new();
        filter.one_of("customer_id", some).and_values("lifted_at is null", args![]);
        let rows =
            tx.fetch_all(filter.select("select customer_id, kind from stop_flag", "order by set_at"), filter.args());
        for row in rows.await? {
            found.push((row.get("customer_id")?, row.get("kind")?));
        }
    }
    Ok(found)
}

/// The flags of a file, those that stand first.
pub(super) async fn of_customer(tx: &mut Tx, customer: CustomerId) -> Result<Vec<StopFlag>, StoreError> {
    let sql = "select customer_id, id, kind, reason, evidence, set_on, set_at, set_by, lifted_at, lifted_by, lift_reason \
         from stop_flag where customer_id = $1 order by case when lifted_at is null then 0 else 1 end, set_at desc limit $2";
    tx.fetch_all(sql, args![customer, LIMIT]).await?.iter().map(decode).collect()
}

pub(super) async fn insert(work: &mut Work, customer: CustomerId, new: &NewStopFlag) -> Result<StopFlagId, StoreError> {
    let id = StopFlagId(work.next_id());
    let (on, now, by) = (work.business_date, work.now, work.actor.recorded_by());
    work.tx
        .execute(
            "insert into stop_flag (customer_id, id, kind, reason, evidence, set_on, set_at, set_by) \
             values ($1, $2, $3, $4, $5, $6, $7, $8)",
            args![customer, id, new.kind, new.reason.trim(), new.evidence.trim(), on, now, by],
        )
        .await?;
    Ok(id)
}

pub(super) async fn lift(work: &mut Work, flag: &StopFlag, reason: &str) -> Result<(), StoreError> {
    let (now, by) = (work.now, work.actor.recorded_by());
    work.tx
        .execute_one(
            "update stop_flag set lifted_at = $1, lifted_by = $2, lift_reason = $3 \
             where customer_id = $4 and id = $5 and lifted_at is null",
            args![now, by, reason, flag.customer, flag.id],
        )
        .await
}
