//! Use cases of a customer's file: opening, changing, finding within scope, revealing.

use platform::access::{Origin, store as access};
use platform::audit::Entry;
use platform::contact_gate::PersonId;
use platform::error::{ActionError, Refused};
use platform::event::Event;
use platform::id::{CustomerId, UserId};
use platform::vault::{self, Identity, Personal as _, Phone, What};
use platform::work::Work;
use serde_json::{Map, Value as Json, json};

use super::model::{Attribute, Customer, CustomerState, NewCustomer};
use super::rules;
use super::store::{self, Fact, Prepared, SealedIdentity, SealedPhone, filled};
use crate::contact_point::model::{ContactPointId, SourceRoute};
use crate::error::CustomerError;
use crate::identity::IdentityNo;
use crate::name::Reading;
use crate::personal::{self, Address};
use crate::{EDIT, VIEW, merge, number};

/// A file that was opened (新建结果).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenedFile {
    /// The key.
    pub id: CustomerId,
    /// 客户号.
    pub number: String,
}

/// Opens a customer's file: one person or company has one file.
///
/// Rule `customer.identity.one_file`. Source: the house, because a person must be known across files (guarantor here,
/// debtor there); told by the blind index of the identity number.
///
/// Errors: fields that are wrong, all at once; [`CustomerError::Duplicate`] naming the file that exists, unless it is
/// not visible; a number that is taken.
pub async fn open(work: &mut Work, new: &NewCustomer) -> Result<OpenedFile, ActionError> {
    let scope = work.authorise(EDIT)?;
    let wrong = rules::check(new);
    if !wrong.is_empty() {
        return Err(Refused::form(wrong).into());
    }
    require_manager(work, new.manager).await?;
    if !scope.covers(new.branch, new.team, new.manager) {
        return Err(CustomerError::OutsideScope.into());
    }
    let id = CustomerId(work.next_id());
    let identity = seal_identity(work, personal::CUSTOMER_IDENTITY, &id.to_string(), new.identity.as_ref())?;
    let prepared = prepare(work, id, new, identity)?;
    let files = [prepared];
    let (wanted, taken) = store::take_identities(&mut work.tx, &files).await?;
    let [mut prepared] = files;
    if taken < wanted {
        let index = prepared.identity.as_ref().map_or("", |identity| identity.index.as_str());
        return Err(duplicate(work, index).await?.into());
    }
    prepared.number = number::assign(work, new.number.as_deref(), id).await?;
    store::insert(work, std::slice::from_ref(&prepared)).await?;
    let number = prepared.number;
    let state = json!({
        "number": number, "kind": new.kind.as_str(), "name": new.name.trim(), "branch": new.branch,
        "team": new.team, "manager": new.manager,
    });
    work.audit(Entry::new(Some(id), "customer.open", format!("customer:{id}")).after(state)).await?;
    let event = Event {
        kind: "customer_opened",
        customer: id,
        subject: format!("customer:{id}"),
        effective_on: work.business_date,
        payload: json!({"number": number, "kind": new.kind.as_str()}),
    };
    work.emit(event).await?;
    Ok(OpenedFile { id, number })
}

/// The refusal that names the file which has this identity number already.
pub(super) async fn duplicate(work: &mut Work, index: &str) -> Result<CustomerError, ActionError> {
    let Some(id) = store::find_by_identity(&mut work.tx, index).await? else {
        return Ok(CustomerError::Duplicate { number: None });
    };
    let id = merge::root(&mut work.tx, id).await?;
    let number = match load_within(work, id, VIEW).await {
        Ok(customer) => Some(customer.number),
        Err(ActionError::Refused(_)) => None,
        Err(error @ (ActionError::Store(_) | ActionError::Internal(_))) => return Err(error),
    };
    Ok(CustomerError::Duplicate { number })
}

pub(super) async fn require_manager(work: &mut Work, manager: UserId) -> Result<access::User, ActionError> {
    let found = access::user(&mut work.tx, manager).await?;
    Ok(found.filter(|user| user.state == access::UserState::Active).ok_or(CustomerError::NoSuchManager)?)
}

/// Seals an identity number for its place; nothing when there is none.
pub(crate) fn seal_identity(
    work: &Work,
    column: &'static str,
    row: &str,
    number: Option<&IdentityNo>,
) -> Result<Option<SealedIdentity>, ActionError> {
    let Some(number) = number.filter(|number| !number.expose().is_empty()) else { return Ok(None) };
    let vault = work.app.vault()?;
    let clear = personal::identity(number);
    Ok(Some(SealedIdentity {
        sealed: vault.seal(personal::place(column, row), &clear),
        index: vault.blind_index(&personal::identity_across_files(number)),
        masked: clear.masked(),
    }))
}

/// Everything of a new file but its number.
pub(super) fn prepare<'a>(
    work: &Work,
    id: CustomerId,
    new: &'a NewCustomer,
    identity: Option<SealedIdentity>,
) -> Result<Prepared<'a>, ActionError> {
    let phone = match new.phone.as_deref().filter(|phone| !phone.is_empty()) {
        None => None,
        Some(phone) => Some(seal_phone(work, id, phone)?),
    };
    Ok(Prepared {
        id,
        person: personal::person_key(identity.as_ref().map(|identity| identity.index.as_str()), id.0),
        number: String::new(),
        reading: Reading::of(new.kind, &new.name),
        new,
        identity,
        phone,
    })
}

fn seal_phone(work: &Work, customer: CustomerId, phone: &str) -> Result<SealedPhone, ActionError> {
    let id = ContactPointId(work.next_id());
    let clear = Phone::from_clear(phone.to_owned());
    let row = format!("{customer}:{id}");
    // Who comes to the counter gives the number to be called; of an old book nobody knows.
    let (route, consented) = match &work.actor.origin {
        Origin::Screen { .. } | Origin::Api { .. } => (SourceRoute::Customer, true),
        Origin::Import { .. } | Origin::Close | Origin::Console | Origin::Setup => (SourceRoute::Import, false),
    };
    let vault = work.app.vault()?;
    Ok(SealedPhone {
        id,
        sealed: vault.seal(personal::place(personal::CONTACT_VALUE, &row), &clear),
        index: vault.blind_index(&clear),
        masked: clear.masked(),
        last: clear.last_digits(),
        route,
        consented,
    })
}

/// A customer that the actor may touch under this action.
///
/// Errors: [`CustomerError::NotFound`] when there is none, when it is hidden, and when it lies outside the data
/// scope: the three look the same.
pub async fn load_within(work: &mut Work, id: CustomerId, action: &str) -> Result<Customer, ActionError> {
    let scope = work.authorise(action)?;
    let found = store::load(&mut work.tx, id).await?.filter(|customer| {
        let seen = scope.covers(customer.branch, customer.team, customer.manager) || work.lent == Some(customer.id);
        customer.state == CustomerState::Active && seen
    });
    Ok(found.ok_or(CustomerError::NotFound)?)
}

/// What shall stand in a file from now on (资料变更).
#[derive(Clone, PartialEq, Eq)]
pub struct Change {
    /// The version of the file that the person had on the screen.
    pub seen: i64,
    /// 地址.
    pub address: Option<String>,
    /// 备注.
    pub note: Option<String>,
    /// 国籍, by its ISO 3166 code.
    pub nationality: Option<String>,
    /// 管户客户经理.
    pub manager: UserId,
    /// Why.
    pub reason: String,
}

/// Changes address, note, nationality or manager; each change is a fact. A new manager takes the file to the own branch and team.
///
/// Errors: [`CustomerError::NothingChanged`], [`CustomerError::NoSuchManager`], [`CustomerError::OutsideScope`];
/// the store's `Stale` when somebody else changed the file meanwhile.
pub async fn change(work: &mut Work, id: CustomerId, wish: &Change) -> Result<(), ActionError> {
    let scope = work.authorise(EDIT)?;
    let before = merge::open_file(work, id, EDIT).await?;
    let mut wrong = rules::check_texts(wish.address.as_deref(), wish.note.as_deref());
    let nationality = rules::read_country(wish.nationality.as_deref());
    wrong.extend(nationality.as_ref().err().cloned());
    if !wrong.is_empty() {
        return Err(Refused::form(wrong).into());
    }
    let mut after = before.clone();
    after.address = filled(wish.address.as_deref());
    after.note = filled(wish.note.as_deref());
    after.nationality = nationality.ok().flatten().unwrap_or_default();
    if wish.manager != before.manager {
        let manager = require_manager(work, wish.manager).await?;
        (after.manager, after.branch, after.team) = (manager.id, manager.branch, manager.team);
        if !scope.covers(after.branch, after.team, after.manager) {
            return Err(CustomerError::OutsideScope.into());
        }
    }
    let facts = facts_of(&before, &after);
    if facts.is_empty() {
        return Err(CustomerError::NothingChanged.into());
    }
    store::update(&mut work.tx, wish.seen, &after).await?;
    let keys = store::insert_facts(work, id, &facts, wish.reason.trim()).await?;
    let (was, is) = audited(&facts, &keys);
    let entry = Entry::new(Some(id), "customer.change", before.subject()).before(was).after(is);
    work.audit(entry.reason(wish.reason.trim())).await?;
    Ok(())
}

fn facts_of(before: &Customer, after: &Customer) -> Vec<Fact> {
    let manager = |customer: &Customer| Some(customer.manager.to_string());
    let pairs = [
        (Attribute::Address, before.address.clone(), after.address.clone()),
        (Attribute::Note, before.note.clone(), after.note.clone()),
        (Attribute::Nationality, filled(Some(&before.nationality)), filled(Some(&after.nationality))),
        (Attribute::Manager, manager(before), manager(after)),
    ];
    pairs
        .into_iter()
        .filter(|(_, before, after)| before != after)
        .map(|(attribute, before, after)| Fact { attribute, before, after })
        .collect()
}

/// What the trail says of changes: keys in clear, an address masked, a note by its fact.
fn audited(facts: &[Fact], keys: &[i64]) -> (Json, Json) {
    let (mut was, mut is) = (Map::new(), Map::new());
    for (fact, key) in facts.iter().zip(keys) {
        let shown = |value: &Option<String>| match (fact.attribute, value) {
            (_, None) => Json::Null,
            (Attribute::Manager | Attribute::Nationality, Some(text)) => json!(text),
            (Attribute::Address, Some(text)) => json!(Address::from_clear(text.clone()).masked()),
            (Attribute::Note, Some(text)) => json!(format!("{} characters", text.chars().count())),
        };
        was.insert(fact.attribute.as_str().to_owned(), shown(&fact.before));
        is.insert(fact.attribute.as_str().to_owned(), shown(&fact.after));
        is.insert(format!("{}_fact", fact.attribute.as_str()), json!(key.to_string()));
    }
    (Json::Object(was), Json::Object(is))
}

/// Shows the identity number in clear, with a reason. Commit the work before it is shown.
///
/// Errors: not within scope, no permission, no reason, [`CustomerError::NothingToReveal`].
pub async fn reveal_identity(work: &mut Work, id: CustomerId, reason: &str) -> Result<Identity, ActionError> {
    let customer = load_within(work, id, platform::access::PERSONAL_REVEAL).await?;
    let sealed = store::sealed_identity(&mut work.tx, id).await?.ok_or(CustomerError::NothingToReveal)?;
    let row = id.to_string();
    let place = personal::place(personal::CUSTOMER_IDENTITY, &row);
    vault::reveal(work, What { customer: id, subject: customer.subject(), place, sealed: &sealed }, reason).await
}

/// Hides files whose import was undone: they leave lists and search, their numbers and identity numbers are free again.
/// The caller made sure that no later facts stand on them, and authorised the undoing.
pub async fn hide(work: &mut Work, ids: &[CustomerId], reason: &str) -> Result<(), ActionError> {
    for id in ids {
        let number = store::hide(&mut work.tx, *id).await?;
        number::free(work, &number, *id).await?;
        let entry = Entry::new(Some(*id), "customer.hide", format!("customer:{id}")).after(json!({"number": number}));
        work.audit(entry.reason(reason)).await?;
    }
    Ok(())
}

/// The key of a person across files, by the identity number.
///
/// Errors: no vault.
pub fn person_of(work: &Work, number: &IdentityNo) -> Result<PersonId, ActionError> {
    let index = work.app.vault()?.blind_index(&personal::identity_across_files(number));
    Ok(personal::person_key(Some(&index), 0))
}
