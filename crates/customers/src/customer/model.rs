//! A customer and what is known of who it is. Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use jiff::civil::Date;
use platform::contact_gate::PersonId;
use platform::id::{BranchId, CustomerId, TeamId, UserId};
use platform::stored_as_text;

use crate::identity::{IdentityKind, IdentityNo};

/// What a customer is (客户类型).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum CustomerKind {
    /// 自然人.
    Person,
    /// 企业及其他组织.
    Company,
}

impl CustomerKind {
    /// Its name in data.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Company => "company",
        }
    }

    /// Reads its name.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Person, Self::Company].into_iter().find(|k| k.as_str() == text)
    }
}

stored_as_text!(CustomerKind, "kind of customer");

/// Whether a customer is shown (客户状态).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CustomerState {
    /// Shown everywhere.
    Active,
    /// Hidden because the import that brought it was undone.
    Hidden,
}

impl CustomerState {
    /// Its name in data.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Hidden => "hidden",
        }
    }

    /// Reads its name.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Active, Self::Hidden].into_iter().find(|s| s.as_str() == text)
    }
}

stored_as_text!(CustomerState, "state of a customer");

/// A customer (客户) as it is kept, personal data masked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Customer {
    /// The key.
    pub id: CustomerId,
    /// The person or company across files.
    pub person: PersonId,
    /// 客户号.
    pub number: String,
    /// Person or company.
    pub kind: CustomerKind,
    /// 姓名 or 名称.
    pub name: String,
    /// Which document identifies it.
    pub identity_kind: IdentityKind,
    /// The document's number, masked.
    pub identity_masked: String,
    /// ISO 3166 code of the country as the document says it; empty where nobody stated it.
    pub nationality: String,
    /// 出生日期, of persons.
    pub born_on: Option<Date>,
    /// The last digits of the main phone.
    pub phone_last: Option<String>,
    /// The branch that keeps the file.
    pub branch: BranchId,
    /// The team.
    pub team: Option<TeamId>,
    /// 管户客户经理.
    pub manager: UserId,
    /// Shown or hidden.
    pub state: CustomerState,
    /// When the file was opened.
    pub opened_on: Date,
    /// 地址.
    pub address: Option<String>,
    /// 备注.
    pub note: Option<String>,
    /// Rises with each change.
    pub version: i64,
}

impl Customer {
    /// Whole years of age on a date, of persons with a known birth date.
    pub fn age_on(&self, on: Date) -> Option<i64> {
        let born = self.born_on.filter(|born| *born <= on)?;
        let had_birthday = (on.month(), on.day()) >= (born.month(), born.day());
        let years = i64::from(on.year()) - i64::from(born.year());
        Some(if had_birthday { years } else { years - 1 })
    }

    /// The thing for the audit trail.
    pub fn subject(&self) -> String {
        format!("customer:{}", self.id)
    }
}

/// What is needed to open a customer's file (新建客户).
#[derive(Clone, PartialEq, Eq)]
pub struct NewCustomer {
    /// Person or company.
    pub kind: CustomerKind,
    /// The name as in the document.
    pub name: String,
    /// Other spellings.
    pub aliases: Vec<String>,
    /// The document; `None` where an old book has none.
    pub identity: Option<IdentityNo>,
    /// ISO 3166 code of the country as the document says it; never guessed from the number.
    pub nationality: Option<String>,
    /// Main phone, digits only.
    pub phone: Option<String>,
    /// 地址.
    pub address: Option<String>,
    /// 备注.
    pub note: Option<String>,
    /// The branch that keeps the file.
    pub branch: BranchId,
    /// The team.
    pub team: Option<TeamId>,
    /// 管户客户经理.
    pub manager: UserId,
    /// The number where the lender gave one already.
    pub number: Option<String>,
}

/// Shows nothing personal.
impl std::fmt::Debug for NewCustomer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "NewCustomer({:?}, {:?})", self.kind, self.identity)
    }
}

/// What of a file can be changed after its opening (可变更资料).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attribute {
    /// 地址.
    Address,
    /// 备注.
    Note,
    /// 管户客户经理.
    Manager,
    /// 国籍.
    Nationality,
}

impl Attribute {
    /// Its name in data.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Address => "address",
            Self::Note => "note",
            Self::Manager => "manager",
            Self::Nationality => "nationality",
        }
    }

    /// Reads its name.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Address, Self::Note, Self::Manager, Self::Nationality].into_iter().find(|a| a.as_str() == text)
    }
}

stored_as_text!(Attribute, "attribute of a customer");

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn age_counts_whole_years() {
        let mut one = Customer {
            id: CustomerId(1),
            person: PersonId(1),
            number: "C00000001".into(),
            kind: CustomerKind::Person,
            name: "梁文".into(),
            identity_kind: IdentityKind::None,
            identity_masked: String::new(),
            nationality: "CN".into(),
            born_on: Some(date(2000, 2, 29)),
            phone_last: None,
            branch: BranchId(1),
            team: None,
            manager: UserId(1),
            state: CustomerState::Active,
            opened_on: date(2026, 1, 1),
            address: None,
            note: None,
            version: 1,
        };
        let rows = [
            (date(2018, 2, 28), Some(17)),
            (date(2018, 3, 1), Some(18)),
            (date(2020, 2, 29), Some(20)),
            (date(1999, 1, 1), None),
        ];
        for (on, age) in rows {
            assert_eq!(one.age_on(on), age, "{on}");
        }
        one.born_on = None;
        assert_eq!(one.age_on(date(2020, 1, 1)), None);
    }
}
