//! Use cases of admission reviews: begin, mend, send back, submit the check sheet, take back; what a decision brings about.

use platform::approval::{self, Approval, ApprovalKind, ApprovalState, Heading, Request, SignatureCheck};
use platform::audit::Entry;
use platform::error::{ActionError, Refused};
use platform::event::{BoxFuture, Event};
use platform::id::{CustomerId, UserId};
use platform::locale::Lang;
use platform::numbering;
use platform::work::Work;
use policy::Value;
use serde_json::json;

use super::error::AdmissionError;
use super::model::{Admission, AdmissionId, AdmissionState, Application, Assessment, Conclusion, Sheet};
use super::rules::{self, NotYet};
use super::sheet::Desk;
use super::{APPROVE, ASSESS, BEGIN, store};
use crate::VIEW;
use crate::customer::actions::load_within;
use crate::customer::model::Customer;
use crate::customer::store as customers;
use crate::error::CustomerError;
use crate::guarantee::ceiling;
use crate::standing::actions::refuse_stopped;

/// The approval of admission reviews; a risky customer takes the longer chain of the policy.
pub const KIND: ApprovalKind =
    ApprovalKind { kind: "admission", title: "approval-admission", action: APPROVE, mend, approved, refused };

/// Who signs, asked at each step of the chain.
pub(crate) const SIGNING: SignatureCheck = SignatureCheck { kind: "admission", may_sign };

fn mend(approval: &Approval) -> String {
    let id = approval.subject.strip_prefix("admission:").unwrap_or_default();
    format!("{}/{id}/assess", super::LIST)
}

/// The ways of securing a loan that can be applied for, as the policy's dictionary lists them.
pub(super) fn methods(desk: &Desk) -> Vec<String> {
    match desk.rules.pack().dictionary().get("loan_method_asked").map(|fact| &fact.kind) {
        Some(policy::FactType::OneOf { values, .. }) => values.clone(),
        Some(_) | None => Vec::new(),
    }
}

fn check(desk: &Desk, asked: &Application) -> Result<(), ActionError> {
    let products: Vec<String> = desk.products().into_iter().map(|one| one.id.clone()).collect();
    let wrong = rules::check_application(asked, &products, &methods(desk));
    if wrong.is_empty() { Ok(()) } else { Err(Refused::form(wrong).under(rules::RULE_BEGIN, None).into()) }
}

/// Begins an admission review with its preliminary review (S1-20 1): authorise → load → check → save.
///
/// # Errors
/// Not within scope; lending to the customer is stopped; all that is wrong at once; one of the product is open already.
pub async fn begin(work: &mut Work, id: CustomerId, asked: &Application) -> Result<AdmissionId, ActionError> {
    let desk = Desk::lay(work, id, BEGIN).await?;
    refuse_stopped(work, id).await?;
    check(&desk, asked)?;
    // Of two who begin at once the second finds what the first did.
    customers::hold(&mut work.tx, id).await?;
    let open = store::of_customer(&mut work.tx, id).await?;
    if let Some(other) = open.iter().find(|one| one.state.is_open() && one.application.product == asked.product) {
        return Err(AdmissionError::Open { number: other.number.clone() }.into());
    }
    let key = AdmissionId(work.next_id());
    let one = Admission {
        customer: id,
        id: key,
        number: numbering::next(work, "admission", id, key.0).await?,
        application: asked.clone(),
        sheet: None,
        state: AdmissionState::Begun,
        approval: None,
        assessor: None,
        decided_on: None,
        begun_on: work.business_date,
        begun_by: UserId(work.actor.recorded_by()),
        version: 1,
    };
    store::insert(work, &one).await?;
    store::note(work, &one, "begun", &one.application.preliminary, None).await?;
    work.audit(entry(&one, "admission.open").after(state(&one))).await?;
    Ok(key)
}

/// Mends an application that was sent back; only who began it can.
///
/// # Errors
/// Not within scope; it was not sent back, or somebody else began it; all that is wrong at once.
pub async fn amend(work: &mut Work, id: &str, asked: &Application) -> Result<AdmissionId, ActionError> {
    let mut one = load(work, id, BEGIN).await?;
    let desk = Desk::lay(work, one.customer, BEGIN).await?;
    own(work, &one, AdmissionState::Returned)?;
    let asked = Application { product: one.application.product.clone(), ..asked.clone() };
    check(&desk, &asked)?;
    (one.application, one.state) = (asked, AdmissionState::Begun);
    store::update(&mut work.tx, &one).await?;
    store::note(work, &one, "mended", &one.application.preliminary, None).await?;
    work.audit(entry(&one, "admission.amend").after(state(&one))).await?;
    Ok(one.id)
}

/// Only who began it, while it stands so (rule `admission.steps`).
fn own(work: &Work, one: &Admission, state: AdmissionState) -> Result<(), ActionError> {
    if one.state != state {
        return Err(AdmissionError::WrongState { state: one.state.as_str() }.into());
    }
    if one.begun_by.0 == work.actor.recorded_by() { Ok(()) } else { Err(AdmissionError::NotYours.into()) }
}

/// Sends an application back to who began it (S1-20: the return path).
///
/// # Errors
/// Not within scope; it is not at the assessment; no reason.
pub async fn send_back(work: &mut Work, id: &str, reason: &str) -> Result<AdmissionId, ActionError> {
    let mut one = load(work, id, ASSESS).await?;
    if one.state != AdmissionState::Begun {
        return Err(AdmissionError::WrongState { state: one.state.as_str() }.into());
    }
    let mut wrong = Vec::new();
    if reason.trim().is_empty() {
        wrong.push(platform::error::FieldError::new("reason", "reason-empty"));
    }
    wrong.extend(rules::check_lines("reason", reason));
    if !wrong.is_empty() {
        return Err(Refused::form(wrong).under(rules::RULE_STEPS, None).into());
    }
    one.state = AdmissionState::Returned;
    store::update(&mut work.tx, &one).await?;
    store::note(work, &one, "returned", reason, None).await?;
    work.audit(entry(&one, "admission.return").after(state(&one)).reason(reason.trim())).await?;
    Ok(one.id)
}

/// The sheet that an assessment makes on the business date; refused while it cannot conclude what it does.
///
/// # Errors
/// All that is wrong at once; what is lacking; checks that failed.
fn decided(desk: &Desk, one: &Admission, said: &Assessment) -> Result<Sheet, ActionError> {
    let (sheet, mut wrong) = desk.sheet(&one.application, said)?;
    // Who fails a check is told of that, not of a smaller sum.
    let cut = sheet.lending.as_ref().filter(|_| sheet.failed().next().is_none());
    let most = cut.map_or(one.application.amount, |lending| lending.most(one.application.amount));
    wrong.extend(rules::check_assessment(said, &one.application, most));
    if !wrong.is_empty() {
        return Err(Refused::form(wrong).under(rules::RULE_ITEMS, None).into());
    }
    if said.conclusion == Conclusion::NotFit {
        return Ok(sheet);
    }
    let both = |all: Vec<(String, String)>| {
        let (zh, en): (Vec<String>, Vec<String>) = all.into_iter().unzip();
        (zh.join("、"), en.join(", "))
    };
    match rules::may_fit(&sheet) {
        None => Ok(sheet),
        Some(NotYet::Failed(all)) => {
            let (zh, en) = both(all);
            Err(AdmissionError::Failed { zh, en }.into())
        }
        Some(NotYet::Unproved(all)) => {
            let (zh, en) = both(all);
            Err(AdmissionError::Lacking { zh, en }.into())
        }
        Some(NotYet::Unchecked(_)) => {
            let open = sheet.reviews.iter().filter(|review| !review.is_done());
            let count = i64::try_from(open.count()).unwrap_or(i64::MAX);
            Err(AdmissionError::Unchecked { count }.into())
        }
    }
}

/// What an assessment would come to; nothing is written.
///
/// # Errors
/// As [`submit`].
pub async fn preview(work: &mut Work, id: &str, said: &Assessment) -> Result<Sheet, ActionError> {
    let one = load(work, id, ASSESS).await?;
    let desk = Desk::lay(work, one.customer, ASSESS).await?;
    decided(&desk, &one, said)
}

/// Submits the check sheet for the decision, or what the decision sent back to be mended (S1-20 3–4).
///
/// # Errors
/// Not within scope; it is not at the assessment; lending is stopped; as the rules say.
pub async fn submit(work: &mut Work, id: &str, said: &Assessment) -> Result<AdmissionId, ActionError> {
    let mut one = load(work, id, ASSESS).await?;
    let desk = Desk::lay(work, one.customer, ASSESS).await?;
    let again = match one.state {
        AdmissionState::Begun => false,
        AdmissionState::Submitted => true,
        AdmissionState::Returned | AdmissionState::Fit | AdmissionState::NotFit | AdmissionState::Withdrawn => {
            return Err(AdmissionError::WrongState { state: one.state.as_str() }.into());
        }
    };
    let sheet = decided(&desk, &one, said)?;
    if said.conclusion == Conclusion::Fit {
        refuse_stopped(work, one.customer).await?;
        if let Some(above) = ceiling::leverage(work, &desk.rules, sheet.terms.amount).await? {
            let (zh, en) = above.title;
            return Err(AdmissionError::Failed { zh, en }.into());
        }
    }
    let chain = |sheet: &Sheet| (sheet.risky, sheet.is_fast());
    let before = one.sheet.as_ref().map(chain);
    let request = request(work, &one, &sheet, &desk.customer);
    match one.approval.filter(|_| again) {
        Some(approval) if before == Some(chain(&sheet)) => {
            approval::resubmit(work, one.customer, approval, request.payload, &sheet.opinion).await?;
        }
        Some(approval) => {
            // Another chain decides now: the former one ends, and takes the review back with it.
            approval::withdraw(work, one.customer, approval).await?;
            one = load(work, id, ASSESS).await?;
            one.approval = Some(approval::submit(work, request).await?);
        }
        None => one.approval = Some(approval::submit(work, request).await?),
    }
    one.state = AdmissionState::Submitted;
    one.assessor = Some(UserId(work.actor.recorded_by()));
    one.sheet = Some(sheet);
    store::update(&mut work.tx, &one).await?;
    let step = if again { "resubmitted" } else { "submitted" };
    let frozen = one.sheet.clone();
    let opinion = frozen.as_ref().map(|sheet| sheet.opinion.clone()).unwrap_or_default();
    store::note(work, &one, step, &opinion, frozen.as_ref()).await?;
    work.audit(entry(&one, "admission.submit").after(state(&one))).await?;
    Ok(one.id)
}

/// Takes a review back before it was assessed: whoever takes applications of this customer can, so that one whose
/// beginner left, or handed the customer over, does not stand in the way of the next.
///
/// # Errors
/// Not within scope; it is assessed or decided.
pub async fn withdraw(work: &mut Work, id: &str) -> Result<AdmissionId, ActionError> {
    let mut one = load(work, id, BEGIN).await?;
    match one.state {
        AdmissionState::Begun | AdmissionState::Returned => {}
        AdmissionState::Submitted | AdmissionState::Fit | AdmissionState::NotFit | AdmissionState::Withdrawn => {
            return Err(AdmissionError::WrongState { state: one.state.as_str() }.into());
        }
    }
    one.state = AdmissionState::Withdrawn;
    store::update(&mut work.tx, &one).await?;
    store::note(work, &one, "withdrawn", "", None).await?;
    work.audit(entry(&one, "admission.withdraw")).await?;
    Ok(one.id)
}

/// Takes a check sheet back while nobody decided it; only its assessor can.
///
/// # Errors
/// Not within scope; it is decided; somebody else's.
pub async fn retract(work: &mut Work, id: &str) -> Result<AdmissionId, ActionError> {
    let one = load(work, id, ASSESS).await?;
    let Some(approval) = one.approval.filter(|_| one.state == AdmissionState::Submitted) else {
        return Err(AdmissionError::WrongState { state: one.state.as_str() }.into());
    };
    approval::withdraw(work, one.customer, approval).await?;
    work.audit(entry(&one, "admission.retract")).await?;
    Ok(one.id)
}

fn state(one: &Admission) -> serde_json::Value {
    json!({
        "number": one.number,
        "product": one.application.product,
        "amount_fen": one.application.amount.0,
        "state": one.state.as_str(),
        "outcome": one.sheet.as_ref().map(|sheet| sheet.conclusion.clone()),
    })
}

fn entry(one: &Admission, action: &'static str) -> Entry {
    Entry::new(Some(one.customer), action, one.subject())
}

/// What the deciders see: number, conclusion and terms, no name (S1-20 4).
fn request(work: &Work, one: &Admission, sheet: &Sheet, customer: &Customer) -> Request {
    let title = Heading::told(&work.app.catalogue, |locale| {
        let product = if locale.lang() == Lang::En { &sheet.product.1 } else { &sheet.product.0 };
        let conclusion = locale.t(format!("admission-concludes-{}", sheet.conclusion.replace('_', "-")));
        let named = [("number", one.number.clone()), ("product", product.clone()), ("conclusion", conclusion)];
        locale.tn("admission-approval-title", &named)
    });
    let payload = json!({
        "admission_page": super::page_of(one.id),
        "conclusion": sheet.conclusion,
        "reason": Some(&sheet.reason).filter(|reason| !reason.is_empty()),
        "granted_fen": sheet.terms.amount.0,
        "granted_months": sheet.terms.months,
        "granted_e9": sheet.terms.rate_e9,
        "mitigants": Some(&sheet.mitigants).filter(|text| !text.is_empty()),
        "opinion": sheet.opinion,
    });
    let mut request = Request::new("admission", one.customer, one.subject(), title, payload)
        .branch(customer.branch)
        .amount(sheet.terms.amount);
    request.facts.insert("admission_risky".to_owned(), Value::Boolean(sheet.risky));
    request.facts.insert("admission_fast".to_owned(), Value::Boolean(sheet.is_fast()));
    request.first_because(sheet.is_fast().then(|| first_because(work, sheet)))
}

/// Why it is handled before others: the classes that say so (S1-28, S5.2-04).
fn first_because(work: &Work, sheet: &Sheet) -> Heading {
    let (zh, en) = sheet.lending.as_ref().map(|lending| lending.why.clone()).unwrap_or_default();
    Heading::told(&work.app.catalogue, |locale| {
        locale.t1("admission-first", "why", if locale.lang() == Lang::En { &en } else { &zh })
    })
}

/// An admission review that the person may touch under an action.
///
/// # Errors
/// There is none, or not for this person.
pub async fn load(work: &mut Work, id: &str, action: &str) -> Result<Admission, ActionError> {
    work.authorise(action)?;
    let missing = || CustomerError::NoSuchPart("admission");
    let key = id.parse().map(AdmissionId).map_err(|_| missing())?;
    let one = store::find(&mut work.tx, key).await?.ok_or_else(missing)?;
    match load_within(work, one.customer, action).await {
        Ok(_) => Ok(one),
        Err(ActionError::Refused(_)) => Err(missing().into()),
        Err(broken) => Err(broken),
    }
}

/// An admission review to be looked at.
pub(super) async fn seen(work: &mut Work, id: &str) -> Result<Admission, ActionError> {
    load(work, id, VIEW).await
}

/// Whoever began a review never decides it, nor does who stands in for that person; the assessor is the maker of the
/// approval (rule `admission.decide`, X-02).
fn another_decides(work: &Work, one: &Admission) -> Result<(), ActionError> {
    if work.actor.is_second_to(one.begun_by.0)? { Ok(()) } else { Err(AdmissionError::OwnWork.into()) }
}

fn may_sign<'a>(work: &'a mut Work, approval: &'a Approval) -> BoxFuture<'a, Result<(), ActionError>> {
    Box::pin(async move {
        let Some(one) = about(work, approval).await? else { return Ok(()) };
        another_decides(work, &one)
    })
}

fn approved<'a>(work: &'a mut Work, approval: &'a Approval) -> BoxFuture<'a, Result<(), ActionError>> {
    Box::pin(async move {
        let Some(one) = about(work, approval).await? else { return Ok(()) };
        let fit = one.sheet.as_ref().is_some_and(|sheet| sheet.conclusion == Conclusion::Fit.as_str());
        end(work, one, if fit { AdmissionState::Fit } else { AdmissionState::NotFit }).await
    })
}

fn refused<'a>(work: &'a mut Work, approval: &'a Approval) -> BoxFuture<'a, Result<(), ActionError>> {
    Box::pin(async move {
        let Some(mut one) = about(work, approval).await? else { return Ok(()) };
        if matches!(approval.state, ApprovalState::Rejected { .. }) {
            another_decides(work, &one)?;
            return end(work, one, AdmissionState::NotFit).await;
        }
        one.state = AdmissionState::Withdrawn;
        store::update(&mut work.tx, &one).await?;
        Ok(store::note(work, &one, "withdrawn", "", None).await?)
    })
}

/// The decision stands, and is told.
async fn end(work: &mut Work, mut one: Admission, state: AdmissionState) -> Result<(), ActionError> {
    let today = work.business_date;
    (one.state, one.decided_on) = (state, Some(today));
    store::update(&mut work.tx, &one).await?;
    store::note(work, &one, state.as_str(), "", None).await?;
    let payload = json!({"number": one.number, "product": one.application.product, "outcome": state.as_str()});
    let (customer, subject) = (one.customer, one.subject());
    work.emit(Event { kind: "admission_decided", customer, subject, effective_on: today, payload }).await
}

/// The open review of an approval.
async fn about(work: &mut Work, approval: &Approval) -> Result<Option<Admission>, ActionError> {
    let id = approval.subject.strip_prefix("admission:").and_then(|id| id.parse().ok()).map(AdmissionId);
    let Some(id) = id else { return Ok(None) };
    Ok(store::find(&mut work.tx, id).await?.filter(|one| one.state == AdmissionState::Submitted))
}
