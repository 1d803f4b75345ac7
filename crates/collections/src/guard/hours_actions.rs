//! Use cases of agreed hours: recorded by one, confirmed by another before they open anything.

use jiff::tz::TimeZone;
use platform::audit::Entry;
use platform::error::{ActionError, FieldError};
use platform::id::CustomerId;
use platform::work::Work;
use serde_json::json;

use super::actions::take_customer;
use super::error::GuardError;
use super::hours::{Minutes, Stated};
use super::hours_store::{self as store, HoursRow};
use crate::{CASE_WORK, CONTACT_OPEN};

/// Rule `contact.hours-confirmed`.
pub(crate) const RULE_CONFIRMED: &str = "contact.hours-confirmed";
/// The longest note.
const MAX_TEXT: usize = 2_000;

/// What a debtor agreed to about being contacted (约定联系时段).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgreedHours {
    /// The time zone that the debtor lives in, such as `Asia/Urumqi`.
    pub time_zone: Option<String>,
    /// Other hours, minutes of the day.
    pub hours: Option<Minutes>,
    /// What proves the agreement.
    pub evidence: String,
}

/// Records the debtor's time zone and hours; what they take away holds at once, what they would open waits for another
/// person (rule `contact.hours-confirmed`).
///
/// # Errors
/// Not within scope; fields that are wrong.
pub async fn agree_hours(work: &mut Work, customer: CustomerId, new: &AgreedHours) -> Result<(), ActionError> {
    crate::file_for(work, customer, CASE_WORK).await?;
    let mut wrong = Vec::new();
    if new.time_zone.as_deref().is_some_and(|name| TimeZone::get(name).is_err()) {
        wrong.push(FieldError::new("time_zone", "time-zone-unknown"));
    }
    if new.hours.is_some_and(|(from, until)| !(0 <= from && from < until && until <= 1_440)) {
        wrong.push(FieldError::new("hours", "hours-invalid"));
    }
    wrong.extend(wrong_text("evidence", "evidence-empty", &new.evidence));
    if !wrong.is_empty() {
        return Err(GuardError::Form(wrong).into());
    }
    // Whoever asks for this person at the same moment waits, and then sees what holds.
    take_customer(work, customer).await?;
    let stated = Stated { zone: new.time_zone.clone(), agreed: new.hours, confirmed: false };
    store::insert(work, customer, &stated, new.evidence.trim()).await?;
    let entry = Entry::new(Some(customer), "contact.hours", format!("contact_hours:{customer}"));
    let after = json!({"time_zone": new.time_zone, "hours": new.hours});
    Ok(work.audit(entry.after(after).reason(new.evidence.trim())).await?)
}

fn wrong_text(field: &'static str, empty: &'static str, typed: &str) -> Option<FieldError> {
    let found = typed.trim().chars().count();
    match found {
        0 => Some(FieldError::new(field, empty)),
        _ if found > MAX_TEXT => Some(FieldError::new(field, "contact-too-long").with("max", MAX_TEXT)),
        _ => None,
    }
}

/// The record of a file that waits for its second person.
///
/// # Errors
/// Not within scope.
pub(super) async fn waiting(
    work: &mut Work,
    customer: CustomerId,
    action: &str,
) -> Result<Option<HoursRow>, ActionError> {
    crate::file_for(work, customer, action).await?;
    let last = store::records(&mut work.tx, customer).await?.into_iter().next();
    Ok(last.filter(|row| !row.stated.confirmed))
}

/// Confirms what was recorded last (rule `contact.hours-confirmed`): another person than who recorded it, who says how the
/// agreement was checked. `seen` is the record that the person looked at.
///
/// # Errors
/// Not within scope; no note; nothing waits or something newer does; one's own record.
pub async fn confirm_hours(work: &mut Work, customer: CustomerId, seen: &str, note: &str) -> Result<(), ActionError> {
    crate::file_for(work, customer, CONTACT_OPEN).await?;
    take_customer(work, customer).await?;
    let row = waiting(work, customer, CONTACT_OPEN).await?.ok_or(GuardError::NothingWaits)?;
    if row.id.to_string() != seen.trim() {
        return Err(GuardError::NothingWaits.into());
    }
    if !work.actor.is_second_to(row.recorded_by)? {
        return Err(GuardError::OwnHours.into());
    }
    if let Some(wrong) = wrong_text("note", "evidence-empty", note) {
        return Err(GuardError::Form(vec![wrong]).into());
    }
    if !store::confirm(work, customer, row.id, note.trim()).await? {
        return Err(GuardError::NothingWaits.into());
    }
    let entry = Entry::new(Some(customer), "contact.hours.confirm", format!("contact_hours:{customer}"));
    let after = json!({"time_zone": row.stated.zone, "hours": row.stated.agreed});
    Ok(work.audit(entry.after(after).reason(note.trim())).await?)
}
