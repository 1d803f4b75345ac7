//! Use cases of the register of guarantees: entering one, recording what became of it, what all of them tell.

use finance::Fen;
use jiff::civil::Date;
use platform::audit::Entry;
use platform::error::{ActionError, Refused};
use platform::id::CustomerId;
use platform::policies::{self, InForce};
use platform::work::Work;
use policy::Value;
use serde_json::json;

use super::model::{Guarantee, GuaranteeId, NewGuarantee, StepKind};
use super::rules::{self, Indicators};
use super::store;
use crate::customer::actions::load_within;
use crate::customer::model::CustomerKind;
use crate::customer::store as customers;
use crate::error::CustomerError;
use crate::merge::open_file;
use crate::{EDIT, merge, policy_list, standing};

/// The product types that the policy names for a kind of customer (rule `guarantee.kinds`); a pack without the table has
/// none.
///
/// # Errors
/// The decision cannot be made.
pub fn kinds(policy: &InForce, on: Date, kind: CustomerKind) -> Result<Vec<String>, ActionError> {
    policy_list::rows(policy, on, ("guarantee_kind", kind), |row| {
        row.value("guarantee_kind").and_then(Value::as_text).map(str::to_owned)
    })
}

/// The guarantees of a customer and of the files merged into it, each with the file that holds it.
///
/// # Errors
/// The store's.
pub async fn united(work: &mut Work, id: CustomerId) -> Result<Vec<Guarantee>, ActionError> {
    let mut all = Vec::new();
    for file in merge::united(&mut work.tx, id).await? {
        all.extend(store::of_customer(&mut work.tx, file).await?);
    }
    Ok(all)
}

/// What the register tells of a customer on a day; nothing where nothing was entered.
///
/// # Errors
/// The store's.
pub async fn told(work: &mut Work, id: CustomerId, on: Date) -> Result<Option<Indicators>, ActionError> {
    let all = united(work, id).await?;
    let counts = all.iter().any(|one| !one.is_struck() && one.content.from <= on);
    Ok(counts.then(|| rules::indicators(&all, on)))
}

/// Enters a guarantee; indicators and classes follow at once.
///
/// # Errors
/// Not within scope; all that is wrong at once.
pub async fn enter(work: &mut Work, id: CustomerId, new: &NewGuarantee) -> Result<GuaranteeId, ActionError> {
    let customer = open_file(work, id, EDIT).await?;
    customers::hold(&mut work.tx, id).await?;
    let today = work.business_date;
    let policy = policies::in_force(work, today).await?;
    let held = united(work, id).await?;
    let wrong = rules::check(new, &held, &kinds(&policy, today, customer.kind)?, today);
    if !wrong.is_empty() {
        return Err(Refused::form(wrong).into());
    }
    let key = store::insert(work, id, new).await?;
    let entry = Entry::new(Some(id), "guarantee.enter", format!("guarantee:{id}:{key}"));
    let state = json!({"side": new.side.as_str(), "kind": new.kind, "number": new.number.trim(),
        "amount_fen": new.amount.0, "cover_fen": new.cover.0, "from": new.from, "until": new.until});
    work.audit(entry.after(state)).await?;
    standing::actions::assess(work, &customer, today).await?;
    Ok(key)
}

/// Records what became of a guarantee; indicators and classes follow at once.
///
/// # Errors
/// Not within scope; no such guarantee; all that is wrong at once.
pub async fn step(
    work: &mut Work,
    (id, key): (CustomerId, GuaranteeId),
    (kind, amount): (StepKind, Option<Fen>),
    (on, note): (Date, &str),
) -> Result<(), ActionError> {
    let customer = load_within(work, id, EDIT).await?;
    // Of two steps at once the second is judged by what the first left.
    customers::hold(&mut work.tx, id).await?;
    let today = work.business_date;
    let found = find(work, id, key).await?;
    let amount = amount.filter(|_| kind.takes_amount());
    let wrong = rules::check_step(&found, (kind, amount), (on, note), today);
    if !wrong.is_empty() {
        return Err(Refused::form(wrong).into());
    }
    store::step(work, (id, key), (kind, amount), (on, note)).await?;
    let entry = Entry::new(Some(id), "guarantee.step", format!("guarantee:{id}:{key}"));
    let state = json!({"number": found.content.number, "step": kind.as_str(), "on": on,
        "amount_fen": amount.map(|fen| fen.0)});
    work.audit(entry.after(state).reason(note.trim())).await?;
    standing::actions::assess(work, &customer, today).await.map(drop)
}

/// A guarantee of a customer's file.
///
/// # Errors
/// [`CustomerError::NoSuchPart`].
pub async fn find(work: &mut Work, id: CustomerId, key: GuaranteeId) -> Result<Guarantee, ActionError> {
    let all = store::of_customer(&mut work.tx, id).await?;
    Ok(all.into_iter().find(|one| one.id == key).ok_or(CustomerError::NoSuchPart("guarantee"))?)
}
