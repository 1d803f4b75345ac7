//! `loanward demo` (演示): a lender's book of eighteen months, made by really running every day of it.
//!
//! [`plan`] says who borrows and who pays, from chance that repeats ([`chance`], [`people`]); [`staff`] lets the people
//! of the institution in; [`book`] lives through the days: money out, money in, the day close; [`backing`] puts people
//! and things behind the loans; [`desk`] answers the duties of the day; [`files`] fills what is known of customers; [`winning`] says how customers were won; [`collections`] works the cases of the last days; [`classification`] classifies the loans every quarter; [`incidents`] adds what happens now and then. The book stands on a fixed business date under a simulated clock, so that a walk through it
//! shows the same on every machine. Nothing leaves the machine: it listens on loopback, and messages to debtors become
//! files in its own folder.

mod agency;
mod backing;
mod book;
mod chance;
mod classification;
mod collections;
mod desk;
mod dossier;
mod exams;
mod files;
mod incidents;
mod meeting;
mod people;
mod plan;
mod staff;
mod visits;
mod winning;

use std::path::Path;

use jiff::Timestamp;
use jiff::civil::{Date, date};
use platform::app::App;
use platform::clock::{Clock, civil_moment};

use crate::command::{Demo, Place};
use crate::failure::Failure;
use crate::house::{self, Build, Opened};
use crate::serve;

/// The first business date of the book.
pub const OPENS: Date = date(2025, 5, 20);
/// The business date on which it stands.
pub const STANDS: Date = date(2026, 11, 20);
/// The policy pack.
const PACK: &str = "microloan";

/// The whole demo book.
const WHOLE: plan::Size = plan::Size { persons: 520, companies: 80, loans: 900 };

/// How large the book is, and from when until when it is lived through (演示规模).
#[derive(Debug, Clone, Copy)]
pub struct Extent {
    size: plan::Size,
    days: (Date, Date),
}

impl Extent {
    /// The whole demo book.
    pub const WHOLE: Self = Self { size: WHOLE, days: (OPENS, STANDS) };

    /// A little of everything from this day on, for tests.
    #[cfg(test)]
    pub fn small(from: Date) -> Self {
        Self { size: plan::Size { persons: 10, companies: 3, loans: 16 }, days: (from, STANDS) }
    }
}

/// Makes the book at the first start, serves it at every start.
pub async fn run(how: Demo) -> Result<(), Failure> {
    let making = |_| {
        println!(
            "正在生成演示账簿：18 个月逐日日终，约需一两分钟 / making the demo book: 18 months of day closes, a minute or two"
        );
    };
    let (app, _held) = prepare(&how.data, Extent::WHOLE, making).await?;
    println!("{}", staff::introduce());
    serve::listen(&app, &how.listen).await
}

/// The program over the book in this folder, and what holds the folder; `making` is told of the program when the book
/// has to be made first.
///
/// # Errors
/// A book that was left half-way, or something else, lies in the folder; it cannot be opened or made.
pub async fn prepare(
    data: &Path,
    extent: Extent,
    making: impl FnOnce(App),
) -> Result<(App, Option<std::fs::File>), Failure> {
    let folder = data.display();
    let starts = match look(data) {
        Found::Nothing => {
            house::prepare_folder(data)?;
            mark(data, MAKING)?;
            0
        }
        Found::Made { starts } => starts,
        Found::Unfinished => {
            return Err(Failure::Input(format!(
                "演示账簿 {folder} 上次没有生成完：请删除该目录后重新启动 / \
                 the demo book in {folder} was not finished when it was made: remove the folder and start again"
            )));
        }
        Found::Foreign => {
            return Err(Failure::Input(format!(
                "目录 {folder} 里已有其他内容，演示不会动它：请用 --data 指定一个新目录 / \
                 {folder} holds something else, which the demo leaves alone: name a new folder with --data"
            )));
        }
    };
    let held = house::hold(&Place { data: data.to_owned(), database_url: None })?;
    let opened = open(data, starts).await.map_err(|cause| {
        Failure::Machine(format!(
            "演示账簿 {folder} 无法打开（{cause}）：请删除该目录后重新启动 / \
             the demo book in {folder} cannot be opened ({cause}): remove the folder and start again"
        ))
    })?;
    if opened.empty {
        making(opened.app.clone());
        make(&opened.app, extent.size, extent.days).await?;
    }
    // Whoever closed days in the demo finds the clock on the day that was reached.
    let today = business_date(&opened.app).await?;
    opened.app.clock.set(standing_moment(starts)?.max(at(today, 16, 30)?));
    platform::access::actions::passwords_begin_now(&opened.app).await?;
    mark(data, &starts.saturating_add(1).to_string())?;
    Ok((opened.app, held))
}

/// Somebody of the demo who may log in, and the password of all of them.
pub fn somebody() -> (String, String) {
    staff::logins().get(1).map(|(login, _)| (login.clone(), staff::PASSWORD.to_owned())).unwrap_or_default()
}

/// Removes a demo book, finished or not; anything else stays as it is.
///
/// # Errors
/// The file system refuses.
pub fn remove(data: &Path) -> std::io::Result<()> {
    match look(data) {
        Found::Made { .. } | Found::Unfinished => std::fs::remove_dir_all(data),
        Found::Nothing | Found::Foreign => Ok(()),
    }
}

/// Removes one that was left half-way.
///
/// # Errors
/// The file system refuses.
pub fn remove_unfinished(data: &Path) -> std::io::Result<()> {
    if look(data) == Found::Unfinished { remove(data) } else { Ok(()) }
}

async fn open(data: &Path, starts: i64) -> Result<Opened, Failure> {
    let place = Place { data: data.to_owned(), database_url: None };
    let clock = Clock::simulated(standing_moment(starts)?);
    // What leaves the demo lands in its own folder.
    let outbox_folder = Some(data.join("outbox"));
    let build = Build { clock, pack: PACK.to_owned(), demo_logins: staff::logins(), outbox_folder, ..Build::plain() };
    house::open(&place, build).await
}

/// Sets the institution up and lives through all days.
async fn make(app: &App, size: plan::Size, (opens, stands): (Date, Date)) -> Result<book::Story, Failure> {
    app.clock.set(at(opens, 8, 0)?);
    let staff = staff::move_in(app, opens).await?;
    serve::install(app, PACK).await?;
    exams::fill(app, &staff).await?;
    book::live(app, &staff, size, (opens, stands)).await
}

/// A small book with a little of everything, for tests of the whole program (小演示账簿).
#[cfg(test)]
pub(crate) async fn small(app: &App) -> Result<(), Failure> {
    let size = plan::Size { persons: 10, companies: 3, loans: 16 };
    make(app, size, (date(2026, 8, 3), STANDS)).await.map(drop)
}

/// The business date that the book has come to.
///
/// # Errors
/// The store's.
pub async fn business_date(app: &App) -> Result<Date, Failure> {
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

/// What lies in the folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Found {
    /// Nothing yet: the book is made there.
    Nothing,
    /// A demo book that was started so often.
    Made { starts: i64 },
    /// A demo book that was left half-way.
    Unfinished,
    /// Something else, a lender's real book among it: a demo never touches it.
    Foreign,
}

/// The file that tells a demo book from a real one; it holds the number of starts.
const MARK: &str = "demo-starts";
/// What it holds while the book is made.
const MAKING: &str = "making";

fn look(data: &Path) -> Found {
    let holds_nothing = std::fs::read_dir(data).map_or(true, |mut files| files.next().is_none());
    match std::fs::read_to_string(data.join(MARK)) {
        Ok(text) => text.trim().parse().map_or(Found::Unfinished, |starts| Found::Made { starts }),
        Err(_) if holds_nothing => Found::Nothing,
        Err(_) => Found::Foreign,
    }
}

fn mark(data: &Path, text: &str) -> Result<(), Failure> {
    std::fs::write(data.join(MARK), text).map_err(Failure::machine)
}

#[cfg(test)]
mod tests {
    use platform::access::{Actor, Origin};
    use platform::work::Work;

    use super::*;

    const SMALL: plan::Size = plan::Size { persons: 10, companies: 3, loans: 16 };
    const SHORT: (Date, Date) = (date(2026, 8, 3), date(2026, 11, 20));

    #[test]
    fn a_demo_touches_only_what_it_made_itself() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(look(&folder.path().join("none")), Found::Nothing);
        assert_eq!(look(folder.path()), Found::Nothing);
        std::fs::write(folder.path().join("loanward.db"), "a lender's own book").unwrap();
        assert_eq!(look(folder.path()), Found::Foreign);
        mark(folder.path(), MAKING).unwrap();
        assert_eq!(look(folder.path()), Found::Unfinished);
        mark(folder.path(), "3").unwrap();
        assert_eq!(look(folder.path()), Found::Made { starts: 3 });
    }

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
        let secured = work
            .tx
            .fetch_one(
                "select (select count(*) from guarantee) as guarantees, (select count(*) from collateral) as things, \
                 (select count(*) from contact_record) as contacts, (select count(*) from approval where state = 'pending') \
                 as waiting",
                platform::args![],
            )
            .await
            .unwrap();
        let count = |column: &str| secured.get::<i64>(column).unwrap();
        assert!(count("guarantees") > 0 && count("things") > 0, "something stands behind the loans");
        let entered = i64::try_from(story.contacts).unwrap();
        assert!(count("contacts") > entered, "the collectors call besides what the desk enters");
        assert!(story.contacts > 0 && count("waiting") > 0, "the desk worked, and something waits");
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
