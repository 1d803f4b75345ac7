//! Use cases of contracts: proposed, decided by somebody else, ended early by the same two pairs of eyes (rule `agency.appoint`).

use platform::approval::{self, Approval, ApprovalKind, Heading, Request};
use platform::audit::Entry;
use platform::error::{ActionError, FieldError};
use platform::event::BoxFuture;
use platform::id::UserId;
use platform::numbering;
use platform::policies::{self, PolicyError};
use platform::work::Work;
use serde_json::json;

use super::model::{AgencyError, Contract, ContractId, ContractState, EndReason, Terms};
use super::{AGENCY_APPROVE, AGENCY_EDIT, HOUSE, actions, placing, rules, store};

/// Where contracts are read.
pub(super) const CONTRACTS: &str = "/collections/agency-contracts";

/// The approval of a contract: by it an agency is appointed.
pub(super) const KIND: ApprovalKind = ApprovalKind {
    kind: "agency_contract",
    title: "approval-agency-contract",
    action: AGENCY_APPROVE,
    mend,
    approved,
    refused,
};

/// The approval of its early end.
pub(super) const END_KIND: ApprovalKind = ApprovalKind {
    kind: "agency_end",
    title: "approval-agency-end",
    action: AGENCY_APPROVE,
    mend,
    approved: end_approved,
    refused: end_refused,
};

/// Where a contract is read.
pub(super) fn page_of(id: impl std::fmt::Display) -> String {
    format!("{CONTRACTS}/{id}")
}

/// A returned contract is taken back and proposed anew.
fn mend(approval: &Approval) -> String {
    page_of(approval.subject.strip_prefix("agency_contract:").unwrap_or_default())
}

/// A contract by the key in an address.
///
/// # Errors
/// Denied; [`AgencyError::NotFound`].
pub async fn load(work: &mut Work, id: &str, action: &str) -> Result<Contract, ActionError> {
    work.authorise(action)?;
    let key = id.parse().map(ContractId).map_err(|_| AgencyError::NotFound)?;
    Ok(store::find_contract(&mut work.tx, key).await?.ok_or(AgencyError::NotFound)?)
}

fn entry(one: &Contract, action: &'static str) -> Entry {
    let after = json!({
        "number": one.number, "agency": one.agency, "from": one.terms.from, "to": one.terms.to,
        "commission_bp": one.terms.commission_bp, "state": one.state.as_str(),
    });
    Entry::new(None, action, one.subject()).after(after)
}

/// Proposes a contract.
///
/// Rule `agency.contract`: somebody else approves it.
/// Rule `agency.renewal`: a next one comes only after the evaluation before the end of the last.
///
/// # Errors
/// Denied; everything wrong with the form; [`AgencyError::NotEvaluated`]; what the approval refuses.
pub async fn propose(work: &mut Work, agency: &str, terms: &Terms) -> Result<ContractId, ActionError> {
    actions::whole(work, AGENCY_EDIT)?;
    let agency = actions::take(work, agency, AGENCY_EDIT).await?;
    actions::not_by_agency(work).await?;
    let today = work.business_date;
    let policy = policies::in_force(work, today).await?;
    let edition = policy.edition(today);
    let most = edition.integer("agency_commission_most_bp").map_err(PolicyError::from)?;
    let contracts = store::contracts(&mut work.tx, agency.id).await?;
    let wrong = rules::check_contract(terms, &contracts, today, most);
    if !wrong.is_empty() {
        return Err(AgencyError::Form(wrong).into());
    }
    if let Some(since) = rules::renewal_needs(&contracts, actions::pace(edition)?.end_days) {
        let last = store::evaluations(&mut work.tx, agency.id).await?;
        if last.first().is_none_or(|one| one.on < since) {
            return Err(AgencyError::NotEvaluated { since }.into());
        }
    }
    let id = ContractId(work.next_id());
    let mut one = Contract {
        id,
        agency: agency.id,
        number: numbering::next(work, "agency_contract", HOUSE, id.0).await?,
        terms: terms.clone(),
        state: ContractState::Proposed,
        approval: None,
        ending: None,
        end_reason: None,
        ended_on: None,
        by: UserId(work.actor.recorded_by()),
        version: 1,
    };
    store::insert_contract(work, &one).await?;
    work.audit(entry(&one, "agency.propose")).await?;
    let payload = json!({
        "agency_contract_page": page_of(id), "agency": agency.name, "registration": agency.registration,
        "from": terms.from, "to": terms.to, "purpose": terms.purpose, "data_terms": terms.data,
        "delegation": terms.delegation, "commission": rules::percent(terms.commission_bp),
    });
    one.approval = Some(ask(work, &one, "agency_contract", "agency-contract-approval", payload).await?);
    store::update_contract(work, &one).await?;
    Ok(id)
}

async fn ask(
    work: &mut Work,
    one: &Contract,
    kind: &'static str,
    title: &'static str,
    payload: serde_json::Value,
) -> Result<approval::ApprovalId, ActionError> {
    let title = Heading::told(&work.app.catalogue, |locale| locale.tn(title, &[("number", one.number.clone())]));
    approval::submit(work, Request::new(kind, HOUSE, one.subject(), title, payload)).await
}

async fn about(work: &mut Work, approval: &Approval) -> Result<Option<Contract>, ActionError> {
    let id = approval.subject.strip_prefix("agency_contract:").and_then(|id| id.parse().ok()).map(ContractId);
    let Some(id) = id else { return Ok(None) };
    Ok(store::find_contract(&mut work.tx, id).await?)
}

fn approved<'a>(work: &'a mut Work, approval: &'a Approval) -> BoxFuture<'a, Result<(), ActionError>> {
    Box::pin(decided(work, approval, ContractState::Standing))
}

fn refused<'a>(work: &'a mut Work, approval: &'a Approval) -> BoxFuture<'a, Result<(), ActionError>> {
    Box::pin(decided(work, approval, ContractState::Refused))
}

async fn decided(work: &mut Work, approval: &Approval, state: ContractState) -> Result<(), ActionError> {
    let found = about(work, approval).await?.filter(|one| one.state == ContractState::Proposed);
    let Some(mut one) = found else { return Ok(()) };
    one.state = state;
    store::update_contract(work, &one).await?;
    Ok(work.audit(entry(&one, "agency.appoint")).await?)
}

/// Takes a proposed contract back; only its maker can.
///
/// # Errors
/// Denied; it is decided; somebody else's.
pub async fn withdraw(work: &mut Work, id: &str) -> Result<ContractId, ActionError> {
    actions::whole(work, AGENCY_EDIT)?;
    let one = load(work, id, AGENCY_EDIT).await?;
    let Some(approval) = one.approval.filter(|_| one.state == ContractState::Proposed) else {
        return Err(AgencyError::State { state: one.state.as_str() }.into());
    };
    approval::withdraw(work, HOUSE, approval).await?;
    work.audit(entry(&one, "agency.withdraw")).await?;
    Ok(one.id)
}

/// Asks for the early end of a contract; decided by somebody else.
///
/// # Errors
/// Denied; it is not in force or its end waits; no reason.
pub async fn ask_end(work: &mut Work, id: &str, reason: &str) -> Result<ContractId, ActionError> {
    actions::whole(work, AGENCY_EDIT)?;
    let mut one = load(work, id, AGENCY_EDIT).await?;
    actions::not_by_agency(work).await?;
    if one.state != ContractState::Standing || one.terms.to < work.business_date {
        return Err(AgencyError::State { state: one.state.as_str() }.into());
    }
    if one.ending.is_some() {
        return Err(AgencyError::EndWaits.into());
    }
    if reason.trim().is_empty() {
        return Err(AgencyError::Form(vec![FieldError::new("reason", "field-empty")]).into());
    }
    one.end_reason = Some(reason.trim().to_owned());
    let payload = json!({"agency_contract_page": page_of(one.id), "number": one.number, "reason": reason.trim()});
    one.ending = Some(ask(work, &one, "agency_end", "agency-end-approval", payload).await?);
    store::update_contract(work, &one).await?;
    work.audit(entry(&one, "agency.end_ask").reason(reason.trim())).await?;
    Ok(one.id)
}

fn end_approved<'a>(work: &'a mut Work, approval: &'a Approval) -> BoxFuture<'a, Result<(), ActionError>> {
    Box::pin(async move {
        let found = about(work, approval).await?.filter(|one| one.state == ContractState::Standing);
        let Some(mut one) = found else { return Ok(()) };
        // What is being placed now comes back too.
        store::lock(&mut work.tx, one.agency).await?;
        one.state = ContractState::Ended;
        one.ended_on = Some(work.business_date);
        store::update_contract(work, &one).await?;
        let reason = one.end_reason.clone().unwrap_or_default();
        work.audit(entry(&one, "agency.end").reason(reason)).await?;
        placing::end_all(work, one.agency, EndReason::Contract).await.map(drop)
    })
}

fn end_refused<'a>(work: &'a mut Work, approval: &'a Approval) -> BoxFuture<'a, Result<(), ActionError>> {
    Box::pin(async move {
        let found = about(work, approval).await?.filter(|one| one.state == ContractState::Standing);
        let Some(mut one) = found else { return Ok(()) };
        (one.ending, one.end_reason) = (None, None);
        store::update_contract(work, &one).await?;
        Ok(work.audit(entry(&one, "agency.end_refused")).await?)
    })
}
