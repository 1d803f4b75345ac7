//! Use cases of ratings: what is known of a case is rated by the policy; the next rating becomes a duty.

use finance::Fen;
use platform::audit::Entry;
use platform::duty::{self, Evidence};
use platform::error::{ActionError, FieldError};
use platform::policies::{self, PolicyError};
use platform::work::Work;
use serde_json::json;

use super::model::{Known, RiskError, rate as rate_by};
use super::{RISK_RATE, store};
use crate::case::actions as cases;
use crate::case::model::{Case, CaseError, CaseId, CaseState};
use crate::case::pages::overdue_loans;
use crate::case::store as case_store;
use crate::cause::store as causes;
use crate::promise::store as promises;

/// The trigger of the next rating.
const RATED: &str = "risk.rated";
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
    let before = store::of_case(&mut work.tx, case.key).await?.into_iter().next().map(|one| one.rating);
    let id = store::insert(work, case.key, &known, (&rating, &article, words)).await?;
    let entry = Entry::new(Some(case.key.customer), "risk.rate", case.key.subject());
    let after = json!({"rating": rating, "days": known.days, "overdue_fen": known.overdue.0, "fact": id});
    work.audit(entry.before(json!({"rating": before})).after(after)).await?;
    let evidence = Evidence { kind: RATING, fact: format!("overdue_rating:{id}"), settles: false };
    duty::close_by(work, case.key.customer, &case.key.subject(), &evidence).await?;
    let arrears = case_store::arrears(&mut work.tx, &[case.key.customer]).await?;
    if let Some(behind) = arrears.get(&case.key.customer) {
        duty::open(work, RATED, &[cases::duty_case(&case, behind, on, behind.days(on))]).await?;
    }
    Ok(rating)
}
