//! Use cases of tracing (查找): the steps of the policy in their order, each with its log.

use customers::CustomerKind;
use customers::credit::model::{About, QueryId};
use customers::credit::rules::authorised_on;
use customers::credit::store as queries;
use customers::document::{actions as documents, store as papers};
use jiff::civil::Date;
use platform::audit::Entry;
use platform::contact_gate::Channel;
use platform::error::{ActionError, Refusal as _, Refused};
use platform::id::CustomerId;
use platform::policies::{self, InForce, PolicyError};
use platform::work::Work;
use policy::{EvalError, Facts, Value};
use serde_json::json;

use super::error::LostError;
use super::model::{Conduct, NewTrace, TraceId, Wanted};
use super::{rules, store};
use crate::case::actions as cases;
use crate::case::model::{CaseError, CaseId, CaseState};
use crate::conduct::actions as conduct;
use crate::conduct::model::{FindingKind, NewFinding};
use crate::{CASE_WORK, LEGAL_MANAGE};

/// The table of the policy.
const TABLE: &str = "trace_step";
/// The parameter with the purposes for which a query may be made to trace somebody.
const PURPOSES: &str = "trace_query_purposes";

/// What the policy says of tracing, in order (rule `trace.steps`); a pack without the table has no step.
///
/// # Errors
/// The decision cannot be made.
pub fn wanted(policy: &InForce, on: Date, kind: CustomerKind) -> Result<Vec<Wanted>, ActionError> {
    let facts = Facts::from([("customer_kind".to_owned(), Value::from(kind.as_str()))]);
    let found = match policy.edition(on).decide(TABLE, &facts) {
        Ok(found) => found,
        Err(EvalError::UnknownDecision { .. } | EvalError::NoRule { .. } | EvalError::NoRow { .. }) => {
            return Ok(Vec::new());
        }
        Err(error) => return Err(PolicyError::from(error).into()),
    };
    let mut steps = Vec::new();
    for (outputs, hit) in found.outputs.iter().zip(&found.rows) {
        let value =
            |name: &str| outputs.iter().find(|(output, _)| output == name).and_then(|(_, value)| value.as_ref());
        let (Some(step), Some(place), Some(manner)) = (
            value("trace_step").and_then(Value::as_text),
            value("trace_place").and_then(Value::as_integer),
            value("trace_conduct").and_then(Value::as_text),
        ) else {
            continue;
        };
        let conduct = match manner {
            "permitted" => Conduct::Permitted,
            "authorised" => Conduct::Authorised,
            "legal" => Conduct::Legal,
            // What this program does not know is not done.
            _ => Conduct::Refused,
        };
        steps.push(Wanted { step: step.to_owned(), place, conduct, article: hit.article.clone() });
    }
    steps.sort_by_key(|one| one.place);
    Ok(steps)
}

/// What came of a step (登记结果).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Logged {
    /// It is in the log.
    Done(TraceId),
    /// The policy forbids it. Commit the work: the try is a finding.
    Forbidden(Refused),
}

/// Logs a step of the trace of somebody lost or half-lost (S2.4-04 … S2.4-09). Rule `trace.of-lost`: of nobody else.
///
/// # Errors
/// Not within scope; the case is closed; nobody is lost; what is wrong with the words; [`LostError`].
pub async fn log(work: &mut Work, case: CaseId, new: &NewTrace) -> Result<Logged, ActionError> {
    let case = cases::load(work, case, CASE_WORK).await?;
    if let CaseState::Closed { on, .. } = case.state {
        return Err(CaseError::Closed { on }.into());
    }
    let customer = case.key.customer;
    let lost = store::standing_at(&mut work.tx, case.key).await?.ok_or(LostError::NoneStands)?;
    let today = work.business_date;
    let policy = policies::in_force(work, today).await?;
    let kind = customers::load(&mut work.tx, customer).await?.map_or(CustomerKind::Person, |file| file.kind);
    let taken = store::traces(&mut work.tx, case.key).await?;
    let steps = wanted(&policy, today, kind)?;
    let legal = work.actor.may(LEGAL_MANAGE);
    match rules::may_take(&steps, &taken, new, legal) {
        Ok(()) => {}
        Err(LostError::Forbidden { step, article }) => {
            let finding = NewFinding {
                customer,
                owner: Some((case.branch, case.team, case.manager)),
                kind: FindingKind::Refused,
                rule: "trace.no-abuse".to_owned(),
                article: article.clone(),
                detail: step.clone(),
                channel: Channel::Visit,
                party: "",
                collector: work.actor.recorded_by(),
                agency: None,
                allowance: None,
                happened_at: work.now,
            };
            conduct::note(work, &finding).await?;
            return Ok(Logged::Forbidden(LostError::Forbidden { step, article }.refused()));
        }
        Err(other) => return Err(other.into()),
    }
    let mut asked = None;
    if let Some(step) = steps.iter().find(|one| one.step == new.step && one.conduct == Conduct::Authorised) {
        check_authorised(work, (customer, kind), step, new.on).await?;
        asked = check_queried(work, (customer, case.opened_on), step, new.on).await?;
    }
    let wrong = rules::wrong(new, lost.set_on.min(case.opened_on), today);
    if !wrong.is_empty() {
        return Err(LostError::Form(wrong).into());
    }
    let id = store::insert_trace(work, case.key, new).await?;
    let after = json!({"step": new.step, "searched": new.searched.as_str(), "result": new.result.as_str(),
        "credit_query": asked.map(|query| query.to_string())});
    work.audit(Entry::new(Some(customer), "trace.log", case.key.subject()).after(after)).await?;
    Ok(Logged::Done(id))
}

/// Rule `trace.authority` (S2.4-09): the file holds the debtor's written authorisation, and it covers the day of the look.
async fn check_authorised(
    work: &mut Work,
    (customer, kind): (CustomerId, CustomerKind),
    step: &Wanted,
    on: Date,
) -> Result<(), ActionError> {
    let today = work.business_date;
    let policy = policies::in_force(work, today).await?;
    let held = papers::of_customer(&mut work.tx, customer).await?;
    let list = documents::list(&policy, today, kind)?;
    match authorised_on(About::Own, &held, &list, on) {
        Ok(()) => Ok(()),
        Err(error) => Err(LostError::Unauthorised { error, article: step.article.clone() }.into()),
    }
}

/// The query that the step looks at. Rule `trace.query` (S2.4-09): a report that was there before the case, or a query logged
/// among the debtor's credit information by the day of the look, for a purpose that the policy permits for tracing. Rules
/// that name no purpose ask for none.
async fn check_queried(
    work: &mut Work,
    (customer, opened_on): (CustomerId, Date),
    step: &Wanted,
    on: Date,
) -> Result<Option<QueryId>, ActionError> {
    let today = work.business_date;
    let policy = policies::in_force(work, today).await?;
    let edition = policy.edition(today);
    if edition.parameter(PURPOSES).is_none() {
        return Ok(None);
    }
    let purposes = edition.texts(PURPOSES).map_err(PolicyError::from)?;
    let all = queries::of_customer(&mut work.tx, customer).await?;
    let fits = all.iter().rfind(|one| {
        let content = &one.content;
        let stands = !all.iter().any(|later| later.corrects == Some(one.id));
        let permitted = content.queried_on < opened_on || purposes.contains(&content.purpose);
        stands && content.about == About::Own && content.queried_on <= on && permitted
    });
    match fits {
        Some(one) => Ok(Some(one.id)),
        None => Err(LostError::NotQueried { article: step.article.clone() }.into()),
    }
}
