//! Tables `outbox_message` and `outbox_attempt`.

use jiff::Timestamp;

use super::gateway::Delivery;
use super::model::{Attempt, Message, MessageState, Outcome};
use crate::args;
use crate::db::{AssertSqlSafe, Conditions, Row, StoreError, Tx};

const COLUMNS: &str = "id, kind, receiver, about, send_key, body, state, tries, attempts, due_at, leased_until, \
     created_at, created_by, settled_at";

fn decode(row: &Row) -> Result<Message, StoreError> {
    let state: String = row.get("state")?;
    Ok(Message {
        id: row.get("id")?,
        kind: row.get("kind")?,
        receiver: row.get("receiver")?,
        about: row.get("about")?,
        send_key: row.get("send_key")?,
        body: row.get("body")?,
        state: MessageState::parse(&state).ok_or_else(|| corrupt("state", state))?,
        tries: row.get("tries")?,
        attempts: row.get("attempts")?,
        due_at: row.get("due_at")?,
        leased_until: row.get("leased_until")?,
        created_at: row.get("created_at")?,
        created_by: row.get("created_by")?,
        settled_at: row.get("settled_at")?,
    })
}

fn corrupt(column: &str, found: String) -> StoreError {
    StoreError::Corrupt { column: column.to_owned(), expected: "state of a message", found }
}

/// Whether anything is due or was broken off: asked often, so it costs one look at an index.
pub(super) async fn anything_due(tx: &mut Tx, now: Timestamp) -> Result<bool, StoreError> {
    let sql = "select 1 as one from outbox_message where state = 'waiting' and due_at <= $1 \
               and (leased_until is null or leased_until < $2) limit 1";
    Ok(tx.fetch_optional(sql, args![now, now]).await?.is_some())
}

/// Messages that are due and that nobody works on, the oldest first; of several servers each may see the same.
pub(super) async fn due(tx: &mut Tx, now: Timestamp, limit: i64) -> Result<Vec<Message>, StoreError> {
    let sql = AssertSqlSafe(format!(
        "select {COLUMNS} from outbox_message where state = 'waiting' and due_at <= $1 and lease is null \
         order by due_at, id limit $2"
    ));
    tx.fetch_all(sql, args![now, limit]).await?.iter().map(decode).collect()
}

/// Messages whose attempt was broken off with its process.
pub(super) async fn broken_off(tx: &mut Tx, now: Timestamp, limit: i64) -> Result<Vec<Message>, StoreError> {
    let sql = AssertSqlSafe(format!(
        "select {COLUMNS} from outbox_message where state = 'waiting' and leased_until < $1 order by id limit $2"
    ));
    tx.fetch_all(sql, args![now, limit]).await?.iter().map(decode).collect()
}

/// Takes a message for one attempt; the number of the attempt, when nobody was faster.
pub(super) async fn take(
    tx: &mut Tx,
    message: &Message,
    now: Timestamp,
    until: Timestamp,
) -> Result<Option<i64>, StoreError> {
    let no = message.attempts + 1;
    let taken = tx
        .execute(
            "update outbox_message set lease = $1, leased_until = $2, attempts = $3, tries = tries + 1 \
             where id = $4 and state = 'waiting' and lease is null and attempts = $5",
            args![no, until, no, message.id, message.attempts],
        )
        .await?;
    if taken == 0 {
        return Ok(None);
    }
    tx.execute(
        "insert into outbox_attempt (message_id, no, outcome, answer, started_at) values ($1, $2, 'running', '', $3)",
        args![message.id, no, now],
    )
    .await?;
    Ok(Some(no))
}

/// Writes how an attempt ended.
pub(super) async fn end_attempt(
    tx: &mut Tx,
    (message, no): (i64, i64),
    delivery: &Delivery,
    duration_ms: Option<i64>,
) -> Result<(), StoreError> {
    tx.execute_one(
        "update outbox_attempt set outcome = $1, status = $2, duration_ms = $3, answer = $4 \
         where message_id = $5 and no = $6",
        args![delivery.outcome.as_str(), delivery.status, duration_ms, delivery.answer, message, no],
    )
    .await
}

/// Gives a message back after its attempt; false when the attempt is no longer the one under way.
pub(super) async fn give_back(
    tx: &mut Tx,
    (message, no): (i64, i64),
    (state, tries): (MessageState, i64),
    due_at: Timestamp,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let settled = (state != MessageState::Waiting).then_some(now);
    let changed = tx
        .execute(
            "update outbox_message set state = $1, tries = $2, due_at = $3, settled_at = $4, lease = null, \
             leased_until = null where id = $5 and lease = $6 and state = 'waiting'",
            args![state.as_str(), tries, due_at, settled, message, no],
        )
        .await?;
    Ok(changed == 1)
}

/// Writes what a person said of it; an attempt under way goes on, and its end changes nothing any more.
pub(super) async fn say(tx: &mut Tx, message: &Message, state: MessageState, now: Timestamp) -> Result<(), StoreError> {
    let settled = (state != MessageState::Waiting).then_some(now);
    tx.execute_one(
        "update outbox_message set state = $1, due_at = $2, tries = 0, settled_at = $3, lease = null, \
         leased_until = null where id = $4 and state = $5",
        args![state.as_str(), now, settled, message.id, message.state.as_str()],
    )
    .await
}

/// The same while no attempt is under way; whether that was so.
pub(super) async fn say_idle(
    tx: &mut Tx,
    message: &Message,
    state: MessageState,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let settled = (state != MessageState::Waiting).then_some(now);
    let said = tx
        .execute(
            "update outbox_message set state = $1, due_at = $2, tries = 0, settled_at = $3 \
             where id = $4 and state = $5 and lease is null",
            args![state.as_str(), now, settled, message.id, message.state.as_str()],
        )
        .await?;
    Ok(said == 1)
}

/// Locks the messages of a receiver up to the end of the transaction.
pub(super) async fn hold(tx: &mut Tx, kind: &str, receiver: &str) -> Result<(), StoreError> {
    let sql = "update outbox_message set tries = tries where receiver = $1 and kind = $2";
    tx.execute(sql, args![receiver, kind]).await.map(drop)
}

/// Drops what waits for a receiver.
pub(crate) async fn drop_waiting(tx: &mut Tx, receiver: &str, now: Timestamp) -> Result<u64, StoreError> {
    tx.execute(
        "update outbox_message set state = 'dropped', settled_at = $1, lease = null, leased_until = null \
         where receiver = $2 and state = 'waiting'",
        args![now, receiver],
    )
    .await
}

/// One message.
pub(crate) async fn message(tx: &mut Tx, id: i64) -> Result<Option<Message>, StoreError> {
    let sql = AssertSqlSafe(format!("select {COLUMNS} from outbox_message where id = $1"));
    tx.fetch_optional(sql, args![id]).await?.as_ref().map(decode).transpose()
}

/// The message of a kind to a receiver, the latest.
pub(super) async fn latest(tx: &mut Tx, kind: &str, receiver: &str) -> Result<Option<Message>, StoreError> {
    let sql = AssertSqlSafe(format!(
        "select {COLUMNS} from outbox_message where receiver = $1 and kind = $2 order by id desc limit 1"
    ));
    tx.fetch_optional(sql, args![receiver, kind]).await?.as_ref().map(decode).transpose()
}

/// The attempts of a message, the latest first.
pub(crate) async fn attempts(tx: &mut Tx, id: i64, limit: i64) -> Result<Vec<Attempt>, StoreError> {
    let sql = "select no, outcome, status, duration_ms, answer, started_at from outbox_attempt \
               where message_id = $1 order by no desc limit $2";
    let decode = |row: &Row| {
        let outcome: String = row.get("outcome")?;
        Ok(Attempt {
            no: row.get("no")?,
            outcome: Outcome::parse(&outcome).ok_or_else(|| corrupt("outcome", outcome))?,
            status: row.get("status")?,
            duration_ms: row.get("duration_ms")?,
            answer: row.get("answer")?,
            started_at: row.get("started_at")?,
        })
    };
    tx.fetch_all(sql, args![id, limit]).await?.iter().map(decode).collect()
}

/// Which messages (筛选).
#[derive(Debug, Clone, Default)]
pub(crate) struct Filter {
    /// In one of these states; empty for all.
    pub(crate) states: Vec<&'static str>,
    /// Of these kinds; empty for all.
    pub(crate) kinds: Vec<String>,
    /// To this receiver.
    pub(crate) receiver: Option<String>,
}

impl Filter {
    fn conditions(&self) -> Conditions {
        let mut all = Conditions::new();
        all.one_of("state", &self.states).one_of("kind", &self.kinds);
        if let Some(receiver) = &self.receiver {
            all.and("receiver = ?", [receiver]);
        }
        all
    }
}

/// How many messages.
pub(crate) async fn count(tx: &mut Tx, filter: &Filter) -> Result<i64, StoreError> {
    let all = filter.conditions();
    tx.fetch_one(all.select("select count(*) as n from outbox_message", ""), all.args()).await?.get("n")
}

/// A page of messages, the latest first.
pub(crate) async fn list(
    tx: &mut Tx,
    filter: &Filter,
    (limit, offset): (i64, i64),
) -> Result<Vec<Message>, StoreError> {
    let all = filter.conditions();
    let head = "select id, kind, receiver, about, send_key, body, state, tries, attempts, due_at, leased_until, \
                created_at, created_by, settled_at from outbox_message";
    // Both are numbers of ours.
    let tail = format!("order by id desc limit {limit} offset {offset}");
    tx.fetch_all(all.select(head, &tail), all.args()).await?.iter().map(decode).collect()
}

/// Removes what was settled before this moment, with its log; how many.
pub(super) async fn remove_old(tx: &mut Tx, before: Timestamp, limit: i64) -> Result<u64, StoreError> {
    let old =
        "select id from outbox_message where state in ('sent', 'dropped') and settled_at < $1 order by id limit $2";
    let mut removed = 0;
    for row in tx.fetch_all(old, args![before, limit]).await? {
        let id: i64 = row.get("id")?;
        tx.execute("delete from outbox_attempt where message_id = $1", args![id]).await?;
        removed += tx.execute("delete from outbox_message where id = $1", args![id]).await?;
    }
    Ok(removed)
}
