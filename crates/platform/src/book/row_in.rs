//! One line of the file as a row of the database: read, checked, sealed, computed.

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;
use jiff::civil::Date;

use super::cell::{Out, Raw, moment};
use super::columns_in_file;
use super::finding::{Finding, Findings};
use super::out::{NO, YES};
use super::people::People;
use super::reading::Line;
use super::sheet::{Cell, Column, Fields, Recorded, Sheet};
use crate::db::{Kind, ToValue as _, Value};
use crate::vault::{Vault, VaultError};
use crate::work::Work;

/// The largest whole number that a spreadsheet keeps exactly.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// Whether rows belong to a customer, and their keys: customer (0 for none) and own.
type Keys = (bool, HashSet<(i64, i64)>);

/// What is known of the rows that came in before (已导入的行).
pub(super) struct Known {
    pub people: People,
    pub vault: Vault,
    pub now: Timestamp,
    /// The business date of the book: nothing in it is of a later one.
    pub on: Date,
    /// Who brings the book in.
    pub by: i64,
    /// The file, as it stands in `source_detail`.
    pub detail: String,
    /// The human being of a row, as this key here.
    persons: HashMap<i64, i64>,
    /// The blind index of a contact point here.
    numbers: HashMap<i64, String>,
    /// The rows of sheets to which others refer; whether they belong to a customer.
    rows: HashMap<&'static str, Keys>,
}

/// A row ready to be written, and its cells as read.
pub(super) struct RowIn {
    pub values: Vec<Value>,
    pub cells: Vec<Out>,
}

/// How lines of a sheet become rows.
pub(super) struct Taking<'a> {
    pub sheet: &'a Sheet,
    /// The columns of the file as they should stand.
    pub columns: Vec<Column>,
    names: Vec<&'static str>,
}

impl Known {
    pub(super) fn new(work: &Work, people: People, detail: String) -> Result<Self, VaultError> {
        Ok(Self {
            people,
            vault: work.app.vault()?.clone(),
            now: work.now,
            on: work.business_date,
            by: work.actor.recorded_by(),
            detail,
            persons: HashMap::new(),
            numbers: HashMap::new(),
            rows: HashMap::new(),
        })
    }

    fn holds(&self, sheet: &str, customer: i64, id: i64) -> bool {
        // A customer stands under his own key, whoever refers to him.
        let customer = if sheet == "customers" { id } else { customer };
        self.rows.get(sheet).is_some_and(|(own, keys)| keys.contains(&(if *own { customer } else { 0 }, id)))
    }

    fn person(&self, text: &str) -> Option<i64> {
        match text.strip_prefix('#') {
            Some(lost) => lost.parse().ok(),
            None => self.persons.get(&text.parse().ok()?).copied(),
        }
    }

    fn number(&self, text: &str) -> Option<String> {
        match text.strip_prefix('#') {
            Some(lost) => Some(lost.to_owned()),
            None => self.numbers.get(&text.parse().ok()?).cloned(),
        }
    }
}

impl<'a> Taking<'a> {
    pub(super) fn of(sheet: &'a Sheet) -> Self {
        Self { sheet, columns: columns_in_file(sheet), names: sheet.columns.iter().map(|c| c.field).collect() }
    }

    /// The fields in the order of [`RowIn::values`].
    pub(super) fn fields(&self) -> Vec<&'static str> {
        let mut all = Vec::new();
        for column in &self.sheet.columns {
            match column.cell {
                Cell::Person(_) => {}
                Cell::Sealed(sealing) => {
                    all.extend([column.field, sealing.masked()]);
                    all.extend(sealing.index());
                    all.extend(sealing.last());
                }
                _ => all.push(column.field),
            }
        }
        if let Some(computed) = &self.sheet.computed {
            all.extend(computed.fields.iter().map(|(name, _)| *name));
        }
        let recorded: &[&str] = match self.sheet.recorded {
            Recorded::Not => &[],
            Recorded::Bare => &["recorded_at", "recorded_by", "book_origin"],
            Recorded::Full => &["recorded_at", "recorded_by", "source", "source_detail", "book_origin"],
        };
        all.extend(recorded);
        all
    }

    /// Reads a line; what is wrong with it is added to the findings.
    pub(super) fn take(&self, known: &mut Known, tab: &str, line: Line, findings: &mut Findings) -> Option<RowIn> {
        let number = line.number;
        let at = |code: &str, column: &Column| Finding::sheet(code, tab).at(number).column(column.heading);
        let (cells, mut good) = self.cells(tab, line, findings);
        let mut values = Vec::with_capacity(self.names.len());
        let mut found = cells.iter();
        for column in &self.sheet.columns {
            if !column.in_file() {
                values.push(Value::Null(column.kind()));
                continue;
            }
            values.push(found.next().map_or(Value::Null(column.kind()), |cell| stored(column, cell)));
        }
        good &= self.names_to_keys(known, &mut values, &at, findings);
        let fields = Fields::new(&self.names, &values);
        let customer = fields.int("customer_id");
        for (column, value) in self.sheet.columns.iter().zip(&values) {
            if let (Cell::Ref(sheet), Value::Int(id)) = (column.cell, value)
                && !known.holds(sheet, customer, *id)
            {
                findings.push(at("no-such-row", column).with("sheet", sheet));
                good = false;
            }
        }
        if fields.text("effective_on") > known.on.to_string().as_str() {
            findings.push(Finding::sheet("later", tab).at(number));
            good = false;
        }
        if self.sheet.referred {
            let own = self.sheet.place("customer_id").is_some();
            let id = self.sheet.order.last().map_or(0, |field| fields.int(field));
            let keys = &mut known.rows.entry(self.sheet.key).or_insert_with(|| (own, HashSet::new())).1;
            if !keys.insert((if own { customer } else { 0 }, id)) {
                findings.push(Finding::sheet("twice", tab).at(number));
                good = false;
            }
        }
        if !good {
            return None;
        }
        match self.row(known, &values, &cells) {
            Ok(values) => Some(RowIn { values, cells }),
            Err((column, code)) => {
                findings.push(at("sealed", &column).with("code", code));
                None
            }
        }
    }

    /// The cells by their columns; whether all can be read.
    pub(super) fn cells(&self, tab: &str, line: Line, findings: &mut Findings) -> (Vec<Out>, bool) {
        let mut good = true;
        let number = line.number;
        let mut raw = line.cells.into_iter();
        let mut cells = Vec::with_capacity(self.columns.len());
        for column in &self.columns {
            let cell = raw.next().unwrap_or(Raw::Empty);
            cells.push(read(column, cell).unwrap_or_else(|code| {
                good = false;
                findings.push(Finding::sheet(code, tab).at(number).column(column.heading));
                Out::Empty
            }));
        }
        if raw.any(|cell| cell != Raw::Empty) {
            good = false;
            findings.push(Finding::sheet("surplus-cell", tab).at(number));
        }
        (cells, good)
    }

    /// People, branches, human beings and numbers as the keys of this database.
    fn names_to_keys(
        &self,
        known: &Known,
        values: &mut [Value],
        at: &dyn Fn(&str, &Column) -> Finding,
        findings: &mut Findings,
    ) -> bool {
        let mut good = true;
        let branch = self.sheet.place("branch_id").and_then(|place| match values.get(place) {
            Some(Value::Text(name)) => known.people.branch(name),
            _ => None,
        });
        let copy = values.to_vec();
        let fields = Fields::new(&self.names, &copy);
        for (place, column) in self.sheet.columns.iter().enumerate() {
            let Some(Value::Text(text)) = copy.get(place) else { continue };
            let people = &known.people;
            let key = match column.cell {
                Cell::User => people.user(text).map(Value::Int),
                Cell::Users => people.users(text).map(Value::Text),
                Cell::UserWhere(field, is) if fields.text(field) == is => {
                    // What is no log-in name was no person when it went out.
                    Some(Value::Text(people.user(text).map_or_else(|| text.clone(), |id| id.to_string())))
                }
                Cell::Branch => people.branch(text).map(Value::Int),
                Cell::Team => branch.and_then(|branch| people.team(branch, text)).map(Value::Int),
                Cell::PersonRef => known.person(text).map(Value::Int),
                Cell::NumberRef if !text.is_empty() => known.number(text).map(Value::Text),
                _ => continue,
            };
            match key {
                Some(key) => values[place] = key,
                None => {
                    good = false;
                    findings.push(at("unknown-name", column));
                }
            }
        }
        good
    }

    fn row(&self, known: &mut Known, values: &[Value], cells: &[Out]) -> Result<Vec<Value>, (Column, String)> {
        let fields = Fields::new(&self.names, values);
        let (mut names, mut row) = (Vec::with_capacity(values.len() + 8), Vec::with_capacity(values.len() + 8));
        for (column, value) in self.sheet.columns.iter().zip(values) {
            match column.cell {
                Cell::Person(_) => {}
                Cell::Sealed(sealing) => {
                    names.extend([column.field, sealing.masked()]);
                    names.extend(sealing.index());
                    names.extend(sealing.last());
                    let parts = match value {
                        Value::Text(clear) => Some(
                            sealing
                                .seal(&known.vault, &fields, clear)
                                .map_err(|code| (column.clone(), code.to_owned()))?,
                        ),
                        _ => None,
                    };
                    let index = parts.as_ref().map(|parts| parts.index.clone());
                    row.push(parts.as_ref().map_or(Value::Null(Kind::Bytes), |p| Value::Bytes(p.sealed.clone())));
                    row.push(Value::Text(parts.as_ref().map(|p| p.masked.clone()).unwrap_or_default()));
                    if let Some(index) = index.clone().filter(|_| sealing.is_number()) {
                        known.numbers.insert(fields.int("id"), index);
                    }
                    row.extend(sealing.index().map(|_| index.to_value()));
                    row.extend(sealing.last().map(|_| parts.map(|parts| parts.last).to_value()));
                }
                _ => {
                    names.push(column.field);
                    row.push(value.clone());
                }
            }
        }
        if let Some(computed) = &self.sheet.computed {
            let more =
                (computed.with)(&Fields::new(&names, &row)).map_err(|why| (self.sheet.columns[0].clone(), why))?;
            for ((name, _), value) in computed.fields.iter().zip(more) {
                let person = self.sheet.columns.iter().find(|c| c.field == *name);
                if let (Some(Cell::Person(own)), Value::Int(key)) = (person.map(|c| c.cell), &value) {
                    known.persons.insert(fields.int(own), *key);
                }
                row.push(value);
            }
        }
        self.recorded(known, cells, &mut row);
        Ok(row)
    }

    /// Who brings it in, and when; what the file says of that stays beside it.
    fn recorded(&self, known: &Known, cells: &[Out], row: &mut Vec<Value>) {
        let parts = match self.sheet.recorded {
            Recorded::Not => return,
            Recorded::Bare => 2,
            Recorded::Full => 4,
        };
        row.extend([known.now.to_value(), known.by.to_value()]);
        if parts == 4 {
            row.extend(["book".to_value(), known.detail.to_value()]);
        }
        let origin: Vec<String> =
            cells[cells.len().saturating_sub(parts)..].iter().map(|cell| cell.canonical().into_owned()).collect();
        row.push(serde_json::to_string(&origin).unwrap_or_default().to_value());
    }
}

/// A cell by its column.
fn read(column: &Column, raw: Raw) -> Result<Out, &'static str> {
    if raw == Raw::Empty {
        let text = matches!(column.cell, Cell::Text | Cell::Users | Cell::UserWhere(..) | Cell::NumberRef);
        return match (column.optional, text) {
            (true, _) => Ok(Out::Empty),
            (false, true) => Ok(Out::Text(String::new())),
            (false, false) => Err("empty"),
        };
    }
    match column.cell {
        Cell::Money => raw.scaled(2).map(Out::Money).ok_or("no-money"),
        Cell::Rate => raw.scaled(9).map(Out::Rate).ok_or("no-rate"),
        Cell::Count => raw.whole().map(Out::Count).ok_or("no-count"),
        Cell::Date => raw.date().map(Out::Date).ok_or("no-date"),
        Cell::Id | Cell::Ref(_) => match &raw {
            Raw::Number(number) if number.abs() > EXACT => Err("key-as-number"),
            _ => {
                let id = raw.whole().filter(|id| *id >= 0).ok_or("no-key")?;
                Ok(Out::Text(id.to_string()))
            }
        },
        Cell::Moment => {
            let text = raw.text().ok_or("no-moment")?;
            // Kept as it stands: one form for one moment is what the database holds.
            moment(&text).map(|_| Out::Text(text)).ok_or("no-moment")
        }
        Cell::Flag => match raw.text().as_deref() {
            Some(YES) => Ok(Out::Text(YES.to_owned())),
            Some(NO) => Ok(Out::Text(NO.to_owned())),
            _ => Err("no-flag"),
        },
        Cell::Text
        | Cell::User
        | Cell::Users
        | Cell::UserWhere(..)
        | Cell::Branch
        | Cell::Team
        | Cell::PersonRef
        | Cell::NumberRef
        | Cell::Sealed(_) => raw.text().map(Out::Text).ok_or("no-text"),
        Cell::Person(_) => Ok(Out::Empty),
    }
}

/// A cell as it is stored, names still as names.
fn stored(column: &Column, cell: &Out) -> Value {
    match (column.cell, cell) {
        (_, Out::Empty) => Value::Null(column.kind()),
        (Cell::Flag, Out::Text(text)) => Value::Int(i64::from(text == YES)),
        (Cell::Id | Cell::Ref(_), Out::Text(text)) => Value::Int(text.parse().unwrap_or(0)),
        (_, Out::Text(text)) => Value::Text(text.clone()),
        (_, Out::Date(date)) => Value::Text(date.to_string()),
        (_, Out::Money(number) | Out::Rate(number) | Out::Count(number)) => Value::Int(*number),
    }
}
