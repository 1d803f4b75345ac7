//! Findings of conduct and what a supervisor says to them. Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use jiff::Timestamp;
use platform::contact_gate::{AgencyId, Channel};
use platform::id::{BranchId, CustomerId, TeamId, UserId};
use platform::{id_type, stored_as_text};

use crate::guard::model::AllowanceId;

id_type!(FindingId, "The key of a finding of conduct (行为发现).");

/// What kind of finding it is (发现类型).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FindingKind {
    /// 已拦截: the guard refused; nothing happened.
    Refused,
    /// 提示: what was recorded shows something that must be looked at.
    Flagged,
    /// 违规: it happened, and was not lawful.
    Unlawful,
}

impl FindingKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Refused, Self::Flagged, Self::Unlawful];

    /// Its name in data.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::Flagged => "flagged",
            Self::Unlawful => "unlawful",
        }
    }

    /// Reads its name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}
stored_as_text!(FindingKind, "kind of finding");

/// What a supervisor says to a finding (复核意见).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Opinion {
    /// 无不当.
    Justified,
    /// 已提醒.
    Warned,
    /// 构成违规: a matter for sanctions (S4-17).
    Violation,
}

impl Opinion {
    /// Every opinion.
    pub const ALL: [Self; 3] = [Self::Justified, Self::Warned, Self::Violation];

    /// Its name in data.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Justified => "justified",
            Self::Warned => "warned",
            Self::Violation => "violation",
        }
    }

    /// Reads its name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|opinion| opinion.as_str() == text)
    }
}
stored_as_text!(Opinion, "opinion on a finding");

/// What is written of a finding (待登记发现).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewFinding {
    /// Whose file.
    pub customer: CustomerId,
    /// Branch, team and manager of the file, where the caller has them.
    pub owner: Option<(BranchId, Option<TeamId>, UserId)>,
    /// What kind.
    pub kind: FindingKind,
    /// The rule.
    pub rule: String,
    /// The article.
    pub article: String,
    /// More of it; no personal data.
    pub detail: String,
    /// By which channel.
    pub channel: Channel,
    /// What the person is to the debt; empty where it does not matter.
    pub party: &'static str,
    /// Who did it; 0 the system.
    pub collector: i64,
    /// On whose behalf.
    pub agency: Option<AgencyId>,
    /// The contact.
    pub allowance: Option<AllowanceId>,
    /// When.
    pub happened_at: Timestamp,
}

/// A finding (行为发现) as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Whose file.
    pub customer: CustomerId,
    /// The key within it.
    pub id: FindingId,
    /// The customer's name.
    pub name: String,
    /// What kind.
    pub kind: FindingKind,
    /// The rule.
    pub rule: String,
    /// The article.
    pub article: String,
    /// More of it.
    pub detail: String,
    /// By which channel.
    pub channel: Channel,
    /// Who did it; 0 the system.
    pub collector: i64,
    /// When.
    pub happened_at: Timestamp,
    /// What a supervisor said.
    pub review: Option<Review>,
}

/// What a supervisor said to a finding (复核).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    /// The opinion.
    pub opinion: Opinion,
    /// In words.
    pub words: String,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: i64,
}
