//! Table `customer_document`.

use std::collections::BTreeMap;

use platform::args;
use platform::attachment::{self, Attachment, AttachmentId};
use platform::db::{AssertSqlSafe, Row, StoreError, Tx};
use platform::id::CustomerId;
use platform::vault::Sealed;
use platform::work::Work;

use super::model::{Document, DocumentId, NewDocument};
use crate::customer::store::filled;
use crate::personal::PaperNumber;

/// The most documents of one file.
const LIMIT: i64 = 2_000;
const SELECT: &str = "select customer_id, id, kind, attachment_id, number_masked, issued_on, expires_on, route, \
     source_note, replaces_id, effective_on, recorded_at, recorded_by from customer_document";

fn decode(row: &Row, files: &BTreeMap<AttachmentId, Attachment>) -> Result<Document, StoreError> {
    let key: AttachmentId = row.get("attachment_id")?;
    let file = files.get(&key).cloned().ok_or_else(|| StoreError::Corrupt {
        column: "attachment_id".to_owned(),
        expected: "a kept file",
        found: key.to_string(),
    })?;
    Ok(Document {
        customer: row.get("customer_id")?,
        id: row.get("id")?,
        kind: row.get("kind")?,
        file,
        number: row.get("number_masked")?,
        issued_on: row.get("issued_on")?,
        expires_on: row.get("expires_on")?,
        route: row.get("route")?,
        source_note: row.get("source_note")?,
        replaces: row.get("replaces_id")?,
        effective_on: row.get("effective_on")?,
        recorded_at: row.get("recorded_at")?,
        recorded_by: row.get("recorded_by")?,
    })
}

/// All documents of a customer, the newest first; replaced and withdrawn ones too.
///
/// # Errors
/// The store's.
pub async fn of_customer(tx: &mut Tx, customer: CustomerId) -> Result<Vec<Document>, StoreError> {
    let files = attachment::of_customer(tx, customer).await?;
    let files: BTreeMap<AttachmentId, Attachment> = files.into_iter().map(|file| (file.id, file)).collect();
    let sql = AssertSqlSafe(format!("{SELECT} where customer_id = $1 order by id desc limit $2"));
    tx.fetch_all(sql, args![customer, LIMIT]).await?.iter().map(|row| decode(row, &files)).collect()
}

/// The number of a document under seal.
pub(super) async fn sealed_number(
    tx: &mut Tx,
    customer: CustomerId,
    id: DocumentId,
) -> Result<Option<Sealed<PaperNumber>>, StoreError> {
    let sql = "select number_sealed from customer_document where customer_id = $1 and id = $2";
    match tx.fetch_optional(sql, args![customer, id]).await? {
        Some(row) => row.get("number_sealed"),
        None => Ok(None),
    }
}

/// The keys of a new document.
pub(super) struct Keys {
    pub customer: CustomerId,
    pub id: DocumentId,
    pub file: AttachmentId,
}

pub(super) async fn insert(
    work: &mut Work,
    keys: &Keys,
    new: &NewDocument,
    number: (Option<Sealed<PaperNumber>>, String),
) -> Result<(), StoreError> {
    let values = args![
        keys.customer,
        keys.id,
        new.kind,
        keys.file,
        number.0,
        number.1,
        new.issued_on,
        new.expires_on,
        new.route,
        filled(Some(&new.source_note)).unwrap_or_default(),
        new.replaces,
        work.business_date,
        work.now,
        work.actor.recorded_by(),
        work.actor.origin.as_str(),
        work.actor.origin.detail()
    ];
    work.tx
        .execute(
            "insert into customer_document (customer_id, id, kind, attachment_id, number_sealed, number_masked, \
             issued_on, expires_on, route, source_note, replaces_id, effective_on, recorded_at, recorded_by, source, \
             source_detail) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
            values,
        )
        .await
        .map(drop)
}
