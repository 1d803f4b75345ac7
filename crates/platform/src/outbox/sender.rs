//! The sender (发送循环): takes what is due out of the house, one attempt at a time, and notes how each ended.
//!
//! An attempt is written down before it begins, under a lease; several servers on one database never work on the same
//! one. A process that dies leaves its lease behind: when it runs out, nobody knows whether that attempt arrived, and
//! the gateway says whether it is repeated or a person is asked.

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::task::JoinSet;

use super::actions::{needs_person, page_of, rules, thing};
use super::gateway::{Delivery, Ended, Gateway};
use super::model::{Message, MessageState, Outcome};
use super::rules::{Next, OutboxRules, WhenUnknown};
use super::{OUTBOX_MANAGE, store};
use crate::access::{Actor, Origin};
use crate::app::App;
use crate::clock::Stopwatch;
use crate::db::StoreError;
use crate::error::ActionError;
use crate::id::UserId;
use crate::notice::{self, News, Notice};
use crate::work::Work;

/// How often the loop looks.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How often the log is cleared of what is past its time, in looks.
const CLEAR_EVERY: u64 = 3_600;
/// The least time before what was too early is tried again.
const SOON: SignedDuration = SignedDuration::from_secs(1);
/// Attempts at once: a slow receiver does not hold the others up.
const AT_ONCE: i64 = 16;
/// Messages that one round looks after.
const ROUND: i64 = 200;

/// Sends what is due, for as long as the server runs.
pub async fn keep(app: App) {
    for look in 0_u64.. {
        if let Err(error) = send_due(&app).await {
            tracing::error!(%error, "the sender of the outbox");
        }
        if look % CLEAR_EVERY == 0
            && let Err(error) = clear(&app).await
        {
            tracing::error!(%error, "the log of the outbox");
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

/// Sends what is due now, once; how many attempts were made.
///
/// # Errors
/// The store's; what goes wrong with an attempt is in its log.
pub async fn send_due(app: &App) -> Result<usize, ActionError> {
    let mut tx = app.db.read().await?;
    let any = store::anything_due(&mut tx, app.clock.now()).await?;
    tx.rollback().await?;
    if !any {
        return Ok(0);
    }
    take_up_broken_off(app).await?;
    let (taken, rules) = take(app).await?;
    let mut under_way = JoinSet::new();
    let count = taken.len();
    for (message, no) in taken {
        let (app, rules) = (app.clone(), rules.clone());
        under_way.spawn(async move {
            if let Err(error) = attempt(&app, message, no, &rules).await {
                tracing::error!(%error, "the end of an attempt could not be noted; its lease will run out");
            }
        });
    }
    while under_way.join_next().await.is_some() {}
    Ok(count)
}

/// Takes messages for one attempt each.
async fn take(app: &App) -> Result<(Vec<(Message, i64)>, OutboxRules), ActionError> {
    let mut work = Work::begin(app, Actor::system(Origin::Console)).await?;
    let rules = rules(&mut work).await?;
    let now = work.now;
    let until = now.checked_add(rules.lease()).unwrap_or(Timestamp::MAX);
    let mut taken = Vec::new();
    for message in store::due(&mut work.tx, now, AT_ONCE).await? {
        if let Some(no) = store::take(&mut work.tx, &message, now, until).await? {
            taken.push((message, no));
        }
    }
    work.commit().await?;
    Ok((taken, rules))
}

async fn attempt(app: &App, message: Message, no: i64, rules: &OutboxRules) -> Result<(), ActionError> {
    let watch = Stopwatch::start();
    let gateway = gateway(app, &message.kind);
    let delivery = match &gateway {
        Some(gateway) => gateway.send(app, &message, rules).await,
        None => Delivery::new(Outcome::Refused, "there is no gateway of this kind"),
    };
    let took = i64::try_from(watch.elapsed().as_millis()).unwrap_or(i64::MAX);
    tracing::info!(
        message = message.id,
        kind = message.kind,
        no,
        outcome = delivery.outcome.as_str(),
        status = delivery.status,
        ms = took,
        "an attempt to send"
    );
    let unknown = gateway.map_or(WhenUnknown::Repeat, |gateway| gateway.when_unknown());
    end(app, &message, no, &delivery, Some(took), unknown, rules).await
}

/// Notes how an attempt ended, and what follows.
async fn end(
    app: &App,
    message: &Message,
    no: i64,
    delivery: &Delivery,
    took: Option<i64>,
    unknown: WhenUnknown,
    rules: &OutboxRules,
) -> Result<(), ActionError> {
    let mut work = Work::begin(app, Actor::system(Origin::Console)).await?;
    let now = work.now;
    store::end_attempt(&mut work.tx, (message.id, no), delivery, took).await?;
    let tries = message.tries + i64::from(took.is_some());
    let after = |wait| now.checked_add(wait).unwrap_or(Timestamp::MAX);
    let (state, due_at, tries) = match rules.after(delivery.outcome, unknown, tries, chance(message.id, no)) {
        Next::Sent => (MessageState::Sent, now, tries),
        Next::Again(wait) => (MessageState::Waiting, after(wait), tries),
        Next::GiveUp => (MessageState::Dead, now, tries),
        Next::AskPerson => (MessageState::Unknown, now, tries),
        Next::Later => {
            let soonest = after(rules.wait(1, chance(message.id, no)));
            (MessageState::Waiting, delivery.not_before.unwrap_or(soonest).max(after(SOON)), message.tries)
        }
        Next::Drop => (MessageState::Dropped, now, tries),
    };
    // Where a person spoke meanwhile, their word stands.
    if store::give_back(&mut work.tx, (message.id, no), (state, tries), due_at, now).await? {
        if let Some(gateway) = gateway(app, &message.kind) {
            let ended = Ended { no, delivery: delivery.clone(), state, due_at };
            let actor = work.actor.clone();
            gateway.ended(&mut work, message, &ended).await?;
            // Whoever it was done for is told by the system.
            work.actor = actor;
        }
        // Its owner may know more than the attempt: a receipt that came first.
        let stands = store::message(&mut work.tx, message.id).await?.map_or(state, |message| message.state);
        if needs_person(stands) {
            tell(&mut work, message, no, stands).await?;
        }
    }
    Ok(work.commit().await?)
}

/// What was broken off with its process: nobody knows whether it arrived.
async fn take_up_broken_off(app: &App) -> Result<(), ActionError> {
    let mut work = Work::read(app, Actor::system(Origin::Console)).await?;
    let now = work.now;
    let all = store::broken_off(&mut work.tx, now, ROUND).await?;
    let rules = rules(&mut work).await?;
    work.tx.rollback().await?;
    for message in all {
        let unknown = gateway(app, &message.kind).map_or(WhenUnknown::Repeat, |gateway| gateway.when_unknown());
        let delivery = Delivery::new(Outcome::Unknown, "the process that sent it ended");
        // One that cannot be noted keeps no other from being looked after.
        if let Err(error) = end(app, &message, message.attempts, &delivery, None, unknown, &rules).await {
            tracing::error!(%error, message = message.id, "an attempt that was broken off could not be noted");
        }
    }
    Ok(())
}

async fn tell(work: &mut Work, message: &Message, no: i64, state: MessageState) -> Result<(), StoreError> {
    let elsewhere = page_of(&work.app, message);
    let people = match &elsewhere {
        Some(_) => vec![UserId(message.created_by)],
        None => notice::who_may(work, OUTBOX_MANAGE, None, None).await?,
    };
    let about = message.about.clone();
    let news = if state == MessageState::Unknown {
        News::OutboxUnknown { gateway: message.kind.clone(), about }
    } else {
        News::OutboxDead { gateway: message.kind.clone(), about, attempts: no }
    };
    let stuck = Notice {
        news,
        occasion: format!("{}:{no}", thing(message.id)),
        thing: thing(message.id),
        href: elsewhere.unwrap_or_else(|| format!("/outbox/{}", message.id)),
    };
    notice::tell(work, &people, &stuck).await
}

fn gateway(app: &App, kind: &str) -> Option<Arc<dyn Gateway>> {
    app.gateways.iter().find(|gateway| gateway.kind() == kind).cloned()
}

/// A number that looks like chance and is the same in every replay (splitmix64).
fn chance(message: i64, attempt: i64) -> u64 {
    let mut x = message.unsigned_abs() ^ attempt.unsigned_abs().wrapping_mul(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

/// Removes settled messages past their time with their log.
///
/// # Errors
/// The store's.
pub async fn clear(app: &App) -> Result<u64, ActionError> {
    let mut tx = app.db.read().await?;
    let opened = crate::calendar::business_date(&mut tx).await;
    tx.rollback().await?;
    if opened.is_err() {
        // No institution is set up yet.
        return Ok(0);
    }
    let mut work = Work::begin(app, Actor::system(Origin::Console)).await?;
    let days = rules(&mut work).await?.keep_days.clamp(1, 36_500);
    let before = work.now.saturating_sub(SignedDuration::from_hours(days * 24)).unwrap_or(Timestamp::MIN);
    let removed = store::remove_old(&mut work.tx, before, ROUND).await?;
    work.commit().await?;
    Ok(removed)
}
