//! What stands behind a new loan (放款依据): the admission review that decided it, what the borrower's classes do, the lowest
//! rate, and for quota consumer loans the class with the pledge of the salary account (S1-20, S5.2-04…06, S5.8-17).

pub mod rules;
pub(crate) mod sheets;
pub mod store;
pub(crate) mod view;

use std::sync::Arc;

use customers::admission::backing::{self, Decided};
use customers::lending::{self, Effect};
use finance::{Fen, Schedule};
use platform::audit::Entry;
use platform::error::ActionError;
use platform::policies::{self, DecisionId, InForce, NewDecision, PolicyError, decision};
use platform::work::Work;
use policy::{Edition, EvalError, Evaluation, Facts, Product, Value};
use serde_json::{Value as Json, json};

use self::rules::{Length, Verdict, Wanted};
use super::error::OpeningError;
use super::model::Opening;
use crate::error::ServicingError;
use crate::loan::model::{LoanFile, LoanKey, Security};
use crate::position::engine::Engine;
use crate::security;

/// The decision of the pack about the review behind a loan.
const DECISION: &str = "opening_ground";
/// The decision of the pack about quota consumer loans.
const QUOTA: &str = "quota_loan";

/// What stands behind a loan to be opened (放款依据).
#[derive(Debug, Clone)]
pub struct Ground {
    /// What the policy asks for: `required`, `on_paper`, `by_bank`; empty under rules that are older than that.
    pub asked: String,
    /// The article of the policy's choice.
    pub article: String,
    /// How the best review stands to the loan.
    pub verdict: Verdict,
    /// The best review with what is left of it; where none is asked for, only one that fits.
    pub admission: Option<(Decided, Fen)>,
    /// What the classes do.
    pub effect: Effect,
    /// The lowest yearly cost, billionths.
    pub floor_e9: Option<i64>,
    /// Whether the salary account must be pledged before anything is paid out.
    pub pledge: bool,
    found: Option<Evaluation>,
}

/// What a loan is looked at with (放款测算依据): its rules, its product, the engine, its whole schedule.
#[derive(Debug, Clone, Copy)]
pub struct Basis<'a> {
    /// The rules of the day of the contract.
    pub policy: &'a Arc<InForce>,
    /// The product.
    pub product: &'a Product,
    /// The engine.
    pub engine: &'a Engine,
    /// The schedule of all that was agreed.
    pub schedule: &'a Schedule,
    /// The yearly cost, parts per million; nothing without interest.
    pub all_in_ppm: Option<i64>,
}

/// Looks at what stands behind a loan, and refuses what may not be lent.
///
/// Rules `loan.admission`, `lending.effect`, `loan.rate-floor`, `loan.quota`.
///
/// # Errors
/// [`OpeningError`]: a class that is not lent to, no fitting review, a rate below the floor, a quota loan that the class is
/// not given; the store's.
pub async fn look(
    work: &mut Work,
    borrower: &customers::Customer,
    opening: &Opening,
    basis: Basis<'_>,
) -> Result<Ground, ActionError> {
    let edition = basis.policy.edition(opening.signed_on);
    let (effect, known) = lending::of_customer(work, borrower).await?;
    refuse_class(&effect)?;
    let pledge = quota(edition, &known.facts, basis.product, opening.security)?;
    let wanted = Wanted {
        amount: match opening.contract {
            None => opening.terms.principal.max(opening.contract_amount),
            Some(_) => opening.terms.principal,
        },
        length: Length::of(&opening.terms, basis.schedule),
        rate_e9: rules::yearly_e9(&opening.terms, &basis.engine.rates),
        signed_on: opening.signed_on,
    };
    let mut left = Vec::new();
    for one in backing::decided(work, borrower.id, &opening.product).await? {
        let used = store::used(&mut work.tx, one.id).await?;
        let rest = rules::left(&one, used, effect.most(one.applied));
        left.push((one, rest));
    }
    let (verdict, admission) = rules::best(left, &wanted);
    let asked = policies::known(edition.text("opening_admission"))?.unwrap_or_default().to_owned();
    let article = edition.parameter("opening_admission").map(|found| found.article.clone()).unwrap_or_default();
    let facts = Facts::from([("admission_verdict".to_owned(), Value::from(verdict.as_str()))]);
    let found = match edition.derive(DECISION, &facts) {
        Ok(found) => Some(found.decision),
        Err(EvalError::UnknownDecision { .. } | EvalError::NoRule { .. }) => None,
        Err(error) => return Err(PolicyError::from(error).into()),
    };
    if let Some(refused) = found.as_ref().filter(|found| found.text(DECISION) == Some("refused")) {
        let article = refused.articles.first().cloned().unwrap_or_default();
        return Err(unfit(verdict, admission.as_ref(), opening, article).into());
    }
    let floor_e9 = match policies::known(edition.integer("lending_below_lpr_bp"))? {
        Some(below) => rules::floor_e9(&basis.engine.rates, opening.signed_on, (below, effect.cut_bp)),
        None => None,
    };
    refuse_below(edition, floor_e9, basis.all_in_ppm, &effect)?;
    let admission = admission.filter(|_| verdict == Verdict::Fits);
    Ok(Ground { asked, article, verdict, admission, effect, floor_e9, pledge, found })
}

/// Refuses a customer whose class is not lent to (rule `lending.effect`, S5.2-06).
fn refuse_class(effect: &Effect) -> Result<(), ServicingError> {
    match effect.refusing() {
        None => Ok(()),
        Some(line) => Err(OpeningError::ClassRefused {
            zh: line.zh.clone(),
            en: line.en.clone(),
            article: line.articles.first().cloned().unwrap_or_default(),
        }
        .into()),
    }
}

/// Why no review fits, with what the best one would have allowed.
fn unfit(verdict: Verdict, best: Option<&(Decided, Fen)>, opening: &Opening, article: String) -> ServicingError {
    let Some((one, left)) = best.filter(|_| verdict != Verdict::Undecided) else {
        return OpeningError::NoAdmission { article }.into();
    };
    OpeningError::AdmissionUnfit {
        verdict: verdict.as_str(),
        number: one.number.clone(),
        left: *left,
        months: one.months,
        rate: platform::locale::rate_percent(one.rate_e9),
        until: one.until,
        asked: opening.terms.principal,
        article,
    }
    .into()
}

/// Nothing is lent below the floor but by a class with a preference (rule `loan.rate-floor`, S5.2-04, S1-28); a loan without
/// interest has no price to be held against.
fn refuse_below(
    edition: &Edition,
    floor_e9: Option<i64>,
    all_in_ppm: Option<i64>,
    effect: &Effect,
) -> Result<(), ServicingError> {
    const E9_PER_PPM: i64 = 1_000;
    let (Some(floor), Some(rate)) = (floor_e9, all_in_ppm.map(|ppm| ppm.saturating_mul(E9_PER_PPM))) else {
        return Ok(());
    };
    if rate >= floor {
        return Ok(());
    }
    let article = edition.parameter("lending_below_lpr_bp").map(|found| found.article.clone()).unwrap_or_default();
    Err(OpeningError::RateBelowFloor {
        rate: platform::locale::rate_percent(rate),
        floor: platform::locale::rate_percent(floor),
        cut: effect.cut_bp,
        article,
    }
    .into())
}

/// Whether a quota consumer loan needs the salary account pledged before it is paid out; refuses classes that are given none
/// (rule `loan.quota`, S5.8-17). Rules without that decision ask for nothing.
fn quota(edition: &Edition, known: &Facts, product: &Product, method: Security) -> Result<bool, ActionError> {
    if product.nature.revolving != Some(true) {
        return Ok(false);
    }
    let mut facts = known.clone();
    facts.insert("loan_product_kind".to_owned(), Value::from("quota"));
    let method = match method {
        Security::Credit => "credit",
        Security::Mixed => "combined_with_credit",
        Security::Guarantee | Security::Mortgage | Security::Pledge => "secured",
    };
    facts.insert("loan_method_asked".to_owned(), Value::from(method));
    let mut asked = |pledged: bool| {
        facts.insert("salary_account_pledged".to_owned(), Value::Boolean(pledged));
        edition.derive(QUOTA, &facts).map(|found| found.decision)
    };
    let permits = |found: &Evaluation| found.text(QUOTA) == Some("permitted");
    match (asked(false), asked(true)) {
        (Ok(without), _) if permits(&without) => Ok(false),
        (_, Ok(with)) if permits(&with) => Ok(true),
        (Ok(refused), _) => {
            let note = refused.rows.first().map(|hit| hit.note.clone()).unwrap_or_default();
            Err(ServicingError::from(OpeningError::QuotaRefused {
                zh: note.zh.clone(),
                en: note.in_language(true).to_owned(),
                article: refused.articles.first().cloned().unwrap_or_default(),
            })
            .into())
        }
        (Err(EvalError::UnknownDecision { .. } | EvalError::NoRule { .. }), _) => Ok(false),
        (Err(EvalError::MissingFact { .. } | EvalError::NoRow { .. }), _) => {
            Err(ServicingError::from(OpeningError::QuotaUnknown).into())
        }
        (Err(error), _) => Err(PolicyError::from(error).into()),
    }
}

/// Keeps what stands behind a loan, with the decision that cites it, in the transaction that opens the loan.
pub(super) async fn keep(work: &mut Work, key: LoanKey, ground: &Ground) -> Result<(), ActionError> {
    let decision = cite(work, key, ground).await?;
    if let Some(found) = &ground.effect.found {
        let on = work.business_date;
        let mut new = NewDecision::of(key.customer, key.subject(), on, found, "lending_chain");
        ground.effect.chain.as_str().clone_into(&mut new.outcome);
        decision::record(work, &new).await?;
    }
    store::insert(work, key, ground, decision).await?;
    let after = json!({
        "admission": ground.admission.as_ref().map(|(one, _)| one.number.clone()),
        "asked": ground.asked,
        "chain": ground.effect.chain.as_str(),
        "share_ppm": ground.effect.share_ppm,
        "cut_bp": ground.effect.cut_bp,
    });
    work.audit(Entry::new(Some(key.customer), "loan.ground", key.subject()).after(after)).await?;
    Ok(())
}

/// The opening's decision: its inputs name the review.
async fn cite(work: &mut Work, key: LoanKey, ground: &Ground) -> Result<Option<DecisionId>, ActionError> {
    let Some(found) = &ground.found else { return Ok(None) };
    let on = work.business_date;
    let mut new = NewDecision::of(key.customer, key.subject(), on, found, DECISION);
    if let (Json::Array(inputs), Some((one, _))) = (&mut new.inputs, &ground.admission) {
        inputs.push(json!({"name": "admission_number", "value": one.number, "formula": null}));
    }
    Ok(Some(decision::record(work, &new).await?))
}

/// Refuses a payout while a class is not lent to, or while the salary account that must be pledged is not (rules
/// `lending.effect`, `loan.quota`, S5.8-17).
pub(super) async fn refuse_payout(work: &mut Work, file: &LoanFile) -> Result<(), ActionError> {
    let key = file.loan.key;
    let Some(borrower) = customers::load(&mut work.tx, key.customer).await? else { return Ok(()) };
    let today = work.business_date;
    let policy = policies::in_force(work, today).await?;
    let (effect, known) = lending::of_customer(work, &borrower).await?;
    refuse_class(&effect)?;
    let Some(product) = policy.pack().product(&file.loan.product) else { return Ok(()) };
    // What stands behind the loan beside the pledge of the account is how it was applied for.
    let pledged = security::account::in_force(&mut work.tx, key).await?;
    let method = if pledged { Security::Credit } else { file.loan.security };
    if quota(policy.edition(today), &known.facts, product, method)? && !pledged {
        return Err(ServicingError::from(OpeningError::PledgeMissing).into());
    }
    Ok(())
}
