//! Use cases of duplicates: who looks like a file that is being opened, and the judgement that two files are not the same.

use platform::audit::Entry;
use platform::error::{ActionError, FieldError, Refused};
use platform::id::CustomerId;
use platform::policies::{self, PolicyError};
use platform::vault::Personal as _;
use platform::vault::Phone;
use platform::work::Work;
use serde_json::json;

use super::model::{Ground, Judgement, Weights};
use super::store::{self, Newcomer};
use crate::customer::actions::load_within;
use crate::customer::model::{Customer, CustomerKind, NewCustomer};
use crate::datum::rules::check_text;
use crate::identity::IdentityNo;
use crate::merge::error::MergeError;
use crate::merge::{MERGE, refuse_gone};
use crate::name::Reading;
use crate::{EDIT, VIEW};

/// How many files that share a phone or a name are looked at when one is opened.
const LOOKED_AT: i64 = 200;
/// How many of them a warning names.
const NAMED: usize = 5;

/// A file that looks like one that is being opened (疑似同一客户).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Likeness {
    /// The file.
    pub file: Customer,
    /// What both share.
    pub shared: Vec<Ground>,
    /// What it comes to.
    pub score: i64,
}

/// The weights in force today; nothing while no rules are.
pub(super) async fn weights(work: &mut Work) -> Result<Option<Weights>, ActionError> {
    let on = work.business_date;
    match policies::in_force(work, on).await {
        Ok(rules) => Ok(Some(Weights::of(rules.edition(on)).map_err(PolicyError::from)?)),
        // Files may be opened before any rules are in force.
        Err(ActionError::Refused(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The files within scope that may be the customer whose file is being opened, the likeliest first.
///
/// # Errors
/// No permission to look at customers; no vault; the store's.
pub async fn like(work: &mut Work, new: &NewCustomer) -> Result<Vec<Likeness>, ActionError> {
    let scope = work.authorise(VIEW)?;
    let Some(weights) = weights(work).await? else { return Ok(Vec::new()) };
    let reading = Reading::of(new.kind, &new.name);
    let phone = match new.phone.as_deref().filter(|phone| !phone.is_empty()) {
        Some(phone) => Some(work.app.vault()?.blind_index(&Phone::from_clear(phone.to_owned()))),
        None => None,
    };
    let born_on = new.identity.as_ref().and_then(IdentityNo::born_on);
    let newcomer = Newcomer { kind: new.kind, pinyin: &reading.pinyin, phone_index: phone.as_deref() };
    let mut found: Vec<Likeness> = store::candidates(&mut work.tx, scope, &newcomer, LOOKED_AT)
        .await?
        .into_iter()
        .map(|(file, by_phone)| {
            let theirs = Reading::of(file.kind, &file.name);
            let same_reading = !reading.pinyin.is_empty() && plain(&theirs, file.kind) == plain(&reading, new.kind);
            let person = new.kind == CustomerKind::Person;
            let shares = [
                (Ground::Phone, by_phone),
                (Ground::Name, file.name.trim() == new.name.trim()),
                (Ground::Reading, person && same_reading),
                (Ground::Born, born_on.is_some() && file.born_on == born_on),
                (Ground::Firm, !person && same_reading),
            ];
            let shared: Vec<Ground> = shares.into_iter().filter(|(_, both)| *both).map(|(ground, _)| ground).collect();
            let score = weights.score(&shared);
            Likeness { file, shared, score }
        })
        .filter(|one| one.score >= weights.least)
        .collect();
    found.sort_by_key(|one| (std::cmp::Reverse(one.score), one.file.id));
    Ok(found)
}

/// The reading in which the two legal forms of a limited company are one.
fn plain(reading: &Reading, kind: CustomerKind) -> String {
    match kind {
        CustomerKind::Person => reading.pinyin.clone(),
        CustomerKind::Company => reading.pinyin.replace("youxianzerengongsi", "youxiangongsi"),
    }
}

/// Refuses to open a file that looks like one there, until the person says that it is somebody else
/// (rule `customer.duplicate.warn`).
///
/// # Errors
/// A complaint that names the files; as [`like`].
pub async fn warn(work: &mut Work, new: &NewCustomer, somebody_else: bool) -> Result<(), ActionError> {
    work.authorise(EDIT)?;
    if somebody_else {
        return Ok(());
    }
    let found = like(work, new).await?;
    if found.is_empty() {
        return Ok(());
    }
    let named: Vec<String> =
        found.iter().take(NAMED).map(|one| format!("{} {}", one.file.name, one.file.number)).collect();
    let error = FieldError::new("somebody_else", "duplicate-likely").with("files", named.join("、"));
    Err(Refused::form(vec![error]).under("customer.duplicate.warn", None).into())
}

/// Keeps the judgement that two files are not the same (rule `customer.duplicate.apart`): the pair is listed no more.
///
/// # Errors
/// One of the files is not within scope; no reason; a file that was merged; [`MergeError::JudgedAlready`].
pub async fn judge(work: &mut Work, id: CustomerId, other: CustomerId, reason: &str) -> Result<(), ActionError> {
    let (one, other) = pair(work, id, other).await?;
    for file in [&one, &other] {
        refuse_gone(work, file.id).await?;
    }
    let reason = check_reason(reason)?;
    if store::apart(&mut work.tx, [one.id, other.id]).await?.is_some() {
        return Err(MergeError::JudgedAlready.into());
    }
    store::judge(work, [one.id, other.id], &reason).await?;
    note(work, "duplicate.judge", (&one, &other), &reason).await
}

/// Takes the judgement back: the pair may be listed and merged again.
///
/// # Errors
/// One of the files is not within scope; no reason; nothing was judged.
pub async fn end(work: &mut Work, id: CustomerId, other: CustomerId, reason: &str) -> Result<(), ActionError> {
    let (one, other) = pair(work, id, other).await?;
    let reason = check_reason(reason)?;
    let Some(judged) = store::apart(&mut work.tx, [one.id, other.id]).await? else {
        return Err(MergeError::NotMerged.into());
    };
    store::end(work, &judged, &reason).await?;
    note(work, "duplicate.end", (&one, &other), &reason).await
}

/// The judgement about two files within scope.
pub(super) async fn judged(work: &mut Work, files: [CustomerId; 2]) -> Result<Option<Judgement>, ActionError> {
    Ok(store::apart(&mut work.tx, files).await?)
}

async fn pair(work: &mut Work, id: CustomerId, other: CustomerId) -> Result<(Customer, Customer), ActionError> {
    let one = load_within(work, id, MERGE).await?;
    let other = load_within(work, other, MERGE).await.map_err(|error| match error {
        ActionError::Refused(_) => MergeError::NoSuchOther.into(),
        broken => broken,
    })?;
    if one.id == other.id {
        return Err(MergeError::Itself.into());
    }
    Ok((one, other))
}

fn check_reason(reason: &str) -> Result<String, ActionError> {
    let reason = reason.trim();
    let empty = reason.is_empty().then(|| FieldError::new("reason", "reason-empty"));
    match empty.or_else(|| check_text("reason", reason)) {
        Some(wrong) => Err(Refused::form(vec![wrong]).into()),
        None => Ok(reason.to_owned()),
    }
}

/// Both chains of the trail say it.
async fn note(
    work: &mut Work,
    action: &'static str,
    (one, other): (&Customer, &Customer),
    reason: &str,
) -> Result<(), ActionError> {
    for (file, with) in [(one, other), (other, one)] {
        let entry = Entry::new(Some(file.id), action, file.subject()).after(json!({"number": with.number}));
        work.audit(entry.reason(reason)).await?;
    }
    Ok(())
}
