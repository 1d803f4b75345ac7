//! Receipts of carriers (状态报告): signed, in any order, as often as they like; `docs/gateways.md`.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use jiff::Timestamp;
use platform::access::{Actor, Origin};
use platform::app::App;
use platform::clock::civil_day;
use platform::contact_gate::Channel;
use platform::error::ActionError;
use platform::id::UserId;
use platform::message::{ReceiptError, signed_by};
use platform::notice::{self, News, Notice};
use platform::outbox::{self, Word};
use platform::policies::{self, PolicyError};
use platform::vault::{mask_mailboxes, mask_numbers};
use platform::web::Routes;
use platform::work::Work;
use serde::Deserialize;

use super::gateway::{in_name_of, keep};
use super::model::{MessageId, MessageState, Receipt, subject_of};
use super::{KIND, limitation, rules, store};

/// The longest body.
const MOST: usize = 4_096;
/// The longest reason that is kept.
const MAX_REASON: usize = 200;

/// The way in.
pub(super) fn routes() -> Routes {
    Routes::new().post_public("/gateway/receipts", take)
}

/// A receipt (状态报告) as it comes.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct NewReceipt {
    /// The `id` that the message went out under.
    pub id: String,
    /// `delivered` or `failed`.
    pub state: String,
    /// When that was; the moment of the receipt when left out.
    #[serde(default)]
    pub at: Option<Timestamp>,
    /// Why it failed, in the provider's words.
    #[serde(default)]
    pub reason: String,
}

/// What a receipt came to (报告处理结果).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// It is kept, or was before.
    Kept,
    /// There is no such message of this channel that ever went out.
    Unknown,
    /// It says neither of the two things that receipts say.
    Unreadable,
}

/// Answers by status alone: 204 kept, 400 unreadable, 401 not signed by a gateway of ours, 404 no such message.
async fn take(State(app): State<App>, headers: HeaderMap, body: Bytes) -> Response {
    let status = match read(&app, &headers, &body).await {
        Ok(status) => status,
        Err(error) => {
            tracing::error!(%error, "a receipt could not be kept");
            StatusCode::SERVICE_UNAVAILABLE
        }
    };
    status.into_response()
}

async fn read(app: &App, headers: &HeaderMap, body: &[u8]) -> Result<StatusCode, ActionError> {
    if body.len() > MOST {
        return Ok(StatusCode::PAYLOAD_TOO_LARGE);
    }
    let Ok(text) = std::str::from_utf8(body) else { return Ok(StatusCode::UNAUTHORIZED) };
    let now = app.clock.now();
    let Some(tolerance) = tolerance(app).await? else { return Ok(StatusCode::UNAUTHORIZED) };
    let channel = match signed_by(app, headers, text, tolerance, now).await {
        Ok(channel) => channel,
        Err(ReceiptError::NotSigned) => return Ok(StatusCode::UNAUTHORIZED),
        Err(ReceiptError::Action(error)) => return Err(error),
    };
    let Ok(new) = serde_json::from_str::<NewReceipt>(text) else { return Ok(StatusCode::BAD_REQUEST) };
    Ok(match keep_receipt(app, channel, &new).await? {
        Taken::Kept => StatusCode::NO_CONTENT,
        Taken::Unknown => StatusCode::NOT_FOUND,
        Taken::Unreadable => StatusCode::BAD_REQUEST,
    })
}

/// How far the clock of a signature may be off, in seconds; nothing before the set-up.
async fn tolerance(app: &App) -> Result<Option<i64>, ActionError> {
    let Ok(mut work) = Work::read(app, Actor::system(Origin::Console)).await else { return Ok(None) };
    let on = work.business_date;
    let rules = policies::in_force(&mut work, on).await?;
    let seconds = rules.edition(on).integer("receipt_signature_seconds").map_err(PolicyError::from)?;
    Ok(Some(seconds))
}

/// Keeps what a carrier told of a message. Rule `message.receipts`: repeated ones change nothing, late ones are taken,
/// and one that comes before the answer to our own call is kept until that call has ended.
///
/// # Errors
/// The store's.
pub async fn keep_receipt(app: &App, channel: Channel, new: &NewReceipt) -> Result<Taken, ActionError> {
    let Some(receipt) = Receipt::parse(&new.state) else { return Ok(Taken::Unreadable) };
    let Ok(id) = new.id.parse::<MessageId>() else { return Ok(Taken::Unknown) };
    let mut work = Work::begin(app, Actor::system(Origin::Console)).await?;
    outbox::hold_own(&mut work, KIND, &subject_of(id)).await?;
    let found = store::taken(&mut work.tx, id).await?;
    let Some(mut one) = found.filter(|one| one.channel == channel && one.sent_at.is_some()) else {
        return Ok(Taken::Unknown);
    };
    let stronger = rules::stronger(one.receipt, receipt);
    if one.receipt == Some(stronger) {
        return Ok(Taken::Kept);
    }
    work.actor = in_name_of(one.by);
    let (before, state) = (one.state, rules::after_receipt(one.state, receipt));
    (one.receipt, one.state) = (Some(stronger), state);
    if before == MessageState::Unknown && one.decided.is_none() {
        let word = if receipt == Receipt::Delivered { Word::Arrived } else { Word::Drop };
        outbox::say_of_own(&mut work, KIND, &one.subject(), word).await?;
    }
    // Nothing arrives before it left or after now, whatever the provider's clock says.
    let at = new.at.filter(|at| *at <= work.now).unwrap_or(work.now).max(one.sent_at.unwrap_or(Timestamp::MIN));
    if state == MessageState::Delivered {
        keep(&mut work, &mut one).await?;
        if before != MessageState::Delivered {
            limitation::arrived(&mut work, &one, civil_day(at)).await?;
        }
        notice::settle(&mut work, &one.subject()).await?;
    }
    store::write(&mut work.tx, &one).await?;
    let reason: String = new.reason.chars().filter(|c| !c.is_control()).take(MAX_REASON).collect();
    store::step_at(&mut work, &one, receipt_step(receipt), &mask_mailboxes(&mask_numbers(&reason)), at).await?;
    if state == MessageState::Failed && before != MessageState::Failed {
        tell(&mut work, &one).await?;
    }
    work.commit().await?;
    Ok(Taken::Kept)
}

fn receipt_step(receipt: Receipt) -> &'static str {
    match receipt {
        Receipt::Delivered => "receipt-delivered",
        Receipt::Failed => "receipt-failed",
    }
}

/// Whoever composed it decides what follows.
async fn tell(work: &mut Work, one: &super::model::DebtorMessage) -> Result<(), ActionError> {
    let news = News::OutboxDead { gateway: KIND.to_owned(), about: one.loan.subject(), attempts: 1 };
    let failed =
        Notice { news, occasion: format!("{}:receipt", one.subject()), thing: one.subject(), href: one.page() };
    // The system tells, so that whoever composed it is told.
    work.actor = Actor::system(Origin::Console);
    Ok(notice::tell(work, &[UserId(one.by)], &failed).await?)
}
