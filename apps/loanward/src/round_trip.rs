//! The whole book out, in and out again (整本往返): a small demo book, made by the actions of all capabilities, moves from
//! SQLite to PostgreSQL and back; facts, positions and totals stay what they were.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::civil::date;
use platform::access::actions::{FirstUser, SetUp, set_up};
use platform::app::{App, Settings};
use platform::book::{self, Brought, Manifest, Wanted};
use platform::clock::{Clock, civil_moment};
use platform::db::Db;
use platform::locale::{Lang, Locale};
use platform::testbed;
use platform::vault::Vault;
use platform::work::Work;
use policy::Pack;

use crate::{demo, house, import, policies, serve, shipped};

/// The sheets that are matched with who is here already: another house has other people besides.
const PEOPLE: [&str; 3] = ["branches", "teams", "users"];

/// A program over this database with a key of its own.
async fn program(db: Db, seed: u8) -> App {
    let files = shipped::packs();
    let pack = Pack::load(&files, "microloan", &policies::dictionary().unwrap()).unwrap();
    let settings = Settings { packs: Arc::new(files), vault: Some(Vault::for_tests(seed)), ..Settings::default() };
    let mut settings = settings.under_pack(&pack, date(2026, 11, 20)).unwrap();
    settings.access.hashing = platform::access::Hashing::weak_for_tests();
    let clock = Clock::simulated(civil_moment(date(2026, 8, 3).at(8, 0, 0, 0)).unwrap());
    App::assemble_with(db, clock, u16::from(seed), house::capabilities(), settings).await.unwrap()
}

/// An institution that was set up and has nobody but its administrator.
async fn empty(db: Db, seed: u8) -> App {
    let app = program(db, seed).await;
    let admin = FirstUser {
        login: "admin".to_owned(),
        name: "系统管理员".to_owned(),
        roles: vec!["system_admin".to_owned()],
        password: Some("a long enough word 7".to_owned()),
        must_change: false,
        lang: Lang::ZhCn,
    };
    let wish = SetUp {
        institution: "往返测试".to_owned(),
        head_office: "新总部".to_owned(),
        opens_on: date(2026, 8, 3),
        users: vec![admin],
    };
    set_up(&app, &wish).await.unwrap();
    serve::install(&app, "microloan").await.unwrap();
    app
}

/// Who may take the book out and bring it in: the administrator of the demo, or of the empty house.
async fn administrator(app: &App) -> platform::access::Actor {
    match import::actor(app, "ma").await {
        Ok(actor) if actor.roles.contains("system_admin") => actor,
        Ok(_) | Err(_) => import::actor(app, "admin").await.unwrap(),
    }
}

async fn out(app: &App, wanted: &Wanted) -> (PathBuf, Manifest) {
    let path = testbed::scratch("xlsx");
    let actor = administrator(app).await;
    let mut work = Work::begin(app, actor.clone()).await.unwrap();
    book::ask(&mut work, wanted).await.unwrap();
    work.commit().await.unwrap();
    let mut work = Work::read(app, actor).await.unwrap();
    let made = book::write(&mut work, wanted, std::fs::File::create(&path).unwrap(), &|_| {}).await.unwrap();
    (path, made)
}

/// Brings a file in, or tries it out; answers what was found.
async fn bring(app: &App, path: &Path, dry_run: bool) -> Brought {
    let digest = book::digest_of(path).await.unwrap();
    let mut work = Work::begin(app, administrator(app).await).await.unwrap();
    let brought = book::bring(&mut work, path, &digest, &|_| {}).await.unwrap();
    if !brought.findings.bar() && !dry_run {
        work.commit().await.unwrap();
    }
    brought
}

fn said(app: &App, brought: &Brought) -> Vec<String> {
    let locale = Locale::new(Arc::clone(&app.catalogue), Lang::En);
    let line = |f: &book::Finding| format!("{} {:?} {} {}", f.sheet, f.row, f.column, f.say(&locale));
    brought.findings.kept.iter().filter(|f| f.refuses).map(line).collect()
}

fn digests(manifest: &Manifest) -> BTreeMap<&str, &str> {
    let all = manifest.totals.iter().filter(|(sheet, _)| !PEOPLE.contains(&sheet.as_str()));
    all.map(|(sheet, totals)| (sheet.as_str(), totals.digest.as_str())).collect()
}

/// Every table, with how many rows it has.
async fn rows(app: &App, tables: &[&'static str]) -> Vec<i64> {
    let mut tx = app.db.read().await.unwrap();
    let mut all = Vec::new();
    for table in tables {
        let sql = platform::db::AssertSqlSafe(format!("select count(*) as n from {table}"));
        all.push(tx.fetch_one(sql, vec![]).await.unwrap().get("n").unwrap());
    }
    all
}

async fn demo_book() -> App {
    let app = program(testbed::sqlite().await, 7).await;
    demo::small(&app).await.unwrap();
    app
}

// Rule `book.round-trip`
#[tokio::test]
async fn a_book_goes_out_comes_in_elsewhere_and_goes_out_equal() {
    let source = demo_book().await;
    let clear = Wanted::new(true, "搬到另一数据库");
    let (file, first) = out(&source, &clear).await;
    assert!(first.totals["transactions"].rows > 20, "{:?}", first.totals["transactions"]);
    let mut file = file;
    let elsewhere = [testbed::postgres().await, Some(testbed::sqlite().await)];
    for (db, seed) in elsewhere.into_iter().flatten().zip([8, 9]) {
        let target = empty(db, seed).await;
        let tried = bring(&target, &file, true).await;
        assert_eq!(said(&target, &tried), Vec::<String>::new());
        assert_eq!(rows(&target, &["customer", "loan", "loan_position"]).await, [0, 0, 0], "a dry run writes nothing");
        let brought = bring(&target, &file, false).await;
        assert_eq!(said(&target, &brought), Vec::<String>::new());
        assert!(!brought.findings.kept.iter().any(|f| f.code == "changed"), "what is read is what was written");
        let (next, second) = out(&target, &clear).await;
        assert_eq!(digests(&first), digests(&second), "facts, positions and totals are equal");
        assert_eq!(first.business_date, second.business_date);
        let mut named = Vec::new();
        let found = platform::rebuild::verify(&target, &mut |p| named.extend(p.differences.to_vec())).await.unwrap();
        assert_eq!((found.differing, named), (0, Vec::new()), "the caches are what the facts say");
        assert_eq!(platform::audit::verify(&target.db).await.unwrap().broken, None);
        let again = bring(&target, &file, false).await;
        assert!(again.findings.kept.iter().any(|f| f.code == "not-empty"), "a book comes in once");
        file = next;
    }
}
