//! The repayment calendar (还款日历): what falls due on every day of a month or week, what of it is paid, and the
//! unpaid list of a day (当日未还清单, S2.19-02).

mod data;
pub mod model;
pub mod pages;
pub mod store;
mod unpaid;

use platform::web::Routes;
pub(crate) use unpaid::LISTED;

/// The pages of the calendar and its lists.
pub fn routes() -> Routes {
    pages::routes().merge(unpaid::routes())
}
