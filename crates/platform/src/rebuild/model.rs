//! What rebuilding is made of: rebuilders, their batches, and the rows that differ.

#![deny(clippy::wildcard_enum_match_arm)]

use crate::db::Value;
use crate::error::ActionError;
use crate::event::BoxFuture;
use crate::work::Work;

/// Whether a rebuilder only compares (重建方式).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Compares and writes nothing.
    Verify,
    /// Writes what differs.
    Write,
}

/// A kept row that is not what the facts say (不符之处).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The table.
    pub table: &'static str,
    /// The row, by its key in words.
    pub row: String,
    /// The column; `row` where the whole row is missing or too many.
    pub column: String,
    /// What is kept.
    pub kept: String,
    /// What the facts say.
    pub computed: String,
}

impl Difference {
    /// A row that is missing.
    #[must_use]
    pub fn missing(table: &'static str, row: String) -> Self {
        Self { table, row, column: "row".to_owned(), kept: "missing".to_owned(), computed: "one row".to_owned() }
    }

    /// A row too many.
    #[must_use]
    pub fn surplus(table: &'static str, row: String) -> Self {
        Self { table, row, column: "row".to_owned(), kept: "one row".to_owned(), computed: "none".to_owned() }
    }

    /// One for every column in which two rows differ; absence equals absence of any type.
    #[must_use]
    pub fn between(table: &'static str, row: &str, columns: &[&str], kept: &[Value], computed: &[Value]) -> Vec<Self> {
        let pairs = columns.iter().zip(kept.iter().zip(computed));
        pairs
            .filter(|(_, (kept, computed))| !same(kept, computed))
            .map(|(column, (kept, computed))| Self {
                table,
                row: row.to_owned(),
                column: (*column).to_owned(),
                kept: shown(kept),
                computed: shown(computed),
            })
            .collect()
    }
}

fn same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Null(_), Value::Null(_)) => true,
        (Value::Int(_) | Value::Text(_) | Value::Bytes(_) | Value::Null(_), _) => left == right,
    }
}

/// Amounts, dates and codes as they are; long texts by their length.
fn shown(value: &Value) -> String {
    match value {
        Value::Null(_) => "nothing".to_owned(),
        Value::Int(i) => i.to_string(),
        Value::Text(text) if text.len() <= 64 => text.clone(),
        Value::Text(_) | Value::Bytes(_) => value.describe(),
    }
}

/// What a batch found (批次结果).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RebuildBatch {
    /// Where the next batch begins; `None`: this rebuilder is through.
    pub last: Option<i64>,
    /// Things compared.
    pub considered: u64,
    /// Things that cannot be judged, because what they were computed with is no longer kept.
    pub unjudged: u64,
    /// What differs.
    pub differences: Vec<Difference>,
}

/// Computes caches anew from the facts (重建器), offered by a capability.
pub trait Rebuilder: Send + Sync {
    /// Its name, stable.
    fn name(&self) -> &'static str;

    /// Its place among all rebuilders: a cache of a cache comes after it.
    fn order(&self) -> i32;

    /// How many things it expects to compare; 0 when it does not know.
    fn expected<'a>(&'a self, work: &'a mut Work) -> BoxFuture<'a, Result<u64, ActionError>> {
        let _ = work;
        Box::pin(async { Ok(0) })
    }

    /// Works on what lies behind `after` (−1 at the start), as much as fits one transaction well.
    fn batch<'a>(
        &'a self,
        work: &'a mut Work,
        after: i64,
        mode: Mode,
    ) -> BoxFuture<'a, Result<RebuildBatch, ActionError>>;
}

/// How far it is (重建进度), told after every batch.
#[derive(Debug)]
pub struct Progress<'a> {
    /// The rebuilder at work.
    pub name: &'static str,
    /// Things it expects.
    pub expected: u64,
    /// Things compared so far.
    pub considered: u64,
    /// What this batch found.
    pub differences: &'a [Difference],
}

/// What came of it (重建结果).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Found {
    /// Things compared.
    pub considered: u64,
    /// Things that cannot be judged.
    pub unjudged: u64,
    /// Rows and columns that differed.
    pub differing: u64,
}
