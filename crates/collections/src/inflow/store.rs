//! Table `inflow`.

use platform::args;
use platform::db::{StoreError, Tx};
use platform::work::Work;

use super::model::{Inflow, InflowId, NewInflow};
use crate::case::model::CaseKey;

/// The most rows of one case.
const LIMIT: i64 = 200;

/// Appends noted money; `release`: the proceeds that it releases and the security that was added.
///
/// # Errors
/// The store's.
pub async fn insert(
    work: &mut Work,
    case: CaseKey,
    new: &NewInflow,
    release: Option<(InflowId, i64)>,
) -> Result<InflowId, StoreError> {
    let id = InflowId(work.next_id());
    let (on, now, by) = (work.business_date, work.now, work.actor.recorded_by());
    work.tx
        .execute(
            "insert into inflow (customer_id, id, case_id, kind, amount_fen, seen_on, basis, words, releases_id, \
             security_id, effective_on, recorded_at, recorded_by) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
            args![
                case.customer,
                id,
                case.case,
                new.kind,
                new.amount,
                new.on,
                new.basis.trim(),
                new.words.trim(),
                release.map(|one| one.0),
                release.map(|one| one.1),
                on,
                now,
                by
            ],
        )
        .await?;
    Ok(id)
}

/// The noted money of a case, the latest first.
///
/// # Errors
/// The store's.
pub async fn of_case(tx: &mut Tx, case: CaseKey) -> Result<Vec<Inflow>, StoreError> {
    let rows = tx
        .fetch_all(
            "select i.id, i.kind, i.amount_fen, i.seen_on, i.basis, i.words, i.releases_id, i.security_id, \
             i.recorded_by, \
             coalesce(u.name, '') as by_name from inflow i left join user_view u on u.id = i.recorded_by \
             where i.customer_id = $1 and i.case_id = $2 order by i.id desc limit $3",
            args![case.customer, case.case, LIMIT],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Inflow {
                id: row.get("id")?,
                noted: NewInflow {
                    kind: row.get("kind")?,
                    amount: row.get("amount_fen")?,
                    on: row.get("seen_on")?,
                    basis: row.get("basis")?,
                    words: row.get("words")?,
                },
                releases: row.get("releases_id")?,
                security: row.get("security_id")?,
                by: row.get("recorded_by")?,
                by_name: row.get("by_name")?,
            })
        })
        .collect()
}
