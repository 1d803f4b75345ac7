//! Refusals of servicing (拒绝): each with its numbers, its rule and what to do instead.

use finance::{Fen, ReplayError, TermsError};
use jiff::civil::Date;
use platform::error::{Refusal, RefusalKind, Refused};

use crate::change::error::AgreementError;
use crate::loan::model::LatestChange;
use crate::opening::error::OpeningError;
use crate::position::engine::Unreplayable;

/// Why a loan's use case says no.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ServicingError {
    /// There is no such loan, or not for this person.
    #[error("no loan {number}")]
    LoanNotFound {
        /// As asked for.
        number: String,
    },
    /// Somebody else changed the loan since it was read.
    #[error("loan {number} was changed meanwhile")]
    LoanChanged {
        /// Which.
        number: String,
        /// By what; `None`: no money moved, something else changed.
        latest: Option<Box<LatestChange>>,
    },
    /// The effective date lies after the business date.
    #[error("{on} is after the business date {business_date}")]
    AfterBusinessDate {
        /// As given.
        on: Date,
        /// The book's date.
        business_date: Date,
    },
    /// An amount must be above zero.
    #[error("the amount {amount} must be above zero")]
    AmountNotPositive {
        /// As given.
        amount: Fen,
    },
    /// Nothing is owed any more.
    #[error("loan {number} is settled")]
    Settled {
        /// Which.
        number: String,
    },
    /// The debt is off the books: what comes in is a recovery.
    #[error("loan {number} is written off")]
    WrittenOff {
        /// Which.
        number: String,
    },
    /// Only a written-off debt can be recovered.
    #[error("loan {number} is not written off")]
    NotWrittenOff {
        /// Which.
        number: String,
    },
    /// There is no such transaction.
    #[error("no transaction {number}")]
    TransactionNotFound {
        /// As asked for.
        number: String,
    },
    /// The transaction was reversed before.
    #[error("transaction {number} was reversed already by {by}")]
    AlreadyReversed {
        /// Which.
        number: String,
        /// By which.
        by: String,
    },
    /// This kind of transaction is not reversed by hand.
    #[error("a {kind} cannot be reversed")]
    NotReversible {
        /// Its kind.
        kind: &'static str,
    },
    /// The waiver is larger than what is owed.
    #[error("{amount} is more than the {owed} owed")]
    MoreThanOwed {
        /// As given.
        amount: Fen,
        /// What is owed of that head.
        owed: Fen,
    },
    /// The conditions of a write-off are not met.
    #[error("loan {number} is {class} and {days} days overdue; a write-off needs {needed} and {needed_days} days")]
    WriteOffNotMet {
        /// Which.
        number: String,
        /// Its class.
        class: String,
        /// Its days overdue.
        days: u32,
        /// The least class that the policy asks for.
        needed: String,
        /// The least days overdue that the policy asks for.
        needed_days: i64,
    },
    /// The policy lets nobody waive this head.
    #[error("{head} is not waived under the policy in force")]
    HeadNotWaivable {
        /// Its name in data.
        head: &'static str,
    },
    /// An extension ends after the present maturity.
    #[error("{until} is not after {after}")]
    ExtensionNotLater {
        /// As asked for.
        until: Date,
        /// The present maturity, or today if that is later.
        after: Date,
    },
    /// All extensions of a loan together are limited by its term.
    #[error("{until} is later than {latest}")]
    ExtensionTooLong {
        /// As asked for.
        until: Date,
        /// The last day that the policy allows.
        latest: Date,
    },
    /// The rate is above the cap of the policy.
    #[error("{rate} % is above the cap of {cap} %")]
    RateAboveCap {
        /// As asked for, percent a year.
        rate: String,
        /// The cap, percent a year.
        cap: String,
    },
    /// A charge cannot fall due before it arises.
    #[error("{due_on} is before {on}")]
    ChargeDueBefore {
        /// As given.
        due_on: Date,
        /// The day of the charge.
        on: Date,
    },
    /// A change by agreement that makes no sense.
    #[error(transparent)]
    Agreement(#[from] AgreementError),
    /// A new loan makes no sense.
    #[error(transparent)]
    Opening(#[from] OpeningError),
    /// What stood behind the loan does so no more, or never did.
    #[error("no such security in force")]
    SecurityNotInForce,
    /// The policy offers no such product.
    #[error("no product {product} is on offer")]
    ProductUnknown {
        /// As asked for.
        product: String,
    },
    /// The terms make no sense.
    #[error(transparent)]
    Terms(#[from] TermsError),
    /// The transactions make no sense together.
    #[error(transparent)]
    Replay(#[from] ReplayError),
}

impl From<Unreplayable> for ServicingError {
    fn from(broken: Unreplayable) -> Self {
        Self::Replay(broken.error)
    }
}

impl From<Unreplayable> for platform::error::ActionError {
    fn from(broken: Unreplayable) -> Self {
        ServicingError::from(broken).into()
    }
}

impl Refusal for ServicingError {
    fn refused(&self) -> Refused {
        use RefusalKind::{Conflict, Invalid, NotFound};
        match self {
            Self::LoanNotFound { number } => Refused::new(NotFound, "loan-not-found").with("number", number),
            Self::LoanChanged { number, latest } => changed(number, latest.as_deref()),
            Self::AfterBusinessDate { on, business_date } => Refused::new(Invalid, "after-business-date")
                .with("on", on)
                .with("business_date", business_date)
                .under("fact.effective-date", None),
            Self::AmountNotPositive { amount } => Refused::new(Invalid, "amount-not-positive").with("amount", amount),
            Self::Settled { number } => Refused::new(Conflict, "loan-settled").with("number", number),
            Self::WrittenOff { number } => Refused::new(Conflict, "loan-written-off").with("number", number),
            Self::NotWrittenOff { number } => Refused::new(Conflict, "loan-not-written-off").with("number", number),
            Self::TransactionNotFound { number } => {
                Refused::new(NotFound, "transaction-not-found").with("number", number)
            }
            Self::AlreadyReversed { number, by } => {
                Refused::new(Conflict, "already-reversed").with("number", number).with("by", by)
            }
            Self::NotReversible { kind } => Refused::new(Conflict, "not-reversible").with("kind", kind),
            Self::MoreThanOwed { amount, owed } => {
                Refused::new(Invalid, "more-than-owed").with("amount", amount).with("owed", owed)
            }
            Self::WriteOffNotMet { number, class, days, needed, needed_days } => {
                Refused::new(Conflict, "write-off-not-met")
                    .with("number", number)
                    .with("class", class)
                    .with("days", days)
                    .with("needed", needed)
                    .with("needed_days", needed_days)
                    .under("write-off.conditions", None)
            }
            Self::HeadNotWaivable { head } => {
                Refused::new(Invalid, "head-not-waivable").with("head", head).under("waiver.heads", None)
            }
            Self::ExtensionNotLater { until, after } => {
                Refused::new(Invalid, "extension-not-later").with("until", until).with("after", after)
            }
            Self::ExtensionTooLong { until, latest } => Refused::new(Invalid, "extension-too-long")
                .with("until", until)
                .with("latest", latest)
                .under("extension.limit", None),
            Self::RateAboveCap { rate, cap } => Refused::new(Invalid, "rate-above-cap")
                .with("rate", rate)
                .with("cap", cap)
                .under("extension.rate-cap", None),
            Self::ChargeDueBefore { due_on, on } => {
                Refused::new(Invalid, "charge-due-before").with("due_on", due_on).with("on", on)
            }
            Self::Opening(error) => error.refused(),
            Self::Agreement(error) => error.refused(),
            Self::SecurityNotInForce => Refused::new(Conflict, "security-not-in-force"),
            Self::ProductUnknown { product } => Refused::new(Invalid, "product-unknown").with("product", product),
            Self::Terms(TermsError::SumMismatch { field, sum, principal }) => {
                Refused::new(Invalid, "terms.sum-mismatch")
                    .with("part", field)
                    .with("sum", sum)
                    .with("principal", principal)
            }
            Self::Terms(error) => Refused::new(Invalid, error.code()).with("why", error),
            Self::Replay(error) => Refused::new(Conflict, error.code()).with("why", error),
        }
    }
}

/// Somebody was faster: who, when and what, where money moved.
fn changed(number: &str, latest: Option<&LatestChange>) -> Refused {
    let code = if latest.is_some() { "loan-changed-by" } else { "loan-changed" };
    let refused = Refused::new(RefusalKind::Conflict, code).with("number", number).under("loan.version", None);
    let Some(latest) = latest else { return refused };
    refused
        .with("at", platform::clock::civil_minute(latest.at))
        .with("who", if latest.who.is_empty() { "—" } else { &latest.who })
        .with("kind", &latest.kind)
        .with("amount", platform::locale::money(latest.amount))
        .with("transaction", &latest.number)
        .with("others", latest.others)
}

/// The message id of a refusal: the engine's codes have points and underscores.
pub fn complaint_text(code: &str) -> String {
    format!("error-{}", code.replace(['.', '_'], "-"))
}

/// Puts what is wrong beside its fields.
pub(crate) fn mark(
    ui: &platform::page::Ui,
    fields: &mut [platform::page::Field],
    wrong: &[platform::error::FieldError],
) {
    for field in fields {
        if let Some(error) = wrong.iter().find(|e| e.field == field.name) {
            let text = ui.tn(complaint_text(error.code), &error.details);
            field.error = Some(platform::page::FieldError { text, article: None });
        }
    }
}
