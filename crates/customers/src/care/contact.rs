//! Use case: a contact of care is entered (维护联系登记, S5.8-15).

use platform::audit::Entry;
use platform::error::{ActionError, FieldError, Refused};
use platform::id::CustomerId;
use platform::work::Work;
use serde_json::json;

use super::model::{CareContactId, NewContact};
use super::{RECORD, store, wake};
use crate::lead::rules::check_words;
use crate::merge::open_file;

/// Enters a contact that happened (rule `care.contacts`); it closes the duty to contact.
///
/// # Errors
/// Not within scope; a day to come; no words.
pub async fn enter(work: &mut Work, id: CustomerId, new: &NewContact) -> Result<CareContactId, ActionError> {
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
    let key = store::insert_contact(work, id, new).await?;
    let subject = format!("care_contact:{key}");
    let after = json!({"kind": new.way.as_str(), "on": new.on});
    work.audit(Entry::new(Some(id), "care.contact", subject.clone()).after(after)).await?;
    wake::settled(work, &customer, ("care_contact", subject)).await?;
    Ok(key)
}
