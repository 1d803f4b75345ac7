//! When care is due (维护到期): a plan that the policy asks for, a review, a contact. Asked whenever a customer is looked at,
//! closed by the fact itself.

use jiff::civil::Date;
use platform::duty::{self, DutyKind, Evidence};
use platform::error::ActionError;
use platform::id::CustomerId;
use platform::policies::{self, InForce};
use platform::work::Work;

use super::model::{CareContact, Plan, PlanState};
use super::{DUTIES, policy, rules, store};
use crate::customer::duty::open_once;
use crate::customer::model::Customer;
use crate::merge;
use crate::standing;

const PLAN: DutyKind = DUTIES[0];
const REVIEW: DutyKind = DUTIES[1];
const CONTACT: DutyKind = DUTIES[2];

/// The plans of a file and of those merged into it.
pub(crate) async fn united(work: &mut Work, customer: &Customer) -> Result<Vec<Plan>, ActionError> {
    let mut all = Vec::new();
    for file in merge::united(&mut work.tx, customer.id).await? {
        all.extend(store::of_customer(&mut work.tx, file).await?);
    }
    Ok(all)
}

/// The plans and the contacts of a file and of those merged into it, as far as the reader may see these; the latest first.
pub(super) async fn seen(work: &mut Work, id: CustomerId) -> Result<(Vec<Plan>, Vec<CareContact>), ActionError> {
    let (mut plans, mut contacts) = (Vec::new(), Vec::new());
    for file in merge::united_within(work, id).await? {
        plans.extend(store::of_customer(&mut work.tx, file).await?);
        contacts.extend(store::contacts(&mut work.tx, file).await?);
    }
    plans.sort_by_key(|plan: &Plan| std::cmp::Reverse(plan.id));
    contacts.sort_by_key(|one: &CareContact| std::cmp::Reverse((one.said.on, one.id)));
    Ok((plans, contacts))
}

/// When the customer was contacted last, on whichever of its files.
async fn last_contact(work: &mut Work, customer: &Customer) -> Result<Option<Date>, ActionError> {
    let mut last = None;
    for file in merge::united(&mut work.tx, customer.id).await? {
        last = last.max(store::last_contact(&mut work.tx, file).await?);
    }
    Ok(last)
}

/// Opens the duties to review and to contact where the day has come; else says when the next one comes (rules
/// `care.review`, `care.contacts`).
pub(crate) async fn wake(work: &mut Work, customer: &Customer, on: Date) -> Result<Option<Date>, ActionError> {
    let plans = united(work, customer).await?;
    if !plans.iter().any(Plan::is_current) {
        return Ok(None);
    }
    let last = last_contact(work, customer).await?;
    let days = [
        (rules::review_due(&plans), "customer.care_review", &REVIEW),
        (rules::contact_due(&plans, last), "customer.care_contact", &CONTACT),
    ];
    let mut next: Option<Date> = None;
    for (day, trigger, kind) in days {
        match day {
            Some(day) if day <= on => open_once(work, customer, (trigger, kind), on).await?,
            Some(day) => next = Some(next.map_or(day, |known| known.min(day))),
            None => {}
        }
    }
    Ok(next)
}

/// Opens the duty to make a plan that the policy asks for where the customer stands, and lets it fall away when nothing asks
/// for one any more (rule `care.plans`).
pub(crate) async fn ask(work: &mut Work, customer: &Customer, policy: &InForce, on: Date) -> Result<(), ActionError> {
    let kinds = policy::kinds(policy, on, customer.kind)?;
    let stood = stood(work, customer).await?;
    if kinds.iter().any(|kind| kind.of.as_ref().is_some_and(|of| stood.contains(of))) {
        let plans = united(work, customer).await?;
        if rules::lacking(&kinds, &stood, &plans) {
            return open_once(work, customer, ("customer.care_plan", &PLAN), on).await;
        }
        // What waits to be agreed to is not made yet: its duty goes on.
        if plans.iter().any(|plan| plan.state == PlanState::Submitted) {
            return Ok(());
        }
    }
    if duty::stands(work, customer.id, &customer.subject(), PLAN.kind).await? {
        let reason = "no plan is asked for any more".to_owned();
        duty::lapse_each(work, "care_plan", &[(customer.id, customer.subject(), reason)]).await?;
    }
    Ok(())
}

/// Where a customer stands on all axes: axis and outcome.
pub(super) async fn stood(work: &mut Work, customer: &Customer) -> Result<Vec<(String, String)>, ActionError> {
    let all = standing::store::of_customer(&mut work.tx, customer.id).await?;
    Ok(all.into_iter().filter(|one| !one.outcome.is_empty()).map(|one| (one.axis, one.outcome)).collect())
}

/// Closes the duties that a fact has settled: none of its kind is due any more. The customer is looked at anew.
pub(super) async fn settled(
    work: &mut Work,
    customer: &Customer,
    (evidence, fact): (&'static str, String),
) -> Result<(), ActionError> {
    let root = merge::root(&mut work.tx, customer.id).await?;
    let Some(file) = crate::customer::store::load(&mut work.tx, root).await? else { return Ok(()) };
    let on = work.business_date;
    let plans = united(work, &file).await?;
    let due = match evidence {
        "care_plan" => {
            let in_force = policies::in_force(work, on).await?;
            let kinds = policy::kinds(&in_force, on, file.kind)?;
            rules::lacking(&kinds, &stood(work, &file).await?, &plans)
        }
        "care_review" => rules::review_due(&plans).is_some_and(|day| day <= on),
        _ => {
            let last = last_contact(work, &file).await?;
            rules::contact_due(&plans, last).is_some_and(|day| day <= on)
        }
    };
    if !due {
        let evidence = Evidence { kind: evidence, fact, settles: false };
        duty::close_by(work, file.id, &file.subject(), &evidence).await?;
    }
    standing::actions::assess(work, &file, on).await.map(drop)
}
