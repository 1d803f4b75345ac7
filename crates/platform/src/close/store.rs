//! Tables `close_run`, `close_step_mark`, `close_isolated`, `close_proof`, `close_lease`.

use finance::Fen;
use jiff::Timestamp;
use jiff::civil::Date;

use super::model::{Isolated, ProofResult, ProofUnit, RunState};
use crate::args;
use crate::db::{Row, StoreError, Tx};
use crate::id::{BranchId, CustomerId};

/// A close of one day (日终记录).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// The day that ends.
    pub from: Date,
    /// The day that comes.
    pub to: Date,
    /// Where it stands.
    pub state: RunState,
    /// What failed, for the log and the person who helps.
    pub problem: String,
    /// Whether somebody asked it to stop after the step.
    pub stop_asked: bool,
    /// How often it was started.
    pub attempts: i64,
    /// Who started it first; 0 the console or the clock.
    pub started_by: i64,
    /// When.
    pub started_at: Timestamp,
    /// When it was sealed.
    pub sealed_at: Option<Timestamp>,
    /// The root over the audit heads of the day.
    pub audit_root: String,
}

fn run_of(row: &Row) -> Result<Run, StoreError> {
    Ok(Run {
        from: row.get("from_on")?,
        to: row.get("to_on")?,
        state: row.get("state")?,
        problem: row.get("problem")?,
        stop_asked: row.get("stop_asked")?,
        attempts: row.get("attempts")?,
        started_by: row.get("started_by")?,
        started_at: row.get("started_at")?,
        sealed_at: row.get("sealed_at")?,
        audit_root: row.get("audit_root")?,
    })
}

/// The closes, the newest first.
pub async fn runs(tx: &mut Tx, limit: i64) -> Result<Vec<Run>, StoreError> {
    tx.fetch_all(
        "select from_on, to_on, state, problem, stop_asked, attempts, started_by, started_at, sealed_at, audit_root \
         from close_run order by from_on desc limit $1",
        args![limit],
    )
    .await?
    .iter()
    .map(run_of)
    .collect()
}

/// The close of a day.
pub async fn run(tx: &mut Tx, from: Date) -> Result<Option<Run>, StoreError> {
    tx.fetch_optional(
        "select from_on, to_on, state, problem, stop_asked, attempts, started_by, started_at, sealed_at, audit_root \
         from close_run where from_on = $1",
        args![from],
    )
    .await?
    .as_ref()
    .map(run_of)
    .transpose()
}

/// The one close that is not sealed, if there is one.
pub async fn open_run(tx: &mut Tx) -> Result<Option<Date>, StoreError> {
    let row = tx
        .fetch_optional("select from_on from close_run where state <> 'sealed' order by from_on limit 1", args![])
        .await?;
    row.map(|row| row.get("from_on")).transpose()
}

/// The days for which a step is through, oldest first, with the moment at which people were moved on from each.
pub async fn ended(tx: &mut Tx, step: &str) -> Result<Vec<(Date, Timestamp)>, StoreError> {
    let rows = tx
        .fetch_all(
            "select r.from_on, r.moved_at from close_run r join close_step_mark m on m.from_on = r.from_on \
             where m.step = $1 and m.done = 1 order by r.from_on limit $2",
            args![step, 40_000_i64],
        )
        .await?;
    rows.iter().map(|row| Ok((row.get("from_on")?, row.get("moved_at")?))).collect()
}

/// The moment at which people were moved on from a day; none while they are in it, or where no close is known.
///
/// # Errors
/// The store's.
pub async fn moved_on(tx: &mut Tx, from: Date) -> Result<Option<Timestamp>, StoreError> {
    let row = tx.fetch_optional("select moved_at from close_run where from_on = $1", args![from]).await?;
    row.map(|row| row.get("moved_at")).transpose()
}

pub(super) async fn insert_run(
    tx: &mut Tx,
    (from, to): (Date, Date),
    by: i64,
    at: Timestamp,
    root: &str,
) -> Result<(), StoreError> {
    tx.execute(
        "insert into close_run (from_on, to_on, state, problem, stop_asked, attempts, started_by, started_at, moved_at, \
         sealed_at, audit_root) values ($1, $2, 'running', '', 0, 0, $3, $4, $5, null, $6)",
        args![from, to, by, at, at, root],
    )
    .await
    .map(drop)
}

pub(super) async fn begin_attempt(tx: &mut Tx, from: Date) -> Result<(), StoreError> {
    tx.execute_one(
        "update close_run set state = 'running', problem = '', stop_asked = 0, attempts = attempts + 1 where from_on = $1",
        args![from],
    )
    .await
}

pub(super) async fn set_state(tx: &mut Tx, from: Date, state: RunState, problem: &str) -> Result<(), StoreError> {
    tx.execute_one(
        "update close_run set state = $1, problem = $2 where from_on = $3 and state <> 'sealed'",
        args![state, problem, from],
    )
    .await
}

pub(super) async fn ask_stop(tx: &mut Tx, from: Date) -> Result<u64, StoreError> {
    tx.execute("update close_run set stop_asked = 1 where from_on = $1 and state = 'running'", args![from]).await
}

pub(super) async fn seal(tx: &mut Tx, from: Date, at: Timestamp) -> Result<(), StoreError> {
    tx.execute_one(
        "update close_run set state = 'sealed', problem = '', sealed_at = $1 where from_on = $2 and state <> 'sealed'",
        args![at, from],
    )
    .await?;
    tx.execute_one(
        "update business_day set sealed_on = $1 where id = 1 and (sealed_on is null or sealed_on < $1)",
        args![from],
    )
    .await
}

/// How far a step is (步骤进度).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// The step.
    pub step: String,
    /// Its place, counted from 1.
    pub place: i64,
    /// The last customer worked on.
    pub after: i64,
    /// Things it expected.
    pub expected: i64,
    /// Things looked at.
    pub considered: i64,
    /// Things changed.
    pub touched: i64,
    /// Batches so far.
    pub batches: i64,
    /// Whether it is through.
    pub done: bool,
    /// When it began.
    pub started_at: Timestamp,
    /// When its last batch ended.
    pub ended_at: Timestamp,
}

/// The marks of a day's steps, in order.
pub async fn marks(tx: &mut Tx, from: Date) -> Result<Vec<Mark>, StoreError> {
    let rows = tx
        .fetch_all(
            "select step, place, after_customer, expected, considered, touched, batches, done, started_at, ended_at \
             from close_step_mark where from_on = $1 order by place limit $2",
            args![from, 500_i64],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Mark {
                step: row.get("step")?,
                place: row.get("place")?,
                after: row.get("after_customer")?,
                expected: row.get("expected")?,
                considered: row.get("considered")?,
                touched: row.get("touched")?,
                batches: row.get("batches")?,
                done: row.get("done")?,
                started_at: row.get("started_at")?,
                ended_at: row.get("ended_at")?,
            })
        })
        .collect()
}

pub(super) async fn write_mark(tx: &mut Tx, from: Date, mark: &Mark) -> Result<(), StoreError> {
    tx.execute(
        "insert into close_step_mark (from_on, step, place, after_customer, expected, considered, touched, batches, done, \
         started_at, ended_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) \
         on conflict (from_on, step) do update set after_customer = excluded.after_customer, \
         considered = excluded.considered, touched = excluded.touched, batches = excluded.batches, done = excluded.done, \
         ended_at = excluded.ended_at",
        args![
            from,
            mark.step,
            mark.place,
            mark.after,
            mark.expected,
            mark.considered,
            mark.touched,
            mark.batches,
            mark.done,
            mark.started_at,
            mark.ended_at
        ],
    )
    .await
    .map(drop)
}

pub(super) async fn write_isolated(
    tx: &mut Tx,
    from: Date,
    step: &str,
    at: Timestamp,
    items: &[Isolated],
) -> Result<(), StoreError> {
    let rows = items
        .iter()
        .map(|it| {
            args![
                it.customer,
                from,
                it.subject,
                step,
                it.code,
                it.rule,
                it.detail,
                it.whom,
                it.number,
                it.amount,
                it.link,
                at,
                it.branch
            ]
        })
        .collect();
    tx.write_rows(
        "insert into close_isolated (customer_id, from_on, subject, step, code, rule, detail, whom, number, amount_fen, \
         link, isolated_at, branch_id)",
        "on conflict (customer_id, from_on, subject) do nothing",
        rows,
    )
    .await
    .map(drop)
}

/// An isolated thing with its answer (隔离记录).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IsolatedRow {
    /// What it is.
    pub it: Isolated,
    /// The step that isolated it.
    pub step: String,
    /// Who answered, and why the day may be closed without it.
    pub acknowledged: Option<(String, String)>,
    /// When it was mended.
    pub mended_on: Option<Date>,
}

/// The isolated things of a day in a branch (0: in all), those without an answer first.
pub async fn isolated(tx: &mut Tx, from: Date, branch: i64, limit: i64) -> Result<Vec<IsolatedRow>, StoreError> {
    let rows = tx
        .fetch_all(
            "select i.customer_id, i.subject, i.step, i.code, i.rule, i.detail, i.whom, i.number, i.amount_fen, i.link, \
             i.branch_id, i.reason, i.mended_on, coalesce(u.name, '') as by_name from close_isolated i \
             left join app_user u on u.id = i.acknowledged_by where i.from_on = $1 and ($2 = 0 or i.branch_id = $2) \
             order by case when i.reason is null then 0 else 1 end, i.customer_id, i.subject limit $3",
            args![from, branch, limit],
        )
        .await?;
    rows.iter()
        .map(|row| {
            let reason: Option<String> = row.get("reason")?;
            let by: String = row.get("by_name")?;
            Ok(IsolatedRow {
                it: Isolated {
                    customer: CustomerId(row.get("customer_id")?),
                    branch: BranchId(row.get("branch_id")?),
                    subject: row.get("subject")?,
                    code: row.get("code")?,
                    rule: row.get("rule")?,
                    detail: row.get("detail")?,
                    whom: row.get("whom")?,
                    number: row.get("number")?,
                    amount: row.get::<Option<Fen>>("amount_fen")?,
                    link: row.get("link")?,
                },
                step: row.get("step")?,
                acknowledged: reason.map(|reason| (by, reason)),
                mended_on: row.get("mended_on")?,
            })
        })
        .collect()
}

/// How many things a day isolated, and how many of them wait for an answer.
pub async fn isolated_counts(tx: &mut Tx, from: Date) -> Result<(i64, i64), StoreError> {
    let row = tx
        .fetch_one(
            "select count(*) as n, cast(coalesce(sum(case when reason is null and mended_on is null then 1 else 0 end), 0) \
             as bigint) as unanswered from close_isolated where from_on = $1",
            args![from],
        )
        .await?;
    Ok((row.get("n")?, row.get("unanswered")?))
}

pub(super) async fn acknowledge(
    tx: &mut Tx,
    (from, customer, subject): (Date, CustomerId, &str),
    branch: i64,
    by: i64,
    at: Timestamp,
    reason: &str,
) -> Result<u64, StoreError> {
    tx.execute(
        "update close_isolated set acknowledged_by = $1, acknowledged_at = $2, reason = $3 \
         where customer_id = $4 and from_on = $5 and subject = $6 and reason is null \
         and ($7 = 0 or branch_id = $7)",
        args![by, at, reason, customer, from, subject, branch],
    )
    .await
}

pub(super) async fn mended(tx: &mut Tx, customer: CustomerId, subject: &str, on: Date) -> Result<u64, StoreError> {
    tx.execute(
        "update close_isolated set mended_on = $1 where customer_id = $2 and subject = $3 and mended_on is null",
        args![on, customer, subject],
    )
    .await
}

/// A proof with its result (核对记录).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProofRow {
    /// Its name.
    pub name: String,
    /// Both sides.
    pub result: ProofResult,
}

/// The proofs of a day, in order.
pub async fn proofs(tx: &mut Tx, from: Date) -> Result<Vec<ProofRow>, StoreError> {
    let rows = tx
        .fetch_all(
            "select name, scope, unit, left_value, right_value, red, link from close_proof \
             where from_on = $1 order by place limit $2",
            args![from, 500_i64],
        )
        .await?;
    rows.iter()
        .map(|row| {
            let red: bool = row.get("red")?;
            Ok(ProofRow {
                name: row.get("name")?,
                result: ProofResult {
                    scope: row.get("scope")?,
                    unit: row.get::<ProofUnit>("unit")?,
                    left: row.get("left_value")?,
                    right: row.get("right_value")?,
                    verdict: if red { super::Verdict::Red } else { super::Verdict::Green },
                    link: row.get("link")?,
                },
            })
        })
        .collect()
}

pub(super) async fn write_proof(
    tx: &mut Tx,
    from: Date,
    (name, place): (&str, i64),
    result: &ProofResult,
    at: Timestamp,
) -> Result<(), StoreError> {
    tx.execute(
        "insert into close_proof (from_on, name, place, scope, unit, left_value, right_value, red, link, checked_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict (from_on, name) do update set \
         scope = excluded.scope, unit = excluded.unit, left_value = excluded.left_value, \
         right_value = excluded.right_value, red = excluded.red, link = excluded.link, checked_at = excluded.checked_at",
        args![
            from,
            name,
            place,
            result.scope,
            result.unit,
            result.left,
            result.right,
            result.verdict == super::Verdict::Red,
            result.link,
            at
        ],
    )
    .await
    .map(drop)
}

/// Who holds the lease, until when.
pub async fn lease(tx: &mut Tx) -> Result<Option<(i64, Timestamp)>, StoreError> {
    let row = tx.fetch_optional("select holder, expires_at from close_lease where id = 1", args![]).await?;
    row.map(|row| Ok((row.get("holder")?, row.get("expires_at")?))).transpose()
}

/// Takes the lease when it is free or over; whether it was taken.
pub(super) async fn take_lease(tx: &mut Tx, holder: i64, now: Timestamp, until: Timestamp) -> Result<bool, StoreError> {
    let changed = tx
        .execute(
            "insert into close_lease (id, holder, expires_at) values (1, $1, $2) on conflict (id) do update \
             set holder = excluded.holder, expires_at = excluded.expires_at where close_lease.expires_at <= $3",
            args![holder, until, now],
        )
        .await?;
    Ok(changed == 1)
}

/// Keeps the lease; false when somebody else has it.
pub(super) async fn renew_lease(tx: &mut Tx, holder: i64, until: Timestamp) -> Result<bool, StoreError> {
    let changed =
        tx.execute("update close_lease set expires_at = $1 where id = 1 and holder = $2", args![until, holder]).await?;
    Ok(changed == 1)
}

pub(super) async fn release_lease(tx: &mut Tx, holder: i64) -> Result<(), StoreError> {
    tx.execute("delete from close_lease where id = 1 and holder = $1", args![holder]).await.map(drop)
}
