//! Use cases of credit information: recording a query with its report, asking for an adjustment, what agreement brings.

use platform::approval::{self, Approval, ApprovalError, ApprovalId, ApprovalKind, Heading, Request};
use platform::audit::Entry;
use platform::error::{ActionError, Refused};
use platform::event::BoxFuture;
use platform::id::CustomerId;
use platform::policies::{self, InForce, PolicyError};
use platform::work::Work;
use serde_json::json;

use super::model::{About, AdjustmentId, NewAdjustment, NewQuery, Outcome, Query, QueryId, latest};
use super::{rules, store};
use crate::customer::actions::load_within;
use crate::customer::store as customers;
use crate::datum;
use crate::document::{actions as documents, store as papers};
use crate::error::CustomerError;
use crate::merge::open_file;
use crate::{EDIT, standing};

/// The action of whoever approves adjustments.
pub const APPROVE: &str = "level_adjustment.approve";

/// The approval of an adjustment.
pub const KIND: ApprovalKind = ApprovalKind {
    kind: "level_adjustment",
    title: "approval-level-adjustment",
    action: APPROVE,
    mend: |approval| format!("/customers/{}?tab=credit", approval.customer),
    approved,
    refused,
};

/// What queries may be for, as the policy of a day says.
///
/// # Errors
/// A rule without the parameter.
pub fn purposes(policy: &InForce, on: jiff::civil::Date) -> Result<Vec<String>, ActionError> {
    Ok(policy.edition(on).texts("credit_purposes").map_err(PolicyError::from)?)
}

/// Records a query with what its report says; classes and grades follow at once.
///
/// A second record of the same source, person and day corrects the first.
///
/// # Errors
/// Not within scope; all that is wrong at once, a missing authorisation under its rule and article.
pub async fn record(work: &mut Work, id: CustomerId, new: &NewQuery) -> Result<QueryId, ActionError> {
    let customer = open_file(work, id, EDIT).await?;
    let today = work.business_date;
    let policy = policies::in_force(work, today).await?;
    let held = papers::of_customer(&mut work.tx, id).await?;
    let list = documents::list(&policy, today, customer.kind)?;
    let wrong = rules::check(new, &held, &list, &purposes(&policy, today)?, today);
    if !wrong.is_empty() {
        let unauthorised = wrong.iter().any(|error| error.field == "authorisation");
        let refused = Refused::form(wrong);
        let article = policy.article_title("admission.consent", false);
        return Err(match unauthorised {
            true => refused.under(rules::RULE_AUTHORISED, Some(article)),
            false => refused,
        }
        .into());
    }
    let terms = datum::actions::terms(&policy, today, "credit", customer.kind)?;
    let valid_until = datum::rules::valid_until(new.report_on, terms);
    let all = store::of_customer(&mut work.tx, id).await?;
    let same = |one: &&Query| {
        (one.content.about, one.content.origin, one.content.queried_on) == (new.about, new.origin, new.queried_on)
    };
    let corrects = all.iter().rfind(same).map(|one| one.id);
    let key = QueryId(work.next_id());
    store::insert(work, (id, key), new, (valid_until, corrects)).await?;
    let state = json!({"about": new.about.as_str(), "purpose": new.purpose, "origin": new.origin.as_str(),
        "queried_on": new.queried_on, "authorisation": new.authorisation.to_string(),
        "corrects": corrects.map(|query| query.to_string())});
    let entry = Entry::new(Some(id), "credit.record", format!("credit_query:{id}:{key}"));
    work.audit(entry.after(state)).await?;
    standing::actions::assess(work, &customer, today).await?;
    Ok(key)
}

/// Asks for an adjustment of the level that counts now; whoever the policy names decides.
///
/// # Errors
/// Not within scope; it is not the report that counts; all that is wrong at once; one waits already.
pub async fn ask(
    work: &mut Work,
    id: CustomerId,
    query: QueryId,
    new: &NewAdjustment,
) -> Result<ApprovalId, ActionError> {
    let customer = load_within(work, id, EDIT).await?;
    let today = work.business_date;
    let all = store::of_customer(&mut work.tx, id).await?;
    let now = latest(&all, About::Own, today).filter(|one| one.id == query);
    let now = now.ok_or(CustomerError::NoSuchPart("credit_query"))?;
    let wrong = rules::check_adjustment(new, now, today);
    if !wrong.is_empty() {
        return Err(Refused::form(wrong).into());
    }
    let asked = store::adjustments(&mut work.tx, id).await?;
    if let Some(waiting) = asked.iter().find(|one| one.query == query && one.outcome.is_none()) {
        return Err(ApprovalError::Waits { subject: subject(id, waiting.id) }.into());
    }
    let key = store::insert_adjustment(work, id, query, new).await?;
    let payload = json!({
        "credit_page": format!("/customers/{id}?tab=credit"),
        "own_credit_level": now.content.level.map(|level| level.as_str()),
        "level_adjustment": new.ground.as_str(),
        "expires_on": new.expires_on,
        "reason": new.reason.trim(),
    });
    let title = Heading::told(&work.app.catalogue, |locale| {
        let ground = locale.t(format!("credit-ground-{}", new.ground.as_str()));
        locale.tn("credit-approval-title", &[("number", customer.number.clone()), ("ground", ground)])
    });
    let request = Request::new(KIND.kind, id, subject(id, key), title, payload).branch(customer.branch);
    approval::submit(work, request).await
}

fn subject(id: CustomerId, key: AdjustmentId) -> String {
    format!("credit_adjustment:{id}:{key}")
}

fn about(approval: &Approval) -> Result<AdjustmentId, ActionError> {
    let key = approval.subject.rsplit(':').next().and_then(|id| id.parse().ok());
    key.map(AdjustmentId).ok_or_else(|| ActionError::Internal("an approval without its adjustment".to_owned()))
}

fn approved<'a>(work: &'a mut Work, approval: &'a Approval) -> BoxFuture<'a, Result<(), ActionError>> {
    Box::pin(async move { end(work, approval, Outcome::Approved).await })
}

fn refused<'a>(work: &'a mut Work, approval: &'a Approval) -> BoxFuture<'a, Result<(), ActionError>> {
    Box::pin(async move { end(work, approval, Outcome::Refused).await })
}

async fn end(work: &mut Work, approval: &Approval, outcome: Outcome) -> Result<(), ActionError> {
    let id = approval.customer;
    store::end_adjustment(work, id, about(approval)?, outcome).await?;
    if outcome == Outcome::Approved
        && let Some(customer) = customers::load(&mut work.tx, id).await?
    {
        let today = work.business_date;
        standing::actions::assess(work, &customer, today).await?;
    }
    Ok(())
}
