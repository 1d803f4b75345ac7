//! What is known of the institution and how it is checked. Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use serde::Serialize;

use crate::error::FieldError;
use crate::vault::mask_numbers;

/// The institution (机构): every text here stands on papers or goes out to customers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Institution {
    /// 机构名称.
    pub name: String,
    /// 机构编码, as the supervisor or the association gave it; may be empty.
    pub code: String,
    /// 统一社会信用代码; may be empty.
    pub credit_code: String,
    /// 地址; may be empty.
    pub address: String,
    /// Where customers reach it (联系方式): every text that goes out names it (S4-10).
    pub contact: String,
    /// 收款账户: number and bank, as letters name it; may be empty.
    pub account: String,
}

/// The longest text.
const MAX_TEXT: usize = 100;
/// The length of a 统一社会信用代码 (GB 32100-2015).
const CREDIT_CODE: usize = 18;

impl Institution {
    /// Its texts by the name of their field.
    #[must_use]
    pub fn fields(&self) -> [(&'static str, &str); 6] {
        [
            ("name", &self.name),
            ("code", &self.code),
            ("credit_code", &self.credit_code),
            ("address", &self.address),
            ("contact", &self.contact),
            ("account", &self.account),
        ]
    }

    /// Reads it from its texts by name, without their margins.
    #[must_use]
    pub fn read<'a>(text: impl Fn(&'static str) -> Option<&'a str>) -> Self {
        let of = |name| text(name).unwrap_or("").trim().to_owned();
        Self {
            name: of("name"),
            code: of("code"),
            credit_code: of("credit_code").to_ascii_uppercase(),
            address: of("address"),
            contact: of("contact"),
            account: of("account"),
        }
    }

    /// Everything that is wrong. Name and contact must stand: no paper goes out without them.
    #[must_use]
    pub fn check(&self) -> Vec<FieldError> {
        let mut wrong = Vec::new();
        for (name, text) in self.fields() {
            if text.chars().count() > MAX_TEXT || text.chars().any(char::is_control) {
                wrong.push(FieldError::new(name, "institution-text").with("most", MAX_TEXT));
            } else if text.is_empty() && matches!(name, "name" | "contact") {
                wrong.push(FieldError::new(name, "field-empty"));
            } else if name == "name" && mask_numbers(text) != text {
                // It stands on every page, on those of failures and before anybody logs in.
                wrong.push(FieldError::new(name, "institution-name-number"));
            }
        }
        let code = &self.credit_code;
        let fits = code.len() == CREDIT_CODE && code.chars().all(|c| c.is_ascii_alphanumeric());
        if !code.is_empty() && !fits {
            wrong.push(FieldError::new("credit_code", "institution-credit-code"));
        }
        wrong
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_that_is_wrong_is_said_and_nothing_else() {
        let long = "x".repeat(101);
        type Pairs<'a> = &'a [(&'a str, &'a str)];
        let rows: [(Pairs<'_>, Pairs<'_>); 6] = [
            (&[("name", "某公司"), ("contact", "400")], &[]),
            (&[("name", " ")], &[("name", "field-empty"), ("contact", "field-empty")]),
            (&[("name", "某13900004321"), ("contact", "13900004321")], &[("name", "institution-name-number")]),
            (&[("name", "a\u{1}"), ("contact", "400")], &[("name", "institution-text")]),
            (&[("name", "a"), ("contact", "4"), ("credit_code", "123")], &[("credit_code", "institution-credit-code")]),
            (&[("name", "a"), ("contact", "4"), ("address", &long)], &[("address", "institution-text")]),
        ];
        for (typed, expected) in rows {
            let read = Institution::read(|name| typed.iter().find(|(given, _)| *given == name).map(|(_, text)| *text));
            let wrong: Vec<_> = read.check().iter().map(|error| (error.field, error.code)).collect();
            assert_eq!(wrong, expected, "{typed:?}");
        }
    }
}
