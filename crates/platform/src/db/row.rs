//! A row read from either database.

use std::sync::Arc;

use sqlx::postgres::PgRow;
use sqlx::{Column as _, Row as _, TypeInfo as _, ValueRef as _};

use super::StoreError;
use super::value::{FromValue, Kind, Value};

/// One row: values by column name.
#[derive(Debug, Clone)]
pub struct Row {
    columns: Arc<[String]>,
    values: Vec<Value>,
}

impl Row {
    /// The column, parsed into the domain type.
    ///
    /// Errors: [`StoreError::Corrupt`] when the column is missing or holds something else.
    pub fn get<T: FromValue>(&self, column: &str) -> Result<T, StoreError> {
        let corrupt = |found: String| StoreError::Corrupt { column: column.to_owned(), expected: T::EXPECTED, found };
        let index =
            self.columns.iter().position(|c| c == column).ok_or_else(|| corrupt("no such column".to_owned()))?;
        let value = self.values.get(index).ok_or_else(|| corrupt("no value".to_owned()))?;
        T::from_value(value).ok_or_else(|| corrupt(value.describe()))
    }

    /// The columns' names in order.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// The values in order.
    pub fn values(&self) -> &[Value] {
        &self.values
    }

    pub(super) fn new(columns: Arc<[String]>, values: Vec<Value>) -> Self {
        Self { columns, values }
    }

    pub(super) fn from_postgres(rows: &[PgRow]) -> Result<Vec<Row>, StoreError> {
        let Some(first) = rows.first() else { return Ok(Vec::new()) };
        let columns: Arc<[String]> = first.columns().iter().map(|c| c.name().to_owned()).collect();
        rows.iter()
            .map(|row| {
                let values = (0..columns.len()).map(|i| postgres_value(row, i)).collect::<Result<_, _>>()?;
                Ok(Row { columns: Arc::clone(&columns), values })
            })
            .collect()
    }
}

fn postgres_value(row: &PgRow, index: usize) -> Result<Value, StoreError> {
    let raw = row.try_get_raw(index)?;
    let type_info = raw.type_info();
    let name = type_info.name().to_owned();
    if raw.is_null() {
        return Ok(Value::Null(Kind::Text));
    }
    match name.as_str() {
        "INT8" => Ok(Value::Int(row.try_get_unchecked(index)?)),
        "INT4" => Ok(Value::Int(i64::from(row.try_get_unchecked::<i32, _>(index)?))),
        "TEXT" | "VARCHAR" | "NAME" | "UNKNOWN" => Ok(Value::Text(row.try_get_unchecked(index)?)),
        "BYTEA" => Ok(Value::Bytes(row.try_get_unchecked(index)?)),
        other => Err(unknown(row.columns().get(index).map(|c| c.name()), other)),
    }
}

pub(super) fn unknown(column: Option<&str>, type_name: &str) -> StoreError {
    StoreError::Corrupt {
        column: column.unwrap_or("?").to_owned(),
        expected: "integer, text or bytes (cast sums to bigint)",
        found: format!("a {type_name}"),
    }
}
