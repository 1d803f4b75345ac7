//! Use cases of the watch list: entering, reviewing, ending.

use jiff::civil::Date;
use platform::audit;
use platform::error::{ActionError, FieldError, Refused};
use platform::id::CustomerId;
use platform::policies::{self, InForce};
use platform::work::Work;
use serde_json::json;

use super::model::{Entry, EntryId, NewEntry, StepKind, WatchList};
use super::{refresh, rules, store};
use crate::customer::actions::load_within;
use crate::customer::model::CustomerKind;
use crate::error::CustomerError;
use crate::merge::open_file;
use crate::{EDIT, policy_list, standing};

/// The lists that the policy keeps for a kind of customer (rule `watch.lists`); a pack without the table has none.
///
/// # Errors
/// The decision cannot be made.
pub fn lists(policy: &InForce, on: Date, kind: CustomerKind) -> Result<Vec<WatchList>, ActionError> {
    policy_list::rows(policy, on, ("watch_list", kind), |row| {
        Some(WatchList {
            name: row.value("watch_list")?.as_text()?.to_owned(),
            review_months: row.value("watch_review_months")?.as_integer()?,
            article: row.article.to_owned(),
        })
    })
}

/// Puts a customer on a list.
///
/// # Errors
/// Not within scope; all that is wrong at once.
pub async fn enter(work: &mut Work, id: CustomerId, new: &NewEntry) -> Result<EntryId, ActionError> {
    let customer = open_file(work, id, EDIT).await?;
    let today = work.business_date;
    let policy = policies::in_force(work, today).await?;
    let held = store::of_customer(&mut work.tx, id).await?;
    let wrong = rules::check(new, &held, &lists(&policy, today, customer.kind)?, today);
    if !wrong.is_empty() {
        return Err(Refused::form(wrong).into());
    }
    let entry = store::insert(work, id, new).await?;
    let trail = audit::Entry::new(Some(id), "watch.enter", format!("watch:{id}:{entry}"));
    let trail = trail.after(json!({"list": new.list, "from": new.from, "until": new.until}));
    work.audit(trail.reason(new.reason.trim())).await?;
    standing::actions::assess(work, &customer, today).await?;
    Ok(entry)
}

/// Records a review: the entry is kept, or the customer leaves the list.
///
/// # Errors
/// Not within scope; no such entry, or it stands no more; nothing said of what was found.
pub async fn review(
    work: &mut Work,
    id: CustomerId,
    entry: EntryId,
    kind: StepKind,
    note: &str,
) -> Result<(), ActionError> {
    let customer = load_within(work, id, EDIT).await?;
    let today = work.business_date;
    let found = find(work, id, entry).await?;
    if !found.stands(today) {
        return Err(CustomerError::AlreadyEnded.into());
    }
    let note = note.trim();
    let wrong = match note.is_empty() {
        true => Some(FieldError::new("reason", "reason-empty")),
        false => crate::datum::rules::check_text("reason", note),
    };
    if let Some(wrong) = wrong {
        return Err(Refused::form(vec![wrong]).into());
    }
    store::step(work, id, entry, kind, note).await?;
    let action = match kind {
        StepKind::Kept => "watch.review",
        StepKind::Ended => "watch.end",
    };
    let trail = audit::Entry::new(Some(id), action, format!("watch:{id}:{entry}"));
    work.audit(trail.after(json!({"list": found.content.list})).reason(note)).await?;
    let policy = policies::in_force(work, today).await?;
    refresh::reviewed(work, &customer, &policy, today, format!("watch:{entry}")).await?;
    standing::actions::assess(work, &customer, today).await.map(drop)
}

/// An entry of a customer's file.
///
/// # Errors
/// [`CustomerError::NoSuchPart`].
pub async fn find(work: &mut Work, id: CustomerId, entry: EntryId) -> Result<Entry, ActionError> {
    let all = store::of_customer(&mut work.tx, id).await?;
    Ok(all.into_iter().find(|one| one.id == entry).ok_or(CustomerError::NoSuchPart("watch"))?)
}
