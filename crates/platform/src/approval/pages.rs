//! Pages of approvals.

use crate::web::Routes;

pub(crate) fn routes() -> Routes {
    Routes::new()
}
