//! What is done about messages (外发用例): put one in with its cause, say what becomes of one that did not arrive.

use serde_json::json;

use super::OUTBOX_MANAGE;
use super::model::{Message, MessageState, Word};
use super::rules::OutboxRules;
use super::store;
use crate::app::App;
use crate::args;
use crate::audit::Entry;
use crate::db::StoreError;
use crate::error::{ActionError, Refusal, RefusalKind, Refused};
use crate::notice;
use crate::policies::{self, PolicyError};
use crate::work::Work;

const INSERT: &str = "insert into outbox_message (id, kind, receiver, about, send_key, body, state, tries, attempts, \
     due_at, created_at, created_by)";
const ONCE: &str = "on conflict (kind, receiver, send_key) do nothing";

/// Something that shall leave the house (待发内容).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outgoing {
    /// Which gateway takes it out.
    pub kind: &'static str,
    /// To whom, as the gateway knows them.
    pub receiver: String,
    /// What it is about, for people: numbers and keys, nobody's name.
    pub about: String,
    /// By which the receiver knows a repetition; the same key to the same receiver is put in once.
    pub send_key: String,
    /// What is sent, word for word.
    pub body: String,
}

/// Why nothing is done with a message (外发类拒绝).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OutboxError {
    /// There is no such message.
    #[error("no such message")]
    Unknown,
    /// It stands where this cannot be said of it.
    #[error("a message that is {state} takes no {word}")]
    NotNow {
        /// Where it stands.
        state: &'static str,
        /// What was said.
        word: &'static str,
    },
    /// An attempt is under way: what is said now could be overtaken by it.
    #[error("an attempt is under way")]
    UnderWay,
    /// What becomes of it is said on another page.
    #[error("it is decided at {page}")]
    Elsewhere {
        /// The page.
        page: String,
    },
}

impl Refusal for OutboxError {
    fn refused(&self) -> Refused {
        match self {
            Self::Unknown => Refused::new(RefusalKind::NotFound, "unknown-thing").with("what", "outbox"),
            Self::NotNow { state, word } => {
                Refused::new(RefusalKind::Conflict, "outbox-not-now").with("state", state).with("word", word)
            }
            Self::UnderWay => Refused::new(RefusalKind::Conflict, "outbox-under-way"),
            Self::Elsewhere { page } => Refused::new(RefusalKind::Conflict, "outbox-elsewhere").with("page", page),
        }
    }
}

/// Puts messages in, in the transaction of their cause: they leave if and only if it happened, with these very words.
///
/// Rule `outbox.with-its-cause`.
///
/// # Errors
/// The store's.
pub async fn put(work: &mut Work, all: Vec<Outgoing>) -> Result<(), StoreError> {
    let (now, by) = (work.now, work.actor.recorded_by());
    let row = |one: Outgoing| {
        let id = work.next_id();
        args![id, one.kind, one.receiver, one.about, one.send_key, one.body, "waiting", 0_i64, 0_i64, now, now, by]
    };
    let rows = all.into_iter().map(row).collect();
    work.tx.write_rows(INSERT, ONCE, rows).await.map(drop)
}

/// The parameters in force; the program's own before the set-up.
///
/// # Errors
/// A parameter that the pack lacks; the store's.
pub async fn rules(work: &mut Work) -> Result<OutboxRules, ActionError> {
    let on = work.business_date;
    match policies::in_force(work, on).await {
        Ok(rules) => Ok(OutboxRules::of(rules.edition(on)).map_err(PolicyError::from)?),
        Err(ActionError::Refused(refused)) if refused.code == "policy-none" => Ok(OutboxRules::default()),
        Err(other) => Err(other),
    }
}

/// Says what becomes of a message.
///
/// # Errors
/// Denied; [`OutboxError`].
pub async fn say(work: &mut Work, id: i64, word: Word) -> Result<Message, ActionError> {
    work.authorise(OUTBOX_MANAGE)?;
    let message = store::message(&mut work.tx, id).await?.ok_or(OutboxError::Unknown)?;
    if let Some(page) = page_of(&work.app, &message) {
        return Err(OutboxError::Elsewhere { page }.into());
    }
    let refused = OutboxError::NotNow { state: message.state.as_str(), word: word.as_str() };
    let state = message.state.after(word).ok_or(refused)?;
    let now = work.now;
    store::say(&mut work.tx, &message, state, now).await?;
    notice::settle(work, &thing(id)).await?;
    let entry = Entry::new(None, action_of(word), format!("outbox:{id}"));
    work.audit(entry.before(json!({"state": message.state})).after(json!({"state": state}))).await?;
    Ok(Message { state, ..message })
}

/// The page where people say what becomes of a message, when it is another than that of the outbox: then the outbox
/// only shows it (rule `outbox.decided-by-its-owner`).
pub(super) fn page_of(app: &App, message: &Message) -> Option<String> {
    app.gateways.iter().find(|gateway| gateway.kind() == message.kind)?.page(message)
}

/// Takes hold of an owner's message before the owner takes its own rows: whoever notes the end of an attempt goes the
/// same way, and nobody waits for each other.
///
/// # Errors
/// The store's.
pub async fn hold_own(work: &mut Work, kind: &'static str, receiver: &str) -> Result<(), StoreError> {
    store::hold(&mut work.tx, kind, receiver).await
}

/// What the owner of a kind says of its own message, under its own permission and in its own trail. `None`: the log
/// holds no such message any more.
///
/// # Errors
/// [`OutboxError::UnderWay`], [`OutboxError::NotNow`].
pub async fn say_of_own(
    work: &mut Work,
    kind: &'static str,
    receiver: &str,
    word: Word,
) -> Result<Option<MessageState>, ActionError> {
    let Some(message) = store::latest(&mut work.tx, kind, receiver).await? else { return Ok(None) };
    let refused = OutboxError::NotNow { state: message.state.as_str(), word: word.as_str() };
    let state = message.state.after(word).ok_or(refused)?;
    let now = work.now;
    if !store::say_idle(&mut work.tx, &message, state, now).await? {
        return Err(OutboxError::UnderWay.into());
    }
    notice::settle(work, &thing(message.id)).await?;
    Ok(Some(state))
}

fn action_of(word: Word) -> &'static str {
    match word {
        Word::SendAgain => "outbox.again",
        Word::Arrived => "outbox.arrived",
        Word::Drop => "outbox.drop",
    }
}

/// By which the notices about a message fall away.
pub(super) fn thing(id: i64) -> String {
    format!("outbox:{id}")
}

/// Whether a person must look at it.
pub(super) fn needs_person(state: MessageState) -> bool {
    match state {
        MessageState::Dead | MessageState::Unknown => true,
        MessageState::Waiting | MessageState::Sent | MessageState::Dropped => false,
    }
}
