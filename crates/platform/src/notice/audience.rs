//! Whom something concerns: people by role, action and branch.

use std::collections::{BTreeMap, BTreeSet};

use crate::access::{Roles, Scope};
use crate::args;
use crate::db::StoreError;
use crate::id::{BranchId, UserId};
use crate::work::Work;

/// The most people that one thing is told to.
const MOST: i64 = 5_000;

/// Who may log in: the branch, and the roles held.
type People = BTreeMap<UserId, (BranchId, BTreeSet<String>)>;

/// The people who hold one of these roles and may do `action` to a thing of this branch.
///
/// # Errors
/// The store's.
pub async fn who_may(
    work: &mut Work,
    action: &str,
    roles: Option<&[String]>,
    branch: Option<BranchId>,
) -> Result<Vec<UserId>, StoreError> {
    let app = work.app.clone();
    let held = people(work).await?;
    let concerned = held.iter().filter(|(_, (own_branch, held))| {
        roles.is_none_or(|wanted| wanted.iter().any(|role| held.contains(role)))
            && reaches(&app.roles(), held, action, branch.is_none_or(|branch| branch == *own_branch))
    });
    Ok(concerned.map(|(user, _)| *user).collect())
}

/// The people of a branch who hold this role.
///
/// # Errors
/// The store's.
pub async fn holders(work: &mut Work, role: &str, branch: BranchId) -> Result<Vec<UserId>, StoreError> {
    let held = people(work).await?;
    Ok(held.iter().filter(|(_, (own, held))| *own == branch && held.contains(role)).map(|(user, _)| *user).collect())
}

/// A role of the institution reaches everywhere, any narrower one the things of the own branch.
fn reaches(roles: &Roles, held: &BTreeSet<String>, action: &str, own_branch: bool) -> bool {
    let grants = roles.grants(held.iter().map(String::as_str));
    grants.get(action).is_some_and(|scope| *scope == Scope::Institution || own_branch)
}

async fn people(work: &mut Work) -> Result<People, StoreError> {
    let rows = work
        .tx
        .fetch_all(
            "select u.id, u.branch_id, r.role from app_user u join user_role r on r.user_id = u.id \
             where u.state = 'active' and u.kind = 'person' order by u.id, r.role limit $1",
            args![MOST],
        )
        .await?;
    let mut people = People::new();
    for row in &rows {
        let (user, branch) = (row.get("id")?, row.get("branch_id")?);
        people.entry(user).or_insert_with(|| (branch, BTreeSet::new())).1.insert(row.get("role")?);
    }
    Ok(people)
}
