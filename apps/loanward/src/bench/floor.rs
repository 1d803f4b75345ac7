//! The floor of a close (下限): the rows that it read and wrote, read and written again on a copy of the book from
//! before, by the program's own driver in transactions as large, without any logic and without its trail.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::civil::Date;
use platform::app::App;
use platform::args;
use platform::clock::Stopwatch;
use platform::db::{AssertSqlSafe, DatabaseUrl, Db, Row, Tx, Value};

use crate::failure::Failure;

/// Loans of one transaction, as the close has them.
const BATCH: usize = 400;
/// The tables whose rows a loan brings along, with the column of its key.
const READ: [(&str, &str); 4] =
    [("loan", "id"), ("loan_terms", "loan_id"), ("loan_transaction", "loan_id"), ("loan_position", "loan_id")];

/// Keeps the book as it stands, for the floor.
pub async fn keep(app: &App, folder: &Path) -> Result<(), Failure> {
    let Db::Sqlite { path, .. } = &app.db else {
        return Err(Failure::Input("the floor is measured on SQLite".to_owned()));
    };
    // Everything that the log holds goes into the file, and nobody writes meanwhile.
    let mut tx = app.db.read().await?;
    tx.fetch_all("pragma wal_checkpoint(truncate)", args![]).await.ok();
    drop(tx);
    for (from, to) in [(path.clone(), before(folder)), (beside(path, "-wal"), beside(&before(folder), "-wal"))] {
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

/// A loan's key.
type Key = (i64, i64);

/// What a close wrote (写入行), by table.
#[derive(Default)]
struct Written {
    keys: Vec<Key>,
    positions: Vec<Vec<Value>>,
    history: BTreeMap<Key, Vec<Vec<Value>>>,
    instalments: BTreeMap<Key, Vec<Vec<Value>>>,
    duties: Vec<Vec<Value>>,
    members: Vec<Vec<Value>>,
}

/// How long it takes to read and write what the close of this day did.
pub async fn measure(app: &App, folder: &Path, day: Date) -> Result<Duration, Failure> {
    let next = day.tomorrow().map_err(Failure::machine)?;
    let old = Db::open(&DatabaseUrl::Sqlite(before(folder))).await?;
    let written = written(&app.db, &old, next).await?;
    let began = Stopwatch::start();
    run(&old, &written, next).await?;
    let took = began.elapsed();
    old.close().await;
    Ok(took)
}

async fn written(new: &Db, old: &Db, next: Date) -> Result<Written, Failure> {
    let (mut new, mut old) = (new.read().await?, old.read().await?);
    let mut all = Written::default();
    let sql = "select * from loan_position where as_of = $1 order by customer_id, loan_id";
    let positions = new.fetch_all(sql, args![next]).await?;
    for rows in positions.chunks(BATCH) {
        let keys = rows.iter().map(key_of).collect::<Result<Vec<_>, _>>()?;
        let prints = |rows: &[Row]| -> Result<BTreeMap<Key, String>, Failure> {
            rows.iter().map(|row| Ok((key_of(row)?, row.get("fingerprint")?))).collect()
        };
        let (now, then) = (prints(rows)?, prints(&of_loans(&mut old, "loan_position", "loan_id", &keys).await?)?);
        let changed: Vec<Key> = keys.iter().copied().filter(|key| now.get(key) != then.get(key)).collect();
        for row in of_loans(&mut new, "loan_instalment", "loan_id", &changed).await? {
            all.instalments.entry(key_of(&row)?).or_default().push(row.values().to_vec());
        }
        for row in of_loans(&mut new, "loan_position_history", "loan_id", &keys).await? {
            if row.get::<Date>("from_on")? == next {
                all.history.entry(key_of(&row)?).or_default().push(row.values().to_vec());
            }
        }
        all.positions.extend(rows.iter().map(|row| row.values().to_vec()));
        all.keys.extend(keys);
    }
    // The book had no duties before.
    for row in new.fetch_all("select * from duty", args![]).await? {
        all.duties.push(row.values().to_vec());
    }
    for row in new.fetch_all("select * from duty_member", args![]).await? {
        all.members.push(row.values().to_vec());
    }
    Ok(all)
}

fn key_of(row: &Row) -> Result<Key, Failure> {
    Ok((row.get("customer_id")?, row.get("loan_id")?))
}

/// `values (1,2),(3,4)`: made of integers only.
fn pairs(keys: &[Key]) -> String {
    let list: Vec<String> = keys.iter().map(|(customer, loan)| format!("({customer},{loan})")).collect();
    format!("values {}", list.join(","))
}

async fn of_loans(tx: &mut Tx, table: &str, column: &str, keys: &[Key]) -> Result<Vec<Row>, Failure> {
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!("select * from {table} where (customer_id, {column}) in ({})", pairs(keys));
    Ok(tx.fetch_all(AssertSqlSafe(sql), args![]).await?)
}

async fn run(book: &Db, all: &Written, next: Date) -> Result<(), Failure> {
    for (batch, positions) in all.keys.chunks(BATCH).zip(all.positions.chunks(BATCH)) {
        let mut tx = book.write().await?;
        for (table, column) in READ {
            of_loans(&mut tx, table, column, batch).await?;
        }
        tx.write_rows("insert or replace into loan_position", "", positions.to_vec()).await?;
        let ended = format!(
            "update loan_position_history set to_on = $1 where superseded_at is null and to_on is null and from_on < $1 \
             and (customer_id, loan_id) in ({})",
            pairs(batch)
        );
        tx.execute(AssertSqlSafe(ended), args![next]).await?;
        let rows = |of: &BTreeMap<Key, Vec<Vec<Value>>>| -> Vec<Vec<Value>> {
            batch.iter().filter_map(|key| of.get(key)).flatten().cloned().collect()
        };
        tx.write_rows("insert or replace into loan_position_history", "", rows(&all.history)).await?;
        let changed: Vec<Key> = batch.iter().copied().filter(|key| all.instalments.contains_key(key)).collect();
        if !changed.is_empty() {
            let sql = format!("delete from loan_instalment where (customer_id, loan_id) in ({})", pairs(&changed));
            tx.execute(AssertSqlSafe(sql), args![]).await?;
            tx.write_rows("insert into loan_instalment", "", rows(&all.instalments)).await?;
        }
        tx.commit().await?;
    }
    let mut tx = book.write().await?;
    tx.write_rows("insert or replace into duty", "", all.duties.clone()).await?;
    tx.write_rows("insert or replace into duty_member", "", all.members.clone()).await?;
    tx.commit().await?;
    Ok(())
}
