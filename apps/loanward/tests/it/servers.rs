//! Two servers on one PostgreSQL: log in at one and act at the other, a double click at both, rules noticed by both, a
//! day closed by one.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use platform::args;
use platform::db::{DatabaseUrl, Db};
use platform::testbed;
use tempfile::TempDir;

const PROGRAM: &str = env!("CARGO_BIN_EXE_loanward");
const CHOSEN: &str = "old boathouse 7 bells";

/// A server of its own process and folder; ended when dropped.
struct Server {
    child: Child,
    address: String,
    /// What it printed before it listened.
    said: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn serve(folder: &Path, url: &str) -> Server {
    let mut child = Command::new(PROGRAM)
        .args(["serve", "--port", "0", "--institution", "双机测试", "--opens-on", "2026-11-19", "--database-url", url])
        .arg("--data")
        .arg(folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut said = String::new();
    let address = loop {
        let line = lines.next().expect("it listens").unwrap();
        if let Some((_, address)) = line.split_once("listening on http://") {
            break address.to_owned();
        }
        said.push_str(&line);
        said.push('\n');
    };
    Server { child, address, said }
}

/// A browser of few words: cookies, forms, and what came back.
#[derive(Clone, Default)]
struct Visitor {
    cookies: BTreeMap<String, String>,
}

struct Answer {
    status: u16,
    text: String,
}

impl Answer {
    fn hidden(&self, name: &str) -> String {
        let found = self.text.split_once(&format!("name=\"{name}\" value=\""));
        found.and_then(|(_, rest)| rest.split('"').next()).unwrap_or_default().to_owned()
    }
}

impl Visitor {
    fn get(&mut self, at: &str, path: &str) -> Answer {
        self.ask(at, "GET", path, "")
    }

    /// Sends a form from a page of this server to that one.
    fn post(&mut self, at: &str, page: &Answer, path: &str, fields: &[(&str, &str)]) -> Answer {
        let hidden = [("_csrf", page.hidden("_csrf")), ("_once", page.hidden("_once"))];
        let known = hidden.iter().map(|(name, value)| (*name, value.as_str()));
        let pairs: Vec<String> =
            known.chain(fields.iter().copied()).map(|(name, value)| format!("{name}={}", escaped(value))).collect();
        self.ask(at, "POST", path, &pairs.join("&"))
    }

    fn ask(&mut self, at: &str, method: &str, path: &str, body: &str) -> Answer {
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut stream = TcpStream::connect(at).unwrap();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {at}\r\nCookie: {}\r\nSec-Fetch-Site: same-origin\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
            cookies.join("; "),
            body.len()
        );
        stream.write_all(request.as_bytes()).unwrap();
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).unwrap();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        for line in text.split("\r\n\r\n").next().unwrap_or("").lines() {
            let Some((name, value)) = line.split_once(": ") else { continue };
            if !name.eq_ignore_ascii_case("set-cookie") {
                continue;
            }
            if let Some((cookie, value)) = value.split(';').next().and_then(|pair| pair.split_once('=')) {
                self.cookies.insert(cookie.to_owned(), value.to_owned());
            }
        }
        let status = text.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
        Answer { status, text }
    }
}

#[expect(clippy::disallowed_methods, reason = "waits for another program to answer, which sends no event")]
fn pause() {
    std::thread::sleep(Duration::from_millis(200));
}

fn escaped(text: &str) -> String {
    text.bytes()
        .map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn two_servers_on_one_database_are_one_house() {
    let Some(url) = testbed::postgres_url().await else { return };
    let (here, there) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let one = serve(here.path(), &url);
    let first = one.said.split("one-time password:").nth(1).unwrap().lines().next().unwrap().trim().to_owned();
    std::fs::copy(here.path().join("loanward.key"), there.path().join("loanward.key")).unwrap();
    let two = serve(there.path(), &url);
    assert!(!two.said.contains("one-time password"), "the second finds the house: {}", two.said);

    // Log in at one, choose the password at the other, go on at the first.
    let mut admin = Visitor::default();
    let door = admin.get(&one.address, "/login");
    let entered = admin.post(&one.address, &door, "/login", &[("user", "admin"), ("password", &first)]);
    assert_eq!(entered.status, 303, "{}", entered.text);
    let page = admin.get(&two.address, "/password");
    let fields = [("old", first.as_str()), ("new", CHOSEN), ("again", CHOSEN)];
    let chosen = admin.post(&two.address, &page, "/password", &fields);
    assert_eq!(chosen.status, 303, "{}", chosen.text);
    let page = admin.get(&one.address, "/branches");
    assert_eq!(page.status, 200, "{}", page.text);

    // One form, sent to both at once: done once.
    let racing = [&one, &two].map(|server| (server.address.clone(), admin.clone()));
    let threads = racing.map(|(address, mut admin)| {
        let page = Answer { status: 200, text: page.text.clone() };
        std::thread::spawn(move || {
            admin.post(&address, &page, "/branches/new", &[("branch", "1"), ("name", "城东支行")]).status
        })
    });
    let statuses = threads.map(|thread| thread.join().unwrap());
    assert_eq!(statuses, [303, 303], "the second one is shown what the first one did");

    let db = Db::open(&DatabaseUrl::Postgres(url.clone())).await.unwrap();
    assert_eq!(count(&db, "select count(*) as n from branch").await, 2);
    assert_eq!(count(&db, "select count(*) as n from server_node where work = 'serve'").await, 2, "each has a number");

    // Another version of the rules comes into force: both notice within a moment.
    let mut tx = db.write().await.unwrap();
    let sql = "insert into policy_version (id, pack, version, digest, effective_from, files_json, state, note, \
               drafted_by, drafted_at, approved_by, approved_at) select id + 1, pack, 'next', 'other', '2026-11-19', \
               replace(files_json, 'password_min_length,count 8..,12', 'password_min_length,count 8..,19'), state, \
               note, drafted_by, drafted_at, approved_by, approved_at from policy_version";
    tx.execute(sql, args![]).await.unwrap();
    tx.commit().await.unwrap();
    for server in [&one, &two] {
        let noticed = (0..80).any(|_| {
            pause();
            admin.get(&server.address, "/password").text.contains("至少 19 个字符")
        });
        assert!(noticed, "the rules are noticed without a restart");
    }

    // The close, asked for at both: one runs.
    let asked = [&one, &two].map(|server| {
        let (mut admin, page) = (admin.clone(), admin.clone().get(&server.address, "/close"));
        let address = server.address.clone();
        std::thread::spawn(move || admin.post(&address, &page, "/close/start", &[("day", "2026-11-19")]).status)
    });
    let statuses = asked.map(|thread| thread.join().unwrap());
    assert!(statuses.contains(&303), "{statuses:?}");
    for _ in 0..300 {
        if count(&db, "select count(*) as n from close_run where state = 'sealed'").await > 0 {
            break;
        }
        pause();
    }
    // A second close would have begun by now.
    pause();
    let sealed = count(&db, "select count(*) as n from close_run where state = 'sealed'").await;
    assert_eq!((sealed, count(&db, "select count(*) as n from close_run").await), (1, 1), "one day, closed once");
    assert_eq!(count(&db, "select count(*) as n from close_run where attempts = 1").await, 1);
    let day = "select count(*) as n from business_day where current_on = '2026-11-20'";
    assert_eq!(count(&db, day).await, 1, "people were moved on once");
}

async fn count(db: &Db, sql: &'static str) -> i64 {
    db.read().await.unwrap().fetch_one(sql, args![]).await.unwrap().get("n").unwrap()
}
