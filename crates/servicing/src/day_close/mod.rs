//! What the day close does with loans (日终·贷款): positions move on, duties open, totals are written, proofs are made.

pub mod positions;
mod proof_store;
pub mod proofs;
pub mod share;
pub mod totals;

use std::sync::Arc;

use platform::close::{CloseProof, CloseStep};

/// The steps over loans, in order.
pub fn steps() -> Vec<Arc<dyn CloseStep>> {
    vec![
        Arc::new(positions::Positions::default()),
        Arc::new(crate::desk::advance::Lists),
        Arc::new(crate::classification::Due),
        Arc::new(totals::Totals),
    ]
}

/// The proofs over loans.
pub fn proofs() -> Vec<Arc<dyn CloseProof>> {
    vec![
        Arc::new(proofs::Accounted),
        Arc::new(proofs::Schedules),
        Arc::new(proofs::Replayed),
        Arc::new(proofs::TotalsFoot),
        Arc::new(proofs::HistoryAgrees),
    ]
}
