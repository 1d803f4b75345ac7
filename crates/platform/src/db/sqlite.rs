//! The embedded database (嵌入式数据库): connections to one SQLite file, each lent to one transaction at a time.
//!
//! Statements run on the thread that asks for them. They take microseconds; handing each to another thread and its rows
//! back one by one costs more than they do (`docs/decisions/008-sqlite-on-the-asking-thread.md`).

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, ErrorCode, OpenFlags, Statement};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::StoreError;
use super::row::{Row, unknown};
use super::value::{Kind, Value};

/// How long a writer waits for another one, and anybody for a connection, before it gives up.
const BUSY_TIMEOUT: Duration = Duration::from_secs(20);
/// How long a writer sleeps before it asks again whether another process has done writing.
const PAUSE: Duration = Duration::from_millis(2);
/// Connections that read at once.
const READERS: u32 = 8;
/// Prepared statements that a connection keeps: a day close meets about two hundred texts.
const STATEMENTS: usize = 400;
/// What every connection is told when it is opened: a log that readers need not wait for, references that are checked,
/// 64 MiB of pages, order by and group by in memory.
const SETTINGS: &str = "pragma journal_mode = wal; pragma synchronous = normal; pragma foreign_keys = on;
pragma cache_size = -65536; pragma temp_store = memory;";

/// The connections to one file (连接池): one that writes, some that read.
#[derive(Debug, Clone)]
pub struct SqliteFile {
    path: PathBuf,
    write: Arc<Pool>,
    read: Arc<Pool>,
}

#[derive(Debug)]
struct Pool {
    path: PathBuf,
    size: u32,
    turns: Arc<Semaphore>,
    free: Mutex<Vec<Connection>>,
}

impl SqliteFile {
    /// Opens the file, and makes it where there is none.
    pub(super) fn open(path: &Path) -> Result<Self, StoreError> {
        let pool = |size: u32| {
            let turns = Arc::new(Semaphore::new(size as usize));
            Arc::new(Pool { path: path.to_owned(), size, turns, free: Mutex::new(Vec::new()) })
        };
        let file = Self { path: path.to_owned(), write: pool(1), read: pool(READERS) };
        let first = file.write.connect()?;
        file.write.give_back(first);
        Ok(file)
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// A writing transaction holds the lock from its beginning, so that it never fails half-way for having read first.
    pub(super) async fn begin(&self, to_write: bool) -> Result<Lent, StoreError> {
        let pool = if to_write { &self.write } else { &self.read };
        let mut lent = Pool::lend(pool).await?;
        if to_write {
            lent.lock().await?
        } else {
            lent.command("begin")?
        }
        Ok(lent)
    }

    pub(super) fn is_closed(&self) -> bool {
        self.write.turns.is_closed()
    }

    /// Waits for whoever still holds a connection; nobody gets a new one.
    pub(super) async fn close(&self) {
        for pool in [&self.read, &self.write] {
            // Whoever holds one may go on; the turns are closed as soon as all are back.
            let all = pool.turns.acquire_many(pool.size).await.ok();
            pool.turns.close();
            drop(all);
            pool.free().clear();
        }
    }
}

impl Pool {
    fn free(&self) -> std::sync::MutexGuard<'_, Vec<Connection>> {
        self.free.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn connect(&self) -> Result<Connection, StoreError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&self.path, flags)?;
        connection.busy_timeout(BUSY_TIMEOUT)?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS);
        connection.execute_batch(SETTINGS)?;
        Ok(connection)
    }

    async fn lend(pool: &Arc<Self>) -> Result<Lent, StoreError> {
        let turn = tokio::time::timeout(BUSY_TIMEOUT, Arc::clone(&pool.turns).acquire_owned()).await;
        let turn = turn.map_err(|_| StoreError::Busy)?.map_err(|_| StoreError::Closed)?;
        let free = pool.free().pop();
        let connection = match free {
            Some(connection) => connection,
            None => pool.connect()?,
        };
        Ok(Lent { connection: Some(Mutex::new(connection)), pool: Arc::clone(pool), _turn: turn })
    }

    fn give_back(&self, connection: Connection) {
        if !self.turns.is_closed() {
            self.free().push(connection);
        }
    }
}

/// A connection lent to a transaction. Whatever is still open when it comes back is rolled back.
#[derive(Debug)]
pub(super) struct Lent {
    /// Behind a lock that nobody ever waits for: it lets a transaction be looked at from several threads.
    connection: Option<Mutex<Connection>>,
    pool: Arc<Pool>,
    _turn: OwnedSemaphorePermit,
}

impl Lent {
    fn connection(&mut self) -> Result<&mut Connection, StoreError> {
        let connection = self.connection.as_mut().ok_or(StoreError::Closed)?;
        Ok(connection.get_mut().unwrap_or_else(PoisonError::into_inner))
    }

    /// Takes the lock of the file. Another process may hold it: the wait leaves the thread to others.
    async fn lock(&mut self) -> Result<(), StoreError> {
        let mut waited = Duration::ZERO;
        loop {
            let connection = self.connection()?;
            connection.busy_timeout(Duration::ZERO)?;
            let began = connection.prepare_cached("begin immediate").and_then(|mut begin| begin.raw_execute());
            connection.busy_timeout(BUSY_TIMEOUT)?;
            match began {
                Ok(_) => return Ok(()),
                Err(error) if is_busy(&error) && waited < BUSY_TIMEOUT => {
                    tokio::time::sleep(PAUSE).await;
                    waited += PAUSE;
                }
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// `begin` and `commit`.
    pub(super) fn command(&mut self, sql: &'static str) -> Result<(), StoreError> {
        self.connection()?.prepare_cached(sql)?.raw_execute()?;
        Ok(())
    }

    /// Runs a statement; the number of rows that it changed.
    pub(super) fn execute(&mut self, sql: &str, args: Vec<Value>) -> Result<u64, StoreError> {
        let connection = self.connection()?;
        let reads = {
            let mut statement = connection.prepare_cached(sql)?;
            bind(&mut statement, args)?;
            let mut rows = statement.raw_query();
            while rows.next()?.is_some() {}
            drop(rows);
            statement.readonly()
        };
        Ok(if reads { 0 } else { connection.changes() })
    }

    /// The rows of a query, at most so many.
    pub(super) fn rows(&mut self, sql: &str, args: Vec<Value>, most: usize) -> Result<Vec<Row>, StoreError> {
        let mut statement = self.connection()?.prepare_cached(sql)?;
        bind(&mut statement, args)?;
        let columns: Arc<[String]> = statement.column_names().into_iter().map(str::to_owned).collect();
        let mut found = Vec::new();
        let mut rows = statement.raw_query();
        while let Some(row) = rows.next()? {
            let mut values = Vec::with_capacity(columns.len());
            for (index, column) in columns.iter().enumerate() {
                values.push(read(row.get_ref(index)?, column)?);
            }
            found.push(Row::new(Arc::clone(&columns), values));
            if found.len() == most {
                break;
            }
        }
        Ok(found)
    }

    /// Several statements as one text.
    pub(super) fn script(&mut self, script: &str) -> Result<(), StoreError> {
        Ok(self.connection()?.execute_batch(script)?)
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        let Some(connection) = self.connection.take() else { return };
        let connection = connection.into_inner().unwrap_or_else(PoisonError::into_inner);
        // A full disk makes SQLite roll back by itself: then nothing is open.
        let clean = connection.is_autocommit()
            || connection.prepare_cached("rollback").and_then(|mut rollback| rollback.raw_execute()).is_ok();
        if clean {
            self.pool.give_back(connection);
        }
    }
}

fn is_busy(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked))
}

/// `$3` takes the third value wherever it stands, as on PostgreSQL; `?` takes them in order.
fn bind(statement: &mut Statement<'_>, args: Vec<Value>) -> Result<(), StoreError> {
    let wanted = statement.parameter_count();
    if wanted != args.len() {
        return Err(rusqlite::Error::InvalidParameterCount(args.len(), wanted).into());
    }
    let mut places: Vec<usize> = (1..=wanted).collect();
    for (at, place) in places.iter_mut().enumerate() {
        let Some(name) = statement.parameter_name(at + 1) else { break };
        *place = name.get(1..).and_then(|digits| digits.parse().ok()).unwrap_or(at + 1);
    }
    let mut args: Vec<Option<Value>> = args.into_iter().map(Some).collect();
    for (at, place) in places.into_iter().enumerate() {
        let value = args.get_mut(place.saturating_sub(1)).and_then(Option::take);
        let value = value.ok_or(rusqlite::Error::InvalidParameterCount(place, wanted))?;
        match value {
            Value::Null(_) => statement.raw_bind_parameter(at + 1, rusqlite::types::Null)?,
            Value::Int(number) => statement.raw_bind_parameter(at + 1, number)?,
            Value::Text(text) => statement.raw_bind_parameter(at + 1, text)?,
            Value::Bytes(bytes) => statement.raw_bind_parameter(at + 1, bytes)?,
        }
    }
    Ok(())
}

fn read(value: ValueRef<'_>, column: &str) -> Result<Value, StoreError> {
    Ok(match value {
        ValueRef::Null => Value::Null(Kind::Text),
        ValueRef::Integer(number) => Value::Int(number),
        ValueRef::Text(text) => match std::str::from_utf8(text) {
            Ok(text) => Value::Text(text.to_owned()),
            Err(_) => return Err(unknown(Some(column), "text that is not UTF-8")),
        },
        ValueRef::Blob(bytes) => Value::Bytes(bytes.to_vec()),
        ValueRef::Real(_) => return Err(unknown(Some(column), "REAL")),
    })
}
