//! The debtor's dossier (债务人档案): what is known of a debtor and of who owes besides, block by block, by dated facts.
//!
//! A newer fact stands and the older ones stay readable. What is entered lies under seal; every reading is in the trail
//! (S4-25).

pub mod actions;
mod data;
mod day;
mod form;
pub mod model;
pub mod pages;
mod paper;
pub mod parts;
pub mod rules;
pub(crate) mod sheets;
pub mod store;
mod view;

use platform::duty::DutyKind;

pub(crate) use paper::section;

/// Read dossiers.
pub const DOSSIER_VIEW: &str = "dossier.view";
/// Record facts in dossiers.
pub const DOSSIER_RECORD: &str = "dossier.record";

/// The analysis that a case begins with (S2.3-28).
pub const DUTIES: [DutyKind; 1] =
    [DutyKind { kind: "case_analysis", verb: "dossier-verb-analysis", form: "/collections/cases/{subject}" }];
