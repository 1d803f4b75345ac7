//! The demo book beside an institution that is not set up yet (演示账簿): made in a folder of its own below the data, served
//! on another port of this machine, ended and removed with the set-up.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use platform::app::App;
use platform::event::BoxFuture;
use platform::first_run::{Rehearsal, RehearsalState};
use platform::web;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::demo::{self, Extent};
use crate::failure::Failure;

/// Where it lies below the data folder.
const FOLDER: &str = "demo";

/// The demo book of the first run (首次设置的演示账簿).
#[derive(Debug)]
pub struct DemoBook {
    folder: PathBuf,
    extent: Extent,
    place: Arc<Mutex<Progress>>,
    stop: watch::Sender<bool>,
    task: Mutex<Option<JoinHandle<()>>>,
}

/// How far it is.
#[derive(Default)]
enum Progress {
    #[default]
    NotBegun,
    Opening,
    /// Its program, from which the day is read that was reached.
    Making(App),
    Served(u16),
    Failed,
}

impl std::fmt::Debug for Progress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::NotBegun => "NotBegun",
            Self::Opening => "Opening",
            Self::Making(_) => "Making",
            Self::Served(_) => "Served",
            Self::Failed => "Failed",
        })
    }
}

impl DemoBook {
    /// Below this data folder; nothing is made before somebody asks.
    pub fn below(data: &Path) -> Self {
        Self::of_extent(data, Extent::WHOLE)
    }

    fn of_extent(data: &Path, extent: Extent) -> Self {
        let (stop, _) = watch::channel(false);
        Self { folder: data.join(FOLDER), extent, place: Arc::default(), stop, task: Mutex::default() }
    }
}

fn set(place: &Mutex<Progress>, progress: Progress) {
    *place.lock().unwrap_or_else(PoisonError::into_inner) = progress;
}

impl Rehearsal for DemoBook {
    fn begin(&self) {
        let mut place = self.place.lock().unwrap_or_else(PoisonError::into_inner);
        if !matches!(*place, Progress::NotBegun | Progress::Failed) {
            return;
        }
        *place = Progress::Opening;
        drop(place);
        let (folder, extent, told) = (self.folder.clone(), self.extent, self.stop.subscribe());
        let place = Arc::clone(&self.place);
        let task = tokio::spawn(async move {
            if let Err(error) = serve(&folder, extent, &place, told).await {
                tracing::error!(%error, "the demo book of the first run");
                set(&place, Progress::Failed);
            }
        });
        *self.task.lock().unwrap_or_else(PoisonError::into_inner) = Some(task);
    }

    fn state(&self) -> BoxFuture<'_, RehearsalState> {
        Box::pin(async {
            let app = match &*self.place.lock().unwrap_or_else(PoisonError::into_inner) {
                Progress::NotBegun => return RehearsalState::NotBegun,
                Progress::Failed => return RehearsalState::Failed,
                Progress::Served(port) => {
                    return RehearsalState::Ready { port: *port, login: demo::somebody() };
                }
                Progress::Opening => None,
                Progress::Making(app) => Some(app.clone()),
            };
            let day = match app {
                Some(app) => demo::business_date(&app).await.ok(),
                None => None,
            };
            RehearsalState::Making { day }
        })
    }

    fn end(&self) -> BoxFuture<'_, ()> {
        Box::pin(async {
            self.stop.send_replace(true);
            let task = self.task.lock().unwrap_or_else(PoisonError::into_inner).take();
            if let Some(task) = task
                && let Err(error) = task.await
            {
                tracing::warn!(%error, "the demo book of the first run did not end in order");
            }
            set(&self.place, Progress::NotBegun);
            if let Err(error) = demo::remove(&self.folder) {
                tracing::warn!(%error, folder = %self.folder.display(), "the demo book of the first run stays");
            }
        })
    }
}

/// Makes the book where there is none, and serves it until it is told to stop.
async fn serve(
    folder: &Path,
    extent: Extent,
    place: &Mutex<Progress>,
    mut told: watch::Receiver<bool>,
) -> Result<(), Failure> {
    // One that a stopped program left half-way is worth nothing.
    demo::remove_unfinished(folder).map_err(Failure::machine)?;
    let made = demo::prepare(folder, extent, |app| set(place, Progress::Making(app)));
    let (app, _held) = tokio::select! {
        made = made => made?,
        () = told_to_end(&mut told) => {
            let begun = std::mem::take(&mut *place.lock().unwrap_or_else(PoisonError::into_inner));
            if let Progress::Making(app) = begun {
                app.db.close().await;
            }
            return Ok(());
        }
    };
    // Its people have a password that everybody knows: for this machine only.
    let listener = TcpListener::bind("127.0.0.1:0").await.map_err(Failure::machine)?;
    let port = listener.local_addr().map_err(Failure::machine)?.port();
    set(place, Progress::Served(port));
    tracing::info!(port, "serving the demo book of the first run");
    let stop = async move { told_to_end(&mut told).await };
    let patience = web::Patience { stop: std::time::Duration::from_secs(1), ..web::Patience::default() };
    web::serve(listener, web::router(&app), patience, stop).await;
    app.db.close().await;
    Ok(())
}

/// Waits for the word to end; whoever says it may be gone too.
async fn told_to_end(told: &mut watch::Receiver<bool>) {
    drop(told.wait_for(|end| *end).await);
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::net::TcpStream;

    use jiff::civil::date;

    use super::*;

    fn answer(port: u16) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
        stream.write_all(b"GET /login HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).unwrap();
        text
    }

    async fn ready(book: &DemoBook) -> (u16, Vec<RehearsalState>) {
        let mut seen: Vec<RehearsalState> = Vec::new();
        loop {
            let state = book.state().await;
            match state {
                RehearsalState::Ready { port, ref login } => {
                    assert!(!login.0.is_empty() && !login.1.is_empty());
                    return (port, seen);
                }
                RehearsalState::Making { .. } => {}
                RehearsalState::NotBegun | RehearsalState::Failed => panic!("{state:?}"),
            }
            if seen.last() != Some(&state) {
                seen.push(state);
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_demo_book_is_made_served_found_again_and_removed_at_the_end() {
        crate::log::start();
        let data = tempfile::tempdir().unwrap();
        std::fs::write(data.path().join("loanward.db"), "the real book").unwrap();
        let small = Extent::small(date(2026, 8, 3));
        let book = DemoBook::of_extent(data.path(), small);
        assert_eq!(book.state().await, RehearsalState::NotBegun);
        book.begin();
        book.begin();
        let (port, seen) = ready(&book).await;
        let days = seen.iter().filter(|state| matches!(state, RehearsalState::Making { day: Some(_) })).count();
        assert!(days > 2, "it says how far it is: {seen:?}");
        let page = tokio::task::spawn_blocking(move || answer(port)).await.unwrap();
        assert!(page.contains(" 200 ") && page.contains("loanward-demo"), "{page}");

        // A restart before the end of the set-up finds it again.
        book.stop.send_replace(true);
        let task = book.task.lock().unwrap().take().unwrap();
        task.await.unwrap();
        let again = DemoBook::of_extent(data.path(), small);
        again.begin();
        assert!(ready(&again).await.1.len() < days, "it is not made anew");
        again.end().await;
        assert!(!data.path().join(FOLDER).exists(), "removed");
        assert_eq!(std::fs::read_to_string(data.path().join("loanward.db")).unwrap(), "the real book");
        assert_eq!(again.state().await, RehearsalState::NotBegun);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn one_that_is_still_being_made_ends_too_and_what_is_not_ours_stays() {
        let data = tempfile::tempdir().unwrap();
        let book = DemoBook::below(data.path());
        book.begin();
        book.end().await;
        assert!(!data.path().join(FOLDER).exists());

        std::fs::create_dir(data.path().join(FOLDER)).unwrap();
        std::fs::write(data.path().join(FOLDER).join("letters.txt"), "somebody's own").unwrap();
        let book = DemoBook::below(data.path());
        book.begin();
        while book.state().await != RehearsalState::Failed {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        book.end().await;
        assert!(data.path().join(FOLDER).join("letters.txt").exists(), "a demo touches only what it made itself");
    }
}
