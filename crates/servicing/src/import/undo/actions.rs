//! Use cases of an undoing: look at it, ask for it, carry it out once it is agreed.

use std::collections::BTreeMap;

use finance::Fen;
use platform::approval::{self, Approval, ApprovalId, ApprovalKind, ApprovalState, Heading, Request};
use platform::duty;
use platform::error::ActionError;
use platform::id::CustomerId;
use platform::work::Work;

use super::model::{Obstacle, ObstacleKind, Plan, Undo};
use super::{APPROVE, REQUEST, store, write};
use crate::import::actions::load;
use crate::import::model::{Run, RunId, RunState};
use crate::import::rules::ImportError;
use crate::import::store as imports;

/// The institution's own chain and approvals.
const INSTITUTION: CustomerId = CustomerId(0);
/// The most open approvals that are looked through.
const OPEN: i64 = 10_000;
/// The most approvals of one run that are shown.
const SHOWN: i64 = 50;

/// The approval of an undoing. Rule `import.undo`.
pub const KIND: ApprovalKind = ApprovalKind {
    kind: "import_undo",
    title: "approval-import-undo",
    action: APPROVE,
    mend: |approval| format!("/import/{}/undo", approval.subject.trim_start_matches("import:")),
    approved: |work, approval| Box::pin(approved(work, approval)),
    refused: crate::change::actions::nothing,
};

/// What an undoing would take out of the book, and what stands in its way.
pub async fn plan(work: &mut Work, run: &Run) -> Result<Plan, ActionError> {
    let brought = store::brought(&mut work.tx, run.id).await?;
    let mut obstacles = store::later_transactions(&mut work.tx, run.id).await?;
    obstacles.extend(store::later_loans(&mut work.tx, run.id).await?);
    obstacles.extend(store::later_securities(&mut work.tx, run.id).await?);
    obstacles.extend(of_customers(work, run.id).await?);
    obstacles.extend(of_loans(work, run.id).await?);
    obstacles.sort_by(|a, b| (a.kind, a.recorded_at, &a.what).cmp(&(b.kind, b.recorded_at, &b.what)));
    Ok(Plan { brought, obstacles })
}

/// What was recorded in the files that a run opened, and about the related parties that it brought.
async fn of_customers(work: &mut Work, run: RunId) -> Result<Vec<Obstacle>, ActionError> {
    let files = store::customers(&mut work.tx, run).await?;
    let own = store::relations(&mut work.tx, run).await?;
    let void = store::void_relations(&mut work.tx).await?;
    let facts = customers::customer::undoing::later_facts(&mut work.tx, &files, &own, &void).await?;
    let contacts = duty::contacts_with(&mut work.tx, &files).await?;
    let whom: Vec<CustomerId> = facts.iter().map(|f| f.customer).chain(contacts.iter().map(|c| c.customer)).collect();
    let names = customers::names(&mut work.tx, &whom).await?;
    let name = |id: CustomerId| names.get(&id).map_or_else(|| id.to_string(), |(name, _)| name.clone());
    let facts = facts.into_iter().map(|fact| Obstacle {
        kind: ObstacleKind::Customer,
        what: name(fact.customer),
        recorded_at: fact.recorded_at,
        recorded_by: fact.recorded_by,
        href: Some(format!("/customers/{}", fact.customer)),
    });
    let contacts = contacts.into_iter().map(|contact| Obstacle {
        kind: ObstacleKind::Contact,
        what: name(contact.customer),
        recorded_at: contact.recorded_at,
        recorded_by: contact.recorded_by,
        href: Some(format!("/customers/{}", contact.customer)),
    });
    Ok(facts.chain(contacts).collect())
}

/// Approvals that wait about loans of a run, and contacts about its loans with customers who were there before.
async fn of_loans(work: &mut Work, run: RunId) -> Result<Vec<Obstacle>, ActionError> {
    let loans = store::loans(&mut work.tx, run).await?;
    let numbers: BTreeMap<(CustomerId, String), &str> =
        loans.iter().map(|(key, number)| ((key.customer, key.subject()), number.as_str())).collect();
    let opened: std::collections::BTreeSet<CustomerId> =
        store::customers(&mut work.tx, run).await?.into_iter().collect();
    let mut found = Vec::new();
    for open in approval::store::open(&mut work.tx, OPEN).await? {
        if let Some(number) = numbers.get(&(open.customer, open.subject.clone())) {
            found.push(Obstacle {
                kind: ObstacleKind::Approval,
                what: (*number).to_owned(),
                recorded_at: open.submitted_at,
                recorded_by: open.maker,
                href: Some(format!("/approvals/{}/{}", open.customer, open.id)),
            });
        }
    }
    let mut others: Vec<CustomerId> = loans.iter().map(|(key, _)| key.customer).collect();
    others.retain(|customer| !opened.contains(customer));
    others.dedup();
    for contact in duty::contacts_with(&mut work.tx, &others).await? {
        let Some(number) = numbers.get(&(contact.customer, contact.subject.clone())) else { continue };
        found.push(Obstacle {
            kind: ObstacleKind::Contact,
            what: (*number).to_owned(),
            recorded_at: contact.recorded_at,
            recorded_by: contact.recorded_by,
            href: None,
        });
    }
    Ok(found)
}

/// Refuses what cannot be undone: a run that is not written, that brought nothing, or on which later facts stand.
pub(super) fn refuse(run: &Run, plan: &Plan) -> Result<(), ImportError> {
    match run.state {
        RunState::Imported => {}
        RunState::Uploaded | RunState::Tried | RunState::Importing | RunState::Undone => {
            return Err(ImportError::WrongState { state: run.state });
        }
    }
    if plan.brought.is_nothing() {
        return Err(ImportError::NothingToUndo);
    }
    match plan.obstacles.first() {
        Some(first) => Err(ImportError::LaterFacts { count: plan.obstacles.len(), first: first.what.clone() }),
        None => Ok(()),
    }
}

/// Asks for the undoing of a run: authorise → load → decide → save. What was returned to this person is mended.
///
/// Errors: [`ImportError::LaterFacts`], [`ImportError::NothingToUndo`], [`ImportError::WrongState`]; the approval's.
pub async fn request(work: &mut Work, id: RunId, reason: &str) -> Result<ApprovalId, ActionError> {
    work.authorise(REQUEST)?;
    let run = load(work, id).await?;
    let plan = plan(work, &run).await?;
    refuse(&run, &plan)?;
    let amount = plan.brought.principal;
    let content = Undo { file: run.file_name.clone(), brought: plan.brought, reason: reason.to_owned() };
    let payload = serde_json::to_value(&content).map_err(|e| ActionError::Internal(e.to_string()))?;
    let me = work.actor.recorded_by();
    let returned = approvals_of(work, id)
        .await?
        .into_iter()
        .map(|(approval, _)| approval)
        .find(|approval| approval.maker == me && matches!(approval.state, ApprovalState::Returned { .. }));
    if let Some(returned) = returned {
        approval::resubmit(work, INSTITUTION, returned.id, payload, reason).await?;
        return Ok(returned.id);
    }
    let title = title(work, &run, amount);
    let request = Request::new(KIND.kind, INSTITUTION, run.subject(), title, payload);
    approval::submit(work, request.amount(amount).branch(run.branch)).await
}

/// What people call it, in the first language of the house: it is stored once, for readers of both.
fn title(work: &Work, run: &Run, amount: Fen) -> Heading {
    let named = [("file", run.file_name.clone()), ("amount", platform::locale::money(amount))];
    Heading::told(&work.app.catalogue, |locale| locale.tn("import-undo-approval-title", &named))
}

/// The approvals about a run, the newest first, with their makers' names.
pub async fn approvals_of(work: &mut Work, id: RunId) -> Result<Vec<(Approval, String)>, ActionError> {
    let subject = format!("import:{id}");
    Ok(approval::store::about(&mut work.tx, INSTITUTION, &subject, SHOWN).await?)
}

/// Carries out the agreed undoing, unless something was recorded on it since.
async fn approved(work: &mut Work, approval: &Approval) -> Result<(), ActionError> {
    let broken = |what: &str| ActionError::Internal(format!("approval {} {what}", approval.id));
    let id: RunId = approval
        .subject
        .strip_prefix("import:")
        .and_then(|id| id.parse().ok())
        .ok_or_else(|| broken("is about no import"))?;
    let content: Undo =
        serde_json::from_value(approval.payload.clone()).map_err(|e| broken(&format!("cannot be read: {e}")))?;
    let run = imports::run(&mut work.tx, id).await?.ok_or(ImportError::NotFound)?;
    write::undo(work, &run, approval.id.0, &content.reason).await
}
