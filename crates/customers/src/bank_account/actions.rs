//! Use cases of bank accounts: recording, verifying, ending, revealing.

use platform::access::PERSONAL_REVEAL;
use platform::audit::Entry;
use platform::error::{ActionError, FieldError, Refused};
use platform::id::CustomerId;
use platform::vault::{self, BankAccount as Number, Personal as _, What};
use platform::work::Work;
use serde_json::json;

use super::model::{BankAccount, BankAccountId, NewBankAccount, read_number};
use super::store::{self, SealedNumber};
use crate::EDIT;
use crate::customer::actions::load_within;
use crate::customer::model::Customer;
use crate::customer::rules;
use crate::error::CustomerError;
use crate::identity::passes_luhn;
use crate::merge::open_file;
use crate::personal;

/// Records an account, sealed. A check digit that does not fit is noted and shown, and stops nothing.
///
/// # Errors
/// Not within scope; fields that are wrong, all at once; [`CustomerError::AccountKnown`].
pub async fn add(work: &mut Work, customer: CustomerId, new: &NewBankAccount) -> Result<BankAccountId, ActionError> {
    open_file(work, customer, EDIT).await?;
    let number = read_number(&new.number);
    let mut wrong: Vec<FieldError> = [rules::check_name("holder", &new.holder), rules::check_name("bank", &new.bank)]
        .into_iter()
        .flatten()
        .collect();
    if number.is_none() {
        wrong.push(FieldError::new("number", "account-number"));
    }
    let (Some(number), true) = (number, wrong.is_empty()) else { return Err(Refused::form(wrong).into()) };
    let id = BankAccountId(work.next_id());
    let row = format!("{customer}:{id}");
    let luhn = passes_luhn(&number);
    let clear = Number::from_clear(number);
    let vault = work.app.vault()?;
    let sealed = SealedNumber {
        sealed: vault.seal(personal::place(personal::ACCOUNT, &row), &clear),
        index: vault.blind_index(&clear),
        masked: clear.masked(),
        last: clear.last_digits(),
        luhn,
    };
    if store::holds(&mut work.tx, customer, &sealed.index).await? {
        return Err(CustomerError::AccountKnown.into());
    }
    let state =
        json!({"number": sealed.masked, "bank": new.bank.trim(), "purpose": new.purpose.as_str(), "luhn": luhn});
    store::insert(work, customer, id, new, sealed).await?;
    let entry = Entry::new(Some(customer), "bank_account.add", format!("bank_account:{customer}:{id}"));
    work.audit(entry.after(state)).await?;
    Ok(id)
}

/// A number that somebody reads from a paper, and the account of a file that has it (按账号查找).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// The number, masked.
    pub masked: String,
    /// The account in use with this number, if the file has one.
    pub account: Option<BankAccount>,
}

/// Looks a typed number up among the accounts of a file that the caller may see; `None` where it is none. The number itself
/// is kept nowhere.
///
/// # Errors
/// The store's.
pub async fn by_number(work: &mut Work, customer: CustomerId, typed: &str) -> Result<Option<Known>, ActionError> {
    let Some(number) = read_number(typed).map(Number::from_clear) else { return Ok(None) };
    let index = work.app.vault()?.blind_index(&number);
    let account = store::of_index(&mut work.tx, customer, &index).await?;
    Ok(Some(Known { masked: number.masked(), account }))
}

/// Confirms an account against a paper or a transfer.
///
/// Rule `bank_account.verify.second_person`. Source: the house: money goes where this number points, so whoever
/// entered it does not confirm it.
///
/// # Errors
/// Not within scope; [`CustomerError::OwnAccountEntry`], [`CustomerError::AlreadyVerified`],
/// [`CustomerError::AlreadyEnded`]; nothing said of how.
pub async fn verify(work: &mut Work, customer: CustomerId, id: BankAccountId, how: &str) -> Result<(), ActionError> {
    let (_, account) = load(work, customer, id, EDIT).await?;
    if account.ended_at.is_some() {
        return Err(CustomerError::AlreadyEnded.into());
    }
    if account.verified.is_some() {
        return Err(CustomerError::AlreadyVerified.into());
    }
    if !work.actor.is_second_to(account.recorded_by.0)? {
        return Err(CustomerError::OwnAccountEntry.into());
    }
    require_reason(how)?;
    store::verify(work, &account, how.trim()).await?;
    let entry = Entry::new(Some(customer), "bank_account.verify", account.subject());
    Ok(work.audit(entry.after(json!({"number": account.masked})).reason(how.trim())).await?)
}

/// Ends an account: it stays in the file as history.
///
/// # Errors
/// Not within scope; [`CustomerError::AlreadyEnded`]; no reason.
pub async fn end(work: &mut Work, customer: CustomerId, id: BankAccountId, reason: &str) -> Result<(), ActionError> {
    let (_, account) = load(work, customer, id, EDIT).await?;
    if account.ended_at.is_some() {
        return Err(CustomerError::AlreadyEnded.into());
    }
    require_reason(reason)?;
    store::end(work, &account).await?;
    let entry = Entry::new(Some(customer), "bank_account.end", account.subject());
    Ok(work.audit(entry.before(json!({"number": account.masked})).reason(reason.trim())).await?)
}

fn require_reason(reason: &str) -> Result<(), ActionError> {
    if reason.trim().is_empty() {
        return Err(Refused::form(vec![FieldError::new("reason", "reason-empty")]).into());
    }
    Ok(())
}

/// An account of a customer within scope.
///
/// # Errors
/// Not within scope; [`CustomerError::NoSuchPart`].
pub async fn load(
    work: &mut Work,
    customer: CustomerId,
    id: BankAccountId,
    action: &str,
) -> Result<(Customer, BankAccount), ActionError> {
    let file = load_within(work, customer, action).await?;
    let account = store::load(&mut work.tx, customer, id).await?.ok_or(CustomerError::NoSuchPart("bank_account"))?;
    Ok((file, account))
}

/// Shows the number in clear, with a reason. Commit the work before it is shown.
///
/// # Errors
/// Not within scope, no permission, no reason.
pub async fn reveal(
    work: &mut Work,
    customer: CustomerId,
    id: BankAccountId,
    reason: &str,
) -> Result<Number, ActionError> {
    let (_, account) = load(work, customer, id, PERSONAL_REVEAL).await?;
    let sealed = store::sealed(&mut work.tx, customer, id).await?;
    let row = format!("{customer}:{id}");
    let place = personal::place(personal::ACCOUNT, &row);
    vault::reveal(work, What { customer, subject: account.subject(), place, sealed: &sealed }, reason).await
}
