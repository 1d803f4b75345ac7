//! Telling, and letting fall away what is settled.

use super::model::Notice;
use super::store;
use crate::db::StoreError;
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

/// Marks as read what nobody has to look at any more: the thing was decided, sealed, mended.
///
/// # Errors
/// The store's.
pub async fn settle(work: &mut Work, thing: &str) -> Result<(), StoreError> {
    store::settle(&mut work.tx, thing, work.now).await
}
