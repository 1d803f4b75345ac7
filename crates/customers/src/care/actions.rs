//! Use cases of plans of care: made and submitted, mended, agreed to, reviewed.

use jiff::civil::Date;
use platform::approval::{self, Approval, ApprovalKind, Heading, Request};
use platform::audit::Entry;
use platform::error::{ActionError, FieldError, Refused};
use platform::event::BoxFuture;
use platform::id::{CustomerId, UserId};
use platform::locale::Lang;
use platform::numbering;
use platform::policies::{self, InForce};
use platform::work::Work;
use serde_json::json;

use super::error::CareError;
use super::model::{Content, Item, NewPlan, Plan, PlanId, PlanState, Said, Step};
use super::{APPROVE, RECORD, page_of, policy, rules, store, wake};
use crate::customer::actions::load_within;
use crate::customer::model::Customer;
use crate::error::CustomerError;
use crate::evaluation::rules::months_later;
use crate::lead::policy::known_number;
use crate::lead::rules::check_words;
use crate::merge::{self, open_file};

/// The approval of plans.
pub const KIND: ApprovalKind =
    ApprovalKind { kind: "care_plan", title: "approval-care-plan", action: APPROVE, mend, approved, refused };

fn mend(approval: &Approval) -> String {
    format!("{}/edit", page_of(approval.subject.strip_prefix("care_plan:").unwrap_or_default()))
}

/// The items of a part of which nothing is said, by their titles (rule `care.items`); and texts that are too long.
fn check_items(in_force: &InForce, items: &[Item], review: bool, said: &[Said]) -> Result<(), ActionError> {
    let lacking = rules::unsaid(items, review, said);
    if !lacking.is_empty() {
        let titles = |english: bool, comma: &str| {
            let title = |item: &&Item| match in_force.pack().outcome("care_item", &item.name) {
                Some(one) => one.title.in_language(english).to_owned(),
                None => item.name.clone(),
            };
            lacking.iter().map(title).collect::<Vec<_>>().join(comma)
        };
        return Err(CareError::Lacking { zh: titles(false, "、"), en: titles(true, ", ") }.into());
    }
    let wrong: Vec<FieldError> = said.iter().filter_map(|one| check_words("items", &one.text, true)).collect();
    if wrong.is_empty() { Ok(()) } else { Err(Refused::form(wrong).under("care.items", None).into()) }
}

/// What is said of the items that there are, trimmed and in their order; other names are dropped.
fn kept(items: &[Item], review: bool, said: &[Said]) -> Vec<Said> {
    let of = |item: &Item| {
        let found = said.iter().find(|one| one.item == item.name)?;
        Some(Said { item: item.name.clone(), text: found.text.trim().to_owned() })
    };
    items.iter().filter(|item| item.review == review).filter_map(of).collect()
}

/// The most steps of a plan.
const MOST_STEPS: usize = 50;

/// Refuses steps without words, on days that are over, or too many (rule `care.steps`).
fn check_steps(on: Date, steps: &[Step]) -> Result<(), ActionError> {
    let mut wrong: Vec<FieldError> = steps.iter().filter_map(|step| check_words("steps", &step.what, true)).collect();
    if let Some(past) = steps.iter().find(|step| step.due_on < on) {
        wrong.push(FieldError::new("steps", "care-step-past").with("date", past.due_on));
    }
    if steps.len() > MOST_STEPS {
        wrong.push(FieldError::new("steps", "care-step-many").with("most", MOST_STEPS));
    }
    if wrong.is_empty() { Ok(()) } else { Err(Refused::form(wrong).under("care.steps", None).into()) }
}

/// What a plan of a customer is checked against.
struct Ground {
    in_force: std::sync::Arc<InForce>,
    items: Vec<Item>,
    stood: Vec<(String, String)>,
}

impl Ground {
    async fn of(work: &mut Work, customer: &Customer, kind: &str) -> Result<Self, ActionError> {
        let on = work.business_date;
        let in_force = policies::in_force(work, on).await?;
        let stood = wake::stood(work, customer).await?;
        if rules::offered(&policy::kinds(&in_force, on, customer.kind)?, kind, &stood).is_none() {
            return Err(CareError::NotOffered { kind: kind.to_owned() }.into());
        }
        let items = policy::items(&in_force, on, (kind, customer.kind))?;
        Ok(Self { in_force, items, stood })
    }
}

/// Submits a plan for somebody else to agree to (rules `care.plans`, `care.items`).
///
/// # Errors
/// Not within scope; not asked for this customer; one waits already; items without a word.
pub async fn submit(work: &mut Work, id: CustomerId, new: &NewPlan) -> Result<PlanId, ActionError> {
    let customer = open_file(work, id, RECORD).await?;
    let Ground { in_force, items, stood } = Ground::of(work, &customer, &new.kind).await?;
    let plans = wake::united(work, &customer).await?;
    if let Some(other) = plans.iter().find(|one| one.kind == new.kind && one.state == PlanState::Submitted) {
        return Err(CareError::Waits { number: other.number.clone() }.into());
    }
    check_items(&in_force, &items, false, &new.items)?;
    check_days(&in_force, work.business_date, new.contact_days)?;
    check_steps(work.business_date, &new.steps)?;
    let key = PlanId(work.next_id());
    let mut one = Plan {
        customer: id,
        id: key,
        number: numbering::next(work, "care_plan", id, key.0).await?,
        kind: new.kind.clone(),
        content: Content { items: kept(&items, false, &new.items), stood, steps: new.steps.clone() },
        done: Vec::new(),
        contact_days: new.contact_days,
        state: PlanState::Submitted,
        approval: None,
        approved_on: None,
        review_on: None,
        reviewed: None,
        superseded_by: None,
        made_on: work.business_date,
        maker: UserId(work.actor.recorded_by()),
        version: 1,
    };
    store::insert(work, &one).await?;
    let request = request(work, &in_force, &one, &customer);
    one.approval = Some(approval::submit(work, request).await?);
    store::update(&mut work.tx, &mut one).await?;
    work.audit(entry(&one, "care.submit").after(told(&one))).await?;
    Ok(key)
}

/// Refuses days between contacts that the policy does not allow (rule `care.contacts`).
fn check_days(in_force: &InForce, on: Date, days: Option<i64>) -> Result<(), ActionError> {
    let Some(days) = days else { return Ok(()) };
    let most = known_number(in_force, on, "care_contact_most_days")?.unwrap_or(i64::MAX);
    if (1..=most).contains(&days) {
        return Ok(());
    }
    let wrong = FieldError::new("contact_days", "care-contact-days").with("most", most);
    Err(Refused::form(vec![wrong]).under("care.contacts", None).into())
}

fn told(one: &Plan) -> serde_json::Value {
    json!({"number": one.number, "kind": one.kind, "items": one.content.items, "contact_days": one.contact_days,
        "steps": one.content.steps})
}

fn entry(one: &Plan, action: &'static str) -> Entry {
    Entry::new(Some(one.customer), action, one.subject())
}

/// What the checkers see: number and kind, no name.
fn request(work: &Work, in_force: &InForce, one: &Plan, customer: &Customer) -> Request {
    let titled = in_force.pack().outcome("care_plan", &one.kind);
    let title = Heading::told(&work.app.catalogue, |locale| {
        let kind = titled.map_or(one.kind.as_str(), |kind| kind.title.in_language(locale.lang() == Lang::En));
        locale.tn("care-heading", &[("kind", kind), ("number", one.number.as_str())])
    });
    let payload = json!({"care_page": page_of(one.id), "care_contact_days": one.contact_days});
    Request::new("care_plan", one.customer, one.subject(), title, payload).branch(customer.branch)
}

/// A plan within the reach of an action.
///
/// # Errors
/// There is none, or not for this person.
pub async fn seen(work: &mut Work, id: &str, action: &str) -> Result<Plan, ActionError> {
    work.authorise(action)?;
    let missing = || CustomerError::NoSuchPart("care_plan");
    let key = id.parse().map(PlanId).map_err(|_| missing())?;
    let one = store::find(&mut work.tx, key).await?.ok_or_else(missing)?;
    match load_within(work, one.customer, action).await {
        Ok(_) => Ok(one),
        Err(ActionError::Refused(_)) => Err(missing().into()),
        Err(broken) => Err(broken),
    }
}

/// The file that stands for the customer of a plan: when its own file was merged, the plan goes on under the surviving one.
async fn surviving(work: &mut Work, one: &Plan) -> Result<Customer, ActionError> {
    let root = merge::root(&mut work.tx, one.customer).await?;
    open_file(work, root, RECORD).await
}

/// Submits anew what was returned to be mended; what was said before stays in the trail.
///
/// # Errors
/// Not within scope; it does not wait; as [`submit`].
pub async fn resubmit(work: &mut Work, id: &str, new: &NewPlan) -> Result<PlanId, ActionError> {
    let mut one = seen(work, id, RECORD).await?;
    let customer = surviving(work, &one).await?;
    let Some(approval) = one.approval.filter(|_| one.state == PlanState::Submitted) else {
        return Err(CareError::State { state: one.state.as_str() }.into());
    };
    let Ground { in_force, items, stood } = Ground::of(work, &customer, &one.kind).await?;
    check_items(&in_force, &items, false, &new.items)?;
    check_days(&in_force, work.business_date, new.contact_days)?;
    check_steps(work.business_date, &new.steps)?;
    let before = told(&one);
    one.content = Content { items: kept(&items, false, &new.items), stood, steps: new.steps.clone() };
    one.contact_days = new.contact_days;
    let request = request(work, &in_force, &one, &customer);
    approval::resubmit(work, one.customer, approval, request.payload, "").await?;
    store::update(&mut work.tx, &mut one).await?;
    work.audit(entry(&one, "care.resubmit").before(before).after(told(&one))).await?;
    Ok(one.id)
}

fn approved<'a>(work: &'a mut Work, approval: &'a Approval) -> BoxFuture<'a, Result<(), ActionError>> {
    Box::pin(async move {
        let Some(mut one) = about(work, approval).await? else { return Ok(()) };
        let Some(customer) = crate::customer::store::load(&mut work.tx, one.customer).await? else { return Ok(()) };
        let today = work.business_date;
        let in_force = policies::in_force(work, today).await?;
        let kinds = policy::kinds(&in_force, today, customer.kind)?;
        // Of several rules for one kind of plan the one under which it was made says when it is reviewed.
        let offered = rules::offered(&kinds, &one.kind, &one.content.stood);
        let months = offered.map(|kind| kind.review_months);
        let months = months.ok_or_else(|| CareError::NotOffered { kind: one.kind.clone() })?;
        for mut old in wake::united(work, &customer).await? {
            if old.kind == one.kind && old.is_current() {
                old.superseded_by = Some(one.id);
                store::update(&mut work.tx, &mut old).await?;
            }
        }
        one.state = PlanState::Approved;
        one.approved_on = Some(today);
        one.review_on = Some(months_later(today, months));
        store::update(&mut work.tx, &mut one).await?;
        wake::settled(work, &customer, ("care_plan", one.subject())).await
    })
}

fn refused<'a>(work: &'a mut Work, approval: &'a Approval) -> BoxFuture<'a, Result<(), ActionError>> {
    Box::pin(async move {
        let Some(mut one) = about(work, approval).await? else { return Ok(()) };
        one.state = PlanState::Refused;
        // The duty to make one stands until one is agreed to.
        Ok(store::update(&mut work.tx, &mut one).await?)
    })
}

/// The waiting plan of an approval.
async fn about(work: &mut Work, approval: &Approval) -> Result<Option<Plan>, ActionError> {
    let id = approval.subject.strip_prefix("care_plan:").and_then(|id| id.parse().ok()).map(PlanId);
    let Some(id) = id else { return Ok(None) };
    Ok(store::find(&mut work.tx, id).await?.filter(|one| one.state == PlanState::Submitted))
}

/// Reviews a plan that is worked by: results, success and failure, item by item (rule `care.review`, S2.14-04). It ends the
/// plan, and the next one is asked for.
///
/// # Errors
/// Not within scope; it is not worked by; items without a word.
pub async fn review(work: &mut Work, id: &str, said: &[Said]) -> Result<PlanId, ActionError> {
    let mut one = seen(work, id, RECORD).await?;
    let customer = surviving(work, &one).await?;
    if !one.is_current() {
        return Err(CareError::State { state: one.state.as_str() }.into());
    }
    let today = work.business_date;
    let in_force = policies::in_force(work, today).await?;
    let items = policy::items(&in_force, today, (&one.kind, customer.kind))?;
    check_items(&in_force, &items, true, said)?;
    let said = kept(&items, true, said);
    one.reviewed = Some((today, UserId(work.actor.recorded_by()), said.clone()));
    store::update(&mut work.tx, &mut one).await?;
    work.audit(entry(&one, "care.review").after(json!({"number": one.number, "items": said}))).await?;
    wake::settled(work, &customer, ("care_review", one.subject())).await?;
    Ok(one.id)
}
