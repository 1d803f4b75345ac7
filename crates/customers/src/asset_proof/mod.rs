//! Proofs of large assets (大额资产证明, S5.6-09): a sum counts in the offset of debts only while its paper is on file, verified
//! by another person and in force; a kind outside of the policy's list asks the approver's consent.

pub mod actions;
mod data;
pub mod model;
pub(crate) mod pages;
pub mod rules;
pub(crate) mod sheets;
pub mod store;

/// Consent to kinds outside of the list.
pub const APPROVE: &str = "asset_proof.approve";

/// The paper of the list that proves assets, as the policy names it.
pub(crate) const PAPER: &str = "asset_proof";

/// Where the proofs of a customer are.
pub(crate) fn page_of(customer: impl std::fmt::Display) -> String {
    format!("/customers/{customer}/asset-proofs")
}
