//! Money that comes in to a debtor (到账线索): noted, demanded at once; proceeds go first to the loan (S2.3-09, S2.3-13).

pub mod actions;
mod data;
pub mod model;
pub mod pages;
pub(crate) mod sheets;
pub mod store;

use platform::duty::DutyKind;

pub use pages::routes;

/// Where money that came in is demanded.
pub const DUTIES: [DutyKind; 1] =
    [DutyKind { kind: "inflow_demand", verb: "inflow-verb", form: "/collections/cases/{subject}" }];
