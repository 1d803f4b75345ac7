//! What a contact came to, in codes that a collector gives by a number key. Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use platform::contact_gate::Channel;
use platform::stored_as_text;

/// What a contact came to (联系结果).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ContactResult {
    /// 承诺还款: pays an amount by a time.
    Promised,
    /// 已还，待核: says that it was paid.
    PaidUnverified,
    /// 无力偿还: willing, not able.
    Unable,
    /// 拒绝偿还: says that it will not pay.
    Refused,
    /// 有异议: disputes the debt or complains.
    Disputed,
    /// 约定再联系: asked to be contacted at another time.
    CallAgain,
    /// 他人接听: somebody else answered.
    AnsweredByOther,
    /// 无人接听.
    NoAnswer,
    /// 拒接、挂断.
    Rejected,
    /// 关机.
    PoweredOff,
    /// 停机.
    Suspended,
    /// 空号.
    NotInUse,
    /// 被拦截: a filter of the other side keeps calls away.
    Blocked,
    /// 已送出: a message or letter is on its way.
    Sent,
    /// 未能送出.
    NotSent,
}

impl ContactResult {
    /// Every result; the first nine stand on the keys 1 to 9 of a call.
    pub const ALL: [Self; 15] = [
        Self::Promised,
        Self::PaidUnverified,
        Self::Unable,
        Self::Refused,
        Self::Disputed,
        Self::NoAnswer,
        Self::NotInUse,
        Self::AnsweredByOther,
        Self::CallAgain,
        Self::Rejected,
        Self::PoweredOff,
        Self::Suspended,
        Self::Blocked,
        Self::Sent,
        Self::NotSent,
    ];

    /// Its name in data.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Promised => "promised",
            Self::PaidUnverified => "paid-unverified",
            Self::Unable => "unable",
            Self::Refused => "refused",
            Self::Disputed => "disputed",
            Self::CallAgain => "call-again",
            Self::AnsweredByOther => "answered-by-other",
            Self::NoAnswer => "no-answer",
            Self::Rejected => "rejected",
            Self::PoweredOff => "powered-off",
            Self::Suspended => "suspended",
            Self::NotInUse => "not-in-use",
            Self::Blocked => "blocked",
            Self::Sent => "sent",
            Self::NotSent => "not-sent",
        }
    }

    /// Reads its name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|result| result.as_str() == text)
    }

    /// Whether somebody answered: an effective contact, which the daily limit counts.
    #[must_use]
    pub fn connected(self) -> bool {
        match self {
            Self::Promised
            | Self::PaidUnverified
            | Self::Unable
            | Self::Refused
            | Self::Disputed
            | Self::CallAgain
            | Self::AnsweredByOther => true,
            Self::NoAnswer
            | Self::Rejected
            | Self::PoweredOff
            | Self::Suspended
            | Self::NotInUse
            | Self::Blocked
            | Self::Sent
            | Self::NotSent => false,
        }
    }

    /// Whether it can come of a contact by this channel.
    #[must_use]
    pub fn fits(self, channel: Channel) -> bool {
        let written = matches!(self, Self::Sent | Self::NotSent);
        match channel {
            Channel::Phone => !written,
            Channel::Sms | Channel::Message | Channel::Email | Channel::Letter => written,
            Channel::Visit => self.connected() || self == Self::NoAnswer,
        }
    }

    /// Whether the debtor himself was reached: not somebody else.
    #[must_use]
    pub fn reached(self) -> bool {
        self.connected() && self != Self::AnsweredByOther
    }
}
stored_as_text!(ContactResult, "result of a contact");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn off_stopped_unanswered_blocked_and_rejected_are_told_apart() {
        // S2.4-12
        let silent = ["powered-off", "suspended", "no-answer", "blocked", "rejected"]
            .map(|name| ContactResult::parse(name).unwrap());
        assert!(silent.iter().all(|result| !result.connected()));
        assert_eq!(silent.map(ContactResult::as_str).len(), 5);
    }

    #[test]
    fn somebody_else_on_the_line_counts_as_connected_and_reaches_nobody() {
        let other = ContactResult::AnsweredByOther;
        assert!(other.connected() && !other.reached());
    }
}
