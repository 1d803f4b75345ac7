//! Messages to debtors and where they stand. Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use jiff::Timestamp;
use jiff::civil::Date;
use platform::contact_gate::{Channel, Purpose};
use platform::duty::ContactId;
use platform::{id_type, stored_as_text};
use servicing::loan::model::LoanKey;

use customers::contact_point::model::ContactPointId;

use crate::guard::model::AllowanceId;

id_type!(MessageId, "The key of a message to a debtor (短信与邮件).");

/// What a message says (消息种类): the template of the policy with the same name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MessageKind {
    /// 逾期提醒 (S4-09).
    EarlyReminder,
    /// 到期前还款提醒 (S1-35).
    RepaymentReminder,
    /// 还款承诺确认.
    PromiseConfirmation,
}

impl MessageKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::EarlyReminder, Self::RepaymentReminder, Self::PromiseConfirmation];

    /// Its name in data, and the template of the policy.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::EarlyReminder => "early_reminder",
            Self::RepaymentReminder => "repayment_reminder",
            Self::PromiseConfirmation => "promise_confirmation",
        }
    }

    /// Reads its name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    /// The message with its title.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::EarlyReminder => "message-early-reminder",
            Self::RepaymentReminder => "message-repayment-reminder",
            Self::PromiseConfirmation => "message-promise-confirmation",
        }
    }

    /// What it is for: before the due date nothing is collected.
    #[must_use]
    pub fn purpose(self) -> Purpose {
        match self {
            Self::RepaymentReminder => Purpose::Care,
            Self::EarlyReminder | Self::PromiseConfirmation => Purpose::Collect,
        }
    }
}
stored_as_text!(MessageKind, "kind of a message");

/// Where a message stands (消息状态).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MessageState {
    /// 待发送: at once, or from the next lawful minute on.
    Waiting,
    /// 已送出: the carrier took it.
    Sent,
    /// 已送达: the carrier says that it arrived, or a person does.
    Delivered,
    /// 未送达.
    Failed,
    /// 结果不明: it may have gone out, and nobody knows.
    Unknown,
    /// 未发送: kept back by a rule, or by a person.
    Withdrawn,
}

impl MessageState {
    /// Every state.
    pub const ALL: [Self; 6] =
        [Self::Waiting, Self::Sent, Self::Delivered, Self::Failed, Self::Unknown, Self::Withdrawn];

    /// Its name in data.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Sent => "sent",
            Self::Delivered => "delivered",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// Reads its name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }
}
stored_as_text!(MessageState, "state of a message");

/// What a carrier tells later (状态报告).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Receipt {
    /// It arrived.
    Delivered,
    /// It did not.
    Failed,
}

impl Receipt {
    /// Its name in data.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Delivered => "delivered",
            Self::Failed => "failed",
        }
    }

    /// Reads its name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Delivered, Self::Failed].into_iter().find(|one| one.as_str() == text)
    }
}
stored_as_text!(Receipt, "receipt of a message");

/// What a person says of a message (人工处置).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// 重发: another message is written in its place.
    Again,
    /// 已核实送达.
    Arrived,
    /// 不再发送.
    Lost,
    /// 撤回: it is not sent.
    Withdraw,
}

impl Decision {
    /// Every decision.
    pub const ALL: [Self; 4] = [Self::Again, Self::Arrived, Self::Lost, Self::Withdraw];

    /// Its name in data.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Again => "again",
            Self::Arrived => "arrived",
            Self::Lost => "lost",
            Self::Withdraw => "withdraw",
        }
    }

    /// Reads its name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == text)
    }
}
stored_as_text!(Decision, "decision on a message");

/// What a person decided, and why (处置).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided {
    /// What.
    pub decision: Decision,
    /// Why.
    pub reason: String,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: i64,
}

/// A message to a debtor (短信与邮件) as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DebtorMessage {
    /// Its key.
    pub id: MessageId,
    /// What it is about.
    pub loan: LoanKey,
    /// What it says.
    pub kind: MessageKind,
    /// By which channel.
    pub channel: Channel,
    /// To which contact point.
    pub point: ContactPointId,
    /// Its words, of the day on which it leaves.
    pub body: String,
    /// Their day.
    pub body_on: Date,
    /// Where it stands.
    pub state: MessageState,
    /// What the carrier told later.
    pub receipt: Option<Receipt>,
    /// The rule that put it off or keeps it back.
    pub rule: Option<String>,
    /// Its article.
    pub article: Option<String>,
    /// Until when it was put off.
    pub not_before: Option<Timestamp>,
    /// When it went out, or may have.
    pub sent_at: Option<Timestamp>,
    /// The contact that the guard let through.
    pub allowance: Option<AllowanceId>,
    /// The contact that it was.
    pub contact: Option<ContactId>,
    /// By which the provider knows it.
    pub provider_ref: Option<String>,
    /// The message that it repeats.
    pub again_of: Option<MessageId>,
    /// What a person decided.
    pub decided: Option<Decided>,
    /// The business date of its composing.
    pub composed_on: Date,
    /// When it was composed.
    pub recorded_at: Timestamp,
    /// By whom.
    pub by: i64,
    /// Rises with every change.
    pub version: i64,
}

/// The thing that a message is for audit, notices and the outbox.
#[must_use]
pub fn subject_of(id: MessageId) -> String {
    format!("message:{id}")
}

impl DebtorMessage {
    /// The thing for audit and notices.
    #[must_use]
    pub fn subject(&self) -> String {
        subject_of(self.id)
    }

    /// Its page.
    #[must_use]
    pub fn page(&self) -> String {
        format!("/messages/{}", self.id)
    }
}
