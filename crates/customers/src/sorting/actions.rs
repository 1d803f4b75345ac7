//! Use cases of a project: plan it, mend the plan, begin it, keep its timetable; what agreement brings about.

use std::collections::BTreeMap;

use platform::access::{self, Actor, DataScope};
use platform::approval::{self, Approval, ApprovalKind, Heading, Request};
use platform::audit::Entry;
use platform::duty;
use platform::error::{ActionError, FieldError, Refused};
use platform::event::{BoxFuture, Event};
use platform::id::{CustomerId, UserId};
use platform::numbering;
use platform::policies::{self, PolicyError};
use platform::work::Work;
use serde_json::json;

use super::items::Candidate;
use super::model::{Item, ItemId, ItemState, Plan, Project, ProjectId, ProjectState};
use super::work::{case_of, triggers};
use super::{APPROVE_PLAN, PLAN, WORK, exposure, items, page_of, rules, store, work as items_work};
use crate::VIEW;
use crate::error::CustomerError;
use crate::lead::policy::known_number;

/// The institution's own things have no customer.
pub(super) const HOUSE: CustomerId = CustomerId(0);

/// The approval of plans.
pub const KIND: ApprovalKind = ApprovalKind {
    kind: "sorting_plan",
    title: "approval-sorting-plan",
    action: APPROVE_PLAN,
    mend,
    approved,
    refused,
};

fn mend(approval: &Approval) -> String {
    format!("{}/edit", page_of(approval.subject.strip_prefix("sorting_project:").unwrap_or_default()))
}

/// A colleague as they may act today; nobody who may not come in, and no program.
pub(super) async fn colleague(work: &mut Work, user: UserId) -> Result<Option<Actor>, ActionError> {
    let app = work.app.clone();
    let found = access::session::actor_within(&mut work.tx, &app, user).await?;
    Ok(found.filter(|actor| !actor.service))
}

/// Whether a data scope covers all that a project may go over.
fn covers(scope: DataScope, project: &Plan) -> bool {
    let branch = scope.branch == 0 || project.scope.branch.is_some_and(|branch| branch.0 == scope.branch);
    branch && scope.team == 0 && scope.manager == 0
}

/// What is wrong with a plan, all at once.
async fn check(work: &mut Work, plan: &Plan) -> Result<Vec<FieldError>, ActionError> {
    let scope = work.authorise(PLAN)?;
    let today = work.business_date;
    let in_force = policies::in_force(work, today).await?;
    let mut wrong = rules::check_plan(plan, &rules::schemes(&in_force, today), &rules::steps(&in_force, today));
    if plan.ends_on < today {
        wrong.push(FieldError::new("ends_on", "sorting-ends-in-past").with("date", today));
    }
    if !covers(scope, plan) {
        wrong.push(FieldError::new("branch", "sorting-branch-outside"));
    }
    let mut people = vec![("lead", plan.lead)];
    people.extend(plan.members.iter().map(|one| ("members", one.user)));
    for (field, user) in people {
        match colleague(work, user).await? {
            Some(known) if !(known.may(WORK) || (field == "members" && known.may(PLAN))) => {
                wrong.push(FieldError::new(field, "sorting-may-not-work").with("name", known.name));
            }
            // Whoever leads takes what the manager of a file may not, so nothing of it may be out of reach.
            Some(known) if field == "lead" && !known.scope_of(WORK).is_ok_and(|scope| covers(scope, plan)) => {
                wrong.push(FieldError::new(field, "sorting-lead-outside").with("name", known.name));
            }
            Some(_) => {}
            None => wrong.push(FieldError::new(field, "sorting-no-such-person").with("name", user)),
        }
    }
    let axes = rules::axes(&in_force, today);
    if !plan.scope.axis.is_empty() && !axes.iter().any(|axis| axis.decision == plan.scope.axis) {
        wrong.push(FieldError::choice("class", &plan.scope.axis));
    }
    Ok(wrong)
}

/// Submits a plan for somebody else's agreement (S3-12, S3-29): authorise → check → save.
///
/// # Errors
/// Denied; all that is wrong at once.
pub async fn submit(work: &mut Work, plan: &Plan) -> Result<ProjectId, ActionError> {
    let wrong = check(work, plan).await?;
    if !wrong.is_empty() {
        return Err(Refused::form(wrong).under(rules::RULE_PLAN, None).into());
    }
    let id = ProjectId(work.next_id());
    let mut one = Project {
        id,
        number: numbering::next(work, "sorting", HOUSE, id.0).await?,
        plan: plan.clone(),
        revision: 1,
        state: ProjectState::Submitted,
        approval: None,
        stop_reason: None,
        started_on: None,
        closed_on: None,
        review_on: None,
        review_asked_on: None,
        measure_on: None,
        made_on: work.business_date,
        planner: UserId(work.actor.recorded_by()),
        version: 1,
    };
    store::insert(work, &one).await?;
    work.audit(entry(&one, "sorting.submit").after(state(&one))).await?;
    let request = request(work, &one);
    one.approval = Some(approval::submit(work, request).await?);
    store::update(&mut work.tx, &mut one).await?;
    Ok(id)
}

fn state(one: &Project) -> serde_json::Value {
    let plan = &one.plan;
    json!({"number": one.number, "scheme": plan.scheme, "from": plan.starts_on, "until": plan.ends_on,
           "lead": plan.lead, "branch": plan.scope.branch})
}

fn entry(one: &Project, action: &'static str) -> Entry {
    Entry::new(None, action, one.subject())
}

fn request(work: &Work, one: &Project) -> Request {
    let title = Heading::told(&work.app.catalogue, |locale| locale.t1("sorting-plan-heading", "number", &one.number));
    let payload = json!({
        "sorting_page": page_of(one.id),
        "sorting_aim": one.plan.aim,
        "sorting_from": one.plan.starts_on,
        "sorting_until": one.plan.ends_on,
    });
    let request = Request::new("sorting_plan", HOUSE, one.subject(), title, payload);
    match one.plan.scope.branch {
        Some(branch) => request.branch(branch),
        None => request,
    }
}

/// Submits anew a plan that was returned; only its planner can.
///
/// # Errors
/// Denied; it was not returned, or to somebody else; as [`submit`].
pub async fn resubmit(work: &mut Work, id: &str, plan: &Plan) -> Result<ProjectId, ActionError> {
    let mut one = seen(work, id, PLAN).await?;
    let waiting = one.approval.filter(|_| one.state == ProjectState::Submitted);
    let Some(approval) = waiting else { return Err(wrong_state(&one)) };
    let wrong = check(work, plan).await?;
    if !wrong.is_empty() {
        return Err(Refused::form(wrong).under(rules::RULE_PLAN, None).into());
    }
    if plan.scope.branch != one.plan.scope.branch {
        // Whoever was asked to agree stands for that branch.
        let wrong = vec![FieldError::new("branch", "sorting-branch-kept")];
        return Err(Refused::form(wrong).under(rules::RULE_PLAN, None).into());
    }
    one.plan = plan.clone();
    let request = request(work, &one);
    approval::resubmit(work, HOUSE, approval, request.payload, &one.plan.aim).await?;
    store::revise(work, &mut one).await?;
    work.audit(entry(&one, "sorting.resubmit").after(state(&one))).await?;
    Ok(one.id)
}

/// Takes a plan back while nobody decided it; only its planner can.
///
/// # Errors
/// Denied; it is decided; somebody else's.
pub async fn withdraw(work: &mut Work, id: &str) -> Result<ProjectId, ActionError> {
    let one = seen(work, id, PLAN).await?;
    let waiting = one.approval.filter(|_| one.state == ProjectState::Submitted);
    let Some(approval) = waiting else { return Err(wrong_state(&one)) };
    approval::withdraw(work, HOUSE, approval).await?;
    work.audit(entry(&one, "sorting.withdraw")).await?;
    Ok(one.id)
}

/// The refusal that a project is somewhere else.
pub(super) fn wrong_state(one: &Project) -> ActionError {
    CustomerError::SortingState { state: one.state.as_str() }.into()
}

/// A project that the person may see under an action.
///
/// Who may touch all that it goes over sees it, and so does its working group; at whatever concerns single customers
/// the data scope holds besides (rule `sorting.scope`).
///
/// # Errors
/// Denied; there is none, or not for this person.
pub async fn seen(work: &mut Work, id: &str, action: &str) -> Result<Project, ActionError> {
    let scope = work.authorise(action)?;
    let missing = || CustomerError::NoSuchPart("sorting");
    let key = id.parse().map(ProjectId).map_err(|_| missing())?;
    let one = store::find(&mut work.tx, key).await?.ok_or_else(missing)?;
    let own = work.actor.acts_as().is_some_and(|user| one.has_member(user));
    if covers(scope, &one.plan) || own || (action == VIEW && reaches(work, scope, key).await?) {
        return Ok(one);
    }
    Err(missing().into())
}

/// A project to be changed as a whole: nobody works on its customers meanwhile.
async fn held(work: &mut Work, id: &str) -> Result<Project, ActionError> {
    let known = seen(work, id, PLAN).await?;
    store::hold(&mut work.tx, known.id).await?;
    store::find(&mut work.tx, known.id).await?.ok_or_else(|| CustomerError::NoSuchPart("sorting").into())
}

/// Whether the person may see all that a project goes over.
pub(super) fn sees_all(work: &Work, one: &Project) -> bool {
    work.authorise(VIEW).is_ok_and(|scope| covers(scope, &one.plan))
}

async fn reaches(work: &mut Work, scope: DataScope, id: ProjectId) -> Result<bool, ActionError> {
    let mut w = crate::customer::store::within(scope);
    w.and("i.project_id = ?", [&id]);
    let head = "select i.id from sorting_item i join customer c on c.customer_id = i.customer_id";
    Ok(work.tx.fetch_optional(w.select(head, "limit 1"), w.args()).await?.is_some())
}

/// Begins a project (S3-29): its customers become its items, each with somebody who verifies it, and a duty.
///
/// Rule `sorting.start`: the scope is looked at on that day; nobody in it, or more than the policy allows, is refused.
/// The manager of a file verifies it, or the lead where the manager may not.
///
/// # Errors
/// Denied; the plan is not agreed to; nobody in its scope.
pub async fn start(work: &mut Work, id: &str) -> Result<ProjectId, ActionError> {
    let mut one = held(work, id).await?;
    if one.state != ProjectState::Approved {
        return Err(wrong_state(&one));
    }
    let today = work.business_date;
    if today < one.plan.starts_on {
        return Err(CustomerError::SortingEarly { from: one.plan.starts_on }.into());
    }
    let in_force = policies::in_force(work, today).await?;
    let axes: Vec<String> =
        rules::axes_of(&in_force, today, &one.plan.scheme).into_iter().map(|axis| axis.decision).collect();
    let most = in_force.edition(today).integer("sorting_most_items").map_err(PolicyError::from)?;
    // A member with less in reach would take a part of the customers for all of them.
    let reach = whole(work, &one)?;
    let found = items::candidates(&mut work.tx, reach, &one.plan.scope, &axes, most).await?;
    let count = i64::try_from(found.len()).unwrap_or(i64::MAX);
    if count == 0 || count > most {
        return Err(CustomerError::SortingScope { count, most }.into());
    }
    one.state = ProjectState::Running;
    one.started_on = Some(today);
    let items = given(work, &one, &found).await?;
    items::insert(work, &one, &items).await?;
    open_duties(work, &one, &items, &found).await?;
    one.measure_on = exposure::measure(work, &one, &items).await?;
    store::update(&mut work.tx, &mut one).await?;
    work.audit(entry(&one, "sorting.start").after(json!({"number": one.number, "customers": count}))).await?;
    let payload = json!({"number": one.number, "customers": count});
    let event =
        Event { kind: "sorting_started", customer: HOUSE, subject: one.subject(), effective_on: today, payload };
    work.emit(event).await?;
    Ok(one.id)
}

/// The reach of a person who may plan for all that a project goes over.
fn whole(work: &Work, one: &Project) -> Result<DataScope, ActionError> {
    let reach = work.authorise(PLAN)?;
    if covers(reach, &one.plan) { Ok(reach) } else { Err(CustomerError::SortingOutside.into()) }
}

/// Gives each customer to its manager, or to the lead.
async fn given(work: &mut Work, one: &Project, found: &[Candidate]) -> Result<Vec<Item>, ActionError> {
    let mut known: BTreeMap<UserId, Option<DataScope>> = BTreeMap::new();
    let today = work.business_date;
    let policy = policies::in_force(work, today).await?;
    let axes = rules::axes_of(&policy, today, &one.plan.scheme);
    let due_on = one.carry_out_by().max(today);
    // Whoever stands among the worst is verified first (rule `sorting.key`, S3-14).
    let days = known_number(&policy, today, "sorting_key_days")?;
    let soon = days.and_then(|days| today.checked_add(jiff::Span::new().try_days(days).ok()?).ok());
    let mut all = Vec::with_capacity(found.len());
    for file in found {
        let may = match known.get(&file.manager) {
            Some(may) => *may,
            None => {
                let may = colleague(work, file.manager).await?.and_then(|actor| actor.scope_of(WORK).ok());
                known.insert(file.manager, may);
                may
            }
        };
        let key = rules::is_key(&axes, &file.before);
        let able = may.is_some_and(|scope| scope.covers(file.branch, file.team, file.manager));
        all.push(Item {
            customer: file.customer,
            id: ItemId(work.next_id()),
            project: one.id,
            assignee: if able { file.manager } else { one.plan.lead },
            state: ItemState::Open,
            turn: 1,
            before: file.before.clone(),
            due_on: if key { soon.map_or(due_on, |soon| soon.min(due_on)) } else { due_on },
            key,
            verified_on: None,
            verified_by: None,
            filled: None,
            wanted: None,
            defaulted: None,
            reviewed_on: None,
            reviewed_by: None,
            version: 1,
        });
    }
    Ok(all)
}

/// Opens the duties of all items: one a person and day, with a case a customer.
async fn open_duties(work: &mut Work, one: &Project, items: &[Item], found: &[Candidate]) -> Result<(), ActionError> {
    let mut by_trigger: BTreeMap<&'static str, Vec<duty::Case>> = BTreeMap::new();
    let mut known: BTreeMap<UserId, &'static str> = BTreeMap::new();
    for (item, file) in items.iter().zip(found) {
        let trigger = match known.get(&item.assignee).copied() {
            Some(trigger) => trigger,
            None => {
                let trigger = triggers(work, item.assignee, &items_work::ITEM_TRIGGERS).await?;
                known.insert(item.assignee, trigger);
                trigger
            }
        };
        let about = (file.name.as_str(), one.number.as_str(), file.branch);
        let case = case_of(item.customer, item.subject(), item.due_on, Some(item.assignee), about);
        by_trigger.entry(trigger).or_default().push(case);
    }
    for (trigger, cases) in by_trigger {
        duty::open(work, trigger, &cases).await?;
    }
    Ok(())
}

/// Says that a step of the timetable was done, and what was done (S3-19); its duty closes.
///
/// # Errors
/// Denied; no such step; the project is not running; nothing said.
pub async fn finish_step(work: &mut Work, id: &str, step: &str, note: &str) -> Result<ProjectId, ActionError> {
    let one = seen(work, id, PLAN).await?;
    if !one.takes_steps() {
        return Err(wrong_state(&one));
    }
    if let Some(wrong) = rules::needed("note", note) {
        return Err(Refused::form(vec![wrong]).into());
    }
    let found = one.plan.steps.iter().find(|known| known.step == step);
    let found = found.ok_or(CustomerError::NoSuchPart("sorting"))?;
    if found.done_on.is_some() {
        return Err(CustomerError::AlreadyEnded.into());
    }
    store::step_done(work, found, note).await?;
    let evidence = duty::Evidence { kind: "sorting_step", fact: format!("sorting_step:{}", found.id), settles: true };
    duty::close_by(work, HOUSE, &step_subject(found.id), &evidence).await?;
    let after = json!({"number": one.number, "step": step});
    work.audit(entry(&one, "sorting.step").after(after).reason(note.trim())).await?;
    Ok(one.id)
}

/// Gives a project up before its end, for a reason: what is not verified yet is nobody's duty any more.
///
/// Rule `sorting.stop`: an agreed or running one; what was recorded stays, problems are still rectified.
///
/// # Errors
/// Denied; it is not agreed to, or over; no reason.
pub async fn stop(work: &mut Work, id: &str, reason: &str) -> Result<ProjectId, ActionError> {
    let mut one = held(work, id).await?;
    whole(work, &one)?;
    if !matches!(one.state, ProjectState::Approved | ProjectState::Running) {
        return Err(wrong_state(&one));
    }
    if let Some(wrong) = rules::needed("reason", reason) {
        return Err(Refused::form(vec![wrong]).into());
    }
    let reason = reason.trim();
    let items = items::of_project(&mut work.tx, one.id).await?;
    let open = items.iter().filter(|item| rules::is_to_do(item));
    let over: Vec<_> = open.map(|item| (item.customer, item.subject(), reason.to_owned())).collect();
    duty::lapse_each(work, "sorting_result", &over).await?;
    for step in one.plan.steps.iter().filter(|step| step.asked_on.is_some() && step.done_on.is_none()) {
        duty::cancel(work, HOUSE, &step_subject(step.id), reason).await?;
    }
    one.state = ProjectState::Stopped;
    one.stop_reason = Some(reason.to_owned());
    one.measure_on = None;
    one.closed_on = Some(work.business_date);
    store::update(&mut work.tx, &mut one).await?;
    work.audit(entry(&one, "sorting.stop").after(json!({"number": one.number})).reason(reason)).await?;
    Ok(one.id)
}

/// What the duty for an overdue step is about.
pub(super) fn step_subject(step: i64) -> String {
    format!("sorting_step:{step}")
}

fn approved<'a>(work: &'a mut Work, approval: &'a Approval) -> BoxFuture<'a, Result<(), ActionError>> {
    Box::pin(async move { decide(work, approval, ProjectState::Approved).await })
}

fn refused<'a>(work: &'a mut Work, approval: &'a Approval) -> BoxFuture<'a, Result<(), ActionError>> {
    Box::pin(async move { decide(work, approval, ProjectState::Refused).await })
}

async fn decide(work: &mut Work, approval: &Approval, state: ProjectState) -> Result<(), ActionError> {
    let id = approval.subject.strip_prefix("sorting_project:").and_then(|id| id.parse().ok()).map(ProjectId);
    let Some(id) = id else { return Ok(()) };
    let Some(mut one) = store::find(&mut work.tx, id).await? else { return Ok(()) };
    if one.state != ProjectState::Submitted {
        return Ok(());
    }
    one.state = state;
    Ok(store::update(&mut work.tx, &mut one).await?)
}
