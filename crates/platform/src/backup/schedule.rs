//! Copies taken by the server itself (定时备份): one a day, kept for a time, each with its record.
//!
//! The folder and the key file come with the start of the program, not from a page: nobody who can open a page shall
//! choose where the server writes. Hour and retention are set on the page. Several servers on one database take
//! one copy between them: the row of the day decides.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::rules::Plan;
use super::store::{self, Begin};
use super::{BackupError, BackupKey, make};
use crate::access::{Actor, Origin};
use crate::app::App;
use crate::audit::Entry;
use crate::db::StoreError;
use crate::error::{ActionError, FieldError, Refused};
use crate::notice::{self, News, Notice};
use crate::work::Work;

pub use store::{Copy, CopyState};

/// Change the plan, take a copy now, see the copies.
pub const BACKUP_RUN: &str = "backup.run";

/// How often the server looks whether a copy is due.
const LOOK_EVERY: Duration = Duration::from_secs(60);
/// A failed copy is tried again after this.
const RETRY_AFTER: SignedDuration = SignedDuration::from_hours(1);
/// A copy that began this long ago and did not end was broken off.
const STALE_AFTER: SignedDuration = SignedDuration::from_hours(6);
/// More days or weeks than this are a slip of the finger.
const MOST_KEPT: u32 = 3_660;

/// Where copies go and what seals them (备份位置).
#[derive(Debug, Clone)]
pub struct BackupPlace {
    /// The folder.
    pub folder: PathBuf,
    /// What seals them.
    pub key: BackupKey,
}

/// Takes the copies when they are due, for as long as the server runs.
pub async fn keep(app: App) {
    loop {
        if let Err(error) = take_due(&app).await {
            tracing::error!(%error, "the scheduled copy");
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

/// Takes the copy of the day when it is due and nobody has it; then removes those past their time.
///
/// # Errors
/// The database; a copy that fails is noted in its record and in the log instead.
pub async fn take_due(app: &App) -> Result<Option<CopyState>, StoreError> {
    let Some(place) = app.settings.backups.clone() else { return Ok(None) };
    let now = app.clock.now();
    let mut tx = app.db.read().await?;
    let plan = store::plan(&mut tx).await?;
    tx.rollback().await?;
    let Some(day) = plan.due(now) else { return Ok(None) };
    let Some((id, file)) = begin(app, Some(day), now, 0).await? else { return Ok(None) };
    let state = write(app, &place, id, &file).await?;
    if state == CopyState::Done {
        remove_old(app, &place, &plan).await?;
    }
    Ok(Some(state))
}

/// Begins a copy that a person asked for; it is written beside, its record says how it ends.
///
/// # Errors
/// No folder was named at the start of the program.
pub async fn take_now(app: &App, by: i64) -> Result<(), ActionError> {
    let Some(place) = app.settings.backups.clone() else {
        return Err(Refused::new(crate::error::RefusalKind::Conflict, "backup-no-folder").into());
    };
    let Some((id, file)) = begin(app, None, app.clock.now(), by).await? else { return Ok(()) };
    let app = app.clone();
    tokio::spawn(async move {
        if let Err(error) = write(&app, &place, id, &file).await {
            tracing::error!(%error, "the record of a copy");
        }
    });
    Ok(())
}

/// Sets the plan.
///
/// # Errors
/// An hour that is none, nothing kept.
pub async fn set_plan(work: &mut Work, plan: Plan) -> Result<(), ActionError> {
    work.authorise(BACKUP_RUN)?;
    let mut wrong = Vec::new();
    if !(0..=23).contains(&plan.hour) {
        wrong.push(FieldError::new("hour", "backup-hour"));
    }
    if !(1..=MOST_KEPT).contains(&plan.daily) {
        wrong.push(FieldError::new("daily", "backup-kept").with("most", MOST_KEPT));
    }
    if plan.weekly > MOST_KEPT {
        wrong.push(FieldError::new("weekly", "backup-kept").with("most", MOST_KEPT));
    }
    if !wrong.is_empty() {
        return Err(Refused::form(wrong).into());
    }
    let before = store::plan(&mut work.tx).await?;
    store::set_plan(&mut work.tx, &plan).await?;
    work.audit(Entry::new(None, "backup.plan", "backup").before(json!(before)).after(json!(plan))).await?;
    Ok(())
}

async fn begin(
    app: &App,
    planned_on: Option<Date>,
    now: Timestamp,
    by: i64,
) -> Result<Option<(i64, String)>, StoreError> {
    let name = now.to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(8))).strftime("%Y-%m-%d-%H%M%S");
    let id = app.ids.next(now);
    // A person's copy may begin in the same second as the day's, or as another person's.
    let own = if planned_on.is_some() { String::new() } else { format!("-{id}") };
    let file = format!("loanward-{name}{own}.loanward");
    let mut tx = app.db.write().await?;
    let new = Begin {
        id,
        planned_on,
        file: &file,
        now,
        by,
        retry_before: now.saturating_sub(RETRY_AFTER).unwrap_or(now),
        stale_before: now.saturating_sub(STALE_AFTER).unwrap_or(now),
    };
    let begun = store::begin(&mut tx, &new).await?;
    tx.commit().await?;
    Ok(begun.map(|id| (id, file)))
}

async fn write(app: &App, place: &BackupPlace, id: i64, file: &str) -> Result<CopyState, StoreError> {
    let path = place.folder.join(file);
    let made = match std::fs::create_dir_all(&place.folder) {
        Ok(()) => make(&app.db, app.clock.now(), &place.key, &path).await,
        Err(error) => Err(BackupError::file(&place.folder, error)),
    };
    let mut work = Work::begin(app, Actor::system(Origin::Console)).await?;
    let now = work.now;
    let (state, entry) = match &made {
        Ok(made) => {
            store::done(&mut work.tx, id, made, now).await?;
            notice::settle(&mut work, "backup").await?;
            tracing::info!(bytes = made.bytes, "a copy of the book is made");
            (CopyState::Done, Entry::new(None, "backup.make", file).after(json!({"bytes": made.bytes})))
        }
        Err(error) => {
            store::failed(&mut work.tx, id, error.name(), now).await?;
            tell_failed(&mut work, id, error.name()).await?;
            tracing::error!(%error, "a copy of the book failed");
            (CopyState::Failed, Entry::new(None, "backup.fail", file).after(json!({"problem": error.name()})))
        }
    };
    work.audit(entry).await?;
    work.commit().await?;
    Ok(state)
}

/// Tells those who look after the copies; trying the same copy again tells nobody twice.
async fn tell_failed(work: &mut Work, id: i64, problem: &str) -> Result<(), StoreError> {
    let people = notice::who_may(work, BACKUP_RUN, None, None).await?;
    let failed = Notice {
        news: News::BackupFailed { problem: problem.to_owned() },
        occasion: format!("backup:{id}"),
        thing: "backup".to_owned(),
        href: "/backups".to_owned(),
    };
    notice::tell(work, &people, &failed).await
}

/// Removes the scheduled copies past their time; those that a person asked for stay.
async fn remove_old(app: &App, place: &BackupPlace, plan: &Plan) -> Result<(), StoreError> {
    let mut tx = app.db.read().await?;
    let copies = store::kept(&mut tx).await?;
    tx.rollback().await?;
    let days: BTreeSet<Date> = copies.iter().filter_map(|copy| copy.planned_on).collect();
    let old = plan.to_remove(&days);
    for copy in copies.iter().filter(|copy| copy.planned_on.is_some_and(|on| old.contains(&on))) {
        if let Err(error) = std::fs::remove_file(place.folder.join(&copy.file))
            && error.kind() != std::io::ErrorKind::NotFound
        {
            tracing::warn!(%error, file = copy.file, "an old copy cannot be removed");
            continue;
        }
        let mut work = Work::begin(app, Actor::system(Origin::Console)).await?;
        store::removed(&mut work.tx, copy.id).await?;
        work.audit(Entry::new(None, "backup.remove", copy.file.clone())).await?;
        work.commit().await?;
    }
    Ok(())
}
