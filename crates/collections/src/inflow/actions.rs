//! Use cases of money that comes in: noted, demanded by whoever owns the case, released only for added security.

use platform::audit::Entry;
use platform::duty::{self, Evidence};
use platform::error::{ActionError, FieldError};
use platform::event::{BoxFuture, Event, Subscriber};
use platform::policies::{self, PolicyError};
use platform::work::Work;
use serde_json::json;
use servicing::security::store as securities;

use super::model::{Inflow, InflowError, InflowId, InflowKind, MAX_TEXT, NewInflow, added, check};
use super::store;
use crate::CASE_WORK;
use crate::agency::gate::house_only;
use crate::case::actions as cases;
use crate::case::model::{Case, CaseError, CaseId, CaseState};
use crate::case::store as case_store;
use crate::cause::actions as causes;
use crate::cause::store as cause_store;
use crate::disposal::DISPOSAL_DECIDE;

/// The trigger of the duty to demand at once.
const NOTED: &str = "inflow.noted";
/// That duty.
const DEMAND: &str = "inflow_demand";
/// The most contacts since money came in that are looked at.
const CONTACTS: i64 = 500;
/// What a release proves to it.
const RELEASE: &str = "fund_release";
/// Names the measures for which money that comes in is demanded at once (S2.3-09, S2.3-13).
const WATCHED: &str = "inflow_watched_measures";

/// A repayment that leaves something overdue shows that money came in.
pub(crate) fn subscribers() -> Vec<Subscriber> {
    vec![Subscriber { event: "repayment_received", name: "collections.inflow", handle: paid }]
}

fn paid<'a>(work: &'a mut Work, event: &'a Event) -> BoxFuture<'a, Result<(), ActionError>> {
    Box::pin(async move {
        let Some(case) = case_store::open_of(&mut work.tx, event.customer).await? else { return Ok(()) };
        let Some(found) = cause_store::of_case(&mut work.tx, case.key).await?.into_iter().next() else { return Ok(()) };
        let on = work.business_date;
        let policy = policies::in_force(work, on).await?;
        let edition = policy.edition(on);
        let watched_for = policies::known(edition.texts(WATCHED))?.unwrap_or_default();
        let mut watched = false;
        for cause in found.causes() {
            let measures = causes::measures(edition, cause).map_err(PolicyError::from)?;
            watched |= measures.iter().any(|one| watched_for.contains(&one.measure));
        }
        if watched { alert(work, &case).await } else { Ok(()) }
    })
}

/// Alerts who owns the case (rule `inflow.alert`): a duty to demand at once, one at a time.
async fn alert(work: &mut Work, case: &Case) -> Result<(), ActionError> {
    if duty::stands(work, case.key.customer, &case.key.subject(), DEMAND).await? {
        return Ok(());
    }
    let on = work.business_date;
    let arrears = case_store::arrears(&mut work.tx, &[case.key.customer]).await?;
    let Some(behind) = arrears.get(&case.key.customer) else { return Ok(()) };
    let mut asked = cases::duty_case(case, behind, on, behind.days(on));
    // Whoever owns the case is told, in whichever role.
    asked.personal = true;
    duty::ask_again(work, NOTED, DEMAND, asked).await
}

fn open(case: &Case) -> Result<(), CaseError> {
    match case.state {
        CaseState::Open { .. } => Ok(()),
        CaseState::Closed { on, .. } => Err(CaseError::Closed { on }),
    }
}

/// Notes money that came in (S2.3-09), or proceeds of assets (S2.3-13), and alerts who owns the case.
///
/// # Errors
/// Denied; the case is closed; [`InflowError::Form`].
pub async fn note(work: &mut Work, case: CaseId, new: &NewInflow) -> Result<InflowId, ActionError> {
    let case = cases::load(work, case, CASE_WORK).await?;
    house_only(work).await?;
    open(&case)?;
    let wrong = check(new, work.business_date);
    if !wrong.is_empty() {
        return Err(InflowError::Form(wrong).into());
    }
    let id = store::insert(work, case.key, new, None).await?;
    let entry = Entry::new(Some(case.key.customer), "inflow.note", case.key.subject());
    let after = json!({"kind": new.kind.as_str(), "amount_fen": new.amount.0, "fact": id});
    work.audit(entry.after(after)).await?;
    alert(work, &case).await?;
    Ok(id)
}

/// The proceeds of a case that were not released yet.
#[must_use]
pub fn unreleased(all: &[Inflow]) -> Vec<&Inflow> {
    let released = |one: &Inflow| all.iter().any(|other| other.releases == Some(one.id));
    all.iter().filter(|one| one.noted.kind == InflowKind::Proceeds && !released(one)).collect()
}

/// Lets proceeds go into a new project (S2.3-13). Rule `inflow.release`: only after security was added to a loan of the case
/// since; rule `inflow.second`: by somebody else than who noted them.
///
/// # Errors
/// Denied; the case is closed; [`InflowError`].
pub async fn release(work: &mut Work, case: CaseId, id: InflowId, words: &str) -> Result<InflowId, ActionError> {
    let case = cases::load(work, case, DISPOSAL_DECIDE).await?;
    house_only(work).await?;
    open(&case)?;
    let wrong = match words.trim().chars().count() {
        0 => Some(FieldError::new("release_words", "field-empty")),
        count if count > MAX_TEXT => Some(FieldError::new("release_words", "contact-too-long").with("max", MAX_TEXT)),
        _ => None,
    };
    if let Some(wrong) = wrong {
        return Err(InflowError::Form(vec![wrong]).into());
    }
    let all = store::of_case(&mut work.tx, case.key).await?;
    let proceeds = unreleased(&all).into_iter().find(|one| one.id == id).ok_or(InflowError::NoProceeds)?;
    if !work.actor.is_second_to(proceeds.by)? {
        return Err(InflowError::Own.into());
    }
    let today = work.business_date;
    let keys = case_store::pursued(&mut work.tx, case.key.customer).await?;
    let lines = securities::lines_of(&mut work.tx, &keys).await?.into_values().flatten().collect::<Vec<_>>();
    let used: Vec<i64> = all.iter().filter_map(|one| one.security).collect();
    let since = proceeds.noted.on.max(case.opened_on);
    let security = added(&lines, &used, since, today).ok_or(InflowError::NoSecurity)?;
    let new = NewInflow {
        kind: InflowKind::Release,
        amount: proceeds.noted.amount,
        on: today,
        basis: security.who.clone(),
        words: words.to_owned(),
    };
    let released = store::insert(work, case.key, &new, Some((id, security.id))).await?;
    let entry = Entry::new(Some(case.key.customer), "inflow.release", case.key.subject());
    let after = json!({"proceeds": id, "amount_fen": new.amount.0, "security": security.id});
    work.audit(entry.after(after).reason(words.trim())).await?;
    // These were the last proceeds, and no other money is still to be demanded.
    if unreleased(&all).len() == 1 && all_demanded(work, &case, &all).await? {
        let evidence = Evidence { kind: RELEASE, fact: format!("inflow:{released}"), settles: true };
        duty::close_by(work, case.key.customer, &case.key.subject(), &evidence).await?;
    }
    Ok(released)
}

/// Whether somebody was reached about all money that came into an account, on its day or after.
async fn all_demanded(work: &mut Work, case: &Case, all: &[Inflow]) -> Result<bool, ActionError> {
    let seen = all.iter().filter(|one| one.noted.kind == InflowKind::Account).map(|one| one.noted.on);
    let Some(last) = seen.max() else { return Ok(true) };
    let Some(since) = platform::clock::civil_moment(last.at(0, 0, 0, 0)) else { return Ok(false) };
    let contacts = duty::contacts_of(&mut work.tx, case.key.customer, since, CONTACTS).await?;
    Ok(contacts.iter().any(|one| one.reached))
}
