//! Use cases of related parties: adding, consent and objection, ending, revealing.

use jiff::civil::Date;
use platform::audit::Entry;
use platform::error::{ActionError, FieldError, Refused};
use platform::id::CustomerId;
use platform::vault::{self, Identity, What};
use platform::work::Work;
use serde_json::{Value as Json, json};

use super::model::{NewRelation, Relation, RelationId, Willingness};
use super::store::{self, Prepared};
use crate::customer::actions::{load_within, seal_identity};
use crate::customer::{rules, store as customers};
use crate::error::CustomerError;
use crate::merge::{self, open_file};
use crate::{EDIT, personal};

/// The related party of a customer within scope.
///
/// Errors: not within scope; [`CustomerError::NoSuchPart`].
pub async fn load(
    work: &mut Work,
    customer: CustomerId,
    id: RelationId,
    action: &str,
) -> Result<Relation, ActionError> {
    load_within(work, customer, action).await?;
    Ok(store::load(&mut work.tx, customer, id).await?.ok_or(CustomerError::NoSuchPart("relation"))?)
}

/// Adds a related party; one that has a file here is linked to it by the identity number.
///
/// Errors: not within scope; fields that are wrong, all at once.
pub async fn add(work: &mut Work, customer: CustomerId, new: &NewRelation) -> Result<RelationId, ActionError> {
    let file = open_file(work, customer, EDIT).await?;
    let wrong = check(new, work.business_date);
    if !wrong.is_empty() {
        return Err(Refused::form(wrong).into());
    }
    let prepared = prepare(work, customer, new).await?;
    if merge::persons(&mut work.tx, file.person).await?.contains(&prepared.person) {
        return Err(CustomerError::ToItself.into());
    }
    let (id, subject) = (prepared.id, format!("relation:{customer}:{}", prepared.id));
    store::insert(work, &[prepared]).await?;
    let state = json!({
        "kind": new.kind.as_str(), "name": new.name.trim(), "since": new.since, "consented_on": new.consented_on,
    });
    work.audit(Entry::new(Some(customer), "relation.add", subject).after(state)).await?;
    Ok(id)
}

/// Adds related parties of an import under `action`, with one bulk statement; the import leaves the audit entry.
pub async fn add_many(
    work: &mut Work,
    action: &str,
    news: &[(CustomerId, NewRelation)],
) -> Result<Vec<RelationId>, ActionError> {
    work.authorise(action)?;
    let mut rows = Vec::with_capacity(news.len());
    for (customer, new) in news {
        rows.push(prepare(work, *customer, new).await?);
    }
    store::insert(work, &rows).await?;
    Ok(rows.iter().map(|row| row.id).collect())
}

/// The open related party of this kind and number, or of this name where no number is given; else it is added.
///
/// Errors: no permission; the customer's own number; a name that several bear, without a number.
pub async fn find_or_add(
    work: &mut Work,
    action: &str,
    customer: CustomerId,
    new: &NewRelation,
) -> Result<RelationId, ActionError> {
    work.authorise(action)?;
    let prepared = prepare(work, customer, new).await?;
    let borrower = customers::load(&mut work.tx, customer).await?;
    if let Some(borrower) = borrower
        && merge::persons(&mut work.tx, borrower.person).await?.contains(&prepared.person)
    {
        return Err(CustomerError::ToItself.into());
    }
    let known = store::of_customer(&mut work.tx, customer).await?;
    if let Some(same) = super::rules::same_person(&known, new, prepared.person)? {
        return Ok(same);
    }
    let id = prepared.id;
    store::insert(work, &[prepared]).await?;
    Ok(id)
}

/// Ends related parties of an import that is undone; those that ended before stay as they are. The caller authorised
/// the undoing and leaves the audit entry.
pub async fn end_many(
    work: &mut Work,
    relations: &[(CustomerId, RelationId)],
    reason: &str,
) -> Result<(), ActionError> {
    let on = work.business_date;
    for (customer, id) in relations {
        store::end(&mut work.tx, *customer, *id, on, reason).await?;
    }
    Ok(())
}

async fn prepare<'a>(work: &mut Work, customer: CustomerId, new: &'a NewRelation) -> Result<Prepared<'a>, ActionError> {
    let id = RelationId(work.next_id());
    let row = format!("{customer}:{id}");
    let identity = seal_identity(work, personal::RELATION_IDENTITY, &row, new.identity.as_ref())?;
    let index = identity.as_ref().map(|identity| identity.index.clone());
    let other = match &index {
        Some(index) => customers::find_by_identity(&mut work.tx, index).await?.filter(|other| *other != customer),
        None => None,
    };
    Ok(Prepared { customer, id, person: personal::person_key(index.as_deref(), id.0), other, new, identity })
}

fn check(new: &NewRelation, business_date: Date) -> Vec<FieldError> {
    let mut wrong: Vec<FieldError> = rules::check_name("name", &new.name).into_iter().collect();
    if new.share_ppm.is_some_and(|share| !(0..=1_000_000).contains(&share)) {
        wrong.push(FieldError::new("share", "share-out-of-range"));
    }
    for (field, on) in [("since", Some(new.since)), ("consented_on", new.consented_on)] {
        if on.is_some_and(|on| on > business_date) {
            wrong.push(FieldError::new(field, "date-after-business-date").with("business_date", business_date));
        }
    }
    wrong.extend(rules::check_texts(None, new.note.as_deref()));
    wrong
}

/// What a related party says about being contacted (联系意愿变更).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Say {
    /// Agrees.
    Consent,
    /// Objects.
    Object,
}

/// Records consent or objection on the business date. An objection stays: contact stops for good.
///
/// Rule `relation.objection.final`. Source: X-06, third-party contact stops for good on refusal.
///
/// Errors: not within scope; [`CustomerError::Objected`], [`CustomerError::AlreadyEnded`],
/// [`CustomerError::NothingChanged`].
pub async fn record_say(
    work: &mut Work,
    customer: CustomerId,
    id: RelationId,
    say: Say,
    reason: &str,
) -> Result<(), ActionError> {
    let before = load(work, customer, id, EDIT).await?;
    if !before.is_open() {
        return Err(CustomerError::AlreadyEnded.into());
    }
    let mut after = before.clone();
    after.willingness = match (before.willingness, say) {
        (Willingness::Objected(_), Say::Consent) => return Err(CustomerError::Objected.into()),
        (Willingness::Objected(_), Say::Object) | (Willingness::Consented(_), Say::Consent) => {
            return Err(CustomerError::NothingChanged.into());
        }
        (Willingness::Unknown, Say::Consent) => Willingness::Consented(work.business_date),
        (Willingness::Unknown | Willingness::Consented(_), Say::Object) => Willingness::Objected(work.business_date),
    };
    store::update(&mut work.tx, before.version, &after, None).await?;
    let action = match say {
        Say::Consent => "relation.consent",
        Say::Object => "relation.object",
    };
    let entry = Entry::new(Some(customer), action, before.subject());
    let entry = entry.before(said(before.willingness)).after(said(after.willingness));
    Ok(work.audit(entry.reason(reason.trim())).await?)
}

/// Records the objection of a related party who was contacted under another capability's `action`; one that stands stays.
///
/// Errors: not within scope of that action.
pub async fn object(
    work: &mut Work,
    customer: CustomerId,
    id: RelationId,
    action: &str,
    reason: &str,
) -> Result<(), ActionError> {
    let before = load(work, customer, id, action).await?;
    if !before.is_open() || matches!(before.willingness, Willingness::Objected(_)) {
        return Ok(());
    }
    let after = Relation { willingness: Willingness::Objected(work.business_date), ..before.clone() };
    store::update(&mut work.tx, before.version, &after, None).await?;
    let entry = Entry::new(Some(customer), "relation.object", before.subject());
    let entry = entry.before(said(before.willingness)).after(said(after.willingness));
    Ok(work.audit(entry.reason(reason.trim())).await?)
}

fn said(willingness: Willingness) -> Json {
    match willingness {
        Willingness::Unknown => json!({"willingness": "unknown"}),
        Willingness::Consented(on) => json!({"willingness": "consented", "on": on}),
        Willingness::Objected(on) => json!({"willingness": "objected", "on": on}),
    }
}

/// Ends a relation on the business date: it stays in the file as history.
///
/// Errors: not within scope; [`CustomerError::AlreadyEnded`]; no reason.
pub async fn end(work: &mut Work, customer: CustomerId, id: RelationId, reason: &str) -> Result<(), ActionError> {
    let before = load(work, customer, id, EDIT).await?;
    if !before.is_open() {
        return Err(CustomerError::AlreadyEnded.into());
    }
    if reason.trim().is_empty() {
        return Err(Refused::form(vec![FieldError::new("reason", "reason-empty")]).into());
    }
    let after = Relation { ended_on: Some(work.business_date), ..before.clone() };
    store::update(&mut work.tx, before.version, &after, Some(reason.trim())).await?;
    let entry = Entry::new(Some(customer), "relation.end", before.subject());
    let entry = entry.before(json!({"ended_on": null})).after(json!({"ended_on": after.ended_on}));
    Ok(work.audit(entry.reason(reason.trim())).await?)
}

/// Shows the identity number of a related party in clear, with a reason. Commit the work before it is shown.
///
/// Errors: not within scope, no permission, no reason, [`CustomerError::NothingToReveal`].
pub async fn reveal_identity(
    work: &mut Work,
    customer: CustomerId,
    id: RelationId,
    reason: &str,
) -> Result<Identity, ActionError> {
    let relation = load(work, customer, id, platform::access::PERSONAL_REVEAL).await?;
    let sealed = store::sealed_identity(&mut work.tx, customer, id).await?.ok_or(CustomerError::NothingToReveal)?;
    let row = format!("{customer}:{id}");
    let place = personal::place(personal::RELATION_IDENTITY, &row);
    vault::reveal(work, What { customer, subject: relation.subject(), place, sealed: &sealed }, reason).await
}
