//! A campaign and its costs. Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use finance::Fen;
use jiff::civil::Date;
use platform::id::{BranchId, UserId};
use platform::id_type;

id_type!(CampaignId, "The key of a campaign (营销活动).");
id_type!(CostId, "The key of a cost of a campaign (活动费用).");

/// What a campaign is about (活动方案).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    /// What it is called.
    pub title: String,
    /// The channel, as the policy names it.
    pub channel: String,
    /// Whom, with what, why.
    pub aim: String,
    /// The axis and outcome of the customers it is for (目标客群); empty: everybody.
    pub target: (String, String),
    /// The branch; none: the whole institution.
    pub branch: Option<BranchId>,
    /// The first day.
    pub starts_on: Date,
    /// The last day.
    pub ends_on: Date,
    /// What it may cost.
    pub budget: Fen,
    /// How many leads it shall bring.
    pub target_leads: i64,
}

/// A campaign (营销活动).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Campaign {
    /// The key.
    pub id: CampaignId,
    /// 营销活动编号.
    pub number: String,
    /// What it is about.
    pub content: Content,
    /// When it was reviewed.
    pub reviewed_on: Option<Date>,
    /// What came of it, in words.
    pub review: String,
    /// Who planned it.
    pub planner: UserId,
    /// Rises with every change.
    pub version: i64,
}

impl Campaign {
    /// What the trail calls it.
    #[must_use]
    pub fn subject(&self) -> String {
        format!("campaign:{}", self.id)
    }
}

/// A cost (活动费用).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cost {
    /// The key.
    pub id: CostId,
    /// Which cost it takes back.
    pub corrects: Option<CostId>,
    /// How much; what is taken back is negative.
    pub amount: Fen,
    /// When it was spent.
    pub spent_on: Date,
    /// What for.
    pub purpose: String,
    /// By whom entered.
    pub by: UserId,
}

/// What came of a campaign (活动成效).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Effect {
    /// Leads.
    pub leads: i64,
    /// Leads that became customers.
    pub won: i64,
    /// What it cost.
    pub cost: Fen,
}
