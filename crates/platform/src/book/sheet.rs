//! How a capability describes a sheet of the whole book: which table, which columns, what each holds.

use super::seal::Sealing;
use crate::db::{Kind, Row, StoreError, Value};
use crate::error::ActionError;
use crate::event::BoxFuture;
use crate::work::Work;

/// What a capability gives to the whole book (整本台账中的份额).
#[derive(Debug, Clone, Default)]
pub struct Share {
    /// Its sheets; what others refer to comes first.
    pub sheets: Vec<Sheet>,
    /// Computes its caches once all facts are in.
    pub settle: Option<Settle>,
}

/// Computes caches from the facts that came in, in the same transaction; names what cannot be computed.
/// It is told a function that shows how far it is.
pub type Settle =
    for<'a> fn(&'a mut Work, &'a (dyn Fn(u64) + Send + Sync)) -> BoxFuture<'a, Result<Vec<Unsettled>, ActionError>>;

/// A thing whose caches cannot be computed (无法重算).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsettled {
    /// The sheet it stands in.
    pub sheet: &'static str,
    /// Its number, as people know it.
    pub number: String,
    /// Why, in the words of who computes.
    pub why: String,
}

/// A sheet of the whole book (工作表): one noun, one table.
#[derive(Debug, Clone)]
pub struct Sheet {
    /// Its stable name.
    pub key: &'static str,
    /// The name on its tab.
    pub title: &'static str,
    /// The table or view.
    pub table: &'static str,
    /// The fields of the key, in order; each is a column.
    pub order: &'static [&'static str],
    /// Whether it comes in again.
    pub nature: Nature,
    /// The columns, in order.
    pub columns: Vec<Column>,
    /// Who recorded a row, and when.
    pub recorded: Recorded,
    /// What its numbers count (`number_lookup.kind`) and the field of the row to which they lead; they stand in the
    /// field `number`.
    pub numbered: Option<(&'static str, &'static str)>,
    /// Which rows belong to the book; SQL without parameters.
    pub only: &'static str,
    /// Whether rows of other sheets refer to it.
    pub referred: bool,
    /// Whether it refers to sheets of capabilities that come after its own.
    pub late: bool,
    /// Fields computed from the others when a row comes in.
    pub computed: Option<Computed>,
    /// Changes a row on its way out; for derived sheets.
    pub drawn: Option<Drawn>,
    /// Fields of the table that are not part of the book, each for a reason that the owner knows.
    pub left_out: &'static [&'static str],
}

/// Whether a sheet comes in again (性质).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nature {
    /// What happened or was stated: goes out and comes in.
    Fact,
    /// Computed from the facts: goes out for reading, is computed anew and compared on the way in.
    Derived,
}

impl Nature {
    /// Its name in the workbook.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Fact => "fact",
            Self::Derived => "derived",
        }
    }
}

/// Which fields say who recorded a row (登记信息). When a book comes in they name who brought it in and when; what
/// stood in the file is kept beside it in the field `book_origin` and goes out again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recorded {
    /// None of its own: moments and people are part of what happened.
    Not,
    /// `recorded_at`, `recorded_by`.
    Bare,
    /// The same with `source` and `source_detail`.
    Full,
}

/// Fields that are computed when a row comes in.
#[derive(Clone, Copy)]
pub struct Computed {
    /// The fields with their kinds.
    pub fields: &'static [(&'static str, Kind)],
    /// Their values, in the same order.
    pub with: fn(&Fields<'_>) -> Result<Vec<Value>, String>,
}

impl std::fmt::Debug for Computed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Computed").field("fields", &self.fields).finish_non_exhaustive()
    }
}

/// Further fields that a derived sheet reads, and what it makes of a row.
#[derive(Clone, Copy)]
pub struct Drawn {
    /// Fields read besides those of the columns.
    pub also: &'static [&'static str],
    /// The values of all columns, in order, from the row as read; on this business date.
    pub with: fn(&Row, jiff::civil::Date) -> Result<Vec<Value>, StoreError>,
}

impl std::fmt::Debug for Drawn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Drawn").field("also", &self.also).finish_non_exhaustive()
    }
}

/// A column of a sheet (列).
#[derive(Debug, Clone)]
pub struct Column {
    /// The field of the table.
    pub field: &'static str,
    /// Its Chinese heading.
    pub heading: &'static str,
    /// What it holds.
    pub cell: Cell,
    /// Whether it may be empty.
    pub optional: bool,
}

/// What a column holds (列的内容).
#[derive(Debug, Clone, Copy)]
pub enum Cell {
    /// A key of this program: text, so that no digit is lost.
    Id,
    /// The key of a row of another sheet, under the same customer.
    Ref(&'static str),
    /// Text.
    Text,
    /// Money: fen inside, yuan with two decimals in the file.
    Money,
    /// A date.
    Date,
    /// A moment, as ISO text in UTC.
    Moment,
    /// A rate in billionths.
    Rate,
    /// A whole number.
    Count,
    /// Yes or no.
    Flag,
    /// A person of the house, by log-in name.
    User,
    /// Several of them as `|1|2|` inside, log-in names in the file.
    Users,
    /// A person of the house in a text, where another field has this value; else a text.
    UserWhere(&'static str, &'static str),
    /// A branch, by name.
    Branch,
    /// A team, by name, within the branch of the row.
    Team,
    /// The key of a human being across files: not in the file, computed anew; known by this field's key.
    Person(&'static str),
    /// A human being across files, as the key of the first row that is this one.
    PersonRef,
    /// The blind index of a number, as the key of the first contact point with that number.
    NumberRef,
    /// Personal data under seal.
    Sealed(&'static dyn Sealing),
}

impl Column {
    /// A column that is always filled.
    #[must_use]
    pub const fn new(field: &'static str, heading: &'static str, cell: Cell) -> Self {
        Self { field, heading, cell, optional: false }
    }

    /// The same, which may be empty.
    #[must_use]
    pub const fn or_empty(mut self) -> Self {
        self.optional = true;
        self
    }

    /// The stable key in the second row: the field without the ending that says how it is stored.
    #[must_use]
    pub fn key(&self) -> &'static str {
        let ending = match self.cell {
            Cell::Money => "_fen",
            Cell::Rate => "_e9",
            Cell::Sealed(_) => "_sealed",
            _ => "",
        };
        self.field.strip_suffix(ending).unwrap_or(self.field)
    }

    /// Whether it stands in the file.
    #[must_use]
    pub fn in_file(&self) -> bool {
        !matches!(self.cell, Cell::Person(_))
    }

    /// How its value is stored.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self.cell {
            Cell::Id
            | Cell::Ref(_)
            | Cell::Money
            | Cell::Rate
            | Cell::Count
            | Cell::Flag
            | Cell::User
            | Cell::Branch
            | Cell::Team
            | Cell::Person(_)
            | Cell::PersonRef => Kind::Int,
            Cell::Text | Cell::Date | Cell::Moment | Cell::Users | Cell::UserWhere(..) | Cell::NumberRef => Kind::Text,
            Cell::Sealed(_) => Kind::Bytes,
        }
    }
}

impl Sheet {
    /// A sheet of facts.
    #[must_use]
    pub fn facts(
        key: &'static str,
        title: &'static str,
        table: &'static str,
        order: &'static [&'static str],
        columns: Vec<Column>,
    ) -> Self {
        Self {
            key,
            title,
            table,
            order,
            nature: Nature::Fact,
            columns,
            recorded: Recorded::Bare,
            numbered: None,
            only: "",
            referred: false,
            late: false,
            computed: None,
            drawn: None,
            left_out: &[],
        }
    }

    /// A sheet that is computed from facts.
    #[must_use]
    pub fn derived(
        key: &'static str,
        title: &'static str,
        table: &'static str,
        order: &'static [&'static str],
        columns: Vec<Column>,
    ) -> Self {
        Self { nature: Nature::Derived, recorded: Recorded::Not, ..Self::facts(key, title, table, order, columns) }
    }

    /// With other fields that say who recorded a row.
    #[must_use]
    pub fn recorded(mut self, recorded: Recorded) -> Self {
        self.recorded = recorded;
        self
    }

    /// With numbers that are looked up.
    #[must_use]
    pub fn numbered(mut self, kind: &'static str, leads_to: &'static str) -> Self {
        self.numbered = Some((kind, leads_to));
        self
    }

    /// With rows that others refer to.
    #[must_use]
    pub fn referred(mut self) -> Self {
        self.referred = true;
        self
    }

    /// Behind the sheets of all capabilities.
    #[must_use]
    pub fn late(mut self) -> Self {
        self.late = true;
        self
    }

    /// Only with these rows.
    #[must_use]
    pub fn only(mut self, only: &'static str) -> Self {
        self.only = only;
        self
    }

    /// With fields computed on the way in.
    #[must_use]
    pub fn computed(mut self, computed: Computed) -> Self {
        self.computed = Some(computed);
        self
    }

    /// With rows changed on the way out.
    #[must_use]
    pub fn drawn(mut self, drawn: Drawn) -> Self {
        self.drawn = Some(drawn);
        self
    }

    /// Without these fields of the table.
    #[must_use]
    pub fn without(mut self, left_out: &'static [&'static str]) -> Self {
        self.left_out = left_out;
        self
    }

    /// The columns that stand in the file.
    pub fn in_file(&self) -> impl Iterator<Item = &Column> {
        self.columns.iter().filter(|column| column.in_file())
    }

    /// Whether a field of the table is in the book, follows from it, or is left out for a reason.
    #[must_use]
    pub fn holds(&self, field: &str) -> bool {
        let sealed = |sealing: &dyn Sealing| {
            [Some(sealing.masked()), sealing.index(), sealing.last()].into_iter().flatten().any(|name| name == field)
        };
        let recorded: &[&str] = match self.recorded {
            Recorded::Not => &[],
            Recorded::Bare => &["recorded_at", "recorded_by", "book_origin"],
            Recorded::Full => &["recorded_at", "recorded_by", "source", "source_detail", "book_origin"],
        };
        let column =
            |column: &Column| column.field == field || matches!(column.cell, Cell::Sealed(sealing) if sealed(sealing));
        let computed = self.computed.iter().flat_map(|computed| computed.fields).any(|(name, _)| *name == field);
        self.columns.iter().any(column)
            || computed
            || recorded.contains(&field)
            || self.left_out.contains(&field)
            || (self.nature == Nature::Derived && field != "customer_id")
    }

    /// The place of a field among the columns.
    #[must_use]
    pub fn place(&self, field: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.field == field)
    }
}

/// The values of a row by field (行的字段).
#[derive(Debug, Clone, Copy)]
pub struct Fields<'a> {
    names: &'a [&'static str],
    values: &'a [Value],
}

impl<'a> Fields<'a> {
    /// Names and values in the same order.
    #[must_use]
    pub fn new(names: &'a [&'static str], values: &'a [Value]) -> Self {
        Self { names, values }
    }

    /// A value; nothing where there is no such field.
    #[must_use]
    pub fn get(&self, field: &str) -> Option<&'a Value> {
        self.names.iter().position(|name| *name == field).and_then(|at| self.values.get(at))
    }

    /// A whole number; 0 where there is none.
    #[must_use]
    pub fn int(&self, field: &str) -> i64 {
        match self.get(field) {
            Some(Value::Int(number)) => *number,
            _ => 0,
        }
    }

    /// A text; empty where there is none.
    #[must_use]
    pub fn text(&self, field: &str) -> &'a str {
        match self.get(field) {
            Some(Value::Text(text)) => text,
            _ => "",
        }
    }
}
