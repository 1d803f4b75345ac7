//! What changed between two versions of the rules, row by row and cell by cell; words are made of it by whoever shows it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::facts::Title;
use crate::pack::{Edition, Pack};
use crate::parameter::Parameter;
use crate::sheet::Sheet;
use crate::table::{Decision, Row, TableSheet};

/// What changed between two versions (版本差异).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Difference {
    /// Tables in the order of their ids.
    pub tables: Vec<TableChange>,
    /// Parameters in the order of their names.
    pub parameters: Vec<ParameterChange>,
    /// Rows of the other registers: duties, approvals, articles, roles, texts …
    pub registers: Vec<RegisterChange>,
}

/// How something changed (变化方式).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// It was not there before.
    Added,
    /// It is not there any more.
    Removed,
    /// It reads differently.
    Changed,
}

/// A table that changed (决策表变化).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableChange {
    /// The decision.
    pub decision: String,
    /// What people call it.
    pub title: Title,
    /// How.
    pub change: Change,
    /// Whether columns, hit policy or dates changed too.
    pub form: bool,
    /// The rows that changed, in the order of the new table.
    pub rows: Vec<RowChange>,
}

/// A row that changed (规则行变化).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowChange {
    /// Its place among the rows, from 1: in the new table, for a removed row in the old one.
    pub row: usize,
    /// How.
    pub change: Change,
    /// Its conditions as they read now (for a removed row: as they read): input and cell.
    pub conditions: Vec<(String, String)>,
    /// Its outcomes likewise: output and cell.
    pub outcomes: Vec<(String, String)>,
    /// The cells that changed; of an added or removed row none.
    pub cells: Vec<CellChange>,
}

/// A cell that changed (单元格变化).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellChange {
    /// The column: an input, an output, or `article`.
    pub column: String,
    /// What it said.
    pub from: String,
    /// What it says.
    pub to: String,
}

/// A parameter that changed (参数变化).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParameterChange {
    /// Its name.
    pub name: String,
    /// What people call it.
    pub title: Title,
    /// Its value before; `None` when it is new.
    pub from: Option<String>,
    /// Its value now; `None` when it is gone.
    pub to: Option<String>,
    /// The article before and now, when it changed.
    pub article: Option<(String, String)>,
}

/// A row of another register that changed (登记项变化).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisterChange {
    /// The file without its folder: `duties.csv`.
    pub file: String,
    /// Its key.
    pub id: String,
    /// How.
    pub change: Change,
    /// The columns that changed.
    pub cells: Vec<CellChange>,
}

/// Registers whose rows are compared by their first column.
const REGISTERS: [&str; 9] = [
    "duties.csv",
    "approvals.csv",
    "articles.csv",
    "roles.csv",
    "templates.csv",
    "numbering.csv",
    "products.csv",
    "outcomes.csv",
    "scorecards.csv",
];

impl Difference {
    /// What `to` says differently from `from`, each as it rules on its own date.
    #[must_use]
    pub fn between(from: (&Pack, Date), to: (&Pack, Date)) -> Self {
        let (old, new) = (from.0.on(from.1), to.0.on(to.1));
        Self { tables: tables(old, new), parameters: parameters(old, new), registers: Vec::new() }
    }

    /// With the changes of the other registers, from the files of both versions.
    #[must_use]
    pub fn with_registers(mut self, from: &BTreeMap<String, String>, to: &BTreeMap<String, String>) -> Self {
        let (old, new) = (registers(from), registers(to));
        let keys: BTreeSet<_> = old.keys().chain(new.keys()).collect();
        for key in keys {
            let (before, after) = (old.get(key), new.get(key));
            if before == after {
                continue;
            }
            let cells = match (before, after) {
                (Some(before), Some(after)) => cells_of(before, after),
                (None, _) | (_, None) => Vec::new(),
            };
            let change = how(before.is_some(), after.is_some());
            self.registers.push(RegisterChange { file: key.0.clone(), id: key.1.clone(), change, cells });
        }
        self
    }

    /// Whether nothing changed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.tables.is_empty() && self.parameters.is_empty() && self.registers.is_empty()
    }

    /// The decisions that may say something else: their tables changed, or a parameter they look at, or a decision below.
    #[must_use]
    pub fn affected(&self, new: &Edition) -> Vec<String> {
        let mut found: BTreeSet<String> = self.tables.iter().map(|table| table.decision.clone()).collect();
        let parameters: BTreeSet<&str> = self.parameters.iter().map(|one| one.name.as_str()).collect();
        for decision in new.decisions() {
            if decision.parameters_used().iter().any(|name| parameters.contains(name.as_str())) {
                found.insert(decision.id().to_owned());
            }
        }
        // What an affected decision gives out, others look at.
        loop {
            let outputs: BTreeSet<String> = new
                .decisions()
                .filter(|one| found.contains(one.id()))
                .flat_map(|one| one.sheet().outputs.iter().map(|output| output.name.clone()))
                .collect();
            let more: Vec<String> = new
                .decisions()
                .filter(|one| !found.contains(one.id()) && one.facts().any(|fact| outputs.contains(fact)))
                .map(|one| one.id().to_owned())
                .collect();
            if more.is_empty() {
                return found.into_iter().collect();
            }
            found.extend(more);
        }
    }
}

fn how(before: bool, after: bool) -> Change {
    match (before, after) {
        (false, _) => Change::Added,
        (true, false) => Change::Removed,
        (true, true) => Change::Changed,
    }
}

fn tables(old: &Edition, new: &Edition) -> Vec<TableChange> {
    let by_id = |edition: &'_ Edition| -> BTreeSet<String> { edition.decisions().map(|d| d.id().to_owned()).collect() };
    let ids: BTreeSet<String> = by_id(old).into_iter().chain(by_id(new)).collect();
    let mut found = Vec::new();
    for id in ids {
        let (before, after) = (old.decision(&id).ok(), new.decision(&id).ok());
        let title = after.or(before).map(|decision| decision.sheet().title.clone()).unwrap_or_default();
        let (form, rows) = match (before, after) {
            (Some(before), Some(after)) => {
                let (before, after) = (before.sheet(), after.sheet());
                (form(before) != form(after) || before.hit != after.hit, row_changes(before, after))
            }
            (None, _) | (_, None) => (false, Vec::new()),
        };
        let change = how(before.is_some(), after.is_some());
        if change != Change::Changed || form || !rows.is_empty() {
            found.push(TableChange { decision: id, title, change, form, rows });
        }
    }
    found
}

/// The columns with their types and formulas.
fn form(sheet: &TableSheet) -> Vec<(String, String, String)> {
    let formula = |input: &crate::Input| input.formula.as_ref().map(|f| f.source().to_owned()).unwrap_or_default();
    let inputs = sheet.inputs.iter().map(|input| (input.name.clone(), input.kind.to_text(), formula(input)));
    let outputs = sheet.outputs.iter().map(|output| (output.name.clone(), output.kind.to_text(), String::new()));
    inputs.chain(outputs).collect()
}

/// The cells of a row by their columns.
fn row_cells(sheet: &TableSheet, row: &Row) -> Vec<(String, String)> {
    let mut cells = conditions(sheet, row);
    cells.extend(outcomes(sheet, row));
    cells.push(("article".to_owned(), row.article.clone()));
    cells
}

fn conditions(sheet: &TableSheet, row: &Row) -> Vec<(String, String)> {
    sheet.inputs.iter().zip(&row.texts).map(|(input, text)| (input.name.clone(), text.clone())).collect()
}

fn outcomes(sheet: &TableSheet, row: &Row) -> Vec<(String, String)> {
    sheet.outputs.iter().zip(&row.results).map(|(output, text)| (output.name.clone(), text.clone())).collect()
}

/// Rows that read alike stay where they are; between them, rows that share a label or a cell are one row changed.
fn row_changes(old: &TableSheet, new: &TableSheet) -> Vec<RowChange> {
    let (before, after): (Vec<_>, Vec<_>) = (
        old.rows.iter().map(|row| row_cells(old, row)).collect(),
        new.rows.iter().map(|row| row_cells(new, row)).collect(),
    );
    let told = |sheet: &TableSheet, at: usize, change: Change, cells: Vec<CellChange>| RowChange {
        row: at + 1,
        change,
        conditions: conditions(sheet, &sheet.rows[at]),
        outcomes: outcomes(sheet, &sheet.rows[at]),
        cells,
    };
    let mut found = Vec::new();
    for (olds, news) in blocks(&before, &after) {
        let mut left: Vec<usize> = olds.collect();
        for at in news {
            let alike = left.iter().position(|&other| {
                let (was, is) = (&old.rows[other], &new.rows[at]);
                let same_label = !is.label.is_empty() && was.label == is.label;
                same_label
                    || before[other].iter().zip(&after[at]).any(|(a, b)| a == b && a.1 != "-" && a.0 != "article")
            });
            match alike {
                Some(found_at) => {
                    let other = left.remove(found_at);
                    found.push(told(new, at, Change::Changed, cells_of(&before[other], &after[at])));
                }
                None => found.push(told(new, at, Change::Added, Vec::new())),
            }
        }
        found.extend(left.into_iter().map(|other| told(old, other, Change::Removed, Vec::new())));
    }
    found
}

fn cells_of(before: &[(String, String)], after: &[(String, String)]) -> Vec<CellChange> {
    let columns: Vec<&String> = after.iter().chain(before).map(|(column, _)| column).collect();
    let mut seen = BTreeSet::new();
    let value = |cells: &[(String, String)], column: &str| {
        cells.iter().find(|(name, _)| name == column).map(|(_, text)| text.clone()).unwrap_or_default()
    };
    let changed = |column: &String| {
        let (from, to) = (value(before, column), value(after, column));
        (from != to).then(|| CellChange { column: column.clone(), from, to })
    };
    columns.into_iter().filter(|column| seen.insert((*column).clone())).filter_map(changed).collect()
}

/// The stretches in which the two lists differ, between the longest run of rows that they have in common.
fn blocks<T: PartialEq>(old: &[T], new: &[T]) -> Vec<(std::ops::Range<usize>, std::ops::Range<usize>)> {
    let mut length = vec![vec![0u32; new.len() + 1]; old.len() + 1];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            length[i][j] =
                if old[i] == new[j] { length[i + 1][j + 1] + 1 } else { length[i + 1][j].max(length[i][j + 1]) };
        }
    }
    let (mut i, mut j) = (0, 0);
    let (mut from_i, mut from_j) = (0, 0);
    let mut found = Vec::new();
    while i < old.len() && j < new.len() {
        if old[i] == new[j] {
            if from_i < i || from_j < j {
                found.push((from_i..i, from_j..j));
            }
            (i, j) = (i + 1, j + 1);
            (from_i, from_j) = (i, j);
        } else if length[i + 1][j] >= length[i][j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    if from_i < old.len() || from_j < new.len() {
        found.push((from_i..old.len(), from_j..new.len()));
    }
    found
}

fn parameters(old: &Edition, new: &Edition) -> Vec<ParameterChange> {
    let names: BTreeSet<&str> = old.parameters().chain(new.parameters()).map(|one| one.name.as_str()).collect();
    let mut found = Vec::new();
    for name in names {
        let (before, after) = (old.parameter(name), new.parameter(name));
        let value = |one: Option<&Parameter>| one.map(|one| one.value.to_text());
        let article = match (before, after) {
            (Some(before), Some(after)) if before.article != after.article => {
                Some((before.article.clone(), after.article.clone()))
            }
            _ => None,
        };
        let (from, to) = (value(before), value(after));
        if from != to || article.is_some() {
            let title = after.or(before).map(|one| one.title.clone()).unwrap_or_default();
            found.push(ParameterChange { name: name.to_owned(), title, from, to, article });
        }
    }
    found
}

type Register = BTreeMap<(String, String), Vec<(String, String)>>;

/// The rows of all registers by file and key; of a key that stands in several layers or dates, all of them in order.
fn registers(files: &BTreeMap<String, String>) -> Register {
    let mut found = Register::new();
    for (path, text) in files {
        let Some((folder, name)) = path.split_once('/') else { continue };
        // The bands of a scorecard are its rows: the item and the cell together name one.
        let card = name.starts_with("scorecards/");
        if !REGISTERS.contains(&name) && !card {
            continue;
        }
        let sheet = Sheet::read(path, text, &mut Vec::new());
        let Some((head, rows)) = sheet.rows.split_first() else { continue };
        for row in rows {
            let cells = head.cells.iter().zip(&row.cells).skip(1);
            let cells = cells.map(|(column, text)| (column.clone(), text.clone()));
            let id = if card { format!("{} {}", row.cell(0), row.cell(6)) } else { row.cell(0).to_owned() };
            let key = (name.to_owned(), id);
            let entry: &mut Vec<(String, String)> = found.entry(key).or_default();
            entry.push(("pack".to_owned(), folder.to_owned()));
            entry.extend(cells);
        }
    }
    found
}

impl Decision {
    /// The parameters that its cells and formulas name, and those of the law's floor.
    #[must_use]
    pub fn parameters_used(&self) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        let tables = std::iter::once(&self.table).chain(self.floor.as_ref().map(|floor| &floor.table));
        for table in tables {
            for row in &table.sheet.rows {
                row.tests.iter().for_each(|tests| found.extend(tests.parameters().map(str::to_owned)));
                row.outputs.iter().flatten().for_each(|cell| {
                    if let crate::table::sheet::OutputCell::Formula(formula) = cell {
                        found.extend(formula.parameters().iter().cloned());
                    }
                });
            }
            for formula in table.sheet.inputs.iter().filter_map(|input| input.formula.as_ref()) {
                found.extend(formula.parameters().iter().cloned());
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_stretches_are_passed_over() {
        let same = blocks(&["a", "b", "c"], &["a", "b", "c"]);
        assert_eq!(same, []);
        assert_eq!(blocks(&["a", "b", "c"], &["a", "x", "c", "d"]), [(1..2, 1..2), (3..3, 3..4)]);
        assert_eq!(blocks(&["a", "b"], &["b"]), [(0..1, 0..0)]);
        assert_eq!(blocks::<&str>(&[], &["b"]), [(0..0, 0..1)]);
    }
}
