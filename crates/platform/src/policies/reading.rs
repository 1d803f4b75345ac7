//! Who confirmed having read a version of the rules (制度阅知, S1-01).

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::args;
use crate::audit::Entry;
use crate::db::StoreError;
use crate::duty::{self, DUTY_VIEW, Evidence};
use crate::error::ActionError;
use crate::id::{CustomerId, UserId};
use crate::notice;
use crate::policies::PolicyError;
use crate::policies::reading_duty;
use crate::policies::store::{self, VersionState};
use crate::work::Work;

/// The most people told and listed.
const PEOPLE: i64 = 5_000;
/// The most confirmations counted, those of the newest versions.
const READ: i64 = 100_000;

/// Everybody who works here: active people who have duties and can see them. Outsiders with a role have none.
///
/// # Errors
/// The store's.
pub async fn staff(work: &mut Work) -> Result<Vec<UserId>, StoreError> {
    notice::who_may(work, DUTY_VIEW, None, None).await
}

/// Confirms, in one's own name, having read a version; it ends the duty to read it. Repeating it changes nothing.
///
/// Rule `policy.read` (S1-01).
///
/// # Errors
/// [`PolicyError::Unknown`] for a version that is not approved; the store's.
pub async fn confirm(work: &mut Work, version: i64) -> Result<(), ActionError> {
    let known = store::version(&mut work.tx, version).await?;
    let user = work.actor.user.ok_or(PolicyError::Unknown)?;
    if known.is_none_or(|known| known.state != VersionState::Approved) {
        return Err(PolicyError::Unknown.into());
    }
    let written = work
        .tx
        .execute(
            "insert into policy_reading (version_id, user_id, read_on, read_at) values ($1, $2, $3, $4) \
             on conflict (version_id, user_id) do nothing",
            args![version, user, work.business_date, work.now],
        )
        .await?;
    if written == 1 {
        work.audit(Entry::new(None, "policy.read", format!("policy_version:{version}"))).await?;
        let about = reading_duty::subject(version, user);
        let evidence = Evidence { kind: "policy_reading", fact: format!("policy_version:{version}"), settles: true };
        duty::close_by(work, CustomerId(0), &about, &evidence).await?;
    }
    Ok(())
}

/// A person and the day on which they confirmed (阅知情况).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reader {
    /// The person.
    pub user: i64,
    /// The name.
    pub name: String,
    /// The branch.
    pub branch: String,
    /// When they confirmed; `None` when not yet.
    pub read_on: Option<Date>,
}

/// All staff with what they confirmed of a version, those who did not first.
///
/// # Errors
/// The store's.
pub async fn readers(work: &mut Work, version: i64) -> Result<Vec<Reader>, StoreError> {
    let staff = staff(work).await?;
    let rows = work
        .tx
        .fetch_all(
            "select u.id, u.name, b.name as branch, r.read_on from app_user u join branch b on b.id = u.branch_id \
             left join policy_reading r on r.user_id = u.id and r.version_id = $1 \
             where u.state = 'active' and u.kind = 'person' \
             order by case when r.read_on is null then 0 else 1 end, b.name, u.name limit $2",
            args![version, PEOPLE],
        )
        .await?;
    let mut found = Vec::with_capacity(staff.len());
    for row in &rows {
        let user: i64 = row.get("id")?;
        if staff.binary_search(&UserId(user)).is_ok() {
            found.push(Reader {
                user,
                name: row.get("name")?,
                branch: row.get("branch")?,
                read_on: row.get("read_on")?,
            });
        }
    }
    Ok(found)
}

/// How many of these people confirmed each version.
///
/// # Errors
/// The store's.
pub async fn counts(work: &mut Work, staff: &[UserId]) -> Result<BTreeMap<i64, usize>, StoreError> {
    let sql = "select version_id, user_id from policy_reading order by version_id desc, user_id limit $1";
    let rows = work.tx.fetch_all(sql, args![READ]).await?;
    let mut counts = BTreeMap::new();
    for row in &rows {
        if staff.binary_search(&UserId(row.get("user_id")?)).is_ok() {
            *counts.entry(row.get("version_id")?).or_default() += 1;
        }
    }
    Ok(counts)
}
