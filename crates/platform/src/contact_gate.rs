//! The contact gate (联系闸口): every phone number passes it before a person sees it.
//!
//! The full contact guard comes from the capability that has the rules of collection
//! (`Capability::contact_gate`). Until one does, [`BookGate`] stands here: it refuses the numbers of overdue
//! debtors and of those related to them, because without the guard nobody can say which call is lawful.
//! A [`Contact`] says who shall be contacted what for and in which [`Manner`]; what is let through may go under an
//! allowance ([`Pass`]) whose outcome somebody owes.
//! Every answer is kept in `contact_check`, the refusals too.

use std::sync::Arc;

use jiff::Timestamp;

use crate::access::CONTACT_REVEAL;
use crate::args;
use crate::capability::Capability;
use crate::db::StoreError;
pub use crate::duty::Channel;
use crate::error::{ActionError, RefusalKind, Refused};
use crate::event::BoxFuture;
use crate::id::CustomerId;
use crate::id_type;
use crate::vault::{self, Personal as _, Phone, VaultError, What};
use crate::work::Work;

id_type!(PersonId, "The key of a person or company across files (当事人).");

/// What a number is wanted for (联系目的); decides which rules apply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// 核实: to verify what was stated.
    Verify,
    /// 回访: care, surveys, complaints, reminders before the due date.
    Care,
    /// 催收: to collect what is overdue.
    Collect,
}

impl Purpose {
    /// Its name in data.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Verify => "verify",
            Self::Care => "care",
            Self::Collect => "collect",
        }
    }

    /// Reads its name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Verify, Self::Care, Self::Collect].into_iter().find(|purpose| purpose.as_str() == text)
    }
}
crate::stored_as_text!(Purpose, "purpose of a contact");

id_type!(LineId, "The key of a registered line from which calls are made (外呼线路).");
id_type!(AgencyId, "The key of an agency that collects on behalf of the institution (催收机构).");

/// The line that a call comes from (外呼号码).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CallingLine {
    /// It was not said.
    #[default]
    Unnamed,
    /// A line of the register.
    Registered(LineId),
    /// A private phone, or one that hides its number.
    Private,
}

/// Who makes a visit (上门人员).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Visitors {
    /// The people, by their keys.
    pub people: Vec<i64>,
    /// Whether all carry credentials and the papers of the debt.
    pub credentials: bool,
}

/// How a contact shall happen (联系方式).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manner {
    /// By which channel.
    pub channel: Channel,
    /// From which line, for a call.
    pub line: CallingLine,
    /// By whom, for a visit.
    pub visitors: Option<Visitors>,
    /// What is written, for a message.
    pub text: Option<String>,
    /// On whose behalf, when an agency does it.
    pub agency: Option<AgencyId>,
}

impl Manner {
    /// By this channel, nothing else said.
    #[must_use]
    pub fn by(channel: Channel) -> Self {
        Self { channel, line: CallingLine::Unnamed, visitors: None, text: None, agency: None }
    }
}

/// A question to the gate (联系请求).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// The file that it is about.
    pub customer: CustomerId,
    /// Who shall be contacted.
    pub person: PersonId,
    /// The blind index of the number; empty where no number is used.
    pub number_index: String,
    /// What for.
    pub purpose: Purpose,
    /// How.
    pub manner: Manner,
}

/// What an allowed contact goes under (放行凭据).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Pass {
    /// The allowance whose outcome must be entered; `None`: the contact counts for nothing.
    pub allowance: Option<i64>,
    /// Until when it stands.
    pub until: Option<Timestamp>,
    /// The page where its outcome is entered.
    pub outcome_page: Option<String>,
}

/// What the gate answers (闸口答复).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// The contact is lawful now.
    Allowed(Pass),
    /// It is not.
    Refused {
        /// The rule that refuses.
        rule: String,
        /// The article behind it.
        article: Option<String>,
        /// The next minute at which the same contact is lawful, when there is one.
        next_lawful: Option<Timestamp>,
    },
}

/// Decides on every contact (联系守卫).
pub trait ContactGate: Send + Sync {
    /// Whether this contact is lawful now.
    fn check<'a>(&'a self, work: &'a mut Work, contact: &'a Contact) -> BoxFuture<'a, Result<Answer, ActionError>>;

    /// Takes whoever a file is about before anything is written about a contact that happened, so that it is counted under
    /// the same lock as one that is asked for, and everybody takes things in the same order. A gate that counts nothing
    /// takes nobody.
    fn take<'a>(&'a self, work: &'a mut Work, customer: CustomerId) -> BoxFuture<'a, Result<(), ActionError>> {
        let _ = (work, customer);
        Box::pin(async { Ok(()) })
    }
}

/// How a person stands to what is overdue (与逾期的关系).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Overdue {
    /// Owes something overdue.
    Debtor,
    /// Is related to somebody who does: guarantor, family, listed contact, employer.
    Related,
}

/// Asks a capability how a person stands to what is overdue.
pub type OverdueCheck = for<'a> fn(&'a mut Work, &'a Contact) -> BoxFuture<'a, Result<Option<Overdue>, ActionError>>;

/// Rule `contact.no-guard`: until the contact guard stands, numbers of overdue debtors and of those related to them
/// are not shown, and nothing is collected by phone. Source: of the requirements, which only the guard can keep.
pub const RULE_NO_GUARD: &str = "contact.no-guard";

/// The gate until the contact guard stands (默认闸口).
pub struct BookGate {
    checks: Vec<OverdueCheck>,
}

impl BookGate {
    pub(crate) fn of(capabilities: &[Arc<dyn Capability>]) -> Self {
        Self { checks: capabilities.iter().flat_map(|capability| capability.overdue_checks()).collect() }
    }
}

impl ContactGate for BookGate {
    fn check<'a>(&'a self, work: &'a mut Work, contact: &'a Contact) -> BoxFuture<'a, Result<Answer, ActionError>> {
        Box::pin(async move {
            for check in &self.checks {
                if check(work, contact).await?.is_some() {
                    return Ok(Answer::Refused { rule: RULE_NO_GUARD.to_owned(), article: None, next_lawful: None });
                }
            }
            // Collecting from who owes nothing overdue has no ground either.
            Ok(match contact.purpose {
                Purpose::Collect => {
                    Answer::Refused { rule: RULE_NO_GUARD.to_owned(), article: None, next_lawful: None }
                }
                Purpose::Verify | Purpose::Care => Answer::Allowed(Pass::default()),
            })
        })
    }
}

/// Asks the gate and keeps its answer. Commit the work whatever it says: a refusal is a fact too.
///
/// Errors: no permission, no reason.
pub async fn ask(work: &mut Work, contact: &Contact, reason: &str) -> Result<Answer, ActionError> {
    work.authorise(CONTACT_REVEAL)?;
    if reason.trim().is_empty() {
        return Err(VaultError::NoReason.into());
    }
    let gate = Arc::clone(&work.app.contact_gate);
    let answer = gate.check(work, contact).await?;
    keep(work, contact, &answer, reason.trim()).await?;
    Ok(answer)
}

/// Takes whoever a file is about; see [`ContactGate::take`].
///
/// # Errors
/// The store's.
pub async fn take(work: &mut Work, customer: CustomerId) -> Result<(), ActionError> {
    let gate = Arc::clone(&work.app.contact_gate);
    gate.take(work, customer).await
}

async fn keep(work: &mut Work, contact: &Contact, answer: &Answer, reason: &str) -> Result<(), StoreError> {
    let (allowed, rule, article, next_lawful) = match answer {
        Answer::Allowed(_) => (true, None, None, None),
        Answer::Refused { rule, article, next_lawful } => (false, Some(rule), article.as_ref(), *next_lawful),
    };
    let id = work.next_id();
    let by = work.actor.recorded_by();
    work.tx
        .execute(
            "insert into contact_check (customer_id, id, person_id, number_index, purpose, allowed, rule, article, \
             next_lawful_at, reason, asked_at, asked_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
            args![
                contact.customer,
                id,
                contact.person,
                contact.number_index,
                contact.purpose,
                allowed,
                rule,
                article,
                next_lawful,
                reason,
                work.now,
                by
            ],
        )
        .await
        .map(drop)
}

/// What comes of asking for a number (查看号码的结果).
#[derive(Debug, Clone)]
pub enum Shown {
    /// The number, to be shown once, and what it was let through under.
    Number(Phone, Pass),
    /// The gate's refusal.
    Refused {
        /// The rule that refuses.
        rule: String,
        /// The article behind it.
        article: Option<String>,
        /// The next lawful minute.
        next_lawful: Option<Timestamp>,
    },
}

/// Reveals a phone number as far as the gate allows. Commit the work before it is shown, and commit a refusal too.
///
/// Errors: no permission, no reason, the seal does not open.
pub async fn reveal_phone(
    work: &mut Work,
    what: What<'_, Phone>,
    person: PersonId,
    purpose: Purpose,
    manner: Manner,
    reason: &str,
) -> Result<Shown, ActionError> {
    let phone = work.app.vault()?.open(what.place, what.sealed)?;
    let number_index = work.app.vault()?.blind_index(&phone);
    let contact = Contact { customer: what.customer, person, number_index, purpose, manner };
    match ask(work, &contact, reason).await? {
        Answer::Allowed(pass) => {
            vault::note_reveal(work, what.customer, &what.subject, Phone::REVEALED, &phone.masked(), reason).await?;
            Ok(Shown::Number(phone, pass))
        }
        Answer::Refused { rule, article, next_lawful } => Ok(Shown::Refused { rule, article, next_lawful }),
    }
}

/// A refusal of the gate for a program: rule, article, and the next lawful moment when there is one.
#[must_use]
pub fn gate_refused(rule: &str, article: Option<String>, next_lawful: Option<Timestamp>) -> Refused {
    let next = next_lawful.map(|at| at.to_string()).unwrap_or_default();
    Refused::new(RefusalKind::Forbidden, "contact-refused").with("next", next).under(rule, article)
}
