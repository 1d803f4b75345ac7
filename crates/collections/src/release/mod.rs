//! Papers of security given back (权证归还), S2.2-04: once a loan is paid off, the papers of every mortgage and pledge go back to
//! who provided them, against a signature; only then its file is closed.

pub mod actions;
mod data;
pub mod model;
pub mod pages;
pub(crate) mod sheets;
pub mod step;
pub mod store;

use platform::duty::DutyKind;
use platform::web::Routes;

/// Give papers back, close the file of a loan.
pub const SECURITY_RETURN: &str = "security.return";

/// Where papers are given back.
pub const DUTY: DutyKind =
    DutyKind { kind: "collateral_return", verb: "release-verb", form: "/loans/{subject}/papers" };

/// The papers of a loan.
pub fn routes() -> Routes {
    pages::routes()
}
