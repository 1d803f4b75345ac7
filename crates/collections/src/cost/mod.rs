//! What collecting costs (催收费用): recorded for a case, checked by somebody else above the amount of the policy, corrected by
//! another record (S4-29).

pub mod actions;
pub(crate) mod list;
pub mod model;
mod pages;
pub(crate) mod sheets;
pub(crate) mod store;

use platform::locale::Lang;
use platform::page::Ui;
use platform::policies::InForce;
use platform::web::Routes;

/// Record and correct costs.
pub const COST_RECORD: &str = "collection_cost.record";
/// Check costs of others.
pub const COST_CHECK: &str = "collection_cost.check";

/// Where the list is.
pub(crate) const LIST: &str = "/collections/costs";

/// The list and the forms.
pub fn routes() -> Routes {
    list::routes().merge(pages::routes())
}

/// The name of a kind of cost.
pub(crate) fn kind_title(ui: &Ui, policy: &InForce, kind: &str) -> String {
    let found = policy.pack().outcome("collection_cost_kind", kind);
    found.map_or_else(|| kind.to_owned(), |known| known.title.in_language(ui.lang() == Lang::En).to_owned())
}
