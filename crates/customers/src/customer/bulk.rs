//! Opening many files at once (批量建档): for imports and the demo book.

use std::collections::BTreeMap;

use platform::audit::{self, Entry};
use platform::error::ActionError;
use platform::id::CustomerId;
use platform::work::Work;
use serde_json::json;

use super::actions::{prepare, require_manager, seal_identity};
use super::model::NewCustomer;
use super::store::{self, Prepared, SealedIdentity};
use crate::error::CustomerError;
use crate::{merge, number, personal};

/// What became of one of many (批量建档结果).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Opened {
    /// The key.
    pub id: CustomerId,
    /// Whether the file stood before, or was opened by an earlier row of the same batch.
    pub existed: bool,
}

/// Opens many files under `action` (`import.run`); who has a file already, by the identity number, keeps it.
///
/// The answers stand in the order given. One audit entry in the institution's chain holds their number and a digest
/// over keys and numbers. The rows were checked by the caller; owners outside the scope are refused.
///
/// Errors: [`CustomerError::OutsideScope`], [`CustomerError::NoSuchManager`], a number that is taken; the store's
/// `Stale` when somebody opened one of the files in the same moment.
pub async fn open_many(work: &mut Work, action: &str, news: &[NewCustomer]) -> Result<Vec<Opened>, ActionError> {
    let scope = work.authorise(action)?;
    if !news.iter().all(|new| scope.covers(new.branch, new.team, new.manager)) {
        return Err(CustomerError::OutsideScope.into());
    }
    let managers: std::collections::BTreeSet<_> = news.iter().map(|new| new.manager).collect();
    for manager in managers {
        require_manager(work, manager).await?;
    }
    let (opened, mut files) = sort_out(work, news).await?;
    for file in &mut files {
        file.number = number::assign(work, file.new.number.as_deref(), file.id).await?;
    }
    let (wanted, taken) = store::take_identities(&mut work.tx, &files).await?;
    if taken < wanted {
        return Err(platform::db::StoreError::Stale { changed: taken }.into());
    }
    store::insert(work, &files).await?;
    if !files.is_empty() {
        let lines: String = files.iter().map(|file| format!("{} {}\n", file.id, file.number)).collect();
        let state = json!({
            "opened": files.len(), "existed": opened.iter().filter(|one| one.existed).count(),
            "first": files.first().map(|file| &file.number), "last": files.last().map(|file| &file.number),
            "digest": audit::digest(&lines),
        });
        work.audit(Entry::new(None, "customer.open_many", "customers").after(state)).await?;
    }
    Ok(opened)
}

/// Tells who has a file already from who needs one.
async fn sort_out<'a>(
    work: &mut Work,
    news: &'a [NewCustomer],
) -> Result<(Vec<Opened>, Vec<Prepared<'a>>), ActionError> {
    let mut sealed: Vec<(CustomerId, Option<SealedIdentity>)> = Vec::with_capacity(news.len());
    for new in news {
        let id = CustomerId(work.next_id());
        sealed.push((id, seal_identity(work, personal::CUSTOMER_IDENTITY, &id.to_string(), new.identity.as_ref())?));
    }
    let indexes: Vec<&str> = sealed.iter().filter_map(|(_, one)| Some(one.as_ref()?.index.as_str())).collect();
    let mut known: BTreeMap<String, CustomerId> = store::find_by_identities(&mut work.tx, &indexes).await?;
    // What belongs to a file that was merged goes into the surviving one.
    let there: Vec<CustomerId> = known.values().copied().collect();
    let roots = merge::roots(&mut work.tx, &there).await?;
    for id in known.values_mut() {
        *id = roots.get(id).copied().unwrap_or(*id);
    }
    let (mut opened, mut files) = (Vec::with_capacity(news.len()), Vec::new());
    for (new, (id, identity)) in news.iter().zip(sealed) {
        if let Some(there) = identity.as_ref().and_then(|identity| known.get(&identity.index)) {
            opened.push(Opened { id: *there, existed: true });
            continue;
        }
        if let Some(identity) = &identity {
            known.insert(identity.index.clone(), id);
        }
        opened.push(Opened { id, existed: false });
        files.push(prepare(work, id, new, identity)?);
    }
    Ok((opened, files))
}
