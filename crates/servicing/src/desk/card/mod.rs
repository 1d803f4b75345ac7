//! Card checks (卡查询, S2.19-02): on every due date, and on each day after it while something is unpaid, somebody asks the
//! bank whether the money is on the card from which the borrower repays.

pub mod actions;
mod batch;
pub mod list;
pub mod model;
mod pages;
pub(crate) mod sheets;
pub mod store;

pub(crate) use batch::KIND as BATCH;

use platform::web::Routes;

/// Where the list is.
pub(crate) const LIST: &str = "/repayments/cards";

/// The list, its verb, and the form of one loan.
pub fn routes() -> Routes {
    list::routes().merge(batch::routes()).merge(pages::routes())
}
