//! Use cases of causes: diagnosed with evidence, capacity assessed, and the gate before a plan.

use platform::audit::Entry;
use platform::duty::{self, Evidence};
use platform::error::{ActionError, FieldError};
use platform::policies::{self, PolicyError};
use platform::work::Work;
use policy::{Edition, EvalError, Facts, Value};
use serde_json::json;

use super::model::{Capacity, CauseError, Hint, Loss, NewDiagnosis, by_severity};
use super::{hints, store};
use crate::CASE_WORK;
use crate::card::rules::scale;
use crate::case::actions as cases;
use crate::case::model::{Case, CaseId, CaseKey};
use crate::case::store as case_store;
use crate::legal::store as legal;
use crate::talk;

/// The trigger of the urgent duty to preserve property (S2.3-14).
const PRESERVE: &str = "cause.preservation";

/// The measure that comes before a suit (S2.3-18).
const FULL_TALK: &str = "full_talk";

/// What a cause asks before a plan (拖欠原因门槛), rule `cause.gate`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gate {
    /// A talk, or a reason why none is possible (S2.3-27).
    pub talk: bool,
    /// Preservation of property at once (S2.3-14).
    pub preserve: bool,
    /// Whether a rescue loan may be thought of (S2.3-11).
    pub rescue: bool,
    /// The article.
    pub article: String,
}

/// What the policy advises (措施建议), S2.3-06.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measure {
    /// Which: `full_talk`.
    pub measure: String,
    /// Its limit: `conduct_limits`; `none`.
    pub limit: String,
    /// Its place.
    pub order: i64,
}

fn of(cause: &str) -> Facts {
    Facts::from([("default_cause".to_owned(), Value::Text(cause.to_owned()))])
}

/// What a cause asks before a plan.
///
/// # Errors
/// The policy lacks it.
pub fn gate(edition: &Edition, cause: &str) -> Result<Gate, EvalError> {
    let found = edition.decide("cause_gate", &of(cause))?;
    let yes = |name: &str| matches!(found.output(name), Some(Value::Boolean(true)));
    Ok(Gate {
        talk: yes("talk_required"),
        preserve: yes("preservation_at_once"),
        rescue: yes("rescue_loan_allowed"),
        article: found.articles.first().cloned().unwrap_or_default(),
    })
}

/// The measures that the policy advises for a cause, in order.
///
/// # Errors
/// The policy lacks them.
pub fn measures(edition: &Edition, cause: &str) -> Result<Vec<Measure>, EvalError> {
    let found = edition.decide("default_measure", &of(cause))?;
    let mut all: Vec<Measure> = found
        .outputs
        .iter()
        .map(|row| {
            let value = |name: &str| row.iter().find(|(known, _)| known == name).and_then(|(_, value)| value.as_ref());
            Measure {
                measure: value("default_measure").map(Value::to_text).unwrap_or_default(),
                limit: value("measure_limit").map(Value::to_text).unwrap_or_default(),
                order: value("measure_order").and_then(Value::as_integer).unwrap_or(0),
            }
        })
        .collect();
    all.sort_by_key(|one| one.order);
    Ok(all)
}

/// The causes of the policy, the most severe first.
///
/// # Errors
/// The policy lacks them.
pub async fn severity(work: &mut Work) -> Result<Vec<String>, ActionError> {
    let on = work.business_date;
    let policy = policies::in_force(work, on).await?;
    Ok(policy.edition(on).texts("cause_severity").map_err(PolicyError::from)?)
}

/// Records why a customer does not pay (S2.3-05); the most severe of several causes counts, and one that asks for
/// preservation opens its urgent duty.
///
/// # Errors
/// Denied; [`CauseError::Form`].
pub async fn diagnose(work: &mut Work, case: CaseId, new: &NewDiagnosis) -> Result<String, ActionError> {
    let case = cases::load(work, case, CASE_WORK).await?;
    let severity = severity(work).await?;
    let mut wrong = Vec::new();
    let found = by_severity(&new.causes, &severity);
    if found.is_none() {
        wrong.push(FieldError::new("causes", "choice-needed"));
    }
    if new.evidence.trim().is_empty() {
        wrong.push(FieldError::new("evidence", "field-empty"));
    }
    let Some((cause, also)) = found.filter(|_| wrong.is_empty()) else { return Err(CauseError::Form(wrong).into()) };
    let before = store::of_case(&mut work.tx, case.key).await?.into_iter().next().map(|one| one.cause);
    let id = store::insert(work, case.key, &cause, &also, (&new.evidence, new.talk)).await?;
    let entry = Entry::new(Some(case.key.customer), "cause.diagnose", case.key.subject());
    let after = json!({"cause": cause, "also": also, "talk": new.talk.as_str(), "fact": id});
    work.audit(entry.before(json!({"cause": before})).after(after)).await?;
    let on = work.business_date;
    let policy = policies::in_force(work, on).await?;
    let gate = gate(policy.edition(on), &cause).map_err(PolicyError::from)?;
    if gate.preserve
        && let Some(behind) = case_store::arrears(&mut work.tx, &[case.key.customer]).await?.get(&case.key.customer)
    {
        let asked = cases::duty_case(&case, behind, on, behind.days(on));
        duty::open(work, PRESERVE, &[asked]).await?;
        // What is with legal already need not be handed over; the days to court run all the same.
        if let Some(file) = legal::open_file(&mut work.tx, case.key.customer).await? {
            cases::prove(work, case.key.customer, "legal_intake", format!("legal_file:{file}")).await?;
        }
    }
    // Why somebody does not pay says how likely he will.
    crate::risk::actions::watch(work, &[case.key.customer]).await?;
    Ok(cause)
}

/// The causes that the contacts since the case was opened speak for (S2.5-09).
///
/// # Errors
/// The policy lacks something; the store's.
pub async fn hinted(work: &mut Work, case: &Case) -> Result<Vec<Hint>, ActionError> {
    let since = platform::clock::civil_moment(case.opened_on.at(0, 0, 0, 0)).unwrap_or(jiff::Timestamp::MIN);
    let signs = store::signs(&mut work.tx, case.key.customer, since).await?;
    let severity = severity(work).await?;
    let on = work.business_date;
    let policy = policies::in_force(work, on).await?;
    Ok(hints::hints(policy.edition(on), &signs, &severity).map_err(PolicyError::from)?)
}

/// Records how bad a loss by disaster is (S2.3-12): its degree becomes the cause beside the others that were found.
///
/// # Errors
/// As [`diagnose`]; the policy lacks the degrees.
pub async fn assess_loss(work: &mut Work, case: CaseId, loss: Loss, new: &NewDiagnosis) -> Result<String, ActionError> {
    let found = cases::load(work, case, CASE_WORK).await?;
    let on = work.business_date;
    let policy = policies::in_force(work, on).await?;
    let degree = hints::degree(policy.edition(on), loss).map_err(PolicyError::from)?;
    // Of the degrees of a loss by disaster one stands at a time.
    let degrees = scale(policy.pack(), "loss_cause");
    let holds = store::of_case(&mut work.tx, found.key).await?.into_iter().next();
    let known = holds.into_iter().flat_map(|one| std::iter::once(one.cause).chain(one.also));
    let causes = known.filter(|cause| !degrees.contains(cause)).chain([degree]).collect();
    diagnose(work, case, &NewDiagnosis { causes, ..new.clone() }).await
}

/// Whether a debtor may be sued as far as the talk goes (rule `cause.talk-first`, S2.3-18): of all causes that apply, one whose
/// measures name the full talk waits for its record, in which nothing of the policy's list was left out, or for why none is
/// possible.
///
/// # Errors
/// [`CauseError::TalkFirst`]; the policy lacks the measures.
pub async fn suit_allowed(work: &mut Work, customer: platform::id::CustomerId) -> Result<(), ActionError> {
    let Some(case) = case_store::open_of(&mut work.tx, customer).await? else { return Ok(()) };
    let Some(holds) = store::of_case(&mut work.tx, case.key).await?.into_iter().next() else { return Ok(()) };
    let on = work.business_date;
    let policy = policies::in_force(work, on).await?;
    let edition = policy.edition(on);
    if talk::rules::impossible(holds.talk) || talk::actions::full_held(work, case.key).await? {
        return Ok(());
    }
    for cause in holds.causes() {
        let measures = measures(edition, cause).map_err(PolicyError::from)?;
        if measures.iter().any(|one| one.measure == FULL_TALK) {
            let article = gate(edition, cause).map_err(PolicyError::from)?.article;
            return Err(CauseError::TalkFirst { cause: cause.to_owned(), article }.into());
        }
    }
    Ok(())
}

/// Records what a debtor can pay (S2.5-13, S4-11): the evidence that the duty to assess waits for.
///
/// # Errors
/// Denied; [`CauseError::Form`].
pub async fn assess(work: &mut Work, case: CaseId, new: &Capacity) -> Result<(), ActionError> {
    let case = cases::load(work, case, CASE_WORK).await?;
    if new.evidence.trim().is_empty() {
        return Err(CauseError::Form(vec![FieldError::new("evidence", "field-empty")]).into());
    }
    let id = store::insert_capacity(work, case.key, new).await?;
    let entry = Entry::new(Some(case.key.customer), "capacity.assess", case.key.subject());
    work.audit(entry.after(json!({"left": new.left(), "fact": id}))).await?;
    let evidence = Evidence { kind: "assessment", fact: format!("capacity_assessment:{id}"), settles: false };
    duty::close_by(work, case.key.customer, &case.key.subject(), &evidence).await?;
    Ok(())
}

/// Whether a plan for a case may be approved as far as causes and talk go (S2.3-05, S2.3-27): each cause that applies asks for
/// a talk that the diagnosis tells of or that is on record.
///
/// # Errors
/// [`CauseError::NoCause`], [`CauseError::TalkNeeded`]; the policy lacks the gate.
pub async fn plan_allowed(work: &mut Work, case: CaseKey) -> Result<(), ActionError> {
    let holds = store::of_case(&mut work.tx, case).await?.into_iter().next().ok_or(CauseError::NoCause)?;
    let on = work.business_date;
    let policy = policies::in_force(work, on).await?;
    if holds.talk.suffices() || talk::actions::held(work, case).await? {
        return Ok(());
    }
    for cause in holds.causes() {
        let gate = gate(policy.edition(on), cause).map_err(PolicyError::from)?;
        if gate.talk {
            return Err(CauseError::TalkNeeded { cause: cause.to_owned(), article: gate.article }.into());
        }
    }
    Ok(())
}
