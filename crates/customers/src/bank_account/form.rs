//! The form of a new bank account.

use platform::error::{FieldError, Refused};
use platform::page::{Choice, Field, Input, Ui};
use platform::web::Fields;

use super::model::{NewBankAccount, Purpose};

/// The fields, with what was typed; the holder is the customer until somebody says otherwise.
pub(super) fn fields(ui: &Ui, customer: &str, typed: &Fields) -> Vec<Field> {
    let or = |name: &str, otherwise: &str| typed.first(name).unwrap_or(otherwise).to_owned();
    let purposes = Purpose::ALL.map(|one| Choice::new(one.as_str(), ui.t(format!("account-purpose-{}", one.as_str()))));
    vec![
        Field::new("holder", ui.t("account-holder"), Input::Text).value(or("holder", customer)).required(),
        Field::new("bank", ui.t("account-bank"), Input::Text)
            .value(or("bank", ""))
            .hint(ui.t("account-bank-hint"))
            .required(),
        Field::new("number", ui.t("account-number"), Input::Text)
            .value(or("number", ""))
            .hint(ui.t("account-number-hint"))
            .required(),
        Field::new("purpose", ui.t("account-purpose"), Input::Radio(purposes.to_vec()))
            .value(or("purpose", "repay"))
            .required(),
    ]
}

/// Reads a new account; the texts are checked by the use case.
pub(super) fn read(typed: &Fields) -> Result<NewBankAccount, Refused> {
    let text = |name: &str| typed.first(name).unwrap_or("").trim().to_owned();
    let Some(purpose) = typed.first("purpose").and_then(Purpose::parse) else {
        return Err(Refused::form(vec![FieldError::new("purpose", "choice-invalid")]));
    };
    Ok(NewBankAccount { holder: text("holder"), bank: text("bank"), number: text("number"), purpose })
}
