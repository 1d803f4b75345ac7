//! Pages of the calendar.

use crate::web::Routes;

/// Import years and LPR, set days.
pub const CALENDAR_MANAGE: &str = "calendar.manage";

pub(crate) fn routes() -> Routes {
    Routes::new()
}
