//! Tables `rescue_step` and `rescue_loan`.

use finance::Fen;
use platform::args;
use platform::db::{Row, StoreError, Tx};
use platform::id::CustomerId;
use platform::work::Work;
use servicing::loan::model::LoanId;

use super::model::{Done, Findings, Lent, NewRescue, RescueId, RescueStep};
use crate::case::model::{CaseId, CaseKey};

/// The most steps of one case.
const LIMIT: i64 = 500;

/// Appends a step.
///
/// # Errors
/// The store's.
pub async fn insert(work: &mut Work, case: CaseKey, new: &NewRescue) -> Result<RescueId, StoreError> {
    let id = RescueId(work.next_id());
    let (on, now, by) = (work.business_date, work.now, work.actor.recorded_by());
    let (findings, accepted) = match new {
        NewRescue::Evaluation { findings, .. } => (Some(*findings), None),
        NewRescue::Decision { accepted, .. } => (None, Some(*accepted)),
        NewRescue::Use { .. } => (None, None),
    };
    work.tx
        .execute(
            "insert into rescue_step (customer_id, id, case_id, step, amount_fen, operation, capacity, controlled, accepted, \
             words, effective_on, recorded_at, recorded_by) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
            args![
                case.customer,
                id,
                case.case,
                new.step(),
                new.amount(),
                findings.map(|one| i64::from(one.operation)),
                findings.map(|one| i64::from(one.capacity)),
                findings.map(|one| i64::from(one.controlled)),
                accepted.map(i64::from),
                new.words().trim(),
                on,
                now,
                by
            ],
        )
        .await?;
    Ok(id)
}

/// The steps of a case in the order in which they were done.
///
/// # Errors
/// The store's.
pub async fn of_case(tx: &mut Tx, case: CaseKey) -> Result<Vec<Done>, StoreError> {
    let rows = tx
        .fetch_all(
            "select r.id, r.step, r.amount_fen, r.operation, r.capacity, r.controlled, r.accepted, r.words, r.effective_on, \
             r.recorded_by, coalesce(u.name, '') as by_name from rescue_step r \
             left join user_view u on u.id = r.recorded_by \
             where r.customer_id = $1 and r.case_id = $2 order by r.id limit $3",
            args![case.customer, case.case, LIMIT],
        )
        .await?;
    rows.iter().map(decode).collect()
}

fn decode(row: &Row) -> Result<Done, StoreError> {
    let yes = |name: &str| Ok::<bool, StoreError>(row.get::<Option<i64>>(name)? == Some(1));
    let amount = row.get::<Option<Fen>>("amount_fen")?.unwrap_or_default();
    let words: String = row.get("words")?;
    let new = match row.get::<RescueStep>("step")? {
        RescueStep::Evaluation => {
            let findings =
                Findings { operation: yes("operation")?, capacity: yes("capacity")?, controlled: yes("controlled")? };
            NewRescue::Evaluation { amount, findings, words }
        }
        RescueStep::Decision => NewRescue::Decision { accepted: yes("accepted")?, words },
        RescueStep::Use => NewRescue::Use { amount, words },
    };
    Ok(Done {
        id: row.get("id")?,
        new,
        on: row.get("effective_on")?,
        by: row.get("recorded_by")?,
        by_name: row.get("by_name")?,
    })
}

/// Ties a loan to the decision that it carries out.
///
/// # Errors
/// The store's.
pub async fn insert_loan(
    work: &mut Work,
    case: CaseKey,
    (decision, loan): (RescueId, LoanId),
    principal: Fen,
) -> Result<(), StoreError> {
    let (id, on, now, by) = (work.next_id(), work.business_date, work.now, work.actor.recorded_by());
    work.tx
        .execute(
            "insert into rescue_loan (customer_id, id, case_id, decision_id, loan_id, principal_fen, effective_on, \
             recorded_at, recorded_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            args![case.customer, id, case.case, decision, loan, principal, on, now, by],
        )
        .await
        .map(drop)
}

/// The loans of rescue money of a case, in order.
///
/// # Errors
/// The store's.
pub async fn loans_of(tx: &mut Tx, case: CaseKey) -> Result<Vec<Lent>, StoreError> {
    let rows = tx
        .fetch_all(
            "select r.decision_id, r.loan_id, v.number, r.principal_fen, r.effective_on from rescue_loan r \
             join loan_view v on v.customer_id = r.customer_id and v.loan_id = r.loan_id \
             where r.customer_id = $1 and r.case_id = $2 order by r.id limit $3",
            args![case.customer, case.case, LIMIT],
        )
        .await?;
    let decode = |row: &Row| {
        Ok(Lent {
            decision: row.get("decision_id")?,
            loan: row.get("loan_id")?,
            number: row.get("number")?,
            principal: row.get("principal_fen")?,
            on: row.get("effective_on")?,
        })
    };
    rows.iter().map(decode).collect()
}

/// The case whose rescue money a loan is.
///
/// # Errors
/// The store's.
pub async fn case_of_loan(tx: &mut Tx, customer: CustomerId, loan: LoanId) -> Result<Option<CaseId>, StoreError> {
    let sql = "select case_id from rescue_loan where customer_id = $1 and loan_id = $2";
    tx.fetch_optional(sql, args![customer, loan]).await?.map(|row| row.get("case_id")).transpose()
}
