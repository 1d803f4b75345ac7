//! The business date, working days and published rates (营业日、工作日与 LPR).
//!
//! The business date moves only by the day close. Rest days and make-up working days come from an
//! imported list, kept by year: a year without a list counts weekends only, and its dates are
//! provisional (暂定). [`published`] gives what a computation needs, from memory while nothing changed.

pub mod actions;
mod cache;
mod data;
mod pages;
pub mod parse;
pub mod store;

pub use actions::{CALENDAR_CHANGED, import_days, import_lpr, set_day};
pub use cache::{Cache, Published, published};
pub use pages::CALENDAR_MANAGE;
pub(crate) use pages::routes;
pub use parse::CalendarFileError;
pub use store::{
    business_date, business_date_held, business_date_if_any, changed_at, load, move_business_date, open_book,
};
