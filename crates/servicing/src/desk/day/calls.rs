//! Calls about what is overdue, kept by day as contacts are recorded.

use jiff::Timestamp;
use platform::error::ActionError;
use platform::event::{BoxFuture, Event, Subscriber};
use platform::work::Work;

use super::store;

/// A contact that was recorded may be a call of the finance post.
pub(crate) fn subscribers() -> Vec<Subscriber> {
    vec![Subscriber { event: "contact_recorded", name: "servicing.dunning_call", handle: note }]
}

/// Keeps a call with a borrower who has something overdue (rule `dunning.daily`), on the day on which it was made.
fn note<'a>(work: &'a mut Work, event: &'a Event) -> BoxFuture<'a, Result<(), ActionError>> {
    Box::pin(async move {
        let said = |name: &str| event.payload.get(name);
        if said("channel").and_then(serde_json::Value::as_str) != Some("phone") {
            return Ok(());
        }
        // A call to somebody who does not owe is no call to the borrower.
        if said("of_the_debt").and_then(serde_json::Value::as_bool) == Some(false) {
            return Ok(());
        }
        let at = said("at").and_then(serde_json::Value::as_str).and_then(|at| at.parse::<Timestamp>().ok());
        // A call that is entered later was made on its own day.
        let on = at.map_or(event.effective_on, |at| event.effective_on.min(platform::clock::civil_day(at)));
        let reached = said("reached").and_then(serde_json::Value::as_bool).unwrap_or(false);
        // One person was called, whichever of the merged files the loans are in.
        for file in customers::merge::same(&mut work.tx, event.customer).await? {
            if store::owes_overdue(&mut work.tx, file, on).await? {
                store::insert_call(work, file, on, reached).await?;
            }
        }
        Ok(())
    })
}
