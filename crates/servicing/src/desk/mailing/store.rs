//! Tables `schedule_mailing` and `loan_vehicle`.

use platform::args;
use platform::db::{StoreError, Tx};
use platform::work::Work;

use super::model::{Latest, MailingId, NewVehicle, Step, VehicleId};
use crate::loan::model::LoanKey;

/// The latest step of a loan's schedule, if there is one.
///
/// Errors: the store's.
pub async fn latest(tx: &mut Tx, key: LoanKey) -> Result<Option<Latest>, StoreError> {
    tx.fetch_optional(
        "select step, recorded_by from schedule_mailing where customer_id = $1 and loan_id = $2 order by id desc limit 1",
        args![key.customer, key.loan],
    )
    .await?
    .map(|row| Ok(Latest { step: row.get("step")?, by: platform::id::UserId(row.get("recorded_by")?) }))
    .transpose()
}

/// Writes a step.
pub(super) async fn insert_step(
    work: &mut Work,
    key: LoanKey,
    step: Step,
    note: &str,
) -> Result<MailingId, StoreError> {
    let id = MailingId(work.next_id());
    let (on, now, by) = (work.business_date, work.now, work.actor.recorded_by());
    work.tx
        .execute(
            "insert into schedule_mailing (customer_id, loan_id, id, step, note, effective_on, recorded_at, recorded_by) \
             values ($1, $2, $3, $4, $5, $6, $7, $8)",
            args![key.customer, key.loan, id, step, note, on, now, by],
        )
        .await?;
    Ok(id)
}

/// Writes a car.
pub(super) async fn insert_vehicle(work: &mut Work, key: LoanKey, new: &NewVehicle) -> Result<VehicleId, StoreError> {
    let id = VehicleId(work.next_id());
    let (on, now, by) = (work.business_date, work.now, work.actor.recorded_by());
    work.tx
        .execute(
            "insert into loan_vehicle (customer_id, loan_id, id, model, picked_up_on, note, effective_on, recorded_at, \
             recorded_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            args![key.customer, key.loan, id, new.model, new.picked_up_on, new.note, on, now, by],
        )
        .await?;
    Ok(id)
}
