//! Positions of a whole book that just came in: replay of every loan, many at a time.

use finance::Position;
use platform::args;
use platform::book::Unsettled;
use platform::error::ActionError;
use platform::event::BoxFuture;
use platform::id::CustomerId;
use platform::work::Work;

use super::engine::{Engine, Unreplayable};
use super::model::LoanPosition;
use super::store::{self, ScheduleRows};
use crate::loan::model::{LoanFile, LoanKey, LoanState};
use crate::loan::store as loans;
use crate::total::{self, Change};

/// Loans of one batch.
const BATCH: i64 = 500;

/// What is known of a loan once it was replayed.
struct Replayed {
    /// One for every day on which something changed, the last on the business date.
    segments: Vec<LoanPosition>,
    position: Position,
}

/// Computes positions, schedules and history of all loans; names those that cannot be replayed.
pub(crate) fn settle<'a>(
    work: &'a mut Work,
    tell: &'a (dyn Fn(u64) + Send + Sync),
) -> BoxFuture<'a, Result<Vec<Unsettled>, ActionError>> {
    Box::pin(async move {
        let engine = Engine::load(work, work.business_date).await?;
        let (mut unsettled, mut done, mut after) = (Vec::new(), 0, LoanKey { customer: CustomerId(0), loan: FIRST });
        loop {
            let keys = behind(work, after).await?;
            let Some(last) = keys.last() else { return Ok(unsettled) };
            after = *last;
            let mut files = loans::load_files(&mut work.tx, &keys).await?;
            // A loan whose import was undone keeps no position.
            files.retain(|file| file.loan.state == LoanState::Active);
            batch(work, &engine, &files, &mut unsettled).await?;
            done += keys.len() as u64;
            tell(done);
        }
    })
}

/// Before the first loan.
const FIRST: crate::loan::model::LoanId = crate::loan::model::LoanId(0);

async fn behind(work: &mut Work, after: LoanKey) -> Result<Vec<LoanKey>, ActionError> {
    let rows = work
        .tx
        .fetch_all(
            "select customer_id, id from loan where (customer_id, id) > ($1, $2) order by customer_id, id limit $3",
            args![after.customer.0, after.loan.0, BATCH],
        )
        .await?;
    rows.iter()
        .map(|row| Ok(LoanKey { customer: row.get::<CustomerId>("customer_id")?, loan: row.get("id")? }))
        .collect()
}

async fn batch(
    work: &mut Work,
    engine: &Engine,
    files: &[LoanFile],
    unsettled: &mut Vec<Unsettled>,
) -> Result<(), ActionError> {
    let today = work.business_date;
    let replayed = on_all_cores(files, |file| replayed(engine, file, today));
    let (mut positions, mut history, mut schedules, mut changes) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (file, outcome) in files.iter().zip(&replayed) {
        let one = match outcome {
            Ok(one) => one,
            Err(broken) => {
                let number = file.loan.number.clone();
                unsettled.push(Unsettled { sheet: "loans", number, why: broken.error.to_string() });
                continue;
            }
        };
        history.extend(store::chained(&one.segments, |_| work.now));
        positions.extend(one.segments.last().cloned());
        schedules.push(ScheduleRows { key: file.loan.key, instalments: &one.position.instalments });
        changes.push(Change { loan: &file.loan, before: None, after: one.segments.last() });
    }
    total::store::note(&mut work.tx, today, &changes).await?;
    total::dated::received_by(&mut work.tx, files).await?;
    store::write_history(&mut work.tx, &history).await?;
    let now = work.now;
    store::save_positions(&mut work.tx, &positions, now).await?;
    store::replace_instalments(&mut work.tx, &schedules).await?;
    Ok(())
}

fn replayed(engine: &Engine, file: &LoanFile, today: jiff::civil::Date) -> Result<Replayed, Unreplayable> {
    let since = file.transactions.iter().map(|t| t.fact.on).min().unwrap_or(today).min(today);
    let position = engine.replay(file, today, None)?;
    let mut segments = engine.segments(file, since, today)?;
    if segments.last().is_some_and(|last| last.as_of < today) {
        segments.push(engine.kept(file, &position, None));
    }
    Ok(Replayed { segments, position })
}

/// The same work on every file, in their order, by as many threads as the machine has cores.
fn on_all_cores<T: Send>(files: &[LoanFile], work: impl Fn(&LoanFile) -> T + Sync) -> Vec<T> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let share = files.len().div_ceil(cores).max(1);
    std::thread::scope(|scope| {
        let threads: Vec<_> = files
            .chunks(share)
            .map(|some| {
                let work = &work;
                scope.spawn(move || some.iter().map(work).collect::<Vec<T>>())
            })
            .collect();
        let joined = threads.into_iter().flat_map(|thread| match thread.join() {
            Ok(some) => some,
            Err(panic) => std::panic::resume_unwind(panic),
        });
        joined.collect()
    })
}
