//! How many duties a person has, by time (任务计数).

use jiff::civil::Date;

use super::seen::{Eye, Filter, Window, count_by_time};
use crate::db::{StoreError, Tx};

/// How many of my duties there are by time (任务计数).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Past their last day.
    pub late: i64,
    /// Due today.
    pub today: i64,
    /// Due in the seven days after.
    pub week: i64,
    /// All that stand.
    pub open: i64,
}

/// The counts of my duties.
pub async fn counts(tx: &mut Tx, eye: &Eye, today: Date) -> Result<Counts, StoreError> {
    let (late, today, week, open) = count_by_time(tx, eye, &Filter::mine(Window::Open), today).await?;
    Ok(Counts { late, today, week, open })
}
