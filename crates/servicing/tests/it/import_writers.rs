//! Two who import at once: one writes, the other is told.

use platform::access::Actor;
use platform::app::App;
use platform::testbed;
use platform::work::Work;
use servicing::import::actions::{LEASE, begin, write};
use servicing::import::{Mode, RunId, RunState, store};

use crate::changes::{by, code, lenders};
use crate::house::Lender;
use crate::import::{bytes, conventions, count, counted};

const BOOK: &str = "ledger-by-year";

/// Uploads and tries the book out, all but writing.
async fn tried(lender: &Lender, actor: &Actor) -> RunId {
    let run =
        servicing::import::run(lender.app(), actor, "book.xlsx", bytes(BOOK), Some(conventions()), Mode::DryRun).await;
    run.unwrap().0
}

async fn begun(app: &App, actor: &Actor, id: RunId) -> Result<(), platform::error::ActionError> {
    let mut work = Work::begin(app, actor.clone()).await?;
    begin(&mut work, id, true).await?;
    work.commit().await?;
    Ok(())
}

#[tokio::test]
async fn of_two_who_import_the_same_file_at_once_one_writes() {
    // import.one-writer
    for lender in lenders().await {
        let actor = by(&lender, "head").await.actor;
        let (one, two) = (tried(&lender, &actor).await, tried(&lender, &actor).await);
        let (app, other) = (lender.app().clone(), lender.app().clone());
        let (a, b) = tokio::join!(begun(&app, &actor, one), begun(&other, &actor, two));
        let (winner, loser) = if a.is_ok() { (one, two) } else { (two, one) };
        let refused = if a.is_ok() { b } else { a }.unwrap_err();
        let refused = refused.refusal().expect("a refusal").clone();
        assert_eq!((refused.code, refused.rule.as_deref()), ("import-busy", Some("import.one-writer")));
        assert!(refused.details.iter().any(|(name, value)| *name == "file" && value == "book.xlsx"), "{refused:?}");
        // Two tasks on the run that was begun: a second press, or a second process.
        let (a, b) = tokio::join!(write(&app, &actor, winner, None), write(&other, &actor, winner, None));
        assert!(a.is_ok() != b.is_ok(), "{a:?} {b:?}");
        let said = code(if a.is_ok() { b } else { a });
        assert!(["import-busy", "import-state"].contains(&said.as_str()), "{said}");
        let once = counted(&lender).await;
        assert_eq!(count(&lender, "select count(*) as n from loan").await, 147);
        // The other may write now, and finds everything there.
        begun(&app, &actor, loser).await.unwrap();
        write(&app, &actor, loser, None).await.unwrap();
        assert_eq!(counted(&lender).await, once, "nothing comes twice");
    }
}

#[tokio::test]
async fn a_writer_that_was_taken_over_writes_nothing_more() {
    // import.one-writer
    for lender in lenders().await {
        let actor = by(&lender, "head").await.actor;
        let id = tried(&lender, &actor).await;
        begun(lender.app(), &actor, id).await.unwrap();
        // A process takes the right to write and dies: nobody releases it.
        let dead = 7;
        let mut work = lender.work().await;
        let now = work.now;
        let until = now.checked_add(LEASE).unwrap();
        assert!(store::take_lease(&mut work.tx, id, dead, now, until).await.unwrap());
        work.commit().await.unwrap();
        assert_eq!(code(write(lender.app(), &actor, id, None).await), "import-busy");
        assert_eq!(code(begun(lender.app(), &actor, id).await), "import-busy", "nor from the page");
        lender.app().clock.advance(LEASE);
        begun(lender.app(), &actor, id).await.unwrap();
        write(lender.app(), &actor, id, Some(2)).await.unwrap();
        let half = count(&lender, "select count(*) as n from loan").await;
        assert!((1..147).contains(&half), "{half}");
        // The dead one wakes up and cannot keep what it lost.
        let mut work = lender.work().await;
        assert!(!store::keep_lease(&mut work.tx, dead, until).await.unwrap());
        drop(work);
        write(lender.app(), &actor, id, None).await.unwrap();
        assert_eq!(count(&lender, "select count(*) as n from loan").await, 147);
        let mut work = lender.work().await;
        assert_eq!(store::run(&mut work.tx, id).await.unwrap().unwrap().state, RunState::Imported);
        assert!(store::lease(&mut work.tx).await.unwrap().is_none(), "given back at the end");
    }
}

#[tokio::test]
async fn two_processes_on_one_postgres_agree_who_writes() {
    // import.one-writer
    let Some(db) = testbed::postgres().await else { return };
    let lender = Lender::over(db).await;
    let mut actor = Actor::system(platform::access::Origin::Console);
    let user = lender.house.user_id("boss").await;
    (actor.user, actor.branch) = (Some(user), platform::id::BranchId(1));
    for action in ["import.run", "loan.view", "customer.view"] {
        actor.grants.insert(action.to_owned(), platform::access::Scope::Institution);
    }
    let (one, two) = (tried(&lender, &actor).await, tried(&lender, &actor).await);
    let all = |app: App, actor: Actor, id: RunId| async move {
        begun(&app, &actor, id).await?;
        write(&app, &actor, id, None).await
    };
    let app = lender.app().clone();
    // Each on a task and a connection of its own.
    let a = tokio::spawn(all(app.clone(), actor.clone(), one));
    let b = tokio::spawn(all(app, actor, two));
    let ended = [a.await.unwrap(), b.await.unwrap()];
    let done = ended.iter().filter(|end| end.is_ok()).count();
    assert!(done >= 1, "{ended:?}");
    for end in ended.into_iter().filter(Result::is_err) {
        assert_eq!(code(end), "import-busy");
    }
    assert_eq!(count(&lender, "select count(*) as n from loan").await, 147);
    let twice = "select count(*) as n from (select number from loan group by number having count(*) > 1) t";
    assert_eq!(count(&lender, twice).await, 0);
}
