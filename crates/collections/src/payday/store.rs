//! Table `pay_day`.

use std::collections::BTreeMap;

use platform::args;
use platform::db::{Conditions, StoreError, Tx};
use platform::id::CustomerId;
use platform::work::Work;

use super::model::{NewPayDay, PayDay, PayDayId};
use crate::case::model::CaseKey;

/// The most rows of one customer that a page shows.
const LIMIT: i64 = 20;

/// The day that holds for the customer of a row `c`; 0 where nothing is known.
macro_rules! holds {
    () => {
        "coalesce((select p.day from pay_day p where p.customer_id = c.customer_id \
         and p.id = (select max(q.id) from pay_day q where q.customer_id = c.customer_id)), 0)"
    };
}

/// The same for the queries of other rooms.
pub(crate) const HOLDS: &str = holds!();
/// The day of each customer.
const HEAD: &str = concat!("select c.customer_id, ", holds!(), " as day from customer_view c");

/// Appends what is known of a pay day.
///
/// # Errors
/// The store's.
pub async fn insert(work: &mut Work, case: CaseKey, new: NewPayDay) -> Result<PayDayId, StoreError> {
    let id = PayDayId(work.next_id());
    let (on, now, by) = (work.business_date, work.now, work.actor.recorded_by());
    work.tx
        .execute(
            "insert into pay_day (customer_id, id, case_id, day, source, effective_on, recorded_at, recorded_by) \
             values ($1, $2, $3, $4, $5, $6, $7, $8)",
            args![case.customer, id, case.case, new.day, new.source, on, now, by],
        )
        .await?;
    Ok(id)
}

/// What was recorded of a customer, the newest first.
///
/// # Errors
/// The store's.
pub async fn of_customer(tx: &mut Tx, customer: CustomerId) -> Result<Vec<PayDay>, StoreError> {
    let rows = tx
        .fetch_all(
            "select d.day, d.source, d.effective_on, coalesce(u.name, '') as by_name from pay_day d \
             left join user_view u on u.id = d.recorded_by where d.customer_id = $1 order by d.id desc limit $2",
            args![customer, LIMIT],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(PayDay {
                day: row.get("day")?,
                source: row.get("source")?,
                on: row.get("effective_on")?,
                by: row.get("by_name")?,
            })
        })
        .collect()
}

/// The day that holds of each of these customers who are persons; 0: it is not known.
///
/// # Errors
/// The store's.
pub async fn of_persons(tx: &mut Tx, customers: &[CustomerId]) -> Result<BTreeMap<CustomerId, i64>, StoreError> {
    let mut found = BTreeMap::new();
    for some in customers.chunks(500) {
        let mut w = Conditions::new();
        w.and_values("c.kind = 'person'", args![]);
        w.one_of("c.customer_id", some);
        for row in tx.fetch_all(w.select(HEAD, ""), w.args()).await? {
            found.insert(row.get("customer_id")?, row.get("day")?);
        }
    }
    Ok(found)
}
