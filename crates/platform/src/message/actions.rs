//! What administrators do about gateways (通道设置用例).

use serde_json::{Value as Json, json};

use super::model::{Carrier, MessageGateway, Security, Wish};
use super::{GATEWAY_MANAGE, store};
use crate::app::App;
use crate::audit::Entry;
use crate::db::StoreError;
use crate::duty::Channel;
use crate::error::{ActionError, Refusal, RefusalKind, Refused};
use crate::outbox::http::Target;
use crate::web::Token;
use crate::work::Work;

/// How every key begins: whoever finds one in a log or a repository knows what it is.
const PREFIX: &str = "msgsec_";

/// Why nothing is done about a gateway (通道类拒绝).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GatewayError {
    /// The channel has none.
    #[error("no gateway for {channel}")]
    None {
        /// The channel.
        channel: &'static str,
    },
    /// Only what is carried by HTTP is signed.
    #[error("it signs nothing")]
    NoKey,
}

impl Refusal for GatewayError {
    fn refused(&self) -> Refused {
        match self {
            Self::None { channel } => Refused::new(RefusalKind::Conflict, "gateway-none").with("channel", channel),
            Self::NoKey => Refused::new(RefusalKind::Conflict, "gateway-no-key"),
        }
    }
}

/// What the audit trail says of it: the host, not the whole address, which may hold a secret of the provider's.
fn said(one: &MessageGateway) -> Json {
    let target = match one.carrier {
        Carrier::Http => Target::parse(&one.target).map(|target| target.host().to_owned()).unwrap_or_default(),
        Carrier::Smtp | Carrier::File => one.target.clone(),
    };
    json!({"carrier": one.carrier.as_str(), "target": target, "security": one.security.as_str(),
        "account": one.account, "sender": one.sender, "active": one.active})
}

fn subject(channel: Channel) -> String {
    format!("message_gateway:{}", channel.as_str())
}

/// Sets the gateway of a channel; `seen` is the version that the person had on the screen, 0 for none. What comes back
/// is the key that signs, shown once, when a new one was made.
///
/// # Errors
/// Denied; all fields that are wrong; the store's `Stale`; no key to seal with.
pub async fn save(work: &mut Work, channel: Channel, seen: i64, wish: &Wish) -> Result<Option<String>, ActionError> {
    work.authorise(GATEWAY_MANAGE)?;
    let wrong = wish.check(channel);
    if !wrong.is_empty() {
        return Err(Refused::form(wrong).into());
    }
    let before = store::of(&mut work.tx, channel).await?;
    let known = store::secret(&mut work.tx, channel).await?;
    let carrier = wish.carrier.unwrap_or(Carrier::File);
    let same = before.as_ref().is_some_and(|before| before.carrier == carrier);
    let (key, secret) = match carrier {
        Carrier::Http if same && known.is_some() => (None, known),
        Carrier::Http => {
            let key = new_key();
            let sealed = seal(work, channel, &key)?;
            (Some(key), Some(sealed))
        }
        // A password stays with the server, the account and the way that it was given for, and goes to no other.
        Carrier::Smtp if wish.password.is_empty() => {
            (None, known.filter(|_| same && keeps_secret(before.as_ref(), wish)))
        }
        Carrier::Smtp => (None, Some(seal(work, channel, &wish.password)?)),
        Carrier::File => (None, None),
    };
    let after = MessageGateway {
        channel,
        carrier,
        target: wish.target.trim().to_owned(),
        security: wish.security.unwrap_or(Security::Tls),
        account: wish.account.trim().to_owned(),
        sender: wish.sender.trim().to_owned(),
        active: before.as_ref().is_some_and(|before| before.active),
        changed_at: work.now,
        version: seen,
    };
    let entry = Entry::new(None, "gateway.change", subject(channel)).after(said(&after));
    match &before {
        None => store::insert(work, &after, secret).await?,
        Some(_) => store::change(work, &after, secret).await?,
    }
    work.audit(match &before {
        None => entry,
        Some(before) => entry.before(said(before)),
    })
    .await?;
    Ok(key)
}

fn keeps_secret(before: Option<&MessageGateway>, wish: &Wish) -> bool {
    before.is_some_and(|before| {
        before.target == wish.target.trim()
            && before.account == wish.account.trim()
            && Some(before.security) == wish.security
    })
}

fn new_key() -> String {
    format!("{PREFIX}{}", Token::new().expose())
}

fn seal(work: &Work, channel: Channel, secret: &str) -> Result<Vec<u8>, ActionError> {
    Ok(work.app.vault()?.seal_bytes(store::place(channel.as_str()), secret.as_bytes()))
}

/// The secret in clear, for use inside the program.
pub(super) fn open(app: &App, channel: Channel, sealed: &[u8]) -> Result<String, ActionError> {
    let bytes = app.vault()?.open_bytes(store::place(channel.as_str()), sealed)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

pub(super) async fn load(work: &mut Work, channel: Channel) -> Result<MessageGateway, ActionError> {
    Ok(store::of(&mut work.tx, channel).await?.ok_or(GatewayError::None { channel: channel.as_str() })?)
}

/// Lets a gateway send, or pauses it: what waits stays and is tried again later.
///
/// # Errors
/// Denied; [`GatewayError::None`].
pub async fn set_active(work: &mut Work, channel: Channel, active: bool) -> Result<(), ActionError> {
    work.authorise(GATEWAY_MANAGE)?;
    let before = load(work, channel).await?;
    if before.active == active {
        return Ok(());
    }
    let secret = store::secret(&mut work.tx, channel).await?;
    let after = MessageGateway { active, changed_at: work.now, ..before.clone() };
    store::change(work, &after, secret).await?;
    let entry = Entry::new(None, "gateway.change", subject(channel)).before(said(&before)).after(said(&after));
    Ok(work.audit(entry).await?)
}

/// Takes another key; what waits is signed with it, and receipts that the old one signs are refused.
///
/// # Errors
/// Denied; [`GatewayError`].
pub async fn renew_key(work: &mut Work, channel: Channel) -> Result<String, ActionError> {
    work.authorise(GATEWAY_MANAGE)?;
    let before = load(work, channel).await?;
    if before.carrier != Carrier::Http {
        return Err(GatewayError::NoKey.into());
    }
    let key = new_key();
    let secret = seal(work, channel, &key)?;
    store::change(work, &MessageGateway { changed_at: work.now, ..before }, Some(secret)).await?;
    work.audit(Entry::new(None, "gateway.key", subject(channel))).await?;
    Ok(key)
}

/// Whether messages go out by this channel.
///
/// # Errors
/// The store's.
pub async fn is_on(work: &mut Work, channel: Channel) -> Result<bool, StoreError> {
    Ok(store::of(&mut work.tx, channel).await?.is_some_and(|one| one.active))
}
