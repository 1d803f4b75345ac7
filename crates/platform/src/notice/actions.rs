//! Telling, and letting fall away what is settled.

use jiff::Timestamp;

use super::model::Notice;
use super::store;
use crate::app::App;
use crate::db::{StoreError, Tx};
use crate::id::UserId;
use crate::work::Work;

/// Tells people, in this transaction: it is told if and only if the thing happened.
/// Telling the same occasion again changes nothing; who did it is not told.
///
/// # Errors
/// The store's.
pub async fn tell(work: &mut Work, people: &[UserId], notice: &Notice) -> Result<(), StoreError> {
    let me = work.actor.user;
    let people: Vec<(UserId, i64)> =
        people.iter().filter(|user| Some(**user) != me).map(|user| (*user, work.next_id())).collect();
    store::insert(&mut work.tx, &people, notice, work.now).await
}

/// Tells a person what was done in the own name: at the log-in it is not known whether it was really them.
pub(crate) async fn tell_of_account(
    tx: &mut Tx,
    app: &App,
    user: UserId,
    notice: &Notice,
    now: Timestamp,
) -> Result<(), StoreError> {
    store::insert(tx, &[(user, app.ids.next(now))], notice, now).await
}

/// Marks as read what nobody has to look at any more: the thing was decided, sealed, mended.
///
/// # Errors
/// The store's.
pub async fn settle(work: &mut Work, thing: &str) -> Result<(), StoreError> {
    store::settle(&mut work.tx, thing, work.now).await
}
