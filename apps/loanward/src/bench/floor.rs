//! The floor of a close (下限): the rows that it read and wrote, read and written again on a copy of the book from
//! before, by bare prepared statements bound straight to SQLite, one thread, in transactions as large; without any logic
//! and without its trail, totals and proofs.

mod bare;

use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::civil::Date;
use platform::app::App;
use platform::args;
use platform::db::Db;

use crate::failure::Failure;

/// What the floor took (下限耗时).
#[derive(Debug, Clone, Copy, Default)]
pub struct Floor {
    /// By the wall.
    pub took: Duration,
    /// On the processor.
    pub worked: Duration,
}

/// Keeps the book as it stands, for the floor.
pub async fn keep(app: &App, folder: &Path) -> Result<(), Failure> {
    let Db::Sqlite(file) = &app.db else {
        return Err(Failure::Input("the floor is measured on SQLite".to_owned()));
    };
    // Everything that the log holds goes into the file, and nobody writes meanwhile.
    let mut tx = app.db.read().await?;
    tx.fetch_all("pragma wal_checkpoint(truncate)", args![]).await.ok();
    drop(tx);
    for (from, to) in
        [(file.path().to_owned(), before(folder)), (beside(file.path(), "-wal"), beside(&before(folder), "-wal"))]
    {
        if from.is_file() {
            std::fs::copy(from, to).map_err(Failure::machine)?;
        }
    }
    Ok(())
}

fn before(folder: &Path) -> PathBuf {
    folder.join("before.db")
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    PathBuf::from(format!("{}{ending}", path.display()))
}

/// How long it takes to read and write what the close of this day did; nothing on another database than SQLite.
pub fn measure(app: &App, folder: &Path, day: Date) -> Result<Option<Floor>, Failure> {
    let Db::Sqlite(file) = &app.db else { return Ok(None) };
    let next = day.tomorrow().map_err(Failure::machine)?.to_string();
    bare::run(file.path(), &before(folder), &next).map(Some).map_err(Failure::machine)
}
