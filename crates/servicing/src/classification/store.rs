//! Tables `classification_run`, `classification_item`, `classification_suggestion`, `classification_count`, `loan_class`.

use std::collections::BTreeSet;

use finance::Fen;
use jiff::civil::Date;
use platform::args;
use platform::db::{Conditions, Row, StoreError, Tx};
use platform::id::{BranchId, CustomerId};
use platform::work::Work;

use super::model::{Count, Findings, Item, Run, RunId, Step, Suggestion};
use crate::loan::model::{LoanId, LoanKey};

/// Loans read and written at a time.
pub(super) const PAGE: i64 = 2_000;
/// Kinds of loans that a run counts at most: classes of the run before, by days, as judged, new or not.
const KINDS: i64 = 2_000;
/// The most suggestions of one loan that are shown.
const SUGGESTIONS: i64 = 100;

const RUN: &str = "select r.id, r.number, r.branch_id, r.as_of, r.former_id, r.former_on, r.state, r.made_by, r.proposed_on, \
     r.provision_held_fen, r.value_note, r.granting_note, r.monitoring_note, r.collection_note, r.provision_note, \
     r.reviewed_by, r.reviewed_on, r.review_note, r.approval_id, r.approved_on, r.note, r.version from classification_run r";

fn run(row: &Row) -> Result<Run, StoreError> {
    let former: Option<RunId> = row.get("former_id")?;
    let former_on: Option<Date> = row.get("former_on")?;
    Ok(Run {
        id: row.get("id")?,
        number: row.get("number")?,
        branch: row.get("branch_id")?,
        as_of: row.get("as_of")?,
        former: former.zip(former_on),
        state: row.get("state")?,
        made_by: row.get("made_by")?,
        proposed_on: row.get("proposed_on")?,
        provision_held: row.get("provision_held_fen")?,
        findings: Findings {
            value: row.get("value_note")?,
            granting: row.get("granting_note")?,
            monitoring: row.get("monitoring_note")?,
            collection: row.get("collection_note")?,
            provision: row.get("provision_note")?,
        },
        reviewed_by: row.get("reviewed_by")?,
        reviewed_on: row.get("reviewed_on")?,
        review_note: row.get("review_note")?,
        approval: row.get("approval_id")?,
        approved_on: row.get("approved_on")?,
        note: row.get("note")?,
        version: row.get("version")?,
    })
}

/// One run.
///
/// Errors: the store's.
pub async fn find(tx: &mut Tx, id: RunId) -> Result<Option<Run>, StoreError> {
    let mut w = Conditions::new();
    w.and("r.id = ?", [&id]);
    tx.fetch_optional(w.select(RUN, ""), w.args()).await?.as_ref().map(run).transpose()
}

/// The open run of a branch.
pub(super) async fn open(tx: &mut Tx, branch: BranchId) -> Result<Option<Run>, StoreError> {
    let mut w = Conditions::new();
    w.and_values("r.branch_id = ? and r.state in ('drawn', 'proposed', 'submitted')", args![branch]);
    tx.fetch_optional(w.select(RUN, ""), w.args()).await?.as_ref().map(run).transpose()
}

/// The latest approved run of a branch.
pub(super) async fn latest(tx: &mut Tx, branch: BranchId) -> Result<Option<Run>, StoreError> {
    let mut w = Conditions::new();
    w.and_values("r.branch_id = ? and r.state = 'approved'", args![branch]);
    let tail = "order by r.as_of desc, r.id desc limit 1";
    tx.fetch_optional(w.select(RUN, tail), w.args()).await?.as_ref().map(run).transpose()
}

/// The first day on which the totals of a branch count a loan.
pub(super) async fn first_day(tx: &mut Tx, branch: BranchId) -> Result<Option<Date>, StoreError> {
    let sql = "select business_date from loan_total where branch_id = $1 and loans > 0 order by business_date limit 1";
    tx.fetch_optional(sql, args![branch]).await?.map(|row| row.get("business_date")).transpose()
}

/// Writes a run.
pub(super) async fn insert(work: &mut Work, one: &Run) -> Result<(), StoreError> {
    let (on, now, by) = (work.business_date, work.now, work.actor.recorded_by());
    work.tx
        .execute(
            "insert into classification_run (id, number, branch_id, as_of, former_id, former_on, state, made_by, value_note, \
             granting_note, monitoring_note, collection_note, provision_note, review_note, note, effective_on, recorded_at, \
             recorded_by) values ($1, $2, $3, $4, $5, $6, $7, $8, '', '', '', '', '', '', '', $9, $10, $11)",
            args![
                one.id,
                one.number,
                one.branch,
                one.as_of,
                one.former.map(|former| former.0),
                one.former.map(|former| former.1),
                one.state,
                one.made_by,
                on,
                now,
                by
            ],
        )
        .await
        .map(drop)
}

/// Writes where a run stands; whoever comes second is refused.
pub(super) async fn update(tx: &mut Tx, one: &mut Run) -> Result<(), StoreError> {
    tx.execute_one(
        "update classification_run set state = $1, proposed_on = $2, provision_held_fen = $3, value_note = $4, \
         granting_note = $5, monitoring_note = $6, collection_note = $7, provision_note = $8, reviewed_by = $9, \
         reviewed_on = $10, review_note = $11, approval_id = $12, approved_on = $13, note = $14, version = version + 1 \
         where id = $15 and version = $16",
        args![
            one.state,
            one.proposed_on,
            one.provision_held,
            one.findings.value,
            one.findings.granting,
            one.findings.monitoring,
            one.findings.collection,
            one.findings.provision,
            one.reviewed_by,
            one.reviewed_on,
            one.review_note,
            one.approval,
            one.approved_on,
            one.note,
            one.id,
            one.version
        ],
    )
    .await?;
    one.version += 1;
    Ok(())
}

/// A loan of a branch as a run finds it (待认定借据).
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub key: LoanKey,
    pub standing: String,
    pub former: String,
    pub start_on: Date,
    pub oldest_due_on: Option<Date>,
    pub principal: Fen,
    pub overdue: Fen,
}

/// The next loans of a branch on which something is owed, behind one of them, with their class in the run before.
pub(super) async fn found_behind(
    tx: &mut Tx,
    branch: BranchId,
    former: Option<RunId>,
    after: LoanKey,
) -> Result<Vec<Found>, StoreError> {
    let sql = "select p.customer_id, p.loan_id, p.class, p.oldest_due_on, p.principal_fen, p.overdue_principal_fen, \
               l.start_on, coalesce(f.class, '') as former_class from loan_position p \
               join loan l on l.customer_id = p.customer_id and l.id = p.loan_id \
               left join classification_item f on f.customer_id = p.customer_id and f.run_id = $1 and f.loan_id = p.loan_id \
               where l.branch_id = $2 and l.state = 'active' and p.status in ('current', 'overdue') and p.principal_fen > 0 \
               and (p.customer_id, p.loan_id) > ($3, $4) order by p.customer_id, p.loan_id limit $5";
    let values = args![former.map_or(0, |former| former.0), branch, after.customer, after.loan, PAGE];
    let read = |row: &Row| {
        Ok(Found {
            key: key(row)?,
            standing: row.get("class")?,
            former: row.get("former_class")?,
            start_on: row.get("start_on")?,
            oldest_due_on: row.get("oldest_due_on")?,
            principal: row.get("principal_fen")?,
            overdue: row.get("overdue_principal_fen")?,
        })
    };
    tx.fetch_all(sql, values).await?.iter().map(read).collect()
}

fn key(row: &Row) -> Result<LoanKey, StoreError> {
    Ok(LoanKey { customer: row.get("customer_id")?, loan: row.get("loan_id")? })
}

/// Writes the items of a run.
pub(super) async fn insert_items(work: &mut Work, run: RunId, items: &[Item]) -> Result<(), StoreError> {
    let (on, now, by) = (work.business_date, work.now, work.actor.recorded_by());
    let rows = items.iter().map(|one| {
        args![
            one.key.customer,
            run,
            one.key.loan,
            one.former,
            one.system,
            one.standing,
            one.class,
            one.initial,
            "",
            "",
            i64::from(one.differs()),
            i64::from(one.fresh),
            one.days,
            one.principal,
            one.overdue,
            on,
            now,
            by
        ]
    });
    let head = "insert into classification_item (customer_id, run_id, loan_id, former_class, system_class, standing_class, \
         class, initial_class, initial_reason, review_reason, differs, fresh, overdue_days, principal_fen, overdue_fen, \
         effective_on, recorded_at, recorded_by)";
    work.tx.write_rows(head, "", rows.collect()).await.map(drop)
}

const ITEM: &str = "select i.customer_id, i.loan_id, i.former_class, i.system_class, i.standing_class, i.class, \
     i.initial_class, i.initial_reason, i.reviewed_class, i.review_reason, i.fresh, i.overdue_days, i.principal_fen, i.overdue_fen, i.version \
     from classification_item i";

fn item(row: &Row) -> Result<Item, StoreError> {
    Ok(Item {
        key: key(row)?,
        former: row.get("former_class")?,
        system: row.get("system_class")?,
        standing: row.get("standing_class")?,
        class: row.get("class")?,
        initial: row.get("initial_class")?,
        initial_reason: row.get("initial_reason")?,
        reviewed: row.get("reviewed_class")?,
        review_reason: row.get("review_reason")?,
        fresh: row.get::<i64>("fresh")? == 1,
        days: row.get("overdue_days")?,
        principal: row.get("principal_fen")?,
        overdue: row.get("overdue_fen")?,
        version: row.get("version")?,
    })
}

/// A loan in a run.
///
/// Errors: the store's.
pub async fn item_of(tx: &mut Tx, run: RunId, key: LoanKey) -> Result<Option<Item>, StoreError> {
    let mut w = Conditions::new();
    w.and_values("i.customer_id = ? and i.run_id = ? and i.loan_id = ?", args![key.customer, run, key.loan]);
    tx.fetch_optional(w.select(ITEM, ""), w.args()).await?.as_ref().map(item).transpose()
}

/// The first loans of a run in a class, by the order of their keys.
///
/// Errors: the store's.
pub async fn of_class(tx: &mut Tx, run: RunId, class: &str, most: u32) -> Result<Vec<Item>, StoreError> {
    let mut w = Conditions::new();
    w.and_values("i.run_id = ? and i.class = ?", args![run, class]);
    let tail = format!("order by i.customer_id, i.loan_id limit {most}");
    tx.fetch_all(w.select(ITEM, &tail), w.args()).await?.iter().map(item).collect()
}

/// The next items of a run whose class is not simply that by days, or was not: they need a fact.
pub(super) async fn judged_behind(tx: &mut Tx, run: RunId, after: LoanKey) -> Result<Vec<Item>, StoreError> {
    let mut w = Conditions::new();
    w.and_values(
        "i.run_id = ? and (i.class <> i.system_class or i.standing_class <> i.system_class) \
         and (i.customer_id, i.loan_id) > (?, ?)",
        args![run, after.customer, after.loan],
    );
    let tail = format!("order by i.customer_id, i.loan_id limit {PAGE}");
    tx.fetch_all(w.select(ITEM, &tail), w.args()).await?.iter().map(item).collect()
}

/// What an item becomes; whoever comes second is refused.
pub(super) async fn update_item(tx: &mut Tx, run: RunId, one: &Item) -> Result<(), StoreError> {
    tx.execute_one(
        "update classification_item set class = $1, initial_class = $2, initial_reason = $3, reviewed_class = $4, \
         review_reason = $5, differs = $6, version = version + 1 where customer_id = $7 and run_id = $8 and loan_id = $9 \
         and version = $10",
        args![
            one.class,
            one.initial,
            one.initial_reason,
            one.reviewed,
            one.review_reason,
            i64::from(one.differs()),
            one.key.customer,
            run,
            one.key.loan,
            one.version
        ],
    )
    .await
}

/// Counts a run as it stands, for one of its steps; the latest count of a step is its count.
pub(super) async fn count(work: &mut Work, run: RunId, step: Step) -> Result<(), StoreError> {
    let sql = "select former_class, system_class, class, fresh, count(*) as loans, \
               cast(sum(principal_fen) as bigint) as principal_fen, cast(sum(overdue_fen) as bigint) as overdue_fen, \
               cast(sum(differs) as bigint) as differing from classification_item where run_id = $1 \
               group by former_class, system_class, class, fresh order by former_class, system_class, class, fresh limit $2";
    let found = work.tx.fetch_all(sql, args![run, KINDS]).await?;
    let (on, now, by) = (work.business_date, work.now, work.actor.recorded_by());
    let mut rows = Vec::with_capacity(found.len());
    for row in &found {
        let one = counted(row)?;
        let id = work.next_id();
        rows.push(args![
            id,
            run,
            step,
            on,
            one.former,
            one.system,
            one.class,
            i64::from(one.fresh),
            one.loans,
            one.principal,
            one.overdue,
            one.differing,
            on,
            now,
            by
        ]);
    }
    let head = "insert into classification_count (id, run_id, step, counted_on, former_class, system_class, class, fresh, \
         loans, principal_fen, overdue_fen, differing, effective_on, recorded_at, recorded_by)";
    work.tx.write_rows(head, "", rows).await.map(drop)
}

fn counted(row: &Row) -> Result<Count, StoreError> {
    Ok(Count {
        former: row.get("former_class")?,
        system: row.get("system_class")?,
        class: row.get("class")?,
        fresh: row.get::<i64>("fresh")? == 1,
        loans: row.get("loans")?,
        principal: row.get("principal_fen")?,
        overdue: row.get("overdue_fen")?,
        differing: row.get("differing")?,
    })
}

/// What a run counted at a step.
///
/// Errors: the store's.
pub async fn counts(tx: &mut Tx, run: RunId, step: Step) -> Result<Vec<Count>, StoreError> {
    // A review that is sent again counts again: the rows of the latest moment are the count.
    let sql = "select former_class, system_class, class, fresh, loans, principal_fen, overdue_fen, differing \
               from classification_count where run_id = $1 and step = $2 and recorded_at = \
               (select max(recorded_at) from classification_count where run_id = $1 and step = $2) order by id limit $3";
    tx.fetch_all(sql, args![run, step, KINDS]).await?.iter().map(counted).collect()
}

/// Writes what somebody else thinks of a loan.
pub(super) async fn suggest(
    work: &mut Work,
    run: RunId,
    key: LoanKey,
    (class, reason): (&str, &str),
) -> Result<(), StoreError> {
    let (on, now, by) = (work.business_date, work.now, work.actor.recorded_by());
    let id = work.next_id();
    work.tx
        .execute(
            "insert into classification_suggestion (customer_id, id, run_id, loan_id, class, reason, effective_on, \
             recorded_at, recorded_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            args![key.customer, id, run, key.loan, class, reason, on, now, by],
        )
        .await
        .map(drop)
}

/// What others think of a loan in a run, in the order in which it was said.
///
/// Errors: the store's.
pub async fn suggestions(tx: &mut Tx, run: RunId, loan: LoanId) -> Result<Vec<Suggestion>, StoreError> {
    let sql = "select s.class, s.reason, s.effective_on, coalesce(u.name, '') as who from classification_suggestion s \
               left join user_view u on u.id = s.recorded_by where s.run_id = $1 and s.loan_id = $2 \
               order by s.id limit $3";
    let read = |row: &Row| {
        Ok(Suggestion {
            class: row.get("class")?,
            reason: row.get("reason")?,
            by: row.get("who")?,
            on: row.get("effective_on")?,
        })
    };
    tx.fetch_all(sql, args![run, loan, SUGGESTIONS]).await?.iter().map(read).collect()
}

/// Whoever suggested something in a run: they neither propose, review nor approve it.
pub(super) async fn suggesters(tx: &mut Tx, run: RunId) -> Result<BTreeSet<i64>, StoreError> {
    let sql =
        "select distinct recorded_by from classification_suggestion where run_id = $1 order by recorded_by limit $2";
    tx.fetch_all(sql, args![run, PAGE]).await?.iter().map(|row| row.get("recorded_by")).collect()
}

/// Writes approved classes as facts of their loans, from today on.
pub(super) async fn insert_classes(work: &mut Work, run: RunId, items: &[Item]) -> Result<(), StoreError> {
    let (on, now, by) = (work.business_date, work.now, work.actor.recorded_by());
    let mut rows = Vec::with_capacity(items.len());
    for one in items {
        let id = work.next_id();
        rows.push(args![one.key.customer, id, one.key.loan, run, one.class, on, now, by]);
    }
    let head =
        "insert into loan_class (customer_id, id, loan_id, run_id, class, effective_on, recorded_at, recorded_by)";
    work.tx.write_rows(head, "", rows).await.map(drop)
}

/// The customer of a loan in a run.
pub(super) async fn customer_of(tx: &mut Tx, run: RunId, loan: LoanId) -> Result<Option<CustomerId>, StoreError> {
    let sql = "select l.customer_id from loan l join classification_item i on i.customer_id = l.customer_id \
               and i.loan_id = l.id where l.id = $1 and i.run_id = $2 limit 1";
    tx.fetch_optional(sql, args![loan, run]).await?.map(|row| row.get("customer_id")).transpose()
}
