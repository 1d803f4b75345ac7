//! The desk of car loans (车贷贷后岗, S2.19): cards looked up at the bank, cars and schedules, advances, settlements.
//!
//! Who holds its permissions has a desk; which of its duties exist is said by the pack, and its pages are offered where
//! they do.

pub mod advance;
pub mod card;
pub mod day;
pub mod error;
pub mod mailing;
pub(crate) mod paper;
pub mod settlement;
pub mod slip;
pub(crate) mod view;

use std::sync::Arc;

use platform::book::Sheet;
use platform::duty::DutyKind;
use platform::error::FieldError;
use platform::list_export::ListExport;
use platform::page::Icon;
use platform::web::{LoanLink, Routes};

/// See the lists of the desk.
pub const VIEW: &str = "desk.view";
/// Record cards, cars, schedules that were printed and handed over.
pub const RECORD: &str = "desk.record";

/// The longest words that are kept.
const MAX_TEXT: usize = 500;

/// Everything of the desk.
pub fn routes() -> Routes {
    card::routes()
        .merge(mailing::routes())
        .merge(advance::routes())
        .merge(settlement::routes())
        .merge(slip::routes())
        .merge(day::routes())
}

/// The lists that can be exported.
pub(crate) fn list_exports() -> Vec<Arc<dyn ListExport>> {
    vec![
        Arc::new(card::list::LISTED),
        Arc::new(mailing::list::LISTED),
        Arc::new(advance::debts::LISTED),
        Arc::new(advance::LISTED),
        Arc::new(slip::LISTED),
        Arc::new(day::LISTED),
    ]
}

/// What moves with the whole book.
pub(crate) fn sheets() -> Vec<Sheet> {
    let mut all = vec![card::sheets::sheet()];
    all.extend(mailing::sheets::sheets());
    all.push(settlement::sheets::sheet());
    all.push(slip::sheets::sheet());
    all.push(day::sheets::sheet());
    all.extend(advance::sheets::sheets());
    all
}

/// What of the desk is offered where the rules have which of its duties: other houses have no such desk.
pub(crate) const BY_DUTY: &[(&str, &[&str])] = &[
    (card::LIST, &["card_check"]),
    (mailing::LIST, &["schedule_mail"]),
    (advance::LIST, &["advance_list", "advance_pay"]),
    (day::PAGE, &["card_check"]),
    (slip::LIST, &["slip_entry"]),
    (CARD, &["card_check"]),
    (SLIP, &["slip_entry"]),
    (VEHICLE, &["schedule_mail"]),
    (SETTLEMENT, &["card_check", "schedule_mail", "advance_list", "advance_pay"]),
];

/// Where the page of a loan leads.
const CARD: &str = "/loans/{loan}/card-checks/new";
const VEHICLE: &str = "/loans/{loan}/vehicle";
const SLIP: &str = "/loans/{loan}/slips/new";
const SETTLEMENT: &str = "/loans/{loan}/settlement";

/// What the page of a loan leads to.
pub(crate) fn loan_links() -> Vec<LoanLink> {
    let link = |label, icon, href, action| LoanLink { label, icon, href, action };
    vec![
        link("card-short", Icon::CreditCard, CARD, RECORD),
        link("vehicle-short", Icon::Car, VEHICLE, RECORD),
        link("slip-short", Icon::FileDollar, SLIP, RECORD),
        link("settlement-short", Icon::FileCheck, SETTLEMENT, settlement::REQUEST),
    ]
}

/// The duties of the desk.
pub(crate) const DUTIES: [DutyKind; 5] = [
    DutyKind { kind: "slip_entry", verb: "slip-verb", form: slip::LIST },
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
