//! Use cases of schedules on their way, and of cars.

use std::collections::BTreeMap;

use platform::audit::Entry;
use platform::duty::{self, Case, Evidence};
use platform::error::ActionError;
use platform::event::{BoxFuture, Event};
use platform::policies;
use platform::work::Work;
use policy::Facts;
use serde_json::json;

use super::model::{MailingId, NewVehicle, Step, VehicleId};
use super::{SEND, rules, store};
use crate::desk::error::DeskError;
use crate::desk::{RECORD, check_words};
use crate::loan::actions::load_within;
use crate::loan::model::{LoanId, LoanKey};
use crate::loan::store as loans;

/// The triggers of a payout: its schedule is sent, and the bank's slip of it is entered.
const TRIGGERS: [&str; 2] = ["schedule.due", "slip.due"];

/// Who does a step: the desk prints and hands over, customer service sends.
pub(super) fn action_of(step: Step) -> &'static str {
    match step {
        Step::Printed | Step::Handed => RECORD,
        Step::Sent | Step::Returned => SEND,
    }
}

/// Opens the duties to send the schedule of a loan that is paid out and to enter the bank's slip, where the pack has them
/// (rule `duty.schedule_mail`, rule `duty.slip_entry`). A later payout of the same loan changes its schedule, and asks for
/// another one.
pub(super) fn ask<'a>(work: &'a mut Work, event: &'a Event) -> BoxFuture<'a, Result<(), ActionError>> {
    Box::pin(async move {
        let Some(loan) = event.subject.strip_prefix("loan:").and_then(|id| id.parse().ok()).map(LoanId) else {
            return Ok(());
        };
        open_duties(work, LoanKey { customer: event.customer, loan }, &TRIGGERS).await
    })
}

/// Opens the duties of these triggers about a loan, where the pack has them.
async fn open_duties(work: &mut Work, key: LoanKey, wanted: &[&'static str]) -> Result<(), ActionError> {
    let today = work.business_date;
    // Before any rules were agreed to there are no duties.
    let Some(in_force) = policies::ruling(work).await? else { return Ok(()) };
    let has = |trigger: &&str| in_force.edition(today).duties_for(trigger).next().is_some();
    let triggers: Vec<&str> = wanted.iter().copied().filter(has).collect();
    if triggers.is_empty() {
        return Ok(());
    }
    let Some(file) = loans::load_file(&mut work.tx, key).await? else { return Ok(()) };
    let (whom, _) = loans::borrower(&mut work.tx, key.customer).await?;
    let case = Case {
        customer: key.customer,
        subject: key.subject(),
        anchor: today,
        manager: Some(file.loan.manager),
        personal: false,
        branch: file.loan.branch,
        whom,
        number: file.loan.number,
        amount: Some(file.loan.principal),
        facts: Facts::new(),
        fields: BTreeMap::new(),
    };
    for trigger in triggers {
        duty::open(work, trigger, std::slice::from_ref(&case)).await?;
    }
    Ok(())
}

/// Records a step of a schedule's way (rule `mailing.order`, rule `mailing.second`): whoever sends it is somebody else than who
/// handed it over, with the number of the parcel; what comes back says why.
///
/// Errors: not within scope; out of order; the same person; no words.
pub async fn step(work: &mut Work, key: LoanKey, step: Step, note: &str) -> Result<MailingId, ActionError> {
    let file = load_within(work, key, action_of(step)).await?;
    let latest = store::latest(&mut work.tx, key).await?;
    let at = latest.as_ref().map(|latest| latest.step);
    if !rules::may_follow(at, step) {
        let at = at.map_or("none", Step::as_str);
        return Err(DeskError::MailingStep { number: file.loan.number, at, to: step.as_str() }.into());
    }
    let ends = matches!(step, Step::Sent | Step::Returned);
    // What the post brings back is recorded by whoever gets it, the one who sent it among them.
    if let Some(latest) = latest.filter(|latest| ends && latest.step == Step::Handed)
        && !work.actor.is_second_to(latest.by.0)?
    {
        return Err(DeskError::MailingOwn.into());
    }
    if let Some(wrong) = check_words("note", note, ends) {
        return Err(DeskError::Form(vec![wrong]).into());
    }
    let note = note.trim();
    let id = store::insert_step(work, key, step, note).await?;
    let after = json!({"loan": file.loan.number, "step": step.as_str()});
    work.audit(Entry::new(Some(key.customer), "mailing.step", key.subject()).after(after).reason(note)).await?;
    if step == Step::Sent {
        let evidence = Evidence { kind: "schedule_sent", fact: format!("schedule_mailing:{id}"), settles: true };
        duty::close_by(work, key.customer, &key.subject(), &evidence).await?;
    }
    if step == Step::Returned && at == Some(Step::Sent) {
        open_duties(work, key, &TRIGGERS[..1]).await?;
    }
    Ok(id)
}

/// Records the car of a loan and the day on which it was picked up (rule `vehicle.picked-up`); another record corrects it.
///
/// Errors: not within scope; a day to come; no model.
pub async fn record_vehicle(work: &mut Work, key: LoanKey, new: &NewVehicle) -> Result<VehicleId, ActionError> {
    let file = load_within(work, key, RECORD).await?;
    let wrong: Vec<_> =
        [check_words("model", &new.model, true), check_words("note", &new.note, false)].into_iter().flatten().collect();
    if !wrong.is_empty() {
        return Err(DeskError::Form(wrong).into());
    }
    let today = work.business_date;
    if new.picked_up_on > today {
        return Err(DeskError::PickedUpLater { on: new.picked_up_on, today }.into());
    }
    let new = NewVehicle { model: new.model.trim().to_owned(), note: new.note.trim().to_owned(), ..new.clone() };
    let id = store::insert_vehicle(work, key, &new).await?;
    let after = json!({"loan": file.loan.number, "model": new.model, "picked_up_on": new.picked_up_on});
    work.audit(Entry::new(Some(key.customer), "vehicle.record", key.subject()).after(after).reason(&new.note)).await?;
    Ok(id)
}
