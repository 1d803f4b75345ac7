//! Table `talk_record`.

use platform::args;
use platform::db::{Row, StoreError, Tx};
use platform::work::Work;

use super::model::{Attitude, NewTalk, TalkId, TalkRecord};
use crate::case::model::CaseKey;

/// The most talks of one case that are read.
const LIMIT: i64 = 100;

/// Appends a talk with this person.
///
/// # Errors
/// The store's.
pub async fn insert(work: &mut Work, case: CaseKey, new: &NewTalk, person: &str) -> Result<TalkId, StoreError> {
    let id = TalkId(work.next_id());
    let (on, now, by) = (work.business_date, work.now, work.actor.recorded_by());
    work.tx
        .execute(
            "insert into talk_record (customer_id, id, case_id, held_on, way, relation_id, person, willing, able, temper, \
             points, words, answer, incident, effective_on, recorded_at, recorded_by) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)",
            args![
                case.customer,
                id,
                case.case,
                new.on,
                new.way,
                new.relation,
                person,
                i64::from(new.attitude.willing),
                i64::from(new.attitude.able),
                new.attitude.temper,
                new.points.join("|"),
                new.words.trim(),
                new.answer.trim(),
                new.incident,
                on,
                now,
                by
            ],
        )
        .await?;
    Ok(id)
}

/// The talks of a case, the latest first.
///
/// # Errors
/// The store's.
pub async fn of_case(tx: &mut Tx, case: CaseKey) -> Result<Vec<TalkRecord>, StoreError> {
    let rows = tx
        .fetch_all(
            "select t.id, t.held_on, t.way, t.relation_id, t.person, t.willing, t.able, t.temper, t.points, t.words, \
             t.answer, t.incident, coalesce(u.name, '') as by_name from talk_record t \
             left join user_view u on u.id = t.recorded_by \
             where t.customer_id = $1 and t.case_id = $2 order by t.held_on desc, t.id desc limit $3",
            args![case.customer, case.case, LIMIT],
        )
        .await?;
    rows.iter().map(decode).collect()
}

fn decode(row: &Row) -> Result<TalkRecord, StoreError> {
    let points: String = row.get("points")?;
    let attitude = Attitude {
        willing: row.get::<i64>("willing")? == 1,
        able: row.get::<i64>("able")? == 1,
        temper: row.get("temper")?,
    };
    let talk = NewTalk {
        on: row.get("held_on")?,
        way: row.get("way")?,
        relation: row.get("relation_id")?,
        attitude,
        points: points.split('|').filter(|point| !point.is_empty()).map(str::to_owned).collect(),
        words: row.get("words")?,
        answer: row.get("answer")?,
        incident: row.get("incident")?,
    };
    Ok(TalkRecord { id: row.get("id")?, talk, person: row.get("person")?, by: row.get("by_name")? })
}
