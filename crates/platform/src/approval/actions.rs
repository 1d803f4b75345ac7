//! What people do with approvals (审批用例): submit, agree, refuse, return, take back.

use finance::Fen;
use policy::{Facts, Value};
use serde_json::{Value as Json, json};

use super::heading::Heading;
use super::model::{Approval, ApprovalError, ApprovalId, ApprovalState, Checker, Missing};
use super::store;
use crate::access::DataScope;
use crate::args;
use crate::audit::Entry;
use crate::error::ActionError;
use crate::event::BoxFuture;
use crate::id::{BranchId, CustomerId, UserId};
use crate::notice::{self, News, Notice};
use crate::policies::{self, PolicyError};
use crate::work::Work;

/// What agreement brings about, called in the transaction of the last step.
pub type Outcome = for<'a> fn(&'a mut Work, &'a Approval) -> BoxFuture<'a, Result<(), ActionError>>;

/// A kind of approval that a capability offers (审批事项种类).
#[derive(Debug, Clone, Copy)]
pub struct ApprovalKind {
    /// Its name, also the subject of the pack's chains: `extension`.
    pub kind: &'static str,
    /// The message with its title.
    pub title: &'static str,
    /// The action that a checker needs.
    pub action: &'static str,
    /// The page on which the maker mends what was returned: of this very thing, not a list of its kind.
    pub mend: fn(&Approval) -> String,
    /// What happens on agreement.
    pub approved: Outcome,
    /// What happens when it is refused or taken back.
    pub refused: Outcome,
}

/// What is asked before each signature under a kind of approval (签批前核查): who took part in the thing signs nothing of it.
#[derive(Debug, Clone, Copy)]
pub struct SignatureCheck {
    /// The kind of approval.
    pub kind: &'static str,
    /// Refuses the person who is about to sign.
    pub may_sign: Outcome,
}

/// What is asked for (审批申请).
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// The kind.
    pub kind: &'static str,
    /// Whose file; 0 is the institution's own.
    pub customer: CustomerId,
    /// The thing.
    pub subject: String,
    /// What people call it: number and amount, no name of a customer; it is told in notices.
    pub title: Heading,
    /// Everything that agreement makes true.
    pub payload: Json,
    /// The amount at stake.
    pub amount: Option<Fen>,
    /// Why it is handled before others (优先办理).
    pub priority: Option<Heading>,
    /// The branch it belongs to; the maker's when not named.
    pub branch: Option<BranchId>,
    /// More facts for the choice of the chain.
    pub facts: Facts,
}

impl Request {
    /// A request without an amount.
    #[must_use]
    pub fn new(
        kind: &'static str,
        customer: CustomerId,
        subject: String,
        title: impl Into<Heading>,
        payload: Json,
    ) -> Self {
        let title = title.into();
        Self {
            kind,
            customer,
            subject,
            title,
            payload,
            amount: None,
            priority: None,
            branch: None,
            facts: Facts::new(),
        }
    }

    /// With the amount at stake, which chains may depend on.
    #[must_use]
    pub fn amount(mut self, amount: Fen) -> Self {
        self.amount = Some(amount);
        self
    }

    /// Handled before others, for this reason (rule `approval.priority`).
    #[must_use]
    pub fn first_because(mut self, reason: Option<Heading>) -> Self {
        self.priority = reason;
        self
    }

    /// Of this branch.
    #[must_use]
    pub fn branch(mut self, branch: BranchId) -> Self {
        self.branch = Some(branch);
        self
    }
}

/// A checker's words (审批意见).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verdict {
    /// The version that the person had on the screen.
    pub seen: i64,
    /// The opinion.
    pub opinion: String,
    /// What the maker must mend, for a return.
    pub missing: Vec<Missing>,
}

/// Submits a thing for agreement; the chain is what the policy says today.
///
/// # Errors
/// [`ApprovalError::UnknownKind`], [`ApprovalError::Waits`]; what the policy cannot decide; the store's.
pub async fn submit(work: &mut Work, request: Request) -> Result<ApprovalId, ActionError> {
    let kind = kind_of(work, request.kind)?;
    if store::waits(&mut work.tx, request.kind, request.customer, &request.subject).await? {
        return Err(ApprovalError::Waits { subject: request.subject }.into());
    }
    let on = work.business_date;
    let in_force = policies::in_force(work, on).await?;
    let mut facts = request.facts;
    facts.insert("amount_fen".to_owned(), Value::Integer(request.amount.map_or(0, |amount| amount.0)));
    let edition = in_force.edition(on);
    let chain = edition.approval(request.kind, &facts).map_err(PolicyError::from)?;
    let approval = Approval {
        id: ApprovalId(work.next_id()),
        customer: request.customer,
        kind: request.kind.to_owned(),
        subject: request.subject,
        title: request.title,
        payload: request.payload,
        amount: request.amount,
        priority: request.priority,
        maker: work.actor.recorded_by(),
        branch: request.branch.unwrap_or(work.actor.branch),
        chain: chain.steps.clone(),
        chain_title: Heading::from(&chain.title),
        rule: chain.rule.clone(),
        article: chain.article.clone(),
        policy_version: edition.version().to_json().to_string(),
        state: ApprovalState::Pending { step: 0 },
        decided_by: std::collections::BTreeSet::new(),
        submitted_on: on,
        submitted_at: work.now,
        version: 1,
    };
    store::insert(&mut work.tx, &approval).await?;
    let after =
        json!({"kind": approval.kind, "about": approval.subject, "chain": approval.chain, "rule": approval.rule});
    work.audit(entry(&approval, "approval.submit").after(after)).await?;
    tell(work, kind, &approval).await?;
    Ok(approval.id)
}

/// Agrees to the waiting step; on the last one the thing becomes true, in this transaction.
///
/// # Errors
/// Denied; [`ApprovalError`]; whatever the thing itself refuses.
pub async fn approve(
    work: &mut Work,
    customer: CustomerId,
    id: ApprovalId,
    verdict: &Verdict,
) -> Result<Approval, ActionError> {
    decide(work, customer, id, verdict, "approve").await
}

/// Refuses the whole; needs an opinion.
///
/// # Errors
/// As [`approve`].
pub async fn reject(
    work: &mut Work,
    customer: CustomerId,
    id: ApprovalId,
    verdict: &Verdict,
) -> Result<Approval, ActionError> {
    decide(work, customer, id, verdict, "reject").await
}

/// Sends it back to the maker with what must be mended.
///
/// # Errors
/// As [`approve`].
pub async fn return_to_maker(
    work: &mut Work,
    customer: CustomerId,
    id: ApprovalId,
    verdict: &Verdict,
) -> Result<Approval, ActionError> {
    decide(work, customer, id, verdict, "return").await
}

async fn decide(
    work: &mut Work,
    customer: CustomerId,
    id: ApprovalId,
    verdict: &Verdict,
    verb: &'static str,
) -> Result<Approval, ActionError> {
    let mut approval = store::load(&mut work.tx, customer, id).await?.ok_or(ApprovalError::NotFound)?;
    let kind = kind_of(work, &approval.kind)?;
    let on = work.business_date;
    let roles = work.actor.roles.clone();
    work.actor.decides()?;
    let user = work.actor.user.ok_or(ApprovalError::NotThisStep { roles: String::new() })?;
    let alone = store::active_users(&mut work.tx).await? < 2;
    let checker =
        Checker { user, roles: &roles, alone, stands_for: work.actor.stands_for.as_ref().map(|hat| hat.user) };
    let step = step_of(&approval);
    let next = match verb {
        "approve" => approval.approve(checker, on)?,
        "reject" => approval.reject(checker, on)?,
        _ => approval.return_to_maker(checker, verdict.missing.clone())?,
    };
    refuse_elsewhere(work.authorise(kind.action)?, &approval)?;
    if verb == "approve" {
        let all = work.app.capabilities.iter().flat_map(|capability| capability.signature_checks());
        let own: Vec<SignatureCheck> = all.filter(|check| check.kind == kind.kind).collect();
        for check in own {
            (check.may_sign)(work, &approval).await?;
        }
    }
    if verb != "approve" && verdict.opinion.trim().is_empty() && verdict.missing.is_empty() {
        return Err(ApprovalError::OpinionNeeded.into());
    }
    if verdict.seen != approval.version {
        return Err(crate::db::StoreError::Stale { changed: 0 }.into());
    }
    let role = approval.open_step().and_then(|step| roles.iter().find(|role| step.contains(role))).cloned();
    approval.state = next;
    store::update(&mut work.tx, &approval, work.now).await?;
    approval.version += 1;
    say(work, &approval, step, verb, role.unwrap_or_default(), verdict).await?;
    tell(work, kind, &approval).await?;
    match &approval.state {
        ApprovalState::Approved { .. } => (kind.approved)(work, &approval).await?,
        ApprovalState::Rejected { .. } => (kind.refused)(work, &approval).await?,
        ApprovalState::Pending { .. } | ApprovalState::Returned { .. } | ApprovalState::Withdrawn { .. } => {}
    }
    Ok(approval)
}

/// Takes the own thing back.
///
/// # Errors
/// [`ApprovalError`].
pub async fn withdraw(work: &mut Work, customer: CustomerId, id: ApprovalId) -> Result<Approval, ActionError> {
    let mut approval = store::load(&mut work.tx, customer, id).await?.ok_or(ApprovalError::NotFound)?;
    let kind = kind_of(work, &approval.kind)?;
    let user = work.actor.user.ok_or(ApprovalError::NotMaker)?;
    let step = step_of(&approval);
    approval.state = approval.withdraw(user, work.business_date)?;
    store::update(&mut work.tx, &approval, work.now).await?;
    say(work, &approval, step, "withdraw", String::new(), &Verdict::default()).await?;
    tell(work, kind, &approval).await?;
    (kind.refused)(work, &approval).await?;
    Ok(approval)
}

/// Submits the mended thing again, at the step that returned it.
///
/// # Errors
/// [`ApprovalError`].
pub async fn resubmit(
    work: &mut Work,
    customer: CustomerId,
    id: ApprovalId,
    payload: Json,
    words: &str,
) -> Result<Approval, ActionError> {
    let mut approval = store::load(&mut work.tx, customer, id).await?.ok_or(ApprovalError::NotFound)?;
    let user = work.actor.user.ok_or(ApprovalError::NotMaker)?;
    let step = step_of(&approval);
    approval.state = approval.resubmit(user)?;
    approval.payload = payload;
    store::update(&mut work.tx, &approval, work.now).await?;
    let verdict = Verdict { opinion: words.to_owned(), ..Verdict::default() };
    say(work, &approval, step, "resubmit", String::new(), &verdict).await?;
    approval.version += 1;
    let kind = kind_of(work, &approval.kind)?;
    tell(work, kind, &approval).await?;
    Ok(approval)
}

/// The kind as its capability offers it.
pub(super) fn kind_of(work: &Work, kind: &str) -> Result<ApprovalKind, ApprovalError> {
    let mut kinds = work.app.capabilities.iter().flat_map(|capability| capability.approval_kinds());
    kinds.find(|known| known.kind == kind).ok_or_else(|| ApprovalError::UnknownKind { kind: kind.to_owned() })
}

/// A checker with a branch scope decides in that branch only; elsewhere the approval does not exist.
fn refuse_elsewhere(scope: DataScope, approval: &Approval) -> Result<(), ApprovalError> {
    if scope.branch != 0 && scope.branch != approval.branch.0 {
        return Err(ApprovalError::NotFound);
    }
    Ok(())
}

fn step_of(approval: &Approval) -> i64 {
    match &approval.state {
        ApprovalState::Pending { step } | ApprovalState::Returned { step, .. } => i64::try_from(*step).unwrap_or(0),
        ApprovalState::Approved { .. } | ApprovalState::Rejected { .. } | ApprovalState::Withdrawn { .. } => 0,
    }
}

fn entry(approval: &Approval, action: &'static str) -> Entry {
    let customer = (approval.customer.0 != 0).then_some(approval.customer);
    Entry::new(customer, action, format!("approval:{}", approval.id))
}

/// Tells those for whom it waits now, or its maker how it ended; what was told before falls away.
async fn tell(work: &mut Work, kind: ApprovalKind, approval: &Approval) -> Result<(), ActionError> {
    let thing = format!("approval:{}", approval.id);
    notice::settle(work, &thing).await?;
    let (matter, title) = (kind.title.to_owned(), approval.title.clone());
    let (people, news) = match &approval.state {
        ApprovalState::Pending { .. } => {
            let roles = approval.open_step().cloned().unwrap_or_default();
            let mut people = notice::who_may(work, kind.action, Some(&roles), Some(approval.branch)).await?;
            people.retain(|user| user.0 != approval.maker && !approval.decided_by.contains(&user.0));
            (people, News::ApprovalWaits { matter, title })
        }
        ApprovalState::Returned { .. } | ApprovalState::Approved { .. } | ApprovalState::Rejected { .. } => {
            let state = approval.state.as_str().to_owned();
            (vec![UserId(approval.maker)], News::ApprovalDecided { matter, title, state })
        }
        ApprovalState::Withdrawn { .. } => return Ok(()),
    };
    let occasion = format!("{thing}:{}", approval.version);
    let href = format!("/approvals/{}/{}", approval.customer, approval.id);
    Ok(notice::tell(work, &people, &Notice { news, occasion, thing, href }).await?)
}

async fn say(
    work: &mut Work,
    approval: &Approval,
    step: i64,
    verb: &'static str,
    role: String,
    verdict: &Verdict,
) -> Result<(), ActionError> {
    let id = work.next_id();
    let by = work.actor.recorded_by();
    work.tx
        .execute(
            "insert into approval_opinion (customer_id, id, approval_id, step, verdict, by_user, by_role, maker, opinion, \
             missing_json, effective_on, recorded_at, for_user) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
            args![
                approval.customer,
                id,
                approval.id,
                step,
                verb,
                by,
                role,
                approval.maker,
                verdict.opinion,
                json!(verdict.missing).to_string(),
                work.business_date,
                work.now,
                work.actor.stands_for.as_ref().map(|hat| hat.user)
            ],
        )
        .await?;
    let action = match verb {
        "approve" => "approval.approve",
        "reject" => "approval.reject",
        "return" => "approval.return",
        "withdraw" => "approval.withdraw",
        _ => "approval.resubmit",
    };
    let after =
        json!({"kind": approval.kind, "about": approval.subject, "state": approval.state.as_str(), "step": step});
    let mut entry = entry(approval, action).after(after);
    if !verdict.opinion.is_empty() {
        entry = entry.reason(verdict.opinion.clone());
    }
    work.audit(entry).await?;
    Ok(())
}
