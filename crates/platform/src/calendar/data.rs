//! The calendar and the published rates as a program reads them (日历数据).

use axum::extract::Query;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{cache, store};
use crate::api::Data;
use crate::web::{Visit, WebError};

/// A year of the calendar (工作日历) and what was published.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct CalendarData {
    /// The year.
    year: i16,
    /// Whether its list of holidays was imported; else only weekends rest, and its dates are provisional.
    covered: bool,
    /// The first year that needs a list and has none.
    missing_year: Option<i16>,
    /// The years with a list.
    years: Vec<YearData>,
    /// The listed days of the year: holidays and make-up working days.
    days: Vec<DayData>,
    /// All publications of the loan prime rate, the oldest first.
    lpr: Vec<LprData>,
}

/// A year whose list was imported (已导入年份).
#[derive(Debug, Serialize, JsonSchema)]
struct YearData {
    /// The year.
    year: i16,
    /// Where its list comes from.
    source: String,
    /// When it was imported.
    imported_at: String,
}

/// A listed day (节假日或调休日).
#[derive(Debug, Serialize, JsonSchema)]
struct DayData {
    /// The day.
    on: String,
    /// Whether people rest; else they work although it is a weekend.
    rests: bool,
    /// The holiday's name.
    name: String,
}

/// A publication of the loan prime rate (贷款市场报价利率).
#[derive(Debug, Serialize, JsonSchema)]
struct LprData {
    /// The day from which it counts.
    on: String,
    /// Up to one year, in billionths a year.
    one_year_e9: i64,
    /// Beyond five years, in billionths a year.
    five_years_e9: i64,
}

/// Which year is asked for.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    year: Option<i16>,
}

/// `/api/v1/calendar`
pub(super) async fn calendar(visit: Visit, Query(asked): Query<Asked>) -> Result<Data<CalendarData>, WebError> {
    let mut work = visit.read().await?;
    let published = cache::published(&mut work).await?;
    let year = asked.year.unwrap_or(work.business_date.year()).clamp(1900, 2200);
    let days = store::load(&mut work.tx).await?.into_iter().filter(|(on, ..)| on.year() == year);
    let years = store::years(&mut work.tx).await?.into_iter().map(|one| YearData {
        year: one.year,
        source: one.source,
        imported_at: one.imported_at.to_string(),
    });
    let lpr = store::lpr(&mut work.tx).await?.into_iter().map(|one| LprData {
        on: one.on.to_string(),
        one_year_e9: one.one_year_e9,
        five_years_e9: one.five_years_e9,
    });
    Ok(Data(CalendarData {
        year,
        covered: published.years.contains(&year),
        missing_year: published.missing_year(work.business_date),
        years: years.collect(),
        days: days.map(|(on, rests, name)| DayData { on: on.to_string(), rests, name }).collect(),
        lpr: lpr.collect(),
    }))
}
