//! Table `case_paper`.

use platform::args;
use platform::db::{Row, StoreError, Tx};
use platform::work::Work;

use super::model::{NewPaper, Paper};
use crate::case::model::CaseKey;

/// Appends a paper.
pub(super) async fn insert(work: &mut Work, case: CaseKey, new: &NewPaper) -> Result<i64, StoreError> {
    let (id, on, now, by) = (work.next_id(), work.business_date, work.now, work.actor.recorded_by());
    work.tx
        .execute(
            "insert into case_paper (customer_id, id, case_id, kind, person_id, due_on, words, effective_on, recorded_at, \
             recorded_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            args![case.customer, id, case.case, new.kind, new.person, new.due_on, new.words.trim(), on, now, by],
        )
        .await?;
    Ok(id)
}

/// The papers of a case, the latest first.
///
/// # Errors
/// The store's.
pub async fn of_case(tx: &mut Tx, case: CaseKey) -> Result<Vec<Paper>, StoreError> {
    let sql = "select p.kind, p.person_id, p.due_on, p.words, p.effective_on, coalesce(u.name, '') as by_name \
         from case_paper p left join user_view u on u.id = p.recorded_by \
         where p.customer_id = $1 and p.case_id = $2 order by p.id desc limit 200";
    let decode = |row: &Row| {
        let content = NewPaper {
            kind: row.get("kind")?,
            person: row.get("person_id")?,
            due_on: row.get("due_on")?,
            words: row.get("words")?,
        };
        Ok(Paper { content, on: row.get("effective_on")?, by: row.get("by_name")? })
    };
    tx.fetch_all(sql, args![case.customer, case.case]).await?.iter().map(decode).collect()
}
