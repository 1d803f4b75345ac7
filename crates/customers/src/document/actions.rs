//! Use cases of documents: handing in, replacing, withdrawing, opening, showing a number.

use platform::access::PERSONAL_REVEAL;
use platform::attachment::{self, NewAttachment, Opened};
use platform::audit::Entry;
use platform::error::{ActionError, FieldError, Refused};
use platform::id::CustomerId;
use platform::policies::{self, InForce};
use platform::vault::{self, Personal as _, What};
use platform::web::UploadedFile;
use platform::work::Work;
use policy::Value;
use serde_json::json;

use super::model::{Document, DocumentId, NewDocument, Wanted};
use super::store::{self, Keys};
use super::{refresh, rules};
use crate::customer::actions::load_within;
use crate::customer::model::{Customer, CustomerKind};
use crate::customer::store::filled;
use crate::error::CustomerError;
use crate::merge::open_file;
use crate::personal::{self, PaperNumber};
use crate::{DOCUMENT_VIEW, EDIT, policy_list, standing};

/// Which papers the policy wants of a kind of customer (rule `document.list`); a pack without the table wants none.
///
/// # Errors
/// The decision cannot be made.
pub fn list(rules: &InForce, on: jiff::civil::Date, kind: CustomerKind) -> Result<Vec<Wanted>, ActionError> {
    policy_list::rows(rules, on, ("document_list", kind), |row| {
        Some(Wanted {
            kind: row.value("document_kind")?.as_text()?.to_owned(),
            required: row.value("document_need")?.as_text()? == "required",
            valid_months: row.value("document_valid_months").and_then(Value::as_integer).filter(|months| *months > 0),
            article: row.article.to_owned(),
        })
    })
}

/// Hands in a document with its file; classes, grades and duties of the customer follow at once.
///
/// # Errors
/// Not within scope; all that is wrong at once; what the platform refuses of the file.
pub async fn hand_in(
    work: &mut Work,
    id: CustomerId,
    new: &NewDocument,
    file: Option<&UploadedFile>,
) -> Result<DocumentId, ActionError> {
    let customer = open_file(work, id, EDIT).await?;
    let today = work.business_date;
    let policy = policies::in_force(work, today).await?;
    let mut wrong = rules::check(new, &list(&policy, today, customer.kind)?, today);
    let replaced = match new.replaces {
        Some(old) => Some(current(work, id, old).await?),
        None => None,
    };
    if replaced.as_ref().is_some_and(|old| old.kind != new.kind) {
        wrong.push(FieldError::new("kind", "document-other-kind"));
    }
    let Some(file) = file else {
        wrong.push(FieldError::new("file", "attachment-empty"));
        return Err(Refused::form(wrong).into());
    };
    let limits = attachment::limits(work).await?;
    wrong.extend(attachment::rules::check(&file.bytes, &limits).err());
    if !wrong.is_empty() {
        return Err(Refused::form(wrong).into());
    }
    let subject = customer.subject();
    let kept = NewAttachment {
        customer: id,
        subject: &subject,
        name: &file.name,
        bytes: &file.bytes,
        replaces: replaced.as_ref().map(|old| old.file.id),
    };
    let file = attachment::keep(work, &kept).await?;
    let keys = Keys { customer: id, id: DocumentId(work.next_id()), file };
    let number = seal(work, &keys, new.number.as_deref())?;
    let state = json!({"kind": new.kind, "number": number.1, "route": new.route.as_str(), "expires_on": new.expires_on,
        "replaces": new.replaces.map(|old| old.to_string())});
    store::insert(work, &keys, new, number).await?;
    let entry = Entry::new(Some(id), "document.hand_in", format!("document:{id}:{}", keys.id));
    work.audit(entry.after(state)).await?;
    settle(work, &customer, keys.id).await?;
    Ok(keys.id)
}

/// Duties and standings after a change of the documents.
async fn settle(work: &mut Work, customer: &Customer, changed: DocumentId) -> Result<(), ActionError> {
    let today = work.business_date;
    let policy = policies::in_force(work, today).await?;
    refresh::handed_in(work, customer, &policy, today, format!("document:{changed}")).await?;
    standing::actions::assess(work, customer, today).await.map(drop)
}

fn seal(
    work: &Work,
    keys: &Keys,
    typed: Option<&str>,
) -> Result<(Option<vault::Sealed<PaperNumber>>, String), ActionError> {
    let Some(typed) = filled(typed) else { return Ok((None, String::new())) };
    let number = PaperNumber::from_clear(typed);
    let row = format!("{}:{}", keys.customer, keys.id);
    let sealed = work.app.vault()?.seal(personal::place(personal::DOCUMENT_NUMBER, &row), &number);
    Ok((Some(sealed), number.masked()))
}

/// A document of a customer within scope, replaced and withdrawn ones too.
///
/// # Errors
/// Not within scope; [`CustomerError::NoSuchPart`].
pub async fn load(
    work: &mut Work,
    customer: CustomerId,
    id: DocumentId,
    action: &str,
) -> Result<(Customer, Document), ActionError> {
    let file = load_within(work, customer, action).await?;
    Ok((file, find(work, customer, id).await?))
}

async fn find(work: &mut Work, customer: CustomerId, id: DocumentId) -> Result<Document, ActionError> {
    let all = store::of_customer(&mut work.tx, customer).await?;
    Ok(all.into_iter().find(|one| one.id == id).ok_or(CustomerError::NoSuchPart("document"))?)
}

async fn current(work: &mut Work, customer: CustomerId, id: DocumentId) -> Result<Document, ActionError> {
    let found = find(work, customer, id).await?;
    if found.is_current() { Ok(found) } else { Err(attachment::AttachmentError::NotCurrent.into()) }
}

/// Withdraws a document with its file: from now on it stands for nothing.
///
/// # Errors
/// Not within scope; it counts no longer already; no reason.
pub async fn withdraw(work: &mut Work, id: CustomerId, document: DocumentId, reason: &str) -> Result<(), ActionError> {
    let (customer, found) = load(work, id, document, EDIT).await?;
    attachment::withdraw(work, id, found.file.id, reason).await?;
    let entry = Entry::new(Some(id), "document.withdraw", found.subject());
    work.audit(entry.after(json!({"kind": found.kind})).reason(reason.trim())).await?;
    let today = work.business_date;
    standing::actions::assess(work, &customer, today).await.map(drop)
}

/// Opens the file of a document; the look is in the audit trail. Commit the work before it is shown.
///
/// # Errors
/// Not within scope; [`platform::attachment::AttachmentError`].
pub async fn open(work: &mut Work, id: CustomerId, document: DocumentId) -> Result<Opened, ActionError> {
    let (_, found) = load(work, id, document, DOCUMENT_VIEW).await?;
    attachment::open(work, id, found.file.id).await
}

/// Shows the number of a document in clear, with a reason. Commit the work before it is shown.
///
/// # Errors
/// Not within scope, no permission, no reason, [`CustomerError::NothingToReveal`].
pub async fn reveal(
    work: &mut Work,
    id: CustomerId,
    document: DocumentId,
    reason: &str,
) -> Result<PaperNumber, ActionError> {
    let (_, found) = load(work, id, document, PERSONAL_REVEAL).await?;
    let sealed = store::sealed_number(&mut work.tx, id, document).await?.ok_or(CustomerError::NothingToReveal)?;
    let row = format!("{id}:{document}");
    let place = personal::place(personal::DOCUMENT_NUMBER, &row);
    vault::reveal(work, What { customer: id, subject: found.subject(), place, sealed: &sealed }, reason).await
}
