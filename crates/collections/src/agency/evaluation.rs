//! Use cases of evaluations: scored with the figures of conduct at hand, published by somebody else (rules `agency.evaluation`,
//! `agency.conduct`).

use jiff::civil::Date;
use platform::audit::Entry;
use platform::contact_gate::AgencyId;
use platform::duty::{self, Evidence};
use platform::error::ActionError;
use platform::id::UserId;
use platform::numbering;
use platform::policies::{self, PolicyError};
use platform::work::Work;
use policy::{Edition, Value};
use serde_json::json;

use super::model::{
    Agency, AgencyError, Conduct, Decision, EndReason, Evaluation, EvaluationId, NewEvaluation, Occasion,
};
use super::{AGENCY_EVALUATE, HOUSE, actions, placing, placing_store, rules, store};
use crate::card::rules::{anybody, number_in, text_in};

/// What agencies are scored on, with weights in per cent, as the policy has it (rule `agency.scores`): all of it, or a refusal.
///
/// # Errors
/// The policy lacks it; [`AgencyError::ManyItems`].
pub fn items(edition: &Edition) -> Result<Vec<(String, i64)>, ActionError> {
    let found = edition.decide("agency_score", &anybody("person")).map_err(PolicyError::from)?;
    let item =
        |row: &Vec<(String, Option<Value>)>| (text_in(row, "agency_score_item"), number_in(row, "agency_score_weight"));
    let all: Vec<(String, i64)> = found.outputs.iter().map(item).filter(|(item, _)| !item.is_empty()).collect();
    let (items, most) = (all.len(), rules::POINTS.len());
    if items > most { Err(AgencyError::ManyItems { items, most }.into()) } else { Ok(all) }
}

/// The days that an evaluation today looks at: since the last one, or since the agency began.
///
/// # Errors
/// The store's.
pub async fn period(work: &mut Work, agency: AgencyId) -> Result<(Date, Date), ActionError> {
    let today = work.business_date;
    let last = store::evaluations(&mut work.tx, agency).await?;
    let contracts = store::contracts(&mut work.tx, agency).await?;
    let began = rules::since(&contracts, today).or_else(|| contracts.first().map(|one| one.terms.from));
    let from = match last.first() {
        Some(last) => last.to.tomorrow().unwrap_or(today),
        None => began.unwrap_or(today),
    };
    Ok((from.min(today), today))
}

/// How an agency did in some days (rule `agency.conduct`, S2.5-38).
///
/// # Errors
/// The store's.
pub async fn conduct(work: &mut Work, agency: AgencyId, (from, to): (Date, Date)) -> Result<Conduct, ActionError> {
    placing_store::conduct(&mut work.tx, agency, from, to).await
}

/// By when an agency is to be evaluated next, and why.
///
/// # Errors
/// No policy in force; the store's.
pub async fn due(work: &mut Work, agency: AgencyId) -> Result<Option<(Date, Occasion)>, ActionError> {
    let today = work.business_date;
    let policy = policies::in_force(work, today).await?;
    let pace = actions::pace(policy.edition(today))?;
    let contracts = store::contracts(&mut work.tx, agency).await?;
    let last = store::evaluations(&mut work.tx, agency).await?;
    Ok(rules::evaluation_due(&contracts, last.first().map(|one| one.on), today, pace))
}

/// Evaluates an agency; when it is stopped, everything placed with it comes back at once.
///
/// # Errors
/// Denied; everything wrong with the form.
pub async fn evaluate(work: &mut Work, agency: &str, new: &NewEvaluation) -> Result<EvaluationId, ActionError> {
    actions::whole(work, AGENCY_EVALUATE)?;
    let agency: Agency = actions::take(work, agency, AGENCY_EVALUATE).await?;
    actions::not_by_agency(work).await?;
    let today = work.business_date;
    let policy = policies::in_force(work, today).await?;
    let edition = policy.edition(today);
    let pass = edition.integer("agency_pass_score").map_err(PolicyError::from)?;
    let (scores, total) = rules::check_evaluation(new, &items(edition)?, pass).map_err(AgencyError::Form)?;
    let (from, to) = period(work, agency.id).await?;
    let id = EvaluationId(work.next_id());
    let one = Evaluation {
        id,
        number: numbering::next(work, "agency_evaluation", HOUSE, id.0).await?,
        agency: agency.id,
        occasion: new.occasion,
        from,
        to,
        scores,
        total,
        conduct: conduct(work, agency.id, (from, to)).await?,
        findings: new.findings.trim().to_owned(),
        decision: new.decision,
        published_on: None,
        by: UserId(work.actor.recorded_by()),
        on: today,
    };
    store::insert_evaluation(work, &one).await?;
    let after = json!({
        "number": one.number, "agency": agency.number, "total": total, "decision": one.decision.as_str(),
    });
    work.audit(Entry::new(None, "agency.evaluate", one.subject()).after(after).reason(one.findings.clone())).await?;
    let evidence = Evidence { kind: "agency_evaluation", fact: one.subject(), settles: true };
    duty::close_by(work, HOUSE, &agency.subject(), &evidence).await?;
    if one.decision == Decision::Stop {
        placing::end_all(work, agency.id, EndReason::Evaluation).await?;
    }
    Ok(id)
}

/// An evaluation by the key in an address.
///
/// # Errors
/// Denied; [`AgencyError::NotFound`].
pub async fn load(work: &mut Work, id: &str, action: &str) -> Result<Evaluation, ActionError> {
    work.authorise(action)?;
    let key = id.parse().map(EvaluationId).map_err(|_| AgencyError::NotFound)?;
    Ok(store::find_evaluation(&mut work.tx, key).await?.ok_or(AgencyError::NotFound)?)
}

/// Publishes an evaluation, once and by somebody else than who made it (rule `agency.evaluation`).
///
/// # Errors
/// Denied; one's own; published before.
pub async fn publish(work: &mut Work, id: &str) -> Result<EvaluationId, ActionError> {
    actions::whole(work, AGENCY_EVALUATE)?;
    let one = load(work, id, AGENCY_EVALUATE).await?;
    actions::not_by_agency(work).await?;
    if one.published_on.is_some() {
        return Err(AgencyError::State { state: "published" }.into());
    }
    if !work.actor.is_second_to(one.by.0)? {
        return Err(AgencyError::OwnEvaluation.into());
    }
    store::publish_evaluation(work, one.id).await?;
    let entry = Entry::new(None, "agency.evaluation_publish", one.subject());
    work.audit(entry.after(json!({"number": one.number}))).await?;
    Ok(one.id)
}
