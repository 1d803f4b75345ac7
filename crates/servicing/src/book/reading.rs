//! The state of reading a book, and what all sheets have in common.

use std::collections::HashMap;

use platform::sheets::values::{PhoneError, parse_phone, split_names};
use platform::sheets::{Sheet, Workbook};

use super::conventions::Conventions;
use super::draft::{BookDraft, Ignored, PartyKind};
use super::field::{Field, Role};
use super::finding::{Refusal, RefusalCode, Warning, WarningCode, fact};
use super::layout::SheetLayout;
use super::lines::{Idle, Line, lines};
use super::parties::{Found, Named, Parties};
use super::row_view::{Fault, RowView, identity};
use super::vocabulary::Vocabulary;

/// How far reading has come (进度): rows looked at of all rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Rows looked at so far.
    pub rows_done: usize,
    /// Rows of all recognised sheets.
    pub rows_all: usize,
}

/// A loan number met on a loan sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum LoanRef {
    /// Accepted, with its index.
    Accepted(usize),
    /// Refused.
    Refused,
}

/// The book while it is read.
pub(super) struct Reading<'a> {
    pub book: &'a Workbook,
    pub layouts: &'a [SheetLayout],
    pub conventions: &'a Conventions,
    pub draft: BookDraft,
    pub parties: Parties,
    pub loans: HashMap<String, LoanRef>,
    /// For each accepted loan the essence of its row, to tell a repeated row from another loan of the same number.
    pub essence: HashMap<String, String>,
    progress: Progress,
    report: &'a mut dyn FnMut(Progress),
}

impl<'a> Reading<'a> {
    pub(super) fn new(
        book: &'a Workbook,
        layouts: &'a [SheetLayout],
        conventions: &'a Conventions,
        report: &'a mut dyn FnMut(Progress),
    ) -> Reading<'a> {
        let rows_all = book.sheets.iter().map(|s| s.rows.len()).sum();
        Reading {
            book,
            layouts,
            conventions,
            draft: BookDraft { layouts: layouts.to_vec(), ..BookDraft::default() },
            parties: Parties::new(layouts.iter().any(|l| l.role == Role::Customers)),
            loans: HashMap::new(),
            essence: HashMap::new(),
            progress: Progress { rows_done: 0, rows_all },
            report,
        }
    }

    /// Visits every row of the sheets of a role: data rows with `None`, totals and sub-totals with what they are.
    pub(super) fn each_row(&mut self, role: Role, mut visit: impl FnMut(&mut Self, RowView<'a>, Option<Idle>)) {
        let book = self.book;
        for layout in self.layouts.iter().filter(|l| l.role == role) {
            let Some(sheet) = book.sheets.iter().find(|s| s.name == layout.sheet) else { continue };
            self.note_sheet(sheet, layout);
            for line in lines(sheet, layout) {
                let view = |row| RowView { sheet, layout, row, date1904: book.date1904 };
                match line {
                    Line::Data(row) => {
                        self.note_hidden_row(&view(row));
                        visit(self, view(row), None);
                    }
                    Line::Idle(number, why, row) => {
                        self.draft.ignored.push(Ignored { sheet: sheet.name.clone(), row: number, why });
                        if let (Some(row), Idle::Total | Idle::Subtotal) = (row, why) {
                            visit(self, view(row), Some(why));
                        }
                    }
                }
                self.step();
            }
        }
    }

    fn step(&mut self) {
        self.progress.rows_done += 1;
        if self.progress.rows_done.is_multiple_of(500) {
            (self.report)(self.progress);
        }
    }

    /// Tells that everything is read.
    pub(super) fn done(&mut self) {
        self.progress.rows_done = self.progress.rows_all;
        (self.report)(self.progress);
    }

    /// Hidden columns and sheets with data are data; the user is told.
    fn note_sheet(&mut self, sheet: &Sheet, layout: &SheetLayout) {
        if sheet.hidden {
            self.warn_at(sheet, None, None, WarningCode::HiddenSheet);
        }
        for column in layout.columns.iter().filter(|c| c.field.is_some() || c.month.is_some()) {
            if sheet.hidden_columns.contains(&column.column) {
                self.warn_at(sheet, None, Some(column.column), WarningCode::HiddenColumn);
            }
        }
    }

    fn note_hidden_row(&mut self, view: &RowView<'_>) {
        if view.row.hidden {
            let loan = view.loan_no().filter(|_| view.layout.role != Role::Customers);
            self.warn(view, None, WarningCode::HiddenRow, vec![], loan.as_deref(), None);
        }
    }

    /// A sheet with a table in it that was not recognised is told, so that nothing is left out in silence.
    pub(super) fn warn_of_unknown_sheets(&mut self) {
        let book = self.book;
        for layout in self.layouts.iter().filter(|l| l.role == Role::None) {
            let Some(sheet) = book.sheets.iter().find(|s| s.name == layout.sheet) else { continue };
            let wide_rows = sheet.rows.iter().filter(|row| row.cells.len() >= 3).count();
            if wide_rows >= 2 {
                self.warn_at(sheet, None, None, WarningCode::SheetNotRecognised);
            }
        }
    }

    fn warn_at(&mut self, sheet: &Sheet, row: Option<u32>, column: Option<u32>, code: WarningCode) {
        let sheet = sheet.name.clone();
        self.draft.warnings.push(Warning { sheet, row, column, code, facts: vec![], loan: None, customer: None });
    }

    /// Adds a warning for a row.
    pub(super) fn warn(
        &mut self,
        view: &RowView<'_>,
        field: Option<Field>,
        code: WarningCode,
        facts: Vec<super::finding::Fact>,
        loan: Option<&str>,
        customer: Option<usize>,
    ) {
        let column = field.and_then(|f| view.layout.column(f)).map(|c| c.column);
        self.draft.warnings.push(Warning {
            sheet: view.sheet.name.clone(),
            row: Some(view.row.number),
            column,
            code,
            facts,
            loan: loan.map(str::to_owned),
            customer,
        });
    }

    /// Adds a refusal.
    pub(super) fn refuse(&mut self, refusal: Refusal) {
        self.draft.refused.push(refusal);
    }

    /// The loan of a row on a sheet beside the loans; refuses the row when there is none.
    pub(super) fn loan_of(&mut self, view: &RowView<'_>) -> Option<usize> {
        let key = view.layout.loan_key();
        let Some(no) = view.loan_no() else {
            self.refuse(view.refusal(key, (RefusalCode::LoanNoMissing, vec![]), None));
            return None;
        };
        let by_contract = || self.draft.loans.iter().position(|l| l.contract.as_deref() == Some(no.as_str()));
        match self.loans.get(&no) {
            Some(LoanRef::Accepted(at)) => Some(*at),
            Some(LoanRef::Refused) => {
                self.refuse(view.refusal(key, (RefusalCode::LoanRefused, vec![]), Some(&no)));
                None
            }
            None => match if key == Field::ContractNo { by_contract() } else { None } {
                Some(at) => Some(at),
                None => {
                    self.refuse(view.refusal(key, (RefusalCode::LoanUnknown, vec![]), None));
                    None
                }
            },
        }
    }

    /// The parties that a name cell and its number cell name: usually one, two for `施思霞、戚桂云`.
    pub(super) fn named(&self, view: &RowView<'_>, name: Field, id: Field) -> Result<Vec<Named>, (Field, Fault)> {
        let Some(text) = view.text(name) else { return Ok(Vec::new()) };
        let names = split_names(&text);
        let id_cell = view.cell(id);
        if names.len() <= 1 {
            let mut named = Named::only(&text);
            let read = identity(id_cell).map_err(|fault| (id, fault))?;
            named.identity = read.zip(id_cell.map(|c| c.shown().trim().to_owned()));
            return Ok(vec![named]);
        }
        let numbers = id_cell.and_then(|c| c.text()).map(split_names).unwrap_or_default();
        let mut all = Vec::new();
        for (at, name) in names.iter().enumerate() {
            let mut named = Named::only(name);
            if let (Some(number), Some(cell)) = (numbers.get(at), id_cell) {
                let value = platform::sheets::Value::Text(number.as_str().into());
                let part = platform::sheets::Cell { value, ..cell.clone() };
                let read = identity(Some(&part)).map_err(|fault| (id, fault))?;
                named.identity = read.map(|identity| (identity, number.clone()));
            }
            all.push(named);
        }
        Ok(all)
    }

    /// Adds phone, address, kind and note of the row to its party.
    pub(super) fn describe(&mut self, view: &RowView<'_>, named: &mut Named, loan: Option<&str>) {
        match parse_phone(view.cell(Field::Phone)) {
            Ok(phone) => named.phone = Some(phone),
            Err(PhoneError::Missing) => {}
            Err(PhoneError::Unreadable) => {
                self.warn(view, Some(Field::Phone), WarningCode::PhoneUnreadable, vec![], loan, None);
            }
        }
        named.address = view.text(Field::Address);
        let kind = view.text(Field::PartyKind);
        named.kind =
            kind.and_then(|k| Vocabulary::shipped().value("party", &k).map(str::to_owned)).map(|k| match k.as_str() {
                "company" => PartyKind::Company,
                _ => PartyKind::Person,
            });
    }

    /// Adds a party found before, with the warnings that its spelling and number call for.
    pub(super) fn take_party(
        &mut self,
        view: &RowView<'_>,
        named: &Named,
        found: Found,
        fields: (Field, Field),
        loan: Option<&str>,
    ) -> usize {
        let at = self.parties.take(named, found, view.source(), &mut self.draft.customers);
        if found == Found::OtherSpelling(at) {
            let facts = vec![fact("first", &self.draft.customers[at].name), fact("name", &named.name)];
            self.warn(view, Some(fields.0), WarningCode::SamePersonTwoSpellings, facts, loan, Some(at));
        }
        if found == Found::New {
            match &named.identity {
                Some((identity, _)) if identity.from_15_digits => {
                    self.warn(view, Some(fields.1), WarningCode::Id15Digits, vec![], loan, Some(at));
                }
                Some((identity, _)) if identity.letter_o => {
                    self.warn(view, Some(fields.1), WarningCode::UsccLetterO, vec![], loan, Some(at));
                }
                Some(_) => {}
                None => self.warn(
                    view,
                    Some(fields.0),
                    WarningCode::IdMissing,
                    vec![fact("name", &named.name)],
                    loan,
                    Some(at),
                ),
            }
        }
        at
    }
}
