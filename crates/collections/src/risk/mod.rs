//! Risk ratings of overdue customers (逾期风险评级): by time, amount, capacity and credit, rated anew when the ladder or a month
//! asks for it (S4-19); with the expected loss, and a warning when it changes (S4-04).

pub mod actions;
pub mod loss;
pub mod model;
pub mod pages;
pub(crate) mod sheets;
pub mod step;
pub mod store;

use platform::duty::DutyKind;
use platform::web::Routes;

/// Rate the risk of overdue customers.
pub const RISK_RATE: &str = "risk_rating.record";

/// Where its duties are done.
pub const DUTIES: [DutyKind; 3] = [
    DutyKind { kind: "risk_rating", verb: "risk-verb", form: "/collections/cases/{subject}" },
    DutyKind { kind: "loss_warning", verb: "risk-verb", form: "/collections/cases/{subject}" },
    DutyKind { kind: "asset_warning", verb: "risk-verb", form: "/collections/cases/{subject}" },
];

/// Where a rating is recorded.
pub fn routes() -> Routes {
    pages::routes()
}
