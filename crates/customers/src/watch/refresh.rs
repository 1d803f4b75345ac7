//! Reviews of the watch list (名单复核): the duty when the day has come, closed by the recorded review.

use jiff::civil::Date;
use platform::duty::{self, DutyKind, Evidence};
use platform::error::ActionError;
use platform::id::CustomerId;
use platform::policies::InForce;
use platform::work::Work;

use super::model::Entry;
use super::{actions, rules, store};
use crate::customer::duty::open_once;
use crate::customer::model::Customer;
use crate::merge;

/// The trigger of the duty rules.
const DUE: &str = "customer.watch";
/// The duty to review the entries: its form is the tab with them.
pub(crate) const DUTY: DutyKind =
    DutyKind { kind: "watch_review", verb: "watch-review-verb", form: "/customers/{customer}?tab=watch" };

/// Opens the duty where a review is due; else says when that will be.
///
/// # Errors
/// What the duty rules of the policy report; the store's.
pub(crate) async fn wake(
    work: &mut Work,
    customer: &Customer,
    policy: &InForce,
    on: Date,
) -> Result<Option<Date>, ActionError> {
    let held = held(work, customer.id).await?;
    let lists = actions::lists(policy, on, customer.kind)?;
    let next = next_review(&held, &lists, on);
    if next.is_none_or(|due| due > on) {
        return Ok(next);
    }
    open_once(work, customer, (DUE, &DUTY), on).await?;
    Ok(None)
}

/// The entries of a file and of those merged into it: the surviving file's manager reviews them all.
async fn held(work: &mut Work, customer: CustomerId) -> Result<Vec<Entry>, ActionError> {
    let mut all = Vec::new();
    for file in merge::united(&mut work.tx, customer).await? {
        all.extend(store::of_customer(&mut work.tx, file).await?);
    }
    Ok(all)
}

fn next_review(held: &[Entry], lists: &[super::model::WatchList], on: Date) -> Option<Date> {
    held.iter().filter(|one| one.stands(on)).filter_map(|one| rules::review_on(one, lists)).min()
}

/// Closes the duty once no review is due.
///
/// # Errors
/// The store's.
pub(super) async fn reviewed(
    work: &mut Work,
    customer: &Customer,
    policy: &InForce,
    on: Date,
    fact: String,
) -> Result<(), ActionError> {
    let root = merge::root(&mut work.tx, customer.id).await?;
    let held = held(work, root).await?;
    if next_review(&held, &actions::lists(policy, on, customer.kind)?, on).is_some_and(|due| due <= on) {
        return Ok(());
    }
    let evidence = Evidence { kind: "watch_review", fact, settles: false };
    duty::close_by(work, root, &format!("customer:{root}"), &evidence).await.map(drop)
}
