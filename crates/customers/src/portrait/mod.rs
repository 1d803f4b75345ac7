//! Portraits of persons (客户画像): life cycle, habit of consumption, attitude to risk and the segment that follows, by the
//! tables of the policy, from data that the person agreed to and nothing else (S5.3-03).

mod data;
mod panel;
pub mod rules;

pub(crate) use panel::panel;
use platform::web::Routes;

use crate::VIEW;

/// What programs read; the page is a tab of the customer's.
pub fn routes() -> Routes {
    Routes::new().data::<data::PortraitData, _, _>("/customers/{id}/portrait", VIEW, data::portrait)
}
