//! Refusals of leads, campaigns, partners and rewards (获客拒绝): each says what to do.

use platform::error::{Refusal, RefusalKind, Refused};

/// Why a use case about winning customers says no.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LeadError {
    /// The step is not possible where the lead stands.
    #[error("the lead is {state}")]
    State {
        /// Where it stands.
        state: &'static str,
    },
    /// The person said no.
    #[error("refused contact on {on}")]
    Refused {
        /// When.
        on: jiff::civil::Date,
        /// The article.
        article: Option<String>,
    },
    /// Whoever recorded that the person said no does not alone say that it came after all.
    #[error("refused contact on {on}, as the same person recorded")]
    OwnRefusal {
        /// When.
        on: jiff::civil::Date,
        /// The article.
        article: Option<String>,
    },
    /// The customer who referred it is the person itself.
    #[error("refers itself")]
    RefersItself,
    /// Its ground allows no call.
    #[error("no ground to contact")]
    NoGround {
        /// The article.
        article: Option<String>,
    },
    /// It was erased.
    #[error("erased")]
    Erased,
    /// It is worked on, and its months are not over.
    #[error("not to be erased yet")]
    NotDue,
    /// A campaign was reviewed: nothing is added.
    #[error("the campaign was reviewed")]
    CampaignReviewed,
    /// The cost was taken back, or takes another one back.
    #[error("no cost to take back")]
    NoCost,
    /// The partnership ended.
    #[error("the partnership ended")]
    PartnerEnded,
    /// The reward is somewhere else.
    #[error("the reward is {state}")]
    RewardState {
        /// Where it stands.
        state: &'static str,
    },
    /// The payout was taken back, or referrer and referred are one customer.
    #[error("the reward is not due any more")]
    RewardLapsed,
    /// Whoever asked for a reward does not pay it.
    #[error("whoever asked for it does not pay it")]
    OwnReward,
    /// Whoever paid a reward does not record that it came back.
    #[error("whoever paid it does not record that it came back")]
    RewardPayer,
}

impl LeadError {
    /// The message id, without the prefix `error-`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::State { .. } => "lead-state",
            Self::Refused { .. } => "lead-refused",
            Self::OwnRefusal { .. } => "lead-own-refusal",
            Self::RefersItself => "lead-refers-itself",
            Self::NoGround { .. } => "lead-no-ground",
            Self::Erased => "lead-erased",
            Self::NotDue => "lead-not-due",
            Self::CampaignReviewed => "campaign-reviewed",
            Self::NoCost => "campaign-no-cost",
            Self::PartnerEnded => "partner-ended",
            Self::RewardState { .. } => "reward-state",
            Self::RewardLapsed => "reward-lapsed",
            Self::OwnReward => "reward-own",
            Self::RewardPayer => "reward-payer",
        }
    }
}

impl Refusal for LeadError {
    fn refused(&self) -> Refused {
        let of = || Refused::new(RefusalKind::Conflict, self.code());
        match self {
            Self::State { state } => of().with("state", state).under("lead.steps", None),
            Self::Refused { on, article } | Self::OwnRefusal { on, article } => {
                of().with("on", on).under("lead.refusal", article.clone())
            }
            Self::RefersItself => of().under("lead.channel", None),
            Self::NoGround { article } => of().under("lead.ground", article.clone()),
            Self::Erased | Self::NotDue => of().under("lead.retention", None),
            Self::CampaignReviewed | Self::NoCost => of().under("campaign.cost", None),
            Self::PartnerEnded => of().under("partner.agreement", None),
            Self::RewardState { state } => of().with("state", state).under("reward.chain", None),
            Self::RewardLapsed => of().under("reward.reversal", None),
            Self::OwnReward => of().under("reward.chain", None),
            Self::RewardPayer => of().under("reward.recovery", None),
        }
    }
}
