//! A referral reward and where it stands. Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use finance::Fen;
use jiff::civil::Date;
use platform::approval::ApprovalId;
use platform::id::{BranchId, CustomerId, UserId};
use platform::id_type;

use crate::datum::model::words;

id_type!(RewardId, "The key of a referral reward (推荐奖励).");

words! {
    /// Where a reward stands (奖励状态).
    RewardState, "state of a referral reward":
    /// The program proposed it (待申请).
    Proposed = "proposed",
    /// Waits for the head (待审批).
    Submitted = "submitted",
    /// Waits for finance (待支付).
    Approved = "approved",
    /// Paid (已支付).
    Paid = "paid",
    /// Refused by the head (未通过).
    Refused = "refused",
    /// Given up by the manager (已放弃).
    Dropped = "dropped",
}

impl RewardState {
    /// Whether nothing is or will be paid.
    #[must_use]
    pub fn came_to_nothing(self) -> bool {
        match self {
            Self::Refused | Self::Dropped => true,
            Self::Proposed | Self::Submitted | Self::Approved | Self::Paid => false,
        }
    }
}

/// A referral reward (推荐奖励).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reward {
    /// Who was referred.
    pub customer: CustomerId,
    /// The key.
    pub id: RewardId,
    /// 推荐奖励编号.
    pub number: String,
    /// Who referred, and is paid.
    pub referrer: CustomerId,
    /// The loan that was paid out.
    pub loan: i64,
    /// How much.
    pub amount: Fen,
    /// Whether the referrer bears the name of a colleague: the request says who it is.
    pub namesake: bool,
    /// Who asks for it.
    pub manager: UserId,
    /// The branch.
    pub branch: BranchId,
    /// Where it stands.
    pub state: RewardState,
    /// What the manager says.
    pub note: String,
    /// The approval.
    pub approval: Option<ApprovalId>,
    /// When it was agreed to.
    pub approved_on: Option<Date>,
    /// When it was paid.
    pub paid_on: Option<Date>,
    /// By whom.
    pub paid_by: Option<UserId>,
    /// The number of the payment.
    pub payment_ref: Option<String>,
    /// Since when it is to be had back: the payout behind it was taken back after it was paid.
    pub recover_since: Option<Date>,
    /// When it was had back.
    pub recovered_on: Option<Date>,
    /// Who recorded that.
    pub recovered_by: Option<UserId>,
    /// The number of the receipt.
    pub recovery_ref: Option<String>,
    /// When it was proposed.
    pub proposed_on: Date,
    /// Rises with every change.
    pub version: i64,
}

impl Reward {
    /// What the trail, approvals and duties call it.
    #[must_use]
    pub fn subject(&self) -> String {
        format!("referral_reward:{}", self.id)
    }

    /// Whether money that went out is to be had back (rule `reward.recovery`).
    #[must_use]
    pub fn to_recover(&self) -> bool {
        self.state == RewardState::Paid && self.recover_since.is_some() && self.recovered_on.is_none()
    }
}

/// Whether a first loan brings a reward (rule `reward.propose`).
///
/// Nothing where the policy sets no amount; nothing for whoever refers oneself. Who was a customer before the referral
/// has nobody who referred.
#[must_use]
pub fn earned(amount: Fen, same_customer: bool) -> bool {
    amount > Fen::ZERO && !same_customer
}

#[cfg(test)]
mod tests {
    use super::*;

    // Rule reward.propose
    #[test]
    fn nobody_is_rewarded_for_oneself_or_without_an_amount() {
        assert!(earned(Fen(20_000), false));
        assert!(!earned(Fen(0), false), "the house pays none");
        assert!(!earned(Fen(20_000), true), "refers oneself");
    }
}
