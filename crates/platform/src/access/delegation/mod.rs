//! Delegation on leave (代理): one person stands in for another, with named roles, for some days.
//!
//! It is asked for by the person who goes or by a supervisor, and approved by somebody who is none of the three.
//! Who stands in changes hats on purpose: the session then works with the roles, the branch and the view of the
//! absent person, and everything is recorded as done by the one for the other ([`Actor::trace`](super::Actor::trace)).
//! Who stands in approves nothing that either of the two made. It ends by itself with the business date.

mod actions;
mod data;
mod model;
mod pages;
mod store;

pub use actions::{Wish, approve, ask, end, refuse};
pub use model::{Delegation, DelegationError, DelegationId, DelegationState, StandIn};
pub use store::{Standing, standing};

pub(crate) use pages::home_lines;
pub(super) use pages::routes;
pub(super) use store::stand_in;
pub(crate) use store::stand_ins;
