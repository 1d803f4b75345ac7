//! Table `loan_ground`.

use customers::admission::model::AdmissionId;
use finance::Fen;
use platform::args;
use platform::db::{StoreError, Tx};
use platform::policies::decision::DecisionId;
use platform::work::Work;

use super::Ground;
use crate::loan::model::LoanKey;

/// What stood behind a loan as it is kept (留存的放款依据).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The admission review.
    pub admission: Option<AdmissionId>,
    /// The decision of the opening.
    pub decision: Option<DecisionId>,
    /// The chain of the borrower's classes.
    pub chain: String,
    /// How much of what was applied for the classes let be lent, parts per million.
    pub share_ppm: i64,
    /// Base points of preference.
    pub cut_bp: i64,
}

/// Writes what stands behind a new loan.
pub(super) async fn insert(
    work: &mut Work,
    key: LoanKey,
    ground: &Ground,
    decision: Option<DecisionId>,
) -> Result<(), StoreError> {
    let (on, now, by) = (work.business_date, work.now, work.actor.recorded_by());
    let effect = &ground.effect;
    work.tx
        .execute(
            "insert into loan_ground (customer_id, loan_id, admission_id, decision_id, chain, share_ppm, cut_bp, \
             effective_on, recorded_at, recorded_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            args![
                key.customer,
                key.loan,
                ground.admission.as_ref().map(|(one, _)| one.id),
                decision,
                effect.chain.as_str(),
                effect.share_ppm,
                effect.cut_bp,
                on,
                now,
                by
            ],
        )
        .await
        .map(drop)
}

/// The principal of the loans that stand on a review; hidden ones use nothing.
pub(super) async fn used(tx: &mut Tx, admission: AdmissionId) -> Result<Fen, StoreError> {
    tx.fetch_one(
        "select cast(coalesce(sum(l.principal_fen), 0) as bigint) as used_fen from loan_ground g \
         join loan l on l.customer_id = g.customer_id and l.id = g.loan_id and l.state = 'active' \
         where g.admission_id = $1",
        args![admission],
    )
    .await?
    .get("used_fen")
}

/// What stood behind a loan; nothing of loans that came in by import or before that was kept.
pub async fn of_loan(tx: &mut Tx, key: LoanKey) -> Result<Option<Kept>, StoreError> {
    let row = tx.fetch_optional(
        "select admission_id, decision_id, chain, share_ppm, cut_bp from loan_ground \
         where customer_id = $1 and loan_id = $2",
        args![key.customer, key.loan],
    );
    let Some(row) = row.await? else { return Ok(None) };
    Ok(Some(Kept {
        admission: row.get("admission_id")?,
        decision: row.get("decision_id")?,
        chain: row.get("chain")?,
        share_ppm: row.get("share_ppm")?,
        cut_bp: row.get("cut_bp")?,
    }))
}
