//! The queue of a collector: open cases with the reason of their place.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use platform::args;
use platform::db::{Conditions, StoreError};
use platform::error::ActionError;
use platform::id::CustomerId;
use platform::policies::{self, PolicyError};
use platform::work::Work;
use policy::Edition;

use super::model::{Hour, Place, Waiting, Why};
use crate::case::list::{self, CaseLine};
use crate::case::rules;
use crate::guard::hours_store;
use crate::guard::model::Limits;
use crate::lost::model::LostKind;
use crate::payday;

/// The most cases that one collector's queue holds.
const MOST: usize = 1_000;

/// A case in the queue (排队案件).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Queued {
    /// The case.
    pub line: CaseLine,
    /// Why it stands where it stands.
    pub why: Why,
    /// Whether a stop flag stands.
    pub stopped: bool,
    /// What kind of lost contact stands.
    pub lost: Option<LostKind>,
    /// Whether it is the hour for it.
    pub hour: Hour,
    /// The hours that the debtor asked for, minutes of the day.
    pub agreed: Option<(i64, i64)>,
    place: Place,
}

/// The open cases of a person in the order of the policy (rule `case.order`), and that order.
///
/// # Errors
/// The policy lacks the order; the store's.
pub async fn of(work: &mut Work, owner: i64) -> Result<(Vec<Queued>, Vec<String>), ActionError> {
    let on = work.business_date;
    let policy = policies::in_force(work, on).await?;
    let edition = policy.edition(on);
    let order = edition.texts("case_order").map_err(PolicyError::from)?;
    let near = edition.integer("case_bucket_near_days").map_err(PolicyError::from)?;
    let ladder = rules::ladder(edition).map_err(PolicyError::from)?;
    let mut w = Conditions::new();
    w.and_values("c.closed_on is null and c.owner_id = ?", args![owner]);
    let mut lines = list::lines(&mut work.tx, &w, &format!("limit {MOST}")).await?;
    let owed = list::overdue_on(&mut work.tx, lines.iter().map(|line| line.case.key.customer), on).await?;
    for line in &mut lines {
        line.overdue = owed.get(&line.case.key.customer).copied().unwrap_or(line.overdue);
    }
    let customers: Vec<CustomerId> = lines.iter().map(|line| line.case.key.customer).collect();
    let asked = asked(work, owner, on).await?;
    let stopped = stopped(work, &customers).await?;
    let lost = crate::lost::store::kinds(&mut work.tx, &customers).await?;
    let around = payday::actions::around(edition)?;
    let paid = payday::store::of_persons(&mut work.tx, &customers).await?;
    let (hours, talk) = (hours_store::hours_of(&mut work.tx, &customers).await?, talk_hours(edition)?);
    let (zone, now) = (Limits::of(edition).zone, work.now);
    let mut queue: Vec<Queued> = lines
        .into_iter()
        .map(|line| {
            let (customer, days) = (line.case.key.customer, line.days(on));
            // Of a case that stands although nothing is overdue no step is near.
            let next = line.oldest_due_on.and_then(|_| ladder.steps.iter().find(|(first, _)| *first > days));
            let known = hours.get(&customer);
            // Whom to call first follows what was stated; what is lawful the guard says.
            let agreed = known.and_then(|one| one.stated);
            let own = known.and_then(|one| TimeZone::get(one.stated_zone()?).ok());
            let minute = minute_of(now, own.as_ref().unwrap_or(&zone));
            let waiting = Waiting {
                promise_at: line.promise_at,
                asked: asked.get(&customer).copied(),
                // A company has no pay day.
                pay_day: paid.get(&customer).and_then(|day| around.near(Some(*day).filter(|day| *day > 0), on)),
                step: next.map(|(first, rung)| (first - days, rung.clone())),
                overdue_fen: line.overdue.0,
                stopped: stopped.contains(&customer),
                hour: Hour::at(minute, agreed, talk, line.promise_at.is_some()),
            };
            let (why, place) = waiting.place(&order, on, near);
            let (stopped, lost) = (waiting.stopped, lost.get(&customer).copied());
            Queued { line, why, stopped, lost, hour: waiting.hour, agreed, place }
        })
        .collect();
    queue.sort_by(|a, b| a.place.cmp(&b.place).then(a.line.case.key.cmp(&b.line.case.key)));
    Ok((queue, order))
}

/// The hours of the policy in which heads are clear for a talk, minutes of the day (S2.5-30); none where it names none.
///
/// # Errors
/// The policy lacks them.
pub(super) fn talk_hours(edition: &Edition) -> Result<(i64, i64), ActionError> {
    let edges = policies::known(edition.integers("case_talk_hours"))?.unwrap_or_default();
    match edges.as_slice() {
        [from, until] => Ok((*from, *until)),
        // Anything else names no hours.
        _ => Ok((0, 0)),
    }
}

/// The minute of the day somewhere.
fn minute_of(now: Timestamp, zone: &TimeZone) -> i64 {
    let there = now.to_zoned(zone.clone());
    i64::from(there.hour()) * 60 + i64::from(there.minute())
}

/// What running periods still ask of a collector's cases.
async fn asked(work: &mut Work, owner: i64, on: Date) -> Result<BTreeMap<CustomerId, (i64, i64, Date)>, StoreError> {
    let rows = work
        .tx
        .fetch_all(
            "select customer_id, required, made, until_on from contact_requirement \
             where owner_id = $1 and until_on >= $2 and outcome is null order by customer_id, until_on desc limit 5000",
            args![owner, on],
        )
        .await?;
    let mut found = BTreeMap::new();
    for row in rows {
        let (required, made): (i64, i64) = (row.get("required")?, row.get("made")?);
        found.insert(row.get("customer_id")?, ((required - made).max(0), required, row.get("until_on")?));
    }
    Ok(found)
}

async fn stopped(work: &mut Work, customers: &[CustomerId]) -> Result<BTreeSet<CustomerId>, StoreError> {
    let mut found = BTreeSet::new();
    for some in customers.chunks(500) {
        let mut w = Conditions::new();
        w.and_values("lifted_at is null", args![]);
        w.one_of("customer_id", some);
        for row in work.tx.fetch_all(w.select("select distinct customer_id from stop_flag", ""), w.args()).await? {
            found.insert(row.get("customer_id")?);
        }
    }
    Ok(found)
}
