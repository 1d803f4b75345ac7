//! What a file must hold to be opened or changed. Pure.

use platform::error::FieldError;

use super::model::{CustomerKind, NewCustomer};
use crate::identity::IdentityKind;

/// The longest name that a document shows.
const MAX_NAME: usize = 100;
/// The longest address.
const MAX_ADDRESS: usize = 200;
/// The longest note.
const MAX_NOTE: usize = 2_000;

/// All that is wrong with a new file, each with its field.
///
/// Rule `customer.identity.kind`. Source: GB 11643-1999 numbers persons, GB 32100-2015 organisations.
pub fn check(new: &NewCustomer) -> Vec<FieldError> {
    let mut wrong = Vec::new();
    wrong.extend(check_name("name", &new.name));
    wrong.extend(check_identity_kind(new.kind, new.identity.as_ref().map(crate::identity::IdentityNo::kind)));
    wrong.extend(check_length("address", new.address.as_deref(), MAX_ADDRESS));
    wrong.extend(check_length("note", new.note.as_deref(), MAX_NOTE));
    wrong
}

/// A name is there, not absurdly long, and holds no control signs.
pub fn check_name(field: &'static str, name: &str) -> Option<FieldError> {
    match name.trim().chars().count() {
        0 => Some(FieldError::new(field, "field-empty")),
        1..=MAX_NAME if !name.chars().any(char::is_control) => None,
        _ => Some(FieldError::new(field, "name-invalid").with("most", MAX_NAME)),
    }
}

/// Address and note are not absurdly long.
pub fn check_texts(address: Option<&str>, note: Option<&str>) -> Vec<FieldError> {
    check_length("address", address, MAX_ADDRESS).into_iter().chain(check_length("note", note, MAX_NOTE)).collect()
}

/// Reads a country: two letters of ISO 3166, as passports print them; nothing typed is nothing stated.
pub fn read_country(text: Option<&str>) -> Result<Option<String>, FieldError> {
    let code = text.unwrap_or("").trim().to_ascii_uppercase();
    match code.len() {
        0 => Ok(None),
        2 if code.chars().all(|c| c.is_ascii_uppercase()) => Ok(Some(code)),
        _ => Err(FieldError::new("nationality", "country-code")),
    }
}

fn check_length(field: &'static str, text: Option<&str>, most: usize) -> Option<FieldError> {
    let found = text.map_or(0, |text| text.chars().count());
    (found > most).then(|| FieldError::new(field, "text-too-long").with("most", most).with("found", found))
}

/// A person is not identified by a company's code, nor the other way round.
fn check_identity_kind(kind: CustomerKind, identity: Option<IdentityKind>) -> Option<FieldError> {
    let fits = match (kind, identity) {
        (CustomerKind::Person, Some(IdentityKind::SocialCreditCode)) => false,
        (CustomerKind::Company, Some(IdentityKind::ResidentId | IdentityKind::OldResidentId)) => false,
        (CustomerKind::Person | CustomerKind::Company, _) => true,
    };
    (!fits).then(|| FieldError::new("identity_kind", "identity-kind-mismatch"))
}

#[cfg(test)]
mod tests {
    use platform::id::{BranchId, UserId};

    use super::*;
    use crate::identity::IdentityNo;

    fn new(kind: CustomerKind, name: &str, identity: Option<(IdentityKind, &str)>) -> NewCustomer {
        NewCustomer {
            kind,
            name: name.to_owned(),
            aliases: Vec::new(),
            identity: identity.map(|(kind, number)| IdentityNo::parse(kind, number).unwrap()),
            nationality: None,
            phone: None,
            address: None,
            note: None,
            branch: BranchId(1),
            team: None,
            manager: UserId(1),
            number: None,
        }
    }

    #[test]
    fn each_complaint_names_its_field() {
        // rule customer.identity.kind
        let credit = Some((IdentityKind::SocialCreditCode, "91350100M000100Y43"));
        let long = "长".repeat(101);
        let rows = [
            (new(CustomerKind::Person, "梁文", None), vec![]),
            (new(CustomerKind::Person, " ", credit), vec!["name", "identity_kind"]),
            (new(CustomerKind::Company, "博远五金", credit), vec![]),
            (
                new(CustomerKind::Company, "博\u{0}远", Some((IdentityKind::OldResidentId, "110105491231002"))),
                vec!["name", "identity_kind"],
            ),
            (new(CustomerKind::Person, &long, None), vec!["name"]),
        ];
        for (new, fields) in rows {
            assert_eq!(check(&new).iter().map(|e| e.field).collect::<Vec<_>>(), fields, "{}", new.name);
        }
        assert_eq!(check_texts(Some(&"a".repeat(201)), Some(&"b".repeat(2001))).len(), 2);
    }
}
