//! Table `contact_outcome`, and what a contact is about.

use platform::args;
use platform::db::{StoreError, Tx};
use platform::duty::ContactId;
use platform::id::CustomerId;
use platform::work::Work;

use super::actions::NewOutcome;
use super::model::ContactResult;
use crate::guard::model::AllowanceId;

/// The most loans that one contact is about.
const LIMIT: i64 = 200;

/// The overdue loans of a customer as subjects of duties: `loan:123`.
pub(crate) async fn overdue_subjects(tx: &mut Tx, customer: CustomerId) -> Result<Vec<String>, StoreError> {
    let sql = "select loan_id from loan_view where customer_id = $1 and state = 'active' \
         and status in ('overdue', 'written-off-tracked') order by loan_id limit $2";
    let rows = tx.fetch_all(sql, args![customer, LIMIT]).await?;
    rows.iter().map(|row| Ok(format!("loan:{}", row.get::<i64>("loan_id")?))).collect()
}

/// The contact that an allowance became, once its outcome is entered.
pub(crate) async fn of_allowance(
    tx: &mut Tx,
    customer: CustomerId,
    allowance: AllowanceId,
) -> Result<Option<ContactId>, StoreError> {
    let sql = "select contact_id from contact_outcome where customer_id = $1 and allowance_id = $2";
    tx.fetch_optional(sql, args![customer, allowance]).await?.map(|row| row.get("contact_id")).transpose()
}

/// Keeps what came of a contact.
pub(crate) async fn insert(work: &mut Work, contact: ContactId, new: &NewOutcome) -> Result<(), StoreError> {
    let (now, by) = (work.now, work.actor.recorded_by());
    work.tx
        .execute(
            "insert into contact_outcome (customer_id, contact_id, allowance_id, result, seconds, pattern, warnings, \
             hung_up, said, recorded_at, recorded_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
            args![
                new.customer,
                contact,
                new.allowance,
                new.result,
                new.seconds,
                new.pattern,
                new.warnings,
                new.hung_up,
                new.said.trim(),
                now,
                by
            ],
        )
        .await
        .map(drop)
}

/// How a pattern of debtors answers (类型统计).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PatternCount {
    /// The pattern.
    pub pattern: String,
    /// What came of it.
    pub result: ContactResult,
    /// How often.
    pub contacts: i64,
}

/// Contacts by pattern and result (S2.5-11).
///
/// # Errors
/// The store's.
pub async fn by_pattern(tx: &mut Tx) -> Result<Vec<PatternCount>, StoreError> {
    let sql = "select pattern, result, count(*) as n from contact_outcome where pattern is not null \
         group by pattern, result order by pattern, result limit $1";
    let rows = tx.fetch_all(sql, args![LIMIT]).await?;
    rows.iter()
        .map(|row| {
            Ok(PatternCount { pattern: row.get("pattern")?, result: row.get("result")?, contacts: row.get("n")? })
        })
        .collect()
}
