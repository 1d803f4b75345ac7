//! Measures of collecting (清收指标): what was recovered, reduced, spent and kept in a period, by branch, collector, cause, step,
//! bucket or product; each figure with its numerator, denominator and rows (S4-27…29, S2.3-25, S2.5-11).
//!
//! Everything is computed from facts and from the history of positions as they are known now: a past period comes to the
//! same on any later day unless something of it was corrected since.

mod data;
pub mod figures;
pub mod model;
pub mod pages;
mod pictures;
pub(crate) mod rows;
pub mod rules;
pub(crate) mod store;
pub(crate) mod words;

use platform::web::Routes;

/// See the measures.
pub const MEASURE_VIEW: &str = "measure.view";

/// Where the measures are.
pub(crate) const PAGE: &str = "/measures";
/// Where the rows behind them are.
pub(crate) const ROWS: &str = "/measures/rows";

/// The page, its rows and its workbooks.
pub fn routes() -> Routes {
    pages::routes().merge(rows::routes())
}
