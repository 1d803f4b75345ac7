//! Table `collection_merit`.

use platform::access::DataScope;
use platform::args;
use platform::db::{Conditions, Row, StoreError, Tx};
use platform::id::{BranchId, UserId};
use platform::work::Work;

use super::model::{Merit, MeritId};
use crate::measure::model::Period;

const COLUMNS: &str = "select m.id, m.number, m.person_id, m.branch_id, m.side, m.kind, m.amount_fen, m.reason, m.period_from, \
     m.period_to, m.figures_json, m.rectify_by, m.state, m.approval_id, m.done_on, m.done_note, m.effective_on, \
     m.recorded_by, m.version from collection_merit m";

fn corrupt(found: impl ToString) -> StoreError {
    StoreError::Corrupt { column: "figures_json".to_owned(), expected: "figures of a person", found: found.to_string() }
}

fn decode(row: &Row) -> Result<Merit, StoreError> {
    let figures: String = row.get("figures_json")?;
    let done: Option<jiff::civil::Date> = row.get("done_on")?;
    let note: Option<String> = row.get("done_note")?;
    Ok(Merit {
        id: row.get("id")?,
        number: row.get("number")?,
        person: row.get("person_id")?,
        branch: row.get("branch_id")?,
        side: row.get("side")?,
        kind: row.get("kind")?,
        amount: row.get("amount_fen")?,
        reason: row.get("reason")?,
        period: Period { from: row.get("period_from")?, to: row.get("period_to")? },
        figures: serde_json::from_str(&figures).map_err(corrupt)?,
        rectify_by: row.get("rectify_by")?,
        state: row.get("state")?,
        approval: row.get("approval_id")?,
        done: done.map(|on| (on, note.unwrap_or_default())),
        by: row.get("recorded_by")?,
        made_on: row.get("effective_on")?,
        version: row.get("version")?,
    })
}

/// Keeps what a person may see: whoever sees only his own sees what concerns him.
pub fn within(w: &mut Conditions, scope: DataScope) {
    if scope.branch != 0 {
        w.and_values("m.branch_id = ?", args![scope.branch]);
    }
    if scope.team != 0 {
        w.and_values("1 = 0", args![]);
    }
    if scope.manager != 0 {
        w.and_values("m.person_id = ?", args![scope.manager]);
    }
}

/// One of them.
pub async fn find(tx: &mut Tx, id: MeritId) -> Result<Option<Merit>, StoreError> {
    let mut w = Conditions::new();
    w.and_values("m.id = ?", args![id]);
    tx.fetch_optional(w.select(COLUMNS, ""), w.args()).await?.as_ref().map(decode).transpose()
}

/// A page of them, the latest first.
pub async fn page(tx: &mut Tx, w: &Conditions, limit: i64, offset: i64) -> Result<Vec<Merit>, StoreError> {
    let tail = format!("order by m.id desc limit {limit} offset {offset}");
    tx.fetch_all(w.select(COLUMNS, &tail), w.args()).await?.iter().map(decode).collect()
}

/// How many there are.
pub async fn count(tx: &mut Tx, w: &Conditions) -> Result<i64, StoreError> {
    tx.fetch_one(w.select("select count(*) as n from collection_merit m", ""), w.args()).await?.get("n")
}

/// Records a proposal.
pub async fn insert(work: &mut Work, one: &Merit) -> Result<(), StoreError> {
    let figures = serde_json::to_string(&one.figures).map_err(corrupt)?;
    let (now, by) = (work.now, work.actor.recorded_by());
    work.tx
        .execute(
            "insert into collection_merit (id, number, person_id, branch_id, side, kind, amount_fen, reason, period_from, \
             period_to, figures_json, rectify_by, state, effective_on, recorded_at, recorded_by) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
            args![
                one.id,
                one.number,
                one.person,
                one.branch,
                one.side,
                one.kind,
                one.amount,
                one.reason,
                one.period.from,
                one.period.to,
                figures,
                one.rectify_by,
                one.state,
                one.made_on,
                now,
                by
            ],
        )
        .await
        .map(drop)
}

/// Writes where it stands.
pub async fn update(work: &mut Work, one: &Merit) -> Result<(), StoreError> {
    let by = one.done.is_some().then(|| work.actor.recorded_by());
    let (done_on, note) = (one.done.as_ref().map(|done| done.0), one.done.as_ref().map(|done| done.1.clone()));
    work.tx
        .execute_one(
            "update collection_merit set state = $1, approval_id = $2, done_on = $3, done_note = $4, done_by = $5, \
             version = version + 1 where id = $6 and version = $7",
            args![one.state, one.approval, done_on, note, by, one.id, one.version],
        )
        .await
}

/// Where somebody works.
pub async fn branch_of(tx: &mut Tx, person: UserId) -> Result<Option<BranchId>, StoreError> {
    let row = tx.fetch_optional("select branch_id from user_view where id = $1", args![person]).await?;
    row.map(|row| row.get("branch_id")).transpose()
}
