//! Use cases of rescue money: evaluated, decided by another, its use supervised.

use finance::Fen;
use platform::audit::Entry;
use platform::duty::{self, Evidence};
use platform::error::ActionError;
use platform::event::{BoxFuture, Event, Subscriber};
use platform::id::CustomerId;
use platform::policies::{self, PolicyError};
use platform::work::Work;
use serde_json::json;
use servicing::loan::model::LoanId;

use super::model::{NewRescue, RescueError, RescueId, RescueStep, Standing, agreed, check, standing};
use super::store;
use crate::CASE_WORK;
use crate::agency::gate::house_only;
use crate::case::actions as cases;
use crate::case::model::{Case, CaseError, CaseId, CaseState};
use crate::case::store as case_store;
use crate::cause::actions as causes;
use crate::cause::store as cause_store;
use crate::disposal::DISPOSAL_DECIDE;
use crate::obligor::actions as obligors;

/// The trigger of the decision.
const EVALUATED: &str = "rescue.evaluated";
/// The trigger of the supervision.
const AGREED: &str = "rescue.agreed";

/// The permission that a step takes.
#[must_use]
pub fn permission(step: RescueStep) -> &'static str {
    match step {
        RescueStep::Decision => DISPOSAL_DECIDE,
        RescueStep::Evaluation | RescueStep::Use => CASE_WORK,
    }
}

/// Whether the cause of a case allows rescue money (rule `rescue.cause`).
///
/// # Errors
/// The policy lacks the gate; the store's.
pub async fn allowed(work: &mut Work, case: &Case) -> Result<Result<(), RescueError>, ActionError> {
    let Some(found) = cause_store::of_case(&mut work.tx, case.key).await?.into_iter().next() else {
        return Ok(Err(RescueError::Cause { article: None }));
    };
    let on = work.business_date;
    let policy = policies::in_force(work, on).await?;
    let gate = causes::gate(policy.edition(on), &found.cause).map_err(PolicyError::from)?;
    Ok(if gate.rescue { Ok(()) } else { Err(RescueError::Cause { article: Some(gate.article) }) })
}

/// Records a step of rescue money (S2.3-11). Rule `rescue.order`: evaluated, decided, used; rule `rescue.second`: whoever
/// evaluated does not decide; rule `rescue.use`: no more is used than was agreed to.
///
/// # Errors
/// Denied; the case is closed; [`RescueError`].
pub async fn record(work: &mut Work, case: CaseId, new: &NewRescue) -> Result<RescueId, ActionError> {
    let case = cases::load(work, case, permission(new.step())).await?;
    house_only(work).await?;
    if let CaseState::Closed { on, .. } = case.state {
        return Err(CaseError::Closed { on }.into());
    }
    let wrong = check(new);
    if !wrong.is_empty() {
        return Err(RescueError::Form(wrong).into());
    }
    // One step at a time: who else would take this one waits, and finds it taken.
    obligors::lock(work, case.key.customer).await?;
    let now = standing(&store::of_case(&mut work.tx, case.key).await?);
    if now.next() != new.step() {
        return Err(RescueError::Order.into());
    }
    match (new, now) {
        (NewRescue::Evaluation { .. }, _) => allowed(work, &case).await??,
        (NewRescue::Decision { accepted, .. }, Standing::Evaluated { findings, by, .. }) => {
            if !work.actor.is_second_to(by)? {
                return Err(RescueError::Own.into());
            }
            if *accepted && !findings.permit() {
                return Err(RescueError::NotPermitted.into());
            }
        }
        (NewRescue::Use { amount, .. }, Standing::Agreed { left }) if *amount > left => {
            return Err(RescueError::TooMuch { left }.into());
        }
        _ => {}
    }
    let id = store::insert(work, case.key, new).await?;
    let entry = Entry::new(Some(case.key.customer), "rescue.record", case.key.subject());
    let after = json!({"step": new.step().as_str(), "amount_fen": new.amount().map(|fen| fen.0), "fact": id});
    work.audit(entry.after(after)).await?;
    let kind = match new.step() {
        RescueStep::Evaluation => "rescue_evaluation",
        RescueStep::Decision => "rescue_decision",
        RescueStep::Use => "rescue_use",
    };
    let evidence = Evidence { kind, fact: format!("rescue_step:{id}"), settles: true };
    duty::close_by(work, case.key.customer, &case.key.subject(), &evidence).await?;
    ask_for_next(work, &case).await?;
    Ok(id)
}

/// The duty of what comes next: the decision, or the supervision of what is left (rule `duty.rescue_use`).
async fn ask_for_next(work: &mut Work, case: &Case) -> Result<(), ActionError> {
    let (trigger, kind) = match standing(&store::of_case(&mut work.tx, case.key).await?) {
        Standing::Open => return Ok(()),
        Standing::Evaluated { .. } => (EVALUATED, "rescue_decision"),
        Standing::Agreed { .. } => (AGREED, "rescue_use"),
    };
    let on = work.business_date;
    let arrears = case_store::arrears(&mut work.tx, &[case.key.customer]).await?;
    let Some(behind) = arrears.get(&case.key.customer) else { return Ok(()) };
    let asked = cases::duty_case(case, behind, on, behind.days(on));
    duty::ask_again(work, trigger, kind, asked).await
}

/// What is heard of loans: each loan of rescue money has its decision, and its use is supervised once it is paid out.
pub(crate) fn subscribers() -> Vec<Subscriber> {
    vec![
        Subscriber { event: "loan_opened", name: "collections.rescue", handle: opened },
        Subscriber { event: "loan_disbursed", name: "collections.rescue_use", handle: paid_out },
    ]
}

fn opened<'a>(work: &'a mut Work, event: &'a Event) -> BoxFuture<'a, Result<(), ActionError>> {
    Box::pin(async move {
        let text = |name: &str| event.payload.get(name).and_then(serde_json::Value::as_str);
        let Some(number) = text("rescue") else { return Ok(()) };
        let principal = event.payload.get("principal").and_then(|sum| serde_json::from_value::<Fen>(sum.clone()).ok());
        let (Some(principal), Some(loan)) = (principal, text("loan").and_then(|id| id.parse::<LoanId>().ok())) else {
            return Err(ActionError::Internal("a loan was opened without key or principal".to_owned()));
        };
        let case = lend(work, event.customer, number, (loan, principal)).await?;
        let now = event.payload.get("paid_out").and_then(serde_json::Value::as_bool).unwrap_or(false);
        if now { supervise(work, &case).await } else { Ok(()) }
    })
}

/// Ties a new loan to the decision on rescue money that it carries out (rule `rescue.loan`, S2.3-11): one that agreed, stands,
/// has no loan yet, and agreed to no less.
async fn lend(
    work: &mut Work,
    customer: CustomerId,
    number: &str,
    (loan, principal): (LoanId, Fen),
) -> Result<Case, ActionError> {
    // Two loans never carry out one decision: who comes second waits, and finds it used.
    obligors::lock(work, customer).await?;
    let unknown = || RescueError::Undecided { number: number.to_owned() };
    let case = case_store::open_of(&mut work.tx, customer).await?.ok_or_else(unknown)?;
    let lent = store::loans_of(&mut work.tx, case.key).await?;
    if lent.iter().any(|one| one.decision.to_string() == number) {
        return Err(RescueError::Lent.into());
    }
    let agreed = agreed(&store::of_case(&mut work.tx, case.key).await?);
    let Some((decision, amount)) = agreed.filter(|(id, _)| id.to_string() == number) else {
        return Err(unknown().into());
    };
    if principal > amount {
        return Err(RescueError::LoanTooMuch { agreed: amount }.into());
    }
    store::insert_loan(work, case.key, (decision, loan), principal).await?;
    let after = json!({"decision": decision, "loan": loan, "principal_fen": principal.0});
    work.audit(Entry::new(Some(customer), "rescue.lend", case.key.subject()).after(after)).await?;
    Ok(case)
}

fn paid_out<'a>(work: &'a mut Work, event: &'a Event) -> BoxFuture<'a, Result<(), ActionError>> {
    Box::pin(async move {
        let loan = event.payload.get("loan").and_then(serde_json::Value::as_str);
        let Some(loan) = loan.and_then(|id| id.parse::<LoanId>().ok()) else { return Ok(()) };
        let Some(case) = store::case_of_loan(&mut work.tx, event.customer, loan).await? else { return Ok(()) };
        match case_store::find(&mut work.tx, case).await? {
            Some(case) => supervise(work, &case).await,
            None => Ok(()),
        }
    })
}

/// The use of what was paid out is looked at: one duty, while something is left to be used (rule `duty.rescue_use`).
async fn supervise(work: &mut Work, case: &Case) -> Result<(), ActionError> {
    if duty::stands(work, case.key.customer, &case.key.subject(), "rescue_use").await? {
        return Ok(());
    }
    ask_for_next(work, case).await
}
