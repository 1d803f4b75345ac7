//! Tables `survey_draw`, `survey_answer`, `survey_task`.

use std::collections::BTreeMap;

use jiff::civil::Date;
use platform::args;
use platform::db::{Conditions, Row, StoreError, Tx};
use platform::id::CustomerId;
use platform::work::Work;

use super::model::{Answer, NewAnswer, NewTask, Survey, SurveyAnswerId, SurveyId, SurveyResult, SurveyTaskId, Task};
use super::rules::mean;

/// The most surveys of one file.
const LIMIT: i64 = 500;
/// Customers of one statement.
const AT_ONCE: usize = 400;

fn decode(row: &Row) -> Result<Survey, StoreError> {
    let answer = match row.get::<Option<SurveyAnswerId>>("answer_id")? {
        Some(id) => Some(answer_of(row, id)?),
        None => None,
    };
    Ok(Survey {
        customer: row.get("customer_id")?,
        id: row.get("id")?,
        of: (row.get("axis")?, row.get("outcome")?),
        drawn_on: row.get("drawn_on")?,
        answer,
    })
}

fn answer_of(row: &Row, id: SurveyAnswerId) -> Result<Answer, StoreError> {
    let marks: String = row.get("marks_json")?;
    let corrupt =
        |found: String| StoreError::Corrupt { column: "marks_json".to_owned(), expected: "marks by item", found };
    Ok(Answer {
        id,
        result: row.get("result")?,
        way: row.get("way")?,
        on: row.get("answered_on")?,
        marks: serde_json::from_str(&marks).map_err(|error| corrupt(error.to_string()))?,
        score_centi: row.get("score_centi")?,
        words: row.get("words")?,
        by: row.get("by_user")?,
    })
}

/// All surveys of a customer, the oldest first.
pub async fn of_customer(tx: &mut Tx, customer: CustomerId) -> Result<Vec<Survey>, StoreError> {
    let sql = "select d.customer_id, d.id, d.axis, d.outcome, d.drawn_on, a.id as answer_id, a.result, a.way, \
               a.answered_on, a.marks_json, a.score_centi, a.words, a.recorded_by as by_user from survey_draw d \
               left join survey_answer a on a.customer_id = d.customer_id and a.draw_id = d.id \
               where d.customer_id = $1 order by d.id limit $2";
    tx.fetch_all(sql, args![customer, LIMIT]).await?.iter().map(decode).collect()
}

/// Notes that a customer was drawn.
pub(super) async fn draw(work: &mut Work, customer: CustomerId, of: &(String, String)) -> Result<SurveyId, StoreError> {
    let (id, on, now, by) = (SurveyId(work.next_id()), work.business_date, work.now, work.actor.recorded_by());
    work.tx
        .execute(
            "insert into survey_draw (customer_id, id, axis, outcome, drawn_on, effective_on, recorded_at, recorded_by) \
             values ($1, $2, $3, $4, $5, $6, $7, $8)",
            args![customer, id, of.0, of.1, on, on, now, by],
        )
        .await?;
    Ok(id)
}

/// Keeps an answer with its score.
pub(super) async fn answer(
    work: &mut Work,
    (customer, survey): (CustomerId, SurveyId),
    new: &NewAnswer,
    score_centi: Option<i64>,
) -> Result<SurveyAnswerId, StoreError> {
    let (id, today) = (SurveyAnswerId(work.next_id()), work.business_date);
    let way = (new.result != SurveyResult::Lapsed).then(|| new.way.as_str().to_owned());
    let marks = serde_json::json!(new.marks).to_string();
    let values = args![
        customer,
        id,
        survey,
        new.result,
        way,
        new.on,
        marks,
        score_centi,
        new.words.trim(),
        today,
        work.now,
        work.actor.recorded_by()
    ];
    work.tx
        .execute(
            "insert into survey_answer (customer_id, id, draw_id, result, way, answered_on, marks_json, score_centi, \
             words, effective_on, recorded_at, recorded_by) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
            values,
        )
        .await?;
    Ok(id)
}

/// Keeps something to be improved.
pub(super) async fn insert_task(
    work: &mut Work,
    (customer, answer): (CustomerId, SurveyAnswerId),
    new: &NewTask,
) -> Result<Task, StoreError> {
    let (id, today, now, by) = (SurveyTaskId(work.next_id()), work.business_date, work.now, work.actor.recorded_by());
    work.tx
        .execute(
            "insert into survey_task (customer_id, id, answer_id, what, owner_id, due_on, done_words, effective_on, \
             recorded_at, recorded_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            args![customer, id, answer, new.what.trim(), new.owner, new.due_on, "", today, now, by],
        )
        .await?;
    Ok(Task { customer, id, answer, content: new.clone(), done: None, version: 1 })
}

/// The improvements of a customer, the oldest first.
pub async fn tasks(tx: &mut Tx, customer: CustomerId) -> Result<Vec<Task>, StoreError> {
    let sql = "select customer_id, id, answer_id, what, owner_id, due_on, done_on, done_by, done_words, version \
               from survey_task where customer_id = $1 order by id limit $2";
    let task = |row: &Row| -> Result<Task, StoreError> {
        let done: Option<(Date, platform::id::UserId)> = row.get::<Option<Date>>("done_on")?.zip(row.get("done_by")?);
        let words: String = row.get("done_words")?;
        Ok(Task {
            customer: row.get("customer_id")?,
            id: row.get("id")?,
            answer: row.get("answer_id")?,
            content: NewTask { what: row.get("what")?, owner: row.get("owner_id")?, due_on: row.get("due_on")? },
            done: done.map(|(on, by)| (on, by, words)),
            version: row.get("version")?,
        })
    };
    tx.fetch_all(sql, args![customer, LIMIT]).await?.iter().map(task).collect()
}

/// Notes what was improved; whoever comes second is refused.
pub(super) async fn task_done(work: &mut Work, one: &Task, words: &str) -> Result<(), StoreError> {
    let (on, by) = (work.business_date, work.actor.recorded_by());
    work.tx
        .execute_one(
            "update survey_task set done_on = $1, done_by = $2, done_words = $3, version = version + 1 \
             where customer_id = $4 and id = $5 and version = $6 and done_on is null",
            args![on, by, words.trim(), one.customer, one.id, one.version],
        )
        .await
}

/// The mean scores of some customers: of the latest answer of each before a day, and of the latest since then.
pub(crate) async fn before_and_since(
    tx: &mut Tx,
    customers: &[CustomerId],
    day: Date,
) -> Result<(Option<i64>, Option<i64>), StoreError> {
    let (mut before, mut since) = (BTreeMap::new(), BTreeMap::new());
    for some in customers.chunks(AT_ONCE) {
        let mut w = Conditions::new();
        w.one_of("customer_id", some).and_values("result = 'answered'", args![]);
        let head = "select customer_id, answered_on, score_centi from survey_answer";
        for row in tx.fetch_all(w.select(head, "order by customer_id, answered_on, id"), w.args()).await? {
            let (customer, on): (CustomerId, Date) = (row.get("customer_id")?, row.get("answered_on")?);
            let score: i64 = row.get("score_centi")?;
            if on < day {
                before.insert(customer, score)
            } else {
                since.insert(customer, score)
            };
        }
    }
    let of = |all: BTreeMap<CustomerId, i64>| mean(all.values().sum(), i64::try_from(all.len()).unwrap_or(i64::MAX));
    Ok((of(before), of(since)))
}
