//! A customer and what is known of who it is. Pure.

use jiff::civil::Date;
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
    /// ISO code of the country.
    pub nationality: String,
    /// 出生日期, of persons.
    pub born_on: Option<Date>,
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

/// What is needed to open a customer's file (新建客户).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCustomer {
    /// Person or company.
    pub kind: CustomerKind,
    /// The name as in the document.
    pub name: String,
    /// Other spellings.
    pub aliases: Vec<String>,
    /// The document; `None` where an old book has none.
    pub identity: Option<IdentityNo>,
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

/// What a related party is to the customer (关系类型).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RelationKind {
    /// 配偶.
    Spouse,
    /// 共同借款人.
    CoBorrower,
    /// 保证人.
    Guarantor,
    /// 抵押人.
    Mortgagor,
    /// 出质人.
    Pledgor,
    /// 法定代表人.
    LegalRepresentative,
    /// 实际控制人.
    Controller,
    /// 股东.
    Shareholder,
    /// 紧急联系人.
    ListedContact,
    /// 继承人.
    Heir,
    /// 其他关联方.
    RelatedParty,
}

impl RelationKind {
    /// Every kind.
    pub const ALL: [Self; 11] = [
        Self::Spouse,
        Self::CoBorrower,
        Self::Guarantor,
        Self::Mortgagor,
        Self::Pledgor,
        Self::LegalRepresentative,
        Self::Controller,
        Self::Shareholder,
        Self::ListedContact,
        Self::Heir,
        Self::RelatedParty,
    ];

    /// Its name in data.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Spouse => "spouse",
            Self::CoBorrower => "co-borrower",
            Self::Guarantor => "guarantor",
            Self::Mortgagor => "mortgagor",
            Self::Pledgor => "pledgor",
            Self::LegalRepresentative => "legal-representative",
            Self::Controller => "controller",
            Self::Shareholder => "shareholder",
            Self::ListedContact => "listed-contact",
            Self::Heir => "heir",
            Self::RelatedParty => "related-party",
        }
    }

    /// Reads its name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.as_str() == text)
    }
}

stored_as_text!(RelationKind, "kind of relation");
