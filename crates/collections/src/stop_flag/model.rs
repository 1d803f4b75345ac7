//! What stops collection, and since when. Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use jiff::Timestamp;
use jiff::civil::Date;
use platform::id::CustomerId;
use platform::{id_type, stored_as_text};

id_type!(StopFlagId, "The key of a stop flag within a customer's file (停催标记).");

/// Why collection stops (停催情形); the policy says which of them do (`contact_stop_flags`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StopKind {
    /// 还款协议履行中.
    Agreement,
    /// 争议或投诉办理中.
    Dispute,
    /// 债务人死亡.
    Death,
    /// 未成年人.
    Minor,
    /// 无或限制民事行为能力.
    Incapacity,
    /// 重病.
    Illness,
    /// 破产程序.
    Bankruptcy,
}

impl StopKind {
    /// Every kind.
    pub const ALL: [Self; 7] =
        [Self::Agreement, Self::Dispute, Self::Death, Self::Minor, Self::Incapacity, Self::Illness, Self::Bankruptcy];

    /// Its name in data and in the policy.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Agreement => "agreement",
            Self::Dispute => "dispute",
            Self::Death => "death",
            Self::Minor => "minor",
            Self::Incapacity => "incapacity",
            Self::Illness => "illness",
            Self::Bankruptcy => "bankruptcy",
        }
    }

    /// Reads its name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    /// Whether it lies in the debt, so that nobody is pressed for it; the others lie in the person, and who answers
    /// for the debt besides still does.
    #[must_use]
    pub fn lies_in_the_debt(self) -> bool {
        match self {
            Self::Agreement | Self::Dispute => true,
            Self::Death | Self::Minor | Self::Incapacity | Self::Illness | Self::Bankruptcy => false,
        }
    }

    /// Whether the matter goes on with the legal department: heirs, guardians, the administrator.
    #[must_use]
    pub fn leads_to_legal(self) -> bool {
        match self {
            Self::Death | Self::Minor | Self::Incapacity | Self::Bankruptcy => true,
            Self::Agreement | Self::Dispute | Self::Illness => false,
        }
    }

    fn bit(self) -> u8 {
        match self {
            Self::Agreement => 1,
            Self::Dispute => 2,
            Self::Death => 4,
            Self::Minor => 8,
            Self::Incapacity => 16,
            Self::Illness => 32,
            Self::Bankruptcy => 64,
        }
    }
}
stored_as_text!(StopKind, "kind of stop flag");

/// A set of kinds (停催情形集合).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct StopKinds(u8);

impl StopKinds {
    /// None of them.
    pub const NONE: Self = Self(0);

    /// With one more.
    #[must_use]
    pub fn with(self, kind: StopKind) -> Self {
        Self(self.0 | kind.bit())
    }

    /// Those that stand in both sets.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Whether it is one of them.
    #[must_use]
    pub fn has(self, kind: StopKind) -> bool {
        self.0 & kind.bit() != 0
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Each of them, in order.
    pub fn iter(self) -> impl Iterator<Item = StopKind> {
        StopKind::ALL.into_iter().filter(move |kind| self.has(*kind))
    }
}

impl FromIterator<StopKind> for StopKinds {
    fn from_iter<T: IntoIterator<Item = StopKind>>(kinds: T) -> Self {
        kinds.into_iter().fold(Self::NONE, Self::with)
    }
}

/// A stop flag (停催标记) as it stands in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StopFlag {
    /// Whose file.
    pub customer: CustomerId,
    /// The key within it.
    pub id: StopFlagId,
    /// Why collection stops.
    pub kind: StopKind,
    /// The reason in words.
    pub reason: String,
    /// What proves it.
    pub evidence: String,
    /// The business date it was set on.
    pub set_on: Date,
    /// When.
    pub set_at: Timestamp,
    /// By whom; 0 the system.
    pub set_by: i64,
    /// How it ended, once it has.
    pub lifted: Option<Lifted>,
}

/// How a stop flag ended (解除).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lifted {
    /// When.
    pub at: Timestamp,
    /// By whom; 0 the system.
    pub by: i64,
    /// Why.
    pub reason: String,
}

/// What is needed to set a stop flag (设置停催标记).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewStopFlag {
    /// Why collection stops.
    pub kind: StopKind,
    /// The reason in words.
    pub reason: String,
    /// What proves it: a certificate, the number of a complaint, an agreement.
    pub evidence: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_bits_of_the_kinds_are_their_own() {
        //
        let all: StopKinds = StopKind::ALL.into_iter().collect();
        assert_eq!(all.iter().count(), StopKind::ALL.len());
        for kind in StopKind::ALL {
            assert_eq!(StopKind::parse(kind.as_str()), Some(kind));
            assert!(StopKinds::NONE.with(kind).has(kind) && !StopKinds::NONE.has(kind));
        }
    }
}
