//! The archive of kept files beside a whole book (附件包), taken out and brought in like the book itself: in the background,
//! kept sealed for its time, all of it or nothing. What is in it stands in [`crate::attachment::travel`].

use std::path::{Path, PathBuf};

use super::finding::Finding;
use super::run::{Made, Pieces, keeping, tell};
use super::{Progress, digest_of};
use crate::access::Actor;
use crate::app::App;
use crate::attachment::travel;
use crate::error::ActionError;
use crate::work::Work;

/// Where an archive lies while it is written or read: in clear, for this program only, and not for longer.
pub(super) fn place(run: i64) -> PathBuf {
    std::env::temp_dir().join(format!("loanward-files-{run}.zip"))
}

/// Where a book that came lies while it is read.
pub(super) fn place_of_book(run: i64) -> PathBuf {
    std::env::temp_dir().join(format!("loanward-book-{run}.xlsx"))
}

/// A file that is gone with whoever holds this (临时文件), however that ends.
pub(super) struct Passing(PathBuf);

impl Passing {
    pub(super) fn at(path: PathBuf) -> Self {
        Self(path)
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Passing {
    fn drop(&mut self) {
        // The system empties the folder where it could not be removed, or it was never made.
        let _ = std::fs::remove_file(&self.0);
    }
}

/// Removes what a run that broke off left on this machine.
pub(super) fn clear(run: i64) {
    drop(Passing::at(place(run)));
    drop(Passing::at(place_of_book(run)));
}

/// A file that only this program reads.
pub(super) fn private(path: &Path) -> std::io::Result<std::fs::File> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn broken(error: &std::io::Error) -> ActionError {
    ActionError::Internal(format!("an archive of files: {error}"))
}

/// Writes the archive and cuts it into sealed pieces.
pub(super) async fn out(app: &App, actor: Actor, id: i64) -> Result<Made, ActionError> {
    let lies = Passing::at(place(id));
    through(app, actor, id, lies.path()).await
}

async fn through(app: &App, actor: Actor, id: i64, path: &Path) -> Result<Made, ActionError> {
    let file = private(path).map_err(|error| broken(&error))?;
    let mut work = Work::read(app, actor).await?;
    let business_date = work.business_date;
    let carried = travel::write(&mut work, file, &tell(id)).await?;
    drop(work);
    tell(id)(&Progress { phase: "packing", sheet: "", done: 0, expected: 0 });
    let (send, kept) = keeping(app, id);
    let from = path.to_owned();
    let copied = tokio::task::spawn_blocking(move || {
        let (mut file, mut pieces) = (std::fs::File::open(from)?, Pieces::new(send));
        let copied = std::io::copy(&mut file, &mut pieces)?;
        Ok::<u64, std::io::Error>(copied)
    });
    let copied = copied.await.map_err(|error| ActionError::Internal(error.to_string()))?;
    // Pieces that could not be kept are why the copying stopped.
    let (digest, bytes) = kept.await.map_err(|error| ActionError::Internal(error.to_string()))??;
    copied.map_err(|error| broken(&error))?;
    let mut findings = Vec::new();
    if carried.missing > 0 {
        findings.push(Finding::file("files-incomplete").with("count", carried.missing).warning());
    }
    Ok(Made { business_date, digest, rows: carried.files, bytes, findings })
}

/// What an archive that came in brought; `work` is to be committed when nothing refuses.
pub(super) async fn bring(
    work: &mut Work,
    id: i64,
    path: &Path,
) -> Result<(super::Findings, u64, String), ActionError> {
    let digest = digest_of(path).await.map_err(|error| broken(&error))?;
    let (carried, findings) = travel::bring(work, path, &digest, &tell(id)).await?;
    Ok((findings, carried.files, digest))
}
