//! Clocks of the law over a claim: limitation, guarantee period, and what happened to them. Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use jiff::Timestamp;
use jiff::civil::Date;
use platform::{id_type, stored_as_text};

id_type!(EventId, "The key of an event of limitation (时效事项).");

/// What happened that may matter to a clock (时效事项). Source: Civil Code Art. 195; 法释 on limitation (2020) Art. 8–17.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EventKind {
    /// 催收函送达并签收: a demand on paper was signed for.
    DemandSigned,
    /// 信件或数据电文到达: a letter or message with the demand arrived.
    MessageArrived,
    /// 扣收账户: the lender debited the account under law or contract.
    AccountDebited,
    /// 公告催收: notice in a paper of national or provincial reach; only for a missing debtor.
    PublicNotice,
    /// 部分履行: the debtor paid a part.
    PartPayment,
    /// 分期履行、还款协议: the debtor agreed to a plan.
    PlanAgreed,
    /// 提供担保: the debtor gave new security.
    SecurityGiven,
    /// 请求延期: the debtor asked for time.
    TimeAsked,
    /// 债权转让通知到达: notice of an assignment arrived.
    AssignmentNotice,
    /// 起诉.
    Suit,
    /// 仲裁.
    Arbitration,
    /// 申请支付令.
    PaymentOrder,
    /// 诉前保全.
    Preservation,
    /// 申报破产债权.
    BankruptcyClaim,
    /// 申请强制执行.
    Enforcement,
}

impl EventKind {
    /// Every kind.
    pub const ALL: [Self; 15] = [
        Self::DemandSigned,
        Self::MessageArrived,
        Self::AccountDebited,
        Self::PublicNotice,
        Self::PartPayment,
        Self::PlanAgreed,
        Self::SecurityGiven,
        Self::TimeAsked,
        Self::AssignmentNotice,
        Self::Suit,
        Self::Arbitration,
        Self::PaymentOrder,
        Self::Preservation,
        Self::BankruptcyClaim,
        Self::Enforcement,
    ];

    /// Its name in data.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::DemandSigned => "demand-signed",
            Self::MessageArrived => "message-arrived",
            Self::AccountDebited => "account-debited",
            Self::PublicNotice => "public-notice",
            Self::PartPayment => "part-payment",
            Self::PlanAgreed => "plan-agreed",
            Self::SecurityGiven => "security-given",
            Self::TimeAsked => "time-asked",
            Self::AssignmentNotice => "assignment-notice",
            Self::Suit => "suit",
            Self::Arbitration => "arbitration",
            Self::PaymentOrder => "payment-order",
            Self::Preservation => "preservation",
            Self::BankruptcyClaim => "bankruptcy-claim",
            Self::Enforcement => "enforcement",
        }
    }

    /// Reads its name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    /// Runs until it ends: the clock stands still meanwhile and begins anew at its end.
    #[must_use]
    pub fn is_proceeding(self) -> bool {
        match self {
            Self::Suit
            | Self::Arbitration
            | Self::PaymentOrder
            | Self::Preservation
            | Self::BankruptcyClaim
            | Self::Enforcement => true,
            Self::DemandSigned
            | Self::MessageArrived
            | Self::AccountDebited
            | Self::PublicNotice
            | Self::PartPayment
            | Self::PlanAgreed
            | Self::SecurityGiven
            | Self::TimeAsked
            | Self::AssignmentNotice => false,
        }
    }

    /// Needs somebody who signed.
    #[must_use]
    pub fn is_signed(self) -> bool {
        self == Self::DemandSigned
    }
}
stored_as_text!(EventKind, "kind of an event of limitation");

/// Who signed for a demand (签收人). Source: 法释 on limitation (2020) Art. 8 (1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Signer {
    /// 本人.
    Debtor,
    /// 同住的具有完全行为能力的亲属.
    CoResidentRelative,
    /// 被授权主体.
    Authorised,
    /// 法定代表人.
    LegalRepresentative,
    /// 主要负责人.
    Head,
    /// 负责收发信件的部门.
    MailRoom,
    /// 其他人: neighbours, colleagues, family who live elsewhere.
    Other,
}

impl Signer {
    /// Everybody.
    pub const ALL: [Self; 7] = [
        Self::Debtor,
        Self::CoResidentRelative,
        Self::Authorised,
        Self::LegalRepresentative,
        Self::Head,
        Self::MailRoom,
        Self::Other,
    ];

    /// Its name in data.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Debtor => "debtor",
            Self::CoResidentRelative => "co-resident-relative",
            Self::Authorised => "authorised",
            Self::LegalRepresentative => "legal-representative",
            Self::Head => "head",
            Self::MailRoom => "mail-room",
            Self::Other => "other",
        }
    }

    /// Reads its name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|signer| signer.as_str() == text)
    }

    /// Whether the signature counts as the debtor's.
    #[must_use]
    pub fn binds(self) -> bool {
        match self {
            Self::Debtor
            | Self::CoResidentRelative
            | Self::Authorised
            | Self::LegalRepresentative
            | Self::Head
            | Self::MailRoom => true,
            Self::Other => false,
        }
    }
}
stored_as_text!(Signer, "who signed for a demand");

/// Something that happened to a claim or a guarantee (时效事项记录).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LegalEvent {
    /// The fact that it comes from: `limitation_event:12`, `transaction:34`.
    pub fact: String,
    /// What.
    pub kind: EventKind,
    /// When.
    pub on: Date,
    /// When a proceeding ended; `None` while it runs.
    pub ended_on: Option<Date>,
    /// Who signed, of a demand on paper.
    pub signer: Option<Signer>,
    /// Whether the debtor was missing then.
    pub missing: bool,
    /// Whether the paper says that the debtor agrees to pay (同意履行).
    pub agrees: bool,
}

impl LegalEvent {
    /// An event without anything special.
    #[must_use]
    pub fn new(fact: impl Into<String>, kind: EventKind, on: Date) -> Self {
        Self { fact: fact.into(), kind, on, ended_on: None, signer: None, missing: false, agrees: false }
    }
}

/// What an event did to a clock (时效效果).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// 中断: runs anew, until this day.
    Restarted(Date),
    /// 程序进行中: stands still until the proceeding ends.
    Held,
    /// 重新起算: the defence was given up after the end.
    Revived(Date),
    /// Nothing: the clock had not begun.
    BeforeStart,
    /// Nothing: who signed does not bind the debtor.
    SignerDoesNotBind,
    /// Nothing: a notice in the papers counts only while the debtor is missing.
    NotMissing,
    /// Nothing: the limitation had ended.
    AfterExpiry,
    /// Nothing: a proceeding holds the clock already.
    HeldAlready,
}

impl Effect {
    /// The end of its message `limitation-effect-…`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Restarted(_) => "restarted",
            Self::Held => "held",
            Self::Revived(_) => "revived",
            Self::BeforeStart => "before-start",
            Self::SignerDoesNotBind => "signer",
            Self::NotMissing => "not-missing",
            Self::AfterExpiry => "after-expiry",
            Self::HeldAlready => "held-already",
        }
    }
}

/// Where a limitation stands (诉讼时效状态).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClockState {
    /// The last instalment is not due yet.
    NotBegun,
    /// Runs, and ends with this day.
    Running {
        /// The last day.
        until: Date,
    },
    /// A proceeding holds it.
    Held {
        /// Since when.
        since: Date,
    },
    /// Ended with this day: the debtor may refuse.
    Expired {
        /// The last day.
        on: Date,
    },
}

impl ClockState {
    /// The end of its message `limitation-state-…`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::NotBegun => "not-begun",
            Self::Running { .. } => "running",
            Self::Held { .. } => "held",
            Self::Expired { .. } => "expired",
        }
    }
}

/// A limitation and how it came to stand so (诉讼时效).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limitation {
    /// The day that it runs from: the last instalment's due date.
    pub from: Date,
    /// Where it stands.
    pub state: ClockState,
    /// The day beyond which no interruption helps.
    pub absolute: Date,
    /// What each event did, in order.
    pub steps: Vec<(LegalEvent, Effect)>,
}

/// Where a guarantee stands (保证期间状态).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GuaranteeState {
    /// The debt is not due yet.
    NotBegun,
    /// Must be called on by this day.
    Running {
        /// The last day of the guarantee period.
        until: Date,
    },
    /// Called on in time; its own limitation runs.
    Kept {
        /// When it was called on.
        on: Date,
        /// Where the limitation of the guarantee stands; `None` of a general guarantee: it begins when enforcement
        /// against the debtor ends without full payment.
        limitation: Option<ClockState>,
    },
    /// Not called on in time: the guarantor is free.
    Lost {
        /// The last day of the guarantee period.
        on: Date,
    },
}

impl GuaranteeState {
    /// The end of its message `guarantee-state-…`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::NotBegun => "not-begun",
            Self::Running { .. } => "running",
            Self::Kept { .. } => "kept",
            Self::Lost { .. } => "lost",
        }
    }
}

/// A guarantee period and how it came to stand so (保证期间).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuaranteePeriod {
    /// The last day of the period.
    pub until: Date,
    /// Whether the day was agreed; otherwise it is the law's.
    pub agreed: bool,
    /// Where it stands.
    pub state: GuaranteeState,
}

/// What is recorded by hand (时效事项登记).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEvent {
    /// The guarantee that it was done to; `None`: the debtor.
    pub guarantee: Option<i64>,
    /// What.
    pub kind: EventKind,
    /// When.
    pub on: Date,
    /// When a proceeding ended.
    pub ended_on: Option<Date>,
    /// Who signed.
    pub signer: Option<Signer>,
    /// Whether the debtor was missing.
    pub missing: bool,
    /// Whether the paper says that the debtor agrees to pay.
    pub agrees: bool,
    /// Which paper or record proves it, and where it lies.
    pub evidence: String,
    /// Whether it takes back the event that it corrects.
    pub void: bool,
    /// The event that it corrects.
    pub corrects: Option<EventId>,
    /// Why it corrects.
    pub reason: Option<String>,
}

/// An event as it was recorded (已登记时效事项).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedEvent {
    /// Its key.
    pub id: EventId,
    /// The guarantee that it was done to; `None`: the debtor.
    pub guarantee: Option<i64>,
    /// What happened.
    pub event: LegalEvent,
    /// What proves it.
    pub evidence: String,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// By whom.
    pub by: String,
}

/// A clock as it is kept for lists and warnings (时效时钟).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clock {
    /// The guarantee; 0: the claim against the debtor.
    pub guarantee: i64,
    /// The guarantor; empty: the debtor.
    pub whom: String,
    /// The name of its state.
    pub state: &'static str,
    /// The day that it runs from.
    pub from: Date,
    /// The last day; `None` while a proceeding holds it.
    pub until: Option<Date>,
    /// When it must be looked at again.
    pub next_look_on: Option<Date>,
}
