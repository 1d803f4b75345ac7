//! What money and time make of agreements (协议履行): judged, the stop flag set and lifted, what is broken told.

use std::collections::BTreeMap;

use finance::{Fen, Status};
use jiff::civil::Date;
use platform::audit::Entry;
use platform::duty::{self, Evidence};
use platform::error::ActionError;
use platform::event::{BoxFuture, Event, Subscriber};
use platform::id::CustomerId;
use platform::policies::{self, PolicyError};
use platform::work::Work;
use policy::{Facts as PolicyFacts, Value};
use serde_json::json;
use servicing::loan::store as loans;
use servicing::position::engine::Engine;

use super::model::{Agreement, AgreementState};
use super::rules::{self, Facts};
use super::store;
use crate::case::model::Case;
use crate::case::pages::overdue_loans;
use crate::case::store as case_store;
use crate::stop_flag::actions as flags;
use crate::stop_flag::model::{NewStopFlag, StopKind};

/// What an agreement's end proves to the duties of its case.
const EVIDENCE: &str = "agreement";

/// Money, its reversal and the end of a case judge the agreements of the customer in the same transaction (S4-12).
pub fn subscribers() -> Vec<Subscriber> {
    ["repayment_received", "transaction_reversed", "case_closed"]
        .into_iter()
        .map(|event| Subscriber { event, name: "collections.agreement", handle: on_event })
        .collect()
}

fn on_event<'a>(work: &'a mut Work, event: &'a Event) -> BoxFuture<'a, Result<(), ActionError>> {
    Box::pin(async move {
        let signed = [AgreementState::Performing, AgreementState::Kept, AgreementState::Broken];
        let all = store::of_customer(&mut work.tx, event.customer, &signed).await?;
        if all.is_empty() {
            return Ok(());
        }
        for agreement in all {
            judge(work, agreement).await?;
        }
        settle_flag(work, event.customer).await
    })
}

/// Judges one signed agreement by what is known now; whether anything changed.
///
/// # Errors
/// The policy lacks something; the store's.
pub async fn judge(work: &mut Work, mut agreement: Agreement) -> Result<bool, ActionError> {
    let Some(signed_on) = agreement.signed_on else { return Ok(false) };
    let facts = facts(work, &agreement, signed_on).await?;
    let (state, next) = rules::judge(agreement.kind, &agreement.terms, &facts);
    let paid = facts.all();
    if (state, next, paid) == (agreement.state, agreement.next_due_on, agreement.paid) {
        return Ok(false);
    }
    let before = agreement.state;
    (agreement.state, agreement.next_due_on, agreement.paid) = (state, next, paid);
    store::update(&mut work.tx, &agreement).await?;
    agreement.version += 1;
    if before != state {
        tell(work, &agreement, before).await?;
    }
    Ok(true)
}

async fn facts(work: &mut Work, agreement: &Agreement, signed_on: Date) -> Result<Facts, ActionError> {
    let today = work.business_date;
    let policy = policies::in_force(work, today).await?;
    let grace = policy.edition(today).integer("agreement_grace_days").map_err(PolicyError::from)?;
    let engine = Engine::load(work, today).await?;
    let (mut days, mut settled, mut days_overdue) = (BTreeMap::new(), true, 0_i64);
    for key in agreement.loans() {
        for (on, amount) in store::paid(&mut work.tx, key, signed_on).await? {
            let sum: &mut Fen = days.entry(on).or_default();
            *sum = sum.checked_add(amount).unwrap_or(*sum);
        }
        let Some(file) = loans::load_file(&mut work.tx, key).await? else {
            settled = false;
            continue;
        };
        let position = engine.replay(&file, today, None)?;
        settled &= position.status == Status::Settled;
        days_overdue = days_overdue.max(i64::from(position.days_overdue));
    }
    let paid = days.into_iter().collect();
    Ok(Facts { today, grace, paid, settled, days_overdue })
}

/// The agreement has another state: the history, the duties, the event.
async fn tell(work: &mut Work, agreement: &Agreement, before: AgreementState) -> Result<(), ActionError> {
    let (customer, on) = (agreement.case.customer, work.business_date);
    let paid = agreement.paid.to_string();
    store::note(work, agreement, agreement.state.as_str(), &paid).await?;
    match agreement.state {
        AgreementState::Broken => open_duty(work, agreement, "agreement.broken", on).await?,
        AgreementState::Kept => {
            let evidence = Evidence { kind: EVIDENCE, fact: agreement.subject(), settles: true };
            duty::close_by(work, customer, &agreement.case.subject(), &evidence).await?;
        }
        AgreementState::Proposed
        | AgreementState::Approved
        | AgreementState::Performing
        | AgreementState::Refused
        | AgreementState::Withdrawn => {}
    }
    let payload = json!({
        "agreement": agreement.id,
        "number": agreement.number,
        "before": before.as_str(),
        "state": agreement.state.as_str(),
        "paid": agreement.paid,
    });
    let subject = agreement.case.subject();
    work.emit(Event { kind: "agreement_settled", customer, subject, effective_on: on, payload }).await
}

/// Opens the duty of a trigger about an agreement, while its case is open.
pub(super) async fn open_duty(
    work: &mut Work,
    agreement: &Agreement,
    trigger: &str,
    anchor: Date,
) -> Result<(), ActionError> {
    // The case of the agreement may have ended, and another one begun.
    let Some(case) = case_store::open_of(&mut work.tx, agreement.case.customer).await? else { return Ok(()) };
    let asked = duty_case(work, &case, agreement, anchor).await?;
    duty::open(work, trigger, &[asked]).await?;
    Ok(())
}

async fn duty_case(
    work: &mut Work,
    case: &Case,
    agreement: &Agreement,
    anchor: Date,
) -> Result<duty::Case, ActionError> {
    let behind = case_store::arrears(&mut work.tx, &[case.key.customer]).await?;
    let whom = behind.get(&case.key.customer).map(|one| one.name.clone()).unwrap_or_default();
    let total = agreement.terms.total();
    Ok(duty::Case {
        customer: case.key.customer,
        subject: case.key.subject(),
        anchor,
        manager: case.state.owner(),
        personal: false,
        branch: case.branch,
        whom: whom.clone(),
        number: agreement.number.clone(),
        amount: Some(total),
        facts: PolicyFacts::from([("amount_fen".to_owned(), Value::Integer(total.0))]),
        fields: BTreeMap::from([("name".to_owned(), whom), ("amount".to_owned(), total.to_string())]),
    })
}

/// Sets the stop flag while every overdue loan of the customer is under an agreement that is performed, and lifts it as
/// soon as one is not (rule `agreement.stop-flag`, X-10): another debt may be collected, this one not.
///
/// # Errors
/// The store's.
pub async fn settle_flag(work: &mut Work, customer: CustomerId) -> Result<(), ActionError> {
    let performing = store::of_customer(&mut work.tx, customer, &[AgreementState::Performing]).await?;
    let overdue: Vec<_> = overdue_loans(work, customer).await?.into_iter().map(|row| row.key).collect();
    let agreed: Vec<_> = performing.iter().flat_map(Agreement::loans).collect();
    let covered = rules::covers(&overdue, &agreed);
    let standing = store::standing_flag(&mut work.tx, customer).await?;
    match (covered, standing) {
        (true, None) => {
            let kinds = crate::stop_flag::store::kinds(&mut work.tx, &[customer]).await?;
            // One that a person set by hand stays that person's.
            let Some(mut agreement) = performing.into_iter().next_back().filter(|_| !kinds.has(StopKind::Agreement))
            else {
                return Ok(());
            };
            let (reason, evidence) = (agreement.number.clone(), agreement.number.clone());
            let new = NewStopFlag { kind: StopKind::Agreement, reason, evidence };
            agreement.flag = Some(flags::set_by_rule(work, customer, &new).await?);
            Ok(store::update(&mut work.tx, &agreement).await?)
        }
        (false, Some(flag)) => flags::lift_by_rule(work, customer, flag, "agreement.stop-flag").await,
        (true, Some(_)) | (false, None) => Ok(()),
    }
}

/// An entry of the audit trail about an agreement.
pub(super) fn entry(agreement: &Agreement, action: &'static str) -> Entry {
    Entry::new(Some(agreement.case.customer), action, agreement.subject())
}
