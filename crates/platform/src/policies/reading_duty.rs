//! The step of the day close that asks everybody to read the rules in force (日终·制度阅知, S1-01).

use std::collections::BTreeMap;

use policy::Facts;

use super::{reading, store};
use crate::args;
use crate::close::{Batch, CloseDay, CloseStep};
use crate::db::{Row, StoreError};
use crate::duty::{self, Case, DutyKind};
use crate::error::ActionError;
use crate::event::BoxFuture;
use crate::id::{BranchId, CustomerId, UserId};
use crate::work::Work;

/// The trigger of the duty.
const UNREAD: &str = "policy.unread";
/// The kind of the duty.
const KIND: &str = "policy_reading";
/// The most people asked at one close; the others are asked at the next one.
const PEOPLE: i64 = 5_000;
/// The institution's own rows.
const HOUSE: CustomerId = CustomerId(0);

/// The duty with its verb: the version's page, where it is confirmed.
pub(crate) const DUTY: DutyKind =
    DutyKind { kind: KIND, verb: "policy-reading-verb", form: "/policies/versions/{subject}" };

/// What the duty of one person is about.
pub(super) fn subject(version: i64, user: impl std::fmt::Display) -> String {
    format!("policy_version:{version}:{user}")
}

/// 制度阅知 (rules `policy.read`, `duty.policy_reading`).
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reading;

impl CloseStep for Reading {
    fn name(&self) -> &'static str {
        "policy-reading"
    }

    fn order(&self) -> i32 {
        // After the versions of the day are settled, before duties are escalated.
        780
    }

    fn batch<'a>(
        &'a self,
        work: &'a mut Work,
        day: CloseDay,
        _: CustomerId,
    ) -> BoxFuture<'a, Result<Batch, ActionError>> {
        Box::pin(async move {
            // A house without rules has nothing to read.
            let Some(version) = store::version_on(&mut work.tx, day.to).await? else { return Ok(Batch::default()) };
            let staff = reading::staff(work).await?;
            let over = over(work, version, &staff).await?;
            for one in &over {
                duty::cancel(work, HOUSE, one, "another version rules, or the person left").await?;
            }
            let known = store::version(&mut work.tx, version).await?;
            let number = known.map(|known| format!("{} {}", known.pack, known.version)).unwrap_or_default();
            let mut unread = unread(work, version).await?;
            unread.retain(|(user, ..)| staff.binary_search(user).is_ok());
            let case = |(user, name, branch): &(UserId, String, BranchId)| Case {
                customer: HOUSE,
                subject: subject(version, user),
                anchor: day.to,
                manager: Some(*user),
                personal: true,
                branch: *branch,
                whom: name.clone(),
                number: number.clone(),
                amount: None,
                facts: Facts::new(),
                fields: BTreeMap::new(),
            };
            let cases: Vec<Case> = unread.iter().map(case).collect();
            let opened = duty::open(work, UNREAD, &cases).await?;
            let considered = (over.len() + cases.len()) as u64;
            Ok(Batch { considered, touched: opened.duties + over.len() as u64, ..Batch::default() })
        })
    }
}

/// Staff who did not confirm a version and were not asked yet; whoever left and came back is asked again.
async fn unread(work: &mut Work, version: i64) -> Result<Vec<(UserId, String, BranchId)>, StoreError> {
    // By what the duty is about, not by whom it was given to: whoever it was given to, this person was asked.
    let sql = "select u.id, u.name, u.branch_id from app_user u where u.state = 'active' and u.kind = 'person' \
               and not exists (select 1 from policy_reading r where r.version_id = $1 and r.user_id = u.id) \
               and not exists (select 1 from duty d where d.customer_id = 0 and d.kind = 'policy_reading' \
               and d.subject = $2 || cast(u.id as text) and d.state <> 'cancelled') order by u.id limit $3";
    let about = subject(version, "");
    let rows = work.tx.fetch_all(sql, args![version, about, PEOPLE]).await?;
    rows.iter().map(|row: &Row| Ok((UserId(row.get("id")?), row.get("name")?, row.get("branch_id")?))).collect()
}

/// What is asked in vain: of a version that rules no more, or of somebody who no longer works here.
async fn over(work: &mut Work, version: i64, staff: &[UserId]) -> Result<Vec<String>, StoreError> {
    let sql = "select d.subject from duty d where d.customer_id = 0 and d.kind = 'policy_reading' \
               and d.state = 'open' order by d.id limit $1";
    let rows = work.tx.fetch_all(sql, args![PEOPLE]).await?;
    let ruling = subject(version, "");
    // The reader is named in what the duty is about, whoever it was given to.
    let stands = |about: &String| {
        let reader = about.strip_prefix(&ruling).and_then(|user| user.parse().ok());
        reader.is_some_and(|user| staff.binary_search(&UserId(user)).is_ok())
    };
    let all = rows.iter().map(|row: &Row| row.get("subject")).collect::<Result<Vec<String>, _>>()?;
    Ok(all.into_iter().filter(|about| !stands(about)).collect())
}
