//! Makes exports in the background (后台导出), for as long as the server runs; one job at a time in a process.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::actions::{self, ExportRules, of_list, pen, read};
use super::model::{Asked, Job, ListExport};
use super::store::{self, Made};
use crate::access::{Actor, Origin, actor_of};
use crate::app::App;
use crate::db::StoreError;
use crate::error::ActionError;
use crate::locale::Lang;
use crate::notice::{self, News, Notice};
use crate::page::Ui;
use crate::page::list::{ListBook, ListSpec};
use crate::work::Work;

/// How often the server looks whether a job waits.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How often files are looked through for those past their time, in looks.
const CLEAR_EVERY: u64 = 600;
/// Rows read at a time; between two reads its progress is noted.
const CHUNK: i64 = 5_000;
/// Bytes of a piece.
const PIECE_BYTES: usize = 512 * 1024;
/// How long a job counts as alive without a word of its process.
const LEASE: SignedDuration = SignedDuration::from_mins(2);

/// Makes what waits and removes what is past its time, for as long as the server runs.
pub async fn keep(app: App) {
    for look in 0_u64.. {
        if let Err(error) = run_waiting(&app).await {
            tracing::error!(%error, "an export in the background");
        }
        if look % CLEAR_EVERY == 0
            && let Err(error) = remove_old(&app).await
        {
            tracing::error!(%error, "exports past their time");
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

/// Makes the exports that wait, one after the other; how many.
///
/// # Errors
/// The store's; an export that fails says so in its own row.
pub async fn run_waiting(app: &App) -> Result<usize, ActionError> {
    let mut made = 0;
    while let Some(job) = take(app).await? {
        let ended = make(app, &job).await;
        end(app, &job, ended).await?;
        made += 1;
    }
    Ok(made)
}

fn until(now: Timestamp) -> Timestamp {
    now.checked_add(LEASE).unwrap_or(Timestamp::MAX)
}

async fn take(app: &App) -> Result<Option<Job>, StoreError> {
    let now = app.clock.now();
    let mut tx = app.db.read().await?;
    let found = store::waiting(&mut tx, now).await?;
    tx.rollback().await?;
    let Some(found) = found else { return Ok(None) };
    let mut tx = app.db.write().await?;
    let taken = store::take(&mut tx, &found, until(now)).await?;
    tx.commit().await?;
    Ok(taken)
}

/// Writes the workbook from one picture of the book, in the name and within the data scope of who asked.
async fn make(app: &App, job: &Job) -> Result<Made, ActionError> {
    let actor = actor_of(app, job.user).await?.ok_or(actions::ExportError::Unknown)?;
    let export = of_list(app, &job.list)?;
    let mut work = Work::read(app, actor).await?;
    let scope = export.scope(&work)?;
    let ui = pen(&work, Lang::parse(&job.language).unwrap_or_default());
    let kept = actions::unseal(app, job)?;
    let asked = read(export.as_ref(), &mut work, &ui, &kept).await?;
    let rules = ExportRules::load(&mut work).await?;
    let on = work.business_date;
    let spec = export.spec_for(&mut work, &ui, &kept.query).await?;
    let mut book = begun(export.as_ref(), &work, &ui, (&spec, &asked))?;
    let mut rows = 0;
    loop {
        let chunk = export.rows(&mut work, &ui, &asked, (rows, CHUNK)).await?;
        book.rows(&ui, &chunk).map_err(broken)?;
        let read = i64::try_from(chunk.len()).unwrap_or(i64::MAX);
        rows += read;
        heartbeat(app, job, rows).await?;
        if read < CHUNK || rows >= rules.most_rows {
            break;
        }
    }
    let bytes = book.finish().map_err(broken)?;
    for (no, piece) in (0_i64..).zip(bytes.chunks(PIECE_BYTES)) {
        let sealed = actions::seal_piece(app, job, no, piece)?;
        let mut tx = app.db.write().await?;
        let still_ours = store::progress(&mut tx, job, rows, until(app.clock.now())).await?;
        if !still_ours {
            return Err(taken_over());
        }
        store::piece(&mut tx, job, no, sealed).await?;
        tx.commit().await?;
    }
    let hours = SignedDuration::from_hours(rules.keep_hours.clamp(1, 24 * 365));
    let keep_until = app.clock.now().checked_add(hours).unwrap_or(Timestamp::MAX);
    Ok(Made { rows, bytes: i64::try_from(bytes.len()).unwrap_or(i64::MAX), scope, on, keep_until })
}

/// The sheet with what stands above its head.
fn begun(
    export: &dyn ListExport,
    work: &Work,
    ui: &Ui,
    (spec, asked): (&ListSpec, &Asked),
) -> Result<ListBook, ActionError> {
    let heads = export.heads(work, ui, &asked.query);
    let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
    ListBook::begin(ui, &ui.t(export.title()), &heads, spec, &asked.query).map_err(broken)
}

async fn heartbeat(app: &App, job: &Job, rows: i64) -> Result<(), ActionError> {
    let mut tx = app.db.write().await?;
    let still_ours = store::progress(&mut tx, job, rows, until(app.clock.now())).await?;
    tx.commit().await?;
    if still_ours { Ok(()) } else { Err(taken_over()) }
}

fn taken_over() -> ActionError {
    ActionError::Internal("another process took the export over".to_owned())
}

fn broken(error: crate::sheets::WriteError) -> ActionError {
    ActionError::Internal(error.to_string())
}

async fn end(app: &App, job: &Job, ended: Result<Made, ActionError>) -> Result<(), ActionError> {
    let mut work = Work::begin(app, Actor::system(Origin::Console)).await?;
    let now = work.now;
    let news = match &ended {
        Ok(made) => store::done(&mut work.tx, job, made, now).await?.then_some(News::ExportReady { rows: made.rows }),
        Err(error) => {
            tracing::error!(%error, export = job.id, "an export failed");
            let problem = error.refusal().map_or("internal", |refused| refused.code);
            store::failed(&mut work.tx, job, problem, now).await?.then_some(News::ExportFailed)
        }
    };
    if let Some(news) = news {
        let thing = format!("export:{}", job.id);
        let told = Notice { news, occasion: thing.clone(), thing, href: format!("/exports/{}", job.id) };
        notice::tell(&mut work, &[job.user], &told).await?;
    }
    Ok(work.commit().await?)
}

/// Removes files whose time is over.
///
/// # Errors
/// The store's.
pub async fn remove_old(app: &App) -> Result<u64, StoreError> {
    let mut tx = app.db.write().await?;
    let removed = store::remove_old(&mut tx, app.clock.now()).await?;
    tx.commit().await?;
    Ok(removed)
}

/// A small result as a workbook, at once, and how many rows it has.
pub(super) async fn at_once(
    export: &dyn ListExport,
    work: &mut Work,
    ui: &Ui,
    (spec, asked): (&ListSpec, &Asked),
    most: i64,
) -> Result<(Vec<u8>, i64), ActionError> {
    let rows = export.rows(work, ui, asked, (0, most)).await?;
    let mut book = begun(export, work, ui, (spec, asked))?;
    book.rows(ui, &rows).map_err(broken)?;
    Ok((book.finish().map_err(broken)?, i64::try_from(rows.len()).unwrap_or(i64::MAX)))
}
