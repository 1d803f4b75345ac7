//! Table `recovery_report`.

use jiff::Timestamp;
use platform::access::DataScope;
use platform::args;
use platform::db::{Conditions, Row, StoreError, Tx};
use platform::id::{BranchId, UserId};
use platform::work::Work;

use super::model::{Report, ReportId};
use crate::measure::model::Period;

const COLUMNS: &str = "select r.id, r.number, r.branch_id, r.period_from, r.period_to, r.content_json, r.words, r.plan, \
     r.seen_at, r.seen_by, r.opinion, r.effective_on, r.recorded_by from recovery_report r";

fn corrupt(found: impl ToString) -> StoreError {
    StoreError::Corrupt { column: "content_json".to_owned(), expected: "figures of a report", found: found.to_string() }
}

fn decode(row: &Row) -> Result<Report, StoreError> {
    let content: String = row.get("content_json")?;
    let (by, at): (Option<UserId>, Option<Timestamp>) = (row.get("seen_by")?, row.get("seen_at")?);
    let opinion: Option<String> = row.get("opinion")?;
    Ok(Report {
        id: row.get("id")?,
        number: row.get("number")?,
        branch: row.get::<Option<BranchId>>("branch_id")?.unwrap_or(BranchId(0)),
        period: Period { from: row.get("period_from")?, to: row.get("period_to")? },
        content: serde_json::from_str(&content).map_err(corrupt)?,
        words: row.get("words")?,
        plan: row.get("plan")?,
        seen: by.zip(at).map(|(by, at)| (by, platform::clock::civil_day(at), opinion.unwrap_or_default())),
        by: row.get("recorded_by")?,
        made_on: row.get("effective_on")?,
    })
}

/// Keeps what a person may see: of a branch its own reports, not those of the whole institution.
pub fn within(w: &mut Conditions, scope: DataScope) {
    // A report is of a branch or of all: a team, or oneself, sees none.
    w.and_values(if scope.team == 0 && scope.manager == 0 { "1 = 1" } else { "1 = 0" }, args![]);
    if scope.branch != 0 {
        w.and_values("r.branch_id = ?", args![scope.branch]);
    }
}

/// One report.
pub async fn find(tx: &mut Tx, id: ReportId) -> Result<Option<Report>, StoreError> {
    let mut w = Conditions::new();
    w.and_values("r.id = ?", args![id]);
    tx.fetch_optional(w.select(COLUMNS, ""), w.args()).await?.as_ref().map(decode).transpose()
}

/// The report of a branch about a period.
pub async fn of(tx: &mut Tx, branch: BranchId, period: Period) -> Result<Option<Report>, StoreError> {
    let mut w = Conditions::new();
    w.and_values(
        "coalesce(r.branch_id, 0) = ? and r.period_from = ? and r.period_to = ?",
        args![branch, period.from, period.to],
    );
    tx.fetch_optional(w.select(COLUMNS, ""), w.args()).await?.as_ref().map(decode).transpose()
}

/// A page of them, the latest first.
pub async fn page(tx: &mut Tx, w: &Conditions, limit: i64, offset: i64) -> Result<Vec<Report>, StoreError> {
    let tail = format!("order by r.period_from desc, r.branch_id, r.id limit {limit} offset {offset}");
    tx.fetch_all(w.select(COLUMNS, &tail), w.args()).await?.iter().map(decode).collect()
}

/// How many there are.
pub async fn count(tx: &mut Tx, w: &Conditions) -> Result<i64, StoreError> {
    tx.fetch_one(w.select("select count(*) as n from recovery_report r", ""), w.args()).await?.get("n")
}

/// Keeps a report.
pub async fn insert(work: &mut Work, one: &Report) -> Result<(), StoreError> {
    let content = serde_json::to_string(&one.content).map_err(corrupt)?;
    let (now, by) = (work.now, work.actor.recorded_by());
    work.tx
        .execute(
            "insert into recovery_report (id, number, branch_id, period_from, period_to, content_json, words, plan, state, \
             effective_on, recorded_at, recorded_by) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, 'submitted', $9, $10, $11)",
            args![
                one.id,
                one.number,
                Some(one.branch).filter(|branch| branch.0 != 0),
                one.period.from,
                one.period.to,
                content,
                one.words,
                one.plan,
                one.made_on,
                now,
                by
            ],
        )
        .await
        .map(drop)
}

/// Notes who saw it.
pub async fn saw(work: &mut Work, one: &Report, opinion: &str) -> Result<(), StoreError> {
    let (now, by) = (work.now, work.actor.recorded_by());
    work.tx
        .execute_one(
            "update recovery_report set state = 'seen', seen_at = $1, seen_by = $2, opinion = $3 \
             where id = $4 and state = 'submitted'",
            args![now, by, opinion.trim(), one.id],
        )
        .await
}

/// The branches that had a case in a period.
pub async fn branches(tx: &mut Tx, period: Period) -> Result<Vec<BranchId>, StoreError> {
    let mut w = Conditions::new();
    w.and_values("c.opened_on <= ? and (c.closed_on is null or c.closed_on >= ?)", args![period.to, period.from]);
    let head = "select distinct c.branch_id from collection_case c";
    let rows = tx.fetch_all(w.select(head, "order by c.branch_id"), w.args()).await?;
    rows.iter().map(|row| row.get("branch_id")).collect()
}
