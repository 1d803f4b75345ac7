//! From facts to kept positions: what replay needs besides the loan, and the writing of its results.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use finance::{Calendar, Context, Position, RateTable, ReplayError};
use jiff::Timestamp;
use jiff::civil::Date;
use platform::error::ActionError;
use platform::work::Work;

use super::model::{Grade, GradeTable, LoanPosition, days_overdue};
use super::rules::{self, Edges};
use super::store::{self, ScheduleRows};
use crate::loan::model::{LoanFile, LoanKey};
use crate::total::{self, Change};

/// What the policy says from a date on (分档时段).
#[derive(Debug, Clone)]
pub struct Age {
    /// The first day.
    pub from: Date,
    /// Bucket and class by days overdue.
    pub grades: Arc<GradeTable>,
    /// The days on which something must look at a loan.
    pub edges: Arc<Edges>,
    /// The classes from the mildest to the gravest, so that the worse of two is known.
    pub classes: Arc<Vec<String>>,
}

/// What replay needs besides the loan: calendar, published rates, and the policy of every date.
#[derive(Debug, Clone)]
pub struct Engine {
    /// The holiday calendar.
    pub calendar: Arc<Calendar>,
    /// The published LPR.
    pub rates: Arc<RateTable>,
    /// The policies in the order of their first day, those approved for later included; never empty.
    ages: Vec<Age>,
}

/// What a policy says day by day, kept by the pack's fingerprint and the edition's first day: asked once, not
/// once a batch.
type Graded = BTreeMap<(String, Option<Date>), (Arc<GradeTable>, Arc<Edges>)>;
static GRADED: Mutex<Graded> = Mutex::new(BTreeMap::new());

fn graded(edition: &policy::Edition) -> Result<(Arc<GradeTable>, Arc<Edges>), ActionError> {
    let name = (edition.version().digest.clone(), edition.from());
    if let Some(known) = GRADED.lock().unwrap_or_else(PoisonError::into_inner).get(&name) {
        return Ok(known.clone());
    }
    let broken = |e: &dyn std::fmt::Display| ActionError::Internal(format!("the policy in force: {e}"));
    let grades = rules::grades(edition).map_err(|e| broken(&e))?;
    let edges = rules::edges(&grades, edition).map_err(|e| broken(&e))?;
    let fresh = (Arc::new(grades), Arc::new(edges));
    GRADED.lock().unwrap_or_else(PoisonError::into_inner).insert(name, fresh.clone());
    Ok(fresh)
}

/// A loan that cannot be replayed (无法重算的借据): isolated by the close, refused at entry (rule `position.replay`).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("loan {key:?}: {error}")]
pub struct Unreplayable {
    /// Which loan.
    pub key: LoanKey,
    /// Why.
    pub error: ReplayError,
}

impl Engine {
    /// The engine for a business date.
    ///
    /// Errors: no policy is in force on that date.
    pub async fn load(work: &mut Work, on: Date) -> Result<Self, ActionError> {
        let published = platform::calendar::published(work).await?;
        platform::policies::in_force(work, on).await?;
        let mut ages: Vec<Age> = Vec::new();
        for (from, policy) in platform::policies::timeline(work).await? {
            let (grades, edges) = graded(policy.edition(from))?;
            let classes = Arc::new(rules::classes(policy.pack()));
            let other = |last: &Age| last.grades != grades || last.edges != edges || last.classes != classes;
            if ages.last().is_none_or(other) {
                ages.push(Age { from, grades, edges, classes });
            }
        }
        Ok(Self { calendar: Arc::clone(&published.calendar), rates: Arc::clone(&published.rates), ages })
    }

    /// What the policy of a date says; days before the first policy are judged by it.
    fn age(&self, on: Date) -> Option<&Age> {
        let after = self.ages.partition_point(|age| age.from <= on);
        self.ages.get(after.saturating_sub(1))
    }

    /// The next date on which other grades or edges hold.
    fn next_age_on(&self, on: Date) -> Option<Date> {
        self.ages.iter().skip(1).map(|age| age.from).find(|from| *from > on)
    }

    /// Bucket and class by days overdue under the policy of a date.
    pub fn grades(&self, on: Date) -> Arc<GradeTable> {
        self.age(on).map_or_else(|| Arc::new(GradeTable::from_days([])), |age| Arc::clone(&age.grades))
    }

    /// The calendar and rates as the arithmetic takes them.
    pub fn context(&self) -> Context<'_> {
        Context { calendar: &self.calendar, rates: &self.rates }
    }

    /// The position of a loan on a date, as known at a moment (`None`: now).
    pub fn replay(&self, file: &LoanFile, as_of: Date, known_at: Option<Timestamp>) -> Result<Position, Unreplayable> {
        let mut facts = file.facts(known_at);
        facts.retain(|fact| fact.on <= as_of);
        finance::replay(&file.terms, &self.context(), &facts, as_of)
            .map_err(|error| Unreplayable { key: file.loan.key, error })
    }

    /// The classes of the policy of a date, from the mildest to the gravest.
    pub fn classes(&self, on: Date) -> Arc<Vec<String>> {
        self.age(on).map(|age| Arc::clone(&age.classes)).unwrap_or_default()
    }

    /// The row to keep for a replayed position of this loan, as known at a moment (`None`: now). The class is that of the
    /// days overdue, or the one that a classification run approved where that is worse (rule `classification.stands`).
    pub fn kept(&self, file: &LoanFile, position: &Position, known_at: Option<Timestamp>) -> LoanPosition {
        let key = file.loan.key;
        let days = days_overdue(position.oldest_unpaid_due_on, position.as_of);
        let age = self.age(position.as_of);
        let grade = age.and_then(|age| age.grades.grade(days)).cloned();
        let mut grade = grade.unwrap_or(Grade { bucket: String::new(), class: String::new() });
        // What is settled is no risk any more, whatever was thought of it.
        if position.status != finance::Status::Settled
            && let Some(judged) = file.judged_on(position.as_of, known_at)
            && age.is_some_and(|age| rules::is_worse(&age.classes, judged, &grade.class))
        {
            judged.clone_into(&mut grade.class);
        }
        let by_itself = age.and_then(|age| rules::next_event_on(position, &age.edges));
        // Another policy looks at every loan, whatever the loan does by itself.
        let next = by_itself.into_iter().chain(self.next_age_on(position.as_of)).min();
        LoanPosition::of(key, position, grade, next, fingerprint(position))
    }

    /// The kept positions from `from` to `to`: one for each day on which something changed in between.
    /// A back-dated payment changes days that people have seen; each gets its row.
    pub fn segments(&self, file: &LoanFile, from: Date, to: Date) -> Result<Vec<LoanPosition>, Unreplayable> {
        let mut segments = Vec::new();
        let mut on = from;
        loop {
            let kept = self.kept(file, &self.replay(file, on, None)?, None);
            let by_itself = kept.next_event_on;
            let judged = file.judged.iter().map(|one| one.on);
            let by_people = file.transactions.iter().map(|t| t.fact.on).chain(judged).filter(|day| *day > on).min();
            segments.push(kept);
            match [by_itself, by_people].into_iter().flatten().min() {
                Some(next) if next <= to && next > on => on = next,
                Some(_) | None => break,
            }
        }
        Ok(segments)
    }
}

/// Equal prints, equal schedules: decides whether the instalments must be written again.
fn fingerprint(position: &Position) -> String {
    platform::audit::digest(&position.instalments_text())
}

/// Something took effect on `from` (today or earlier): replays, and writes what follows.
///
/// Errors: the replay's refusal, unchanged, so that a form can show it.
pub async fn refresh(work: &mut Work, engine: &Engine, file: &LoanFile, from: Date) -> Result<Position, ActionError> {
    let today = work.business_date;
    let key = file.loan.key;
    let position = engine.replay(file, today, None)?;
    let mut segments = engine.segments(file, from.min(today), today)?;
    if segments.last().is_some_and(|last| last.as_of < today) {
        segments.push(engine.kept(file, &position, None));
    }
    let now = work.now;
    let before = store::find(&mut work.tx, key).await?;
    let change = Change { loan: &file.loan, before: before.as_ref(), after: segments.last() };
    total::store::note(&mut work.tx, today, &[change]).await?;
    store::rewrite_history(&mut work.tx, key, &segments, now).await?;
    store::save_positions(&mut work.tx, &segments[segments.len() - 1..], now).await?;
    store::replace_instalments(&mut work.tx, &[ScheduleRows { key, instalments: &position.instalments }]).await?;
    Ok(position)
}

/// A new day began for these loans: replays all, writes those that changed; the others are only looked at.
///
/// Answers the loans that could not be replayed and how many changed.
pub async fn advance(
    work: &mut Work,
    engine: &Engine,
    files: &[LoanFile],
    kept: &[LoanPosition],
    on: Date,
) -> Result<Advanced, ActionError> {
    let now = work.now;
    let kept: BTreeMap<LoanKey, &LoanPosition> = kept.iter().map(|row| (row.key, row)).collect();
    let mut advanced = Advanced::default();
    let mut schedules = Vec::new();
    for file in files {
        let position = match engine.replay(file, on, None) {
            Ok(position) => position,
            Err(broken) => {
                advanced.broken.push(broken);
                continue;
            }
        };
        let row = engine.kept(file, &position, None);
        if kept.get(&row.key).is_none_or(|b| b.fingerprint != row.fingerprint) {
            schedules.push((row.key, position.instalments.clone()));
        }
        advanced.positions.push((row, position));
    }
    let rows: Vec<LoanPosition> = advanced.positions.iter().map(|(row, _)| row.clone()).collect();
    let files: BTreeMap<LoanKey, &LoanFile> = files.iter().map(|file| (file.loan.key, file)).collect();
    let changes: Vec<Change<'_>> = rows
        .iter()
        .filter_map(|row| {
            let loan = &files.get(&row.key)?.loan;
            Some(Change { loan, before: kept.get(&row.key).copied(), after: Some(row) })
        })
        .collect();
    total::store::note(&mut work.tx, on, &changes).await?;
    store::save_positions(&mut work.tx, &rows, now).await?;
    store::continue_history(&mut work.tx, &rows, now).await?;
    let schedules: Vec<ScheduleRows<'_>> =
        schedules.iter().map(|(key, instalments)| ScheduleRows { key: *key, instalments }).collect();
    store::replace_instalments(&mut work.tx, &schedules).await?;
    Ok(advanced)
}

/// What a new day made of a batch of loans.
#[derive(Debug, Default)]
pub struct Advanced {
    /// The loans that were looked at, as they now stand.
    pub positions: Vec<(LoanPosition, Position)>,
    /// The loans that could not be replayed.
    pub broken: Vec<Unreplayable>,
}
