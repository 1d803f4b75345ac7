//! Use cases of ratings: what is known of a case is rated by the policy; the next rating becomes a duty.

use std::collections::BTreeMap;

use finance::Fen;
use platform::audit::Entry;
use platform::db::Conditions;
use platform::duty::{self, Evidence};
use platform::error::{ActionError, FieldError};
use platform::id::CustomerId;
use platform::page::list::{ListQuery, ListSpec};
use platform::policies::{self, PolicyError};
use platform::work::Work;
use serde_json::json;
use servicing::ledger::store as ledger;

use super::loss::{self, Exposed, Loss};
use super::model::{Known, RiskError, rate as rate_by};
use super::{RISK_RATE, store};
use crate::case::actions as cases;
use crate::case::model::{Case, CaseError, CaseId, CaseKey, CaseState};
use crate::case::pages::overdue_loans;
use crate::case::store as case_store;
use crate::cause::store as causes;
use crate::promise::store as promises;

/// The trigger of the next rating.
const RATED: &str = "risk.rated";
/// The trigger of the warning that the expected loss changed.
const LOSS_CHANGED: &str = "risk.loss_changed";
/// The most overdue loans of the customers looked at together.
const MOST_LOANS: u32 = 100_000;
/// What a rating proves to the duty that asks for it.
const RATING: &str = "risk_rating";
/// The longest words.
const MAX_WORDS: usize = 2_000;

/// What is known of a case today: time, amount, capacity, credit.
///
/// # Errors
/// The store's.
pub async fn known(work: &mut Work, case: &Case) -> Result<Known, ActionError> {
    let loans = overdue_loans(work, case.key.customer).await?;
    let settled = promises::of_case(&mut work.tx, case.key).await?;
    let broken = settled.iter().filter(|one| one.state.is_missed()).count();
    Ok(Known {
        days: loans.iter().map(|loan| i64::from(loan.days_overdue)).max().unwrap_or(0),
        overdue: Fen::checked_sum(loans.iter().map(|loan| loan.overdue)).unwrap_or_default(),
        left: causes::capacity(&mut work.tx, case.key).await?.map(|capacity| capacity.left()),
        broken: i64::try_from(broken).unwrap_or(i64::MAX),
        cause: causes::of_case(&mut work.tx, case.key).await?.into_iter().next().map(|one| one.cause),
    })
}

/// Rates the risk of an overdue customer (S4-19): the policy's rating of what is known today, with the words of whoever
/// rates. It ends the duties that asked for it and opens the next one.
///
/// # Errors
/// Denied; the case is closed; no words; the policy lacks the table.
pub async fn rate(work: &mut Work, case: CaseId, words: &str) -> Result<String, ActionError> {
    let case = cases::load(work, case, RISK_RATE).await?;
    if let CaseState::Closed { on, .. } = case.state {
        return Err(CaseError::Closed { on }.into());
    }
    let words = words.trim();
    if words.is_empty() {
        return Err(RiskError::Form(vec![FieldError::new("risk_words", "field-empty")]).into());
    }
    if words.chars().count() > MAX_WORDS {
        let long = FieldError::new("risk_words", "risk-words-long").with("most", MAX_WORDS);
        return Err(RiskError::Form(vec![long]).into());
    }
    let known = known(work, &case).await?;
    let on = work.business_date;
    let policy = policies::in_force(work, on).await?;
    let (rating, article) = rate_by(policy.edition(on), &known).map_err(PolicyError::from)?;
    let loss = estimate(work, &[case.key]).await?.remove(&case.key);
    let before = store::of_case(&mut work.tx, case.key).await?.into_iter().next().map(|one| one.rating);
    let id = store::insert(work, case.key, &known, (&rating, &article, words), loss.as_ref()).await?;
    let entry = Entry::new(Some(case.key.customer), "risk.rate", case.key.subject());
    let after = json!({"rating": rating, "days": known.days, "overdue_fen": known.overdue.0, "fact": id,
        "expected_fen": loss.as_ref().map(|loss| loss.expected().0)});
    work.audit(entry.before(json!({"rating": before})).after(after)).await?;
    let evidence = Evidence { kind: RATING, fact: format!("overdue_rating:{id}"), settles: false };
    duty::close_by(work, case.key.customer, &case.key.subject(), &evidence).await?;
    let arrears = case_store::arrears(&mut work.tx, &[case.key.customer]).await?;
    if let Some(behind) = arrears.get(&case.key.customer) {
        duty::open(work, RATED, &[cases::duty_case(&case, behind, on, behind.days(on))]).await?;
    }
    Ok(rating)
}

/// The expected loss of these open cases today, by the overdue loans of their customers (rule `risk.expected-loss`, S4-04);
/// nothing where the rules in force have no shares.
///
/// # Errors
/// The policy is broken; the store's.
pub async fn estimate(work: &mut Work, cases: &[CaseKey]) -> Result<BTreeMap<CaseKey, Loss>, ActionError> {
    let mut found: BTreeMap<CaseKey, Loss> = BTreeMap::new();
    let on = work.business_date;
    let policy = policies::in_force(work, on).await?;
    let customers: Vec<CustomerId> = cases.iter().map(|case| case.customer).collect();
    if customers.is_empty() {
        return Ok(found);
    }
    let mut w = Conditions::new();
    w.and_values("l.state = 'active' and p.status = 'overdue'", Vec::new());
    w.one_of("l.customer_id", &customers);
    let rows = ledger::all(&mut work.tx, &w, &ListQuery::of(&ListSpec::default()), on, MOST_LOANS).await?;
    let mut causes_of = BTreeMap::new();
    for case in cases {
        let cause = causes::of_case(&mut work.tx, *case).await?.into_iter().next().map(|one| one.cause);
        causes_of.insert(case.customer, (*case, cause));
    }
    for row in rows {
        let position = &row.position;
        let Some((case, cause)) = causes_of.get(&position.key.customer) else { continue };
        // What is not due yet, and all that is overdue with its penalty of today.
        let to_come = position.principal.0.saturating_sub(position.overdue_principal.0);
        let of = Exposed {
            loan: position.key.loan,
            number: row.number.clone(),
            exposure: Fen(to_come.saturating_add(row.overdue.0)),
            days: i64::from(row.days_overdue),
            class: position.grade.class.clone(),
            security: row.security.as_str().to_owned(),
        };
        let loss = loss::of_loan(policy.edition(on), of, cause.as_deref()).map_err(PolicyError::from)?;
        found.entry(*case).or_default().loans.extend(loss);
    }
    found.retain(|_, loss| !loss.loans.is_empty());
    Ok(found)
}

/// Warns the risk department of open cases whose expected loss changed by more than the policy's share since they were rated
/// last (rule `duty.loss_warning`, S4-04); how many.
///
/// # Errors
/// The policy is broken; the store's.
pub(crate) async fn watch(work: &mut Work, customers: &[CustomerId]) -> Result<u64, ActionError> {
    let open = case_store::open_of_all(&mut work.tx, customers).await?;
    let keys: Vec<CaseKey> = open.values().map(|case| case.key).collect();
    let before = store::last_losses(&mut work.tx, &keys).await?;
    let rated: Vec<CaseKey> = keys.into_iter().filter(|key| before.contains_key(key)).collect();
    if rated.is_empty() {
        return Ok(0);
    }
    let on = work.business_date;
    let policy = policies::in_force(work, on).await?;
    let Some(share) = policies::known(policy.edition(on).integer("expected_loss_warn_ppm"))? else { return Ok(0) };
    let now = estimate(work, &rated).await?;
    let arrears = case_store::arrears(&mut work.tx, customers).await?;
    let mut warned = 0;
    for key in rated {
        let (Some(last), Some(case)) = (before.get(&key), open.get(&key.customer)) else { continue };
        let today = now.get(&key).map(Loss::expected).unwrap_or_default();
        let Some(behind) = arrears.get(&key.customer).filter(|_| loss::warns(*last, today, share)) else { continue };
        if duty::stands(work, key.customer, &key.subject(), "loss_warning").await? {
            continue;
        }
        let asked = cases::duty_case(case, behind, on, behind.days(on));
        duty::ask_again(work, LOSS_CHANGED, "loss_warning", asked).await?;
        warned += 1;
    }
    Ok(warned)
}
