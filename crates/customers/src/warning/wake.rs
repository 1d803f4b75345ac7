//! When warning data are due (采集到期): asked whenever a customer is looked at, closed by the sheet itself.

use jiff::civil::Date;
use platform::duty::{self, Evidence};
use platform::error::ActionError;
use platform::policies::{self, InForce};
use platform::work::Work;

use super::model::Rhythm;
use super::{DUTY, policy, rules, store};
use crate::customer::duty::open_once;
use crate::customer::model::Customer;
use crate::{merge, standing};

/// The trigger of the duty.
const TRIGGER: &str = "customer.warning_data";

/// How often data of a customer are collected where it stands, and since when.
async fn asked(
    work: &mut Work,
    customer: &Customer,
    in_force: &InForce,
    on: Date,
) -> Result<Vec<(Rhythm, Date)>, ActionError> {
    let rhythms = policy::rhythms(in_force, on, customer.kind)?;
    if rhythms.is_empty() {
        return Ok(Vec::new());
    }
    let stood = standing::store::of_customer(&mut work.tx, customer.id).await?;
    let since = |rhythm: &Rhythm| {
        stood.iter().find(|one| one.axis == rhythm.of.0 && one.outcome == rhythm.of.1).map(|one| one.since)
    };
    let having = rhythms.into_iter().filter_map(|rhythm| {
        let since = since(&rhythm)?;
        Some((rhythm, since))
    });
    Ok(having.collect())
}

/// When data of a customer are collected next.
pub(super) async fn next(
    work: &mut Work,
    customer: &Customer,
    in_force: &InForce,
    on: Date,
) -> Result<Option<Date>, ActionError> {
    let asked = asked(work, customer, in_force, on).await?;
    if asked.is_empty() {
        return Ok(None);
    }
    let mut last = None;
    for file in merge::united(&mut work.tx, customer.id).await? {
        last = last.max(store::last(&mut work.tx, file).await?);
    }
    Ok(rules::due(&asked, last))
}

/// Opens the duty to collect where the day has come, or has the customer looked at on that day; lets it fall away when
/// nothing asks any more (rule `warning.rhythm`).
pub(crate) async fn ask(work: &mut Work, customer: &Customer, in_force: &InForce, on: Date) -> Result<(), ActionError> {
    match next(work, customer, in_force, on).await? {
        Some(day) if day <= on => open_once(work, customer, (TRIGGER, &DUTY), on).await,
        Some(day) => standing::actions::look_by(work, &[customer.id], day).await,
        None if duty::stands(work, customer.id, &customer.subject(), DUTY.kind).await? => {
            let reason = "no warning data are asked for any more".to_owned();
            duty::lapse_each(work, DUTY.kind, &[(customer.id, customer.subject(), reason)]).await.map(drop)
        }
        None => Ok(()),
    }
}

/// Closes the duty when a sheet has settled it; the customer is looked at anew.
pub(super) async fn settled(work: &mut Work, customer: &Customer, fact: String) -> Result<(), ActionError> {
    let root = merge::root(&mut work.tx, customer.id).await?;
    let Some(file) = crate::customer::store::load(&mut work.tx, root).await? else { return Ok(()) };
    let on = work.business_date;
    let in_force = policies::in_force(work, on).await?;
    if next(work, &file, &in_force, on).await?.is_none_or(|day| day > on) {
        let evidence = Evidence { kind: "warning_sheet", fact, settles: false };
        duty::close_by(work, file.id, &file.subject(), &evidence).await?;
    }
    standing::actions::assess(work, &file, on).await.map(drop)
}
