//! Changes of a loan (变更) on one page, with what waits for approval and what came of it before.

pub mod actions;
pub mod agreement;
pub mod error;
pub mod form;
pub mod model;
pub mod pages;
mod view;

use platform::approval::ApprovalKind;
use platform::web::Routes;

use self::agreement::Agreement as _;
use crate::acceleration::model::Acceleration;
use crate::misuse::model::Misuse;
use crate::rate_change::model::RateChange;
use crate::restructuring::model::Restructuring;
use crate::suspension::model::Suspension;
use crate::waiver::model::Waiver;
use crate::{
    acceleration, charge, extension, misuse, rate_change, restructuring, reversal, suspension, waiver, write_off,
};

/// The page of changes and the forms on it.
pub fn routes() -> Routes {
    pages::routes()
        .merge(waiver::pages::routes())
        .merge(extension::pages::routes())
        .merge(rate_change::pages::routes())
        .merge(restructuring::pages::routes())
        .merge(suspension::pages::routes())
        .merge(misuse::pages::routes())
        .merge(acceleration::pages::routes())
        .merge(write_off::pages::routes())
        .merge(charge::pages::routes())
}

/// What agreement brings about, kind by kind.
pub fn approval_kinds() -> Vec<ApprovalKind> {
    vec![
        Waiver::KIND,
        extension::actions::KIND,
        RateChange::KIND,
        Restructuring::KIND,
        Suspension::KIND,
        Misuse::KIND,
        Acceleration::KIND,
        write_off::actions::KIND,
        reversal::actions::KIND,
    ]
}
