//! Pay days (发薪日): when a debtor is paid, and who is called around that day (S2.5-31).

pub mod actions;
pub mod model;
pub mod pages;
pub(crate) mod sheets;
pub mod store;

use platform::web::Routes;

/// Where a pay day is recorded.
pub fn routes() -> Routes {
    pages::routes()
}
