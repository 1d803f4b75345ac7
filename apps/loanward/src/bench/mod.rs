//! `loanward bench` (压测): a book of many loans in a temporary folder, its closes measured beside their floor.
//!
//! [`book`] makes a small book by the real functions and multiplies its rows; [`floor`] reads and writes the same rows
//! as a close did without any logic; [`pages`] reads pages beside a close; [`compare`] decides every customer anew under
//! a draft of the rules; [`meter`] asks the machine for memory and bytes.

mod book;
pub mod compare;
mod floor;
mod meter;
pub mod pages;

use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::civil::{Date, date};
use platform::app::App;
use platform::clock::{Clock, Stopwatch, civil_moment};
use platform::close::{self, Closed};

use crate::command::{BenchClose, Place};
use crate::failure::Failure;
use crate::house::{self, Build};
use book::Shape;
use floor::Floor;
use meter::Meter;

/// The business date on which a book is made.
const STANDS: Date = date(2026, 11, 17);
/// The day whose close is measured: a Wednesday, no first and no last of a month. The day before opened the cases of all
/// that was overdue from the start.
const MEASURED: Date = date(2026, 11, 18);
/// Days of the month that is closed.
const MONTH: usize = 30;

/// What one day cost (日终耗时).
struct Day {
    took: Duration,
    worked: Duration,
    peak: u64,
    steps: Vec<Step>,
    considered: u64,
    touched: u64,
    written: u64,
}

/// What a step of it cost (步骤耗时): seconds, and the most memory that the process held meanwhile.
struct Step {
    name: String,
    took: Duration,
    peak: u64,
}

/// Makes the books, closes their days, prints what it cost.
pub async fn close(how: BenchClose) -> Result<(), Failure> {
    let folder = Folder::new(how.within.as_deref())?;
    println!("{} loans, SQLite, {} processors", how.loans, meter::processors());
    let usual = folder.0.join("usual");
    let app = made(&usual, (how.loans, book::SMALL), Shape::Usual).await?;
    let day = measured(&app, &usual).await?;
    report("usual day", &day, floor::measure(&app, &usual, MEASURED)?);
    if how.month {
        month(&app).await?;
    }
    app.db.close().await;
    drop(app);
    std::fs::remove_dir_all(&usual).map_err(Failure::machine)?;
    let heavy = folder.0.join("heavy");
    let app = made(&heavy, (how.loans, book::SMALL), Shape::AllDue).await?;
    let day = measured(&app, &heavy).await?;
    report("heavy day", &day, floor::measure(&app, &heavy, MEASURED)?);
    app.db.close().await;
    Ok(())
}

/// Closes the first day, which opens cases and clocks for all that was overdue from the start, takes the money of the
/// second, keeps the book for the floor, and closes the second.
async fn measured(app: &App, folder: &Path) -> Result<Day, Failure> {
    let first = one_day(app, STANDS).await?;
    println!("the day before, which finds the whole book new: {:.3} s", first.took.as_secs_f64());
    print_steps(&first);
    book::pay_what_is_due(app, MEASURED).await?;
    floor::keep(app, folder).await?;
    one_day(app, MEASURED).await
}

/// The temporary folder; it goes when the bench ends.
struct Folder(PathBuf);

impl Folder {
    fn new(within: Option<&Path>) -> Result<Self, Failure> {
        let parent = within.map_or_else(std::env::temp_dir, Path::to_owned);
        let path = parent.join(format!("loanward-bench-{}", std::process::id()));
        std::fs::create_dir_all(&path).map_err(Failure::machine)?;
        Ok(Self(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

async fn made(folder: &Path, loans: (usize, usize), shape: Shape) -> Result<App, Failure> {
    let app = begun(folder).await?;
    let began = Stopwatch::start();
    let made = book::make(&app, loans, shape, STANDS).await?;
    println!("a book of {made} loans in {:.1} s", began.elapsed().as_secs_f64());
    Ok(app)
}

/// An empty book in a folder, on the morning of its first day.
async fn begun(folder: &Path) -> Result<App, Failure> {
    let place = Place { data: folder.to_owned(), database_url: None };
    let morning = civil_moment(STANDS.at(9, 0, 0, 0)).ok_or_else(|| Failure::Machine("no such moment".to_owned()))?;
    Ok(house::open(&place, Build { clock: Clock::simulated(morning), ..Build::plain() }).await?.app)
}

/// Closes one day, step by step.
async fn one_day(app: &App, day: Date) -> Result<Day, Failure> {
    app.clock.advance(jiff::SignedDuration::from_hours(20));
    let meter = Meter::start();
    meter::forget_peak();
    let worked = meter::processor_time();
    let (began, mut last) = (Stopwatch::start(), Stopwatch::start());
    let mut steps: Vec<Step> = Vec::new();
    let (mut considered, mut touched) = (0, 0);
    let ended = close::run(app, day, 0, &mut |progress| {
        let (took, peak) = (last.elapsed(), meter::forget_peak());
        last = Stopwatch::start();
        match steps.last_mut().filter(|step| step.name == progress.step) {
            Some(step) => (step.took, step.peak) = (step.took + took, step.peak.max(peak)),
            None => steps.push(Step { name: progress.step.clone(), took, peak }),
        }
        if progress.step == "positions" {
            (considered, touched) = (progress.considered, progress.touched);
        }
    })
    .await?;
    match ended {
        Closed::Through { .. } => {
            let (took, worked) = (began.elapsed(), meter::processor_time().saturating_sub(worked));
            let peak = steps.iter().map(|step| step.peak).chain([meter::forget_peak()]).max().unwrap_or(0);
            Ok(Day { took, worked, peak, steps, considered, touched, written: meter.written() })
        }
        Closed::Blocked { day, red, unanswered } => {
            Err(Failure::No(format!("{day} is not sealed: {red:?}, {unanswered} without an answer")))
        }
        Closed::Stopped { day } => Err(Failure::No(format!("{day} was stopped"))),
    }
}

/// Closes the days after the first, with their repayments between them; only the closes are counted.
async fn month(app: &App) -> Result<(), Failure> {
    let (mut took, mut touched, mut written) = (Duration::ZERO, 0, 0);
    let mut on = MEASURED;
    for _ in 1..MONTH {
        on = on.tomorrow().map_err(Failure::machine)?;
        book::pay_what_is_due(app, on).await?;
        let day = one_day(app, on).await?;
        took += day.took;
        touched += day.touched;
        written += day.written;
    }
    let days = u32::try_from(MONTH - 1).unwrap_or(1);
    println!(
        "{} days more: {:.2} s, {:.3} s a day, {touched} loans touched, {} MiB written",
        days,
        took.as_secs_f64(),
        took.as_secs_f64() / f64::from(days),
        written >> 20
    );
    Ok(())
}

fn print_steps(day: &Day) {
    for step in &day.steps {
        println!("    {:<20} {:>9.3} s {:>6} MiB", step.name, step.took.as_secs_f64(), step.peak >> 20);
    }
}

fn report(name: &str, day: &Day, floor: Option<Floor>) {
    let seconds = day.took.as_secs_f64().max(1e-9);
    let rate = |loans: u64| loans as f64 / seconds;
    println!(
        "{name}: {seconds:.3} s, {} loans touched ({:.0} / s), {} considered ({:.0} / s), {} MiB written, peak {} MiB",
        day.touched,
        rate(day.touched),
        day.considered,
        rate(day.considered),
        day.written >> 20,
        day.peak >> 20
    );
    print_steps(day);
    let Some(floor) = floor else {
        println!("    floor                not measured");
        return;
    };
    let times = |of: Duration, floor: Duration| of.as_secs_f64() / floor.as_secs_f64().max(1e-9);
    println!(
        "    floor                {:.3} s; {:.1} times its floor by the wall, {:.1} times on the processor ({:.3} / {:.3} s)",
        floor.took.as_secs_f64(),
        times(day.took, floor.took),
        times(day.worked, floor.worked),
        day.worked.as_secs_f64(),
        floor.worked.as_secs_f64(),
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_multiplied_book_closes_and_its_caches_are_what_the_facts_say() {
        let folder = tempfile::tempdir().unwrap();
        for (name, shape) in [("usual", Shape::Usual), ("heavy", Shape::AllDue)] {
            let app = made(&folder.path().join(name), (120, 40), shape).await.unwrap();
            let day = measured(&app, &folder.path().join(name)).await.unwrap();
            assert!(day.touched > 0 && day.touched == day.considered);
            assert_eq!(day.touched == 120, shape == Shape::AllDue, "{name}: {}", day.touched);
            let floor = floor::measure(&app, &folder.path().join(name), MEASURED).unwrap();
            assert!(floor.is_some_and(|floor| floor.took > Duration::ZERO));
            let mut rows = Vec::new();
            let found = platform::rebuild::verify(&app, &mut |p| rows.extend(p.differences.to_vec())).await.unwrap();
            rows.retain(|row| row.table != "loan_position_history");
            assert_eq!((rows, found.unjudged), (Vec::new(), 0), "but for the history, of which only today was kept");
        }
    }
}
