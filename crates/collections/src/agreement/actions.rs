//! Use cases of agreements: price one, propose it, follow what the approvers say, give it up.

use finance::{Fen, Position, Transaction, TransactionKind};
use jiff::civil::Date;
use platform::approval::{self, Approval, ApprovalId, ApprovalKind, Heading, Request};
use platform::error::{ActionError, FieldError};
use platform::event::BoxFuture;
use platform::numbering;
use platform::policies::{self, PolicyError};
use platform::work::Work;
use serde_json::json;
use servicing::change::agreement::{Agreement as _, decide};
use servicing::error::ServicingError;
use servicing::extension::actions as extension;
use servicing::loan::model::LoanFile;
use servicing::loan::store as loans;
use servicing::position::engine::Engine;
use servicing::waiver::model::Waiver;

use super::model::{Agreement, AgreementError, AgreementId, AgreementState, Parts, Payment, Plan, Terms, Wish};
use super::{rules, store, watch};
use crate::CASE_WORK;
use crate::case::actions as cases;
use crate::case::model::{Case, CaseId, CaseState};
use crate::cause::actions as causes;
use crate::obligor::actions as obligors;

pub use super::sign::sign;

/// The actions of whoever approves agreements.
pub const APPROVE: [&str; 3] = ["agreement_plan.approve", "agreement_waiver.approve", "agreement_terms.approve"];

/// The approvals of agreements: by what they give up or change, the chain of the policy differs.
pub const KINDS: [ApprovalKind; 3] = [
    kind("agreement_plan", "approval-agreement-plan", APPROVE[0]),
    kind("agreement_waiver", "approval-agreement-waiver", APPROVE[1]),
    kind("agreement_terms", "approval-agreement-terms", APPROVE[2]),
];

const fn kind(name: &'static str, title: &'static str, action: &'static str) -> ApprovalKind {
    ApprovalKind { kind: name, title, action, mend, approved, refused }
}

/// A returned agreement is given up and proposed anew: its terms are frozen.
fn mend(approval: &Approval) -> String {
    approval.subject.strip_prefix("agreement:").map_or_else(|| super::list::LIST.to_owned(), page_of)
}

/// Where an agreement is read.
pub(super) fn page_of(id: impl std::fmt::Display) -> String {
    format!("{}/{id}", super::list::LIST)
}

/// What a plan comes to today (协议试算).
#[derive(Debug, Clone)]
pub struct Priced {
    /// The loan as it stands.
    pub before: Position,
    /// As it would stand today.
    pub after: Position,
    /// What would be agreed.
    pub terms: Terms,
}

/// Prices a wish: what is owed, what is given up, what is paid when (rule `agreement.priced`), of a loan that is overdue
/// (rule `agreement.overdue`). Nothing is written.
///
/// # Errors
/// Nothing overdue; what the policy or the arithmetic of the loan refuses, as for the change itself.
pub async fn price(work: &mut Work, file: &LoanFile, wish: &Wish) -> Result<Priced, ActionError> {
    let today = work.business_date;
    let engine = Engine::load(work, today).await?;
    let before = engine.replay(file, today, None)?;
    if before.days_overdue == 0 {
        return Err(AgreementError::NothingOverdue.into());
    }
    let waivers = waivers(wish);
    let mut changes: Vec<TransactionKind> = waivers.iter().map(Waiver::transaction).collect();
    // Each is checked by itself, as if it was asked for on the page of the loan's changes.
    for waiver in &waivers {
        decide(work, file, waiver).await?;
    }
    match &wish.plan {
        Plan::Extension(asked) => {
            extension::decide(work, file, asked).await?;
            changes.push(asked.transaction());
        }
        Plan::Restructuring(asked) => {
            decide(work, file, asked).await?;
            changes.push(asked.transaction());
        }
        Plan::Instalments(_) | Plan::Reduction(..) | Plan::Settlement(..) => {}
    }
    let trial = Tried { engine: &engine, file, today, changes: &changes };
    let after = trial.on(today)?;
    let payments = payments(work, &wish.plan, &trial, &after).await?;
    let sum = |amounts: &finance::Amounts| amounts.total().unwrap_or_default();
    let terms = Terms {
        way: wish.way,
        payments,
        waivers,
        extension: if let Plan::Extension(asked) = &wish.plan { Some(asked.clone()) } else { None },
        restructuring: if let Plan::Restructuring(asked) = &wish.plan { Some(asked.clone()) } else { None },
        owed: sum(&before.outstanding),
        overdue: sum(&before.overdue),
        priced_on: today,
        reason: wish.reason.clone(),
    };
    check_length(work, &terms).await?;
    check_estate(work, file, &terms).await?;
    Ok(Priced { before, after, terms })
}

fn waivers(wish: &Wish) -> Vec<Waiver> {
    let positive = wish.plan.waived().iter().filter(|(_, amount)| amount.is_positive());
    positive
        .map(|(head, amount)| Waiver { head: *head, amount: *amount, instalment: None, reason: wish.reason.clone() })
        .collect()
}

/// A loan with changes that are only tried out.
struct Tried<'a> {
    engine: &'a Engine,
    file: &'a LoanFile,
    today: Date,
    changes: &'a [TransactionKind],
}

impl Tried<'_> {
    /// The position on a day, if nothing else happens until then.
    fn on(&self, as_of: Date) -> Result<Position, ServicingError> {
        self.paying(&[], as_of)
    }

    /// The position on a day, if these payments come on their days and nothing else happens until then.
    fn paying(&self, payments: &[Payment], as_of: Date) -> Result<Position, ServicingError> {
        let mut facts = self.file.facts(None);
        facts.retain(|fact| fact.on <= self.today);
        // Numbers of what is only tried out stand above those of all that happened.
        let mut ids = (0..=u64::MAX).rev();
        let changes = ids.by_ref().zip(self.changes);
        facts.extend(changes.map(|(id, change)| Transaction::new(id, self.today, change.clone())));
        let paid = ids.zip(payments);
        facts.extend(paid.map(|(id, one)| Transaction::new(id, one.due_on, TransactionKind::repay(one.amount))));
        Ok(finance::replay(&self.file.terms, &self.engine.context(), &facts, as_of)?)
    }
}

/// What is paid when.
async fn payments(
    work: &mut Work,
    plan: &Plan,
    trial: &Tried<'_>,
    after: &Position,
) -> Result<Vec<Payment>, ActionError> {
    let today = trial.today;
    let left = after.outstanding.total().unwrap_or_default();
    match plan {
        Plan::Instalments(Parts::Equal(split)) | Plan::Reduction(Parts::Equal(split), _) => {
            refuse(rules::wrong_parts(split, left, today, most_payments(work).await?))?;
            let unreadable = || AgreementError::Form(vec![FieldError::new("first_on", "field-empty")]);
            Ok(rules::payments(split).ok_or_else(unreadable)?)
        }
        Plan::Instalments(Parts::Stated(stated)) | Plan::Reduction(Parts::Stated(stated), _) => {
            refuse(rules::wrong_stated(stated, left, (today, Date::MAX), most_payments(work).await?))?;
            Ok(stated.clone())
        }
        Plan::Settlement(before, on, _) => {
            if *on < today {
                refuse(vec![FieldError::new("pay_on", "agreement-past").with("on", today)])?;
            }
            let owed = trial.on(*on)?.outstanding.total().unwrap_or_default();
            if !before.is_empty() {
                // The last of them comes with what is left.
                let until = finance::add_days(*on, -1).unwrap_or(*on);
                refuse(rules::wrong_before(before, owed, (today, until), most_payments(work).await?))?;
            }
            let amount = trial.paying(before, *on)?.outstanding.total().unwrap_or_default();
            let mut all = before.clone();
            if amount.is_positive() {
                all.push(Payment { due_on: *on, amount });
            }
            Ok(all)
        }
        Plan::Extension(_) | Plan::Restructuring(_) => {
            let days = rules::due_days(after, today);
            let Some(first) = days.first() else { return Err(AgreementError::NothingOverdue.into()) };
            Ok(rules::by_schedule(&trial.on(*first)?, &days))
        }
    }
}

fn refuse(wrong: Vec<FieldError>) -> Result<(), AgreementError> {
    if wrong.is_empty() { Ok(()) } else { Err(AgreementError::Form(wrong)) }
}

/// How many payments the policy allows.
async fn most_payments(work: &mut Work) -> Result<i64, ActionError> {
    let today = work.business_date;
    let policy = policies::in_force(work, today).await?;
    Ok(policy.edition(today).integer("agreement_max_payments").map_err(PolicyError::from)?)
}

/// Rule `agreement.longest`: an agreement ends within the months of the policy.
async fn check_length(work: &mut Work, terms: &Terms) -> Result<(), ActionError> {
    let today = work.business_date;
    let policy = policies::in_force(work, today).await?;
    let edition = policy.edition(today);
    let months = edition.integer("agreement_max_months").map_err(PolicyError::from)?;
    let (last, latest) = (terms.last_on(), finance::add_months(today, months).unwrap_or(today));
    if last > latest {
        let article = edition.parameter("agreement_max_months").map(|row| row.article.clone()).unwrap_or_default();
        return Err(AgreementError::TooLong { last, latest, months, article }.into());
    }
    Ok(())
}

/// Rule `obligor.cap`: after the debtor's death nothing beyond what the heirs received is agreed with them (S2.5-24).
async fn check_estate(work: &mut Work, file: &LoanFile, terms: &Terms) -> Result<(), ActionError> {
    let total = terms.total();
    match obligors::left_for_agreement(work, file.loan.key).await?.filter(|left| total > *left) {
        Some(left) => Err(AgreementError::OverEstate { total, left }.into()),
        None => Ok(()),
    }
}

/// What a wish of a case would come to; nothing is written.
///
/// # Errors
/// As [`propose`].
pub async fn preview(work: &mut Work, case: CaseId, wish: &Wish) -> Result<Priced, ActionError> {
    let (case, file) = load_for(work, case, wish).await?;
    causes::plan_allowed(work, case.key).await?;
    price(work, &file, wish).await
}

/// Proposes an agreement (rule `agreement.one`: one stands about a loan): authorise → load → price → save; whoever the
/// policy names decides, never its maker. The cause is known and was talked about (S2.3-05, S2.3-27).
///
/// # Errors
/// Denied; [`AgreementError`]; what [`price`] refuses; what the approval refuses.
pub async fn propose(work: &mut Work, case: CaseId, wish: &Wish) -> Result<AgreementId, ActionError> {
    let (case, file) = load_for(work, case, wish).await?;
    causes::plan_allowed(work, case.key).await?;
    obligors::lock(work, case.key.customer).await?;
    let known = store::of_customer(&mut work.tx, case.key.customer, &AgreementState::ALL).await?;
    if let Some(other) = known.into_iter().find(|one| one.loan == wish.loan && one.state.stands()) {
        return Err(AgreementError::Standing { number: other.number }.into());
    }
    let priced = price(work, &file, wish).await?;
    let id = AgreementId(work.next_id());
    let mut agreement = Agreement {
        id,
        case: case.key,
        loan: wish.loan,
        number: numbering::next(work, "agreement", case.key.customer, id.0).await?,
        kind: wish.plan.kind(),
        terms: priced.terms,
        state: AgreementState::Proposed,
        approval: None,
        signed_on: None,
        next_due_on: None,
        paid: Fen::ZERO,
        flag: None,
        made_on: work.business_date,
        version: 1,
    };
    store::insert(work, &agreement, case.state.owner().map_or(0, |user| user.0)).await?;
    store::note(work, &agreement, "proposed", &agreement.terms.reason).await?;
    let after = json!({
        "number": agreement.number,
        "kind": agreement.kind.as_str(),
        "loan": agreement.loan.loan,
        "total_fen": agreement.terms.total().0,
        "waived_fen": agreement.terms.waived().0,
    });
    work.audit(watch::entry(&agreement, "agreement.propose").after(after)).await?;
    agreement.approval = Some(submit(work, &agreement, &file, &priced.before).await?);
    store::update(&mut work.tx, &agreement).await?;
    Ok(id)
}

/// The case and the loan of a wish, for whoever works the case.
async fn load_for(work: &mut Work, case: CaseId, wish: &Wish) -> Result<(Case, LoanFile), ActionError> {
    let case = cases::load(work, case, CASE_WORK).await?;
    if matches!(case.state, CaseState::Closed { .. }) {
        return Err(AgreementError::NothingOverdue.into());
    }
    let missing = || ServicingError::LoanNotFound { number: wish.loan.loan.to_string() };
    let file = loans::load_file(&mut work.tx, wish.loan).await?.ok_or_else(missing)?;
    if file.loan.key.customer != case.key.customer {
        return Err(missing().into());
    }
    Ok((case, file))
}

/// Asks whoever the policy names for the amount at stake.
async fn submit(
    work: &mut Work,
    agreement: &Agreement,
    file: &LoanFile,
    before: &Position,
) -> Result<ApprovalId, ActionError> {
    let (terms, kind) = (&agreement.terms, agreement.kind);
    let amount = rules::at_stake(kind, terms, before.outstanding.principal);
    let payload = json!({
        "loan": file.loan.number,
        "agreement_kind": kind.as_str(),
        "agreement_page": page_of(agreement.id),
        "owed_fen": terms.owed.0,
        "overdue_fen": terms.overdue.0,
        "waived_fen": terms.waived().0,
        "total_fen": terms.total().0,
        "payments": terms.payments.len(),
        "last_on": terms.last_on(),
        "reason": terms.reason,
    });
    let title = Heading::told(&work.app.catalogue, |locale| {
        let named = [
            ("kind", locale.t(format!("agreement-kind-{}", kind.as_str()))),
            ("number", agreement.number.clone()),
            ("amount", platform::locale::money(amount)),
        ];
        locale.tn("agreement-approval-title", &named)
    });
    let request = Request::new(kind.approval(), agreement.case.customer, agreement.subject(), title, payload);
    approval::submit(work, request.amount(amount).branch(file.loan.branch)).await
}

fn approved<'a>(work: &'a mut Work, approval: &'a Approval) -> BoxFuture<'a, Result<(), ActionError>> {
    Box::pin(async move {
        let Some(mut agreement) = about(work, approval, AgreementState::Proposed).await? else { return Ok(()) };
        agreement.state = AgreementState::Approved;
        store::update(&mut work.tx, &agreement).await?;
        store::note(work, &agreement, "approved", "").await?;
        let on = work.business_date;
        watch::open_duty(work, &agreement, "agreement.approved", on).await
    })
}

fn refused<'a>(work: &'a mut Work, approval: &'a Approval) -> BoxFuture<'a, Result<(), ActionError>> {
    Box::pin(async move {
        let Some(mut agreement) = about(work, approval, AgreementState::Proposed).await? else { return Ok(()) };
        agreement.state = AgreementState::Refused;
        store::update(&mut work.tx, &agreement).await?;
        Ok(store::note(work, &agreement, "refused", "").await?)
    })
}

/// The agreement of an approval, while it is in that state.
async fn about(work: &mut Work, approval: &Approval, state: AgreementState) -> Result<Option<Agreement>, ActionError> {
    let id = approval.subject.strip_prefix("agreement:").and_then(|id| id.parse().ok()).map(AgreementId);
    let Some(id) = id else { return Ok(None) };
    Ok(store::find(&mut work.tx, id).await?.filter(|agreement| agreement.state == state))
}

/// An agreement that the person may touch under an action, with its case.
///
/// # Errors
/// Denied; [`AgreementError::NotFound`], also for what lies outside the scope.
pub async fn load(work: &mut Work, id: &str, action: &str) -> Result<(Agreement, Case), ActionError> {
    work.authorise(action)?;
    let key = id.parse().map(AgreementId).map_err(|_| AgreementError::NotFound)?;
    let agreement = store::find(&mut work.tx, key).await?.ok_or(AgreementError::NotFound)?;
    match cases::load(work, agreement.case.case, action).await {
        Ok(case) => Ok((agreement, case)),
        Err(ActionError::Refused(refused)) if refused.code == "case-not-found" => Err(AgreementError::NotFound.into()),
        Err(other) => Err(other),
    }
}

/// Gives an agreement up before it is signed, for a reason (rule `agreement.life`): another can be made then.
///
/// # Errors
/// Denied; no reason; [`AgreementError::NotNow`] for one that was signed.
pub async fn withdraw(work: &mut Work, id: &str, reason: &str) -> Result<AgreementId, ActionError> {
    let (mut agreement, _) = load(work, id, CASE_WORK).await?;
    if reason.trim().is_empty() {
        return Err(AgreementError::Form(vec![FieldError::new("reason", "reason-empty")]).into());
    }
    match agreement.state {
        AgreementState::Proposed | AgreementState::Approved => {}
        AgreementState::Performing
        | AgreementState::Kept
        | AgreementState::Broken
        | AgreementState::Refused
        | AgreementState::Withdrawn => {
            return Err(AgreementError::NotNow { state: agreement.state.as_str() }.into());
        }
    }
    let proposed = agreement.state == AgreementState::Proposed;
    agreement.state = AgreementState::Withdrawn;
    store::update(&mut work.tx, &agreement).await?;
    store::note(work, &agreement, "withdrawn", reason).await?;
    let entry = watch::entry(&agreement, "agreement.withdraw");
    work.audit(entry.before(json!({"number": agreement.number})).reason(reason.trim())).await?;
    if let Some(approval) = agreement.approval.filter(|_| proposed) {
        approval::withdraw(work, agreement.case.customer, approval).await?;
    } else {
        super::sign::close_duty(work, &agreement).await?;
    }
    Ok(agreement.id)
}
