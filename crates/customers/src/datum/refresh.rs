//! Keeping data current (资料更新): how complete a file is, when it must be verified again, and the duty for it.

use jiff::civil::Date;
use platform::duty::{self, DutyKind, Evidence};
use platform::error::ActionError;
use platform::policies::InForce;
use platform::work::Work;
use policy::{Facts, Value};

use super::facts::{Known, Origin};
use crate::customer::duty::open_once;
use crate::customer::model::Customer;
use crate::merge;

/// The trigger of the duty rules.
const DUE: &str = "customer.information";
/// The duty to verify a customer's data: its form is the tab with them.
pub(crate) const DUTY: DutyKind =
    DutyKind { kind: "information_update", verb: "information-update-verb", form: "/customers/{customer}?tab=data" };

/// The items that every file of this kind must hold and this one does not (rule `information.complete`); how many
/// there are in all.
#[must_use]
pub fn incomplete(rules: &InForce, customer: &Customer, known: &Known, on: Date) -> (Vec<String>, usize) {
    let facts = Facts::from([("customer_kind".to_owned(), Value::from(customer.kind.as_str()))]);
    let Ok(found) = rules.edition(on).decide("required_item", &facts) else { return (Vec::new(), 0) };
    let item = |row: &Vec<(String, Option<Value>)>| Some(row.first()?.1.as_ref()?.as_text()?.to_owned());
    let wanted: Vec<String> = found.outputs.iter().filter_map(item).collect();
    let of = wanted.len();
    (wanted.into_iter().filter(|name| !known.facts.contains_key(name)).collect(), of)
}

/// When data must be verified again: so many months after the last of them was recorded or verified.
///
/// Rule `information.refresh` (S3-04): the interval differs by risk grade. Nothing recorded, nothing to verify.
#[must_use]
pub fn due_on(rules: &InForce, known: &Known, on: Date) -> Option<Date> {
    let seen = known.origins.values().filter_map(|origin| match origin {
        Origin::Stated(datum) => {
            Some(datum.verified.as_ref().map_or(datum.effective_on, |one| one.on.max(datum.effective_on)))
        }
        Origin::Statement(_)
        | Origin::Report(_)
        | Origin::Evaluation(..)
        | Origin::Guarantees
        | Origin::AssetProofs
        | Origin::PremiumList(_)
        | Origin::File
        | Origin::Book => None,
    });
    let last = seen.max()?;
    let found = rules.edition(on).derive("information_refresh", &known.facts).ok()?;
    let months = found.decision.integer("information_refresh_months")?;
    last.checked_add(jiff::Span::new().try_months(months).ok()?).ok()
}

/// Opens the duty where the day has come, see [`due_on`]; else says when it comes.
///
/// # Errors
/// What the duty rules of the policy report; the store's.
pub(crate) async fn wake(
    work: &mut Work,
    customer: &Customer,
    due: Option<Date>,
    on: Date,
) -> Result<Option<Date>, ActionError> {
    let Some(due) = due else { return Ok(None) };
    if due > on {
        return Ok(Some(due));
    }
    open_once(work, customer, (DUE, &DUTY), on).await?;
    Ok(None)
}

/// A verification is the evidence that closes the duty.
///
/// # Errors
/// The store's.
pub(super) async fn verified(work: &mut Work, customer: &Customer, fact: String) -> Result<(), ActionError> {
    let evidence = Evidence { kind: "verification", fact, settles: false };
    let root = merge::root(&mut work.tx, customer.id).await?;
    duty::close_by(work, root, &format!("customer:{root}"), &evidence).await.map(drop)
}
