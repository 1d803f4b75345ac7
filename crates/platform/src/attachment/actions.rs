//! Use cases of kept files: keeping, opening, withdrawing. Whoever calls has authorised the thing it belongs to.

use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::error::AttachmentError;
use super::model::{Attachment, AttachmentId, Media};
use super::rules::{self, Limits};
use super::{PIECE, store};
use crate::access::AUDIT_VIEW;
use crate::app::App;
use crate::audit::Entry;
use crate::error::{ActionError, FieldError, Refused};
use crate::hex::hex;
use crate::id::CustomerId;
use crate::policies::{self, PolicyError};
use crate::vault::Place;
use crate::work::Work;

/// Bytes of a sealed piece.
const PIECE_BYTES: usize = 256 << 10;

/// A file that is handed in (新附件).
#[derive(Clone, Copy)]
pub struct NewAttachment<'a> {
    /// Whose file it stands in.
    pub customer: CustomerId,
    /// The thing that it belongs to: `customer:7`.
    pub subject: &'a str,
    /// What it is called where it comes from.
    pub name: &'a str,
    /// Its content.
    pub bytes: &'a [u8],
    /// The file that it replaces.
    pub replaces: Option<AttachmentId>,
}

/// A file with its content (已打开的附件).
pub struct Opened {
    /// What is known of it.
    pub attachment: Attachment,
    /// Its content, as it was handed in.
    pub bytes: Vec<u8>,
}

/// What files the policy of a day takes.
///
/// # Errors
/// No rules in force; a rule without the parameters.
pub async fn limits(work: &mut Work) -> Result<Limits, ActionError> {
    let today = work.business_date;
    let rules = policies::in_force(work, today).await?;
    let edition = rules.edition(today);
    let mib = edition.integer("attachment_max_mib").map_err(PolicyError::from)?;
    let kinds = edition.texts("attachment_kinds").map_err(PolicyError::from)?;
    let max_bytes = usize::try_from(mib).unwrap_or(0).saturating_mul(1 << 20);
    Ok(Limits { max_bytes, media: kinds.iter().filter_map(|kind| Media::parse(kind)).collect() })
}

/// Keeps a file: sealed, with its digest, as what it is and not as what it is called.
///
/// # Errors
/// What [`rules::check`] refuses; [`AttachmentError::NotCurrent`] where it replaces one that counts no longer.
pub async fn keep(work: &mut Work, new: &NewAttachment<'_>) -> Result<AttachmentId, ActionError> {
    let limits = limits(work).await?;
    let media = rules::check(new.bytes, &limits).map_err(|wrong| Refused::form(vec![wrong]))?;
    put(work, new, media).await
}

/// Keeps a PDF that the house itself made, such as a bundle for court: what may be handed in does not bound it.
///
/// # Errors
/// [`AttachmentError::NotCurrent`] where it replaces one that counts no longer; the store's.
pub async fn keep_made(work: &mut Work, new: &NewAttachment<'_>) -> Result<AttachmentId, ActionError> {
    put(work, new, Media::Pdf).await
}

async fn put(work: &mut Work, new: &NewAttachment<'_>, media: Media) -> Result<AttachmentId, ActionError> {
    if let Some(old) = new.replaces {
        current(work, new.customer, old).await?;
    }
    let file = Attachment {
        customer: new.customer,
        id: AttachmentId(work.next_id()),
        subject: new.subject.to_owned(),
        name: rules::kept_name(new.name, media),
        media,
        bytes: i64::try_from(new.bytes.len()).unwrap_or(i64::MAX),
        digest: hex(&Sha256::digest(new.bytes)),
        replaces: new.replaces,
        replaced_by: None,
        effective_on: work.business_date,
        recorded_at: work.now,
        recorded_by: crate::id::UserId(work.actor.recorded_by()),
        withdrawn: None,
        brought_in: false,
    };
    store::insert(work, &file).await?;
    seal_pieces(work, (file.customer, file.id), new.bytes).await?;
    let after = json!({"about": file.subject, "kind": media.as_str(), "bytes": file.bytes, "digest": file.digest,
        "replaces": file.replaces.map(|id| id.to_string())});
    work.audit(Entry::new(Some(file.customer), "attachment.keep", file.audited()).after(after)).await?;
    Ok(file.id)
}

/// Keeps the content of a file in sealed pieces.
pub(super) async fn seal_pieces(
    work: &mut Work,
    (customer, id): (CustomerId, AttachmentId),
    bytes: &[u8],
) -> Result<(), ActionError> {
    let app = work.app.clone();
    for (no, piece) in (0_i64..).zip(bytes.chunks(PIECE_BYTES)) {
        let row = format!("{customer}:{id}:{no}");
        let sealed = app.vault()?.seal_bytes(Place { column: PIECE, row: &row }, piece);
        store::put_piece(&mut work.tx, (customer, id), no, sealed).await?;
    }
    Ok(())
}

async fn current(work: &mut Work, customer: CustomerId, id: AttachmentId) -> Result<Attachment, ActionError> {
    let file = store::load(&mut work.tx, customer, id).await?.ok_or(AttachmentError::NotFound)?;
    if file.is_current() { Ok(file) } else { Err(AttachmentError::NotCurrent.into()) }
}

/// Opens a file for a person; the look is in the audit trail. Commit the work before the content is shown.
///
/// What was withdrawn is shown only to those who may read the trail.
///
/// # Errors
/// [`AttachmentError`].
pub async fn open(work: &mut Work, customer: CustomerId, id: AttachmentId) -> Result<Opened, ActionError> {
    let attachment = store::load(&mut work.tx, customer, id).await?.ok_or(AttachmentError::NotFound)?;
    if attachment.withdrawn.is_some() && !work.actor.may(AUDIT_VIEW) {
        return Err(AttachmentError::Withdrawn.into());
    }
    let app = work.app.clone();
    let bytes = content(&app, work, &attachment).await?;
    if hex(&Sha256::digest(&bytes)) != attachment.digest {
        return Err(AttachmentError::Damaged.into());
    }
    let after = json!({"about": attachment.subject, "kind": attachment.media.as_str(), "digest": attachment.digest});
    work.audit(Entry::new(Some(customer), "attachment.open", attachment.audited()).after(after)).await?;
    Ok(Opened { attachment, bytes })
}

/// The content put together from its pieces.
///
/// # Errors
/// [`AttachmentError::Elsewhere`], [`AttachmentError::Damaged`].
pub(super) async fn content(app: &App, work: &mut Work, file: &Attachment) -> Result<Vec<u8>, ActionError> {
    let mut bytes = Vec::with_capacity(usize::try_from(file.bytes).unwrap_or(0).min(64 << 20));
    for no in 0_i64.. {
        let Some(sealed) = store::piece(&mut work.tx, (file.customer, file.id), no).await? else { break };
        let row = format!("{}:{}:{no}", file.customer, file.id);
        let place = Place { column: PIECE, row: &row };
        bytes.extend(app.vault()?.open_bytes(place, &sealed).map_err(|_| AttachmentError::Damaged)?);
    }
    match (bytes.is_empty(), file.brought_in) {
        (false, _) => Ok(bytes),
        (true, true) => Err(AttachmentError::Elsewhere.into()),
        (true, false) => Err(AttachmentError::Damaged.into()),
    }
}

/// Withdraws a file: it stays, counts no longer, and is shown no more.
///
/// # Errors
/// [`AttachmentError::NotFound`], [`AttachmentError::NotCurrent`]; no reason.
pub async fn withdraw(
    work: &mut Work,
    customer: CustomerId,
    id: AttachmentId,
    reason: &str,
) -> Result<(), ActionError> {
    let file = current(work, customer, id).await?;
    if reason.trim().is_empty() {
        return Err(Refused::form(vec![FieldError::new("reason", "reason-empty")]).into());
    }
    store::withdraw(work, &file, reason.trim()).await?;
    let entry = Entry::new(Some(customer), "attachment.withdraw", file.audited());
    Ok(work.audit(entry.after(json!({"about": file.subject, "digest": file.digest})).reason(reason.trim())).await?)
}
