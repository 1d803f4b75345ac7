//! Refusals (拒绝): terms and transactions that make no sense, each with a stable code and its numbers.

use jiff::civil::Date;

use crate::calendar::Tenor;
use crate::money::Fen;

/// Why terms cannot be computed (条款错误).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TermsError {
    /// Principal is zero or negative.
    #[error("principal {principal} must be above zero")]
    PrincipalNotPositive {
        /// As given.
        principal: Fen,
    },
    /// An amount is beyond what is computed.
    #[error("{field} {amount} is more than {most}")]
    AmountTooLarge {
        /// Name of the field.
        field: &'static str,
        /// As given.
        amount: Fen,
        /// The most that is accepted.
        most: Fen,
    },
    /// An amount that must not be negative is.
    #[error("{field} {amount} must not be negative")]
    AmountNegative {
        /// Name of the field.
        field: &'static str,
        /// As given.
        amount: Fen,
    },
    /// Neither periods nor maturity nor a plan.
    #[error("state the number of periods or the maturity")]
    NoTerm,
    /// No instalment at all.
    #[error("a loan needs at least one period")]
    NoPeriods,
    /// More instalments than are computed.
    #[error("{periods} periods are more than {most}")]
    TooManyPeriods {
        /// As given.
        periods: u32,
        /// The most that is accepted.
        most: u32,
    },
    /// The maturity is not after the start.
    #[error("maturity {maturity_on} is not after the start {start_on}")]
    MaturityNotAfterStart {
        /// As given.
        maturity_on: Date,
        /// As given.
        start_on: Date,
    },
    /// A due date is out of order.
    #[error("due date {due_on} is not after {previous_on}")]
    DatesNotAscending {
        /// The offending date.
        due_on: Date,
        /// The date before it.
        previous_on: Date,
    },
    /// A date beyond the years that are computed.
    #[error("the schedule runs past the year {last_year}")]
    DateOutOfRange {
        /// The last year.
        last_year: i16,
    },
    /// Period of zero length or beyond what is computed.
    #[error("a period of {every} units is not between 1 and {most}")]
    BadFrequency {
        /// As given.
        every: u32,
        /// The most that is accepted.
        most: u32,
    },
    /// A day of the month outside 1 to 31.
    #[error("repayment day {day} is not between 1 and 31")]
    BadRepaymentDay {
        /// As given.
        day: i8,
    },
    /// A fixed day of the month with a frequency of days or weeks.
    #[error("a fixed day of the month needs a frequency of months, quarters or years")]
    DayNeedsMonths,
    /// A rate below zero or beyond what is computed.
    #[error("{field}: {e9} billionths a year are not between 0 and {most_e9}")]
    RateOutOfRange {
        /// Name of the field.
        field: &'static str,
        /// As given, billionths a year.
        e9: i64,
        /// The most that is accepted.
        most_e9: i64,
    },
    /// The LPR for a date is not in the table.
    #[error("no published {tenor:?} LPR for {on}")]
    LprMissing {
        /// Which.
        tenor: Tenor,
        /// For which day.
        on: Date,
    },
    /// Planned drawdowns, down payment, balloon or plan do not add up to the principal.
    #[error("{field}: {sum} does not fit the principal {principal}")]
    SumMismatch {
        /// Name of the field.
        field: &'static str,
        /// What it adds up to.
        sum: Fen,
        /// The principal.
        principal: Fen,
    },
    /// A drawdown outside the life of the loan.
    #[error("drawdown on {on} is not between {start_on} and the maturity {maturity_on}")]
    DrawdownOutsideTerm {
        /// Its day.
        on: Date,
        /// Start.
        start_on: Date,
        /// Maturity.
        maturity_on: Date,
    },
    /// Grace leaves no instalment that pays principal or interest.
    #[error("{grace} periods of grace leave nothing of {periods}")]
    GraceTooLong {
        /// Periods of grace.
        grace: u32,
        /// Number of periods.
        periods: u32,
    },
    /// A number outside its range.
    #[error("{field}: {value} is not between {least} and {most}")]
    OutOfRange {
        /// Name of the field.
        field: &'static str,
        /// As given.
        value: i64,
        /// Least accepted.
        least: i64,
        /// Most accepted.
        most: i64,
    },
    /// An amount outgrew what is computed: rates, time and amount together are absurd.
    #[error("amounts outgrow what can be computed")]
    Overflow,
}

impl TermsError {
    /// The stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            TermsError::PrincipalNotPositive { .. } => "terms.principal-not-positive",
            TermsError::AmountTooLarge { .. } => "terms.amount-too-large",
            TermsError::AmountNegative { .. } => "terms.amount-negative",
            TermsError::NoTerm => "terms.no-term",
            TermsError::NoPeriods => "terms.no-periods",
            TermsError::TooManyPeriods { .. } => "terms.too-many-periods",
            TermsError::MaturityNotAfterStart { .. } => "terms.maturity-not-after-start",
            TermsError::DatesNotAscending { .. } => "terms.dates-not-ascending",
            TermsError::DateOutOfRange { .. } => "terms.date-out-of-range",
            TermsError::BadFrequency { .. } => "terms.bad-frequency",
            TermsError::BadRepaymentDay { .. } => "terms.bad-repayment-day",
            TermsError::DayNeedsMonths => "terms.day-needs-months",
            TermsError::RateOutOfRange { .. } => "terms.rate-out-of-range",
            TermsError::LprMissing { .. } => "terms.lpr-missing",
            TermsError::SumMismatch { .. } => "terms.sum-mismatch",
            TermsError::DrawdownOutsideTerm { .. } => "terms.drawdown-outside-term",
            TermsError::GraceTooLong { .. } => "terms.grace-too-long",
            TermsError::OutOfRange { .. } => "terms.out-of-range",
            TermsError::Overflow => "terms.overflow",
        }
    }
}

/// Why transactions cannot be replayed (交易错误).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReplayError {
    /// The terms themselves are refused.
    #[error(transparent)]
    Terms(#[from] TermsError),
    /// Two transactions bear one number.
    #[error("transaction {id} occurs twice")]
    DuplicateId {
        /// The number.
        id: u64,
    },
    /// An amount is zero, negative or beyond what is computed.
    #[error("transaction {id}: amount {amount} must be above zero and at most {most}")]
    BadAmount {
        /// The transaction.
        id: u64,
        /// As given.
        amount: Fen,
        /// The most that is accepted.
        most: Fen,
    },
    /// Before the loan starts.
    #[error("transaction {id} on {on} is before the start {start_on}")]
    BeforeStart {
        /// The transaction.
        id: u64,
        /// Its day.
        on: Date,
        /// Start.
        start_on: Date,
    },
    /// More was drawn than the contract allows.
    #[error("transaction {id} draws {drawn} in all, the contract allows {principal}")]
    OverDrawn {
        /// The transaction.
        id: u64,
        /// Drawn in all.
        drawn: Fen,
        /// The contract's principal.
        principal: Fen,
    },
    /// A drawdown on or after the last due date.
    #[error("transaction {id} draws on {on}, not before the maturity {maturity_on}")]
    DrawnAfterMaturity {
        /// The transaction.
        id: u64,
        /// Its day.
        on: Date,
        /// Maturity.
        maturity_on: Date,
    },
    /// The target of a reversal is not in the list, or is itself a reversal.
    #[error("transaction {id} reverses {target}, which cannot be reversed")]
    NothingToReverse {
        /// The reversal.
        id: u64,
        /// Its target.
        target: u64,
    },
    /// The target was reversed before.
    #[error("transaction {id} reverses {target} once more")]
    AlreadyReversed {
        /// The reversal.
        id: u64,
        /// Its target.
        target: u64,
    },
    /// A stated allocation adds up to more than the money.
    #[error("transaction {id}: allocation of {stated} is more than the amount {amount}")]
    AllocationTooLarge {
        /// The transaction.
        id: u64,
        /// Sum stated.
        stated: Fen,
        /// Amount.
        amount: Fen,
    },
    /// A stated allocation names more than is owed.
    #[error("transaction {id}: {stated} stated for {head:?}, {owed} owed")]
    NotOwed {
        /// The transaction.
        id: u64,
        /// The head.
        head: crate::terms::Head,
        /// As stated.
        stated: Fen,
        /// What could be paid at most.
        owed: Fen,
    },
    /// A settlement with less money than the debt.
    #[error("transaction {id}: {amount} does not settle {needed}")]
    DoesNotSettle {
        /// The transaction.
        id: u64,
        /// As given.
        amount: Fen,
        /// Needed.
        needed: Fen,
    },
    /// More is waived than is owed.
    #[error("transaction {id} waives {amount} of {head:?}, {owed} owed")]
    WaivesTooMuch {
        /// The transaction.
        id: u64,
        /// The head.
        head: crate::terms::Head,
        /// As given.
        amount: Fen,
        /// Owed.
        owed: Fen,
    },
    /// A charge on a head that is not a fee or cost.
    #[error("transaction {id}: only a fee or a cost can be charged")]
    NotACharge {
        /// The transaction.
        id: u64,
    },
    /// A kind that the loan's state does not allow: nothing drawn, already written off, not written off, settled.
    #[error("transaction {id}: {kind} is not possible on a loan that is {state}")]
    WrongState {
        /// The transaction.
        id: u64,
        /// Its kind.
        kind: &'static str,
        /// The state.
        state: &'static str,
    },
    /// The new maturity is not after the old one or after the day.
    #[error("transaction {id}: new maturity {until} is not after {after}")]
    NotLater {
        /// The transaction.
        id: u64,
        /// As given.
        until: Date,
        /// What it must follow.
        after: Date,
    },
}

impl ReplayError {
    /// The stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            ReplayError::Terms(error) => error.code(),
            ReplayError::DuplicateId { .. } => "replay.duplicate-id",
            ReplayError::BadAmount { .. } => "replay.bad-amount",
            ReplayError::BeforeStart { .. } => "replay.before-start",
            ReplayError::OverDrawn { .. } => "replay.over-drawn",
            ReplayError::DrawnAfterMaturity { .. } => "replay.drawn-after-maturity",
            ReplayError::NothingToReverse { .. } => "replay.nothing-to-reverse",
            ReplayError::AlreadyReversed { .. } => "replay.already-reversed",
            ReplayError::AllocationTooLarge { .. } => "replay.allocation-too-large",
            ReplayError::NotOwed { .. } => "replay.not-owed",
            ReplayError::DoesNotSettle { .. } => "replay.does-not-settle",
            ReplayError::WaivesTooMuch { .. } => "replay.waives-too-much",
            ReplayError::NotACharge { .. } => "replay.not-a-charge",
            ReplayError::WrongState { .. } => "replay.wrong-state",
            ReplayError::NotLater { .. } => "replay.not-later",
        }
    }

    /// The transaction that is refused, where it is one.
    pub const fn transaction(&self) -> Option<u64> {
        match self {
            ReplayError::Terms(_) => None,
            ReplayError::DuplicateId { id }
            | ReplayError::BadAmount { id, .. }
            | ReplayError::BeforeStart { id, .. }
            | ReplayError::OverDrawn { id, .. }
            | ReplayError::DrawnAfterMaturity { id, .. }
            | ReplayError::NothingToReverse { id, .. }
            | ReplayError::AlreadyReversed { id, .. }
            | ReplayError::AllocationTooLarge { id, .. }
            | ReplayError::NotOwed { id, .. }
            | ReplayError::DoesNotSettle { id, .. }
            | ReplayError::WaivesTooMuch { id, .. }
            | ReplayError::NotACharge { id }
            | ReplayError::WrongState { id, .. }
            | ReplayError::NotLater { id, .. } => Some(*id),
        }
    }
}
