//! Tables `approval` and `approval_opinion`.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::de::DeserializeOwned;

use super::heading::Heading;
use super::model::{Approval, ApprovalId, ApprovalState, Missing};
use crate::access::{Actor, DataScope};
use crate::args;
use crate::db::{Conditions, Row, StoreError, Tx};
use crate::id::{BranchId, CustomerId};

const COLUMNS: &str = "customer_id, id, kind, subject, title, payload_json, amount_fen, priority_note, maker, branch_id, chain_json, \
    chain_title, rule, article, policy_version, step, state, missing_json, submitted_on, submitted_at, decided_on, version";

fn json<T: DeserializeOwned>(row: &Row, column: &str) -> Result<T, StoreError> {
    let text: String = row.get(column)?;
    serde_json::from_str(&text).map_err(|_| StoreError::Corrupt {
        column: column.to_owned(),
        expected: "JSON of its type",
        found: format!("a text of {} bytes", text.len()),
    })
}

fn decode(row: &Row) -> Result<Approval, StoreError> {
    let corrupt =
        |expected: &'static str, found: String| StoreError::Corrupt { column: "state".to_owned(), expected, found };
    let step = usize::try_from(row.get::<i64>("step")?).map_err(|_| corrupt("step", "a negative number".to_owned()))?;
    let decided = |row: &Row| -> Result<Date, StoreError> { row.get("decided_on") };
    let state = match row.get::<String>("state")?.as_str() {
        "pending" => ApprovalState::Pending { step },
        "returned" => ApprovalState::Returned { step, missing: json(row, "missing_json")? },
        "approved" => ApprovalState::Approved { on: decided(row)? },
        "rejected" => ApprovalState::Rejected { on: decided(row)? },
        "withdrawn" => ApprovalState::Withdrawn { on: decided(row)? },
        other => return Err(corrupt("state of an approval", other.to_owned())),
    };
    Ok(Approval {
        id: row.get("id")?,
        customer: CustomerId(row.get("customer_id")?),
        kind: row.get("kind")?,
        subject: row.get("subject")?,
        title: Heading::from_column(row.get("title")?),
        payload: json(row, "payload_json")?,
        amount: row.get("amount_fen")?,
        priority: row.get::<Option<String>>("priority_note")?.map(Heading::from_column),
        maker: row.get("maker")?,
        branch: BranchId(row.get("branch_id")?),
        chain: json(row, "chain_json")?,
        chain_title: Heading::from_column(row.get("chain_title")?),
        rule: row.get("rule")?,
        article: row.get("article")?,
        policy_version: row.get("policy_version")?,
        state,
        decided_by: BTreeSet::new(),
        submitted_on: row.get("submitted_on")?,
        submitted_at: row.get("submitted_at")?,
        version: row.get("version")?,
    })
}

fn step_of(approval: &Approval) -> usize {
    match &approval.state {
        ApprovalState::Pending { step } | ApprovalState::Returned { step, .. } => *step,
        ApprovalState::Approved { .. } | ApprovalState::Rejected { .. } | ApprovalState::Withdrawn { .. } => {
            approval.chain.len()
        }
    }
}

/// `|a|b|` of the roles that may decide now; empty when nobody may.
fn step_roles(approval: &Approval) -> String {
    approval.open_step().map_or_else(String::new, |roles| format!("|{}|", roles.join("|")))
}

fn decided_on(approval: &Approval) -> Option<Date> {
    match &approval.state {
        ApprovalState::Pending { .. } | ApprovalState::Returned { .. } => None,
        ApprovalState::Approved { on } | ApprovalState::Rejected { on } | ApprovalState::Withdrawn { on } => Some(*on),
    }
}

fn missing_json(approval: &Approval) -> String {
    let missing: &[Missing] = match &approval.state {
        ApprovalState::Returned { missing, .. } => missing,
        ApprovalState::Pending { .. }
        | ApprovalState::Approved { .. }
        | ApprovalState::Rejected { .. }
        | ApprovalState::Withdrawn { .. } => &[],
    };
    serde_json::json!(missing).to_string()
}

pub(super) async fn insert(tx: &mut Tx, it: &Approval) -> Result<(), StoreError> {
    tx.execute(
        "insert into approval (customer_id, id, kind, subject, title, payload_json, amount_fen, priority_note, maker, branch_id, \
         chain_json, chain_title, rule, article, policy_version, step, step_roles, state, missing_json, submitted_on, \
         submitted_at, version) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)",
        args![
            it.customer,
            it.id,
            it.kind,
            it.subject,
            it.title.to_column(),
            it.payload.to_string(),
            it.amount,
            it.priority.as_ref().map(Heading::to_column),
            it.maker,
            it.branch,
            serde_json::json!(it.chain).to_string(),
            it.chain_title.to_column(),
            it.rule,
            it.article,
            it.policy_version,
            step_of(it),
            step_roles(it),
            it.state.as_str(),
            missing_json(it),
            it.submitted_on,
            it.submitted_at,
            it.version
        ],
    )
    .await
    .map(drop)
}

/// Writes where an approval stands now; stale when somebody moved it meanwhile.
pub(super) async fn update(tx: &mut Tx, it: &Approval, at: Timestamp) -> Result<(), StoreError> {
    let decided = decided_on(it);
    tx.execute_one(
        "update approval set state = $1, step = $2, step_roles = $3, missing_json = $4, payload_json = $5, amount_fen = $6, \
         decided_on = $7, decided_at = $8, version = version + 1 where customer_id = $9 and id = $10 and version = $11",
        args![
            it.state.as_str(),
            step_of(it),
            step_roles(it),
            missing_json(it),
            it.payload.to_string(),
            it.amount,
            decided,
            decided.map(|_| at),
            it.customer,
            it.id,
            it.version
        ],
    )
    .await
}

/// One approval with the people who decided its steps.
pub async fn load(tx: &mut Tx, customer: CustomerId, id: ApprovalId) -> Result<Option<Approval>, StoreError> {
    let sql = sqlx::AssertSqlSafe(format!("select {COLUMNS} from approval where customer_id = $1 and id = $2"));
    let Some(row) = tx.fetch_optional(sql, args![customer, id]).await? else { return Ok(None) };
    let mut it = decode(&row)?;
    let opinions = opinions(tx, customer, id).await?;
    it.decided_by = opinions.iter().filter(|o| o.verdict == "approve").map(|o| o.by).collect();
    Ok(Some(it))
}

/// True when the same thing waits already.
pub(super) async fn waits(tx: &mut Tx, kind: &str, customer: CustomerId, subject: &str) -> Result<bool, StoreError> {
    let row = tx
        .fetch_optional(
            "select id from approval where customer_id = $1 and subject = $2 and kind = $3 \
             and state in ('pending', 'returned') limit 1",
            args![customer, subject, kind],
        )
        .await?;
    Ok(row.is_some())
}

/// Which approvals a list shows (审批列表范围).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shelf {
    /// Those that wait for one of my roles, in my branch, and are not my own.
    ForMe,
    /// Those returned to me.
    Returned,
    /// Those that I made and that are open.
    Mine,
    /// Everything inside my scope.
    All,
}

fn conditions(actor: &Actor, scope: DataScope, shelf: Shelf) -> Conditions {
    let mut filter = Conditions::new();
    let me = actor.recorded_by();
    let absent = actor.acts_as().map_or(me, |user| user.0);
    match shelf {
        Shelf::ForMe => {
            filter.and("a.state = ?", [&"pending"]).and("a.maker <> ?", [&me]).and("a.maker <> ?", [&absent]);
            // A role that reaches the institution decides in every branch.
            if scope.branch != 0 || scope.manager != 0 || scope.team != 0 {
                filter.and("a.branch_id = ?", [&actor.branch]);
            }
            // Under a delegation, only the roles that are handed on.
            let roles = format!("|{}|", actor.roles.join("|"));
            filter.and_values(
                "exists (select 1 from user_role r where r.user_id = ? and a.step_roles like '%|' || r.role || '|%' \
                 and ? like '%|' || r.role || '|%')",
                args![absent, roles],
            );
            filter.and(
                "not exists (select 1 from approval_opinion o where o.customer_id = a.customer_id and o.approval_id = a.id \
                 and o.verdict = 'approve' and o.by_user in (?, ?))",
                [&me, &absent],
            );
        }
        Shelf::Returned => {
            filter.and("a.state = ?", [&"returned"]).and("a.maker = ?", [&me]);
        }
        Shelf::Mine => {
            filter.and("a.maker = ?", [&me]);
        }
        Shelf::All => {
            filter.and_values(
                "(? = 0 or a.branch_id = ?) and (? = 0 or a.maker = ?)",
                args![scope.branch, scope.branch, scope.manager, scope.manager],
            );
        }
    }
    filter
}

/// The approvals of a shelf, those with priority among what waits for one first, then the newest, with their makers' names.
pub async fn list(
    tx: &mut Tx,
    actor: &Actor,
    scope: DataScope,
    shelf: Shelf,
    limit: i64,
) -> Result<Vec<(Approval, String)>, StoreError> {
    part(tx, actor, scope, (shelf, &[]), (0, limit)).await
}

/// A part of the same; only those named, where any are.
pub(super) async fn part(
    tx: &mut Tx,
    actor: &Actor,
    scope: DataScope,
    (shelf, only): (Shelf, &[i64]),
    (from, most): (i64, i64),
) -> Result<Vec<(Approval, String)>, StoreError> {
    let mut filter = conditions(actor, scope, shelf);
    filter.one_of("a.id", only);
    // What waits for one is read by its priority first; the other shelves by time (rule `approval.priority`).
    let first = match shelf {
        Shelf::ForMe => "case when a.priority_note is null then 1 else 0 end, ",
        Shelf::Returned | Shelf::Mine | Shelf::All => "",
    };
    let columns = COLUMNS.split(", ").map(|c| format!("a.{}", c.trim())).collect::<Vec<_>>().join(", ");
    // Column names and fixed conditions only.
    let sql = sqlx::AssertSqlSafe(format!(
        "select {columns}, coalesce(u.name, '') as maker_name from approval a left join app_user u on u.id = a.maker \
         where {} order by {first}a.submitted_at desc, a.id desc limit {most} offset {from}",
        filter.sql()
    ));
    let rows = tx.fetch_all(sql, filter.args()).await?;
    rows.iter().map(|row| Ok((decode(row)?, row.get("maker_name")?))).collect()
}

/// The approvals about one thing, the newest first, with their makers' names.
pub async fn about(
    tx: &mut Tx,
    customer: CustomerId,
    subject: &str,
    limit: i64,
) -> Result<Vec<(Approval, String)>, StoreError> {
    let columns = COLUMNS.split(", ").map(|c| format!("a.{}", c.trim())).collect::<Vec<_>>().join(", ");
    let sql = sqlx::AssertSqlSafe(format!(
        "select {columns}, coalesce(u.name, '') as maker_name from approval a left join app_user u on u.id = a.maker \
         where a.customer_id = $1 and a.subject = $2 order by a.submitted_at desc, a.id desc limit $3"
    ));
    let rows = tx.fetch_all(sql, args![customer, subject, limit]).await?;
    rows.iter().map(|row| Ok((decode(row)?, row.get("maker_name")?))).collect()
}

/// What waits or was returned, whosever it is: whoever takes things away asks what is still open about them.
pub async fn open(tx: &mut Tx, limit: i64) -> Result<Vec<Approval>, StoreError> {
    let sql = sqlx::AssertSqlSafe(format!(
        "select {COLUMNS} from approval where state in ('pending', 'returned') order by submitted_at, id limit $1"
    ));
    tx.fetch_all(sql, args![limit]).await?.iter().map(decode).collect()
}

/// How many approvals a shelf holds.
pub async fn count(tx: &mut Tx, actor: &Actor, scope: DataScope, shelf: Shelf) -> Result<i64, StoreError> {
    let filter = conditions(actor, scope, shelf);
    tx.fetch_one(filter.select("select count(*) as n from approval a", ""), filter.args()).await?.get("n")
}

/// What somebody said on a step (审批意见).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opinion {
    /// The step, counted from 0.
    pub step: i64,
    /// approve, reject, return, withdraw, resubmit.
    pub verdict: String,
    /// Who.
    pub by: i64,
    /// The name.
    pub by_name: String,
    /// In which role.
    pub by_role: String,
    /// For whom, under a delegation.
    pub for_name: Option<String>,
    /// The words.
    pub opinion: String,
    /// What must be mended.
    pub missing: Vec<Missing>,
    /// When.
    pub at: Timestamp,
}

/// Everything said about an approval, in order.
pub async fn opinions(tx: &mut Tx, customer: CustomerId, id: ApprovalId) -> Result<Vec<Opinion>, StoreError> {
    let rows = tx
        .fetch_all(
            "select o.step, o.verdict, o.by_user, coalesce(u.name, '') as by_name, o.by_role, o.opinion, o.missing_json, \
             o.recorded_at, f.name as for_name from approval_opinion o left join app_user u on u.id = o.by_user \
             left join app_user f on f.id = o.for_user \
             where o.customer_id = $1 and o.approval_id = $2 order by o.id limit $3",
            args![customer, id, 500_i64],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Opinion {
                step: row.get("step")?,
                verdict: row.get("verdict")?,
                by: row.get("by_user")?,
                by_name: row.get("by_name")?,
                by_role: row.get("by_role")?,
                for_name: row.get("for_name")?,
                opinion: row.get("opinion")?,
                missing: json(row, "missing_json")?,
                at: row.get("recorded_at")?,
            })
        })
        .collect()
}

/// How many people could work at all.
pub(super) async fn active_users(tx: &mut Tx) -> Result<i64, StoreError> {
    tx.fetch_one("select count(*) as n from app_user where state = 'active' and kind = 'person'", args![])
        .await?
        .get("n")
}
