//! Pages of duties: home, list, one duty, the contact form.

use crate::web::Routes;

/// Look at duties.
pub const DUTY_VIEW: &str = "duty.view";
/// Give duties to people, excuse them.
pub const DUTY_ASSIGN: &str = "duty.assign";
/// Enter a contact by hand.
pub const CONTACT_RECORD: &str = "contact.record";

/// A kind of duty with the verb and the form that gives its evidence (任务种类).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DutyKind {
    /// The kind: `early_reminder`.
    pub kind: &'static str,
    /// The message with the verb.
    pub verb: &'static str,
    /// The form; `{customer}` and `{id}` stand for the duty's key.
    pub form: &'static str,
}

/// The kinds whose evidence is a contact entered by hand, until something sends them.
pub(crate) fn kinds() -> Vec<DutyKind> {
    let by_hand = |kind, verb| DutyKind { kind, verb, form: "/duties/{customer}/{id}" };
    vec![
        by_hand("early_reminder", "duty-verb-remind"),
        by_hand("unpaid_list", "duty-verb-call"),
        by_hand("repayment_reminder", "duty-verb-remind"),
        by_hand("maturity_notice", "duty-verb-notice"),
    ]
}

pub(crate) fn routes() -> Routes {
    Routes::new()
}
