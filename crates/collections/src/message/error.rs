//! What the use cases of messages refuse.

use platform::error::{Refusal, RefusalKind, Refused};

use super::rules::{RULE_DECIDED, RULE_ONE_WAITING};

/// Why nothing is done about a message (消息类拒绝).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MessageError {
    /// There is no such message, or not for this person.
    #[error("no such message")]
    NotFound,
    /// Somebody else changed it since it was read.
    #[error("the message was changed meanwhile")]
    Changed,
    /// The debtor has no number or address for this channel.
    #[error("no contact point for {channel}")]
    NoPoint {
        /// The channel.
        channel: &'static str,
    },
    /// One of this kind about this loan waits already.
    #[error("one waits already")]
    Waiting,
    /// There is no promise to confirm.
    #[error("no open promise")]
    NoPromise,
    /// The policy has no words for it.
    #[error("no template {template}")]
    NoTemplate {
        /// The template.
        template: &'static str,
    },
    /// The guard lets nothing through, now or later.
    #[error("the guard refuses it: {rule}")]
    Guarded {
        /// The rule.
        rule: String,
        /// Its article.
        article: Option<String>,
    },
    /// That cannot be said of it as it stands.
    #[error("that cannot be said of it now")]
    NotNow,
    /// A decision needs its reason.
    #[error("no reason")]
    NoReason,
}

impl Refusal for MessageError {
    fn refused(&self) -> Refused {
        let conflict = |code| Refused::new(RefusalKind::Conflict, code);
        match self {
            Self::NotFound => Refused::new(RefusalKind::NotFound, "message-not-found"),
            Self::Changed => conflict("message-changed"),
            Self::NoPoint { channel } => conflict("message-no-point").with("channel", channel),
            Self::Waiting => conflict("message-waiting").under(RULE_ONE_WAITING, None),
            Self::NoPromise => conflict("message-no-promise"),
            Self::NoTemplate { template } => conflict("message-no-template").with("template", template),
            Self::Guarded { rule, article } => conflict("message-guarded").under(rule, article.clone()),
            Self::NotNow => conflict("message-not-now").under(RULE_DECIDED, None),
            Self::NoReason => Refused::form(vec![platform::error::FieldError::new("reason", "reason-empty")]),
        }
    }
}
