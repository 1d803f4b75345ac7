//! A partner and its agreements. Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use jiff::civil::Date;
use platform::attachment::AttachmentId;
use platform::id::{BranchId, UserId};
use platform::id_type;

id_type!(PartnerId, "The key of a partner (合作机构).");
id_type!(AgreementId, "The key of an agreement with a partner (合作协议).");

/// What is registered of a partner (合作机构资料).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    /// The name.
    pub name: String,
    /// What it is, as the policy names kinds of partners.
    pub kind: String,
    /// What it does for the house.
    pub note: String,
    /// The branch that works with it; none: the whole institution.
    pub branch: Option<BranchId>,
}

/// A partner (合作机构).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Partner {
    /// The key.
    pub id: PartnerId,
    /// 合作机构编号.
    pub number: String,
    /// What is registered.
    pub content: Content,
    /// When the partnership ended, and why.
    pub ended: Option<(Date, String)>,
    /// Who registered it.
    pub by: UserId,
    /// Rises with every change.
    pub version: i64,
}

impl Partner {
    /// What the trail and its papers call it.
    #[must_use]
    pub fn subject(&self) -> String {
        format!("partner:{}", self.id)
    }

    /// What its duty is about.
    #[must_use]
    pub fn duty(&self) -> String {
        self.subject()
    }
}

/// An agreement that is entered (新协议).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAgreement {
    /// What it is called.
    pub title: String,
    /// From when.
    pub from: Date,
    /// Until when.
    pub until: Date,
}

/// An agreement (合作协议).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreement {
    /// The key.
    pub id: AgreementId,
    /// What it says.
    pub content: NewAgreement,
    /// The paper.
    pub paper: AttachmentId,
    /// When it was entered.
    pub on: Date,
}

/// Whether one of the agreements covers a day (rule `partner.agreement`).
#[must_use]
pub fn covered(agreements: &[Agreement], on: Date) -> bool {
    agreements.iter().any(|one| one.content.from <= on && on <= one.content.until)
}
