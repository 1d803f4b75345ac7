//! Tables as the database itself describes them (表结构), read and written without knowing their meaning.

use std::collections::BTreeMap;

use serde_json::Value as Json;
use sha2::{Digest as _, Sha256};

use super::{BackupError, TableTotals};
use crate::args;
use crate::db::{AssertSqlSafe, Kind, StoreError, Tx, Value};
use crate::hex::hex;

/// Rows read at a time.
const READ_ROWS: i64 = 2_000;
/// Pieces of files are large: so many of them take no more room than the rows of other tables.
const READ_PIECES: i64 = 16;
/// Parameters and rows of one insert.
const PARAMETERS: usize = 30_000;
const WRITE_ROWS: usize = 500;
/// Tables that hold nothing of the book: who is logged in here and the forms they lost, who closes at this moment,
/// which processes run, the schema's own record.
const LEFT_OUT: [&str; 6] = ["session", "login_step", "kept_form", "close_lease", "server_node", "schema_migration"];

/// One table (表).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Table {
    pub(super) name: String,
    pub(super) columns: Vec<(String, Kind)>,
    /// The columns of the primary key, in order, by place.
    key: Vec<usize>,
    postgres: bool,
}

/// All tables that belong to a backup, by name.
pub(super) async fn all(tx: &mut Tx) -> Result<Vec<Table>, StoreError> {
    let names = if tx.is_postgres() {
        "select cast(table_name as text) as name from information_schema.tables \
         where table_schema = current_schema() and table_type = 'BASE TABLE'"
    } else {
        "select name from sqlite_master where type = 'table' and substr(name, 1, 7) <> 'sqlite_'"
    };
    let mut names: Vec<String> =
        tx.fetch_all(names, args![]).await?.iter().map(|row| row.get("name")).collect::<Result<_, _>>()?;
    names.retain(|name| !LEFT_OUT.contains(&name.as_str()));
    names.sort();
    let mut tables = Vec::new();
    for name in names {
        tables.push(describe(tx, name).await?);
    }
    Ok(tables)
}

async fn describe(tx: &mut Tx, name: String) -> Result<Table, StoreError> {
    let postgres = tx.is_postgres();
    let sql = if postgres {
        "select cast(a.attname as text) as name, \
         cast(coalesce(base.typname, t.typname) as text) as type, \
         cast(coalesce(array_position(cast(i.indkey as smallint[]), a.attnum), -1) as bigint) as place \
         from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_type t on t.oid = a.atttypid \
         left join pg_type base on base.oid = nullif(t.typbasetype, 0) \
         left join pg_index i on i.indrelid = c.oid and i.indisprimary \
         where c.relname = $1 and c.relnamespace = cast(current_schema() as regnamespace) \
         and a.attnum > 0 and not a.attisdropped order by a.attnum"
    } else {
        "select name, lower(type) as type, pk - 1 as place from pragma_table_info($1) order by cid"
    };
    let (mut columns, mut key) = (Vec::new(), Vec::new());
    for (number, row) in tx.fetch_all(sql, args![name]).await?.iter().enumerate() {
        let kind = match row.get::<String>("type")?.as_str() {
            "bigint" | "int8" | "integer" | "int4" => Kind::Int,
            "bytea" | "blob" => Kind::Bytes,
            _ => Kind::Text,
        };
        columns.push((row.get("name")?, kind));
        let place: i64 = row.get("place")?;
        if place >= 0 {
            key.push((place, number));
        }
    }
    key.sort_unstable();
    let key = key.into_iter().map(|(_, number)| number).collect();
    Ok(Table { name, columns, key, postgres })
}

impl Table {
    fn list(&self) -> String {
        self.columns.iter().map(|(name, _)| format!("\"{name}\"")).collect::<Vec<_>>().join(", ")
    }

    /// The key's columns, each compared byte by byte.
    fn ordered(&self) -> Vec<String> {
        let ordered = |place: &usize| {
            let (name, kind) = &self.columns[*place];
            let collate = if self.postgres && *kind == Kind::Text { " collate \"C\"" } else { "" };
            format!("\"{name}\"{collate}")
        };
        self.key.iter().map(ordered).collect()
    }

    /// The rows behind a key, in the order of their keys. All names come from the database's own description.
    pub(super) async fn read_after(&self, tx: &mut Tx, after: Option<&[Value]>) -> Result<Vec<Vec<Value>>, StoreError> {
        let order = self.ordered();
        let mut values: Vec<Value> = after.map(<[Value]>::to_vec).unwrap_or_default();
        let places: Vec<String> = (1..=values.len()).map(|n| format!("${n}")).collect();
        let beyond = match after {
            Some(_) => format!(" where ({}) > ({})", order.join(", "), places.join(", ")),
            None => String::new(),
        };
        let (list, name, order) = (self.list(), &self.name, order.join(", "));
        let limit = values.len() + 1;
        values.push(Value::Int(self.rows_at_once()));
        let sql = format!("select {list} from \"{name}\"{beyond} order by {order} limit ${limit}");
        Ok(tx.fetch_all(AssertSqlSafe(sql), values).await?.iter().map(|row| row.values().to_vec()).collect())
    }

    /// The key of a row.
    pub(super) fn key_of(&self, row: &[Value]) -> Vec<Value> {
        self.key.iter().filter_map(|place| row.get(*place).cloned()).collect()
    }

    fn rows_at_once(&self) -> i64 {
        if self.name.ends_with("_piece") { READ_PIECES } else { READ_ROWS }
    }

    /// Whether rows were cut off by the limit.
    pub(super) fn is_full(&self, rows: usize) -> bool {
        i64::try_from(rows).is_ok_and(|rows| rows == self.rows_at_once())
    }

    /// Whether a row stands in it.
    pub(super) async fn has_rows(&self, tx: &mut Tx) -> Result<bool, StoreError> {
        let sql = format!("select cast(1 as bigint) as one from \"{}\" limit 1", self.name);
        Ok(tx.fetch_optional(AssertSqlSafe(sql), args![]).await?.is_some())
    }

    /// Writes rows as they are.
    pub(super) async fn write(&self, tx: &mut Tx, rows: Vec<Vec<Value>>) -> Result<(), StoreError> {
        let width = self.columns.len().max(1);
        let at_once = WRITE_ROWS.min(PARAMETERS / width).max(1);
        let mut rows = rows.into_iter().peekable();
        while rows.peek().is_some() {
            let chunk: Vec<Vec<Value>> = rows.by_ref().take(at_once).collect();
            let lines: Vec<String> = (0..chunk.len())
                .map(|row| {
                    let places: Vec<String> = (1..=width).map(|n| format!("${}", row * width + n)).collect();
                    format!("({})", places.join(","))
                })
                .collect();
            let sql = format!("insert into \"{}\" ({}) values {}", self.name, self.list(), lines.join(","));
            tx.execute(AssertSqlSafe(sql), chunk.into_iter().flatten().collect()).await?;
        }
        Ok(())
    }

    /// A row as a line of the file.
    pub(super) fn line(row: &[Value]) -> String {
        let cell = |value: &Value| match value {
            Value::Null(_) => Json::Null,
            Value::Int(number) => Json::from(*number),
            Value::Text(text) => Json::from(text.as_str()),
            Value::Bytes(bytes) => serde_json::json!({"hex": hex(bytes)}),
        };
        Json::Array(row.iter().map(cell).collect()).to_string()
    }

    /// A line of the file as a row of this table.
    pub(super) fn row(&self, cells: Vec<Json>) -> Result<Vec<Value>, BackupError> {
        let other = || BackupError::OtherColumns { table: self.name.clone() };
        if cells.len() != self.columns.len() {
            return Err(other());
        }
        cells
            .into_iter()
            .zip(&self.columns)
            .map(|(cell, (_, kind))| match cell {
                Json::Null => Ok(Value::Null(*kind)),
                Json::Number(number) => number.as_i64().map(Value::Int).ok_or_else(other),
                Json::String(text) => Ok(Value::Text(text)),
                Json::Object(fields) => {
                    let bytes = fields.get("hex").and_then(Json::as_str).and_then(unhex);
                    bytes.map(Value::Bytes).ok_or_else(other)
                }
                Json::Bool(_) | Json::Array(_) => Err(other()),
            })
            .collect()
    }
}

/// Adds up one table while it passes (表合计).
pub(super) struct Tally {
    money: Vec<(usize, String, i128)>,
    rows: u64,
    digest: Sha256,
}

impl Tally {
    pub(super) fn of(table: &Table) -> Self {
        let money = table.columns.iter().enumerate();
        let money = money.filter(|(_, (name, kind))| name.ends_with("_fen") && *kind == Kind::Int);
        Self {
            money: money.map(|(place, (name, _))| (place, name.clone(), 0)).collect(),
            rows: 0,
            digest: Sha256::new(),
        }
    }

    pub(super) fn add(&mut self, row: &[Value], line: &str) {
        self.rows += 1;
        self.digest.update(line.as_bytes());
        self.digest.update(b"\n");
        for (place, _, sum) in &mut self.money {
            if let Some(Value::Int(fen)) = row.get(*place) {
                // 2^63 rows of the largest amount stay below the limit of 128 bits.
                *sum += i128::from(*fen);
            }
        }
    }

    pub(super) fn end(self) -> TableTotals {
        let fen: BTreeMap<String, String> =
            self.money.into_iter().map(|(_, name, sum)| (name, sum.to_string())).collect();
        TableTotals { rows: self.rows, fen, digest: hex(&self.digest.finalize()) }
    }
}

/// Reads a table through and adds it up.
pub(super) async fn total(tx: &mut Tx, table: &Table) -> Result<TableTotals, StoreError> {
    let mut tally = Tally::of(table);
    let mut after: Option<Vec<Value>> = None;
    loop {
        let rows = table.read_after(tx, after.as_deref()).await?;
        rows.iter().for_each(|row| tally.add(row, &Table::line(row)));
        after = rows.last().map(|row| table.key_of(row));
        if !table.is_full(rows.len()) {
            return Ok(tally.end());
        }
    }
}

pub(super) fn unhex(text: &str) -> Option<Vec<u8>> {
    if !text.is_ascii() || !text.len().is_multiple_of(2) {
        return None;
    }
    (0..text.len() / 2).map(|n| u8::from_str_radix(&text[n * 2..n * 2 + 2], 16).ok()).collect()
}
