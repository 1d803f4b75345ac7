//! Sums over the published views and the tables of collecting, each within the data scope; a query a table, whose rows are
//! those of the period.

use std::collections::BTreeMap;

use finance::Fen;
use jiff::Timestamp;
use jiff::civil::Date;
use platform::access::DataScope;
use platform::args;
use platform::db::{Conditions, Row, StoreError, Tx};
use platform::id::{BranchId, CustomerId};
use servicing::loan::model::LoanKey;

use super::model::{Balance, Movement, Period, Track, Tracks};
use crate::case::model::CaseId;

/// Keeps the loans `p` of the scope.
fn within(w: &mut Conditions, scope: DataScope) {
    w.and_values("p.state = 'active'", args![]);
    let columns =
        [("p.branch_id = ?", scope.branch), ("p.team_id = ?", scope.team), ("p.manager_id = ?", scope.manager)];
    for (column, value) in columns {
        if value != 0 {
            w.and_values(column, args![value]);
        }
    }
}

fn key(row: &Row) -> Result<LoanKey, StoreError> {
    Ok(LoanKey { customer: row.get("customer_id")?, loan: row.get("loan_id")? })
}

/// The loans that were overdue on an evening, and what each is on a later one: bucket and standing.
///
/// Plan: `loan_position_history_book` from end to end, once for each evening, covering.
pub async fn balances(
    tx: &mut Tx,
    scope: DataScope,
    on: Date,
    later: Date,
) -> Result<Vec<(Balance, (String, String))>, StoreError> {
    let mut w = Conditions::new();
    w.and_values("p.status = 'overdue' and p.superseded_at is null", args![]);
    w.and_values("p.from_on <= ? and (p.to_on is null or p.to_on > ?)", args![on, on]);
    w.and_values(
        "b.superseded_at is null and b.from_on <= ? and (b.to_on is null or b.to_on > ?)",
        args![later, later],
    );
    within(&mut w, scope);
    let head = "select p.customer_id, p.loan_id, p.number, p.branch_id, p.product, p.bucket, \
         p.overdue_principal_fen + p.overdue_interest_fen as overdue_fen, b.bucket as end_bucket, b.status as end_status \
         from loan_position_history_view p \
         join loan_position_history_view b on b.customer_id = p.customer_id and b.loan_id = p.loan_id";
    let rows = tx.fetch_all(w.select(head, "order by p.customer_id, p.loan_id"), w.args()).await?;
    let decode = |row: &Row| Ok((balance(row)?, (row.get("end_bucket")?, row.get("end_status")?)));
    rows.iter().map(decode).collect()
}

/// The loans of these classes on an evening, with their principal.
///
/// Plan: as [`balances`], once.
pub async fn principal_of(
    tx: &mut Tx,
    scope: DataScope,
    on: Date,
    classes: &[String],
) -> Result<Vec<Balance>, StoreError> {
    if classes.is_empty() {
        return Ok(Vec::new());
    }
    let mut w = Conditions::new();
    w.and_values("p.status in ('current', 'overdue') and p.superseded_at is null", args![]);
    w.and_values("p.from_on <= ? and (p.to_on is null or p.to_on > ?)", args![on, on]);
    w.one_of("p.class", classes);
    within(&mut w, scope);
    let head = "select p.customer_id, p.loan_id, p.number, p.branch_id, p.product, p.bucket, p.principal_fen as overdue_fen \
         from loan_position_history_view p";
    let rows = tx.fetch_all(w.select(head, "order by p.customer_id, p.loan_id"), w.args()).await?;
    rows.iter().map(balance).collect()
}

fn balance(row: &Row) -> Result<Balance, StoreError> {
    Ok(Balance {
        key: key(row)?,
        number: row.get("number")?,
        branch: row.get("branch_id")?,
        product: row.get("product")?,
        bucket: row.get("bucket")?,
        overdue: row.get("overdue_fen")?,
    })
}

/// The days of the period on which what is overdue of a loan changed.
///
/// Plan: `loan_position_history_day (from_on)` for the days, the row before by the primary key, the money of the day by
/// `loan_transaction_loan`.
pub async fn movements(tx: &mut Tx, scope: DataScope, period: Period) -> Result<Vec<Movement>, StoreError> {
    let mut w = Conditions::new();
    w.and_values("p.from_on >= ? and p.from_on <= ? and p.superseded_at is null", args![period.from, period.to]);
    w.and_values("(p.status = 'overdue' or b.status = 'overdue')", args![]);
    within(&mut w, scope);
    let head = "select p.customer_id, p.loan_id, p.number, p.branch_id, p.product, p.from_on, p.bucket, \
         coalesce(b.bucket, '') as old_bucket, coalesce(b.status, '') as old_status, \
         p.overdue_principal_fen + p.overdue_interest_fen as after_fen, \
         coalesce(b.overdue_principal_fen + b.overdue_interest_fen, 0) as before_fen, \
         coalesce((select max(a.next_due_fen) from loan_position_history_view a where a.customer_id = b.customer_id \
           and a.loan_id = b.loan_id and a.to_on = b.from_on and a.next_due_on = b.from_on \
           and a.superseded_at is null), 0) as due_fen, b.from_on as since_on, \
         cast(coalesce((select sum(t.amount_fen) from loan_transaction_view t where t.customer_id = p.customer_id \
           and t.loan_id = p.loan_id and t.kind = 'repay' and t.effective_on = p.from_on \
           and (t.reversed_on is null or t.reversed_on > p.from_on)), 0) as bigint) as came_fen, \
         cast(coalesce((select sum(t.amount_fen) from loan_transaction_view t where t.customer_id = p.customer_id \
           and t.loan_id = p.loan_id and t.kind = 'repay' and t.effective_on < p.from_on \
           and t.reversed_on = p.from_on), 0) as bigint) as went_fen \
         from loan_position_history_view p left join loan_position_history_view b on b.customer_id = p.customer_id \
           and b.loan_id = p.loan_id and b.to_on = p.from_on and b.superseded_at is null";
    let tail = "order by p.from_on, p.customer_id, p.loan_id";
    let rows = tx.fetch_all(w.select(head, tail), w.args()).await?;
    let decode = |row: &Row| {
        let (came, went): (Fen, Fen) = (row.get("came_fen")?, row.get("went_fen")?);
        let (on, since): (Date, Option<Date>) = (row.get("from_on")?, row.get("since_on")?);
        let stood: String = row.get("old_status")?;
        let bucket = if stood == "overdue" { "old_bucket" } else { "bucket" };
        Ok(Movement {
            key: key(row)?,
            number: row.get("number")?,
            branch: row.get("branch_id")?,
            product: row.get("product")?,
            on,
            bucket: row.get(bucket)?,
            before: row.get("before_fen")?,
            after: row.get("after_fen")?,
            due: if since.and_then(|on| on.tomorrow().ok()) == Some(on) { row.get("due_fen")? } else { Fen::ZERO },
            money: Fen(came.0.saturating_sub(went.0)),
        })
    };
    let all: Vec<Movement> = rows.iter().map(decode).collect::<Result<_, StoreError>>()?;
    Ok(all.into_iter().filter(|one| one.before != one.after || one.money != Fen::ZERO).collect())
}

/// Keeps the cases `c` that were open on a day of the period or the evening before it.
fn cases_of(period: Period) -> Conditions {
    let mut w = Conditions::new();
    w.and_values("c.opened_on <= ? and (c.closed_on is null or c.closed_on >= ?)", args![period.to, period.eve()]);
    w
}

/// The cases of the period with their history.
///
/// Plan: `collection_case_branch` for the open ones, `collection_case_closed` for those that ended since.
pub async fn tracks(tx: &mut Tx, period: Period) -> Result<Tracks, StoreError> {
    let w = cases_of(period);
    let head = "select c.customer_id, c.id, c.number, c.branch_id, c.opened_on, c.closed_on, c.owner_id, c.rung \
         from collection_case c";
    let mut found = Tracks::new();
    for row in tx.fetch_all(w.select(head, "order by c.customer_id, c.opened_on, c.id"), w.args()).await? {
        let track = Track {
            id: row.get("id")?,
            number: row.get("number")?,
            branch: row.get("branch_id")?,
            opened_on: row.get("opened_on")?,
            closed_on: row.get("closed_on")?,
            owner: row.get("owner_id")?,
            step: row.get("rung")?,
            transfers: Vec::new(),
            steps: Vec::new(),
            causes: Vec::new(),
            strategies: Vec::new(),
        };
        found.entry(row.get("customer_id")?).or_default().push(track);
    }
    let head = "select e.customer_id, e.case_id, e.kind, e.from_value, e.to_value, e.effective_on \
         from collection_case_event e join collection_case c on c.customer_id = e.customer_id and c.id = e.case_id";
    let mut w = cases_of(period);
    w.and_values("e.kind in ('opened', 'rung', 'transferred')", args![]);
    for row in tx.fetch_all(w.select(head, "order by e.id"), w.args()).await? {
        let (kind, on): (String, Date) = (row.get("kind")?, row.get("effective_on")?);
        let (before, after): (String, String) = (row.get("from_value")?, row.get("to_value")?);
        let Some(track) = track(&mut found, &row)? else { continue };
        if kind == "transferred" {
            track.transfers.push((on, before.parse().unwrap_or(0), after.parse().unwrap_or(0)));
        } else {
            track.steps.push((on, before, after));
        }
    }
    let head = "select d.customer_id, d.case_id, d.cause, d.effective_on from default_cause d \
         join collection_case c on c.customer_id = d.customer_id and c.id = d.case_id";
    let w = cases_of(period);
    for row in tx.fetch_all(w.select(head, "order by d.id"), w.args()).await? {
        let cause = (row.get("effective_on")?, row.get("cause")?);
        if let Some(track) = track(&mut found, &row)? {
            track.causes.push(cause);
        }
    }
    let head = "select s.customer_id, s.case_id, s.strategy, s.arm, s.effective_on from case_strategy s \
         join collection_case c on c.customer_id = s.customer_id and c.id = s.case_id";
    let w = cases_of(period);
    for row in tx.fetch_all(w.select(head, "order by s.id"), w.args()).await? {
        let (strategy, arm): (String, String) = (row.get("strategy")?, row.get("arm")?);
        let on: Date = row.get("effective_on")?;
        if let Some(track) = track(&mut found, &row)? {
            track.strategies.push((on, format!("{strategy}:{arm}")));
        }
    }
    Ok(found)
}

fn track<'a>(found: &'a mut Tracks, row: &Row) -> Result<Option<&'a mut Track>, StoreError> {
    let (customer, case): (CustomerId, CaseId) = (row.get("customer_id")?, row.get("case_id")?);
    Ok(found.get_mut(&customer).and_then(|all| all.iter_mut().find(|one| one.id == case)))
}

/// Something about a case on a day, with a word and an amount (案件事项).
#[derive(Debug, Clone)]
pub struct OfCase {
    /// Whose.
    pub customer: CustomerId,
    /// Which case; none where only the customer is known.
    pub case: Option<CaseId>,
    /// The day.
    pub on: Date,
    /// What became of it.
    pub word: String,
    /// How much.
    pub amount: Fen,
    /// Whose it was then, where the row says so.
    pub owner: Option<i64>,
    /// Within which branch it was counted.
    pub branch: Option<BranchId>,
}

fn of_case(row: &Row) -> Result<OfCase, StoreError> {
    Ok(OfCase {
        customer: row.get("customer_id")?,
        case: row.get("case_id")?,
        on: row.get("on_day")?,
        word: row.get("word")?,
        amount: row.get("amount_fen")?,
        owner: row.get("owner_id")?,
        branch: row.get("branch_id")?,
    })
}

async fn all_of(tx: &mut Tx, w: &Conditions, head: &'static str) -> Result<Vec<OfCase>, StoreError> {
    tx.fetch_all(w.select(head, "order by 3, 1"), w.args()).await?.iter().map(of_case).collect()
}

/// The promises that fell due in the period and were settled, but not those taken back.
pub async fn promises(tx: &mut Tx, scope: DataScope, period: Period) -> Result<Vec<OfCase>, StoreError> {
    let mut w = Conditions::new();
    w.and_values("o.due_on >= ? and o.due_on <= ?", args![period.from, period.to]);
    w.and_values("o.state in ('kept', 'part-kept', 'broken')", args![]);
    crate::case::list::within(&mut w, scope);
    let head = "select o.customer_id, o.case_id, o.due_on as on_day, o.state as word, o.amount_fen, o.owner_id, c.branch_id \
         from promise o join collection_case c on c.customer_id = o.customer_id and c.id = o.case_id";
    all_of(tx, &w, head).await
}

/// What was required of contacts in weeks and days that ended in the period.
///
/// Plan: `contact_requirement_outcome (until_on)`.
pub async fn requirements(tx: &mut Tx, scope: DataScope, period: Period) -> Result<Vec<OfCase>, StoreError> {
    let mut w = Conditions::new();
    w.and_values("r.until_on >= ? and r.until_on <= ? and r.outcome is not null", args![period.from, period.to]);
    crate::case::list::within(&mut w, scope);
    let head = "select r.customer_id, r.case_id, r.until_on as on_day, r.outcome as word, cast(0 as bigint) as amount_fen, r.owner_id, c.branch_id \
         from contact_requirement r join collection_case c on c.customer_id = r.customer_id and c.id = r.case_id";
    all_of(tx, &w, head).await
}

/// What was spent in the period: recorded costs that stand, those of the means of the law, and those of tracing.
///
/// Plan: `collection_cost_day (spent_on)`, `legal_means_day (happened_on)`, `trace_step_day (happened_on)`.
pub async fn costs(tx: &mut Tx, scope: DataScope, period: Period) -> Result<Vec<OfCase>, StoreError> {
    let mut w = Conditions::new();
    w.and_values("o.spent_on >= ? and o.spent_on <= ? and o.state = 'standing'", args![period.from, period.to]);
    crate::case::list::within(&mut w, scope);
    let head = "select o.customer_id, o.case_id, o.spent_on as on_day, o.kind as word, o.amount_fen, cast(null as bigint) as owner_id, c.branch_id \
         from collection_cost o join collection_case c on c.customer_id = o.customer_id and c.id = o.case_id";
    let mut all = all_of(tx, &w, head).await?;
    let mut w = Conditions::new();
    w.and_values("m.happened_on >= ? and m.happened_on <= ? and m.cost_fen > 0", args![period.from, period.to]);
    within(&mut w, scope);
    let head = "select m.customer_id, cast(null as bigint) as case_id, m.happened_on as on_day, cast('legal' as text) as word, m.cost_fen as amount_fen, \
         cast(null as bigint) as owner_id, p.branch_id from legal_means m join legal_file f on f.customer_id = m.customer_id and f.id = m.file_id \
         join loan_view p on p.customer_id = f.customer_id and p.loan_id = f.loan_id";
    all.extend(all_of(tx, &w, head).await?);
    let mut w = Conditions::new();
    w.and_values("t.happened_on >= ? and t.happened_on <= ? and t.cost_fen > 0", args![period.from, period.to]);
    crate::case::list::within(&mut w, scope);
    let head = "select t.customer_id, t.case_id, t.happened_on as on_day, cast('trace' as text) as word, t.cost_fen as amount_fen, \
         cast(null as bigint) as owner_id, c.branch_id from trace_step t \
         join collection_case c on c.customer_id = t.customer_id and c.id = t.case_id";
    all.extend(all_of(tx, &w, head).await?);
    Ok(all)
}

/// When a preservation of property was applied for until the end of the period, by customer: the moments of recording.
pub async fn preservations(
    tx: &mut Tx,
    scope: DataScope,
    period: Period,
) -> Result<Vec<(CustomerId, Date, Timestamp)>, StoreError> {
    let mut w = Conditions::new();
    w.and_values("m.kind = 'preservation' and m.ends_id is null", args![]);
    w.and_values("m.effective_on <= ?", args![period.to]);
    within(&mut w, scope);
    let head = "select m.customer_id, m.effective_on, m.recorded_at from legal_means m \
         join legal_file f on f.customer_id = m.customer_id and f.id = m.file_id \
         join loan_view p on p.customer_id = f.customer_id and p.loan_id = f.loan_id";
    let rows = tx.fetch_all(w.select(head, "order by m.recorded_at, m.id"), w.args()).await?;
    rows.iter().map(|row| Ok((row.get("customer_id")?, row.get("effective_on")?, row.get("recorded_at")?))).collect()
}

/// The diagnoses of these customers with the case and the moment of each, in order.
pub async fn diagnoses(
    tx: &mut Tx,
    customers: &[CustomerId],
) -> Result<Vec<(CustomerId, CaseId, String, Timestamp)>, StoreError> {
    let mut found = Vec::new();
    for some in customers.chunks(500) {
        let mut w = Conditions::new();
        w.one_of("d.customer_id", some);
        let head = "select d.customer_id, d.case_id, d.cause, d.recorded_at from default_cause d";
        for row in tx.fetch_all(w.select(head, "order by d.recorded_at, d.id"), w.args()).await? {
            found.push((row.get("customer_id")?, row.get("case_id")?, row.get("cause")?, row.get("recorded_at")?));
        }
    }
    Ok(found)
}

/// Contacts of the debtors of a case by customer and day: how many, how many were connected.
///
/// Plan: `contact_allowance_day (civil_on)`.
pub async fn contacts(
    tx: &mut Tx,
    scope: DataScope,
    period: Period,
) -> Result<Vec<(CustomerId, Date, i64, i64)>, StoreError> {
    let mut w = Conditions::new();
    w.and_values("a.civil_on >= ? and a.civil_on <= ?", args![period.from, period.to]);
    w.and_values("a.purpose = 'collect' and a.connected is not null", args![]);
    w.and_values("c.opened_on <= a.civil_on and (c.closed_on is null or c.closed_on >= a.civil_on)", args![]);
    crate::case::list::within(&mut w, scope);
    let head = "select a.customer_id, a.civil_on, count(distinct a.id) as n, \
         count(distinct case when a.connected = 1 then a.id end) as connected from contact_allowance a \
         join collection_case c on c.customer_id = a.customer_id";
    let tail = "group by a.customer_id, a.civil_on order by a.civil_on, a.customer_id";
    let rows = tx.fetch_all(w.select(head, tail), w.args()).await?;
    let decode = |row: &Row| Ok((row.get("customer_id")?, row.get("civil_on")?, row.get("n")?, row.get("connected")?));
    rows.iter().map(decode).collect()
}

/// A contact of a debtor whose pattern was noted (类型应对).
#[derive(Debug, Clone)]
pub struct Patterned {
    /// Whose.
    pub customer: CustomerId,
    /// The pattern.
    pub pattern: String,
    /// What came of it.
    pub result: String,
}

/// The contacts of the period whose pattern was noted.
///
/// Plan: `contact_allowance_day (civil_on)`, `contact_outcome_allowance`.
pub async fn patterned(tx: &mut Tx, scope: DataScope, period: Period) -> Result<Vec<Patterned>, StoreError> {
    let mut w = Conditions::new();
    w.and_values(
        "a.civil_on >= ? and a.civil_on <= ? and a.purpose = 'collect' and o.pattern is not null",
        args![period.from, period.to],
    );
    let columns =
        [("k.branch_id = ?", scope.branch), ("k.team_id = ?", scope.team), ("k.manager_id = ?", scope.manager)];
    for (column, value) in columns {
        if value != 0 {
            w.and_values(column, args![value]);
        }
    }
    let head = "select o.customer_id, o.pattern, o.result from contact_allowance a \
         join contact_outcome o on o.customer_id = a.customer_id and o.allowance_id = a.id \
         join customer_view k on k.customer_id = o.customer_id";
    let rows = tx.fetch_all(w.select(head, "order by o.customer_id, o.contact_id"), w.args()).await?;
    rows.iter()
        .map(|row| {
            Ok(Patterned {
                customer: row.get("customer_id")?,
                pattern: row.get("pattern")?,
                result: row.get("result")?,
            })
        })
        .collect()
}

/// The names of branches.
pub async fn branches(tx: &mut Tx) -> Result<BTreeMap<String, String>, StoreError> {
    let all = platform::access::store::branches(tx).await?;
    Ok(all.into_iter().map(|branch| (branch.id.0.to_string(), branch.name)).collect())
}
