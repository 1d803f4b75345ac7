//! Personal data (个人信息) of this capability under seal: what kinds there are, where each lies, who it belongs to.

use platform::contact_gate::PersonId;
use platform::vault::{Identity, Personal, Place, mask_mailbox};

use crate::identity::IdentityNo;

/// Columns of sealed values; each is part of its seal.
pub(crate) const CUSTOMER_IDENTITY: &str = "customer.identity_sealed";
/// See [`CUSTOMER_IDENTITY`].
pub(crate) const RELATION_IDENTITY: &str = "relation.identity_sealed";
/// See [`CUSTOMER_IDENTITY`].
pub(crate) const CONTACT_VALUE: &str = "contact_point.value_sealed";

/// See [`CUSTOMER_IDENTITY`].
pub(crate) const LEAD_PHONE: &str = "lead.phone_sealed";
/// See [`CUSTOMER_IDENTITY`].
pub(crate) const DOCUMENT_NUMBER: &str = "customer_document.number_sealed";
/// See [`CUSTOMER_IDENTITY`].
pub(crate) const ACCOUNT: &str = "bank_account.account_sealed";

/// The place of a value in a row.
pub(crate) fn place<'a>(column: &'static str, row: &'a str) -> Place<'a> {
    Place { column, row }
}

/// The number of a document as what is sealed.
pub(crate) fn identity(number: &IdentityNo) -> Identity {
    Identity::from_clear(number.expose().to_owned())
}

/// The number by which the same person is found across files.
pub(crate) fn identity_across_files(number: &IdentityNo) -> Identity {
    Identity::from_clear(number.across_files())
}

/// The key of a person or company across files: from the blind index of the identity number (60 of its bits);
/// without a number nobody can tell whether two files are one person, so the file's own key stands for it.
pub(crate) fn person_key(identity_index: Option<&str>, own: i64) -> PersonId {
    let from_index = identity_index.and_then(|index| i64::from_str_radix(index.get(..15)?, 16).ok());
    PersonId(from_index.filter(|key| *key > 0).unwrap_or(own))
}

macro_rules! contact_kind {
    ($name:ident, $doc:literal, $kind:literal, $masked:ident) => {
        #[doc = $doc]
        #[derive(Clone, PartialEq, Eq)]
        pub struct $name(String);

        impl Personal for $name {
            const KIND: &'static str = $kind;
            const REVEALED: &'static str = concat!("personal.reveal.", $kind);

            fn clear(&self) -> &str {
                &self.0
            }

            fn from_clear(text: String) -> Self {
                Self(text)
            }

            fn normalise(text: &str) -> String {
                text.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect()
            }

            fn masked(&self) -> String {
                $masked(&self.0)
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }
    };
}

contact_kind!(Email, "An e-mail address (电子邮箱); its first sign and its house stay.", "email", mask_mailbox);
contact_kind!(Address, "A postal address (地址); its first six signs stay.", "address", mask_address);
contact_kind!(PaperNumber, "The number of a document (证照号码); its last four signs stay.", "paper", mask_paper);

fn mask_paper(text: &str) -> String {
    let signs: Vec<char> = text.chars().collect();
    let kept = 4.min(signs.len() / 2);
    signs[signs.len() - kept..].iter().fold("***".to_owned(), |mut masked, sign| {
        masked.push(*sign);
        masked
    })
}

fn mask_address(text: &str) -> String {
    let kept: String = text.chars().take(6.min(text.chars().count() / 2)).collect();
    kept + "***"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_and_debug_output_show_no_whole_value() {
        //
        assert_eq!(Email::from_clear("liang@example.test".into()).masked(), "l***@example.test");
        assert_eq!(Address::from_clear("衡川市东湖路十二号院三单元".into()).masked(), "衡川市东湖路***");
        assert_eq!(Address::from_clear("东湖".into()).masked(), "东***");
        assert_eq!(PaperNumber::from_clear("91350100M000100Y43".into()).masked(), "***0Y43");
        assert_eq!(PaperNumber::from_clear("12".into()).masked(), "***2");
        assert!(!format!("{:?}", Address::from_clear("东湖".into())).contains("东湖"));
    }

    #[test]
    fn one_number_is_one_person_and_none_is_the_file_itself() {
        let index = "7fffffffffffffff0000000000000000";
        assert_eq!(person_key(Some(index), 5), person_key(Some(index), 6));
        assert_eq!(person_key(None, 5), PersonId(5));
        assert_eq!(person_key(Some("000000000000000"), 5), PersonId(5), "never zero");
    }
}
