//! The close step that sends duties to the next role when they stand too long, and tells that role.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::args;
use crate::close::{Batch, CloseDay, CloseStep};
use crate::db::{StoreError, Tx};
use crate::error::ActionError;
use crate::event::BoxFuture;
use crate::id::{CustomerId, UserId};
use crate::notice::{self, News, Notice};
use crate::work::Work;

use super::model::{DutyId, DutyKey};
use super::store;

/// Escalation (任务升级): one set statement over the index of dates, so it is one batch.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Escalate;

impl CloseStep for Escalate {
    fn name(&self) -> &'static str {
        "duty-escalate"
    }

    fn order(&self) -> i32 {
        // After the steps that open and close duties.
        800
    }

    fn batch<'a>(
        &'a self,
        work: &'a mut Work,
        day: CloseDay,
        _after: CustomerId,
    ) -> BoxFuture<'a, Result<Batch, ActionError>> {
        Box::pin(async move {
            let touched = store::escalate(&mut work.tx, day.to).await?;
            fall_away(work).await?;
            tell(work, day).await?;
            Ok(Batch { last: None, considered: touched, touched, isolated: Vec::new() })
        })
    }
}

/// Notices of duties that are done or gone need nobody's look any more: what is left at the bell still matters.
async fn fall_away(work: &mut Work) -> Result<(), ActionError> {
    let standing = escalated_days(&mut work.tx).await?;
    let mut after = String::new();
    loop {
        let told = notice::waiting(work, "duties_escalated", &after).await?;
        let Some((last, _)) = told.last() else { break };
        after.clone_from(last);
        for (thing, _) in told {
            let day = thing.rsplit_once(':').and_then(|(_, day)| day.parse::<Date>().ok());
            if day.is_some_and(|day| !standing.contains(&day)) {
                notice::settle(work, &thing).await?;
            }
        }
    }
    after.clear();
    loop {
        let told = notice::waiting(work, "duty_assigned", &after).await?;
        let Some((last, _)) = told.last() else { return Ok(()) };
        after.clone_from(last);
        let told: Vec<(String, DutyKey)> =
            told.into_iter().filter_map(|(thing, href)| Some((thing, key_in(&href)?))).collect();
        let customers: BTreeSet<CustomerId> = told.iter().map(|(_, key)| key.customer).collect();
        let open = store::open_of(&mut work.tx, &customers.into_iter().collect::<Vec<_>>()).await?;
        for (thing, key) in told {
            if !open.contains(&key) {
                notice::settle(work, &thing).await?;
            }
        }
    }
}

/// The days on which duties were escalated that still stand.
async fn escalated_days(tx: &mut Tx) -> Result<BTreeSet<Date>, StoreError> {
    let sql = "select distinct escalated_on from duty where state = 'open' and escalated_on is not null \
               order by escalated_on";
    tx.fetch_all(sql, args![]).await?.iter().map(|row| row.get("escalated_on")).collect()
}

/// The duty that a page is about: `/duties/<customer>/<id>`.
fn key_in(href: &str) -> Option<DutyKey> {
    let (customer, id) = href.strip_prefix("/duties/")?.split_once('/')?;
    Some(DutyKey { customer: CustomerId(customer.parse().ok()?), id: DutyId(id.parse().ok()?) })
}

/// One notice a person and day, however many duties came.
async fn tell(work: &mut Work, day: CloseDay) -> Result<(), ActionError> {
    let mut counts: BTreeMap<UserId, i64> = BTreeMap::new();
    for (role, branch, count) in store::escalated(&mut work.tx, day.to).await? {
        for user in notice::holders(work, &role, branch).await? {
            *counts.entry(user).or_default() += count;
        }
    }
    let occasion = format!("duties_escalated:{}", day.to);
    for (user, count) in counts {
        let came = Notice {
            news: News::DutiesEscalated { count, on: day.to },
            occasion: occasion.clone(),
            thing: occasion.clone(),
            href: super::list::address(super::seen::Window::Open),
        };
        notice::tell(work, &[user], &came).await?;
    }
    Ok(())
}
