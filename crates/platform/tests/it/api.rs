//! The interface for programs: tokens, scopes, keys against repetition, what cannot be read, problems as data.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::Response;
use jiff::SignedDuration;
use platform::access::Scope;
use platform::args;
use platform::audit::Entry;
use platform::capability::Capability;
use platform::db::Migration;
use platform::error::{FieldError, Refused};
use platform::testbed::{self, ALL, House};
use platform::web::{FormPage, Posted, Routes, Visit, WebError};
use serde::Deserialize;
use serde_json::json;

const LOOK: &str = "note.look";
const WRITE: &str = "note.write";

/// A capability with one thing that can be written.
struct Sample;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct NoteForm {
    text: String,
    amount: String,
}

impl Capability for Sample {
    fn name(&self) -> &'static str {
        "note"
    }

    fn migrations(&self) -> &'static [Migration] {
        &[Migration {
            version: 1,
            name: "note",
            sql: "create table note (id bigint not null primary key, text text not null);",
        }]
    }

    fn messages(&self) -> Vec<(&'static str, &'static str)> {
        let both = "action-note-look = Look\naction-note-write = Write\nerror-note-short = Too short: { $least }\n";
        vec![("zh-CN", both), ("en", both)]
    }

    fn routes(&self) -> Routes {
        Routes::new().get("/notes", LOOK, show).post("/notes", WRITE, write)
    }

    fn permissions(&self) -> &'static [&'static str] {
        &[LOOK, WRITE]
    }
}

async fn show(visit: Visit) -> Result<Response, WebError> {
    FormPage { action: "/notes".to_owned(), ..FormPage::default() }.draw(&visit, None)
}

async fn write(posted: Posted<NoteForm>) -> Result<Response, WebError> {
    if posted.form.text.is_empty() {
        let refused = Refused::form(vec![FieldError::new("text", "note-short").with("least", 1)]);
        return FormPage { action: "/notes".to_owned(), ..FormPage::default() }.draw(&posted.visit, Some(&refused));
    }
    let mut work = posted.begin(WRITE).await?;
    let id = work.next_id();
    work.tx.execute("insert into note (id, text) values ($1, $2)", args![id, posted.form.text]).await?;
    work.audit(Entry::new(None, WRITE, format!("note:{id}"))).await?;
    posted.done(work, format!("/notes?made={id}")).await
}

async fn houses() -> Vec<House> {
    let mut all = Vec::new();
    for db in testbed::databases().await {
        all.push(House::over(db, vec![Arc::new(Sample)]).await);
    }
    all
}

async fn notes(house: &House) -> i64 {
    let mut tx = house.app.db.read().await.unwrap();
    tx.fetch_one("select count(*) as n from note", args![]).await.unwrap().get("n").unwrap()
}

#[tokio::test]
async fn a_program_writes_with_its_token_once_however_often_it_repeats_itself() {
    for house in houses().await {
        let mut program = house.program("boss", &[WRITE]).await;
        let body = json!({"text": "收到", "amount": 12}).to_string();
        let first = program.post_with("/notes", "k1", &body).await;
        assert_eq!(first.status, StatusCode::OK, "{}", first.text);
        assert!(first.json()["page"].as_str().unwrap().starts_with("/notes?made="), "{}", first.text);
        let again = program.post_with("/notes", "k1", &body).await;
        assert_eq!((again.status, again.text), (first.status, first.text));
        let other = program.post_with("/notes", "k1", r#"{"text": "别的"}"#).await;
        assert_eq!((other.status, other.json()["code"].as_str()), (StatusCode::CONFLICT, Some("key-reused")));
        assert_eq!(notes(&house).await, 1);
        // Two at once: one of them writes, both are told the same.
        let (mut one, mut two) = (program.clone(), program.clone());
        let (one, two) = tokio::join!(one.post_with("/notes", "k2", &body), two.post_with("/notes", "k2", &body));
        assert_eq!((one.status, two.status), (StatusCode::OK, StatusCode::OK), "{} {}", one.text, two.text);
        assert_eq!(one.text, two.text);
        assert_eq!(notes(&house).await, 2);
        // The audit trail says that a program did it, and with which token.
        let mut tx = house.app.db.read().await.unwrap();
        let how = "select origin, origin_detail from audit_entry where action = $1 order by seq limit 1";
        let row = tx.fetch_one(how, args![WRITE]).await.unwrap();
        assert_eq!(row.get::<String>("origin").unwrap(), "api");
        assert!(row.get::<String>("origin_detail").unwrap().contains('#'));
    }
}

#[tokio::test]
async fn a_token_opens_only_what_it_names_and_its_owner_may_do() {
    // X-03
    for house in houses().await {
        let mut program = house.program("boss", &[LOOK]).await;
        let refused = program.post("/notes", &json!({"text": "x"})).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        assert_eq!(refused.json()["code"], "denied");
        // What belongs to oneself needs its own scope.
        let own = program.post("/notices/read", &json!({})).await;
        assert_eq!((own.status, own.json()["code"].as_str()), (StatusCode::FORBIDDEN, Some("denied")));
        let mut own = house.program("boss", &["self"]).await;
        assert_eq!(own.post("/notices/read", &json!({})).await.status, StatusCode::OK);
        // A token opens no page, and a session no interface.
        let mut bare = house.browser();
        bare.headers.insert("authorization", format!("Bearer {}", program.token).parse().unwrap());
        assert!(bare.get("/tokens").await.location().starts_with("/login"));
        let mut person = house.user("boss").await;
        let answer = person.get("/api/v1/users/export.xlsx").await;
        assert_ne!(answer.status, StatusCode::OK);
        let answer = person.get("/api/v1/permissions/export.xlsx").await;
        assert_eq!((answer.status, answer.json()["code"].as_str()), (StatusCode::UNAUTHORIZED, Some("bad-token")));
        assert_eq!(notes(&house).await, 0);
    }
}

#[tokio::test]
async fn a_token_loses_what_its_owner_loses_and_ends_with_its_day_or_when_taken_back() {
    for house in houses().await {
        let mut program = house.program("boss", &[WRITE]).await;
        assert_eq!(program.post("/notes", &json!({"text": "x"})).await.status, StatusCode::OK);
        let mut tx = house.app.db.write().await.unwrap();
        let boss = house.user_id("boss").await;
        tx.execute("delete from user_role where user_id = $1", args![boss]).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(program.post("/notes", &json!({"text": "x"})).await.status, StatusCode::FORBIDDEN);
        let mut tx = house.app.db.write().await.unwrap();
        let give = "insert into user_role (user_id, role, granted_at, granted_by) values ($1, $2, $3, $1)";
        tx.execute(give, args![boss, ALL, house.app.clock.now()]).await.unwrap();
        tx.commit().await.unwrap();
        // Taken back on the page.
        let mut person = house.user("boss").await;
        let page = person.get("/tokens").await;
        let ends = page.text.split("/tokens/").filter_map(|rest| rest.split_once("/revoke"));
        let id = ends.map(|(id, _)| id).find(|id| id.parse::<i64>().is_ok()).unwrap().to_owned();
        assert!(!page.text.contains(&program.token), "no page shows a token again");
        assert_eq!(person.post(&format!("/tokens/{id}/revoke"), &[]).await.status, StatusCode::SEE_OTHER);
        let gone = program.post("/notes", &json!({"text": "x"})).await;
        assert_eq!((gone.status, gone.json()["code"].as_str()), (StatusCode::UNAUTHORIZED, Some("bad-token")));
        assert_eq!(gone.headers["www-authenticate"], "Bearer");
        assert_eq!(person.post(&format!("/tokens/{id}/revoke"), &[]).await.status, StatusCode::CONFLICT);
        // Its day.
        let mut program = house.program("boss", &[WRITE]).await;
        house.app.clock.advance(SignedDuration::from_hours(31 * 24));
        assert_eq!(program.post("/notes", &json!({"text": "x"})).await.status, StatusCode::UNAUTHORIZED);
        assert_eq!(notes(&house).await, 1);
    }
}

#[tokio::test]
async fn what_cannot_be_read_is_refused_by_name_as_a_problem_in_the_language_asked_for() {
    for house in houses().await {
        let mut program = house.program("boss", &[WRITE]).await;
        program.speak("en");
        let deep = format!("{{\"text\": {}{}}}", "[".repeat(100_000), "]".repeat(100_000));
        let large = format!("{{\"text\": \"{}\"}}", "x".repeat(10 * 1024 * 1024));
        let rows = [
            ("{", StatusCode::BAD_REQUEST, "malformed", ""),
            ("[]", StatusCode::BAD_REQUEST, "malformed", ""),
            (r#"{"text": 1e400}"#, StatusCode::BAD_REQUEST, "malformed", ""),
            (deep.as_str(), StatusCode::BAD_REQUEST, "malformed", ""),
            (large.as_str(), StatusCode::PAYLOAD_TOO_LARGE, "too-large", ""),
            (r#"{"text": "x", "colour": 1}"#, StatusCode::UNPROCESSABLE_ENTITY, "form-invalid", "field-unknown"),
            (r#"{"text": {"a": 1}}"#, StatusCode::UNPROCESSABLE_ENTITY, "form-invalid", "field-nested"),
            (r#"{"text": "x", "amount": 1.5}"#, StatusCode::UNPROCESSABLE_ENTITY, "form-invalid", "number-inexact"),
            (r#"{"text": ""}"#, StatusCode::UNPROCESSABLE_ENTITY, "form-invalid", "note-short"),
        ];
        for (body, status, code, inner) in rows {
            let answer = program.post_with("/notes", &platform::web::once_key(), body).await;
            let shown = body.get(..40).unwrap_or(body);
            assert_eq!(
                (answer.status, answer.json()["code"].as_str()),
                (status, Some(code)),
                "{shown}: {}",
                answer.text
            );
            assert_eq!(answer.headers["content-type"], "application/problem+json", "{shown}");
            assert_eq!(answer.json()["errors"][0]["code"].as_str().unwrap_or(""), inner, "{shown}: {}", answer.text);
        }
        let unknown = program.post("/notes", &json!({"colour": 1})).await.json();
        assert_eq!(unknown["errors"][0]["field"], "colour");
        assert!(unknown["errors"][0]["detail"].as_str().unwrap().contains("There is no field"), "{unknown}");
        program.speak("zh-CN");
        let unknown = program.post("/notes", &json!({"colour": 1})).await.json();
        assert!(unknown["errors"][0]["detail"].as_str().unwrap().contains("没有"), "{unknown}");
        // The key is needed, and is no secret: a missing one is said.
        let keyless = program.post_with("/notes", "", "{}").await;
        assert_eq!((keyless.status, keyless.json()["code"].as_str()), (StatusCode::BAD_REQUEST, Some("key-missing")));
        let nowhere = program.get("/nowhere").await;
        assert_eq!((nowhere.status, nowhere.json()["code"].as_str()), (StatusCode::NOT_FOUND, Some("no-such-page")));
        for token in ["", "lw_", "lw_00", "x", "lw_zz"] {
            let answer = house.bearing(token).post("/notes", &json!({})).await;
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{token}");
        }
        assert_eq!(notes(&house).await, 0);
    }
}

// Rule `api.token-within-owner`
#[tokio::test]
async fn a_token_is_made_on_a_page_within_what_its_owner_may_do_and_shown_once() {
    for house in houses().await {
        let mut person = house.user("boss").await;
        let form = person.get("/tokens/new").await;
        assert!(form.text.contains("value=\"note.write\""), "{}", form.text);
        for (fields, message) in [
            (vec![("name", ""), ("days", "30"), ("scope", WRITE)], "A purpose is needed"),
            (vec![("name", "ledger"), ("days", "30")], "Tick at least one scope"),
            (vec![("name", "ledger"), ("days", "366"), ("scope", WRITE)], "1 to 365 days"),
            (vec![("name", "ledger"), ("days", "30"), ("scope", "moon.walk")], "The owner may not do"),
        ] {
            let refused = person.post("/tokens/new", &fields).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
            assert!(refused.text.contains(message), "{message}: {}", refused.text);
        }
        let made = person.post("/tokens/new", &[("name", "ledger"), ("days", "30"), ("scope", WRITE)]).await;
        let token = made.text.split("<code class=\"rule\">").nth(1).and_then(|rest| rest.split('<').next()).unwrap();
        let mut program = house.bearing(token);
        assert_eq!(program.post("/notes", &json!({"text": "x"})).await.status, StatusCode::OK);
        let list = person.get("/tokens").await.text;
        assert!(list.contains("ledger") && !list.contains(token));
        let mut tx = house.app.db.read().await.unwrap();
        let row = tx.fetch_one("select token_hash from api_token", args![]).await.unwrap();
        assert!(!token.contains(&row.get::<String>("token_hash").unwrap()));
    }
}

// Rule `api.no-other-view`
#[tokio::test]
async fn a_view_that_is_not_there_is_the_first_one_on_a_page_and_refused_to_a_program() {
    let house = House::over(testbed::sqlite().await, vec![Arc::new(Sample)]).await;
    let mut boss = house.user("boss").await;
    assert_eq!(boss.get("/duties?view=gone").await.status, StatusCode::OK);
    let mut program = house.program("boss", &["duty.view", "user.view"]).await;
    assert_eq!(program.get("/duties?view=open").await.status, StatusCode::OK);
    for path in ["/duties?view=gone", "/duties/export.xlsx?view=gone"] {
        let refused = program.get(path).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}: {}", refused.text);
        let problem = refused.json();
        assert_eq!(problem["code"], "list-view-unknown", "{path}");
        let detail = problem["detail"].as_str().unwrap();
        assert!(detail.contains("gone") && detail.contains("open"), "{detail}");
    }
    let refused = program.get("/users?view=all").await;
    assert_eq!(refused.json()["code"], "list-without-views", "{}", refused.text);
}

#[tokio::test]
async fn whoever_asks_too_often_is_told_how_long_to_wait() {
    for db in testbed::databases().await {
        let mut settings = testbed::settings(&[("writer", &[(WRITE, Scope::Institution)])]);
        settings.access.token_requests = 3;
        settings.access.bad_tokens = 2;
        let house = House::with(db, vec![Arc::new(Sample)], settings, &[("boss", &[ALL, "writer"])]).await;
        let mut program = house.program("boss", &[WRITE]).await;
        for _ in 0..3 {
            assert_eq!(program.post("/notes", &json!({"text": "x"})).await.status, StatusCode::OK);
        }
        let late = program.post("/notes", &json!({"text": "x"})).await;
        assert_eq!((late.status, late.json()["code"].as_str()), (StatusCode::TOO_MANY_REQUESTS, Some("too-many")));
        assert_eq!(late.headers["retry-after"], "20");
        house.app.clock.advance(SignedDuration::from_secs(20));
        assert_eq!(program.post("/notes", &json!({"text": "x"})).await.status, StatusCode::OK);
        assert_eq!(notes(&house).await, 4);
        // An address that guesses is shut out before anything is looked up; even its good token waits.
        for _ in 0..2 {
            assert_eq!(house.bearing("lw_guess").post("/notes", &json!({})).await.status, StatusCode::UNAUTHORIZED);
        }
        let shut = house.bearing("lw_guess").post("/notes", &json!({})).await;
        assert_eq!(shut.status, StatusCode::TOO_MANY_REQUESTS, "{}", shut.text);
    }
}
