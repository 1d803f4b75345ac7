//! The calendar of repayments as a program reads it (还款日历数据).

use axum::extract::Query;
use platform::api::Data;
use platform::web::{Visit, WebError};
use schemars::JsonSchema;
use serde::Serialize;

use super::model::DaySum;
use super::pages::{Asked, looked};

/// What falls due in a month or week (还款日历).
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct CalendarData {
    /// The first day.
    from: String,
    /// The last day.
    to: String,
    /// The days on which something falls due.
    days: Vec<DayData>,
    /// All of them.
    total: SumData,
}

/// A day of the calendar (一日).
#[derive(Debug, Serialize, JsonSchema)]
struct DayData {
    /// The day.
    on: String,
    /// What falls due.
    sum: SumData,
}

/// What falls due (应还): principal and interest of the instalments.
#[derive(Debug, Serialize, JsonSchema)]
struct SumData {
    /// 应还笔数.
    instalments: i64,
    /// 未还清笔数.
    open: i64,
    /// 应还, in fen.
    due_fen: i64,
    /// 已还, in fen.
    paid_fen: i64,
    /// 未还, in fen.
    unpaid_fen: i64,
}

impl From<DaySum> for SumData {
    fn from(sum: DaySum) -> Self {
        Self {
            instalments: sum.instalments,
            open: sum.open,
            due_fen: sum.due.0,
            paid_fen: sum.paid.0,
            unpaid_fen: sum.unpaid.0,
        }
    }
}

/// `/api/v1/repayments/calendar`
pub(super) async fn calendar(visit: Visit, Query(asked): Query<Asked>) -> Result<Data<CalendarData>, WebError> {
    let it = looked(&visit, &mut visit.read().await?, &asked).await?;
    let total = it.sums.values().fold(DaySum::default(), |all, one| all.plus(*one));
    Ok(Data(CalendarData {
        from: it.first.to_string(),
        to: it.last.to_string(),
        days: it.sums.iter().map(|(on, sum)| DayData { on: on.to_string(), sum: (*sum).into() }).collect(),
        total: total.into(),
    }))
}
