//! Recordings taken over from a telephone system (电话系统录音): each is kept with the contact that it is the sound of; a call that
//! nobody let through is judged by a person, as calls outside the system are.

pub mod actions;
mod data;
pub mod judge;
pub mod model;
pub mod pages;
pub mod rules;
pub mod store;

use platform::web::Routes;

/// Hand in recordings as a telephone system: for a service account.
pub const CALL_DELIVER: &str = "call.deliver";

/// The calls that were handed in.
pub fn routes() -> Routes {
    pages::routes()
}
