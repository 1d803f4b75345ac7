//! Use cases of agreements: price one, propose it, follow what the approvers say, give it up.

use customers::relation::model::RelationId;
use finance::{Amounts, Fen, Head, Position, Transaction, TransactionKind};
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

use super::model::{Agreement, AgreementError, AgreementId, AgreementState, Parts, Payment, Plan, Signer, Terms, Wish};
use super::{rules, store, watch};
use crate::CASE_WORK;
use crate::case::actions as cases;
use crate::case::model::{Case, CaseId, CaseState};
use crate::cause::actions as causes;
use crate::obligor::actions as obligors;
use crate::obligor::model::{Obligor, Owes, Role};

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

/// What a plan comes to today (协议试算), over all its loans.
#[derive(Debug, Clone)]
pub struct Priced {
    /// What is owed now.
    pub before: Amounts,
    /// What would be owed today.
    pub after: Amounts,
    /// What would be agreed.
    pub terms: Terms,
}

/// Prices a wish: what is owed, what is given up, what is paid when (rule `agreement.priced`), of loans that are overdue
/// (rule `agreement.overdue`). Nothing is written.
///
/// # Errors
/// Nothing overdue; what the policy or the arithmetic of a loan refuses, as for the change itself.
pub async fn price(work: &mut Work, files: &[LoanFile], wish: &Wish) -> Result<Priced, ActionError> {
    let today = work.business_date;
    let engine = Engine::load(work, today).await?;
    let mut positions = Vec::with_capacity(files.len());
    for file in files {
        let before = engine.replay(file, today, None)?;
        if before.days_overdue == 0 {
            return Err(AgreementError::NothingOverdue.into());
        }
        positions.push(before);
    }
    let waivers = waivers(wish, &positions);
    let mut changes: Vec<Vec<TransactionKind>> = Vec::with_capacity(files.len());
    for (file, waivers) in files.iter().zip(&waivers) {
        changes.push(changes_of(work, file, wish, waivers).await?);
    }
    let tried = files.iter().zip(&changes);
    let trials: Vec<Tried<'_>> = tried.map(|(file, changes)| Tried { engine: &engine, file, today, changes }).collect();
    let after = trials.iter().map(|trial| trial.on(today)).collect::<Result<Vec<_>, _>>()?;
    let payments = payments(work, &wish.plan, &trials, &after).await?;
    let sum = |amounts: Amounts| amounts.total().unwrap_or_default();
    let before = together(positions.iter().map(|one| &one.outstanding));
    let mut waivers = waivers.into_iter();
    let signer = signer(work, files, wish.signer).await?;
    let terms = Terms {
        way: wish.way,
        signer,
        payments,
        waivers: waivers.next().unwrap_or_default(),
        also_waivers: waivers.collect(),
        extension: if let Plan::Extension(asked) = &wish.plan { Some(asked.clone()) } else { None },
        restructuring: if let Plan::Restructuring(asked) = &wish.plan { Some(asked.clone()) } else { None },
        owed: sum(before),
        overdue: sum(together(positions.iter().map(|one| &one.overdue))),
        priced_on: today,
        reason: wish.reason.clone(),
    };
    check_length(work, &terms).await?;
    for file in files {
        check_estate(work, file, &terms).await?;
    }
    Ok(Priced { before, after: together(after.iter().map(|one| &one.outstanding)), terms })
}

/// What several loans owe, head by head.
fn together<'a>(all: impl Iterator<Item = &'a Amounts>) -> Amounts {
    all.fold(Amounts::default(), |mut sum, one| {
        for head in Head::ALL {
            let of = sum.get_mut(head);
            *of = of.checked_add(one.get(head)).unwrap_or(*of);
        }
        sum
    })
}

/// What each loan gives up (rule `agreement.several`).
fn waivers(wish: &Wish, loans: &[Position]) -> Vec<Vec<Waiver>> {
    let mut all: Vec<Vec<Waiver>> = loans.iter().map(|_| Vec::new()).collect();
    for (head, amount) in wish.plan.waived().iter().filter(|(_, amount)| amount.is_positive()) {
        let owed: Vec<Fen> = loans.iter().map(|one| one.outstanding.get(*head)).collect();
        for (of, part) in all.iter_mut().zip(rules::given_up(*amount, &owed)) {
            if part.is_positive() {
                of.push(Waiver { head: *head, amount: part, instalment: None, reason: wish.reason.clone() });
            }
        }
    }
    all
}

/// What the signature would change of one loan; each change is checked by itself, as if it was asked for on the page of the
/// loan's changes.
async fn changes_of(
    work: &mut Work,
    file: &LoanFile,
    wish: &Wish,
    waivers: &[Waiver],
) -> Result<Vec<TransactionKind>, ActionError> {
    let mut changes: Vec<TransactionKind> = waivers.iter().map(Waiver::transaction).collect();
    for waiver in waivers {
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
    Ok(changes)
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

    /// All that would be owed on a day, if these payments come before it.
    fn owed(&self, payments: &[Payment], on: Date) -> Result<Fen, ServicingError> {
        Ok(self.paying(payments, on)?.outstanding.total().unwrap_or_default())
    }
}

/// What is paid when.
async fn payments(
    work: &mut Work,
    plan: &Plan,
    trials: &[Tried<'_>],
    after: &[Position],
) -> Result<Vec<Payment>, ActionError> {
    let today = work.business_date;
    let left = together(after.iter().map(|one| &one.outstanding)).total().unwrap_or_default();
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
            settlement(work, before, *on, trials).await
        }
        Plan::Extension(_) | Plan::Restructuring(_) => {
            let mut of_loans = Vec::with_capacity(trials.len());
            for (trial, after) in trials.iter().zip(after) {
                let days = rules::due_days(after, today);
                let Some(first) = days.first() else { return Err(AgreementError::NothingOverdue.into()) };
                of_loans.push(rules::by_schedule(&trial.on(*first)?, &days));
            }
            Ok(rules::merged(&of_loans))
        }
    }
}

/// The payments before a settlement, then all that is left on its day. Over several loans nothing is paid before: which loan
/// it went to would decide what is left (rule `agreement.several`).
async fn settlement(
    work: &mut Work,
    before: &[Payment],
    on: Date,
    trials: &[Tried<'_>],
) -> Result<Vec<Payment>, ActionError> {
    if !before.is_empty() && trials.len() > 1 {
        refuse(vec![FieldError::new("payments", "agreement-several-before")])?;
    }
    if !before.is_empty() {
        let owed: Vec<Fen> = trials.iter().map(|trial| trial.owed(&[], on)).collect::<Result<_, _>>()?;
        let owed = Fen::checked_sum(owed).unwrap_or_default();
        // The last of them comes with what is left.
        let until = finance::add_days(on, -1).unwrap_or(on);
        let today = work.business_date;
        refuse(rules::wrong_before(before, owed, (today, until), most_payments(work).await?))?;
    }
    let left: Vec<Fen> = trials.iter().map(|trial| trial.owed(before, on)).collect::<Result<_, _>>()?;
    let amount = Fen::checked_sum(left).unwrap_or_default();
    let mut all = before.to_vec();
    if amount.is_positive() {
        all.push(Payment { due_on: on, amount });
    }
    Ok(all)
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
    let signer = terms.signer.as_ref();
    match obligors::left_for_agreement(work, file.loan.key, signer).await?.filter(|left| total > *left) {
        Some(left) => Err(AgreementError::OverEstate { total, left }.into()),
        None => Ok(()),
    }
}

/// Who signs (rule `agreement.signer`, S2.5-24, S2.3-15): a related party that owes each of the loans; who owes the whole of
/// one is not asked for less as an heir, and who owes one of several as an heir alone signs them together as an heir.
async fn signer(
    work: &mut Work,
    files: &[LoanFile],
    wanted: Option<RelationId>,
) -> Result<Option<Signer>, ActionError> {
    let sole = match (wanted, files.first()) {
        (None, Some(file)) => sole_heir(obligors::of_loan(work, file.loan.key).await?),
        _ => None,
    };
    let Some(relation) = wanted.or(sole) else { return Ok(None) };
    let mut found: Option<Signer> = None;
    for file in files {
        let mut able = signers(obligors::of_loan(work, file.loan.key).await?);
        able.retain(|one| one.relation == relation);
        let one = able.into_iter().min_by_key(Signer::is_heir).ok_or(AgreementError::NotObligor)?;
        found = found.filter(Signer::is_heir).or(Some(one));
    }
    Ok(found)
}

/// The one heir of a dead debtor, where nobody else owes: nobody but that heir can sign.
fn sole_heir(all: Vec<Obligor>) -> Option<RelationId> {
    let dead = all.first().is_some_and(|debtor| debtor.owes == Owes::Dead);
    match &signers(all)[..] {
        [one] if dead && one.is_heir() => Some(one.relation),
        _ => None,
    }
}

/// Those of the obligors who can sign besides the debtor; the owner of a thing answers with it alone.
pub(super) fn signers(obligors: Vec<Obligor>) -> Vec<Signer> {
    let able = obligors.into_iter().filter(|one| {
        one.owes == Owes::Yes && matches!(one.role, Role::CoBorrower | Role::Guarantor | Role::Spouse | Role::Heir)
    });
    able.filter_map(|one| {
        Some(Signer { relation: one.relation?, name: one.name, role: one.role.as_str().to_owned(), cap: one.cap })
    })
    .collect()
}

/// What a wish of a case would come to; nothing is written.
///
/// # Errors
/// As [`propose`].
pub async fn preview(work: &mut Work, case: CaseId, wish: &Wish) -> Result<Priced, ActionError> {
    let (case, files) = load_for(work, case, wish).await?;
    causes::plan_allowed(work, case.key).await?;
    price(work, &files, wish).await
}

/// Proposes an agreement (rule `agreement.one`: one stands about a loan): authorise → load → price → save; whoever the
/// policy names decides, never its maker. The cause is known and was talked about (S2.3-05, S2.3-27).
///
/// # Errors
/// Denied; [`AgreementError`]; what [`price`] refuses; what the approval refuses.
pub async fn propose(work: &mut Work, case: CaseId, wish: &Wish) -> Result<AgreementId, ActionError> {
    let (case, files) = load_for(work, case, wish).await?;
    causes::plan_allowed(work, case.key).await?;
    obligors::lock(work, case.key.customer).await?;
    let known = store::of_customer(&mut work.tx, case.key.customer, &AgreementState::ALL).await?;
    if let Some(other) =
        known.into_iter().find(|one| one.state.stands() && files.iter().any(|file| one.is_about(file.loan.key)))
    {
        return Err(AgreementError::Standing { number: other.number }.into());
    }
    let priced = price(work, &files, wish).await?;
    let id = AgreementId(work.next_id());
    let mut agreement = Agreement {
        id,
        case: case.key,
        loan: wish.loan,
        also: wish.also.clone(),
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
        "also": agreement.also.iter().map(|one| one.loan).collect::<Vec<_>>(),
        "total_fen": agreement.terms.total().0,
        "waived_fen": agreement.terms.waived().0,
    });
    work.audit(watch::entry(&agreement, "agreement.propose").after(after)).await?;
    agreement.approval = Some(submit(work, &agreement, &files, priced.before.principal).await?);
    store::update(&mut work.tx, &agreement).await?;
    Ok(id)
}

/// The case and the loans of a wish, each once, for whoever works the case.
async fn load_for(work: &mut Work, case: CaseId, wish: &Wish) -> Result<(Case, Vec<LoanFile>), ActionError> {
    let case = cases::load(work, case, CASE_WORK).await?;
    if matches!(case.state, CaseState::Closed { .. }) {
        return Err(AgreementError::NothingOverdue.into());
    }
    let mut files: Vec<LoanFile> = Vec::with_capacity(wish.also.len() + 1);
    for key in std::iter::once(wish.loan).chain(wish.also.iter().copied()) {
        let missing = || ServicingError::LoanNotFound { number: key.loan.to_string() };
        let file = loans::load_file(&mut work.tx, key).await?.ok_or_else(missing)?;
        if file.loan.key.customer != case.key.customer || files.iter().any(|known| known.loan.key == file.loan.key) {
            return Err(missing().into());
        }
        files.push(file);
    }
    Ok((case, files))
}

/// Asks whoever the policy names for the amount at stake.
async fn submit(
    work: &mut Work,
    agreement: &Agreement,
    files: &[LoanFile],
    principal: Fen,
) -> Result<ApprovalId, ActionError> {
    let (terms, kind) = (&agreement.terms, agreement.kind);
    let amount = rules::at_stake(kind, terms, principal);
    let numbers: Vec<&str> = files.iter().map(|file| file.loan.number.as_str()).collect();

    let payload = json!({
        "loan": numbers.join("、"),
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
    let request = request.amount(amount);
    // A case lies in one branch: the first loan's is that of all.
    let request = files.iter().take(1).fold(request, |request, file| request.branch(file.loan.branch));
    approval::submit(work, request).await
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
