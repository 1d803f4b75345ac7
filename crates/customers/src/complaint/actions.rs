//! Use cases of complaints: registering with the department that answers, passing on, answering.

use std::collections::BTreeMap;

use jiff::civil::Date;
use platform::audit::Entry;
use platform::calendar;
use platform::duty::{self, Case, Evidence};
use platform::error::{ActionError, Refused};
use platform::id::{CustomerId, UserId};
use platform::numbering;
use platform::policies::{self, InForce};
use platform::work::Work;
use policy::{Facts, Value};
use serde_json::json;

use super::model::{Answer, Complaint, ComplaintId, Done, NewComplaint, Step};
use super::rules::{self, Kind};
use super::{HANDLE, RECORD, store};
use crate::customer::actions::load_within;
use crate::customer::model::{Customer, CustomerKind};
use crate::customer::store as customers;
use crate::error::CustomerError;
use crate::lead::policy::number;
use crate::merge::open_file;
use crate::policy_list;

/// What triggers the duties of a complaint.
const TRIGGER: &str = "complaint.routed";

/// The kinds of complaints with the posts that answer for them (rule `complaint.kinds`); a pack without the table has none.
///
/// # Errors
/// The decision cannot be made.
pub fn kinds(policy: &InForce, on: Date, kind: CustomerKind) -> Result<Vec<Kind>, ActionError> {
    policy_list::rows(policy, on, ("complaint_kind", kind), |row| {
        Some(Kind {
            name: row.value("complaint_kind")?.as_text()?.to_owned(),
            dept: row.value("complaint_dept")?.as_text()?.to_owned(),
            article: row.article.to_owned(),
        })
    })
}

/// By when a complaint is answered (rule `complaint.deadline`): so many working days after it was received, never before
/// that day.
///
/// # Errors
/// A rule without the parameter; the store's.
async fn due_on(work: &mut Work, policy: &InForce, received_on: Date) -> Result<Date, ActionError> {
    let days = number(policy, work.business_date, "complaint_working_days")?;
    let published = calendar::published(work).await?;
    let due = published.add_working_days(received_on, days);
    Ok(due.unwrap_or(received_on).max(received_on))
}

/// Registers a complaint and gives it to the department of its kind, whose duty it becomes.
///
/// # Errors
/// Not within scope; all that is wrong at once.
pub async fn register(work: &mut Work, id: CustomerId, new: &NewComplaint) -> Result<ComplaintId, ActionError> {
    let customer = open_file(work, id, RECORD).await?;
    let today = work.business_date;
    let policy = policies::in_force(work, today).await?;
    let kinds = kinds(&policy, today, customer.kind)?;
    let wrong = rules::check(new, &kinds, today);
    if !wrong.is_empty() {
        return Err(Refused::form(wrong).under("complaint.register", None).into());
    }
    let dept = kinds.iter().find(|kind| kind.name == new.kind).map(|kind| kind.dept.clone()).unwrap_or_default();
    let key = ComplaintId(work.next_id());
    let due_on = due_on(work, &policy, new.received_on).await?;
    let mut one = Complaint {
        customer: id,
        id: key,
        number: numbering::next(work, "complaint", id, key.0).await?,
        content: new.clone(),
        due_on,
        by: UserId(work.actor.recorded_by()),
        steps: Vec::new(),
    };
    store::insert(work, (id, key), new, (&one.number, due_on)).await?;
    let state = json!({"number": one.number, "kind": new.kind, "dept": dept, "received_on": new.received_on,
        "due_on": due_on});
    work.audit(Entry::new(Some(id), "complaint.register", format!("complaint:{id}:{key}")).after(state)).await?;
    give(work, &customer, &mut one, (&dept, "")).await?;
    Ok(key)
}

/// Notes who answers for it and makes it that department's duty.
async fn give(
    work: &mut Work,
    customer: &Customer,
    one: &mut Complaint,
    (dept, note): (&str, &str),
) -> Result<(), ActionError> {
    store::route(work, (one.customer, one.id), (dept, note)).await?;
    let today = work.business_date;
    let done = Done::Routed { dept: dept.to_owned(), note: note.to_owned() };
    one.steps.push(Step { done, on: today, by: UserId(work.actor.recorded_by()) });
    let case = Case {
        customer: one.customer,
        subject: one.subject(),
        // Where its day is over already, whoever gets it now still has to do it.
        anchor: if one.due_on >= today { one.content.received_on } else { today },
        manager: Some(customer.manager),
        personal: false,
        branch: customer.branch,
        whom: customer.name.clone(),
        number: one.number.clone(),
        amount: None,
        facts: Facts::from([("complaint_dept".to_owned(), Value::from(dept))]),
        fields: BTreeMap::new(),
    };
    duty::open(work, TRIGGER, &[case]).await.map(drop)
}

/// Passes a complaint on to another department; the deadline stays.
///
/// # Errors
/// Not within scope; no such complaint, or it is answered; all that is wrong at once.
pub async fn pass(
    work: &mut Work,
    (id, key): (CustomerId, ComplaintId),
    (dept, note): (&str, &str),
) -> Result<(), ActionError> {
    let customer = load_within(work, id, HANDLE).await?;
    // Of two who answer or pass on at once the second finds what the first did.
    customers::hold(&mut work.tx, id).await?;
    let mut one = find_open(work, id, key).await?;
    let today = work.business_date;
    let policy = policies::in_force(work, today).await?;
    let wrong = rules::check_route(&one, dept, note, &kinds(&policy, today, customer.kind)?);
    if !wrong.is_empty() {
        return Err(Refused::form(wrong).under("complaint.route", None).into());
    }
    duty::cancel(work, id, &one.subject(), note.trim()).await?;
    let state = json!({"number": one.number, "from": one.dept(), "dept": dept});
    let entry = Entry::new(Some(id), "complaint.pass", format!("complaint:{id}:{key}"));
    work.audit(entry.after(state).reason(note.trim())).await?;
    give(work, &customer, &mut one, (dept, note)).await
}

/// Records the answer and that the customer was told; this closes the duties.
///
/// # Errors
/// Not within scope; no such complaint, or it is answered; all that is wrong at once.
pub async fn answer(work: &mut Work, (id, key): (CustomerId, ComplaintId), answer: &Answer) -> Result<(), ActionError> {
    load_within(work, id, HANDLE).await?;
    customers::hold(&mut work.tx, id).await?;
    let one = find_open(work, id, key).await?;
    let wrong = rules::check_answer(&one, answer, work.business_date);
    if !wrong.is_empty() {
        return Err(Refused::form(wrong).under("complaint.answer", None).into());
    }
    store::answer(work, (id, key), answer).await?;
    let subject = format!("complaint:{id}:{key}");
    let state = json!({"number": one.number, "outcome": answer.outcome.as_str(), "told_on": answer.told_on,
        "due_on": one.due_on});
    work.audit(Entry::new(Some(id), "complaint.answer", subject.clone()).after(state)).await?;
    // The matter is settled: what would have been asked for later falls away with it.
    let evidence = Evidence { kind: "complaint_answer", fact: subject, settles: true };
    duty::close_by(work, id, &one.subject(), &evidence).await.map(drop)
}

/// A complaint of a customer's file.
///
/// # Errors
/// [`CustomerError::NoSuchPart`].
pub async fn find(work: &mut Work, id: CustomerId, key: ComplaintId) -> Result<Complaint, ActionError> {
    let all = store::of_customer(&mut work.tx, id).await?;
    Ok(all.into_iter().find(|one| one.id == key).ok_or(CustomerError::NoSuchPart("complaint"))?)
}

async fn find_open(work: &mut Work, id: CustomerId, key: ComplaintId) -> Result<Complaint, ActionError> {
    let one = find(work, id, key).await?;
    if one.answer().is_some() {
        return Err(CustomerError::AlreadyEnded.into());
    }
    Ok(one)
}
