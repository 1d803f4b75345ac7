//! The desk of car loans (车贷贷后岗, S2.19): cards looked up at the bank, cars and schedules, advances, settlements.
//!
//! Who holds its permissions has a desk; which of its duties exist is said by the pack, and its pages are offered where
//! they do.

/// An enum whose values are words in data.
macro_rules! words {
    ($(#[$meta:meta])* $name:ident, $what:literal: $($(#[$doc:meta])* $variant:ident = $word:literal),* $(,)?) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name { $($(#[$doc])* $variant),* }

        impl $name {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// Its name in data.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }

            /// Reads its name.
            pub fn parse(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.as_str() == text)
            }
        }

        platform::stored_as_text!($name, $what);
    };
}

pub mod advance;
pub mod card;
pub mod error;
pub mod mailing;
mod paper;
pub mod settlement;
mod view;

use std::sync::Arc;

use platform::access::{DataScope, Denied};
use platform::book::Sheet;
use platform::duty::DutyKind;
use platform::error::FieldError;
use platform::list_export::ListExport;
use platform::page::Icon;
use platform::web::{LoanLink, Routes};
use platform::work::Work;

use crate::ledger::export::EXPORT;

/// See the lists of the desk.
pub const VIEW: &str = "desk.view";
/// Record cards, cars, schedules that were printed and handed over.
pub const RECORD: &str = "desk.record";

/// The longest words that are kept.
const MAX_TEXT: usize = 500;

/// Everything of the desk.
pub fn routes() -> Routes {
    card::routes().merge(mailing::routes()).merge(advance::routes()).merge(settlement::routes())
}

/// The lists that can be exported.
pub(crate) fn list_exports() -> Vec<Arc<dyn ListExport>> {
    vec![
        Arc::new(card::list::CardExport),
        Arc::new(mailing::list::InformationExport),
        Arc::new(advance::debts::AdvanceExport),
        Arc::new(advance::LISTED),
    ]
}

/// What may be taken away from a list of the desk (rule `export.both-scopes`): what looking at it and `loan.export` both
/// reach.
pub(crate) fn reach(work: &Work) -> Result<DataScope, Denied> {
    Ok(work.authorise(VIEW)?.narrowed_to(work.authorise(EXPORT)?))
}

/// What moves with the whole book.
pub(crate) fn sheets() -> Vec<Sheet> {
    let mut all = vec![card::sheets::sheet()];
    all.extend(mailing::sheets::sheets());
    all.push(settlement::sheets::sheet());
    all.extend(advance::sheets::sheets());
    all
}

/// What of the desk is offered where the rules have which of its duties: other houses have no such desk.
pub(crate) const BY_DUTY: &[(&str, &[&str])] = &[
    (card::LIST, &["card_check"]),
    (mailing::LIST, &["schedule_mail"]),
    (advance::LIST, &["advance_list", "advance_pay"]),
    (CARD, &["card_check"]),
    (VEHICLE, &["schedule_mail"]),
    (SETTLEMENT, &["card_check", "schedule_mail", "advance_list", "advance_pay"]),
];

/// Where the page of a loan leads.
const CARD: &str = "/loans/{loan}/card-checks/new";
const VEHICLE: &str = "/loans/{loan}/vehicle";
const SETTLEMENT: &str = "/loans/{loan}/settlement";

/// What the page of a loan leads to.
pub(crate) fn loan_links() -> Vec<LoanLink> {
    let link = |label, icon, href, action| LoanLink { label, icon, href, action };
    vec![
        link("card-short", Icon::CreditCard, CARD, RECORD),
        link("vehicle-short", Icon::Car, VEHICLE, RECORD),
        link("settlement-short", Icon::FileCheck, SETTLEMENT, settlement::REQUEST),
    ]
}

/// The duties of the desk.
pub(crate) const DUTIES: [DutyKind; 4] = [
    DutyKind { kind: "card_check", verb: "card-check-verb", form: card::LIST },
    DutyKind { kind: "schedule_mail", verb: "mailing-verb", form: mailing::LIST },
    DutyKind { kind: "advance_list", verb: "advance-verb", form: "/advances/new?month={subject}" },
    DutyKind { kind: "advance_pay", verb: "advance-pay-verb", form: "/advances/{subject}/pay" },
];

/// What is wrong with words that somebody typed.
pub(crate) fn check_words(field: &'static str, text: &str, needed: bool) -> Option<FieldError> {
    let found = text.trim().chars().count();
    match found {
        0 if needed => Some(FieldError::new(field, "field-empty")),
        0..=MAX_TEXT => None,
        _ => Some(FieldError::new(field, "text-too-long").with("most", MAX_TEXT).with("found", found)),
    }
}
