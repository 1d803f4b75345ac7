//! Tables `evaluation` and `evaluation_step`.

use jiff::Timestamp;
use jiff::civil::Date;
use platform::args;
use platform::db::{Conditions, Row, StoreError, Tx};
use platform::id::CustomerId;
use platform::work::Work;

use super::model::{Content, Evaluation, EvaluationId};

const COLUMNS: &str = "select e.customer_id, e.id, e.number, e.scorecard, e.content_json, e.grade_axis, e.rule_grade, \
     e.grade, e.state, e.approval_id, e.approved_on, e.review_on, e.superseded_by, e.effective_on, e.recorded_by, \
     e.version from evaluation e";

fn decode(row: &Row) -> Result<Evaluation, StoreError> {
    let content: String = row.get("content_json")?;
    let corrupt = |found: String| StoreError::Corrupt {
        column: "content_json".to_owned(),
        expected: "content of an evaluation",
        found,
    };
    Ok(Evaluation {
        customer: row.get("customer_id")?,
        id: row.get("id")?,
        number: row.get("number")?,
        scorecard: row.get("scorecard")?,
        content: serde_json::from_str(&content).map_err(|error| corrupt(error.to_string()))?,
        grade_axis: row.get("grade_axis")?,
        rule_grade: row.get("rule_grade")?,
        grade: row.get("grade")?,
        state: row.get("state")?,
        approval: row.get("approval_id")?,
        approved_on: row.get("approved_on")?,
        review_on: row.get("review_on")?,
        superseded_by: row.get("superseded_by")?,
        made_on: row.get("effective_on")?,
        assessor: row.get("recorded_by")?,
        version: row.get("version")?,
    })
}

fn text(content: &Content) -> Result<String, StoreError> {
    serde_json::to_string(content).map_err(|error| StoreError::Corrupt {
        column: "content_json".to_owned(),
        expected: "content of an evaluation",
        found: error.to_string(),
    })
}

/// Writes a new evaluation.
pub(super) async fn insert(work: &mut Work, one: &Evaluation) -> Result<(), StoreError> {
    let (now, by) = (work.now, work.actor.recorded_by());
    work.tx
        .execute(
            "insert into evaluation (customer_id, id, number, scorecard, content_json, composite_centi, grade_axis, \
             rule_grade, grade, set_until, state, effective_on, recorded_at, recorded_by) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
            args![
                one.customer,
                one.id,
                one.number,
                one.scorecard,
                text(&one.content)?,
                one.content.composite_centi,
                one.grade_axis,
                one.rule_grade,
                one.grade,
                one.content.by_hand.as_ref().map(|hand| hand.until),
                one.state,
                one.made_on,
                now,
                by
            ],
        )
        .await
        .map(drop)
}

/// Writes what an evaluation says and where it stands; whoever comes second is refused.
pub(super) async fn update(tx: &mut Tx, one: &Evaluation) -> Result<(), StoreError> {
    tx.execute_one(
        "update evaluation set content_json = $1, composite_centi = $2, rule_grade = $3, grade = $4, set_until = $5, \
         state = $6, approval_id = $7, approved_on = $8, review_on = $9, superseded_by = $10, effective_on = $11, \
         version = version + 1 where customer_id = $12 and id = $13 and version = $14",
        args![
            text(&one.content)?,
            one.content.composite_centi,
            one.rule_grade,
            one.grade,
            one.content.by_hand.as_ref().map(|hand| hand.until),
            one.state,
            one.approval,
            one.approved_on,
            one.review_on,
            one.superseded_by,
            one.made_on,
            one.customer,
            one.id,
            one.version
        ],
    )
    .await
}

/// One evaluation by its key.
pub async fn find(tx: &mut Tx, id: EvaluationId) -> Result<Option<Evaluation>, StoreError> {
    let mut w = Conditions::new();
    w.and_values("e.id = ?", args![id]);
    tx.fetch_optional(w.select(COLUMNS, ""), w.args()).await?.as_ref().map(decode).transpose()
}

/// The evaluations of a customer, the latest first.
pub async fn of_customer(tx: &mut Tx, customer: CustomerId) -> Result<Vec<Evaluation>, StoreError> {
    let mut w = Conditions::new();
    w.and_values("e.customer_id = ?", args![customer]);
    tx.fetch_all(w.select(COLUMNS, "order by e.id desc limit 100"), w.args()).await?.iter().map(decode).collect()
}

/// The evaluations of a customer that count.
pub async fn counting(tx: &mut Tx, customer: CustomerId) -> Result<Vec<Evaluation>, StoreError> {
    let mut w = Conditions::new();
    w.and_values("e.customer_id = ? and e.state = 'approved' and e.superseded_by is null", args![customer]);
    tx.fetch_all(w.select(COLUMNS, "order by e.id limit 100"), w.args()).await?.iter().map(decode).collect()
}

/// A step of an evaluation (评估经过).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedStep {
    /// `submitted`, `resubmitted`, `approved`, `refused`, `superseded`.
    pub step: String,
    /// In words.
    pub detail: String,
    /// On which business date.
    pub on: Date,
    /// When.
    pub at: Timestamp,
    /// By whom; empty is the system.
    pub by: String,
}

/// Appends a step; a submission keeps what was submitted.
pub(super) async fn note(
    work: &mut Work,
    one: &Evaluation,
    step: &str,
    detail: &str,
    content: Option<&Content>,
) -> Result<(), StoreError> {
    let (id, on, now, by) = (work.next_id(), work.business_date, work.now, work.actor.recorded_by());
    work.tx
        .execute(
            "insert into evaluation_step (customer_id, id, evaluation_id, step, detail, content_json, effective_on, \
             recorded_at, recorded_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            args![one.customer, id, one.id, step, detail.trim(), content.map(text).transpose()?, on, now, by],
        )
        .await
        .map(drop)
}

/// The steps of an evaluation in order.
pub async fn steps(tx: &mut Tx, one: &Evaluation) -> Result<Vec<RecordedStep>, StoreError> {
    let rows = tx
        .fetch_all(
            "select s.step, s.detail, s.effective_on, s.recorded_at, coalesce(u.name, '') as by_name \
             from evaluation_step s left join user_view u on u.id = s.recorded_by \
             where s.customer_id = $1 and s.evaluation_id = $2 order by s.id limit 200",
            args![one.customer, one.id],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(RecordedStep {
                step: row.get("step")?,
                detail: row.get("detail")?,
                on: row.get("effective_on")?,
                at: row.get("recorded_at")?,
                by: row.get("by_name")?,
            })
        })
        .collect()
}
