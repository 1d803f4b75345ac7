//! The gateway of webhooks: loads the subscription, signs with its secret of now, posts.

use axum::http::{HeaderName, HeaderValue, header};

use super::model::{SIGNATURE_HEADER, Webhook, id_of, sign};
use super::{KIND, TEST, store};
use crate::app::App;
use crate::error::ActionError;
use crate::event::BoxFuture;
use crate::outbox::http::{CallError, Target, post};
use crate::outbox::{Delivery, Gateway, Message, OutboxRules, Outcome, WhenUnknown};

/// Events to other systems (事件推送通道).
#[derive(Debug, Clone, Copy)]
pub struct WebhookGateway;

impl Gateway for WebhookGateway {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn when_unknown(&self) -> WhenUnknown {
        WhenUnknown::Repeat
    }

    fn send<'a>(&'a self, app: &'a App, message: &'a Message, rules: &'a OutboxRules) -> BoxFuture<'a, Delivery> {
        Box::pin(async move {
            match prepare(app, message).await {
                Ok(Some((webhook, secret))) => deliver(app, message, rules, &webhook, &secret).await,
                Ok(None) => Delivery::new(Outcome::Refused, "the webhook is gone or paused"),
                Err(error) => {
                    tracing::error!(%error, message = message.id, "a webhook could not be prepared");
                    Delivery::new(Outcome::Failed, "the webhook could not be read; the log says why")
                }
            }
        })
    }
}

async fn prepare(app: &App, message: &Message) -> Result<Option<(Webhook, String)>, ActionError> {
    let Some(id) = id_of(&message.receiver) else { return Ok(None) };
    let mut tx = app.db.read().await?;
    let found = (store::webhook(&mut tx, id).await?, store::secret(&mut tx, id).await?);
    tx.rollback().await?;
    let (Some(webhook), Some(sealed)) = found else { return Ok(None) };
    // A test goes out before anything else may.
    if !webhook.active && !message.about.starts_with(TEST) {
        return Ok(None);
    }
    let secret = app.vault()?.open_bytes(store::place(&id.to_string()), &sealed)?;
    Ok(Some((webhook, String::from_utf8_lossy(&secret).into_owned())))
}

async fn deliver(app: &App, message: &Message, rules: &OutboxRules, webhook: &Webhook, secret: &str) -> Delivery {
    let Ok(target) = Target::parse(&webhook.url) else {
        return Delivery::new(Outcome::Refused, "the address cannot be read");
    };
    let kind = message.about.split(' ').next().unwrap_or("");
    let signature = sign(secret, app.clock.now().as_second(), &message.body);
    let texts = [
        (header::CONTENT_TYPE, "application/json".to_owned()),
        (header::USER_AGENT, concat!("Loanward/", env!("CARGO_PKG_VERSION")).to_owned()),
        (HeaderName::from_static("idempotency-key"), message.send_key.clone()),
        (HeaderName::from_static("loanward-event"), kind.to_owned()),
        (HeaderName::from_static(SIGNATURE_HEADER), signature),
    ];
    let header = |(name, text): (HeaderName, String)| Some((name, HeaderValue::from_str(&text).ok()?));
    let headers: Vec<(HeaderName, HeaderValue)> = texts.into_iter().filter_map(header).collect();
    match post(&target, &headers, message.body.clone(), rules.reach, rules.patience()).await {
        Ok(reply) => {
            let outcome = if reply.status.is_success() { Outcome::Delivered } else { Outcome::Failed };
            let status = Some(i64::from(reply.status.as_u16()));
            Delivery { status, ..Delivery::new(outcome, reply.content_type) }
        }
        Err(error @ CallError::Forbidden(_)) => Delivery::new(Outcome::Refused, error.to_string()),
        Err(error @ CallError::Unreachable(_)) => Delivery::new(Outcome::Failed, error.to_string()),
        Err(error @ CallError::NoAnswer(_)) => Delivery::new(Outcome::Unknown, error.to_string()),
    }
}
