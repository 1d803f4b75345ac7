//! Approvals (审批): what somebody made and others must agree to before it becomes true.
//!
//! The chain of roles is decided by the policy when the thing is submitted, and kept with it. The
//! maker never approves, and nobody decides two steps of one chain. What agreement brings
//! about is an [`ApprovalKind`] offered by a capability and called in the same transaction.

pub mod actions;
mod data;
pub mod heading;
mod list;
pub mod model;
mod pages;
pub mod store;

pub use actions::{
    ApprovalKind, Request, SignatureCheck, Verdict, approve, reject, resubmit, return_to_maker, submit, withdraw,
};
pub use heading::Heading;
pub(crate) use list::ApprovalExport;
pub use model::{Approval, ApprovalError, ApprovalId, ApprovalState, Missing, Step};
pub use pages::page_for;
pub(crate) use pages::routes;
