//! Use cases of stop flags: setting, lifting, asking which stand.

use std::collections::BTreeMap;

use customers::Customer;
use platform::audit::Entry;
use platform::duty::{self, Case, DutyKind, Evidence};
use platform::error::{ActionError, FieldError, Refusal, RefusalKind, Refused};
use platform::event::Event;
use platform::id::CustomerId;
use platform::policies;
use platform::work::Work;
use policy::Facts;
use serde_json::json;

use super::model::{NewStopFlag, StopFlag, StopFlagId, StopKind};
use super::store;
use crate::guard;
use crate::guard::model::Limits;
use crate::{CASE_VIEW, STOP_FLAG_LIFT, STOP_FLAG_SET};

/// The longest reason.
const MAX_TEXT: usize = 2_000;

/// Why a stop flag is not set or lifted (停催标记拒绝).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StopFlagError {
    /// One of this kind stands.
    #[error("a flag of this kind stands")]
    Stands,
    /// There is none, or it does not stand any more.
    #[error("no such flag")]
    NotFound,
    /// Who set it does not lift it.
    #[error("lifted by another person")]
    OwnFlag,
    /// What was typed.
    #[error("the form is not complete")]
    Form(Vec<FieldError>),
}

impl Refusal for StopFlagError {
    fn refused(&self) -> Refused {
        match self {
            Self::Stands => Refused::form(vec![FieldError::new("kind", "stop-flag-stands")]),
            Self::NotFound => Refused::new(RefusalKind::NotFound, "stop-flag-not-found"),
            Self::OwnFlag => {
                Refused::new(RefusalKind::Conflict, "stop-flag-own").under("stop-flag.second-person", None)
            }
            Self::Form(fields) => Refused::form(fields.clone()),
        }
    }
}

fn check(texts: &[(&'static str, &str)]) -> Result<(), StopFlagError> {
    let mut wrong = Vec::new();
    for (field, text) in texts {
        if text.trim().is_empty() {
            wrong.push(FieldError::new(field, "field-empty"));
        } else if text.chars().count() > MAX_TEXT {
            wrong.push(FieldError::new(field, "contact-too-long").with("max", MAX_TEXT));
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(StopFlagError::Form(wrong)) }
}

/// Sets a stop flag: from now on nobody is pressed. A circumstance that goes on with the legal department says so in its
/// event `stop_flag_set`.
///
/// # Errors
/// Not within scope; [`StopFlagError`].
pub async fn set(work: &mut Work, customer: CustomerId, new: &NewStopFlag) -> Result<StopFlagId, ActionError> {
    let file = crate::file_for(work, customer, STOP_FLAG_SET).await?;
    check(&[("reason", &new.reason), ("evidence", &new.evidence)])?;
    // Who asks for this person at the same moment waits, and then sees the flag.
    guard::store::lock_person(&mut work.tx, file.person).await?;
    if store::kinds(&mut work.tx, &[customer]).await?.has(new.kind) {
        return Err(StopFlagError::Stands.into());
    }
    let id = store::insert(work, customer, new).await?;
    let after = json!({"kind": new.kind.as_str(), "evidence": new.evidence.trim()});
    let entry = Entry::new(Some(customer), "stop_flag.set", format!("stop_flag:{customer}:{id}"));
    work.audit(entry.after(after).reason(new.reason.trim())).await?;
    if new.kind.leads_to_legal() {
        to_legal(work, &file, id).await?;
    }
    tell(work, "stop_flag_set", customer, id, json!({"kind": new.kind.as_str(), "legal": new.kind.leads_to_legal()}))
        .await?;
    Ok(id)
}

/// Lifts a stop flag, by another person than who set it where the policy says so (rule `stop-flag.second-person`).
///
/// # Errors
/// Not within scope; [`StopFlagError`].
pub async fn lift(work: &mut Work, customer: CustomerId, id: StopFlagId, reason: &str) -> Result<(), ActionError> {
    crate::file_for(work, customer, STOP_FLAG_LIFT).await?;
    check(&[("reason", reason)])?;
    let flags = store::of_customer(&mut work.tx, customer).await?;
    let flag = flags.into_iter().find(|flag| flag.id == id && flag.lifted.is_none()).ok_or(StopFlagError::NotFound)?;
    let on = work.business_date;
    let rules = policies::in_force(work, on).await?;
    let second = rules.edition(on).flag("stop_flag_lift_second_person").map_err(policies::PolicyError::from)?;
    if second && !work.actor.is_second_to(flag.set_by)? {
        return Err(StopFlagError::OwnFlag.into());
    }
    store::lift(work, &flag, reason.trim()).await?;
    duty::cancel(work, customer, &subject_of(id), reason).await?;
    let entry = Entry::new(Some(customer), "stop_flag.lift", format!("stop_flag:{customer}:{id}"));
    work.audit(entry.before(json!({"kind": flag.kind.as_str()})).reason(reason.trim())).await?;
    tell(work, "stop_flag_lifted", customer, id, json!({"kind": flag.kind.as_str()})).await
}

/// Sets a flag that follows from a fact, such as a signed agreement, whoever recorded it.
///
/// # Errors
/// The store's.
pub(crate) async fn set_by_rule(
    work: &mut Work,
    customer: CustomerId,
    new: &NewStopFlag,
) -> Result<StopFlagId, ActionError> {
    if let Some(file) = customers::load(&mut work.tx, customer).await? {
        guard::store::lock_person(&mut work.tx, file.person).await?;
    }
    let id = store::insert(work, customer, new).await?;
    let after = json!({"kind": new.kind.as_str(), "evidence": new.evidence});
    let entry = Entry::new(Some(customer), "stop_flag.set", format!("stop_flag:{customer}:{id}"));
    work.audit(entry.after(after).reason(new.reason.clone())).await?;
    tell(work, "stop_flag_set", customer, id, json!({"kind": new.kind.as_str(), "legal": false})).await?;
    Ok(id)
}

/// Lifts a flag that a fact had set, when the fact is over; the second person is for flags that people set.
///
/// # Errors
/// The store's.
pub(crate) async fn lift_by_rule(
    work: &mut Work,
    customer: CustomerId,
    id: StopFlagId,
    rule: &str,
) -> Result<(), ActionError> {
    let flags = store::of_customer(&mut work.tx, customer).await?;
    let Some(flag) = flags.into_iter().find(|flag| flag.id == id && flag.lifted.is_none()) else { return Ok(()) };
    store::lift(work, &flag, rule).await?;
    let entry = Entry::new(Some(customer), "stop_flag.lift", format!("stop_flag:{customer}:{id}"));
    work.audit(entry.before(json!({"kind": flag.kind.as_str()})).reason(rule.to_owned())).await?;
    tell(work, "stop_flag_lifted", customer, id, json!({"kind": flag.kind.as_str()})).await
}

/// What legal must do about a flag (任务): closed by what the legal department records, cancelled when the flag is lifted.
pub(crate) const DUTY: DutyKind =
    DutyKind { kind: "stop_flag_legal", verb: "stop-flag-legal-verb", form: "/customers/{customer}?tab=stop-flags" };

/// Death, minority, incapacity and insolvency go on with the legal department.
async fn to_legal(work: &mut Work, file: &Customer, id: StopFlagId) -> Result<(), ActionError> {
    let case = Case {
        customer: file.id,
        subject: subject_of(id),
        anchor: work.business_date,
        manager: Some(file.manager),
        personal: false,
        branch: file.branch,
        whom: file.name.clone(),
        number: file.number.clone(),
        amount: None,
        facts: Facts::new(),
        fields: BTreeMap::new(),
    };
    duty::open(work, "stop_flag.set", &[case]).await.map(drop)
}

/// The legal department has opened a file: its duties about the standing flags of a customer are done.
///
/// # Errors
/// The store's.
pub(crate) async fn taken_over(work: &mut Work, customer: CustomerId, fact: &str) -> Result<(), ActionError> {
    for flag in store::of_customer(&mut work.tx, customer).await?.into_iter().filter(|flag| flag.lifted.is_none()) {
        let evidence = Evidence { kind: "legal", fact: fact.to_owned(), settles: false };
        duty::close_by(work, customer, &subject_of(flag.id), &evidence).await?;
    }
    Ok(())
}

/// The flag as the subject of its duty and its events.
fn subject_of(id: StopFlagId) -> String {
    format!("stop_flag:{id}")
}

async fn tell(
    work: &mut Work,
    kind: &'static str,
    customer: CustomerId,
    id: StopFlagId,
    payload: serde_json::Value,
) -> Result<(), ActionError> {
    let effective_on = work.business_date;
    work.emit(Event { kind, customer, subject: subject_of(id), effective_on, payload }).await
}

/// The flags that stand in a file and stop collection by the policy in force: while there is one, duties to collect are
/// excused.
///
/// # Errors
/// No policy in force; the store's.
pub async fn standing(work: &mut Work, customer: CustomerId) -> Result<Vec<StopFlag>, ActionError> {
    let on = work.business_date;
    let stops = Limits::of(policies::in_force(work, on).await?.edition(on)).stops;
    let flags = store::of_customer(&mut work.tx, customer).await?;
    Ok(flags.into_iter().filter(|flag| flag.lifted.is_none() && stops.has(flag.kind)).collect())
}

/// The latest kind that stands and stops contacts, of each of these customers who has one.
///
/// # Errors
/// As [`standing`].
pub async fn standing_of(
    work: &mut Work,
    customers: &[CustomerId],
) -> Result<BTreeMap<CustomerId, StopKind>, ActionError> {
    let on = work.business_date;
    let stops = Limits::of(policies::in_force(work, on).await?.edition(on)).stops;
    let mut found = BTreeMap::new();
    for (customer, kind) in store::standing_kinds(&mut work.tx, customers).await? {
        if stops.has(kind) {
            found.insert(customer, kind);
        }
    }
    Ok(found)
}

/// The flags of a file, those that stand first.
///
/// # Errors
/// Not within scope.
pub async fn list(work: &mut Work, customer: CustomerId) -> Result<Vec<StopFlag>, ActionError> {
    crate::file_for(work, customer, CASE_VIEW).await?;
    Ok(store::of_customer(&mut work.tx, customer).await?)
}
