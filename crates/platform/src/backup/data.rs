//! The copies as a program reads them (备份数据).

use schemars::JsonSchema;
use serde::Serialize;

use super::rules::Plan;
use super::schedule::BACKUP_RUN;
use super::store::{self, Copy};
use crate::api::Data;
use crate::web::{Visit, WebError};

/// Copies that are told.
const SHOWN: i64 = 60;

/// How safe the book is (备份情况): the plan and the latest copies.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct BackupsData {
    /// Whether the server was given a folder for copies.
    has_folder: bool,
    /// When the last copy was finished; null: never.
    last_done_at: Option<String>,
    /// The hour in China from which the day's copy is taken.
    plan_hour: i8,
    /// How many days keep their copy.
    plan_daily: u32,
    /// How many weeks keep their last copy.
    plan_weekly: u32,
    /// The latest copies, the newest first.
    copies: Vec<CopyData>,
}

/// A copy that the server took (备份记录).
#[derive(Debug, Serialize, JsonSchema)]
struct CopyData {
    /// The key.
    id: String,
    /// The day that it was due; null when a person asked for it.
    planned_on: Option<String>,
    /// `running`, `done`, `failed` or `removed`.
    state: String,
    /// The file's name in the folder.
    file: String,
    /// How large it is.
    size_bytes: Option<i64>,
    /// Rows of all tables in it.
    rows: Option<i64>,
    /// The business date in it.
    business_date: Option<String>,
    /// Why it was not made.
    problem: Option<String>,
    /// When it began.
    started_at: String,
    /// When it ended.
    ended_at: Option<String>,
}

impl CopyData {
    fn of(copy: Copy) -> Self {
        Self {
            id: copy.id.to_string(),
            planned_on: copy.planned_on.map(|on| on.to_string()),
            state: copy.state.as_str().to_owned(),
            file: copy.file,
            size_bytes: copy.bytes,
            rows: copy.rows,
            business_date: copy.business_date.map(|on| on.to_string()),
            problem: copy.problem,
            started_at: copy.started_at.to_string(),
            ended_at: copy.ended_at.map(|at| at.to_string()),
        }
    }
}

/// `/api/v1/backups`
pub(super) async fn backups(visit: Visit) -> Result<Data<BackupsData>, WebError> {
    let mut work = visit.read().await?;
    work.authorise(BACKUP_RUN)?;
    let Plan { hour, daily, weekly } = store::plan(&mut work.tx).await?;
    Ok(Data(BackupsData {
        has_folder: visit.app.settings.backups.is_some(),
        last_done_at: store::last_done(&mut work.tx).await?.map(|at| at.to_string()),
        plan_hour: hour,
        plan_daily: daily,
        plan_weekly: weekly,
        copies: store::latest(&mut work.tx, SHOWN).await?.into_iter().map(CopyData::of).collect(),
    }))
}
