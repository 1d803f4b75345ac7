//! How many duties a person has, by time (任务计数).

use jiff::civil::Date;

use super::store::{Eye, Filter, Window, count};
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
    let mut found = Counts::default();
    for (window, place) in [
        (Window::Late, &mut found.late),
        (Window::Today, &mut found.today),
        (Window::Week, &mut found.week),
        (Window::Open, &mut found.open),
    ] {
        *place = count(tx, eye, &Filter::mine(window), today).await?;
    }
    Ok(found)
}
