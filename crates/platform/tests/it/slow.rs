//! Slow and oversized requests over a real connection: nobody holds one without asking anything, and others are served.

use std::net::SocketAddr;
use std::time::Duration;

use platform::testbed::{self, House};
use platform::web::{Patience, router_within, serve};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;

/// A server of this house that waits this long for the head of a request; what tells it to stop.
async fn start(head: Duration) -> (SocketAddr, oneshot::Sender<()>, tokio::task::JoinHandle<()>) {
    let house = House::over(testbed::sqlite().await, Vec::new()).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (tell, told) = oneshot::channel::<()>();
    let patience = Patience { head, ..Patience::default() };
    let running = tokio::spawn(serve(listener, house.router, patience, async { drop(told.await) }));
    (address, tell, running)
}

async fn ask(address: SocketAddr, request: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    // A server that refuses the rest of a request may reset the connection after its answer.
    drop(stream.read_to_end(&mut answer).await);
    String::from_utf8_lossy(&answer).into_owned()
}

const PLAIN: &str = "GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";

#[tokio::test]
async fn a_head_that_never_ends_is_broken_off_and_others_are_served_meanwhile() {
    let (address, tell, running) = start(Duration::from_millis(300)).await;
    let mut slow = Vec::new();
    for _ in 0..50 {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\nx-slow: ").await.unwrap();
        slow.push(stream);
    }
    assert!(ask(address, PLAIN).await.starts_with("HTTP/1.1 200"), "others are served");
    for mut stream in slow {
        let mut answer = Vec::new();
        let ended = tokio::time::timeout(Duration::from_secs(10), stream.read_to_end(&mut answer)).await;
        assert!(ended.is_ok(), "the connection is closed");
        assert!(!String::from_utf8_lossy(&answer).contains(" 200 "));
    }
    // Told to stop, it ends; nobody is taken any more.
    tell.send(()).unwrap();
    running.await.unwrap();
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn what_is_too_large_is_refused_without_being_read_to_its_end() {
    let (address, _tell, _running) = start(Duration::from_secs(10)).await;
    let head =
        format!("GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\nx-long: {}\r\n\r\n", "x".repeat(1 << 20));
    let long = ask(address, &head).await;
    assert!(long.starts_with("HTTP/1.1 431") || long.is_empty(), "{}", long.get(..80).unwrap_or(&long));
    let many = (0..500).map(|n| format!("x-{n}: y\r\n")).collect::<String>();
    let many = ask(address, &format!("GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{many}\r\n")).await;
    assert!(many.starts_with("HTTP/1.1 431"), "{}", many.get(..80).unwrap_or(&many));
    let path =
        ask(address, &format!("GET /{} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n", "a".repeat(100_000))).await;
    assert!(path.starts_with("HTTP/1.1 4"), "{}", path.get(..80).unwrap_or(&path));
    let form = format!(
        "POST /login HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/x-www-form-urlencoded\r\n\
         content-length: 99999999\r\n\r\nuser={}",
        "a".repeat(3 * 1024 * 1024)
    );
    let form = ask(address, &form).await;
    assert!(form.starts_with("HTTP/1.1 413"), "{}", form.get(..80).unwrap_or(&form));
    assert!(ask(address, PLAIN).await.starts_with("HTTP/1.1 200"), "it serves on");
    assert!(ask(address, "\u{1}\u{2}garbage\r\n\r\n").await.starts_with("HTTP/1.1 400"));
}

#[tokio::test]
async fn a_body_that_comes_a_byte_at_a_time_is_cut_off_and_holds_nobody_up() {
    let house = House::over(testbed::sqlite().await, Vec::new()).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = router_within(&house.app, Duration::from_millis(700));
    let (tell, told) = oneshot::channel::<()>();
    let running = tokio::spawn(serve(listener, router, Patience::default(), async { drop(told.await) }));
    let dripping: Vec<_> = (0..60).map(|_| tokio::spawn(drip(address))).collect();
    // More of them than a pool of connections or of threads has: a page is served among them all the same.
    for _ in 0..5 {
        let asked = ask(address, "GET /login HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
        let page = tokio::time::timeout(Duration::from_secs(5), asked).await.unwrap();
        assert!(page.contains(" 200 "), "others wait for them: {page}");
    }
    for one in dripping {
        let (answer, sent) = one.await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 503"), "{sent} bytes: {}", answer.get(..80).unwrap_or(&answer));
        assert!(answer.contains("x-request-id: ") && sent < 100_000, "it was not read to its end: {sent}");
    }
    tell.send(()).unwrap();
    running.await.unwrap();
}

/// Sends a log-in a byte at a time and never comes to its end; what is answered, and how much was taken.
async fn drip(address: SocketAddr) -> (String, usize) {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = "POST /login HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\
                content-type: application/x-www-form-urlencoded\r\ncontent-length: 100000\r\n\r\n";
    stream.write_all(head.as_bytes()).await.unwrap();
    let (mut reading, mut writing) = stream.split();
    let mut sent = 0;
    let mut answer = Vec::new();
    let mut dripping = async || {
        while writing.write_all(b"a").await.is_ok() {
            sent += 1;
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        std::future::pending::<()>().await;
    };
    tokio::select! {
        ended = tokio::time::timeout(Duration::from_secs(10), reading.read_to_end(&mut answer)) => {
            assert!(ended.is_ok(), "nobody cut it off");
        }
        () = dripping() => {}
    }
    (String::from_utf8_lossy(&answer).into_owned(), sent)
}
