//! Rewards and penalties of those who collect (奖惩): proposed with the figures of the person, decided by others, carried out;
//! a rectification has its day (S4-30, S4-31).

pub mod actions;
mod data;
pub(crate) mod list;
pub mod model;
mod pages;
pub(crate) mod sheets;
pub(crate) mod store;

use platform::duty::DutyKind;
use platform::locale::Lang;
use platform::page::Ui;
use platform::policies::InForce;
use platform::web::Routes;

/// See rewards and penalties of others.
pub const MERIT_VIEW: &str = "merit.view";
/// Propose a reward or a penalty.
pub const MERIT_PROPOSE: &str = "merit.propose";
/// Decide what others proposed.
pub const MERIT_APPROVE: &str = "merit.approve";
/// Pay or carry out what was decided.
pub const MERIT_CARRY_OUT: &str = "merit.carry_out";

/// Where the list is.
pub(crate) const LIST: &str = "/collections/merits";

/// The duty to rectify by the day.
pub const DUTY: DutyKind =
    DutyKind { kind: "merit_rectify", verb: "merit-verb", form: "/collections/merits/{subject}" };

/// Where one is read.
pub(crate) fn page_of(id: impl std::fmt::Display) -> String {
    format!("{LIST}/{id}")
}

/// The list, the form and one of them.
pub fn routes() -> Routes {
    list::routes().merge(pages::routes())
}

/// The name of a kind.
pub(crate) fn kind_title(ui: &Ui, policy: &InForce, kind: &str) -> String {
    let found = policy.pack().outcome("merit_kind", kind);
    found.map_or_else(|| kind.to_owned(), |known| known.title.in_language(ui.lang() == Lang::En).to_owned())
}
