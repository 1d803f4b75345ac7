//! Table `delegation`, and the hat that a session wears.

use jiff::civil::Date;

use super::super::session::roles_of;
use super::model::{Delegation, DelegationId, StandIn};
use crate::args;
use crate::db::{Row, StoreError, Tx};
use crate::id::{BranchId, TeamId, UserId};

const COLUMNS: &str = "select d.id, d.absent_id, a.name as absent_name, d.delegate_id, s.name as delegate_name, d.roles, \
    d.from_on, d.until_on, d.reason, d.state, d.asked_by from delegation d join app_user a on a.id = d.absent_id \
    join app_user s on s.id = d.delegate_id ";

fn decode(row: &Row) -> Result<Delegation, StoreError> {
    let roles: String = row.get("roles")?;
    Ok(Delegation {
        id: row.get("id")?,
        absent: row.get("absent_id")?,
        absent_name: row.get("absent_name")?,
        delegate: row.get("delegate_id")?,
        delegate_name: row.get("delegate_name")?,
        roles: roles.split('|').filter(|role| !role.is_empty()).map(str::to_owned).collect(),
        from: row.get("from_on")?,
        until: row.get("until_on")?,
        reason: row.get("reason")?,
        state: row.get("state")?,
        asked_by: row.get("asked_by")?,
    })
}

/// One delegation.
pub(super) async fn load(tx: &mut Tx, id: DelegationId) -> Result<Option<Delegation>, StoreError> {
    let sql = crate::db::AssertSqlSafe(format!("{COLUMNS} where d.id = $1"));
    tx.fetch_optional(sql, args![id]).await?.as_ref().map(decode).transpose()
}

/// Those that are a person's own: gone, standing in, or asked for; the latest first.
pub(super) async fn of_person(tx: &mut Tx, user: UserId) -> Result<Vec<Delegation>, StoreError> {
    let sql = crate::db::AssertSqlSafe(format!(
        "{COLUMNS} where d.absent_id = $1 or d.delegate_id = $1 or d.asked_by = $1 order by d.id desc limit 100"
    ));
    tx.fetch_all(sql, args![user]).await?.iter().map(decode).collect()
}

/// Those that wait for somebody who may decide in this branch; 0 is every branch.
pub(super) async fn waiting(tx: &mut Tx, branch: i64) -> Result<Vec<Delegation>, StoreError> {
    let sql = crate::db::AssertSqlSafe(format!(
        "{COLUMNS} where d.state = 'asked' and ($1 = 0 or a.branch_id = $1) order by d.id limit 200"
    ));
    tx.fetch_all(sql, args![branch]).await?.iter().map(decode).collect()
}

/// Those that hold on this day and concern a person: as the absent one or as who stands in.
pub(super) async fn holding(tx: &mut Tx, user: UserId, on: Date) -> Result<Vec<Delegation>, StoreError> {
    let sql = crate::db::AssertSqlSafe(format!(
        "{COLUMNS} where (d.absent_id = $1 or d.delegate_id = $1) and d.state = 'approved' and d.from_on <= $2 \
         and d.until_on >= $2 order by d.until_on, d.id limit 20"
    ));
    tx.fetch_all(sql, args![user, on]).await?.iter().map(decode).collect()
}

/// Who stands in for whom on this day: the absent person and the delegate.
pub(crate) async fn stand_ins(tx: &mut Tx, on: Date) -> Result<Vec<(UserId, UserId)>, StoreError> {
    let sql = "select absent_id, delegate_id from delegation where state = 'approved' and from_on <= $1 \
               and until_on >= $2 order by id limit 5000";
    let rows = tx.fetch_all(sql, args![on, on]).await?;
    rows.iter().map(|row| Ok((row.get("absent_id")?, row.get("delegate_id")?))).collect()
}

/// What a person who stands in works with (代理权限).
#[derive(Debug, Clone)]
pub struct Standing {
    /// For whom.
    pub stand_in: StandIn,
    /// The absent person's roles, as far as they are handed on and still held.
    pub roles: Vec<String>,
    /// The absent person's branch.
    pub branch: BranchId,
    /// The absent person's team.
    pub team: Option<TeamId>,
}

/// The hat of a session, if its delegation still holds; nothing otherwise: it ends by itself.
pub(in crate::access) async fn stand_in(
    tx: &mut Tx,
    id: DelegationId,
    user: UserId,
    on: Date,
) -> Result<Option<Standing>, StoreError> {
    let found = load(tx, id).await?.filter(|one| one.delegate == user && one.holds(on));
    match found {
        Some(found) => standing(tx, &found).await,
        None => Ok(None),
    }
}

/// What standing in under a delegation gives today; nothing when the absent person was disabled.
///
/// # Errors
/// The store's.
pub async fn standing(tx: &mut Tx, found: &Delegation) -> Result<Option<Standing>, StoreError> {
    let sql = "select branch_id, team_id from app_user where id = $1 and state = 'active'";
    let Some(row) = tx.fetch_optional(sql, args![found.absent]).await? else { return Ok(None) };
    let held = roles_of(tx, found.absent).await?;
    Ok(Some(Standing {
        roles: held.into_iter().filter(|role| found.roles.contains(role)).collect(),
        branch: row.get("branch_id")?,
        team: row.get("team_id")?,
        stand_in: StandIn {
            delegation: found.id,
            user: found.absent,
            name: found.absent_name.clone(),
            until: found.until,
        },
    }))
}

/// Notes under which delegation a session acts.
pub(super) async fn wear(tx: &mut Tx, session: &str, id: Option<DelegationId>) -> Result<(), StoreError> {
    tx.execute_one("update session set delegation_id = $1 where token_hash = $2", args![id, session]).await
}
