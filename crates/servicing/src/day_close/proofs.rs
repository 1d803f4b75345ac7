//! The proofs over loans (日终核对): two ways to the same figure.
//!
//! A day proves what it touched and a [`share`](super::share) of the rest, so that it costs what changes and the whole
//! book is proved once in a round; the end of a month proves all of it at once. Rule `proof.share`.

use std::collections::BTreeMap;

use jiff::civil::Date;
use platform::close::{CloseDay, CloseProof, ProofResult, ProofUnit, Verdict};
use platform::db::{Row, Value};
use platform::error::ActionError;
use platform::event::BoxFuture;
use platform::policies::{self, PolicyError};
use platform::work::Work;

use super::proof_store::{self as store, Sides};
use super::share;
use crate::loan::store as loans;
use crate::position::engine::Engine;
use crate::position::store as positions;
use crate::total::store as totals;

/// Every loan either stands on the new day without anything pending, or is isolated: closed + isolated = all.
#[derive(Debug, Clone, Copy)]
pub struct Accounted;

impl CloseProof for Accounted {
    fn name(&self) -> &'static str {
        "loans-accounted"
    }

    fn order(&self) -> i32 {
        100
    }

    fn check<'a>(&'a self, work: &'a mut Work, day: CloseDay) -> BoxFuture<'a, Result<ProofResult, ActionError>> {
        Box::pin(async move {
            let share = share::of(work, day).await?;
            let all = store::counted(&mut work.tx, day.from, day.to).await?;
            // Whoever has no position is not closed; they are found when the share comes to them.
            let lost = store::without_position(&mut work.tx, &share).await?;
            let closed = all - store::pending(&mut work.tx, day.to).await? - lost;
            let isolated = platform::close::store::isolated_counts(&mut work.tx, day.from).await?.0;
            let scope = format!("{closed} + {isolated}");
            Ok(ProofResult::compare(scope, ProofUnit::Count, all, closed + isolated, "/loans"))
        })
    }
}

/// Both sides as a result: red also where the sums agree and single loans do not.
fn result(sides: &Sides) -> ProofResult {
    let scope = format!("{} / {}", sides.loans, sides.differ);
    let mut result = ProofResult::compare(scope, ProofUnit::Fen, sides.left, sides.right, "/loans");
    if sides.differ > 0 {
        result.verdict = Verdict::Red;
    }
    result
}

/// The schedule's open principal is the position's principal, loan by loan.
#[derive(Debug, Clone, Copy)]
pub struct Schedules;

impl CloseProof for Schedules {
    fn name(&self) -> &'static str {
        "schedule-sums"
    }

    fn order(&self) -> i32 {
        200
    }

    fn check<'a>(&'a self, work: &'a mut Work, day: CloseDay) -> BoxFuture<'a, Result<ProofResult, ActionError>> {
        Box::pin(async move {
            let share = share::of(work, day).await?;
            Ok(result(&store::schedules(&mut work.tx, &share).await?))
        })
    }
}

/// Positions are what replay makes of the facts: all that the day touched, and a sample of its share of the others.
#[derive(Debug, Clone, Copy)]
pub struct Replayed;

impl CloseProof for Replayed {
    fn name(&self) -> &'static str {
        "positions-replayed"
    }

    fn order(&self) -> i32 {
        300
    }

    fn check<'a>(&'a self, work: &'a mut Work, day: CloseDay) -> BoxFuture<'a, Result<ProofResult, ActionError>> {
        Box::pin(async move {
            let share = share::of(work, day).await?;
            let policy = policies::in_force(work, day.to).await?;
            let number = |name| policy.edition(day.to).integer(name).map_err(PolicyError::from);
            let scope = store::ReplayScope {
                touched: number("proof_replay_most")?,
                sample: number("proof_replay_sample")?,
                turn: finance::days_between(Date::ZERO, day.from),
            };
            let keys = store::to_replay(&mut work.tx, &share, scope).await?;
            let engine = Engine::load(work, day.to).await?;
            let mut sides = Sides { loans: i64::try_from(keys.len()).unwrap_or(i64::MAX), ..Sides::default() };
            for chunk in keys.chunks(200) {
                let kept = positions::load(&mut work.tx, chunk).await?;
                let kept: BTreeMap<_, _> = kept.iter().map(|row| (row.key, row)).collect();
                for file in loans::load_files(&mut work.tx, chunk).await? {
                    let Some(row) = kept.get(&file.loan.key) else {
                        sides.differ += 1;
                        continue;
                    };
                    let Ok(position) = engine.replay(&file, row.as_of, None) else { continue };
                    let fresh = engine.kept(&file, &position, None);
                    sides.differ += i64::from(fresh != **row);
                    sides.right = sides.right.saturating_add(row.principal.0);
                    sides.left = sides.left.saturating_add(fresh.principal.0);
                }
            }
            Ok(result(&sides))
        })
    }
}

/// The totals of the day, kept from day to day by differences, are the sum of the positions that were in force on it.
///
/// By day: the totals of the day before are those that were written, the day's are theirs and what was noted, and
/// what was noted is what the history says of the loans that were touched. The whole history is summed when the share is
/// the whole book.
#[derive(Debug, Clone, Copy)]
pub struct TotalsFoot;

impl CloseProof for TotalsFoot {
    fn name(&self) -> &'static str {
        "totals-foot"
    }

    fn order(&self) -> i32 {
        400
    }

    fn check<'a>(&'a self, work: &'a mut Work, day: CloseDay) -> BoxFuture<'a, Result<ProofResult, ActionError>> {
        Box::pin(async move {
            let kept = sums(&totals::kept(&mut work.tx, day.from).await?);
            let expected = match by_differences(work, day).await? {
                Some(expected) => expected,
                None => {
                    let run = platform::close::store::run(&mut work.tx, day.from).await?;
                    let moved_at = run.map_or(work.now, |run| run.started_at);
                    sums(&totals::summed(&mut work.tx, day.from, moved_at).await?)
                }
            };
            let mut result =
                ProofResult::compare("", ProofUnit::Fen, principal(&expected), principal(&kept), "/dashboard");
            // Money in the wrong bucket leaves the sum as it is.
            if kept != expected {
                result.verdict = Verdict::Red;
            }
            Ok(result)
        })
    }
}

/// Loans, principal, overdue principal, overdue interest.
type Row4 = [i64; 4];
/// Totals by branch, product, bucket, class and standing; without those that are nothing.
type Sums = BTreeMap<Vec<String>, Row4>;

fn sums(rows: &[Row]) -> Sums {
    let mut all = Sums::new();
    for row in rows {
        let text = |value: &Value| match value {
            Value::Int(number) => number.to_string(),
            Value::Text(text) => text.clone(),
            Value::Null(_) | Value::Bytes(_) => String::new(),
        };
        let number = |value: Option<&Value>| match value {
            Some(Value::Int(number)) => *number,
            Some(Value::Null(_) | Value::Text(_) | Value::Bytes(_)) | None => 0,
        };
        let (keys, values) = row.values().split_at(5);
        all.insert(keys.iter().map(text).collect(), std::array::from_fn(|place| number(values.get(place))));
    }
    all.retain(|_, sums| *sums != Row4::default());
    all
}

fn add(all: &mut Sums, more: &Sums) {
    for (key, sums) in more {
        let to = all.entry(key.clone()).or_default();
        to.iter_mut().zip(sums).for_each(|(to, more)| *to = to.saturating_add(*more));
    }
    all.retain(|_, sums| *sums != Row4::default());
}

fn principal(all: &Sums) -> i64 {
    all.values().fold(0, |sum, row| sum.saturating_add(row[1]))
}

/// The totals of the day as those of the day before and what the touched loans changed by their history. `None` when
/// the whole history must be summed: the share is the whole book, nothing sound stands for the day before, or something
/// was recorded at the very moment at which people were moved on.
async fn by_differences(work: &mut Work, day: CloseDay) -> Result<Option<Sums>, ActionError> {
    let before = day.from.yesterday().unwrap_or(day.from);
    if share::of(work, day).await?.whole || totals::is_sealed(&mut work.tx, before).await? != Some(true) {
        return Ok(None);
    }
    let moved = |run: Option<platform::close::store::Run>| run.map(|run| run.started_at);
    let then = moved(platform::close::store::run(&mut work.tx, before).await?);
    let now = moved(platform::close::store::run(&mut work.tx, day.from).await?);
    let (Some(then), Some(now)) = (then, now) else { return Ok(None) };
    let changed = store::changed(&mut work.tx, day.from, (then, now)).await?;
    let mut ties = 0;
    for row in &changed {
        ties += row.get::<i64>("ties")?;
    }
    if ties > 0 {
        return Ok(None);
    }
    let mut all = sums(&totals::kept(&mut work.tx, before).await?);
    add(&mut all, &sums(&changed));
    Ok(Some(all))
}

/// What is kept for lists now is what the history says of the new day, loan by loan.
#[derive(Debug, Clone, Copy)]
pub struct HistoryAgrees;

impl CloseProof for HistoryAgrees {
    fn name(&self) -> &'static str {
        "history-agrees"
    }

    fn order(&self) -> i32 {
        500
    }

    fn check<'a>(&'a self, work: &'a mut Work, day: CloseDay) -> BoxFuture<'a, Result<ProofResult, ActionError>> {
        Box::pin(async move {
            let share = share::of(work, day).await?;
            Ok(result(&store::history(&mut work.tx, &share, day.to).await?))
        })
    }
}
