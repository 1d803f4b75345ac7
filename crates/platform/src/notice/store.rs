//! Table `notice`.

use jiff::Timestamp;

use super::model::{News, Notice};
use crate::args;
use crate::db::{Conditions, StoreError, Tx, Value};
use crate::id::UserId;

const INSERT: &str = "insert into notice (user_id, id, kind, occasion, thing, href, news_json, told_at, for_user)";
/// Things looked through at a time.
const PAGE: i64 = 1_000;
const ONCE: &str = "on conflict (user_id, occasion) do nothing";

/// A notice as its reader finds it (收到的通知).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Received {
    pub(super) id: i64,
    pub(super) news: News,
    pub(super) told_at: Timestamp,
    pub(super) unread: bool,
    /// Whether its matter is settled: nobody has to look at it any more.
    pub(super) settled: bool,
    /// Whose work it is, when its reader stands in: key and name.
    pub(super) stands_for: Option<(UserId, String)>,
}

/// Who is told (接收人).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Reader {
    pub(super) user: UserId,
    /// For whom, when it reaches them as who stands in.
    pub(super) stands_for: Option<UserId>,
    /// The key of the notice.
    pub(super) id: i64,
}

/// Which notices of a person (通知筛选).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Filter {
    pub(super) unread: Option<bool>,
    /// Of these kinds; empty for all.
    pub(super) kinds: Vec<String>,
}

pub(super) async fn insert(tx: &mut Tx, readers: &[Reader], notice: &Notice, now: Timestamp) -> Result<(), StoreError> {
    let news = serde_json::json!(notice.news).to_string();
    let kind = notice.news.kind();
    let row = |reader: &Reader| -> Vec<Value> {
        args![reader.user, reader.id, kind, notice.occasion, notice.thing, notice.href, news, now, reader.stands_for]
    };
    tx.write_rows(INSERT, ONCE, readers.iter().map(row).collect()).await.map(drop)
}

pub(super) async fn settle(tx: &mut Tx, thing: &str, now: Timestamp) -> Result<(), StoreError> {
    let sql = "update notice set read_at = $1, settled_at = $2 where thing = $3 and read_at is null";
    tx.execute(sql, args![now, now, thing]).await.map(drop)
}

/// What the unread notices of a kind are about, each once, with the page that it leads to: the next ones after a thing.
pub(super) async fn waiting(tx: &mut Tx, kind: &str, after: &str) -> Result<Vec<(String, String)>, StoreError> {
    let sql = "select distinct thing, href from notice where read_at is null and kind = $1 and thing > $2 \
               order by thing limit $3";
    let rows = tx.fetch_all(sql, args![kind, after, PAGE]).await?;
    rows.iter().map(|row| Ok((row.get("thing")?, row.get("href")?))).collect()
}

/// How many a person has not read.
pub(crate) async fn unread(tx: &mut Tx, user: UserId) -> Result<i64, StoreError> {
    tx.fetch_one("select count(*) as n from notice where user_id = $1 and read_at is null", args![user]).await?.get("n")
}

fn conditions(user: UserId, filter: &Filter) -> Conditions {
    let mut all = Conditions::new();
    all.and("user_id = ?", [&user]);
    match filter.unread {
        Some(true) => all.and_values("read_at is null", args![]),
        Some(false) => all.and_values("read_at is not null", args![]),
        None => &mut all,
    };
    if !filter.kinds.is_empty() {
        // As one text that is searched, so that the statement stays one fixed text.
        all.and("? like '%|' || kind || '|%'", [&format!("|{}|", filter.kinds.join("|"))]);
    }
    all
}

pub(super) async fn count(tx: &mut Tx, user: UserId, filter: &Filter) -> Result<i64, StoreError> {
    let filter = conditions(user, filter);
    tx.fetch_one(filter.select("select count(*) as n from notice", ""), filter.args()).await?.get("n")
}

/// A page of a person's notices, the newest first.
pub(super) async fn list(
    tx: &mut Tx,
    user: UserId,
    filter: &Filter,
    (limit, offset): (i64, i64),
) -> Result<Vec<Received>, StoreError> {
    let filter = conditions(user, filter);
    let rows = filter.select(
        "select id, news_json, told_at, read_at, settled_at, for_user, \
         (select a.name from app_user a where a.id = notice.for_user) as for_name from notice",
        // Both are numbers of ours.
        &format!("order by told_at desc, id desc limit {limit} offset {offset}"),
    );
    let decode = |row: &crate::db::Row| {
        let news: String = row.get("news_json")?;
        let corrupt = || StoreError::Corrupt {
            column: "news_json".to_owned(),
            expected: "news",
            found: format!("a text of {} bytes", news.len()),
        };
        Ok(Received {
            id: row.get("id")?,
            news: serde_json::from_str(&news).map_err(|_| corrupt())?,
            told_at: row.get("told_at")?,
            unread: row.get::<Option<Timestamp>>("read_at")?.is_none(),
            settled: row.get::<Option<Timestamp>>("settled_at")?.is_some(),
            stands_for: row.get::<Option<UserId>>("for_user")?.zip(row.get::<Option<String>>("for_name")?),
        })
    };
    tx.fetch_all(rows, filter.args()).await?.iter().map(decode).collect()
}

/// The page that a notice leads to, and for whom it was told; none for a notice of somebody else.
pub(super) async fn href(tx: &mut Tx, user: UserId, id: i64) -> Result<Option<(String, Option<UserId>)>, StoreError> {
    let sql = "select href, for_user from notice where user_id = $1 and id = $2";
    let row = tx.fetch_optional(sql, args![user, id]).await?;
    row.map(|row| Ok((row.get("href")?, row.get("for_user")?))).transpose()
}

/// Marks one as read, keeping the first moment, or as unread again.
pub(super) async fn mark(tx: &mut Tx, user: UserId, id: i64, read_at: Option<Timestamp>) -> Result<(), StoreError> {
    let done = match read_at {
        Some(at) => {
            let sql = "update notice set read_at = $1 where user_id = $2 and id = $3 and read_at is null";
            tx.execute(sql, args![at, user, id]).await
        }
        None => {
            tx.execute(
                "update notice set read_at = null, settled_at = null where user_id = $1 and id = $2",
                args![user, id],
            )
            .await
        }
    };
    done.map(drop)
}

/// Marks all as read.
pub(super) async fn mark_all(tx: &mut Tx, user: UserId, now: Timestamp) -> Result<(), StoreError> {
    tx.execute("update notice set read_at = $1 where user_id = $2 and read_at is null", args![now, user])
        .await
        .map(drop)
}
