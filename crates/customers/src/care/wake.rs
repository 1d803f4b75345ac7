//! When care is due (维护到期): a plan that the policy asks for, a review, a contact. Asked whenever a customer is looked at,
//! closed by the fact itself.

use jiff::civil::Date;
use platform::duty::{self, DutyKind, Evidence};
use platform::error::ActionError;
use platform::id::CustomerId;
use platform::policies::{self, InForce};
use platform::work::Work;

use super::model::{CareContact, Plan, PlanState, Served};
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
pub(crate) async fn wake(
    work: &mut Work,
    customer: &Customer,
    plans: &[Plan],
    on: Date,
) -> Result<Option<Date>, ActionError> {
    if !plans.iter().any(Plan::is_current) {
        return Ok(None);
    }
    let last = last_contact(work, customer).await?;
    let days = [
        (rules::review_due(plans), "customer.care_review", &REVIEW),
        (rules::contact_due(plans, last), "customer.care_contact", &CONTACT),
        (rules::step_due(plans), "customer.care_contact", &CONTACT),
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

/// What the policy asks for where the customer stands: a plan (rule `care.plans`), and contacts by the service standard
/// (rule `care.rhythm`).
pub(crate) async fn ask(
    work: &mut Work,
    customer: &Customer,
    (policy, plans): (&InForce, &[Plan]),
    on: Date,
) -> Result<(), ActionError> {
    ask_plan(work, customer, (policy, plans), on).await?;
    ask_contact(work, customer, (policy, plans), on).await
}

/// The service standards that a customer has where it stands (rule `care.rhythm`).
pub(super) async fn served(
    work: &mut Work,
    customer: &Customer,
    policy: &InForce,
    on: Date,
) -> Result<Vec<Served>, ActionError> {
    let rhythms = policy::rhythms(policy, on, customer.kind)?;
    if rhythms.is_empty() {
        return Ok(Vec::new());
    }
    let stood = standing::store::of_customer(&mut work.tx, customer.id).await?;
    let of = |axis: &str, outcome: &str| stood.iter().find(|one| one.axis == axis && one.outcome == outcome);
    let having = rhythms.into_iter().filter_map(|rhythm| {
        let since = of(&rhythm.of.0, &rhythm.of.1)?.since;
        Some(Served { rhythm, since })
    });
    Ok(having.collect())
}

/// When the customer is contacted next, by a plan or by the service standard.
pub(super) async fn next_contact(
    work: &mut Work,
    customer: &Customer,
    (plans, served): (&[Plan], &[Served]),
) -> Result<Option<Date>, ActionError> {
    if served.is_empty() && !plans.iter().any(Plan::is_current) {
        return Ok(None);
    }
    let last = last_contact(work, customer).await?;
    Ok(rules::next_contact(plans, served, last))
}

/// Opens the duty to contact a customer whose day has come, or has it looked at on that day; lets the duty fall away when
/// neither a plan nor a service standard asks for contacts any more.
async fn ask_contact(
    work: &mut Work,
    customer: &Customer,
    (policy, plans): (&InForce, &[Plan]),
    on: Date,
) -> Result<(), ActionError> {
    let served = served(work, customer, policy, on).await?;
    match next_contact(work, customer, (plans, &served)).await? {
        Some(day) if day <= on => open_once(work, customer, ("customer.care_contact", &CONTACT), on).await,
        Some(day) => standing::actions::look_by(work, &[customer.id], day).await,
        None if duty::stands(work, customer.id, &customer.subject(), CONTACT.kind).await? => {
            let reason = "no contact is asked for any more".to_owned();
            duty::lapse_each(work, CONTACT.kind, &[(customer.id, customer.subject(), reason)]).await.map(drop)
        }
        None => Ok(()),
    }
}

/// Opens the duty to make a plan that the policy asks for where the customer stands, and lets it fall away when nothing asks
/// for one any more (rule `care.plans`).
async fn ask_plan(
    work: &mut Work,
    customer: &Customer,
    (policy, plans): (&InForce, &[Plan]),
    on: Date,
) -> Result<(), ActionError> {
    let kinds = policy::kinds(policy, on, customer.kind)?;
    let stood = stood(work, customer).await?;
    if kinds.iter().any(|kind| kind.of.as_ref().is_some_and(|of| stood.contains(of))) {
        if rules::lacking(&kinds, &stood, plans) {
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
            let in_force = policies::in_force(work, on).await?;
            let served = served(work, &file, &in_force, on).await?;
            next_contact(work, &file, (&plans, &served)).await?.is_some_and(|day| day <= on)
        }
    };
    if !due {
        let evidence = Evidence { kind: evidence, fact, settles: false };
        duty::close_by(work, file.id, &file.subject(), &evidence).await?;
    }
    standing::actions::assess(work, &file, on).await.map(drop)
}
