//! The rows of table `setting` that are about the institution.

use super::Institution;
use crate::args;
use crate::db::{StoreError, Tx};

/// The row whose version counts the changes of all: it is there from the set-up on.
const COUNTS: &str = "institution.name";

/// What stands, and its version.
pub async fn load(tx: &mut Tx) -> Result<(Institution, i64), StoreError> {
    let sql = "select name, value, version from setting where name like 'institution.%' order by name limit 20";
    let mut texts: Vec<(String, String)> = Vec::new();
    let mut version = 0;
    for row in tx.fetch_all(sql, args![]).await? {
        let name: String = row.get("name")?;
        if name == COUNTS {
            version = row.get("version")?;
        }
        texts.push((name, row.get("value")?));
    }
    let text = |field: &'static str| {
        let name = format!("institution.{field}");
        texts.iter().find(|(given, _)| *given == name).map(|(_, value)| value.as_str())
    };
    Ok((Institution::read(text), version))
}

/// Writes it; stale when it was changed since `seen`.
pub(super) async fn write(tx: &mut Tx, seen: i64, it: &Institution) -> Result<(), StoreError> {
    let count = "update setting set version = version + 1 where name = $1 and version = $2";
    tx.execute_one(count, args![COUNTS, seen]).await?;
    for (field, value) in it.fields() {
        tx.execute(
            "insert into setting (name, value) values ($1, $2) on conflict (name) do update set value = excluded.value",
            args![format!("institution.{field}"), value],
        )
        .await?;
    }
    Ok(())
}
