//! Use cases of contact points: adding, ending, revealing.

use platform::access::{CONTACT_REVEAL, PERSONAL_REVEAL};
use platform::audit::Entry;
use platform::contact_gate::{self, Manner, PersonId, Purpose, Shown};
use platform::error::{ActionError, FieldError, Refused};
use platform::id::CustomerId;
use platform::vault::{self, Personal, Phone, What};
use platform::work::Work;
use serde_json::json;

use super::model::{ContactKind, ContactPoint, ContactPointId, NewContactPoint};
use super::store::{self, SealedValue};
use crate::customer::actions::load_within;
use crate::customer::model::Customer;
use crate::customer::store as customers;
use crate::error::CustomerError;
use crate::identity::normalise_phone;
use crate::merge::open_file;
use crate::personal::{self, Address, Email};
use crate::relation::store as relations;
use crate::{EDIT, VIEW, merge};

/// The longest value.
const MAX_VALUE: usize = 200;

/// Adds a contact point, sealed. A new main one takes the place of the old.
///
/// Errors: not within scope; fields that are wrong; [`CustomerError::NoSuchPart`] for a related party of another file.
pub async fn add(work: &mut Work, customer: CustomerId, new: &NewContactPoint) -> Result<ContactPointId, ActionError> {
    open_file(work, customer, EDIT).await?;
    if let Some(relation) = new.relation {
        let found = relations::load(&mut work.tx, customer, relation).await?;
        found.filter(|relation| relation.is_open()).ok_or(CustomerError::NoSuchPart("relation"))?;
    }
    let value = check(new.kind, &new.value)?;
    let id = ContactPointId(work.next_id());
    let row = format!("{customer}:{id}");
    let vault = work.app.vault()?;
    let sealed = match new.kind {
        ContactKind::Phone => SealedValue::of(vault, &row, &Phone::from_clear(value)),
        ContactKind::Email => SealedValue::of(vault, &row, &Email::from_clear(value)),
        ContactKind::Address => SealedValue::of(vault, &row, &Address::from_clear(value)),
    };
    if new.main {
        store::drop_main(&mut work.tx, customer, new.relation, new.kind).await?;
    }
    let masked = sealed.masked.clone();
    store::insert(work, customer, id, new, sealed).await?;
    refresh_phone(work, customer).await?;
    let state = json!({
        "kind": new.kind.as_str(), "value": masked, "route": new.route.as_str(), "consented": new.consented,
        "main": new.main, "relation": new.relation,
    });
    let entry = Entry::new(Some(customer), "contact_point.add", format!("contact_point:{customer}:{id}"));
    work.audit(entry.after(state)).await?;
    Ok(id)
}

fn check(kind: ContactKind, value: &str) -> Result<String, ActionError> {
    let value = value.trim();
    let refuse = |code| Err(Refused::form(vec![FieldError::new("value", code)]).into());
    if value.is_empty() {
        return refuse("field-empty");
    }
    if value.chars().count() > MAX_VALUE || value.chars().any(char::is_control) {
        return refuse("contact-value-invalid");
    }
    match kind {
        ContactKind::Phone => match normalise_phone(value) {
            Some(digits) => Ok(digits),
            None => refuse("phone-invalid"),
        },
        ContactKind::Email => match value.split_once('@') {
            Some((name, house)) if !name.is_empty() && house.contains('.') && !value.contains(' ') => {
                Ok(value.to_owned())
            }
            Some(_) | None => refuse("email-invalid"),
        },
        ContactKind::Address => Ok(value.to_owned()),
    }
}

async fn refresh_phone(work: &mut Work, customer: CustomerId) -> Result<(), ActionError> {
    let last = store::main_phone_last(&mut work.tx, customer).await?;
    Ok(customers::set_phone_last(&mut work.tx, customer, last.as_deref()).await?)
}

/// Ends a contact point: it stays in the file as history.
///
/// Errors: not within scope; [`CustomerError::AlreadyEnded`]; no reason.
pub async fn end(work: &mut Work, customer: CustomerId, id: ContactPointId, reason: &str) -> Result<(), ActionError> {
    let (_, point) = load(work, customer, id, EDIT).await?;
    if point.ended_at.is_some() {
        return Err(CustomerError::AlreadyEnded.into());
    }
    if reason.trim().is_empty() {
        return Err(Refused::form(vec![FieldError::new("reason", "reason-empty")]).into());
    }
    store::end(work, &point).await?;
    refresh_phone(work, customer).await?;
    let entry = Entry::new(Some(customer), "contact_point.end", point.subject());
    let entry = entry.before(json!({"value": point.masked, "main": point.main})).after(json!({"ended": true}));
    Ok(work.audit(entry.reason(reason.trim())).await?)
}

/// A contact point of a customer within scope.
///
/// Errors: not within scope; [`CustomerError::NoSuchPart`].
pub async fn load(
    work: &mut Work,
    customer: CustomerId,
    id: ContactPointId,
    action: &str,
) -> Result<(Customer, ContactPoint), ActionError> {
    let file = load_within(work, customer, action).await?;
    let point = store::load(&mut work.tx, customer, id).await?.ok_or(CustomerError::NoSuchPart("contact_point"))?;
    Ok((file, point))
}

/// Shows a phone number as far as the contact gate allows. Commit the work before it is shown, and commit a refusal too.
///
/// Errors: not within scope, no permission, no reason.
pub async fn reveal_phone(
    work: &mut Work,
    customer: CustomerId,
    id: ContactPointId,
    purpose: Purpose,
    manner: Manner,
    reason: &str,
) -> Result<Shown, ActionError> {
    let (file, point) = load(work, customer, id, CONTACT_REVEAL).await?;
    if point.kind != ContactKind::Phone || point.ended_at.is_some() {
        return Err(CustomerError::NothingToReveal.into());
    }
    let person = match point.relation {
        None => file.person,
        Some(relation) => {
            let found = relations::load(&mut work.tx, customer, relation).await?;
            found.ok_or(CustomerError::NoSuchPart("relation"))?.person
        }
    };
    let sealed = store::sealed::<Phone>(&mut work.tx, customer, id).await?;
    let row = format!("{customer}:{id}");
    let place = personal::place(personal::CONTACT_VALUE, &row);
    let what = What { customer, subject: point.subject(), place, sealed: &sealed };
    contact_gate::reveal_phone(work, what, person, purpose, manner, reason).await
}

/// Shows an e-mail or postal address in clear, with a reason. Commit the work before it is shown.
///
/// Errors: not within scope, no permission, no reason, [`CustomerError::NothingToReveal`] for a phone.
pub async fn reveal_value(
    work: &mut Work,
    customer: CustomerId,
    id: ContactPointId,
    reason: &str,
) -> Result<String, ActionError> {
    let (_, point) = load(work, customer, id, PERSONAL_REVEAL).await?;
    match point.kind {
        ContactKind::Phone => Err(CustomerError::NothingToReveal.into()),
        ContactKind::Email => reveal_as::<Email>(work, &point, reason).await,
        ContactKind::Address => reveal_as::<Address>(work, &point, reason).await,
    }
}

async fn reveal_as<T: Personal>(work: &mut Work, point: &ContactPoint, reason: &str) -> Result<String, ActionError> {
    let sealed = store::sealed::<T>(&mut work.tx, point.customer, point.id).await?;
    let row = format!("{}:{}", point.customer, point.id);
    let place = personal::place(personal::CONTACT_VALUE, &row);
    let what = What { customer: point.customer, subject: point.subject(), place, sealed: &sealed };
    Ok(vault::reveal(work, what, reason).await?.clear().to_owned())
}

/// A phone in use with its blind index (在用电话): for the contact guard, which counts by number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhoneInUse {
    /// The contact point, masked.
    pub point: ContactPoint,
    /// The blind index of the number.
    pub index: String,
}

/// The phones in use of a customer and of the related parties.
///
/// Errors: not within scope.
pub async fn phones(work: &mut Work, customer: CustomerId, action: &str) -> Result<Vec<PhoneInUse>, ActionError> {
    load_within(work, customer, action).await?;
    let rows = store::phones_of(&mut work.tx, customer).await?;
    Ok(rows.into_iter().map(|(point, index)| PhoneInUse { point, index }).collect())
}

/// The customers whose own number this is, with their persons.
///
/// # Errors
/// The store's.
pub async fn holders(work: &mut Work, number_index: &str) -> Result<Vec<(CustomerId, PersonId)>, ActionError> {
    Ok(store::holders(&mut work.tx, number_index).await?)
}

/// Whose files a contact touches (联系所及的客户): for those who know what is overdue.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reach {
    /// The person's own files.
    pub own: Vec<CustomerId>,
    /// Files in which the person is a related party, or which hold the same number.
    pub related: Vec<CustomerId>,
}

/// The files that a contact touches: by person across files, and by number.
///
/// # Errors
/// The store's.
pub async fn reach(work: &mut Work, contact: &contact_gate::Contact) -> Result<Reach, ActionError> {
    let (mut own, mut related) = (Vec::new(), Vec::new());
    // A person whose files were merged is one: the files of either are his.
    for person in merge::persons(&mut work.tx, contact.person).await? {
        own.extend(customers::files_of(&mut work.tx, person).await?);
        related.extend(relations::files_with(&mut work.tx, person).await?);
    }
    own.sort();
    own.dedup();
    related.extend(store::files_with(&mut work.tx, &contact.number_index).await?);
    related.push(contact.customer);
    related.sort();
    related.dedup();
    related.retain(|file| !own.contains(file));
    Ok(Reach { own, related })
}

/// Whether the contact points of this customer may be looked at.
///
/// Errors: not within scope.
pub async fn list(work: &mut Work, customer: CustomerId) -> Result<Vec<ContactPoint>, ActionError> {
    load_within(work, customer, VIEW).await?;
    Ok(store::of_customer(&mut work.tx, customer).await?)
}

/// A contact point of a file, whoever asks: the caller has authorised the thing that it belongs to.
///
/// # Errors
/// The store's.
pub async fn in_file(
    work: &mut Work,
    customer: CustomerId,
    id: ContactPointId,
) -> Result<Option<ContactPoint>, ActionError> {
    Ok(store::load(&mut work.tx, customer, id).await?)
}

/// The addresses in use of a file, masked, whoever asks: the caller has authorised the thing that they are for.
///
/// # Errors
/// The store's.
pub async fn addresses(work: &mut Work, customer: CustomerId) -> Result<Vec<ContactPoint>, ActionError> {
    let all = store::of_customer(&mut work.tx, customer).await?;
    Ok(all.into_iter().filter(|one| one.kind == ContactKind::Address && one.ended_at.is_none()).collect())
}

/// Shows an address in clear to those who are sent there; the caller has authorised the visit. Commit the work before it
/// is shown.
///
/// # Errors
/// [`CustomerError::NoSuchPart`]; [`CustomerError::NothingToReveal`] for anything but an address.
pub async fn address_for(
    work: &mut Work,
    customer: CustomerId,
    id: ContactPointId,
    reason: &str,
) -> Result<String, ActionError> {
    let point = store::load(&mut work.tx, customer, id).await?.ok_or(CustomerError::NoSuchPart("contact_point"))?;
    if point.kind != ContactKind::Address {
        return Err(CustomerError::NothingToReveal.into());
    }
    // Who is sent there need not be one who may see every personal datum.
    let sealed = store::sealed::<Address>(&mut work.tx, customer, id).await?;
    let row = format!("{customer}:{id}");
    let address: Address = work.app.vault()?.open(personal::place(personal::CONTACT_VALUE, &row), &sealed)?;
    let entry = Entry::new(Some(customer), Address::REVEALED, point.subject());
    work.audit(entry.after(json!({"shown": address.masked()})).reason(reason.trim())).await?;
    Ok(address.clear().to_owned())
}
