//! Checking the chains: names the first broken link.

use super::digest;
use super::store::GENESIS;
use crate::args;
use crate::db::{Db, Row, StoreError, Tx};
use crate::id::CustomerId;
use serde_json::json;

/// Entries read at a time.
const BATCH: i64 = 5_000;

/// What a check found in order (核验结果).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// Chains read.
    pub chains: u64,
    /// Entries read.
    pub entries: u64,
    /// Daily roots read.
    pub roots: u64,
    /// The first broken link, if any.
    pub broken: Option<Broken>,
}

/// The first link that does not hold (断链).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Broken {
    /// An entry's hash is not that of its content.
    Content {
        /// The chain (a customer's key, 0 the institution).
        chain: i64,
        /// The entry.
        seq: i64,
    },
    /// An entry does not continue the one before: one is missing, added or out of order.
    Order {
        /// The chain.
        chain: i64,
        /// The entry.
        seq: i64,
    },
    /// A chain's head is not its last entry: the end was cut off.
    Head {
        /// The chain.
        chain: i64,
        /// The last entry present.
        seq: i64,
    },
    /// A daily root is not that of its heads, or does not continue the one before.
    Root {
        /// The day.
        on: String,
    },
    /// A daily root is not the one that was kept outside, or is missing.
    Anchor {
        /// The day.
        on: String,
    },
}

/// Reads every chain and every root.
pub async fn verify(db: &Db) -> Result<Verified, StoreError> {
    let mut tx = db.read().await?;
    let mut found = Verified { chains: 0, entries: 0, roots: 0, broken: None };
    let (mut chain, mut seq, mut last) = (-1_i64, 0_i64, GENESIS.to_owned());
    loop {
        let rows = tx
            .fetch_all(
                "select customer_id, seq, at, user_id, origin, origin_detail, action, subject, before_json, after_json, \
                 reason, previous_hash, hash from audit_entry \
                 where customer_id > $1 or (customer_id = $1 and seq > $2) order by customer_id, seq limit $3",
                args![chain, seq, BATCH],
            )
            .await?;
        if rows.is_empty() {
            break;
        }
        for row in &rows {
            let (this, number): (i64, i64) = (row.get("customer_id")?, row.get("seq")?);
            if this != chain {
                if let Some(broken) = check_head(&mut tx, chain, seq, &last).await? {
                    found.broken = Some(broken);
                    return Ok(found);
                }
                (chain, seq, last) = (this, 0, GENESIS.to_owned());
                found.chains += 1;
            }
            if number != seq + 1 || row.get::<String>("previous_hash")? != last {
                found.broken = Some(Broken::Order { chain, seq: number });
                return Ok(found);
            }
            let stored: String = row.get("hash")?;
            if hash_of(row, &last)? != stored {
                found.broken = Some(Broken::Content { chain, seq: number });
                return Ok(found);
            }
            (seq, last) = (number, stored);
            found.entries += 1;
        }
    }
    found.broken = check_head(&mut tx, chain, seq, &last).await?;
    if found.broken.is_none() {
        verify_roots(&mut tx, &mut found).await?;
    }
    Ok(found)
}

/// The hash that an entry must have behind the one before.
fn hash_of(row: &Row, last: &str) -> Result<String, StoreError> {
    let at: jiff::Timestamp = row.get("at")?;
    let text = json!([
        row.get::<i64>("customer_id")?,
        row.get::<i64>("seq")?,
        at.as_millisecond(),
        row.get::<i64>("user_id")?,
        row.get::<String>("origin")?,
        row.get::<String>("origin_detail")?,
        row.get::<String>("action")?,
        row.get::<String>("subject")?,
        row.get::<Option<String>>("before_json")?,
        row.get::<Option<String>>("after_json")?,
        row.get::<Option<String>>("reason")?,
        last,
    ]);
    Ok(digest(&text.to_string()))
}

/// The chain of one customer as it stands (客户审计链).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trail {
    /// Entries read.
    pub entries: i64,
    /// The hash of the last entry.
    pub hash: String,
    /// When the last entry was written.
    pub last_at: Option<jiff::Timestamp>,
    /// The first link that does not hold.
    pub broken: Option<Broken>,
}

/// Reads the chain of one customer, as a proof for a paper about that customer.
pub async fn verify_chain(tx: &mut Tx, customer: CustomerId) -> Result<Trail, StoreError> {
    let mut trail = Trail { entries: 0, hash: GENESIS.to_owned(), last_at: None, broken: None };
    loop {
        let rows = tx
            .fetch_all(
                "select customer_id, seq, at, user_id, origin, origin_detail, action, subject, before_json, after_json, \
                 reason, previous_hash, hash from audit_entry where customer_id = $1 and seq > $2 order by seq limit $3",
                args![customer, trail.entries, BATCH],
            )
            .await?;
        for row in &rows {
            let (seq, stored): (i64, String) = (row.get("seq")?, row.get("hash")?);
            if seq != trail.entries + 1 || row.get::<String>("previous_hash")? != trail.hash {
                trail.broken = Some(Broken::Order { chain: customer.0, seq });
            } else if hash_of(row, &trail.hash)? != stored {
                trail.broken = Some(Broken::Content { chain: customer.0, seq });
            }
            if trail.broken.is_some() {
                return Ok(trail);
            }
            trail.last_at = Some(row.get("at")?);
            (trail.entries, trail.hash) = (seq, stored);
        }
        if rows.is_empty() {
            break;
        }
    }
    if trail.entries > 0 {
        trail.broken = check_head(tx, customer.0, trail.entries, &trail.hash).await?;
    }
    Ok(trail)
}

async fn check_head(tx: &mut Tx, chain: i64, seq: i64, last: &str) -> Result<Option<Broken>, StoreError> {
    if chain < 0 {
        return Ok(None);
    }
    let head = tx.fetch_optional("select seq, hash from audit_head where customer_id = $1", args![chain]).await?;
    let holds = match head {
        Some(row) => row.get::<i64>("seq")? == seq && row.get::<String>("hash")? == last,
        None => false,
    };
    Ok((!holds).then_some(Broken::Head { chain, seq }))
}

async fn verify_roots(tx: &mut Tx, found: &mut Verified) -> Result<(), StoreError> {
    let rows = tx
        .fetch_all(
            "select business_date, previous_root, heads, root from audit_root order by business_date limit $1",
            args![1_000_000_i64],
        )
        .await?;
    let mut last = GENESIS.to_owned();
    for row in rows {
        let (on, root): (String, String) = (row.get("business_date")?, row.get("root")?);
        let heads: String = row.get("heads")?;
        if row.get::<String>("previous_root")? != last || digest(&heads) != root {
            found.broken = Some(Broken::Root { on });
            return Ok(());
        }
        if let Some(broken) = check_sealed_heads(tx, &heads).await? {
            found.broken = Some(broken);
            return Ok(());
        }
        last = root;
        found.roots += 1;
    }
    Ok(())
}

/// Each head that a root sealed must still be the hash of that entry.
async fn check_sealed_heads(tx: &mut Tx, heads: &str) -> Result<Option<Broken>, StoreError> {
    for line in heads.lines().skip(2) {
        let mut parts = line.split(' ');
        let (Some(chain), Some(seq), Some(sealed)) = (
            parts.next().and_then(|p| p.parse::<i64>().ok()),
            parts.next().and_then(|p| p.parse::<i64>().ok()),
            parts.next(),
        ) else {
            continue;
        };
        let row = tx
            .fetch_optional("select hash from audit_entry where customer_id = $1 and seq = $2", args![chain, seq])
            .await?;
        let same = match row {
            Some(row) => row.get::<String>("hash")? == sealed,
            None => false,
        };
        if !same {
            return Ok(Some(Broken::Head { chain, seq }));
        }
    }
    Ok(None)
}
