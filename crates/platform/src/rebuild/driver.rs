//! The drivers: all rebuilders in order, batch by batch; reading, or writing behind marks.

use std::sync::Arc;

use serde_json::json;

use super::model::{Found, Mode, Progress, RebuildBatch, Rebuilder};
use super::store::{self, Mark};
use crate::access::{Actor, Origin};
use crate::app::App;
use crate::audit::{self, Entry};
use crate::close;
use crate::error::ActionError;
use crate::work::Work;

/// Where every rebuilder begins.
const START: i64 = -1;

/// Told after every batch.
pub type Tell<'a> = &'a mut (dyn FnMut(&Progress<'_>) + Send);

/// Compares all caches with the facts; writes nothing.
///
/// # Errors
/// The store's.
pub async fn verify(app: &App, tell: Tell<'_>) -> Result<Found, ActionError> {
    let mut found = Found::default();
    for rebuilder in rebuilders(app) {
        let mut work = read(app).await?;
        let expected = rebuilder.expected(&mut work).await?;
        drop(work);
        let (mut after, mut considered) = (START, 0);
        loop {
            let mut work = read(app).await?;
            let batch = rebuilder.batch(&mut work, after, Mode::Verify).await?;
            drop(work);
            add(&mut found, &batch);
            considered += batch.considered;
            tell(&Progress { name: rebuilder.name(), expected, considered, differences: &batch.differences });
            let Some(last) = batch.last else { break };
            after = moved_on(rebuilder.as_ref(), after, last)?;
        }
    }
    Ok(found)
}

/// Writes what differs; a run that was interrupted is finished first.
///
/// # Errors
/// [`close::CloseError::Running`] while a close or another rebuilding is at it; the store's.
pub async fn write(app: &App, tell: Tell<'_>) -> Result<Found, ActionError> {
    let holder = app.ids.next(app.clock.now());
    close::take_lease(app, holder).await?;
    let ended = Writer { app, holder }.all(tell).await;
    if let Err(error) = close::release_lease(app, holder).await {
        tracing::warn!(%error, "the lease of the close stays until it runs out");
    }
    ended
}

struct Writer<'a> {
    app: &'a App,
    holder: i64,
}

impl Writer<'_> {
    async fn all(&self, tell: Tell<'_>) -> Result<Found, ActionError> {
        let run = self.begin().await?;
        let mut found = Found::default();
        for rebuilder in rebuilders(self.app) {
            self.one(run, rebuilder.as_ref(), &mut found, &mut *tell).await?;
        }
        let mut work = self.work().await?;
        let after = json!({"considered": found.considered, "mended": found.differing});
        work.audit(Entry::new(None, "rebuild.end", format!("rebuild:{run}")).after(after)).await?;
        work.commit().await?;
        Ok(found)
    }

    /// The run that was interrupted, or a new one with a mark for each rebuilder.
    async fn begin(&self) -> Result<i64, ActionError> {
        let mut work = self.work().await?;
        if let Some(run) = store::unfinished(&mut work.tx).await? {
            return Ok(run);
        }
        let (run, now) = (work.next_id(), work.now);
        for rebuilder in rebuilders(self.app) {
            let name = rebuilder.name();
            let mark = Mark { run, name, after: START, considered: 0, differing: 0, done: false, started_at: now };
            store::write_mark(&mut work.tx, &mark, now).await?;
        }
        work.audit(Entry::new(None, "rebuild.begin", format!("rebuild:{run}"))).await?;
        work.commit().await?;
        Ok(run)
    }

    async fn one(
        &self,
        run: i64,
        rebuilder: &dyn Rebuilder,
        found: &mut Found,
        tell: Tell<'_>,
    ) -> Result<(), ActionError> {
        let name = rebuilder.name();
        let mut work = self.work().await?;
        let expected = rebuilder.expected(&mut work).await?;
        let now = work.now;
        let fresh = Mark { run, name, after: START, considered: 0, differing: 0, done: false, started_at: now };
        let mut mark = store::mark(&mut work.tx, run, name).await?.unwrap_or(fresh);
        drop(work);
        while !mark.done {
            let mut work = self.work().await?;
            let batch = rebuilder.batch(&mut work, mark.after, Mode::Write).await?;
            add(found, &batch);
            mark.done = batch.last.is_none();
            if let Some(last) = batch.last {
                mark.after = moved_on(rebuilder, mark.after, last)?;
            }
            mark.considered = mark.considered.saturating_add(signed(batch.considered));
            mark.differing = mark.differing.saturating_add(signed(batch.differences.len() as u64));
            let now = work.now;
            store::write_mark(&mut work.tx, &mark, now).await?;
            if !batch.differences.is_empty() {
                // What was kept before stands in the trail: by digest, and the first rows in words.
                let first: Vec<String> = batch.differences.iter().take(20).map(|d| format!("{d:?}")).collect();
                let digest = audit::digest(&format!("{:?}", batch.differences));
                let after = json!({"mended": batch.differences.len(), "digest": digest, "first": first});
                work.audit(Entry::new(None, "rebuild.batch", format!("rebuild:{run}:{name}")).after(after)).await?;
            }
            work.commit().await?;
            let considered = mark.considered.unsigned_abs();
            tell(&Progress { name, expected, considered, differences: &batch.differences });
        }
        Ok(())
    }

    async fn work(&self) -> Result<Work, ActionError> {
        let mut work = Work::begin(self.app, Actor::system(Origin::Console)).await?;
        close::keep_lease(&mut work, self.holder).await?;
        Ok(work)
    }
}

fn rebuilders(app: &App) -> Vec<Arc<dyn Rebuilder>> {
    let mut all: Vec<Arc<dyn Rebuilder>> = app.capabilities.iter().flat_map(|c| c.rebuilders()).collect();
    all.sort_by_key(|rebuilder| (rebuilder.order(), rebuilder.name()));
    all
}

async fn read(app: &App) -> Result<Work, ActionError> {
    Ok(Work::read(app, Actor::system(Origin::Console)).await?)
}

fn add(found: &mut Found, batch: &RebuildBatch) {
    found.considered += batch.considered;
    found.unjudged += batch.unjudged;
    found.differing += batch.differences.len() as u64;
}

/// A rebuilder that does not move on would never end.
fn moved_on(rebuilder: &dyn Rebuilder, after: i64, last: i64) -> Result<i64, ActionError> {
    if last <= after {
        return Err(ActionError::Internal(format!("rebuilder {} stands at {after}", rebuilder.name())));
    }
    Ok(last)
}

fn signed(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
