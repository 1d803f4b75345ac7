//! A related party of a customer and what it agreed to. Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use jiff::civil::Date;
use platform::contact_gate::PersonId;
use platform::id::CustomerId;
use platform::{id_type, stored_as_text};

use crate::identity::{IdentityKind, IdentityNo};

id_type!(RelationId, "The key of a related party within a customer's file (关系人).");

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

impl RelationKind {
    /// Owes together with the customer, or answers for the debt: may be spoken to about it.
    pub fn answers_for_debt(self) -> bool {
        match self {
            Self::CoBorrower | Self::Guarantor | Self::Mortgagor | Self::Pledgor => true,
            Self::Spouse
            | Self::LegalRepresentative
            | Self::Controller
            | Self::Shareholder
            | Self::ListedContact
            | Self::Heir
            | Self::RelatedParty => false,
        }
    }

    /// Whether a share of the company belongs to it.
    pub fn has_share(self) -> bool {
        match self {
            Self::Shareholder | Self::Controller | Self::RelatedParty => true,
            Self::Spouse
            | Self::CoBorrower
            | Self::Guarantor
            | Self::Mortgagor
            | Self::Pledgor
            | Self::LegalRepresentative
            | Self::ListedContact
            | Self::Heir => false,
        }
    }
}

/// Whether a related party may be contacted about the customer (联系意愿).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Willingness {
    /// Nothing said yet.
    Unknown,
    /// Agreed on a date.
    Consented(Date),
    /// Objected on a date; an objection ends any consent for good.
    Objected(Date),
}

/// A related party (关系人) as it is kept, personal data masked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relation {
    /// Whose file.
    pub customer: CustomerId,
    /// The key within it.
    pub id: RelationId,
    /// The person or company across files.
    pub person: PersonId,
    /// What it is to the customer.
    pub kind: RelationKind,
    /// 姓名 or 名称.
    pub name: String,
    /// Which document identifies it.
    pub identity_kind: IdentityKind,
    /// The document's number, masked.
    pub identity_masked: String,
    /// Its own file here, when it is a customer too.
    pub other: Option<CustomerId>,
    /// 持股比例, parts per million.
    pub share_ppm: Option<i64>,
    /// Whether it may be contacted.
    pub willingness: Willingness,
    /// 备注.
    pub note: Option<String>,
    /// Since when.
    pub since: Date,
    /// Until when, once ended.
    pub ended_on: Option<Date>,
    /// Rises with each change.
    pub version: i64,
}

impl Relation {
    /// The thing for the audit trail.
    pub fn subject(&self) -> String {
        format!("relation:{}:{}", self.customer, self.id)
    }

    /// Whether it still stands.
    pub fn is_open(&self) -> bool {
        self.ended_on.is_none()
    }
}

/// What is needed to add a related party (新增关系人).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRelation {
    /// What it is to the customer.
    pub kind: RelationKind,
    /// The name.
    pub name: String,
    /// The document, when known.
    pub identity: Option<IdentityNo>,
    /// 持股比例, parts per million.
    pub share_ppm: Option<i64>,
    /// Since when.
    pub since: Date,
    /// When it agreed to be contacted.
    pub consented_on: Option<Date>,
    /// 备注.
    pub note: Option<String>,
}
