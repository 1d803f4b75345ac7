//! Use cases of visit orders: planned, issued, set out on, called off.

use std::collections::BTreeMap;

use customers::contact_point::actions as points;
use customers::contact_point::model::ContactKind;
use customers::relation::store as relations;
use jiff::Timestamp;
use platform::audit::Entry;
use platform::clock::civil_moment;
use platform::contact_gate::{self, AgencyId, Answer, Channel, Contact, Manner, PersonId, Purpose, Visitors};
use platform::duty;
use platform::error::{ActionError, FieldError, Refused};
use platform::event::{BoxFuture, Event, Subscriber};
use platform::id::UserId;
use platform::numbering;
use platform::policies::{self, PolicyError};
use platform::work::Work;
use policy::{Edition, Facts};
use serde_json::json;

use super::error::VisitError;
use super::model::{Addressee, Band, NewOrder, OrderId, Verb, VisitOrder, VisitState};
use super::{VISIT_ISSUE, rules, store};
use crate::agency::gate as agency;
use crate::case::actions as cases;
use crate::case::model::{Case, CaseError, CaseId, CaseKey, CaseState};
use crate::case::store as case_store;
use crate::guard::actions::would_at;
use crate::guard::model::{AllowanceId, Verdict};
use crate::guard::store as guard_store;
use crate::{CASE_VIEW, CASE_WORK};

/// The trigger of the duty to write the record, by who owes it.
const SET_OUT: &str = "visit.set_out";
const SET_OUT_FIELD: &str = "visit.set_out_field";
/// The role of those who do nothing but visit.
const FIELD_VISITOR: &str = "field_visitor";

/// A case that ends calls its visits off.
pub fn subscribers() -> Vec<Subscriber> {
    vec![Subscriber { event: "case_closed", name: "collections.visit", handle: on_close }]
}

fn on_close<'a>(work: &'a mut Work, event: &'a Event) -> BoxFuture<'a, Result<(), ActionError>> {
    Box::pin(async move {
        let Some(case) = event.subject.strip_prefix("case:").and_then(|id| id.parse().ok()) else { return Ok(()) };
        let key = CaseKey { customer: event.customer, case: CaseId(case) };
        for mut order in store::of_case(&mut work.tx, key).await? {
            if let Some(state) = order.state.after(Verb::CallOff) {
                order.state = state;
                write(work, &order).await?;
                done(work, &order, "visit.call_off", "").await?;
            }
        }
        Ok(())
    })
}

/// What the policy says of an order of today.
pub(super) fn demands(edition: &Edition, today: jiff::civil::Date) -> Result<rules::Demands, ActionError> {
    let least = edition.integer("field_visit_min_people").map_err(PolicyError::from)?;
    let ahead = edition.integer("visit_plan_days").map_err(PolicyError::from)?;
    let latest = finance::add_days(today, ahead).unwrap_or(today);
    Ok(rules::Demands { least, article: article(edition, "field_visit_min_people"), latest })
}

fn article(edition: &Edition, name: &str) -> String {
    edition.parameter(name).map(|row| row.article.clone()).unwrap_or_default()
}

/// Plans a visit in a case: nothing is promised to the visitors before it is issued.
///
/// # Errors
/// Not within scope; what is wrong with the words, all at once; [`VisitError`] of crew and address.
pub async fn plan(work: &mut Work, case: CaseId, new: &NewOrder) -> Result<OrderId, ActionError> {
    let case = cases::load(work, case, CASE_WORK).await?;
    if let CaseState::Closed { on, .. } = case.state {
        return Err(CaseError::Closed { on }.into());
    }
    let today = work.business_date;
    let policy = policies::in_force(work, today).await?;
    let demands = demands(policy.edition(today), today)?;
    let wrong = rules::wrong(new, &demands, today);
    if !wrong.is_empty() {
        return Err(VisitError::Form(wrong).into());
    }
    let mut plan = new.clone();
    name_visitors(work, case.key, &mut plan).await?;
    rules::crew(&plan.visitors, plan.on, &demands)?;
    let id = OrderId(work.next_id());
    let order = VisitOrder {
        id,
        case: case.key,
        number: numbering::next(work, "visit", case.key.customer, id.0).await?,
        plan,
        state: VisitState::Planned,
        planned_by: work.actor.recorded_by(),
        issued_by: None,
        set_out_at: None,
        allowance: None,
        branch: case.branch,
        team: case.team,
        manager: case.manager,
        version: 1,
    };
    usable_address(work, &order, &demands.article).await?;
    store::insert(work, &order, &case).await?;
    store::step(work, &order, VisitState::Planned.as_str(), "").await?;
    let after = json!({"number": order.number, "on": order.plan.on, "visitors": order.plan.visitors.len()});
    work.audit(Entry::new(Some(case.key.customer), "visit.plan", order.subject()).after(after)).await?;
    Ok(id)
}

/// People of the house go under their own name; those of an agency only where the case is placed with it (rule `visit.agency`).
async fn name_visitors(work: &mut Work, case: CaseKey, plan: &mut NewOrder) -> Result<(), ActionError> {
    let people = crate::people(work).await?;
    placed_with(work, case, plan).await?;
    for one in &mut plan.visitors {
        if let Some(user) = one.user {
            let unknown = || VisitError::Form(vec![FieldError::new("visitor1", "choice-invalid")]);
            one.name = people.get(&user).cloned().ok_or_else(unknown)?;
            one.agency = String::new();
        }
    }
    Ok(())
}

/// The agency whose staff go, if any do: the case is placed with it today.
async fn placed_with(work: &mut Work, case: CaseKey, plan: &NewOrder) -> Result<Option<AgencyId>, ActionError> {
    let theirs = plan.visitors.iter().filter(|one| one.user.is_none());
    let named: Vec<String> = theirs.map(|one| one.agency.trim().to_owned()).collect();
    if named.is_empty() {
        return Ok(None);
    }
    let agency = crate::agency::of_case(work, case).await?;
    let agency = agency.filter(|agency| named.iter().all(|name| agency.name == *name));
    let unknown = || VisitError::Form(vec![FieldError::new("agency1", "visit-agency-unknown")]);
    Ok(Some(agency.ok_or_else(unknown)?.id))
}

/// Whom the address of an order leads to (rule `visit.address`): the debtor, at home or where the file says; or one who
/// answers for the debt and agreed to be reached there.
pub(super) async fn addressee(work: &mut Work, order: &VisitOrder) -> Result<Addressee, ActionError> {
    let file = customers::load(&mut work.tx, order.case.customer).await?.ok_or(VisitError::NotFound)?;
    let own = Addressee { person: file.person, usable: true };
    let Some(id) = order.plan.point else {
        return Ok(Addressee { usable: file.address.is_some_and(|text| !text.trim().is_empty()), ..own });
    };
    let Some(point) = points::in_file(work, order.case.customer, id).await? else {
        return Ok(Addressee { usable: false, ..own });
    };
    let stands = point.kind == ContactKind::Address && point.ended_at.is_none();
    let Some(relation) = point.relation else { return Ok(Addressee { usable: stands, ..own }) };
    let tie = relations::load(&mut work.tx, order.case.customer, relation).await?;
    Ok(tie.map_or(Addressee { usable: false, ..own }, |tie| Addressee {
        person: tie.person,
        usable: stands && tie.is_open() && tie.kind.answers_for_debt() && point.consented,
    }))
}

async fn usable_address(work: &mut Work, order: &VisitOrder, article: &str) -> Result<Addressee, ActionError> {
    let found = addressee(work, order).await?;
    if found.usable { Ok(found) } else { Err(VisitError::Address { article: article.to_owned() }.into()) }
}

/// The question to the guard that an order is.
pub(super) async fn contact_of(work: &mut Work, order: &VisitOrder) -> Result<Contact, ActionError> {
    let on = work.business_date;
    let policy = policies::in_force(work, on).await?;
    let demands = demands(policy.edition(on), on)?;
    let person = usable_address(work, order, &demands.article).await?.person;
    let credentials = rules::crew(&order.plan.visitors, order.plan.on.max(on), &demands);
    // The one that is missing is named better than the guard can.
    credentials?;
    let mut contact = question(order, person);
    // Whether or not the close has noted it: what is over opens nothing.
    let placed = placed_with(work, order.case, &order.plan).await?;
    if order.plan.visitors.iter().all(|one| one.user.is_none()) {
        // Nobody of the house goes along: the agency answers for it.
        contact.manner.agency = placed;
    }
    Ok(contact)
}

/// The same about this person, whatever the address and the passes are worth today.
pub(super) fn question(order: &VisitOrder, person: PersonId) -> Contact {
    let visitors = Visitors { people: order.people(), credentials: true };
    let manner = Manner { visitors: Some(visitors), ..Manner::by(Channel::Visit) };
    let customer = order.case.customer;
    Contact { customer, person, number_index: String::new(), purpose: Purpose::Collect, manner }
}

/// An order that the person may see: within the scope of its case, planned by that person, or sent on it.
///
/// # Errors
/// Denied; [`VisitError::NotFound`], also for what lies outside the scope.
pub async fn load(work: &mut Work, id: &str, action: &str) -> Result<(VisitOrder, Case), ActionError> {
    let scope = work.authorise(action)?;
    let user = work.actor.user;
    let (order, case) = find(work, id).await?;
    let own = case.state.owner().is_some_and(|owner| Some(owner) == user);
    let mine = own || order.goes(user) || user.is_some_and(|user| user.0 == order.planned_by);
    // Staff of an agency have nothing of it any more when the case came back (rule `agency.scope`).
    let barred = agency::reach(work, order.case.customer).await? == agency::Reach::Barred;
    let seen = !barred && (cases::covers(scope, &case) || mine);
    if seen { Ok((order, case)) } else { Err(VisitError::NotFound.into()) }
}

async fn find(work: &mut Work, id: &str) -> Result<(VisitOrder, Case), ActionError> {
    let id: OrderId = id.parse().map_err(|_| VisitError::NotFound)?;
    let order = store::find(&mut work.tx, id).await?.ok_or(VisitError::NotFound)?;
    let case = case_store::find(&mut work.tx, order.case.case).await?.ok_or(VisitError::NotFound)?;
    Ok((order, case))
}

/// An order for what came of it (rule `visit.recalled`): as [`load`]; and of a visit that was under way when its case came
/// back from an agency, the one who set out still says what came of it, and nobody else of the agency does.
///
/// # Errors
/// Denied; [`VisitError::NotFound`].
pub(super) async fn load_to_record(work: &mut Work, id: &str) -> Result<(VisitOrder, Case), ActionError> {
    work.authorise(platform::duty::CONTACT_RECORD)?;
    let (order, case) = find(work, id).await?;
    if set_out_on(work, &order).await? {
        return Ok((order, case));
    }
    load(work, id, platform::duty::CONTACT_RECORD).await
}

/// Whether whoever acts set out on a visit of which nobody said yet what came of it.
async fn set_out_on(work: &mut Work, order: &VisitOrder) -> Result<bool, ActionError> {
    let Some(allowance) = order.allowance.filter(|_| order.state == VisitState::OnTheWay) else { return Ok(false) };
    let asked = guard_store::allowance(&mut work.tx, order.case.customer, allowance).await?;
    Ok(asked.is_some_and(|asked| work.actor.user.is_some_and(|user| user.0 == asked.asked_by)))
}

/// What somebody goes on, or planned for staff of an agency, as far as that person may see it still, or owes its record.
///
/// # Errors
/// The store's.
pub(super) async fn to_do(
    work: &mut Work,
    user: UserId,
    on: jiff::civil::Date,
) -> Result<Vec<VisitOrder>, ActionError> {
    let (sight, mut seen) = (agency::sight(work).await?, Vec::new());
    for order in store::to_do(&mut work.tx, user, on).await? {
        if sight.has(order.case.customer) || set_out_on(work, &order).await? {
            seen.push(order);
        }
    }
    Ok(seen)
}

/// The orders of somebody that are recorded and that the person sees no more: what the device keeps of them is dropped.
///
/// # Errors
/// The store's.
pub(super) async fn gone(work: &mut Work, user: UserId, on: jiff::civil::Date) -> Result<Vec<VisitOrder>, ActionError> {
    let (sight, mut orders) = (agency::sight(work).await?, store::to_do(&mut work.tx, user, on).await?);
    orders.retain(|order| order.state == VisitState::Done && !sight.has(order.case.customer));
    Ok(orders)
}

/// Calls off what staff of an agency were to go on, or planned, when the case comes back (rule `visit.agency`). Who set out
/// already is on the way: the record is owed.
///
/// # Errors
/// The store's.
pub(crate) async fn come_back(work: &mut Work, case: CaseKey, worker: UserId, why: &str) -> Result<(), ActionError> {
    for mut order in store::of_case(&mut work.tx, case).await? {
        let by_name = order.plan.visitors.iter().any(|one| one.user.is_none());
        let theirs = by_name || order.goes(Some(worker)) || order.planned_by == worker.0;
        let Some(state) = order.state.after(Verb::CallOff).filter(|_| theirs) else { continue };
        order.state = state;
        write(work, &order).await?;
        done(work, &order, "visit.call_off", why).await?;
    }
    Ok(())
}

fn next(order: &VisitOrder, verb: Verb) -> Result<VisitState, VisitError> {
    order.state.after(verb).ok_or(VisitError::NotNow { state: order.state.as_str() })
}

pub(super) async fn write(work: &mut Work, order: &VisitOrder) -> Result<(), ActionError> {
    match store::write(work, order).await {
        Ok(()) => Ok(()),
        Err(platform::db::StoreError::Stale { .. }) => Err(VisitError::Changed.into()),
        Err(error) => Err(error.into()),
    }
}

/// Issues an order (rule `visit.issue`): a second person where the policy wants one, after the guard was asked for the
/// planned hours (rule `visit.guarded`).
///
/// # Errors
/// Not within scope; [`VisitError`].
pub async fn issue(work: &mut Work, id: &str) -> Result<(), ActionError> {
    let (mut order, case) = load(work, id, CASE_VIEW).await?;
    if !cases::covers(work.authorise(VISIT_ISSUE)?, &case) {
        return Err(VisitError::NotFound.into());
    }
    let on = work.business_date;
    let policy = policies::in_force(work, on).await?;
    let edition = policy.edition(on);
    let second = edition.flag("visit_issue_by_second").map_err(PolicyError::from)?;
    if second && (!work.actor.is_second_to(order.planned_by)? || order.goes(work.actor.user)) {
        return Err(VisitError::OwnPlan { article: article(edition, "visit_issue_by_second") }.into());
    }
    order.state = next(&order, Verb::Issue)?;
    foreseen(work, &order).await?;
    order.issued_by = Some(work.actor.recorded_by());
    write(work, &order).await?;
    done(work, &order, "visit.issue", "").await
}

/// What the guard says of the first and the last minute of the planned hours.
async fn foreseen(work: &mut Work, order: &VisitOrder) -> Result<(), ActionError> {
    let contact = contact_of(work, order).await?;
    let Band { from, until } = order.plan.band;
    for minute in [from, until - 1] {
        let Some(at) = moment(order.plan.on, minute) else { continue };
        match would_at(work, &contact, at.max(work.now)).await? {
            Verdict::Allowed { .. } => {}
            Verdict::Refused { rule, article, .. } => {
                let article = Some(article.to_string()).filter(|article| !article.is_empty());
                return Err(VisitError::Guarded { rule: rule.id().to_owned(), article }.into());
            }
        }
    }
    Ok(())
}

fn moment(on: jiff::civil::Date, minute: i64) -> Option<Timestamp> {
    let (hour, minute) = (i8::try_from(minute / 60).ok()?, i8::try_from(minute % 60).ok()?);
    civil_moment(on.at(hour, minute, 0, 0))
}

async fn done(work: &mut Work, order: &VisitOrder, action: &'static str, detail: &str) -> Result<(), ActionError> {
    store::step(work, order, order.state.as_str(), detail).await?;
    let entry = Entry::new(Some(order.case.customer), action, order.subject());
    let entry = entry.after(json!({"state": order.state.as_str()}));
    Ok(work.audit(if detail.is_empty() { entry } else { entry.reason(detail) }).await?)
}

/// Calls an order off, with a reason; who set out already writes the record instead.
///
/// # Errors
/// Not within scope; no reason; [`VisitError::NotNow`].
pub async fn call_off(work: &mut Work, id: &str, reason: &str) -> Result<(), ActionError> {
    let (mut order, _) = load(work, id, CASE_VIEW).await?;
    let may = work.actor.may(VISIT_ISSUE) || work.actor.recorded_by() == order.planned_by;
    if !may {
        return Err(VisitError::NotVisitor.into());
    }
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(VisitError::Form(vec![FieldError::new("reason", "reason-empty")]).into());
    }
    if reason.chars().count() > rules::MAX_TEXT {
        let wrong = FieldError::new("reason", "contact-too-long").with("max", rules::MAX_TEXT);
        return Err(VisitError::Form(vec![wrong]).into());
    }
    order.state = next(&order, Verb::CallOff)?;
    write(work, &order).await?;
    done(work, &order, "visit.call_off", reason).await
}

/// Rule `visit.by-visitors`: those who go, or the one who planned it for staff of an agency.
pub(super) fn by_visitors(work: &Work, order: &VisitOrder) -> Result<(), VisitError> {
    if order.acts(work.actor.user) { Ok(()) } else { Err(VisitError::NotVisitor) }
}

/// What came of setting out (出发结果).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SetOut {
    /// On the way: the contact counts from now on.
    Gone,
    /// The contact guard keeps the visitors back.
    Refused(Refused),
}

/// Sets out (rule `visit.guarded`): the guard decides for good, as of now; the planned hours were asked for at issue, and
/// the arrival is judged with the record. From now on the record is owed the same working day (rule `duty.visit_record`,
/// S4-18). Commit the work whatever it answers: a refusal is a fact too.
///
/// # Errors
/// Not one of the visitors; [`VisitError::NotNow`]; another day than planned.
pub async fn set_out(work: &mut Work, id: &str) -> Result<SetOut, ActionError> {
    let (mut order, case) = load(work, id, platform::duty::CONTACT_RECORD).await?;
    by_visitors(work, &order)?;
    let state = next(&order, Verb::SetOut)?;
    let today = platform::clock::civil_day(work.now);
    if order.plan.on != today {
        let wrong = FieldError::new("on", "visit-other-day").with("on", order.plan.on);
        return Err(VisitError::Form(vec![wrong]).into());
    }
    if moment(today, order.plan.band.until - 1).is_some_and(|last| work.now > last) {
        return Err(VisitError::Over.into());
    }
    let contact = contact_of(work, &order).await?;
    let pass = match contact_gate::ask(work, &contact, &format!("{} {}", order.number, order.plan.purpose)).await? {
        Answer::Refused { rule, article, next_lawful } => {
            return Ok(SetOut::Refused(contact_gate::gate_refused(&rule, article, next_lawful)));
        }
        Answer::Allowed(pass) => pass,
    };
    let lost = || ActionError::Internal("a visit that collects has no allowance".to_owned());
    order.state = state;
    order.allowance = Some(AllowanceId(pass.allowance.ok_or_else(lost)?));
    order.set_out_at = Some(work.now);
    write(work, &order).await?;
    done(work, &order, "visit.set_out", "").await?;
    owe_record(work, &order, &case).await?;
    Ok(SetOut::Gone)
}

/// The record is owed from the moment the visitors set out, whether they come to press another button or not.
async fn owe_record(work: &mut Work, order: &VisitOrder, case: &Case) -> Result<(), ActionError> {
    let customer = order.case.customer;
    let names = customers::names(&mut work.tx, &[customer]).await?;
    let whom = names.get(&customer).map(|(_, name)| name.clone()).unwrap_or_default();
    let field = work.actor.roles.iter().any(|role| role == FIELD_VISITOR);
    let asked = duty::Case {
        customer,
        subject: order.subject(),
        anchor: work.business_date,
        manager: work.actor.user,
        personal: false,
        branch: case.branch,
        whom,
        number: order.number.clone(),
        amount: None,
        facts: Facts::new(),
        fields: BTreeMap::new(),
    };
    duty::open(work, if field { SET_OUT_FIELD } else { SET_OUT }, &[asked]).await?;
    Ok(())
}

/// The address of an order in clear, for those who go; the look is in the audit trail. Commit the work before it is shown.
///
/// # Errors
/// Not one of the visitors; the order is not issued; the seal does not open.
pub async fn address(work: &mut Work, id: &str) -> Result<(VisitOrder, String), ActionError> {
    let (order, _) = load(work, id, platform::access::CONTACT_REVEAL).await?;
    by_visitors(work, &order)?;
    if !matches!(order.state, VisitState::Issued | VisitState::OnTheWay) {
        return Err(VisitError::NotNow { state: order.state.as_str() }.into());
    }
    if order.plan.on != platform::clock::civil_day(work.now) {
        let wrong = FieldError::new("on", "visit-other-day").with("on", order.plan.on);
        return Err(VisitError::Form(vec![wrong]).into());
    }
    let text = open_address(work, &order).await?;
    Ok((order, text))
}

/// Opens the address as long as the guard would let the visit through; whoever calls has authorised the order.
///
/// # Errors
/// The day is over; what the guard says of the planned hours; the address may not be visited any more.
pub(super) async fn open_address(work: &mut Work, order: &VisitOrder) -> Result<String, ActionError> {
    if order.plan.on < platform::clock::civil_day(work.now) {
        return Err(VisitError::Over.into());
    }
    foreseen(work, order).await?;
    let customer = order.case.customer;
    if let Some(point) = order.plan.point {
        return points::address_for(work, customer, point, &order.number).await;
    }
    let file = customers::load(&mut work.tx, customer).await?.ok_or(VisitError::NotFound)?;
    let entry = Entry::new(Some(customer), "visit.address", order.subject());
    work.audit(entry.reason(&order.number)).await?;
    Ok(file.address.unwrap_or_default())
}
