//! What people do to the calendar (日历用例): import a year, set a day, import LPR.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde_json::json;

use super::pages::CALENDAR_MANAGE;
use super::{CalendarFileError, parse, store};
use crate::audit::Entry;
use crate::error::ActionError;
use crate::event::Event;
use crate::id::CustomerId;
use crate::work::Work;

/// The event after days or rates changed; whoever derives dates from them (schedules) listens.
pub const CALENDAR_CHANGED: &str = "calendar_changed";

/// Imports lists of rest days; every year in the file replaces its whole list. The years imported.
///
/// # Errors
/// Denied; [`CalendarFileError`].
pub async fn import_days(work: &mut Work, text: &str, source: &str) -> Result<Vec<i16>, ActionError> {
    work.authorise(CALENDAR_MANAGE)?;
    let mut by_year: BTreeMap<i16, Vec<parse::Day>> = BTreeMap::new();
    for day in parse::days(text)? {
        by_year.entry(day.0.year()).or_default().push(day);
    }
    let years: Vec<i16> = by_year.keys().copied().collect();
    let by = work.actor.recorded_by();
    for (year, days) in by_year {
        let count = days.len();
        store::replace_year(&mut work.tx, year, days, source, work.now, by).await?;
        let entry = Entry::new(None, "calendar.import", format!("calendar:{year}"));
        work.audit(entry.after(json!({"days": count, "source": source}))).await?;
    }
    changed(work, "days", years.first().map_or(work.business_date, |year| first_day(*year))).await?;
    Ok(years)
}

/// Sets one day by hand: rests, worked, or (`None`) as its weekday says.
///
/// # Errors
/// Denied; the store's.
pub async fn set_day(work: &mut Work, on: Date, rests: Option<bool>, name: &str) -> Result<(), ActionError> {
    work.authorise(CALENDAR_MANAGE)?;
    store::write_day(&mut work.tx, on, rests, name).await?;
    let entry = Entry::new(None, "calendar.day.set", format!("calendar:{on}"));
    work.audit(entry.after(json!({"rests": rests, "name": name}))).await?;
    changed(work, "days", on).await
}

/// Imports publications of the LPR; a date already known takes the new rates. How many were read.
///
/// # Errors
/// Denied; [`CalendarFileError`].
pub async fn import_lpr(work: &mut Work, text: &str) -> Result<usize, ActionError> {
    work.authorise(CALENDAR_MANAGE)?;
    let rows = parse::lpr(text)?;
    let count = rows.len();
    let from = rows.iter().map(|row| row.0).min().ok_or(CalendarFileError::Empty)?;
    store::write_lpr(&mut work.tx, rows).await?;
    let entry = Entry::new(None, "calendar.lpr.import", "calendar:lpr");
    work.audit(entry.after(json!({"publications": count, "from": from.to_string()}))).await?;
    changed(work, "lpr", from).await?;
    Ok(count)
}

async fn changed(work: &mut Work, what: &str, from: Date) -> Result<(), ActionError> {
    let stamp = work.next_id();
    store::set_stamp(&mut work.tx, stamp).await?;
    work.emit(Event {
        kind: CALENDAR_CHANGED,
        customer: CustomerId(0),
        subject: "calendar".to_owned(),
        effective_on: work.business_date,
        payload: json!({"what": what, "from": from.to_string()}),
    })
    .await
}

fn first_day(year: i16) -> Date {
    Date::new(year, 1, 1).unwrap_or(Date::MIN)
}
