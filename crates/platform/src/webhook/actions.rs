//! What people do about webhooks (事件推送用例), and what happens with every event.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde_json::{Value as Json, json};

use super::model::Webhook;
use super::{KIND, TEST, WEBHOOK_MANAGE, store};
use crate::app::App;
use crate::audit::Entry;
use crate::error::{ActionError, FieldError, Refusal, RefusalKind, Refused};
use crate::event::Event;
use crate::outbox::http::{Target, TargetError};
use crate::outbox::{self, Outgoing};
use crate::web::Token;
use crate::work::Work;

/// The longest name.
const MAX_NAME: usize = 60;
/// How every secret begins: whoever finds one in a log or a repository knows what it is.
const PREFIX: &str = "whsec_";

/// A subscription that somebody wants (推送申请).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewWebhook {
    /// What it is for.
    pub name: String,
    /// Where it is sent.
    pub url: String,
    /// The kinds of events.
    pub kinds: BTreeSet<String>,
}

/// Why there is no such subscription (推送类拒绝).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WebhookError {
    /// It has no name, or too long a one.
    #[error("no name")]
    Name,
    /// Its address is none that is called.
    #[error("{0}")]
    Url(TargetError),
    /// It is told of nothing.
    #[error("no kind of event")]
    NoKind,
    /// There is no such kind of event.
    #[error("no event {0}")]
    UnknownKind(String),
    /// There are as many as there may be.
    #[error("{most} webhooks")]
    TooMany {
        /// The most.
        most: i64,
    },
    /// There is no such subscription.
    #[error("no such webhook")]
    Unknown,
}

impl Refusal for WebhookError {
    fn refused(&self) -> Refused {
        let form = |error: FieldError| Refused::form(vec![error]);
        match self {
            Self::Name => form(FieldError::new("name", "webhook-name").with("most", MAX_NAME)),
            Self::Url(error) => form(FieldError::new("url", error.code())),
            Self::NoKind => form(FieldError::new("kind", "webhook-no-kind")),
            Self::UnknownKind(kind) => form(FieldError::new("kind", "webhook-unknown-kind").with("kind", kind)),
            Self::TooMany { most } => Refused::new(RefusalKind::Conflict, "webhook-too-many").with("most", most),
            Self::Unknown => Refused::new(RefusalKind::NotFound, "unknown-thing").with("what", "webhook"),
        }
    }
}

/// The kinds of events that capabilities offer, in their order.
pub(super) fn kinds(app: &App) -> Vec<&'static str> {
    app.capabilities.iter().flat_map(|capability| capability.events()).copied().collect()
}

fn check(app: &App, new: &NewWebhook) -> Result<NewWebhook, WebhookError> {
    let name = new.name.trim();
    if name.is_empty() || name.chars().count() > MAX_NAME || name.chars().any(char::is_control) {
        return Err(WebhookError::Name);
    }
    let url = new.url.trim();
    Target::parse(url).map_err(WebhookError::Url)?;
    if new.kinds.is_empty() {
        return Err(WebhookError::NoKind);
    }
    let known = kinds(app);
    match new.kinds.iter().find(|kind| !known.contains(&kind.as_str())) {
        Some(unknown) => Err(WebhookError::UnknownKind(unknown.clone())),
        None => Ok(NewWebhook { name: name.to_owned(), url: url.to_owned(), kinds: new.kinds.clone() }),
    }
}

/// Makes a subscription; what comes back is its secret, shown once.
///
/// # Errors
/// Denied; [`WebhookError`]; no key to seal the secret with.
pub async fn make(work: &mut Work, new: &NewWebhook) -> Result<(i64, String), ActionError> {
    work.authorise(WEBHOOK_MANAGE)?;
    let new = check(&work.app, new)?;
    if i64::try_from(store::all(&mut work.tx).await?.len()).unwrap_or(i64::MAX) >= store::MOST {
        return Err(WebhookError::TooMany { most: store::MOST }.into());
    }
    let id = work.next_id();
    let (secret, sealed) = secret_for(work, id)?;
    let NewWebhook { name, url, kinds } = new;
    let webhook = Webhook { id, name, url, kinds, active: true, created_at: work.now, version: 1 };
    let by = work.actor.recorded_by();
    store::insert(&mut work.tx, &webhook, sealed, by).await?;
    work.audit(Entry::new(None, "webhook.make", subject(id)).after(said(&webhook))).await?;
    Ok((id, secret))
}

/// A fresh secret and its seal.
fn secret_for(work: &Work, id: i64) -> Result<(String, Vec<u8>), ActionError> {
    let secret = format!("{PREFIX}{}", Token::new().expose());
    let sealed = work.app.vault()?.seal_bytes(store::place(&id.to_string()), secret.as_bytes());
    Ok((secret, sealed))
}

fn subject(id: i64) -> String {
    format!("webhook:{id}")
}

/// What the audit trail says of it: the host, not the whole address, which may hold a secret of the receiver's.
fn said(webhook: &Webhook) -> Json {
    let host = Target::parse(&webhook.url).map(|target| target.host().to_owned()).unwrap_or_default();
    json!({"name": webhook.name, "host": host, "kinds": webhook.kinds, "active": webhook.active})
}

/// Changes name, address and kinds.
///
/// # Errors
/// Denied; [`WebhookError`]; changed meanwhile.
pub async fn change(work: &mut Work, id: i64, seen: i64, new: &NewWebhook) -> Result<(), ActionError> {
    work.authorise(WEBHOOK_MANAGE)?;
    let new = check(&work.app, new)?;
    let before = load(work, id).await?;
    let after = Webhook { name: new.name, url: new.url, kinds: new.kinds, version: seen, ..before.clone() };
    save(work, &before, &after).await
}

/// Pauses a subscription or lets it go on. Pausing drops what waits for it: nothing is told late.
///
/// # Errors
/// Denied; [`WebhookError::Unknown`].
pub async fn set_active(work: &mut Work, id: i64, active: bool) -> Result<(), ActionError> {
    work.authorise(WEBHOOK_MANAGE)?;
    let before = load(work, id).await?;
    if before.active == active {
        return Ok(());
    }
    if !active {
        let now = work.now;
        outbox::store::drop_waiting(&mut work.tx, &before.receiver(), now).await?;
    }
    save(work, &before, &Webhook { active, ..before.clone() }).await
}

async fn save(work: &mut Work, before: &Webhook, after: &Webhook) -> Result<(), ActionError> {
    let now = work.now;
    store::change(&mut work.tx, after, now).await?;
    let entry = Entry::new(None, "webhook.change", subject(after.id)).before(said(before)).after(said(after));
    Ok(work.audit(entry).await?)
}

pub(super) async fn load(work: &mut Work, id: i64) -> Result<Webhook, ActionError> {
    Ok(store::webhook(&mut work.tx, id).await?.ok_or(WebhookError::Unknown)?)
}

/// Takes another secret; what waits is signed with it.
///
/// # Errors
/// Denied; [`WebhookError::Unknown`].
pub async fn renew_secret(work: &mut Work, id: i64) -> Result<String, ActionError> {
    work.authorise(WEBHOOK_MANAGE)?;
    load(work, id).await?;
    let (secret, sealed) = secret_for(work, id)?;
    let now = work.now;
    store::set_secret(&mut work.tx, id, sealed, now).await?;
    work.audit(Entry::new(None, "webhook.secret", subject(id))).await?;
    Ok(secret)
}

/// Sends an event about nothing, to see whether it arrives.
///
/// # Errors
/// Denied; [`WebhookError::Unknown`].
pub async fn test(work: &mut Work, id: i64) -> Result<(), ActionError> {
    work.authorise(WEBHOOK_MANAGE)?;
    let webhook = load(work, id).await?;
    let (key, now, on) = (work.next_id(), work.now, work.business_date);
    let body = body(key, TEST, now, &json!({"subject": subject(id), "effective_on": on, "payload": {}}));
    outbox::put(work, vec![outgoing(&webhook, key, TEST, &subject(id), body)]).await?;
    Ok(work.audit(Entry::new(None, "webhook.test", subject(id))).await?)
}

fn outgoing(webhook: &Webhook, id: i64, kind: &str, subject: &str, body: String) -> Outgoing {
    Outgoing {
        kind: KIND,
        receiver: webhook.receiver(),
        about: format!("{kind} {subject}"),
        send_key: id.to_string(),
        body,
    }
}

/// The body of a message: what every kind has, and the facts of this one.
fn body(id: i64, kind: &str, now: Timestamp, facts: &Json) -> String {
    let mut body = json!({"id": id.to_string(), "kind": kind, "recorded_at": now});
    if let (Some(body), Some(facts)) = (body.as_object_mut(), facts.as_object()) {
        body.extend(facts.clone());
    }
    body.to_string()
}

/// Whole numbers beyond 2^53, which are keys, as text: many languages read them inexactly.
fn exact(value: Json) -> Json {
    match value {
        Json::Number(number) if number.as_i64().is_some_and(|n| n.unsigned_abs() > 1 << 53) => {
            json!(number.to_string())
        }
        Json::Array(all) => Json::Array(all.into_iter().map(exact).collect()),
        Json::Object(all) => Json::Object(all.into_iter().map(|(name, value)| (name, exact(value))).collect()),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => value,
    }
}

/// Puts the messages of these events into the outbox, in their transaction.
///
/// Rule `webhook.no-personal-data`: a message holds the kind, keys, dates and the facts of the event, which name nobody.
pub(crate) async fn on_events(work: &mut Work, events: &[(i64, &Event)]) -> Result<(), ActionError> {
    if events.is_empty() {
        return Ok(());
    }
    let told = store::active(&mut work.tx).await?;
    if told.is_empty() {
        return Ok(());
    }
    let now = work.now;
    let mut all = Vec::new();
    for (id, event) in events {
        for webhook in told.iter().filter(|webhook| webhook.kinds.contains(event.kind)) {
            let customer = (event.customer.0 > 0).then_some(event.customer);
            let facts =
                exact(json!({"customer": customer, "subject": event.subject, "effective_on": event.effective_on,
                "payload": event.payload}));
            let body = body(*id, event.kind, now, &facts);
            all.push(outgoing(webhook, *id, event.kind, &event.subject, body));
        }
    }
    Ok(outbox::put(work, all).await?)
}
