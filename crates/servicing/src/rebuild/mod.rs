//! Positions, schedules, history and totals computed anew from the facts (重建台账), to be compared or written.
//!
//! What is compared:
//! - `loan_position` and `loan_instalment`: every column but the clock of writing, with a replay on the row's own day;
//! - `loan_position_history`: every row that was ever believed, with a replay on its first day of what was known at its
//!   moment; and that the rows believed now follow each other without gap from the first fact on, with one for each day
//!   on which something changed;
//! - `loan_total`: every day, with the history as it was known when people were moved on from that day.
//!
//! Calendar and LPR are kept without a record clock. A row that was computed before their last change, of a loan whose
//! dates or rate follow them, is compared, but a difference is *unjudged*, not wrong.
//! A former row of the history that is missing altogether leaves no trace.

mod compare;
mod history;
mod loans;
mod totals;

use std::sync::Arc;

use platform::rebuild::Rebuilder;

/// The rebuilders of servicing, in order.
pub fn rebuilders() -> Vec<Arc<dyn Rebuilder>> {
    vec![Arc::new(loans::Loans), Arc::new(totals::Totals)]
}
