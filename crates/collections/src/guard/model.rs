//! What the contact guard looks at and what it answers. Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use platform::contact_gate::{Channel, Purpose};
use platform::{id_type, stored_as_text};

use crate::stop_flag::model::StopKinds;

id_type!(AllowanceId, "The key of an allowance: one contact that the guard let through (联系许可).");

/// Why somebody who does not answer for the debt may be asked to pass a message (联系第三人的理由).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ground {
    /// 失联: the debtor cannot be reached.
    Unreachable,
    /// 死亡.
    Dead,
    /// 无或限制民事行为能力.
    Incapable,
}

impl Ground {
    /// Every ground.
    pub const ALL: [Self; 3] = [Self::Unreachable, Self::Dead, Self::Incapable];

    /// Its name in data.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unreachable => "unreachable",
            Self::Dead => "dead",
            Self::Incapable => "incapable",
        }
    }

    /// Reads its name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|ground| ground.as_str() == text)
    }
}
stored_as_text!(Ground, "ground for contacting a third party");

/// What a person is to the debt (与债务的关系, X-06).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Party {
    /// 债务人.
    Debtor,
    /// 共同借款人.
    CoObligor,
    /// 保证人、抵押人、出质人.
    Guarantor,
    /// 同意代为联系的联系人, with the ground that is logged, if one is.
    Consented(Option<Ground>),
    /// 已拒绝联系的联系人: stays so for good.
    Objected,
    /// 债务无关第三人.
    Other,
}

impl Party {
    /// Its name in data and in texts.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Debtor => "debtor",
            Self::CoObligor => "co-obligor",
            Self::Guarantor => "guarantor",
            Self::Consented(_) => "consented",
            Self::Objected => "objected",
            Self::Other => "other",
        }
    }

    /// Whether the number may be known at all, be it masked.
    #[must_use]
    pub fn is_shown(self) -> bool {
        match self {
            Self::Debtor | Self::CoObligor | Self::Guarantor | Self::Consented(_) => true,
            Self::Objected | Self::Other => false,
        }
    }

    fn bit(self) -> u8 {
        match self {
            Self::Debtor => 1,
            Self::CoObligor => 2,
            Self::Guarantor => 4,
            Self::Consented(_) => 8,
            Self::Objected | Self::Other => 0,
        }
    }
}

/// Who may be contacted in collection (可联系对象), as the policy lists them; whoever it does not list is not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Targets {
    bits: u8,
    /// The article behind the list.
    pub article: Arc<str>,
}

impl Targets {
    /// The list by the names of the policy; a name that is not known adds nobody.
    #[must_use]
    pub fn new<'a>(names: impl IntoIterator<Item = &'a str>, article: &str) -> Self {
        let known = |name: &str| match name {
            "debtor" => Party::Debtor,
            "co_obligor" => Party::CoObligor,
            "guarantor" => Party::Guarantor,
            "consented_contact" => Party::Consented(None),
            _ => Party::Other,
        };
        let bits = names.into_iter().fold(0, |bits, name| bits | known(name).bit());
        Self { bits, article: Arc::from(article) }
    }

    /// Whether the list has this party.
    #[must_use]
    pub fn has(&self, party: Party) -> bool {
        self.bits & party.bit() != 0
    }
}

/// A greatest or least number with its article (限额).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cap {
    /// The number.
    pub value: i64,
    /// The article behind it.
    pub article: Arc<str>,
}

impl Cap {
    /// A number with its article.
    #[must_use]
    pub fn new(value: i64, article: &str) -> Self {
        Self { value, article: Arc::from(article) }
    }
}

/// Minutes of the day within which contact is lawful (可联系时段): from the first on, before the last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hours {
    /// The end of the quiet hours.
    pub from: i64,
    /// Their beginning.
    pub until: i64,
    /// The article behind them.
    pub article: Arc<str>,
}

/// What the policy allows (联系限额). A limit that no policy sets limits nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Outside the quiet hours.
    pub hours: Option<Hours>,
    /// Whether other hours that the debtor agreed to in writing open the quiet ones.
    pub agreed_hours_open: bool,
    /// Effective calls per person and civil day.
    pub calls_day: Option<Cap>,
    /// Effective calls per person and calendar week.
    pub calls_week: Option<Cap>,
    /// Unanswered dials per number and civil day.
    pub dials_day: Option<Cap>,
    /// Unanswered dials per number and calendar week.
    pub dials_week: Option<Cap>,
    /// Messages per person and civil day.
    pub messages_day: Option<Cap>,
    /// Messages per person and calendar week.
    pub messages_week: Option<Cap>,
    /// Limits opened by supervisors per person and civil day.
    pub openings_day: Option<Cap>,
    /// Contacts with one consented contact for one ground.
    pub consented: Option<Cap>,
    /// Least number of visitors.
    pub visitors: Option<Cap>,
    /// Whether calls come from a registered line only.
    pub registered_line: Option<Cap>,
    /// Whether the line must be named before the call.
    pub line_named: Option<Cap>,
    /// Who may be contacted.
    pub targets: Option<Targets>,
    /// Which stop flags stop collection.
    pub stops: StopKinds,
    /// The article behind the stop flags.
    pub stops_article: Arc<str>,
    /// How long an allowance stands, minutes.
    pub allowance_minutes: i64,
    /// The time zone of a debtor for whom none is recorded.
    pub zone: TimeZone,
}

/// Which line a call comes from (外呼线路).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line {
    /// Not said before the call.
    Unnamed,
    /// A registered line of the institution or an agency.
    Registered,
    /// One that is not registered, or hides its number.
    Unregistered,
}

/// Who makes a visit (上门人员).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Crew {
    /// How many.
    pub people: i64,
    /// Whether all of them carry credentials and the papers of the debt.
    pub credentials: bool,
}

/// What a message says (话语检查结果).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Words<'a> {
    /// It is spoken, or not written yet.
    Unwritten,
    /// Nothing forbidden stands in it.
    Clean {
        /// Nor anything about a debt: a third party may read it.
        neutral: bool,
    },
    /// It contains what no message may say.
    Forbidden {
        /// The article behind the list.
        article: &'a str,
    },
}

/// Whether the person owes something overdue (是否逾期).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owes {
    /// Nothing that the person owes or answers for is overdue.
    Nothing,
    /// Something is: whatever is named as purpose, it is collection.
    Overdue,
}

/// What the guard is asked (联系请求).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request<'a> {
    /// When the contact shall happen, or happened.
    pub at: Timestamp,
    /// The debtor's time zone.
    pub zone: &'a TimeZone,
    /// How.
    pub channel: Channel,
    /// What for.
    pub purpose: Purpose,
    /// Whether something is overdue.
    pub owes: Owes,
    /// What the person is to the debt.
    pub party: Party,
    /// Stop flags on the person's own files.
    pub own_flags: StopKinds,
    /// Stop flags on the file of the debt.
    pub debt_flags: StopKinds,
    /// Other hours that the debtor agreed to and a second person confirmed, minutes of the day.
    pub agreed_hours: Option<(i64, i64)>,
    /// A time zone that is stated and that nobody confirmed: the hours must be lawful there as well.
    pub also_in: Option<&'a TimeZone>,
    /// The line that calls.
    pub line: Line,
    /// The visitors.
    pub crew: Option<Crew>,
    /// What a message says.
    pub words: Words<'a>,
}

/// What was let through to a person before (个人台账): the counts of one civil day and its week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PersonLedger {
    /// Calls answered, or still without outcome, on the day.
    pub calls_day: i64,
    /// The same in the calendar week.
    pub calls_week: i64,
    /// Messages on the day.
    pub messages_day: i64,
    /// Messages in the calendar week.
    pub messages_week: i64,
    /// Contacts with this consented contact for the present ground.
    pub consented: i64,
    /// Whether an allowance ran out, or one of the asker stands, without its outcome.
    pub outcome_missing: bool,
}

/// What was dialled on a number before (号码台账): the counts of one civil day and its week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct NumberLedger {
    /// Dials unanswered, or still without outcome, on the day.
    pub dials_day: i64,
    /// The same in the calendar week.
    pub dials_week: i64,
}

/// Both ledgers, as of one civil day of the debtor (台账).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ledgers {
    /// The civil day that they count.
    pub on: Date,
    /// The person's.
    pub person: PersonLedger,
    /// The number's.
    pub number: NumberLedger,
}

impl Ledgers {
    /// Nothing before on this day.
    #[must_use]
    pub fn empty(on: Date) -> Self {
        Self { on, person: PersonLedger::default(), number: NumberLedger::default() }
    }

    /// As they will stand on a later day if nothing else happens.
    #[must_use]
    pub fn on_day(mut self, day: Date) -> Self {
        if day != self.on {
            self.person.calls_day = 0;
            self.person.messages_day = 0;
            self.number.dials_day = 0;
        }
        if week_of(day) != week_of(self.on) {
            self.person.calls_week = 0;
            self.person.messages_week = 0;
            self.number.dials_week = 0;
        }
        self.on = day;
        self
    }
}

/// The Monday that begins the calendar week of a day.
#[must_use]
pub fn week_of(day: Date) -> Date {
    let back = i32::from(day.weekday().to_monday_zero_offset());
    day.checked_sub(jiff::Span::new().days(back)).unwrap_or(day)
}

/// Why the guard refuses (拒绝规则), in the order in which it looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rule {
    /// Nothing is overdue: there is nothing to collect. Rule `contact.nothing-overdue`.
    NothingOverdue,
    /// The contact person objected. Rule `contact.objection`.
    Objection,
    /// Not one who may be contacted about the debt. Rule `contact.third-party`.
    ThirdParty,
    /// Collection is stopped. Rule `contact.stop-flag`.
    StopFlag,
    /// The text contains what no message may say. Rule `contact.words`.
    Words,
    /// A message to a third party speaks of the debt. Rule `contact.neutral`.
    Neutral,
    /// The consented contact was contacted already. Rule `contact.third-party-once`.
    ThirdPartyOnce,
    /// Too few visitors, or without credentials. Rule `contact.visit-crew`.
    VisitCrew,
    /// The line is hidden or not registered. Rule `contact.registered-line`.
    RegisteredLine,
    /// An earlier contact has no outcome yet. Rule `contact.outcome-first`.
    OutcomeFirst,
    /// Staff of an agency, and the case is not placed with them. Rule `contact.agency`.
    Agency,
    /// Quiet hours. Rule `contact.quiet-hours`.
    QuietHours,
    /// Effective calls of the week. Rule `contact.calls-per-week`.
    CallsPerWeek,
    /// Effective calls of the day. Rule `contact.calls-per-day`.
    CallsPerDay,
    /// Unanswered dials of the week. Rule `contact.dials-per-week`.
    DialsPerWeek,
    /// Unanswered dials of the day. Rule `contact.dials-per-day`.
    DialsPerDay,
    /// Messages of the week. Rule `contact.messages-per-week`.
    MessagesPerWeek,
    /// Messages of the day. Rule `contact.messages-per-day`.
    MessagesPerDay,
}

impl Rule {
    /// Every rule, in the order in which the guard looks.
    pub const ALL: [Self; 18] = [
        Self::NothingOverdue,
        Self::Objection,
        Self::ThirdParty,
        Self::StopFlag,
        Self::Words,
        Self::Neutral,
        Self::ThirdPartyOnce,
        Self::VisitCrew,
        Self::RegisteredLine,
        Self::OutcomeFirst,
        Self::Agency,
        Self::QuietHours,
        Self::CallsPerWeek,
        Self::CallsPerDay,
        Self::DialsPerWeek,
        Self::DialsPerDay,
        Self::MessagesPerWeek,
        Self::MessagesPerDay,
    ];

    /// Its id, as pages and records cite it.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::NothingOverdue => "contact.nothing-overdue",
            Self::Objection => "contact.objection",
            Self::ThirdParty => "contact.third-party",
            Self::StopFlag => "contact.stop-flag",
            Self::Words => "contact.words",
            Self::Neutral => "contact.neutral",
            Self::ThirdPartyOnce => "contact.third-party-once",
            Self::VisitCrew => "contact.visit-crew",
            Self::RegisteredLine => "contact.registered-line",
            Self::OutcomeFirst => "contact.outcome-first",
            Self::Agency => "contact.agency",
            Self::QuietHours => "contact.quiet-hours",
            Self::CallsPerWeek => "contact.calls-per-week",
            Self::CallsPerDay => "contact.calls-per-day",
            Self::DialsPerWeek => "contact.dials-per-week",
            Self::DialsPerDay => "contact.dials-per-day",
            Self::MessagesPerWeek => "contact.messages-per-week",
            Self::MessagesPerDay => "contact.messages-per-day",
        }
    }

    /// Reads its id.
    #[must_use]
    pub fn parse(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rule| rule.id() == id)
    }

    /// Its message in the locale files: `guard-rule-quiet-hours`.
    #[must_use]
    pub fn message(id: &str) -> String {
        format!("guard-rule-{}", id.strip_prefix("contact.").unwrap_or(id).replace('.', "-"))
    }
}

/// What the guard answers (守卫答复).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Lawful now, and until this moment if nothing else happens.
    Allowed {
        /// The end of the lawful hours.
        until: Timestamp,
    },
    /// Not lawful.
    Refused {
        /// The first rule that refuses.
        rule: Rule,
        /// The article behind it, as the policy names it; empty for a rule of the guard itself.
        article: Arc<str>,
        /// The next moment at which the same contact is lawful, when there is one.
        next_lawful: Option<Timestamp>,
    },
}

impl Verdict {
    /// Whether the contact is lawful.
    #[must_use]
    pub fn is_allowed(&self) -> bool {
        match self {
            Self::Allowed { .. } => true,
            Self::Refused { .. } => false,
        }
    }
}
