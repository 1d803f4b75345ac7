//! `loanward bench pages` (页面压测): a book of many loans behind the real server on the loopback, readers who logged in
//! by the form, and a close that runs beside them; how long each page takes.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use platform::access::actions::FirstUser;
use platform::app::App;
use platform::args;
use platform::clock::Stopwatch;
use platform::close;
use platform::locale::Lang;
use platform::page::query_escape;
use platform::web;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use super::book::{self, Shape};
use super::{Folder, MEASURED, STANDS, made, one_day};
use crate::command::BenchPages;
use crate::failure::Failure;

/// What nobody else knows and everybody of this book has.
const PASSWORD: &str = "压测时所有人共用的一句长口令";
/// Cases of one collector.
const CASES: usize = 500;

/// Who reads: sees the whole book.
pub(super) const READER: &str = "reader";

/// The people of the book besides its manager: one who sees everything, and collectors with five hundred cases each.
pub(super) fn people(loans: usize) -> Vec<FirstUser> {
    let person = |login: String, role: &str| FirstUser {
        name: login.clone(),
        login,
        roles: vec![role.to_owned()],
        password: Some(PASSWORD.to_owned()),
        must_change: false,
        lang: Lang::ZhCn,
    };
    // One loan in twelve is overdue; seven customers have ten loans.
    let collectors = (loans / 12).div_ceil(CASES).max(1);
    std::iter::once(person(READER.to_owned(), "general_manager"))
        .chain((0..collectors).map(|n| person(format!("collector{n}"), "collection_officer")))
        .collect()
}

/// A page and its times (页面耗时).
struct Measured {
    name: &'static str,
    times: Vec<Duration>,
}

/// Makes the book, serves it, reads its pages while a day is closed, prints what they took.
pub async fn pages(how: BenchPages) -> Result<(), Failure> {
    let folder = Folder::new(how.within.as_deref())?;
    let app = made(&folder.0.join("pages"), (how.loans, book::SMALL), Shape::Usual).await?;
    one_day(&app, STANDS).await?;
    book::pay_what_is_due(&app, MEASURED).await?;
    app.clock.advance(jiff::SignedDuration::from_hours(20));
    let listener = TcpListener::bind("127.0.0.1:0").await.map_err(Failure::machine)?;
    let at = listener.local_addr().map_err(Failure::machine)?;
    let router = web::router(&app).into_make_service_with_connect_info::<SocketAddr>();
    let server = tokio::spawn(async move { axum::serve(listener, router).await });
    let asked = addresses(&app).await?;
    // Each page alone first: what it costs by itself.
    println!("alone, one reader:");
    print(&read(at, &asked, Until::Rounds(how.rounds), 0).await?);
    let closing = Arc::new(AtomicBool::new(true));
    let mut readers = Vec::new();
    for reader in 0..how.readers {
        let (asked, closing, pause) = (asked.clone(), Arc::clone(&closing), how.pause);
        // People do not turn their pages in step.
        let late = Duration::from_millis(pause * reader as u64 / how.readers.max(1) as u64);
        readers.push(tokio::spawn(async move {
            tokio::time::sleep(late).await;
            read(at, &asked, Until::Closed(closing), pause).await
        }));
    }
    let began = Stopwatch::start();
    close::run(&app, MEASURED, 0, &mut |_| {}).await?;
    println!(
        "{} readers, each {} ms on a page, beside the close of a day, which took {:.1} s:",
        how.readers,
        how.pause,
        began.elapsed().as_secs_f64()
    );
    closing.store(false, Ordering::Relaxed);
    let mut all: Vec<Measured> = Vec::new();
    for reader in readers {
        for (place, page) in reader.await.map_err(Failure::machine)??.into_iter().enumerate() {
            match all.get_mut(place) {
                Some(known) => known.times.extend(page.times),
                None => all.push(page),
            }
        }
    }
    print(&all);
    server.abort();
    app.db.close().await;
    Ok(())
}

fn print(pages: &[Measured]) {
    for page in pages {
        let mut times = page.times.clone();
        times.sort();
        let at = |share: usize| times.get((times.len() * share / 100).min(times.len().saturating_sub(1)));
        let ms = |time: Option<&Duration>| time.map_or(0.0, |time| time.as_secs_f64() * 1e3);
        println!(
            "    {:<24} {:>6} times, median {:>8.1} ms, p99 {:>8.1} ms",
            page.name,
            times.len(),
            ms(at(50)),
            ms(at(99))
        );
    }
}

/// What is read (所读页面).
#[derive(Clone)]
struct Read {
    /// Its line of the table.
    name: &'static str,
    /// By whom: the log-in.
    who: &'static str,
    address: String,
    /// Whether it is the second request, which counts what the page showed without.
    later: bool,
}

type Asked = Vec<Read>;

async fn addresses(app: &App) -> Result<Asked, Failure> {
    let mut tx = app.db.read().await?;
    let row = tx
        .fetch_one(
            "select loan_id, customer_id from loan_position where status = 'overdue' order by customer_id, loan_id limit 1",
            args![],
        )
        .await?;
    let (loan, customer): (i64, i64) = (row.get("loan_id")?, row.get("customer_id")?);
    let name = query_escape(&book::name(12));
    let filtered = "/loans?view=open&balance.from=20000&class=normal";
    let page = |name, address: &str| Read { name, who: READER, address: address.to_owned(), later: false };
    let counted = |name, address: &str| Read { later: true, ..page(name, address) };
    Ok(vec![
        page("list", "/loans"),
        page("list, overdue", "/loans?view=overdue"),
        page("list, arbitrary filter", filtered),
        counted("its count and sums", filtered),
        page("search", &format!("/search?q={name}")),
        page("loan", &format!("/loans/{loan}")),
        page("customer", &format!("/customers/{customer}")),
        page("home", "/"),
        counted("its counts", "/"),
        page("dashboard", "/dashboard"),
        counted("its counts", "/dashboard"),
        Read { who: "collector0", ..page("worklist of 500 cases", "/collections/work") },
    ])
}

/// How long a reader reads.
enum Until {
    /// So many times each page.
    Rounds(usize),
    /// As long as the close runs, each page once at least.
    Closed(Arc<AtomicBool>),
}

/// `pause`: milliseconds that a reader looks at a page before the next.
async fn read(at: SocketAddr, asked: &Asked, until: Until, pause: u64) -> Result<Vec<Measured>, Failure> {
    let mut all: Vec<Measured> = asked.iter().map(|one| Measured { name: one.name, times: Vec::new() }).collect();
    let mut cookies: Vec<(&str, String)> = Vec::new();
    for Read { who, .. } in asked {
        if !cookies.iter().any(|(known, _)| known == who) {
            cookies.push((who, log_in(at, who).await?));
        }
    }
    let mut rounds = 0;
    loop {
        for (measured, Read { name, who, address, later }) in all.iter_mut().zip(asked) {
            let cookie = cookies.iter().find(|(known, _)| known == who).map_or("", |(_, cookie)| cookie);
            let began = Stopwatch::start();
            let fragment = if *later { "HX-Request: true\r\n" } else { "" };
            let answer = send(at, &format!("GET {address} HTTP/1.1\r\nCookie: {cookie}\r\n{fragment}"), "").await?;
            measured.times.push(began.elapsed());
            tokio::time::sleep(Duration::from_millis(pause)).await;
            if !answer.starts_with("HTTP/1.1 200") {
                let head: String = answer.chars().take(300).collect();
                return Err(Failure::No(format!("{name}: {head}")));
            }
        }
        rounds += 1;
        let goes_on = match &until {
            Until::Rounds(most) => rounds < *most,
            Until::Closed(closing) => closing.load(Ordering::Relaxed),
        };
        if !goes_on {
            return Ok(all);
        }
    }
}

/// Logs in by the form; the cookies to send from then on.
async fn log_in(at: SocketAddr, login: &str) -> Result<String, Failure> {
    let page = send(at, "GET /login HTTP/1.1\r\n", "").await?;
    let hidden = |name: &str| {
        let (_, rest) = page.split_once(&format!("name=\"{name}\" value=\""))?;
        rest.split('"').next().map(str::to_owned)
    };
    let fields = [
        ("_csrf", hidden("_csrf").unwrap_or_default()),
        ("_once", hidden("_once").unwrap_or_default()),
        ("user", login.to_owned()),
        ("password", PASSWORD.to_owned()),
    ];
    let pairs: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={}", query_escape(value))).collect();
    let body = pairs.join("&");
    let head = format!(
        "POST /login HTTP/1.1\r\nCookie: {}\r\nSec-Fetch-Site: same-origin\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n",
        cookies_of(&page),
        body.len()
    );
    let answer = send(at, &head, &body).await?;
    if !answer.starts_with("HTTP/1.1 303") {
        let head: String = answer.chars().take(300).collect();
        return Err(Failure::No(format!("{login} is not let in: {head}")));
    }
    Ok(cookies_of(&answer))
}

fn cookies_of(answer: &str) -> String {
    let lines = answer.lines().take_while(|line| !line.is_empty());
    let cookies = lines.filter_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("set-cookie").then(|| value.trim().split(';').next().unwrap_or("").to_owned())
    });
    cookies.collect::<Vec<_>>().join("; ")
}

/// One request on a connection of its own, and the whole answer.
async fn send(at: SocketAddr, head: &str, body: &str) -> Result<String, Failure> {
    let mut stream = TcpStream::connect(at).await.map_err(Failure::machine)?;
    let request = format!("{head}Host: {at}\r\nConnection: close\r\n\r\n{body}");
    stream.write_all(request.as_bytes()).await.map_err(Failure::machine)?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.map_err(Failure::machine)?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}
