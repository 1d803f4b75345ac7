//! Migrations: one SQL text a step for both databases, one runner, one table.
//!
//! Types in the texts: `bigint` (ids, money, counts, 0/1 flags), `text`, `bytea`, and the names
//! `key_text`, `date_text`, `moment_text` for texts that are compared byte by byte. SQLite reads
//! these names as text; on PostgreSQL they are domains over `text collate "C"`, so that order and
//! range on dates and keys are the same everywhere.

use sha2::{Digest as _, Sha256};

use super::tx::Tx;
use super::{Db, StoreError};
use crate::args;

/// One step of a capability's schema.
#[derive(Debug, Clone, Copy)]
pub struct Migration {
    /// Counts from 1 within the capability.
    pub version: u32,
    /// What it does, in a few words.
    pub name: &'static str,
    /// The statements.
    pub sql: &'static str,
}

impl Migration {
    /// The SHA-256 of its text, in hexadecimal: what the database keeps of an applied step.
    #[must_use]
    pub fn checksum(&self) -> String {
        crate::hex::hex(&Sha256::digest(self.sql.as_bytes()))
    }
}

/// Why the schema could not be brought up to date.
#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    /// The database was written by a newer program.
    #[error(
        "the database holds step {version} of {capability}, which this program does not know: \
         use the program that wrote it or a newer one"
    )]
    Newer {
        /// The capability.
        capability: String,
        /// The unknown step.
        version: u32,
    },
    /// A step was edited after it had been applied.
    #[error("step {version} of {capability} differs from the one applied to this database: never edit an applied step")]
    Edited {
        /// The capability.
        capability: String,
        /// The step.
        version: u32,
    },
}

const DOMAINS: &str = "
do $$ begin
  if not exists (select 1 from pg_type where typname = 'key_text' and typnamespace = current_schema()::regnamespace) then
    create domain key_text as text collate \"C\";
    create domain date_text as text collate \"C\";
    create domain moment_text as text collate \"C\";
  end if;
end $$;";

const TABLE: &str = "
create table if not exists schema_migration (
  capability text not null,
  version bigint not null,
  name text not null,
  checksum text not null,
  primary key (capability, version)
);";

/// Applies what is missing, in the order given, all or nothing.
pub async fn migrate(db: &Db, steps: &[(&'static str, &'static [Migration])]) -> Result<u32, StoreError> {
    let mut tx = db.write().await?;
    if tx.is_postgres() {
        tx.execute("select pg_advisory_xact_lock(722070)", args![]).await?;
        tx.execute_script(DOMAINS).await?;
    }
    tx.execute_script(TABLE).await?;
    let mut applied = 0;
    for (capability, migrations) in steps {
        refuse_newer(&mut tx, capability, migrations).await?;
        for migration in *migrations {
            applied += apply(&mut tx, capability, migration).await?;
        }
    }
    tx.commit().await?;
    Ok(applied)
}

async fn refuse_newer(tx: &mut Tx, capability: &str, known: &[Migration]) -> Result<(), StoreError> {
    let row = tx
        .fetch_one(
            "select coalesce(max(version), 0) as version from schema_migration where capability = $1",
            args![capability],
        )
        .await?;
    let version: u32 = row.get("version")?;
    let newest = known.iter().map(|m| m.version).max().unwrap_or(0);
    if version > newest {
        return Err(MigrateError::Newer { capability: capability.to_owned(), version }.into());
    }
    Ok(())
}

async fn apply(tx: &mut Tx, capability: &str, migration: &Migration) -> Result<u32, StoreError> {
    let checksum = migration.checksum();
    let row = tx
        .fetch_optional(
            "select checksum from schema_migration where capability = $1 and version = $2",
            args![capability, migration.version],
        )
        .await?;
    if let Some(row) = row {
        if row.get::<String>("checksum")? != checksum {
            return Err(MigrateError::Edited { capability: capability.to_owned(), version: migration.version }.into());
        }
        return Ok(0);
    }
    tx.execute_script(migration.sql).await?;
    tx.execute(
        "insert into schema_migration (capability, version, name, checksum) values ($1, $2, $3, $4)",
        args![capability, migration.version, migration.name, checksum],
    )
    .await?;
    Ok(1)
}
