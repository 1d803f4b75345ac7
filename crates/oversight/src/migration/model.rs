//! The matrix (迁徙矩阵) and how it foots; pure.
//!
//! In money: a loan keeps the smaller of its two balances in the cell of its step before and its step after;
//! what it paid back stands in 收回, what it drew besides in 新增. So every row sums to the opening balance of
//! its step, every column to the closing balance. In loans: each loan counts once, where it ended.

#![deny(clippy::wildcard_enum_match_arm)]

use finance::Fen;

use crate::dashboard::model::sum;
use crate::grade::{By, Step};

/// Where a loan stood at the end (期末去向).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum After {
    /// Still in the book.
    Open,
    /// 结清.
    Settled,
    /// 核销.
    WrittenOff,
}

impl After {
    /// From the standing in data.
    #[must_use]
    pub fn of(status: &str) -> Self {
        match status {
            "settled" => Self::Settled,
            "written-off-tracked" => Self::WrittenOff,
            _ => Self::Open,
        }
    }
}

/// Loans that went the same way (迁徙组).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Bucket and class before; `None` for loans that were not in the book.
    pub before: Option<(String, String)>,
    /// Bucket and class after.
    pub after: (String, String),
    /// Where they ended.
    pub end: After,
    /// 笔数.
    pub loans: i64,
    /// 期初余额.
    pub opening: Fen,
    /// 期末余额 of those still in the book.
    pub closing: Fen,
    /// The smaller of both balances, summed loan by loan.
    pub kept: Fen,
}

/// What a cell counts (口径).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Show {
    /// 余额.
    Money,
    /// 笔数.
    Loans,
}

impl Show {
    /// Its name in addresses.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Money => "money",
            Self::Loans => "loans",
        }
    }
}

/// A matrix of plain numbers: fen, or loans (矩阵).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matrix {
    /// The scale.
    pub by: By,
    /// The steps, best first: rows and columns alike.
    pub steps: Vec<Step>,
    /// Cells by row and column.
    pub cells: Vec<Vec<i64>>,
    /// 收回 (settled, in loans) by row.
    pub back: Vec<i64>,
    /// 核销 by row.
    pub written_off: Vec<i64>,
    /// 期初合计 by row.
    pub opening: Vec<i64>,
    /// 新增 by column.
    pub fresh: Vec<i64>,
    /// 期末合计 by column.
    pub closing: Vec<i64>,
}

impl Matrix {
    /// Puts the groups into the steps of a scale; groups of a step that is not listed are left out, so list all.
    #[must_use]
    pub fn of(by: By, show: Show, steps: Vec<Step>, groups: &[Group]) -> Self {
        let size = steps.len();
        let mut m = Self {
            by,
            cells: vec![vec![0; size]; size],
            back: vec![0; size],
            written_off: vec![0; size],
            opening: vec![0; size],
            fresh: vec![0; size],
            closing: vec![0; size],
            steps,
        };
        for group in groups {
            match show {
                Show::Money => m.add_money(group),
                Show::Loans => m.add_loans(group),
            }
        }
        m
    }

    fn place(&self, grades: &(String, String)) -> Option<usize> {
        let id = if self.by == By::Bucket { &grades.0 } else { &grades.1 };
        self.steps.iter().position(|step| step.id == *id)
    }

    fn add_money(&mut self, group: &Group) {
        let Some(column) = self.place(&group.after) else { return };
        let row = group.before.as_ref().and_then(|before| self.place(before));
        let (opening, closing, kept) = (group.opening.0, group.closing.0, group.kept.0);
        let Some(row) = row else {
            add(&mut self.fresh, column, closing);
            return add(&mut self.closing, column, closing);
        };
        add(&mut self.opening, row, opening);
        match group.end {
            After::Settled => add(&mut self.back, row, opening),
            After::WrittenOff => add(&mut self.written_off, row, opening),
            After::Open => {
                add(&mut self.cells[row], column, kept);
                add(&mut self.back, row, opening.saturating_sub(kept));
                add(&mut self.fresh, column, closing.saturating_sub(kept));
                add(&mut self.closing, column, closing);
            }
        }
    }

    fn add_loans(&mut self, group: &Group) {
        let Some(column) = self.place(&group.after) else { return };
        let Some(row) = group.before.as_ref().and_then(|before| self.place(before)) else {
            add(&mut self.fresh, column, group.loans);
            return add(&mut self.closing, column, group.loans);
        };
        add(&mut self.opening, row, group.loans);
        match group.end {
            After::Settled => add(&mut self.back, row, group.loans),
            After::WrittenOff => add(&mut self.written_off, row, group.loans),
            After::Open => {
                add(&mut self.cells[row], column, group.loans);
                add(&mut self.closing, column, group.loans);
            }
        }
    }

    /// Whether every row sums to its opening and every column to its closing.
    #[must_use]
    pub fn foots(&self) -> bool {
        let rows = (0..self.steps.len()).all(|row| {
            total(&self.cells[row]).saturating_add(self.back[row]).saturating_add(self.written_off[row])
                == self.opening[row]
        });
        let columns = (0..self.steps.len()).all(|column| {
            let moved = self.cells.iter().map(|row| row[column]).fold(0, i64::saturating_add);
            moved.saturating_add(self.fresh[column]) == self.closing[column]
        });
        rows && columns
    }
}

/// The sum of a line.
#[must_use]
pub fn total(line: &[i64]) -> i64 {
    sum(line.iter().map(|one| Fen(*one))).0
}

fn add(line: &mut [i64], place: usize, amount: i64) {
    if let Some(cell) = line.get_mut(place) {
        *cell = cell.saturating_add(amount);
    }
}
