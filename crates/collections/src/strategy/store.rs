//! Table `case_strategy`.

use platform::args;
use platform::db::{Row, StoreError, Tx};
use platform::work::Work;

use super::model::Assigned;
use crate::case::model::CaseKey;

/// Appends by which strategies cases are collected from now on.
///
/// # Errors
/// The store's.
pub async fn insert(work: &mut Work, all: &[(CaseKey, Assigned)]) -> Result<(), StoreError> {
    let (now, by) = (work.now, work.actor.recorded_by());
    let mut rows = Vec::with_capacity(all.len());
    for (key, one) in all {
        let id = work.next_id();
        rows.push(args![
            key.customer,
            id,
            key.case,
            one.rung.clone(),
            one.strategy.clone(),
            one.arm,
            one.ppm,
            one.article.clone(),
            one.on,
            now,
            by
        ]);
    }
    let head = "insert into case_strategy (customer_id, id, case_id, rung, strategy, arm, challenger_ppm, article, \
         effective_on, recorded_at, recorded_by)";
    work.tx.write_rows(head, "", rows).await.map(drop)
}

/// By which strategies a case was collected, the latest first.
///
/// # Errors
/// The store's.
pub async fn of_case(tx: &mut Tx, case: CaseKey) -> Result<Vec<Assigned>, StoreError> {
    let sql = "select rung, strategy, arm, challenger_ppm, article, effective_on from case_strategy \
         where customer_id = $1 and case_id = $2 order by id desc limit 100";
    let decode = |row: &Row| {
        Ok(Assigned {
            rung: row.get("rung")?,
            strategy: row.get("strategy")?,
            arm: row.get("arm")?,
            ppm: row.get("challenger_ppm")?,
            article: row.get("article")?,
            on: row.get("effective_on")?,
        })
    };
    tx.fetch_all(sql, args![case.customer, case.case]).await?.iter().map(decode).collect()
}
