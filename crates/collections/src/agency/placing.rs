//! Use cases of placements: a case goes to an agency, and comes back.

use std::sync::Arc;

use platform::access;
use platform::audit::Entry;
use platform::contact_gate::AgencyId;
use platform::duty::{self, Evidence};
use platform::error::{ActionError, FieldError};
use platform::event::{BoxFuture, Event};
use platform::id::{CustomerId, UserId};
use platform::locale::{Lang, Locale};
use platform::policies::{self, PolicyError};
use platform::work::Work;
use serde_json::json;

use super::model::{AgencyError, Bar, EndReason, NewPlacement, Placement, PlacementId};
use super::{AGENCY_PLACE, HOUSE, actions, gate, placing_store, store};
use crate::case::actions as cases;
use crate::case::model::{Case, CaseId, CaseState};
use crate::case::store::{self as case_store, Arrears, Note};
use crate::obligor::actions as obligors;
use crate::stop_flag::model::StopKind;
use crate::stop_flag::store as stop_flags;
use crate::visit::actions as visits;

/// Placements of one batch that ends them.
const BATCH: i64 = 500;

/// What bars a case from every agency (rule `agency.place`): closed, placed, not overdue long enough, or a stop flag of the
/// policy's list, over all files of the same person.
///
/// # Errors
/// No policy in force; the store's.
pub async fn bar(work: &mut Work, case: &Case) -> Result<Result<Arrears, Bar>, ActionError> {
    let today = work.business_date;
    let policy = policies::in_force(work, today).await?;
    let edition = policy.edition(today);
    let least = edition.integer("agency_least_overdue_days").map_err(PolicyError::from)?;
    let excluded = edition.texts("agency_excluded_flags").map_err(PolicyError::from)?;
    if matches!(case.state, CaseState::Closed { .. }) {
        return Ok(Err(Bar::Closed));
    }
    if placing_store::of_case(&mut work.tx, case.key).await?.is_some() {
        return Ok(Err(Bar::Placed));
    }
    let mut behind = case_store::arrears(&mut work.tx, &[case.key.customer]).await?;
    let Some(arrears) = behind.remove(&case.key.customer).filter(|one| one.days(today) >= least) else {
        return Ok(Err(Bar::Young { least }));
    };
    let same = customers::merge::same(&mut work.tx, case.key.customer).await?;
    let flags = stop_flags::kinds(&mut work.tx, &same).await?;
    let barred = |kind: &StopKind| flags.has(*kind) && excluded.iter().any(|name| name == kind.as_str());
    if let Some(kind) = StopKind::ALL.into_iter().find(barred) {
        return Ok(Err(Bar::Flag { kind: kind.as_str() }));
    }
    Ok(Ok(arrears))
}

/// The last day that a placement with an agency may have: that of its contract, within the days of the policy.
///
/// # Errors
/// [`Bar::Contract`]; no policy in force; the store's.
pub async fn last_day(work: &mut Work, agency: AgencyId) -> Result<jiff::civil::Date, ActionError> {
    let today = work.business_date;
    let policy = policies::in_force(work, today).await?;
    let days = policy.edition(today).integer("agency_placement_days").map_err(PolicyError::from)?;
    let contracts = store::contracts(&mut work.tx, agency).await?;
    let contract = contracts.iter().find(|one| one.in_force(today)).ok_or(AgencyError::Barred(Bar::Contract))?;
    Ok(finance::add_days(today, days).map_or(contract.terms.to, |last| last.min(contract.terms.to)))
}

/// Places a case with an agency: one of its people works it from now on, and nobody else but the house sees it (rules
/// `agency.place`, `agency.scope`).
///
/// # Errors
/// Denied; what bars the case or the agency; everything wrong with the form.
pub async fn place(work: &mut Work, case: CaseId, new: &NewPlacement) -> Result<PlacementId, ActionError> {
    let mut case = cases::load(work, case, AGENCY_PLACE).await?;
    actions::not_by_agency(work).await?;
    let today = work.business_date;
    let nobody = || AgencyError::Form(vec![FieldError::new("worker", "choice-invalid")]);
    let agency = store::agency_of(&mut work.tx, new.worker).await?.ok_or_else(nobody)?;
    // The agency's people, contracts and evaluations, then the debtor's flags: none changes under what is decided here.
    store::lock(&mut work.tx, agency).await?;
    obligors::lock(work, case.key.customer).await?;
    if store::agency_of(&mut work.tx, new.worker).await? != Some(agency) {
        return Err(nobody().into());
    }
    if let Some(bar) = actions::bar(work, agency).await? {
        return Err(AgencyError::Barred(bar).into());
    }
    let arrears = bar(work, &case).await?.map_err(AgencyError::Barred)?;
    let role = check(work, agency, new).await?;
    let contracts = store::contracts(&mut work.tx, agency).await?;
    let contract = contracts.iter().find(|one| one.in_force(today)).ok_or(AgencyError::Barred(Bar::Contract))?;
    let one = Placement {
        id: PlacementId(work.next_id()),
        case: case.key,
        agency,
        contract: contract.id,
        worker: new.worker,
        contact: new.contact,
        before: (case.state.owner(), case.owner_role.clone()),
        commission_bp: contract.terms.commission_bp,
        overdue: arrears.overdue,
        overdue_since: arrears.oldest_due_on,
        from: today,
        to: new.to,
        note: new.note.trim().to_owned(),
        ended: None,
    };
    case.state = case.state.transfer(new.worker)?;
    case.owner_role = role;
    case_store::update(&mut work.tx, &case).await?;
    placing_store::insert(work, &one).await?;
    moved(work, &case, (one.before.0, Some(new.worker)), "agency", "").await?;
    let evidence = Evidence { kind: "assignment", fact: format!("user:{}", new.worker), settles: false };
    duty::close_by(work, case.key.customer, &case.key.subject(), &evidence).await?;
    let after = json!({
        "case": case.number, "agency": agency, "worker": new.worker, "contact": new.contact, "from": one.from, "to": one.to,
        "commission_bp": one.commission_bp, "overdue_fen": one.overdue.0,
    });
    work.audit(Entry::new(Some(case.key.customer), "agency.place", one.subject()).after(after)).await?;
    Ok(one.id)
}

/// The term, who works it in which role, and who answers for the case in the house: nobody of an agency.
///
/// # Errors
/// Everything wrong with the form.
async fn check(work: &mut Work, agency: AgencyId, new: &NewPlacement) -> Result<String, ActionError> {
    let theirs = gate::roles(work).await?;
    let worker = access::store::user(&mut work.tx, new.worker).await?;
    let active = worker.filter(|one| one.state == access::store::UserState::Active);
    let held = active.and_then(|one| one.roles.into_iter().find(|role| theirs.contains(role)));
    let mut wrong = Vec::new();
    let last = last_day(work, agency).await?;
    if new.to < work.business_date || new.to > last {
        wrong.push(FieldError::new("until", "agency-term").with("from", work.business_date).with("last", last));
    }
    if held.is_none() {
        wrong.push(FieldError::new("worker", "choice-invalid"));
    }
    if !in_house(work, new.contact).await? {
        wrong.push(FieldError::new("house_contact", "choice-invalid"));
    }
    if new.note.chars().count() > 2_000 {
        wrong.push(FieldError::new("note", "contact-too-long").with("max", 2_000));
    }
    match held {
        Some(role) if wrong.is_empty() => Ok(role),
        Some(_) | None => Err(AgencyError::Form(wrong).into()),
    }
}

async fn moved(
    work: &mut Work,
    case: &Case,
    (from, to): (Option<UserId>, Option<UserId>),
    reason: &'static str,
    words: &str,
) -> Result<(), ActionError> {
    let name = |user: Option<UserId>| user.map(|user| user.to_string()).unwrap_or_default();
    let (from, to) = (name(from), name(to));
    let note = Note { kind: "transferred", from: &from, to: &to, reason, note: words };
    Ok(case_store::note(work, case.key, &note).await?)
}

/// A placement that the person may see or end: of a case within the scope.
///
/// # Errors
/// Denied; [`AgencyError::NotFound`].
pub async fn load(work: &mut Work, id: &str, action: &str) -> Result<(Placement, Case), ActionError> {
    let key = id.parse().map(PlacementId).map_err(|_| AgencyError::NotFound)?;
    let found = placing_store::find(&mut work.tx, key).await?;
    work.authorise(action)?;
    let one = found.ok_or(AgencyError::NotFound)?;
    match cases::load(work, one.case.case, action).await {
        Ok(case) => Ok((one, case)),
        Err(ActionError::Refused(_)) => Err(AgencyError::NotFound.into()),
        Err(broken) => Err(broken),
    }
}

/// Recalls a case, with a reason (rule `agency.recall`).
///
/// # Errors
/// Denied; it came back before; no reason.
pub async fn recall(work: &mut Work, id: &str, reason: &str) -> Result<CaseId, ActionError> {
    let (one, case) = load(work, id, AGENCY_PLACE).await?;
    actions::not_by_agency(work).await?;
    if let Some(ended) = &one.ended {
        return Err(AgencyError::State { state: ended.reason.as_str() }.into());
    }
    if reason.trim().is_empty() {
        return Err(AgencyError::Form(vec![FieldError::new("reason", "field-empty")]).into());
    }
    end(work, &one, EndReason::Recalled, reason.trim()).await?;
    Ok(case.key.case)
}

/// Whether somebody can log in and works for no agency.
async fn in_house(work: &mut Work, user: UserId) -> Result<bool, ActionError> {
    Ok(is_active(work, user).await? && store::agency_of(&mut work.tx, user).await?.is_none())
}

async fn is_active(work: &mut Work, user: UserId) -> Result<bool, ActionError> {
    let known = access::store::user(&mut work.tx, user).await?;
    Ok(known.is_some_and(|user| user.state == access::store::UserState::Active))
}

/// Ends a placement: from this moment on the agency sees nothing of it; the case goes back to who had it before.
pub(super) async fn end(work: &mut Work, one: &Placement, reason: EndReason, words: &str) -> Result<(), ActionError> {
    placing_store::end(work, one, reason, words).await?;
    // Who had it before may have left meanwhile, or work for an agency now: then nobody has it, and the desk gives it out.
    let mut back = one.before.0;
    if let Some(user) = back
        && !in_house(work, user).await?
    {
        back = None;
    }
    let case = case_store::find(&mut work.tx, one.case.case).await?;
    if case.as_ref().is_some_and(|case| matches!(case.state, CaseState::Closed { .. })) {
        // A closed case stays with its last owner: with one of the house, so that no list of the agency has it.
        case_store::leave_closed(&mut work.tx, one.case, one.worker, (back, one.before.1.as_str())).await?;
    }
    if let Some(mut case) = case
        && case.state.owner() == Some(one.worker)
    {
        case.state = CaseState::Open { owner: back, lock: None };
        case.owner_role.clone_from(&one.before.1);
        case_store::update(&mut work.tx, &case).await?;
        moved(work, &case, (Some(one.worker), back), "agency_end", words).await?;
    }
    let why = match words {
        "" => Locale::new(Arc::clone(&work.app.catalogue), Lang::default())
            .t(format!("placement-end-{}", reason.as_str())),
        said => said.to_owned(),
    };
    visits::come_back(work, one.case, one.worker, &why).await?;
    let entry = Entry::new(Some(one.case.customer), "agency.recall", one.subject());
    Ok(work.audit(entry.after(json!({"reason": reason.as_str()})).reason(words)).await?)
}

/// Ends everything placed with an agency; how many.
pub(super) async fn end_all(work: &mut Work, agency: AgencyId, reason: EndReason) -> Result<u64, ActionError> {
    let mut ended = 0;
    loop {
        let some = placing_store::with_agency(&mut work.tx, agency, HOUSE, BATCH).await?;
        for one in &some {
            end(work, one, reason, "").await?;
            ended += 1;
        }
        if some.is_empty() {
            return Ok(ended);
        }
    }
}

/// Subscriber: a case that is closed is no longer placed.
pub(super) fn follow<'a>(work: &'a mut Work, event: &'a Event) -> BoxFuture<'a, Result<(), ActionError>> {
    Box::pin(async move { closed(work, event.customer).await })
}

async fn closed(work: &mut Work, customer: CustomerId) -> Result<(), ActionError> {
    for one in placing_store::of_customer(&mut work.tx, customer).await? {
        let case = case_store::find(&mut work.tx, one.case.case).await?;
        if case.is_none_or(|case| matches!(case.state, CaseState::Closed { .. })) {
            end(work, &one, EndReason::Closed, "").await?;
        }
    }
    Ok(())
}
