//! The server (监听): takes connections, lets nobody hold one without asking anything, ends what is under way in order.
//!
//! A client that sends its head a byte at a time would otherwise keep a connection for ever (slow request attack). A body
//! that comes too slowly ends with the time-out of its page.

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tower::ServiceExt as _;

/// How patient a server is (耐心).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// For the whole head of a request, and for the next one on a connection.
    pub head: Duration,
    /// For requests under way when the server is told to stop.
    pub stop: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self { head: Duration::from_secs(30), stop: Duration::from_secs(60) }
    }
}

/// Serves until it is told to stop; requests under way are finished.
pub async fn serve(listener: TcpListener, router: Router, patience: Patience, stop: impl Future<Output = ()>) {
    let under_way = GracefulShutdown::new();
    tokio::pin!(stop);
    loop {
        let accepted = tokio::select! {
            () = &mut stop => break,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, peer)) => take(stream, peer, &router, patience, &under_way),
            Err(error) => {
                // The machine has no more descriptors: others may give some back meanwhile.
                tracing::warn!(%error, "a connection could not be taken");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
    drop(listener);
    if tokio::time::timeout(patience.stop, under_way.shutdown()).await.is_err() {
        tracing::warn!("requests under way were broken off");
    }
}

fn take(stream: TcpStream, peer: SocketAddr, router: &Router, patience: Patience, under_way: &GracefulShutdown) {
    let router = router.clone();
    let service = service_fn(move |mut request: axum::http::Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        router.clone().oneshot(request.map(Body::new))
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(patience.head)
        .serve_connection(TokioIo::new(stream), service);
    let watched = under_way.watch(connection);
    tokio::spawn(async move {
        if let Err(error) = watched.await {
            tracing::debug!(%error, "a connection ended");
        }
    });
}
