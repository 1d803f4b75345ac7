//! Table `message_gateway`.

use super::model::MessageGateway;
use crate::args;
use crate::db::{AssertSqlSafe, Row, StoreError, Tx};
use crate::duty::Channel;
use crate::vault::Place;
use crate::work::Work;

const COLUMNS: &str = "channel, carrier, target, security, account, sender, active, changed_at, version";
/// Where the seal of a secret lies.
pub(crate) const COLUMN: &str = "message_gateway.secret";

/// The place of a secret, which is part of its seal.
pub(super) fn place(row: &str) -> Place<'_> {
    Place { column: COLUMN, row }
}

fn decode(row: &Row) -> Result<MessageGateway, StoreError> {
    Ok(MessageGateway {
        channel: row.get("channel")?,
        carrier: row.get("carrier")?,
        target: row.get("target")?,
        security: row.get("security")?,
        account: row.get("account")?,
        sender: row.get("sender")?,
        active: row.get("active")?,
        changed_at: row.get("changed_at")?,
        version: row.get("version")?,
    })
}

/// All that are set.
pub(super) async fn all(tx: &mut Tx) -> Result<Vec<MessageGateway>, StoreError> {
    let sql = AssertSqlSafe(format!("select {COLUMNS} from message_gateway order by channel desc"));
    tx.fetch_all(sql, args![]).await?.iter().map(decode).collect()
}

/// The one of a channel.
pub(super) async fn of(tx: &mut Tx, channel: Channel) -> Result<Option<MessageGateway>, StoreError> {
    let sql = AssertSqlSafe(format!("select {COLUMNS} from message_gateway where channel = $1"));
    tx.fetch_optional(sql, args![channel]).await?.as_ref().map(decode).transpose()
}

/// Its secret under seal.
pub(super) async fn secret(tx: &mut Tx, channel: Channel) -> Result<Option<Vec<u8>>, StoreError> {
    let row = tx.fetch_optional("select secret from message_gateway where channel = $1", args![channel]).await?;
    Ok(row.map(|row| row.get::<Option<Vec<u8>>>("secret")).transpose()?.flatten())
}

/// Writes a first one.
pub(super) async fn insert(work: &mut Work, new: &MessageGateway, secret: Option<Vec<u8>>) -> Result<(), StoreError> {
    let by = work.actor.recorded_by();
    work.tx
        .execute(
            "insert into message_gateway (channel, carrier, target, security, account, sender, secret, active, \
             changed_at, changed_by, version) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1)",
            args![
                new.channel,
                new.carrier,
                new.target,
                new.security,
                new.account,
                new.sender,
                secret,
                new.active,
                new.changed_at,
                by
            ],
        )
        .await
        .map(drop)
}

/// Changes one; stale when somebody else did since.
pub(super) async fn change(work: &mut Work, new: &MessageGateway, secret: Option<Vec<u8>>) -> Result<(), StoreError> {
    let by = work.actor.recorded_by();
    work.tx
        .execute_one(
            "update message_gateway set carrier = $1, target = $2, security = $3, account = $4, sender = $5, \
             secret = $6, active = $7, changed_at = $8, changed_by = $9, version = version + 1 \
             where channel = $10 and version = $11",
            args![
                new.carrier,
                new.target,
                new.security,
                new.account,
                new.sender,
                secret,
                new.active,
                new.changed_at,
                by,
                new.channel,
                new.version
            ],
        )
        .await
}
