//! Recognising a loan book (账本识别): from the grids of a workbook to customers, loans, transactions and security.
//!
//! Everything here is pure. A session of importing goes
//! 1. [`recognise`] finds role, header and columns of every sheet; the user confirms or changes the layouts,
//!    which are remembered as [`Mapping`]s;
//! 2. [`read`] makes a [`BookDraft`] of the workbook under the confirmed layouts and [`Conventions`];
//!    what cannot be imported is refused row by row, or cell by cell in a wide table, with a code and a reason;
//! 3. [`compare`] replays each loan and compares the sheet's own balances and classes;
//! 4. the store writes the records whose business keys it does not have yet.
//!
//! Headings and words of the trade are data: `synonyms.csv` and `words.csv`.

mod compare;
mod conventions;
mod customers;
mod draft;
mod field;
mod finding;
mod glance;
mod keys;
mod layout;
mod lines;
mod loans;
mod notes;
mod parties;
mod reading;
mod receipts;
mod repayments;
mod row_view;
mod security;
mod template;
mod terms;
mod vocabulary;

use platform::sheets::{Workbook, values};

pub use compare::{ClassBand, Outcome, compare};
pub use conventions::{Conventions, WideDay};
pub use draft::{
    BookDraft, CollateralDraft, ContractDraft, CustomerDraft, GuaranteeDraft, Ignored, LoanDraft, PartyKind,
    PrepaymentMode, RepaymentMethod, SecurityKind, SheetClass, Source, Stated, Totals, TransactionDraft,
    TransactionKind,
};
pub use field::{Field, Role};
pub use finding::{Fact, Refusal, RefusalCode, Warning, WarningCode};
pub use glance::{Glance, Glances};
pub use layout::{ColumnUse, Mapping, SheetLayout, recognise};
pub use lines::Idle;
pub use notes::{Say, notes};
pub use reading::Progress;
pub use receipts::{ReceiptDraft, ReceiptRow, Receipts, read_receipts};
pub use template::{receipts_template, template};
pub use terms::{terms_of, transactions_of};

/// Reads a book under the given layouts and conventions (读取账本).
///
/// Nothing is stored and nothing fails as a whole: what cannot be accepted is in `refused`.
/// `progress` is called every few hundred rows.
pub fn read(
    book: &Workbook,
    layouts: &[SheetLayout],
    conventions: &Conventions,
    progress: &mut dyn FnMut(Progress),
) -> BookDraft {
    let mut reading = reading::Reading::new(book, layouts, conventions, progress);
    customers::read_customers(&mut reading);
    loans::read_loans(&mut reading);
    security::read_security(&mut reading);
    repayments::read_repayments(&mut reading);
    security::warn_of_guarantors(&mut reading);
    reading.each_row(Role::None, |_, _, _| {});
    reading.warn_of_unknown_sheets();
    reading.done();
    let mut draft = reading.draft;
    draft.settle_order(book);
    draft
}

/// The date that a book names for itself (`截止日期：2026年6月30日`), as a proposal for [`Conventions::as_of`].
pub fn date_of_book(book: &Workbook) -> Option<jiff::civil::Date> {
    let texts = book.sheets.iter().flat_map(|s| &s.rows).flat_map(|r| &r.cells).filter_map(|c| c.text());
    let named = texts.filter(|t| t.contains("截止") || t.contains("截至"));
    named
        .filter_map(|text| {
            let squeezed = values::squeeze(text);
            let from = squeezed.find(|c: char| c.is_ascii_digit())?;
            let end = squeezed[from..]
                .find(|c: char| !(c.is_ascii_digit() || matches!(c, '年' | '月' | '日' | '-' | '/' | '.')));
            let date = &squeezed[from..end.map_or(squeezed.len(), |end| from + end)];
            values::parse_date_text(date, book.date1904, None).ok()
        })
        .max()
}

#[cfg(test)]
mod tests;
