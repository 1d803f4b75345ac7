//! Use cases of a disposal: one step after the other, the plan decided by somebody else.

use platform::audit::Entry;
use platform::duty::{self, Evidence};
use platform::error::ActionError;
use platform::id::{CustomerId, UserId};
use platform::work::Work;
use policy::Value;
use serde_json::json;
use servicing::ledger::standpoint::Standpoint;

use super::model::{self, DisposalError, NewStep, Step, StepId, check, may_decide, next};
use super::{DISPOSAL_DECIDE, DISPOSAL_RECORD, store};
use crate::case::actions as cases;
use crate::case::model::{Case, CaseError, CaseId, CaseState};
use crate::case::store as case_store;
use crate::cause::actions as causes;
use crate::obligor::actions as obligors;

/// The trigger of the step that follows.
const NEXT: &str = "disposal.next";
/// What a step proves to the duty that asks for it.
const STEP: &str = "disposal_step";

/// The permission that a step takes.
#[must_use]
pub fn permission(step: Step) -> &'static str {
    match step {
        Step::Decision => DISPOSAL_DECIDE,
        Step::Handover | Step::Responsibility | Step::Plan | Step::Recovery => DISPOSAL_RECORD,
    }
}

/// Whether a loan of the customer is bad today (rule `disposal.bad`).
///
/// # Errors
/// No policy in force; the store's.
pub(crate) async fn is_bad(work: &mut Work, customer: CustomerId) -> Result<bool, ActionError> {
    let classes = Standpoint::load(work).await?.non_performing;
    let loans = store::graded(&mut work.tx, customer).await?;
    Ok(loans.iter().any(|(class, written_off)| model::is_bad(class.as_deref(), *written_off, &classes)))
}

/// Records a step of the disposal of a bad loan (S2.2-06). Rule `disposal.bad`: of a non-performing loan only; a plan needs
/// its cause and talk; [`may_decide`] says who decides. Rule `disposal.handover`: whoever takes over is given the case. The
/// step that follows becomes a duty.
///
/// # Errors
/// Denied; the case is closed; [`DisposalError`]; what the plan lacks.
pub async fn record(work: &mut Work, case: CaseId, new: &NewStep) -> Result<StepId, ActionError> {
    let case = cases::load(work, case, permission(new.step)).await?;
    if let CaseState::Closed { on, .. } = case.state {
        return Err(CaseError::Closed { on }.into());
    }
    let people = crate::people(work).await?;
    let wrong = check(new, &|one| people.contains_key(&UserId(one)));
    if !wrong.is_empty() {
        return Err(DisposalError::Form(wrong).into());
    }
    // One step at a time: who else would take this one waits, and finds it taken.
    obligors::lock(work, case.key.customer).await?;
    let done = store::of_case(&mut work.tx, case.key).await?;
    let expected = next(&done);
    if expected != Some(new.step) {
        return Err(DisposalError::Order { next: expected.map_or("none", Step::as_str) }.into());
    }
    if !is_bad(work, case.key.customer).await? {
        return Err(DisposalError::NotBad.into());
    }
    match new.step {
        Step::Plan => causes::plan_allowed(work, case.key).await?,
        Step::Decision => may_decide(&done, |one| Ok::<_, ActionError>(work.actor.is_second_to(one)?))?,
        Step::Handover => {
            let to = new.person.map(UserId);
            if let Some(to) = to.filter(|to| case.state.owner() != Some(*to)) {
                cases::hand_over(work, case.key.case, to, &new.words).await?;
            }
        }
        Step::Responsibility | Step::Recovery => {}
    }
    let id = store::insert(work, case.key, new).await?;
    let entry = Entry::new(Some(case.key.customer), "disposal.record", case.key.subject());
    let after = json!({"step": new.step.as_str(), "accepted": new.accepted, "person": new.person, "fact": id});
    work.audit(entry.after(after)).await?;
    let evidence = Evidence { kind: STEP, fact: format!("disposal_step:{id}"), settles: true };
    duty::close_by(work, case.key.customer, &case.key.subject(), &evidence).await?;
    ask_for_next(work, &case).await?;
    Ok(id)
}

/// Opens the duty of the step that follows, if one does.
async fn ask_for_next(work: &mut Work, case: &Case) -> Result<(), ActionError> {
    let on = work.business_date;
    let Some(step) = next(&store::of_case(&mut work.tx, case.key).await?) else { return Ok(()) };
    let arrears = case_store::arrears(&mut work.tx, &[case.key.customer]).await?;
    let Some(behind) = arrears.get(&case.key.customer) else { return Ok(()) };
    let mut asked = cases::duty_case(case, behind, on, behind.days(on));
    asked.facts.insert("disposal_step".to_owned(), Value::Text(step.as_str().to_owned()));
    duty::ask_again(work, NEXT, &format!("disposal_{}", step.as_str()), asked).await
}
