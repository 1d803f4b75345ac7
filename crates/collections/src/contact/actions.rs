//! Use cases of contacts: entering what came of an allowed one, and what happened outside the system.

use customers::relation::store as relations;
use jiff::Timestamp;
use platform::contact_gate::{CallingLine, Channel, Contact, Manner, PersonId, Purpose};
use platform::duty::{CONTACT_RECORD, ContactFact, ContactId, keep_contact};
use platform::error::{ActionError, FieldError};
use platform::event::{BoxFuture, Event, Subscriber};
use platform::id::CustomerId;
use platform::policies;
use platform::work::Work;
use policy::FactType;
use serde_json::json;

use super::error::ContactError;
use super::model::ContactResult;
use super::store;
use crate::conduct::actions as conduct;
use crate::conduct::model::{FindingKind, NewFinding};
use crate::conduct::words;
use crate::guard::actions::{self as guard, Case};
use crate::guard::model::{AllowanceId, Owes, Party, Rule, Verdict};
use crate::guard::rules::check;
use crate::guard::store::{self as guard_store, Allowance, NewAllowance};
use crate::visit::store as visits;

/// The longest call that is believed.
const MAX_SECONDS: i64 = 86_400;
/// The longest text that is kept.
const MAX_TEXT: usize = 2_000;
/// Rule `contact.warnings-first`: a call is ended by us only after the warnings of the policy (S2.5-05, S2.5-17).
const RULE_WARNINGS: &str = "contact.warnings-first";

/// What came of an allowed contact (联系结果).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewOutcome {
    /// The file.
    pub customer: CustomerId,
    /// The allowance that it used.
    pub allowance: AllowanceId,
    /// What it came to.
    pub result: ContactResult,
    /// What was answered; needed where somebody answered (S4-14).
    pub response: String,
    /// What we said, in short; read for forbidden words.
    pub said: String,
    /// How long it lasted.
    pub seconds: i64,
    /// The debtor's pattern by the policy's names (S2.5-11).
    pub pattern: Option<String>,
    /// How often the debtor was warned for his manner (S2.5-05).
    pub warnings: i64,
    /// Whether we ended the call.
    pub hung_up: bool,
    /// A third party said that he does not want to be contacted: it holds for good.
    pub objected: bool,
}

impl NewOutcome {
    /// This result, nothing else said.
    #[must_use]
    pub fn of(customer: CustomerId, allowance: AllowanceId, result: ContactResult) -> Self {
        Self {
            customer,
            allowance,
            result,
            response: String::new(),
            said: String::new(),
            seconds: 0,
            pattern: None,
            warnings: 0,
            hung_up: false,
            objected: false,
        }
    }
}

/// Records what came of an allowed contact: settles its allowance, keeps the contact as a fact, closes the duties about
/// the customer's overdue loans that it is evidence for.
///
/// # Errors
/// Not within scope; [`ContactError::Form`]; [`GuardError`](crate::guard::GuardError) of the allowance.
pub async fn record(work: &mut Work, new: &NewOutcome) -> Result<ContactId, ActionError> {
    if visits::by_allowance(&mut work.tx, new.customer, new.allowance).await?.is_some() {
        // What came of a visit is more than an outcome, and is entered with its order.
        return Err(crate::visit::VisitError::RecordThere.into());
    }
    record_any(work, new, None).await
}

/// The same for a contact that goes by a visit order: its record comes with it, and it took place when they arrived.
///
/// # Errors
/// As [`record`].
pub(crate) async fn record_any(
    work: &mut Work,
    new: &NewOutcome,
    happened_at: Option<Timestamp>,
) -> Result<ContactId, ActionError> {
    check_outcome(work, new).await?;
    let allowance = match happened_at {
        None => guard::settle(work, new.customer, new.allowance, new.result).await?,
        // Who may record a visit its order says.
        Some(_) => guard::settle_of(work, new.customer, new.allowance, new.result).await?,
    };
    let contacted = contacted(work, &allowance).await?;
    let at = happened_at.unwrap_or(allowance.asked_at);
    let of_the_debt = matches!(allowance.party.as_str(), "debtor" | "co-obligor" | "guarantor");
    let fact = ContactFact {
        customer: new.customer,
        subject: format!("customer:{}", new.customer),
        at,
        channel: allowance.channel,
        contacted,
        reached: new.result.reached() || new.result == ContactResult::Sent,
        // Silence is an answer too: what was heard stands for it.
        response: match new.response.trim() {
            "" => new.result.as_str().to_owned(),
            said => said.to_owned(),
        },
        text_sent: String::new(),
        payload: json!({"allowance": new.allowance, "result": new.result.as_str(), "of_the_debt": of_the_debt}),
    };
    // A conversation with a third party is no contact with the debtor, and fulfils no duty to make one.
    let subjects = match of_the_debt {
        true => store::overdue_subjects(&mut work.tx, new.customer).await?,
        false => Vec::new(),
    };
    let (id, _) = keep_contact(work, &fact, &subjects).await?;
    store::insert(work, id, new).await?;
    if allowance.party == "debtor" && new.result.reached() {
        guard::debtor_reached(work, new.customer).await?;
    }
    if new.objected && !of_the_debt {
        record_objection(work, &allowance).await?;
    }
    if allowance.channel == Channel::Phone && new.result.connected() {
        crate::recording::actions::ask_for(work, new.customer).await?;
    }
    flag(work, new, &allowance, at).await?;
    Ok(id)
}

async fn check_outcome(work: &mut Work, new: &NewOutcome) -> Result<(), ActionError> {
    let on = work.business_date;
    let rules = policies::in_force(work, on).await?;
    let mut wrong = Vec::new();
    if new.result.connected() && new.response.trim().is_empty() {
        wrong.push(FieldError::new("response", "contact-response"));
    }
    for (field, text) in [("response", &new.response), ("said", &new.said)] {
        if text.chars().count() > MAX_TEXT {
            wrong.push(FieldError::new(field, "contact-too-long").with("max", MAX_TEXT));
        }
    }
    if !(0..=MAX_SECONDS).contains(&new.seconds) {
        wrong.push(FieldError::new("seconds", "seconds-invalid"));
    }
    let most = rules.edition(on).integer("rude_debtor_warnings").map_err(policies::PolicyError::from)?;
    if !(0..=most).contains(&new.warnings) {
        wrong.push(FieldError::new("warnings", "warnings-over").with("max", most));
    }
    if new.pattern.as_ref().is_some_and(|pattern| !patterns_of(&rules).contains(pattern)) {
        wrong.push(FieldError::new("pattern", "choice-invalid"));
    }
    if wrong.is_empty() { Ok(()) } else { Err(ContactError::Form(wrong).into()) }
}

/// The patterns of debtors of the policy in force; none where it has none.
///
/// # Errors
/// No policy in force.
pub(crate) async fn patterns(work: &mut Work) -> Result<Vec<String>, ActionError> {
    let on = work.business_date;
    Ok(patterns_of(&*policies::in_force(work, on).await?))
}

fn patterns_of(rules: &policies::InForce) -> Vec<String> {
    match rules.pack().dictionary().get("debtor_pattern").map(|fact| &fact.kind) {
        Some(FactType::OneOf { values, .. }) => values.clone(),
        Some(FactType::Integer { .. } | FactType::Date | FactType::Text | FactType::Boolean) | None => Vec::new(),
    }
}

/// Who was contacted, for the record.
async fn contacted(work: &mut Work, allowance: &Allowance) -> Result<String, ActionError> {
    if let Some(file) = customers::load(&mut work.tx, allowance.customer).await?
        && file.person == allowance.person
    {
        return Ok(file.name);
    }
    let ties = relations::of_customer(&mut work.tx, allowance.customer).await?;
    let tie = ties.into_iter().find(|tie| tie.person == allowance.person);
    Ok(tie.map_or_else(|| allowance.party.clone(), |tie| tie.name))
}

/// A third party who objects is left alone for good; who that is the guard said when it let the contact through.
async fn record_objection(work: &mut Work, allowance: &Allowance) -> Result<(), ActionError> {
    let ties = relations::of_customer(&mut work.tx, allowance.customer).await?;
    for tie in ties.into_iter().filter(|tie| tie.is_open() && tie.person == allowance.person) {
        customers::relation::actions::object(work, tie.customer, tie.id, CONTACT_RECORD, "contact").await?;
    }
    Ok(())
}

/// What the record itself shows of conduct: forbidden words, a call broken off before the warnings.
async fn flag(work: &mut Work, new: &NewOutcome, allowance: &Allowance, at: Timestamp) -> Result<(), ActionError> {
    let on = work.business_date;
    let rules = policies::in_force(work, on).await?;
    let edition = rules.edition(on);
    let mut flags = Vec::new();
    for hit in words::forbidden(edition, &new.said) {
        flags.push((Rule::Words.id(), hit.article.to_owned(), format!("{}: {}", hit.class, hit.word)));
    }
    let most = edition.integer("rude_debtor_warnings").map_err(policies::PolicyError::from)?;
    if new.hung_up && new.warnings < most {
        let article = edition.parameter("rude_debtor_warnings").map(|row| row.article.clone()).unwrap_or_default();
        flags.push((RULE_WARNINGS, article, format!("{}/{most}", new.warnings)));
    }
    for (rule, article, detail) in flags {
        let finding = NewFinding {
            customer: new.customer,
            owner: None,
            kind: FindingKind::Flagged,
            rule: rule.to_owned(),
            article,
            detail,
            channel: allowance.channel,
            party: "",
            collector: allowance.asked_by,
            agency: allowance.agency,
            allowance: Some(allowance.id),
            happened_at: at,
        };
        conduct::note(work, &finding).await?;
    }
    Ok(())
}

/// A contact that happened outside the system (系统外联系).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutsideContact {
    /// The file.
    pub customer: CustomerId,
    /// Who was contacted; a person of the file.
    pub person: PersonId,
    /// Who it was, for the record.
    pub contacted: String,
    /// The blind index of the number, where it is one that we know; else empty.
    pub number_index: String,
    /// When it happened.
    pub at: Timestamp,
    /// How.
    pub manner: Manner,
    /// What it came to.
    pub result: ContactResult,
    /// What was answered.
    pub response: String,
}

/// Enters what happened outside the system and judges it as of its own moment by the same rules: it happened, so it is
/// counted; what was not lawful is a finding.
///
/// # Errors
/// Not within scope; a moment to come; no response; a result that does not fit the channel.
pub async fn record_outside(work: &mut Work, new: &OutsideContact) -> Result<(ContactId, Verdict), ActionError> {
    let by = work.actor.recorded_by();
    let (id, verdict, _) = record_outside_of(work, new, by).await?;
    Ok((id, verdict))
}

/// The same of a contact that somebody else made than who enters it; with the allowance that counts it.
///
/// # Errors
/// As [`record_outside`].
pub(crate) async fn record_outside_of(
    work: &mut Work,
    new: &OutsideContact,
    caller: i64,
) -> Result<(ContactId, Verdict, Option<AllowanceId>), ActionError> {
    crate::file_for(work, new.customer, CONTACT_RECORD).await?;
    let mut wrong = Vec::new();
    if new.at > work.now {
        wrong.push(FieldError::new("at", "contact-future"));
    }
    if !new.result.fits(new.manner.channel) {
        wrong.push(FieldError::new("result", "result-of-other-channel"));
    }
    if new.response.trim().is_empty() {
        wrong.push(FieldError::new("response", "contact-response"));
    }
    if !wrong.is_empty() {
        return Err(ContactError::Form(wrong).into());
    }
    let contact = Contact {
        customer: new.customer,
        person: new.person,
        number_index: new.number_index.clone(),
        purpose: Purpose::Collect,
        manner: new.manner.clone(),
    };
    guard::take_with(work, new.customer, Some(new.person)).await?;
    let seen = Seen { at: new.at, connected: new.result.connected(), result: Some(new.result), by: caller };
    let (allowance, party, verdict) = judge(work, &contact, seen).await?;
    let of_the_debt = matches!(party, Party::Debtor | Party::CoObligor | Party::Guarantor);
    let fact = ContactFact {
        customer: new.customer,
        subject: format!("customer:{}", new.customer),
        at: new.at,
        channel: new.manner.channel,
        contacted: new.contacted.clone(),
        reached: new.result.reached() || new.result == ContactResult::Sent,
        response: new.response.clone(),
        text_sent: new.manner.text.clone().unwrap_or_default(),
        payload: json!({"allowance": allowance, "result": new.result.as_str(), "of_the_debt": of_the_debt}),
    };
    let subjects = store::overdue_subjects(&mut work.tx, new.customer).await?;
    let (id, _) = keep_contact(work, &fact, &subjects).await?;
    let file = customers::load(&mut work.tx, new.customer).await?;
    if new.result.reached() && file.is_some_and(|file| file.person == new.person) {
        guard::debtor_reached(work, new.customer).await?;
    }
    if new.manner.channel == Channel::Phone && new.result.connected() {
        crate::recording::actions::ask_for(work, new.customer).await?;
    }
    Ok((id, verdict, allowance))
}

/// What is known of a contact that happened.
struct Seen {
    at: Timestamp,
    connected: bool,
    result: Option<ContactResult>,
    /// Who made it.
    by: i64,
}

/// Counts a contact that happened, and notes what of it was not lawful; says who the person is to the debt.
async fn judge(
    work: &mut Work,
    contact: &Contact,
    seen: Seen,
) -> Result<(Option<AllowanceId>, Party, Verdict), ActionError> {
    let contact = &crate::agency::gate::acting(work, contact).await?;
    // Counted under the lock of the person, like a contact that is asked for (rule `contact.person-first`).
    let mut case = Case::load(work, contact, seen.at, true).await?;
    // What is owed to the record now says nothing about the moment of the contact.
    case.ledgers.person.outcome_missing = false;
    let verdict = check(&case.limits, &case.request(contact, seen.at), &case.ledgers);
    if case.standing.owes == Owes::Nothing {
        return Ok((None, case.moving.party, verdict));
    }
    let row = NewAllowance {
        contact,
        person: case.standing.counted,
        party: case.moving.party.as_str(),
        ground: case.moving.ground,
        civil_on: case.ledgers.on,
        origin: "outside",
        asked_at: seen.at,
        asked_by: seen.by,
        lapses_at: seen.at,
    };
    let id = guard_store::insert_allowance(work, &row).await?;
    guard_store::settle(work, (contact.customer, id), seen.connected, seen.result).await?;
    if let Verdict::Refused { rule, article, .. } = &verdict {
        let finding = NewFinding {
            kind: FindingKind::Unlawful,
            rule: rule.id().to_owned(),
            article: article.to_string(),
            allowance: Some(id),
            collector: seen.by,
            ..case.finding(work, contact, seen.at)
        };
        conduct::note(work, &finding).await?;
    }
    Ok((Some(id), case.moving.party, verdict))
}

/// Contacts entered on the pages of duties are judged like any other that happened.
pub(crate) fn subscribers() -> Vec<Subscriber> {
    vec![Subscriber { event: "contact_recorded", name: "collections.judge", handle: judge_recorded }]
}

fn judge_recorded<'a>(work: &'a mut Work, event: &'a Event) -> BoxFuture<'a, Result<(), ActionError>> {
    Box::pin(async move {
        let text = |name: &str| event.payload.get(name).and_then(|value| value.as_str());
        // What came through the guard, or was judged when it was entered, carries its allowance.
        if event.payload.get("allowance").is_some() {
            return Ok(());
        }
        let at = text("at").and_then(|at| at.parse::<Timestamp>().ok());
        let (Some(at), Some(channel)) = (at, text("channel").and_then(Channel::parse)) else { return Ok(()) };
        let reached = event.payload.get("reached").and_then(serde_json::Value::as_bool).unwrap_or(false);
        let Some(file) = customers::load(&mut work.tx, event.customer).await? else { return Ok(()) };
        if reached && !channel.is_written() {
            guard::debtor_reached(work, event.customer).await?;
        }
        let by = work.actor.recorded_by();
        // The number was asked for through the guard, and this is what came of it.
        let owed = guard_store::owed_by(&mut work.tx, by).await?;
        if let Some(open) = owed.iter().find(|open| open.customer == event.customer && open.channel == channel) {
            if visits::by_allowance(&mut work.tx, open.customer, open.id).await?.is_some() {
                // The record of the visit settles it.
                return Ok(());
            }
            return Ok(guard_store::settle(work, (open.customer, open.id), reached, None).await?);
        }
        let line = CallingLine::Unnamed;
        let contact = Contact {
            customer: event.customer,
            person: file.person,
            number_index: String::new(),
            purpose: Purpose::Collect,
            manner: Manner { line, ..Manner::by(channel) },
        };
        judge(work, &contact, Seen { at, connected: reached, result: None, by }).await?;
        Ok(())
    })
}
