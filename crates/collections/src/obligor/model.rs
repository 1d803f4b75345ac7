//! Who stands to a debt, and how. Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use customers::RelationKind;
use customers::relation::model::RelationId;
use finance::Fen;
use jiff::civil::Date;
use platform::contact_gate::PersonId;

/// What somebody is to the debt (债务身份).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// 借款人.
    Debtor,
    /// 共同借款人.
    CoBorrower,
    /// 保证人.
    Guarantor,
    /// 抵押人、出质人: answers with a thing and nothing else.
    Owner,
    /// 配偶.
    Spouse,
    /// 继承人、遗产控制人.
    Heir,
}

impl Role {
    /// Its name in data.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Debtor => "debtor",
            Self::CoBorrower => "co-borrower",
            Self::Guarantor => "guarantor",
            Self::Owner => "owner",
            Self::Spouse => "spouse",
            Self::Heir => "heir",
        }
    }
}

/// Whether somebody owes (债务判定).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owes {
    /// 应当清偿.
    Yes,
    /// 不承担.
    No,
    /// 待法务审定.
    Unclear,
    /// 尚无到期债务: it secures what is not due yet (Civil Code Art. 681).
    NotDue,
    /// 已死亡: the estate answers.
    Dead,
}

impl Owes {
    /// Its name in data.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Yes => "owes",
            Self::No => "free",
            Self::Unclear => "unclear",
            Self::NotDue => "not-due",
            Self::Dead => "dead",
        }
    }

    /// Reads what a dossier says.
    #[must_use]
    pub fn of_outcome(text: &str) -> Self {
        match text {
            "owes" => Self::Yes,
            "free" => Self::No,
            _ => Self::Unclear,
        }
    }
}

/// Somebody who stands to a debt (债务关系人).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Obligor {
    /// The related party; `None`: the debtor.
    pub relation: Option<RelationId>,
    /// The person across files.
    pub person: PersonId,
    /// What the file calls the related party.
    pub kind: Option<RelationKind>,
    /// The name.
    pub name: String,
    /// The identity number, masked.
    pub identity_masked: String,
    /// Since when the related party stands in the file; `None`: the debtor.
    pub since: Option<Date>,
    /// What it is to the debt.
    pub role: Role,
    /// Whether it owes.
    pub owes: Owes,
    /// The most that can be claimed; `None`: the whole debt, or what its own contract says.
    pub cap: Option<Fen>,
    /// The article behind it.
    pub article: String,
}
