//! Use cases of a customer of a project: verify it, review what somebody else verified, give it to another person.

use std::collections::BTreeMap;

use jiff::civil::Date;
use platform::audit::Entry;
use platform::duty::{self, Case, Evidence};
use platform::error::{ActionError, FieldError, Refused};
use platform::id::{BranchId, CustomerId, UserId};
use platform::policies::{self, InForce};
use platform::work::Work;
use policy::{Facts, Value};
use serde_json::json;

use super::actions::{colleague, wrong_state};
use super::items::{self, NewFinding};
use super::model::{FindingKind, Item, ItemId, ItemState, Project, ProjectState, Verification};
use super::{PLAN, REVIEW, WORK, rules, store};
use crate::customer::actions::load_within;
use crate::customer::model::Customer;
use crate::datum::facts::{self, Known};
use crate::datum::refresh;
use crate::document::refresh as documents;
use crate::error::CustomerError;
use crate::standing;

/// The triggers of the duties to verify a customer: one for each kind of role that may hold it.
pub(super) const ITEM_TRIGGERS: [&str; 2] = ["sorting.item", "sorting.team_item"];
/// The facts that tell of a default (S3-06).
const DEFAULTS: [&str; 2] = ["default_exists", "compensation_paid"];

/// The trigger whose rule belongs to a role that the person holds; the first where none does.
pub(super) async fn triggers(work: &mut Work, user: UserId, of: &[&'static str]) -> Result<&'static str, ActionError> {
    let today = work.business_date;
    let rules = policies::in_force(work, today).await?;
    let roles = colleague(work, user).await?.map(|actor| actor.roles).unwrap_or_default();
    let edition = rules.edition(today);
    let held = of.iter().find(|trigger| edition.duties_for(trigger).any(|rule| roles.contains(&rule.owner_role)));
    Ok(held.or(of.first()).copied().unwrap_or_default())
}

/// What a duty about a customer of a project is about: its name, the number of the project, its branch.
pub(crate) fn case_of(
    customer: CustomerId,
    subject: String,
    anchor: Date,
    owner: Option<UserId>,
    (whom, number, branch): (&str, &str, BranchId),
) -> Case {
    Case {
        customer,
        subject,
        anchor,
        manager: owner,
        personal: false,
        branch,
        whom: whom.to_owned(),
        number: number.to_owned(),
        amount: None,
        facts: Facts::new(),
        fields: BTreeMap::new(),
    }
}

/// A customer of a project with its project and its file, within the reach of an action.
pub(super) struct Desk {
    /// The item.
    pub item: Item,
    /// Its project.
    pub project: Project,
    /// Its file.
    pub customer: Customer,
}

/// Lays out a customer of a project that the person may touch under an action.
///
/// # Errors
/// Denied; there is none, or not for this person.
pub(super) async fn lay(work: &mut Work, id: &str, action: &str) -> Result<Desk, ActionError> {
    work.authorise(action)?;
    let missing = || CustomerError::NoSuchPart("sorting");
    let key = id.parse().map(ItemId).map_err(|_| missing())?;
    let item = items::find(&mut work.tx, key).await?.ok_or_else(missing)?;
    let project = store::find(&mut work.tx, item.project).await?.ok_or_else(missing)?;
    match load_within(work, item.customer, action).await {
        Ok(customer) => Ok(Desk { item, project, customer }),
        Err(ActionError::Refused(_)) => Err(missing().into()),
        Err(broken) => Err(broken),
    }
}

/// The same to change it: its project neither stops nor reports meanwhile.
///
/// # Errors
/// As [`lay`].
pub(super) async fn hold(work: &mut Work, id: &str, action: &str) -> Result<Desk, ActionError> {
    let known = lay(work, id, action).await?;
    store::hold(&mut work.tx, known.project.id).await?;
    lay(work, id, action).await
}

impl Desk {
    /// Refuses what is no longer to be worked on.
    pub(super) fn running(&self) -> Result<(), ActionError> {
        if self.project.state == ProjectState::Running { Ok(()) } else { Err(wrong_state(&self.project)) }
    }

    fn wrong_item(&self) -> ActionError {
        CustomerError::SortingItemState { state: self.item.state.as_str() }.into()
    }

    fn entry(&self, action: &'static str) -> Entry {
        let subject = format!("sorting_item:{}:{}", self.item.customer, self.item.id);
        Entry::new(Some(self.item.customer), action, subject).after(json!({"number": self.project.number}))
    }

    async fn open_duty(&self, work: &mut Work) -> Result<(), ActionError> {
        let trigger = triggers(work, self.item.assignee, &ITEM_TRIGGERS).await?;
        let about = (self.customer.name.as_str(), self.project.number.as_str(), self.customer.branch);
        let case = case_of(self.customer.id, self.item.subject(), self.item.due_on, Some(self.item.assignee), about);
        duty::open(work, trigger, &[case]).await.map(drop)
    }
}

/// What is missing in a file, and how much there must be (资料完整度).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Gaps {
    /// Data that are missing, as the policy calls them.
    pub data: Vec<String>,
    /// Papers that are missing or end soon.
    pub papers: Vec<String>,
    /// What is there, of data and papers.
    pub filled: i64,
    /// What must be there.
    pub wanted: i64,
}

/// How complete a file is: required data and required papers together (rule `sorting.completeness`, S3-13).
pub(super) async fn gaps(
    work: &mut Work,
    customer: &Customer,
    policy: &InForce,
    known: &Known,
) -> Result<Gaps, ActionError> {
    let today = work.business_date;
    let (data, of) = refresh::incomplete(policy, customer, known, today);
    let papers = documents::completeness(work, customer, policy, today).await?;
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let filled = count(of.saturating_sub(data.len())).saturating_add(count(papers.held));
    Ok(Gaps { data, papers: papers.open, filled, wanted: count(of).saturating_add(count(papers.required)) })
}

/// Whether a default is known: paid or existing; nothing where nobody knows.
pub(super) fn defaulted(facts: &Facts) -> Option<bool> {
    let told: Vec<bool> = DEFAULTS
        .iter()
        .filter_map(|name| match facts.get(*name) {
            Some(Value::Boolean(flag)) => Some(*flag),
            Some(_) | None => None,
        })
        .collect();
    (!told.is_empty()).then(|| told.contains(&true))
}

/// Records that a customer was verified, and what was found (S3-28): its classes are looked at again, its completeness is
/// kept, its duty closes.
///
/// Rule `sorting.item`: by the person to whom it is given or by the lead, while the project runs.
///
/// # Errors
/// Not within scope; somebody else's; verified already; all that is wrong at once.
pub async fn verify(work: &mut Work, id: &str, said: &Verification) -> Result<ItemId, ActionError> {
    let mut desk = hold(work, id, WORK).await?;
    desk.running()?;
    let own = [desk.item.assignee, desk.project.plan.lead].iter().any(|user| work.actor.is_or_stands_for(user.0));
    if !own {
        return Err(CustomerError::SortingNotYours.into());
    }
    if !rules::is_to_do(&desk.item) {
        return Err(desk.wrong_item());
    }
    let today = work.business_date;
    let from = desk.project.started_on.unwrap_or(today);
    let wrong = rules::check_verification(said, from, today);
    if !wrong.is_empty() {
        return Err(Refused::form(wrong).under(rules::RULE_ITEM, None).into());
    }
    standing::actions::assess(work, &desk.customer, today).await?;
    let policy = policies::in_force(work, today).await?;
    let known = facts::known(work, &desk.customer, &policy, today).await?;
    let gaps = gaps(work, &desk.customer, &policy, &known).await?;
    desk.item.state = ItemState::Verified;
    desk.item.verified_on = Some(said.on);
    desk.item.verified_by = Some(UserId(work.actor.recorded_by()));
    (desk.item.reviewed_on, desk.item.reviewed_by) = (None, None);
    (desk.item.filled, desk.item.wanted) = (Some(gaps.filled), Some(gaps.wanted));
    desk.item.defaulted = defaulted(&known.facts);
    items::update(&mut work.tx, &mut desk.item).await?;
    let kind = FindingKind::Verified;
    let new = NewFinding { kind, method: &said.method, on: said.on, detail: &said.text, problem: None };
    items::note(work, (desk.item.customer, desk.item.id), &new).await?;
    let evidence = Evidence { kind: "sorting_result", fact: format!("sorting_item:{}", desk.item.id), settles: true };
    duty::close_by(work, desk.item.customer, &desk.item.subject(), &evidence).await?;
    work.audit(desk.entry("sorting.verify")).await?;
    Ok(desk.item.id)
}

/// Accepts what somebody else verified, or sends it back with what is lacking (S3-29).
///
/// Rule `sorting.review`: never by who verified it; a return needs words.
///
/// # Errors
/// Not within scope; one's own work; not verified.
pub async fn review(work: &mut Work, id: &str, accept: bool, words: &str) -> Result<ItemId, ActionError> {
    let mut desk = hold(work, id, REVIEW).await?;
    desk.running()?;
    let verifier = desk.item.verified_by.filter(|_| desk.item.state == ItemState::Verified);
    let Some(verifier) = verifier else { return Err(desk.wrong_item()) };
    if !work.actor.is_second_to(verifier.0)? {
        return Err(CustomerError::SortingOwnReview { rule: rules::RULE_REVIEW }.into());
    }
    let wrong = if accept && words.trim().is_empty() { None } else { rules::needed("note", words) };
    if let Some(wrong) = wrong {
        return Err(Refused::form(vec![wrong]).under(rules::RULE_REVIEW, None).into());
    }
    let today = work.business_date;
    desk.item.reviewed_on = Some(today);
    desk.item.reviewed_by = Some(UserId(work.actor.recorded_by()));
    let (kind, action) = if accept {
        desk.item.state = ItemState::Accepted;
        (FindingKind::Accepted, "sorting.accept")
    } else {
        desk.item.state = ItemState::Returned;
        desk.item.turn += 1;
        desk.item.due_on = desk.item.due_on.max(today);
        (FindingKind::Returned, "sorting.return")
    };
    items::update(&mut work.tx, &mut desk.item).await?;
    let new = NewFinding { kind, method: "", on: today, detail: words, problem: None };
    items::note(work, (desk.item.customer, desk.item.id), &new).await?;
    if !accept {
        desk.open_duty(work).await?;
    }
    work.audit(desk.entry(action).reason(words.trim())).await?;
    Ok(desk.item.id)
}

/// Gives a customer of a project to another person (S3-19): the old duty falls away, a new one is opened.
///
/// # Errors
/// Not within scope; verified already; the person may not work on this customer.
pub async fn assign(work: &mut Work, id: &str, to: UserId) -> Result<ItemId, ActionError> {
    let mut desk = hold(work, id, PLAN).await?;
    desk.running()?;
    if !rules::is_to_do(&desk.item) {
        return Err(desk.wrong_item());
    }
    let name = able(work, ("to", to), &desk.customer).await?;
    if to == desk.item.assignee {
        return Err(CustomerError::NothingChanged.into());
    }
    duty::cancel(work, desk.item.customer, &desk.item.subject(), "given to somebody else").await?;
    desk.item.assignee = to;
    desk.item.turn += 1;
    desk.item.due_on = desk.item.due_on.max(work.business_date);
    items::update(&mut work.tx, &mut desk.item).await?;
    let (kind, on) = (FindingKind::Assigned, work.business_date);
    let new = NewFinding { kind, method: "", on, detail: &name, problem: None };
    items::note(work, (desk.item.customer, desk.item.id), &new).await?;
    desk.open_duty(work).await?;
    work.audit(desk.entry("sorting.assign")).await?;
    Ok(desk.item.id)
}

/// The name of a person who may work on this customer.
pub(super) async fn able(
    work: &mut Work,
    (field, user): (&'static str, UserId),
    file: &Customer,
) -> Result<String, ActionError> {
    let wrong = |code, name: String| Refused::form(vec![FieldError::new(field, code).with("name", name)]);
    let Some(actor) = colleague(work, user).await? else {
        return Err(wrong("sorting-no-such-person", user.to_string()).into());
    };
    let reach = actor.scope_of(WORK).ok();
    if reach.is_some_and(|scope| scope.covers(file.branch, file.team, file.manager)) {
        return Ok(actor.name);
    }
    Err(wrong("sorting-may-not-work", actor.name).into())
}
