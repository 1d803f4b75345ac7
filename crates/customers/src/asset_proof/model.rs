//! A proof of assets and what became of it. Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use finance::Fen;
use jiff::civil::Date;
use platform::id::{CustomerId, UserId};
use platform::id_type;

use crate::datum::model::{Way, words};
use crate::document::model::DocumentId;

id_type!(ProofId, "The key of a proof of assets within a customer's file (大额资产证明).");

words! {
    /// What became of a proof (证明经过).
    StepKind, "step of a proof of assets":
    /// Found to be so (属实).
    Confirmed = "confirmed",
    /// Found not to be so (不符).
    Contradicted = "contradicted",
    /// The approver consented to its kind (同意).
    Consented = "consented",
    /// The approver did not consent to its kind (不同意).
    Refused = "refused",
    /// Taken back (撤回).
    Withdrawn = "withdrawn",
}

/// A proof as it is entered (新证明).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewProof {
    /// The paper on file.
    pub document: DocumentId,
    /// The kind, as the policy names kinds of proofs.
    pub kind: String,
    /// The sum it shows.
    pub face: Fen,
    /// What it shows, in words.
    pub note: String,
}

/// A step (经过).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Which proof.
    pub proof: ProofId,
    /// What.
    pub kind: StepKind,
    /// How it was verified.
    pub way: Option<Way>,
    /// Why, or what was seen.
    pub note: String,
    /// When.
    pub on: Date,
    /// By whom.
    pub by: UserId,
}

/// A proof of assets (大额资产证明).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// Whose.
    pub customer: CustomerId,
    /// The key.
    pub id: ProofId,
    /// What was entered.
    pub content: NewProof,
    /// When it was entered.
    pub made_on: Date,
    /// Who entered it.
    pub by: UserId,
    /// What became of it, the earliest first.
    pub steps: Vec<Step>,
}

impl Proof {
    /// What the trail calls it.
    #[must_use]
    pub fn subject(&self) -> String {
        format!("asset_proof:{}:{}", self.customer, self.id)
    }

    /// Whether a step of this kind stands.
    #[must_use]
    pub fn has(&self, kind: StepKind) -> bool {
        self.steps.iter().any(|one| one.kind == kind)
    }

    /// What the latest verification found.
    #[must_use]
    pub fn found(&self) -> Option<&Step> {
        self.steps.iter().rfind(|one| matches!(one.kind, StepKind::Confirmed | StepKind::Contradicted))
    }
}

/// Whether a proof counts, and why not (计入情况).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counts {
    /// It counts (计入); until this day, where its paper ends.
    Yes(Option<Date>),
    /// It was taken back (已撤回).
    Withdrawn,
    /// Its paper is not on file any more (资料已撤换).
    NoPaper,
    /// Its paper is over (资料已过期).
    Expired(Date),
    /// Nobody verified it yet (未核实).
    Unverified,
    /// A verification contradicted it (核实不符).
    Contradicted,
    /// Its kind asks for consent (待同意).
    NoConsent,
}

impl Counts {
    /// Its name in messages and data.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Yes(_) => "yes",
            Self::Withdrawn => "withdrawn",
            Self::NoPaper => "no-paper",
            Self::Expired(_) => "expired",
            Self::Unverified => "unverified",
            Self::Contradicted => "contradicted",
            Self::NoConsent => "no-consent",
        }
    }
}
