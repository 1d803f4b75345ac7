//! Receipts of providers (状态报告): who signed one. What it means for its message the capability says that sent it.

use axum::http::HeaderMap;
use jiff::Timestamp;

use super::model::Carrier;
use super::{actions, store};
use crate::app::App;
use crate::duty::Channel;
use crate::error::ActionError;
use crate::web::same;
use crate::webhook::{SIGNATURE_HEADER, sign};

/// Why a receipt is not read (状态报告拒绝).
#[derive(Debug, thiserror::Error)]
pub enum ReceiptError {
    /// Nobody whom we know signed it, or too long ago.
    #[error("not signed")]
    NotSigned,
    /// What was asked of the store.
    #[error(transparent)]
    Action(#[from] ActionError),
}

/// The channel whose key signed this body, within `tolerance` seconds of now.
///
/// Rule `message.receipt-signed`: the moment is signed with the body; a receipt that nobody signed says nothing about
/// which messages there are.
///
/// # Errors
/// [`ReceiptError`].
pub async fn signed_by(
    app: &App,
    headers: &HeaderMap,
    body: &str,
    tolerance: i64,
    now: Timestamp,
) -> Result<Channel, ReceiptError> {
    let signature = headers.get(SIGNATURE_HEADER).and_then(|value| value.to_str().ok()).unwrap_or("");
    let second = moment(signature).ok_or(ReceiptError::NotSigned)?;
    if second.abs_diff(now.as_second()) > tolerance.unsigned_abs() {
        return Err(ReceiptError::NotSigned);
    }
    for (channel, key) in keys(app).await? {
        if same(signature, &sign(&key, second, body)) {
            return Ok(channel);
        }
    }
    Err(ReceiptError::NotSigned)
}

/// The second in a signature.
fn moment(signature: &str) -> Option<i64> {
    signature.strip_prefix("t=")?.split_once(',')?.0.parse().ok()
}

/// The keys of the channels that providers carry by HTTP.
async fn keys(app: &App) -> Result<Vec<(Channel, String)>, ActionError> {
    let mut tx = app.db.read().await?;
    let mut sealed = Vec::new();
    for one in store::all(&mut tx).await?.into_iter().filter(|one| one.carrier == Carrier::Http) {
        if let Some(secret) = store::secret(&mut tx, one.channel).await? {
            sealed.push((one.channel, secret));
        }
    }
    tx.rollback().await?;
    sealed.into_iter().map(|(channel, secret)| Ok((channel, actions::open(app, channel, &secret)?))).collect()
}
