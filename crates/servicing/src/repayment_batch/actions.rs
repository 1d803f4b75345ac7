//! Use cases of a batch: send a file, look at what it would do, record it.

use std::collections::BTreeSet;

use platform::access::Origin;
use platform::audit::Entry;
use platform::error::ActionError;
use platform::sheets::Workbook;
use platform::work::Work;
use serde_json::json;

use super::error::BatchError;
use super::model::{Batch, BatchId, BatchRow, BatchState, Finding, Outcome, sum_of};
use super::rules::{Ledger, Trial, judge};
use super::{RECORD, store};
use crate::book::{self, Role};
use crate::desk::settlement::actions::signed_first;
use crate::import::file::{self, BookFile};
use crate::import::store as mappings;
use crate::import::trial::open_book;
use crate::loan::actions::BULK_LOANS;
use crate::loan::model::{Channel, LoanFile, LoanKey};
use crate::loan::store as loans;
use crate::position::engine::Engine;
use crate::repayment::actions::record_many;

/// The most rows of one batch: it is recorded in one transaction.
pub const MOST_ROWS: usize = 10_000;

/// Keeps a file as a batch to be looked at. `workbook` is the file as [`open_book`] opened it.
///
/// Errors: [`BatchError::NoRepayments`], [`BatchError::TooManyRows`].
pub async fn upload(
    work: &mut Work,
    name: &str,
    bytes: &[u8],
    workbook: &Workbook,
    channel: Channel,
) -> Result<BatchId, ActionError> {
    work.authorise(RECORD)?;
    let user = work.actor.user.ok_or(BatchError::NotFound)?;
    let rows = read(work, workbook).await?.rows.len();
    if rows > MOST_ROWS {
        return Err(BatchError::TooManyRows { rows, limit: MOST_ROWS }.into());
    }
    let batch = Batch {
        id: BatchId(work.next_id()),
        file_name: name.to_owned(),
        content_hash: file::keep(work, &BookFile::of(bytes), bytes.len()).await?,
        channel,
        state: BatchState::Tried,
        branch: work.actor.branch,
        recorded_at: work.now,
        recorded_by: user,
    };
    store::insert(work, &batch).await?;
    let after = json!({ "bytes": bytes.len(), "content": batch.content_hash, "rows": rows });
    work.audit(Entry::new(None, "repayment_batch.upload", batch.subject()).after(after)).await?;
    Ok(batch.id)
}

/// The repayments of a file; columns that somebody matched by hand for the same headings are taken over.
async fn read(work: &mut Work, workbook: &Workbook) -> Result<book::Receipts, ActionError> {
    let prints: Vec<String> = book::recognise(workbook, &[]).into_iter().map(|layout| layout.fingerprint).collect();
    let remembered = mappings::mappings(&mut work.tx, &prints).await?;
    let layouts = book::recognise(workbook, &remembered);
    if layouts.iter().all(|layout| layout.role != Role::Repayments) {
        return Err(BatchError::NoRepayments.into());
    }
    Ok(book::read_receipts(workbook, &layouts))
}

/// A batch that this person may see.
///
/// Errors: [`BatchError::NotFound`].
pub async fn load(work: &mut Work, id: BatchId) -> Result<Batch, ActionError> {
    let scope = work.authorise(RECORD)?;
    let found = store::find(&mut work.tx, id).await?;
    let own = found.filter(|b| scope.covers(b.branch, None, b.recorded_by) || work.actor.user == Some(b.recorded_by));
    Ok(own.ok_or(BatchError::NotFound)?)
}

/// What a batch would do now; nothing is written. Doubtful rows among `chosen` (places) count as good.
pub async fn trial(work: &mut Work, batch: &Batch, chosen: &BTreeSet<usize>) -> Result<Trial, ActionError> {
    let scope = work.authorise(RECORD)?;
    let bytes = file::load(work, &batch.content_hash).await?;
    let (workbook, _) = open_book(&batch.file_name, bytes).await?;
    let receipts = read(work, &workbook).await?;
    let numbers: BTreeSet<String> = receipts.rows.iter().filter_map(|row| row.loan.clone()).collect();
    let numbers: Vec<String> = numbers.into_iter().collect();
    let named = store::loans(&mut work.tx, &numbers, scope).await?;
    let keys: Vec<LoanKey> = named.values().copied().collect::<BTreeSet<_>>().into_iter().collect();
    let mut files = Vec::with_capacity(keys.len());
    for chunk in keys.chunks(BULK_LOANS) {
        files.extend(loans::load_files(&mut work.tx, chunk).await?);
    }
    let names = loans::names(&mut work.tx, keys.iter().map(|key| key.customer)).await?;
    let mut ledger = Ledger::default();
    for (number, key) in named {
        // Both are in the order of their keys.
        let Ok(at) = keys.binary_search(&key) else { continue };
        let Some(file) = files.get(at).filter(|file| file.loan.key == key) else { continue };
        ledger.names.insert(key, names.get(&key.customer).cloned().unwrap_or_default());
        ledger.loans.insert(number, file.clone());
    }
    let today = work.business_date;
    let engine = Engine::load(work, today).await?;
    let mut trial = judge(&receipts.rows, &ledger, &engine, today, batch.channel, chosen);
    let told = receipts.warnings.iter().filter(|warning| warning.row.is_none());
    trial.told = told.map(Finding::from).collect();
    refuse_unsigned(work, &mut trial, (&keys, &files)).await?;
    Ok(trial)
}

/// Refuses the rows that would settle a loan early without its signed statement, as recording would (rule
/// `settlement.signed-first`). `keys` are in order and `files` theirs.
async fn refuse_unsigned(
    work: &mut Work,
    trial: &mut Trial,
    (keys, files): (&[LoanKey], &[LoanFile]),
) -> Result<(), ActionError> {
    for (place, on, settles) in std::mem::take(&mut trial.early) {
        let Some(row) = trial.rows.get_mut(place) else { continue };
        let at = row.loan.as_ref().and_then(|(key, _)| keys.binary_search(key).ok());
        let Some(file) = at.and_then(|at| files.get(at)) else { continue };
        match signed_first(work, file, on, settles).await {
            Ok(()) => {}
            Err(ActionError::Refused(refused)) => {
                row.outcome = Outcome::Refused;
                row.settles.clear();
                row.findings.push(Finding::said(&refused));
                trial.repayments.retain(|(other, _)| *other != place);
            }
            Err(broken) => return Err(broken),
        }
    }
    Ok(())
}

/// Names what a dry run shows, so that nothing else is recorded than what was on the screen.
pub fn digest(rows: &[BatchRow]) -> String {
    platform::audit::digest(&format!("{rows:?}"))
}

/// How much of a batch to record (入账范围).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// [`digest`] of the dry run that was on the screen.
    pub seen: String,
    /// Whether rows that cannot be recorded are left behind.
    pub good_only: bool,
    /// The doubtful rows that are no duplicates after all.
    pub chosen: BTreeSet<usize>,
}

/// Records a batch in one transaction and keeps what became of every row.
///
/// Errors: [`BatchError::Changed`] when it would do something else than was shown; [`BatchError::RowsLeft`] when rows
/// cannot be recorded and nobody asked for the good ones; [`BatchError::AlreadyRecorded`], [`BatchError::Nothing`].
pub async fn record(work: &mut Work, id: BatchId, choice: &Choice) -> Result<(), ActionError> {
    let batch = load(work, id).await?;
    if batch.state == BatchState::Recorded {
        return Err(BatchError::AlreadyRecorded.into());
    }
    if digest(&trial(work, &batch, &BTreeSet::new()).await?.rows) != choice.seen {
        return Err(BatchError::Changed.into());
    }
    let Trial { mut rows, repayments, .. } = trial(work, &batch, &choice.chosen).await?;
    let left = sum_of(&rows, Outcome::Refused).rows + sum_of(&rows, Outcome::Doubtful).rows;
    if left > 0 && !choice.good_only {
        return Err(BatchError::RowsLeft { rows: left }.into());
    }
    if repayments.is_empty() {
        return Err(BatchError::Nothing.into());
    }
    let (places, repayments): (Vec<usize>, Vec<_>) = repayments.into_iter().unzip();
    // The entry names the person's place, the facts name the file.
    let (rows_in, money) = (places.len(), sum_of(&rows, Outcome::Good).amount);
    let after = json!({ "recorded": rows_in, "amount": money, "left": left, "good_only": choice.good_only });
    work.audit(Entry::new(None, "repayment_batch.record", batch.subject()).after(after)).await?;
    let screen = std::mem::replace(&mut work.actor.origin, Origin::Import { import: batch.id.0 });
    let ids = record_many(work, &repayments).await?;
    work.actor.origin = screen;
    for (place, id) in places.into_iter().zip(ids) {
        if let Some(row) = rows.get_mut(place) {
            (row.outcome, row.transaction) = (Outcome::Recorded, Some(id));
        }
    }
    for row in &mut rows {
        if matches!(row.outcome, Outcome::Refused | Outcome::Doubtful) {
            (row.outcome, row.transaction) = (Outcome::Left, None);
        }
    }
    store::finish(work, &batch, &rows).await
}
