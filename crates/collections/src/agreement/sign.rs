//! The signature of an agreement (协议签署): what was approved becomes true, and the watch over it begins.

use finance::{Fen, Head, TransactionKind};
use platform::approval::{Approval, store as approvals};
use platform::duty::{self, Evidence};
use platform::error::ActionError;
use platform::work::Work;
use serde_json::json;
use servicing::change::actions::{Effect, book};
use servicing::change::agreement::{Agreement as _, decide};
use servicing::error::ServicingError;
use servicing::extension::actions as extension;
use servicing::loan::model::{LoanFile, LoanKey};
use servicing::loan::store as loans;
use servicing::position::engine::Engine;

use super::actions::{self, load};
use super::model::{
    Agreement, AgreementError, AgreementId, AgreementKind, AgreementState, Every, Parts, Plan, Signature, Split, Wish,
};
use super::{rules, store, watch};
use crate::CASE_WORK;
use crate::limitation::actions as limitation;
use crate::limitation::model::{EventKind, NewEvent};
use crate::obligor::model::Role;

/// What the duty to sign waits for.
const SIGNED: &str = "agreement_signed";

/// Registers the signature of an approved agreement: what it gives up or changes is booked today, the stop flag is set, the
/// limitation begins anew because the debtor agreed to the debt (rule `agreement.signed`; S4-12, X-10).
///
/// # Errors
/// Denied; [`AgreementError`]; what the change of the loan refuses today.
pub async fn sign(work: &mut Work, id: &str, signature: &Signature) -> Result<AgreementId, ActionError> {
    let (mut agreement, _) = load(work, id, CASE_WORK).await?;
    let wrong = rules::wrong_signature(signature, agreement.made_on, work.business_date);
    if agreement.state != AgreementState::Approved {
        return Err(AgreementError::NotNow { state: agreement.state.as_str() }.into());
    }
    if !wrong.is_empty() {
        return Err(AgreementError::Form(wrong).into());
    }
    crate::obligor::actions::lock(work, agreement.case.customer).await?;
    if let Some(on) = rules::day_over(agreement.kind, &agreement.terms.payments, (signature.on, work.business_date)) {
        return Err(AgreementError::DayOver { on }.into());
    }
    check_price(work, &agreement).await?;
    agreement.state = AgreementState::Performing;
    agreement.signed_on = Some(signature.on);
    agreement.next_due_on = agreement.terms.payments.first().map(|payment| payment.due_on);
    store::update(&mut work.tx, &agreement).await?;
    agreement.version += 1;
    let detail = format!("{} {} · {}", signature.on, signature.by.trim(), signature.place.trim());
    store::note(work, &agreement, "signed", &detail).await?;
    let after = json!({"number": agreement.number, "on": signature.on, "place": signature.place.trim()});
    work.audit(watch::entry(&agreement, "agreement.sign").after(after)).await?;
    interrupt(work, &agreement, signature).await?;
    close_duty(work, &agreement).await?;
    make_true(work, &agreement).await?;
    let (key, customer) = (agreement.id, agreement.case.customer);
    if let Some(signed) = store::find(&mut work.tx, key).await? {
        // Money that came between signature and today counts at once.
        watch::judge(work, signed).await?;
    }
    watch::settle_flag(work, customer).await?;
    Ok(key)
}

/// What was approved must still be what it comes to (rule `agreement.priced`): money may have come in, a day may be over.
async fn check_price(work: &mut Work, agreement: &Agreement) -> Result<(), ActionError> {
    let files = files(work, agreement).await?;
    let wish = wish_of(agreement);
    let now = match actions::price(work, &files, &wish).await {
        Ok(priced) => priced.terms,
        // What the form of a proposal would complain about has no field here: less is owed than was agreed, or a day is over.
        Err(ActionError::Refused(refused)) if !refused.fields.is_empty() => {
            let on = work.business_date;
            let engine = Engine::load(work, on).await?;
            let mut owed = Fen::ZERO;
            for file in &files {
                let left = engine.replay(file, on, None)?.outstanding.total().unwrap_or_default();
                owed = owed.checked_add(left).unwrap_or(owed);
            }
            return Err(AgreementError::Moved { priced: agreement.terms.total(), now: owed }.into());
        }
        Err(other) => return Err(other),
    };
    let same = match agreement.kind {
        // The sum in parts was agreed as such; it must still be owed, which pricing has checked.
        AgreementKind::Instalments | AgreementKind::Reduction => true,
        AgreementKind::Settlement | AgreementKind::Extension | AgreementKind::Restructuring => {
            now.payments == agreement.terms.payments
        }
    };
    if same {
        return Ok(());
    }
    Err(AgreementError::Moved { priced: agreement.terms.total(), now: now.total() }.into())
}

/// The wish behind the terms.
fn wish_of(agreement: &Agreement) -> Wish {
    let terms = &agreement.terms;
    let mut waived: Vec<(Head, Fen)> = Vec::new();
    for waiver in terms.all_waivers() {
        match waived.iter_mut().find(|(head, _)| *head == waiver.head) {
            Some((_, sum)) => *sum = sum.checked_add(waiver.amount).unwrap_or(*sum),
            None => waived.push((waiver.head, waiver.amount)),
        }
    }
    // As one part: how the sum was divided was agreed and is not asked again.
    let whole = Split { total: terms.total(), count: 1, first_on: terms.last_on(), every: Every::Month };
    let whole = Parts::Equal(whole);
    let (last, before) =
        terms.payments.split_last().map_or((terms.last_on(), &[][..]), |(last, before)| (last.due_on, before));
    let plan = match (agreement.kind, &terms.extension, &terms.restructuring) {
        (AgreementKind::Extension, Some(asked), _) => Plan::Extension(asked.clone()),
        (AgreementKind::Restructuring, _, Some(asked)) => Plan::Restructuring(asked.clone()),
        (AgreementKind::Settlement, ..) => Plan::Settlement(before.to_vec(), last, waived),
        (AgreementKind::Reduction, ..) => Plan::Reduction(whole, waived),
        (AgreementKind::Instalments | AgreementKind::Extension | AgreementKind::Restructuring, ..) => {
            Plan::Instalments(whole)
        }
    };
    Wish {
        loan: agreement.loan,
        also: agreement.also.clone(),
        plan,
        way: terms.way,
        signer: terms.signer.as_ref().map(|one| one.relation),
        reason: terms.reason.clone(),
    }
}

async fn file(work: &mut Work, key: LoanKey) -> Result<LoanFile, ActionError> {
    let missing = || ServicingError::LoanNotFound { number: key.loan.to_string() };
    Ok(loans::load_file(&mut work.tx, key).await?.ok_or_else(missing)?)
}

async fn files(work: &mut Work, agreement: &Agreement) -> Result<Vec<LoanFile>, ActionError> {
    let mut all = Vec::new();
    for key in agreement.loans() {
        all.push(file(work, key).await?);
    }
    Ok(all)
}

/// Books what was approved, under its approval, through each loan's own changes.
async fn make_true(work: &mut Work, agreement: &Agreement) -> Result<(), ActionError> {
    let terms = &agreement.terms;
    if terms.all_waivers().next().is_none() && terms.extension.is_none() && terms.restructuring.is_none() {
        return Ok(());
    }
    let lost = || ActionError::Internal(format!("agreement {} has no approval", agreement.id));
    let key = agreement.approval.ok_or_else(lost)?;
    let approval = approvals::load(&mut work.tx, agreement.case.customer, key).await?.ok_or_else(lost)?;
    for (at, key) in agreement.loans().enumerate() {
        make_true_of(work, agreement, &approval, (at, key)).await?;
    }
    Ok(())
}

/// Books what was approved of one loan.
async fn make_true_of(
    work: &mut Work,
    agreement: &Agreement,
    approval: &Approval,
    (at, key): (usize, LoanKey),
) -> Result<(), ActionError> {
    let terms = &agreement.terms;
    for waiver in terms.waivers_of(at) {
        let loan = file(work, key).await?;
        decide(work, &loan, waiver).await?;
        let done = ("loan.waive", "loan_waived");
        book_one(work, &loan, approval, (waiver.transaction(), &agreement.number), done).await?;
    }
    if let Some(asked) = &terms.extension {
        let loan = file(work, key).await?;
        extension::decide(work, &loan, asked).await?;
        let done = ("loan.extend", "loan_extended");
        book_one(work, &loan, approval, (asked.transaction(), &agreement.number), done).await?;
    }
    if let Some(asked) = &terms.restructuring {
        let loan = file(work, key).await?;
        decide(work, &loan, asked).await?;
        let done = ("loan.restructure", "loan_restructured");
        book_one(work, &loan, approval, (asked.transaction(), &agreement.number), done).await?;
    }
    Ok(())
}

async fn book_one(
    work: &mut Work,
    loan: &LoanFile,
    approval: &Approval,
    (kind, number): (TransactionKind, &str),
    (action, event): (&'static str, &'static str),
) -> Result<Fen, ActionError> {
    let applied = book(work, loan, approval, Effect { kind, reason: number, action, event }).await?;
    Ok(applied.position.outstanding.total().unwrap_or_default())
}

/// An agreement to pay is an agreement to the debt: the limitation begins anew on its day (Civil Code 195).
async fn interrupt(work: &mut Work, agreement: &Agreement, signature: &Signature) -> Result<(), ActionError> {
    // What a guarantor promises is no word of the debtor: the clock of the claim itself runs on.
    if agreement.terms.signer.as_ref().is_some_and(|one| one.role == Role::Guarantor.as_str()) {
        return Ok(());
    }
    let event = NewEvent {
        guarantee: None,
        kind: EventKind::PlanAgreed,
        on: signature.on,
        ended_on: None,
        signer: None,
        missing: false,
        agrees: true,
        evidence: format!("{} · {}", agreement.number, signature.place.trim()),
        void: false,
        corrects: None,
        reason: None,
    };
    for key in agreement.loans() {
        let loan = file(work, key).await?;
        limitation::record_of(work, loan, &event).await?;
    }
    Ok(())
}

/// The duty to sign is done.
pub(super) async fn close_duty(work: &mut Work, agreement: &Agreement) -> Result<(), ActionError> {
    let case = crate::case::store::open_of(&mut work.tx, agreement.case.customer).await?;
    let Some(case) = case else { return Ok(()) };
    let evidence = Evidence { kind: SIGNED, fact: agreement.subject(), settles: false };
    duty::close_by(work, agreement.case.customer, &case.key.subject(), &evidence).await?;
    Ok(())
}
