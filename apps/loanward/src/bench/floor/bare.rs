//! The rows of a close read and written again by bare prepared statements.

use std::path::Path;

use platform::clock::Stopwatch;
use rusqlite::types::Value;
use rusqlite::{Connection, params, params_from_iter};

use super::super::meter;
use super::Floor;

/// Loans of one transaction, as the close has them.
const BATCH: usize = 400;
/// The tables whose rows a loan brings along, with the column of its key.
const READ: [(&str, &str); 4] =
    [("loan", "id"), ("loan_terms", "loan_id"), ("loan_transaction", "loan_id"), ("loan_position", "loan_id")];
/// The tables that other steps write, small beside the book: whatever rows of them are new or other.
const BESIDE: [&str; 9] = [
    "duty",
    "duty_member",
    "collection_case",
    "collection_case_event",
    "contact_requirement",
    "limitation_clock",
    "number_lookup",
    "event",
    "notice",
];

/// A loan's key.
type Key = (i64, i64);
/// Rows as the driver gives and takes them.
type Rows = Vec<Vec<Value>>;

/// The floor of the close that began `next`, of the book at `path`, on the copy from before.
pub(super) fn run(path: &Path, before: &Path, next: &str) -> rusqlite::Result<Floor> {
    let after = Connection::open(path)?;
    let old = Connection::open(before)?;
    old.execute_batch(
        "pragma journal_mode = wal; pragma synchronous = normal; pragma cache_size = -65536; pragma temp_store = memory;",
    )?;
    after.execute("attach $1 as before", params![before.display().to_string()])?;
    let sql = "select customer_id, loan_id from loan_position where as_of = $1 order by customer_id, loan_id";
    let mut touched = after.prepare(sql)?;
    let touched = touched.query_map(params![next], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let keys = touched.collect::<rusqlite::Result<Vec<Key>>>()?;
    let mut floor = Floor::default();
    for batch in keys.chunks(BATCH) {
        let loans = loans(&after, batch, next)?;
        timed(&mut floor, || write_loans(&old, batch, &loans, next))?;
    }
    for table in BESIDE {
        let rows = all(&after, &format!("select * from main.{table} except select * from before.{table}"), params![])?;
        let upsert = upsert(&after, table)?;
        timed(&mut floor, || {
            old.execute_batch("begin immediate")?;
            write(&old, &upsert, &rows)?;
            old.execute_batch("commit")
        })?;
    }
    Ok(floor)
}

fn timed(floor: &mut Floor, work: impl FnOnce() -> rusqlite::Result<()>) -> rusqlite::Result<()> {
    let (began, worked) = (Stopwatch::start(), meter::thread_time());
    work()?;
    floor.took += began.elapsed();
    floor.worked += meter::thread_time().saturating_sub(worked);
    Ok(())
}

/// What the close wrote of some loans, with the statements that write it.
struct Loans {
    position: (String, Rows),
    history: (String, Rows),
    rescheduled: Vec<Key>,
    instalments: (String, Rows),
}

fn loans(after: &Connection, keys: &[Key], next: &str) -> rusqlite::Result<Loans> {
    let mut position = (upsert(after, "loan_position")?, Rows::new());
    let mut history = (upsert(after, "loan_position_history")?, Rows::new());
    let mut instalments = (upsert(after, "loan_instalment")?, Rows::new());
    let mut rescheduled = Vec::new();
    for key in keys {
        let of = |sql: &str| all(after, sql, params![key.0, key.1]);
        position.1.extend(of("select * from main.loan_position where customer_id = $1 and loan_id = $2")?);
        let sql = "select * from main.loan_position_history where customer_id = $1 and loan_id = $2 and from_on = $3";
        history.1.extend(all(after, sql, params![key.0, key.1, next])?);
        let same = "select 1 from main.loan_position p join before.loan_position b using (customer_id, loan_id) \
             where p.customer_id = $1 and p.loan_id = $2 and p.fingerprint = b.fingerprint";
        if of(same)?.is_empty() {
            rescheduled.push(*key);
            instalments.1.extend(of("select * from main.loan_instalment where customer_id = $1 and loan_id = $2")?);
        }
    }
    Ok(Loans { position, history, rescheduled, instalments })
}

fn write_loans(old: &Connection, keys: &[Key], loans: &Loans, next: &str) -> rusqlite::Result<()> {
    old.execute_batch("begin immediate")?;
    for (table, column) in READ {
        let mut read =
            old.prepare_cached(&format!("select * from {table} where customer_id = $1 and {column} = $2"))?;
        let width = read.column_count();
        for key in keys {
            let mut rows = read.query(params![key.0, key.1])?;
            while let Some(row) = rows.next()? {
                for column in 0..width {
                    std::hint::black_box(row.get::<_, Value>(column)?);
                }
            }
        }
    }
    let mut end = old.prepare_cached(
        "update loan_position_history set to_on = $1 where customer_id = $2 and loan_id = $3 \
         and superseded_at is null and to_on is null and from_on < $1",
    )?;
    for key in keys {
        end.execute(params![next, key.0, key.1])?;
    }
    let mut clear = old.prepare_cached("delete from loan_instalment where customer_id = $1 and loan_id = $2")?;
    for key in &loans.rescheduled {
        clear.execute(params![key.0, key.1])?;
    }
    for (sql, rows) in [&loans.position, &loans.history, &loans.instalments] {
        write(old, sql, rows)?;
    }
    old.execute_batch("commit")
}

fn write(old: &Connection, sql: &str, rows: &Rows) -> rusqlite::Result<()> {
    let mut write = old.prepare_cached(sql)?;
    for row in rows {
        write.execute(params_from_iter(row))?;
    }
    Ok(())
}

fn all(of: &Connection, sql: &str, params: impl rusqlite::Params) -> rusqlite::Result<Rows> {
    let mut read = of.prepare_cached(sql)?;
    let width = read.column_count();
    let rows = read.query_map(params, |row| (0..width).map(|column| row.get(column)).collect())?;
    rows.collect()
}

/// A row is written over the one that stands under its key.
fn upsert(of: &Connection, table: &str) -> rusqlite::Result<String> {
    let mut read = of.prepare_cached("select name, pk from pragma_table_info($1)")?;
    let columns = read.query_map(params![table], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let columns = columns.collect::<rusqlite::Result<Vec<(String, i64)>>>()?;
    let names: Vec<&str> = columns.iter().map(|column| column.0.as_str()).collect();
    let key: Vec<&str> = columns.iter().filter(|column| column.1 > 0).map(|column| column.0.as_str()).collect();
    let others = columns.iter().filter(|column| column.1 == 0);
    let set: Vec<String> = others.map(|column| format!("{0} = excluded.{0}", column.0)).collect();
    let places = (1..=names.len()).map(|place| format!("${place}")).collect::<Vec<_>>().join(", ");
    let (names, key, set) = (names.join(", "), key.join(", "), set.join(", "));
    Ok(format!("insert into {table} ({names}) values ({places}) on conflict ({key}) do update set {set}"))
}
