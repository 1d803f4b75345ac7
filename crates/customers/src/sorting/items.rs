//! Tables `sorting_item`, `sorting_finding`: the customers of a project and what happened to each.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use platform::access::DataScope;
use platform::args;
use platform::db::{Conditions, Row, StoreError, Tx, Value};
use platform::id::{BranchId, CustomerId, TeamId, UserId};
use platform::work::Work;

use super::model::{FindingKind, Item, ItemId, ItemState, ProblemId, Project, ProjectId, Scope};
use crate::customer::store::within;
use crate::statement::industry;

const COLUMNS: &str = "select i.customer_id, i.id, i.project_id, i.assignee_id, i.state, i.turn, i.before_json, i.due_on, \
     i.priority, i.verified_on, i.verified_by, i.filled, i.wanted, i.defaulted, i.reviewed_on, i.reviewed_by, i.version \
     from sorting_item i";

/// The place of who is monitored first, and of all others.
pub(super) const KEY: i64 = 1;
const OTHERS: i64 = 2;

fn decode(row: &Row) -> Result<Item, StoreError> {
    let before: String = row.get("before_json")?;
    let corrupt =
        |found: String| StoreError::Corrupt { column: "before_json".to_owned(), expected: "outcomes by axis", found };
    Ok(Item {
        customer: row.get("customer_id")?,
        id: row.get("id")?,
        project: row.get("project_id")?,
        assignee: row.get("assignee_id")?,
        state: row.get("state")?,
        turn: row.get("turn")?,
        before: serde_json::from_str(&before).map_err(|error| corrupt(error.to_string()))?,
        due_on: row.get("due_on")?,
        key: row.get::<i64>("priority")? == KEY,
        verified_on: row.get("verified_on")?,
        verified_by: row.get("verified_by")?,
        filled: row.get("filled")?,
        wanted: row.get("wanted")?,
        defaulted: row.get::<Option<i64>>("defaulted")?.map(|flag| flag == 1),
        reviewed_on: row.get("reviewed_on")?,
        reviewed_by: row.get("reviewed_by")?,
        version: row.get("version")?,
    })
}

/// A customer that a project may take (候选客户).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Candidate {
    pub customer: CustomerId,
    pub number: String,
    pub name: String,
    pub branch: BranchId,
    pub team: Option<TeamId>,
    pub manager: UserId,
    pub before: BTreeMap<String, String>,
}

/// Whether an industry code lies under what a scope names: a section, or the beginning of the digits.
pub(super) fn in_industry(code: &str, wanted: &str) -> bool {
    let digits = |text: &str| text.trim_start_matches(|c: char| c.is_ascii_uppercase()).to_owned();
    let (own, asked) = (digits(code), digits(wanted));
    let letter = wanted.strip_suffix(asked.as_str()).unwrap_or_default();
    let section = industry::of_code(code).map(|one| one.section);
    own.starts_with(&asked) && (letter.is_empty() || section == Some(letter))
}

fn narrowed(reach: DataScope, scope: &Scope) -> Conditions {
    let mut w = within(reach);
    // Who has two files is gone over once.
    w.and_values("not exists (select 1 from customer_merge_view g where g.customer_id = c.customer_id)", args![]);
    if let Some(branch) = scope.branch {
        w.and("c.branch_id = ?", [&branch]);
    }
    if let Some(kind) = scope.kind {
        w.and("c.kind = ?", [&kind]);
    }
    if let Some(manager) = scope.manager {
        w.and("c.manager_id = ?", [&manager]);
    }
    if !scope.axis.is_empty() {
        w.and_values(
            "exists (select 1 from customer_standing s where s.customer_id = c.customer_id and s.axis = ? \
             and s.outcome = ?)",
            args![scope.axis, scope.outcome],
        );
    }
    w
}

/// The customers of a scope within somebody's reach, with their outcomes on these axes.
pub(super) async fn candidates(
    tx: &mut Tx,
    reach: DataScope,
    scope: &Scope,
    axes: &[String],
    most: i64,
) -> Result<Vec<Candidate>, StoreError> {
    let w = narrowed(reach, scope);
    let head = "select c.customer_id, c.number, c.name, c.branch_id, c.team_id, c.manager_id from customer c";
    // One more than may be: who calls sees that there are too many. An industry narrows only afterwards.
    let tail = match scope.industry.is_empty() {
        true => format!("order by c.customer_id limit {}", most.saturating_add(1)),
        false => "order by c.customer_id".to_owned(),
    };
    let mut found: BTreeMap<CustomerId, Candidate> = BTreeMap::new();
    for row in tx.fetch_all(w.select(head, &tail), w.args()).await? {
        let customer = row.get("customer_id")?;
        let one = Candidate {
            customer,
            number: row.get("number")?,
            name: row.get("name")?,
            branch: row.get("branch_id")?,
            team: row.get("team_id")?,
            manager: row.get("manager_id")?,
            before: BTreeMap::new(),
        };
        found.insert(customer, one);
    }
    if !scope.industry.is_empty() {
        let codes = codes(tx, reach, scope).await?;
        found.retain(|id, _| codes.get(id).is_some_and(|code| in_industry(code, &scope.industry)));
    }
    let mut w = narrowed(reach, scope);
    w.one_of("t.axis", axes);
    let head = "select t.customer_id, t.axis, t.outcome from customer_standing t \
                join customer c on c.customer_id = t.customer_id";
    for row in tx.fetch_all(w.select(head, ""), w.args()).await? {
        if let Some(one) = found.get_mut(&row.get("customer_id")?) {
            one.before.insert(row.get("axis")?, row.get("outcome")?);
        }
    }
    Ok(found.into_values().collect())
}

/// The industry codes of the customers of a scope, as stated last.
async fn codes(tx: &mut Tx, reach: DataScope, scope: &Scope) -> Result<BTreeMap<CustomerId, String>, StoreError> {
    let mut w = narrowed(reach, scope);
    w.and_values("d.item = 'industry_code'", args![]);
    let head = "select d.customer_id, d.value from customer_datum d join customer c on c.customer_id = d.customer_id";
    let mut found = BTreeMap::new();
    for row in tx.fetch_all(w.select(head, "order by d.customer_id, d.effective_on, d.id"), w.args()).await? {
        // The latest of them holds; one taken back leaves the industry unknown.
        match row.get::<Option<String>>("value")? {
            Some(code) => found.insert(row.get("customer_id")?, code),
            None => found.remove(&row.get("customer_id")?),
        };
    }
    Ok(found)
}

/// Writes the customers of a project, many rows a statement.
pub(super) async fn insert(work: &mut Work, project: &Project, items: &[Item]) -> Result<(), StoreError> {
    let (now, by, on) = (work.now, work.actor.recorded_by(), work.business_date);
    let row = |one: &Item| -> Vec<Value> {
        let before = serde_json::json!(one.before).to_string();
        let state = ItemState::Open;
        let priority = if one.key { KEY } else { OTHERS };
        let place =
            args![one.customer, one.id, project.id, one.assignee, state, one.turn, before, one.due_on, priority];
        place.into_iter().chain(args![on, now, by]).collect()
    };
    let rows = items.iter().map(row).collect();
    let head = "insert into sorting_item (customer_id, id, project_id, assignee_id, state, turn, before_json, due_on, \
                priority, effective_on, recorded_at, recorded_by)";
    work.tx.write_rows(head, "", rows).await.map(drop)
}

/// One customer of a project.
pub async fn find(tx: &mut Tx, id: ItemId) -> Result<Option<Item>, StoreError> {
    let mut w = Conditions::new();
    w.and_values("i.id = ?", args![id]);
    tx.fetch_optional(w.select(COLUMNS, ""), w.args()).await?.as_ref().map(decode).transpose()
}

/// All shown customers of a project.
pub async fn of_project(tx: &mut Tx, project: ProjectId) -> Result<Vec<Item>, StoreError> {
    let mut w = Conditions::new();
    w.and_values(
        "i.project_id = ? and exists (select 1 from customer c where c.customer_id = i.customer_id \
         and c.state = 'active')",
        args![project],
    );
    tx.fetch_all(w.select(COLUMNS, "order by i.customer_id"), w.args()).await?.iter().map(decode).collect()
}

/// Writes where a customer of a project stands; whoever comes second is refused.
pub(super) async fn update(tx: &mut Tx, one: &mut Item) -> Result<(), StoreError> {
    tx.execute_one(
        "update sorting_item set assignee_id = $1, state = $2, turn = $3, due_on = $4, verified_on = $5, \
         verified_by = $6, filled = $7, wanted = $8, defaulted = $9, reviewed_on = $10, reviewed_by = $11, \
         version = version + 1 where customer_id = $12 and id = $13 and version = $14",
        args![
            one.assignee,
            one.state,
            one.turn,
            one.due_on,
            one.verified_on,
            one.verified_by,
            one.filled,
            one.wanted,
            one.defaulted,
            one.reviewed_on,
            one.reviewed_by,
            one.customer,
            one.id,
            one.version
        ],
    )
    .await?;
    one.version += 1;
    Ok(())
}

/// How many shown customers of a project stand where, within somebody's reach.
pub async fn counts(tx: &mut Tx, project: ProjectId, reach: DataScope) -> Result<BTreeMap<ItemState, i64>, StoreError> {
    let mut w = within(reach);
    w.and("i.project_id = ?", [&project]);
    let head = "select i.state, count(*) as n from sorting_item i join customer c on c.customer_id = i.customer_id";
    let rows = tx.fetch_all(w.select(head, "group by i.state"), w.args()).await?;
    rows.iter().map(|row| Ok((row.get("state")?, row.get("n")?))).collect()
}

/// How many of those monitored first are still to be verified, within somebody's reach.
pub async fn key_open(tx: &mut Tx, project: ProjectId, reach: DataScope) -> Result<i64, StoreError> {
    let mut w = within(reach);
    w.and("i.project_id = ?", [&project]).and_values("i.priority = 1 and i.state in ('open', 'returned')", args![]);
    let head = "select count(*) as n from sorting_item i join customer c on c.customer_id = i.customer_id";
    tx.fetch_one(w.select(head, ""), w.args()).await?.get("n")
}

/// How many customers of a project were on each outcome of an axis before, and are now, within somebody's reach.
pub async fn outcomes(
    tx: &mut Tx,
    project: ProjectId,
    reach: DataScope,
) -> Result<BTreeMap<CustomerId, BTreeMap<String, String>>, StoreError> {
    let mut w = within(reach);
    w.and("i.project_id = ?", [&project]);
    let head = "select t.customer_id, t.axis, t.outcome from customer_standing t \
                join sorting_item i on i.customer_id = t.customer_id join customer c on c.customer_id = t.customer_id";
    let mut found: BTreeMap<CustomerId, BTreeMap<String, String>> = BTreeMap::new();
    for row in tx.fetch_all(w.select(head, ""), w.args()).await? {
        found.entry(row.get("customer_id")?).or_default().insert(row.get("axis")?, row.get("outcome")?);
    }
    Ok(found)
}

/// Something that happened to a customer of a project (梳理经过).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What.
    pub kind: FindingKind,
    /// Of a verification: by which way.
    pub method: String,
    /// When it was held.
    pub on: Date,
    /// In words.
    pub detail: String,
    /// When it was recorded.
    pub at: Timestamp,
    /// By whom; empty is the system.
    pub by: String,
}

/// What is appended to the course of an item.
pub(super) struct NewFinding<'a> {
    pub kind: FindingKind,
    pub method: &'a str,
    pub on: Date,
    pub detail: &'a str,
    pub problem: Option<ProblemId>,
}

/// Appends what happened.
pub(super) async fn note(
    work: &mut Work,
    (customer, item): (CustomerId, ItemId),
    new: &NewFinding<'_>,
) -> Result<(), StoreError> {
    let (id, today, now, by) = (work.next_id(), work.business_date, work.now, work.actor.recorded_by());
    work.tx
        .execute(
            "insert into sorting_finding (customer_id, id, item_id, problem_id, kind, method, held_on, detail, \
             effective_on, recorded_at, recorded_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
            args![customer, id, item, new.problem, new.kind, new.method, new.on, new.detail.trim(), today, now, by],
        )
        .await
        .map(drop)
}

/// The course of an item.
pub async fn findings(tx: &mut Tx, item: &Item) -> Result<Vec<Finding>, StoreError> {
    let rows = tx
        .fetch_all(
            "select f.kind, f.method, f.held_on, f.detail, f.recorded_at, coalesce(u.name, '') as by_name \
             from sorting_finding f left join user_view u on u.id = f.recorded_by \
             where f.customer_id = $1 and f.item_id = $2 order by f.id limit 500",
            args![item.customer, item.id],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Finding {
                kind: row.get("kind")?,
                method: row.get("method")?,
                on: row.get("held_on")?,
                detail: row.get("detail")?,
                at: row.get("recorded_at")?,
                by: row.get("by_name")?,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    // S3-24. Rule sorting.scope
    #[test]
    fn an_industry_lies_under_its_section_and_under_the_beginning_of_its_digits() {
        let rows = [
            ("C2110", "C", true),
            ("C2110", "21", true),
            ("2110", "C21", true),
            ("2110", "C", true),
            ("2110", "F", false),
            ("C2110", "11", false),
            ("F51", "5", true),
        ];
        for (code, wanted, under) in rows {
            assert_eq!(in_industry(code, wanted), under, "{code} {wanted}");
        }
    }
}
