//! A bank account, what it is for, and how its number is read. Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use jiff::Timestamp;
use platform::id::{CustomerId, UserId};
use platform::{id_type, stored_as_text};

id_type!(BankAccountId, "The key of a bank account within a customer's file (银行账户).");

/// The shortest account number: those of small rural banks.
const SHORTEST: usize = 6;
/// The longest, as interbank messages take it.
const LONGEST: usize = 32;

/// What an account is for (账户用途).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Purpose {
    /// 还款: money comes from it.
    Repay,
    /// 放款: money goes to it.
    Disburse,
    /// 放款与还款.
    Both,
}

impl Purpose {
    /// Every purpose.
    pub const ALL: [Self; 3] = [Self::Repay, Self::Disburse, Self::Both];

    /// Its name in data.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Repay => "repay",
            Self::Disburse => "disburse",
            Self::Both => "both",
        }
    }

    /// Reads its name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|purpose| purpose.as_str() == text)
    }
}

stored_as_text!(Purpose, "purpose of a bank account");

/// How it was verified (核验), by a second person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// By whom.
    pub by: UserId,
    /// When.
    pub at: Timestamp,
    /// Against what: bank statement, small transfer, the card itself.
    pub how: String,
}

/// A bank account (银行账户) as it is kept, its number masked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BankAccount {
    /// Whose file.
    pub customer: CustomerId,
    /// The key within it.
    pub id: BankAccountId,
    /// 户名.
    pub holder: String,
    /// 开户行.
    pub bank: String,
    /// 用途.
    pub purpose: Purpose,
    /// The number, masked 6 + 4.
    pub masked: String,
    /// Whether the check digit fits (Luhn). Old and company accounts often have none: a warning only.
    pub luhn: bool,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// Who recorded it.
    pub recorded_by: UserId,
    /// How it was verified, once it was.
    pub verified: Option<Verified>,
    /// When it was ended.
    pub ended_at: Option<Timestamp>,
}

impl BankAccount {
    /// The thing for the audit trail.
    #[must_use]
    pub fn subject(&self) -> String {
        format!("bank_account:{}:{}", self.customer, self.id)
    }
}

/// What is needed to record an account (新增银行账户).
#[derive(Clone, PartialEq, Eq)]
pub struct NewBankAccount {
    /// 户名.
    pub holder: String,
    /// 开户行.
    pub bank: String,
    /// 用途.
    pub purpose: Purpose,
    /// 账号, as typed.
    pub number: String,
}

/// Never shows the number.
impl std::fmt::Debug for NewBankAccount {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "NewBankAccount({:?})", self.purpose)
    }
}

/// Reads an account number: digits, full-width ones too, with spaces and hyphens between.
#[must_use]
pub fn read_number(text: &str) -> Option<String> {
    let mut digits = String::new();
    for c in text.trim().chars() {
        match c {
            '0'..='9' => digits.push(c),
            '０'..='９' => digits.push(char::from_u32(u32::from(c) - 0xfee0)?),
            ' ' | '\u{3000}' | '\u{a0}' | '-' => {}
            _ => return None,
        }
    }
    (SHORTEST..=LONGEST).contains(&digits.len()).then_some(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_people_write_them() {
        let rows = [
            ("6222 0000 0000 0000 018", Some("6222000000000000018")),
            ("６２２２-0000-0000", Some("622200000000")),
            ("12345", None),
            ("6222x00000000000", None),
            ("", None),
            ("١٢٣٤٥٦٧", None),
        ];
        for (text, number) in rows {
            assert_eq!(read_number(text).as_deref(), number, "{text}");
        }
        assert_eq!(read_number(&"1".repeat(33)), None);
    }
}
