//! Use cases of costs: record, correct, check.

use platform::audit::Entry;
use platform::error::{ActionError, FieldError};
use platform::policies::{self, PolicyError};
use platform::work::Work;
use policy::{Edition, Facts, Value};
use serde_json::json;

use super::model::{Cost, CostError, CostId, CostState, NewCost, check};
use super::{COST_CHECK, COST_RECORD, store};
use crate::case::actions as cases;
use crate::case::model::CaseId;

/// The kinds of costs of the policy.
///
/// # Errors
/// The policy lacks them.
pub fn kinds(edition: &Edition) -> Result<Vec<String>, ActionError> {
    // The table asks for nothing; whom the file is about is known of every customer.
    let facts = Facts::from([("customer_kind".to_owned(), Value::Text("person".to_owned()))]);
    let found = edition.decide("collection_cost_kind", &facts).map_err(PolicyError::from)?;
    let of = |row: &Vec<(String, Option<Value>)>| {
        row.iter()
            .find(|(name, _)| name == "collection_cost_kind")
            .and_then(|(_, value)| value.as_ref())
            .map(Value::to_text)
    };
    Ok(found.outputs.iter().filter_map(of).collect())
}

/// Whether a record stands at once or waits for a checker (rule `cost.check`): by its amount, and by that of the standing
/// record that it corrects.
async fn state(work: &mut Work, new: &NewCost, old: Option<&Cost>) -> Result<CostState, ActionError> {
    let today = work.business_date;
    let policy = policies::in_force(work, today).await?;
    let edition = policy.edition(today);
    let wrong = check(new, &kinds(edition)?, today, old.is_some());
    if !wrong.is_empty() {
        return Err(CostError::Form(wrong).into());
    }
    let free = edition.integer("collection_cost_check_fen").map_err(PolicyError::from)?;
    let most = old.map_or(new.amount, |old| old.amount.max(new.amount));
    Ok(if most.0 > free { CostState::Waiting } else { CostState::Standing })
}

/// Records a cost of a case.
///
/// # Errors
/// Denied; no such case; everything wrong with the form.
pub async fn record(work: &mut Work, case: CaseId, new: &NewCost) -> Result<CostId, ActionError> {
    let case = cases::load(work, case, COST_RECORD).await?;
    let state = state(work, new, None).await?;
    let id = store::insert(work, case.key, new, state, None).await?;
    let entry = Entry::new(Some(case.key.customer), "cost.record", format!("collection_cost:{id}"));
    let after = json!({"case": case.number, "kind": new.kind, "amount_fen": new.amount.0, "state": state.as_str()});
    work.audit(entry.after(after)).await?;
    Ok(id)
}

/// A cost of a case that the person may touch.
///
/// # Errors
/// Denied; [`CostError::NotFound`].
pub async fn load(work: &mut Work, id: &str, action: &str) -> Result<Cost, ActionError> {
    work.authorise(action)?;
    let key = id.parse().map(CostId).map_err(|_| CostError::NotFound)?;
    let cost = store::find(&mut work.tx, key).await?.ok_or(CostError::NotFound)?;
    match cases::load(work, cost.case.case, action).await {
        Ok(_) => Ok(cost),
        Err(ActionError::Refused(_)) => Err(CostError::NotFound.into()),
        Err(broken) => Err(broken),
    }
}

/// Corrects a cost by another record (rule `cost.once`: each record is corrected once, its successor again); an amount of
/// nothing takes it back. One that waits for a checker changes nothing until it is accepted.
///
/// # Errors
/// Denied; it was refused or corrected before; everything wrong with the form.
pub async fn correct(work: &mut Work, id: &str, new: &NewCost) -> Result<CostId, ActionError> {
    let old = load(work, id, COST_RECORD).await?;
    let corrected = old.state.corrected(old.corrects.is_some())?;
    if store::has_successor(&mut work.tx, &old).await? {
        return Err(CostError::State { state: CostState::Corrected.as_str() }.into());
    }
    let state = state(work, new, Some(&old)).await?;
    if state == CostState::Standing {
        store::replaced(&mut work.tx, &old, corrected).await?;
    }
    let next = store::insert(work, old.case, new, state, Some(old.id)).await?;
    let entry = Entry::new(Some(old.customer), "cost.correct", format!("collection_cost:{next}"));
    let before = json!({"kind": old.kind, "amount_fen": old.amount.0, "spent_on": old.spent_on});
    let after = json!({"kind": new.kind, "amount_fen": new.amount.0, "spent_on": new.spent_on});
    work.audit(entry.before(before).after(after).reason(new.note.trim())).await?;
    Ok(next)
}

/// Accepts or refuses a cost that waits; never one's own (rule `cost.check`).
///
/// # Errors
/// Denied; one's own; decided before; a correction of it waits; a refusal without a reason.
pub async fn decide(work: &mut Work, id: &str, accepted: bool, opinion: &str) -> Result<(), ActionError> {
    let cost = load(work, id, COST_CHECK).await?;
    let old = match cost.corrects {
        Some(old) => store::find(&mut work.tx, old).await?,
        None => None,
    };
    for one in [Some(&cost), old.as_ref()].into_iter().flatten() {
        if !work.actor.is_second_to(one.by)? {
            return Err(CostError::Own.into());
        }
    }
    let has_successor = store::has_successor(&mut work.tx, &cost).await?;
    let state = cost.state.decided(accepted, has_successor)?;
    if !accepted && opinion.trim().is_empty() {
        return Err(CostError::Form(vec![FieldError::new("opinion", "field-empty")]).into());
    }
    store::checked(work, &cost, state, opinion).await?;
    if let (CostState::Standing, Some(old)) = (state, &old) {
        store::replaced(&mut work.tx, old, old.state.corrected(old.corrects.is_some())?).await?;
    }
    let entry = Entry::new(Some(cost.customer), "cost.check", format!("collection_cost:{}", cost.id));
    work.audit(entry.after(json!({"state": state.as_str()})).reason(opinion.trim())).await?;
    Ok(())
}
