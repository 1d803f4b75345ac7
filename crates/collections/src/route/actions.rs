//! Use cases of routes: which are open, and which is kept on the case.

use platform::audit::Entry;
use platform::error::{ActionError, FieldError};
use platform::policies::{self, PolicyError};
use platform::work::Work;
use serde_json::json;
use servicing::security::store as securities;

use super::model::{RouteError, RouteId, Way};
use super::{rules, store};
use crate::CASE_WORK;
use crate::agency::gate::house_only;
use crate::case::actions as cases;
use crate::case::model::{CaseError, CaseId, CaseKey, CaseState};
use crate::cause::actions as causes;

/// The longest plan.
const MAX_TEXT: usize = 2_000;

/// The ways to recover the loans of a case by what stands behind them today (rules `cause.route`, `route.security`).
///
/// # Errors
/// The policy lacks the routes; the store's.
pub async fn ways(work: &mut Work, case: CaseKey) -> Result<Vec<Way>, ActionError> {
    let on = work.business_date;
    let loans = store::loans(&mut work.tx, case.customer).await?;
    let keys: Vec<_> = loans.iter().map(|(key, _)| *key).collect();
    let mut lines = securities::lines_of(&mut work.tx, &keys).await?;
    let policy = policies::in_force(work, on).await?;
    let edition = policy.edition(on);
    let mut found = Vec::new();
    for (loan, number) in loans {
        let taken = store::means(&mut work.tx, loan).await?;
        let all = lines.remove(&loan).unwrap_or_default();
        let mut behind: Vec<(Option<i64>, &'static str, String)> = rules::standing(&all, on)
            .into_iter()
            .map(|line| (Some(line.id), rules::kind_of(line.kind), line.who.clone()))
            .collect();
        if behind.is_empty() {
            behind.push((None, rules::CREDIT, String::new()));
        }
        for (security, kind, what) in behind {
            let (route, article) = rules::route(edition, kind).map_err(PolicyError::from)?;
            let waits = rules::waits(&route, &taken);
            found.push(Way { loan, number: number.clone(), security, kind, what, route, article, waits });
        }
    }
    Ok(found)
}

/// Keeps the route that is taken, with the security it rests on (S2.3-04). Where nothing stands behind the loan the plan
/// follows the cause, and waits for what the cause asks for.
///
/// # Errors
/// Denied; the case is closed; [`RouteError`]; no cause or no talk.
pub async fn keep(work: &mut Work, case: CaseId, key: &str, words: &str) -> Result<RouteId, ActionError> {
    let case = cases::load(work, case, CASE_WORK).await?;
    house_only(work).await?;
    if let CaseState::Closed { on, .. } = case.state {
        return Err(CaseError::Closed { on }.into());
    }
    let mut wrong = Vec::new();
    if words.trim().is_empty() {
        wrong.push(FieldError::new("route_words", "field-empty"));
    } else if words.chars().count() > MAX_TEXT {
        wrong.push(FieldError::new("route_words", "contact-too-long").with("max", MAX_TEXT));
    }
    if !wrong.is_empty() {
        return Err(RouteError::Form(wrong).into());
    }
    let ways = ways(work, case.key).await?;
    let way = ways.into_iter().find(|way| way.key() == key.trim()).ok_or(RouteError::NoSuchWay)?;
    if way.route == rules::BY_CAUSE {
        causes::plan_allowed(work, case.key).await?;
    }
    let id = store::insert(work, case.key, &way, words).await?;
    let entry = Entry::new(Some(case.key.customer), "route.keep", case.key.subject());
    let after = json!({"route": way.route, "loan": way.loan.loan, "security": way.security, "fact": id});
    work.audit(entry.after(after)).await?;
    Ok(id)
}
