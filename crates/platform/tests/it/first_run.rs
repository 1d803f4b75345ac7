//! The first run: one browser with the code sets an institution up, once; everybody else finds no such page.

use std::sync::Arc;

use axum::http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use platform::app::{App, Settings};
use platform::args;
use platform::clock::Clock;
use platform::db::Db;
use platform::first_run::{self, Supplies};
use platform::testbed::{self, Answer, Browser, House};

use crate::institution::Lending;

const WORDS: &str = "河边的旧船坞夜里会响三声钟";
const DAYS: &str = include_str!("../../../../packs/calendar/holidays.csv");
const LPR: &str = include_str!("../../../../packs/calendar/lpr.csv");

/// A program over an empty database, started for a first run at 16:30 in China on 2026-11-20.
async fn started(db: &Db, wizard: bool) -> House {
    let supplies =
        Supplies { rest_days: DAYS.to_owned(), lpr: LPR.to_owned(), key_file: "/srv/loanward.key".to_owned() };
    let settings = Settings {
        first_run: wizard.then(|| Arc::new(supplies)),
        packs: Arc::new(testbed::packs()),
        ..testbed::settings(&[])
    };
    let now: Timestamp = "2026-11-20T08:30:00Z".parse().unwrap();
    let all: Vec<Arc<dyn platform::capability::Capability>> = vec![Arc::new(Lending::default())];
    let app = App::assemble_with(db.clone(), Clock::simulated(now), 1, all, settings).await.unwrap();
    House { router: platform::web::router(&app), app }
}

/// Sends a form of the page that is open, with its own hidden fields.
async fn send(browser: &mut Browser, path: &str, fields: &[(&str, &str)]) -> Answer {
    let page = browser.get("/setup").await;
    let mut all =
        vec![("_csrf", page.hidden("_csrf").unwrap_or_default()), ("seen", page.hidden("seen").unwrap_or_default())];
    all.extend(fields.iter().map(|(name, value)| (*name, (*value).to_owned())));
    let all: Vec<(&str, &str)> = all.iter().map(|(name, value)| (*name, value.as_str())).collect();
    browser.post_raw(path, &all).await
}

async fn enter(browser: &mut Browser, code: &str) -> StatusCode {
    send(browser, "/setup/code", &[("code", code)]).await.status
}

async fn answered(browser: &mut Browser) {
    let steps: [&[(&str, &str)]; 4] = [
        &[("step", "kind"), ("pack", "microloan")],
        &[("step", "house"), ("institution", "衡川小贷"), ("head_office", "总部"), ("opens_on", "2026-11-20")],
        &[("step", "book"), ("book", "import")],
        &[("step", "key"), ("key_copied", "on")],
    ];
    for fields in steps {
        let answer = send(browser, "/setup/answer", fields).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{fields:?}: {}", answer.text);
    }
}

const PEOPLE: [(&str, &str); 6] = [
    ("login", "fang"),
    ("name", "方某"),
    ("password", WORDS),
    ("again", WORDS),
    ("second_login", "qin"),
    ("second_name", "秦某"),
];

async fn count(db: &Db, sql: &'static str) -> i64 {
    db.read().await.unwrap().fetch_one(sql, args![]).await.unwrap().get("n").unwrap()
}

// Rule `first-run.once`, rule `first-run.two`
#[tokio::test]
async fn an_empty_database_becomes_an_institution_with_two_people_and_the_pages_close() {
    for db in testbed::databases().await {
        let house = started(&db, true).await;
        let mut browser = house.browser();
        let home = browser.get("/").await;
        assert_eq!(home.status, StatusCode::SEE_OTHER);
        assert_eq!(browser.get("/login").await.location(), "/setup");
        let code = first_run::invite(&house.app).await.unwrap().unwrap();
        assert_eq!(enter(&mut browser, "abcd-efgh-jklm-nopq").await, StatusCode::FORBIDDEN);
        assert_eq!(enter(&mut browser, &code.to_uppercase().replace('-', " ")).await, StatusCode::SEE_OTHER);
        answered(&mut browser).await;
        let done = send(&mut browser, "/setup/finish", &PEOPLE).await;
        assert_eq!(done.status, StatusCode::OK, "{}", done.text);
        assert!(done.text.contains("qin") && !done.text.contains(WORDS), "{}", done.text);
        let password = done.text.split("id=\"second-password\">").nth(1).unwrap().split('<').next().unwrap().to_owned();

        // Both come in, the second one to choose a password; roles, rules and calendar of the pack hold at once.
        for (login, word) in [("fang", WORDS), ("qin", password.as_str())] {
            let mut person = house.browser();
            assert_eq!(person.log_in(login, word).await.status, StatusCode::SEE_OTHER, "{login}");
        }
        assert!(house.app.roles().get("system_admin").is_some());
        assert_eq!(count(&db, "select count(*) as n from role_grant where state = 'provisional'").await, 2);
        assert_eq!(count(&db, "select count(*) as n from policy_version where state = 'approved'").await, 1);
        assert!(count(&db, "select count(*) as n from calendar_year").await > 0);
        assert_eq!(count(&db, "select count(*) as n from first_run").await, 0);

        // Whoever comes again, with whatever, finds nothing; a restart changes nothing of that.
        for house in [house, started(&db, true).await] {
            assert_eq!(first_run::invite(&house.app).await.unwrap(), None);
            for mut comer in [browser.clone(), house.browser()] {
                assert_eq!(comer.get("/setup").await.status, StatusCode::NOT_FOUND);
                for path in ["/setup/code", "/setup/answer", "/setup/finish"] {
                    let fields: Vec<(&str, &str)> = PEOPLE.into_iter().chain([("code", code.as_str())]).collect();
                    assert_eq!(comer.post_raw(path, &fields).await.status, StatusCode::NOT_FOUND, "{path}");
                }
            }
        }
        assert_eq!(count(&db, "select count(*) as n from app_user").await, 2);
    }
}

#[tokio::test]
async fn the_code_opens_for_one_browser_until_it_is_over_and_a_restart_prints_another() {
    for db in testbed::databases().await {
        let house = started(&db, true).await;
        let code = first_run::invite(&house.app).await.unwrap().unwrap();
        let (mut one, mut other) = (house.browser(), house.browser());
        let (mut first, mut second) = (one.clone(), other.clone());
        // Two browsers at once: one of them has the pages.
        let code_one = code.clone();
        let racing = tokio::spawn(async move { (enter(&mut first, &code_one).await, first) });
        let b = enter(&mut second, &code).await;
        let (a, first) = racing.await.unwrap();
        let mut statuses = [a, b];
        statuses.sort();
        assert_eq!(statuses, [StatusCode::SEE_OTHER, StatusCode::FORBIDDEN]);
        (one, other) = if a == StatusCode::SEE_OTHER { (first, second) } else { (second, first) };
        answered(&mut one).await;
        let page = send(&mut other, "/setup/answer", &[("step", "kind"), ("pack", "guarantee")]).await;
        assert!(page.text.contains("name=\"code\""), "without the code there is nothing to see: {}", page.text);
        let page = send(&mut other, "/setup/finish", &PEOPLE).await;
        assert!(page.text.contains("name=\"code\""), "{}", page.text);

        // A restart: the browser of before is out, what it answered stays, a code that is over opens nothing.
        let code = first_run::invite(&house.app).await.unwrap().unwrap();
        let page = send(&mut one, "/setup/finish", &PEOPLE).await;
        assert!(page.text.contains("name=\"code\""), "{}", page.text);
        house.app.clock.advance(SignedDuration::from_hours(2));
        assert_eq!(enter(&mut one, &code).await, StatusCode::FORBIDDEN);
        let code = first_run::invite(&house.app).await.unwrap().unwrap();
        assert_eq!(enter(&mut one, &code).await, StatusCode::SEE_OTHER);
        assert!(one.get("/setup?step=house").await.text.contains("衡川小贷"), "progress is kept");
        assert!(one.get("/setup").await.text.contains("name=\"second_login\""), "it goes on at the open step");
        assert_eq!(count(&db, "select count(*) as n from app_user").await, 0);
        // Two windows of one browser send the last form at once: one institution.
        let mut window = one.clone();
        let racing = tokio::spawn(async move { send(&mut window, "/setup/finish", &PEOPLE).await.status });
        let here = send(&mut one, "/setup/finish", &PEOPLE).await.status;
        let there = racing.await.unwrap();
        assert!((here == StatusCode::OK) != (there == StatusCode::OK), "{here} {there}");
        assert_eq!(count(&db, "select count(*) as n from app_user").await, 2);
    }
}

#[tokio::test]
async fn hostile_and_unfinished_forms_change_nothing() {
    for db in testbed::databases().await {
        // A house that the console sets up has no such pages, before and after.
        let console = started(&db, false).await;
        assert_eq!(console.browser().get("/setup").await.status, StatusCode::NOT_FOUND);
        assert_eq!(first_run::invite(&console.app).await.unwrap(), None);

        let house = started(&db, true).await;
        let code = first_run::invite(&house.app).await.unwrap().unwrap();
        let mut browser = house.browser();
        let forged = browser.post_raw("/setup/code", &[("code", code.as_str())]).await;
        assert_eq!(forged.status, StatusCode::FORBIDDEN, "a form of another site");
        assert_eq!(enter(&mut browser, &code).await, StatusCode::SEE_OTHER, "did not spend the code");

        let ahead = send(&mut browser, "/setup/answer", &[("step", "key"), ("key_copied", "on")]).await;
        assert_eq!(ahead.location(), "/setup", "no step is skipped");
        let early = send(&mut browser, "/setup/finish", &PEOPLE).await;
        assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY);
        for fields in [[("step", "kind"), ("pack", "law-cn")], [("step", "kind"), ("pack", "../../etc")]] {
            assert_eq!(send(&mut browser, "/setup/answer", &fields).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        }
        send(&mut browser, "/setup/answer", &[("step", "kind"), ("pack", "microloan")]).await;
        let wrong: [&[(&str, &str)]; 4] = [
            &[("institution", ""), ("head_office", "总部"), ("opens_on", "2026-11-20")],
            &[("institution", "甲"), ("head_office", "总部"), ("opens_on", "2026-11-21")],
            &[("institution", "甲"), ("head_office", "总部"), ("opens_on", "20.11.2026")],
            &[("institution", "a\u{1}b"), ("head_office", "总部"), ("opens_on", "2026-11-20")],
        ];
        for fields in wrong {
            let fields: Vec<(&str, &str)> = fields.iter().copied().chain([("step", "house")]).collect();
            let answer = send(&mut browser, "/setup/answer", &fields).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{fields:?}");
        }
        answered(&mut browser).await;
        for (field, value) in [
            ("login", "<b>x</b>"),
            ("password", "short"),
            ("again", "another one altogether"),
            ("second_login", "fang"),
            ("second_login", ""),
            ("second_name", ""),
        ] {
            let people = PEOPLE.map(|(name, known)| (name, if name == field { value } else { known }));
            let answer = send(&mut browser, "/setup/finish", &people).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}={value}");
            assert!(!answer.text.contains(WORDS), "a password never comes back");
            assert!(!answer.text.contains("<b>x"), "{field}");
        }
        assert_eq!(count(&db, "select count(*) as n from setting where name = 'institution.name'").await, 0);
        assert_eq!(count(&db, "select count(*) as n from app_user").await, 0);
    }
}
