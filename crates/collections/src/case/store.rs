//! Tables `collection_case` and `collection_case_event`, and what `loan_view` says of a customer's arrears.

use std::collections::{BTreeMap, BTreeSet};

use finance::Fen;
use jiff::Timestamp;
use jiff::civil::Date;
use platform::args;
use platform::db::{AssertSqlSafe, Conditions, Row, StoreError, Tx};
use platform::id::{BranchId, CustomerId, TeamId, UserId};
use platform::work::Work;
use servicing::loan::model::LoanKey;

use super::model::{Case, CaseId, CaseKey, CaseState, Lock};

const COLUMNS: &str = "select customer_id, id, number, branch_id, team_id, manager_id, owner_id, owner_role, rung, \
     opened_on, closed_on, closed_reason, lock_by, lock_until, version from collection_case";

/// What a customer is behind with (逾期情况), over all loans.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrears {
    /// The oldest unpaid due date.
    pub oldest_due_on: Date,
    /// Overdue on the day of the last change of each loan.
    pub overdue: Fen,
    /// How many loans are overdue.
    pub loans: i64,
    /// The branch of the loan overdue longest.
    pub branch: BranchId,
    /// Its team.
    pub team: Option<TeamId>,
    /// Its manager.
    pub manager: UserId,
    /// Who manages any of the loans.
    pub managers: BTreeSet<UserId>,
    /// The customer's name.
    pub name: String,
}

impl Arrears {
    /// Days overdue on a day.
    #[must_use]
    pub fn days(&self, on: Date) -> i64 {
        finance::days_between(self.oldest_due_on, on).max(0)
    }
}

/// The arrears of these customers; those without any are left out.
pub async fn arrears(tx: &mut Tx, customers: &[CustomerId]) -> Result<BTreeMap<CustomerId, Arrears>, StoreError> {
    let mut found: BTreeMap<CustomerId, Arrears> = BTreeMap::new();
    for some in customers.chunks(500) {
        let mut w = Conditions::new();
        w.and_values("v.status = 'overdue' and v.state = 'active' and v.oldest_due_on is not null", args![]);
        w.one_of("v.customer_id", some);
        let head = "select v.customer_id, v.branch_id, v.team_id, v.manager_id, v.oldest_due_on, k.name, \
             v.overdue_principal_fen + v.overdue_interest_fen + v.penalty_fen + v.compound_fen + v.fee_fen + v.cost_fen \
             as overdue_fen from loan_view v join customer_view k on k.customer_id = v.customer_id";
        for row in tx.fetch_all(w.select(head, "order by v.oldest_due_on, v.loan_id"), w.args()).await? {
            let manager: UserId = row.get("manager_id")?;
            let overdue: Fen = row.get("overdue_fen")?;
            if let Some(known) = found.get_mut(&row.get("customer_id")?) {
                known.loans += 1;
                known.overdue = known.overdue.checked_add(overdue).unwrap_or(known.overdue);
                known.managers.insert(manager);
                continue;
            }
            let first = Arrears {
                oldest_due_on: row.get("oldest_due_on")?,
                overdue,
                loans: 1,
                branch: row.get("branch_id")?,
                team: row.get("team_id")?,
                manager,
                managers: BTreeSet::from([manager]),
                name: row.get("name")?,
            };
            found.insert(row.get("customer_id")?, first);
        }
    }
    Ok(found)
}

/// The loans of a customer about which a case is: overdue, or written off and still pursued.
pub async fn pursued(tx: &mut Tx, customer: CustomerId) -> Result<Vec<LoanKey>, StoreError> {
    let sql = "select customer_id, loan_id from loan_view where customer_id = $1 \
        and ((state = 'active' and status = 'overdue') or status = 'written-off-tracked') order by loan_id";
    let rows = tx.fetch_all(sql, args![customer]).await?;
    rows.iter().map(|row| Ok(LoanKey { customer: row.get("customer_id")?, loan: row.get("loan_id")? })).collect()
}

/// The loans of a customer that run and are not overdue.
pub async fn running(tx: &mut Tx, customer: CustomerId) -> Result<Vec<LoanKey>, StoreError> {
    let sql = "select customer_id, loan_id from loan_view where customer_id = $1 and state = 'active' \
        and status = 'current' order by loan_id";
    let rows = tx.fetch_all(sql, args![customer]).await?;
    rows.iter().map(|row| Ok(LoanKey { customer: row.get("customer_id")?, loan: row.get("loan_id")? })).collect()
}

/// Whether a debt that was written off is still pursued: its case stands as long.
pub async fn tracks_write_off(tx: &mut Tx, customer: CustomerId) -> Result<bool, StoreError> {
    let sql = "select count(*) as n from loan_view where customer_id = $1 and status = 'written-off-tracked'";
    Ok(tx.fetch_one(sql, args![customer]).await?.get::<i64>("n")? > 0)
}

/// The next customers behind `after` whose case may change on a day: a loan changed since people were moved to the day
/// before and is overdue without a case, or leaves nothing overdue behind, or a step of the ladder begins (`edges`: the
/// oldest due dates with which one does), or what starts a collection before that stands without one or ended. What nothing
/// touched needs no look.
pub async fn to_look_at(
    tx: &mut Tx,
    (from, to): (Date, Date),
    after: CustomerId,
    edges: &[Date],
    limit: i64,
) -> Result<Vec<CustomerId>, StoreError> {
    let mut found = Nearest::up_to(limit);
    for edge in edges {
        let rows = tx
            .fetch_all(
                "select distinct v.customer_id from loan_view v where v.oldest_due_on = $1 and v.customer_id > $2 \
                 and v.customer_id <= $3 and v.status = 'overdue' and v.state = 'active' order by v.customer_id limit $4",
                args![*edge, after, found.last(), limit],
            )
            .await?;
        found.keep(&rows)?;
    }
    for changed_on in [from, to] {
        let rows = tx
            .fetch_all(
                "select distinct v.customer_id from loan_view v where v.as_of = $1 and v.customer_id > $2 \
                 and v.customer_id <= $3 and v.status = 'overdue' and v.state = 'active' and v.oldest_due_on is not null \
                 and not exists (select 1 from collection_case c where c.customer_id = v.customer_id and c.closed_on is null) \
                 order by v.customer_id limit $4",
                args![changed_on, after, found.last(), limit],
            )
            .await?;
        found.keep(&rows)?;
    }
    for changed_on in [from, to] {
        let rows = tx
            .fetch_all(
                "select distinct v.customer_id from loan_view v where v.as_of = $1 and v.customer_id > $2 \
                 and v.customer_id <= $3 \
                 and exists (select 1 from collection_case c where c.customer_id = v.customer_id and c.closed_on is null) \
                 and not exists (select 1 from loan_view w where w.customer_id = v.customer_id and w.state = 'active' \
                 and w.status in ('overdue', 'written-off-tracked')) order by v.customer_id limit $4",
                args![changed_on, after, found.last(), limit],
            )
            .await?;
        found.keep(&rows)?;
    }
    found.customers.extend(crate::early::store::to_look_at(tx, (from, to), after, limit).await?);
    Ok(found.customers.into_iter().take(found.limit).collect())
}

/// The first customers behind a place, gathered from several questions. Once there are enough, later questions look no
/// further than the last of them: a day on which nearly everybody comes would otherwise look through the whole book once a
/// batch.
struct Nearest {
    customers: BTreeSet<CustomerId>,
    limit: usize,
}

impl Nearest {
    fn up_to(limit: i64) -> Self {
        Self { customers: BTreeSet::new(), limit: usize::try_from(limit).unwrap_or(usize::MAX) }
    }

    /// The last customer that can still be among them.
    fn last(&self) -> CustomerId {
        self.limit
            .checked_sub(1)
            .and_then(|last| self.customers.iter().nth(last))
            .copied()
            .unwrap_or(CustomerId(i64::MAX))
    }

    fn keep(&mut self, rows: &[Row]) -> Result<(), StoreError> {
        for row in rows {
            self.customers.insert(row.get("customer_id")?);
        }
        Ok(())
    }
}

/// Writes new cases, of customers who have no open one; the close looks at their frequency the same day.
pub async fn insert(work: &mut Work, cases: impl Iterator<Item = &Case>) -> Result<(), StoreError> {
    let now = work.now;
    let rows = cases
        .map(|case| {
            args![
                case.key.customer,
                case.key.case,
                case.number,
                case.branch,
                case.team,
                case.manager,
                case.state.owner().map_or(0, |user| user.0),
                case.owner_role,
                case.rung,
                case.opened_on,
                now,
                case.opened_on
            ]
        })
        .collect();
    let head = "insert into collection_case (customer_id, id, number, branch_id, team_id, manager_id, owner_id, owner_role, \
         rung, opened_on, opened_at, ask_on)";
    work.tx.write_rows(head, "", rows).await.map(drop)
}

/// Looks at the frequency of contact of these cases on a day; `None`: nothing asks for contacts.
pub async fn ask_from(tx: &mut Tx, cases: &[CaseKey], on: Option<Date>) -> Result<(), StoreError> {
    for some in cases.chunks(500) {
        let keys: Vec<String> = some.iter().map(|key| format!("({},{})", key.customer.0, key.case.0)).collect();
        // Integers only.
        let sql =
            format!("update collection_case set ask_on = $1 where (customer_id, id) in (values {})", keys.join(","));
        tx.execute(AssertSqlSafe(sql), args![on]).await?;
    }
    Ok(())
}

/// Writes what a case has become; stale when somebody changed it meanwhile.
pub async fn update(tx: &mut Tx, case: &Case) -> Result<(), StoreError> {
    let (owner, lock, closed) = match &case.state {
        CaseState::Open { owner, lock } => (owner.map_or(0, |user| user.0), *lock, None),
        CaseState::Closed { on, reason } => (0, None, Some((*on, *reason))),
    };
    let closed_case = closed.is_some();
    tx.execute_one(
        // The last owner stays on a closed case, for reports.
        "update collection_case set owner_id = case when $1 = 1 then owner_id else $2 end, owner_role = $3, rung = $4, \
         closed_on = $5, closed_reason = $6, lock_by = $7, lock_until = $8, version = version + 1 \
         where customer_id = $9 and id = $10 and version = $11",
        args![
            i64::from(closed_case),
            owner,
            case.owner_role,
            case.rung,
            closed.map(|one| one.0),
            closed.map(|one| one.1),
            lock.map_or(0, |lock| lock.by.0),
            lock.map(|lock| lock.until),
            case.key.customer,
            case.key.case,
            case.version
        ],
    )
    .await
}

/// Takes a closed case from its last owner, for another or nobody.
pub(crate) async fn leave_closed(
    tx: &mut Tx,
    key: CaseKey,
    from: UserId,
    (to, role): (Option<UserId>, &str),
) -> Result<(), StoreError> {
    let sql = "update collection_case set owner_id = $1, owner_role = $2 \
         where customer_id = $3 and id = $4 and owner_id = $5 and closed_on is not null";
    tx.execute(sql, args![to.map_or(0, |user| user.0), role, key.customer, key.case, from]).await.map(drop)
}

/// Leaves every case that a person works.
pub async fn leave_all(tx: &mut Tx, by: UserId, but: CaseId) -> Result<(), StoreError> {
    tx.execute(
        "update collection_case set lock_by = 0, lock_until = null, version = version + 1 where lock_by = $1 and id <> $2",
        args![by, but],
    )
    .await?;
    Ok(())
}

/// The open case of a customer.
pub async fn open_of(tx: &mut Tx, customer: CustomerId) -> Result<Option<Case>, StoreError> {
    let mut w = Conditions::new();
    w.and_values("customer_id = ? and closed_on is null", args![customer]);
    tx.fetch_optional(w.select(COLUMNS, ""), w.args()).await?.as_ref().map(decode).transpose()
}

/// The open cases of these customers.
pub async fn open_of_all(tx: &mut Tx, customers: &[CustomerId]) -> Result<BTreeMap<CustomerId, Case>, StoreError> {
    let mut found = BTreeMap::new();
    for some in customers.chunks(500) {
        let mut w = Conditions::new();
        w.and_values("closed_on is null", args![]);
        w.one_of("customer_id", some);
        for row in tx.fetch_all(w.select(COLUMNS, ""), w.args()).await? {
            let case = decode(&row)?;
            found.insert(case.key.customer, case);
        }
    }
    Ok(found)
}

/// A case by its key alone, as it stands in an address.
pub async fn find(tx: &mut Tx, case: CaseId) -> Result<Option<Case>, StoreError> {
    let mut w = Conditions::new();
    w.and_values("id = ?", args![case]);
    tx.fetch_optional(w.select(COLUMNS, "limit 1"), w.args()).await?.as_ref().map(decode).transpose()
}

/// All cases of a customer, the latest first.
pub async fn all_of(tx: &mut Tx, customer: CustomerId) -> Result<Vec<Case>, StoreError> {
    let mut w = Conditions::new();
    w.and_values("customer_id = ?", args![customer]);
    tx.fetch_all(w.select(COLUMNS, "order by id desc limit 50"), w.args()).await?.iter().map(decode).collect()
}

/// Open cases of the customers behind `after` whose frequency must be looked at on a day, in order.
///
/// Plan: index `collection_case_ask`, once for each date that something waits for, seldom more than two.
pub async fn to_ask(tx: &mut Tx, on: Date, after: CustomerId, limit: i64) -> Result<Vec<Case>, StoreError> {
    let mut found = Vec::new();
    let mut from = Date::MIN;
    loop {
        let sql = "select min(ask_on) as next_on from collection_case \
             where closed_on is null and ask_on >= $1 and ask_on <= $2";
        let Some(date) = tx.fetch_one(sql, args![from, on]).await?.get::<Option<Date>>("next_on")? else { break };
        let mut w = Conditions::new();
        w.and_values("closed_on is null and ask_on = ? and customer_id > ?", args![date, after]);
        let tail = format!("order by customer_id limit {limit}");
        for row in tx.fetch_all(w.select(COLUMNS, &tail), w.args()).await? {
            found.push(decode(&row)?);
        }
        let Ok(next) = date.tomorrow() else { break };
        from = next;
    }
    found.sort_by_key(|case| case.key.customer);
    found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(found)
}

pub(crate) fn decode(row: &Row) -> Result<Case, StoreError> {
    let lock: i64 = row.get("lock_by")?;
    let until: Option<Timestamp> = row.get("lock_until")?;
    let owner: i64 = row.get("owner_id")?;
    let closed: Option<Date> = row.get("closed_on")?;
    let state = match closed {
        Some(on) => CaseState::Closed { on, reason: row.get("closed_reason")? },
        None => CaseState::Open {
            owner: (owner != 0).then_some(UserId(owner)),
            lock: until.map(|until| Lock { by: UserId(lock), until }),
        },
    };
    Ok(Case {
        key: CaseKey { customer: row.get("customer_id")?, case: row.get("id")? },
        number: row.get("number")?,
        branch: row.get("branch_id")?,
        team: row.get("team_id")?,
        manager: row.get("manager_id")?,
        owner_role: row.get("owner_role")?,
        rung: row.get("rung")?,
        opened_on: row.get("opened_on")?,
        state,
        version: row.get("version")?,
    })
}

/// Open cases per person.
pub async fn load(tx: &mut Tx) -> Result<BTreeMap<UserId, i64>, StoreError> {
    let sql = "select owner_id, count(*) as cases from collection_case where closed_on is null \
         and owner_id <> 0 group by owner_id";
    let rows = tx.fetch_all(sql, args![]).await?;
    rows.iter().map(|row| Ok((row.get("owner_id")?, row.get("cases")?))).collect()
}

/// Something that happened to a case (案件记录).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseEvent {
    /// `opened`, `transferred`, `rung`, `unlocked`, `closed`.
    pub kind: String,
    /// What it was.
    pub from: String,
    /// What it became.
    pub to: String,
    /// Why.
    pub reason: String,
    /// In words.
    pub note: String,
    /// When.
    pub at: Timestamp,
    /// By whom; empty is the system.
    pub by: String,
}

/// What is to be noted of a case.
#[derive(Debug, Clone, Copy)]
pub struct Note<'a> {
    /// `opened`, `transferred`, `rung`, `unlocked`, `closed`.
    pub kind: &'static str,
    /// What it was.
    pub from: &'a str,
    /// What it became.
    pub to: &'a str,
    /// Why.
    pub reason: &'a str,
    /// In words.
    pub note: &'a str,
}

/// Appends to the history of a case.
pub async fn note(work: &mut Work, key: CaseKey, note: &Note<'_>) -> Result<(), StoreError> {
    notes(work, &[(key, *note)]).await
}

/// Appends to the histories of many cases.
pub async fn notes(work: &mut Work, notes: &[(CaseKey, Note<'_>)]) -> Result<(), StoreError> {
    let (on, now, by) = (work.business_date, work.now, work.actor.recorded_by());
    let rows = notes
        .iter()
        .map(|(key, note)| {
            let id = work.next_id();
            args![key.customer, id, key.case, note.kind, note.from, note.to, note.reason, note.note, on, now, by]
        })
        .collect();
    let head = "insert into collection_case_event (customer_id, id, case_id, kind, from_value, to_value, reason, note, \
         effective_on, recorded_at, recorded_by)";
    work.tx.write_rows(head, "", rows).await.map(drop)
}

/// The history of a case, the latest first.
pub async fn history(tx: &mut Tx, key: CaseKey) -> Result<Vec<CaseEvent>, StoreError> {
    let rows = tx
        .fetch_all(
            "select e.kind, e.from_value, e.to_value, e.reason, e.note, e.recorded_at, coalesce(u.name, '') as by_name \
             from collection_case_event e left join user_view u on u.id = e.recorded_by \
             where e.customer_id = $1 and e.case_id = $2 order by e.id desc limit 200",
            args![key.customer, key.case],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(CaseEvent {
                kind: row.get("kind")?,
                from: row.get("from_value")?,
                to: row.get("to_value")?,
                reason: row.get("reason")?,
                note: row.get("note")?,
                at: row.get("recorded_at")?,
                by: row.get("by_name")?,
            })
        })
        .collect()
}

/// A person's name; empty for nobody.
pub async fn user_name(tx: &mut Tx, user: UserId) -> Result<String, StoreError> {
    let row = tx.fetch_optional("select name from user_view where id = $1", args![user]).await?;
    row.map_or_else(|| Ok(String::new()), |row| row.get("name"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_behind_the_last_that_fits_is_asked_for() {
        let with = |customers: &[i64], limit| Nearest {
            customers: customers.iter().copied().map(CustomerId).collect(),
            limit,
        };
        assert_eq!(with(&[], 2).last(), CustomerId(i64::MAX));
        assert_eq!(with(&[7], 2).last(), CustomerId(i64::MAX), "another one still fits");
        assert_eq!(with(&[9, 3, 7], 2).last(), CustomerId(7), "those behind the second are for the next batch");
    }
}
