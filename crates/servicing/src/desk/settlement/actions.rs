//! Use cases of settlement statements: made, signed.

use finance::{Fen, SettlementQuote};
use jiff::civil::Date;
use platform::approval::{self, Approval, ApprovalKind, Heading, Request};
use platform::audit::Entry;
use platform::error::{ActionError, FieldError};
use platform::event::BoxFuture;
use platform::id::UserId;
use platform::numbering;
use platform::policies;
use platform::work::Work;
use serde_json::json;

use super::model::{Statement, StatementId, StatementState};
use super::{APPROVE, REQUEST, page_of, rules, store};
use crate::desk::error::DeskError;
use crate::error::ServicingError;
use crate::loan::actions::load_within;
use crate::loan::model::{LoanFile, LoanKey};
use crate::loan::store as loans;
use crate::position::engine::Engine;

/// The approval of statements.
pub(crate) const KIND: ApprovalKind = ApprovalKind {
    kind: "settlement_statement",
    title: "approval-settlement-statement",
    action: APPROVE,
    mend,
    approved,
    refused,
};

fn id_in(approval: &Approval) -> Option<StatementId> {
    approval.subject.strip_prefix("settlement_statement:").and_then(|id| id.parse().ok()).map(StatementId)
}

fn mend(approval: &Approval) -> String {
    id_in(approval).map_or_else(|| "/loans".to_owned(), page_of)
}

/// What settles a loan on a day, as the quote has it.
///
/// Errors: the engine's.
pub(super) async fn quote(work: &mut Work, file: &LoanFile, on: Date) -> Result<SettlementQuote, ActionError> {
    let today = work.business_date;
    let engine = Engine::load(work, today).await?;
    let found = finance::quote_settlement(&file.terms, &engine.context(), &file.facts(None), on);
    Ok(found.map_err(ServicingError::from)?)
}

/// The day of the last entry of a loan, today at the latest: nothing is settled before it.
fn last_entry(file: &LoanFile, today: Date) -> Date {
    file.transactions.iter().map(|one| one.fact.on).max().map_or(today, |last| last.min(today))
}

/// Makes the statement of a loan for a day and asks for the leader's signature: the amounts and fees of the quote, frozen
/// (rule `settlement.statement`). Money that came before today is settled as of its own day, as long as nothing was entered
/// after it. One waits at a time.
///
/// Errors: not within scope; a day before the last entry; one waits; nothing is owed; the engine's.
pub async fn request(work: &mut Work, key: LoanKey, on: Date) -> Result<StatementId, ActionError> {
    let file = load_within(work, key, REQUEST).await?;
    let last = last_entry(&file, work.business_date);
    if on < last {
        let wrong = FieldError::new("on", "settlement-past").with("on", on).with("last", last);
        return Err(DeskError::Form(vec![wrong]).into());
    }
    let known = store::of_loan(&mut work.tx, key).await?;
    if known.iter().any(|one| one.state == StatementState::Submitted) {
        return Err(DeskError::StatementState { state: StatementState::Submitted.as_str() }.into());
    }
    let quote = quote(work, &file, on).await?;
    if !quote.total.is_positive() {
        return Err(ServicingError::Settled { number: file.loan.number.clone() }.into());
    }
    let id = StatementId(work.next_id());
    let mut one = Statement {
        key,
        id,
        number: numbering::next(work, "settlement_statement", key.customer, id.0).await?,
        settles_on: on,
        amounts: quote.amounts,
        charge: quote.charge,
        credit: quote.credit,
        total: quote.total,
        state: StatementState::Submitted,
        branch: file.loan.branch,
        approval: None,
        signed_on: None,
        signed_by: None,
        made_on: work.business_date,
        made_by: UserId(work.actor.recorded_by()),
        version: 1,
    };
    let title = Heading::told(&work.app.catalogue, |locale| locale.t1("settlement-heading", "number", &one.number));
    let payload = json!({
        "settlement_page": page_of(one.id), "loan": file.loan.number, "settles_on": on, "amount_fen": one.total,
        "charge_fen": one.charge,
    });
    let asked = Request::new("settlement_statement", key.customer, one.subject(), title, payload);
    one.approval = Some(approval::submit(work, asked.amount(one.total).branch(one.branch)).await?);
    let amounts = serde_json::to_string(&one.amounts).map_err(|e| ActionError::Internal(e.to_string()))?;
    store::insert(work, &one, &amounts).await?;
    let after = json!({"number": one.number, "loan": file.loan.number, "on": on, "total": one.total});
    work.audit(Entry::new(Some(key.customer), "settlement.request", key.subject()).after(after)).await?;
    Ok(id)
}

/// Refuses an early settlement on a day for which no statement is signed, or with another sum than the signed one says,
/// where the policy asks for the statement first (rule `settlement.signed-first`).
///
/// Errors: [`DeskError::SettlementUnsigned`], [`DeskError::SettlementOther`]; a parameter that the pack lacks; the store's.
pub(crate) async fn signed_first(work: &mut Work, file: &LoanFile, on: Date, settles: Fen) -> Result<(), ActionError> {
    let today = work.business_date;
    // Before any rules were agreed to nothing is asked for.
    let Some(in_force) = policies::ruling(work).await? else { return Ok(()) };
    if !policies::known(in_force.edition(today).flag("settlement_statement_first"))?.unwrap_or(false) {
        return Ok(());
    }
    let known = store::of_loan(&mut work.tx, file.loan.key).await?;
    Ok(rules::covered(&file.loan.number, &known, on, settles)?)
}

/// A statement within the reach of an action: what reaches its loan reaches it.
///
/// Errors: denied; there is none, or not for this person.
pub async fn seen(work: &mut Work, id: &str, action: &str) -> Result<(Statement, LoanFile), ActionError> {
    work.authorise(action)?;
    let key = id.parse().map(StatementId).map_err(|_| DeskError::NoStatement)?;
    let one = store::find(&mut work.tx, key).await?.ok_or(DeskError::NoStatement)?;
    let file = load_within(work, one.key, action).await?;
    Ok((one, file))
}

/// The waiting statement of an approval.
async fn about(work: &mut Work, approval: &Approval) -> Result<Option<Statement>, ActionError> {
    let Some(id) = id_in(approval) else { return Ok(None) };
    Ok(store::find(&mut work.tx, id).await?.filter(|one| one.state == StatementState::Submitted))
}

/// The leader signs what still is so: a loan that moved since is stated anew.
fn approved<'a>(work: &'a mut Work, approval: &'a Approval) -> BoxFuture<'a, Result<(), ActionError>> {
    Box::pin(async move {
        let Some(mut one) = about(work, approval).await? else { return Err(DeskError::NoStatement.into()) };
        let file = loans::load_file(&mut work.tx, one.key).await?.ok_or(DeskError::NoStatement)?;
        let on = one.settles_on.max(last_entry(&file, work.business_date));
        let now = quote(work, &file, on).await?;
        if on != one.settles_on || (now.total, now.amounts) != (one.total, one.amounts) {
            return Err(DeskError::SettlementChanged { then: one.total, now: now.total }.into());
        }
        one.state = StatementState::Signed;
        one.signed_on = Some(work.business_date);
        one.signed_by = Some(UserId(work.actor.recorded_by()));
        Ok(store::update(&mut work.tx, &mut one).await?)
    })
}

fn refused<'a>(work: &'a mut Work, approval: &'a Approval) -> BoxFuture<'a, Result<(), ActionError>> {
    Box::pin(async move {
        let Some(mut one) = about(work, approval).await? else { return Ok(()) };
        one.state = StatementState::Refused;
        Ok(store::update(&mut work.tx, &mut one).await?)
    })
}
