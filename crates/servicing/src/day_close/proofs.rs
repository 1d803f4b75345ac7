//! The proofs over loans (日终核对): two ways to the same figure.

use platform::args;
use platform::close::{CloseDay, CloseProof, ProofResult, ProofUnit, Verdict};
use platform::db::Row;
use platform::error::ActionError;
use platform::event::BoxFuture;
use platform::work::Work;

use crate::loan::model::LoanKey;
use crate::loan::store as loans;
use crate::position::engine::Engine;
use crate::position::store as positions;
use crate::total::store as totals;

/// Loans of the sample that is replayed besides all that the day touched.
const SAMPLE: i64 = 200;
/// The most loans replayed by the proof; a heavy day is proved on this many.
const REPLAYED: i64 = 5_000;

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
            let row = work.tx.fetch_one("select count(*) as loans from loan where state = 'active'", args![]).await?;
            let all: i64 = row.get("loans")?;
            let row = work
                .tx
                .fetch_one(
                    "select count(*) as loans from loan_position p join loan l on l.customer_id = p.customer_id and l.id = p.loan_id \
                     where l.state = 'active' and (p.next_event_on is null or p.next_event_on > $1)",
                    args![day.to],
                )
                .await?;
            let closed: i64 = row.get("loans")?;
            let isolated = platform::close::store::isolated_counts(&mut work.tx, day.from).await?.0;
            Ok(ProofResult::compare(
                format!("{closed} + {isolated}"),
                ProofUnit::Count,
                all,
                closed + isolated,
                "/loans",
            ))
        })
    }
}

/// The schedules' open principal is the positions' principal.
#[derive(Debug, Clone, Copy)]
pub struct Schedules;

impl CloseProof for Schedules {
    fn name(&self) -> &'static str {
        "schedule-sums"
    }

    fn order(&self) -> i32 {
        200
    }

    fn check<'a>(&'a self, work: &'a mut Work, _day: CloseDay) -> BoxFuture<'a, Result<ProofResult, ActionError>> {
        Box::pin(async move {
            let row = work
                .tx
                .fetch_one(
                    "select cast(coalesce(sum(i.principal_due_fen - i.principal_paid_fen - i.principal_waived_fen \
                     - i.principal_moved_fen), 0) as bigint) as open_fen \
                     from loan_instalment i join loan_position p on p.customer_id = i.customer_id and p.loan_id = i.loan_id \
                     where p.status in ('current', 'overdue')",
                    args![],
                )
                .await?;
            let scheduled: i64 = row.get("open_fen")?;
            let row = work
                .tx
                .fetch_one(
                    "select cast(coalesce(sum(principal_fen), 0) as bigint) as open_fen from loan_position \
                     where status in ('current', 'overdue')",
                    args![],
                )
                .await?;
            Ok(ProofResult::compare("", ProofUnit::Fen, scheduled, row.get("open_fen")?, "/loans"))
        })
    }
}

/// Positions are what replay makes of the facts: all that the day touched, and a sample of the others.
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
            let keys = chosen(work, day).await?;
            let engine = Engine::load(work, day.to).await?;
            let (mut kept_fen, mut replayed_fen, mut differ) = (0_i64, 0_i64, 0_u32);
            for chunk in keys.chunks(200) {
                let kept = positions::load(&mut work.tx, chunk).await?;
                for file in loans::load_files(&mut work.tx, chunk).await? {
                    let Some(row) = kept.iter().find(|p| p.key == file.loan.key) else {
                        differ += 1;
                        continue;
                    };
                    let Ok(position) = engine.replay(&file, row.as_of, None) else { continue };
                    let fresh = engine.kept(file.loan.key, &position);
                    differ += u32::from(fresh != *row);
                    kept_fen = kept_fen.saturating_add(row.principal.0);
                    replayed_fen = replayed_fen.saturating_add(fresh.principal.0);
                }
            }
            let mut result = ProofResult::compare(
                format!("{} / {differ}", keys.len()),
                ProofUnit::Fen,
                replayed_fen,
                kept_fen,
                "/loans",
            );
            if differ > 0 {
                result.verdict = Verdict::Red;
            }
            Ok(result)
        })
    }
}

/// Touched today first; then a sample spread over the keys, another one every day.
async fn chosen(work: &mut Work, day: CloseDay) -> Result<Vec<LoanKey>, ActionError> {
    let touched = work
        .tx
        .fetch_all(
            "select customer_id, loan_id from loan_position where as_of = $1 order by customer_id, loan_id limit $2",
            args![day.to, REPLAYED],
        )
        .await?;
    // The day of the year turns the sample around: key modulo 97 is another class each day.
    let class = i64::from(day.to.day_of_year()) % 97;
    let sample = work
        .tx
        .fetch_all(
            "select customer_id, loan_id from loan_position where as_of < $1 and (loan_id / 4096) % 97 = $2 \
             order by customer_id, loan_id limit $3",
            args![day.to, class, SAMPLE],
        )
        .await?;
    let mut keys = Vec::with_capacity(touched.len() + sample.len());
    for row in touched.iter().chain(&sample) {
        keys.push(LoanKey { customer: row.get("customer_id")?, loan: row.get("loan_id")? });
    }
    keys.sort();
    Ok(keys)
}

/// The totals of the day, kept from day to day by differences, are the sum of the positions that were in force on it.
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
            let run = platform::close::store::run(&mut work.tx, day.from).await?;
            let moved_at = run.map_or(work.now, |run| run.started_at);
            let kept = totals::kept(&mut work.tx, day.from).await?;
            let summed = totals::summed(&mut work.tx, day.from, moved_at).await?;
            let principal = |rows: &[Row]| -> Result<i64, ActionError> {
                let each = rows.iter().map(|row| row.get::<i64>("principal_fen")).collect::<Result<Vec<_>, _>>()?;
                Ok(each.into_iter().fold(0, i64::saturating_add))
            };
            let (left, right) = (principal(&summed)?, principal(&kept)?);
            let mut result = ProofResult::compare("", ProofUnit::Fen, left, right, "/dashboard");
            // Money in the wrong bucket leaves the sum as it is.
            if kept.len() != summed.len() || kept.iter().zip(&summed).any(|(k, s)| k.values() != s.values()) {
                result.verdict = Verdict::Red;
            }
            Ok(result)
        })
    }
}

/// What is kept for lists now is what the history says of the new day.
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
            let row = work
                .tx
                .fetch_one(
                    "select cast(coalesce(sum(principal_fen), 0) as bigint) as total_fen from loan_position",
                    args![],
                )
                .await?;
            let kept: i64 = row.get("total_fen")?;
            let row = work
                .tx
                .fetch_one(
                    "select cast(coalesce(sum(principal_fen), 0) as bigint) as total_fen from loan_position_history \
                     where superseded_at is null and from_on <= $1 and (to_on is null or to_on > $1)",
                    args![day.to],
                )
                .await?;
            Ok(ProofResult::compare("", ProofUnit::Fen, kept, row.get("total_fen")?, "/loans"))
        })
    }
}
