//! Telling, and letting fall away what is settled.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::model::Notice;
use super::store::{self, Reader};
use crate::access::delegation;
use crate::app::App;
use crate::db::{StoreError, Tx};
use crate::id::UserId;
use crate::work::Work;

/// Tells people, in this transaction: it is told if and only if the thing happened.
/// Telling the same occasion again changes nothing; who did it is not told.
///
/// While somebody is away, what is told of their work is told to who stands in as well (rule `delegation.notices`).
///
/// # Errors
/// The store's.
pub async fn tell(work: &mut Work, people: &[UserId], notice: &Notice) -> Result<(), StoreError> {
    let me = work.actor.user;
    let own = people.iter().map(|user| (*user, None));
    let mut readers: Vec<(UserId, Option<UserId>)> = own.collect();
    if notice.news.reaches_stand_in() && !people.is_empty() {
        let away = delegation::stand_ins(&mut work.tx, work.business_date).await?;
        let theirs = away.into_iter().filter(|(absent, _)| people.contains(absent));
        readers.extend(theirs.map(|(absent, delegate)| (delegate, Some(absent))));
    }
    // Who is told in the own name is not told again for somebody else.
    let mut known = BTreeSet::new();
    readers.retain(|(user, _)| Some(*user) != me && known.insert(*user));
    let readers: Vec<Reader> =
        readers.into_iter().map(|(user, stands_for)| Reader { user, stands_for, id: work.next_id() }).collect();
    store::insert(&mut work.tx, &readers, notice, work.now).await
}

/// Tells a person what was done in the own name: at the log-in it is not known whether it was really them.
pub(crate) async fn tell_of_account(
    tx: &mut Tx,
    app: &App,
    user: UserId,
    notice: &Notice,
    now: Timestamp,
) -> Result<(), StoreError> {
    let reader = Reader { user, stands_for: None, id: app.ids.next(now) };
    store::insert(tx, &[reader], notice, now).await
}

/// Marks as read what nobody has to look at any more: the thing was decided, sealed, mended.
///
/// # Errors
/// The store's.
pub async fn settle(work: &mut Work, thing: &str) -> Result<(), StoreError> {
    store::settle(&mut work.tx, thing, work.now).await
}

/// What the unread notices of a kind are about, with the page that each leads to: for whoever knows when that is over.
/// In order, some at a time: the next ones after a thing, none when there are no more.
///
/// # Errors
/// The store's.
pub(crate) async fn waiting(work: &mut Work, kind: &str, after: &str) -> Result<Vec<(String, String)>, StoreError> {
    store::waiting(&mut work.tx, kind, after).await
}
