//! Use cases of rewards and penalties: propose, follow what the approvers say, take back, carry out.

use platform::access::DataScope;
use platform::approval::{self, Approval, ApprovalKind, Heading, Request};
use platform::audit::Entry;
use platform::duty::{self, Evidence};
use platform::error::{ActionError, FieldError};
use platform::event::{BoxFuture, Event};
use platform::id::{CustomerId, UserId};
use platform::numbering;
use platform::policies::{self, PolicyError};
use platform::work::Work;
use policy::{Edition, Facts, Value};
use serde_json::json;

use super::model::{Kind, Merit, MeritError, MeritId, MeritState, Side, Wish, check};
use super::{MERIT_APPROVE, MERIT_CARRY_OUT, MERIT_PROPOSE, MERIT_VIEW, store};
use crate::measure::figures;
use crate::measure::model::{By, Period, Tally};

/// The file of what is about no customer: the institution's own.
pub(super) const HOUSE: CustomerId = CustomerId(0);

/// The approval of rewards and penalties.
pub const KIND: ApprovalKind =
    ApprovalKind { kind: "merit", title: "approval-merit", action: MERIT_APPROVE, mend, approved, refused };

/// A returned proposal is taken back and made anew: its figures are frozen.
fn mend(approval: &Approval) -> String {
    super::page_of(approval.subject.strip_prefix("merit:").unwrap_or_default())
}

/// The kinds of the policy, rewards first.
///
/// # Errors
/// The policy lacks them.
pub fn kinds(edition: &Edition) -> Result<Vec<Kind>, ActionError> {
    let mut all = Vec::new();
    for side in Side::ALL {
        let facts = Facts::from([("merit_side".to_owned(), Value::Text(side.as_str().to_owned()))]);
        let found = edition.decide("merit_kind", &facts).map_err(PolicyError::from)?;
        for (place, row) in found.outputs.iter().enumerate() {
            let value = |name: &str| row.iter().find(|(known, _)| known == name).and_then(|(_, value)| value.as_ref());
            let yes = |name: &str| matches!(value(name), Some(Value::Boolean(true)));
            all.push(Kind {
                id: value("merit_kind").map(Value::to_text).unwrap_or_default(),
                side,
                money: yes("merit_money"),
                rectify: yes("merit_rectify"),
                article: found.articles.get(place).or_else(|| found.articles.first()).cloned().unwrap_or_default(),
            });
        }
    }
    Ok(all)
}

/// What a person recovered in a period, of the cases that the scope shows (rule `merit.figures`).
///
/// # Errors
/// No policy in force; the store's.
pub async fn figures_of(
    work: &mut Work,
    scope: DataScope,
    person: UserId,
    period: Period,
) -> Result<Tally, ActionError> {
    let all = figures::load(work, scope, period, By::Collector).await?;
    Ok(all.groups.get(&person.to_string()).copied().unwrap_or_default())
}

/// Proposes a reward or penalty for somebody else (rules `merit.propose`, `merit.other`).
///
/// # Errors
/// Denied; for oneself; everything wrong with the form; what the approval refuses.
pub async fn propose(work: &mut Work, wish: &Wish) -> Result<MeritId, ActionError> {
    let scope = work.authorise(MERIT_PROPOSE)?;
    let today = work.business_date;
    let policy = policies::in_force(work, today).await?;
    let edition = policy.edition(today);
    let kinds = kinds(edition)?;
    let longest = edition.integer("merit_rectify_days").map_err(PolicyError::from)?;
    let mut wrong = check(wish, &kinds, today, longest);
    let branch = store::branch_of(&mut work.tx, wish.person).await?;
    // A team or oneself is no reach: people belong to branches.
    let whole = scope.team == 0 && scope.manager == 0;
    let reach = branch.filter(|branch| whole && (scope.branch == 0 || scope.branch == branch.0));
    if reach.is_none() {
        wrong.insert(0, FieldError::new("person", "choice-invalid"));
    }
    let (Some(branch), true) = (reach, wrong.is_empty()) else { return Err(MeritError::Form(wrong).into()) };
    other(work, wish.person)?;
    let Some(kind) = kinds.into_iter().find(|kind| kind.id == wish.kind) else {
        return Err(MeritError::Form(vec![FieldError::new("kind", "choice-invalid")]).into());
    };
    let figures = figures_of(work, scope, wish.person, wish.period).await?;
    let id = MeritId(work.next_id());
    let mut one = Merit {
        id,
        number: numbering::next(work, "merit", HOUSE, id.0).await?,
        person: wish.person,
        branch,
        side: kind.side,
        kind: kind.id,
        amount: wish.amount,
        reason: wish.reason.trim().to_owned(),
        period: wish.period,
        figures,
        rectify_by: wish.rectify_by,
        state: MeritState::Proposed,
        approval: None,
        done: None,
        by: UserId(work.actor.recorded_by()),
        made_on: today,
        version: 1,
    };
    store::insert(work, &one).await?;
    work.audit(entry(&one, "merit.propose").reason(one.reason.clone())).await?;
    let request = request(work, &one);
    one.approval = Some(approval::submit(work, request).await?);
    store::update(work, &one).await?;
    Ok(id)
}

/// Refuses whoever is concerned, and whoever stands in for that person (rule `merit.other`).
fn other(work: &Work, person: UserId) -> Result<(), MeritError> {
    if work.actor.is_or_stands_for(person.0) { Err(MeritError::Own) } else { Ok(()) }
}

fn entry(one: &Merit, action: &'static str) -> Entry {
    let after = json!({
        "number": one.number, "person": one.person, "kind": one.kind, "amount_fen": one.amount.map(|amount| amount.0),
        "state": one.state.as_str(),
    });
    Entry::new(None, action, one.subject()).after(after)
}

fn request(work: &Work, one: &Merit) -> Request {
    let title = Heading::told(&work.app.catalogue, |locale| {
        let side = locale.t(format!("merit-side-{}", one.side.as_str()));
        locale.tn("merit-approval-title", &[("side", side), ("number", one.number.clone())])
    });
    let payload = json!({
        "merit_page": super::page_of(one.id),
        "amount_fen": one.amount.map(|amount| amount.0),
        "rectify_by": one.rectify_by,
        "reason": one.reason,
    });
    let mut request = Request::new("merit", HOUSE, one.subject(), title, payload).branch(one.branch);
    if let Some(amount) = one.amount {
        request = request.amount(amount);
    }
    request.facts.insert("merit_side".to_owned(), Value::Text(one.side.as_str().to_owned()));
    request
}

fn approved<'a>(work: &'a mut Work, approval: &'a Approval) -> BoxFuture<'a, Result<(), ActionError>> {
    Box::pin(async move {
        let Some(mut one) = about(work, approval).await? else { return Ok(()) };
        // Whoever is concerned decides nothing of it, whatever the chain says.
        other(work, one.person)?;
        if approval.decided_by.contains(&one.person.0) {
            return Err(MeritError::Own.into());
        }
        one.state = MeritState::Approved;
        store::update(work, &one).await?;
        work.audit(entry(&one, "merit.approved")).await?;
        if let Some(until) = one.rectify_by {
            let name = crate::case::store::user_name(&mut work.tx, one.person).await?;
            let case = duty::Case {
                customer: HOUSE,
                subject: one.subject(),
                anchor: until,
                manager: Some(one.person),
                personal: true,
                branch: one.branch,
                whom: name.clone(),
                number: one.number.clone(),
                amount: one.amount,
                facts: Facts::new(),
                fields: std::collections::BTreeMap::from([("name".to_owned(), name)]),
            };
            duty::open(work, "merit.rectify", &[case]).await?;
        }
        tell(work, &one).await
    })
}

fn refused<'a>(work: &'a mut Work, approval: &'a Approval) -> BoxFuture<'a, Result<(), ActionError>> {
    Box::pin(async move {
        let Some(mut one) = about(work, approval).await? else { return Ok(()) };
        other(work, one.person)?;
        one.state = MeritState::Refused;
        store::update(work, &one).await?;
        tell(work, &one).await
    })
}

async fn tell(work: &mut Work, one: &Merit) -> Result<(), ActionError> {
    let payload = json!({"number": one.number, "state": one.state.as_str(), "kind": one.kind});
    let (subject, on) = (one.subject(), work.business_date);
    work.emit(Event { kind: "merit_decided", customer: HOUSE, subject, effective_on: on, payload }).await
}

async fn about(work: &mut Work, approval: &Approval) -> Result<Option<Merit>, ActionError> {
    let id = approval.subject.strip_prefix("merit:").and_then(|id| id.parse().ok()).map(MeritId);
    let Some(id) = id else { return Ok(None) };
    Ok(store::find(&mut work.tx, id).await?.filter(|one| one.state == MeritState::Proposed))
}

/// One that the person may see: within the scope of the action, or about that person.
///
/// # Errors
/// Denied; [`MeritError::NotFound`].
pub async fn load(work: &mut Work, id: &str, action: &str) -> Result<Merit, ActionError> {
    let scope = work.authorise(action)?;
    let key = id.parse().map(MeritId).map_err(|_| MeritError::NotFound)?;
    let one = store::find(&mut work.tx, key).await?.ok_or(MeritError::NotFound)?;
    let own = work.actor.user == Some(one.person) && action == MERIT_VIEW;
    let sees = scope.team == 0
        && (scope.branch == 0 || scope.branch == one.branch.0)
        && (scope.manager == 0 || scope.manager == one.person.0 || scope.manager == one.by.0);
    if own || sees { Ok(one) } else { Err(MeritError::NotFound.into()) }
}

/// Takes a proposal back while nobody decided it; only its maker can.
///
/// # Errors
/// Denied; it is decided; somebody else's.
pub async fn withdraw(work: &mut Work, id: &str) -> Result<MeritId, ActionError> {
    let one = load(work, id, MERIT_PROPOSE).await?;
    let Some(approval) = one.approval.filter(|_| one.state == MeritState::Proposed) else {
        return Err(MeritError::State { state: one.state.as_str() }.into());
    };
    approval::withdraw(work, HOUSE, approval).await?;
    work.audit(entry(&one, "merit.withdraw")).await?;
    Ok(one.id)
}

/// Notes that it was paid or carried out, or that what was wrong is put right; once (rule `merit.once`), and never by the
/// one whom it concerns (rule
/// `merit.other`).
///
/// # Errors
/// Denied; not approved or done before; nothing said.
pub async fn carry_out(work: &mut Work, id: &str, note: &str) -> Result<MeritId, ActionError> {
    let mut one = load(work, id, MERIT_CARRY_OUT).await?;
    other(work, one.person)?;
    work.actor.decides()?;
    if one.state != MeritState::Approved {
        return Err(MeritError::State { state: one.state.as_str() }.into());
    }
    if note.trim().is_empty() {
        return Err(MeritError::Form(vec![FieldError::new("note", "field-empty")]).into());
    }
    one.state = MeritState::Done;
    one.done = Some((work.business_date, note.trim().to_owned()));
    store::update(work, &one).await?;
    let evidence = Evidence { kind: "merit_done", fact: one.subject(), settles: true };
    duty::close_by(work, HOUSE, &one.subject(), &evidence).await?;
    work.audit(entry(&one, "merit.carry_out").reason(note.trim())).await?;
    Ok(one.id)
}
