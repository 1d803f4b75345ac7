//! The web layer: forged and repeated forms, permissions of every route, refusals and failures, headers, the log.

use std::io::Write;
use std::sync::{Arc, Mutex};

use axum::body::Body;
use axum::extract::Path;
use axum::http::{Method, Request, StatusCode, header};
use axum::response::Response;
use platform::access::Scope;
use platform::args;
use platform::audit::Entry;
use platform::capability::Capability;
use platform::db::{Migration, StoreError};
use platform::error::{ActionError, FieldError, RefusalKind, Refused};
use platform::event::BoxFuture;
use platform::page::{Html, Page};
use platform::testbed::{self, ALL, House, PASSWORD};
use platform::web::{Entry as Door, Hit, Posted, Routes, Searcher, Upload, Visit, WebError, records};
use platform::work::Work;
use serde::Deserialize;

/// A capability that does little of everything.
struct Sample;

const LOOK: &str = "note.view";
const WRITE: &str = "note.write";

#[derive(Deserialize)]
struct NoteForm {
    text: String,
}

impl Capability for Sample {
    fn name(&self) -> &'static str {
        "sample"
    }

    fn migrations(&self) -> &'static [Migration] {
        &[Migration {
            version: 1,
            name: "note",
            sql: "create table note (id bigint not null primary key, text text not null);",
        }]
    }

    fn messages(&self) -> Vec<(&'static str, &'static str)> {
        vec![
            (
                "zh-CN",
                "action-note-view = 看便条\nerror-note-late = 迟了 { $days } 天\nerror-note-short = 太短\nsample-notes = 便条\n",
            ),
            (
                "en",
                "action-note-view = Look at notes\nerror-note-late = { $days } days late\nerror-note-short = too short\nsample-notes = Notes\n",
            ),
        ]
    }

    fn routes(&self) -> Routes {
        Routes::new().get("/notes", LOOK, show).post("/notes", WRITE, write).upload("/notes/file", WRITE, upload).get(
            "/fail/{how}",
            LOOK,
            fail,
        )
    }

    fn permissions(&self) -> &'static [&'static str] {
        &[LOOK, WRITE]
    }

    fn search(&self) -> Vec<Searcher> {
        vec![Searcher { label: "sample-notes", action: LOOK, find }]
    }
}

fn find<'a>(_: &'a mut Work, asked: &'a str, _: i64) -> BoxFuture<'a, Result<Vec<Hit>, ActionError>> {
    Box::pin(async move {
        Ok(vec![Hit { title: asked.to_owned(), note: "*三".into(), href: "javascript:alert(1)".into() }])
    })
}

async fn show(visit: Visit) -> Result<Response, WebError> {
    let mut work = visit.read().await?;
    let rows = work.tx.fetch_all("select text from note order by id limit 100", args![]).await?;
    let mut body = Html::new();
    body.push(&visit.ui().guard(visit.guard()));
    for row in rows {
        body.raw("<p>").text(row.get::<String>("text")?).raw("</p>");
    }
    visit.page_of(&Page::new("Notes", "notes"), &body)
}

async fn write(posted: Posted<NoteForm>) -> Result<Response, WebError> {
    let mut work = posted.begin(WRITE).await?;
    let id = work.next_id();
    work.tx.execute("insert into note (id, text) values ($1, $2)", args![id, posted.form.text]).await?;
    work.audit(Entry::new(None, WRITE, format!("note:{id}"))).await?;
    if posted.form.text.is_empty() {
        return Err(Refused::form(vec![FieldError::new("text", "note-short")]).into());
    }
    posted.done(work, format!("/notes?made={id}")).await
}

async fn upload(upload: Upload) -> Result<Response, WebError> {
    let mut work = upload.begin(WRITE).await?;
    for file in &upload.files {
        let id = work.next_id();
        let text = format!("{} {}", file.name, file.bytes.len());
        work.tx.execute("insert into note (id, text) values ($1, $2)", args![id, text]).await?;
    }
    upload.done(work, "/notes").await
}

async fn fail(Path(how): Path<String>) -> Result<Response, WebError> {
    let refused =
        |kind| Refused::new(kind, "note-late").with("days", 3).under("note.late", Some("《测试办法》第三条".into()));
    Err(match how.as_str() {
        "invalid" => refused(RefusalKind::Invalid).into(),
        "not-found" => refused(RefusalKind::NotFound).into(),
        "forbidden" => refused(RefusalKind::Forbidden).into(),
        "conflict" => refused(RefusalKind::Conflict).into(),
        "stale" => StoreError::Stale { changed: 0 }.into(),
        "busy" => StoreError::Driver(sqlx_timeout()).into(),
        "internal" => ActionError::Internal("the secret cause 13900001234".into()).into(),
        _ => WebError::NoSuchPage,
    })
}

fn sqlx_timeout() -> sqlx::Error {
    sqlx::Error::PoolTimedOut
}

async fn house() -> House {
    House::over(testbed::sqlite().await, vec![Arc::new(Sample)]).await
}

async fn notes(house: &House) -> i64 {
    let mut tx = house.app.db.read().await.unwrap();
    tx.fetch_one("select count(*) as n from note", args![]).await.unwrap().get("n").unwrap()
}

#[tokio::test]
async fn a_form_sent_twice_is_done_once_and_leads_to_the_first_result() {
    for db in testbed::databases().await {
        let house = House::over(db, vec![Arc::new(Sample)]).await;
        let mut boss = house.user("boss").await;
        let page = boss.get("/notes").await;
        let (csrf, once) = (page.hidden("_csrf").unwrap(), page.hidden("_once").unwrap());
        let fields = [("_csrf", csrf.as_str()), ("_once", once.as_str()), ("text", "a")];
        let (mut left, mut right) = (boss.clone(), boss.clone());
        // Both at the same time, then once more.
        let (first, second) = tokio::join!(left.post_raw("/notes", &fields), right.post_raw("/notes", &fields));
        let third = boss.post_raw("/notes", &fields).await;
        assert!(first.location().starts_with("/notes?made="), "{}", first.text);
        assert_eq!((second.location(), third.location()), (first.location(), first.location()));
        assert_eq!(notes(&house).await, 1);
    }
}

#[tokio::test]
async fn a_refused_form_may_be_sent_again_with_the_same_key() {
    let house = house().await;
    let mut boss = house.user("boss").await;
    let page = boss.get("/notes").await;
    let (csrf, once) = (page.hidden("_csrf").unwrap(), page.hidden("_once").unwrap());
    let send = |text: &'static str| [("_csrf", csrf.clone()), ("_once", once.clone()), ("text", text.to_owned())];
    for (text, status) in [("", StatusCode::UNPROCESSABLE_ENTITY), ("better", StatusCode::SEE_OTHER)] {
        let fields = send(text);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        assert_eq!(boss.post_raw("/notes", &fields).await.status, status);
    }
    assert_eq!(notes(&house).await, 1, "the refused one left nothing");
}

#[tokio::test]
async fn forms_with_no_wrong_or_foreign_token_are_refused() {
    let house = house().await;
    let (mut boss, mut other) = (house.user("boss").await, house.user("boss").await);
    let mine = boss.get("/notes").await.hidden("_csrf").unwrap();
    let theirs = other.get("/notes").await.hidden("_csrf").unwrap();
    assert_ne!(mine, theirs);
    for token in [None, Some(""), Some("x"), Some(theirs.as_str())] {
        let mut fields = vec![("_once", "k1"), ("text", "a")];
        fields.extend(token.map(|token| ("_csrf", token)));
        let refused = boss.post_raw("/notes", &fields).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{token:?}");
        assert!(refused.text.contains("The form is no longer valid"), "{}", refused.text);
    }
    let fields = [("_csrf", mine.as_str()), ("_once", "k1"), ("text", "a")];
    for (name, value) in [("sec-fetch-site", "cross-site"), ("sec-fetch-site", "same-site")] {
        let mut lured = boss.clone();
        lured.headers.insert(name, value.parse().unwrap());
        assert_eq!(lured.post_raw("/notes", &fields).await.status, StatusCode::FORBIDDEN);
    }
    let keyless = [("_csrf", mine.as_str()), ("text", "a")];
    assert_eq!(boss.post_raw("/notes", &keyless).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(notes(&house).await, 0);
    assert_eq!(boss.post_raw("/notes", &fields).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn files_come_in_only_from_our_own_form() {
    let house = house().await;
    let mut boss = house.user("boss").await;
    let csrf = boss.get("/notes").await.hidden("_csrf").unwrap();
    let part =
        |name: &str, value: &str| format!("--X\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
    let file = "--X\r\ncontent-disposition: form-data; name=\"book\"; filename=\"../账.csv\"\r\n\r\na,b\r\n--X--\r\n";
    for (token, status) in [("wrong", StatusCode::FORBIDDEN), (csrf.as_str(), StatusCode::SEE_OTHER)] {
        let body = part("_csrf", token) + &part("_once", "u1") + file;
        let request = Request::post("/notes/file").header(header::CONTENT_TYPE, "multipart/form-data; boundary=X");
        assert_eq!(boss.send(request, Body::from(body)).await.status, status);
    }
    assert!(boss.get("/notes").await.text.contains("<p>账.csv 3</p>"));
    let too_large = boss.post("/notes", &[("text", &"x".repeat(3 * 1024 * 1024))]).await;
    assert_eq!(too_large.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn every_route_opens_for_the_roles_that_grant_it_and_for_no_other() {
    //
    let app = house().await.app;
    let mut roles: Vec<(&str, Vec<(&str, Scope)>)> = vec![("none", Vec::new())];
    let actions: Vec<&'static str> = app.capabilities.iter().flat_map(|c| c.permissions().iter().copied()).collect();
    roles.extend(actions.iter().map(|action| (*action, vec![(*action, Scope::Institution)])));
    let named: Vec<(&str, &[(&str, Scope)])> = roles.iter().map(|(id, grants)| (*id, grants.as_slice())).collect();
    let logins: Vec<String> = (0..roles.len()).map(|n| format!("user{n}")).collect();
    let held: Vec<[&str; 1]> = roles.iter().map(|(id, _)| [*id]).collect();
    let users: Vec<(&str, &[&str])> =
        logins.iter().map(String::as_str).zip(held.iter().map(<[&str; 1]>::as_slice)).collect();
    let house = House::with(testbed::sqlite().await, vec![Arc::new(Sample)], testbed::settings(&named), &users).await;
    let mut walked = 0;
    for (login, (role, _)) in logins.iter().zip(&roles) {
        let mut browser = house.user(login).await;
        for record in records(&house.app) {
            let path = record.path.replace("{id}", "1").replace("{tag}", "en").replace("{how}", "conflict");
            let answer = match record.method {
                Method::GET => browser.get(&path).await,
                _ if path == "/logout" || path == "/login" => continue,
                _ => browser.post(&path, &[]).await,
            };
            let granted = match record.entry {
                Door::Action(action) => action == *role,
                Door::Own | Door::Public => true,
            };
            let denied = answer.status == StatusCode::FORBIDDEN && answer.text.contains("Your roles do not include");
            assert_eq!(denied, !granted, "{role} {} {path}: {} {}", record.method, answer.status, answer.text);
            assert!(!answer.status.is_server_error(), "{role} {} {path}: {}", record.method, answer.text);
            walked += 1;
        }
        let mut stranger = house.browser();
        for record in records(&house.app).into_iter().filter(|record| record.entry != Door::Public) {
            let path = record.path.replace("{id}", "1").replace("{how}", "conflict");
            let answer = match record.method {
                Method::GET => stranger.get(&path).await,
                _ => stranger.post_raw(&path, &[]).await,
            };
            assert!(answer.location().starts_with("/login"), "{path}: {}", answer.status);
        }
    }
    assert!(walked > 100, "{walked}");
}

#[tokio::test]
async fn every_action_of_a_route_is_a_permission_with_a_title_in_both_languages() {
    //
    let app = House::over(testbed::sqlite().await, Vec::new()).await.app;
    let known: Vec<&str> = app.capabilities.iter().flat_map(|c| c.permissions().iter().copied()).collect();
    for record in records(&app) {
        if let Door::Action(action) = record.entry {
            assert!(known.contains(&action), "{} asks for {action}, which no capability lists", record.path);
        }
    }
    for action in known {
        let id = format!("action-{}", action.replace(['.', '_'], "-"));
        for lang in platform::locale::Lang::ALL {
            assert!(app.catalogue.ids(lang).any(|known| known == id), "{id} in {}", lang.tag());
        }
    }
    assert_eq!(app.catalogue.one_sided(), Vec::<String>::new());
}

#[tokio::test]
async fn each_refusal_and_failure_has_its_status_its_page_and_its_problem() {
    let house = house().await;
    let mut boss = house.user("boss").await;
    let rows = [
        ("invalid", 422, "3 days late"),
        ("not-found", 404, "3 days late"),
        ("forbidden", 403, "3 days late"),
        ("conflict", 409, "3 days late"),
        ("stale", 409, "Changed by somebody else"),
        ("busy", 503, "Busy now"),
        ("internal", 500, "Something broke here"),
        ("nowhere", 404, "There is no such page"),
    ];
    for (how, status, words) in rows {
        let page = boss.get(&format!("/fail/{how}")).await;
        assert_eq!(page.status.as_u16(), status, "{how}");
        assert!(page.text.contains(words) && !page.text.contains("13900001234"), "{how}: {}", page.text);
        assert_eq!(platform::locale::missing_in(&page.text), Vec::<String>::new());
        let framed = page.text.contains("id=\"nav\"") && page.text.contains("用户boss");
        assert_eq!(framed, status < 500, "{how}: a refusal stands where the person works, a failure needs nothing");
        let id = page.headers["x-request-id"].to_str().unwrap();
        assert!(page.text.contains(id), "the page names the id of the log");
        let rule = page.text.contains("note.late") && page.text.contains("《测试办法》第三条");
        assert_eq!(rule, words.contains("days"), "rule and article stand where a rule refused");
        let mut api = boss.clone();
        api.headers.insert(header::ACCEPT, "application/json".parse().unwrap());
        let problem = api.get(&format!("/fail/{how}")).await;
        assert_eq!(problem.headers[header::CONTENT_TYPE], "application/problem+json");
        let json: serde_json::Value = serde_json::from_str(&problem.text).unwrap();
        assert_eq!(json["status"], status);
        assert!(!problem.text.contains("13900001234"));
    }
    assert_eq!(boss.get("/fail/busy").await.headers[header::RETRY_AFTER], "5");
    let mut stranger = house.browser();
    stranger.headers.insert(header::ACCEPT, "application/json".parse().unwrap());
    assert_eq!(stranger.get("/notes").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(boss.get("/nowhere").await.status, StatusCode::NOT_FOUND);
    boss.get("/notes?lang=zh-CN").await;
    assert!(boss.get("/nowhere").await.text.contains("没有这个页面"), "in the language of the session");
    let request = Request::delete("/notes");
    assert_eq!(boss.send(request, Body::empty()).await.status, StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn a_refusal_leads_back_to_where_one_came_from_and_nowhere_that_is_closed() {
    let users: [(&str, &[&str]); 2] = [("boss", &[ALL]), ("clerk", &["look"])];
    let look: &[(&str, Scope)] = &[(LOOK, Scope::Institution)];
    let mut settings = testbed::settings(&[("look", look)]);
    let all = [(LOOK, Scope::Institution), (WRITE, Scope::Institution), ("user.view", Scope::Institution)];
    settings.roles = settings.roles.with(ALL, &all);
    let house = House::with(testbed::sqlite().await, vec![Arc::new(Sample)], settings, &users).await;
    let back = |page: &str| page.contains("Back to where I was");
    for (login, from, leads) in [
        ("boss", "http://book.test/notes?x=1", Some("/notes?x=1")),
        ("boss", "http://book.test/users", Some("/users")),
        ("clerk", "http://book.test/users", None),
        ("boss", "http://elsewhere.test/notes", None),
    ] {
        let mut browser = house.user(login).await;
        browser.headers.insert(header::HOST, "book.test".parse().unwrap());
        browser.headers.insert(header::REFERER, from.parse().unwrap());
        let page = browser.get("/fail/conflict").await;
        assert_eq!(page.status, StatusCode::CONFLICT);
        assert_eq!(back(&page.text), leads.is_some(), "{login} {from}: {}", page.text);
        if let Some(leads) = leads {
            assert!(page.text.contains(&format!("href=\"{leads}\"")), "{login} {from}");
        }
        assert!(!page.text.contains("elsewhere.test"), "{login} {from}");
    }
    // A part of a page, and a visitor whom nobody knows, get no frame.
    let mut boss = house.user("boss").await;
    boss.headers.insert("hx-request", "true".parse().unwrap());
    assert!(!boss.get("/fail/conflict").await.text.contains("id=\"nav\""));
    assert!(!house.browser().get("/nowhere").await.text.contains("id=\"nav\""));
}

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    let house = house().await;
    let mut boss = house.user("boss").await;
    let css = platform::asset::url("loanward.css");
    for path in ["/notes", "/fail/internal", "/nowhere", "/login", "/healthz", "/me", &css] {
        let answer = boss.get(path).await;
        let csp = answer.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
        for part in [
            "default-src 'none'",
            "script-src 'self';",
            "frame-ancestors 'none'",
            "base-uri 'none'",
            "form-action 'self'",
        ] {
            assert!(csp.contains(part), "{path}: {csp}");
        }
        assert!(!csp.contains("unsafe-eval") && !csp.contains("script-src 'self' 'unsafe"), "{csp}");
        assert_eq!(answer.headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff", "{path}");
        assert_eq!(answer.headers[header::REFERRER_POLICY], "same-origin", "{path}");
        assert_eq!(answer.headers[header::X_FRAME_OPTIONS], "DENY", "{path}");
        assert!(answer.headers.contains_key(header::CACHE_CONTROL), "{path}");
    }
    assert_eq!(boss.get("/notes").await.headers[header::CACHE_CONTROL], "no-store");
    assert_eq!(boss.get("/healthz").await.text, "ok\n");
}

#[tokio::test]
async fn hostile_texts_stay_texts() {
    let house = house().await;
    let mut boss = house.user("boss").await;
    let hostile = "<script>alert(1)</script>\"'&{{7*7}}";
    boss.post("/notes", &[("text", hostile)]).await;
    for path in [
        "/notes",
        "/search?q=%3Cscript%3Ealert(1)%3C/script%3E",
        "/login?next=%22%3E%3Cscript%3E",
        "/nowhere%3Cscript%3E",
    ] {
        let page = boss.get(path).await;
        assert!(!page.text.contains("<script>alert") && !page.text.contains("\"><script>"), "{path}: {}", page.text);
        assert!(!page.text.contains("href=\"javascript:"), "{path}");
    }
    let refused = house.browser().log_in("\"><script>alert(1)</script>", "x").await;
    assert!(!refused.text.contains("<script>alert"), "{}", refused.text);
    let made = boss.post("/branches/new", &[("name", "<b onclick='x'>支行"), ("branch", "1")]).await;
    assert_eq!(made.location(), "/branches", "{}", made.text);
    assert!(!boss.get("/branches").await.text.contains("<b onclick"));
}

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn the_log_holds_what_happened_and_nothing_personal() {
    let lines = Lines::default();
    let into = lines.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_ansi(false)
        .with_writer(move || into.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let house = house().await;
    let mut boss = house.user("boss").await;
    boss.headers.insert(header::USER_AGENT, "Agent-X".parse().unwrap());
    boss.get("/notes?name=张三丰&phone=13900001234").await;
    boss.post("/notes", &[("text", "990101199003071234")]).await;
    let failed = boss.get("/fail/internal").await;
    house.browser().log_in("li.si", "mistyped-secret").await;
    let log = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    let own = log.lines().filter(|line| line.contains("platform")).collect::<Vec<_>>().join("\n");
    assert!(own.contains("route=\"/notes\"") && own.contains("status=200") && own.contains("status=500"), "{own}");
    assert!(own.contains(failed.headers["x-request-id"].to_str().unwrap()));
    let token = boss.cookies["loanward_session"].clone();
    for secret in ["张三丰", "%E5%BC%A0", "990101199003071234", "li.si", "mistyped-secret", PASSWORD, "Agent-X", &token]
    {
        assert!(!log.contains(secret), "{secret} stands in the log");
    }
    assert!(!own.lines().any(|line| line.contains("phone=")), "{own}");
}

#[tokio::test]
async fn navigation_and_search_show_only_what_one_may_use() {
    let users: [(&str, &[&str]); 2] = [("boss", &[ALL]), ("clerk", &["none"])];
    let house =
        House::with(testbed::sqlite().await, vec![Arc::new(Sample)], testbed::settings(&[("none", &[])]), &users).await;
    let mut boss = house.user("boss").await;
    let page = boss.get("/me").await.text;
    assert!(page.contains("href=\"/users\"") && page.contains("href=\"/audit\""));
    let own = "<details class=\"navgroup here\" data-nav=\"nav-setup\" open>";
    assert!(boss.get("/users").await.text.contains(own), "the group that one is in stands open");
    let mut clerk = house.user("clerk").await;
    let page = clerk.get("/me").await.text;
    assert!(!page.contains("href=\"/users\"") && !page.contains("href=\"/audit\""));
    assert!(!clerk.get("/search?q=abc").await.text.contains("Notes"));
    let house = self::house().await;
    assert!(house.user("boss").await.get("/search?q=abc").await.text.contains("Notes"));
}
