//! Tables of figures as the house draws them, and the address of the rows behind a figure.

pub use platform::page::grid::{Cell, Grid, GridRow, Holds, link, percent, wan};
use platform::page::list::address;

/// An address in the loan ledger.
#[must_use]
pub fn ledger(parameters: &[(&str, &str)]) -> String {
    address("/loans", parameters)
}
