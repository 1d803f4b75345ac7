//! Training and competence of the staff (培训与胜任力, S2.3-03): courses taken, and what somebody was judged to be able to do,
//! each with a day until which it holds. Which topics a post needs is policy data; whoever lacks one is a duty of the
//! supervisor.

pub mod actions;
mod form;
mod lacking;
mod list;
pub mod model;
mod pages;
pub mod rules;
pub(crate) mod sheets;
mod step;
pub mod store;

use crate::web::Routes;
pub(crate) use lacking::LISTED as LACKING;
pub(crate) use list::LISTED;
pub(crate) use step::{Asking, DUTY};

/// Look at the training of the staff.
pub const TRAINING_VIEW: &str = "training.view";
/// Enter what others were taught and judged to be able to do, and take back what is wrong.
pub const TRAINING_RECORD: &str = "training.record";

/// Where the list is.
pub(crate) const LIST: &str = "/trainings";

pub(crate) fn routes() -> Routes {
    list::routes().merge(lacking::routes()).merge(pages::routes())
}
