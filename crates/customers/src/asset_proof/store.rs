//! Tables `asset_proof`, `asset_proof_step`.

use platform::args;
use platform::db::{Row, StoreError, Tx};
use platform::id::CustomerId;
use platform::work::Work;

use super::model::{NewProof, Proof, ProofId, Step, StepKind};
use crate::datum::model::Way;

/// The most proofs, and steps, of one file.
const LIMIT: i64 = 1_000;

fn proof(customer: CustomerId, row: &Row) -> Result<Proof, StoreError> {
    let content = NewProof {
        document: row.get("document_id")?,
        kind: row.get("kind")?,
        face: row.get("face_fen")?,
        note: row.get("note")?,
    };
    let (made_on, by) = (row.get("effective_on")?, row.get("recorded_by")?);
    Ok(Proof { customer, id: row.get("id")?, content, made_on, by, steps: Vec::new() })
}

fn step(row: &Row) -> Result<Step, StoreError> {
    Ok(Step {
        proof: row.get("proof_id")?,
        kind: row.get("step")?,
        way: row.get("way")?,
        note: row.get("note")?,
        on: row.get("effective_on")?,
        by: row.get("recorded_by")?,
    })
}

/// The proofs of a file with their steps, the earliest first.
///
/// # Errors
/// The store's.
pub async fn of_customer(tx: &mut Tx, customer: CustomerId) -> Result<Vec<Proof>, StoreError> {
    let sql = "select id, document_id, kind, face_fen, note, effective_on, recorded_by from asset_proof \
               where customer_id = $1 order by id limit $2";
    let rows = tx.fetch_all(sql, args![customer, LIMIT]).await?;
    let mut all: Vec<Proof> = rows.iter().map(|row| proof(customer, row)).collect::<Result<_, _>>()?;
    if all.is_empty() {
        return Ok(all);
    }
    let sql = "select proof_id, step, way, note, effective_on, recorded_by from asset_proof_step \
               where customer_id = $1 order by id limit $2";
    for row in &tx.fetch_all(sql, args![customer, LIMIT]).await? {
        let step = step(row)?;
        if let Some(one) = all.iter_mut().find(|one| one.id == step.proof) {
            one.steps.push(step);
        }
    }
    Ok(all)
}

/// Writes a proof.
pub(super) async fn insert(work: &mut Work, customer: CustomerId, new: &NewProof) -> Result<ProofId, StoreError> {
    let id = ProofId(work.next_id());
    let (on, now, by) = (work.business_date, work.now, work.actor.recorded_by());
    work.tx
        .execute(
            "insert into asset_proof (customer_id, id, document_id, kind, face_fen, note, effective_on, recorded_at, \
             recorded_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            args![customer, id, new.document, new.kind, new.face, new.note.trim(), on, now, by],
        )
        .await?;
    Ok(id)
}

/// Writes a step.
pub(super) async fn insert_step(
    work: &mut Work,
    one: &Proof,
    (kind, way): (StepKind, Option<Way>),
    note: &str,
) -> Result<(), StoreError> {
    let id = work.next_id();
    let (on, now, by) = (work.business_date, work.now, work.actor.recorded_by());
    work.tx
        .execute(
            "insert into asset_proof_step (customer_id, id, proof_id, step, way, note, effective_on, recorded_at, \
             recorded_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            args![one.customer, id, one.id, kind, way, note.trim(), on, now, by],
        )
        .await
        .map(drop)
}
