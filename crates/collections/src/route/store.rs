//! Table `recovery_route`, and what of loans and means a route looks at.

use platform::args;
use platform::db::{StoreError, Tx};
use platform::id::CustomerId;
use platform::work::Work;
use servicing::loan::model::LoanKey;

use super::model::{Kept, RouteId, Way};
use crate::case::model::CaseKey;
use crate::legal::model::MeansKind;

/// The most rows that are read of one case.
const LIMIT: i64 = 200;

/// The loans of a customer about which a case is, with their numbers.
///
/// # Errors
/// The store's.
pub async fn loans(tx: &mut Tx, customer: CustomerId) -> Result<Vec<(LoanKey, String)>, StoreError> {
    let sql = "select customer_id, loan_id, number from loan_view where customer_id = $1 \
         and ((state = 'active' and status = 'overdue') or status = 'written-off-tracked') order by loan_id limit $2";
    let rows = tx.fetch_all(sql, args![customer, LIMIT]).await?;
    rows.iter()
        .map(|row| {
            let key = LoanKey { customer: row.get("customer_id")?, loan: row.get("loan_id")? };
            Ok((key, row.get("number")?))
        })
        .collect()
}

/// The means taken for a loan, and whether each has ended.
///
/// # Errors
/// The store's.
pub async fn means(tx: &mut Tx, loan: LoanKey) -> Result<Vec<(MeansKind, bool)>, StoreError> {
    let rows = tx
        .fetch_all(
            "select m.kind, e.id as end_id from legal_means m join legal_file f on f.customer_id = m.customer_id \
             and f.id = m.file_id left join legal_means e on e.customer_id = m.customer_id and e.ends_id = m.id \
             where m.customer_id = $1 and f.loan_id = $2 and m.ends_id is null order by m.id limit $3",
            args![loan.customer, loan.loan, LIMIT],
        )
        .await?;
    rows.iter().map(|row| Ok((row.get("kind")?, row.get::<Option<i64>>("end_id")?.is_some()))).collect()
}

/// Keeps a route.
///
/// # Errors
/// The store's.
pub async fn insert(work: &mut Work, case: CaseKey, way: &Way, words: &str) -> Result<RouteId, StoreError> {
    let id = RouteId(work.next_id());
    let (on, now, by) = (work.business_date, work.now, work.actor.recorded_by());
    work.tx
        .execute(
            "insert into recovery_route (customer_id, id, case_id, loan_id, security_id, security_kind, security, route, \
             article, words, effective_on, recorded_at, recorded_by) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
            args![
                case.customer,
                id,
                case.case,
                way.loan.loan,
                way.security,
                way.kind,
                way.what,
                way.route,
                way.article,
                words.trim(),
                on,
                now,
                by
            ],
        )
        .await?;
    Ok(id)
}

/// The routes kept on a case, the latest first.
///
/// # Errors
/// The store's.
pub async fn of_case(tx: &mut Tx, case: CaseKey) -> Result<Vec<Kept>, StoreError> {
    let rows = tx
        .fetch_all(
            "select r.id, r.loan_id, v.number, r.security_id, r.security, r.route, r.article, r.words, r.effective_on, \
             coalesce(u.name, '') as by_name from recovery_route r \
             join loan_view v on v.customer_id = r.customer_id and v.loan_id = r.loan_id \
             left join user_view u on u.id = r.recorded_by \
             where r.customer_id = $1 and r.case_id = $2 order by r.id desc limit $3",
            args![case.customer, case.case, LIMIT],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Kept {
                id: row.get("id")?,
                loan: row.get("loan_id")?,
                number: row.get("number")?,
                security: row.get("security_id")?,
                what: row.get("security")?,
                route: row.get("route")?,
                article: row.get("article")?,
                words: row.get("words")?,
                on: row.get("effective_on")?,
                by: row.get("by_name")?,
            })
        })
        .collect()
}
