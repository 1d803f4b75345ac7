//! Use cases of the register: agencies, who works for them, from which lines they call, and the published list.

use platform::audit::Entry;
use platform::contact_gate::{AgencyId, LineId};
use platform::error::{ActionError, FieldError};
use platform::id::UserId;
use platform::policies::{self, PolicyError};
use platform::work::Work;
use platform::{access, numbering};
use policy::Edition;
use serde_json::json;

use super::model::{Agency, AgencyError, EndReason, NewAgency};
use super::rules::{self, Pace, Standing};
use super::{AGENCY_EDIT, HOUSE, placing, placing_store, store};

/// The longest text.
const MAX_TEXT: usize = 2_000;

/// The register is the whole institution's: who sees a part of it only changes nothing in it.
///
/// # Errors
/// Denied; [`AgencyError::NotWhole`].
pub(super) fn whole(work: &Work, action: &str) -> Result<(), ActionError> {
    let scope = work.authorise(action)?;
    let whole = scope.branch == 0 && scope.team == 0 && scope.manager == 0;
    if whole { Ok(()) } else { Err(AgencyError::NotWhole.into()) }
}

/// An agency by the key in an address.
///
/// # Errors
/// Denied; [`AgencyError::NotFound`].
pub async fn load(work: &mut Work, id: &str, action: &str) -> Result<Agency, ActionError> {
    work.authorise(action)?;
    let key = id.parse().map(AgencyId).map_err(|_| AgencyError::NotFound)?;
    Ok(store::find(&mut work.tx, key).await?.ok_or(AgencyError::NotFound)?)
}

/// The same for a decision: nobody else decides about the agency until this work ends.
///
/// # Errors
/// As [`load`].
pub(super) async fn take(work: &mut Work, id: &str, action: &str) -> Result<Agency, ActionError> {
    let agency = load(work, id, action).await?;
    store::lock(&mut work.tx, agency.id).await?;
    Ok(agency)
}

/// Nobody who works for an agency keeps the register or decides on it (rule `agency.other`).
///
/// # Errors
/// [`AgencyError::Own`].
pub(super) async fn not_by_agency(work: &mut Work) -> Result<(), ActionError> {
    match super::gate::of_actor(work).await? {
        None => Ok(()),
        Some(_) => Err(AgencyError::Own.into()),
    }
}

/// What the policy says of evaluations.
///
/// # Errors
/// The policy lacks it.
pub(super) fn pace(edition: &Edition) -> Result<Pace, ActionError> {
    Ok(Pace {
        per_year: edition.integer("agency_evaluation_per_year").map_err(PolicyError::from)?,
        end_days: edition.integer("agency_evaluation_end_days").map_err(PolicyError::from)?,
    })
}

/// What keeps an agency from being given cases today (rule `agency.place`).
///
/// # Errors
/// No policy in force; the store's.
pub async fn bar(work: &mut Work, agency: AgencyId) -> Result<Option<super::model::Bar>, ActionError> {
    let today = work.business_date;
    let policy = policies::in_force(work, today).await?;
    let edition = policy.edition(today);
    let contracts = store::contracts(&mut work.tx, agency).await?;
    let publication = store::publication(&mut work.tx, agency).await?;
    let last = store::evaluations(&mut work.tx, agency).await?;
    let standing = Standing {
        contracts: &contracts,
        published: publication.is_some_and(|one| one.published),
        last: last.first().map(|one| (one.on, one.decision)),
        must_publish: edition.flag("agency_must_be_published").map_err(PolicyError::from)?,
        pace: pace(edition)?,
    };
    Ok(rules::agency_bar(&standing, today))
}

/// Registers an agency (rule `agency.register`); it is appointed by its first contract.
///
/// # Errors
/// Denied; everything wrong with the form.
pub async fn register(work: &mut Work, new: &NewAgency) -> Result<AgencyId, ActionError> {
    whole(work, AGENCY_EDIT)?;
    not_by_agency(work).await?;
    let known = store::is_registered(&mut work.tx, new.registration.trim()).await?;
    let wrong = rules::check_agency(new, known);
    if !wrong.is_empty() {
        return Err(AgencyError::Form(wrong).into());
    }
    let id = AgencyId(work.next_id());
    let number = numbering::next(work, "agency", HOUSE, id.0).await?;
    store::insert(work, id, &number, new).await?;
    let after = json!({"number": number, "name": new.name.trim(), "registration": new.registration.trim()});
    work.audit(Entry::new(None, "agency.register", format!("agency:{id}")).after(after)).await?;
    Ok(id)
}

/// Puts an agency on the published list or takes it off (rule `agency.publish`): only one with a contract in force goes on.
///
/// # Errors
/// Denied; no contract; nothing said about where.
pub async fn publish(work: &mut Work, id: &str, published: bool, place: &str) -> Result<AgencyId, ActionError> {
    whole(work, AGENCY_EDIT)?;
    let agency = take(work, id, AGENCY_EDIT).await?;
    not_by_agency(work).await?;
    let today = work.business_date;
    let place = place.trim();
    if place.is_empty() || place.chars().count() > MAX_TEXT {
        return Err(AgencyError::Form(vec![FieldError::new("place", "field-empty")]).into());
    }
    let contracts = store::contracts(&mut work.tx, agency.id).await?;
    if published && !contracts.iter().any(|one| one.in_force(today)) {
        return Err(AgencyError::Barred(super::model::Bar::Contract).into());
    }
    store::publish(work, agency.id, published, place).await?;
    let after = json!({"published": published, "place": place});
    work.audit(Entry::new(None, "agency.publish", agency.subject()).after(after)).await?;
    Ok(agency.id)
}

/// Lets a user work for an agency (rule `agency.staff`): one who holds no other role than those of the policy for staff of
/// agencies, works for no other agency, and has no cases of the house.
///
/// # Errors
/// Denied; the person cannot.
pub async fn add_member(work: &mut Work, id: &str, user: UserId) -> Result<AgencyId, ActionError> {
    whole(work, AGENCY_EDIT)?;
    let agency = take(work, id, AGENCY_EDIT).await?;
    not_by_agency(work).await?;
    let roles = super::gate::roles(work).await?;
    let known = access::store::user(&mut work.tx, user).await?;
    let fits = known.is_some_and(|one| !one.roles.is_empty() && one.roles.iter().all(|role| roles.contains(role)));
    let free = store::agency_of(&mut work.tx, user).await?.is_none();
    let cases = crate::case::store::load(&mut work.tx).await?.get(&user).copied().unwrap_or(0);
    let code = match (fits, free, cases) {
        (true, true, 0) => None,
        (true, true, _) => Some("agency-staff-has-cases"),
        (true, false, _) => Some("agency-staff-elsewhere"),
        (false, _, _) => Some("agency-staff-roles"),
    };
    if let Some(code) = code {
        return Err(AgencyError::Form(vec![FieldError::new("person", code)]).into());
    }
    store::insert_member(work, agency.id, user).await?;
    work.audit(Entry::new(None, "agency.staff", agency.subject()).after(json!({"user": user}))).await?;
    Ok(agency.id)
}

/// Ends somebody's work for an agency: the cases placed with that person come back at once.
///
/// # Errors
/// Denied; no such person there.
pub async fn end_member(work: &mut Work, id: &str, row: i64) -> Result<AgencyId, ActionError> {
    whole(work, AGENCY_EDIT)?;
    let agency = take(work, id, AGENCY_EDIT).await?;
    not_by_agency(work).await?;
    let members = store::members(&mut work.tx, agency.id).await?;
    let one = members.into_iter().find(|one| one.id == row && one.ended_on.is_none()).ok_or(AgencyError::NotFound)?;
    for placement in placing_store::of_worker(&mut work.tx, agency.id, one.user).await? {
        placing::end(work, &placement, EndReason::Recalled, "").await?;
    }
    store::end_member(work, one.id).await?;
    work.audit(Entry::new(None, "agency.staff_end", agency.subject()).before(json!({"user": one.user}))).await?;
    Ok(agency.id)
}

/// Registers a line that the staff of an agency call from (rule `agency.lines`): never a private number.
///
/// # Errors
/// Denied; fields that are wrong; the number is registered.
pub async fn add_line(work: &mut Work, id: &str, number: &str, label: &str) -> Result<LineId, ActionError> {
    whole(work, AGENCY_EDIT)?;
    let agency = take(work, id, AGENCY_EDIT).await?;
    not_by_agency(work).await?;
    crate::guard::actions::keep_line(work, number, label, Some(agency.id)).await
}
