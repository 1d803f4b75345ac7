//! Table `conduct_finding`.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;
use platform::access::DataScope;
use platform::args;
use platform::db::{Conditions, Row, StoreError, Tx};
use platform::id::CustomerId;
use platform::work::Work;

use super::model::{Finding, FindingId, FindingKind, NewFinding, Opinion, Review};
use crate::known::Pieces;

const SELECT: &str = "select f.customer_id, f.id, c.name, f.kind, f.rule, f.article, f.detail, f.channel, f.collector_id, \
     f.happened_at, f.verdict, f.opinion, f.reviewed_at, f.reviewed_by \
     from conduct_finding f join customer_view c on c.customer_id = f.customer_id";

fn decode(row: &Row) -> Result<Finding, StoreError> {
    let review = match row.get::<Option<Opinion>>("verdict")? {
        None => None,
        Some(opinion) => Some(Review {
            opinion,
            words: row.get::<Option<String>>("opinion")?.unwrap_or_default(),
            at: row.get("reviewed_at")?,
            by: row.get("reviewed_by")?,
        }),
    };
    Ok(Finding {
        customer: row.get("customer_id")?,
        id: row.get("id")?,
        name: row.get("name")?,
        kind: row.get("kind")?,
        rule: row.get("rule")?,
        article: row.get("article")?,
        detail: row.get("detail")?,
        channel: row.get("channel")?,
        collector: row.get("collector_id")?,
        happened_at: row.get("happened_at")?,
        review,
    })
}

pub(super) async fn insert(work: &mut Work, new: &NewFinding) -> Result<FindingId, StoreError> {
    let owner = match new.owner {
        Some(owner) => Some(owner),
        None => customers::load(&mut work.tx, new.customer).await?.map(|file| (file.branch, file.team, file.manager)),
    };
    let (branch, team, manager) = owner.map_or((0, None, 0), |(branch, team, manager)| (branch.0, team, manager.0));
    let id = FindingId(work.next_id());
    let now = work.now;
    work.tx
        .execute(
            "insert into conduct_finding (customer_id, id, kind, rule, article, detail, channel, party, collector_id, \
             agency_id, branch_id, team_id, manager_id, allowance_id, happened_at, found_at) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
            args![
                new.customer,
                id,
                new.kind,
                new.rule,
                new.article,
                new.detail,
                new.channel,
                new.party,
                new.collector,
                new.agency,
                branch,
                team,
                manager,
                new.allowance,
                new.happened_at,
                now
            ],
        )
        .await?;
    Ok(id)
}

/// Limits a query to what a person may see; whoever may see only his own sees what he did himself.
pub(super) fn within(conditions: &mut Conditions, scope: DataScope) {
    for (column, value) in
        [("f.branch_id = ?", scope.branch), ("f.team_id = ?", scope.team), ("f.collector_id = ?", scope.manager)]
    {
        if value != 0 {
            conditions.and_values(column, args![value]);
        }
    }
}

/// A page of findings.
pub(super) async fn page(
    tx: &mut Tx,
    conditions: &Conditions,
    (order, limit, offset): (&str, i64, i64),
) -> Result<Vec<Finding>, StoreError> {
    let tail = format!("order by {order} limit {limit} offset {offset}");
    let rows = tx.fetch_all(conditions.select(SELECT, &tail), conditions.args()).await?;
    rows.iter().map(decode).collect()
}

/// The findings of a file that were made until a moment, in order. More than so many are not read.
pub(crate) async fn found_until(
    tx: &mut Tx,
    customer: CustomerId,
    at: Timestamp,
    most: i64,
) -> Result<Vec<Finding>, StoreError> {
    let pieces = Pieces { head: SELECT, key: "f.id > ?", order: "order by f.id", most };
    let filter = |w: &mut Conditions| {
        w.and_values("f.customer_id = ? and f.found_at <= ?", args![customer, at]);
    };
    pieces.read(tx, filter, decode).await
}

/// How many findings of each kind there are, and how many nobody looked at yet (各类合计).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Totals {
    /// All.
    pub all: i64,
    /// Refused by the guard.
    pub refused: i64,
    /// Flagged.
    pub flagged: i64,
    /// Unlawful.
    pub unlawful: i64,
    /// Without a review.
    pub open: i64,
}

pub(super) async fn totals(tx: &mut Tx, conditions: &Conditions) -> Result<Totals, StoreError> {
    let head = "select count(*) as n, coalesce(sum(case when f.kind = 'refused' then 1 else 0 end), 0) as refused, \
         coalesce(sum(case when f.kind = 'flagged' then 1 else 0 end), 0) as flagged, \
         coalesce(sum(case when f.kind = 'unlawful' then 1 else 0 end), 0) as unlawful, \
         coalesce(sum(case when f.verdict is null then 1 else 0 end), 0) as unreviewed \
         from conduct_finding f join customer_view c on c.customer_id = f.customer_id";
    let row = tx.fetch_one(conditions.select(head, ""), conditions.args()).await?;
    Ok(Totals {
        all: row.get("n")?,
        refused: row.get("refused")?,
        flagged: row.get("flagged")?,
        unlawful: row.get("unlawful")?,
        open: row.get("unreviewed")?,
    })
}

/// Findings of one collector by rule and kind (按催收员汇总).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CollectorCount {
    /// Who; 0 the system.
    pub collector: i64,
    /// What kind.
    pub kind: FindingKind,
    /// How many.
    pub findings: i64,
}

pub(super) async fn by_collector(tx: &mut Tx, conditions: &Conditions) -> Result<Vec<CollectorCount>, StoreError> {
    let head = "select f.collector_id, f.kind, count(*) as n from conduct_finding f \
         join customer_view c on c.customer_id = f.customer_id";
    let tail = "group by f.collector_id, f.kind order by f.collector_id, f.kind limit 500";
    let rows = tx.fetch_all(conditions.select(head, tail), conditions.args()).await?;
    rows.iter()
        .map(|row| {
            Ok(CollectorCount { collector: row.get("collector_id")?, kind: row.get("kind")?, findings: row.get("n")? })
        })
        .collect()
}

/// The civil days since a moment on which the guard refused contacts with somebody who owes under one of these rules, file by
/// file: who owes nothing is not contacted to meet a frequency.
pub(crate) async fn refused_days(
    tx: &mut Tx,
    customers: &[CustomerId],
    rules: &[String],
    since: Timestamp,
) -> Result<BTreeMap<CustomerId, BTreeSet<Date>>, StoreError> {
    let mut found: BTreeMap<CustomerId, BTreeSet<Date>> = BTreeMap::new();
    if customers.is_empty() || rules.is_empty() {
        return Ok(found);
    }
    let mut w = Conditions::new();
    w.and_values("f.kind = 'refused' and f.happened_at >= ?", args![since]);
    w.and_values("f.party in ('debtor', 'co-obligor', 'guarantor')", args![]);
    w.one_of("f.customer_id", customers);
    w.one_of("f.rule", rules);
    let head = "select f.customer_id, f.happened_at from conduct_finding f";
    for row in tx.fetch_all(w.select(head, "order by f.customer_id, f.id limit 20000"), w.args()).await? {
        let day = platform::clock::civil_day(row.get("happened_at")?);
        found.entry(row.get("customer_id")?).or_default().insert(day);
    }
    Ok(found)
}

/// One finding.
pub(super) async fn load(tx: &mut Tx, customer: CustomerId, id: FindingId) -> Result<Option<Finding>, StoreError> {
    let mut conditions = Conditions::new();
    conditions.and_values("f.customer_id = ?", args![customer]).and_values("f.id = ?", args![id]);
    Ok(page(tx, &conditions, ("f.id", 1, 0)).await?.into_iter().next())
}

pub(super) async fn review(
    work: &mut Work,
    finding: &Finding,
    opinion: Opinion,
    words: &str,
) -> Result<(), StoreError> {
    let (now, by) = (work.now, work.actor.recorded_by());
    work.tx
        .execute_one(
            "update conduct_finding set verdict = $1, opinion = $2, reviewed_at = $3, reviewed_by = $4 \
             where customer_id = $5 and id = $6 and verdict is null",
            args![opinion, words, now, by, finding.customer, finding.id],
        )
        .await
}
