//! Use cases of pay days: recorded for a case, and what the policy says of the days around them.

use customers::CustomerKind;
use platform::audit::Entry;
use platform::error::ActionError;
use platform::id::CustomerId;
use platform::policies::PolicyError;
use platform::work::Work;
use policy::Edition;
use serde_json::json;

use super::model::{Around, NewPayDay, PayDayError, PayDayId};
use super::store;
use crate::CASE_WORK;
use crate::case::actions as cases;
use crate::case::model::{CaseError, CaseId, CaseState};

/// What the policy says of pay days (rule `payday.around`).
///
/// # Errors
/// The policy lacks it.
pub fn around(edition: &Edition) -> Result<Around, ActionError> {
    let days = |name: &str| edition.integer(name).map_err(PolicyError::from);
    let (before, after) = (days("payday_before_days")?, days("payday_after_days")?);
    Ok(Around { before, after, usual: edition.integers("payday_list").map_err(PolicyError::from)? })
}

/// Whether a file is about a person: nobody pays a company its wage.
///
/// # Errors
/// The store's.
pub(crate) async fn is_person(work: &mut Work, customer: CustomerId) -> Result<bool, ActionError> {
    let file = customers::load(&mut work.tx, customer).await?;
    Ok(file.is_some_and(|file| file.kind == CustomerKind::Person))
}

/// Records when the debtor of a case is paid; a newer record holds (rule `payday.known`).
///
/// # Errors
/// Denied; no such case; it is closed; the debtor is a company.
pub async fn record(work: &mut Work, case: CaseId, new: NewPayDay) -> Result<PayDayId, ActionError> {
    let case = cases::load(work, case, CASE_WORK).await?;
    if let CaseState::Closed { on, .. } = case.state {
        return Err(CaseError::Closed { on }.into());
    }
    if !is_person(work, case.key.customer).await? {
        return Err(PayDayError::Company.into());
    }
    let before = store::of_customer(&mut work.tx, case.key.customer).await?.first().and_then(|one| one.day);
    let id = store::insert(work, case.key, new).await?;
    let entry = Entry::new(Some(case.key.customer), "payday.record", case.key.subject());
    let after = json!({"day": new.day, "source": new.source.as_str(), "fact": id});
    work.audit(entry.before(json!({"day": before})).after(after)).await?;
    Ok(id)
}
