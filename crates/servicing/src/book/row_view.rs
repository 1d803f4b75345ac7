//! One data row seen through the layout: cells by field, parsed, and refusals that name the cell.

use finance::Fen;
use jiff::civil::Date;
use platform::sheets::values::{
    AmountError, DateError, IdError, Identity, RateError, YearlyRate, parse_amount, parse_date, parse_identity,
    parse_rate,
};
use platform::sheets::{Cell, Row, Sheet};

use super::draft::Source;
use super::field::Field;
use super::finding::{Fact, Refusal, RefusalCode, fact};
use super::layout::{ColumnUse, SheetLayout};
use super::vocabulary::Vocabulary;

/// A row with the layout of its sheet (按字段看的一行).
#[derive(Clone, Copy)]
pub(super) struct RowView<'a> {
    pub sheet: &'a Sheet,
    pub layout: &'a SheetLayout,
    pub row: &'a Row,
    pub date1904: bool,
}

/// What is wrong with a cell: the code and the facts of its sentence.
pub(super) type Fault = (RefusalCode, Vec<Fact>);

impl<'a> RowView<'a> {
    /// The cell of a field, unless it is blank or says that there is nothing.
    pub(super) fn cell(&self, field: Field) -> Option<&'a Cell> {
        let column = self.layout.column(field)?.column;
        let cell = match field {
            // What identifies is often merged over the rows it holds for; amounts never are.
            Field::LoanNo | Field::ContractNo | Field::Name | Field::IdNo | Field::Phone | Field::Guarantor => {
                self.sheet.cell_or_merged(self.row.number, column)
            }
            _ => self.row.cell(column),
        };
        cell.filter(|cell| !cell.is_blank() && !says_nothing(cell))
    }

    /// The text of a field.
    pub(super) fn text(&self, field: Field) -> Option<String> {
        self.cell(field).map(|cell| cell.shown().trim().to_owned()).filter(|text| !text.is_empty())
    }

    /// The loan's number in one spelling.
    pub(super) fn loan_no(&self) -> Option<String> {
        let key = self.layout.loan_key();
        let text = self.text(key).or_else(|| self.text(Field::ContractNo))?;
        let squeezed = platform::sheets::values::squeeze(&text);
        Some(squeezed).filter(|text| !text.is_empty())
    }

    /// An amount in the unit of the cell, the heading or the sheet; the flag says that it was rounded.
    pub(super) fn amount(&self, field: Field) -> Result<Option<(Fen, bool)>, Fault> {
        let Some(column) = self.layout.column(field) else { return Ok(None) };
        self.amount_in(column)
    }

    /// The same for any column.
    pub(super) fn amount_in(&self, column: &ColumnUse) -> Result<Option<(Fen, bool)>, Fault> {
        let cell = self.row.cell(column.column).filter(|cell| !cell.is_blank() && !says_nothing(cell));
        match parse_amount(cell, column.amount_unit.unwrap_or(self.layout.unit)) {
            Ok(amount) => Ok(Some((amount.fen, amount.rounded))),
            Err(AmountError::Missing) => Ok(None),
            Err(AmountError::FormulaWithoutValue) => Err((RefusalCode::FormulaWithoutValue, vec![])),
            Err(AmountError::Unreadable | AmountError::TooLarge) => Err((RefusalCode::AmountUnreadable, vec![])),
        }
    }

    /// A date; a missing one is `None`.
    pub(super) fn date(&self, field: Field) -> Result<Option<Date>, Fault> {
        match parse_date(self.cell(field), self.date1904, self.layout.year) {
            Ok(date) => Ok(Some(date)),
            Err(DateError::Missing) => Ok(None),
            Err(DateError::FormulaWithoutValue) => Err((RefusalCode::FormulaWithoutValue, vec![])),
            Err(DateError::Impossible { year, month, day }) => {
                Err((RefusalCode::DateImpossible, vec![fact("year", year), fact("month", month), fact("day", day)]))
            }
            Err(DateError::NoYear | DateError::Unreadable) => Err((RefusalCode::DateUnreadable, vec![])),
        }
    }

    /// A rate a year; a missing one is `None`.
    pub(super) fn rate(&self, days_of_year: u16) -> Result<Option<YearlyRate>, Fault> {
        let Some(column) = self.layout.column(Field::Rate) else { return Ok(None) };
        match parse_rate(self.cell(Field::Rate), column.rate_unit, days_of_year) {
            Ok(rate) => Ok(Some(rate)),
            Err(RateError::Missing) => Ok(None),
            Err(RateError::FormulaWithoutValue) => Err((RefusalCode::FormulaWithoutValue, vec![])),
            Err(RateError::Unreadable) => Err((RefusalCode::RateUnreadable, vec![])),
        }
    }

    /// A refusal of this row at the cell of a field.
    pub(super) fn refusal(&self, field: Field, fault: Fault, loan: Option<&str>) -> Refusal {
        match self.layout.column(field) {
            Some(column) => self.refusal_at(column, fault, loan),
            None => Refusal {
                sheet: self.sheet.name.clone(),
                row: self.row.number,
                column: None,
                heading: None,
                code: fault.0,
                facts: fault.1,
                value: None,
                loan: loan.map(str::to_owned),
            },
        }
    }

    /// A refusal of this row at a column.
    pub(super) fn refusal_at(&self, column: &ColumnUse, fault: Fault, loan: Option<&str>) -> Refusal {
        let cell = self.sheet.cell_or_merged(self.row.number, column.column);
        Refusal {
            sheet: self.sheet.name.clone(),
            row: self.row.number,
            column: Some(column.column),
            heading: Some(column.heading.clone()),
            code: fault.0,
            facts: fault.1,
            value: cell.map(Cell::shown).filter(|text| !text.is_empty()),
            loan: loan.map(str::to_owned),
        }
    }

    /// Where this row stands.
    pub(super) fn source(&self) -> Source {
        Source { sheet: self.sheet.name.clone(), row: self.row.number, column: None }
    }
}

/// `-`, `无`, `/` and the like stand for an empty cell.
fn says_nothing(cell: &Cell) -> bool {
    cell.text().is_some_and(|text| Vocabulary::shipped().whole("nothing", text).is_some())
}

/// An identity number; a missing one is `None`.
pub(super) fn identity(cell: Option<&Cell>) -> Result<Option<Identity>, Fault> {
    let form = |about: &str| vec![fact("about", about)];
    match parse_identity(cell) {
        Ok(identity) => Ok(Some(identity)),
        Err(IdError::Missing) => Ok(None),
        Err(IdError::LostDigits) => Err((RefusalCode::IdLostDigits, vec![])),
        Err(IdError::Checksum { expected, found }) => {
            let facts = vec![fact("about", "check"), fact("expected", expected), fact("found", found)];
            Err((RefusalCode::IdChecksum, facts))
        }
        Err(IdError::BirthDate) => Err((RefusalCode::IdChecksum, form("birth"))),
        Err(IdError::Form { length }) => {
            Err((RefusalCode::IdChecksum, vec![fact("about", "length"), fact("length", length)]))
        }
    }
}
