//! Tables `limitation_event` and `limitation_clock`.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use platform::args;
use platform::db::{AssertSqlSafe, Conditions, Row, StoreError, Tx};
use platform::id::CustomerId;
use platform::work::Work;
use servicing::loan::model::LoanKey;
use servicing::loan::store::pairs_of;

use super::model::{Clock, EventId, LegalEvent, NewEvent, RecordedEvent};

/// A day behind all days: what stands now stands on it.
const NEVER: Date = Date::MAX;

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
    Ok(standing_of(tx, &[key]).await?.remove(&key).unwrap_or_default())
}

/// The same of many loans; those without any are left out.
pub async fn standing_of(tx: &mut Tx, keys: &[LoanKey]) -> Result<BTreeMap<LoanKey, Vec<RecordedEvent>>, StoreError> {
    standing_on(tx, keys, NEVER).await
}

/// The same as it was recorded until a business day: a correction that came later changes nothing.
///
/// # Errors
/// The store's.
pub async fn standing_on(
    tx: &mut Tx,
    keys: &[LoanKey],
    on: Date,
) -> Result<BTreeMap<LoanKey, Vec<RecordedEvent>>, StoreError> {
    let mut found: BTreeMap<LoanKey, Vec<RecordedEvent>> = BTreeMap::new();
    for some in keys.chunks(500) {
        // Integers only.
        let sql = format!(
            "select e.customer_id, e.loan_id, e.id, e.guarantee_id, e.kind, e.happened_on, e.ended_on, e.signer, e.missing, \
             e.agrees, e.evidence, e.recorded_at, u.name as by_name \
             from limitation_event e left join user_view u on u.id = e.recorded_by \
             where (e.customer_id, e.loan_id) in ({}) and e.void = 0 and e.effective_on <= $1 \
             and not exists (select 1 from limitation_event c where c.customer_id = e.customer_id and c.corrects_id = e.id \
             and c.effective_on <= $1) \
             order by e.happened_on, e.id",
            pairs_of(some)
        );
        for row in tx.fetch_all(AssertSqlSafe(sql), args![on]).await? {
            let key = LoanKey { customer: row.get("customer_id")?, loan: row.get("loan_id")? };
            found.entry(key).or_default().push(event_of(&row)?);
        }
    }
    Ok(found)
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

/// Writes the clocks of some loans in place of those kept before.
pub async fn keep(tx: &mut Tx, loans: &[(LoanKey, Vec<Clock>)], today: Date) -> Result<(), StoreError> {
    for some in loans.chunks(500) {
        let keys: Vec<LoanKey> = some.iter().map(|one| one.0).collect();
        // Integers only.
        let sql = format!("delete from limitation_clock where (customer_id, loan_id) in ({})", pairs_of(&keys));
        tx.execute(AssertSqlSafe(sql), args![]).await?;
    }
    let row = |(key, clock): (LoanKey, &Clock)| {
        let (guarantee, state, from, until) = (clock.guarantee, clock.state, clock.from, clock.until);
        args![key.customer, key.loan, guarantee, clock.whom, state, from, until, clock.next_look_on, today]
    };
    let rows = loans.iter().flat_map(|(key, clocks)| clocks.iter().map(move |clock| (*key, clock))).map(row).collect();
    let head = "insert into limitation_clock (customer_id, loan_id, guarantee_id, whom, state, from_on, until_on, \
         next_look_on, seen_on)";
    tx.write_rows(head, "", rows).await.map(drop)
}

/// Whether any clock of the loan is kept.
pub async fn is_watched(tx: &mut Tx, key: LoanKey) -> Result<bool, StoreError> {
    let sql = "select count(*) as n from limitation_clock where customer_id = $1 and loan_id = $2";
    Ok(tx.fetch_one(sql, args![key.customer, key.loan]).await?.get::<i64>("n")? > 0)
}

/// The loans of the next customers behind `after` whose clocks must be looked at on a day: a warning or an end has
/// come, or they changed since people were moved to the day before, are overdue and not watched yet. At most
/// `customers`, whole.
pub async fn to_look_at(
    tx: &mut Tx,
    (from, to): (Date, Date),
    after: CustomerId,
    customers: i64,
) -> Result<Vec<LoanKey>, StoreError> {
    let mut next: BTreeSet<CustomerId> = BTreeSet::new();
    for changed_on in [from, to] {
        let rows = tx
            .fetch_all(
                "select distinct v.customer_id from loan_view v where v.as_of = $1 and v.customer_id > $2 \
                 and v.oldest_due_on < $3 and v.state = 'active' and not exists (select 1 from limitation_clock c \
                 where c.customer_id = v.customer_id and c.loan_id = v.loan_id) order by v.customer_id limit $4",
                args![changed_on, after, to, customers],
            )
            .await?;
        next.extend(customers_of(&rows)?);
    }
    let rows = tx
        .fetch_all(
            // The sum keeps the key's index out of it: few clocks are due, many stand.
            "select customer_id + 0 as customer_id from limitation_clock where next_look_on <= $1 and customer_id + 0 > $2 \
             group by customer_id + 0 order by customer_id + 0 limit $3",
            args![to, after, customers],
        )
        .await?;
    next.extend(customers_of(&rows)?);
    let next: Vec<CustomerId> = next.into_iter().take(usize::try_from(customers).unwrap_or(usize::MAX)).collect();
    let mut keys: BTreeSet<LoanKey> = BTreeSet::new();
    for some in next.chunks(500) {
        let mut w = Conditions::new();
        w.one_of("v.customer_id", some);
        w.and_values("v.oldest_due_on < ? and v.state = 'active'", args![to]);
        w.and_values(
            "not exists (select 1 from limitation_clock c where c.customer_id = v.customer_id and c.loan_id = v.loan_id)",
            args![],
        );
        let head = "select v.customer_id, v.loan_id from loan_view v";
        keys.extend(loans_of(&tx.fetch_all(w.select(head, ""), w.args()).await?)?);
        let mut w = Conditions::new();
        w.one_of("customer_id", some);
        w.and_values("next_look_on <= ?", args![to]);
        let head = "select customer_id, loan_id from limitation_clock";
        keys.extend(loans_of(&tx.fetch_all(w.select(head, ""), w.args()).await?)?);
    }
    Ok(keys.into_iter().collect())
}

fn customers_of(rows: &[Row]) -> Result<Vec<CustomerId>, StoreError> {
    rows.iter().map(|row| row.get("customer_id")).collect()
}

fn loans_of(rows: &[Row]) -> Result<Vec<LoanKey>, StoreError> {
    rows.iter().map(|row| Ok(LoanKey { customer: row.get("customer_id")?, loan: row.get("loan_id")? })).collect()
}

/// A clock as the list shows it (时效清单行).
#[derive(Debug, Clone)]
pub struct ClockRow {
    /// By what it is picked: its guarantee; against the debtor, its loan.
    pub id: i64,
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
    let head = "select c.customer_id, c.loan_id, c.guarantee_id, v.number, k.name, c.whom, c.state, c.until_on, v.principal_fen, \
                v.oldest_due_on, u.name as manager_name \
                from limitation_clock c join loan_view v on v.customer_id = c.customer_id and v.loan_id = c.loan_id \
                join customer_view k on k.customer_id = c.customer_id left join user_view u on u.id = v.manager_id";
    let tail = format!("order by {order}, c.customer_id, c.loan_id, c.guarantee_id limit {size} offset {offset}");
    let rows = tx.fetch_all(conditions.select(head, &tail), conditions.args()).await?;
    rows.iter()
        .map(|row| {
            let (loan, guarantee): (i64, i64) = (row.get("loan_id")?, row.get("guarantee_id")?);
            Ok(ClockRow {
                id: if guarantee == 0 { loan } else { guarantee },
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
