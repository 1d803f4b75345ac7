//! Tables `care_plan` and `care_contact`.

use jiff::civil::Date;
use platform::args;
use platform::db::{Conditions, Row, StoreError, Tx};
use platform::id::{CustomerId, UserId};
use platform::work::Work;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::model::{CareContact, CareContactId, NewContact, Plan, PlanId};

const COLUMNS: &str = "select e.customer_id, e.id, e.number, e.kind, e.content_json, e.contact_days, e.state, \
     e.approval_id, e.approved_on, e.review_on, e.reviewed_on, e.reviewed_by, e.review_json, e.superseded_by, \
     e.effective_on, e.recorded_by, e.version from care_plan e";

fn corrupt(found: impl std::fmt::Display) -> StoreError {
    StoreError::Corrupt {
        column: "content_json".to_owned(),
        expected: "content of a plan of care",
        found: found.to_string(),
    }
}

fn read<T: DeserializeOwned>(text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(corrupt)
}

fn write<T: Serialize>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(corrupt)
}

fn decode(row: &Row) -> Result<Plan, StoreError> {
    let (on, by): (Option<Date>, Option<UserId>) = (row.get("reviewed_on")?, row.get("reviewed_by")?);
    let said: Option<String> = row.get("review_json")?;
    let reviewed = match (on, by, said) {
        (Some(on), Some(by), Some(said)) => Some((on, by, read(&said)?)),
        _ => None,
    };
    let content: String = row.get("content_json")?;
    Ok(Plan {
        customer: row.get("customer_id")?,
        id: row.get("id")?,
        number: row.get("number")?,
        kind: row.get("kind")?,
        content: read(&content)?,
        done: Vec::new(),
        contact_days: row.get("contact_days")?,
        state: row.get("state")?,
        approval: row.get("approval_id")?,
        approved_on: row.get("approved_on")?,
        review_on: row.get("review_on")?,
        reviewed,
        superseded_by: row.get("superseded_by")?,
        made_on: row.get("effective_on")?,
        maker: row.get("recorded_by")?,
        version: row.get("version")?,
    })
}

/// One plan by its key.
///
/// # Errors
/// The store's.
pub async fn find(tx: &mut Tx, id: PlanId) -> Result<Option<Plan>, StoreError> {
    let mut w = Conditions::new();
    w.and_values("e.id = ?", args![id]);
    let mut found = tx.fetch_optional(w.select(COLUMNS, ""), w.args()).await?.as_ref().map(decode).transpose()?;
    if let Some(one) = &mut found {
        let whose = one.customer;
        steps_done(tx, whose, std::slice::from_mut(one)).await?;
    }
    Ok(found)
}

/// Which steps of these plans of one file a contact closed; plans without steps ask nothing.
async fn steps_done(tx: &mut Tx, customer: CustomerId, plans: &mut [Plan]) -> Result<(), StoreError> {
    if plans.iter().all(|one| one.content.steps.is_empty()) {
        return Ok(());
    }
    let sql = "select plan_id, step from care_step_done where customer_id = $1 order by id limit 10000";
    for row in &tx.fetch_all(sql, args![customer]).await? {
        let plan: PlanId = row.get("plan_id")?;
        if let Some(one) = plans.iter_mut().find(|one| one.id == plan) {
            one.done.push(row.get("step")?);
        }
    }
    Ok(())
}

/// Writes that a contact closed a step.
pub(super) async fn insert_done(
    work: &mut Work,
    plan: &Plan,
    step: i64,
    contact: CareContactId,
) -> Result<(), StoreError> {
    let (id, on, now, by) = (work.next_id(), work.business_date, work.now, work.actor.recorded_by());
    work.tx
        .execute(
            "insert into care_step_done (customer_id, id, plan_id, step, contact_id, effective_on, recorded_at, \
             recorded_by) values ($1, $2, $3, $4, $5, $6, $7, $8)",
            args![plan.customer, id, plan.id, step, contact, on, now, by],
        )
        .await
        .map(drop)
}

/// The plans of a customer, the latest first.
///
/// # Errors
/// The store's.
pub async fn of_customer(tx: &mut Tx, customer: CustomerId) -> Result<Vec<Plan>, StoreError> {
    let mut w = Conditions::new();
    w.and_values("e.customer_id = ?", args![customer]);
    let rows = tx.fetch_all(w.select(COLUMNS, "order by e.id desc limit 200"), w.args()).await?;
    let mut all: Vec<Plan> = rows.iter().map(decode).collect::<Result<_, _>>()?;
    steps_done(tx, customer, &mut all).await?;
    Ok(all)
}

/// Writes a new plan.
pub(super) async fn insert(work: &mut Work, one: &Plan) -> Result<(), StoreError> {
    let (now, content) = (work.now, write(&one.content)?);
    work.tx
        .execute(
            "insert into care_plan (customer_id, id, number, kind, content_json, contact_days, state, effective_on, \
             recorded_at, recorded_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            args![
                one.customer,
                one.id,
                one.number,
                one.kind,
                content,
                one.contact_days,
                one.state,
                one.made_on,
                now,
                one.maker
            ],
        )
        .await
        .map(drop)
}

/// Writes what a plan says and where it stands; whoever comes second is refused.
pub(super) async fn update(tx: &mut Tx, one: &mut Plan) -> Result<(), StoreError> {
    let said = one.reviewed.as_ref().map(|(_, _, said)| write(said)).transpose()?;
    tx.execute_one(
        "update care_plan set content_json = $1, contact_days = $2, state = $3, approval_id = $4, approved_on = $5, \
         review_on = $6, reviewed_on = $7, reviewed_by = $8, review_json = $9, superseded_by = $10, \
         version = version + 1 where customer_id = $11 and id = $12 and version = $13",
        args![
            write(&one.content)?,
            one.contact_days,
            one.state,
            one.approval,
            one.approved_on,
            one.review_on,
            one.reviewed.as_ref().map(|(on, _, _)| *on),
            one.reviewed.as_ref().map(|(_, by, _)| *by),
            said,
            one.superseded_by,
            one.customer,
            one.id,
            one.version
        ],
    )
    .await?;
    one.version += 1;
    Ok(())
}

/// Writes a contact.
pub(super) async fn insert_contact(
    work: &mut Work,
    customer: CustomerId,
    new: &NewContact,
) -> Result<CareContactId, StoreError> {
    let (id, on, now, by) = (CareContactId(work.next_id()), work.business_date, work.now, work.actor.recorded_by());
    work.tx
        .execute(
            "insert into care_contact (customer_id, id, way, happened_on, content, response, effective_on, \
             recorded_at, recorded_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            args![customer, id, new.way, new.on, new.content.trim(), new.response.trim(), on, now, by],
        )
        .await?;
    Ok(id)
}

/// The contacts of a customer, the latest first.
///
/// # Errors
/// The store's.
pub async fn contacts(tx: &mut Tx, customer: CustomerId) -> Result<Vec<CareContact>, StoreError> {
    let sql = "select id, way, happened_on, content, response, recorded_by from care_contact \
               where customer_id = $1 order by happened_on desc, id desc limit 100";
    let rows = tx.fetch_all(sql, args![customer]).await?;
    let one = |row: &Row| -> Result<CareContact, StoreError> {
        let said = NewContact {
            way: row.get("way")?,
            on: row.get("happened_on")?,
            content: row.get("content")?,
            response: row.get("response")?,
        };
        Ok(CareContact { id: row.get("id")?, said, by: row.get("recorded_by")? })
    };
    rows.iter().map(one).collect()
}

/// When a customer was contacted last.
///
/// # Errors
/// The store's.
pub async fn last_contact(tx: &mut Tx, customer: CustomerId) -> Result<Option<Date>, StoreError> {
    let sql = "select max(happened_on) as last_on from care_contact where customer_id = $1";
    tx.fetch_one(sql, args![customer]).await?.get("last_on")
}
