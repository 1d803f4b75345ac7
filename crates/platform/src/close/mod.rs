//! The day close (日终): ends business date D and makes D+1 true, in steps that capabilities offer.
//!
//! 1. **Cut-over**: people move to D+1, the audit heads of D are sealed into its root. From here on
//!    everything new is dated D+1.
//! 2. **Steps** in order, each in batches by ranges of customers; a batch is one transaction with its
//!    progress mark inside, so that a kill at any point loses at most the batch under way, and starting
//!    again goes on behind the mark.
//! 3. **Proofs**: two sums that must agree. What a step could not work on is *isolated*, shown, and
//!    acknowledged with a reason by somebody who may.
//! 4. **Seal**: only when no proof is red and nothing isolated is left without an answer.
//!
//! One runner at a time: a lease with an end, renewed in every batch. [`run`] catches up over several days.

pub mod actions;
mod driver;
pub mod model;
mod pages;
pub mod store;

pub use actions::{acknowledge, ask_stop, mended};
pub use driver::{LEASE, keep_lease, release_lease, run, take_lease};
pub use model::{
    Batch, CloseDay, CloseError, CloseProof, CloseStep, Closed, Isolated, Progress, ProofResult, ProofUnit, RunState,
    Verdict,
};
pub(crate) use pages::routes;
pub use pages::{CLOSE_ACKNOWLEDGE, CLOSE_RUN, CLOSE_VIEW};
