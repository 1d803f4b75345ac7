//! Tables `import_run`, `import_finding`, `import_mapping`, `import_record`.

use std::collections::{BTreeMap, BTreeSet};

use finance::Fen;
use jiff::Timestamp;
use jiff::civil::Date;
use platform::args;
use platform::db::{Conditions, Row, StoreError, Tx};
use platform::error::ActionError;
use platform::id::{BranchId, CustomerId, TeamId, UserId};
use platform::work::Work;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::model::{Finding, Level, Run, RunId, RunState, Summary};
use crate::book::{Conventions, Glance, Mapping};
use crate::loan::model::{LoanId, LoanKey};

/// Values bound in one look-up.
const KEYS: usize = 500;

fn json<T: Serialize>(value: &T) -> Result<String, ActionError> {
    serde_json::to_string(value).map_err(|e| ActionError::Internal(e.to_string()))
}

fn from_json<T: DeserializeOwned>(column: &'static str, text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|e| StoreError::Corrupt {
        column: column.to_owned(),
        expected: "JSON of an import",
        found: e.to_string(),
    })
}

/// Inserts a run as uploaded.
pub async fn insert_run(work: &mut Work, run: &Run) -> Result<(), ActionError> {
    work.tx
        .execute(
            "insert into import_run (id, file_name, content_hash, kind, state, layouts_json, summary_json, partial, \
             done_loans, branch_id, recorded_at, recorded_by) values ($1, $2, $3, 'book', $4, $5, $6, 0, 0, $7, $8, $9)",
            args![
                run.id,
                run.file_name,
                run.content_hash,
                run.state,
                json(&run.layouts)?,
                json(&run.summary)?,
                run.branch,
                run.recorded_at,
                run.recorded_by
            ],
        )
        .await?;
    Ok(())
}

/// Writes what changed of a run; its version tells whether somebody else was faster.
///
/// Errors: [`StoreError::Stale`].
pub async fn update_run(tx: &mut Tx, run: &Run) -> Result<(), ActionError> {
    let conventions = run.conventions.as_ref().map(json).transpose()?;
    tx.execute_one(
        "update import_run set state = $1, layouts_json = $2, conventions_json = $3, summary_json = $4, partial = $5, \
         done_loans = $6, finished_at = $7, version = version + 1 where id = $8 and version = $9",
        args![
            run.state,
            json(&run.layouts)?,
            conventions,
            json(&run.summary)?,
            run.partial,
            run.done_loans,
            run.finished_at,
            run.id,
            run.version
        ],
    )
    .await?;
    Ok(())
}

/// Moves the progress mark on; it never goes back.
pub async fn mark(tx: &mut Tx, run: RunId, done_loans: usize) -> Result<(), StoreError> {
    tx.execute(
        "update import_run set done_loans = $1 where id = $2 and done_loans < $3",
        args![done_loans, run, done_loans],
    )
    .await
    .map(drop)
}

/// Says that the last row is in.
pub async fn finish(tx: &mut Tx, run: RunId, at: Timestamp) -> Result<(), StoreError> {
    tx.execute(
        "update import_run set state = 'imported', finished_at = $1, version = version + 1 \
         where id = $2 and state = 'importing'",
        args![at, run],
    )
    .await
    .map(drop)
}

/// One run.
pub async fn run(tx: &mut Tx, id: RunId) -> Result<Option<Run>, StoreError> {
    let row = tx
        .fetch_optional(
            "select r.*, u.recorded_at as undone_at from import_run r left join import_undo u on u.run_id = r.id \
             where r.id = $1",
            args![id],
        )
        .await?;
    row.as_ref().map(decode).transpose()
}

/// The latest runs of a branch (0: of all), newest first.
pub async fn runs(tx: &mut Tx, branch: i64, limit: i64) -> Result<Vec<Run>, StoreError> {
    tx.fetch_all(
        "select r.*, u.recorded_at as undone_at from import_run r left join import_undo u on u.run_id = r.id \
         where ($1 = 0 or r.branch_id = $1) order by r.recorded_at desc, r.id desc limit $2",
        args![branch, limit],
    )
    .await?
    .iter()
    .map(decode)
    .collect()
}

/// The answers given last, to be proposed again.
pub async fn last_conventions(tx: &mut Tx, branch: i64) -> Result<Option<Conventions>, StoreError> {
    let row = tx
        .fetch_optional(
            "select conventions_json from import_run where conventions_json is not null and ($1 = 0 or branch_id = $1) \
             order by recorded_at desc, id desc limit 1",
            args![branch],
        )
        .await?;
    row.map(|row| from_json("conventions_json", &row.get::<String>("conventions_json")?)).transpose()
}

fn decode(row: &Row) -> Result<Run, StoreError> {
    let conventions: Option<String> = row.get("conventions_json")?;
    Ok(Run {
        id: row.get("id")?,
        file_name: row.get("file_name")?,
        content_hash: row.get("content_hash")?,
        state: match row.get::<Option<Timestamp>>("undone_at")? {
            Some(_) => RunState::Undone,
            None => row.get("state")?,
        },
        layouts: from_json("layouts_json", &row.get::<String>("layouts_json")?)?,
        conventions: conventions.map(|text| from_json("conventions_json", &text)).transpose()?,
        summary: from_json::<Summary>("summary_json", &row.get::<String>("summary_json")?)?,
        partial: row.get("partial")?,
        done_loans: usize::try_from(row.get::<i64>("done_loans")?).unwrap_or_default(),
        branch: row.get("branch_id")?,
        recorded_at: row.get("recorded_at")?,
        recorded_by: row.get("recorded_by")?,
        finished_at: row.get("finished_at")?,
        version: row.get("version")?,
    })
}

/// Replaces what a run found.
pub async fn replace_findings(tx: &mut Tx, run: RunId, findings: &[Finding]) -> Result<(), ActionError> {
    tx.execute("delete from import_finding where run_id = $1", args![run]).await?;
    let mut rows = Vec::with_capacity(findings.len());
    for (no, f) in findings.iter().enumerate() {
        let facts = json(&f.facts)?;
        rows.push(args![
            run,
            no,
            f.sheet,
            f.row,
            f.column,
            f.heading,
            f.level,
            f.code,
            facts,
            f.value,
            f.loan,
            f.glance.customer,
            f.glance.principal,
            f.glance.annual_rate_e9
        ]);
    }
    tx.write_rows(
        "insert into import_finding (run_id, no, sheet, row_no, column_no, heading, level, code, facts_json, \
         value_masked, loan, customer, principal_fen, rate_e9)",
        "",
        rows,
    )
    .await?;
    Ok(())
}

/// Findings in the order of the file; `None`: of both levels.
pub async fn findings(
    tx: &mut Tx,
    run: RunId,
    level: Option<Level>,
    limit: i64,
    offset: i64,
) -> Result<Vec<Finding>, StoreError> {
    let level = level.map_or("", Level::as_str);
    tx.fetch_all(
        "select * from import_finding where run_id = $1 and ($2 = '' or level = $2) order by no limit $3 offset $4",
        args![run, level, limit, offset],
    )
    .await?
    .iter()
    .map(|row| {
        Ok(Finding {
            sheet: row.get("sheet")?,
            row: row.get("row_no")?,
            column: row.get("column_no")?,
            heading: row.get("heading")?,
            level: row.get("level")?,
            code: row.get("code")?,
            facts: from_json("facts_json", &row.get::<String>("facts_json")?)?,
            value: row.get("value_masked")?,
            loan: row.get("loan")?,
            glance: Glance {
                customer: row.get("customer")?,
                principal: row.get("principal_fen")?,
                annual_rate_e9: row.get("rate_e9")?,
            },
        })
    })
    .collect()
}

/// How many findings of each level.
pub async fn counts(tx: &mut Tx, run: RunId) -> Result<(i64, i64), StoreError> {
    let rows = tx
        .fetch_all("select level, count(*) as n from import_finding where run_id = $1 group by level", args![run])
        .await?;
    let mut counts = (0, 0);
    for row in rows {
        match row.get::<Level>("level")? {
            Level::Refused => counts.0 = row.get("n")?,
            Level::Warning => counts.1 = row.get("n")?,
        }
    }
    Ok(counts)
}

/// The answers remembered for these headings.
pub async fn mappings(tx: &mut Tx, fingerprints: &[String]) -> Result<Vec<Mapping>, StoreError> {
    let keys: Vec<String> = fingerprints.iter().map(|f| platform::audit::digest(f)).collect();
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let mut filter = Conditions::new();
    filter.one_of("fingerprint", &keys);
    tx.fetch_all(filter.select("select mapping_json from import_mapping", ""), filter.args())
        .await?
        .iter()
        .map(|row| from_json("mapping_json", &row.get::<String>("mapping_json")?))
        .collect()
}

/// Remembers what headings mean.
pub async fn remember(work: &mut Work, mappings: &[Mapping]) -> Result<(), ActionError> {
    let mut rows = BTreeMap::new();
    for mapping in mappings.iter().filter(|m| !m.fingerprint.is_empty()) {
        let key = platform::audit::digest(&mapping.fingerprint);
        rows.insert(key.clone(), args![key, json(mapping)?, work.now, work.actor.recorded_by()]);
    }
    work.tx
        .write_rows(
            "insert into import_mapping (fingerprint, mapping_json, recorded_at, recorded_by)",
            "on conflict (fingerprint) do update set mapping_json = excluded.mapping_json, \
             recorded_at = excluded.recorded_at, recorded_by = excluded.recorded_by",
            rows.into_values().collect(),
        )
        .await?;
    Ok(())
}

/// A record that came in (导入记录).
pub struct Recorded {
    /// `customer`, `loan`, `guarantee`, `collateral`.
    pub kind: &'static str,
    /// Its business key.
    pub key: String,
    /// The customer.
    pub customer: CustomerId,
    /// Its row.
    pub row: i64,
}

/// Notes which records came in; what is noted already stays.
pub async fn record(tx: &mut Tx, run: RunId, records: &[Recorded]) -> Result<(), StoreError> {
    let rows = records.iter().map(|r| args![r.kind, r.key, r.customer, r.row, run]).collect();
    tx.write_rows(
        "insert into import_record (kind, business_key, customer_id, row_id, run_id)",
        "on conflict (kind, business_key) do nothing",
        rows,
    )
    .await
    .map(drop)
}

/// The records known under these keys: customer and row.
pub async fn known(
    tx: &mut Tx,
    kind: &'static str,
    keys: &[String],
) -> Result<BTreeMap<String, (CustomerId, i64)>, StoreError> {
    let mut found = BTreeMap::new();
    for some in keys.chunks(KEYS) {
        let mut filter = Conditions::new();
        filter.and("kind = ?", [&kind]).one_of("business_key", some);
        let sql = filter.select("select business_key, customer_id, row_id from import_record", "");
        for row in tx.fetch_all(sql, filter.args()).await? {
            found.insert(row.get("business_key")?, (row.get("customer_id")?, row.get("row_id")?));
        }
    }
    Ok(found)
}

/// A loan of the ledger as far as a book can be compared with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Customer and loan.
    pub key: LoanKey,
    /// Its principal.
    pub principal: Fen,
    /// Its first day.
    pub start_on: Date,
    /// Its owners.
    pub owner: (BranchId, Option<TeamId>, UserId),
}

/// The loans of the ledger with these numbers.
pub async fn loans(tx: &mut Tx, numbers: &[String]) -> Result<BTreeMap<String, Standing>, StoreError> {
    let mut found = BTreeMap::new();
    for some in numbers.chunks(KEYS) {
        let mut filter = Conditions::new();
        filter.and("state = ?", [&"active"]).one_of("number", some);
        let head = "select number, customer_id, id, principal_fen, start_on, branch_id, team_id, manager_id from loan";
        for row in tx.fetch_all(filter.select(head, ""), filter.args()).await? {
            let standing = Standing {
                key: LoanKey { customer: row.get("customer_id")?, loan: row.get("id")? },
                principal: row.get("principal_fen")?,
                start_on: row.get("start_on")?,
                owner: (row.get("branch_id")?, row.get("team_id")?, row.get("manager_id")?),
            };
            found.insert(row.get("number")?, standing);
        }
    }
    Ok(found)
}

/// What of these loans is recorded already (已记交易).
#[derive(Debug, Default)]
pub struct Booked {
    /// The business keys of imported transactions, each with its loan.
    pub keys: BTreeSet<(LoanId, String)>,
    /// How many transactions of a key were voided by undoing their import: they may come in again.
    pub voided: BTreeMap<(LoanId, String), usize>,
    /// Transactions entered otherwise, by loan, kind, date and amount: a book that lists them adds none of them.
    pub by_hand: BTreeMap<(LoanId, String, Date, Fen), usize>,
}

/// What of these loans is recorded already; a reversed entry does not count.
pub async fn booked(tx: &mut Tx, loans: &[LoanKey]) -> Result<Booked, StoreError> {
    let mut booked = Booked::default();
    for some in loans.chunks(KEYS / 2) {
        let ids: Vec<LoanId> = some.iter().map(|key| key.loan).collect();
        let customers: Vec<CustomerId> = some.iter().map(|key| key.customer).collect();
        let mut filter = Conditions::new();
        filter.one_of("t.customer_id", &customers).one_of("t.loan_id", &ids);
        let head = "select t.loan_id, t.business_key, t.kind, t.effective_on, t.amount_fen, r.id as reversal, r.source as reversed_by \
             from loan_transaction t \
             left join loan_transaction r on r.customer_id = t.customer_id and r.reverses_id = t.id";
        for row in tx.fetch_all(filter.select(head, ""), filter.args()).await? {
            let loan: LoanId = row.get("loan_id")?;
            match row.get::<Option<String>>("business_key")? {
                Some(key) => {
                    let first = (loan, first_key(&key).to_owned());
                    if row.get::<Option<String>>("reversed_by")?.as_deref() == Some(super::undo::SOURCE) {
                        *booked.voided.entry(first).or_insert(0) += 1;
                    } else {
                        booked.keys.insert(first);
                    }
                }
                None if row.get::<Option<i64>>("reversal")?.is_none() => {
                    let same = (loan, row.get("kind")?, row.get("effective_on")?, row.get("amount_fen")?);
                    *booked.by_hand.entry(same).or_insert(0) += 1;
                }
                None => {}
            }
        }
    }
    Ok(booked)
}

/// What stands between a business key and the count of its voided forerunners.
const AGAIN: &str = "#again:";

/// The key under which a transaction came in at first.
pub fn first_key(key: &str) -> &str {
    key.split_once(AGAIN).map_or(key, |(first, _)| first)
}

/// The key of a transaction that comes in again after so many undone ones.
pub fn key_again(key: &str, voided: usize) -> String {
    format!("{key}{AGAIN}{voided}")
}

/// Takes the right to write; false when somebody else has it. A run that was begun and that nobody writes yet may
/// be taken by its writer. Rule `import.one-writer`.
pub async fn take_lease(
    tx: &mut Tx,
    run: RunId,
    holder: i64,
    now: Timestamp,
    until: Timestamp,
) -> Result<bool, StoreError> {
    let changed = tx
        .execute(
            "insert into import_lease (id, run_id, holder, expires_at) values (1, $1, $2, $3) on conflict (id) do update \
             set run_id = excluded.run_id, holder = excluded.holder, expires_at = excluded.expires_at \
             where import_lease.expires_at <= $4 \
             or (import_lease.run_id = excluded.run_id and import_lease.holder = 0 and excluded.holder <> 0)",
            args![run, holder, until, now],
        )
        .await?;
    Ok(changed == 1)
}

/// Keeps the right to write; false when it went to somebody else.
pub async fn keep_lease(tx: &mut Tx, holder: i64, until: Timestamp) -> Result<bool, StoreError> {
    let changed = tx
        .execute("update import_lease set expires_at = $1 where id = 1 and holder = $2", args![until, holder])
        .await?;
    Ok(changed == 1)
}

/// Gives the right to write back.
pub async fn release_lease(tx: &mut Tx, holder: i64) -> Result<(), StoreError> {
    tx.execute("delete from import_lease where id = 1 and holder = $1", args![holder]).await.map(drop)
}

/// The file that is being written, and when its writer counts as gone.
pub async fn lease(tx: &mut Tx) -> Result<Option<(String, Timestamp)>, StoreError> {
    tx.fetch_optional(
        "select r.file_name, l.expires_at from import_lease l join import_run r on r.id = l.run_id where l.id = 1",
        args![],
    )
    .await?
    .map(|row| Ok((row.get("file_name")?, row.get("expires_at")?)))
    .transpose()
}

/// Notes which related parties came in.
pub async fn record_relations(tx: &mut Tx, run: RunId, relations: &[(CustomerId, i64)]) -> Result<(), StoreError> {
    let rows = relations.iter().map(|(customer, id)| args![customer, id, run]).collect();
    tx.write_rows("insert into import_relation (customer_id, relation_id, run_id)", "", rows).await.map(drop)
}
