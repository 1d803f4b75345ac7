//! The driver: cut-over, steps in batches, proofs, seal; one runner at a time.

use std::sync::Arc;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::CLOSE_RUN;
use super::model::{CloseDay, CloseError, CloseProof, CloseStep, Closed, Progress, RunState, Verdict};
use super::store::{self, Mark};
use crate::access::{Actor, Origin};
use crate::app::App;
use crate::audit::{self, Entry};
use crate::calendar;
use crate::db::StoreError;
use crate::error::ActionError;
use crate::id::CustomerId;
use crate::notice::{self, News, Notice};
use crate::work::Work;

/// How long a silent runner is believed to be alive. Longer than any batch, short enough to wait for.
pub const LEASE: SignedDuration = SignedDuration::from_mins(5);
/// Where every step begins: before the institution's own rows (customer 0).
const START: CustomerId = CustomerId(-1);

/// Told after every batch.
pub type Tell<'a> = &'a mut (dyn FnMut(&Progress) + Send);

/// Closes every business day up to and including `until`; a close that was begun is finished first.
///
/// Run again after a kill it goes on where the last committed batch ended; run again when all is
/// sealed it does nothing.
///
/// # Errors
/// [`CloseError::Running`] when another runner is at it; whatever a step fails with, after the run was
/// marked as failed.
pub async fn run(app: &App, until: Date, started_by: i64, tell: Tell<'_>) -> Result<Closed, ActionError> {
    let parts = Parts::of(app)?;
    let holder = app.ids.next(app.clock.now());
    take_lease(app, holder).await?;
    let runner = Runner { app, parts, holder, started_by };
    let ended = runner.days(until, tell).await;
    // Whatever happened, the next runner need not wait; if this fails too the lease runs out by itself.
    if let Err(error) = release_lease(app, holder).await {
        tracing::warn!(%error, "the lease of the close stays until it runs out");
    }
    ended
}

/// Steps and proofs of all capabilities, in order.
pub(super) struct Parts {
    pub(super) steps: Vec<Arc<dyn CloseStep>>,
    pub(super) proofs: Vec<Arc<dyn CloseProof>>,
}

impl Parts {
    pub(super) fn of(app: &App) -> Result<Self, CloseError> {
        let mut steps: Vec<Arc<dyn CloseStep>> = app.capabilities.iter().flat_map(|c| c.close_steps()).collect();
        steps.sort_by_key(|step| (step.order(), step.name()));
        let mut proofs: Vec<Arc<dyn CloseProof>> = app.capabilities.iter().flat_map(|c| c.close_proofs()).collect();
        proofs.sort_by_key(|proof| (proof.order(), proof.name()));
        unique(steps.iter().map(|step| step.name()))?;
        unique(proofs.iter().map(|proof| proof.name()))?;
        Ok(Self { steps, proofs })
    }
}

/// Marks are kept by name, so two parts of one name would share them.
fn unique(names: impl Iterator<Item = &'static str>) -> Result<(), CloseError> {
    let mut seen = std::collections::BTreeSet::new();
    for name in names {
        if !seen.insert(name) {
            return Err(CloseError::SameName { name });
        }
    }
    Ok(())
}

/// Takes the place of the one runner: a close, or whoever must not run beside one.
///
/// # Errors
/// [`CloseError::Running`] while somebody else has it.
pub async fn take_lease(app: &App, holder: i64) -> Result<(), ActionError> {
    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    if !store::take_lease(&mut tx, holder, now, end_of_lease(now)).await? {
        let until =
            store::lease(&mut tx).await?.map_or_else(String::new, |(_, until)| crate::clock::civil_minute(until));
        return Err(CloseError::Running { until }.into());
    }
    tx.commit().await?;
    Ok(())
}

/// Frees the place of the one runner.
///
/// # Errors
/// The store's.
pub async fn release_lease(app: &App, holder: i64) -> Result<(), ActionError> {
    let mut tx = app.db.write().await?;
    store::release_lease(&mut tx, holder).await?;
    tx.commit().await?;
    Ok(())
}

/// Keeps the place for another while, in this transaction; one that lost it must write nothing.
///
/// # Errors
/// [`CloseError::LeaseLost`].
pub async fn keep_lease(work: &mut Work, holder: i64) -> Result<(), ActionError> {
    let until = end_of_lease(work.now);
    if !store::renew_lease(&mut work.tx, holder, until).await? {
        return Err(CloseError::LeaseLost.into());
    }
    Ok(())
}

fn end_of_lease(now: Timestamp) -> Timestamp {
    now.checked_add(LEASE).unwrap_or(now)
}

/// How one day ended.
enum DayEnd {
    Sealed,
    Held(Closed),
}

struct Runner<'a> {
    app: &'a App,
    parts: Parts,
    holder: i64,
    started_by: i64,
}

impl Runner<'_> {
    async fn days(&self, until: Date, tell: Tell<'_>) -> Result<Closed, ActionError> {
        let mut sealed = Vec::new();
        while let Some(day) = self.next_day(until).await? {
            self.cut_over(day).await?;
            let ended = match self.day(day, &mut *tell).await {
                Ok(ended) => ended,
                Err(error) => {
                    // What broke the day is what the caller hears, also when it keeps the mark from being written.
                    if let Err(unmarked) = self.mark_failed(day, &error).await {
                        tracing::warn!(error = %unmarked, "the close could not be marked as failed");
                    }
                    return Err(error);
                }
            };
            match ended {
                DayEnd::Sealed => sealed.push(day.from),
                DayEnd::Held(closed) => return Ok(closed),
            }
        }
        Ok(Closed::Through { sealed })
    }

    /// The close that was begun, else the present business date when it is due.
    async fn next_day(&self, until: Date) -> Result<Option<CloseDay>, ActionError> {
        let mut tx = self.app.db.read().await?;
        let from = match store::open_run(&mut tx).await? {
            Some(open) => open,
            None => calendar::business_date(&mut tx).await?,
        };
        Ok(CloseDay::of(from).filter(|day| day.from <= until))
    }

    /// A transaction of the close that keeps the lease; one that lost it writes nothing.
    async fn work(&self) -> Result<Work, ActionError> {
        let mut work = Work::begin(self.app, Actor::system(Origin::Close)).await?;
        keep_lease(&mut work, self.holder).await?;
        Ok(work)
    }

    /// Moves people to the next day and seals the audit heads of the one that ends, in one transaction:
    /// every head changed on D is then still at D, and what the close itself writes belongs to D+1.
    async fn cut_over(&self, day: CloseDay) -> Result<(), ActionError> {
        let mut work = self.work().await?;
        if store::run(&mut work.tx, day.from).await?.is_none() {
            // First the move, which waits for everybody who is still writing on D; then the heads are final.
            calendar::move_business_date(&mut work.tx, day.from, day.to, work.now).await?;
            let root = audit::seal_day(&mut work.tx, day.from, work.now).await?;
            work.business_date = day.to;
            store::insert_run(&mut work.tx, (day.from, day.to), self.started_by, work.now, &root).await?;
            let entry = Entry::new(None, "close.cut_over", format!("close:{}", day.from));
            work.audit(entry.after(json!({"to": day.to, "audit_root": root, "started_by": self.started_by}))).await?;
        }
        store::begin_attempt(&mut work.tx, day.from).await?;
        work.commit().await?;
        Ok(())
    }

    async fn day(&self, day: CloseDay, tell: Tell<'_>) -> Result<DayEnd, ActionError> {
        for (index, step) in self.parts.steps.iter().enumerate() {
            if !self.step(day, index, step.as_ref(), &mut *tell).await? {
                let mut work = self.work().await?;
                store::set_state(&mut work.tx, day.from, RunState::Stopped, "").await?;
                work.commit().await?;
                return Ok(DayEnd::Held(Closed::Stopped { day: day.from }));
            }
        }
        let red = self.proofs(day, &mut *tell).await?;
        self.seal(day, red, tell).await
    }

    /// One step, batch by batch behind its mark. False: somebody asked to stop.
    async fn step(
        &self,
        day: CloseDay,
        index: usize,
        step: &dyn CloseStep,
        tell: Tell<'_>,
    ) -> Result<bool, ActionError> {
        let mut mark = self.mark(day, index, step).await?;
        while !mark.done {
            let mut work = self.work().await?;
            let batch = step.batch(&mut work, day, CustomerId(mark.after)).await?;
            if batch.last.is_some_and(|last| last.0 <= mark.after) {
                // A step that does not move on would never end.
                return Err(ActionError::Internal(format!("step {} stands at customer {}", step.name(), mark.after)));
            }
            mark.done = batch.last.is_none();
            mark.after = batch.last.map_or(mark.after, |last| last.0);
            mark.considered = mark.considered.saturating_add(signed(batch.considered));
            mark.touched = mark.touched.saturating_add(signed(batch.touched));
            mark.batches += 1;
            mark.ended_at = work.now;
            let now = work.now;
            store::write_isolated(&mut work.tx, day.from, step.name(), now, &batch.isolated).await?;
            store::write_mark(&mut work.tx, day.from, &mark).await?;
            work.audit(batch_entry(day, &mark, batch.isolated.len())).await?;
            work.commit().await?;
            tell(&self.progress(day, index, &mark));
        }
        let mut tx = self.app.db.read().await?;
        Ok(!store::run(&mut tx, day.from).await?.is_some_and(|run| run.stop_asked))
    }

    /// The mark of a step: where it was left, or the start.
    async fn mark(&self, day: CloseDay, index: usize, step: &dyn CloseStep) -> Result<Mark, ActionError> {
        let mut work = self.work().await?;
        let known = store::marks(&mut work.tx, day.from).await?.into_iter().find(|mark| mark.step == step.name());
        if let Some(known) = known {
            return Ok(known);
        }
        let mark = Mark {
            step: step.name().to_owned(),
            place: signed(index as u64) + 1,
            after: START.0,
            expected: signed(step.expected(&mut work, day).await?),
            considered: 0,
            touched: 0,
            batches: 0,
            done: false,
            started_at: work.now,
            ended_at: work.now,
        };
        store::write_mark(&mut work.tx, day.from, &mark).await?;
        work.commit().await?;
        Ok(mark)
    }

    /// Adds up both sides of every proof; the names of the red ones.
    async fn proofs(&self, day: CloseDay, tell: Tell<'_>) -> Result<Vec<String>, ActionError> {
        let mut red = Vec::new();
        for (index, proof) in self.parts.proofs.iter().enumerate() {
            let mut work = self.work().await?;
            let result = proof.check(&mut work, day).await?;
            let (place, now) = (signed(index as u64) + 1, work.now);
            store::write_proof(&mut work.tx, day.from, (proof.name(), place), &result, now).await?;
            work.commit().await?;
            if result.verdict == Verdict::Red {
                red.push(proof.name().to_owned());
            }
            tell(&Progress {
                step: proof.name().to_owned(),
                place: self.parts.steps.len(),
                steps: self.parts.steps.len(),
                considered: index as u64 + 1,
                touched: red.len() as u64,
                day,
            });
        }
        Ok(red)
    }

    /// Seals the day, unless a proof is red or something isolated waits for an answer.
    async fn seal(&self, day: CloseDay, red: Vec<String>, tell: Tell<'_>) -> Result<DayEnd, ActionError> {
        let mut work = self.work().await?;
        let (_, unanswered) = store::isolated_counts(&mut work.tx, day.from).await?;
        if !red.is_empty() || unanswered > 0 {
            store::set_state(&mut work.tx, day.from, RunState::Blocked, "").await?;
            tell_held(&mut work, day, News::CloseBlocked { day: day.from }).await?;
            work.commit().await?;
            return Ok(DayEnd::Held(Closed::Blocked { day: day.from, red, unanswered }));
        }
        let now = work.now;
        store::seal(&mut work.tx, day.from, now).await?;
        notice::settle(&mut work, &thing_of(day)).await?;
        let marks = store::marks(&mut work.tx, day.from).await?;
        let touched: i64 = marks.iter().map(|mark| mark.touched).sum();
        let entry = Entry::new(None, "close.seal", format!("close:{}", day.from));
        work.audit(entry.after(json!({"steps": marks.len(), "touched": touched}))).await?;
        work.commit().await?;
        let steps = self.parts.steps.len();
        tell(&Progress { day, step: "seal".to_owned(), place: steps, steps, considered: 0, touched: 0 });
        Ok(DayEnd::Sealed)
    }

    /// Notes the failure for the page; the cause itself goes to the caller.
    async fn mark_failed(&self, day: CloseDay, error: &ActionError) -> Result<(), ActionError> {
        let mut work = Work::begin(self.app, Actor::system(Origin::Close)).await?;
        store::set_state(&mut work.tx, day.from, RunState::Failed, &error.to_string()).await?;
        tell_held(&mut work, day, News::CloseFailed { day: day.from }).await?;
        work.commit().await?;
        Ok(())
    }

    fn progress(&self, day: CloseDay, index: usize, mark: &Mark) -> Progress {
        Progress {
            day,
            step: mark.step.clone(),
            place: index + 1,
            steps: self.parts.steps.len(),
            considered: mark.considered.unsigned_abs(),
            touched: mark.touched.unsigned_abs(),
        }
    }
}

fn thing_of(day: CloseDay) -> String {
    format!("close:{}", day.from)
}

/// Tells those who close days that this one is held up, and by what; once a day and cause.
async fn tell_held(work: &mut Work, day: CloseDay, news: News) -> Result<(), StoreError> {
    let people = notice::who_may(work, CLOSE_RUN, None, None).await?;
    let occasion = format!("{}:{}", thing_of(day), news.kind());
    let held = Notice { news, occasion, thing: thing_of(day), href: "/close".to_owned() };
    notice::tell(work, &people, &held).await
}

/// One entry a batch, with a digest of what it did, on the institution's chain.
fn batch_entry(day: CloseDay, mark: &Mark, isolated: usize) -> Entry {
    let digest = audit::digest(&format!(
        "{} {} {} {} {} {isolated}",
        day.from, mark.step, mark.after, mark.considered, mark.touched
    ));
    Entry::new(None, "close.batch", format!("close:{}", day.from)).after(json!({
        "step": mark.step, "batch": mark.batches, "after": mark.after, "considered": mark.considered,
        "touched": mark.touched, "isolated": isolated, "digest": digest,
    }))
}

fn signed(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
