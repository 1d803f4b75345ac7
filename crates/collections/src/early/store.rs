//! Table `early_start`, and who is collected from although nothing is overdue.

use std::collections::{BTreeMap, BTreeSet};

use finance::Fen;
use jiff::civil::Date;
use platform::args;
use platform::db::{Conditions, Row, StoreError, Tx};
use platform::id::{CustomerId, UserId};
use platform::work::Work;
use servicing::loan::model::LoanKey;

use super::model::{EarlyStart, EarlyStartId, NewStart, StartKind};
use crate::case::start::{Ground, Known, ground};
use crate::case::start_store;
use crate::case::store::Arrears;

/// The most starts that a page shows.
const LIMIT: i64 = 200;

/// What keeps a case although nothing is overdue (未逾期立案情况).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Early {
    /// Why.
    pub ground: Ground,
    /// Branch, team and manager of the oldest loan that runs; nothing is overdue.
    pub footing: Arrears,
}

fn decode(row: &Row) -> Result<EarlyStart, StoreError> {
    let (on, why): (Option<Date>, Option<String>) = (row.get("ended_on")?, row.get("ended_reason")?);
    Ok(EarlyStart {
        customer: row.get("customer_id")?,
        id: row.get("id")?,
        kind: row.get("kind")?,
        happened_on: row.get("happened_on")?,
        reason: row.get("reason")?,
        evidence: row.get("evidence")?,
        ended: on.zip(why),
        by: row.get("by_name")?,
    })
}

/// The starts of a customer, those that stand first.
pub async fn of_customer(tx: &mut Tx, customer: CustomerId) -> Result<Vec<EarlyStart>, StoreError> {
    let sql = "select s.customer_id, s.id, s.kind, s.happened_on, s.reason, s.evidence, s.ended_on, s.ended_reason, \
         coalesce(u.name, '') as by_name from early_start s left join user_view u on u.id = s.recorded_by \
         where s.customer_id = $1 order by case when s.ended_on is null then 0 else 1 end, s.id desc limit $2";
    tx.fetch_all(sql, args![customer, LIMIT]).await?.iter().map(decode).collect()
}

/// Writes a new start.
pub(super) async fn insert(work: &mut Work, customer: CustomerId, new: &NewStart) -> Result<EarlyStartId, StoreError> {
    let id = EarlyStartId(work.next_id());
    let (on, now, by) = (work.business_date, work.now, work.actor.recorded_by());
    let sql = "insert into early_start (customer_id, id, kind, happened_on, reason, evidence, effective_on, recorded_at, \
         recorded_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    let row = args![customer, id, new.kind, new.happened_on, new.reason.clone(), new.evidence.clone(), on, now, by];
    work.tx.execute(sql, row).await?;
    Ok(id)
}

/// Ends a start that stands; whoever comes second is refused.
pub(super) async fn end(work: &mut Work, start: &EarlyStart, reason: &str) -> Result<(), StoreError> {
    let (on, now, by) = (work.business_date, work.now, work.actor.recorded_by());
    let sql = "update early_start set ended_on = $1, ended_reason = $2, ended_at = $3, ended_by = $4 \
         where customer_id = $5 and id = $6 and ended_on is null";
    work.tx.execute_one(sql, args![on, reason, now, by, start.customer, start.id]).await
}

/// The loans of these customers that run and of which nothing is overdue, the oldest first, as what a case stands on.
async fn footings(
    tx: &mut Tx,
    customers: &[CustomerId],
    on: Date,
) -> Result<BTreeMap<CustomerId, Arrears>, StoreError> {
    let mut found: BTreeMap<CustomerId, Arrears> = BTreeMap::new();
    let mut w = Conditions::new();
    w.and_values("v.state = 'active' and v.status = 'current'", args![]).one_of("v.customer_id", customers);
    let head = "select v.customer_id, v.branch_id, v.team_id, v.manager_id, k.name from loan_view v \
         join customer_view k on k.customer_id = v.customer_id";
    for row in tx.fetch_all(w.select(head, "order by v.customer_id, v.loan_id"), w.args()).await? {
        let manager: UserId = row.get("manager_id")?;
        if let Some(known) = found.get_mut(&row.get("customer_id")?) {
            known.managers.insert(manager);
            continue;
        }
        let first = Arrears {
            oldest_due_on: on,
            overdue: Fen::ZERO,
            loans: 0,
            branch: row.get("branch_id")?,
            team: row.get("team_id")?,
            manager,
            managers: BTreeSet::from([manager]),
            name: row.get("name")?,
        };
        found.insert(row.get("customer_id")?, first);
    }
    Ok(found)
}

/// Those of these customers, of whom nothing is overdue, about whom a collection stands all the same, and why (rule
/// `case.start-early`, S2.3-01): a loan runs, and the borrower is dead or disappeared, or a loan was called or its contract
/// ended, or it matured, cannot be paid and has no other terms to come.
///
/// # Errors
/// The store's.
pub async fn standing(
    tx: &mut Tx,
    customers: &[CustomerId],
    on: Date,
) -> Result<BTreeMap<CustomerId, Early>, StoreError> {
    let mut found = BTreeMap::new();
    for some in customers.chunks(500) {
        let mut known: BTreeMap<CustomerId, Known> = BTreeMap::new();
        let mut w = Conditions::new();
        w.and_values("f.kind = 'death' and f.lifted_at is null", args![]).one_of("f.customer_id", some);
        for row in tx.fetch_all(w.select("select distinct f.customer_id from stop_flag f", ""), w.args()).await? {
            known.entry(row.get("customer_id")?).or_default().dead = true;
        }
        let mut w = Conditions::new();
        w.and_values("s.ended_on is null", args![]).one_of("s.customer_id", some);
        for row in tx.fetch_all(w.select("select s.customer_id, s.kind from early_start s", ""), w.args()).await? {
            let (one, told) =
                (known.entry(row.get("customer_id")?).or_default(), row.get::<StartKind>("kind")?.known());
            one.missing |= told.missing;
            one.recalled |= told.recalled;
            one.matured |= told.matured;
            one.unable |= told.unable;
        }
        let mut w = Conditions::new();
        // New terms agreed since the call end it.
        let called = "v.status = 'current' and v.state = 'active' and t.kind = 'accelerate' and t.reversed_at is null \
             and not exists (select 1 from loan_transaction_view n where n.customer_id = t.customer_id \
             and n.loan_id = t.loan_id and n.kind in ('extend', 'restructure') and n.reversed_at is null \
             and n.transaction_id > t.transaction_id)";
        w.and_values(called, args![]).one_of("v.customer_id", some);
        let head = "select distinct v.customer_id from loan_view v \
             join loan_transaction_view t on t.customer_id = v.customer_id and t.loan_id = v.loan_id";
        for row in tx.fetch_all(w.select(head, ""), w.args()).await? {
            known.entry(row.get("customer_id")?).or_default().recalled = true;
        }
        let about: Vec<CustomerId> = known.keys().copied().collect();
        if about.is_empty() {
            continue;
        }
        let footings = footings(tx, &about, on).await?;
        for (customer, mut one) in known {
            let Some(footing) = footings.get(&customer) else { continue };
            if one.unable {
                one.other_terms = !hopeless(tx, customer, on).await?;
            }
            match ground(one) {
                // What is known starts nothing.
                Ground::Overdue => {}
                ground @ (Ground::Dead | Ground::Missing | Ground::Recalled | Ground::Matured) => {
                    found.insert(customer, Early { ground, footing: footing.clone() });
                }
            }
        }
    }
    Ok(found)
}

/// The loans of a customer that run although their last day has come.
pub(super) async fn matured(tx: &mut Tx, customer: CustomerId, on: Date) -> Result<Vec<LoanKey>, StoreError> {
    let sql = "select v.customer_id, v.loan_id from loan_view v where v.customer_id = $1 and v.state = 'active' \
         and v.status = 'current' and v.maturity_on <= $2 order by v.loan_id limit $3";
    let rows = tx.fetch_all(sql, args![customer, on, LIMIT]).await?;
    rows.iter().map(|row| Ok(LoanKey { customer: row.get("customer_id")?, loan: row.get("loan_id")? })).collect()
}

/// Whether a matured loan of a customer has no other terms to come: one is enough.
async fn hopeless(tx: &mut Tx, customer: CustomerId, on: Date) -> Result<bool, StoreError> {
    for loan in matured(tx, customer, on).await? {
        if !start_store::waits_for_other_terms(tx, loan).await? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The next customers behind `after` whose case the close must look at: something stands and no case is open, or something
/// ended on one of these days. Those who died before and owe nothing any more are left out.
///
/// Plan: `stop_flag_death`, `early_start_standing` and `early_start_ended`, which hold few.
///
/// # Errors
/// The store's.
pub async fn to_look_at(
    tx: &mut Tx,
    (from, to): (Date, Date),
    after: CustomerId,
    limit: i64,
) -> Result<BTreeSet<CustomerId>, StoreError> {
    let mut found = BTreeSet::new();
    let dead = "select f.customer_id from stop_flag f where f.kind = 'death' and f.lifted_at is null \
         and f.customer_id > $1 and exists (select 1 from loan_view v where v.customer_id = f.customer_id \
         and v.state = 'active' and v.status = 'current') and not exists (select 1 from collection_case c \
         where c.customer_id = f.customer_id and c.closed_on is null) order by f.customer_id limit $2";
    let started = "select distinct s.customer_id from early_start s where s.ended_on is null and s.customer_id > $1 \
         and exists (select 1 from loan_view v where v.customer_id = s.customer_id \
         and v.state = 'active' and v.status = 'current') and not exists (select 1 from collection_case c \
         where c.customer_id = s.customer_id and c.closed_on is null) order by s.customer_id limit $2";
    for sql in [dead, started] {
        for row in tx.fetch_all(sql, args![after, limit]).await? {
            found.insert(row.get("customer_id")?);
        }
    }
    let ended = "select distinct s.customer_id from early_start s where s.ended_on in ($1, $2) and s.customer_id > $3 \
         order by s.customer_id limit $4";
    for row in tx.fetch_all(ended, args![from, to, after, limit]).await? {
        found.insert(row.get("customer_id")?);
    }
    Ok(found)
}
