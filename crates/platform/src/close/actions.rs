//! What people do about a close (日终用例): answer for isolated things, ask it to stop.

use jiff::civil::Date;
use serde_json::json;

use super::model::CloseError;
use super::pages::{CLOSE_ACKNOWLEDGE, CLOSE_RUN};
use super::store;
use crate::audit::Entry;
use crate::error::ActionError;
use crate::id::CustomerId;
use crate::work::Work;

/// Answers for a thing that the close isolated: the day may be closed without it, for this reason.
///
/// # Errors
/// Denied; [`CloseError::ReasonNeeded`], [`CloseError::NothingIsolated`], which is also said of another branch's.
pub async fn acknowledge(
    work: &mut Work,
    from: Date,
    customer: CustomerId,
    subject: &str,
    reason: &str,
) -> Result<(), ActionError> {
    let scope = work.authorise(CLOSE_ACKNOWLEDGE)?;
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(CloseError::ReasonNeeded.into());
    }
    let (by, now) = (work.actor.recorded_by(), work.now);
    if store::acknowledge(&mut work.tx, (from, customer, subject), scope.branch, by, now, reason).await? == 0 {
        return Err(CloseError::NothingIsolated.into());
    }
    let entry = Entry::new(Some(customer), "close.acknowledge", subject.to_owned());
    work.audit(entry.after(json!({"close": from})).reason(reason)).await?;
    Ok(())
}

/// Notes that an isolated thing was mended; whoever mends it calls this and catches it up.
///
/// # Errors
/// The store's.
pub async fn mended(work: &mut Work, customer: CustomerId, subject: &str) -> Result<u64, ActionError> {
    let on = work.business_date;
    Ok(store::mended(&mut work.tx, customer, subject, on).await?)
}

/// Asks a running close to stop after its step.
///
/// # Errors
/// Denied; the store's.
pub async fn ask_stop(work: &mut Work, from: Date) -> Result<(), ActionError> {
    work.authorise(CLOSE_RUN)?;
    if store::ask_stop(&mut work.tx, from).await? > 0 {
        work.audit(Entry::new(None, "close.stop", format!("close:{from}"))).await?;
    }
    Ok(())
}
