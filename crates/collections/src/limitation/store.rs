//! Tables `limitation_event` and `limitation_clock`.

use jiff::civil::Date;
use platform::args;
use platform::db::{Conditions, Row, StoreError, Tx};
use platform::id::CustomerId;
use platform::work::Work;
use servicing::loan::model::LoanKey;

use super::model::{Clock, EventId, LegalEvent, NewEvent, RecordedEvent};

/// Appends an event.
pub async fn insert(work: &mut Work, key: LoanKey, new: &NewEvent) -> Result<EventId, StoreError> {
    let id = EventId(work.next_id());
    let (by, origin) = (work.actor.recorded_by(), work.actor.origin.clone());
    work.tx
        .execute(
            "insert into limitation_event (customer_id, id, loan_id, guarantee_id, kind, happened_on, ended_on, signer, \
             missing, agrees, evidence, void, corrects_id, reason, effective_on, recorded_at, recorded_by, source, \
             source_detail) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)",
            args![
                key.customer,
                id,
                key.loan,
                new.guarantee,
                new.kind,
                new.on,
                new.ended_on,
                new.signer,
                new.missing,
                new.agrees,
                new.evidence,
                new.void,
                new.corrects,
                new.reason,
                work.business_date,
                work.now,
                by,
                origin.as_str(),
                origin.detail().to_owned()
            ],
        )
        .await?;
    Ok(id)
}

/// The events of a loan as they stand: corrected rows give way to what corrects them, void ones are left out.
pub async fn standing(tx: &mut Tx, key: LoanKey) -> Result<Vec<RecordedEvent>, StoreError> {
    let rows = tx
        .fetch_all(
            "select e.id, e.guarantee_id, e.kind, e.happened_on, e.ended_on, e.signer, e.missing, e.agrees, e.evidence, \
             e.recorded_at, u.name as by_name \
             from limitation_event e left join user_view u on u.id = e.recorded_by \
             where e.customer_id = $1 and e.loan_id = $2 and e.void = 0 \
             and not exists (select 1 from limitation_event c where c.customer_id = e.customer_id and c.corrects_id = e.id) \
             order by e.happened_on, e.id limit 500",
            args![key.customer, key.loan],
        )
        .await?;
    rows.iter().map(event_of).collect()
}

fn event_of(row: &Row) -> Result<RecordedEvent, StoreError> {
    let id: EventId = row.get("id")?;
    Ok(RecordedEvent {
        id,
        guarantee: row.get("guarantee_id")?,
        event: LegalEvent {
            fact: format!("limitation_event:{id}"),
            kind: row.get("kind")?,
            on: row.get("happened_on")?,
            ended_on: row.get("ended_on")?,
            signer: row.get("signer")?,
            missing: row.get("missing")?,
            agrees: row.get("agrees")?,
        },
        evidence: row.get("evidence")?,
        recorded_at: row.get("recorded_at")?,
        by: row.get::<Option<String>>("by_name")?.unwrap_or_default(),
    })
}

/// Writes the clocks of a loan in place of those kept before.
pub async fn keep(tx: &mut Tx, key: LoanKey, clocks: &[Clock], today: Date) -> Result<(), StoreError> {
    let args = args![key.customer, key.loan];
    tx.execute("delete from limitation_clock where customer_id = $1 and loan_id = $2", args).await?;
    for clock in clocks {
        tx.execute(
            "insert into limitation_clock (customer_id, loan_id, guarantee_id, whom, state, from_on, until_on, \
             next_look_on, seen_on) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            args![
                key.customer,
                key.loan,
                clock.guarantee,
                clock.whom,
                clock.state,
                clock.from,
                clock.until,
                clock.next_look_on,
                today
            ],
        )
        .await?;
    }
    Ok(())
}

/// Whether any clock of the loan is kept.
pub async fn is_watched(tx: &mut Tx, key: LoanKey) -> Result<bool, StoreError> {
    let sql = "select count(*) as n from limitation_clock where customer_id = $1 and loan_id = $2";
    Ok(tx.fetch_one(sql, args![key.customer, key.loan]).await?.get::<i64>("n")? > 0)
}

/// The loans of the next customers behind `after` whose clocks must be looked at on a day: a warning or an end has
/// come, or they are overdue and not watched yet. At most `customers`, whole.
pub async fn to_look_at(tx: &mut Tx, day: Date, after: CustomerId, customers: i64) -> Result<Vec<LoanKey>, StoreError> {
    let rows = tx
        .fetch_all(
            "with due as ( \
             select v.customer_id, v.loan_id from loan_view v where v.oldest_due_on < $1 and v.state = 'active' \
             and not exists (select 1 from limitation_clock c where c.customer_id = v.customer_id \
             and c.loan_id = v.loan_id) \
             union select customer_id, loan_id from limitation_clock where next_look_on <= $2), \
             next as (select distinct customer_id from due where customer_id > $3 order by customer_id limit $4) \
             select d.customer_id, d.loan_id from due d join next n on n.customer_id = d.customer_id \
             order by d.customer_id, d.loan_id",
            args![day, day, after, customers],
        )
        .await?;
    rows.iter().map(|row| Ok(LoanKey { customer: row.get("customer_id")?, loan: row.get("loan_id")? })).collect()
}

/// A clock as the list shows it (时效清单行).
#[derive(Debug, Clone)]
pub struct ClockRow {
    /// The loan.
    pub key: LoanKey,
    /// 借据号.
    pub number: String,
    /// The customer's name.
    pub customer: String,
    /// The guarantor; empty: the debtor.
    pub whom: String,
    /// Its state's name.
    pub state: String,
    /// The last day.
    pub until: Option<Date>,
    /// 本金余额.
    pub principal: finance::Fen,
    /// The oldest unpaid due date.
    pub oldest_due_on: Option<Date>,
    /// 客户经理.
    pub manager: String,
}

/// The rows of one page of the list.
pub async fn page(
    tx: &mut Tx,
    conditions: &Conditions,
    order: &str,
    size: i64,
    offset: i64,
) -> Result<Vec<ClockRow>, StoreError> {
    let head = "select c.customer_id, c.loan_id, v.number, k.name, c.whom, c.state, c.until_on, v.principal_fen, \
                v.oldest_due_on, u.name as manager_name \
                from limitation_clock c join loan_view v on v.customer_id = c.customer_id and v.loan_id = c.loan_id \
                join customer_view k on k.customer_id = c.customer_id left join user_view u on u.id = v.manager_id";
    let tail = format!("order by {order}, c.customer_id, c.loan_id, c.guarantee_id limit {size} offset {offset}");
    let rows = tx.fetch_all(conditions.select(head, &tail), conditions.args()).await?;
    rows.iter()
        .map(|row| {
            Ok(ClockRow {
                key: LoanKey { customer: row.get("customer_id")?, loan: row.get("loan_id")? },
                number: row.get("number")?,
                customer: row.get("name")?,
                whom: row.get("whom")?,
                state: row.get("state")?,
                until: row.get("until_on")?,
                principal: row.get("principal_fen")?,
                oldest_due_on: row.get("oldest_due_on")?,
                manager: row.get::<Option<String>>("manager_name")?.unwrap_or_default(),
            })
        })
        .collect()
}

/// How many clocks a list has.
pub async fn count(tx: &mut Tx, conditions: &Conditions) -> Result<i64, StoreError> {
    let head = "select count(*) as n from limitation_clock c \
                join loan_view v on v.customer_id = c.customer_id and v.loan_id = c.loan_id \
                join customer_view k on k.customer_id = c.customer_id";
    tx.fetch_one(conditions.select(head, ""), conditions.args()).await?.get("n")
}
