//! Pages of the close.

use crate::web::Routes;

/// Look at the close.
pub const CLOSE_VIEW: &str = "close.view";
/// Start and stop the close.
pub const CLOSE_RUN: &str = "close.run";
/// Answer for what the close isolated.
pub const CLOSE_ACKNOWLEDGE: &str = "close.acknowledge";

pub(crate) fn routes() -> Routes {
    Routes::new()
}
