//! People and what they may do (人员与权限): users, roles, branches, teams, sessions.
//!
//! A permission is an action and a scope. Roles and their permissions are data of the policy pack;
//! who has which role is a fact of the institution.
//!
//! - [`model`]: who acts, from where, how far their eye reaches.
//! - [`roles`]: the roles of the pack. [`rules`]: the parameters of log-in and password, and the decisions on them.
//! - [`session`]: recognising a visitor. [`actions`]: everything that changes people, each audited.
//! - `door` (log-in), `account` (own things), `people`, [`delegation`] (who stands in for whom), `branches`, `matrix` (what each role may do), `review` (who came when): the pages.

mod account;
pub mod actions;
mod bar;
mod branches;
mod data;
pub mod delegation;
mod device;
mod door;
mod matrix;
pub mod model;
mod people;
mod permission;
mod review;
pub mod roles;
pub mod rules;
mod second_step;
mod second_step_pages;
pub(crate) mod secret;
pub mod session;
pub mod store;
mod totp;

pub use bar::RoleBar;
pub use device::device_name;
pub use model::{Actor, DataScope, Denied, Origin, Scope};
pub(crate) use people::LISTED as USERS;
pub use permission::{
    AUDIT_VERIFY, AUDIT_VIEW, BRANCH_EDIT, BRANCH_VIEW, CONTACT_REVEAL, DELEGATION_APPROVE, GRANT_CONFIRM, PERMISSIONS,
    PERSONAL_REVEAL, USER_EDIT, USER_VIEW, action_title,
};
pub use roles::{Role, Roles};
pub use rules::{AccessError, AccessRules, Hashing, second_person};
pub(crate) use second_step::COLUMN as TOTP_SECRET;
pub use session::actor_of;
pub(crate) use totp::code_of;

use crate::web::Routes;

/// The pages about people.
pub(crate) fn routes() -> Routes {
    door::routes()
        .merge(account::routes())
        .merge(second_step_pages::routes())
        .merge(delegation::routes())
        .merge(people::routes())
        .merge(branches::routes())
        .merge(matrix::routes())
        .merge(review::routes())
}
