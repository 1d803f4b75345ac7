//! People and what they may do (人员与权限): users, roles, branches, teams, sessions.
//!
//! A permission is an action and a scope. Roles and their permissions are data of the policy pack;
//! who has which role is a fact of the institution.

pub mod model;

pub use model::{Actor, DataScope, Denied, Origin, Scope};
