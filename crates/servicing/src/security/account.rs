//! The pledge of the account that a borrower's salary goes to (工资账户质押, S5.8-17): its contract, entered on the loan before
//! anything is paid out.

use axum::extract::Path;
use axum::response::Response;
use customers::bank_account::model::{BankAccount, BankAccountId};
use customers::bank_account::store as accounts;
use jiff::civil::Date;
use platform::audit::Entry;
use platform::db::{StoreError, Tx};
use platform::error::{ActionError, FieldError, Refused};
use platform::page::{Choice, Field, Input};
use platform::web::{Posted, Routes, Visit, WebError};
use platform::work::Work;
use serde::Deserialize;
use serde_json::json;

use super::actions::{EDIT, settle_kind};
use super::store;
use crate::change::actions::find_key;
use crate::loan::actions::{load_within, take_version};
use crate::loan::form::LoanForm;
use crate::loan::model::{LoanKey, Seen};
use crate::loan::pages::{Asked, Looked, look};
use crate::opening::model::Reader;

/// The rule of the pledge of an account.
const RULE: &str = "security.account-pledge";
/// The longest number of a contract.
const LONGEST: usize = 60;

/// Where the form is and goes.
pub(super) fn routes() -> Routes {
    Routes::new().get("/loans/{id}/account-pledges/new", EDIT, form).post("/loans/{id}/account-pledges", EDIT, create)
}

/// The contract of a pledge of an account (账户质押合同).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPledge {
    /// The account, one of the borrower's file.
    pub account: BankAccountId,
    /// 质押合同号.
    pub contract: String,
    /// When it was signed.
    pub signed_on: Date,
}

/// Enters the pledge of an account from today on (rule `security.account-pledge`).
///
/// # Errors
/// Not within scope; a loan changed meanwhile; no such account in force in the file; all that is wrong at once.
pub async fn add(work: &mut Work, key: LoanKey, seen: Option<Seen>, new: &NewPledge) -> Result<(), ActionError> {
    let file = load_within(work, key, EDIT).await?;
    if let Some(seen) = seen {
        take_version(work, key, seen).await?;
    }
    let today = work.business_date;
    let account = accounts::load(&mut work.tx, key.customer, new.account).await?.filter(|one| one.ended_at.is_none());
    let wrong = check(new, account.is_some(), today);
    let Some(account) = account.filter(|_| wrong.is_empty()) else {
        return Err(Refused::form(wrong).under(RULE, None).into());
    };
    let what = described(&account);
    let id = store::insert_pledge(work, key, &what, new).await?;
    let state = json!({ "id": id.to_string(), "kind": "pledge", "on": today, "account": account.id.to_string(),
        "contract": new.contract.trim(), "signed_on": new.signed_on });
    work.audit(Entry::new(Some(key.customer), "security.add", key.subject()).after(state)).await?;
    settle_kind(work, key, file.loan.security).await
}

/// The account as the line names it: bank and masked number.
fn described(account: &BankAccount) -> String {
    format!("{} {}", account.bank, account.masked)
}

/// All that is wrong with the contract of a pledge.
fn check(new: &NewPledge, known: bool, today: Date) -> Vec<FieldError> {
    let mut wrong = Vec::new();
    let number = new.contract.trim();
    if !known {
        wrong.push(FieldError::new("account", "pledge-account"));
    }
    if number.is_empty() {
        wrong.push(FieldError::new("contract_number", "field-empty"));
    }
    if number.chars().count() > LONGEST || number.chars().any(char::is_control) {
        wrong.push(FieldError::new("contract_number", "pledge-contract").with("most", LONGEST));
    }
    if new.signed_on > today {
        wrong.push(FieldError::new("signed_on", "pledge-signed").with("on", today));
    }
    wrong
}

/// Whether a pledge of an account stands behind a loan.
///
/// # Errors
/// The store's.
pub async fn in_force(tx: &mut Tx, key: LoanKey) -> Result<bool, StoreError> {
    store::has_pledge(tx, key).await
}

/// What the form sends; kept as typed until it is understood.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct PledgeForm {
    account: String,
    contract_number: String,
    signed_on: String,
    version: String,
}

async fn form(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    let typed = PledgeForm { signed_on: visit.business_date.to_string(), ..PledgeForm::default() };
    again(&visit, &id, &typed, &[]).await
}

async fn again(visit: &Visit, id: &str, typed: &PledgeForm, wrong: &[FieldError]) -> Result<Response, WebError> {
    let mut work = visit.read().await?;
    let looked = look(&mut work, id, &Asked::default()).await?;
    let mut held = accounts::of_customer(&mut work.tx, looked.file.loan.key.customer).await?;
    held.retain(|one| one.ended_at.is_none());
    draw(visit, &looked, (typed, &held), wrong)
}

fn draw(
    visit: &Visit,
    looked: &Looked,
    (typed, held): (&PledgeForm, &[BankAccount]),
    wrong: &[FieldError],
) -> Result<Response, WebError> {
    let ui = visit.ui();
    let choices = held.iter().map(|one| Choice::new(one.id.to_string(), described(one))).collect();
    let fields = vec![
        Field::new("account", ui.t("pledge-account"), Input::Select(choices))
            .value(&typed.account)
            .required()
            .hint(ui.t("pledge-account-hint")),
        Field::new("contract_number", ui.t("pledge-number"), Input::Text).value(&typed.contract_number).required(),
        Field::new("signed_on", ui.t("pledge-signed"), Input::Date).value(&typed.signed_on).required(),
    ];
    let form = LoanForm {
        title: "pledge-title",
        target: "account-pledges",
        fields,
        submit: "pledge-save",
        back: "?tab=terms",
    };
    form.draw(visit, looked, wrong)
}

async fn create(Path(id): Path<String>, posted: Posted<PledgeForm>) -> Result<Response, WebError> {
    let typed = &posted.form;
    let mut wrong = Vec::new();
    let mut reader = Reader::new(&mut wrong);
    reader.needed("signed_on", &typed.signed_on);
    let signed_on = reader.date("signed_on", &typed.signed_on);
    let Some(signed_on) = signed_on else { return again(&posted.visit, &id, typed, &wrong).await };
    let account = BankAccountId(typed.account.trim().parse().unwrap_or_default());
    let new = NewPledge { account, contract: typed.contract_number.clone(), signed_on };
    let mut work = posted.begin("security.add").await?;
    let key = find_key(&mut work, &id).await?;
    match add(&mut work, key, typed.version.parse().ok(), &new).await {
        Ok(()) => posted.done(work, format!("/loans/{id}?tab=terms")).await,
        Err(ActionError::Refused(refused)) if !refused.fields.is_empty() => {
            drop(work);
            again(&posted.visit, &id, typed, &refused.fields).await
        }
        Err(other) => Err(other.into()),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    // S5.8-17. Rule security.account-pledge
    #[test]
    fn a_pledge_names_an_account_of_the_file_and_a_contract_that_is_signed() {
        let today = date(2026, 11, 20);
        let new = NewPledge { account: BankAccountId(1), contract: "ZY-1".to_owned(), signed_on: today };
        let codes = |new: &NewPledge, known| check(new, known, today).iter().map(|one| one.code).collect::<Vec<_>>();
        assert_eq!(codes(&new, true), Vec::<&str>::new());
        assert_eq!(codes(&new, false), ["pledge-account"]);
        assert_eq!(codes(&NewPledge { contract: " ".to_owned(), ..new.clone() }, true), ["field-empty"]);
        assert_eq!(codes(&NewPledge { contract: "一".repeat(61), ..new.clone() }, true), ["pledge-contract"]);
        assert_eq!(codes(&NewPledge { signed_on: date(2026, 11, 21), ..new }, true), ["pledge-signed"]);
    }
}
