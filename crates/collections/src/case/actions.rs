//! Use cases of cases: opened and closed by what is overdue, given to people, worked by one at a time.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::SignedDuration;
use jiff::civil::Date;
use platform::access::DataScope;
use platform::audit::Entry;
use platform::duty::{self, Evidence};
use platform::error::ActionError;
use platform::event::{BoxFuture, Event, Subscriber};
use platform::id::{CustomerId, UserId};
use platform::policies::{self, InForce, PolicyError};
use platform::work::Work;
use platform::{access, numbering};
use policy::{Edition, Facts, Value};
use serde_json::json;

use super::model::{Case, CaseError, CaseId, CaseKey, CaseState, CloseReason, Lock};
use super::rules::{self, Crew, Ladder, Rung};
use super::start::{self, Ground};
use super::start_store;
use super::store::{self, Arrears, Note};
use crate::early::store::{self as early, Early};
use crate::stop_flag::model::StopKind;
use crate::{CASE_ASSIGN, CASE_VIEW, CASE_WORK, agency};

/// The trigger of the duties of a step of the ladder.
pub const RUNG: &str = "case.bucket";

/// The trigger of the duties of a case that starts before anything is overdue (S2.3-01).
const STARTED: &str = "case.started";

/// Money and changes of loans move cases at once (S2.2-06, X-08); a death or a called loan starts one (S2.3-01).
pub fn subscribers() -> Vec<Subscriber> {
    [
        "repayment_received",
        "transaction_reversed",
        "loan_waived",
        "loan_extended",
        "loan_restructured",
        "loan_accelerated",
        "loan_written_off",
        "loan_import_undone",
        "stop_flag_set",
        "stop_flag_lifted",
    ]
    .into_iter()
    .map(|event| Subscriber { event, name: "collections.case", handle: follow })
    .collect()
}

fn follow<'a>(work: &'a mut Work, event: &'a Event) -> BoxFuture<'a, Result<(), ActionError>> {
    Box::pin(async move {
        let flag = event.kind.starts_with("stop_flag");
        if flag && event.payload.get("kind").and_then(serde_json::Value::as_str) != Some(StopKind::Death.as_str()) {
            return Ok(());
        }
        let starts = matches!(event.kind, "loan_accelerated" | "stop_flag_set");
        if !starts && store::open_of(&mut work.tx, event.customer).await?.is_none() {
            // The close opens what is overdue on the day that comes.
            return Ok(());
        }
        let why = if event.kind == "repayment_received" { CloseReason::Repaid } else { CloseReason::Adjusted };
        let mut desk = Desk::load(work).await?;
        desk.settle(work, &[event.customer], why).await?;
        Ok(())
    })
}

/// What cases are decided with: the ladder of the policy and the people at hand.
pub struct Desk {
    policy: Arc<InForce>,
    on: Date,
    ladder: Arc<Ladder>,
    collects: String,
    crew: Option<Crew>,
}

impl Desk {
    /// As of the business date.
    ///
    /// # Errors
    /// No policy in force, or it lacks the ladder; the store's.
    pub async fn load(work: &mut Work) -> Result<Self, ActionError> {
        let on = work.business_date;
        let policy = policies::in_force(work, on).await?;
        let edition = policy.edition(on);
        let ladder = rules::ladder(edition).map_err(PolicyError::from)?;
        let collects = edition.text("collection_owner").map_err(PolicyError::from)?.to_owned();
        Ok(Self { policy, on, ladder, collects, crew: None })
    }

    /// Who can take cases; read when it is first asked for, since most changes give no case to anybody.
    ///
    /// # Errors
    /// As [`Desk::load`].
    async fn crew(&mut self, work: &mut Work) -> Result<&mut Crew, ActionError> {
        if self.crew.is_none() {
            let mut names = BTreeSet::new();
            for (days, _) in &self.ladder.steps {
                names.extend(rules::roles(&self.collects, &self.rung(*days)?));
            }
            let mut crew = Crew { holders: BTreeMap::new(), load: store::load(&mut work.tx).await? };
            for role in names {
                let held = access::store::holders(&mut work.tx, &role).await?;
                crew.holders.insert(role, held);
            }
            self.crew = Some(crew);
        }
        self.crew.as_mut().ok_or_else(|| ActionError::Internal("nobody takes cases".to_owned()))
    }

    fn edition(&self) -> &Edition {
        self.policy.edition(self.on)
    }

    /// The oldest due dates with which a step of the ladder begins on the business date.
    #[must_use]
    pub fn edges(&self) -> Vec<Date> {
        self.ladder.steps.iter().filter_map(|(days, _)| finance::add_days(self.on, -days)).collect()
    }

    /// The step of the ladder at some days overdue.
    ///
    /// # Errors
    /// The policy lacks it.
    pub fn rung(&self, days: i64) -> Result<Rung, ActionError> {
        Ok(self.ladder.rung(self.edition(), days).map_err(PolicyError::from)?)
    }

    /// The next day on which the frequency of contact must be looked at.
    #[must_use]
    pub fn next_ask(&self, rung: &Rung, behind: &Arrears) -> Option<Date> {
        self.ladder.next_ask(rung, behind.oldest_due_on, self.on)
    }

    /// Brings the cases of these customers to where their arrears are. Rule `case.open`: whoever is overdue has one.
    /// Rule `case.start-early`: so has whoever is dead, disappeared or was called on while a loan runs, as long as that stands.
    /// Rule `case.rung`: the days overdue place it on the ladder. How many changed. Whoever does not change is not written.
    ///
    /// # Errors
    /// The policy lacks something; the store's.
    pub async fn settle(
        &mut self,
        work: &mut Work,
        customers: &[CustomerId],
        why: CloseReason,
    ) -> Result<u64, ActionError> {
        let arrears = store::arrears(&mut work.tx, customers).await?;
        let even: Vec<CustomerId> = customers.iter().filter(|one| !arrears.contains_key(one)).copied().collect();
        let early = early::standing(&mut work.tx, &even, self.on).await?;
        let (mut touched, mut new) = (0, Vec::new());
        let mut cases = store::open_of_all(&mut work.tx, customers).await?;
        for customer in customers {
            match (cases.remove(customer), arrears.get(customer)) {
                (None, Some(behind)) => new.push((*customer, behind)),
                (Some(case), Some(behind)) => touched += u64::from(self.follow_ladder(work, case, behind).await?),
                (Some(case), None) => {
                    if store::tracks_write_off(&mut work.tx, *customer).await? {
                        continue;
                    }
                    match early.get(customer) {
                        Some(one) => touched += u64::from(self.follow_ladder(work, case, &one.footing).await?),
                        None => {
                            close(work, case, why).await?;
                            touched += 1;
                        }
                    }
                }
                (None, None) => new.extend(early.get(customer).map(|one| (*customer, &one.footing))),
            }
        }
        let ids: Vec<(CustomerId, i64)> = new.iter().map(|(customer, _)| (*customer, work.next_id())).collect();
        if !ids.is_empty() {
            let numbers = numbering::next_many(work, "case", &ids).await?;
            let mut opened = Vec::with_capacity(new.len());
            for (((customer, behind), (_, id)), number) in new.into_iter().zip(ids).zip(numbers) {
                let key = CaseKey { customer, case: CaseId(id) };
                opened.push((self.new_case(work, key, number, behind).await?, behind));
            }
            touched += self.open(work, &opened, &early).await?;
        }
        Ok(touched)
    }

    async fn new_case(
        &mut self,
        work: &mut Work,
        key: CaseKey,
        number: String,
        behind: &Arrears,
    ) -> Result<Case, ActionError> {
        let days = behind.days(self.on);
        let rung = self.rung(days)?;
        let roles = rules::roles(&self.collects, &rung);
        let taken = self.crew(work).await?.take(&roles, behind.branch, &behind.managers);
        Ok(Case {
            key,
            number,
            branch: behind.branch,
            team: behind.team,
            manager: behind.manager,
            owner_role: taken.as_ref().map_or_else(|| roles.first().cloned().unwrap_or_default(), |one| one.1.clone()),
            rung: rung.action.clone(),
            opened_on: self.on,
            state: CaseState::Open { owner: taken.map(|one| one.0), lock: None },
            version: 1,
        })
    }

    /// Writes new cases, of customers who have none, with their first notes and duties.
    async fn open(
        &self,
        work: &mut Work,
        new: &[(Case, &Arrears)],
        early: &BTreeMap<CustomerId, Early>,
    ) -> Result<u64, ActionError> {
        store::insert(work, new.iter().map(|one| &one.0)).await?;
        let customers: Vec<CustomerId> = new.iter().map(|(case, _)| case.key.customer).collect();
        let known = start_store::known(&mut work.tx, &customers, self.on).await?;
        let why = |case: &Case| {
            let customer = &case.key.customer;
            let found = early.get(customer).map(|one| one.ground);
            found.or_else(|| known.get(customer).map(|one| start::ground(*one))).unwrap_or(Ground::Overdue).as_str()
        };
        let notes: Vec<(CaseKey, Note<'_>)> = new
            .iter()
            .map(|(case, _)| (case.key, Note { kind: "opened", from: "", to: &case.rung, reason: why(case), note: "" }))
            .collect();
        store::notes(work, &notes).await?;
        // Strategies begin with what is overdue: the first step of the ladder assigns one.
        let overdue = new.iter().filter(|(case, _)| !early.contains_key(&case.key.customer));
        let begun: Vec<(&Case, &Arrears)> = overdue.map(|(case, behind)| (case, *behind)).collect();
        crate::strategy::actions::assign(work, self.edition(), &begun).await?;
        let climbed: Vec<(&Case, &Arrears, usize)> = new.iter().map(|(case, behind)| (case, *behind, 0)).collect();
        self.open_duties(work, &climbed).await?;
        let before = new.iter().filter(|(case, _)| early.contains_key(&case.key.customer));
        let begun: Vec<duty::Case> = before.map(|(case, behind)| duty_case(case, behind, self.on, 0)).collect();
        if !begun.is_empty() {
            duty::open(work, STARTED, &begun).await?;
        }
        let events = new.iter().map(|(case, behind)| {
            let days = behind.days(self.on);
            event_of(work.business_date, case, "case_opened", json!({"case": case.key.case, "days_overdue": days}))
        });
        let events = events.collect();
        work.emit_all(events).await?;
        Ok(u64::try_from(new.len()).unwrap_or(u64::MAX))
    }

    /// Moves a case along the ladder; the duties of every step that it climbs are opened, in order.
    async fn follow_ladder(&mut self, work: &mut Work, mut case: Case, behind: &Arrears) -> Result<bool, ActionError> {
        let days = behind.days(self.on);
        let rung = self.rung(days)?;
        if rung.action == case.rung {
            return Ok(false);
        }
        let before = std::mem::replace(&mut case.rung, rung.action.clone());
        let ladder = Arc::clone(&self.ladder);
        let place = |action: &str| ladder.steps.iter().position(|(_, name)| name == action).map_or(0, |at| at + 1);
        let (was, is) = (place(&before), place(&rung.action));
        let roles = rules::roles(&self.collects, &rung);
        let CaseState::Open { owner, lock } = &case.state else { return Ok(false) };
        let (owner, lock) = (*owner, *lock);
        // What is placed with an agency stays there until it comes back.
        let placed = is > was && agency::placing_store::of_case(&mut work.tx, case.key).await?.is_some();
        let crew = self.crew(work).await?;
        let fits = owner.is_some_and(|user| crew.holds(user, &roles));
        let mut moved = None;
        if is > was
            && !fits
            && !placed
            && let Some((to, role)) = crew.take(&roles, case.branch, &behind.managers)
        {
            case.state = CaseState::Open { owner: Some(to), lock: lock.filter(|lock| lock.by == to) };
            case.owner_role = role;
            moved = Some(to);
        }
        store::update(&mut work.tx, &case).await?;
        case.version += 1;
        store::ask_from(&mut work.tx, &[case.key], Some(self.on)).await?;
        let note = Note { kind: "rung", from: &before, to: &rung.action, reason: "days", note: "" };
        store::note(work, case.key, &note).await?;
        crate::strategy::actions::assign(work, self.edition(), &[(&case, behind)]).await?;
        if let Some(to) = moved {
            let (from, to) = (owner.map(|user| user.to_string()).unwrap_or_default(), to.to_string());
            let note = Note { kind: "transferred", from: &from, to: &to, reason: "ladder", note: "" };
            store::note(work, case.key, &note).await?;
        }
        if is > was {
            self.open_duties(work, &[(&case, behind, was)]).await?;
        } else {
            // Money brought it down: what only the higher step asked for is done with.
            let evidence = Evidence { kind: "repayment", fact: format!("days_overdue:{days}"), settles: true };
            duty::close_by(work, case.key.customer, &case.key.subject(), &evidence).await?;
        }
        Ok(true)
    }

    /// The duties of the steps above the given one up to where each case stands (S4-08, S4-11).
    async fn open_duties(&self, work: &mut Work, climbed: &[(&Case, &Arrears, usize)]) -> Result<(), ActionError> {
        let place = |case: &Case| self.ladder.steps.iter().position(|(_, name)| *name == case.rung);
        let reached: Vec<usize> = climbed.iter().map(|one| place(one.0).map_or(0, |at| at + 1)).collect();
        for (at, (first_day, _)) in self.ladder.steps.iter().enumerate() {
            let here = climbed.iter().zip(&reached).filter(|((_, _, was), is)| (*was..**is).contains(&at));
            let cases: Vec<duty::Case> =
                here.map(|((case, behind, _), _)| duty_case(case, behind, self.on, *first_day)).collect();
            if !cases.is_empty() {
                duty::open(work, RUNG, &cases).await?;
            }
        }
        let owned = climbed.iter().filter_map(|(case, _, _)| {
            let fact = format!("user:{}", case.state.owner()?);
            let evidence = Evidence { kind: "assignment", fact, settles: false };
            Some((case.key.customer, case.key.subject(), evidence))
        });
        duty::close_each(work, &owned.collect::<Vec<_>>()).await?;
        Ok(())
    }
}

/// What the duty rules look at, of a case.
#[must_use]
pub fn duty_case(case: &Case, behind: &Arrears, anchor: Date, days: i64) -> duty::Case {
    duty::Case {
        customer: case.key.customer,
        subject: case.key.subject(),
        anchor,
        manager: case.state.owner(),
        personal: false,
        branch: case.branch,
        whom: behind.name.clone(),
        number: case.number.clone(),
        amount: Some(behind.overdue),
        facts: Facts::from([("overdue_days".to_owned(), Value::Integer(days))]),
        fields: BTreeMap::from([
            ("name".to_owned(), behind.name.clone()),
            ("amount".to_owned(), behind.overdue.to_string()),
            ("overdue_days".to_owned(), behind.days(anchor).to_string()),
        ]),
    }
}

/// Ends a case: letters and duties stop in the same transaction (rule `case.close`).
async fn close(work: &mut Work, mut case: Case, reason: CloseReason) -> Result<(), ActionError> {
    let on = work.business_date;
    case.state = case.state.close(on, reason)?;
    store::update(&mut work.tx, &case).await?;
    let note = Note { kind: "closed", from: &case.rung, to: "", reason: reason.as_str(), note: "" };
    store::note(work, case.key, &note).await?;
    let evidence = Evidence { kind: "repayment", fact: case.key.subject(), settles: true };
    if reason == CloseReason::Repaid {
        duty::close_by(work, case.key.customer, &case.key.subject(), &evidence).await?;
        crate::legal::wait::repaid(work, case.key.customer).await?;
    }
    duty::cancel(work, case.key.customer, &case.key.subject(), reason.as_str()).await?;
    super::frequency::stop(work, case.key).await?;
    crate::early::actions::case_closed(work, case.key.customer).await?;
    emit(work, &case, "case_closed", json!({"case": case.key.case, "reason": reason.as_str()})).await
}

async fn emit(work: &mut Work, case: &Case, kind: &'static str, payload: serde_json::Value) -> Result<(), ActionError> {
    let event = event_of(work.business_date, case, kind, payload);
    work.emit(event).await
}

fn event_of(effective_on: Date, case: &Case, kind: &'static str, payload: serde_json::Value) -> Event {
    Event { kind, customer: case.key.customer, subject: case.key.subject(), effective_on, payload }
}

/// Whether a scope covers a case: what is one's own is what one collects, and what one granted.
#[must_use]
pub fn covers(scope: DataScope, case: &Case) -> bool {
    (scope.branch == 0 || scope.branch == case.branch.0)
        && (scope.team == 0 || case.team.is_some_and(|team| team.0 == scope.team))
        && (scope.manager == 0
            || case.manager.0 == scope.manager
            || case.state.owner().is_some_and(|owner| owner.0 == scope.manager))
}

/// A case that the person may touch under an action: within the scope, or given to that person, wherever it is kept.
///
/// # Errors
/// Denied; [`CaseError::NotFound`], also for what lies outside the scope.
pub async fn load(work: &mut Work, case: CaseId, action: &str) -> Result<Case, ActionError> {
    let scope = work.authorise(action)?;
    let user = work.actor.user;
    let found = store::find(&mut work.tx, case).await?;
    let found = found.filter(|case| covers(scope, case) || case.state.owner().is_some_and(|own| Some(own) == user));
    let found = found.ok_or(CaseError::NotFound)?;
    // Staff of an agency see what is placed with them, whatever else their roles would show.
    match agency::gate::reach(work, found.key.customer).await? {
        agency::gate::Reach::House | agency::gate::Reach::Placed(_) => Ok(found),
        agency::gate::Reach::Barred => Err(CaseError::NotFound.into()),
    }
}

/// The key of a case in an address.
///
/// # Errors
/// [`CaseError::NotFound`].
pub fn parse(id: &str) -> Result<CaseId, CaseError> {
    id.parse().map(CaseId).map_err(|_| CaseError::NotFound)
}

/// Takes a case to work on it, and leaves every other one (rule `case.lock`): a lease of the policy's minutes.
///
/// # Errors
/// Denied; [`CaseError::Locked`] names who works it; [`CaseError::Closed`].
pub async fn take(work: &mut Work, case: CaseId) -> Result<Case, ActionError> {
    let mut case = load(work, case, CASE_WORK).await?;
    let Some(me) = work.actor.user else { return Ok(case) };
    if let Some(lock) = case.state.held_by_other(me, work.now) {
        let names = store::user_name(&mut work.tx, lock.by).await?;
        return Err(CaseError::Locked { by: names, until: platform::clock::civil_minute(lock.until) }.into());
    }
    let policy = policies::in_force(work, work.business_date).await?;
    let minutes = policy.edition(work.business_date).integer("case_lock_minutes").map_err(PolicyError::from)?;
    let until = work.now.checked_add(SignedDuration::from_mins(minutes)).unwrap_or(work.now);
    store::leave_all(&mut work.tx, me, case.key.case).await?;
    case.state = case.state.lock(me, work.now, until)?;
    store::update(&mut work.tx, &case).await?;
    case.version += 1;
    Ok(case)
}

/// Whether the person holds the case for the better half of a lease: then there is nothing to take.
///
/// # Errors
/// Denied; the store's.
pub async fn is_held(work: &mut Work, case: CaseId) -> Result<bool, ActionError> {
    let case = load(work, case, CASE_VIEW).await?;
    let CaseState::Open { lock: Some(lock), .. } = case.state else { return Ok(false) };
    let policy = policies::in_force(work, work.business_date).await?;
    let minutes = policy.edition(work.business_date).integer("case_lock_minutes").map_err(PolicyError::from)?;
    let half = work.now.checked_add(SignedDuration::from_secs(minutes * 30)).unwrap_or(work.now);
    Ok(Some(lock.by) == work.actor.user && lock.until > half)
}

/// Leaves the case that the person works.
///
/// # Errors
/// The store's.
pub async fn leave(work: &mut Work) -> Result<(), ActionError> {
    work.authorise(CASE_WORK)?;
    if let Some(me) = work.actor.user {
        store::leave_all(&mut work.tx, me, CaseId(0)).await?;
    }
    Ok(())
}

/// Frees a case that somebody else works, as a supervisor.
///
/// # Errors
/// Denied; [`CaseError::NotFound`].
pub async fn unlock(work: &mut Work, case: CaseId) -> Result<(), ActionError> {
    let mut case = load(work, case, CASE_ASSIGN).await?;
    let CaseState::Open { owner, lock: Some(Lock { by, .. }) } = case.state else { return Ok(()) };
    case.state = CaseState::Open { owner, lock: None };
    store::update(&mut work.tx, &case).await?;
    let from = by.to_string();
    store::note(work, case.key, &Note { kind: "unlocked", from: &from, to: "", reason: "", note: "" }).await?;
    let entry = Entry::new(Some(case.key.customer), "case.unlock", case.key.subject());
    work.audit(entry.before(json!({"by": by.0}))).await?;
    Ok(())
}

/// The reasons for which the policy lets a case be given to somebody else (S2.3-02).
///
/// # Errors
/// The policy lacks them.
pub async fn transfer_reasons(work: &mut Work) -> Result<Vec<String>, ActionError> {
    let on = work.business_date;
    let policy = policies::in_force(work, on).await?;
    Ok(policy.edition(on).texts("case_transfer_reasons").map_err(PolicyError::from)?)
}

/// Those who can be given cases of a branch: everybody in a role of the ladder, with open cases.
///
/// # Errors
/// The store's.
pub async fn candidates(work: &mut Work) -> Result<Vec<(UserId, String, i64)>, ActionError> {
    let mut desk = Desk::load(work).await?;
    let crew = desk.crew(work).await?.clone();
    let ids: BTreeSet<UserId> = crew.holders.values().flatten().map(|one| one.0).collect();
    let mut found = Vec::new();
    for user in ids {
        let name = store::user_name(&mut work.tx, user).await?;
        found.push((user, name, crew.load.get(&user).copied().unwrap_or(0)));
    }
    Ok(found)
}

/// Gives a case to another person, for a reason of the policy (rule `case.transfer`, S2.3-02).
///
/// # Errors
/// Denied; [`CaseError`].
pub async fn transfer(work: &mut Work, case: CaseId, to: UserId, reason: &str, words: &str) -> Result<(), ActionError> {
    let mut case = load(work, case, CASE_ASSIGN).await?;
    if !transfer_reasons(work).await?.iter().any(|known| known == reason) {
        return Err(CaseError::NoSuchReason { reason: reason.to_owned() }.into());
    }
    if agency::placing_store::of_case(&mut work.tx, case.key).await?.is_some() {
        return Err(CaseError::Placed.into());
    }
    let mut desk = Desk::load(work).await?;
    let name = store::user_name(&mut work.tx, to).await?;
    let Some(role) = desk.crew(work).await?.holders.iter().find(|(_, held)| held.iter().any(|one| one.0 == to)) else {
        return Err(CaseError::CannotWork { name }.into());
    };
    let before = case.state.owner();
    case.state = match case.state.transfer(to) {
        Err(CaseError::AlreadyOwner { .. }) => return Err(CaseError::AlreadyOwner { name }.into()),
        other => other?,
    };
    case.owner_role.clone_from(role.0);
    store::update(&mut work.tx, &case).await?;
    let (from, to_text) = (before.map(|user| user.to_string()).unwrap_or_default(), to.to_string());
    let note = Note { kind: "transferred", from: &from, to: &to_text, reason, note: words.trim() };
    store::note(work, case.key, &note).await?;
    let evidence = Evidence { kind: "assignment", fact: format!("user:{to}"), settles: false };
    duty::close_by(work, case.key.customer, &case.key.subject(), &evidence).await?;
    let entry = Entry::new(Some(case.key.customer), "case.transfer", case.key.subject());
    let after = json!({"owner": to.0, "reason": reason});
    work.audit(entry.before(json!({"owner": before.map(|user| user.0)})).after(after).reason(words.trim())).await?;
    Ok(())
}

/// Gives a case with its handover to whoever takes the bad loan over (rule `disposal.handover`, S2.2-06): somebody who works
/// cases; the permission is that of the handover.
///
/// # Errors
/// [`CaseError::NotFound`], [`CaseError::Placed`], [`CaseError::CannotWork`], [`CaseError::Closed`].
pub(crate) async fn hand_over(work: &mut Work, case: CaseId, to: UserId, words: &str) -> Result<(), ActionError> {
    let mut case = store::find(&mut work.tx, case).await?.ok_or(CaseError::NotFound)?;
    if agency::placing_store::of_case(&mut work.tx, case.key).await?.is_some() {
        return Err(CaseError::Placed.into());
    }
    let app = work.app.clone();
    let taker = access::session::actor_within(&mut work.tx, &app, to).await?;
    let outside = agency::store::agency_of(&mut work.tx, to).await?.is_some();
    let able = taker.filter(|one| !outside && one.grants.contains_key(CASE_WORK));
    let Some(taker) = able else {
        let name = store::user_name(&mut work.tx, to).await?;
        return Err(CaseError::CannotWork { name }.into());
    };
    let roles = app.roles();
    let working = |role: &&String| roles.granting(CASE_WORK).any(|known| known == role.as_str());
    if let Some(role) = taker.roles.iter().find(working) {
        case.owner_role.clone_from(role);
    }
    let before = case.state.owner();
    case.state = case.state.transfer(to)?;
    store::update(&mut work.tx, &case).await?;
    let (from, to_text) = (before.map(|user| user.to_string()).unwrap_or_default(), to.to_string());
    let note = Note { kind: "transferred", from: &from, to: &to_text, reason: "disposal", note: words.trim() };
    store::note(work, case.key, &note).await?;
    let evidence = Evidence { kind: "assignment", fact: format!("user:{to}"), settles: false };
    duty::close_by(work, case.key.customer, &case.key.subject(), &evidence).await?;
    let entry = Entry::new(Some(case.key.customer), "case.transfer", case.key.subject());
    let after = json!({"owner": to.0, "reason": "disposal"});
    work.audit(entry.before(json!({"owner": before.map(|user| user.0)})).after(after)).await?;
    Ok(())
}

/// The open case of a customer that the person may see.
///
/// # Errors
/// Denied; the store's.
pub async fn of_customer(work: &mut Work, customer: CustomerId) -> Result<Option<Case>, ActionError> {
    let scope = work.authorise(CASE_VIEW)?;
    Ok(store::open_of(&mut work.tx, customer).await?.filter(|case| covers(scope, case)))
}

/// Closes the duties of a customer's open case that wait for a fact of this kind, such as a letter sent.
///
/// # Errors
/// The store's.
pub(crate) async fn prove(
    work: &mut Work,
    customer: CustomerId,
    kind: &'static str,
    fact: String,
) -> Result<(), ActionError> {
    if let Some(case) = store::open_of(&mut work.tx, customer).await? {
        let evidence = Evidence { kind, fact, settles: false };
        duty::close_by(work, customer, &case.key.subject(), &evidence).await?;
    }
    Ok(())
}
