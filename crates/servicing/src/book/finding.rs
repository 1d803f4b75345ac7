//! What is refused and what is accepted with a warning, each with a code and the facts of its sentence.

use serde::{Deserialize, Serialize};

macro_rules! codes {
    ($(#[doc = $about:literal])* $kind:ident { $($(#[doc = $doc:literal])* $name:ident = $code:literal,)* }) => {
        $(#[doc = $about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $kind {
            $($(#[doc = $doc])* $name,)*
        }

        impl $kind {
            /// Every code.
            pub const ALL: &[$kind] = &[$($kind::$name),*];

            /// The stable code.
            pub const fn code(self) -> &'static str {
                match self {
                    $($kind::$name => $code,)*
                }
            }
        }
    };
}

codes! {
    /// Why a row, or one cell of a wide table, is not imported (拒绝原因).
    RefusalCode {
        /// Stored as a number, so that digits after the 15th are gone.
        IdLostDigits = "id_lost_digits",
        /// The check character, birth date or length of an identity number is wrong.
        IdChecksum = "id_checksum",
        /// One identity number under two different names.
        IdTwoNames = "id_two_names",
        /// No name.
        NameMissing = "name_missing",
        /// The borrower's own row is refused.
        CustomerRefused = "customer_refused",
        /// The borrower is on no customer sheet.
        CustomerUnknown = "customer_unknown",
        /// Several customers have this name, and nothing tells them apart.
        CustomerAmbiguous = "customer_ambiguous",
        /// A date that no calendar has.
        DateImpossible = "date_impossible",
        /// Not a date.
        DateUnreadable = "date_unreadable",
        /// No date.
        DateMissing = "date_missing",
        /// A repayment before the loan was paid out.
        DateBeforeDisbursement = "date_before_disbursement",
        /// A date after the date of the book.
        DateInFuture = "date_in_future",
        /// The maturity is not after the disbursement.
        MaturityBeforeStart = "maturity_before_start",
        /// Not an amount, none at all, or not above zero.
        AmountUnreadable = "amount_unreadable",
        /// A formula whose result is not in the file.
        FormulaWithoutValue = "formula_without_value",
        /// No rate.
        RateMissing = "rate_missing",
        /// Not a rate.
        RateUnreadable = "rate_unreadable",
        /// A repayment method that is not known.
        MethodUnknown = "method_unknown",
        /// Neither maturity nor number of periods, or one that is not a term.
        TermUnreadable = "term_unreadable",
        /// More than can be computed with.
        TermsAbsurd = "terms_absurd",
        /// The parts of a repayment are not its amount.
        AllocationMismatch = "allocation_mismatch",
        /// No loan number.
        LoanNoMissing = "loan_no_missing",
        /// The loan number stands on another row with other content.
        LoanNoTaken = "loan_no_taken",
        /// No such loan in the book.
        LoanUnknown = "loan_unknown",
        /// The same row a second time.
        DuplicateRow = "duplicate_row",
        /// Belongs to a loan that is refused.
        LoanRefused = "loan_refused",
        /// A transaction of this kind needs to be entered by hand.
        KindByHand = "kind_by_hand",
    }
}

codes! {
    /// What is imported and should be told (提醒).
    WarningCode {
        /// A withdrawn 15-digit number was turned into 18 digits.
        Id15Digits = "id_15_digits",
        /// A letter O in a credit code was read as 0.
        UsccLetterO = "uscc_letter_o",
        /// No identity number.
        IdMissing = "id_missing",
        /// A phone number that cannot be read was left out.
        PhoneUnreadable = "phone_unreadable",
        /// One person under two spellings.
        SamePersonTwoSpellings = "same_person_two_spellings",
        /// The guarantor has loans here.
        GuarantorIsBorrower = "guarantor_is_borrower",
        /// Paid more than owed; the excess stays as credit.
        Overpayment = "overpayment",
        /// The sheet's balance is not that of the transactions.
        BalanceDiffers = "balance_differs",
        /// The sheet's class is not that of the days overdue.
        ClassDiffers = "class_differs",
        /// The loan cannot be computed; its terms and transactions contradict each other.
        NotReplayable = "not_replayable",
        /// Data in a hidden row.
        HiddenRow = "hidden_row",
        /// Data in a hidden column.
        HiddenColumn = "hidden_column",
        /// Data on a hidden sheet.
        HiddenSheet = "hidden_sheet",
        /// The stored total includes amounts that are texts.
        TotalUsesText = "total_uses_text",
        /// Digits below the fen were rounded off.
        AmountRounded = "amount_rounded",
        /// The period or sign of a rate was taken from its size.
        RateAssumed = "rate_assumed",
        /// The number of periods is not that between the dates; the dates count.
        TermDiffers = "term_differs",
        /// A security word that is not known.
        SecurityUnknown = "security_unknown",
        /// Rows of one loan, date and amount; all are imported.
        EqualRows = "equal_rows",
        /// A sheet with values that is not recognised.
        SheetNotRecognised = "sheet_not_recognised",
    }
}

/// A fact of a finding's sentence: the variable's name in the message and its value.
pub type Fact = (String, String);

/// Something that is not imported (拒绝).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// The sheet.
    pub sheet: String,
    /// The row.
    pub row: u32,
    /// The column of the cell at fault, when there is one.
    pub column: Option<u32>,
    /// Its heading.
    pub heading: Option<String>,
    /// Why.
    pub code: RefusalCode,
    /// What the sentence needs.
    pub facts: Vec<Fact>,
    /// What stands in the cell.
    pub value: Option<String>,
    /// The loan concerned.
    pub loan: Option<String>,
}

/// Something that is imported and should be told (提醒).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warning {
    /// The sheet.
    pub sheet: String,
    /// The row; none for a whole column or sheet.
    pub row: Option<u32>,
    /// The column; none for a whole row or sheet.
    pub column: Option<u32>,
    /// What.
    pub code: WarningCode,
    /// What the sentence needs.
    pub facts: Vec<Fact>,
    /// The loan concerned.
    pub loan: Option<String>,
    /// The customer concerned, as an index into the draft's customers.
    pub customer: Option<usize>,
}

impl Refusal {
    /// The message with the reason and what to do; its variables are the facts, `value` and `loan`.
    pub fn message_id(&self) -> String {
        format!("book-refused-{}", self.code.code().replace('_', "-"))
    }
}

impl Warning {
    /// The message with the reason and what to do; its variables are the facts and `loan`.
    pub fn message_id(&self) -> String {
        format!("book-warning-{}", self.code.code().replace('_', "-"))
    }
}

/// A fact of a sentence.
pub(super) fn fact(name: &str, value: impl ToString) -> Fact {
    (name.to_owned(), value.to_string())
}
