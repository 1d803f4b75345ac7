//! Use cases of commission: a statement over what came in, decided by somebody else (rule `agency.commission`).

use finance::Fen;
use jiff::civil::Date;
use platform::approval::{self, Approval, ApprovalKind, Heading, Request};
use platform::audit::Entry;
use platform::contact_gate::AgencyId;
use platform::error::{ActionError, FieldError};
use platform::event::BoxFuture;
use platform::id::UserId;
use platform::numbering;
use platform::work::Work;
use serde_json::json;

use super::model::{AgencyError, Commission, CommissionId, CommissionRow, CommissionState};
use super::{COMMISSION_APPROVE, COMMISSION_MAKE, HOUSE, actions, commission_store, placing_store, rules};

/// Where statements are read.
pub(super) const COMMISSIONS: &str = "/collections/commissions";

/// The approval of a statement.
pub(super) const KIND: ApprovalKind = ApprovalKind {
    kind: "agency_commission",
    title: "approval-agency-commission",
    action: COMMISSION_APPROVE,
    mend,
    approved,
    refused,
};

/// Where a statement is read.
pub(super) fn page_of(id: impl std::fmt::Display) -> String {
    format!("{COMMISSIONS}/{id}")
}

/// A returned statement is taken back and made anew.
fn mend(approval: &Approval) -> String {
    page_of(approval.subject.strip_prefix("agency_commission:").unwrap_or_default())
}

/// What a statement up to a day would have: everything that no statement has yet, late entries among it, and what was paid
/// for and taken back since, at the rate that was paid (rule `agency.commission`).
///
/// # Errors
/// An amount that does not fit; the store's.
pub async fn draft(work: &mut Work, agency: AgencyId, to: Date) -> Result<Vec<CommissionRow>, ActionError> {
    let mut rows = Vec::new();
    let came = commission_store::came(&mut work.tx, agency, None, to).await?;
    for one in came.into_iter().filter(|one| !one.stated && !one.reversed) {
        let commission = rules::commission(one.amount, one.commission_bp)
            .ok_or_else(|| ActionError::Internal(format!("commission of {}", one.transaction)))?;
        rows.push(CommissionRow {
            case: one.case,
            number: one.number,
            placement: one.placement,
            transaction: one.transaction,
            transaction_number: one.transaction_number,
            back: false,
            on: one.on,
            amount: one.amount,
            commission_bp: one.commission_bp,
            commission,
            at: one.at,
        });
    }
    rows.extend(commission_store::taken_back(&mut work.tx, agency, to).await?);
    Ok(rows)
}

/// The sums of rows: what came in, and its commission.
///
/// # Errors
/// A sum that does not fit.
pub fn sums(rows: &[CommissionRow]) -> Result<(Fen, Fen), ActionError> {
    let sum = |of: fn(&CommissionRow) -> Fen| Fen::checked_sum(rows.iter().map(of));
    let both = sum(|row| row.amount).zip(sum(|row| row.commission));
    both.ok_or_else(|| ActionError::Internal("sums of a statement of commission".to_owned()))
}

/// Makes a statement up to a day; its amount may be below zero where more was taken back than came in.
///
/// # Errors
/// Denied; a day to come; nothing came in; another one waits; what the approval refuses.
pub async fn make(work: &mut Work, agency: &str, to: Date) -> Result<CommissionId, ActionError> {
    actions::whole(work, COMMISSION_MAKE)?;
    let agency = actions::take(work, agency, COMMISSION_MAKE).await?;
    actions::not_by_agency(work).await?;
    let before = commission_store::of_agency(&mut work.tx, agency.id).await?;
    if before.iter().any(|one| one.state == CommissionState::Proposed) {
        return Err(AgencyError::Waits.into());
    }
    let since = before.iter().find(|one| one.state == CommissionState::Approved).and_then(|one| one.to.tomorrow().ok());
    let from = match since {
        Some(from) => from,
        None => placing_store::first(&mut work.tx, agency.id).await?.ok_or(AgencyError::Nothing)?,
    };
    if to > work.business_date || to < from {
        let wrong = FieldError::new("until", "agency-commission-day").with("from", from).with("to", work.business_date);
        return Err(AgencyError::Form(vec![wrong]).into());
    }
    let rows = draft(work, agency.id, to).await?;
    if rows.is_empty() {
        return Err(AgencyError::Nothing.into());
    }
    let (base, amount) = sums(&rows)?;
    let id = CommissionId(work.next_id());
    let mut one = Commission {
        id,
        number: numbering::next(work, "agency_commission", HOUSE, id.0).await?,
        agency: agency.id,
        from,
        to,
        base,
        amount,
        state: CommissionState::Proposed,
        approval: None,
        by: UserId(work.actor.recorded_by()),
        on: work.business_date,
        version: 1,
    };
    commission_store::insert(work, &one, &rows).await?;
    work.audit(entry(&one, "agency_commission.make")).await?;
    let title = Heading::told(&work.app.catalogue, |locale| {
        locale.tn("agency-commission-approval", &[("number", one.number.clone()), ("amount", one.amount.to_string())])
    });
    let payload = json!({
        "agency_commission_page": page_of(id), "agency": agency.name, "from": from, "to": to,
        "base_fen": base.0, "amount_fen": amount.0,
    });
    let request = Request::new("agency_commission", HOUSE, one.subject(), title, payload).amount(amount.magnitude());
    one.approval = Some(approval::submit(work, request).await?);
    commission_store::update(work, &one, false).await?;
    Ok(id)
}

fn entry(one: &Commission, action: &'static str) -> Entry {
    let after = json!({
        "number": one.number, "agency": one.agency, "from": one.from, "to": one.to, "base_fen": one.base.0,
        "amount_fen": one.amount.0, "state": one.state.as_str(),
    });
    Entry::new(None, action, one.subject()).after(after)
}

/// A statement by the key in an address, with its rows; the whole institution's.
///
/// # Errors
/// Denied; [`AgencyError::NotFound`].
pub async fn load(work: &mut Work, id: &str, action: &str) -> Result<(Commission, Vec<CommissionRow>), ActionError> {
    actions::whole(work, action)?;
    let key = id.parse().map(CommissionId).map_err(|_| AgencyError::NotFound)?;
    let one = commission_store::find(&mut work.tx, key).await?.ok_or(AgencyError::NotFound)?;
    let rows = commission_store::rows(&mut work.tx, key).await?;
    Ok((one, rows))
}

/// The statements of an agency, the latest first.
///
/// # Errors
/// The store's.
pub async fn of_agency(work: &mut Work, agency: AgencyId) -> Result<Vec<Commission>, ActionError> {
    Ok(commission_store::of_agency(&mut work.tx, agency).await?)
}

/// Takes a statement back while nobody decided it; only its maker can.
///
/// # Errors
/// Denied; it is decided; somebody else's.
pub async fn withdraw(work: &mut Work, id: &str) -> Result<CommissionId, ActionError> {
    let (one, _) = load(work, id, COMMISSION_MAKE).await?;
    let Some(approval) = one.approval.filter(|_| one.state == CommissionState::Proposed) else {
        return Err(AgencyError::State { state: one.state.as_str() }.into());
    };
    approval::withdraw(work, HOUSE, approval).await?;
    work.audit(entry(&one, "agency_commission.withdraw")).await?;
    Ok(one.id)
}

fn approved<'a>(work: &'a mut Work, approval: &'a Approval) -> BoxFuture<'a, Result<(), ActionError>> {
    Box::pin(decided(work, approval, CommissionState::Approved))
}

fn refused<'a>(work: &'a mut Work, approval: &'a Approval) -> BoxFuture<'a, Result<(), ActionError>> {
    Box::pin(decided(work, approval, CommissionState::Refused))
}

async fn decided(work: &mut Work, approval: &Approval, state: CommissionState) -> Result<(), ActionError> {
    let id = approval.subject.strip_prefix("agency_commission:").and_then(|id| id.parse().ok()).map(CommissionId);
    let Some(id) = id else { return Ok(()) };
    let found = commission_store::find(&mut work.tx, id).await?.filter(|one| one.state == CommissionState::Proposed);
    let Some(mut one) = found else { return Ok(()) };
    one.state = state;
    commission_store::update(work, &one, state == CommissionState::Refused).await?;
    Ok(work.audit(entry(&one, "agency_commission.decide")).await?)
}

#[cfg(test)]
mod tests {
    use platform::id::CustomerId;

    use super::super::model::PlacementId;
    use super::*;
    use crate::case::model::{CaseId, CaseKey};

    // Rule agency.commission. S2.6-09
    #[test]
    fn a_sum_that_does_not_fit_is_no_sum() {
        let row = |fen| CommissionRow {
            case: CaseKey { customer: CustomerId(1), case: CaseId(1) },
            number: "AJ1".to_owned(),
            placement: PlacementId(1),
            transaction: 1,
            transaction_number: "LS1".to_owned(),
            back: false,
            on: jiff::civil::date(2026, 11, 24),
            amount: Fen(fen),
            commission_bp: 1_000,
            commission: Fen(fen / 10),
            at: jiff::Timestamp::UNIX_EPOCH,
        };
        assert_eq!(sums(&[row(500), row(-200)]).unwrap(), (Fen(300), Fen(30)));
        assert!(sums(&[row(i64::MAX), row(i64::MAX)]).is_err());
    }
}
