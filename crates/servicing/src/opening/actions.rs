//! Use cases: opening a loan at the desk, and paying out more of one.

use customers::customer::actions::load_within as customer_within;
use customers::customer::model::Customer;
use finance::{CostTable, Fen, Schedule, TransactionKind};
use jiff::civil::Date;
use platform::error::ActionError;
use platform::event::Event;
use platform::id::CustomerId;
use platform::policies;
use platform::work::Work;
use serde_json::json;

use super::error::OpeningError;
use super::ground::{self, Basis, Ground};
use super::model::Opening;
use super::store::{Contract, contracts};
use super::{rules, store};
use crate::error::ServicingError;
use crate::loan::actions::{Applied, Under, apply, load_within, open_under};
use crate::loan::ceiling::{self, Ceiling};
use crate::loan::model::{Channel, LoanKey, NewLoan, NewTransaction, Seen};
use crate::position::engine::Engine;
use crate::security;

/// Prepares loans: contract, terms, security (借款登记).
pub const OPEN: &str = "loan.open";
/// Pays loans out (放款).
pub const DISBURSE: &str = "loan.disburse";

/// A loan was opened at the desk.
const OPENED: &str = "loan_opened";

/// What a new loan would be (试算): nothing is written.
#[derive(Debug, Clone)]
pub struct Tried {
    /// The schedule that follows from the first payment out.
    pub schedule: Schedule,
    /// What it costs in a year; `None` without interest.
    pub cost: Option<CostTable>,
    /// The check against the cap.
    pub ceiling: Option<Ceiling>,
    /// What stands behind it; nothing for who has no file.
    pub ground: Option<Ground>,
}

/// Computes a new loan and refuses what makes no sense: terms, dates, amounts, the cap.
///
/// Errors: [`ServicingError`], each for one field of the form.
pub async fn decide(work: &mut Work, customer: CustomerId, opening: &Opening) -> Result<Tried, ActionError> {
    customers::standing::actions::refuse_stopped(work, customer).await?;
    let policy = policies::in_force(work, opening.signed_on).await?;
    let offered = policy.pack().product(&opening.product).filter(|p| p.is_offered(opening.signed_on));
    let Some(product) = offered else {
        return Err(ServicingError::ProductUnknown { product: opening.product.clone() }.into());
    };
    let named = (product.title.zh.as_str(), product.article.as_str());
    let borrower = customers::load(&mut work.tx, customer).await?;
    if let Some(borrower) = &borrower {
        rules::check_borrower(named, &product.nature, borrower.kind)?;
    }
    rules::check_use(named, &product.nature, &opening.purpose)?;
    let edition = policy.edition(opening.signed_on);
    let words = policies::known(edition.texts("rescue_purpose_words"))?.unwrap_or_default();
    let article = edition.parameter("rescue_purpose_words").map(|row| row.article.clone()).unwrap_or_default();
    rules::check_rescue(&words, &article, &opening.purpose, opening.rescue)?;
    let engine = Engine::load(work, work.business_date).await?;
    // The terms must make sense for all that was agreed, the plan shows what is paid out now.
    let whole = finance::schedule(&opening.terms, &engine.context()).map_err(ServicingError::from)?;
    rules::check_dates(opening, work.business_date)?;
    let under = contract_of(work, customer, opening).await?;
    rules::check_amounts(opening, under.as_ref())?;
    let mut drawn = opening.terms.clone();
    drawn.principal = opening.drawn;
    let schedule = finance::schedule(&drawn, &engine.context()).map_err(ServicingError::from)?;
    let all_in = ceiling::all_in_ppm(&opening.terms, &engine.context());
    let ceiling = match all_in {
        Some(all_in) => ceiling::check(edition, all_in, &engine.context(), opening.signed_on)?,
        None => None,
    };
    rules::check_ceiling(ceiling.as_ref())?;
    let ground = match &borrower {
        Some(borrower) => {
            let basis = Basis { policy: &policy, product, engine: &engine, schedule: &whole, all_in_ppm: all_in };
            Some(ground::look(work, borrower, opening, basis).await?)
        }
        None => None,
    };
    let cost = finance::cost(&drawn, &schedule, &[]).ok();
    Ok(Tried { schedule, cost, ceiling, ground })
}

async fn contract_of(
    work: &mut Work,
    customer: CustomerId,
    opening: &Opening,
) -> Result<Option<Contract>, ActionError> {
    let Some(id) = opening.contract else { return Ok(None) };
    let found = contracts(&mut work.tx, customer).await?.into_iter().find(|c| c.id == id);
    Ok(Some(found.ok_or_else(|| ServicingError::from(OpeningError::ContractNotFound { number: id.to_string() }))?))
}

/// Opens the loan under its customer: authorise → load → decide → save. Who may pay out does so at once, and the full
/// disbursement data stand in the ledger on that day (S2.10-05); otherwise the loan waits for finance (S1-34).
pub async fn open(work: &mut Work, customer: CustomerId, opening: &Opening) -> Result<Applied, ActionError> {
    let owner = borrower(work, customer).await?;
    // Of two loans opened at once on one admission review the second finds what the first used.
    customers::admission::backing::hold(work, customer).await?;
    let tried = decide(work, customer, opening).await?;
    let new = NewLoan {
        customer,
        number: opening.number.clone(),
        contract_number: opening.contract_number.clone(),
        product: opening.product.clone(),
        purpose: opening.purpose.clone(),
        security: opening.security,
        terms: opening.terms.clone(),
        signed_on: opening.signed_on,
        branch: owner.branch,
        team: owner.team,
        manager: owner.manager,
        note: opening.note.clone(),
    };
    // An account that must be pledged is pledged on the loan: until then nothing is paid out (rule `loan.quota`).
    let waits = tried.ground.as_ref().is_some_and(|ground| ground.pledge);
    let drawn = (!waits && may_pay_out(work, customer).await?).then_some(opening.drawn);
    let under = Under { contract: opening.contract, contract_amount: opening.contract_amount, drawn };
    let applied = open_under(work, &new, under).await?;
    let key = applied.file.loan.key;
    security::actions::write(work, key, &opening.securities, opening.terms.start_on, OPEN).await?;
    if let Some(ground) = &tried.ground {
        ground::keep(work, key, ground).await?;
    }
    if !opening.securities.is_empty() {
        let kind = security::rules::kind_of(&security::store::lines(&mut work.tx, key).await?);
        security::store::set_kind(&mut work.tx, key, kind).await?;
    }
    // Whoever agreed to the loan is told in this transaction, and may refuse it.
    let payload = json!({
        "loan": key.loan, "principal": opening.terms.principal, "paid_out": under.drawn.is_some(),
        "rescue": opening.rescue.map(|id| id.to_string()),
    });
    let on = opening.terms.start_on;
    work.emit(Event { kind: OPENED, customer, subject: key.subject(), effective_on: on, payload }).await?;
    Ok(applied)
}

/// The customer whose loan is opened, within the person's scope; a file that was merged into another one borrows no more.
pub async fn borrower(work: &mut Work, customer: CustomerId) -> Result<Customer, ActionError> {
    customers::merge::open_file(work, customer, OPEN).await
}

/// Whether this person may pay out to the customer too.
pub async fn may_pay_out(work: &mut Work, customer: CustomerId) -> Result<bool, ActionError> {
    match customer_within(work, customer, DISBURSE).await {
        Ok(_) => Ok(true),
        Err(ActionError::Refused(_)) => Ok(false),
        Err(other) => Err(other),
    }
}

/// The contracts that a further loan can stand under: something is left of them.
pub async fn open_contracts(work: &mut Work, customer: CustomerId) -> Result<Vec<Contract>, ActionError> {
    let all = store::contracts(&mut work.tx, customer).await?;
    Ok(all.into_iter().filter(|c| c.used < c.amount).collect())
}

/// Pays out more of a loan (再次放款), up to its principal.
///
/// Errors: `replay.over-drawn` above the principal, a date after the business date or the maturity, a loan changed
/// meanwhile.
pub async fn draw(
    work: &mut Work,
    key: LoanKey,
    seen: Option<Seen>,
    on: Date,
    amount: Fen,
) -> Result<Applied, ActionError> {
    let file = load_within(work, key, DISBURSE).await?;
    if !amount.is_positive() {
        return Err(ServicingError::AmountNotPositive { amount }.into());
    }
    customers::standing::actions::refuse_stopped(work, key.customer).await?;
    ground::refuse_payout(work, &file).await?;
    let new = NewTransaction::new(on, TransactionKind::Disburse { amount }, Channel::BankTransfer);
    apply(work, key, seen, &new, "loan.disburse", "loan_disbursed").await
}
