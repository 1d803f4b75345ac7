//! The business date and working days (营业日与工作日).
//!
//! The business date moves only by the day close. Rest days and make-up working days come from an
//! imported list, kept by year: a year without a list counts weekends only, and says so.

pub mod store;

pub use store::{business_date, load, move_business_date, open_book};
