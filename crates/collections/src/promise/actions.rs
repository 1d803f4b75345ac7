//! Use cases of promises: taken, judged by money and time, taken back.

use std::collections::BTreeMap;

use finance::Fen;
use jiff::civil::Date;
use platform::audit::Entry;
use platform::duty::{self, Evidence};
use platform::error::ActionError;
use platform::event::{BoxFuture, Event, Subscriber};
use platform::policies::{self, PolicyError};
use platform::work::Work;
use policy::{Facts, Value};
use serde_json::json;

use super::model::{NewPromise, Promise, PromiseError, PromiseId, PromiseState};
use super::store;
use crate::CASE_WORK;
use crate::case::actions as cases;
use crate::case::model::{Case, CaseId};
use crate::case::store as case_store;

/// The evidence that the duty of a promise waits for.
const SETTLED: &str = "promise_settled";

/// Money, its reversal and the end of a case settle promises in the same transaction (S2.5-32).
pub fn subscribers() -> Vec<Subscriber> {
    let follow = |event, handle| Subscriber { event, name: "collections.promise", handle };
    vec![
        follow("repayment_received", on_money),
        follow("transaction_reversed", on_money),
        follow("case_closed", on_close),
    ]
}

fn on_money<'a>(work: &'a mut Work, event: &'a Event) -> BoxFuture<'a, Result<(), ActionError>> {
    Box::pin(async move {
        if let Some(case) = case_store::open_of(&mut work.tx, event.customer).await? {
            judge(work, &case).await?;
        }
        Ok(())
    })
}

/// A case that ends leaves no promise open: nothing is overdue, so what was promised is done with.
fn on_close<'a>(work: &'a mut Work, event: &'a Event) -> BoxFuture<'a, Result<(), ActionError>> {
    Box::pin(async move {
        let Some(case) = event.subject.strip_prefix("case:").and_then(|id| id.parse().ok()) else { return Ok(()) };
        let Some(case) = case_store::find(&mut work.tx, CaseId(case)).await? else { return Ok(()) };
        let repaid = event.payload.get("reason").and_then(|reason| reason.as_str()) == Some("repaid");
        for mut promise in store::of_case(&mut work.tx, case.key).await? {
            if promise.state == PromiseState::Open {
                promise.state = if repaid { PromiseState::Kept } else { PromiseState::Withdrawn };
                store::write(&mut work.tx, &promise, work.now, (!repaid).then_some("case-closed")).await?;
            }
        }
        Ok(())
    })
}

/// Judges the promises of a case anew; how many changed.
///
/// # Errors
/// The store's.
pub async fn judge(work: &mut Work, case: &Case) -> Result<u64, ActionError> {
    let mut changed = 0;
    for promise in store::of_case(&mut work.tx, case.key).await? {
        changed += u64::from(judge_one(work, case, promise).await?);
    }
    Ok(changed)
}

/// Whether a promise of the case is no longer what is written of it: money came, or its moment passed.
///
/// # Errors
/// The store's.
pub async fn awaits_judgement(work: &mut Work, case: CaseId) -> Result<bool, ActionError> {
    let Some(case) = case_store::find(&mut work.tx, case).await? else { return Ok(false) };
    for promise in store::of_case(&mut work.tx, case.key).await? {
        let paid = store::paid(&mut work.tx, &promise).await?;
        if promise.judged_anew(paid, work.now).is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

async fn judge_one(work: &mut Work, case: &Case, mut promise: Promise) -> Result<bool, ActionError> {
    let paid = store::paid(&mut work.tx, &promise).await?;
    let Some(state) = promise.judged_anew(paid, work.now) else { return Ok(false) };
    let before = std::mem::replace(&mut promise.state, state);
    promise.paid = paid;
    store::write(&mut work.tx, &promise, work.now, None).await?;
    if before == state {
        return Ok(true);
    }
    let (customer, subject) = (case.key.customer, case.key.subject());
    if state != PromiseState::Open {
        let evidence = Evidence { kind: SETTLED, fact: format!("promise:{}", promise.id), settles: true };
        duty::close_by(work, customer, &subject, &evidence).await?;
    }
    if state.is_missed() {
        let on = work.business_date;
        open_duty(work, case, "promise.broken", &promise, on).await?;
    }
    let payload = json!({"promise": promise.id, "state": state.as_str(), "paid": paid});
    let effective_on = work.business_date;
    work.emit(Event { kind: "promise_settled", customer, subject, effective_on, payload }).await?;
    Ok(true)
}

/// Judges every promise whose moment is over, of the customers behind a place (for the close).
///
/// # Errors
/// The store's.
pub async fn judge_over(work: &mut Work, over: Vec<Promise>) -> Result<u64, ActionError> {
    let mut changed = 0;
    for promise in over {
        if let Some(case) = case_store::find(&mut work.tx, promise.case.case).await? {
            changed += u64::from(judge_one(work, &case, promise).await?);
        }
    }
    Ok(changed)
}

async fn open_duty(
    work: &mut Work,
    case: &Case,
    trigger: &str,
    promise: &Promise,
    anchor: Date,
) -> Result<(), ActionError> {
    let behind = case_store::arrears(&mut work.tx, &[case.key.customer]).await?;
    let whom = behind.get(&case.key.customer).map(|one| one.name.clone()).unwrap_or_default();
    let asked = duty::Case {
        customer: case.key.customer,
        subject: case.key.subject(),
        anchor,
        manager: case.state.owner(),
        personal: false,
        branch: case.branch,
        whom: whom.clone(),
        number: case.number.clone(),
        amount: Some(promise.amount),
        facts: Facts::from([("amount_fen".to_owned(), Value::Integer(promise.amount.0))]),
        fields: BTreeMap::from([
            ("name".to_owned(), whom),
            ("amount".to_owned(), promise.amount.to_string()),
            ("due_on".to_owned(), platform::clock::civil_minute(promise.due_at)),
        ]),
    };
    duty::open(work, trigger, &[asked]).await?;
    Ok(())
}

/// The last day that a promise can name, in how many days that is, and the article (rule `promise.latest`).
///
/// # Errors
/// The policy lacks it.
pub async fn latest(work: &mut Work) -> Result<(Date, i64, String), ActionError> {
    let on = work.business_date;
    let policy = policies::in_force(work, on).await?;
    let edition = policy.edition(on);
    let days = edition.integer("promise_max_days").map_err(PolicyError::from)?;
    let article = edition.parameter("promise_max_days").map(|found| found.article.clone()).unwrap_or_default();
    Ok((finance::add_days(on, days).unwrap_or(on), days, article))
}

/// Takes a promise. Rule `promise.one`: one stands at a time. Rule `promise.latest`: within the days of the policy.
///
/// # Errors
/// Denied; [`PromiseError`].
pub async fn make(work: &mut Work, case: CaseId, new: &NewPromise) -> Result<PromiseId, ActionError> {
    let case = cases::load(work, case, CASE_WORK).await?;
    make_of(work, &case, new).await
}

/// The same of a case that the caller has authorised otherwise: a promise made at the door.
///
/// # Errors
/// [`PromiseError`].
pub(crate) async fn make_of(work: &mut Work, case: &Case, new: &NewPromise) -> Result<PromiseId, ActionError> {
    judge(work, case).await?;
    let standing =
        store::of_case(&mut work.tx, case.key).await?.into_iter().find(|one| one.state == PromiseState::Open);
    if let Some(open) = standing {
        let due_at = platform::clock::civil_minute(open.due_at);
        return Err(PromiseError::Standing { amount: open.amount, due_at }.into());
    }
    if new.due_at <= work.now {
        return Err(PromiseError::Past { due_at: platform::clock::civil_minute(new.due_at) }.into());
    }
    let (latest, days, article) = latest(work).await?;
    if platform::clock::civil_day(new.due_at) > latest {
        return Err(PromiseError::TooLate { latest, days, article }.into());
    }
    let owed = crate::case::pages::overdue_loans(work, case.key.customer).await?;
    let overdue = Fen::checked_sum(owed.iter().map(|row| row.overdue)).unwrap_or_default();
    if new.amount > overdue {
        return Err(PromiseError::TooMuch { overdue }.into());
    }
    let owner = case.state.owner().map_or(0, |user| user.0);
    let id = store::insert(work, case.key, owner, new).await?;
    let entry = Entry::new(Some(case.key.customer), "promise.make", case.key.subject());
    let after = json!({"promise": id, "amount": new.amount, "due_at": new.due_at.to_string()});
    work.audit(entry.after(after)).await?;
    if let Some(made) = store::of_case(&mut work.tx, case.key).await?.into_iter().find(|one| one.id == id) {
        open_duty(work, case, "promise.made", &made, made.due_on()).await?;
    }
    Ok(id)
}

/// Takes the standing promise of a case back, for a reason: another one can be made then.
///
/// # Errors
/// Denied; [`PromiseError::NoneStanding`], [`PromiseError::ReasonNeeded`].
pub async fn withdraw(work: &mut Work, case: CaseId, reason: &str) -> Result<(), ActionError> {
    let case = cases::load(work, case, CASE_WORK).await?;
    if reason.trim().is_empty() {
        return Err(PromiseError::ReasonNeeded.into());
    }
    let promises = store::of_case(&mut work.tx, case.key).await?;
    let Some(mut open) = promises.into_iter().find(|one| one.state == PromiseState::Open) else {
        return Err(PromiseError::NoneStanding.into());
    };
    open.state = PromiseState::Withdrawn;
    store::write(&mut work.tx, &open, work.now, Some(reason.trim())).await?;
    let (customer, subject) = (case.key.customer, case.key.subject());
    duty::lapse_each(work, SETTLED, &[(customer, subject.clone(), reason.trim().to_owned())]).await?;
    let entry = Entry::new(Some(customer), "promise.withdraw", subject);
    work.audit(entry.before(json!({"promise": open.id})).reason(reason.trim())).await?;
    Ok(())
}
