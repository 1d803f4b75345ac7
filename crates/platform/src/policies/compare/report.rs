//! The report of a comparison: matrices, sums and duties, as kept and shown.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// What a subject is called that the rules cannot decide (无法判断).
pub const UNDECIDED: &str = "undecided";

/// What a draft would do (对比报告).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Report {
    /// The dates looked at, today first.
    pub dates: Vec<DateReport>,
    /// Decisions that may change but whose facts no capability has at hand.
    pub not_at_hand: Vec<String>,
    /// Duties a month by rule, where the rule changed.
    pub duties: Vec<DutyEffect>,
    /// Whether more subjects change than are listed.
    pub cut: bool,
}

/// The book as of one date (截至某日).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DateReport {
    /// The date.
    pub on: Date,
    /// One a source of subjects.
    pub sources: Vec<SourceReport>,
}

/// The subjects of one source (一类对象).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceReport {
    /// The source.
    pub source: String,
    /// The message with what is counted.
    pub title: String,
    /// How many subjects.
    pub count: i64,
    /// Their money, in fen.
    pub amount_fen: i64,
    /// One a decision that could be compared.
    pub decisions: Vec<Matrix>,
    /// What follows for all of them.
    pub effects: Vec<EffectSum>,
}

/// Outcomes from and to (迁徙矩阵).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Matrix {
    /// The decision.
    pub decision: String,
    /// The output that is compared.
    pub output: String,
    /// What people call it, in Chinese and English.
    pub title: (String, String),
    /// The outcomes that occur, in the order of the type.
    pub outcomes: Vec<String>,
    /// The cells that are not empty.
    pub cells: Vec<Cell>,
}

/// A cell of the matrix (矩阵单元).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cell {
    /// The outcome of the rules now.
    pub from: String,
    /// The outcome of the draft.
    pub to: String,
    /// How many subjects.
    pub count: i64,
    /// Their money, in fen.
    pub amount_fen: i64,
}

/// A sum under both rules (后果).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EffectSum {
    /// The message with its title.
    pub title: String,
    /// Whether the sums are money; else they are counts.
    pub money: bool,
    /// Under the rules now.
    pub from: i64,
    /// Under the draft.
    pub to: i64,
}

/// Duties a month of one rule (月任务数).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DutyEffect {
    /// The rule.
    pub rule: String,
    /// What people call it, in Chinese and English.
    pub title: (String, String),
    /// Opened in the last 30 days.
    pub from: i64,
    /// As many as it would have been.
    pub to: i64,
}

impl Matrix {
    /// Puts a tally into cells, in the order of the outcomes.
    pub(super) fn fill(&mut self, tally: &BTreeMap<(String, String), (i64, i64)>, order: &[String]) {
        let place = |outcome: &str| order.iter().position(|known| known == outcome).unwrap_or(order.len());
        let mut seen: Vec<String> = tally.keys().flat_map(|(from, to)| [from.clone(), to.clone()]).collect();
        // Outcomes that are numbers have no places in the type: they stand by their size.
        let size = |outcome: &String| outcome.parse::<i64>().unwrap_or(i64::MAX);
        seen.sort_by_key(|outcome| (place(outcome), size(outcome), outcome.clone()));
        seen.dedup();
        self.outcomes = seen;
        self.cells = tally
            .iter()
            .map(|((from, to), (count, amount))| Cell {
                from: from.clone(),
                to: to.clone(),
                count: *count,
                amount_fen: *amount,
            })
            .collect();
    }

    /// The cell of two outcomes.
    #[must_use]
    pub fn cell(&self, from: &str, to: &str) -> Option<&Cell> {
        self.cells.iter().find(|cell| cell.from == from && cell.to == to)
    }

    /// How many subjects, and how much of their money, would be decided otherwise.
    #[must_use]
    pub fn changed(&self) -> (i64, i64) {
        self.sum(|cell| cell.from != cell.to)
    }

    /// Number and money of the cells chosen.
    pub fn sum(&self, chosen: impl Fn(&Cell) -> bool) -> (i64, i64) {
        let cells = self.cells.iter().filter(|cell| chosen(cell));
        cells.fold((0, 0), |(count, amount), cell| (count + cell.count, amount.saturating_add(cell.amount_fen)))
    }
}

impl Report {
    /// How many subjects change today, of the decision that changes most.
    #[must_use]
    pub fn changed(&self) -> i64 {
        let today = self.dates.first().into_iter().flat_map(|date| &date.sources);
        today.flat_map(|source| &source.decisions).map(|matrix| matrix.changed().0).max().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_matrix_foots_both_ways_and_keeps_the_order_of_the_outcomes() {
        let key = |from: &str, to: &str| (from.to_owned(), to.to_owned());
        let tally = BTreeMap::from([
            (key("normal", "normal"), (10, 1_000)),
            (key("normal", "bad"), (2, 200)),
            (key("bad", "bad"), (3, 300)),
            (key("undecided", "bad"), (1, 50)),
        ]);
        let order = ["normal".to_owned(), "bad".to_owned()];
        let mut matrix = Matrix::default();
        matrix.fill(&tally, &order);
        assert_eq!(matrix.outcomes, ["normal", "bad", UNDECIDED]);
        assert_eq!(matrix.changed(), (3, 250));
        assert_eq!(matrix.sum(|cell| cell.to == "bad"), (6, 550));
        let rows = matrix.outcomes.iter().map(|from| matrix.sum(|cell| cell.from == *from));
        let columns = matrix.outcomes.iter().map(|to| matrix.sum(|cell| cell.to == *to));
        assert_eq!(
            rows.fold((0, 0), |a, b| (a.0 + b.0, a.1 + b.1)),
            columns.fold((0, 0), |a, b| (a.0 + b.0, a.1 + b.1))
        );
    }

    #[test]
    fn outcomes_that_are_numbers_stand_by_their_size() {
        let key = |from: &str, to: &str| (from.to_owned(), to.to_owned());
        let tally = BTreeMap::from([
            (key("20000", "250000"), (2, 200)),
            (key("1000000", "1000000"), (2, 100)),
            (key("0", UNDECIDED), (1, 10)),
        ]);
        let mut matrix = Matrix::default();
        matrix.fill(&tally, &[]);
        assert_eq!(matrix.outcomes, ["0", "20000", "250000", "1000000", UNDECIDED]);
    }
}
