//! A server of its own process, and somebody who visits it over a real connection.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tempfile::NamedTempFile;

/// The program under test.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_loanward");
/// The password that the administrator chooses.
pub const CHOSEN: &str = "old boathouse 7 bells";

/// A server of its own process and folder; ended when dropped.
pub struct Server {
    child: Child,
    pub address: String,
    /// What it printed before it listened.
    pub said: String,
    log: NamedTempFile,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Server {
    /// Starts `loanward serve` on a free port with these options and variables.
    pub fn start(folder: &Path, more: &[&str], variables: &[(&str, &str)]) -> Self {
        let log = NamedTempFile::new().unwrap();
        let mut child = Command::new(PROGRAM)
            .args(["serve", "--port", "0"])
            .args(more)
            .arg("--data")
            .arg(folder)
            .envs(variables.iter().copied())
            .stdout(Stdio::piped())
            .stderr(log.reopen().unwrap())
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
        Self { child, address, said, log }
    }

    /// What it has logged so far.
    pub fn log(&self) -> String {
        String::from_utf8_lossy(&std::fs::read(self.log.path()).unwrap()).into_owned()
    }

    /// The password that the first start printed.
    pub fn first_password(&self) -> String {
        self.said.split("one-time password:").nth(1).unwrap().lines().next().unwrap().trim().to_owned()
    }

    /// Asks it to stop as a machine does, and waits until it has.
    pub fn stop(mut self) {
        let asked = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap();
        assert!(asked.success());
        self.child.wait().unwrap();
    }
}

/// A browser of few words: cookies, forms, and what came back.
#[derive(Clone, Default)]
pub struct Visitor {
    pub cookies: BTreeMap<String, String>,
}

pub struct Answer {
    pub status: u16,
    pub text: String,
}

impl Answer {
    /// The value of a hidden field.
    pub fn hidden(&self, name: &str) -> String {
        let found = self.text.split_once(&format!("name=\"{name}\" value=\""));
        found.and_then(|(_, rest)| rest.split('"').next()).unwrap_or_default().to_owned()
    }
}

impl Visitor {
    /// Opens a page.
    pub fn get(&mut self, at: &str, path: &str) -> Answer {
        self.ask(at, "GET", path, "")
    }

    /// Logs the administrator in for the first time and chooses the password.
    pub fn first_log_in(server: &Server) -> Self {
        let (mut admin, first) = (Self::default(), server.first_password());
        let door = admin.get(&server.address, "/login");
        let entered = admin.post(&server.address, &door, "/login", &[("user", "admin"), ("password", &first)]);
        assert_eq!(entered.status, 303, "{}", entered.text);
        let page = admin.get(&server.address, "/password");
        let fields = [("old", first.as_str()), ("new", CHOSEN), ("again", CHOSEN)];
        let chosen = admin.post(&server.address, &page, "/password", &fields);
        assert_eq!(chosen.status, 303, "{}", chosen.text);
        admin
    }

    /// Logs in with the chosen password.
    pub fn log_in(server: &Server) -> Self {
        Self::log_in_at(&server.address)
    }

    /// The same at the server of this address.
    pub fn log_in_at(at: &str) -> Self {
        let mut admin = Self::default();
        let door = admin.get(at, "/login");
        let entered = admin.post(at, &door, "/login", &[("user", "admin"), ("password", CHOSEN)]);
        assert_eq!(entered.status, 303, "{}", entered.text);
        admin
    }

    /// Sends a form from a page of this server to that one.
    pub fn post(&mut self, at: &str, page: &Answer, path: &str, fields: &[(&str, &str)]) -> Answer {
        let hidden = [("_csrf", page.hidden("_csrf")), ("_once", page.hidden("_once"))];
        let known = hidden.iter().map(|(name, value)| (*name, value.as_str()));
        let pairs: Vec<String> =
            known.chain(fields.iter().copied()).map(|(name, value)| format!("{name}={}", escaped(value))).collect();
        self.ask(at, "POST", path, &pairs.join("&"))
    }

    /// Sends a request as it is.
    pub fn ask(&mut self, at: &str, method: &str, path: &str, body: &str) -> Answer {
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
pub fn pause() {
    std::thread::sleep(Duration::from_millis(200));
}

pub fn escaped(text: &str) -> String {
    text.bytes()
        .map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") })
        .collect()
}
