//! Table `overdue_rating`.

use platform::args;
use platform::db::{StoreError, Tx};
use platform::work::Work;

use super::model::{Known, Rating, RatingId};
use crate::case::model::CaseKey;

/// The most ratings of one case that a page shows.
const LIMIT: i64 = 50;

/// Appends a rating; the newest of a case holds.
///
/// # Errors
/// The store's.
pub async fn insert(
    work: &mut Work,
    case: CaseKey,
    known: &Known,
    (rating, article, words): (&str, &str, &str),
) -> Result<RatingId, StoreError> {
    let id = RatingId(work.next_id());
    let (on, now, by) = (work.business_date, work.now, work.actor.recorded_by());
    work.tx
        .execute(
            "insert into overdue_rating (customer_id, id, case_id, rating, days_overdue, overdue_fen, left_fen, broken, \
             cause, article, words, effective_on, recorded_at, recorded_by) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
            args![
                case.customer,
                id,
                case.case,
                rating,
                known.days,
                known.overdue,
                known.left,
                known.broken,
                known.cause.clone(),
                article,
                words.trim(),
                on,
                now,
                by
            ],
        )
        .await?;
    Ok(id)
}

/// The ratings of a case, the one that holds first.
///
/// # Errors
/// The store's.
pub async fn of_case(tx: &mut Tx, case: CaseKey) -> Result<Vec<Rating>, StoreError> {
    let rows = tx
        .fetch_all(
            "select r.rating, r.days_overdue, r.overdue_fen, r.left_fen, r.broken, r.cause, r.article, r.words, \
             r.effective_on, coalesce(u.name, '') as by_name from overdue_rating r \
             left join user_view u on u.id = r.recorded_by \
             where r.customer_id = $1 and r.case_id = $2 order by r.id desc limit $3",
            args![case.customer, case.case, LIMIT],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Rating {
                rating: row.get("rating")?,
                known: Known {
                    days: row.get("days_overdue")?,
                    overdue: row.get("overdue_fen")?,
                    left: row.get("left_fen")?,
                    broken: row.get("broken")?,
                    cause: row.get("cause")?,
                },
                article: row.get("article")?,
                words: row.get("words")?,
                on: row.get("effective_on")?,
                by: row.get("by_name")?,
            })
        })
        .collect()
}
