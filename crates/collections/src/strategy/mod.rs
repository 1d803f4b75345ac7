//! Strategies of collecting and their trial (催收策略与对照): by days overdue and amount the policy names one that is used, and
//! perhaps another that a stable share of the debtors tries; the case keeps which, and the measures tell both apart.

pub mod actions;
pub mod model;
pub mod rules;
pub(crate) mod sheets;
pub mod store;
