//! The forms of a customer's file: fields, and what is read from them with all complaints at once.

use platform::access::store::User;
use platform::error::{FieldError, Refused};
use platform::id::UserId;
use platform::page::{Choice, Field, Input, Ui};
use platform::web::Fields;

use super::list::Names;
use super::model::{Customer, CustomerKind, NewCustomer};
use super::rules;
use super::store::filled;
use crate::identity::{IdentityKind, IdentityNo, normalise_phone};

/// The fields of a new file, with what was typed.
pub(super) fn new_fields(
    ui: &Ui,
    names: &Names,
    typed: &Fields,
    (own, refused): (Option<UserId>, Option<&Refused>),
) -> Vec<Field> {
    let kinds = [CustomerKind::Person, CustomerKind::Company];
    let kinds = kinds.map(|kind| Choice::new(kind.as_str(), ui.t(format!("customer-kind-{}", kind.as_str()))));
    let value = |name: &str| typed.first(name).unwrap_or("").to_owned();
    let or = |name: &str, otherwise: &str| typed.first(name).unwrap_or(otherwise).to_owned();
    let own = own.map(|id| id.to_string()).unwrap_or_default();
    let mut fields = vec![
        Field::new("kind", ui.t("customer-kind"), Input::Radio(kinds.to_vec())).value(or("kind", "person")).required(),
        Field::new("name", ui.t("customer-name"), Input::Text)
            .value(value("name"))
            .hint(ui.t("customer-name-hint"))
            .required(),
        Field::new("identity_kind", ui.t("customer-identity-kind"), Input::Select(identity_kinds(ui)))
            .value(or("identity_kind", IdentityKind::ResidentId.as_str())),
        Field::new("identity", ui.t("customer-identity"), Input::Text)
            .value(value("identity"))
            .hint(ui.t("customer-identity-hint")),
        country_field(ui, typed.first("nationality").unwrap_or("")),
        Field::new("phone", ui.t("customer-phone"), Input::Text)
            .value(value("phone"))
            .hint(ui.t("customer-phone-hint")),
        Field::new("manager", ui.t("customer-manager"), Input::Select(names.manager_choices()))
            .value(or("manager", &own))
            .hint(ui.t("customer-manager-hint"))
            .required(),
        Field::new("aliases", ui.t("customer-aliases"), Input::Text)
            .value(value("aliases"))
            .hint(ui.t("customer-aliases-hint")),
        Field::new("number", ui.t("customer-number"), Input::Text)
            .value(value("number"))
            .hint(ui.t("customer-number-hint")),
        Field::new("address", ui.t("customer-address"), Input::Area).value(value("address")),
        Field::new("note", ui.t("customer-note"), Input::Area).value(value("note")),
    ];
    fields.extend(somebody_else_field(ui, typed, refused));
    fields
}

/// The question whether a file that looks alike is of somebody else: asked only of who was warned; a tick is kept.
pub(crate) fn somebody_else_field(ui: &Ui, typed: &Fields, refused: Option<&Refused>) -> Option<Field> {
    let warned = refused.is_some_and(|refused| refused.fields.iter().any(|field| field.field == "somebody_else"));
    let ticked = somebody_else(typed);
    (warned || ticked).then(|| {
        Field::new("somebody_else", ui.t("customer-somebody-else"), Input::Check)
            .value(if ticked { "on" } else { "" })
            .hint(ui.t("customer-somebody-else-hint"))
    })
}

/// Whether it was said that a file that looks alike is of somebody else.
pub(crate) fn somebody_else(typed: &Fields) -> bool {
    matches!(typed.first("somebody_else"), Some("on" | "true"))
}

fn country_field(ui: &Ui, value: &str) -> Field {
    let hint = ui.t("customer-nationality-hint");
    Field::new("nationality", ui.t("customer-nationality"), Input::Text).value(value).hint(hint)
}

/// The kinds of documents to choose from.
pub(crate) fn identity_kinds(ui: &Ui) -> Vec<Choice> {
    IdentityKind::ALL.map(|kind| Choice::new(kind.as_str(), ui.t(format!("identity-{}", kind.as_str())))).to_vec()
}

/// Reads an identity number with its kind; an empty number is none.
pub(crate) fn identity_of(typed: &Fields) -> Result<Option<IdentityNo>, Vec<FieldError>> {
    let number = typed.first("identity").unwrap_or("").trim();
    let kind = typed.first("identity_kind").and_then(IdentityKind::parse);
    let Some(kind) = kind else { return Err(vec![FieldError::new("identity_kind", "choice-invalid")]) };
    match (kind, number.is_empty()) {
        (IdentityKind::None, true) => Ok(None),
        (IdentityKind::None, false) => Err(vec![FieldError::new("identity_kind", "identity-kind-missing")]),
        (_, true) => Err(vec![FieldError::new("identity", "identity-empty")]),
        (_, false) => IdentityNo::parse(kind, number).map(Some).map_err(|error| vec![error.about("identity")]),
    }
}

/// Reads a new file; `manager` is the user of that key, if there is one.
///
/// Errors: a refusal with all complaints at once.
pub(super) fn read_new(typed: &Fields, manager: Option<&User>) -> Result<NewCustomer, Box<Refused>> {
    let mut wrong = Vec::new();
    let kind = typed.first("kind").and_then(CustomerKind::parse);
    if kind.is_none() {
        wrong.push(FieldError::new("kind", "choice-invalid"));
    }
    let identity = identity_of(typed).unwrap_or_else(|errors| {
        wrong.extend(errors);
        None
    });
    let phone = match filled(typed.first("phone")) {
        None => None,
        Some(text) => {
            let phone = normalise_phone(&text);
            if phone.is_none() {
                wrong.push(FieldError::new("phone", "phone-invalid"));
            }
            phone
        }
    };
    let nationality = rules::read_country(typed.first("nationality")).unwrap_or_else(|error| {
        wrong.push(error);
        None
    });
    if manager.is_none() {
        wrong.push(FieldError::new("manager", "customer-no-such-manager"));
    }
    let aliases = typed.first("aliases").unwrap_or("");
    let new = NewCustomer {
        kind: kind.unwrap_or(CustomerKind::Person),
        name: typed.first("name").unwrap_or("").trim().to_owned(),
        aliases: aliases.split(['、', ',', '，', ';', '；']).filter_map(|name| filled(Some(name))).collect(),
        identity,
        nationality,
        phone,
        address: filled(typed.first("address")),
        note: filled(typed.first("note")),
        branch: manager.map_or(platform::id::BranchId(0), |user| user.branch),
        team: manager.and_then(|user| user.team),
        manager: manager.map_or(UserId(0), |user| user.id),
        number: filled(typed.first("number")),
    };
    wrong.extend(rules::check(&new));
    wrong.extend(new.aliases.iter().find_map(|name| rules::check_name("aliases", name)));
    if wrong.is_empty() { Ok(new) } else { Err(Box::new(Refused::form(wrong))) }
}

/// The fields of a change, with what stands or was typed.
pub(super) fn change_fields(ui: &Ui, names: &Names, customer: &Customer, typed: &Fields) -> Vec<Field> {
    let or = |name: &str, stands: &str| typed.first(name).unwrap_or(stands).to_owned();
    vec![
        Field::new("manager", ui.t("customer-manager"), Input::Select(names.manager_choices()))
            .value(or("manager", &customer.manager.to_string()))
            .hint(ui.t("customer-manager-hint"))
            .required(),
        Field::new("reason", ui.t("customer-change-reason"), Input::Text).value(or("reason", "")),
        country_field(ui, &or("nationality", &customer.nationality)),
        Field::new("address", ui.t("customer-address"), Input::Area)
            .value(or("address", customer.address.as_deref().unwrap_or(""))),
        Field::new("note", ui.t("customer-note"), Input::Area)
            .value(or("note", customer.note.as_deref().unwrap_or(""))),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(pairs: &[(&str, &str)]) -> Fields {
        Fields::new(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    #[test]
    fn all_that_is_wrong_is_said_at_once() {
        // rule customer.identity.check
        let wrong = typed(&[
            ("kind", "robot"),
            ("name", " "),
            ("identity_kind", "resident-id"),
            ("identity", "990101199003071234"),
            ("phone", "12"),
            ("aliases", "好名、\u{1}坏"),
        ]);
        let refused = read_new(&wrong, None).unwrap_err();
        let fields: Vec<_> = refused.fields.iter().map(|error| (error.field, error.code)).collect();
        let expected = [
            ("kind", "choice-invalid"),
            ("identity", "identity-checksum"),
            ("phone", "phone-invalid"),
            ("manager", "customer-no-such-manager"),
            ("name", "field-empty"),
            ("aliases", "name-invalid"),
        ];
        assert_eq!(fields, expected);
    }

    #[test]
    fn a_number_without_kind_and_a_kind_without_number_are_told_apart() {
        let rows = [
            (typed(&[("identity_kind", "none"), ("identity", "1")]), Some("identity-kind-missing")),
            (typed(&[("identity_kind", "passport"), ("identity", " ")]), Some("identity-empty")),
            (typed(&[("identity_kind", "none")]), None),
            (typed(&[]), Some("choice-invalid")),
        ];
        for (typed, code) in rows {
            assert_eq!(identity_of(&typed).err().map(|errors| errors[0].code), code);
        }
    }
}
