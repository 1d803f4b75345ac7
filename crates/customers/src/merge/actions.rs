//! Use cases of merges: ask for one, ask for its end; what agreement brings about.

use jiff::civil::Date;
use platform::approval::{self, Approval, ApprovalId, ApprovalKind, Heading, Request};
use platform::audit::Entry;
use platform::duty;
use platform::error::{ActionError, FieldError, Refused};
use platform::event::{BoxFuture, Event};
use platform::id::{CustomerId, UserId};
use platform::locale::{Lang, Locale};
use platform::policies::{self, InForce, PolicyError};
use platform::work::Work;
use serde_json::json;

use super::error::MergeError;
use super::model::{Merge, MergeId, MergeState, MergeStep, Weight};
use super::rules::{self, Pair};
use super::{APPROVE, MERGE, store, united};
use crate::customer::actions::load_within;
use crate::customer::model::Customer;
use crate::customer::store as customers;
use crate::datum::rules::check_text;
use crate::document::store as documents;
use crate::duplicate;
use crate::error::CustomerError;
use crate::identity::IdentityKind;
use crate::relation::store as relations;
use crate::standing;

/// The approval of merges and of their end.
pub const KIND: ApprovalKind =
    ApprovalKind { kind: "customer_merge", title: "approval-customer-merge", action: APPROVE, mend, approved, refused };

/// What was returned is taken back and asked for anew: its words are those of a form on this page.
fn mend(approval: &Approval) -> String {
    format!("/customers/{}?tab=merged", approval.customer)
}

/// What somebody wants to be one (合并申请).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    /// The file that goes.
    pub gone: CustomerId,
    /// The file that stays.
    pub into: CustomerId,
    /// Why they are one.
    pub reason: String,
}

/// Asks for a merge, to be agreed to by somebody else (rule `approval.customer_merge`).
///
/// # Errors
/// One of the files is not within scope; no reason; [`MergeError`].
pub async fn request(work: &mut Work, wish: &Wish) -> Result<Merge, ActionError> {
    let into = load_within(work, wish.into, MERGE).await?;
    let gone = other_within(work, wish.gone).await?;
    let reason = check_reason(&wish.reason)?;
    store::take(&mut work.tx, [gone.id, into.id]).await?;
    refuse(work, &gone, &into, None).await?;
    let mut one = Merge {
        gone: gone.id,
        id: MergeId(work.next_id()),
        into: into.id,
        reason,
        state: MergeState::Requested,
        approval: None,
        merged_on: None,
        undo_reason: None,
        undo_approval: None,
        ended_on: None,
        asked_on: work.business_date,
        asked_by: UserId(work.actor.recorded_by()),
        version: 1,
    };
    store::insert(work, &one).await?;
    let words = one.reason.clone();
    store::note(work, &one, MergeStep::Requested, &words).await?;
    work.audit(entry(&one, "merge.request").after(told(&gone, &into)).reason(&words)).await?;
    let request = asked(work, "merge-approval-title", &one, (&gone, &into), &words);
    one.approval = Some(approval::submit(work, request).await?);
    store::update(&mut work.tx, &one).await?;
    Ok(one)
}

/// The other file of a pair: what is not within scope looks as if it were not there.
async fn other_within(work: &mut Work, id: CustomerId) -> Result<Customer, ActionError> {
    match load_within(work, id, MERGE).await {
        Err(ActionError::Refused(refused)) if refused.code == CustomerError::NotFound.code() => {
            Err(MergeError::NoSuchOther.into())
        }
        found => found,
    }
}

fn check_reason(reason: &str) -> Result<String, ActionError> {
    let reason = reason.trim();
    let wrong =
        if reason.is_empty() { Some(FieldError::new("reason", "reason-empty")) } else { check_text("reason", reason) };
    match wrong {
        Some(wrong) => Err(Refused::form(vec![wrong]).into()),
        None => Ok(reason.to_owned()),
    }
}

/// Refuses two files that must not become one; `own` is the merge that is being decided.
async fn refuse(work: &mut Work, gone: &Customer, into: &Customer, own: Option<MergeId>) -> Result<(), ActionError> {
    let mut merges = store::open_of(&mut work.tx, [gone.id, into.id]).await?;
    merges.retain(|merge| Some(merge.id) != own);
    let rules = policies::in_force(work, work.business_date).await?;
    let first = weight(work, &rules, gone).await?;
    // Whoever is united with the file that stays is asked too: all of them would be one.
    let mut others = vec![into.clone()];
    for id in united::united(&mut work.tx, into.id).await? {
        others.extend(customers::load(&mut work.tx, id).await?.filter(|file| file.id != into.id && file.id != gone.id));
    }
    let (mut two_identities, mut judged_apart) = (false, false);
    for other in &others {
        let verified = first.verified && weight(work, &rules, other).await?.verified;
        two_identities |= verified && gone.person != other.person;
        judged_apart |= duplicate::store::apart(&mut work.tx, [gone.id, other.id]).await?.is_some();
    }
    let pair = Pair { gone, into, two_identities, merges: &merges, judged_apart };
    match rules::check(&pair) {
        Ok(()) => {}
        Err(MergeError::Gone { .. }) => {
            for id in [gone.id, into.id] {
                united::refuse_gone(work, id).await?;
            }
            return Err(MergeError::Gone { number: None }.into());
        }
        Err(error) => return Err(error.into()),
    }
    for (file, other) in others.iter().flat_map(|other| [(gone, other), (other, gone)]) {
        let named = relations::of_customer(&mut work.tx, file.id).await?;
        if let Some(relation) = rules::names(&named, other) {
            let word = |lang| {
                let locale = Locale::new(std::sync::Arc::clone(&work.app.catalogue), lang);
                locale.t(format!("relation-{}", relation.kind.as_str()))
            };
            let kind = [word(Lang::ZhCn), word(Lang::En)];
            let article = relation.kind.answers_for_debt().then(|| rules_article(&rules));
            return Err(MergeError::Related { number: file.number.clone(), kind, article }.into());
        }
    }
    Ok(())
}

/// The article by which nobody guarantees for his own debt.
fn rules_article(rules: &InForce) -> String {
    rules.article_title("merge.guarantee", false)
}

/// What a file brings into the choice of the one that stays.
pub(super) async fn weight(work: &mut Work, rules: &InForce, file: &Customer) -> Result<Weight, ActionError> {
    let edition = rules.edition(work.business_date);
    let papers = edition.texts("merge_identity_papers").map_err(PolicyError::from)?;
    let proving = rules::proving(&papers, file.kind);
    let identity = file.identity_kind != IdentityKind::None && !file.identity_masked.is_empty();
    let held = documents::of_customer(&mut work.tx, file.id).await?;
    let proven = held.iter().any(|one| one.is_current() && proving.contains(&one.kind.as_str()));
    Ok(Weight { identity, verified: identity && proven, opened: (file.opened_on, file.id) })
}

/// Whether the policy proposes to keep the first of two files.
///
/// # Errors
/// No rules in force; the store's.
pub async fn keeps_first(work: &mut Work, first: &Customer, second: &Customer) -> Result<bool, ActionError> {
    let on = work.business_date;
    let rules = policies::in_force(work, on).await?;
    let order = rules.edition(on).texts("merge_keep_order").map_err(PolicyError::from)?;
    let (one, other) = (weight(work, &rules, first).await?, weight(work, &rules, second).await?);
    Ok(rules::keeps_first(&order, one, other))
}

fn told(gone: &Customer, into: &Customer) -> serde_json::Value {
    json!({"number": gone.number, "value": into.number, "into": into.id.to_string()})
}

fn entry(one: &Merge, action: &'static str) -> Entry {
    Entry::new(Some(one.gone), action, one.subject())
}

/// What the checkers see: numbers, no name.
fn asked(
    work: &Work,
    message: &'static str,
    one: &Merge,
    (gone, into): (&Customer, &Customer),
    reason: &str,
) -> Request {
    let title = Heading::told(&work.app.catalogue, |locale| {
        locale.tn(message, &[("gone", gone.number.clone()), ("into", into.number.clone())])
    });
    let payload = json!({
        "merge_page": format!("/customers/{}/merge?with={}", into.id, gone.number),
        "gone_number": gone.number,
        "into_number": into.number,
        "reason": reason,
    });
    Request::new(KIND.kind, one.gone, one.subject(), title, payload).branch(into.branch)
}

/// Asks for the end of a merge: the files become two again once somebody else agrees (rule `customer.merge.undo`).
///
/// # Errors
/// The surviving file is not within scope; no reason; [`MergeError::NotMerged`], [`MergeError::UndoWaits`].
pub async fn request_undo(work: &mut Work, gone: CustomerId, reason: &str) -> Result<Merge, ActionError> {
    let file = load_within(work, gone, MERGE).await?;
    let Some(mut one) = store::standing(&mut work.tx, gone).await? else {
        return Err(MergeError::NotMerged.into());
    };
    let into = load_within(work, one.into, MERGE).await?;
    let reason = check_reason(reason)?;
    store::take(&mut work.tx, [one.gone, one.into]).await?;
    if one.undo_waits() {
        return Err(MergeError::UndoWaits.into());
    }
    store::note(work, &one, MergeStep::UndoRequested, &reason).await?;
    work.audit(entry(&one, "merge.undo").after(told(&file, &into)).reason(&reason)).await?;
    let request = asked(work, "merge-undo-title", &one, (&file, &into), &reason);
    one.undo_reason = Some(reason);
    one.undo_approval = Some(approval::submit(work, request).await?);
    store::update(&mut work.tx, &one).await?;
    Ok(one)
}

/// Takes back what still waits: the merge, or its end; only its maker can.
///
/// # Errors
/// Not within scope; nothing waits; somebody else's.
pub async fn withdraw(work: &mut Work, gone: CustomerId) -> Result<(), ActionError> {
    load_within(work, gone, MERGE).await?;
    let waits = |one: &Merge| match one.state {
        MergeState::Requested => one.approval,
        MergeState::Merged => one.undo_approval,
        MergeState::Refused | MergeState::Ended => None,
    };
    let all = store::of_file(&mut work.tx, gone).await?;
    let found = all.into_iter().filter(|one| one.gone == gone).find_map(|one| waits(&one).map(|id| (one, id)));
    let Some((one, id)): Option<(Merge, ApprovalId)> = found else { return Err(MergeError::NotMerged.into()) };
    approval::withdraw(work, one.gone, id).await?;
    Ok(work.audit(entry(&one, "merge.withdraw")).await?)
}

/// The merge of an approval, with both files.
async fn about(work: &mut Work, approval: &Approval) -> Result<Option<(Merge, Customer, Customer)>, ActionError> {
    let id = approval.subject.rsplit(':').next().and_then(|id| id.parse().ok()).map(MergeId);
    let Some(id) = id else { return Ok(None) };
    let Some(one) = store::find(&mut work.tx, approval.customer, id).await? else { return Ok(None) };
    let (gone, into) = (customers::load(&mut work.tx, one.gone).await?, customers::load(&mut work.tx, one.into).await?);
    Ok(gone.zip(into).map(|(gone, into)| (one, gone, into)))
}

/// What an approval is about: the merge that waits, or the end of one that stands.
enum Matter {
    Merge,
    End,
}

fn matter(one: &Merge, approval: &Approval) -> Option<Matter> {
    match one.state {
        MergeState::Requested if one.approval == Some(approval.id) => Some(Matter::Merge),
        MergeState::Merged if one.undo_approval == Some(approval.id) => Some(Matter::End),
        MergeState::Requested | MergeState::Merged | MergeState::Refused | MergeState::Ended => None,
    }
}

fn approved<'a>(work: &'a mut Work, approval: &'a Approval) -> BoxFuture<'a, Result<(), ActionError>> {
    Box::pin(async move {
        let Some((one, gone, into)) = about(work, approval).await? else { return Ok(()) };
        store::take(&mut work.tx, [one.gone, one.into]).await?;
        match matter(&one, approval) {
            Some(Matter::Merge) => unite(work, one, (&gone, &into)).await,
            Some(Matter::End) => part(work, one, (&gone, &into)).await,
            None => Ok(()),
        }
    })
}

fn refused<'a>(work: &'a mut Work, approval: &'a Approval) -> BoxFuture<'a, Result<(), ActionError>> {
    Box::pin(async move {
        let Some((mut one, _, _)) = about(work, approval).await? else { return Ok(()) };
        let step = match matter(&one, approval) {
            Some(Matter::Merge) => {
                one.state = MergeState::Refused;
                MergeStep::Refused
            }
            Some(Matter::End) => {
                (one.undo_approval, one.undo_reason) = (None, None);
                MergeStep::UndoRefused
            }
            None => return Ok(()),
        };
        store::update(&mut work.tx, &one).await?;
        Ok(store::note(work, &one, step, "").await?)
    })
}

async fn unite(work: &mut Work, mut one: Merge, (gone, into): (&Customer, &Customer)) -> Result<(), ActionError> {
    // Since it was asked for, one of them may have gone elsewhere, or a paper may have come.
    refuse(work, gone, into, Some(one.id)).await?;
    one.state = MergeState::Merged;
    one.merged_on = Some(work.business_date);
    store::update(&mut work.tx, &one).await?;
    store::note(work, &one, MergeStep::Merged, "").await?;
    tell(work, &one, "customer_merged", (gone, into)).await?;
    // What was owed about the file that went is owed about the surviving one, which is looked at anew.
    duty::cancel(work, one.gone, &gone.subject(), rules::RULE_GONE).await?;
    look(work, &[gone]).await
}

async fn part(work: &mut Work, mut one: Merge, (gone, into): (&Customer, &Customer)) -> Result<(), ActionError> {
    one.state = MergeState::Ended;
    one.ended_on = Some(work.business_date);
    store::update(&mut work.tx, &one).await?;
    store::note(work, &one, MergeStep::Undone, "").await?;
    tell(work, &one, "customer_merge_ended", (gone, into)).await?;
    // What the surviving file owed for both is owed by each for itself.
    duty::cancel(work, one.into, &into.subject(), rules::RULE_UNDO).await?;
    look(work, &[gone, into]).await
}

/// The event is the surviving file's too: whoever listens looks at the customer, who is one.
async fn tell(
    work: &mut Work,
    one: &Merge,
    kind: &'static str,
    (gone, into): (&Customer, &Customer),
) -> Result<(), ActionError> {
    for customer in [one.gone, one.into] {
        let payload = told(gone, into);
        let (subject, effective_on): (String, Date) = (one.subject(), work.business_date);
        work.emit(Event { kind, customer, subject, effective_on, payload }).await?;
    }
    Ok(())
}

/// Where the files stand is decided anew: of a file that went, where the surviving one stands.
async fn look(work: &mut Work, files: &[&Customer]) -> Result<(), ActionError> {
    let today = work.business_date;
    for file in files {
        standing::actions::assess(work, file, today).await?;
    }
    Ok(())
}
