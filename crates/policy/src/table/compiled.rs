//! A table compiled for a date, and the decision it makes together with the floor of the law layer.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::evaluation::EvalError;
use super::index::Column;
use super::sheet::{HitPolicy, OutputCell, TableSheet, rank};
use crate::facts::Facts;
use crate::pack::Version;
use crate::problem::{Place, Problem, ProblemKind, nearest};
use crate::value::Value;

/// One table, its cells turned into slots and bit sets.
#[derive(Debug, Clone)]
pub(crate) struct Table {
    pub(crate) sheet: Arc<TableSheet>,
    /// The pack that the table comes from.
    pub(crate) layer: String,
    pub(crate) columns: Vec<Column>,
    /// Per input the position of its fact among `Decision::facts`; `None` for a computed input.
    sources: Vec<Option<usize>>,
}

/// The floor that the law layer puts under a decision.
#[derive(Debug, Clone)]
pub(crate) struct Floor {
    pub(crate) table: Table,
    /// The ordered output in the pack's table and in the law's.
    pub(crate) output: usize,
    pub(crate) law_output: usize,
}

/// A decision in force on a date (决策): the institution's table and the law's floor, ready to run.
#[derive(Debug, Clone)]
pub struct Decision {
    pub(crate) table: Table,
    pub(crate) floor: Option<Floor>,
    /// The facts it reads, and whether each may be unknown.
    pub(crate) facts: Vec<(String, bool)>,
    pub(crate) parameters: Arc<BTreeMap<String, Value>>,
    pub(crate) version: Arc<Version>,
}

/// The rows that hit (命中行), as positions in the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// The row that counts; for a collect table the first of them, if any.
    pub(crate) row: Option<u32>,
    /// Further rows of a collect table.
    pub(crate) more: Vec<u32>,
    /// The row of the law's floor that applies to the case, whether or not it is worse.
    pub(crate) floor: Option<u32>,
}

impl Table {
    /// Compiles a table with the parameters of a date; every cell that does not fit is a problem.
    pub(crate) fn compile(
        sheet: Arc<TableSheet>,
        layer: &str,
        parameters: &BTreeMap<String, Value>,
        problems: &mut Vec<Problem>,
    ) -> Option<Self> {
        let before = problems.len();
        let resolve = |name: &str| {
            parameters.get(name).cloned().ok_or_else(|| ProblemKind::UnknownParameter {
                name: name.to_owned(),
                nearest: nearest(name, parameters.keys().map(String::as_str)),
            })
        };
        let mut columns = Vec::new();
        for (index, input) in sheet.inputs.iter().enumerate() {
            let cells: Vec<_> = sheet.rows.iter().filter_map(|row| row.tests.get(index)).collect();
            match Column::compile(&input.kind, input.optional, &cells, &resolve) {
                Ok(column) => columns.push(column),
                Err(found) => {
                    for (row, kind) in found {
                        problems
                            .push(Problem::new(Place::cell(&sheet.file, sheet.rows[row].number, input.column), kind));
                    }
                }
            }
        }
        check_formulas(&sheet, &resolve, problems);
        (problems.len() == before).then(|| Self {
            sources: vec![None; columns.len()],
            layer: layer.to_owned(),
            sheet,
            columns,
        })
    }

    /// The slots of a case, one per input.
    #[inline]
    fn slots(
        &self,
        decision: &Decision,
        values: &[Option<&Value>],
        mut each: impl FnMut(&Column, usize),
    ) -> Result<(), EvalError> {
        for (index, (column, source)) in self.columns.iter().zip(&self.sources).enumerate() {
            let slot = match source {
                Some(fact) => column.slot(values[*fact]),
                None => {
                    let value = decision.computed(self, index, values)?;
                    column.slot(value.as_ref())
                }
            };
            let slot = slot.ok_or_else(|| decision.refusal(self, index, values))?;
            each(column, slot);
        }
        Ok(())
    }

    /// The first row that holds, in the order of precedence.
    #[inline]
    fn first(&self, decision: &Decision, values: &[Option<&Value>]) -> Result<Option<u32>, EvalError> {
        if self.sheet.rows.len() <= 64 {
            let mut rows = u64::MAX;
            self.slots(decision, values, |column, slot| rows &= column.mask(slot)[0])?;
            return Ok((rows != 0).then_some(rows.trailing_zeros()));
        }
        let rows = self.all(decision, values)?;
        Ok(rows.first().copied())
    }

    /// All rows that hold, in the order of precedence.
    fn all(&self, decision: &Decision, values: &[Option<&Value>]) -> Result<Vec<u32>, EvalError> {
        let mut rows = vec![u64::MAX; self.sheet.rows.len().div_ceil(64).max(1)];
        self.slots(decision, values, |column, slot| {
            for (row, mask) in rows.iter_mut().zip(column.mask(slot)) {
                *row &= mask;
            }
        })?;
        let held = |row: u32| rows[row as usize / 64] >> (row % 64) & 1 == 1;
        Ok((0..u32::try_from(self.sheet.rows.len()).unwrap_or(u32::MAX)).filter(|row| held(*row)).collect())
    }
}

fn check_formulas(
    sheet: &TableSheet,
    resolve: &dyn Fn(&str) -> Result<Value, ProblemKind>,
    problems: &mut Vec<Problem>,
) {
    let mut check = |names: &[String], place: Place| {
        for name in names {
            if let Err(kind) = resolve(name) {
                problems.push(Problem::new(place.clone(), kind));
            }
        }
    };
    for input in &sheet.inputs {
        if let Some(formula) = &input.formula {
            check(formula.parameters(), Place { file: sheet.file.clone(), row: None, column: Some(input.column) });
        }
    }
    for row in &sheet.rows {
        for (cell, output) in row.outputs.iter().zip(&sheet.outputs) {
            if let Some(OutputCell::Formula(formula)) = cell {
                check(formula.parameters(), Place::cell(&sheet.file, row.number, output.column));
            }
        }
    }
}

impl Decision {
    /// Puts a table and its floor together.
    pub(crate) fn new(
        mut table: Table,
        mut floor: Option<Floor>,
        parameters: Arc<BTreeMap<String, Value>>,
        version: Arc<Version>,
    ) -> Self {
        let mut facts: Vec<(String, bool)> = Vec::new();
        connect(&mut table, &mut facts);
        if let Some(floor) = &mut floor {
            connect(&mut floor.table, &mut facts);
        }
        // Facts of computed outputs are asked for only when their row hits: they may be unknown until then.
        let tables = std::iter::once(&table).chain(floor.as_ref().map(|floor| &floor.table));
        let mut computed = Vec::new();
        for row in tables.flat_map(|table| &table.sheet.rows) {
            for cell in &row.outputs {
                if let Some(OutputCell::Formula(formula)) = cell {
                    computed.extend(formula.facts().iter().cloned());
                }
            }
        }
        for fact in computed {
            need(&mut facts, &fact, true);
        }
        Self { table, floor, facts, parameters, version }
    }

    /// Its id, such as `asset_class`.
    pub fn id(&self) -> &str {
        &self.table.sheet.decision
    }

    /// The table as written, for pages that show it.
    pub fn sheet(&self) -> &TableSheet {
        &self.table.sheet
    }

    /// The floor of the law layer as written, if there is one.
    pub fn law(&self) -> Option<&TableSheet> {
        self.floor.as_ref().map(|floor| &*floor.table.sheet)
    }

    /// The pack and version that decides.
    pub fn version(&self) -> &Version {
        &self.version
    }

    /// The facts it reads, in the order in which [`Decision::hit`] takes them.
    pub fn facts(&self) -> impl Iterator<Item = &str> {
        self.facts.iter().map(|(name, _)| name.as_str())
    }

    /// The fast path: which rows hit, for values in the order of [`Decision::facts`]; `None` is an unknown fact.
    ///
    /// # Errors
    /// [`EvalError::MissingFact`], [`EvalError::WrongFact`], [`EvalError::NoRow`], [`EvalError::Formula`].
    #[inline]
    pub fn hit(&self, values: &[Option<&Value>]) -> Result<Hit, EvalError> {
        if values.len() < self.facts.len() {
            let fact = self.facts.get(values.len()).map(|(name, _)| name.clone()).unwrap_or_default();
            return Err(EvalError::MissingFact { decision: self.id().to_owned(), fact });
        }
        let floor = match &self.floor {
            Some(floor) => floor.table.first(self, values)?,
            None => None,
        };
        if self.table.sheet.hit == HitPolicy::Collect {
            let mut rows = self.table.all(self, values)?.into_iter();
            return Ok(Hit { row: rows.next(), more: rows.collect(), floor });
        }
        match self.table.first(self, values)? {
            Some(row) => Ok(Hit { row: Some(row), more: Vec::new(), floor }),
            None => Err(EvalError::NoRow { decision: self.id().to_owned() }),
        }
    }

    /// The value of an output after a hit, the law's where it is worse; `None` for a cell of `-` or a formula
    /// ([`Decision::evaluate`] computes those).
    pub fn outcome(&self, hit: &Hit, output: usize) -> Option<&Value> {
        if self.floor_wins(hit) && self.floor.as_ref().is_some_and(|floor| floor.output == output) {
            let floor = self.floor.as_ref()?;
            return literal(&floor.table, hit.floor?, floor.law_output);
        }
        literal(&self.table, hit.row?, output)
    }

    /// Whether the law's outcome is worse than the pack's.
    ///
    /// Rule `policy.law_floor`: of an ordered outcome the worse of law and pack holds.
    pub(crate) fn floor_wins(&self, hit: &Hit) -> bool {
        let (Some(floor), Some(law_row)) = (&self.floor, hit.floor) else {
            return false;
        };
        let Some(law) = literal(&floor.table, law_row, floor.law_output) else {
            return false;
        };
        let kind = &self.table.sheet.outputs[floor.output].kind;
        match hit.row.and_then(|row| literal(&self.table, row, floor.output)) {
            Some(own) => rank(kind, law) > rank(kind, own),
            None => true,
        }
    }

    /// The values of a case in the order of [`Decision::facts`].
    pub fn values<'a>(&self, facts: &'a Facts) -> Vec<Option<&'a Value>> {
        self.facts.iter().map(|(name, _)| facts.get(name)).collect()
    }

    /// Computes an input of a table.
    pub(crate) fn computed(
        &self,
        table: &Table,
        input: usize,
        values: &[Option<&Value>],
    ) -> Result<Option<Value>, EvalError> {
        let written = &table.sheet.inputs[input];
        let Some(formula) = &written.formula else {
            return Ok(None);
        };
        if written.optional && formula.facts().iter().any(|name| self.value(name, values).is_none()) {
            return Ok(None);
        }
        for name in formula.facts() {
            if self.value(name, values).is_none() {
                return Err(EvalError::MissingFact { decision: self.id().to_owned(), fact: name.clone() });
            }
        }
        let found = formula.evaluate(
            &|name| self.value(name, values),
            &|name| self.parameters.get(name).cloned(),
            &written.kind,
        );
        found.map(Some).map_err(|detail| EvalError::Formula {
            decision: self.id().to_owned(),
            formula: formula.source().to_owned(),
            detail,
        })
    }

    pub(crate) fn value<'v>(&self, name: &str, values: &[Option<&'v Value>]) -> Option<&'v Value> {
        let index = self.facts.iter().position(|(known, _)| known == name)?;
        values.get(index).copied().flatten()
    }

    /// Why a value has no slot.
    #[cold]
    fn refusal(&self, table: &Table, input: usize, values: &[Option<&Value>]) -> EvalError {
        let written = &table.sheet.inputs[input];
        match self.value(&written.name, values) {
            None => EvalError::MissingFact { decision: self.id().to_owned(), fact: written.name.clone() },
            Some(value) => EvalError::WrongFact {
                decision: self.id().to_owned(),
                fact: written.name.clone(),
                expected: written.kind.to_text(),
                found: value.to_text(),
            },
        }
    }
}

/// A literal output of a row.
fn literal(table: &Table, row: u32, output: usize) -> Option<&Value> {
    match table.sheet.rows.get(row as usize)?.outputs.get(output)? {
        Some(OutputCell::Literal(value)) => Some(value),
        Some(OutputCell::Formula(_)) | None => None,
    }
}

/// Gives every input of the table its fact's position.
fn connect(table: &mut Table, facts: &mut Vec<(String, bool)>) {
    for (input, source) in table.sheet.inputs.iter().zip(&mut table.sources) {
        match &input.formula {
            None => *source = Some(need(facts, &input.name, input.optional)),
            Some(formula) => {
                for name in formula.facts() {
                    need(facts, name, input.optional);
                }
            }
        }
    }
}

fn need(facts: &mut Vec<(String, bool)>, name: &str, optional: bool) -> usize {
    if let Some(index) = facts.iter().position(|(known, _)| known == name) {
        facts[index].1 &= optional;
        return index;
    }
    facts.push((name.to_owned(), optional));
    facts.len() - 1
}
