//! Use cases of evaluations: fill one in, submit it, mend what was returned, take it back; what agreement brings about.

use platform::approval::{self, Approval, ApprovalKind, Heading, Request};
use platform::audit::Entry;
use platform::error::{ActionError, Refused};
use platform::event::{BoxFuture, Event};
use platform::id::{CustomerId, UserId};
use platform::locale::Lang;
use platform::numbering;
use platform::policies::{self, InForce, PolicyError};
use platform::work::Work;
use policy::{Scorecard, Value};
use serde_json::json;

use super::model::{Content, Evaluation, EvaluationId, EvaluationState, Judgement};
use super::{APPROVE, RECORD, review, rules, store};
use crate::customer::actions::load_within;
use crate::customer::model::Customer;
use crate::datum::facts::{self, Known};
use crate::error::CustomerError;
use crate::merge::open_file;
use crate::{VIEW, standing};

/// The approval of evaluations; a grade set by hand takes the longer chain of the policy.
pub const KIND: ApprovalKind =
    ApprovalKind { kind: "evaluation", title: "approval-evaluation", action: APPROVE, mend, approved, refused };

fn mend(approval: &Approval) -> String {
    let id = approval.subject.strip_prefix("evaluation:").unwrap_or_default();
    format!("{}/{id}/edit", super::list_path())
}

/// Everything that an evaluation looks at on the business date.
pub(super) struct Desk {
    /// Whose.
    pub customer: Customer,
    /// The rules in force.
    pub rules: std::sync::Arc<InForce>,
    /// What is known.
    pub known: Known,
}

impl Desk {
    /// The desk for a customer within the reach of an action.
    pub(super) async fn lay(work: &mut Work, id: CustomerId, action: &str) -> Result<Self, ActionError> {
        let customer = open_file(work, id, action).await?;
        let today = work.business_date;
        let rules = policies::in_force(work, today).await?;
        let known = facts::known(work, &customer, &rules, today).await?;
        Ok(Self { customer, rules, known })
    }

    /// The scorecard of this name, or the first one when none is named.
    pub(super) fn card(&self, work: &Work, name: &str) -> Result<&Scorecard, ActionError> {
        let cards = rules::cards(&self.rules, self.customer.kind, work.business_date);
        let found = cards.into_iter().find(|card| name.is_empty() || card.id == name);
        found.ok_or_else(|| CustomerError::NoScorecard.into())
    }

    /// What a judgement comes to, with the grade of the tables.
    pub(super) fn tried(&self, work: &Work, said: &Judgement) -> Result<(Content, String), ActionError> {
        let card = self.card(work, &said.scorecard)?;
        let today = work.business_date;
        if let Some(found) = rules::content(&self.rules, today, card, &self.known, said) {
            return Ok(found);
        }
        let scored = card.score(&self.known.facts, &said.chosen);
        let lines = rules::lines(&self.rules, today, card, &self.known, said, &scored);
        let zh = rules::lacking(card, &lines, &scored, false).join("、");
        let en = rules::lacking(card, &lines, &scored, true).join(", ");
        Err(CustomerError::EvaluationLacking { zh, en }.into())
    }
}

/// What a judgement would come to; nothing is written.
///
/// # Errors
/// Not within scope; what is lacking (rule `evaluation.complete`).
pub async fn preview(work: &mut Work, id: CustomerId, said: &Judgement) -> Result<(Content, String), ActionError> {
    Desk::lay(work, id, RECORD).await?.tried(work, said)
}

/// Submits an evaluation for somebody else to check (S1-20 3–4): authorise → load → score → save.
///
/// # Errors
/// Not within scope; what is lacking; all that is wrong at once; one of the same card is open already.
pub async fn submit(work: &mut Work, id: CustomerId, said: &Judgement) -> Result<EvaluationId, ActionError> {
    let desk = Desk::lay(work, id, RECORD).await?;
    let (content, rule_grade) = decided(work, &desk, said).await?;
    let card = desk.card(work, &said.scorecard)?;
    let (scorecard, grade_axis) = (card.id.clone(), card.grade.clone().unwrap_or_default());
    let open = store::of_customer(&mut work.tx, id).await?;
    let same = |one: &&Evaluation| one.state == EvaluationState::Submitted && one.scorecard == scorecard;
    if let Some(other) = open.iter().find(same) {
        return Err(CustomerError::EvaluationOpen { number: other.number.clone() }.into());
    }
    let key = EvaluationId(work.next_id());
    let grade = content.by_hand.as_ref().map_or(&rule_grade, |hand| &hand.grade).clone();
    let mut one = Evaluation {
        customer: id,
        id: key,
        number: numbering::next(work, "evaluation", id, key.0).await?,
        scorecard,
        content,
        grade_axis,
        rule_grade,
        grade,
        state: EvaluationState::Submitted,
        approval: None,
        approved_on: None,
        review_on: None,
        superseded_by: None,
        made_on: work.business_date,
        assessor: UserId(work.actor.recorded_by()),
        version: 1,
    };
    store::insert(work, &one).await?;
    let frozen = one.content.clone();
    store::note(work, &one, "submitted", &frozen.opinion, Some(&frozen)).await?;
    work.audit(entry(&one, "evaluation.submit").after(state(&one))).await?;
    let request = request(work, &one, &desk.customer);
    one.approval = Some(approval::submit(work, request).await?);
    store::update(&mut work.tx, &one).await?;
    Ok(key)
}

/// Scores and checks.
async fn decided(work: &mut Work, desk: &Desk, said: &Judgement) -> Result<(Content, String), ActionError> {
    let today = work.business_date;
    let fresh = desk.rules.edition(today).integer("evaluation_fresh_days").map_err(PolicyError::from)?;
    let (content, rule_grade) = desk.tried(work, said)?;
    let card = desk.card(work, &said.scorecard)?;
    let grades = rules::grades(&desk.rules, &content.grade_output);
    let wrong = rules::check(said, card, (&grades, &rule_grade), (today, fresh));
    if !wrong.is_empty() {
        return Err(Refused::form(wrong).under(rules::RULE, None).into());
    }
    Ok((content, rule_grade))
}

fn state(one: &Evaluation) -> serde_json::Value {
    json!({
        "number": one.number,
        "kind": one.scorecard,
        "value": one.content.composite_centi,
        "grade": one.grade,
        "rule_grade": one.rule_grade,
    })
}

fn entry(one: &Evaluation, action: &'static str) -> Entry {
    Entry::new(Some(one.customer), action, one.subject())
}

/// What the checkers see: number and score, no name.
fn request(work: &Work, one: &Evaluation, customer: &Customer) -> Request {
    let points = crate::datum::view::points(one.content.composite_centi);
    let title = Heading::told(&work.app.catalogue, |locale| {
        let card = if locale.lang() == Lang::En { &one.content.title.1 } else { &one.content.title.0 };
        let named = [("card", card.clone()), ("number", one.number.clone()), ("points", points.clone())];
        locale.tn("evaluation-approval-title", &named)
    });
    let payload = json!({
        "evaluation_page": super::page_of(one.id),
        "evaluation_points": points,
        "rule_grade": one.rule_grade,
        "grade": one.grade,
        "set_until": one.content.by_hand.as_ref().map(|hand| hand.until),
        "reason": one.content.by_hand.as_ref().map(|hand| hand.reason.clone()),
        "opinion": one.content.opinion,
    });
    let mut request = Request::new("evaluation", one.customer, one.subject(), title, payload).branch(customer.branch);
    request.facts.insert("grade_overridden".to_owned(), Value::Boolean(one.content.by_hand.is_some()));
    request
}

/// Submits anew what was returned to be mended (S1-20: the return path); only its assessor can.
///
/// # Errors
/// Not within scope; it was not returned, or to somebody else; as [`submit`].
pub async fn resubmit(work: &mut Work, id: &str, said: &Judgement) -> Result<EvaluationId, ActionError> {
    let mut one = load(work, id, RECORD).await?;
    let desk = Desk::lay(work, one.customer, RECORD).await?;
    let said = Judgement { scorecard: one.scorecard.clone(), ..said.clone() };
    let (content, rule_grade) = decided(work, &desk, &said).await?;
    let Some(approval) = one.approval.filter(|_| one.state == EvaluationState::Submitted) else {
        return Err(CustomerError::EvaluationNotOpen { state: one.state.as_str() }.into());
    };
    if content.by_hand.is_some() != one.content.by_hand.is_some() {
        // Another chain decides a grade set by hand: it begins anew.
        return Err(CustomerError::EvaluationOtherChain.into());
    }
    one.grade = content.by_hand.as_ref().map_or(&rule_grade, |hand| &hand.grade).clone();
    (one.content, one.rule_grade, one.made_on) = (content, rule_grade, work.business_date);
    let request = request(work, &one, &desk.customer);
    approval::resubmit(work, one.customer, approval, request.payload, &one.content.opinion).await?;
    store::update(&mut work.tx, &one).await?;
    let frozen = one.content.clone();
    store::note(work, &one, "resubmitted", &frozen.opinion, Some(&frozen)).await?;
    work.audit(entry(&one, "evaluation.resubmit").after(state(&one))).await?;
    Ok(one.id)
}

/// Takes an evaluation back while nobody decided it; only its assessor can.
///
/// # Errors
/// Not within scope; it is decided; somebody else's.
pub async fn withdraw(work: &mut Work, id: &str) -> Result<EvaluationId, ActionError> {
    let one = load(work, id, RECORD).await?;
    let Some(approval) = one.approval.filter(|_| one.state == EvaluationState::Submitted) else {
        return Err(CustomerError::EvaluationNotOpen { state: one.state.as_str() }.into());
    };
    approval::withdraw(work, one.customer, approval).await?;
    work.audit(entry(&one, "evaluation.withdraw")).await?;
    Ok(one.id)
}

/// An evaluation that the person may touch under an action.
///
/// # Errors
/// There is none, or not for this person.
pub async fn load(work: &mut Work, id: &str, action: &str) -> Result<Evaluation, ActionError> {
    work.authorise(action)?;
    let missing = || CustomerError::NoSuchPart("evaluation");
    let key = id.parse().map(EvaluationId).map_err(|_| missing())?;
    let one = store::find(&mut work.tx, key).await?.ok_or_else(missing)?;
    match load_within(work, one.customer, action).await {
        Ok(_) => Ok(one),
        Err(ActionError::Refused(_)) => Err(missing().into()),
        Err(broken) => Err(broken),
    }
}

fn approved<'a>(work: &'a mut Work, approval: &'a Approval) -> BoxFuture<'a, Result<(), ActionError>> {
    Box::pin(async move {
        let Some(mut one) = about(work, approval).await? else { return Ok(()) };
        let today = work.business_date;
        for mut old in store::counting(&mut work.tx, one.customer).await? {
            if old.scorecard == one.scorecard {
                old.superseded_by = Some(one.id);
                store::update(&mut work.tx, &old).await?;
                store::note(work, &old, "superseded", &one.number, None).await?;
            }
        }
        one.state = EvaluationState::Approved;
        one.approved_on = Some(today);
        one.review_on = Some(rules::months_later(today, one.content.review_months));
        store::update(&mut work.tx, &one).await?;
        store::note(work, &one, "approved", "", None).await?;
        let payload = json!({"kind": one.scorecard, "value": one.content.composite_centi, "grade": one.grade});
        let (customer, subject) = (one.customer, one.subject());
        work.emit(Event { kind: "evaluation_approved", customer, subject, effective_on: today, payload }).await?;
        let Some(file) = crate::customer::store::load(&mut work.tx, one.customer).await? else { return Ok(()) };
        review::done(work, &file, &one).await?;
        standing::actions::assess(work, &file, today).await.map(drop)
    })
}

fn refused<'a>(work: &'a mut Work, approval: &'a Approval) -> BoxFuture<'a, Result<(), ActionError>> {
    Box::pin(async move {
        let Some(mut one) = about(work, approval).await? else { return Ok(()) };
        one.state = EvaluationState::Refused;
        store::update(&mut work.tx, &one).await?;
        Ok(store::note(work, &one, "refused", "", None).await?)
    })
}

/// The open evaluation of an approval.
async fn about(work: &mut Work, approval: &Approval) -> Result<Option<Evaluation>, ActionError> {
    let id = approval.subject.strip_prefix("evaluation:").and_then(|id| id.parse().ok()).map(EvaluationId);
    let Some(id) = id else { return Ok(None) };
    Ok(store::find(&mut work.tx, id).await?.filter(|one| one.state == EvaluationState::Submitted))
}

/// An evaluation to be looked at.
pub(super) async fn seen(work: &mut Work, id: &str) -> Result<Evaluation, ActionError> {
    load(work, id, VIEW).await
}
