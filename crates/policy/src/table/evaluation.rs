//! A decision explained: outputs, rows hit, inputs, articles, version, and the rows that missed by least.

use serde_json::{Map, Value as Json, json};
use thiserror::Error;

use super::compiled::{Decision, Hit, Table};
use super::sheet::{HitPolicy, OutputCell};
use crate::facts::{Facts, Title};
use crate::pack::Version;
use crate::value::Value;

/// Why a decision cannot be made (无法决策).
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum EvalError {
    /// No pack of the stack knows the decision.
    #[error("there is no decision {decision}")]
    UnknownDecision {
        /// The decision asked for.
        decision: String,
    },
    /// The decision exists, but no rule is in force on the date: people decide, or an imported outcome stands.
    #[error("no rule for {decision} is in force on {on}")]
    NoRule {
        /// The decision asked for.
        decision: String,
        /// The date asked for.
        on: String,
    },
    /// A fact that must be known is not.
    #[error("{decision} needs the fact {fact}")]
    MissingFact {
        /// The decision asked for.
        decision: String,
        /// The fact.
        fact: String,
    },
    /// A fact of the wrong type or outside its domain.
    #[error("{decision}: the fact {fact} must be {expected}, not {found}")]
    WrongFact {
        /// The decision asked for.
        decision: String,
        /// The fact.
        fact: String,
        /// Its type.
        expected: String,
        /// What was given.
        found: String,
    },
    /// No row holds.
    #[error("no row of {decision} holds")]
    NoRow {
        /// The decision asked for.
        decision: String,
    },
    /// A formula failed, for example by an overflow.
    #[error("{decision}: {formula} cannot be computed: {detail}")]
    Formula {
        /// The decision asked for.
        decision: String,
        /// The formula.
        formula: String,
        /// What went wrong.
        detail: String,
    },
}

impl EvalError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::UnknownDecision { .. } => "unknown_decision",
            Self::NoRule { .. } => "no_rule",
            Self::MissingFact { .. } => "missing_fact",
            Self::WrongFact { .. } => "wrong_fact",
            Self::NoRow { .. } => "no_row",
            Self::Formula { .. } => "formula",
        }
    }

    /// The facts of the refusal by name.
    pub fn fields(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::UnknownDecision { decision } | Self::NoRow { decision } => vec![("decision", decision.clone())],
            Self::NoRule { decision, on } => vec![("decision", decision.clone()), ("on", on.clone())],
            Self::MissingFact { decision, fact } => vec![("decision", decision.clone()), ("fact", fact.clone())],
            Self::WrongFact { decision, fact, expected, found } => vec![
                ("decision", decision.clone()),
                ("fact", fact.clone()),
                ("expected", expected.clone()),
                ("found", found.clone()),
            ],
            Self::Formula { decision, formula, detail } => {
                vec![("decision", decision.clone()), ("formula", formula.clone()), ("detail", detail.clone())]
            }
        }
    }
}

/// An input as the decision saw it (输入).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputValue {
    /// The fact or computed input.
    pub name: String,
    /// Its value; `None` when unknown.
    pub value: Option<Value>,
    /// The formula, when it was computed.
    pub formula: Option<String>,
}

/// A row that hit (命中行).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowHit {
    /// The pack it comes from.
    pub pack: String,
    /// The file.
    pub file: String,
    /// The row in the file, from 1.
    pub row: u32,
    /// The label of the row.
    pub label: String,
    /// Its article; several with `|`.
    pub article: String,
    /// Its note.
    pub note: Title,
}

/// The law put a worse outcome in place of the pack's (法律底线).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FloorApplied {
    /// The output.
    pub output: String,
    /// What the pack alone would say; `None` when it says nothing.
    pub pack: Option<Value>,
    /// What the law says, and what holds.
    pub law: Value,
    /// The row of the law layer.
    pub row: RowHit,
}

/// A cell that kept a row from hitting (未满足条件).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailingCell {
    /// The input.
    pub input: String,
    /// The cell as written.
    pub cell: String,
    /// The value it was compared with.
    pub value: Option<Value>,
    /// The cell as a spreadsheet names it.
    pub reference: String,
}

/// A row that missed by fewest cells (最接近的未命中行).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissedRow {
    /// The row.
    pub row: RowHit,
    /// The cells that failed.
    pub failing: Vec<FailingCell>,
}

/// A decision with everything it rests on (决策结果).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evaluation {
    /// The decision.
    pub decision: String,
    /// The rule id.
    pub rule: String,
    /// What people call the decision.
    pub title: Title,
    /// The pack and version that decided.
    pub version: Version,
    /// The inputs.
    pub inputs: Vec<InputValue>,
    /// The outputs, one list per row that hit: exactly one unless the table collects.
    pub outputs: Vec<Vec<(String, Option<Value>)>>,
    /// The rows that hit, in the order of `outputs`.
    pub rows: Vec<RowHit>,
    /// Present when the law outranked the pack.
    pub floor: Option<FloorApplied>,
    /// The articles of all of it.
    pub articles: Vec<String>,
    /// The nearest rows that did not hit, at most three.
    pub missed: Vec<MissedRow>,
    /// Rows that would have counted instead, or as well, if facts now unknown were as they ask (待补证据).
    pub pending: Vec<MissedRow>,
}

/// The inputs of a case: value, and slot in the column.
type Slotted = Vec<(Option<Value>, Option<usize>)>;

/// How many of the nearest missed rows are told.
const NEAREST: usize = 3;

impl Evaluation {
    /// The value of an output of the row that counts.
    pub fn output(&self, name: &str) -> Option<&Value> {
        self.outputs.first()?.iter().find(|(known, _)| known == name)?.1.as_ref()
    }

    /// The text of an output of the row that counts.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.output(name)?.as_text()
    }

    /// The number of an output of the row that counts.
    pub fn integer(&self, name: &str) -> Option<i64> {
        self.output(name)?.as_integer()
    }

    /// The facts whose being unknown kept rows from counting: the evidence to ask for (待补证据).
    pub fn evidence_missing(&self) -> Vec<&str> {
        let mut names: Vec<&str> =
            self.pending.iter().flat_map(|row| &row.failing).map(|cell| cell.input.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// As JSON, for the command line, the API and the stored decision.
    pub fn to_json(&self) -> Json {
        let value = |value: &Option<Value>| value.as_ref().map_or(Json::Null, Value::to_json);
        let row = |row: &RowHit| {
            json!({
                "pack": row.pack, "file": row.file, "row": row.row, "label": row.label, "article": row.article,
                "note_zh": row.note.zh, "note_en": row.note.en,
            })
        };
        let outputs = |outputs: &Vec<(String, Option<Value>)>| {
            Json::Object(outputs.iter().map(|(name, found)| (name.clone(), value(found))).collect::<Map<_, _>>())
        };
        let inputs: Vec<Json> = self
            .inputs
            .iter()
            .map(|input| json!({"name": input.name, "value": value(&input.value), "formula": input.formula}))
            .collect();
        let rows = |rows: &[MissedRow]| -> Vec<Json> {
            let cell = |cell: &FailingCell| json!({"input": cell.input, "cell": cell.cell, "value": value(&cell.value), "at": cell.reference});
            let failing = |missed: &MissedRow| missed.failing.iter().map(cell).collect::<Vec<Json>>();
            rows.iter().map(|missed| json!({"row": row(&missed.row), "failing": failing(missed)})).collect()
        };
        let floor = self.floor.as_ref().map(|floor| {
            json!({
                "output": floor.output, "pack": value(&floor.pack), "law": floor.law.to_json(), "row": row(&floor.row),
            })
        });
        json!({
            "decision": self.decision,
            "rule": self.rule,
            "title_zh": self.title.zh,
            "title_en": self.title.en,
            "version": self.version.to_json(),
            "inputs": inputs,
            "outputs": self.outputs.iter().map(outputs).collect::<Vec<Json>>(),
            "rows": self.rows.iter().map(row).collect::<Vec<Json>>(),
            "floor": floor,
            "articles": self.articles,
            "missed": rows(&self.missed),
            "pending": rows(&self.pending),
        })
    }
}

impl Decision {
    /// Decides and explains.
    ///
    /// # Errors
    /// As [`Decision::hit`].
    pub fn evaluate(&self, facts: &Facts) -> Result<Evaluation, EvalError> {
        let values = self.values(facts);
        let hit = self.hit(&values)?;
        self.explain(&values, &hit)
    }

    /// Explains a hit.
    ///
    /// # Errors
    /// [`EvalError::Formula`] or [`EvalError::MissingFact`] when an output is a formula that cannot be computed.
    pub fn explain(&self, values: &[Option<&Value>], hit: &Hit) -> Result<Evaluation, EvalError> {
        let hits: Vec<u32> = hit.row.into_iter().chain(hit.more.iter().copied()).collect();
        let mut outputs = hits
            .iter()
            .map(|row| self.row_outputs(&self.table, *row, values))
            .collect::<Result<Vec<_>, EvalError>>()?;
        let rows: Vec<RowHit> = hits.iter().map(|row| row_hit(&self.table, *row as usize)).collect();
        let floor = self.floor_applied(hit);
        if let (Some(applied), Some(first)) = (&floor, outputs.first_mut()) {
            for (_, value) in first.iter_mut().filter(|(name, _)| *name == applied.output) {
                *value = Some(applied.law.clone());
            }
        }
        let cited = rows.iter().chain(floor.iter().map(|floor| &floor.row));
        let mut articles: Vec<String> = cited.flat_map(|row| crate::parameter::list(&row.article)).collect();
        let mut seen = std::collections::BTreeSet::new();
        articles.retain(|article| seen.insert(article.clone()));
        let (missed, pending) = self.other_rows(values, &hits)?;
        Ok(Evaluation {
            decision: self.id().to_owned(),
            rule: self.table.sheet.rule.clone(),
            title: self.table.sheet.title.clone(),
            version: (*self.version).clone(),
            inputs: self.input_values(values)?,
            outputs,
            rows,
            floor,
            articles,
            missed,
            pending,
        })
    }

    /// All outputs of the row that counts, formulas computed and the law's floor in place; empty when no row of a
    /// collecting table hit.
    pub(crate) fn outputs(&self, hit: &Hit, values: &[Option<&Value>]) -> Result<Vec<Option<Value>>, EvalError> {
        let Some(row) = hit.row else { return Ok(Vec::new()) };
        let mut found: Vec<Option<Value>> =
            self.row_outputs(&self.table, row, values)?.into_iter().map(|(_, value)| value).collect();
        if self.floor_wins(hit)
            && let Some(floor) = &self.floor
            && let Some(cell) = found.get_mut(floor.output)
        {
            *cell = self.outcome(hit, floor.output).cloned();
        }
        Ok(found)
    }

    fn row_outputs(
        &self,
        table: &Table,
        row: u32,
        values: &[Option<&Value>],
    ) -> Result<Vec<(String, Option<Value>)>, EvalError> {
        let written = &table.sheet.rows[row as usize];
        let mut found = Vec::new();
        for (cell, output) in written.outputs.iter().zip(&table.sheet.outputs) {
            let value = match cell {
                None => None,
                Some(OutputCell::Literal(value)) => Some(value.clone()),
                Some(OutputCell::Formula(formula)) => {
                    let computed = formula.evaluate(
                        &|name| self.value(name, values),
                        &|name| self.parameters.get(name).cloned(),
                        &output.kind,
                    );
                    Some(computed.map_err(|detail| EvalError::Formula {
                        decision: self.id().to_owned(),
                        formula: formula.source().to_owned(),
                        detail,
                    })?)
                }
            };
            found.push((output.name.clone(), value));
        }
        Ok(found)
    }

    fn floor_applied(&self, hit: &Hit) -> Option<FloorApplied> {
        if !self.floor_wins(hit) {
            return None;
        }
        let (floor, row) = (self.floor.as_ref()?, hit.floor?);
        let without_law = Hit { floor: None, ..hit.clone() };
        Some(FloorApplied {
            output: self.table.sheet.outputs[floor.output].name.clone(),
            pack: self.outcome(&without_law, floor.output).cloned(),
            law: self.outcome(hit, floor.output)?.clone(),
            row: row_hit(&floor.table, row as usize),
        })
    }

    /// All inputs: of the table and, where it looks at others, of the floor; then the facts of formulas.
    fn input_values(&self, values: &[Option<&Value>]) -> Result<Vec<InputValue>, EvalError> {
        let mut found: Vec<InputValue> = Vec::new();
        let tables = std::iter::once(&self.table).chain(self.floor.as_ref().map(|floor| &floor.table));
        for table in tables {
            for (index, input) in table.sheet.inputs.iter().enumerate() {
                if found.iter().any(|known| known.name == input.name) {
                    continue;
                }
                let value = match &input.formula {
                    Some(_) => self.computed(table, index, values)?,
                    None => self.value(&input.name, values).cloned(),
                };
                let formula = input.formula.as_ref().map(|formula| formula.source().to_owned());
                found.push(InputValue { name: input.name.clone(), value, formula });
            }
        }
        for ((name, _), value) in self.facts.iter().zip(values) {
            if !found.iter().any(|known| known.name == *name) {
                found.push(InputValue { name: name.clone(), value: value.cloned(), formula: None });
            }
        }
        Ok(found)
    }

    /// The inputs of a case with their slots.
    fn slotted(&self, values: &[Option<&Value>]) -> Result<Slotted, EvalError> {
        let mut found = Vec::with_capacity(self.table.sheet.inputs.len());
        for (index, input) in self.table.sheet.inputs.iter().enumerate() {
            let value = match &input.formula {
                Some(_) => self.computed(&self.table, index, values)?,
                None => self.value(&input.name, values).cloned(),
            };
            let slot = self.table.columns[index].slot(value.as_ref());
            found.push((value, slot));
        }
        Ok(found)
    }

    /// The rows that missed by fewest cells, and those that only unknown facts kept from counting.
    fn other_rows(
        &self,
        values: &[Option<&Value>],
        hits: &[u32],
    ) -> Result<(Vec<MissedRow>, Vec<MissedRow>), EvalError> {
        let sheet = &self.table.sheet;
        let inputs = self.slotted(values)?;
        let anchor = hits.first().map_or(0, |hit| *hit as usize);
        let mut missed: Vec<(usize, usize)> = Vec::new();
        for row in (0..sheet.rows.len()).filter(|row| !hits.iter().any(|hit| *hit as usize == *row)) {
            let failing = self.failing_cells(&inputs, row).count();
            if failing > 0 {
                missed.push((failing, row));
            }
        }
        let least = missed.iter().map(|(failing, _)| *failing).min();
        missed.retain(|(failing, _)| Some(*failing) == least);
        // Of rows that missed by as many cells, those next to the row that hit say most.
        missed.sort_by_key(|(_, row)| row.abs_diff(anchor));
        missed.truncate(NEAREST);
        let waiting = self.waiting_rows(&inputs, hits, &|index| inputs[index].0.is_none());
        let told = |row: usize| MissedRow {
            row: row_hit(&self.table, row),
            failing: self
                .failing_cells(&inputs, row)
                .map(|index| FailingCell {
                    input: sheet.inputs[index].name.clone(),
                    cell: sheet.rows[row].texts[index].clone(),
                    value: inputs[index].0.clone(),
                    reference: crate::problem::Place::cell("", sheet.rows[row].number, sheet.inputs[index].column)
                        .reference(),
                })
                .collect(),
        };
        Ok((missed.into_iter().map(|(_, row)| told(row)).collect(), waiting.into_iter().map(told).collect()))
    }

    /// The rows that would count instead, or as well, if their failing inputs, all of them open, turned out as asked.
    fn waiting_rows(&self, inputs: &Slotted, hits: &[u32], open: &dyn Fn(usize) -> bool) -> Vec<usize> {
        let sheet = &self.table.sheet;
        let anchor = hits.first().map_or(usize::MAX, |hit| *hit as usize);
        let waits = |row: usize| {
            // A later row of a first or priority table would not count even if it held; nor does a row wait that
            // asks for the fact to be unknown or to be what no value is.
            let outranked = matches!(sheet.hit, HitPolicy::First | HitPolicy::Priority) && row > anchor;
            !outranked
                && self.failing_cells(inputs, row).next().is_some()
                && self.failing_cells(inputs, row).all(|index| open(index) && self.table.columns[index].can_hold(row))
        };
        (0..sheet.rows.len()).filter(|row| waits(*row)).collect()
    }

    /// The facts, open by the caller's word, on which it depends whether another row would count, and those from
    /// which the outputs of the row that counts are computed.
    pub(crate) fn waiting(
        &self,
        values: &[Option<&Value>],
        hit: &Hit,
        open: &dyn Fn(&str) -> bool,
    ) -> Result<Vec<String>, EvalError> {
        let sheet = &self.table.sheet;
        let inputs = self.slotted(values)?;
        let hits: Vec<u32> = hit.row.into_iter().chain(hit.more.iter().copied()).collect();
        let facts = |index: usize| -> Vec<String> {
            let input = &sheet.inputs[index];
            input.formula.as_ref().map_or_else(|| vec![input.name.clone()], |formula| formula.facts().to_vec())
        };
        let open_input = |index: usize| facts(index).iter().any(|name| open(name));
        let rows = self.waiting_rows(&inputs, &hits, &open_input);
        let mut names: Vec<String> =
            rows.into_iter().flat_map(|row| self.failing_cells(&inputs, row).flat_map(&facts)).collect();
        for row in &hits {
            for cell in &sheet.rows[*row as usize].outputs {
                if let Some(OutputCell::Formula(formula)) = cell {
                    names.extend(formula.facts().iter().cloned());
                }
            }
        }
        Ok(names)
    }

    fn failing_cells<'a>(&'a self, inputs: &'a Slotted, row: usize) -> impl Iterator<Item = usize> + 'a {
        let holds = move |index: usize| inputs[index].1.is_some_and(|slot| self.table.columns[index].holds(slot, row));
        (0..inputs.len()).filter(move |index| !holds(*index))
    }
}

fn row_hit(table: &Table, row: usize) -> RowHit {
    let written = &table.sheet.rows[row];
    RowHit {
        pack: table.layer.clone(),
        file: table.sheet.file.clone(),
        row: written.number,
        label: written.label.clone(),
        article: written.article.clone(),
        note: written.note.clone(),
    }
}
