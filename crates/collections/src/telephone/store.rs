//! Tables `delivered_call`, `delivered_call_piece` and `delivered_call_match`.

use jiff::Timestamp;
use jiff::civil::Date;
use platform::access::DataScope;
use platform::args;
use platform::db::{Conditions, Row, StoreError, Tx};
use platform::id::{BranchId, CustomerId, TeamId, UserId};
use platform::work::Work;

use super::model::{CallState, Delivered, DeliveredId};
use crate::contact::model::ContactResult;
use crate::guard::model::AllowanceId;

/// The seal of a piece.
pub(crate) const PIECE: &str = "delivered_call_piece.sealed";
/// The most calls that a page shows.
const LIMIT: i64 = 200;

const SELECT: &str = "select d.id, d.call_ref, d.number_index, d.number_masked, d.line, d.dialled_at, d.seconds, d.made_on, \
     d.media, d.size_bytes, d.digest, d.state, d.words, d.erased_on from delivered_call d";

fn decode(row: &Row) -> Result<Delivered, StoreError> {
    Ok(Delivered {
        id: row.get("id")?,
        call: row.get("call_ref")?,
        number_index: row.get("number_index")?,
        masked: row.get("number_masked")?,
        line: row.get("line")?,
        at: row.get("dialled_at")?,
        seconds: row.get("seconds")?,
        made_on: row.get("made_on")?,
        sound: row.get("media")?,
        bytes: row.get("size_bytes")?,
        digest: row.get("digest")?,
        state: row.get("state")?,
        words: row.get("words")?,
        erased_on: row.get("erased_on")?,
    })
}

/// Whose file holds the number: who may judge the call.
pub(super) type Holder = (BranchId, Option<TeamId>, UserId);

/// Keeps what a telephone system said of a call.
pub(super) async fn insert(work: &mut Work, one: &Delivered, holder: Option<Holder>) -> Result<(), StoreError> {
    let (on, now, by) = (work.business_date, work.now, work.actor.recorded_by());
    let (branch, team, manager) =
        holder.map_or((None, None, None), |(branch, team, manager)| (Some(branch), team, Some(manager)));
    work.tx
        .execute(
            "insert into delivered_call (id, call_ref, number_index, number_masked, line, dialled_at, seconds, made_on, \
             media, size_bytes, digest, branch_id, team_id, manager_id, state, words, effective_on, recorded_at, \
             recorded_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)",
            args![
                one.id,
                one.call.clone(),
                one.number_index.clone(),
                one.masked.clone(),
                one.line.clone(),
                one.at,
                one.seconds,
                one.made_on,
                one.sound,
                one.bytes,
                one.digest.clone(),
                branch,
                team,
                manager,
                one.state,
                one.words.clone(),
                on,
                now,
                by
            ],
        )
        .await
        .map(drop)
}

/// The call of a telephone system's key.
pub(super) async fn by_call(tx: &mut Tx, call: &str) -> Result<Option<Delivered>, StoreError> {
    let mut w = Conditions::new();
    w.and_values("d.call_ref = ?", args![call]);
    tx.fetch_optional(w.select(SELECT, ""), w.args()).await?.as_ref().map(decode).transpose()
}

fn within(w: &mut Conditions, scope: DataScope) {
    // A number that no file holds is of no branch: whoever judges for a branch looks at it, a team or a manager does not.
    if scope.branch != 0 && scope.team == 0 && scope.manager == 0 {
        w.and_values("(d.branch_id = ? or d.branch_id is null)", args![scope.branch]);
        return;
    }
    for (column, value) in
        [("d.branch_id = ?", scope.branch), ("d.team_id = ?", scope.team), ("d.manager_id = ?", scope.manager)]
    {
        if value != 0 {
            w.and_values(column, args![value]);
        }
    }
}

/// One call within a scope. A call of a number that no file holds is seen by whoever judges for a branch.
pub(super) async fn load(tx: &mut Tx, scope: DataScope, id: DeliveredId) -> Result<Option<Delivered>, StoreError> {
    let mut w = Conditions::new();
    w.and_values("d.id = ?", args![id]);
    within(&mut w, scope);
    tx.fetch_optional(w.select(SELECT, ""), w.args()).await?.as_ref().map(decode).transpose()
}

/// The calls of a state within a scope, the oldest first.
pub(super) async fn of_state(tx: &mut Tx, scope: DataScope, state: CallState) -> Result<Vec<Delivered>, StoreError> {
    let mut w = Conditions::new();
    w.and_values("d.state = ?", args![state]);
    within(&mut w, scope);
    let tail = format!("order by d.dialled_at, d.id limit {LIMIT}");
    tx.fetch_all(w.select(SELECT, &tail), w.args()).await?.iter().map(decode).collect()
}

/// Notes how far a call is.
pub(super) async fn set_state(tx: &mut Tx, id: DeliveredId, state: CallState) -> Result<(), StoreError> {
    tx.execute_one("update delivered_call set state = $1 where id = $2", args![state, id]).await
}

/// Notes what a person said of an unmatched call, once.
pub(super) async fn judge(
    work: &mut Work,
    id: DeliveredId,
    (state, words): (CallState, &str),
) -> Result<(), StoreError> {
    let (now, by) = (work.now, work.actor.recorded_by());
    work.tx
        .execute_one(
            "update delivered_call set state = $1, words = $2, judged_at = $3, judged_by = $4 \
             where id = $5 and state = 'unmatched'",
            args![state, words, now, by, id],
        )
        .await
}

/// Keeps a sealed piece.
pub(super) async fn put_piece(tx: &mut Tx, id: DeliveredId, no: i64, sealed: Vec<u8>) -> Result<(), StoreError> {
    let sql = "insert into delivered_call_piece (delivery_id, no, sealed) values ($1, $2, $3)";
    tx.execute(sql, args![id, no, sealed]).await.map(drop)
}

/// A sealed piece.
pub(super) async fn piece(tx: &mut Tx, id: DeliveredId, no: i64) -> Result<Option<Vec<u8>>, StoreError> {
    let sql = "select sealed from delivered_call_piece where delivery_id = $1 and no = $2";
    tx.fetch_optional(sql, args![id, no]).await?.map(|row| row.get("sealed")).transpose()
}

/// Takes the content away: it lies with the recording of its contact, or its time is over.
pub(super) async fn erase(work: &mut Work, id: DeliveredId) -> Result<(), StoreError> {
    let on = work.business_date;
    work.tx.execute("delete from delivered_call_piece where delivery_id = $1", args![id]).await?;
    work.tx
        .execute_one("update delivered_call set erased_on = $1 where id = $2 and erased_on is null", args![on, id])
        .await
}

/// Calls with content from before a day; those of a debtor who still owes something only where that does not matter.
pub(super) async fn old(
    tx: &mut Tx,
    (before, until_settled): (Date, bool),
    limit: i64,
) -> Result<Vec<Delivered>, StoreError> {
    let mut w = Conditions::new();
    w.and_values("d.erased_on is null and d.made_on < ?", args![before]);
    if until_settled {
        w.and_values(
            "not exists (select 1 from delivered_call_match m join loan_view v on v.customer_id = m.customer_id \
             where m.delivery_id = d.id and v.state = 'active' \
             and v.status in ('current', 'overdue', 'written-off-tracked'))",
            args![],
        );
    }
    let tail = format!("order by d.made_on, d.id limit {limit}");
    tx.fetch_all(w.select(SELECT, &tail), w.args()).await?.iter().map(decode).collect()
}

/// Contacts by phone that were let through to a number between two moments and have no recording from the telephone system.
pub(super) async fn free_allowances(
    tx: &mut Tx,
    number_index: &str,
    (from, until): (Timestamp, Timestamp),
) -> Result<Vec<((CustomerId, AllowanceId), Timestamp)>, StoreError> {
    let rows = tx
        .fetch_all(
            "select a.customer_id, a.id, a.asked_at from contact_allowance a \
             where a.number_index = $1 and a.asked_at >= $2 and a.asked_at <= $3 and a.channel = 'phone' \
             and not exists (select 1 from delivered_call_match m \
             where m.customer_id = a.customer_id and m.allowance_id = a.id) order by a.asked_at, a.id limit 50",
            args![number_index, from, until],
        )
        .await?;
    rows.iter().map(|row| Ok(((row.get("customer_id")?, row.get("id")?), row.get("asked_at")?))).collect()
}

/// Notes which contact a call belongs to.
pub(super) async fn insert_match(
    work: &mut Work,
    id: DeliveredId,
    (customer, allowance): (CustomerId, AllowanceId),
) -> Result<(), StoreError> {
    let (key, on, now, by) = (work.next_id(), work.business_date, work.now, work.actor.recorded_by());
    work.tx
        .execute(
            "insert into delivered_call_match (customer_id, id, delivery_id, allowance_id, effective_on, recorded_at, \
             recorded_by) values ($1, $2, $3, $4, $5, $6, $7)",
            args![customer, key, id, allowance, on, now, by],
        )
        .await
        .map(drop)
}

/// A call that waits for the outcome of its contact (待登记结果).
#[derive(Debug, Clone)]
pub(super) struct Waiting {
    pub call: Delivered,
    /// When the contact was let through.
    pub asked_at: Timestamp,
    /// Whether its outcome is known.
    pub settled: bool,
    /// Whether its record carries the moment at which it was let through.
    pub exact: bool,
}

/// The calls of a customer whose contact has no outcome yet.
pub(super) async fn waiting(tx: &mut Tx, customer: CustomerId) -> Result<Vec<Waiting>, StoreError> {
    let mut w = Conditions::new();
    w.and_values("m.customer_id = ? and d.state = 'waiting'", args![customer]);
    let head = "select d.id, d.call_ref, d.number_index, d.number_masked, d.line, d.dialled_at, d.seconds, d.made_on, \
         d.media, d.size_bytes, d.digest, d.state, d.words, d.erased_on, a.asked_at, a.settled_at, a.result \
         from delivered_call_match m join delivered_call d on d.id = m.delivery_id \
         join contact_allowance a on a.customer_id = m.customer_id and a.id = m.allowance_id";
    let rows = tx.fetch_all(w.select(head, "order by d.dialled_at, d.id limit 200"), w.args()).await?;
    rows.iter()
        .map(|row| {
            Ok(Waiting {
                call: decode(row)?,
                asked_at: row.get("asked_at")?,
                settled: row.get::<Option<Timestamp>>("settled_at")?.is_some(),
                exact: row.get::<Option<ContactResult>>("result")?.is_some(),
            })
        })
        .collect()
}

/// Customers with a call that waits although the outcome of its contact is entered: both came at the same moment.
pub(super) async fn left_waiting(tx: &mut Tx, limit: i64) -> Result<Vec<CustomerId>, StoreError> {
    let sql = "select distinct m.customer_id from delivered_call d join delivered_call_match m on m.delivery_id = d.id \
         join contact_allowance a on a.customer_id = m.customer_id and a.id = m.allowance_id \
         where d.state = 'waiting' and a.settled_at is not null order by m.customer_id limit $1";
    tx.fetch_all(sql, args![limit]).await?.iter().map(|row| row.get("customer_id")).collect()
}

/// The files that hold a number, as they may be named to those who may see them.
///
/// # Errors
/// The store's.
pub(super) async fn files(tx: &mut Tx, number_index: &str) -> Result<Vec<CustomerId>, StoreError> {
    customers::contact_point::store::files_with(tx, number_index).await
}
