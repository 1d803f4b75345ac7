//! The whole book through its pages: taken out in the background and kept sealed for its time; tried and brought in
//! elsewhere; refused with the place and the reason; a record of everything, broken-off runs included.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use jiff::SignedDuration;
use platform::access::Scope;
use platform::args;
use platform::book;
use platform::db::Db;
use platform::locale::missing_in;
use platform::server::Node;
use platform::testbed::{self, ALL, Answer, Browser, House};
use platform::vault::{Identity, Personal as _, Place};

use crate::institution::{Lending, over};

async fn count(db: &Db, sql: &'static str) -> i64 {
    db.read().await.unwrap().fetch_one(sql, args![]).await.unwrap().get("n").unwrap()
}

/// The pages wait a moment for a small book; then it is looked at again until it has ended.
async fn ended(browser: &mut Browser, run: &str) -> String {
    for _ in 0..2_000 {
        let part = browser.get(&format!("{run}/progress")).await;
        assert_eq!(part.status, StatusCode::OK, "{}", part.text);
        let page = browser.get(run).await.text;
        if !page.contains("hx-get") {
            assert!(missing_in(&page).is_empty(), "{page}");
            return page;
        }
        tokio::task::yield_now().await;
    }
    panic!("{run} did not end");
}

async fn export(browser: &mut Browser, fields: &[(&str, &str)]) -> (String, String) {
    let asked = browser.post_from("/book", "/book/export", fields).await;
    assert_eq!(asked.status, StatusCode::SEE_OTHER, "{}", asked.text);
    let run = asked.location().to_owned();
    let page = ended(browser, &run).await;
    (run, page)
}

async fn bring(browser: &mut Browser, what: &str, content: &[u8]) -> Answer {
    let page = browser.get("/book").await;
    let (csrf, once) = (page.hidden("_csrf").unwrap(), page.hidden("_once").unwrap());
    let mut body = Vec::new();
    for (field, value) in [("_csrf", csrf.as_str()), ("_once", once.as_str()), ("what", what)] {
        body.extend(format!("--b\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n").bytes());
    }
    body.extend(b"--b\r\nContent-Disposition: form-data; name=\"book\"; filename=\"book.xlsx\"\r\n\r\n");
    body.extend(content);
    body.extend(b"\r\n--b--\r\n");
    let request = Request::post("/book/import")
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=b")
        .header("sec-fetch-site", "same-origin");
    browser.send(request, Body::from(body)).await
}

#[tokio::test]
async fn a_book_is_taken_out_sealed_kept_for_its_time_and_then_gone() {
    // Rule `book.kept`
    for db in testbed::databases().await {
        let house = over(db.clone(), Lending::default()).await;
        // The house keeps its books for five hours.
        let mut tx = db.write().await.unwrap();
        let sql = "update policy_version set files_json = replace(files_json, 'book_keep_hours,count 1..,72', \
                   'book_keep_hours,count 1..,5'), digest = 'five'";
        tx.execute(sql, args![]).await.unwrap();
        tx.commit().await.unwrap();
        let mut boss = house.user("boss").await;
        let silent = boss.post_from("/book", "/book/export", &[("reason", " ")]).await;
        assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY, "a reason is asked for");
        let (run, page) = export(&mut boss, &[("reason", "annual audit"), ("clear", "1")]).await;
        assert!(page.contains("2026-11-20 21:30") && page.contains("annual audit"), "{page}");
        let (status, bytes) = boss.file(&format!("{run}/book.xlsx")).await;
        assert!(status == StatusCode::OK && bytes.starts_with(b"PK"));
        let noted = "select size_bytes as n from book_run";
        assert_eq!(count(&db, noted).await, i64::try_from(bytes.len()).unwrap(), "the whole file");
        let taken = "select count(*) as n from audit_entry where action in ('book.export', 'book.download')";
        assert_eq!(count(&db, taken).await, 2, "asking and taking stand in the trail");
        let piece = db.read().await.unwrap().fetch_one("select sealed from book_piece", args![]).await.unwrap();
        assert!(!piece.get::<Vec<u8>>("sealed").unwrap().windows(4).any(|four| four == b"PK\x03\x04"), "sealed");

        house.app.clock.advance(SignedDuration::from_hours(5));
        assert_eq!(book::remove_old(&house.app).await.unwrap(), 0, "to its last second");
        house.app.clock.advance(SignedDuration::from_secs(1));
        assert_eq!(book::remove_old(&house.app).await.unwrap(), 1);
        assert_eq!(count(&db, "select count(*) as n from book_piece").await, 0);
        let mut boss = house.user("boss").await;
        assert_eq!(boss.file(&format!("{run}/book.xlsx")).await.0, StatusCode::NOT_FOUND);
        let page = boss.get(&run).await.text;
        assert!(page.contains("removed") && !page.contains("book.xlsx"), "the record stays: {page}");
    }
}

#[tokio::test]
async fn a_large_file_comes_whole_a_piece_at_a_time_and_never_to_who_may_not() {
    for db in testbed::databases().await {
        let mut settings = testbed::settings(&[
            ("masked", &[(book::EXPORT, Scope::Institution)]),
            ("clerk", &[("user.view", Scope::Institution)]),
        ]);
        let all = [book::EXPORT, book::EXPORT_CLEAR, book::IMPORT].map(|action| (action, Scope::Institution));
        settings.roles = settings.roles.with(ALL, &all);
        let users: [(&str, &[&str]); 3] = [("boss", &[ALL]), ("masked", &["masked"]), ("clerk", &["clerk"])];
        let house = House::with(db.clone(), Vec::new(), settings, &users).await;
        let mut boss = house.user("boss").await;
        let (run, _) = export(&mut boss, &[("reason", "annual audit"), ("clear", "1")]).await;
        let id: i64 = run.rsplit('/').next().unwrap().parse().unwrap();
        let mut tx = db.write().await.unwrap();
        tx.execute("delete from book_piece", args![]).await.unwrap();
        let whole: Vec<u8> = (0..3_000_000_u32).map(|n| b'a' + u8::try_from(n % 23).unwrap()).collect();
        for (no, piece) in (0_i64..).zip(whole.chunks(512 * 1024)) {
            let row = format!("{id}:{no}");
            let place = Place { column: "book_piece.sealed", row: &row };
            let piece = Identity::from_clear(String::from_utf8(piece.to_vec()).unwrap());
            let sealed = house.app.vault().unwrap().seal(place, &piece);
            let sql = "insert into book_piece (run_id, no, sealed) values ($1, $2, $3)";
            tx.execute(sql, args![id, no, sealed]).await.unwrap();
        }
        let sql = "update book_run set size_bytes = $1";
        tx.execute(sql, args![i64::try_from(whole.len()).unwrap()]).await.unwrap();
        tx.commit().await.unwrap();
        let file = format!("{run}/book.xlsx");
        let (status, bytes) = boss.file(&file).await;
        assert!(status == StatusCode::OK && bytes == whole, "{} bytes", bytes.len());
        assert_eq!(house.user("masked").await.file(&file).await.0, StatusCode::FORBIDDEN, "numbers in clear");
        let mut clerk = house.user("clerk").await;
        for path in ["/book", run.as_str(), &file] {
            assert_eq!(clerk.get(path).await.status, StatusCode::FORBIDDEN, "{path}");
        }
        assert_eq!(bring(&mut house.user("masked").await, "write", b"x").await.status, StatusCode::FORBIDDEN);
    }
}

#[tokio::test]
async fn a_book_is_tried_and_brought_in_elsewhere_and_what_is_none_is_refused_with_its_place() {
    for db in testbed::databases().await {
        let house = over(db, Lending::default()).await;
        let mut boss = house.user("boss").await;
        let (clear, _) = export(&mut boss, &[("reason", "move"), ("clear", "1")]).await;
        let (masked, _) = export(&mut boss, &[("reason", "to read")]).await;
        let file = boss.file(&format!("{clear}/book.xlsx")).await.1;
        let unreadable = boss.file(&format!("{masked}/book.xlsx")).await.1;

        let other = testbed::sqlite().await;
        let elsewhere = over(other.clone(), Lending::default()).await;
        let mut boss = elsewhere.user("boss").await;
        let before = count(&other, "select count(*) as n from audit_entry").await;
        // what is sent, what is done with it, what the page says
        let rows: [(&[u8], &str, &str); 4] = [
            (b"PK\x03\x04 no workbook", "write", "no Excel workbook"),
            (&unreadable, "write", "is masked"),
            (&file, "try", "It can come in"),
            (&file, "write", "It is in"),
        ];
        for (content, what, said) in rows {
            let sent = bring(&mut boss, what, content).await;
            assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
            let page = ended(&mut boss, sent.location()).await;
            assert!(page.contains(said), "{said}: {page}");
            let kept = format!("loanward-book-{}.xlsx", sent.location().rsplit('/').next().unwrap());
            assert!(!std::env::temp_dir().join(kept).exists(), "the file that was sent is not left behind");
        }
        assert!(count(&other, "select count(*) as n from audit_entry").await > before);
        let nothing = bring(&mut boss, "try", b"").await;
        assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY, "no file was chosen");
        let history = boss.get("/book").await.text;
        let states = "select count(*) as n from book_run where state = 'refused' and refused > 0";
        assert!(count(&other, states).await >= 1 && history.matches("/book/runs/").count() == 4, "{history}");
        assert!(missing_in(&boss.get("/book?lang=zh-CN").await.text).is_empty());
    }
}

#[tokio::test]
async fn a_run_whose_process_is_gone_or_forgot_it_is_told_as_failed() {
    for db in testbed::databases().await {
        let house = over(db.clone(), Lending::default()).await;
        let own = Node::take(&db, "serve").await.unwrap();
        let (forgotten, elsewhere) = ((i64::from(own.number) << 12) | 7, (i64::from(own.number + 1) << 12) | 7);
        let mut tx = db.write().await.unwrap();
        for id in [forgotten, elsewhere] {
            let sql = "insert into book_run (id, direction, state, dry_run, clear, reason, digest, rows_in_all, size_bytes, \
                       findings_json, refused, started_at, started_by) values ($1, 'out', 'running', 0, 0, 'x', '', 0, 0, \
                       '[]', 0, '2026-11-20T08:30:00.000Z', 1)";
            tx.execute(sql, args![id]).await.unwrap();
        }
        tx.execute(
            "insert into server_node (node, holder, machine, work, started_at, seen_at, expires_at) \
             values ($1, 'x', 'm', 'serve', $2, $2, $3)",
            args![elsewhere >> 12, "2026-11-20T08:00:00.000Z", "2999-01-01T00:00:00.000Z"],
        )
        .await
        .unwrap();
        let sql = "insert into book_piece (run_id, no, sealed) values ($1, 0, $2)";
        tx.execute(sql, args![forgotten, vec![1_u8]]).await.unwrap();
        tx.commit().await.unwrap();
        let left = ["files", "book"].map(|what| format!("loanward-{what}-{forgotten}"));
        let left =
            [format!("{}.zip", left[0]), format!("{}.xlsx", left[1])].map(|name| std::env::temp_dir().join(name));
        left.iter().for_each(|path| std::fs::write(path, "in clear").unwrap());
        let running = "select count(*) as n from book_run where state = 'running'";
        // A process that never leased a number knows nothing of either; the other one lives.
        book::remove_old(&house.app).await.unwrap();
        assert_eq!(count(&db, running).await, 2);
        house.app.take_node(own);
        book::remove_old(&house.app).await.unwrap();
        assert_eq!(count(&db, running).await, 1, "nobody here does it");
        assert_eq!(count(&db, "select count(*) as n from book_piece").await, 0, "half a file is no file");
        assert!(left.iter().all(|path| !path.exists()), "nothing in clear stays behind");
        let mut tx = db.write().await.unwrap();
        let silent = "update server_node set expires_at = '2020-01-01T00:00:00.000Z' where node = $1";
        tx.execute(silent, args![elsewhere >> 12]).await.unwrap();
        tx.commit().await.unwrap();
        book::remove_old(&house.app).await.unwrap();
        assert_eq!(count(&db, running).await, 0, "its process is silent");
        let page = house.user("boss").await.get(&format!("/book/runs/{forgotten}")).await.text;
        assert!(page.contains("did not finish") || page.contains("broke off"), "{page}");
    }
}

/// The token that a page shows once.
fn token_on(page: &str) -> String {
    let start = page.find("lw_").unwrap();
    page[start..].chars().take_while(|c| c.is_ascii_alphanumeric() || "_-".contains(*c)).collect()
}

async fn make_token(boss: &mut Browser, id: i64) -> String {
    let whose = id.to_string();
    let wish = [("name", "总账"), ("days", "30"), ("for", whose.as_str()), ("scope", "self")];
    let made = boss.post_from(&format!("/tokens/new?for={id}"), "/tokens/new", &wish).await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.text);
    token_on(&made.text)
}

/// A house with a service account, its token, and a person that no other house has; its book.
async fn book_with_service_account(db: Db) -> (String, Vec<u8>) {
    let house = over(db, Lending::default()).await;
    let mut boss = house.user("boss").await;
    for (login, name, kind) in [("ledger", "总账接口", "service"), ("mei", "梅某", "person")] {
        let new = [("login", login), ("name", name), ("kind", kind), ("place", "1")];
        let made = boss.post_from("/users/new", "/users/new", &new).await;
        assert!(made.status.is_success() || made.status == StatusCode::SEE_OTHER, "{}", made.text);
    }
    let id = house.user_id("ledger").await.0;
    let token = make_token(&mut boss, id).await;
    let (run, _) = export(&mut boss, &[("reason", "move"), ("clear", "1")]).await;
    (token, boss.file(&format!("{run}/book.xlsx")).await.1)
}

#[tokio::test]
async fn a_service_account_comes_in_as_one_without_token_password_and_role() {
    //
    for db in testbed::databases().await {
        let (token, file) = book_with_service_account(db).await;
        let other = testbed::sqlite().await;
        let house = over(other.clone(), Lending::default()).await;
        let mut boss = house.user("boss").await;
        let sent = bring(&mut boss, "write", &file).await;
        let page = ended(&mut boss, sent.location()).await;
        assert!(page.contains("It is in") && page.contains("ledger, mei"), "who came along is named: {page}");
        let kept = "select count(*) as n from app_user where login = 'ledger' and kind = 'service' \
                    and state = 'disabled' and password_hash = '!' and must_change_password = 0";
        assert_eq!(count(&other, kept).await, 1, "what it is stays what it was");
        assert_eq!(
            count(&other, "select count(*) as n from app_user where login = 'mei' and kind = 'person'").await,
            1
        );
        assert_eq!(count(&other, "select count(*) as n from api_token").await, 0, "no token comes along");
        let id = house.user_id("ledger").await.0;
        let mut tx = other.read().await.unwrap();
        let roles = "select count(*) as n from user_role where user_id = $1";
        assert_eq!(tx.fetch_one(roles, args![id]).await.unwrap().get::<i64>("n").unwrap(), 0);
        drop(tx);
        for password in ["!", testbed::PASSWORD] {
            assert_ne!(house.browser().log_in("ledger", password).await.status, StatusCode::SEE_OTHER);
        }
        let old = house.bearing(&token).post("/notices/read", &serde_json::json!({})).await;
        assert_eq!(old.status, StatusCode::UNAUTHORIZED, "the token of the other house opens nothing");

        // Let in by a person, it works with a token of this house and still has no password.
        let page = boss.get(&format!("/users/{id}")).await.text;
        assert!(page.contains("Service account") && missing_in(&page).is_empty(), "{page}");
        let enabled = boss.post(&format!("/users/{id}/enable"), &[("reason", "moved along")]).await;
        assert_eq!(enabled.status, StatusCode::SEE_OTHER, "{}", enabled.text);
        let new = make_token(&mut boss, id).await;
        let heard = house.bearing(&new).post("/notices/read", &serde_json::json!({})).await;
        assert_eq!(heard.status, StatusCode::OK, "{}", heard.text);
        let reset = boss.post(&format!("/users/{id}/password"), &[]).await;
        assert_eq!(reset.status, StatusCode::FORBIDDEN, "{}", reset.text);
    }
}

#[tokio::test]
async fn a_name_that_is_a_program_there_and_a_person_here_is_told() {
    let (_, file) = book_with_service_account(testbed::sqlite().await).await;
    for db in testbed::databases().await {
        let house = over(db.clone(), Lending::default()).await;
        let mut boss = house.user("boss").await;
        let new = [("login", "ledger"), ("name", "李某"), ("kind", "person"), ("place", "1")];
        boss.post_from("/users/new", "/users/new", &new).await;
        let sent = bring(&mut boss, "write", &file).await;
        let page = ended(&mut boss, sent.location()).await;
        assert!(page.contains("is a person on one side") && missing_in(&page).is_empty(), "{page}");
        let kinds = "select count(*) as n from app_user where login = 'ledger' and kind = 'person'";
        assert_eq!(count(&db, kinds).await, 1, "who is here stays what they are");
    }
}

/// Of two kinds of signs each, as the shipped rules ask.
const SECOND: &str = "屋檐下的燕子去年就没有回来2";
const THIRD: &str = "井台边的石榴今年开得特别早3";
const FOURTH: &str = "码头上的吊车夜里也亮着灯火4";

async fn change(browser: &mut Browser, old: &str, new: &str) -> Answer {
    browser.post_from("/password", "/password", &[("old", old), ("new", new), ("again", new)]).await
}

async fn reset(boss: &mut Browser, id: i64) -> String {
    let page = boss.post(&format!("/users/{id}/password"), &[]).await;
    let (_, rest) = page.text.split_once("<code class=\"rule\">").unwrap();
    rest.split('<').next().unwrap().to_owned()
}

#[tokio::test]
async fn the_last_passwords_stay_refused_after_a_change_a_reset_and_a_book_that_came_in() {
    let (_, file) = book_with_service_account(testbed::sqlite().await).await;
    for db in testbed::databases().await {
        let house = over(db.clone(), Lending::default()).await;
        let (mut boss, mut credit) = (house.user("boss").await, house.user("credit").await);
        assert_eq!(change(&mut credit, testbed::PASSWORD, SECOND).await.location(), "/");
        assert_eq!(change(&mut credit, SECOND, THIRD).await.location(), "/");
        let sent = bring(&mut boss, "write", &file).await;
        assert!(ended(&mut boss, sent.location()).await.contains("It is in"));

        // Who was here before keeps password and history, whatever the book says of that name.
        let mut credit = house.browser();
        assert_eq!(credit.log_in("credit", THIRD).await.status, StatusCode::SEE_OTHER);
        let back = change(&mut credit, THIRD, SECOND).await;
        assert!(
            back.status == StatusCode::UNPROCESSABLE_ENTITY && back.text.contains("one of your last"),
            "{}",
            back.text
        );
        let id = house.user_id("credit").await.0;
        let first = reset(&mut boss, id).await;
        credit.log_in("credit", &first).await;
        for old in [SECOND, THIRD] {
            let back = change(&mut credit, &first, old).await;
            assert!(back.text.contains("one of your last"), "after a reset: {}", back.text);
        }
        assert_eq!(change(&mut credit, &first, FOURTH).await.location(), "/");
        let back = change(&mut credit, FOURTH, &first).await;
        assert!(back.text.contains("one of your last"), "a one-time password does not come back: {}", back.text);

        // Who came in begins with an empty history: there was no password to remember.
        let id = house.user_id("mei").await.0;
        boss.post(&format!("/users/{id}/enable"), &[("reason", "moved along")]).await;
        let first = reset(&mut boss, id).await;
        let remembered = "select count(*) as n from password_history where password_hash = '!'";
        assert_eq!(count(&db, remembered).await, 0);
        let mut mei = house.browser();
        mei.log_in("mei", &first).await;
        assert_eq!(change(&mut mei, &first, SECOND).await.location(), "/");
        assert_eq!(change(&mut mei, SECOND, THIRD).await.location(), "/");
        let back = change(&mut mei, THIRD, SECOND).await;
        assert!(back.text.contains("one of your last"), "{}", back.text);
    }
}
