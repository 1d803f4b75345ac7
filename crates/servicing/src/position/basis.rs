//! What positions rest on besides facts (计算依据): calendar, LPR and policy. When one changes, every loan is looked at.

use jiff::civil::Date;
use platform::args;
use platform::calendar::CALENDAR_CHANGED;
use platform::db::{StoreError, Tx};
use platform::error::ActionError;
use platform::event::{BoxFuture, Event, Subscriber};
use platform::policies::POLICY_APPROVED;
use platform::work::Work;

/// Other days, rates or policies make every loan due for a look (rule `position.basis`).
pub fn subscribers() -> Vec<Subscriber> {
    vec![
        Subscriber { event: CALENDAR_CHANGED, name: "servicing.calendar", handle: calendar_changed },
        Subscriber { event: POLICY_APPROVED, name: "servicing.policy", handle: policy_approved },
    ]
}

/// Days and rates hold at once: the next close computes every loan under them.
fn calendar_changed<'a>(work: &'a mut Work, _: &'a Event) -> BoxFuture<'a, Result<(), ActionError>> {
    Box::pin(async move {
        let next = work.business_date.tomorrow().unwrap_or(work.business_date);
        Ok(look_at_all(&mut work.tx, next).await?)
    })
}

/// A policy holds from its date on: the close that begins that day grades every loan under it.
fn policy_approved<'a>(work: &'a mut Work, event: &'a Event) -> BoxFuture<'a, Result<(), ActionError>> {
    Box::pin(async move {
        let from = event.payload.get("effective_from").and_then(|on| on.as_str()).and_then(|on| on.parse().ok());
        let from: Date = from.ok_or_else(|| ActionError::Internal("a policy without a first day".to_owned()))?;
        Ok(look_at_all(&mut work.tx, from).await?)
    })
}

/// No loan is looked at later than on this day.
async fn look_at_all(tx: &mut Tx, on: Date) -> Result<(), StoreError> {
    tx.execute(
        "update loan_position set next_event_on = $1 where next_event_on is null or next_event_on > $1",
        args![on],
    )
    .await
    .map(drop)
}
