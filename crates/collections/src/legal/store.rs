//! Tables `legal_file`, `legal_evidence`, `legal_means`, and what the gate looks at.

use std::collections::{BTreeMap, BTreeSet};

use finance::Fen;
use jiff::Timestamp;
use jiff::civil::Date;
use platform::args;
use platform::db::{Conditions, Row, StoreError, Tx};
use platform::id::CustomerId;
use platform::work::Work;
use servicing::loan::model::{LoanId, LoanKey};

use super::model::{Ended, Evidence, Ground, LegalFile, LegalFileId, Means, MeansId, NewMeans, Outcome, Standing};
use crate::known::Known;

/// A loan on which nothing is owed, as positions name it.
pub(super) const SETTLED: &str = "settled";
/// A loan of which nothing is overdue.
pub(super) const CURRENT: &str = "current";

/// Documented attempts to reach those who owe since a day, and whether one of them refused to pay.
pub async fn attempts(tx: &mut Tx, customer: CustomerId, since: Date) -> Result<(i64, bool), StoreError> {
    let row = tx
        .fetch_one(
            "select count(*) as attempts, \
             cast(coalesce(sum(case when result = 'refused' then 1 else 0 end), 0) as bigint) as refused \
             from contact_allowance where customer_id = $1 and civil_on >= $2 and settled_at is not null \
             and purpose = 'collect' and party in ('debtor', 'co-obligor', 'guarantor')",
            args![customer, since],
        )
        .await?;
    Ok((row.get("attempts")?, row.get::<i64>("refused")? > 0))
}

/// The cause of the default as last diagnosed.
pub async fn cause(tx: &mut Tx, customer: CustomerId) -> Result<Option<String>, StoreError> {
    let sql = "select cause from default_cause where customer_id = $1 order by id desc limit 1";
    tx.fetch_optional(sql, args![customer]).await?.map(|row| row.get("cause")).transpose()
}

/// The file of a customer that is open.
pub async fn open_file(tx: &mut Tx, customer: CustomerId) -> Result<Option<LegalFileId>, StoreError> {
    let sql = "select id from legal_file where customer_id = $1 and closed_on is null order by id limit 1";
    tx.fetch_optional(sql, args![customer]).await?.map(|row| row.get("id")).transpose()
}

/// Opens a file.
pub async fn insert(work: &mut Work, key: LoanKey, ground: Ground, seen: Standing) -> Result<LegalFileId, StoreError> {
    let id = LegalFileId(work.next_id());
    let gate = serde_json::to_string(&seen).map_err(|e| unreadable(&e))?;
    work.tx
        .execute(
            "insert into legal_file (customer_id, id, loan_id, ground, gate_json, opened_on, opened_at, opened_by) \
             values ($1, $2, $3, $4, $5, $6, $7, $8)",
            args![key.customer, id, key.loan, ground, gate, work.business_date, work.now, work.actor.recorded_by()],
        )
        .await?;
    Ok(id)
}

fn unreadable(error: &serde_json::Error) -> StoreError {
    StoreError::Corrupt {
        column: "gate_json".to_owned(),
        expected: "what the gate saw",
        found: format!("{:?} at line {}", error.classify(), error.line()),
    }
}

fn file_of(row: &Row) -> Result<LegalFile, StoreError> {
    let gate: String = row.get("gate_json")?;
    let closed: Option<Date> = row.get("closed_on")?;
    let reason: Option<String> = row.get("closed_reason")?;
    Ok(LegalFile {
        id: row.get("id")?,
        loan: LoanKey { customer: row.get("customer_id")?, loan: row.get("loan_id")? },
        ground: row.get("ground")?,
        seen: serde_json::from_str(&gate).map_err(|e| unreadable(&e))?,
        opened_on: row.get("opened_on")?,
        closed: closed.zip(reason),
        outcome: row.get("outcome")?,
        version: row.get("version")?,
    })
}

/// The files of a loan, the newest first.
pub async fn of_loan(tx: &mut Tx, key: LoanKey) -> Result<Vec<LegalFile>, StoreError> {
    let rows = tx
        .fetch_all(
            "select customer_id, id, loan_id, ground, gate_json, opened_on, closed_on, closed_reason, outcome, version \
             from legal_file where customer_id = $1 and loan_id = $2 order by id desc limit 50",
            args![key.customer, key.loan],
        )
        .await?;
    rows.iter().map(file_of).collect()
}

/// The files of a loan that were opened until a day, in order, each open where it was closed later.
///
/// # Errors
/// The store's.
pub async fn opened_until(tx: &mut Tx, key: LoanKey, known: Known) -> Result<Vec<LegalFile>, StoreError> {
    let sql = "select customer_id, id, loan_id, ground, gate_json, opened_on, closed_on, closed_reason, outcome, version \
               from legal_file where customer_id = $1 and loan_id = $2 and opened_on <= $3 order by id";
    let rows = tx.fetch_all(sql, args![key.customer, key.loan, known.on]).await?;
    let mut files = rows.iter().map(file_of).collect::<Result<Vec<_>, _>>()?;
    for file in &mut files {
        file.closed = file.closed.take().filter(|(on, _)| !known.stood(Some(*on)));
    }
    Ok(files)
}

/// The means of a file that were recorded until a day, in order, each running where its end was recorded later.
///
/// # Errors
/// The store's.
pub async fn means_until(tx: &mut Tx, file: &LegalFile, known: Known) -> Result<Vec<Means>, StoreError> {
    let sql = "select m.id, m.kind, m.happened_on, m.authority, m.reference, m.amount_fen, m.cost_fen, u.name as by_name, \
               e.happened_on as ended_on, e.outcome, e.title, e.cost_fen as end_cost_fen \
               from legal_means m left join legal_means e on e.customer_id = m.customer_id and e.ends_id = m.id \
               and e.effective_on <= $1 left join user_view u on u.id = m.recorded_by \
               where m.customer_id = $2 and m.file_id = $3 and m.ends_id is null and m.effective_on <= $1 \
               order by m.happened_on, m.id";
    let rows = tx.fetch_all(sql, args![known.on, file.loan.customer, file.id]).await?;
    rows.iter().map(means_of).collect()
}

/// Takes the version that was on the screen; false when somebody was there before.
pub async fn take_version(tx: &mut Tx, file: &LegalFile, seen: i64) -> Result<bool, StoreError> {
    let sql = "update legal_file set version = version + 1 where customer_id = $1 and id = $2 and version = $3";
    Ok(tx.execute(sql, args![file.loan.customer, file.id, seen]).await? == 1)
}

/// Closes a file.
pub async fn close(
    tx: &mut Tx,
    file: &LegalFile,
    on: Date,
    (outcome, reason): (Outcome, &str),
) -> Result<(), StoreError> {
    let sql = "update legal_file set closed_on = $1, closed_reason = $2, outcome = $3, version = version + 1 \
               where customer_id = $4 and id = $5 and closed_on is null";
    tx.execute_one(sql, args![on, reason, outcome, file.loan.customer, file.id]).await
}

/// Where a loan with a legal file stands.
pub async fn status(tx: &mut Tx, key: LoanKey) -> Result<Option<String>, StoreError> {
    let sql = "select status from loan_view where customer_id = $1 and loan_id = $2";
    tx.fetch_optional(sql, args![key.customer, key.loan]).await?.map(|row| row.get("status")).transpose()
}

/// The next customers behind `after` one of whose loans changed since people were moved to the day before, has an open file and
/// nothing overdue any more.
pub async fn customers_paid(
    tx: &mut Tx,
    (from, to): (Date, Date),
    after: CustomerId,
    limit: i64,
) -> Result<BTreeSet<CustomerId>, StoreError> {
    let mut found = BTreeSet::new();
    for changed_on in [from, to] {
        let rows = tx
            .fetch_all(
                "select distinct v.customer_id from loan_view v where v.as_of = $1 and v.customer_id > $2 \
                 and v.status in ('current', 'settled') and exists (select 1 from legal_file f \
                 where f.customer_id = v.customer_id and f.loan_id = v.loan_id and f.closed_on is null) \
                 order by v.customer_id limit $3",
                args![changed_on, after, limit],
            )
            .await?;
        for row in &rows {
            found.insert(row.get("customer_id")?);
        }
    }
    Ok(found)
}

/// The next customers behind `after` one of whose loans is overdue since a due date after its file had been closed as paid.
pub async fn customers_again(
    tx: &mut Tx,
    due_on: Date,
    after: CustomerId,
    limit: i64,
) -> Result<BTreeSet<CustomerId>, StoreError> {
    let rows = tx
        .fetch_all(
            "select distinct v.customer_id from loan_view v where v.oldest_due_on = $1 and v.customer_id > $2 \
             and v.status = 'overdue' and v.state = 'active' and exists (select 1 from legal_file f \
             where f.customer_id = v.customer_id and f.loan_id = v.loan_id and f.outcome = 'paid') \
             and not exists (select 1 from legal_file f where f.customer_id = v.customer_id \
             and f.loan_id = v.loan_id and f.closed_on is null) order by v.customer_id limit $3",
            args![due_on, after, limit],
        )
        .await?;
    rows.iter().map(|row| row.get("customer_id")).collect()
}

/// The loans of a customer that have an open file and nothing overdue, each with whether it is settled.
pub async fn paid(tx: &mut Tx, customer: CustomerId) -> Result<Vec<(LoanKey, bool)>, StoreError> {
    let rows = tx
        .fetch_all(
            "select v.loan_id, v.status from loan_view v where v.customer_id = $1 \
             and v.status in ('current', 'settled') and exists (select 1 from legal_file f \
             where f.customer_id = v.customer_id and f.loan_id = v.loan_id and f.closed_on is null) order by v.loan_id",
            args![customer],
        )
        .await?;
    rows.iter()
        .map(|row| {
            let status: String = row.get("status")?;
            Ok((LoanKey { customer, loan: row.get("loan_id")? }, status == SETTLED))
        })
        .collect()
}

/// Writes that a piece of evidence is on file (`Some` place) or is not any more.
pub async fn insert_evidence(
    work: &mut Work,
    file: &LegalFile,
    item: &str,
    place: Option<&str>,
) -> Result<(), StoreError> {
    let id = work.next_id();
    work.tx
        .execute(
            "insert into legal_evidence (customer_id, id, file_id, item, present, place, recorded_at, recorded_by) \
             values ($1, $2, $3, $4, $5, $6, $7, $8)",
            args![
                file.loan.customer,
                id,
                file.id,
                item,
                place.is_some(),
                place.unwrap_or_default(),
                work.now,
                work.actor.recorded_by()
            ],
        )
        .await?;
    Ok(())
}

/// The evidence of a file, in the order of the policy's list; what is on file beside the list comes after.
pub async fn evidence(tx: &mut Tx, file: &LegalFile, list: &[String]) -> Result<Vec<Evidence>, StoreError> {
    evidence_at(tx, file, list, Timestamp::MAX).await
}

/// The same as it had been recorded by a moment.
///
/// # Errors
/// The store's.
pub async fn evidence_at(
    tx: &mut Tx,
    file: &LegalFile,
    list: &[String],
    at: Timestamp,
) -> Result<Vec<Evidence>, StoreError> {
    let rows = tx
        .fetch_all(
            "select item, present, place from legal_evidence where customer_id = $1 and file_id = $2 \
             and recorded_at <= $3 order by id",
            args![file.loan.customer, file.id, at],
        )
        .await?;
    let mut kept: BTreeMap<String, Option<String>> = BTreeMap::new();
    for row in &rows {
        let place = row.get::<bool>("present")?.then(|| row.get("place")).transpose()?;
        kept.insert(row.get("item")?, place);
    }
    let mut all: Vec<Evidence> = Vec::new();
    for item in list {
        all.push(Evidence { item: item.clone(), place: kept.remove(item).flatten() });
    }
    let beside = kept.into_iter().filter(|(_, place)| place.is_some());
    all.extend(beside.map(|(item, place)| Evidence { item, place }));
    Ok(all)
}

/// Records a means taken.
pub async fn insert_means(work: &mut Work, file: &LegalFile, new: &NewMeans) -> Result<MeansId, StoreError> {
    let id = MeansId(work.next_id());
    work.tx
        .execute(
            "insert into legal_means (customer_id, id, file_id, kind, happened_on, authority, reference, amount_fen, \
             cost_fen, effective_on, recorded_at, recorded_by) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
            args![
                file.loan.customer,
                id,
                file.id,
                new.kind,
                new.on,
                new.authority.trim(),
                new.reference.trim(),
                new.amount,
                new.cost,
                work.business_date,
                work.now,
                work.actor.recorded_by()
            ],
        )
        .await?;
    Ok(id)
}

/// Records the end of a means.
pub async fn end_means(
    work: &mut Work,
    file: &LegalFile,
    means: &Means,
    end: &Ended,
    cost: Fen,
) -> Result<(), StoreError> {
    let id = work.next_id();
    work.tx
        .execute(
            "insert into legal_means (customer_id, id, file_id, kind, happened_on, authority, reference, amount_fen, \
             cost_fen, ends_id, outcome, title, effective_on, recorded_at, recorded_by) \
             values ($1, $2, $3, $4, $5, $6, $7, null, $8, $9, $10, $11, $12, $13, $14)",
            args![
                file.loan.customer,
                id,
                file.id,
                means.kind,
                end.on,
                means.authority,
                means.reference,
                cost,
                means.id,
                end.outcome.trim(),
                end.title,
                work.business_date,
                work.now,
                work.actor.recorded_by()
            ],
        )
        .await?;
    Ok(())
}

/// The means of a file with their ends, in order.
pub async fn means(tx: &mut Tx, file: &LegalFile) -> Result<Vec<Means>, StoreError> {
    let rows = tx
        .fetch_all(
            "select m.id, m.kind, m.happened_on, m.authority, m.reference, m.amount_fen, m.cost_fen, u.name as by_name, \
             e.happened_on as ended_on, e.outcome, e.title, e.cost_fen as end_cost_fen \
             from legal_means m left join legal_means e on e.customer_id = m.customer_id and e.ends_id = m.id \
             left join user_view u on u.id = m.recorded_by \
             where m.customer_id = $1 and m.file_id = $2 and m.ends_id is null order by m.happened_on, m.id",
            args![file.loan.customer, file.id],
        )
        .await?;
    rows.iter().map(means_of).collect()
}

/// The means taken against a customer, of all files, with the number of the loan and their ends.
pub async fn means_of_customer(tx: &mut Tx, customer: CustomerId) -> Result<Vec<(String, Means)>, StoreError> {
    let rows = tx
        .fetch_all(
            "select m.id, m.kind, m.happened_on, m.authority, m.reference, m.amount_fen, m.cost_fen, u.name as by_name, \
             e.happened_on as ended_on, e.outcome, e.title, e.cost_fen as end_cost_fen, v.number from legal_means m \
             join legal_file f on f.customer_id = m.customer_id and f.id = m.file_id \
             join loan_view v on v.customer_id = f.customer_id and v.loan_id = f.loan_id \
             left join legal_means e on e.customer_id = m.customer_id and e.ends_id = m.id \
             left join user_view u on u.id = m.recorded_by \
             where m.customer_id = $1 and m.ends_id is null order by m.happened_on, m.id limit 500",
            args![customer],
        )
        .await?;
    rows.iter().map(|row| Ok((row.get("number")?, means_of(row)?))).collect()
}

fn means_of(row: &Row) -> Result<Means, StoreError> {
    let outcome: Option<String> = row.get("outcome")?;
    let ended_on: Option<Date> = row.get("ended_on")?;
    let title: Option<bool> = row.get("title")?;
    let ended = ended_on.zip(outcome).map(|(on, outcome)| Ended { on, outcome, title: title.unwrap_or_default() });
    let end_cost: Option<Fen> = row.get("end_cost_fen")?;
    let cost: Fen = row.get("cost_fen")?;
    Ok(Means {
        id: row.get("id")?,
        kind: row.get("kind")?,
        on: row.get("happened_on")?,
        authority: row.get("authority")?,
        reference: row.get("reference")?,
        amount: row.get("amount_fen")?,
        cost: cost.checked_add(end_cost.unwrap_or_default()).unwrap_or(cost),
        ended,
        by: row.get::<Option<String>>("by_name")?.unwrap_or_default(),
    })
}

/// A file as the list shows it (案卷清单行).
#[derive(Debug, Clone)]
pub struct FileRow {
    /// The file.
    pub id: LegalFileId,
    /// The loan.
    pub loan: LoanId,
    /// 借据号.
    pub number: String,
    /// The customer's name.
    pub customer: String,
    /// Why it was opened.
    pub ground: Ground,
    /// When.
    pub opened_on: Date,
    /// When it was closed.
    pub closed_on: Option<Date>,
    /// The last means taken, by name, and when.
    pub last: Option<(String, Date)>,
    /// What the means have cost.
    pub cost: Fen,
    /// 本金余额.
    pub principal: Fen,
    /// The oldest unpaid due date.
    pub oldest_due_on: Option<Date>,
}

/// The rows of one page of the list.
pub async fn page(
    tx: &mut Tx,
    conditions: &Conditions,
    order: &str,
    size: i64,
    offset: i64,
) -> Result<Vec<FileRow>, StoreError> {
    let head = "select f.id, f.loan_id, v.number, k.name, f.ground, f.opened_on, f.closed_on, v.principal_fen, v.oldest_due_on, \
                (select m.kind from legal_means m where m.customer_id = f.customer_id and m.file_id = f.id \
                 and m.ends_id is null order by m.happened_on desc, m.id desc limit 1) as last_kind, \
                (select max(m.happened_on) from legal_means m where m.customer_id = f.customer_id and m.file_id = f.id \
                 and m.ends_id is null) as last_on, \
                cast(coalesce((select sum(m.cost_fen) from legal_means m where m.customer_id = f.customer_id \
                 and m.file_id = f.id), 0) as bigint) as cost_fen \
                from legal_file f join loan_view v on v.customer_id = f.customer_id and v.loan_id = f.loan_id \
                join customer_view k on k.customer_id = f.customer_id";
    let tail = format!("order by {order}, f.id limit {size} offset {offset}");
    let rows = tx.fetch_all(conditions.select(head, &tail), conditions.args()).await?;
    rows.iter()
        .map(|row| {
            let kind: Option<String> = row.get("last_kind")?;
            let on: Option<Date> = row.get("last_on")?;
            Ok(FileRow {
                id: row.get("id")?,
                loan: row.get("loan_id")?,
                number: row.get("number")?,
                customer: row.get("name")?,
                ground: row.get("ground")?,
                opened_on: row.get("opened_on")?,
                closed_on: row.get("closed_on")?,
                last: kind.zip(on),
                cost: row.get("cost_fen")?,
                principal: row.get("principal_fen")?,
                oldest_due_on: row.get("oldest_due_on")?,
            })
        })
        .collect()
}

/// How many files a list has, what is owed in them, what they have cost.
pub async fn totals(tx: &mut Tx, conditions: &Conditions) -> Result<(i64, i64, i64), StoreError> {
    let head = "select count(*) as n, cast(coalesce(sum(v.principal_fen), 0) as bigint) as principal_fen, \
                cast(coalesce(sum((select sum(m.cost_fen) from legal_means m where m.customer_id = f.customer_id \
                 and m.file_id = f.id)), 0) as bigint) as cost_fen \
                from legal_file f join loan_view v on v.customer_id = f.customer_id and v.loan_id = f.loan_id \
                join customer_view k on k.customer_id = f.customer_id";
    let row = tx.fetch_one(conditions.select(head, ""), conditions.args()).await?;
    Ok((row.get("n")?, row.get("principal_fen")?, row.get("cost_fen")?))
}
