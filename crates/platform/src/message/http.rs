//! Messages to a provider by HTTP (短信网关): a signed POST with a key against repetition; `docs/gateways.md`.

use axum::http::{HeaderName, HeaderValue, StatusCode, header};

use super::carry::Parcel;
use super::model::MessageGateway;
use crate::app::App;
use crate::outbox::http::{CallError, Reply, Target, post_and_read};
use crate::outbox::{Delivery, OutboxRules, Outcome};
use crate::webhook::{SIGNATURE_HEADER, sign};

/// The longest answer that is read.
const MOST: usize = 4_096;
/// The longest number that a provider gives a message.
const MAX_REFERENCE: usize = 100;

pub(super) async fn send(
    app: &App,
    parcel: &Parcel,
    one: &MessageGateway,
    secret: &str,
    rules: &OutboxRules,
) -> Delivery {
    let Ok(target) = Target::parse(&one.target) else {
        return Delivery::new(Outcome::Refused, "the address cannot be read");
    };
    let body = parcel.json(&one.sender).to_string();
    let texts = [
        (header::CONTENT_TYPE, "application/json".to_owned()),
        (header::USER_AGENT, concat!("Loanward/", env!("CARGO_PKG_VERSION")).to_owned()),
        (HeaderName::from_static("idempotency-key"), parcel.key.clone()),
        (HeaderName::from_static(SIGNATURE_HEADER), sign(secret, app.clock.now().as_second(), &body)),
    ];
    let header = |(name, text): (HeaderName, String)| Some((name, HeaderValue::from_str(&text).ok()?));
    let headers: Vec<(HeaderName, HeaderValue)> = texts.into_iter().filter_map(header).collect();
    match post_and_read(&target, &headers, body, rules.reach, rules.patience(), MOST).await {
        Ok(reply) => said(&reply),
        Err(error @ CallError::Forbidden(_)) => Delivery::new(Outcome::Refused, error.to_string()),
        Err(error @ CallError::Unreachable(_)) => Delivery::new(Outcome::Failed, error.to_string()),
        Err(error @ CallError::NoAnswer(_)) => Delivery::new(Outcome::Unknown, error.to_string()),
    }
}

/// What an answer means: taken, never taken, or not now.
fn said(reply: &Reply) -> Delivery {
    let status = reply.status;
    let not_now = matches!(status, StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_EARLY | StatusCode::TOO_MANY_REQUESTS);
    // The address or the key is wrong: every message would fare the same, none is at fault.
    let shut = status.is_redirection()
        || matches!(
            status,
            StatusCode::UNAUTHORIZED
                | StatusCode::FORBIDDEN
                | StatusCode::NOT_FOUND
                | StatusCode::METHOD_NOT_ALLOWED
                | StatusCode::PROXY_AUTHENTICATION_REQUIRED
        );
    let outcome = if status.is_success() {
        Outcome::Delivered
    } else if not_now || shut || status.is_server_error() {
        Outcome::Failed
    } else {
        Outcome::Refused
    };
    let reference = reference(&reply.content).filter(|_| outcome == Outcome::Delivered);
    let answer = reply.content_type.clone();
    Delivery { status: Some(i64::from(status.as_u16())), reference, ..Delivery::new(outcome, answer) }
}

/// The provider's own number of the message: `{"id": "…"}`, a text or a whole number.
fn reference(content: &[u8]) -> Option<String> {
    let answer: serde_json::Value = serde_json::from_slice(content).ok()?;
    let id = match answer.get("id")? {
        serde_json::Value::String(text) => text.clone(),
        serde_json::Value::Number(number) => number.to_string(),
        _ => return None,
    };
    let fits = !id.is_empty() && id.chars().count() <= MAX_REFERENCE && !id.chars().any(char::is_control);
    fits.then_some(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_means_taken_never_or_not_now() {
        let rows = [
            (200, Outcome::Delivered),
            (202, Outcome::Delivered),
            (301, Outcome::Failed),
            (400, Outcome::Refused),
            (401, Outcome::Failed),
            (403, Outcome::Failed),
            (404, Outcome::Failed),
            (405, Outcome::Failed),
            (407, Outcome::Failed),
            (409, Outcome::Refused),
            (410, Outcome::Refused),
            (422, Outcome::Refused),
            (408, Outcome::Failed),
            (429, Outcome::Failed),
            (500, Outcome::Failed),
            (503, Outcome::Failed),
        ];
        for (status, outcome) in rows {
            let content = b"{\"id\": 7}".to_vec();
            let status = StatusCode::from_u16(status).unwrap();
            let found = said(&Reply { status, content_type: String::new(), content });
            assert_eq!(found.outcome, outcome, "{status}");
            assert_eq!(found.reference.is_some(), outcome == Outcome::Delivered, "{status}");
        }
    }

    #[test]
    fn only_a_short_plain_number_of_the_provider_is_kept() {
        let long = format!("{{\"id\": \"{}\"}}", "x".repeat(101));
        let rows: [(&[u8], Option<&str>); 6] = [
            (b"{\"id\": \"m-1\"}", Some("m-1")),
            (b"{\"id\": 12}", Some("12")),
            (b"{\"id\": \"a\\nb\"}", None),
            (b"{\"id\": {}}", None),
            (b"ok", None),
            (long.as_bytes(), None),
        ];
        for (content, expected) in rows {
            assert_eq!(reference(content).as_deref(), expected);
        }
    }
}
