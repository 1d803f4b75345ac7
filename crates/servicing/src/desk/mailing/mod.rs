//! The customer information table (客户信息表, S2.19-07) and the mailing of schedules (还款明细寄送, S2.19-05).
//!
//! A schedule is printed and put into an envelope, handed to customer service, and sent by somebody of theirs, or comes
//! back. Each step is a fact; the latest says where the schedule is.

pub mod actions;
mod batch;
pub mod list;
pub mod model;
mod pages;
mod rules;
pub(crate) mod sheets;
pub mod store;

pub(crate) use batch::KINDS as BATCHES;

use platform::event::Subscriber;
use platform::web::Routes;

/// Send schedules, or say that they came back: customer service.
pub const SEND: &str = "mailing.send";

/// Where the table is.
pub(crate) const LIST: &str = "/loans/information";

/// The table, its verbs, and the forms of one loan.
pub fn routes() -> Routes {
    list::routes().merge(batch::routes()).merge(pages::routes())
}

/// The first money of a loan asks for its schedule.
pub(crate) fn subscribers() -> Vec<Subscriber> {
    vec![Subscriber { event: "loan_disbursed", name: "servicing.schedule_mail", handle: actions::ask }]
}
