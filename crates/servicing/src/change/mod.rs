//! Changes of a loan (变更): waiver, extension, write-off and charge on one page, with what waits for approval
//! and what came of it before.

pub mod actions;
pub mod model;
pub mod pages;
mod view;

use platform::approval::ApprovalKind;
use platform::web::Routes;

use crate::{charge, extension, reversal, waiver, write_off};

/// The page of changes and the forms on it.
pub fn routes() -> Routes {
    pages::routes()
        .merge(waiver::pages::routes())
        .merge(extension::pages::routes())
        .merge(write_off::pages::routes())
        .merge(charge::pages::routes())
}

/// What agreement brings about, kind by kind.
pub fn approval_kinds() -> Vec<ApprovalKind> {
    vec![waiver::actions::KIND, extension::actions::KIND, write_off::actions::KIND, reversal::actions::KIND]
}
