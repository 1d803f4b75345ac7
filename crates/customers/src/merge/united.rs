//! What is read as one (合并读取): files, persons, and the refusal to add to a file that went.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use platform::contact_gate::PersonId;
use platform::db::{Conditions, StoreError, Tx};
use platform::error::ActionError;
use platform::id::CustomerId;
use platform::work::Work;

use super::error::MergeError;
use super::model::Merge;
use super::store;
use crate::VIEW;
use crate::customer::actions::load_within;
use crate::customer::model::{Customer, CustomerState};
use crate::customer::store as customers;

/// Files of one statement.
const AT_ONCE: usize = 400;

/// The surviving file: the one that a file was merged into, or itself.
///
/// # Errors
/// The store's.
pub async fn root(tx: &mut Tx, id: CustomerId) -> Result<CustomerId, StoreError> {
    Ok(store::into(tx, id).await?.unwrap_or(id))
}

/// The surviving files of those that were merged into another one; the others are left out.
///
/// # Errors
/// The store's.
pub async fn roots(tx: &mut Tx, ids: &[CustomerId]) -> Result<BTreeMap<CustomerId, CustomerId>, StoreError> {
    store::into_of(tx, ids).await
}

/// The files of some surviving ones and of those merged into them, each by the one that it stands for.
///
/// # Errors
/// The store's.
pub async fn files_of(tx: &mut Tx, ids: &[CustomerId]) -> Result<BTreeMap<CustomerId, CustomerId>, StoreError> {
    let mut files: BTreeMap<CustomerId, CustomerId> = ids.iter().map(|id| (*id, *id)).collect();
    for some in ids.chunks(AT_ONCE) {
        let mut w = Conditions::new();
        w.one_of("into_id", some);
        let head = "select customer_id, into_id from customer_merge_view";
        for row in tx.fetch_all(w.select(head, ""), w.args()).await? {
            files.insert(row.get("customer_id")?, row.get("into_id")?);
        }
    }
    Ok(files)
}

/// A file and those merged into it, the file itself first. A file that went holds nothing but its own.
///
/// # Errors
/// The store's.
pub async fn united(tx: &mut Tx, id: CustomerId) -> Result<Vec<CustomerId>, StoreError> {
    let mut all = vec![id];
    all.extend(store::held(tx, id).await?);
    Ok(all)
}

/// The same, as far as the reader may see: the file itself, and those within the scope of looking at customers.
///
/// # Errors
/// No role grants looking at customers; the store's.
pub async fn united_within(work: &mut Work, id: CustomerId) -> Result<Vec<CustomerId>, ActionError> {
    let mut seen = vec![id];
    for one in store::held(&mut work.tx, id).await? {
        if number_for(work, one).await?.is_some() {
            seen.push(one);
        }
    }
    Ok(seen)
}

/// All files that are one customer with this one, the surviving one first, whichever of them is asked about.
///
/// # Errors
/// The store's.
pub async fn same(tx: &mut Tx, id: CustomerId) -> Result<Vec<CustomerId>, StoreError> {
    let root = root(tx, id).await?;
    united(tx, root).await
}

/// All files that were one customer with this one on a day: a merge that came later, and one that was undone, made no one of two.
///
/// # Errors
/// The store's.
pub async fn same_on(tx: &mut Tx, id: CustomerId, on: Date) -> Result<Vec<CustomerId>, StoreError> {
    let stood = |merge: &Merge| merge.merged_on.is_some_and(|since| since <= on);
    let root = match store::standing(tx, id).await? {
        Some(merge) if stood(&merge) => merge.into,
        Some(_) => return Ok(vec![id]),
        None => id,
    };
    let mut all = vec![root];
    for gone in store::held(tx, root).await? {
        if store::standing(tx, gone).await?.is_some_and(|merge| stood(&merge)) {
            all.push(gone);
        }
    }
    Ok(all)
}

/// Everybody who is this person over merged files, the person itself among them, in order of their keys.
///
/// Rule `customer.merge.person`: what is counted per person is counted over all of them.
///
/// # Errors
/// The store's.
pub async fn persons(tx: &mut Tx, person: PersonId) -> Result<Vec<PersonId>, StoreError> {
    let mut found = BTreeSet::from([person]);
    for file in customers::files_of(tx, person).await? {
        for one in same(tx, file).await? {
            // Most files are nobody else's, and their person is known already.
            if one != file {
                found.extend(customers::load(tx, one).await?.map(|one| one.person));
            }
        }
    }
    Ok(found.into_iter().collect())
}

/// The other files that are one customer with this one and that the reader may see, with their numbers; empty for most.
///
/// # Errors
/// The store's.
pub async fn others_of(work: &mut Work, id: CustomerId) -> Result<BTreeMap<CustomerId, String>, ActionError> {
    let mut others = BTreeMap::new();
    for one in same(&mut work.tx, id).await? {
        if let Some(number) = number_for(work, one).await?.filter(|_| one != id) {
            others.insert(one, number);
        }
    }
    Ok(others)
}

/// The numbers of the files merged into some files, of those that the reader may see: they are found by these too.
///
/// # Errors
/// No role grants looking at customers; the store's.
pub async fn gone_numbers(
    work: &mut Work,
    ids: &[CustomerId],
) -> Result<BTreeMap<CustomerId, Vec<String>>, ActionError> {
    let scope = work.authorise(VIEW)?;
    Ok(store::held_numbers(&mut work.tx, scope, ids).await?)
}

/// Refuses what would add to a file that was merged into another one (rule `customer.merge.gone`).
///
/// # Errors
/// [`MergeError::Gone`], naming the surviving file to who may see it.
pub async fn refuse_gone(work: &mut Work, id: CustomerId) -> Result<(), ActionError> {
    let Some(into) = store::into(&mut work.tx, id).await? else { return Ok(()) };
    Err(MergeError::Gone { number: number_for(work, into).await? }.into())
}

/// The number of a file, where the reader may see it.
pub async fn number_for(work: &mut Work, id: CustomerId) -> Result<Option<String>, ActionError> {
    let Ok(scope) = work.authorise(VIEW) else { return Ok(None) };
    let found = customers::load(&mut work.tx, id)
        .await?
        .filter(|file| file.state == CustomerState::Active && scope.covers(file.branch, file.team, file.manager));
    Ok(found.map(|file| file.number))
}

/// A customer that the actor may add to under this action: within scope, and not merged into another one.
///
/// # Errors
/// As [`load_within`]; [`MergeError::Gone`].
pub async fn open_file(work: &mut Work, id: CustomerId, action: &str) -> Result<Customer, ActionError> {
    let file = load_within(work, id, action).await?;
    refuse_gone(work, id).await?;
    Ok(file)
}
