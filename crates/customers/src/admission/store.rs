//! Tables `admission` and `admission_step`.

use finance::Fen;
use jiff::Timestamp;
use jiff::civil::Date;
use platform::args;
use platform::db::{Conditions, Row, StoreError, Tx};
use platform::id::CustomerId;
use platform::work::Work;

use super::model::{Admission, AdmissionId, Application, Sheet};

const COLUMNS: &str = "select a.customer_id, a.id, a.number, a.product, a.amount_fen, a.months, a.purpose, \
     a.repayment_source, a.method, a.preliminary, a.content_json, a.state, a.approval_id, a.assessor, a.decided_on, \
     a.effective_on, a.recorded_by, a.version from admission a";

fn corrupt(found: String) -> StoreError {
    StoreError::Corrupt { column: "content_json".to_owned(), expected: "a check sheet", found }
}

fn decode(row: &Row) -> Result<Admission, StoreError> {
    let sheet: Option<String> = row.get("content_json")?;
    let amount: Fen = row.get("amount_fen")?;
    Ok(Admission {
        customer: row.get("customer_id")?,
        id: row.get("id")?,
        number: row.get("number")?,
        application: Application {
            product: row.get("product")?,
            amount,
            months: row.get("months")?,
            purpose: row.get("purpose")?,
            repayment_source: row.get("repayment_source")?,
            method: row.get("method")?,
            preliminary: row.get("preliminary")?,
        },
        sheet: sheet.map(|text| serde_json::from_str(&text).map_err(|error| corrupt(error.to_string()))).transpose()?,
        state: row.get("state")?,
        approval: row.get("approval_id")?,
        assessor: row.get("assessor")?,
        decided_on: row.get("decided_on")?,
        begun_on: row.get("effective_on")?,
        begun_by: row.get("recorded_by")?,
        version: row.get("version")?,
    })
}

fn text(sheet: &Sheet) -> Result<String, StoreError> {
    serde_json::to_string(sheet).map_err(|error| corrupt(error.to_string()))
}

/// Writes a new admission review.
pub(super) async fn insert(work: &mut Work, one: &Admission) -> Result<(), StoreError> {
    let (now, by) = (work.now, work.actor.recorded_by());
    let asked = &one.application;
    work.tx
        .execute(
            "insert into admission (customer_id, id, number, product, amount_fen, months, purpose, repayment_source, \
             method, preliminary, state, effective_on, recorded_at, recorded_by) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
            args![
                one.customer,
                one.id,
                one.number,
                asked.product,
                asked.amount,
                asked.months,
                asked.purpose,
                asked.repayment_source,
                asked.method,
                asked.preliminary,
                one.state,
                one.begun_on,
                now,
                by
            ],
        )
        .await
        .map(drop)
}

/// Writes what it says and where it stands; whoever comes second is refused.
pub(super) async fn update(tx: &mut Tx, one: &Admission) -> Result<(), StoreError> {
    let asked = &one.application;
    tx.execute_one(
        "update admission set amount_fen = $1, months = $2, purpose = $3, repayment_source = $4, method = $5, \
         preliminary = $6, content_json = $7, granted_fen = $8, state = $9, approval_id = $10, assessor = $11, \
         decided_on = $12, version = version + 1 where customer_id = $13 and id = $14 and version = $15",
        args![
            asked.amount,
            asked.months,
            asked.purpose,
            asked.repayment_source,
            asked.method,
            asked.preliminary,
            one.sheet.as_ref().map(text).transpose()?,
            one.sheet.as_ref().map(|sheet| sheet.terms.amount),
            one.state,
            one.approval,
            one.assessor,
            one.decided_on,
            one.customer,
            one.id,
            one.version
        ],
    )
    .await
}

/// One admission review by its key.
///
/// # Errors
/// The store's.
pub async fn find(tx: &mut Tx, id: AdmissionId) -> Result<Option<Admission>, StoreError> {
    let mut w = Conditions::new();
    w.and_values("a.id = ?", args![id]);
    tx.fetch_optional(w.select(COLUMNS, ""), w.args()).await?.as_ref().map(decode).transpose()
}

/// The admission reviews of a customer, the latest first.
///
/// # Errors
/// The store's.
pub async fn of_customer(tx: &mut Tx, customer: CustomerId) -> Result<Vec<Admission>, StoreError> {
    let mut w = Conditions::new();
    w.and_values("a.customer_id = ?", args![customer]);
    tx.fetch_all(w.select(COLUMNS, "order by a.id desc limit 100"), w.args()).await?.iter().map(decode).collect()
}

/// A step of an admission review (准入经过).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedStep {
    /// `begun`, `mended`, `returned`, `submitted`, `resubmitted`, `fit`, `not_fit`, `withdrawn`.
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

/// Appends a step; a submission keeps the check sheet.
pub(super) async fn note(
    work: &mut Work,
    one: &Admission,
    step: &str,
    detail: &str,
    sheet: Option<&Sheet>,
) -> Result<(), StoreError> {
    let (id, on, now, by) = (work.next_id(), work.business_date, work.now, work.actor.recorded_by());
    work.tx
        .execute(
            "insert into admission_step (customer_id, id, admission_id, step, detail, content_json, effective_on, \
             recorded_at, recorded_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            args![one.customer, id, one.id, step, detail.trim(), sheet.map(text).transpose()?, on, now, by],
        )
        .await
        .map(drop)
}

/// The steps of an admission review in order.
///
/// # Errors
/// The store's.
pub async fn steps(tx: &mut Tx, one: &Admission) -> Result<Vec<RecordedStep>, StoreError> {
    let rows = tx
        .fetch_all(
            "select s.step, s.detail, s.effective_on, s.recorded_at, coalesce(u.name, '') as by_name \
             from admission_step s left join user_view u on u.id = s.recorded_by \
             where s.customer_id = $1 and s.admission_id = $2 order by s.id limit 200",
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
