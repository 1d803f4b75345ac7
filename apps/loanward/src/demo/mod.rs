//! `loanward demo` (演示): a lender's book of eighteen months, made by really running every day of it.
//!
//! [`plan`] says who borrows and who pays, from chance that repeats ([`chance`], [`people`]); [`staff`] lets the people
//! of the institution in; [`book`] lives through the days: money out, money in, the day close; [`incidents`] adds what
//! happens now and then. The book stands on a fixed business date under a simulated clock, so that a walk through it
//! shows the same on every machine. Nothing leaves the machine: it listens on loopback like everything else.

mod book;
mod chance;
mod incidents;
mod people;
mod plan;
mod staff;

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::civil::{Date, date};
use platform::app::App;
use platform::clock::{Clock, civil_moment};

use crate::command::{Demo, Place};
use crate::failure::Failure;
use crate::house::{self, Build};
use crate::serve;

/// The first business date of the book.
pub const OPENS: Date = date(2025, 5, 20);
/// The business date on which it stands.
pub const STANDS: Date = date(2026, 11, 20);
/// The policy pack.
const PACK: &str = "microloan";

/// The whole demo book.
const WHOLE: plan::Size = plan::Size { persons: 520, companies: 80, loans: 900 };

/// Makes the book at the first start, serves it at every start.
pub async fn run(how: Demo) -> Result<(), Failure> {
    let place = Place { data: how.data.clone(), database_url: None };
    let starts = count_start(&how.data);
    let moment = standing_moment(starts)?;
    let clock = Clock::simulated(moment);
    let build = Build { clock: clock.clone(), pack: PACK.to_owned(), demo_logins: staff::logins(), ..Build::plain() };
    let opened = house::open(&place, build).await?;
    if opened.empty {
        println!(
            "正在生成演示账簿：18 个月逐日日终，约需一两分钟 / making the demo book: 18 months of day closes, a minute or two"
        );
        make(&opened.app, WHOLE, (OPENS, STANDS)).await?;
    }
    let today = business_date(&opened.app).await?;
    if today < STANDS {
        return Err(Failure::Machine(format!(
            "the demo book in {} was interrupted on {today}: remove the folder and start again",
            how.data.display()
        )));
    }
    // Whoever closed days in the demo finds the clock on the day that was reached.
    clock.set(moment.max(at(today, 16, 30)?));
    std::fs::write(starts_file(&how.data), starts.saturating_add(1).to_string()).map_err(Failure::machine)?;
    println!("{}", staff::introduce());
    serve::listen(&opened.app, &how.listen).await
}

/// Sets the institution up and lives through all days.
async fn make(app: &App, size: plan::Size, (opens, stands): (Date, Date)) -> Result<book::Story, Failure> {
    app.clock.set(at(opens, 8, 0)?);
    let staff = staff::move_in(app, opens).await?;
    serve::install(app, PACK).await?;
    book::live(app, &staff, size, (opens, stands)).await
}

async fn business_date(app: &App) -> Result<Date, Failure> {
    let mut tx = app.db.read().await?;
    Ok(platform::calendar::business_date(&mut tx).await?)
}

/// A moment of a day in China.
fn at(on: Date, hour: i8, minute: i8) -> Result<Timestamp, Failure> {
    civil_moment(on.at(hour, minute, 0, 0)).ok_or_else(|| Failure::Machine(format!("{on} is beyond the clock")))
}

/// The moment at which the demo stands: a second later at every start, because keys are made from moments and
/// two starts must not make the same ones.
fn standing_moment(starts: i64) -> Result<Timestamp, Failure> {
    let moment = at(STANDS, 16, 30)?;
    Ok(moment.saturating_add(jiff::SignedDuration::from_secs(starts)).unwrap_or(moment))
}

fn starts_file(data: &Path) -> PathBuf {
    data.join("demo-starts")
}

/// How often this book was started before.
fn count_start(data: &Path) -> i64 {
    std::fs::read_to_string(starts_file(data)).ok().and_then(|text| text.trim().parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use platform::access::{Actor, Origin};
    use platform::work::Work;

    use super::*;

    const SMALL: plan::Size = plan::Size { persons: 10, companies: 3, loans: 16 };
    const SHORT: (Date, Date) = (date(2026, 8, 3), date(2026, 11, 20));

    async fn totals(data: &Path) -> (String, u64) {
        let place = Place { data: data.to_owned(), database_url: None };
        let clock = Clock::simulated(at(SHORT.0, 8, 0).unwrap());
        let opened = house::open(&place, Build { clock, ..Build::plain() }).await.unwrap();
        let story = make(&opened.app, SMALL, SHORT).await.unwrap();
        assert_eq!(business_date(&opened.app).await.unwrap(), SHORT.1);
        let mut work = Work::read(&opened.app, Actor::system(Origin::Console)).await.unwrap();
        let kept = servicing::position::store::load(&mut work.tx, &story.loans).await.unwrap();
        let money: Vec<String> = story
            .loans
            .iter()
            .filter_map(|key| kept.iter().find(|position| position.key == *key))
            .map(|p| format!("{:?} {} {} {}", p.standing, p.principal.0, p.overdue_interest.0, p.penalty.0))
            .collect();
        drop(work);
        let audited = platform::audit::verify(&opened.app.db).await.unwrap();
        assert_eq!(audited.broken, None);
        (money.join("\n"), audited.entries)
    }

    #[tokio::test]
    async fn two_small_books_are_equal_to_the_fen() {
        let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let (first, second) = (totals(one.path()).await, totals(two.path()).await);
        assert_eq!(first, second);
        assert_eq!(first.0.lines().count(), SMALL.loans);
    }

    #[test]
    fn every_start_has_a_moment_of_its_own() {
        assert!(standing_moment(1).unwrap() > standing_moment(0).unwrap());
        assert_eq!(standing_moment(0).unwrap().to_string(), "2026-11-20T08:30:00Z");
    }
}
