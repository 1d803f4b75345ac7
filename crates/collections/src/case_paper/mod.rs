//! Papers of a case (案件文书): the recovery plan with who is responsible (清收计划), the opinion of the legal department (法律意见),
//! the minutes of the management group (管理小组纪要); S4-02, S4-03, S4-05.

pub mod actions;
pub mod model;
pub mod pages;
pub(crate) mod sheets;
pub mod store;

use platform::web::Routes;

/// Where papers are written.
pub fn routes() -> Routes {
    pages::routes()
}
