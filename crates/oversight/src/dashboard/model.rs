//! What the dashboard knows of the book (总览), in sums; pure.

#![deny(clippy::wildcard_enum_match_arm)]

use finance::Fen;
use jiff::civil::Date;

use crate::grade::By;

/// A part of the book (部分): how many loans with how much principal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Part {
    /// 笔数.
    pub loans: i64,
    /// 本金余额.
    pub principal: Fen,
}

/// The loans of one bucket, class and standing (切片).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slice {
    /// 逾期账龄.
    pub bucket: String,
    /// 五级分类.
    pub class: String,
    /// Whether something is overdue.
    pub overdue: bool,
    /// The loans.
    pub part: Part,
    /// 逾期本息; not known from daily totals of old.
    pub overdue_sum: Fen,
}

/// The open loans of a date (贷款余额), cut into slices.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Book {
    /// The slices.
    pub slices: Vec<Slice>,
}

impl Book {
    /// All of it.
    #[must_use]
    pub fn whole(&self) -> Part {
        self.part(|_| true)
    }

    /// What is overdue by a day or more.
    #[must_use]
    pub fn overdue(&self) -> Part {
        self.part(|slice| slice.overdue)
    }

    /// Overdue principal and interest (逾期本息).
    #[must_use]
    pub fn overdue_sum(&self) -> Fen {
        sum(self.slices.iter().map(|slice| slice.overdue_sum))
    }

    /// One step of a scale.
    #[must_use]
    pub fn step(&self, by: By, id: &str) -> Part {
        self.part(|slice| slice.id(by) == id)
    }

    /// The slices that hold.
    #[must_use]
    pub fn part(&self, holds: impl Fn(&Slice) -> bool) -> Part {
        let kept: Vec<&Slice> = self.slices.iter().filter(|slice| holds(slice)).collect();
        Part {
            loans: kept.iter().map(|slice| slice.part.loans).fold(0, i64::saturating_add),
            principal: sum(kept.iter().map(|slice| slice.part.principal)),
        }
    }

    /// The steps that occur.
    pub fn ids(&self, by: By) -> impl Iterator<Item = &str> {
        self.slices.iter().map(move |slice| slice.id(by))
    }
}

impl Slice {
    /// Its step on a scale.
    #[must_use]
    pub fn id(&self, by: By) -> &str {
        match by {
            By::Bucket => &self.bucket,
            By::Class => &self.class,
        }
    }
}

/// What falls due in some days (到期应还), and how much of it came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Due {
    /// 期数.
    pub instalments: i64,
    /// 应还本息, without what was waived or moved.
    pub due: Fen,
    /// 已还.
    pub paid: Fen,
    /// How many are still open.
    pub open: i64,
}

/// Loans of one day or month (按日、按月).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Point {
    /// The day, or the first of the month.
    pub on: Date,
    /// How many.
    pub count: i64,
    /// How much.
    pub sum: Fen,
}

/// Everything that the page shows (总览).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Overview {
    /// The open loans.
    pub book: Book,
    /// The book at past month-ends, the oldest first; `None` where nothing was kept of that day.
    pub past: Vec<(Date, Option<Book>)>,
    /// Due on the day; `None` in the record clock: the schedule is kept as it is known now.
    pub due_today: Option<Due>,
    /// Due from Monday to Sunday.
    pub due_week: Option<Due>,
    /// Loans that became overdue, by day, with their overdue principal and interest.
    pub became_overdue: Vec<Point>,
    /// Money received, by month.
    pub collected: Vec<Point>,
    /// Loans that mature, by month.
    pub maturing: Vec<Point>,
}

/// A sum that stays at the largest amount instead of failing on absurd data.
pub fn sum(amounts: impl Iterator<Item = Fen>) -> Fen {
    Fen(amounts.fold(0, |all, amount| all.saturating_add(amount.0)))
}
