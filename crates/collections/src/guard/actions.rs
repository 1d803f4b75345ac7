//! Use cases of the guard: asking, reserving, settling, and what a supervisor may open.

use std::collections::BTreeSet;
use std::sync::Arc;

use customers::contact_point::model::ContactPointId;
use customers::relation::store as relations;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use platform::audit::Entry;
use platform::contact_gate::{
    self, AgencyId, Answer, CallingLine, Channel, Contact, ContactGate, LineId, Manner, Pass, PersonId, Purpose, Shown,
};
use platform::error::{ActionError, FieldError};
use platform::event::BoxFuture;
use platform::id::CustomerId;
use platform::policies::{self, InForce};
use platform::work::Work;
use serde_json::json;

use super::error::GuardError;
use super::hours_actions::RULE_CONFIRMED;
use super::ledger::{self, Counted};
use super::lost_contact::{Effort, Try, missing};
use super::model::{AllowanceId, Crew, Ground, Ledgers, Limits, Line as CallLine, Owes, Party, Request, Rule, Verdict};
use super::rules::{check, civil_day, quiet};
use super::standing::{Moving, Standing};
use super::store::{self, Allowance, NewAllowance};
use crate::agency::gate as agency;
use crate::conduct::actions as conduct;
use crate::conduct::model::{FindingKind, NewFinding};
use crate::conduct::words;
use crate::contact::model::ContactResult;
use crate::stop_flag::model::StopKind;
use crate::{CASE_VIEW, CASE_WORK, CONTACT_OPEN};

/// The contact guard as the gate of the house (联系守卫).
#[derive(Debug, Clone, Copy, Default)]
pub struct ContactGuard;

impl ContactGate for ContactGuard {
    fn check<'a>(&'a self, work: &'a mut Work, contact: &'a Contact) -> BoxFuture<'a, Result<Answer, ActionError>> {
        Box::pin(decide(work, contact))
    }

    fn take<'a>(&'a self, work: &'a mut Work, customer: CustomerId) -> BoxFuture<'a, Result<(), ActionError>> {
        Box::pin(take_customer(work, customer))
    }
}

/// Everything that one decision rests on.
pub(crate) struct Case {
    pub rules: Arc<InForce>,
    pub standing: Standing,
    pub moving: Moving,
    pub limits: Limits,
    pub zone: TimeZone,
    /// A time zone that nobody confirmed yet: what is lawful is lawful in both.
    pub also_in: Option<TimeZone>,
    pub ledgers: Ledgers,
}

impl Case {
    /// How it stands at a moment. With `lock` nobody else decides about this person or number until this work ends.
    pub(crate) async fn load(
        work: &mut Work,
        contact: &Contact,
        at: Timestamp,
        lock: bool,
    ) -> Result<Self, ActionError> {
        // The civil day of the policy is that of the house; the debtor's own follows from the zone.
        let rules = policies::in_force(work, platform::clock::civil_day(at)).await?;
        let edition = rules.edition(platform::clock::civil_day(at));
        let limits = Limits::of(edition);
        let obligors_only = edition.text("family_contact").is_ok_and(|choice| choice == "obligor_only");
        let mut standing = Standing::load(work, contact, obligors_only).await?;
        if lock && standing.owes == Owes::Overdue {
            // In order of their keys, so that no two wait for each other.
            take_all(work, &standing.one).await?;
            store::lock_number(&mut work.tx, &contact.number_index).await?;
            // Files may have become one before the locks were taken: whoever is locked must be whoever is counted.
            let now = Standing::load(work, contact, obligors_only).await?;
            if now.one != standing.one {
                return Err(platform::db::StoreError::Stale { changed: 0 }.into());
            }
            standing = now;
        }
        let moving = standing.moving(work, contact).await?;
        let zone = moving.zone.clone().unwrap_or_else(|| limits.zone.clone());
        let also_in = moving.pending_zone.clone().map(|named| named.unwrap_or_else(|| limits.zone.clone()));
        let counted = Counted {
            persons: &standing.one,
            number_index: &contact.number_index,
            ground: moving.ground,
            asker: work.actor.recorded_by(),
            on: civil_day(at, &zone),
            zone: &zone,
            now: work.now,
        };
        let ledgers = ledger::ledgers(&mut work.tx, &counted).await?;
        Ok(Self { rules, standing, moving, limits, zone, also_in, ledgers })
    }

    /// The engine's question about this contact.
    pub(crate) fn request<'a>(&'a self, contact: &'a Contact, at: Timestamp) -> Request<'a> {
        let edition = self.rules.edition(platform::clock::civil_day(at));
        Request {
            at,
            zone: &self.zone,
            channel: contact.manner.channel,
            purpose: contact.purpose,
            owes: self.standing.owes,
            party: self.moving.party,
            own_flags: self.moving.own_flags,
            debt_flags: self.moving.debt_flags,
            agreed_hours: self.moving.agreed_hours,
            also_in: self.also_in.as_ref(),
            line: match contact.manner.line {
                CallingLine::Unnamed => CallLine::Unnamed,
                CallingLine::Registered(_) => CallLine::Registered,
                CallingLine::Private => CallLine::Unregistered,
            },
            crew: contact.manner.visitors.as_ref().map(|visitors| {
                let mut people = visitors.people.clone();
                people.sort_unstable();
                people.dedup();
                Crew { people: i64::try_from(people.len()).unwrap_or(i64::MAX), credentials: visitors.credentials }
            }),
            words: words::of_text(edition, contact.manner.text.as_deref()),
        }
    }

    /// The facts of a finding about this contact.
    pub(crate) fn finding(&self, work: &Work, contact: &Contact, at: Timestamp) -> NewFinding {
        NewFinding {
            customer: contact.customer,
            owner: self.standing.file.as_ref().map(|file| (file.branch, file.team, file.manager)),
            kind: FindingKind::Refused,
            rule: String::new(),
            article: String::new(),
            detail: self.only_stated(contact, at),
            channel: contact.manner.channel,
            party: self.moving.party.as_str(),
            collector: work.actor.recorded_by(),
            agency: contact.manner.agency,
            allowance: None,
            happened_at: at,
        }
    }
}

/// Takes everybody who is one person, in the order of their keys, so that no two wait for each other.
async fn take_all(work: &mut Work, one: &[PersonId]) -> Result<(), ActionError> {
    for person in one {
        store::lock_person(&mut work.tx, *person).await?;
    }
    Ok(())
}

/// Takes a person with all merged files: whoever counts for that person next waits until this work ends.
pub(crate) async fn take_person(work: &mut Work, person: PersonId) -> Result<(), ActionError> {
    let one = customers::merge::persons(&mut work.tx, person).await?;
    take_all(work, &one).await
}

/// Takes the customer of a file. Rule `contact.person-first`: before anything else is written about a contact (duties, the
/// audit chain of the customer), so that everybody takes things in the same order.
pub(crate) async fn take_customer(work: &mut Work, customer: CustomerId) -> Result<(), ActionError> {
    take_with(work, customer, None).await
}

/// The same together with somebody else of the file, all in the order of their keys.
pub(crate) async fn take_with(
    work: &mut Work,
    customer: CustomerId,
    other: Option<PersonId>,
) -> Result<(), ActionError> {
    let own = customers::load(&mut work.tx, customer).await?.map(|file| file.person);
    let mut all = BTreeSet::new();
    for person in own.into_iter().chain(other) {
        all.extend(customers::merge::persons(&mut work.tx, person).await?);
    }
    take_all(work, &all.into_iter().collect::<Vec<_>>()).await
}

impl Case {
    /// Names rule `contact.hours-confirmed` in a finding, where only hours that nobody confirmed would have let it through.
    fn only_stated(&self, contact: &Contact, at: Timestamp) -> String {
        let request = self.request(contact, at);
        let stated = Request { agreed_hours: self.moving.stated_hours, also_in: None, ..request.clone() };
        let hours_alone = quiet(&self.limits, &request).is_some() && quiet(&self.limits, &stated).is_none();
        if hours_alone { RULE_CONFIRMED.to_owned() } else { String::new() }
    }
}

/// Decides, and reserves what it allows: under the rows of person and number an allowance is written and counts from now on.
async fn decide(work: &mut Work, contact: &Contact) -> Result<Answer, ActionError> {
    let now = work.now;
    let contact = &agency::acting(work, contact).await?;
    check_line(work, contact).await?;
    let case = Case::load(work, contact, now, true).await?;
    if let Some((rule, article)) = agency::refuses(work, contact).await? {
        return refuse(work, contact, &case, (rule, article, None)).await;
    }
    let request = case.request(contact, now);
    match check(&case.limits, &request, &case.ledgers) {
        Verdict::Allowed { until } => Ok(Answer::Allowed(let_through(work, contact, &case, until).await?)),
        Verdict::Refused { rule, article, next_lawful } => {
            if let Some(pass) = through_an_opening(work, contact, &case, rule).await? {
                return Ok(Answer::Allowed(pass));
            }
            refuse(work, contact, &case, (rule, article, next_lawful)).await
        }
    }
}

/// A refusal is a fact: it is kept with rule and article.
async fn refuse(
    work: &mut Work,
    contact: &Contact,
    case: &Case,
    (rule, article, next_lawful): (Rule, Arc<str>, Option<Timestamp>),
) -> Result<Answer, ActionError> {
    let now = work.now;
    let finding =
        NewFinding { rule: rule.id().to_owned(), article: article.to_string(), ..case.finding(work, contact, now) };
    conduct::note(work, &finding).await?;
    let article = Some(article.to_string()).filter(|article| !article.is_empty());
    Ok(Answer::Refused { rule: rule.id().to_owned(), article, next_lawful })
}

/// The registered lines that whoever acts may call from: those of the own agency, or those of the institution.
///
/// # Errors
/// The store's.
pub(crate) async fn own_lines(work: &mut Work) -> Result<Vec<store::CallingLineRow>, ActionError> {
    let of = agency::of_actor(work).await?;
    Ok(store::lines(&mut work.tx).await?.into_iter().filter(|line| line.agency == of).collect())
}

/// A line that is not in the register, or another's, is no registered line, whatever the form says.
async fn check_line(work: &mut Work, contact: &Contact) -> Result<(), ActionError> {
    let CallingLine::Registered(line) = contact.manner.line else { return Ok(()) };
    let known = own_lines(work).await?.iter().any(|row| row.id == line);
    match known {
        true => Ok(()),
        false => Err(GuardError::Form(vec![FieldError::new("line", "choice-invalid")]).into()),
    }
}

/// What collects is reserved; what does not counts for nothing.
async fn let_through(work: &mut Work, contact: &Contact, case: &Case, until: Timestamp) -> Result<Pass, ActionError> {
    if case.standing.owes == Owes::Nothing {
        return Ok(Pass { until: Some(until), ..Pass::default() });
    }
    let lapses_at = match contact.manner.channel {
        // People are on the road for hours.
        Channel::Visit | Channel::Letter => until,
        Channel::Phone | Channel::Sms | Channel::Message | Channel::Email => {
            let minutes = SignedDuration::from_mins(case.limits.allowance_minutes);
            work.now.checked_add(minutes).map_or(until, |end| end.min(until))
        }
    };
    let new = NewAllowance {
        contact,
        person: case.standing.counted,
        party: case.moving.party.as_str(),
        ground: case.moving.ground,
        civil_on: case.ledgers.on,
        origin: "guard",
        asked_at: work.now,
        asked_by: work.actor.recorded_by(),
        lapses_at,
    };
    let id = store::insert_allowance(work, &new).await?;
    let outcome_page = Some(outcome_page(contact.customer, id));
    Ok(Pass { allowance: Some(id.0), until: Some(lapses_at), outcome_page })
}

/// Where the outcome of an allowance is entered.
#[must_use]
pub fn outcome_page(customer: CustomerId, id: AllowanceId) -> String {
    format!("/customers/{customer}/outcomes/{id}")
}

/// Rule `contact.open-within-law`: an opening that stands lets one contact through that only the institution's own limit
/// refuses; what the law refuses it never does.
async fn through_an_opening(
    work: &mut Work,
    contact: &Contact,
    case: &Case,
    rule: Rule,
) -> Result<Option<Pass>, ActionError> {
    let now = work.now;
    let opened = store::unused_opening(&mut work.tx, &case.standing.one, rule.id(), now).await?;
    let Some(opening) = opened else { return Ok(None) };
    let law = Limits::within_law(case.rules.pack(), platform::clock::civil_day(now));
    let Verdict::Allowed { until } = check(&law, &case.request(contact, now), &case.ledgers) else { return Ok(None) };
    let pass = let_through(work, contact, case, until).await?;
    if let Some(id) = pass.allowance {
        store::use_opening(&mut work.tx, opening, AllowanceId(id)).await?;
    }
    Ok(Some(pass))
}

/// What a person at the screen wants (联系申请): to reach a phone of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    /// The file.
    pub customer: CustomerId,
    /// The phone.
    pub point: ContactPointId,
    /// What for.
    pub purpose: Purpose,
    /// How.
    pub manner: Manner,
    /// Why, in words: a true one (S2.5-18).
    pub reason: String,
}

/// Asks for a contact by phone or message: the number and its allowance, or the refusal. Commit the work whatever it
/// answers: a refusal is a fact too.
///
/// # Errors
/// Not within scope, no permission, no reason.
pub async fn reserve(work: &mut Work, ask: &Ask) -> Result<Shown, ActionError> {
    crate::file_for(work, ask.customer, CASE_WORK).await?;
    let manner = ask.manner.clone();
    customers::contact_point::actions::reveal_phone(work, ask.customer, ask.point, ask.purpose, manner, &ask.reason)
        .await
}

/// Asks for a contact without a number: a visit, a letter, an e-mail.
///
/// # Errors
/// Not within scope, no permission, no reason.
pub async fn reserve_without_number(
    work: &mut Work,
    customer: CustomerId,
    person: PersonId,
    manner: Manner,
    reason: &str,
) -> Result<Answer, ActionError> {
    crate::file_for(work, customer, CASE_WORK).await?;
    let contact = Contact { customer, person, number_index: String::new(), purpose: Purpose::Collect, manner };
    contact_gate::ask(work, &contact, reason).await
}

/// Enters what came of an allowance, once.
///
/// # Errors
/// Not within scope; [`GuardError::NoAllowance`], [`GuardError::AlreadySettled`], [`GuardError::WrongResult`].
pub async fn settle(
    work: &mut Work,
    customer: CustomerId,
    id: AllowanceId,
    result: ContactResult,
) -> Result<Allowance, ActionError> {
    crate::file_for(work, customer, platform::duty::CONTACT_RECORD).await?;
    settle_of(work, customer, id, result).await
}

/// The same of a file that the caller has authorised otherwise: with the order of a visit.
///
/// # Errors
/// As [`settle`].
pub(crate) async fn settle_of(
    work: &mut Work,
    customer: CustomerId,
    id: AllowanceId,
    result: ContactResult,
) -> Result<Allowance, ActionError> {
    let allowance = store::allowance(&mut work.tx, customer, id).await?.ok_or(GuardError::NoAllowance)?;
    if allowance.connected.is_some() {
        return Err(GuardError::AlreadySettled.into());
    }
    if !result.fits(allowance.channel) {
        return Err(GuardError::WrongResult.into());
    }
    // The same rows that the next to ask waits for.
    take_person(work, allowance.person).await?;
    match store::settle(work, (customer, id), result.connected(), Some(result)).await {
        Ok(()) => {}
        Err(platform::db::StoreError::Stale { .. }) => return Err(GuardError::AlreadySettled.into()),
        Err(error) => return Err(error.into()),
    }
    Ok(Allowance { connected: Some(result.connected()), result: Some(result), ..allowance })
}

/// One line of the work screen (可以联系谁): a person, a number, whether and until or from when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The person.
    pub person: PersonId,
    /// 姓名.
    pub name: String,
    /// What the person is to the debt.
    pub party: Party,
    /// What the person is to the customer: `self`, `spouse`, `guarantor` …
    pub relation: &'static str,
    /// The phone; none of a person who may not be contacted.
    pub point: Option<ContactPointId>,
    /// Its number, masked; never of a person who may not be contacted.
    pub masked: Option<String>,
    /// Effective calls to the person today, and their limit.
    pub calls: (i64, Option<i64>),
    /// Unanswered dials on the number today, and their limit.
    pub dials: (i64, Option<i64>),
    /// Whether a call is lawful now, until or from when, under which rule and article.
    pub verdict: Verdict,
}

/// Whom one may call about a customer, and whether now: by the same rules as a reservation, without reserving.
///
/// # Errors
/// Not within scope.
pub async fn reachable(work: &mut Work, customer: CustomerId) -> Result<Vec<Line>, ActionError> {
    let file = crate::file_for(work, customer, CASE_VIEW).await?;
    let phones = customers::contact_point::actions::phones(work, customer, customers::VIEW).await?;
    let ties = relations::of_customer(&mut work.tx, customer).await?;
    let mut lines = Vec::with_capacity(phones.len());
    for phone in phones {
        let (person, name, relation) = match phone.point.relation {
            None => (file.person, file.name.clone(), "self"),
            Some(key) => match ties.iter().find(|tie| tie.id == key && tie.is_open()) {
                Some(tie) => (tie.person, tie.name.clone(), tie.kind.as_str()),
                None => continue,
            },
        };
        let manner = Manner::by(Channel::Phone);
        let contact = Contact { customer, person, number_index: phone.index, purpose: Purpose::Collect, manner };
        let now = work.now;
        let case = Case::load(work, &contact, now, false).await?;
        let verdict = check(&case.limits, &case.request(&contact, now), &case.ledgers);
        let shown = case.moving.party.is_shown();
        lines.push(Line {
            person,
            name,
            party: case.moving.party,
            relation,
            point: shown.then_some(phone.point.id),
            masked: shown.then_some(phone.point.masked),
            calls: (case.ledgers.person.calls_day, case.limits.calls_day.as_ref().map(|cap| cap.value)),
            dials: (case.ledgers.number.dials_day, case.limits.dials_day.as_ref().map(|cap| cap.value)),
            verdict,
        });
    }
    Ok(lines)
}

/// What the guard would answer now, by the same rules as a reservation, without reserving and without a trace.
///
/// # Errors
/// The store's.
pub(crate) async fn would(work: &mut Work, contact: &Contact) -> Result<Verdict, ActionError> {
    let now = work.now;
    let case = Case::load(work, contact, now, false).await?;
    Ok(check(&case.limits, &case.request(contact, now), &case.ledgers))
}

/// What it would answer at another moment, as far as is known now. Outcomes that are owed now say nothing about it, and
/// hide nothing behind them.
///
/// # Errors
/// The store's.
pub(crate) async fn would_at(work: &mut Work, contact: &Contact, at: Timestamp) -> Result<Verdict, ActionError> {
    let mut case = Case::load(work, contact, at, false).await?;
    case.ledgers.person.outcome_missing = false;
    Ok(check(&case.limits, &case.request(contact, at), &case.ledgers))
}

/// Logs why third parties may be asked to pass a message: the debtor is unreachable by the measure of the policy,
/// dead or incapable by a stop flag.
///
/// # Errors
/// Not within scope, no evidence; [`GuardError::NotUnreachable`], [`GuardError::FlagFirst`], [`GuardError::GroundStands`].
pub async fn log_ground(
    work: &mut Work,
    customer: CustomerId,
    ground: Ground,
    evidence: &str,
) -> Result<(), ActionError> {
    let file = crate::file_for(work, customer, CASE_WORK).await?;
    if evidence.trim().is_empty() {
        return Err(GuardError::Form(vec![FieldError::new("evidence", "evidence-empty")]).into());
    }
    store::lock_person(&mut work.tx, file.person).await?;
    if store::standing_ground(&mut work.tx, customer).await?.is_some() {
        return Err(GuardError::GroundStands.into());
    }
    match ground {
        Ground::Unreachable => check_unreachable(work, customer).await?,
        Ground::Dead | Ground::Incapable => {
            let flag = if ground == Ground::Dead { StopKind::Death } else { StopKind::Incapacity };
            if !crate::stop_flag::store::kinds(&mut work.tx, &[customer]).await?.has(flag) {
                return Err(GuardError::FlagFirst.into());
            }
        }
    }
    let id = store::insert_ground(work, customer, ground, evidence.trim()).await?;
    let entry = Entry::new(Some(customer), "contact.ground", format!("contact_ground:{customer}:{id}"));
    Ok(work.audit(entry.after(json!({"ground": ground.as_str()})).reason(evidence.trim())).await?)
}

/// Whether the debtor counts as unreachable (rule `contact.unreachable`).
///
/// # Errors
/// [`GuardError::NotUnreachable`] with what is missing.
pub(crate) async fn check_unreachable(work: &mut Work, customer: CustomerId) -> Result<(), ActionError> {
    let on = work.business_date;
    let rules = policies::in_force(work, on).await?;
    let effort = Effort::of(rules.edition(on)).map_err(policies::PolicyError::from)?;
    let zone = Limits::of(rules.edition(on)).zone;
    let attempts = store::attempts(&mut work.tx, customer).await?;
    let tries: Vec<Try> = attempts.iter().filter_map(as_try).collect();
    let missing = missing(&effort, &tries, &zone);
    if missing.is_nothing() { Ok(()) } else { Err(GuardError::NotUnreachable(missing).into()) }
}

fn as_try(attempt: &store::Attempt) -> Option<Try> {
    match (attempt.channel, attempt.connected, attempt.result) {
        (_, _, Some(result)) if result.reached() => Some(Try::Reached),
        (Channel::Phone, Some(false), _) => Some(Try::Call { line: attempt.line, at: attempt.at }),
        (Channel::Sms, _, Some(ContactResult::Sent)) => Some(Try::Message),
        _ => None,
    }
}

/// The debtor was reached again: no third party is asked any more, and nobody is lost.
pub(crate) async fn debtor_reached(work: &mut Work, customer: CustomerId) -> Result<(), ActionError> {
    crate::lost::actions::reached(work, customer).await?;
    let standing = store::standing_ground(&mut work.tx, customer).await?;
    if let Some((id, Ground::Unreachable)) = standing
        && store::end_ground(work, customer, "reached").await?
    {
        let entry = Entry::new(Some(customer), "contact.ground.end", format!("contact_ground:{customer}:{id}"));
        work.audit(entry.after(json!({"reason": "reached"}))).await?;
    }
    Ok(())
}

/// Registers a line from which calls are made; a number of the institution, never a private one.
///
/// # Errors
/// No permission; fields that are wrong; [`GuardError::LineExists`].
pub async fn register_line(work: &mut Work, number: &str, label: &str) -> Result<LineId, ActionError> {
    work.authorise(CONTACT_OPEN)?;
    keep_line(work, number, label, None).await
}

/// The same, of the institution or of an agency.
pub(crate) async fn keep_line(
    work: &mut Work,
    number: &str,
    label: &str,
    agency: Option<AgencyId>,
) -> Result<LineId, ActionError> {
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    let mut wrong = Vec::new();
    if !(3..=20).contains(&digits.len()) {
        wrong.push(FieldError::new("number", "phone-invalid"));
    }
    if label.trim().is_empty() {
        wrong.push(FieldError::new("label", "field-empty"));
    }
    if !wrong.is_empty() {
        return Err(GuardError::Form(wrong).into());
    }
    if store::lines(&mut work.tx).await?.iter().any(|line| line.number == digits) {
        return Err(GuardError::LineExists.into());
    }
    let id = store::insert_line(work, &digits, label.trim(), agency).await?;
    work.audit(
        Entry::new(None, "calling_line.register", format!("calling_line:{id}"))
            .after(json!({"number": digits, "agency": agency})),
    )
    .await?;
    Ok(id)
}
