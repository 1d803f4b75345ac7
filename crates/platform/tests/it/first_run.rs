//! The first run: one browser with the code sets an institution up, once; everybody else finds no such page.

use std::sync::Arc;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use jiff::{SignedDuration, Timestamp};
use platform::app::{App, Settings};
use platform::args;
use platform::clock::Clock;
use platform::db::Db;
use platform::event::BoxFuture;
use platform::first_run::{self, Rehearsal, RehearsalState, Supplies};
use platform::locale::missing_in;
use platform::testbed::{self, Answer, Browser, House};

use crate::institution::Lending;

const WORDS: &str = "河边的旧船坞夜里会响三声钟";
const DAYS: &str = include_str!("../../../../packs/calendar/holidays.csv");
const LPR: &str = include_str!("../../../../packs/calendar/lpr.csv");

/// A program over an empty database, started for a first run at 16:30 in China on 2026-11-20.
async fn started(db: &Db, wizard: bool) -> House {
    started_with(db, wizard, None).await
}

/// The same with a made-up book to look around in.
async fn started_with(db: &Db, wizard: bool, rehearsal: Option<Arc<dyn Rehearsal>>) -> House {
    let supplies = Supplies {
        rest_days: DAYS.to_owned(),
        lpr: LPR.to_owned(),
        key_file: "/srv/loanward.key".to_owned(),
        rehearsal,
    };
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
                for path in ["/setup/code", "/setup/answer", "/setup/calendar", "/setup/demo", "/setup/finish"] {
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
async fn a_code_opens_until_its_two_hours_are_over_and_not_a_second_longer() {
    // Rule `first-run.once`
    for db in testbed::databases().await {
        let house = started(&db, true).await;
        for (seconds, opens) in [(7_199, StatusCode::SEE_OTHER), (7_200, StatusCode::FORBIDDEN)] {
            let code = first_run::invite(&house.app).await.unwrap().unwrap();
            house.app.clock.advance(SignedDuration::from_secs(seconds));
            assert_eq!(enter(&mut house.browser(), &code).await, opens, "{seconds} s");
        }
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

/// Sends a file of rest days from the page of the house.
async fn send_days(browser: &mut Browser, content: &[u8]) -> Answer {
    let page = browser.get("/setup?step=house").await;
    let mut body = Vec::new();
    for field in ["_csrf", "seen"] {
        let value = page.hidden(field).unwrap_or_default();
        body.extend(format!("--b\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n").bytes());
    }
    body.extend(b"--b\r\nContent-Disposition: form-data; name=\"days\"; filename=\"days.csv\"\r\n\r\n");
    body.extend(content);
    body.extend(b"\r\n--b--\r\n");
    let request = Request::post("/setup/calendar")
        .header("content-type", "multipart/form-data; boundary=b")
        .header("sec-fetch-site", "same-origin");
    browser.send(request, Body::from(body)).await
}

#[tokio::test]
async fn another_list_of_rest_days_replaces_its_years_and_a_wrong_one_is_named_by_its_line() {
    for db in testbed::databases().await {
        let house = started(&db, true).await;
        let code = first_run::invite(&house.app).await.unwrap().unwrap();
        let (mut browser, mut stranger) = (house.browser(), house.browser());
        assert_eq!(enter(&mut browser, &code).await, StatusCode::SEE_OTHER);
        answered(&mut browser).await;
        browser.get("/language/en?to=/setup").await;
        // what is sent, what is said
        let own = "date,kind,name\n2026-12-24,holiday,本地节日\n2027-02-06,holiday,春节\n2027-02-20,workday,调休\n";
        let wrong: [(&[u8], &str); 4] = [
            (b"", "Choose"),
            (b"day;kind\n", "date,kind,name"),
            (b"date,kind,name\n2026-13-01,holiday,x\n", "Line 2"),
            (b"date,kind,name\n2026-12-24,feast,<b>x\n", "Line 2"),
        ];
        for (content, said) in wrong {
            let answer = send_days(&mut browser, content).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{said}: {}", answer.text);
            assert!(answer.text.contains(said) && !answer.text.contains("<b>x"), "{said}: {}", answer.text);
        }
        let huge = send_days(&mut browser, &vec![b'x'; 65 * 1024]).await;
        assert_eq!(huge.status, StatusCode::PAYLOAD_TOO_LARGE);
        let without = send_days(&mut stranger, own.as_bytes()).await;
        assert!(without.status.is_client_error() || without.text.contains("name=\"code\""), "{}", without.text);
        assert_eq!(send_days(&mut browser, own.as_bytes()).await.location(), "/setup?step=house");
        for lang in ["zh-CN", "en"] {
            let page = browser.get(&format!("/setup?step=house&lang={lang}")).await.text;
            assert!(page.contains("2026, 2027") && missing_in(&page).is_empty(), "{page}");
        }
        let done = send(&mut browser, "/setup/finish", &PEOPLE).await;
        assert_eq!(done.status, StatusCode::OK, "{}", done.text);
        let listed = "select count(*) as n from calendar_day where day_on like '2026-%'";
        assert_eq!(count(&db, listed).await, 1, "the whole year is theirs");
        assert_eq!(count(&db, "select count(*) as n from calendar_year where year = 2027").await, 1);
        let shipped = "select count(*) as n from calendar_day where day_on like '2025-%'";
        assert!(count(&db, shipped).await > 1, "the other years are the shipped ones");
    }
}

/// A made-up book that is as far as the test says.
#[derive(Debug)]
struct Staged(std::sync::Mutex<(RehearsalState, u32, u32)>);

impl Rehearsal for Staged {
    fn begin(&self) {
        let mut now = self.0.lock().unwrap();
        *now = (RehearsalState::Making { day: Some(jiff::civil::date(2025, 11, 3)) }, now.1 + 1, now.2);
    }
    fn state(&self) -> BoxFuture<'_, RehearsalState> {
        Box::pin(async { self.0.lock().unwrap().0.clone() })
    }
    fn end(&self) -> BoxFuture<'_, ()> {
        Box::pin(async { self.0.lock().unwrap().2 += 1 })
    }
}

#[tokio::test]
async fn a_made_up_book_is_offered_begun_opened_and_ends_with_the_set_up() {
    let db = testbed::sqlite().await;
    let staged = Arc::new(Staged(std::sync::Mutex::new((RehearsalState::NotBegun, 0, 0))));
    let house = started_with(&db, true, Some(staged.clone())).await;
    let code = first_run::invite(&house.app).await.unwrap().unwrap();
    let (mut browser, mut stranger) = (house.browser(), house.browser());
    let refused = send(&mut stranger, "/setup/demo", &[]).await;
    assert!(refused.text.contains("name=\"code\"") && staged.0.lock().unwrap().1 == 0, "only with the code");
    assert_eq!(enter(&mut browser, &code).await, StatusCode::SEE_OTHER);
    let page = browser.get("/setup").await.text;
    assert!(page.contains("form=\"setup-demo\"") && missing_in(&page).is_empty(), "{page}");
    assert_eq!(browser.post_raw("/setup/demo", &[("_csrf", "x")]).await.status, StatusCode::FORBIDDEN, "forged");
    let begun = send(&mut browser, "/setup/demo", &[("step", "kind")]).await;
    assert_eq!(begun.location(), "/setup?step=kind");
    let page = browser.get("/setup?step=kind").await.text;
    assert!(page.contains("2025-11-03") && !page.contains("id=\"demo-open\""), "{page}");
    let login = ("fang".to_owned(), "everybody's word".to_owned());
    staged.0.lock().unwrap().0 = RehearsalState::Ready { port: 4711, login };
    // The link goes to the name by which this page was reached, whatever a header holds.
    for (host, address) in [
        ("demo.example:8080", "http://demo.example:4711/"),
        ("[::1]:8080", "http://[::1]:4711/"),
        ("a\"><script>", "http://127.0.0.1:4711/"),
    ] {
        browser.headers.insert("host", host.parse().unwrap());
        let page = browser.get("/setup?step=kind").await.text;
        assert!(page.contains(&format!("href=\"{address}\"")) && page.contains("fang"), "{host}: {page}");
    }
    answered(&mut browser).await;
    assert!(browser.get("/setup?step=book").await.text.contains("id=\"demo-open\""));
    assert!(!browser.get("/setup?step=people").await.text.contains("demo-open"));
    let done = send(&mut browser, "/setup/finish", &PEOPLE).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.text);
    let (_, begun, ended) = staged.0.lock().unwrap().clone();
    assert_eq!((begun, ended), (1, 1), "begun once, ended once");
    let plain = started(&testbed::sqlite().await, true).await;
    let code = first_run::invite(&plain.app).await.unwrap().unwrap();
    let mut browser = plain.browser();
    enter(&mut browser, &code).await;
    answered(&mut browser).await;
    let page = browser.get("/setup?step=book").await.text;
    assert!(
        page.contains("loanward demo") && !page.contains("setup-demo"),
        "where none is brought, the command: {page}"
    );
}

// Rule `first-run.once`
#[tokio::test]
async fn whoever_takes_over_a_whole_book_is_led_to_its_page_after_the_log_in() {
    for db in testbed::databases().await {
        let house = started(&db, true).await;
        let mut browser = house.browser();
        let code = first_run::invite(&house.app).await.unwrap().unwrap();
        assert_eq!(enter(&mut browser, &code).await, StatusCode::SEE_OTHER);
        answered(&mut browser).await;
        for lang in ["zh-CN", "en"] {
            let page = browser.get(&format!("/setup?step=book&lang={lang}")).await.text;
            assert!(page.contains("value=\"whole\"") && missing_in(&page).is_empty(), "{page}");
        }
        let chosen = send(&mut browser, "/setup/answer", &[("step", "book"), ("book", "whole")]).await;
        assert_eq!(chosen.status, StatusCode::SEE_OTHER, "{}", chosen.text);
        let done = send(&mut browser, "/setup/finish", &PEOPLE).await;
        assert!(done.text.contains("/login?next=/book"), "{}", done.text);
        let mut fang = house.browser();
        assert_eq!(fang.log_in("fang", WORDS).await.status, StatusCode::SEE_OTHER);
        let page = fang.get("/book").await;
        assert!(page.text.contains("action=\"/book/import\"") && missing_in(&page.text).is_empty(), "{}", page.text);
    }
}
