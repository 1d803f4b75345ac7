//! A transaction on either database, and the bulk statements.

use std::fmt::Write as _;
use std::pin::Pin;

use sqlx::postgres::PgArguments;
use sqlx::query::Query;
use sqlx::{AssertSqlSafe, Postgres, SqlSafeStr, SqlStr};
use tokio::task::coop::consume_budget;

use super::StoreError;
use super::row::Row;
use super::sqlite::Lent;
use super::value::{Kind, Value};

/// Parameters that one statement may carry (SQLite 32,766; PostgreSQL 65,535).
const MAX_PARAMETERS: usize = 30_000;
/// Rows of one bulk statement at most: large enough to amortise the hand-over, small enough to be cached.
/// Fewer rows are written by powers of two, so that the driver meets few texts and keeps them prepared.
const BULK_ROWS: usize = 512;

/// What the database will have answered.
pub(super) type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>>;

/// A transaction. Dropped without [`Tx::commit`], it is rolled back.
#[derive(Debug)]
pub struct Tx {
    inner: Inner,
}

#[derive(Debug)]
enum Inner {
    Sqlite(Lent),
    Postgres(sqlx::Transaction<'static, Postgres>),
}

impl Tx {
    pub(super) fn sqlite(lent: Lent) -> Self {
        Self { inner: Inner::Sqlite(lent) }
    }

    pub(super) fn postgres(tx: sqlx::Transaction<'static, Postgres>) -> Self {
        Self { inner: Inner::Postgres(tx) }
    }

    /// True on PostgreSQL.
    pub fn is_postgres(&self) -> bool {
        matches!(self.inner, Inner::Postgres(_))
    }

    /// Runs a statement; the number of rows that it changed.
    pub async fn execute(&mut self, sql: impl SqlSafeStr, args: Vec<Value>) -> Result<u64, StoreError> {
        self.run(sql.into_sql_str(), args).await
    }

    /// Runs a statement that must change exactly one row.
    ///
    /// Errors: [`StoreError::Stale`] otherwise: somebody else changed it meanwhile.
    pub async fn execute_one(&mut self, sql: impl SqlSafeStr, args: Vec<Value>) -> Result<(), StoreError> {
        match self.execute(sql, args).await? {
            1 => Ok(()),
            changed => Err(StoreError::Stale { changed }),
        }
    }

    /// All rows of a query. Every query carries its own limit.
    pub async fn fetch_all(&mut self, sql: impl SqlSafeStr, args: Vec<Value>) -> Result<Vec<Row>, StoreError> {
        self.rows(sql.into_sql_str(), args).await
    }

    /// The first row, if there is one.
    pub async fn fetch_optional(&mut self, sql: impl SqlSafeStr, args: Vec<Value>) -> Result<Option<Row>, StoreError> {
        self.row(sql.into_sql_str(), args).await
    }

    /// The one row of a query that always has one (an aggregate, a row known to exist).
    pub async fn fetch_one(&mut self, sql: impl SqlSafeStr, args: Vec<Value>) -> Result<Row, StoreError> {
        self.fetch_optional(sql, args).await?.ok_or(StoreError::NoRow)
    }

    /// Runs several statements given as one text (migrations only).
    pub async fn execute_script(&mut self, script: &'static str) -> Result<(), StoreError> {
        match &mut self.inner {
            Inner::Sqlite(lent) => lent.script(script)?,
            Inner::Postgres(tx) => sqlx::raw_sql(script).execute(&mut **tx).await.map(drop)?,
        }
        Ok(())
    }

    /// Writes many rows with few statements: `head` is `insert into t (a, b)`, `tail` is empty or
    /// `on conflict (…) do update set a = excluded.a`. All rows have the same number of values.
    ///
    /// Never row by row: each statement costs a hand-over, 500 rows cost one.
    pub async fn write_rows(
        &mut self,
        head: &'static str,
        tail: &'static str,
        rows: Vec<Vec<Value>>,
    ) -> Result<u64, StoreError> {
        self.write_rows_into(head, tail, rows).await
    }

    /// The same where table and fields are put together of constants.
    pub(crate) async fn write_rows_into(
        &mut self,
        head: &str,
        tail: &str,
        rows: Vec<Vec<Value>>,
    ) -> Result<u64, StoreError> {
        let Some(width) = rows.first().map(Vec::len) else { return Ok(0) };
        let per_statement = BULK_ROWS.min(MAX_PARAMETERS / width.max(1)).max(1);
        let mut changed = 0;
        let mut rows = rows.into_iter();
        while rows.len() > 0 {
            let size = per_statement.min(1 << rows.len().ilog2());
            let chunk: Vec<Vec<Value>> = rows.by_ref().take(size).collect();
            let sql = values_sql(head, tail, chunk.len(), width, self.is_postgres());
            // The text is made of the two constant parts and placeholders only.
            changed += self.execute(AssertSqlSafe(sql), chunk.into_iter().flatten().collect()).await?;
        }
        Ok(changed)
    }

    /// Makes all of it true at once.
    pub async fn commit(self) -> Result<(), StoreError> {
        self.end(true).await
    }

    /// Undoes all of it.
    pub async fn rollback(self) -> Result<(), StoreError> {
        self.end(false).await
    }
}

/// The calls of the driver, each behind a box: a future that is not boxed is compiled again, with all of the driver's
/// beneath it, in every crate that awaits it. SQLite answers at once; now and then its caller lets others go first.
impl Tx {
    fn run(&mut self, sql: SqlStr, args: Vec<Value>) -> Answer<'_, u64> {
        Box::pin(async move {
            match &mut self.inner {
                Inner::Sqlite(lent) => {
                    consume_budget().await;
                    lent.execute(sql.as_str(), args)
                }
                Inner::Postgres(tx) => Ok(bind(sqlx::query(sql), args).execute(&mut **tx).await?.rows_affected()),
            }
        })
    }

    fn rows(&mut self, sql: SqlStr, args: Vec<Value>) -> Answer<'_, Vec<Row>> {
        Box::pin(async move {
            match &mut self.inner {
                Inner::Sqlite(lent) => {
                    consume_budget().await;
                    lent.rows(sql.as_str(), args, usize::MAX)
                }
                Inner::Postgres(tx) => Row::from_postgres(&bind(sqlx::query(sql), args).fetch_all(&mut **tx).await?),
            }
        })
    }

    fn row(&mut self, sql: SqlStr, args: Vec<Value>) -> Answer<'_, Option<Row>> {
        Box::pin(async move {
            let rows = match &mut self.inner {
                Inner::Sqlite(lent) => {
                    consume_budget().await;
                    lent.rows(sql.as_str(), args, 1)?
                }
                Inner::Postgres(tx) => {
                    let row = bind(sqlx::query(sql), args).fetch_optional(&mut **tx).await?;
                    Row::from_postgres(row.as_slice())?
                }
            };
            Ok(rows.into_iter().next())
        })
    }

    fn end(self, keep: bool) -> Answer<'static, ()> {
        Box::pin(async move {
            match (self.inner, keep) {
                (Inner::Sqlite(mut lent), true) => lent.command("commit")?,
                // What is given back is rolled back, where SQLite has not done so already.
                (Inner::Sqlite(lent), false) => drop(lent),
                (Inner::Postgres(tx), true) => tx.commit().await?,
                (Inner::Postgres(tx), false) => tx.rollback().await?,
            }
            Ok(())
        })
    }
}

/// SQLite takes plain `?`: it looks a named parameter up among all others, which is the square of their number.
fn values_sql(head: &str, tail: &str, rows: usize, width: usize, numbered: bool) -> String {
    let mut sql = String::with_capacity(head.len() + tail.len() + rows * width * 7 + 16);
    sql.push_str(head);
    sql.push_str(" values ");
    let mut n = 0;
    for row in 0..rows {
        sql.push_str(if row == 0 { "(" } else { ",(" });
        for column in 0..width {
            n += 1;
            let comma = if column == 0 { "" } else { "," };
            // Writing to a String cannot fail.
            let _ = if numbered { write!(sql, "{comma}${n}") } else { write!(sql, "{comma}?") };
        }
        sql.push(')');
    }
    sql.push(' ');
    sql.push_str(tail);
    sql
}

fn bind(mut query: Query<'_, Postgres, PgArguments>, args: Vec<Value>) -> Query<'_, Postgres, PgArguments> {
    for value in args {
        query = match value {
            Value::Null(Kind::Int) => query.bind(None::<i64>),
            Value::Null(Kind::Text) => query.bind(None::<String>),
            Value::Null(Kind::Bytes) => query.bind(None::<Vec<u8>>),
            Value::Int(i) => query.bind(i),
            Value::Text(t) => query.bind(t),
            Value::Bytes(b) => query.bind(b),
        };
    }
    query
}
