//! Reviews of the watch list (名单复核): the duty when the day has come, closed by the recorded review.

use std::collections::BTreeMap;

use jiff::civil::Date;
use platform::duty::{self, Case, DutyKind, Evidence};
use platform::error::ActionError;
use platform::policies::InForce;
use platform::work::Work;
use policy::Facts;

use super::model::Entry;
use super::{actions, rules, store};
use crate::customer::model::Customer;

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
    let held = store::of_customer(&mut work.tx, customer.id).await?;
    let lists = actions::lists(policy, on)?;
    let next = next_review(&held, &lists, on);
    if next.is_none_or(|due| due > on) {
        return Ok(next);
    }
    if duty::stands(work, customer.id, &customer.subject(), DUTY.kind).await? {
        return Ok(None);
    }
    let case = Case {
        customer: customer.id,
        subject: customer.subject(),
        anchor: on,
        manager: Some(customer.manager),
        branch: customer.branch,
        whom: customer.name.clone(),
        number: customer.number.clone(),
        amount: None,
        facts: Facts::new(),
        fields: BTreeMap::new(),
    };
    duty::open(work, DUE, &[case]).await?;
    Ok(None)
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
    let held = store::of_customer(&mut work.tx, customer.id).await?;
    if next_review(&held, &actions::lists(policy, on)?, on).is_some_and(|due| due <= on) {
        return Ok(());
    }
    let evidence = Evidence { kind: "watch_review", fact, settles: false };
    duty::close_by(work, customer.id, &customer.subject(), &evidence).await.map(drop)
}
