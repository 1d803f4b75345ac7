//! Carrying out an undoing: one transaction, so that the book has all of the import or nothing of it.

use std::collections::BTreeMap;

use customers::relation::actions::end_many;
use customers::relation::model::RelationId;
use finance::TransactionKind;
use jiff::civil::Date;
use platform::audit::Entry;
use platform::error::ActionError;
use platform::event::Event;
use platform::id::CustomerId;
use platform::work::Work;
use platform::{args, duty, numbering};
use serde_json::json;

use super::model::Plan;
use super::store::{self, Undone};
use super::{SOURCE, actions};
use crate::import::actions::take_lease;
use crate::import::model::Run;
use crate::import::store as imports;
use crate::loan::model::{Channel, LoanFile, LoanKey, TransactionId};
use crate::loan::store as loans;
use crate::position::engine::{self, Engine};
use crate::position::store as positions;
use crate::total::{self, Change, dated};

/// Loans of one statement.
const LOANS: usize = 200;

/// A correcting entry: whose, of which transaction, dated like it.
type Correction = (LoanKey, i64, Date);

/// Undoes a run. Rule `import.undo`.
pub async fn undo(work: &mut Work, run: &Run, approval: i64, reason: &str) -> Result<(), ActionError> {
    // Nobody imports meanwhile, and on PostgreSQL nobody adds a fact between the look and the deed.
    let holder = work.next_id();
    take_lease(work, run.id, holder).await?;
    if work.tx.is_postgres() {
        work.tx.execute("lock table loan_transaction in share row exclusive mode", args![]).await?;
    }
    let plan = actions::plan(work, run).await?;
    actions::refuse(run, &plan)?;
    let own = store::loans(&mut work.tx, run.id).await?;
    void_own(work, run, &own, approval, reason).await?;
    void_added(work, run, approval, reason).await?;
    let on = work.business_date;
    store::end_securities(&mut work.tx, run.id, on).await?;
    for (id, number) in store::contracts(&mut work.tx, run.id).await? {
        numbering::free(&mut work.tx, "contract", &number, id).await?;
    }
    let relations = store::relations(&mut work.tx, run.id).await?;
    let relations: Vec<(CustomerId, RelationId)> = relations.into_iter().map(|(c, id)| (c, RelationId(id))).collect();
    end_many(work, &relations, reason).await?;
    let files = store::customers(&mut work.tx, run.id).await?;
    customers::hide(work, &files, reason).await?;
    store::hide_loans(&mut work.tx, run.id).await?;
    store::free_keys(&mut work.tx, run.id).await?;
    finish(work, run, approval, reason, &plan, &own).await?;
    imports::release_lease(&mut work.tx, holder).await?;
    Ok(())
}

async fn finish(
    work: &mut Work,
    run: &Run,
    approval: i64,
    reason: &str,
    plan: &Plan,
    own: &[(LoanKey, String)],
) -> Result<(), ActionError> {
    let undone = Undone {
        reason: reason.to_owned(),
        brought: plan.brought,
        on: work.business_date,
        at: work.now,
        by: platform::id::UserId(work.actor.recorded_by()),
    };
    store::insert(&mut work.tx, run.id, approval, &undone).await?;
    let digest = platform::audit::digest(&format!("{own:?}"));
    let state = json!({ "brought": plan.brought, "digest": digest });
    work.audit(Entry::new(None, "import.undo", run.subject()).after(state).reason(reason)).await?;
    Ok(())
}

/// Takes the loans of a run out of the book: correcting entries for all that happened, no position, no duties.
async fn void_own(
    work: &mut Work,
    run: &Run,
    own: &[(LoanKey, String)],
    approval: i64,
    reason: &str,
) -> Result<(), ActionError> {
    let reversed = store::reversed(&mut work.tx, run.id).await?;
    let (today, now) = (work.business_date, work.now);
    for some in own.chunks(LOANS) {
        let keys: Vec<LoanKey> = some.iter().map(|(key, _)| *key).collect();
        let files = loans::load_files(&mut work.tx, &keys).await?;
        let kept = positions::load(&mut work.tx, &keys).await?;
        let changes: Vec<Change<'_>> = files
            .iter()
            .map(|file| Change {
                loan: &file.loan,
                before: kept.iter().find(|position| position.key == file.loan.key),
                after: None,
            })
            .collect();
        total::store::note(&mut work.tx, today, &changes).await?;
        positions::supersede(&mut work.tx, &keys, now).await?;
        positions::remove(&mut work.tx, &keys).await?;
        let mut corrections: Vec<Correction> = Vec::new();
        for file in &files {
            let standing = file
                .transactions
                .iter()
                .filter(|t| !reversed.contains(&t.id.0) && !matches!(t.fact.kind, TransactionKind::Reverse { .. }));
            corrections.extend(standing.map(|t| (file.loan.key, t.id.0, t.fact.on)));
        }
        correct(work, run, &corrections, approval, reason).await?;
        for (key, number) in some {
            numbering::free(&mut work.tx, "loan", number, key.loan.0).await?;
            duty::cancel(work, key.customer, &key.subject(), reason).await?;
            tell(work, run, *key, "loan_import_undone").await?;
        }
    }
    Ok(())
}

/// Corrects what a run added to loans that stay, and replays them from the first day that changes.
async fn void_added(work: &mut Work, run: &Run, approval: i64, reason: &str) -> Result<(), ActionError> {
    let added = store::added(&mut work.tx, run.id).await?;
    let corrections: Vec<Correction> = added.iter().map(|t| (t.key, t.id.0, t.on)).collect();
    correct(work, run, &corrections, approval, reason).await?;
    let mut since: BTreeMap<LoanKey, Date> = BTreeMap::new();
    for t in &added {
        since.entry(t.key).and_modify(|first| *first = (*first).min(t.on)).or_insert(t.on);
    }
    let today = work.business_date;
    let engine = Engine::load(work, today).await?;
    let keys: Vec<LoanKey> = since.keys().copied().collect();
    for some in keys.chunks(LOANS) {
        let files: Vec<LoanFile> = loans::load_files(&mut work.tx, some).await?;
        for file in files {
            let key = file.loan.key;
            // Whoever has the loan on the screen is told that it changed.
            loans::take_version(&mut work.tx, key, file.loan.version).await?;
            engine::refresh(work, &engine, &file, since.get(&key).copied().unwrap_or(today)).await?;
            tell(work, run, key, "transaction_reversed").await?;
        }
    }
    Ok(())
}

async fn tell(work: &mut Work, run: &Run, key: LoanKey, kind: &'static str) -> Result<(), ActionError> {
    let event = Event {
        kind,
        customer: key.customer,
        subject: key.subject(),
        effective_on: work.business_date,
        payload: json!({ "loan": key.loan, "import": run.id }),
    };
    work.emit(event).await
}

/// Writes correcting entries, each dated like what it corrects: it was never true.
async fn correct(
    work: &mut Work,
    run: &Run,
    corrections: &[Correction],
    approval: i64,
    reason: &str,
) -> Result<(), ActionError> {
    if corrections.is_empty() {
        return Ok(());
    }
    let of: Vec<(CustomerId, i64)> = corrections.iter().map(|(key, ..)| (key.customer, key.loan.0)).collect();
    let numbers = numbering::next_many(work, "transaction", &of).await?;
    let mut rows = Vec::with_capacity(corrections.len());
    for ((key, target, on), number) in corrections.iter().zip(numbers) {
        let id = TransactionId(work.next_id());
        let kind = TransactionKind::Reverse { target: u64::try_from(*target).unwrap_or_default() };
        let body = serde_json::to_string(&kind).map_err(|e| ActionError::Internal(e.to_string()))?;
        rows.push(args![
            key.customer,
            key.loan,
            id,
            number,
            kind.name(),
            on,
            id,
            crate::loan::model::amount_of(&kind),
            body,
            target,
            Channel::Book,
            reason,
            approval,
            work.now,
            work.actor.recorded_by(),
            SOURCE,
            run.id.to_string()
        ]);
    }
    let head = "insert into loan_transaction (customer_id, loan_id, id, number, kind, effective_on, ordinal, amount_fen, \
         body_json, reverses_id, channel, note, approval_id, recorded_at, recorded_by, source, source_detail)";
    work.tx.write_rows(head, "", rows).await?;
    let targets: Vec<(CustomerId, i64)> = corrections.iter().map(|(key, target, _)| (key.customer, *target)).collect();
    dated::taken_back(&mut work.tx, &targets).await?;
    Ok(())
}
