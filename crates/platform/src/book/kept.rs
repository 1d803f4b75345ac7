//! The kept file of an export on its way to a browser: a piece at a time, so that a large book takes no more room in
//! memory than a small one.

use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use hyper::body::Frame;
use tokio::sync::mpsc;

use super::run::COLUMN;
use crate::app::App;
use crate::args;
use crate::error::ActionError;
use crate::vault::Place;

/// Pieces that wait for a slow browser.
const AHEAD: usize = 2;

/// The body of a kept file; it breaks off when a piece cannot be read.
pub(super) fn body(app: &App, run: i64) -> Body {
    let (send, take) = mpsc::channel(AHEAD);
    let app = app.clone();
    tokio::spawn(async move {
        if let Err(error) = pieces(&app, run, &send).await {
            tracing::error!(%error, run, "a kept file of the whole book could not be read");
            // Nobody to tell when the browser is gone.
            let _ = send.send(Err(std::io::Error::other("a piece could not be read"))).await;
        }
    });
    Body::new(Pieces(take))
}

/// Opens one piece after the other, each in a short reading transaction.
async fn pieces(app: &App, run: i64, send: &mpsc::Sender<std::io::Result<Bytes>>) -> Result<(), ActionError> {
    for no in 0_i64.. {
        let sql = "select sealed from book_piece where run_id = $1 and no = $2";
        let row = app.db.read().await?.fetch_optional(sql, args![run, no]).await?;
        let Some(row) = row else { break };
        let sealed: Vec<u8> = row.get("sealed")?;
        let place = format!("{run}:{no}");
        let clear = app.vault()?.open_bytes(Place { column: COLUMN, row: &place }, &sealed)?;
        if send.send(Ok(Bytes::from(clear))).await.is_err() {
            break;
        }
    }
    Ok(())
}

/// What comes out of the channel, as a body.
struct Pieces(mpsc::Receiver<std::io::Result<Bytes>>);

impl HttpBody for Pieces {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<std::io::Result<Frame<Bytes>>>> {
        self.0.poll_recv(cx).map(|piece| piece.map(|piece| piece.map(Frame::data)))
    }
}
