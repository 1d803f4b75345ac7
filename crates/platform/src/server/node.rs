//! The number of a process (节点号): leased, kept by signs of life, taken again by others as late as possible.

use jiff::{SignedDuration, Timestamp};

use crate::app::App;
use crate::args;
use crate::clock::Clock;
use crate::db::{Db, StoreError, Tx};
use crate::hex::hex;
use crate::id::node_of;

/// How long a silent process is believed to be alive: some signs of life may be lost.
const LEASE: SignedDuration = SignedDuration::from_secs(60);
/// How many numbers there are: ten bits of every key.
const NODES: i64 = 1_024;

/// The number of this process (节点号).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// 0 … 1023.
    pub number: u16,
    holder: String,
    machine: String,
    work: String,
}

/// Why a process gets no number (节点号错误).
#[derive(Debug, thiserror::Error)]
pub enum NodeError {
    /// All are held.
    #[error("{NODES} processes work on this database: stop some, or wait a minute for those that died")]
    Exhausted,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The machine's clock, for demo books too: what is counted here is how long processes live.
fn now() -> Timestamp {
    Clock::System.now()
}

fn end_of(now: Timestamp) -> Timestamp {
    now.saturating_add(LEASE).unwrap_or(Timestamp::MAX)
}

impl Node {
    /// Leases a number for this process: one that nobody ever had, else the one that was given back longest ago.
    ///
    /// # Errors
    /// [`NodeError::Exhausted`]; the store's.
    pub async fn take(db: &Db, work: &str) -> Result<Self, NodeError> {
        Self::take_at(db, work, now()).await
    }

    /// The same at a moment.
    ///
    /// # Errors
    /// As [`Node::take`].
    pub async fn take_at(db: &Db, work: &str, now: Timestamp) -> Result<Self, NodeError> {
        let holder = hex(&rand::random::<[u8; 16]>());
        let machine = format!("{}:{}", machine(), std::process::id());
        let mut tx = db.write().await?;
        if tx.is_postgres() {
            tx.execute("select pg_advisory_xact_lock(722071)", args![]).await?;
        }
        let number = free(&mut tx, now).await?.ok_or(NodeError::Exhausted)?;
        tx.execute(
            "insert into server_node (node, holder, machine, work, started_at, seen_at, expires_at) \
             values ($1, $2, $3, $4, $5, $5, $6) on conflict (node) do update set holder = excluded.holder, \
             machine = excluded.machine, work = excluded.work, vault_key = null, started_at = excluded.started_at, \
             seen_at = excluded.seen_at, expires_at = excluded.expires_at",
            args![number, holder, machine, work, now, end_of(now)],
        )
        .await?;
        tx.commit().await?;
        Ok(Self { number, holder, machine, work: work.to_owned() })
    }

    /// Whether this process gave out the key.
    pub(crate) fn gave_out(&self, key: i64) -> bool {
        node_of(key) == i64::from(self.number)
    }
}

async fn free(tx: &mut Tx, now: Timestamp) -> Result<Option<u16>, StoreError> {
    let fresh = tx.fetch_one("select coalesce(max(node) + 1, 0) as node from server_node", args![]).await?;
    let fresh: i64 = fresh.get("node")?;
    if fresh < NODES {
        return Ok(u16::try_from(fresh).ok());
    }
    let sql = "select node from server_node where expires_at <= $1 order by expires_at, node limit 1";
    tx.fetch_optional(sql, args![now]).await?.map(|row| row.get("node")).transpose()
}

/// A sign of life, with the key that seals here. Who was silent for so long that another process has the number takes
/// another one.
///
/// # Errors
/// [`NodeError::Exhausted`]; the store's.
pub async fn beat(app: &App) -> Result<(), NodeError> {
    let Some(node) = app.node() else { return Ok(()) };
    let (now, key) = (now(), app.settings.vault.as_ref().map(crate::vault::Vault::key_id));
    let mut tx = app.db.write().await?;
    let kept = tx
        .execute(
            "update server_node set seen_at = $1, expires_at = $2, vault_key = $3 where node = $4 and holder = $5",
            args![now, end_of(now), key, node.number, node.holder],
        )
        .await?;
    tx.commit().await?;
    if kept == 0 {
        let other = Node::take(&app.db, &node.work).await?;
        tracing::warn!(lost = node.number, taken = other.number, "another process has the number of this one");
        app.take_node(other);
    }
    Ok(())
}

/// Gives the number back at the end of the program.
///
/// # Errors
/// The store's.
pub async fn give_back(app: &App) -> Result<(), StoreError> {
    let Some(node) = app.node() else { return Ok(()) };
    let mut tx = app.db.write().await?;
    let sql = "update server_node set expires_at = $1 where node = $2 and holder = $3";
    tx.execute(sql, args![now(), node.number, node.holder]).await?;
    tx.commit().await
}

/// The machines of running servers that seal with another key than this one.
///
/// # Errors
/// The store's.
pub async fn without_key(db: &Db, key: &str) -> Result<Vec<String>, StoreError> {
    let mut tx = db.read().await?;
    let sql = "select machine from server_node where work = 'serve' and expires_at > $1 \
               and (vault_key is null or vault_key <> $2) order by machine limit 1024";
    tx.fetch_all(sql, args![now(), key]).await?.iter().map(|row| row.get("machine")).collect()
}

/// Whether the process that gave out a key has given no sign of life since its lease ended: what it was doing was broken off.
/// A key of a process that never leased a number tells nothing.
///
/// # Errors
/// The store's.
pub(crate) async fn is_gone(tx: &mut Tx, key: i64) -> Result<bool, StoreError> {
    let sql = "select expires_at from server_node where node = $1";
    let row = tx.fetch_optional(sql, args![node_of(key)]).await?;
    let expires: Option<Timestamp> = row.map(|row| row.get("expires_at")).transpose()?;
    Ok(expires.is_some_and(|expires| expires <= now()))
}

/// How many servers run.
pub(super) async fn servers(tx: &mut Tx) -> Result<i64, StoreError> {
    let sql = "select count(*) as n from server_node where work = 'serve' and expires_at > $1";
    tx.fetch_one(sql, args![now()]).await?.get("n")
}

/// What the machine calls itself; only for people to read.
fn machine() -> String {
    let named = std::fs::read_to_string("/etc/hostname").ok().map(|name| name.trim().to_owned());
    named.filter(|name| !name.is_empty()).or_else(|| std::env::var("HOSTNAME").ok()).unwrap_or_else(|| "?".to_owned())
}
