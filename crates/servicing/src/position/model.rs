//! The position of a loan (贷款状况) as it is kept for lists, aging and totals. Pure.
//!
//! A cache of replay: what does not change by itself every day stands in columns, what does
//! (penalty, accrued interest) in accrual lines, so that a quiet day costs nothing.

#![deny(clippy::wildcard_enum_match_arm)]

use finance::{AccrualLine, Fen, Head, Position, Rounding, Status};
use jiff::civil::Date;
use platform::stored_as_text;
use serde::{Deserialize, Serialize};

use crate::loan::model::LoanKey;

/// Where a loan stands, as stored (贷款状态).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// 未放款.
    Undrawn,
    /// 正常.
    Current,
    /// 逾期.
    Overdue,
    /// 结清.
    Settled,
    /// 已核销, tracked further (账销案存).
    WrittenOffTracked,
}

impl Standing {
    /// Every standing.
    pub const ALL: [Self; 5] = [Self::Undrawn, Self::Current, Self::Overdue, Self::Settled, Self::WrittenOffTracked];

    /// Its name in data.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Undrawn => "undrawn",
            Self::Current => "current",
            Self::Overdue => "overdue",
            Self::Settled => "settled",
            Self::WrittenOffTracked => "written-off-tracked",
        }
    }

    /// Reads its name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.as_str() == text)
    }
}

stored_as_text!(Standing, "standing of a loan");

impl From<Status> for Standing {
    fn from(status: Status) -> Self {
        match status {
            Status::Undrawn => Self::Undrawn,
            Status::Current => Self::Current,
            Status::Overdue => Self::Overdue,
            Status::Settled => Self::Settled,
            Status::WrittenOff => Self::WrittenOffTracked,
        }
    }
}

/// What the policy says of a loan's days overdue (分档与分类).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grade {
    /// 逾期档.
    pub bucket: String,
    /// 五级分类.
    pub class: String,
}

/// Interest that grows by the day, and how its sums are rounded (计息行).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accruals {
    /// The mode of the contract.
    pub rounding: Rounding,
    /// Penalty and compound interest.
    pub lines: Vec<AccrualLine>,
}

/// The position of a loan as kept (贷款状况).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoanPosition {
    /// Customer and loan.
    pub key: LoanKey,
    /// The business date for which it was computed.
    pub as_of: Date,
    /// Where it stands.
    pub standing: Standing,
    /// 累计放款.
    pub disbursed: Fen,
    /// 本金余额, due or not.
    pub principal: Fen,
    /// 逾期本金.
    pub overdue_principal: Fen,
    /// 逾期利息.
    pub overdue_interest: Fen,
    /// 罚息 at `as_of`.
    pub penalty: Fen,
    /// 复利 at `as_of`.
    pub compound: Fen,
    /// 未收费用.
    pub fee: Fen,
    /// 未收实现债权的费用.
    pub cost: Fen,
    /// 预存款.
    pub credit: Fen,
    /// 最早欠期: the due date from which days overdue count.
    pub oldest_due_on: Option<Date>,
    /// 下期还款日.
    pub next_due_on: Option<Date>,
    /// 下期应还.
    pub next_due: Fen,
    /// 到期日.
    pub maturity_on: Date,
    /// Rate in force, billionths a year.
    pub yearly_e9: i64,
    /// Bucket and class under the policy in force.
    pub grade: Grade,
    /// Since when interest is off the books (非应计).
    pub non_accrual_since: Option<Date>,
    /// 核销日.
    pub written_off_on: Option<Date>,
    /// What is still claimed of a written-off debt.
    pub written_off: Fen,
    /// Whether a date or rate to come is provisional (暂定).
    pub provisional: bool,
    /// Interest that grows by the day.
    pub accruals: Accruals,
    /// The next date on which anything changes by itself.
    pub next_event_on: Option<Date>,
    /// Of the whole replayed position: equal prints, equal positions.
    pub fingerprint: String,
}

impl LoanPosition {
    /// The row for a replayed position.
    pub fn of(
        key: LoanKey,
        position: &Position,
        grade: Grade,
        next_event_on: Option<Date>,
        fingerprint: String,
    ) -> Self {
        let left = position.written_off.as_ref().map_or(Fen::ZERO, |w| {
            let claimed = w.amounts.total().unwrap_or(Fen::ZERO);
            claimed.checked_sub(w.recovered.total().unwrap_or(Fen::ZERO)).unwrap_or(Fen::ZERO)
        });
        Self {
            key,
            as_of: position.as_of,
            standing: position.status.into(),
            disbursed: position.disbursed,
            principal: position.outstanding.principal,
            overdue_principal: position.overdue.principal,
            overdue_interest: position.overdue.interest,
            penalty: position.outstanding.penalty,
            compound: position.outstanding.compound,
            fee: position.outstanding.fee,
            cost: position.outstanding.cost,
            credit: position.credit,
            oldest_due_on: position.oldest_unpaid_due_on,
            next_due_on: position.next_due.map(|n| n.on),
            next_due: position.next_due.map_or(Fen::ZERO, |n| n.amount),
            maturity_on: position.maturity_on,
            yearly_e9: position.yearly_e9,
            grade,
            non_accrual_since: position.non_accrual_since,
            written_off_on: position.written_off.as_ref().map(|w| w.on),
            written_off: left,
            provisional: position.provisional,
            accruals: Accruals {
                rounding: position.rounding,
                lines: position.accruals.iter().filter(|line| line.head != Head::Interest).copied().collect(),
            },
            next_event_on,
            fingerprint,
        }
    }

    /// Days overdue (逾期天数) on a date; 0 when nothing is overdue (S4-07: current = 0).
    pub fn days_overdue(&self, on: Date) -> u32 {
        days_overdue(self.oldest_due_on, on)
    }
}

/// Days from the oldest unpaid due date, after its holiday shift, to the date.
pub fn days_overdue(oldest_due_on: Option<Date>, on: Date) -> u32 {
    let Some(due) = oldest_due_on else { return 0 };
    u32::try_from(finance::days_between(due, on)).unwrap_or(0)
}

/// Bucket and class by days overdue (分档表), as the policy in force decides them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GradeTable {
    steps: Vec<(u32, Grade)>,
}

impl GradeTable {
    /// A table from the grade of every day 0, 1, 2 …: equal neighbours become one step.
    pub fn from_days(days: impl IntoIterator<Item = Grade>) -> Self {
        let mut steps: Vec<(u32, Grade)> = Vec::new();
        for (day, grade) in (0..).zip(days) {
            if steps.last().is_none_or(|(_, last)| *last != grade) {
                steps.push((day, grade));
            }
        }
        Self { steps }
    }

    /// The grade of so many days overdue; `None` for an empty table.
    pub fn grade(&self, days_overdue: u32) -> Option<&Grade> {
        self.steps.iter().rev().find(|(from, _)| *from <= days_overdue).map(|(_, grade)| grade)
    }

    /// The days on which a grade begins, without day 0.
    pub fn edges(&self) -> impl Iterator<Item = u32> {
        self.steps.iter().map(|(from, _)| *from).filter(|from| *from > 0)
    }

    /// The steps: from how many days, which grade.
    pub fn steps(&self) -> &[(u32, Grade)] {
        &self.steps
    }
}
