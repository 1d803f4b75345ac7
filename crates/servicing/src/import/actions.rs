//! Use cases of an import: upload, confirm and try out, write; all at once for the command line.

use jiff::{SignedDuration, Timestamp};
use platform::access::{Actor, Origin};
use platform::app::App;
use platform::audit::Entry;
use platform::error::ActionError;
use platform::sheets::{Limits, Note, Workbook, annotate};
use platform::work::Work;
use serde_json::json;

use super::file::{self, BookFile};
use super::model::{Finding, Level, Run, RunId, RunState, Summary};
use super::rules::ImportError;
use super::trial::{Trial, open_book, try_out};
use super::write::{StopAfter, Tell, write_all};
use super::{RUN, store};
use crate::book::{self, Conventions, SheetLayout};

/// How long a writer that says nothing counts as at work.
pub const LEASE: SignedDuration = SignedDuration::from_mins(5);
/// The holder of a run that was begun and that nobody writes yet.
const BEGUN: i64 = 0;
/// The longest name of a file that is kept.
const LONGEST_NAME: usize = 200;

/// How far an import from the command line goes (导入方式).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// 试算: nothing is written but the run itself.
    DryRun,
    /// 整表写入: nothing at all when a row is refused.
    Everything,
    /// 只写对的行.
    TheRest,
}

/// Keeps a file and recognises its sheets; answers remembered for the same headings are taken over.
///
/// `book` is the file as [`super::trial`] opened it, outside of the transaction.
pub async fn upload(work: &mut Work, name: &str, bytes: &[u8], workbook: &Workbook) -> Result<RunId, ActionError> {
    work.authorise(RUN)?;
    let user = work.actor.user.ok_or(ImportError::NobodyManages)?;
    let content_hash = file::keep(work, &BookFile::of(bytes), bytes.len()).await?;
    let guess = book::recognise(workbook, &[]);
    let fingerprints: Vec<String> = guess.iter().map(|l| l.fingerprint.clone()).collect();
    let remembered = store::mappings(&mut work.tx, &fingerprints).await?;
    let run = Run {
        id: RunId(work.next_id()),
        file_name: name.chars().filter(|c| !c.is_control()).take(LONGEST_NAME).collect(),
        content_hash,
        state: RunState::Uploaded,
        layouts: book::recognise(workbook, &remembered),
        conventions: None,
        summary: Summary::default(),
        partial: false,
        done_loans: 0,
        branch: work.actor.branch,
        recorded_at: work.now,
        recorded_by: user,
        finished_at: None,
        version: 1,
    };
    store::insert_run(work, &run).await?;
    let state = json!({ "bytes": bytes.len(), "content": run.content_hash, "sheets": run.layouts.len() });
    work.audit(Entry::new(None, "import.upload", run.subject()).after(state)).await?;
    Ok(run.id)
}

/// A run that this person may see.
///
/// Errors: [`ImportError::NotFound`].
pub async fn load(work: &mut Work, id: RunId) -> Result<Run, ActionError> {
    let scope = work.authorise(RUN)?;
    let found = store::run(&mut work.tx, id).await?;
    let own = found.filter(|run| scope.covers(run.branch, None, run.recorded_by) || scope.branch == run.branch.0);
    Ok(own.ok_or(ImportError::NotFound)?)
}

/// Conventions to propose for a file: those given last, with the date that the file names, else the business date.
pub async fn proposed(work: &mut Work, workbook: &Workbook) -> Result<Conventions, ActionError> {
    let today = work.business_date;
    let as_of = book::date_of_book(workbook).filter(|on| *on <= today).unwrap_or(today);
    let scope = work.authorise(RUN)?;
    let last = store::last_conventions(&mut work.tx, scope.branch).await?;
    let mut conventions = Conventions { as_of, ..last.unwrap_or_else(|| Conventions::proposed(as_of)) };
    if conventions.product.is_empty() {
        let in_force = platform::policies::in_force(work, today).await?;
        conventions.product = in_force.pack().products().first().map(|p| p.id.clone()).unwrap_or_default();
    }
    Ok(conventions)
}

/// Tries a run out under these answers; nothing is written. Save it with [`confirm`].
///
/// Errors: a run that is on its way already, a date after the business date, an unknown product.
pub async fn trial(
    work: &mut Work,
    id: RunId,
    layouts: Vec<SheetLayout>,
    conventions: Conventions,
) -> Result<(Run, Trial), ActionError> {
    let mut run = load(work, id).await?;
    match run.state {
        RunState::Uploaded | RunState::Tried => {}
        RunState::Importing | RunState::Imported | RunState::Undone => {
            return Err(ImportError::WrongState { state: run.state }.into());
        }
    }
    let (as_of, business_date) = (conventions.as_of, work.business_date);
    if as_of > business_date {
        return Err(ImportError::BookDate { as_of, business_date }.into());
    }
    let in_force = platform::policies::in_force(work, business_date).await?;
    if in_force.pack().product(&conventions.product).is_none() {
        return Err(ImportError::ProductUnknown { product: conventions.product.clone() }.into());
    }
    (run.layouts, run.conventions) = (layouts, Some(conventions));
    let bytes = file::load(work, &run.content_hash).await?;
    let trial = try_out(work, &run, bytes).await?;
    (run.summary, run.state) = (trial.summary, RunState::Tried);
    Ok((run, trial))
}

/// Keeps a trial: answers, findings, totals; the answers are remembered for the next file with these headings.
pub async fn confirm(work: &mut Work, run: &Run, trial: &Trial) -> Result<(), ActionError> {
    work.authorise(RUN)?;
    store::update_run(&mut work.tx, run).await?;
    store::replace_findings(&mut work.tx, run.id, &trial.findings).await?;
    let mappings: Vec<_> = run.layouts.iter().map(SheetLayout::mapping).collect();
    store::remember(work, &mappings).await?;
    work.audit(Entry::new(None, "import.try", run.subject()).after(json!({ "summary": run.summary })))
        .await
        .map_err(ActionError::from)
}

/// Begins the writing: from now on batches come in. A run on its way may be begun again, after a kill.
///
/// Errors: [`ImportError::RowsRefused`] unless the person asked for the rest; [`ImportError::Busy`] while another
/// import, or another process, writes.
pub async fn begin(work: &mut Work, id: RunId, partial: bool) -> Result<Run, ActionError> {
    let mut run = load(work, id).await?;
    match run.state {
        RunState::Uploaded => return Err(ImportError::NotAnswered.into()),
        RunState::Imported | RunState::Undone => return Err(ImportError::WrongState { state: run.state }.into()),
        RunState::Importing => {
            take_lease(work, id, BEGUN).await?;
            return Ok(run);
        }
        RunState::Tried => {}
    }
    if run.summary.refused_rows > 0 && !partial {
        return Err(ImportError::RowsRefused { rows: run.summary.refused_rows }.into());
    }
    take_lease(work, id, BEGUN).await?;
    (run.state, run.partial) = (RunState::Importing, partial);
    store::update_run(&mut work.tx, &run).await?;
    let state = json!({ "partial": partial, "summary": run.summary });
    work.audit(Entry::new(None, RUN, run.subject()).after(state)).await?;
    Ok(run)
}

/// Takes the right to write for a while.
///
/// Errors: [`ImportError::Busy`].
pub(super) async fn take_lease(work: &mut Work, id: RunId, holder: i64) -> Result<(), ActionError> {
    let now = work.now;
    if store::take_lease(&mut work.tx, id, holder, now, end_of_lease(now)).await? {
        return Ok(());
    }
    let (file, until) = store::lease(&mut work.tx).await?.unwrap_or_default();
    Err(ImportError::Busy { file, until: platform::clock::civil_minute(until) }.into())
}

/// When a lease taken or kept now runs out.
pub(super) fn end_of_lease(now: Timestamp) -> Timestamp {
    now.checked_add(LEASE).unwrap_or(now)
}

/// Writes a run that was begun, in batches of their own; ends it when all are in.
///
/// `stop_after` ends the writing after so many batches: what a kill does, for tests.
///
/// Errors: [`ImportError::Busy`] while somebody else writes, [`ImportError::LeaseLost`] when somebody else took over.
pub async fn write(app: &App, actor: &Actor, id: RunId, stop_after: StopAfter) -> Result<(), ActionError> {
    write_telling(app, actor, id, stop_after, &|_, _| {}).await
}

/// As [`write`], telling after every batch how many loans of how many are dealt with.
///
/// Errors: as [`write`].
pub async fn write_telling(
    app: &App,
    actor: &Actor,
    id: RunId,
    stop_after: StopAfter,
    tell: Tell<'_>,
) -> Result<(), ActionError> {
    let mut work = Work::begin(app, actor.clone()).await?;
    let run = load(&mut work, id).await?;
    if run.state != RunState::Importing {
        return Err(ImportError::WrongState { state: run.state }.into());
    }
    let holder = work.next_id();
    take_lease(&mut work, id, holder).await?;
    work.commit().await?;
    let ended = write_held(app, actor, &run, holder, (stop_after, tell)).await;
    // Whatever happened, the next writer need not wait; if this fails too the lease runs out by itself.
    let mut tx = app.db.write().await?;
    store::release_lease(&mut tx, holder).await?;
    tx.commit().await?;
    ended
}

async fn write_held(
    app: &App,
    actor: &Actor,
    run: &Run,
    holder: i64,
    course: (StopAfter, Tell<'_>),
) -> Result<(), ActionError> {
    let mut work = Work::read(app, actor.clone()).await?;
    let bytes = file::load(&mut work, &run.content_hash).await?;
    let trial = try_out(&mut work, run, bytes).await?;
    drop(work);
    let origin = Origin::Import { import: run.id.0 };
    let actor = Actor { origin, ..actor.clone() };
    if write_all(app, &actor, run, &trial, holder, course).await? {
        let mut work = Work::begin(app, actor).await?;
        let now = work.now;
        store::finish(&mut work.tx, run.id, now).await?;
        work.commit().await?;
    }
    Ok(())
}

/// The user's own file and what was found beside its rows, for [`annotated`]; who took it is in the trail.
pub async fn take_file(work: &mut Work, run: &Run) -> Result<(Vec<u8>, Vec<Finding>), ActionError> {
    work.authorise(RUN)?;
    let findings = store::findings(&mut work.tx, run.id, None, i64::MAX, 0).await?;
    let bytes = file::load(work, &run.content_hash).await?;
    work.audit(Entry::new(None, "import.download", run.subject()).after(json!({ "findings": findings.len() }))).await?;
    Ok((bytes, findings))
}

/// The file with every finding as a sentence beside its row.
pub fn annotated(run: &Run, bytes: &[u8], findings: &[Finding], say: &book::Say<'_>) -> Result<Vec<u8>, ActionError> {
    let header = |sheet: &str| run.layouts.iter().find(|l| l.sheet == sheet).map_or(1, |l| l.header_end().max(1));
    let mut notes: Vec<Note> = Vec::with_capacity(findings.len());
    let mut sheets: Vec<&str> = findings.iter().map(|f| f.sheet.as_str()).collect();
    sheets.dedup();
    for sheet in sheets {
        notes.push(Note { sheet: sheet.to_owned(), row: header(sheet), text: say("book-check-heading", &[]) });
    }
    for finding in findings {
        let place = finding.column.map(|c| format!("[{}] ", platform::sheets::column_letters(c))).unwrap_or_default();
        let text = format!("{place}{}", say(&finding.message_id(), &finding.facts));
        let id = match finding.level {
            Level::Refused => "book-check-refused",
            Level::Warning => "book-check-warning",
        };
        let text = say(id, &[("text".to_owned(), text)]);
        let row = finding.row.unwrap_or_else(|| header(&finding.sheet));
        notes.push(Note { sheet: finding.sheet.clone(), row, text });
    }
    Ok(annotate(&run.file_name, bytes, &notes, &Limits::default()).map_err(ImportError::from)?)
}

/// Imports a file in one go, as the command line does (导入账本). `None`: the answers given last, else the usual ones.
///
/// Errors: the file's, the conventions', [`ImportError::RowsRefused`] under [`Mode::Everything`].
pub async fn run(
    app: &App,
    actor: &Actor,
    name: &str,
    bytes: Vec<u8>,
    conventions: Option<Conventions>,
    mode: Mode,
) -> Result<(RunId, Summary), ActionError> {
    let answer = |proposed| conventions.clone().unwrap_or(proposed);
    let (id, summary) = try_file(app, actor, name, bytes, &answer).await?;
    if mode != Mode::DryRun {
        let mut work = Work::begin(app, actor.clone()).await?;
        begin(&mut work, id, mode == Mode::TheRest).await?;
        work.commit().await?;
        write(app, actor, id, None).await?;
    }
    Ok((id, summary))
}

/// Uploads a file and tries it out under the answers that are made of the proposed ones.
///
/// Errors: the file's, the conventions'.
pub async fn try_file(
    app: &App,
    actor: &Actor,
    name: &str,
    bytes: Vec<u8>,
    answer: &(dyn Fn(Conventions) -> Conventions + Sync),
) -> Result<(RunId, Summary), ActionError> {
    let (workbook, bytes) = open_book(name, bytes).await?;
    let mut work = Work::begin(app, actor.clone()).await?;
    let id = upload(&mut work, name, &bytes, &workbook).await?;
    let conventions = answer(proposed(&mut work, &workbook).await?);
    work.commit().await?;
    let mut work = Work::read(app, actor.clone()).await?;
    let layouts = load(&mut work, id).await?.layouts;
    let (run, trial) = trial(&mut work, id, layouts, conventions).await?;
    drop(work);
    let mut work = Work::begin(app, actor.clone()).await?;
    confirm(&mut work, &run, &trial).await?;
    work.commit().await?;
    Ok((id, run.summary))
}
