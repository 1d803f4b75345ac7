//! Writing the chains.

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::Value as Json;

use super::{Entry, canonical, digest};
use crate::access::Actor;
use crate::args;
use crate::db::{StoreError, Tx};

/// The hash before the first entry of a chain.
pub(super) const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// Appends one entry to its chain. The head's row is locked by the update, so a chain has no forks.
pub async fn append(
    tx: &mut Tx,
    actor: &Actor,
    at: Timestamp,
    business_date: Date,
    entry: &Entry,
) -> Result<(), StoreError> {
    let chain = entry.customer.map_or(0, |c| c.0);
    tx.execute(
        "insert into audit_head (customer_id, seq, hash, changed_on) values ($1, 0, $2, $3) on conflict (customer_id) do nothing",
        args![chain, GENESIS, business_date],
    )
    .await?;
    let head = tx
        .fetch_one(
            "update audit_head set seq = seq + 1, changed_on = $1 where customer_id = $2 returning seq, hash",
            args![business_date, chain],
        )
        .await?;
    let (seq, previous): (i64, String) = (head.get("seq")?, head.get("hash")?);
    let at = Timestamp::from_millisecond(at.as_millisecond()).unwrap_or(at);
    let own = digest(&canonical(chain, seq, at, actor, entry, &previous));
    tx.execute(
        "insert into audit_entry (customer_id, seq, at, user_id, origin, origin_detail, action, subject, \
         before_json, after_json, reason, previous_hash, hash) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        args![
            chain,
            seq,
            at,
            actor.recorded_by(),
            actor.origin.as_str(),
            actor.trace(),
            entry.action,
            entry.subject,
            entry.before.as_ref().map(Json::to_string),
            entry.after.as_ref().map(Json::to_string),
            entry.reason,
            previous,
            own
        ],
    )
    .await?;
    tx.execute_one("update audit_head set hash = $1 where customer_id = $2", args![own, chain]).await
}

/// The heads that changed on a business date, in order of chain: chain, sequence, hash.
pub async fn changed_heads(tx: &mut Tx, on: Date) -> Result<Vec<(i64, i64, String)>, StoreError> {
    tx.fetch_all("select customer_id, seq, hash from audit_head where changed_on = $1 order by customer_id", args![on])
        .await?
        .iter()
        .map(|row| Ok((row.get("customer_id")?, row.get("seq")?, row.get("hash")?)))
        .collect()
}

/// Seals a day: one root over all heads changed that day and the root before.
pub async fn seal_day(tx: &mut Tx, on: Date, at: Timestamp) -> Result<String, StoreError> {
    let previous: String = match tx
        .fetch_optional(
            "select root from audit_root where business_date < $1 order by business_date desc limit 1",
            args![on],
        )
        .await?
    {
        Some(row) => row.get("root")?,
        None => GENESIS.to_owned(),
    };
    let heads = changed_heads(tx, on).await?;
    let mut text = format!("{on}\n{previous}\n");
    for (chain, seq, digest) in &heads {
        text.push_str(&format!("{chain} {seq} {digest}\n"));
    }
    let root = digest(&text);
    tx.execute(
        "insert into audit_root (business_date, previous_root, heads, root, sealed_at) values ($1, $2, $3, $4, $5) \
         on conflict (business_date) do nothing",
        args![on, previous, text, root, at],
    )
    .await?;
    Ok(root)
}
