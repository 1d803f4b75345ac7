//! A lead, where it stands, and what can be done about it. Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use jiff::civil::Date;
use platform::id::{BranchId, CustomerId, TeamId, UserId};
use platform::id_type;

use crate::campaign::model::CampaignId;
use crate::customer::model::CustomerKind;
use crate::datum::model::words;
use crate::partner::model::PartnerId;

id_type!(LeadId, "The key of a lead (线索).");

words! {
    /// Where a lead stands (线索状态).
    LeadState, "state of a lead":
    /// Nobody spoke to it yet (新线索).
    New = "new",
    /// Spoken to (已联系).
    Contacted = "contacted",
    /// Met (已拜访).
    Visited = "visited",
    /// Applies for a loan (已申请).
    Applied = "applied",
    /// Became a customer (已成客户).
    Customer = "customer",
    /// Came to nothing (已流失).
    Lost = "lost",
}

impl LeadState {
    /// Whether somebody still works on it.
    #[must_use]
    pub fn lives(self) -> bool {
        match self {
            Self::New | Self::Contacted | Self::Visited | Self::Applied => true,
            Self::Customer | Self::Lost => false,
        }
    }
}

words! {
    /// What was done about a lead (跟进动作).
    StepKind, "step of a lead":
    /// Taken in (登记).
    Taken = "taken",
    /// Spoken to (联系).
    Contacted = "contacted",
    /// Met (拜访).
    Visited = "visited",
    /// Applied (申请).
    Applied = "applied",
    /// Became a customer (转为客户).
    Converted = "converted",
    /// Given up (流失).
    Lost = "lost",
    /// Said no to being contacted (拒绝联系).
    Refused = "refused",
    /// Taken up again (重新跟进).
    Reopened = "reopened",
    /// Given to somebody else (分派).
    Assigned = "assigned",
    /// Personal data erased (抹除).
    Erased = "erased",
}

impl StepKind {
    /// Where a step leads from a state; nothing where it is not possible (rule `lead.steps`).
    #[must_use]
    pub fn leads(self, from: LeadState) -> Option<LeadState> {
        use LeadState as S;
        let living = from.lives();
        match self {
            Self::Taken => None,
            Self::Contacted if from == S::New => Some(S::Contacted),
            Self::Contacted | Self::Assigned => living.then_some(from),
            Self::Visited if from == S::Applied => Some(S::Applied),
            Self::Visited => living.then_some(S::Visited),
            Self::Applied => living.then_some(S::Applied),
            Self::Converted => living.then_some(S::Customer),
            Self::Lost => living.then_some(S::Lost),
            Self::Refused if from == S::Customer => Some(S::Customer),
            Self::Refused => Some(S::Lost),
            Self::Reopened => (from == S::Lost).then_some(S::New),
            // Erased is what came to nothing; what lies idle past the months of the policy came to nothing.
            Self::Erased => (living || from == S::Lost).then_some(S::Lost),
        }
    }

    /// Whether contact must be lawful for it (rules `lead.refusal`, `lead.ground`): what speaks to the person, begins to
    /// again, or makes its number a contact of a file.
    #[must_use]
    pub fn needs_contact(self) -> bool {
        match self {
            Self::Contacted | Self::Visited | Self::Converted | Self::Reopened => true,
            Self::Taken | Self::Applied | Self::Lost | Self::Refused | Self::Assigned | Self::Erased => false,
        }
    }

    /// What the trail calls it.
    #[must_use]
    pub fn act(self) -> &'static str {
        match self {
            Self::Taken => "lead.take",
            Self::Contacted | Self::Visited | Self::Applied => "lead.follow",
            Self::Converted => "lead.convert",
            Self::Lost => "lead.lose",
            Self::Refused => "lead.refuse",
            Self::Reopened => "lead.reopen",
            Self::Assigned => "lead.assign",
            Self::Erased => "lead.erase",
        }
    }

    /// Why a lead is lost by it, where the step itself says so.
    #[must_use]
    pub fn lost_reason(self) -> Option<&'static str> {
        match self {
            Self::Refused => Some("refused"),
            Self::Erased => Some("idle"),
            Self::Taken
            | Self::Contacted
            | Self::Visited
            | Self::Applied
            | Self::Converted
            | Self::Lost
            | Self::Reopened
            | Self::Assigned => None,
        }
    }

    /// The steps that a form of their own records.
    pub const FORMS: &'static [Self] =
        &[Self::Contacted, Self::Visited, Self::Applied, Self::Lost, Self::Refused, Self::Reopened, Self::Erased];
}

/// From where somebody came (来源).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Origin {
    /// The channel, as the policy names it (获客渠道).
    pub channel: String,
    /// The campaign.
    pub campaign: Option<CampaignId>,
    /// The partner.
    pub partner: Option<PartnerId>,
    /// The customer who referred.
    pub referrer: Option<CustomerId>,
    /// The colleague who found it.
    pub colleague: Option<UserId>,
}

/// A lead that is taken in (新线索).
#[derive(Clone, PartialEq, Eq)]
pub struct NewLead {
    /// Person or company.
    pub kind: CustomerKind,
    /// The name.
    pub name: String,
    /// The telephone number in clear.
    pub phone: Option<String>,
    /// From where.
    pub origin: Origin,
    /// On what ground it is contacted, as the policy names it.
    pub ground: String,
    /// When and how that ground came about.
    pub ground_note: String,
    /// What it asks for.
    pub interest: String,
    /// The customer's file on which it stands.
    pub customer: Option<CustomerId>,
    /// Who works on it.
    pub owner: UserId,
}

/// A lead (潜在客户、线索), the number masked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lead {
    /// The key.
    pub id: LeadId,
    /// 线索编号.
    pub number: String,
    /// Person or company.
    pub kind: CustomerKind,
    /// The name; empty once erased.
    pub name: String,
    /// The number's blind index.
    pub phone_index: Option<String>,
    /// The number, masked.
    pub phone_masked: String,
    /// From where.
    pub origin: Origin,
    /// On what ground it is contacted.
    pub ground: String,
    /// When and how that ground came about.
    pub ground_note: String,
    /// What it asks for.
    pub interest: String,
    /// The file on which it stands, or which it became.
    pub customer: Option<CustomerId>,
    /// Who works on it.
    pub owner: UserId,
    /// The branch.
    pub branch: BranchId,
    /// The team.
    pub team: Option<TeamId>,
    /// Where it stands.
    pub state: LeadState,
    /// Why it was lost.
    pub lost_reason: Option<String>,
    /// When it is contacted next.
    pub next_on: Option<Date>,
    /// The last step.
    pub seen_on: Date,
    /// Rises with every duty to contact it.
    pub turn: i64,
    /// When the person said no.
    pub refused_on: Option<Date>,
    /// When it became a customer.
    pub won_on: Option<Date>,
    /// When its erasure was asked for.
    pub erase_asked_on: Option<Date>,
    /// When it was erased.
    pub erased_on: Option<Date>,
    /// When it was taken in.
    pub taken_on: Date,
    /// By whom.
    pub taken_by: UserId,
    /// Rises with every change.
    pub version: i64,
}

impl Lead {
    /// What the trail calls it.
    #[must_use]
    pub fn subject(&self) -> String {
        format!("lead:{}", self.id)
    }

    /// What its standing duty is about.
    #[must_use]
    pub fn duty(&self) -> String {
        format!("lead:{}:{}", self.id, self.turn)
    }

    /// What the duty to erase it is about.
    #[must_use]
    pub fn erasure(&self) -> String {
        format!("lead_erase:{}", self.id)
    }

    /// The name with all but its first sign hidden: for lists of duties, which outlive an erasure.
    #[must_use]
    pub fn masked(&self) -> String {
        let first: String = self.name.chars().take(1).collect();
        format!("{first}***")
    }
}

/// What was done (跟进记录).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What.
    pub kind: StepKind,
    /// In words.
    pub note: String,
    /// When it is contacted next.
    pub next_on: Option<Date>,
    /// When.
    pub on: Date,
    /// By whom.
    pub by: UserId,
}

/// What a channel of the policy needs to be named beside it (渠道须填).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// Nothing.
    Nothing,
    /// The campaign.
    Campaign,
    /// The partner.
    Partner,
    /// The customer who referred.
    Referrer,
    /// The colleague who found it.
    Colleague,
}

impl Needs {
    /// Reads its name in the policy.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "none" => Self::Nothing,
            "campaign" => Self::Campaign,
            "partner" => Self::Partner,
            "referrer" => Self::Referrer,
            "colleague" => Self::Colleague,
            _ => return None,
        })
    }
}

/// A channel of the policy (获客渠道).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Channel {
    /// Its name in data.
    pub name: String,
    /// What must be named beside it.
    pub needs: Needs,
}

/// A ground of the policy (联系依据).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContactGround {
    /// Its name in data.
    pub name: String,
    /// Whether one may call on it.
    pub may_contact: bool,
    /// Whether it outweighs an earlier refusal: the person came of its own accord.
    pub renews: bool,
    /// Whether the customer must be named whose contract it is.
    pub needs_customer: bool,
    /// The article behind it.
    pub article: String,
}
