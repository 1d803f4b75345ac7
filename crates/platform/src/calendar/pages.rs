//! The calendar page (工作日历页): look at a year, import the next, set a day, import LPR.

use askama::Template;
use axum::extract::Query;
use axum::response::Response;
use jiff::civil::{Date, Weekday};
use serde::Deserialize;

use super::store::{self, Year};
use super::{actions, cache, parse};
use crate::clock::civil_minute;
use crate::error::{ActionError, RefusalKind, Refused};
use crate::locale::rate_percent;
use crate::page::{Guard, Html, Icon, Page, Tone, Ui};
use crate::web::{Posted, Routes, Upload, Visit, WebError};

/// Import years and LPR, set days.
pub const CALENDAR_MANAGE: &str = "calendar.manage";
/// Publications that the page shows.
const PUBLICATIONS: usize = 24;

pub(crate) fn routes() -> Routes {
    Routes::new()
        .get_own("/calendar", page)
        .data_own::<super::data::CalendarData, _, _>("/calendar", super::data::calendar)
        .upload("/calendar/days", CALENDAR_MANAGE, import_days)
        .upload("/calendar/lpr", CALENDAR_MANAGE, import_lpr)
        .post("/calendar/day", CALENDAR_MANAGE, set_day)
}

#[derive(Debug, Default, Deserialize)]
struct Asked {
    year: Option<i16>,
}

/// A day in a month's grid.
struct Day {
    number: i8,
    class: &'static str,
    name: String,
}

/// A month of the year: its title and its weeks, with gaps before the first.
struct Month {
    title: String,
    weeks: Vec<Vec<Option<Day>>>,
}

#[derive(Template)]
#[template(path = "calendar/page.html")]
struct Calendar<'a> {
    ui: &'a Ui,
    year: i16,
    covered: bool,
    missing: Option<i16>,
    years: Vec<(Year, String)>,
    heads: Vec<String>,
    months: Vec<Month>,
    rates: Vec<(Date, String, String)>,
    manages: bool,
    guards: [Guard; 3],
}

async fn page(visit: Visit, Query(asked): Query<Asked>) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let published = cache::published(&mut work).await?;
    let year = asked.year.unwrap_or(work.business_date.year()).clamp(1900, 2200);
    let days = store::load(&mut work.tx).await?;
    let named = |on: Date| days.iter().find(|day| day.0 == on).map(|day| day.2.clone()).unwrap_or_default();
    let day = |on: Date| Day {
        number: on.day(),
        class: class(on, published.is_working_day(on), on == work.business_date),
        name: named(on),
    };
    let months = (1..=12).filter_map(|month| grid(year, month, &day)).collect();
    let rates = store::lpr(&mut work.tx).await?;
    let body = Calendar {
        ui: &ui,
        year,
        covered: published.years.contains(&year),
        missing: published.missing_year(work.business_date),
        years: store::years(&mut work.tx)
            .await?
            .into_iter()
            .map(|y| {
                let at = civil_minute(y.imported_at);
                (y, at)
            })
            .collect(),
        heads: monday_first().iter().map(|on| ui.weekday(on)).collect(),
        months,
        rates: rates
            .iter()
            .rev()
            .take(PUBLICATIONS)
            .map(|row| (row.on, rate_percent(row.one_year_e9), rate_percent(row.five_years_e9)))
            .collect(),
        manages: visit.may(CALENDAR_MANAGE),
        guards: [visit.guard(), visit.guard(), visit.guard()],
    };
    visit.page(&Page::new(ui.t("calendar-title"), "calendar"), &body)
}

/// Seven days that begin with a Monday, for the heads.
fn monday_first() -> Vec<Date> {
    (5..=11).map(|day| Date::constant(2026, 1, day)).collect()
}

fn class(on: Date, works: bool, today: bool) -> &'static str {
    let weekend = matches!(on.weekday(), Weekday::Saturday | Weekday::Sunday);
    match (works, weekend, today) {
        (true, false, false) => "",
        (true, false, true) => "today",
        (true, true, false) => "made-up",
        (true, true, true) => "made-up today",
        (false, true, false) => "rest",
        (false, true, true) => "rest today",
        (false, false, false) => "rest holiday",
        (false, false, true) => "rest holiday today",
    }
}

fn grid(year: i16, month: i8, day: &impl Fn(Date) -> Day) -> Option<Month> {
    let first = Date::new(year, month, 1).ok()?;
    let gap = usize::try_from(first.weekday().to_monday_zero_offset()).unwrap_or(0);
    let mut cells: Vec<Option<Day>> = (0..gap).map(|_| None).collect();
    cells.extend(
        (1..=first.days_in_month()).filter_map(|number| Date::new(year, month, number).ok()).map(|on| Some(day(on))),
    );
    let mut weeks: Vec<Vec<Option<Day>>> = Vec::new();
    for cell in cells {
        match weeks.last_mut() {
            Some(week) if week.len() < 7 => week.push(cell),
            _ => weeks.push(vec![cell]),
        }
    }
    Some(Month { title: format!("{year:04}-{month:02}"), weeks })
}

/// The text of the uploaded list.
fn text_of(upload: &Upload) -> Result<String, WebError> {
    let file = upload.files.first().filter(|file| !file.bytes.is_empty());
    let file = file.ok_or_else(|| ActionError::from(Refused::new(RefusalKind::Invalid, "calendar-no-file")))?;
    Ok(parse::text_of(&file.bytes))
}

async fn import_days(upload: Upload) -> Result<Response, WebError> {
    let text = text_of(&upload)?;
    let mut work = upload.begin(CALENDAR_MANAGE).await?;
    let source = upload.fields.first("source").map(str::trim).unwrap_or_default().to_owned();
    let years = actions::import_days(&mut work, &text, &source).await?;
    let year = years.last().copied().unwrap_or(work.business_date.year());
    upload.done(work, format!("/calendar?year={year}")).await
}

async fn import_lpr(upload: Upload) -> Result<Response, WebError> {
    let text = text_of(&upload)?;
    let mut work = upload.begin(CALENDAR_MANAGE).await?;
    actions::import_lpr(&mut work, &text).await?;
    upload.done(work, "/calendar").await
}

#[derive(Debug, Deserialize)]
struct DayForm {
    on: Date,
    kind: String,
    #[serde(default)]
    name: String,
}

async fn set_day(posted: Posted<DayForm>) -> Result<Response, WebError> {
    let mut work = posted.begin(CALENDAR_MANAGE).await?;
    let form = &posted.form;
    let rests = match form.kind.as_str() {
        "holiday" => Some(true),
        "workday" => Some(false),
        _ => None,
    };
    actions::set_day(&mut work, form.on, rests, form.name.trim()).await?;
    posted.done(work, format!("/calendar?year={}", form.on.year())).await
}
