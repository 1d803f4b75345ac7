//! What a row says of its loan at a glance (行内概览): who, how much, at which rate; nothing where it does not say.

use std::collections::BTreeMap;

use finance::Fen;
use platform::sheets::Workbook;

use super::draft::{BookDraft, LoanDraft};
use super::field::Field;
use super::row_view::RowView;

/// Customer, principal and rate of a row (行内概览).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Glance {
    /// 客户.
    pub customer: Option<String>,
    /// 本金.
    pub principal: Option<Fen>,
    /// Billionths a year.
    pub annual_rate_e9: Option<i64>,
}

/// The longest name that is kept.
const NAME: usize = 60;

/// A book and what was read of it, with its loans by number (账本索引).
pub struct Glances<'a> {
    book: &'a Workbook,
    draft: &'a BookDraft,
    loans: BTreeMap<&'a str, &'a LoanDraft>,
    days_of_year: u16,
}

impl<'a> Glances<'a> {
    /// Over a book that was read.
    #[must_use]
    pub fn over(book: &'a Workbook, draft: &'a BookDraft, days_of_year: u16) -> Self {
        let loans = draft.loans.iter().map(|loan| (loan.no.as_str(), loan)).collect();
        Self { book, draft, loans, days_of_year }
    }

    /// What the row itself says, and where it is silent what the book says of this loan elsewhere.
    #[must_use]
    pub fn of(&self, sheet: &str, row: Option<u32>, loan: Option<&str>) -> Glance {
        let own = row.and_then(|row| self.of_row(sheet, row)).unwrap_or_default();
        let known = loan.and_then(|no| self.loans.get(no));
        let borrower = known.and_then(|known| self.draft.customers.get(known.borrower));
        Glance {
            customer: own.customer.or_else(|| borrower.map(|customer| customer.name.clone())),
            principal: own.principal.or(known.map(|known| known.principal)),
            annual_rate_e9: own.annual_rate_e9.or(known.map(|known| known.annual_rate_e9)),
        }
    }

    fn of_row(&self, name: &str, number: u32) -> Option<Glance> {
        let sheet = self.book.sheets.iter().find(|sheet| sheet.name == name)?;
        let layout = self.draft.layouts.iter().find(|layout| layout.sheet == name)?;
        let row = sheet.row(number)?;
        let view = RowView { sheet, layout, row, date1904: self.book.date1904 };
        let clipped = |text: String| text.chars().filter(|c| !c.is_control()).take(NAME).collect();
        Some(Glance {
            customer: view.text(Field::Name).map(clipped),
            principal: view.amount(Field::Principal).ok().flatten().map(|(fen, _)| fen),
            annual_rate_e9: view.rate(self.days_of_year).ok().flatten().map(|rate| rate.e9),
        })
    }
}
