//! The database (数据库): one SQL text for an embedded SQLite file and for PostgreSQL.
//!
//! Two pools in one enum. A [`Tx`] is a transaction on either; a [`Row`] is decoded strictly into
//! domain types, and a value that does not fit is [`StoreError::Corrupt`] with its column, never a guess.
//! Texts use `$1 … $n`, each in the order of first use, so that every driver numbers them alike.

mod conditions;
mod migrate;
mod row;
mod sqlite;
mod tx;
mod value;

use std::path::PathBuf;
use std::str::FromStr;

use sqlx::PgPool;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use tx::Answer;

pub use conditions::Conditions;
pub use migrate::{MigrateError, Migration, migrate};
pub use row::Row;
pub use sqlite::SqliteFile;
pub use sqlx::AssertSqlSafe;
pub use tx::Tx;
pub use value::{FromValue, Kind, ToValue, Value};

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
    /// The driver of PostgreSQL or its server refused.
    #[error("database: {0}")]
    Driver(#[from] sqlx::Error),
    /// SQLite refused.
    #[error("database: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// Others used all connections for too long.
    #[error("database: no connection became free")]
    Busy,
    /// The database was closed.
    #[error("database: it is closed")]
    Closed,
    /// A query that always has a row had none.
    #[error("database: a row that must be there is missing")]
    NoRow,
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

/// What SQLite calls a broken rule of the schema: of uniqueness (of a key, an index, a row's number) …
const UNIQUE: [i32; 3] = [1555, 2067, 2579];
/// … a check, a value that must be there, a reference, the same found by a trigger.
const CONSTRAINTS: [i32; 4] = [275, 1299, 787, 1811];
/// Busy, locked by another one, its picture outdated.
const BUSY: [i32; 4] = [5, 6, 261, 517];
/// Full, a write that was refused, its index of the log that cannot grow.
const FULL: [i32; 3] = [13, 778, 4874];

impl StoreError {
    /// Whether SQLite said one of these.
    fn is_sqlite(&self, codes: &[i32]) -> bool {
        match self {
            Self::Sqlite(error) => error.sqlite_error().is_some_and(|said| codes.contains(&said.extended_code)),
            _ => false,
        }
    }

    /// What PostgreSQL's server said.
    fn server(&self) -> Option<&dyn sqlx::error::DatabaseError> {
        match self {
            Self::Driver(sqlx::Error::Database(said)) => Some(&**said),
            _ => None,
        }
    }

    /// True when a uniqueness rule of the schema refused the row.
    pub fn is_unique_violation(&self) -> bool {
        self.is_sqlite(&UNIQUE) || self.server().is_some_and(|said| said.is_unique_violation())
    }

    /// True when any rule of the schema refused the row: uniqueness, a check, a reference, a value that must be there.
    pub fn is_constraint_violation(&self) -> bool {
        let by_server = |said: &dyn sqlx::error::DatabaseError| {
            said.is_check_violation()
                || said.is_foreign_key_violation()
                || matches!(said.kind(), sqlx::error::ErrorKind::NotNullViolation)
        };
        self.is_unique_violation() || self.is_sqlite(&CONSTRAINTS) || self.server().is_some_and(by_server)
    }

    /// True when the database is busy or cannot be reached: trying again may help.
    pub fn is_unavailable(&self) -> bool {
        // Shut down, starting, no connection left; and given up for the sake of another one that is under way.
        let away = |said: &dyn sqlx::error::DatabaseError| {
            matches!(said.code().as_deref(), Some("57P01" | "57P03" | "53300" | "40001" | "40P01"))
        };
        matches!(self, Self::Busy | Self::Driver(sqlx::Error::PoolTimedOut | sqlx::Error::Io(_)))
            || self.is_sqlite(&BUSY)
            || self.server().is_some_and(away)
    }

    /// True when there is no room left where the database lies: nothing of the transaction was kept.
    pub fn is_full(&self) -> bool {
        self.is_sqlite(&FULL) || self.server().is_some_and(|said| said.code().as_deref() == Some("53100"))
    }
}

/// A handle on the database: cheap to clone.
#[derive(Debug, Clone)]
pub enum Db {
    /// SQLite: one writer, many readers, write-ahead log.
    Sqlite(SqliteFile),
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
            DatabaseUrl::Sqlite(path) => Ok(Self::Sqlite(SqliteFile::open(path)?)),
            DatabaseUrl::Postgres(url) => {
                let options = PgConnectOptions::from_str(url)?;
                let pool = PgPoolOptions::new().max_connections(24).connect_with(options).await?;
                Ok(Self::Postgres { pool })
            }
        }
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
                (Self::Sqlite(file), to_write) => Tx::sqlite(file.begin(to_write).await?),
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
            Self::Sqlite(file) => file.is_closed(),
            Self::Postgres { pool } => pool.is_closed(),
        }
    }

    /// Closes all connections.
    pub async fn close(&self) {
        match self {
            Self::Sqlite(file) => file.close().await,
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
