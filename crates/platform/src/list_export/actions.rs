//! What people do about exports (导出用例): ask for one, take its file.

use std::sync::Arc;

use policy::{Edition, ParameterError};
use serde_json::json;

use super::model::{Asked, Job, JobState, Kept, ListExport, still_covers};
use super::store;
use crate::app::App;
use crate::audit::Entry;
use crate::error::{ActionError, Refusal, RefusalKind, Refused};
use crate::id::UserId;
use crate::locale::{Lang, Locale};
use crate::page::Ui;
use crate::page::list::ListQuery;
use crate::policies::{self, PolicyError};
use crate::vault::Place;
use crate::work::Work;

/// Rows that one selection may hold.
const MOST_PICKED: usize = 1_000;
/// The longest key of a row.
const MAX_KEY: usize = 64;
/// The place of what was asked.
pub(crate) const ASKED: &str = "export_job.asked";
/// The place of the pieces of its file.
pub(crate) const PIECE: &str = "export_piece.sealed";

/// The parameters of exports (导出参数), article `house.exports` of the pack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExportRules {
    /// Rows beyond which an export is made in the background.
    pub background_rows: i64,
    /// Most rows of one export.
    pub most_rows: i64,
    /// Hours that a file is kept.
    pub keep_hours: i64,
    /// Hours that the workbook of the whole book is kept.
    pub book_keep_hours: i64,
    /// Exports that a person may have under way at once.
    pub at_once: i64,
}

impl Default for ExportRules {
    /// What holds while no rules are in force: before the set-up, and in tests.
    fn default() -> Self {
        Self { background_rows: 5_000, most_rows: 1_000_000, keep_hours: 72, book_keep_hours: 72, at_once: 3 }
    }
}

impl ExportRules {
    fn of(edition: &Edition) -> Result<Self, ParameterError> {
        Ok(Self {
            background_rows: edition.integer("export_background_rows")?,
            most_rows: edition.integer("export_most_rows")?,
            keep_hours: edition.integer("export_keep_hours")?,
            book_keep_hours: edition.integer("book_keep_hours")?,
            at_once: edition.integer("export_at_once")?,
        })
    }

    /// The parameters of the rules in force; the program's own before the set-up.
    ///
    /// # Errors
    /// A parameter that the pack lacks; the store's.
    pub async fn load(work: &mut Work) -> Result<Self, ActionError> {
        let on = work.business_date;
        match policies::in_force(work, on).await {
            Ok(rules) => Ok(Self::of(rules.edition(on)).map_err(PolicyError::from)?),
            Err(ActionError::Refused(refused)) if refused.code == "policy-none" => Ok(Self::default()),
            Err(other) => Err(other),
        }
    }
}

/// Why there is no export (导出类拒绝).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ExportError {
    /// No such list is exported.
    #[error("no such list")]
    NoList,
    /// The question to the list cannot be read.
    #[error("the question cannot be read")]
    Question,
    /// More rows than an export may have.
    #[error("{rows} of at most {most} rows")]
    TooMany {
        /// How many were asked for.
        rows: i64,
        /// How many there may be.
        most: i64,
    },
    /// It is too large for one answer: it is asked for by `POST /exports`.
    #[error("{rows} rows are exported in the background")]
    Large {
        /// How many.
        rows: i64,
    },
    /// No row was picked.
    #[error("nothing picked")]
    NothingPicked,
    /// Too many are under way.
    #[error("{running} under way")]
    Busy {
        /// How many.
        running: i64,
    },
    /// There is no such export, or its file is not there.
    #[error("no such export")]
    Unknown,
    /// Whoever takes the file sees less today than when it was made.
    #[error("the data scope is narrower now")]
    Narrower,
}

impl Refusal for ExportError {
    fn refused(&self) -> Refused {
        match self {
            Self::NoList => Refused::new(RefusalKind::NotFound, "unknown-thing").with("what", "list"),
            Self::Question => Refused::new(RefusalKind::Invalid, "export-question"),
            Self::TooMany { rows, most } => {
                Refused::new(RefusalKind::Conflict, "export-too-many").with("rows", rows).with("most", most)
            }
            Self::Large { rows } => Refused::new(RefusalKind::Conflict, "export-too-large").with("rows", rows),
            Self::NothingPicked => Refused::new(RefusalKind::Invalid, "batch-none"),
            Self::Busy { running } => Refused::new(RefusalKind::Conflict, "export-busy").with("running", running),
            Self::Unknown => Refused::new(RefusalKind::NotFound, "unknown-thing").with("what", "export"),
            Self::Narrower => {
                Refused::new(RefusalKind::Forbidden, "export-narrower").under("export.checked-again", None)
            }
        }
    }
}

/// The export of this list.
pub(super) fn of_list(app: &App, list: &str) -> Result<Arc<dyn ListExport>, ExportError> {
    let mut all = app.capabilities.iter().flat_map(|capability| capability.list_exports());
    all.find(|export| export.list() == list).ok_or(ExportError::NoList)
}

/// Asks for an export in the background: of the whole result, or of the keys picked.
///
/// # Errors
/// Denied; [`ExportError`].
pub async fn ask(work: &mut Work, lang: Lang, list: &str, query: &str, keys: &[String]) -> Result<i64, ActionError> {
    let export = of_list(&work.app, list)?;
    let scope = export.scope(work)?;
    let user = work.actor.user.ok_or(ExportError::Unknown)?;
    if keys.len() > MOST_PICKED {
        return Err(ExportError::TooMany { rows: count_of(keys), most: count_of(&[0; MOST_PICKED]) }.into());
    }
    let mut kept = Kept { query: query.to_owned(), ..Kept::default() };
    if export.numbered() {
        let numbers = keys.iter().map(|key| key.parse()).collect::<Result<_, _>>();
        kept.keys = numbers.map_err(|_| ExportError::Question)?;
    } else if keys.iter().all(|key| key.len() <= MAX_KEY) {
        kept.picked = keys.to_vec();
    } else {
        return Err(ExportError::Question.into());
    }
    let rules = ExportRules::load(work).await?;
    let (_, running) = store::count(&mut work.tx, user).await?;
    if running >= rules.at_once {
        return Err(ExportError::Busy { running }.into());
    }
    let ui = pen(work, lang);
    let asked = read(export.as_ref(), work, &ui, &kept).await?;
    // Rows that are told apart by texts are found when they are read.
    let rows = if asked.picked.is_empty() { export.count(work, &asked).await? } else { count_of(&asked.picked) };
    let most = rules.most_rows;
    if rows > most {
        return Err(ExportError::TooMany { rows, most }.into());
    }
    let id = work.next_id();
    let text = serde_json::to_vec(&kept).map_err(|error| ActionError::Internal(error.to_string()))?;
    let sealed = work.app.vault()?.seal_bytes(Place { column: ASKED, row: &row_of(user, id) }, &text);
    let job = Job {
        user,
        id,
        list: list.to_owned(),
        sealed,
        picked: count_of(keys),
        language: lang.tag().to_owned(),
        state: JobState::Running,
        problem: None,
        rows,
        done: 0,
        bytes: 0,
        scope,
        business_date: None,
        asked_at: work.now,
        lease: 0,
        keep_until: None,
    };
    store::insert(&mut work.tx, &job).await?;
    let filters: Vec<&str> = asked.query.filters.iter().map(|(id, _)| *id).collect();
    let after = json!({"list": list, "rows": rows, "picked": job.picked, "filters": filters});
    work.audit(Entry::new(None, "export.ask", format!("export:{id}")).after(after)).await?;
    Ok(id)
}

fn count_of<T>(keys: &[T]) -> i64 {
    i64::try_from(keys.len()).unwrap_or(i64::MAX)
}

fn row_of(user: UserId, id: i64) -> String {
    format!("{user}:{id}")
}

/// The pen in which an export is written.
pub(super) fn pen(work: &Work, lang: Lang) -> Ui {
    Ui::new(Locale::new(work.app.catalogue.clone(), lang), work.business_date)
}

/// What was asked, read by the list as it is today.
pub(super) async fn read(export: &dyn ListExport, work: &mut Work, ui: &Ui, kept: &Kept) -> Result<Asked, ActionError> {
    let spec = export.spec_for(work, ui, &kept.query).await?;
    let query = ListQuery::parse(&spec, &kept.query).map_err(|_| ExportError::Question)?;
    Ok(Asked { query, keys: kept.keys.clone(), picked: kept.picked.clone() })
}

/// What a job was asked for.
pub(super) fn unseal(app: &App, job: &Job) -> Result<Kept, ActionError> {
    let text = app.vault()?.open_bytes(Place { column: ASKED, row: &row_of(job.user, job.id) }, &job.sealed)?;
    serde_json::from_slice(&text).map_err(|error| ActionError::Internal(error.to_string()))
}

/// A piece of a file under seal, and opened again.
pub(super) fn seal_piece(app: &App, job: &Job, no: i64, bytes: &[u8]) -> Result<Vec<u8>, ActionError> {
    let row = format!("{}:{no}", row_of(job.user, job.id));
    Ok(app.vault()?.seal_bytes(Place { column: PIECE, row: &row }, bytes))
}

/// The file of a job of one's own, checked anew and noted in the trail.
///
/// # Errors
/// [`ExportError::Unknown`], [`ExportError::Narrower`]; denied meanwhile.
pub(super) async fn file(work: &mut Work, id: i64) -> Result<(Job, Arc<dyn ListExport>, Vec<u8>), ActionError> {
    let user = work.actor.user.ok_or(ExportError::Unknown)?;
    let job = store::job(&mut work.tx, user, id).await?.ok_or(ExportError::Unknown)?;
    let now = work.now;
    if job.state != JobState::Done || job.keep_until.is_none_or(|until| until < now) {
        return Err(ExportError::Unknown.into());
    }
    let export = of_list(&work.app, &job.list)?;
    let scope = export.scope(work)?;
    if !still_covers(scope, job.scope) {
        return Err(ExportError::Narrower.into());
    }
    let mut bytes = Vec::new();
    for no in 0.. {
        let Some(sealed) = store::sealed_piece(&mut work.tx, &job, no).await? else { break };
        let row = format!("{}:{no}", row_of(user, id));
        bytes.extend(work.app.vault()?.open_bytes(Place { column: PIECE, row: &row }, &sealed)?);
    }
    let entry = Entry::new(None, "export.download", format!("export:{id}"));
    work.audit(entry.after(json!({"list": job.list, "rows": job.rows}))).await?;
    Ok((job, export, bytes))
}
