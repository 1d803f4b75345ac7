//! A real database for tests: SQLite in a temporary folder, and PostgreSQL in a schema of its own.
//!
//! The address of a PostgreSQL server comes from the environment variable `LOANWARD_TEST_PG`;
//! `cargo xtask check` starts one and sets it. Tests run on every database of [`databases`].

mod browser;
mod exports;
mod program;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

pub use browser::{ALL, Answer, Browser, House, PASSWORD, settings, totp_code};
pub use exports::ListCase;
pub use program::Program;

use crate::api::operation;
use crate::args;
use crate::capability::Capability;
use crate::db::{AssertSqlSafe, DatabaseUrl, Db};
use crate::web::TwinRecord;

static SERIAL: AtomicU32 = AtomicU32::new(0);

/// Fresh, empty databases: SQLite always, PostgreSQL when a server is named.
///
/// # Panics
/// When a database cannot be made: a test has nothing to say then.
pub async fn databases() -> Vec<Db> {
    let mut all = vec![sqlite().await];
    if let Some(db) = postgres().await {
        all.push(db);
    }
    all
}

/// A fresh SQLite file in the system's temporary folder.
///
/// # Panics
/// When the file cannot be made.
pub async fn sqlite() -> Db {
    Db::open(&DatabaseUrl::Sqlite(scratch("db"))).await.expect("the temporary folder takes a file")
}

/// A fresh schema on the PostgreSQL server of `LOANWARD_TEST_PG`, if it is set.
///
/// # Panics
/// When the server is named but does not answer.
pub async fn postgres() -> Option<Db> {
    let url = postgres_url().await?;
    Some(Db::open(&DatabaseUrl::Postgres(url)).await.expect("the new schema opens"))
}

/// The address of a fresh schema, for tests that start whole programs on it.
///
/// # Panics
/// When the server is named but does not answer.
pub async fn postgres_url() -> Option<String> {
    let server = std::env::var("LOANWARD_TEST_PG").ok()?;
    let schema = format!("t{}_{}", std::process::id(), SERIAL.fetch_add(1, Ordering::Relaxed));
    let db = Db::open(&DatabaseUrl::Postgres(server.clone())).await.expect("the server of LOANWARD_TEST_PG answers");
    let mut tx = db.write().await.expect("the server takes a transaction");
    // The name is made of two numbers; a process of long ago may have had the same.
    let stale = AssertSqlSafe(format!("drop schema if exists {schema} cascade"));
    tx.execute(stale, args![]).await.expect("no schema of that name");
    tx.execute(AssertSqlSafe(format!("create schema {schema}")), args![]).await.expect("a new schema");
    tx.commit().await.expect("a new schema");
    db.close().await;
    let joint = if server.contains('?') { '&' } else { '?' };
    Some(format!("{server}{joint}options[search_path]={schema}"))
}

/// The texts of the shipped packs by path.
///
/// # Panics
/// When the folder `packs/` of the project cannot be read.
#[must_use]
pub fn packs() -> BTreeMap<String, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs");
    let mut files = BTreeMap::new();
    let mut open = vec![root.clone()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).expect("the folder of the packs") {
            let path = entry.expect("an entry of the packs").path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(&root).expect("below the packs").to_string_lossy().into_owned();
                files.insert(name, std::fs::read_to_string(&path).expect("a text of a pack"));
            }
        }
    }
    files
}

/// The lists of a capability that are not exported: each of them needs its reason in a test.
#[must_use]
pub fn lists_without_export(capability: &dyn Capability) -> Vec<&'static str> {
    let exported: Vec<&str> = capability.list_exports().iter().map(|export| export.list()).collect();
    let is_list = |twin: &TwinRecord| matches!(twin.operation.answer, operation::Answer::Rows(_));
    let lists = capability.routes().twins().into_iter().filter(is_list).map(|twin| twin.route.path);
    lists.filter(|path| !exported.contains(path)).collect()
}

/// A path for a new file in the temporary folder.
pub fn scratch(ending: &str) -> PathBuf {
    let name = format!("loanward-test-{}-{}.{ending}", std::process::id(), SERIAL.fetch_add(1, Ordering::Relaxed));
    let path = std::env::temp_dir().join(name);
    let _ = std::fs::remove_file(&path);
    path
}
