//! Table `premium_enterprise`.

use platform::args;
use platform::attachment::AttachmentId;
use platform::db::{Conditions, Row, StoreError, Tx};
use platform::id::CustomerId;
use platform::work::Work;

use super::model::{Content, Entry, PremiumId};

/// The most entries of one enterprise over all times.
const LIMIT: i64 = 1_000;
const COLUMNS: &str = "select p.id, p.number, p.name, p.uscc, p.item, p.industry, p.board, p.good_years, p.parent_uscc, \
     p.parent_share_ppm, p.proof, p.attachment_id, p.branch_id, p.starts_on, p.until_on, p.state, p.approval_id, \
     p.approved_on, p.ended_on, p.end_reason, p.superseded_by, p.effective_on, p.recorded_by, p.version \
     from premium_enterprise p";

fn decode(row: &Row) -> Result<Entry, StoreError> {
    let content = Content {
        name: row.get("name")?,
        uscc: row.get("uscc")?,
        item: row.get("item")?,
        industry: row.get("industry")?,
        board: row.get("board")?,
        good_years: row.get("good_years")?,
        parent_uscc: row.get("parent_uscc")?,
        parent_share_ppm: row.get("parent_share_ppm")?,
        proof: row.get("proof")?,
        starts_on: row.get("starts_on")?,
        until: row.get("until_on")?,
    };
    Ok(Entry {
        id: row.get("id")?,
        number: row.get("number")?,
        content,
        paper: row.get("attachment_id")?,
        branch: row.get("branch_id")?,
        state: row.get("state")?,
        approval: row.get("approval_id")?,
        approved_on: row.get("approved_on")?,
        ended_on: row.get("ended_on")?,
        end_reason: row.get("end_reason")?,
        superseded_by: row.get("superseded_by")?,
        made_on: row.get("effective_on")?,
        maker: row.get("recorded_by")?,
        version: row.get("version")?,
    })
}

/// One entry.
///
/// # Errors
/// The store's.
pub async fn find(tx: &mut Tx, id: PremiumId) -> Result<Option<Entry>, StoreError> {
    let mut w = Conditions::new();
    w.and("p.id = ?", [&id]);
    tx.fetch_optional(w.select(COLUMNS, ""), w.args()).await?.as_ref().map(decode).transpose()
}

/// The entries of an enterprise over all times, the earliest first.
///
/// # Errors
/// The store's.
pub async fn of_enterprise(tx: &mut Tx, uscc: &str) -> Result<Vec<Entry>, StoreError> {
    let mut w = Conditions::new();
    w.and_values("p.uscc = ?", args![uscc]);
    let tail = format!("order by p.starts_on, p.id limit {LIMIT}");
    tx.fetch_all(w.select(COLUMNS, &tail), w.args()).await?.iter().map(decode).collect()
}

/// The numbers of the subsidiaries of an enterprise.
pub(super) async fn subsidiaries(tx: &mut Tx, uscc: &str) -> Result<Vec<String>, StoreError> {
    let sql = "select distinct uscc from premium_enterprise where parent_uscc = $1 and state = 'approved'";
    tx.fetch_all(sql, args![uscc]).await?.iter().map(|row| row.get("uscc")).collect()
}

/// Who named an enterprise as the employer, ever.
pub(super) async fn employed(tx: &mut Tx, uscc: &str) -> Result<Vec<CustomerId>, StoreError> {
    let sql = "select distinct customer_id from customer_datum where item = 'employer_uscc' and value = $1";
    tx.fetch_all(sql, args![uscc]).await?.iter().map(|row| row.get("customer_id")).collect()
}

/// Writes a new entry.
pub(super) async fn insert(work: &mut Work, one: &Entry) -> Result<(), StoreError> {
    let (on, now, said) = (work.business_date, work.now, &one.content);
    work.tx
        .execute(
            "insert into premium_enterprise (id, number, name, uscc, item, industry, board, good_years, parent_uscc, \
             parent_share_ppm, proof, attachment_id, branch_id, starts_on, until_on, state, effective_on, recorded_at, \
             recorded_by) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)",
            args![
                one.id,
                one.number,
                said.name,
                said.uscc,
                said.item,
                said.industry,
                said.board,
                said.good_years,
                said.parent_uscc,
                said.parent_share_ppm,
                said.proof,
                one.paper,
                one.branch,
                said.starts_on,
                said.until,
                one.state,
                on,
                now,
                one.maker
            ],
        )
        .await
        .map(drop)
}

/// Writes where an entry stands.
pub(super) async fn update(tx: &mut Tx, one: &mut Entry) -> Result<(), StoreError> {
    tx.execute_one(
        "update premium_enterprise set state = $1, approval_id = $2, approved_on = $3, ended_on = $4, end_reason = $5, \
         superseded_by = $6, version = version + 1 where id = $7 and version = $8",
        args![
            one.state,
            one.approval,
            one.approved_on,
            one.ended_on,
            one.end_reason,
            one.superseded_by,
            one.id,
            one.version
        ],
    )
    .await?;
    one.version += 1;
    Ok(())
}

/// Writes what was mended of an entry that waits.
pub(super) async fn mend(tx: &mut Tx, one: &mut Entry, paper: Option<AttachmentId>) -> Result<(), StoreError> {
    let said = &one.content;
    tx.execute_one(
        "update premium_enterprise set name = $1, item = $2, industry = $3, board = $4, good_years = $5, \
         parent_uscc = $6, parent_share_ppm = $7, proof = $8, attachment_id = $9, starts_on = $10, until_on = $11, \
         version = version + 1 where id = $12 and version = $13 and state = 'submitted'",
        args![
            said.name,
            said.item,
            said.industry,
            said.board,
            said.good_years,
            said.parent_uscc,
            said.parent_share_ppm,
            said.proof,
            paper,
            said.starts_on,
            said.until,
            one.id,
            one.version
        ],
    )
    .await?;
    one.paper = paper;
    one.version += 1;
    Ok(())
}
