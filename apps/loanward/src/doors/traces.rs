//! Traces of people (个人信息痕迹): while customers are entered, looked for and asked after in every wrong way, no identity
//! number and no phone stands in the log, however much is logged, nor on a page that says what went wrong.

#![cfg(test)]

use std::collections::BTreeSet;
use std::io::Write;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use platform::locale::Lang;
use platform::page::query_escape;
use platform::testbed::{self, Answer, Browser};
use platform::web::{Patience, records};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use super::forms;
use super::{EVERYTHING, Walk, ends_session, params};

/// Valid in form and check digit; the division does not exist.
const IDENTITY: &str = "990101199003071237";
const PHONE: &str = "13900004321";
/// What only the page of a failure holds, and its data for programs.
const FAILURE: [&str; 2] = ["class=\"where num\"", "urn:loanward:"];

/// Identity numbers with a right check digit and phones that stand in a text.
fn personal_in(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        if !bytes[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let end = at + bytes[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        // A fraction is a measurement and digits among letters are a part of a digest: no numbers of somebody.
        let beside = |byte: Option<&u8>, or: &[u8]| byte.is_some_and(|b| b.is_ascii_alphanumeric() || or.contains(b));
        let part_of_more = beside(at.checked_sub(1).and_then(|before| bytes.get(before)), b".");
        let run = &text[at..end];
        let with_letter = bytes.get(end).is_some_and(|byte| byte.eq_ignore_ascii_case(&b'x'));
        let identity = if run.len() == 17 && with_letter { format!("{run}X") } else { run.to_owned() };
        let part_of_more = part_of_more || beside(bytes.get(end + usize::from(with_letter)), b"");
        let phone = run.len() == 11 && run.starts_with('1') && (b'3'..=b'9').contains(&run.as_bytes()[1]);
        if !part_of_more && (phone || is_identity(&identity)) {
            found.insert(identity);
        }
        at = end;
    }
    found
}

/// GB 11643-1999: eighteen characters, a date in the middle, the check character at the end.
fn is_identity(text: &str) -> bool {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let part = |from: usize, to: usize| text.get(from..to).and_then(|part| part.parse::<u32>().ok()).unwrap_or(0);
    let dated =
        (1850..2100).contains(&part(6, 10)) && (1..=12).contains(&part(10, 12)) && (1..=31).contains(&part(12, 14));
    let sum: u32 = text.chars().zip(WEIGHTS).filter_map(|(c, weight)| Some(c.to_digit(10)? * weight)).sum();
    text.len() == 18 && dated && text.chars().last() == "10X98765432".chars().nth((sum % 11) as usize)
}

#[test]
fn the_scanner_finds_a_planted_number_and_takes_no_other_for_one() {
    let line = format!("{{\"user\":\"{IDENTITY}\",\"to\":\"{PHONE}\",\"also\":\"99010119900307135x\"}}");
    let planted: Vec<String> = personal_in(&line).into_iter().collect();
    assert_eq!(planted, [PHONE, IDENTITY, "99010119900307135X"]);
    for other in [
        "990101199003071235",
        "139****4321",
        "elapsed=0.13900004321",
        "1390000432",
        "7439201139000043210",
        "a5e13900004321c7",
    ] {
        assert_eq!(personal_in(other), BTreeSet::new(), "{other}");
    }
}

/// Takes the log as it comes and keeps only what must not be there, and how much there was.
#[derive(Clone, Default)]
struct Scanner(Arc<Mutex<Seen>>);

#[derive(Default)]
struct Seen {
    lines: usize,
    requests: usize,
    found: BTreeSet<String>,
}

impl Write for Scanner {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let text = String::from_utf8_lossy(bytes);
        let mut seen = self.0.lock().unwrap();
        seen.lines += 1;
        seen.requests += usize::from(text.contains("platform::web::guard"));
        let kept =
            ["黄", "梁"].iter().filter(|name| text.contains(&format!("{name}留痕"))).map(|name| (*name).to_owned());
        seen.found.extend(personal_in(&text).into_iter().chain(kept).map(|what| format!("{what} in {text}")));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn no_log_line_and_no_page_of_a_failure_holds_an_identity_number_or_a_phone() {
    let scanner = Scanner::default();
    let into = scanner.clone();
    // For all threads: the drivers of databases log from their own.
    let all = tracing_subscriber::fmt()
        .with_env_filter(crate::log::filter(Some("trace")))
        .with_ansi(false)
        .with_writer(move || into.clone())
        .finish();
    let _first = tracing::subscriber::set_global_default(all);
    // The driver of PostgreSQL logs every statement, that of SQLite none.
    let databases = testbed::databases().await;
    let least = if databases.len() > 1 { 10_000 } else { 1_000 };
    for db in databases {
        let walk = Walk::over(db).await;
        let mut browser = walk.hire("traces", EVERYTHING, 1, Lang::ZhCn).await;
        enter_customers(&mut browser).await;
        let failures = look_and_send(&walk, &mut browser).await;
        assert!(failures > 100, "{failures} pages of failures were looked at");
        over_the_wire(&walk).await;
    }
    tracing::info!(planted = IDENTITY, "a line that must be found");
    let seen = scanner.0.lock().unwrap();
    assert!(seen.lines > least && seen.requests > 300, "{} lines, {} requests", seen.lines, seen.requests);
    let found: Vec<&String> = seen.found.iter().filter(|line| !line.contains("planted")).collect();
    assert!(found.is_empty(), "{} lines, the first: {}", found.len(), found[0]);
    assert_eq!(seen.found.len(), 1, "the planted one is found");
}

/// Real ones, so that numbers go through every layer; and the same again, which is refused.
async fn enter_customers(browser: &mut Browser) {
    let page = ["/customers/new".to_owned()];
    let form = forms::harvest(browser, &page).await.into_iter().find(|form| form.action == page[0]).unwrap();
    let typed = [("name", "黄留痕"), ("identity", IDENTITY), ("phone", PHONE), ("address", "示例市留痕路1号")];
    let offered = form.fields.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let person: Vec<(&str, &str)> = offered
        .map(|(name, value)| typed.iter().copied().find(|(one, _)| *one == name).unwrap_or((name, value)))
        .collect();
    let opened = browser.post_from("/customers/new", "/customers/new", &person).await;
    assert_eq!(opened.status, StatusCode::SEE_OTHER, "{}", opened.text);
    let here = opened.location().split('?').next().unwrap().to_owned();
    let page = browser.get(&here).await;
    assert!(page.status.is_success() && personal_in(&page.text).is_empty(), "masked on the own page");
    let again = browser.post_from("/customers/new", "/customers/new", &person).await;
    assert!(again.status.is_client_error() || again.location() == opened.location(), "{}", again.status);
    let shown =
        browser.post_from(&format!("{here}/reveal"), &format!("{here}/reveal"), &[("reason", "核对合同")]).await;
    assert!(
        personal_in(&shown.text).contains(IDENTITY),
        "a reveal with its reason shows it: the scanner works there too"
    );
}

/// Every page asked with numbers, every form sent with them; how many failures were drawn.
async fn look_and_send(walk: &Walk, browser: &mut Browser) -> usize {
    let (mut failures, mut pages) = (0, BTreeSet::new());
    let mut judge = |answer: &Answer, what: &str| {
        let wrong = answer.status.is_client_error() || answer.status.is_server_error();
        if wrong && FAILURE.iter().any(|sign| answer.text.contains(sign)) {
            failures += 1;
            assert_eq!(personal_in(&answer.text), BTreeSet::new(), "{what}: {}", answer.text);
        }
        for (name, value) in &answer.headers {
            let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
            assert!(name == header::LOCATION || personal_in(&value).is_empty(), "{what} {name}: {value}");
        }
    };
    for record in records(&walk.house.app).into_iter().filter(|record| !ends_session(record)) {
        for text in [IDENTITY, PHONE] {
            if record.method == Method::GET {
                let asked = format!("{}?q={text}&as_of={text}&page={text}", walk.fill(record.path));
                judge(&browser.get(&asked).await, &asked);
                pages.insert(walk.fill(record.path));
            }
            for param in params(record.path) {
                let path = walk.fill(&record.path.replace(&format!("{{{param}}}"), text));
                judge(&super::knock(browser, &record.method, &path).await, &path);
            }
        }
    }
    let pages: Vec<String> = pages.into_iter().collect();
    for form in forms::harvest(browser, &pages).await.iter().filter(|form| form.is_harmless()) {
        for (name, text) in form.fields.iter().zip([IDENTITY, PHONE].into_iter().cycle()).map(|(f, text)| (&f.0, text))
        {
            judge(&browser.post(&form.action, &form.pairs(Some((name, text)))).await, &form.action);
        }
    }
    let login = walk.house.browser().log_in(IDENTITY, PHONE).await;
    judge(&login, "/login");
    let body = Body::from(format!("{{\"phone\": {PHONE}, \"identity\": \"{IDENTITY}\""));
    judge(
        &browser.send(Request::post("/api/v1/customers/new").header("content-type", "application/json"), body).await,
        "api",
    );
    failures
}

/// Requests that no framework reads, over a real connection.
async fn over_the_wire(walk: &Walk) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (tell, told) = tokio::sync::oneshot::channel::<()>();
    let router = walk.house.router.clone();
    let running = tokio::spawn(platform::web::serve(listener, router, Patience::default(), async { drop(told.await) }));
    let escaped = query_escape(&format!("%zz{IDENTITY}\"'<{PHONE}"));
    for request in [
        format!("GET /customers?q={escaped} HTTP/1.1\r\nhost: {PHONE}\r\ncookie: a={IDENTITY}\r\n"),
        format!("GET /%ff{IDENTITY}/%00{PHONE} HTTP/1.1\r\nhost: x\r\n"),
        format!("GET /customers/{IDENTITY}?%%%={PHONE} HTTP/1.1\r\nhost: x\r\nx-{PHONE}: {IDENTITY}\r\n"),
        format!("{PHONE} /login HTTP/1.1\r\nhost: x\r\n"),
        format!("POST /login HTTP/1.1\r\nhost: x\r\ncontent-type: {IDENTITY}\r\ncontent-length: 5\r\n\r\na={PHONE}"),
        format!("GET / HTTP/9.9\r\nhost: {IDENTITY}\r\n"),
    ] {
        let text = ask(address, &format!("{request}connection: close\r\n\r\n")).await;
        assert_eq!(personal_in(&text), BTreeSet::new(), "{request}: {text}");
    }
    tell.send(()).unwrap();
    running.await.unwrap();
}

async fn ask(address: SocketAddr, request: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    // A server may reset a connection whose request it did not read to its end.
    drop(stream.read_to_end(&mut answer).await);
    String::from_utf8_lossy(&answer).into_owned()
}
