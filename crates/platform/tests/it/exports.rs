//! Exports of lists: small ones at once, large ones and selections in the background, begun anew after a kill, checked
//! again when the file is taken, gone when their time is over.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::Response;
use jiff::SignedDuration;
use platform::access::Scope;
use platform::args;
use platform::capability::Capability;
use platform::db::Migration;
use platform::error::ActionError;
use platform::event::BoxFuture;
use platform::list_export::{self, Asked, ListExport};
use platform::page::Ui;
use platform::page::list::{Cell, Column, ColumnKind, ListSpec, Row};
use platform::sheets::{Limits, read};
use platform::testbed::{self, ALL, Answer, House};
use platform::web::{Routes, Visit, WebError};
use platform::work::Work;
use serde_json::json;

const LOOK: &str = "note.look";
/// One row more than is exported at once.
const LARGE: i64 = 5_001;

/// A capability with a list of notes, each of a branch.
struct Sample;

impl Capability for Sample {
    fn name(&self) -> &'static str {
        "note"
    }

    fn migrations(&self) -> &'static [Migration] {
        &[Migration {
            version: 1,
            name: "note",
            sql: "create table note (id bigint not null primary key, branch_id bigint not null, text text not null);",
        }]
    }

    fn messages(&self) -> Vec<(&'static str, &'static str)> {
        let both = "action-note-look = Look\nnote-text = Text\nnote-title = Notes\n";
        vec![("zh-CN", both), ("en", both)]
    }

    fn routes(&self) -> Routes {
        Routes::new().get("/notes/export.xlsx", LOOK, export)
    }

    fn permissions(&self) -> &'static [&'static str] {
        &[LOOK]
    }

    fn list_exports(&self) -> Vec<Arc<dyn ListExport>> {
        vec![Arc::new(Notes)]
    }
}

async fn export(visit: Visit, axum::extract::RawQuery(query): axum::extract::RawQuery) -> Result<Response, WebError> {
    list_export::answer(&visit, &Notes, query.as_deref().unwrap_or("")).await
}

struct Notes;

impl ListExport for Notes {
    fn list(&self) -> &'static str {
        "/notes"
    }

    fn action(&self) -> &'static str {
        LOOK
    }

    fn title(&self) -> &'static str {
        "note-title"
    }

    fn file(&self) -> &'static str {
        "notes"
    }

    fn spec<'a>(&'a self, _: &'a mut Work, _: &'a Ui) -> BoxFuture<'a, Result<ListSpec, ActionError>> {
        let columns = vec![Column::new("text", "note-text", ColumnKind::Text)];
        Box::pin(async move { Ok(ListSpec { path: "/notes".to_owned(), columns, ..ListSpec::default() }) })
    }

    fn count<'a>(&'a self, work: &'a mut Work, asked: &'a Asked) -> BoxFuture<'a, Result<i64, ActionError>> {
        Box::pin(async move { Ok(notes(work, asked, (0, 1_000_000)).await?.len() as i64) })
    }

    fn rows<'a>(
        &'a self,
        work: &'a mut Work,
        _: &'a Ui,
        asked: &'a Asked,
        from_and_most: (i64, i64),
    ) -> BoxFuture<'a, Result<Vec<Row>, ActionError>> {
        Box::pin(notes(work, asked, from_and_most))
    }
}

async fn notes(work: &mut Work, asked: &Asked, (from, most): (i64, i64)) -> Result<Vec<Row>, ActionError> {
    let scope = work.authorise(LOOK)?;
    let sql = "select id, text from note where ($1 = 0 or branch_id = $1) order by id limit $2 offset $3";
    let rows = work.tx.fetch_all(sql, args![scope.branch, most, from]).await?;
    let mut found = Vec::new();
    for row in &rows {
        let id: i64 = row.get("id")?;
        if asked.keys.is_empty() || asked.keys.contains(&id) {
            let cells = vec![Cell::Text(row.get("text")?)];
            found.push(Row { key: id.to_string(), cells, ..Row::default() });
        }
    }
    Ok(found)
}

/// Houses with so many notes in the first branch, and a clerk who sees only that branch.
async fn houses(count: i64) -> Vec<House> {
    let mut all = Vec::new();
    for db in testbed::databases().await {
        let mut settings = testbed::settings(&[("clerk", &[(LOOK, Scope::Branch)])]);
        settings.roles = settings.roles.with(ALL, &[(LOOK, Scope::Institution)]);
        let users: &[(&str, &[&str])] = &[("boss", &[ALL]), ("clerk", &["clerk"]), ("other", &[ALL])];
        let house = House::with(db, vec![Arc::new(Sample)], settings, users).await;
        let mut tx = house.app.db.write().await.unwrap();
        let branch: i64 = tx.fetch_one("select min(id) as id from branch", args![]).await.unwrap().get("id").unwrap();
        let row = |id: i64| {
            let at = if id == 3 { branch + 1 } else { branch };
            args![id, at, if id == 1 { "=cmd|' /C calc'!A0".to_owned() } else { format!("note {id}") }]
        };
        tx.write_rows("insert into note (id, branch_id, text)", "", (1..=count).map(row).collect()).await.unwrap();
        tx.commit().await.unwrap();
        all.push(house);
    }
    all
}

/// The texts of a workbook without titles and head; no cell is a formula.
fn texts(bytes: &[u8]) -> Vec<String> {
    let book = read("x.xlsx", bytes, &Limits::default()).unwrap();
    let sheet = &book.sheets[0];
    let mut all = Vec::new();
    for row in 4.. {
        let Some(cell) = sheet.cell(row, 1) else { break };
        assert!(cell.formula.is_none(), "row {row}");
        all.push(cell.text().unwrap_or("").to_owned());
    }
    all
}

fn id_of(answer: &Answer) -> String {
    assert!(answer.location().starts_with("/exports/"), "{} {}", answer.status, answer.text);
    answer.location().to_owned()
}

#[tokio::test]
async fn a_small_result_comes_at_once_and_formulas_stay_texts() {
    for house in houses(10).await {
        let mut boss = house.user("boss").await;
        let (status, bytes) = boss.file("/notes/export.xlsx").await;
        assert_eq!(status, StatusCode::OK);
        let texts = texts(&bytes);
        assert_eq!((texts.len(), texts[0].as_str()), (10, "=cmd|' /C calc'!A0"));
    }
}

// Rule `export.checked-again`
#[tokio::test]
async fn a_large_result_is_made_beside_and_taken_only_by_who_asked_within_the_same_scope_until_it_expires() {
    for house in houses(LARGE).await {
        let mut boss = house.user("boss").await;
        let led = boss.get("/notes/export.xlsx").await;
        assert!(led.location().starts_with("/exports/new?list="), "{} {}", led.status, led.text);
        assert!(boss.get(led.location()).await.text.contains("5,001"));
        let place = id_of(&boss.post("/exports", &[("list", "/notes"), ("query", "")]).await);
        assert!(boss.get(&place).await.text.contains("Under way"));
        assert_eq!(boss.file(&format!("{place}/file.xlsx")).await.0, StatusCode::NOT_FOUND, "it is not made yet");
        assert_eq!(list_export::run_waiting(&house.app).await.unwrap(), 1);
        assert!(boss.get("/notices").await.text.contains("An export is ready: 5,001 rows"));
        let (status, bytes) = boss.file(&format!("{place}/file.xlsx")).await;
        assert_eq!((status, texts(&bytes).len()), (StatusCode::OK, 5_001));
        // Nobody else, administrators included.
        let mut other = house.user("other").await;
        assert_eq!(other.file(&format!("{place}/file.xlsx")).await.0, StatusCode::NOT_FOUND);
        assert_eq!(other.get(&place).await.status, StatusCode::NOT_FOUND);
        // Who sees less today gets no file; who may not export at all neither.
        let user = house.user_id("boss").await;
        let mut tx = house.app.db.write().await.unwrap();
        tx.execute("update user_role set role = 'clerk' where user_id = $1", args![user]).await.unwrap();
        tx.commit().await.unwrap();
        let narrower = boss.get(&format!("{place}/file.xlsx")).await;
        assert_eq!(narrower.status, StatusCode::FORBIDDEN);
        assert!(narrower.text.contains("narrower"), "{}", narrower.text);
        let mut tx = house.app.db.write().await.unwrap();
        tx.execute("update user_role set role = $1 where user_id = $2", args![ALL, user]).await.unwrap();
        tx.commit().await.unwrap();
        let taken = "select count(*) as n from audit_entry where action = 'export.download'";
        let mut tx = house.app.db.read().await.unwrap();
        assert_eq!(tx.fetch_one(taken, args![]).await.unwrap().get::<i64>("n").unwrap(), 1);
        drop(tx);
        house.app.clock.advance(SignedDuration::from_hours(73));
        let mut boss = house.user("boss").await;
        assert_eq!(boss.file(&format!("{place}/file.xlsx")).await.0, StatusCode::NOT_FOUND, "its time is over");
        assert_eq!(list_export::remove_old(&house.app).await.unwrap(), 1);
        let mut tx = house.app.db.read().await.unwrap();
        let left = tx.fetch_one("select count(*) as n from export_piece", args![]).await.unwrap();
        assert_eq!(left.get::<i64>("n").unwrap(), 0);
    }
}

#[tokio::test]
async fn an_export_whose_process_died_is_begun_anew_by_the_next_one() {
    for house in houses(LARGE).await {
        let mut boss = house.user("boss").await;
        let place = id_of(&boss.post("/exports", &[("list", "/notes"), ("query", "")]).await);
        // What a killed process leaves: its lease, half of the rows, a piece of a file.
        let mut tx = house.app.db.write().await.unwrap();
        let until = house.app.clock.now() + SignedDuration::from_secs(120);
        let left = "update export_job set lease = 1, leased_until = $1, rows_done = 2500";
        tx.execute(left, args![until]).await.unwrap();
        let piece = "insert into export_piece (user_id, job_id, no, sealed) select user_id, id, 0, $1 from export_job";
        tx.execute(piece, args![vec![1_u8, 2, 3]]).await.unwrap();
        tx.commit().await.unwrap();
        assert!(boss.get(&place).await.text.contains("2,500 of 5,001"));
        assert_eq!(list_export::run_waiting(&house.app).await.unwrap(), 0, "its lease holds");
        house.app.clock.advance(SignedDuration::from_secs(121));
        let (one, two) = tokio::join!(list_export::run_waiting(&house.app), list_export::run_waiting(&house.app));
        assert_eq!(one.unwrap() + two.unwrap(), 1, "one of two servers makes it");
        let (status, bytes) = boss.file(&format!("{place}/file.xlsx")).await;
        assert_eq!((status, texts(&bytes).len()), (StatusCode::OK, 5_001));
    }
}

#[tokio::test]
async fn a_selection_is_exported_within_the_data_scope_by_page_and_by_program() {
    for house in houses(10).await {
        let mut clerk = house.user("clerk").await;
        let picked = [("key", "2"), ("key", "3"), ("key", "5")];
        let place = id_of(&clerk.post("/exports/selection?list=/notes", &picked).await);
        assert_eq!(list_export::run_waiting(&house.app).await.unwrap(), 1);
        let (status, bytes) = clerk.file(&format!("{place}/file.xlsx")).await;
        assert_eq!((status, texts(&bytes)), (StatusCode::OK, vec!["note 2".to_owned(), "note 5".to_owned()]));
        for (path, fields, status) in [
            ("/exports/selection?list=/notes", vec![], StatusCode::UNPROCESSABLE_ENTITY),
            ("/exports/selection?list=/notes", vec![("key", "x")], StatusCode::UNPROCESSABLE_ENTITY),
            ("/exports/selection?list=/moons", vec![("key", "1")], StatusCode::NOT_FOUND),
            ("/exports/selection?list=/notes&query=moon%3D1", vec![("key", "1")], StatusCode::UNPROCESSABLE_ENTITY),
        ] {
            let refused = clerk.post(path, &fields).await;
            assert_eq!(refused.status, status, "{path} {fields:?}: {}", refused.text);
        }
        let mut program = house.program("boss", &[LOOK, "self"]).await;
        let asked = program.post("/exports", &json!({"list": "/notes", "query": ""})).await.json();
        let place = asked["location"].as_str().unwrap().trim_start_matches("/api/v1").to_owned();
        assert_eq!(program.get(&place).await.json()["state"], "running");
        list_export::run_waiting(&house.app).await.unwrap();
        let made = program.get(&place).await.json();
        assert_eq!((&made["state"], &made["rows"]), (&json!("done"), &json!(10)), "{made}");
        assert_eq!(program.get(&format!("{place}/file.xlsx")).await.status, StatusCode::OK);
        // A program whose token does not name the action gets nothing of it.
        let mut narrow = house.program("boss", &["self"]).await;
        assert_eq!(narrow.get(&format!("{place}/file.xlsx")).await.status, StatusCode::FORBIDDEN);
        assert_eq!(narrow.post("/exports", &json!({"list": "/notes"})).await.status, StatusCode::FORBIDDEN);
    }
}

#[tokio::test]
async fn who_has_too_many_exports_under_way_waits_for_one_of_them() {
    for house in houses(3).await {
        let mut boss = house.user("boss").await;
        let picked = [("key", "1")];
        for _ in 0..3 {
            id_of(&boss.post("/exports/selection?list=/notes", &picked).await);
        }
        let busy = boss.post("/exports/selection?list=/notes", &picked).await;
        assert_eq!(busy.status, StatusCode::CONFLICT, "{}", busy.text);
        assert!(busy.text.contains("3 exports are under way"), "{}", busy.text);
        // Somebody else's do not count, and one that is ready makes room.
        id_of(&house.user("clerk").await.post("/exports/selection?list=/notes", &picked).await);
        list_export::run_waiting(&house.app).await.unwrap();
        id_of(&boss.post("/exports/selection?list=/notes", &picked).await);
    }
}
