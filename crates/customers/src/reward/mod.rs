//! Referral rewards (推荐奖励): when the first loan of a customer is paid out whom another customer referred, a reward is
//! proposed, agreed to by the head, paid by finance, and recorded; once (S1-06).

pub mod actions;
mod data;
mod list;
pub mod model;
mod pages;
mod paper;
mod recovery;
pub(crate) mod sheets;
pub mod store;

pub(crate) use list::LISTED;
use platform::duty::DutyKind;
use platform::web::Routes;

/// Ask for rewards of one's customers, or drop them.
pub const REQUEST: &str = "referral_reward.request";
/// Agree to rewards that others asked for.
pub const APPROVE: &str = "referral_reward.approve";
/// Pay rewards that were agreed to.
pub const PAY: &str = "referral_reward.pay";

/// Where the list is.
pub(crate) const LIST: &str = "/rewards";

/// Where a reward is read.
pub(crate) fn page_of(id: impl std::fmt::Display) -> String {
    format!("{LIST}/{id}")
}

pub use recovery::recover;

/// The list, one reward, its forms and its slip.
pub fn routes() -> Routes {
    list::routes().merge(pages::routes())
}

/// The duties about rewards.
pub(crate) const DUTIES: [DutyKind; 3] = [
    DutyKind { kind: "reward_request", verb: "reward-request-verb", form: "/rewards/{subject}" },
    DutyKind { kind: "reward_pay", verb: "reward-pay-verb", form: "/rewards/{subject}" },
    DutyKind { kind: "reward_recover", verb: "reward-recover-verb", form: "/rewards/{subject}" },
];
