//! The database (数据库): one SQL text for an embedded SQLite file and for PostgreSQL.
//!
//! Two pools in one enum. A [`Tx`] is a transaction on either; a [`Row`] is decoded strictly into
//! domain types, and a value that does not fit is [`StoreError::Corrupt`] with its column, never a guess.
//! Texts use `$1 … $n`, each in the order of first use, so that every driver numbers them alike.

mod conditions;
mod migrate;
mod row;
mod tx;
mod value;

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use sqlx::Connection as _;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{PgPool, SqlitePool};
use tx::Answer;

pub use conditions::Conditions;
pub use migrate::{MigrateError, Migration, migrate};
pub use row::Row;
pub use sqlx::AssertSqlSafe;
pub use tx::Tx;
pub use value::{FromValue, Kind, ToValue, Value};

/// How long a writer waits for another one before it gives up.
const BUSY_TIMEOUT: Duration = Duration::from_secs(20);

/// Prepared statements that a connection keeps: a day close meets about two hundred texts.
const STATEMENTS: usize = 400;

/// Where the data is kept (数据库地址).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// One file beside the program.
    Sqlite(PathBuf),
    /// A server: `postgres://user:password@host/database`.
    Postgres(String),
}

impl FromStr for DatabaseUrl {
    type Err = StoreError;

    /// Reads `sqlite:PATH`, a bare path, or `postgres://…`.
    fn from_str(text: &str) -> Result<Self, StoreError> {
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Ok(Self::Postgres(text.to_owned()));
        }
        let path = text.strip_prefix("sqlite://").or_else(|| text.strip_prefix("sqlite:")).unwrap_or(text);
        if path.is_empty() || path.contains("://") {
            return Err(StoreError::Url { url: text.to_owned() });
        }
        Ok(Self::Sqlite(PathBuf::from(path)))
    }
}

/// Why the store could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The driver or the server refused.
    #[error("database: {0}")]
    Driver(#[from] sqlx::Error),
    /// A stored value does not fit the domain type that it must hold.
    #[error("column {column} holds {found}, which is not a valid {expected}")]
    Corrupt {
        /// The column.
        column: String,
        /// What the type wanted.
        expected: &'static str,
        /// What stood there (never personal data: kinds and lengths only for text).
        found: String,
    },
    /// An update that had to change one row changed another number of rows.
    #[error("the row was changed meanwhile ({changed} rows matched instead of 1)")]
    Stale {
        /// Rows that matched.
        changed: u64,
    },
    /// The address of the database is not one we know.
    #[error("{url:?} is not a database address: use a file path or postgres://user@host/name")]
    Url {
        /// What was given.
        url: String,
    },
    /// Migrations could not be applied.
    #[error(transparent)]
    Migrate(#[from] MigrateError),
}

impl StoreError {
    /// True when a uniqueness rule of the schema refused the row.
    pub fn is_unique_violation(&self) -> bool {
        match self {
            Self::Driver(sqlx::Error::Database(e)) => e.is_unique_violation(),
            _ => false,
        }
    }

    /// True when any rule of the schema refused the row: uniqueness, a check, a reference, a value that must be there.
    pub fn is_constraint_violation(&self) -> bool {
        match self {
            Self::Driver(sqlx::Error::Database(e)) => {
                e.is_unique_violation()
                    || e.is_check_violation()
                    || e.is_foreign_key_violation()
                    || matches!(e.kind(), sqlx::error::ErrorKind::NotNullViolation)
            }
            _ => false,
        }
    }

    /// True when the database is busy or cannot be reached: trying again may help.
    pub fn is_unavailable(&self) -> bool {
        match self {
            Self::Driver(sqlx::Error::PoolTimedOut | sqlx::Error::Io(_)) => true,
            Self::Driver(sqlx::Error::Database(e)) => {
                matches!(e.code().as_deref(), Some("5" | "517" | "261" | "57P01" | "57P03" | "53300"))
            }
            _ => false,
        }
    }
}

impl StoreError {
    /// True when there is no room left where the database lies: nothing of the transaction was kept.
    ///
    /// SQLite says 13 (full), 778 (a write was refused) or 4874 (its index of the log cannot grow), PostgreSQL 53100.
    pub fn is_full(&self) -> bool {
        match self {
            Self::Driver(sqlx::Error::Database(e)) => {
                matches!(e.code().as_deref(), Some("13" | "778" | "4874" | "53100"))
            }
            _ => false,
        }
    }
}

/// A handle on the database: cheap to clone.
#[derive(Debug, Clone)]
pub enum Db {
    /// SQLite: one writer, many readers, write-ahead log.
    Sqlite {
        /// The single writing connection.
        write: SqlitePool,
        /// The reading connections.
        read: SqlitePool,
        /// The file.
        path: PathBuf,
    },
    /// PostgreSQL.
    Postgres {
        /// All connections.
        pool: PgPool,
    },
}

impl Db {
    /// Opens (and for SQLite creates) the database.
    pub async fn open(url: &DatabaseUrl) -> Result<Self, StoreError> {
        match url {
            DatabaseUrl::Sqlite(path) => Self::open_sqlite(path).await,
            DatabaseUrl::Postgres(url) => {
                let options = PgConnectOptions::from_str(url)?;
                let pool = PgPoolOptions::new().max_connections(24).connect_with(options).await?;
                Ok(Self::Postgres { pool })
            }
        }
    }

    async fn open_sqlite(path: &Path) -> Result<Self, StoreError> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Normal)
            .foreign_keys(true)
            .busy_timeout(BUSY_TIMEOUT)
            .statement_cache_capacity(STATEMENTS)
            .pragma("cache_size", "-65536")
            .pragma("temp_store", "memory");
        let write = SqlitePoolOptions::new()
            .max_connections(1)
            // A disk that is full makes SQLite roll back by itself; sqlx still counts the transaction as open, and every
            // later one on this connection would be refused. Such a connection is closed, and a new one takes its place.
            .before_acquire(|connection, _| Box::pin(async move { Ok(!connection.is_in_transaction()) }))
            .acquire_timeout(BUSY_TIMEOUT)
            .connect_with(options.clone())
            .await?;
        let read =
            SqlitePoolOptions::new().max_connections(8).acquire_timeout(BUSY_TIMEOUT).connect_with(options).await?;
        Ok(Self::Sqlite { write, read, path: path.to_owned() })
    }

    /// Begins a writing transaction. On SQLite it takes the write lock at once (`BEGIN IMMEDIATE`),
    /// so that a transaction never fails half-way for having read first.
    pub async fn write(&self) -> Result<Tx, StoreError> {
        self.begin(true).await
    }

    /// Begins a reading transaction: one consistent picture of the book.
    pub async fn read(&self) -> Result<Tx, StoreError> {
        self.begin(false).await
    }
    fn begin(&self, to_write: bool) -> Answer<'_, Tx> {
        Box::pin(async move {
            Ok(match (self, to_write) {
                (Self::Sqlite { write, .. }, true) => Tx::sqlite(write.begin_with("begin immediate").await?),
                (Self::Sqlite { read, .. }, false) => Tx::sqlite(read.begin().await?),
                (Self::Postgres { pool }, true) => Tx::postgres(pool.begin().await?),
                (Self::Postgres { pool }, false) => {
                    let begin = "begin transaction isolation level repeatable read read only";
                    Tx::postgres(pool.begin_with(begin).await?)
                }
            })
        })
    }

    /// Whether it was closed.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        match self {
            Self::Sqlite { write, .. } => write.is_closed(),
            Self::Postgres { pool } => pool.is_closed(),
        }
    }

    /// Closes all connections.
    pub async fn close(&self) {
        match self {
            Self::Sqlite { write, read, .. } => {
                read.close().await;
                write.close().await;
            }
            Self::Postgres { pool } => pool.close().await,
        }
    }
}

/// Binds arguments in the order of `$1 … $n`.
#[macro_export]
macro_rules! args {
    ($($value:expr),* $(,)?) => {
        vec![$($crate::db::ToValue::to_value(&$value)),*]
    };
}
