//! `loanward bench compare` (对比压测): a draft of the rules compared on many customers, each with a grade.

use customers::datum::model::{Basis, Route};
use customers::datum::rules::Provenance;
use customers::datum::{actions as data, item};
use platform::access::session::actor_of;
use platform::access::{Actor, Origin};
use platform::clock::Stopwatch;
use platform::error::ActionError;
use platform::policies;
use platform::policies::compare::{self, store as comparisons};
use platform::policies::draft::actions::{self as drafts, ParameterEntry};
use platform::policies::draft::store as draft_store;
use platform::work::Work;

use super::{Folder, STANDS, begun, book, meter};
use crate::command::BenchCompare;
use crate::failure::Failure;

/// Customers of the small book.
const SMALL: usize = 1_000;
/// The threshold that is moved, and whereto: hundredths of a point.
const MOVED: (&str, &str) = ("grade_min_good", "8500");

/// Makes the customers, moves a threshold, compares, prints what it took.
pub async fn compare(how: BenchCompare) -> Result<(), Failure> {
    let folder = Folder::new(how.within.as_deref())?;
    println!("{} customers, SQLite, {} processors", how.customers, meter::processors());
    let app = begun(&folder.0.join("compare")).await?;
    let began = Stopwatch::start();
    let manager = book::open(&app, Vec::new(), STANDS).await?;
    let small = SMALL.min(how.customers.max(1));
    let mut work = Work::begin(&app, Actor::system(Origin::Setup)).await?;
    let all = book::customers(&mut work, small, manager).await?;
    work.commit().await?;
    // What is entered of a customer was entered by somebody.
    let keeper = actor_of(&app, manager).await?.ok_or_else(|| Failure::No("the manager is unknown".to_owned()))?;
    let mut work = Work::begin(&app, keeper).await?;
    for (n, id) in all.into_iter().enumerate() {
        let from = Provenance {
            effective_on: STANDS,
            route: Route::Verification,
            source_note: "压测".to_owned(),
            basis: Basis::Contract,
            consented_on: None,
        };
        let score = format!("{}.{:02}", n % 100, n % 97);
        let given = [("composite_score_centi", score), ("capacity_level", "strong".to_owned())];
        let given: Vec<_> = given.into_iter().filter_map(|(name, value)| Some((item::find(name)?, value))).collect();
        data::record(&mut work, id, &given, &from).await?;
    }
    work.commit().await?;
    let tables = ["customer", "customer_datum", "customer_standing", "customer_known"];
    book::multiply(&app, &tables, how.customers.div_ceil(small)).await?;
    println!("made in {:.1} s", began.elapsed().as_secs_f64());
    let id = asked(&app).await?;
    meter::forget_peak();
    let began = Stopwatch::start();
    compare::actions::run(app.clone(), id).await;
    let took = began.elapsed();
    let mut work = Work::read(&app, Actor::system(Origin::Console)).await?;
    let done = comparisons::load(&mut work.tx, id).await?;
    let report = done.map(|one| one.report).unwrap_or_default();
    let counted: i64 = report.dates.iter().flat_map(|date| &date.sources).map(|source| source.count).sum();
    println!(
        "{counted} customers compared in {:.2} s, {} would be graded otherwise, peak {} MiB",
        took.as_secs_f64(),
        report.changed(),
        meter::forget_peak() / (1 << 20)
    );
    drop(work);
    app.db.close().await;
    Ok(())
}

/// A draft with the threshold moved, and the comparison asked for.
async fn asked(app: &platform::app::App) -> Result<i64, Failure> {
    let mut work = Work::begin(app, Actor::system(Origin::Setup)).await?;
    let draft = drafts::begin(&mut work, "压测").await?;
    let on = work.business_date;
    let rules = policies::in_force(&mut work, on).await?;
    let unknown = || ActionError::Internal("no such parameter".to_owned());
    let parameter = rules.edition(on).parameter(MOVED.0).ok_or_else(unknown)?.clone();
    let revision = draft_store::load(&mut work.tx, draft).await?.ok_or_else(unknown)?.revision;
    let entry = ParameterEntry { value: MOVED.1.to_owned(), article: parameter.article.clone() };
    if let Err(problems) = drafts::set_parameter(&mut work, (draft, revision), &parameter, &entry).await? {
        return Err(Failure::No(format!("{problems:?}")));
    }
    let id = compare::actions::start(&mut work, draft, 0).await?;
    work.commit().await?;
    Ok(id)
}
