//! Use case: a contact of care is entered (维护联系登记, S5.8-15).

use platform::audit::Entry;
use platform::error::{ActionError, FieldError, Refused};
use platform::id::CustomerId;
use platform::work::Work;
use serde_json::json;

use super::model::{CareContactId, NewContact, Plan, PlanId};
use super::{RECORD, store, wake};
use crate::lead::rules::check_words;
use crate::merge::open_file;

/// Enters a contact that happened (rule `care.contacts`); it closes the duty to contact.
///
/// # Errors
/// Not within scope; a day to come; no words.
pub async fn enter(work: &mut Work, id: CustomerId, new: &NewContact) -> Result<CareContactId, ActionError> {
    enter_for(work, id, new, None).await
}

/// Enters a contact that closes a step of a plan that is worked by (rule `care.steps`, S5.8-11).
///
/// # Errors
/// As [`enter`]; there is no such step, or a contact closed it already.
pub async fn enter_for(
    work: &mut Work,
    id: CustomerId,
    new: &NewContact,
    step: Option<(PlanId, i64)>,
) -> Result<CareContactId, ActionError> {
    let customer = open_file(work, id, RECORD).await?;
    let words = [("content", &new.content), ("response", &new.response)];
    let mut wrong: Vec<FieldError> =
        words.into_iter().filter_map(|(field, text)| check_words(field, text, true)).collect();
    if new.on > work.business_date {
        wrong.push(FieldError::new("happened_on", "care-contact-future"));
    }
    if !wrong.is_empty() {
        return Err(Refused::form(wrong).under("care.contacts", None).into());
    }
    let plans = wake::united(work, &customer).await?;
    let closed = match step {
        Some((plan, place)) => {
            let open = |one: &&Plan| one.id == plan && one.open_steps().any(|(known, _)| known == place);
            let found = plans.iter().filter(|one| one.is_current()).find(open);
            let wrong = || Refused::form(vec![FieldError::new("followup", "care-step-none")]).under("care.steps", None);
            Some((found.ok_or_else(wrong)?, place))
        }
        None => None,
    };
    let key = store::insert_contact(work, id, new).await?;
    if let Some((plan, place)) = closed {
        store::insert_done(work, plan, place, key).await?;
    }
    let subject = format!("care_contact:{key}");
    let step = closed.map(|(plan, place)| format!("{}:{place}", plan.number));
    let after = json!({"kind": new.way.as_str(), "on": new.on, "step": step});
    work.audit(Entry::new(Some(id), "care.contact", subject.clone()).after(after)).await?;
    wake::settled(work, &customer, ("care_contact", subject)).await?;
    Ok(key)
}
