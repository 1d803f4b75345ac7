//! Tables `attachment`, `attachment_piece`, `attachment_withdrawal`.

use jiff::civil::Date;

use super::model::{Attachment, AttachmentId, Media, Withdrawn};
use crate::args;
use crate::db::{AssertSqlSafe, Row, StoreError, Tx};
use crate::id::CustomerId;
use crate::work::Work;

/// The most files of one customer that are read.
const LIMIT: i64 = 2_000;
const SELECT: &str = "select a.customer_id, a.id, a.subject, a.name, a.media, a.size_bytes, a.digest, a.replaces_id, \
     a.effective_on, a.recorded_at, a.recorded_by, a.book_origin, n.id as replaced_by, w.reason as withdrawn_reason, \
     w.effective_on as withdrawn_on, w.recorded_by as withdrawn_by from attachment a \
     left join attachment n on n.customer_id = a.customer_id and n.replaces_id = a.id \
     left join attachment_withdrawal w on w.customer_id = a.customer_id and w.attachment_id = a.id";

fn decode(row: &Row) -> Result<Attachment, StoreError> {
    let withdrawn = match row.get::<Option<String>>("withdrawn_reason")? {
        Some(reason) => Some(Withdrawn { reason, on: row.get("withdrawn_on")?, by: row.get("withdrawn_by")? }),
        None => None,
    };
    Ok(Attachment {
        customer: CustomerId(row.get("customer_id")?),
        id: row.get("id")?,
        subject: row.get("subject")?,
        name: row.get("name")?,
        media: row.get("media")?,
        bytes: row.get("size_bytes")?,
        digest: row.get("digest")?,
        replaces: row.get("replaces_id")?,
        replaced_by: row.get("replaced_by")?,
        effective_on: row.get("effective_on")?,
        recorded_at: row.get("recorded_at")?,
        recorded_by: row.get("recorded_by")?,
        withdrawn,
        brought_in: row.get::<Option<String>>("book_origin")?.is_some(),
    })
}

/// The files of a customer, the newest first.
///
/// # Errors
/// The store's.
pub async fn of_customer(tx: &mut Tx, customer: CustomerId) -> Result<Vec<Attachment>, StoreError> {
    let sql = AssertSqlSafe(format!("{SELECT} where a.customer_id = $1 order by a.id desc limit $2"));
    tx.fetch_all(sql, args![customer, LIMIT]).await?.iter().map(decode).collect()
}

/// All files of a customer that had come by a day, in the order of their keys.
///
/// # Errors
/// The store's.
pub async fn all_until(tx: &mut Tx, customer: CustomerId, on: Date) -> Result<Vec<Attachment>, StoreError> {
    let (mut found, mut after): (Vec<Attachment>, _) = (Vec::new(), AttachmentId(0));
    loop {
        let sql = AssertSqlSafe(format!(
            "{SELECT} where a.customer_id = $1 and a.id > $2 and a.effective_on <= $3 order by a.id limit $4"
        ));
        let rows = tx.fetch_all(sql, args![customer, after, on, LIMIT]).await?;
        let full = i64::try_from(rows.len()).unwrap_or(LIMIT) >= LIMIT;
        found.extend(rows.iter().map(decode).collect::<Result<Vec<_>, _>>()?);
        match found.last() {
            Some(last) if full => after = last.id,
            Some(_) | None => return Ok(found),
        }
    }
}

/// One file.
///
/// # Errors
/// The store's.
pub async fn load(tx: &mut Tx, customer: CustomerId, id: AttachmentId) -> Result<Option<Attachment>, StoreError> {
    let sql = AssertSqlSafe(format!("{SELECT} where a.customer_id = $1 and a.id = $2"));
    tx.fetch_optional(sql, args![customer, id]).await?.as_ref().map(decode).transpose()
}

/// Files behind a key, over all customers, in the order of their keys.
pub(super) async fn after(tx: &mut Tx, after: i64, limit: i64) -> Result<Vec<Attachment>, StoreError> {
    let sql = AssertSqlSafe(format!("{SELECT} where a.id > $1 order by a.id limit $2"));
    tx.fetch_all(sql, args![after, limit]).await?.iter().map(decode).collect()
}

/// A file that came in with a book and has no content here (待补内容的附件).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Waiting {
    pub(super) customer: CustomerId,
    pub(super) id: AttachmentId,
    pub(super) media: Media,
    pub(super) bytes: u64,
    pub(super) digest: String,
}

/// The most files of a house.
const HOUSE: i64 = 10_000_000;

/// Files of a book that came in without content.
pub(super) async fn waiting(tx: &mut Tx) -> Result<Vec<Waiting>, StoreError> {
    let sql = "select a.customer_id, a.id, a.media, a.size_bytes, a.digest from attachment a \
               where a.book_origin is not null and not exists (select 1 from attachment_piece p \
               where p.customer_id = a.customer_id and p.attachment_id = a.id) order by a.id limit $1";
    let decode = |row: &Row| {
        Ok(Waiting {
            customer: CustomerId(row.get("customer_id")?),
            id: row.get("id")?,
            media: row.get("media")?,
            bytes: row.get::<i64>("size_bytes")?.unsigned_abs(),
            digest: row.get("digest")?,
        })
    };
    tx.fetch_all(sql, args![HOUSE]).await?.iter().map(decode).collect()
}

pub(super) async fn count(tx: &mut Tx) -> Result<i64, StoreError> {
    tx.fetch_one("select count(*) as n from attachment", args![]).await?.get("n")
}

pub(super) async fn insert(work: &mut Work, new: &Attachment) -> Result<(), StoreError> {
    let (by, origin) = (work.actor.recorded_by(), &work.actor.origin);
    let values = args![
        new.customer,
        new.id,
        new.subject,
        new.name,
        new.media,
        new.bytes,
        new.digest,
        new.replaces,
        new.effective_on,
        work.now,
        by,
        origin.as_str(),
        origin.detail()
    ];
    work.tx
        .execute(
            "insert into attachment (customer_id, id, subject, name, media, size_bytes, digest, replaces_id, \
             effective_on, recorded_at, recorded_by, source, source_detail) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
            values,
        )
        .await
        .map(drop)
}

pub(super) async fn put_piece(
    tx: &mut Tx,
    (customer, id): (CustomerId, AttachmentId),
    no: i64,
    sealed: Vec<u8>,
) -> Result<(), StoreError> {
    let sql = "insert into attachment_piece (customer_id, attachment_id, no, sealed) values ($1, $2, $3, $4)";
    tx.execute(sql, args![customer, id, no, sealed]).await.map(drop)
}

pub(super) async fn piece(
    tx: &mut Tx,
    (customer, id): (CustomerId, AttachmentId),
    no: i64,
) -> Result<Option<Vec<u8>>, StoreError> {
    let sql = "select sealed from attachment_piece where customer_id = $1 and attachment_id = $2 and no = $3";
    tx.fetch_optional(sql, args![customer, id, no]).await?.map(|row| row.get("sealed")).transpose()
}

pub(super) async fn withdraw(work: &mut Work, file: &Attachment, reason: &str) -> Result<(), StoreError> {
    let (id, by) = (work.next_id(), work.actor.recorded_by());
    work.tx
        .execute(
            "insert into attachment_withdrawal (customer_id, id, attachment_id, reason, effective_on, recorded_at, \
             recorded_by) values ($1, $2, $3, $4, $5, $6, $7)",
            args![file.customer, id, file.id, reason, work.business_date, work.now, by],
        )
        .await
        .map(drop)
}
