//! What a book does not say and the user is asked once: dates, product, penalty, order of allocation.

use finance::{AllocationOrder, AllocationStep, Direction, Head, PenaltyDayCount, When};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// The answers that go with a book (导入约定); remembered with the column mappings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conventions {
    /// The date of the book: nothing later is imported, and balances are compared on it.
    pub as_of: Date,
    /// The product under which its loans are booked.
    pub product: String,
    /// The day on which money in a month column came in.
    pub wide_day: WideDay,
    /// Days of a year for daily rates.
    pub days_of_year: u16,
    /// How days are counted where the book does not say.
    pub day_count: finance::DayCount,
    /// Penalty: parts per million above the contract rate; none charges nothing.
    pub penalty_uplift_ppm: Option<u32>,
    /// Days of a year for penalty.
    pub penalty_day_count: PenaltyDayCount,
    /// The order in which money pays, oldest instalment first.
    pub allocation: Vec<Head>,
    /// Whether money pays an instalment whole before the next one, or a head over all instalments.
    pub direction: Direction,
}

/// The day on which money in a month column came in (月表入账日).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WideDay {
    /// The due day of the month.
    #[default]
    DueDay,
    /// The last day of the month.
    MonthEnd,
}

impl Conventions {
    /// The answers that most small lenders give, to be confirmed by the user:
    /// contract rate and a half on overdue principal by days over 360; fee, penalty, interest, principal; oldest first.
    pub fn proposed(as_of: Date) -> Conventions {
        Conventions {
            as_of,
            product: String::new(),
            wide_day: WideDay::DueDay,
            days_of_year: 360,
            day_count: finance::DayCount::Thirty360,
            penalty_uplift_ppm: Some(500_000),
            penalty_day_count: PenaltyDayCount::Act360,
            allocation: vec![Head::Cost, Head::Fee, Head::Penalty, Head::Interest, Head::Principal],
            direction: Direction::ByInstalment,
        }
    }

    /// The order of allocation over what is past due and what is due today.
    pub fn order(&self) -> AllocationOrder {
        let step = |when| move |head: &Head| AllocationStep { head: *head, when };
        let steps = [When::PastDue, When::Due].into_iter().flat_map(|when| self.allocation.iter().map(step(when)));
        AllocationOrder { direction: self.direction, steps: steps.collect() }
    }
}
