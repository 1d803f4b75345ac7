//! Table `warning_sheet`.

use jiff::civil::Date;
use platform::args;
use platform::db::{Row, StoreError, Tx};
use platform::id::CustomerId;
use platform::work::Work;

use super::model::{NewSheet, Said, WarningSheet, WarningSheetId};

/// The most sheets of one file.
const LIMIT: i64 = 500;

fn corrupt(found: impl ToString) -> StoreError {
    StoreError::Corrupt {
        column: "content_json".to_owned(),
        expected: "items of a sheet of warning data",
        found: found.to_string(),
    }
}

/// All sheets of a customer, the oldest first.
pub async fn of_customer(tx: &mut Tx, customer: CustomerId) -> Result<Vec<WarningSheet>, StoreError> {
    let sql = "select customer_id, id, collected_on, content_json, sign, finding, recorded_by from warning_sheet \
               where customer_id = $1 order by collected_on, id limit $2";
    let sheet = |row: &Row| -> Result<WarningSheet, StoreError> {
        let content: String = row.get("content_json")?;
        Ok(WarningSheet {
            customer: row.get("customer_id")?,
            id: row.get("id")?,
            on: row.get("collected_on")?,
            items: serde_json::from_str(&content).map_err(corrupt)?,
            sign: row.get("sign")?,
            finding: row.get("finding")?,
            by: row.get("recorded_by")?,
        })
    };
    tx.fetch_all(sql, args![customer, LIMIT]).await?.iter().map(sheet).collect()
}

/// When data were collected last.
pub(super) async fn last(tx: &mut Tx, customer: CustomerId) -> Result<Option<Date>, StoreError> {
    let sql = "select max(collected_on) as last from warning_sheet where customer_id = $1";
    tx.fetch_one(sql, args![customer]).await?.get("last")
}

pub(super) async fn insert(
    work: &mut Work,
    customer: CustomerId,
    (new, items): (&NewSheet, &[Said]),
) -> Result<WarningSheetId, StoreError> {
    let (id, today) = (WarningSheetId(work.next_id()), work.business_date);
    let content = serde_json::to_string(items).map_err(corrupt)?;
    let (now, by) = (work.now, work.actor.recorded_by());
    work.tx
        .execute(
            "insert into warning_sheet (customer_id, id, collected_on, content_json, sign, finding, effective_on, \
             recorded_at, recorded_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            args![customer, id, new.on, content, new.sign, new.finding.trim(), today, now, by],
        )
        .await?;
    Ok(id)
}
