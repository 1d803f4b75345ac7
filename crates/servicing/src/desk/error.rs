//! Refusals of the desk (拒绝): each with its numbers, its rule and what to do instead.

use finance::Fen;
use jiff::civil::Date;
use platform::error::{FieldError, Refusal, RefusalKind, Refused};

/// Why the desk says no.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DeskError {
    /// Nothing of the loan is due and unpaid.
    #[error("nothing of loan {number} is due")]
    NothingDue {
        /// Which.
        number: String,
    },
    /// The customer's file has no account from which is repaid.
    #[error("loan {number} has no card")]
    NoCard {
        /// Which.
        number: String,
    },
    /// A schedule does not go this way.
    #[error("the schedule of loan {number} is {at}, not {to}")]
    MailingStep {
        /// Which.
        number: String,
        /// Where it is.
        at: &'static str,
        /// Where it should go.
        to: &'static str,
    },
    /// Whoever handed a schedule over does not also send it.
    #[error("handed over by the same person")]
    MailingOwn,
    /// There is no such list, or not for this person.
    #[error("no such list of advances")]
    NoAdvanceList,
    /// The month cannot be read, or is still to come.
    #[error("no month {month}")]
    AdvanceMonth {
        /// As given.
        month: String,
    },
    /// The month has a list already: open, or paid and closed with it.
    #[error("{month} has the list {number}")]
    AdvanceMonthClosed {
        /// Which month.
        month: String,
        /// Its list.
        number: String,
        /// Where that stands.
        state: &'static str,
    },
    /// Nothing is unpaid.
    #[error("nothing to advance in {month}")]
    AdvanceNothing {
        /// Which month.
        month: String,
    },
    /// A list holds no more rows: what is left would be in no list of the month.
    #[error("more than {most} rows in {month}")]
    AdvanceTooMany {
        /// Which month.
        month: String,
        /// The most rows.
        most: i64,
    },
    /// Somebody else drew the list.
    #[error("a row of somebody else's list")]
    AdvanceNotOwn,
    /// The list does not allow this where it stands.
    #[error("the list is {state}")]
    AdvanceState {
        /// Where it stands.
        state: &'static str,
    },
    /// Somebody did another step of this list: clerk, checker and cashier are three people.
    #[error("the same person twice")]
    AdvanceSamePerson,
    /// More than is due on the instalment, less what was advanced on it before.
    #[error("{amount} is more than the {due} due of loan {number}")]
    AdvanceOverDue {
        /// Which loan.
        number: String,
        /// As listed.
        amount: Fen,
        /// What is due.
        due: Fen,
    },
    /// Card, name or due date are no longer those of the list.
    #[error("loan {number} changed since the list was drawn")]
    AdvanceChanged {
        /// Which loan.
        number: String,
    },
    /// A settlement was computed for another day, or the loan changed since.
    #[error("the settlement is {now}, not {then}")]
    SettlementChanged {
        /// As stated.
        then: Fen,
        /// By now.
        now: Fen,
    },
    /// There is no such statement, or not for this person.
    #[error("no such settlement statement")]
    NoStatement,
    /// Not signed yet.
    #[error("the statement is {state}")]
    StatementState {
        /// Where it stands.
        state: &'static str,
    },
    /// No statement is signed for the day on which a loan would be settled early.
    #[error("no statement of loan {number} is signed for {on}")]
    SettlementUnsigned {
        /// Which.
        number: String,
        /// The day of the settlement.
        on: Date,
    },
    /// The signed statement says another sum than is paid.
    #[error("the statement of loan {number} says {stated}, not {settles}")]
    SettlementOther {
        /// Which.
        number: String,
        /// As signed.
        stated: Fen,
        /// What would settle it.
        settles: Fen,
    },
    /// A car is picked up before it is recorded.
    #[error("{on} is after {today}")]
    PickedUpLater {
        /// As given.
        on: Date,
        /// The business date.
        today: Date,
    },
    /// What was typed.
    #[error("the form is wrong")]
    Form(Vec<FieldError>),
}

impl Refusal for DeskError {
    fn refused(&self) -> Refused {
        use RefusalKind::{Conflict, Forbidden, Invalid, NotFound};
        match self {
            Self::NothingDue { number } => {
                Refused::new(Conflict, "card-nothing-due").with("number", number).under("card.check", None)
            }
            Self::NoCard { number } => Refused::new(Conflict, "card-none").with("number", number),
            Self::MailingStep { number, at, to } => Refused::new(Conflict, "mailing-step")
                .with("number", number)
                .with("at", at)
                .with("to", to)
                .under("mailing.order", None),
            Self::MailingOwn => Refused::new(Forbidden, "mailing-own").under("mailing.second", None),
            Self::NoAdvanceList => Refused::new(NotFound, "advance-not-found"),
            Self::AdvanceMonth { month } => Refused::new(Invalid, "advance-month").with("month", month),
            Self::AdvanceMonthClosed { month, number, state } => Refused::new(Conflict, "advance-month-closed")
                .with("month", month)
                .with("number", number)
                .with("state", state)
                .under("advance.once", None),
            Self::AdvanceNothing { month } => Refused::new(Conflict, "advance-nothing").with("month", month),
            Self::AdvanceTooMany { month, most } => Refused::new(Conflict, "advance-too-many")
                .with("month", month)
                .with("most", most)
                .under("advance.draw", None),
            Self::AdvanceNotOwn => Refused::new(Forbidden, "advance-not-own").under("advance.segregation", None),
            Self::AdvanceState { state } => {
                Refused::new(Conflict, "advance-state").with("state", state).under("advance.chain", None)
            }
            Self::AdvanceSamePerson => {
                Refused::new(Forbidden, "advance-same-person").under("advance.segregation", None)
            }
            Self::AdvanceOverDue { number, amount, due } => Refused::new(Conflict, "advance-over-due")
                .with("number", number)
                .with("amount", platform::locale::money(*amount))
                .with("due", platform::locale::money(*due))
                .under("advance.within-due", None),
            Self::AdvanceChanged { number } => {
                Refused::new(Conflict, "advance-changed").with("number", number).under("advance.check", None)
            }
            Self::SettlementChanged { then, now } => Refused::new(Conflict, "settlement-changed")
                .with("then", platform::locale::money(*then))
                .with("now", platform::locale::money(*now))
                .under("settlement.statement", None),
            Self::NoStatement => Refused::new(NotFound, "settlement-not-found"),
            Self::StatementState { state } => {
                Refused::new(Conflict, "settlement-state").with("state", state).under("settlement.statement", None)
            }
            Self::SettlementUnsigned { number, on } => Refused::new(Conflict, "settlement-unsigned")
                .with("number", number)
                .with("on", on)
                .under("settlement.signed-first", None),
            Self::SettlementOther { number, stated, settles } => Refused::new(Conflict, "settlement-other")
                .with("number", number)
                .with("stated", platform::locale::money(*stated))
                .with("settles", platform::locale::money(*settles))
                .under("settlement.signed-first", None),
            Self::PickedUpLater { on, today } => Refused::form(vec![
                FieldError::new("picked_up_on", "picked-up-later").with("on", on).with("today", today),
            ]),
            Self::Form(wrong) => Refused::form(wrong.clone()),
        }
    }
}
