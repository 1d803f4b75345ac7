//! What a compiled table must not have: gaps, overlaps, rows that can never take effect.

use std::collections::BTreeMap;

use super::compiled::Table;
use super::index::{Column, Search};
use super::sheet::HitPolicy;
use crate::problem::{Place, Problem, ProblemKind};

/// The tables checked so far, each as it was compiled: most stand in every edition as in the one before.
#[derive(Debug, Default)]
pub(crate) struct Checked(BTreeMap<String, Vec<Column>>);

impl Checked {
    /// Checks a compiled table unless it was checked so, under the same file and with the same columns.
    pub(crate) fn check(&mut self, table: &Table, complete: bool, problems: &mut Vec<Problem>) {
        if self.0.get(&table.sheet.file) != Some(&table.columns) {
            check(table, complete, problems);
            self.0.insert(table.sheet.file.clone(), table.columns.clone());
        }
    }
}

/// Checks a compiled table. `complete` says whether inputs that no row covers are a problem: a floor of the law
/// layer may leave cases to the pack, and a collect table may find nothing.
fn check(table: &Table, complete: bool, problems: &mut Vec<Problem>) {
    if complete && table.sheet.hit != HitPolicy::Collect {
        gaps(table, problems);
    }
    if table.sheet.hit == HitPolicy::Unique {
        overlaps(table, problems);
    }
    unreachable(table, problems);
}

fn gaps(table: &Table, problems: &mut Vec<Problem>) {
    let file = &table.sheet.file;
    let place = || match table.sheet.rows.iter().map(|row| row.number).max() {
        // A missing row has no place of its own: the message points behind the last one.
        Some(last) => Place::row(file, last + 1),
        None => Place::file(file),
    };
    match Search::gaps(&table.columns, all_rows(table)) {
        Ok(found) => {
            for combination in found {
                let inputs = describe(table, &combination);
                let kind = ProblemKind::Gap { decision: table.sheet.decision.clone(), inputs };
                problems.push(Problem::new(place(), kind));
            }
        }
        Err(()) => problems.push(too_intricate(table)),
    }
}

fn overlaps(table: &Table, problems: &mut Vec<Problem>) {
    let rows = &table.sheet.rows;
    for later in 0..rows.len() {
        for earlier in 0..later {
            let common: Vec<Vec<usize>> = table
                .columns
                .iter()
                .map(|column| {
                    (0..column.slots())
                        .filter(|slot| column.holds(*slot, earlier) && column.holds(*slot, later))
                        .collect()
                })
                .collect();
            if common.iter().all(|slots: &Vec<usize>| !slots.is_empty()) {
                let kind = ProblemKind::Overlap {
                    other_row: rows[earlier].number.to_string(),
                    inputs: describe(table, &common),
                };
                problems.push(Problem::new(Place::row(&table.sheet.file, rows[later].number), kind));
            }
        }
    }
}

fn unreachable(table: &Table, problems: &mut Vec<Problem>) {
    let rows = &table.sheet.rows;
    for (row, written) in rows.iter().enumerate() {
        let dead = table.columns.iter().position(|column| !(0..column.slots()).any(|slot| column.holds(slot, row)));
        if let Some(column) = dead {
            let place = Place::cell(&table.sheet.file, written.number, table.sheet.inputs[column].column);
            problems.push(Problem::new(place, ProblemKind::Unreachable { covered_by: String::new() }));
            continue;
        }
        if !matches!(table.sheet.hit, HitPolicy::First | HitPolicy::Priority) {
            continue;
        }
        let mut earlier = all_rows(table);
        for (word, bits) in earlier.iter_mut().enumerate() {
            *bits &= match (row / 64).cmp(&word) {
                std::cmp::Ordering::Greater => u64::MAX,
                std::cmp::Ordering::Equal => (1u64 << (row % 64)) - 1,
                std::cmp::Ordering::Less => 0,
            };
        }
        match Search::covers(&table.columns, earlier, row) {
            Ok(true) => {
                let touching: Vec<String> = (0..row)
                    .filter(|other| {
                        table.columns.iter().all(|column| {
                            (0..column.slots()).any(|slot| column.holds(slot, *other) && column.holds(slot, row))
                        })
                    })
                    .map(|other| rows[other].number.to_string())
                    .collect();
                let kind = ProblemKind::Unreachable { covered_by: touching.join(", ") };
                problems.push(Problem::new(Place::row(&table.sheet.file, written.number), kind));
            }
            Ok(false) => {}
            Err(()) => {
                problems.push(too_intricate(table));
                return;
            }
        }
    }
}

fn all_rows(table: &Table) -> Vec<u64> {
    let count = table.sheet.rows.len();
    (0..count.div_ceil(64).max(1))
        .map(|word| match count.saturating_sub(word * 64) {
            64.. => u64::MAX,
            left => (1u64 << left) - 1,
        })
        .collect()
}

/// The combination in words, leaving out inputs whose every value is meant.
fn describe(table: &Table, combination: &[Vec<usize>]) -> String {
    let mut parts = Vec::new();
    for ((slots, column), input) in combination.iter().zip(&table.columns).zip(&table.sheet.inputs) {
        if slots.len() < column.slots() {
            parts.push(format!("{} = {}", input.name, column.describe(slots)));
        }
    }
    if parts.is_empty() { "any input".to_owned() } else { parts.join("; ") }
}

fn too_intricate(table: &Table) -> Problem {
    let kind = ProblemKind::Unreadable {
        found: table.sheet.decision.clone(),
        detail: "the table is too intricate to be checked; split it".to_owned(),
    };
    Problem::new(Place::file(&table.sheet.file), kind)
}
