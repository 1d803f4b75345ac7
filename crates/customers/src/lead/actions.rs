//! Use cases of leads: take one in, follow it up, give it to somebody else, erase it.

use std::collections::BTreeMap;

use jiff::civil::Date;
use platform::access::{DataScope, store as access};
use platform::audit::Entry;
use platform::contact_gate::{self, Manner, PersonId, Purpose, Shown};
use platform::duty::{self, Case, Channel as By, Evidence};
use platform::error::{ActionError, FieldError, Refused};
use platform::id::{CustomerId, UserId};
use platform::numbering;
use platform::policies;
use platform::vault::{Personal as _, Phone, What};
use platform::work::Work;
use policy::Facts;
use serde_json::json;

use super::error::LeadError;
use super::model::{Lead, LeadId, LeadState, NewLead, StepKind};
use super::{ASSIGN, RECORD, WORK, policy as rules_of, rules, store};
use crate::customer::actions::load_within;
use crate::error::CustomerError;
use crate::identity::normalise_phone;
use crate::{VIEW, personal};

/// The institution's own things have no customer.
pub(crate) const HOUSE: CustomerId = CustomerId(0);
/// The trigger of the duty to contact a lead.
const CONTACT: &str = "lead.contact";
/// The trigger of the duty to erase one.
const RETENTION: &str = "lead.retention";

/// Whom one may give a lead: whoever is bound to a team or to own things gives within the own branch.
async fn worker(work: &mut Work, scope: DataScope, user: UserId) -> Result<access::User, ActionError> {
    let found = access::user(&mut work.tx, user).await?;
    let own = work.actor.branch;
    let reach = |one: &access::User| match (scope.branch, scope.team, scope.manager) {
        (0, 0, 0) => true,
        (0, _, _) => one.branch == own,
        (branch, _, _) => one.branch.0 == branch,
    };
    let able = |one: &access::User| {
        let grants = work.app.roles().grants(one.roles.iter().map(String::as_str));
        one.state == access::UserState::Active && grants.contains_key(WORK) && reach(one)
    };
    let found = found.filter(able);
    let wrong = || Refused::form(vec![FieldError::new("owner", "lead-no-such-owner")]);
    Ok(found.ok_or_else(wrong)?)
}

/// Takes a lead in (rule `lead.take`): authorise → check → save, with the duty to contact it.
///
/// # Errors
/// Denied; all that is wrong at once; the number's holder, or the customer, refused contact and did not come of its own
/// accord, or whoever recorded the refusal says so alone.
pub async fn take(work: &mut Work, new: &NewLead) -> Result<LeadId, ActionError> {
    let scope = work.authorise(RECORD)?;
    let today = work.business_date;
    let in_force = policies::in_force(work, today).await?;
    let grounds = rules_of::grounds(&in_force, today, new.kind)?;
    if let Some(customer) = new.customer {
        load_within(work, customer, VIEW).await?;
    }
    let own = store::files_of(&mut work.tx, new.customer).await?;
    let wrong = rules::check(new, &rules_of::channels(&in_force, today)?, &grounds, &own);
    if !wrong.is_empty() {
        return Err(Refused::form(wrong).under("lead.take", None).into());
    }
    let owner = worker(work, scope, new.owner).await?;
    let id = LeadId(work.next_id());
    let phone = new.phone.as_deref().and_then(normalise_phone).map(Phone::from_clear);
    let (mut sealed, mut index, mut masked) = (None, None, String::new());
    if let Some(phone) = &phone {
        let vault = work.app.vault()?;
        sealed = Some(vault.seal(personal::place(personal::LEAD_PHONE, &id.to_string()), phone));
        index = Some(vault.blind_index(phone));
        masked = phone.masked();
    }
    let ground = grounds.iter().find(|one| one.name == new.ground);
    let renews = ground.is_some_and(|one| one.renews);
    let article = ground.and_then(|one| rules_of::article_title(&in_force, &one.article));
    let refused = store::refused_before(&mut work.tx, index.as_deref(), new.customer).await?;
    if let Some(before) = refused {
        may_renew(work, before, renews, article)?;
    }
    let mut one = Lead {
        id,
        number: numbering::next(work, "lead", HOUSE, id.0).await?,
        kind: new.kind,
        name: new.name.trim().to_owned(),
        phone_index: index,
        phone_masked: masked,
        origin: new.origin.clone(),
        ground: new.ground.clone(),
        ground_note: new.ground_note.trim().to_owned(),
        interest: new.interest.trim().to_owned(),
        customer: new.customer,
        owner: owner.id,
        branch: owner.branch,
        team: owner.team,
        state: LeadState::New,
        lost_reason: None,
        next_on: None,
        seen_on: today,
        turn: 0,
        refused_on: None,
        won_on: None,
        erase_asked_on: None,
        erased_on: None,
        taken_on: today,
        taken_by: UserId(work.actor.recorded_by()),
        version: 1,
    };
    store::insert(work, &one, sealed).await?;
    store::note(work, id, StepKind::Taken, "", None).await?;
    let after = json!({"number": one.number, "channel": one.origin.channel, "ground": one.ground, "owner": one.owner,
        "renews": refused.map(|(on, _)| on)});
    work.audit(entry(&one, StepKind::Taken.act()).after(after)).await?;
    if ground.is_some_and(|one| one.may_contact) {
        ask(work, &mut one, today).await?;
        store::update(&mut work.tx, &mut one).await?;
    }
    Ok(id)
}

/// Whether somebody who refused contact may be taken in: of the own accord only, and not on the word of the same person
/// alone who recorded the refusal (rule `lead.refusal`).
fn may_renew(work: &Work, (on, by): (Date, UserId), renews: bool, article: Option<String>) -> Result<(), ActionError> {
    if !renews {
        return Err(LeadError::Refused { on, article }.into());
    }
    if by.0 == work.actor.recorded_by() && work.authorise(ASSIGN).is_err() {
        return Err(LeadError::OwnRefusal { on, article }.into());
    }
    Ok(())
}

pub(super) fn entry(one: &Lead, action: &'static str) -> Entry {
    Entry::new(one.customer, action, one.subject())
}

/// Opens the duty to contact a lead from a day on (rule `lead.next`).
pub(super) async fn ask(work: &mut Work, one: &mut Lead, from: Date) -> Result<(), ActionError> {
    one.turn += 1;
    let case = case(one, one.duty(), from);
    duty::open(work, CONTACT, &[case]).await.map(drop)
}

/// Asks for the erasure of a lead.
pub(super) async fn ask_erasure(work: &mut Work, one: &mut Lead, on: Date) -> Result<(), ActionError> {
    let case = case(one, one.erasure(), on);
    duty::open(work, RETENTION, &[case]).await?;
    one.erase_asked_on = Some(on);
    Ok(store::update(&mut work.tx, one).await?)
}

fn case(one: &Lead, subject: String, anchor: Date) -> Case {
    Case {
        customer: HOUSE,
        subject,
        anchor,
        manager: Some(one.owner),
        personal: false,
        branch: one.branch,
        whom: one.masked(),
        number: one.number.clone(),
        amount: None,
        facts: Facts::new(),
        fields: BTreeMap::new(),
    }
}

/// A lead within the reach of an action (rule `lead.scope`): by branch, team and owner; whoever found it sees it too.
///
/// # Errors
/// Denied; there is none, or not for this person.
pub async fn seen(work: &mut Work, id: &str, action: &str) -> Result<Lead, ActionError> {
    let scope = work.authorise(action)?;
    let missing = || CustomerError::NoSuchPart("lead");
    let key = id.parse().map(LeadId).map_err(|_| missing())?;
    let found = store::find(&mut work.tx, key).await?;
    let own = |one: &Lead| scope.manager != 0 && one.origin.colleague == Some(UserId(scope.manager));
    let found = found.filter(|one| scope.covers(one.branch, one.team, one.owner) || own(one));
    Ok(found.ok_or_else(missing)?)
}

/// Refuses contact with whoever said no (rule `lead.refusal`), or without a ground that allows a call.
///
/// Rule `lead.ground`. Source: 个人信息保护法 第十三条.
///
/// # Errors
/// [`LeadError::Refused`], [`LeadError::NoGround`] with the article; [`LeadError::Erased`].
pub async fn contactable(work: &mut Work, one: &Lead) -> Result<(), ActionError> {
    if one.erased_on.is_some() {
        return Err(LeadError::Erased.into());
    }
    let today = work.business_date;
    let in_force = policies::in_force(work, today).await?;
    let grounds = rules_of::grounds(&in_force, today, one.kind)?;
    let ground = grounds.iter().find(|known| known.name == one.ground);
    let article = ground.and_then(|one| rules_of::article_title(&in_force, &one.article));
    let refusals = store::refusals(&mut work.tx, one).await?;
    if let Some(on) = rules::standing_refusal(&refusals, ground.is_some_and(|known| known.renews), one.id) {
        return Err(LeadError::Refused { on, article }.into());
    }
    if !ground.is_some_and(|one| one.may_contact) {
        return Err(LeadError::NoGround { article }.into());
    }
    Ok(())
}

/// Whether a duty to contact a lead may stand: nobody is asked to do what is refused.
async fn may_ask(work: &mut Work, one: &Lead) -> Result<bool, ActionError> {
    match contactable(work, one).await {
        Ok(()) => Ok(true),
        Err(ActionError::Refused(_)) => Ok(false),
        Err(broken) => Err(broken),
    }
}

/// What is said of a step (跟进内容).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Said {
    /// In words.
    pub note: String,
    /// When it is contacted next; the policy's days from today where nothing is said.
    pub next_on: Option<Date>,
    /// Why it is lost, as the policy names it.
    pub reason: String,
}

/// Records a step of the follow-up (rule `lead.steps`).
///
/// # Errors
/// Not within scope; the step is not possible; contact is not lawful; all that is wrong at once.
pub async fn step(work: &mut Work, id: &str, kind: StepKind, said: &Said) -> Result<LeadId, ActionError> {
    let mut one = seen(work, id, WORK).await?;
    let state = one.state.as_str();
    let to = kind.leads(one.state).filter(|_| StepKind::FORMS.contains(&kind) && kind != StepKind::Erased);
    let Some(to) = to else { return Err(LeadError::State { state }.into()) };
    if one.erased_on.is_some() {
        return Err(LeadError::Erased.into());
    }
    if kind.needs_contact() {
        contactable(work, &one).await?;
    }
    let today = work.business_date;
    let in_force = policies::in_force(work, today).await?;
    let mut wrong: Vec<FieldError> = rules::check_words("note", &said.note, true).into_iter().collect();
    let months = rules_of::number(&in_force, today, "lead_retention_months")?;
    wrong.extend(rules::check_next(said.next_on, today, months));
    if kind == StepKind::Lost && !rules_of::lost_reasons(&in_force, today)?.contains(&said.reason) {
        wrong.push(FieldError::choice("reason", &said.reason));
    }
    if !wrong.is_empty() {
        return Err(Refused::form(wrong).under("lead.steps", None).into());
    }
    let fact = settle(work, &mut one, kind, &said.note).await?;
    (one.state, one.seen_on, one.next_on) = (to, today, None);
    let reason = if kind == StepKind::Lost { Some(said.reason.as_str()) } else { kind.lost_reason() };
    // Who is a customer stays one, and is left alone.
    one.lost_reason = reason.filter(|_| to == LeadState::Lost).map(str::to_owned);
    if kind == StepKind::Refused {
        one.refused_on = Some(today);
        // It is the person who said no: the duties of its other leads end with this one's.
        for other in store::living_alike(&mut work.tx, &one).await? {
            duty::cancel(work, HOUSE, &other.duty(), "the person refused contact").await?;
        }
    }
    if to.lives() {
        let days = rules_of::number(&in_force, today, "lead_follow_days")?;
        let later = jiff::Span::new().try_days(days).ok().and_then(|span| today.checked_add(span).ok());
        let next = said.next_on.or(later).unwrap_or(today);
        one.next_on = Some(next);
        if may_ask(work, &one).await? {
            ask(work, &mut one, next).await?;
        }
    }
    store::update(&mut work.tx, &mut one).await?;
    let after = json!({"kind": kind.as_str(), "state": to.as_str(), "step": fact.to_string()});
    work.audit(entry(&one, kind.act()).after(after)).await?;
    Ok(one.id)
}

/// Writes a step, which closes the duty to contact the lead, and ends an asked erasure.
pub(super) async fn settle(work: &mut Work, one: &mut Lead, kind: StepKind, note: &str) -> Result<i64, ActionError> {
    let fact = store::note(work, one.id, kind, note, None).await?;
    let evidence = Evidence { kind: "lead_step", fact: format!("lead_step:{fact}"), settles: true };
    duty::close_by(work, HOUSE, &one.duty(), &evidence).await?;
    if one.erase_asked_on.is_some() && kind != StepKind::Erased {
        duty::cancel(work, HOUSE, &one.erasure(), "taken up again").await?;
        one.erase_asked_on = None;
    }
    Ok(fact)
}

/// Gives a lead to somebody else (批量分派, rule `lead.assign`); the standing duty goes with it.
///
/// # Errors
/// Not within scope; it lives no more; nobody who may work on leads.
pub async fn assign(work: &mut Work, id: &str, to: UserId) -> Result<LeadId, ActionError> {
    let mut one = seen(work, id, ASSIGN).await?;
    if StepKind::Assigned.leads(one.state).is_none() {
        return Err(LeadError::State { state: one.state.as_str() }.into());
    }
    let scope = work.authorise(ASSIGN)?;
    let owner = worker(work, scope, to).await?;
    if owner.id == one.owner {
        return Err(CustomerError::NothingChanged.into());
    }
    let before = json!({"owner": one.owner});
    store::note(work, one.id, StepKind::Assigned, &owner.name, None).await?;
    duty::cancel(work, HOUSE, &one.duty(), "given to somebody else").await?;
    (one.owner, one.branch, one.team) = (owner.id, owner.branch, owner.team);
    if one.turn > 0 && may_ask(work, &one).await? {
        let (from, today) = (one.next_on.unwrap_or(one.seen_on), work.business_date);
        one.turn += 1;
        let kept = case(&one, one.duty(), from);
        // The days run on; duties are not opened late, so that what is overdue already is asked for from today.
        if duty::open(work, CONTACT, &[kept]).await?.duties == 0 {
            ask(work, &mut one, today).await?;
        }
    }
    store::update(&mut work.tx, &mut one).await?;
    work.audit(entry(&one, StepKind::Assigned.act()).before(before).after(json!({"owner": one.owner}))).await?;
    Ok(one.id)
}

/// Erases the personal data of a lead that came to nothing (rule `lead.retention`), with its trail and a reason.
///
/// A lost one may be erased at any time, for instance because the person asks for it; one that lies idle only when the
/// months of the policy are over. Source: 个人信息保护法 第四十七条.
///
/// # Errors
/// Not within scope; it was erased, became a customer, or is worked on; no reason.
pub async fn erase(work: &mut Work, id: &str, reason: &str) -> Result<LeadId, ActionError> {
    let mut one = seen(work, id, ASSIGN).await?;
    if one.erased_on.is_some() {
        return Err(LeadError::Erased.into());
    }
    let state = one.state.as_str();
    let Some(to) = StepKind::Erased.leads(one.state) else { return Err(LeadError::State { state }.into()) };
    if let Some(wrong) = rules::check_words("reason", reason, true) {
        return Err(Refused::form(vec![wrong]).under("lead.retention", None).into());
    }
    let today = work.business_date;
    if one.state.lives() {
        let in_force = policies::in_force(work, today).await?;
        let months = rules_of::number(&in_force, today, "lead_retention_months")?;
        if rules::kept_until(&one, months).is_none_or(|until| until > today) {
            return Err(LeadError::NotDue.into());
        }
        one.lost_reason = StepKind::Erased.lost_reason().map(str::to_owned);
    }
    let fact = settle(work, &mut one, StepKind::Erased, "").await?;
    (one.state, one.next_on) = (to, None);
    store::update(&mut work.tx, &mut one).await?;
    store::erase(&mut work.tx, &mut one, today).await?;
    let evidence = Evidence { kind: "lead_erased", fact: format!("lead_step:{fact}"), settles: true };
    duty::close_by(work, HOUSE, &one.erasure(), &evidence).await?;
    let after = json!({"number": one.number, "kept_number": one.refused_on.is_some()});
    work.audit(entry(&one, StepKind::Erased.act()).after(after).reason(reason.trim())).await?;
    Ok(one.id)
}

/// Shows the number as far as refusal, ground and the contact gate allow. Commit the work whatever it says.
///
/// # Errors
/// Not within scope; contact is refused with its article; no reason.
pub async fn reveal(work: &mut Work, id: &str, reason: &str) -> Result<(Lead, Shown), ActionError> {
    let one = seen(work, id, WORK).await?;
    // Who came to nothing is not called, and a customer's number is in the file.
    if one.erased_on.is_none() && !one.state.lives() && one.refused_on.is_none() {
        return Err(LeadError::State { state: one.state.as_str() }.into());
    }
    contactable(work, &one).await?;
    let sealed = store::sealed_phone(&mut work.tx, one.id).await?.ok_or(CustomerError::NothingToReveal)?;
    let customer = one.customer.unwrap_or(HOUSE);
    let row = one.id.to_string();
    let place = personal::place(personal::LEAD_PHONE, &row);
    let what = What { customer, subject: one.subject(), place, sealed: &sealed };
    let person = match one.customer {
        Some(file) => load_within(work, file, VIEW).await?.person,
        None => PersonId(one.id.0),
    };
    let shown = contact_gate::reveal_phone(work, what, person, Purpose::Care, Manner::by(By::Phone), reason).await?;
    Ok((one, shown))
}
