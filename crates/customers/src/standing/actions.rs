//! Use cases of standings: deciding all axes of a customer anew, and marking who is to be looked at.

use jiff::civil::Date;
use platform::error::ActionError;
use platform::event::{BoxFuture, Event, Subscriber};
use platform::id::CustomerId;
use platform::policies::decision::Override;
use platform::policies::{self, InForce, NewDecision, POLICY_APPROVED, PolicyError, decision};
use platform::work::Work;
use policy::{Facts, Value};
use serde_json::json;

use super::known;
use super::rules::{self, Axis, Judged, Moved};
use super::store::{self, Standing};
use crate::care::wake as care;
use crate::customer::model::Customer;
use crate::customer::store as customers;
use crate::datum::facts::{self, Known};
use crate::datum::model::{Datum, Standing as State, latest};
use crate::datum::{refresh, store as data};
use crate::document::refresh as documents;
use crate::error::CustomerError;
use crate::evaluation::model::Evaluation;
use crate::evaluation::review;
use crate::merge::open_file;
use crate::survey::wake as survey;
use crate::warning::wake as warning;
use crate::watch::refresh as watch;
use crate::{EDIT, merge};

/// What of a loan makes its borrower due for a look.
const MOVES: [&str; 5] =
    ["repayment_received", "loan_disbursed", "loan_imported", "loan_written_off", "loan_classified"];

/// Decides all axes of a customer on a date; how many moved.
///
/// Rule `standing.look`: asked when data are recorded, verified or taken back, and by the close when a day has come.
/// A standing that changes is kept as a decision with its facts, rows, articles and version, and told as an event.
///
/// # Errors
/// No rules in force; the store's.
pub async fn assess(work: &mut Work, customer: &Customer, on: Date) -> Result<usize, ActionError> {
    let rules = policies::in_force(work, on).await?;
    let surviving = surviving(work, customer).await?;
    let customer = surviving.as_ref().unwrap_or(customer);
    let mut known = facts::known(work, customer, &rules, on).await?;
    let verify_by = refresh::due_on(&rules, &known, on);
    let verify_next = refresh::wake(work, customer, verify_by, on).await?;
    let papers_by = documents::wake(work, customer, &rules, on).await?;
    let watch_by = watch::wake(work, customer, &rules, on).await?;
    let evaluated_by = review::wake(work, customer, on).await?;
    let plans = care::united(work, customer).await?;
    let cared_by = care::wake(work, customer, &plans, on).await?;
    let days = [known.until, verify_next, papers_by, watch_by, evaluated_by, cared_by];
    known.until = days.into_iter().flatten().min();
    known::keep(&mut work.tx, customer, (&known.facts, verify_by), on).await?;
    let evaluations = review::united(work, customer).await?;
    let kept = store::of_customer(&mut work.tx, customer.id).await?;
    let axes = rules::axes(rules.edition(on), customer.kind);
    let mut moved = 0;
    for axis in &axes {
        let mut judged = rules::judge(rules.edition(on), axis, &known.facts);
        let own = |one: &&Evaluation| one.grade_axis == axis.decision && one.set_by_hand(on).is_some();
        let by_hand = evaluations.iter().find(own);
        if let Some(hand) = by_hand.and_then(|one| one.set_by_hand(on)) {
            judged.outcome.clone_from(&hand.grade);
            judged.lacking.clear();
        }
        let before = kept.iter().find(|one| one.axis == axis.decision);
        let (now, changed) = settle(work, customer, &rules, (axis, judged, by_hand), (before, &known), on).await?;
        store::put(&mut work.tx, customer.id, &now).await?;
        moved += usize::from(changed);
    }
    let names: Vec<String> = axes.into_iter().map(|axis| axis.decision).collect();
    store::keep_only(&mut work.tx, customer.id, &names).await?;
    // What the policy asks for depends on where the customer stands now.
    care::ask(work, customer, (&rules, &plans), on).await?;
    survey::ask(work, customer, &rules, on).await?;
    warning::ask(work, customer, &rules, on).await?;
    Ok(moved)
}

/// The surviving file of one that was merged: where that one stood is kept, and looked at no more.
async fn surviving(work: &mut Work, customer: &Customer) -> Result<Option<Customer>, ActionError> {
    let root = merge::root(&mut work.tx, customer.id).await?;
    if root == customer.id {
        return Ok(None);
    }
    store::rest(&mut work.tx, customer.id).await?;
    known::forget(&mut work.tx, customer.id).await?;
    Ok(customers::load(&mut work.tx, root).await?)
}

/// What stands on one axis from now on, and whether it is something new.
async fn settle(
    work: &mut Work,
    customer: &Customer,
    rules: &InForce,
    (axis, judged, by_hand): (&Axis, Judged, Option<&Evaluation>),
    (before, known): (Option<&Standing>, &Known),
    on: Date,
) -> Result<(Standing, bool), ActionError> {
    let review_on = rules::review_on(axis, on, known.until);
    if let Some(before) = before.filter(|before| before.outcome == judged.outcome) {
        let now = Standing { looked_on: on, review_on, lacking: judged.lacking, ..before.clone() };
        return Ok((now, false));
    }
    let subject = customer.subject();
    let decision = match &judged.found {
        Some(found) => {
            let mut new = NewDecision::of(customer.id, &subject, on, &found.decision, &axis.output);
            if let Some((one, hand)) = by_hand.and_then(|one| Some((one, one.set_by_hand(on)?))) {
                new.outcome.clone_from(&hand.grade);
                new.person = Some(Override {
                    reason: hand.reason.clone(),
                    expires_on: Some(hand.until),
                    approval: one.approval.map(|approval| approval.0),
                });
            }
            Some(decision::record(work, &new).await?)
        }
        None => None,
    };
    let was = before.map(|before| before.outcome.clone()).unwrap_or_default();
    let moved = rules::moved(rules.pack(), &axis.output, &was, &judged.outcome);
    if moved != Moved::Not {
        let payload = json!({"kind": axis.decision, "value": judged.outcome, "route": moved.as_str()});
        work.emit(Event { kind: "standing_changed", customer: customer.id, subject, effective_on: on, payload })
            .await?;
    }
    let now = Standing {
        axis: axis.decision.clone(),
        outcome: judged.outcome,
        before: was,
        moved,
        decision,
        since: on,
        looked_on: on,
        review_on,
        lacking: judged.lacking,
    };
    Ok((now, true))
}

/// Decides all axes of a customer today because somebody wants it.
///
/// # Errors
/// Not within scope; as [`assess`].
pub async fn look_now(work: &mut Work, id: CustomerId) -> Result<usize, ActionError> {
    let customer = open_file(work, id, EDIT).await?;
    let today = work.business_date;
    assess(work, &customer, today).await
}

/// Refuses new lending to a customer whose file holds a mark that stops it.
///
/// Rule `lending.stop` (S5.1-04, S5.2-06): a mark does not lapse with its validity; it ends when it is taken back or a
/// verification contradicts it.
///
/// # Errors
/// [`CustomerError::LendingStopped`] with the mark and its article; the store's.
pub async fn refuse_stopped(work: &mut Work, customer: CustomerId) -> Result<(), ActionError> {
    let today = work.business_date;
    let policy = policies::in_force(work, today).await?;
    let edition = policy.edition(today);
    let Ok(decision) = edition.decision("lending_stop") else { return Ok(()) };
    let marks: Vec<&str> = decision.facts().collect();
    let standing = |datum: &&Datum| !matches!(datum.standing(today), State::Contradicted | State::Withdrawn);
    let mut facts = Facts::new();
    // A mark stops lending to the person, in whichever of the merged files it stands.
    for file in merge::same(&mut work.tx, customer).await? {
        let all = data::of_customer(&mut work.tx, file).await?;
        for datum in latest(&all, today).into_iter().filter(standing) {
            let Some(value) = datum.value.as_deref().filter(|_| marks.contains(&datum.item.name)) else { continue };
            let known = facts.get(datum.item.name).and_then(Value::as_boolean) == Some(true);
            facts.insert(datum.item.name.to_owned(), Value::Boolean(known || value == "true"));
        }
    }
    let found = decision.evaluate(&facts).map_err(PolicyError::from)?;
    match found.text("lending_stop") {
        None | Some("none") => Ok(()),
        Some(mark) => {
            let code = match mark {
                "dishonest" => "lending-stopped-dishonest",
                "blacklist" => "lending-stopped-blacklist",
                "laundering" | "fraud" => "lending-stopped-suspected",
                _ => "lending-stopped",
            };
            let article = found.articles.first().map(|id| policy.article_title(id, false));
            Err(CustomerError::LendingStopped { code, article }.into())
        }
    }
}

/// These customers are looked at by the close that begins this day, or sooner.
///
/// # Errors
/// The store's.
pub async fn look_by(work: &mut Work, customers: &[CustomerId], on: Date) -> Result<(), ActionError> {
    Ok(store::look_by(&mut work.tx, customers, on).await?)
}

/// Money that moved, and rules that change, make customers due for a look.
pub(crate) fn subscribers() -> Vec<Subscriber> {
    let on = |event, handle| Subscriber { event, name: "customers.standing", handle };
    let mut all: Vec<Subscriber> = MOVES.into_iter().map(|event| on(event, money_moved)).collect();
    all.push(on(POLICY_APPROVED, rules_change));
    all
}

fn money_moved<'a>(work: &'a mut Work, event: &'a Event) -> BoxFuture<'a, Result<(), ActionError>> {
    Box::pin(async move {
        let today = work.business_date;
        let whose = merge::root(&mut work.tx, event.customer).await?;
        look_by(work, &[whose], today).await
    })
}

fn rules_change<'a>(work: &'a mut Work, event: &'a Event) -> BoxFuture<'a, Result<(), ActionError>> {
    Box::pin(async move {
        let from = event.payload.get("effective_from").and_then(|on| on.as_str()).and_then(|on| on.parse().ok());
        let from: Date = from.ok_or_else(|| ActionError::Internal("a policy without a first day".to_owned()))?;
        Ok(store::look_at_all_by(&mut work.tx, from).await?)
    })
}
