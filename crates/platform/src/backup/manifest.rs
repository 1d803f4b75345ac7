//! What a backup says of itself (备份清单): in the sealed part, first and last.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::BackupError;
use crate::args;
use crate::db::{Migration, StoreError, Tx};

/// The first record of a backup (备份清单).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The version of the program that wrote it.
    pub program: String,
    /// The institution's name.
    pub institution: String,
    /// The business date at the moment of the picture.
    pub business_date: Option<Date>,
    /// The moment of the picture.
    pub made_at: Timestamp,
    /// Every step of the schema.
    pub schema: Vec<SchemaStep>,
    /// The key to personal data that the book was sealed with: its id, which the restored book needs.
    pub vault_key: Option<String>,
    /// Where the audit chains stood.
    pub audit: AuditHeads,
}

/// An applied step of the schema (数据结构版本).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SchemaStep {
    /// The capability.
    pub capability: String,
    /// Counts from 1 within it.
    pub version: u32,
    /// The SHA-256 of its text.
    pub checksum: String,
}

/// Where the audit chains stood (审计链头).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditHeads {
    /// How many chains there are.
    pub chains: i64,
    /// How many entries in all of them.
    pub entries: i64,
    /// The last sealed day and its root.
    pub last_root: Option<(Date, String)>,
}

/// What stood in one table (表合计).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct TableTotals {
    /// Its rows.
    pub rows: u64,
    /// The sum of every column of money, in fen, as decimal text.
    pub fen: BTreeMap<String, String>,
    /// The SHA-256 over its rows in the order of their keys.
    pub digest: String,
}

/// What stood in each table (合计).
pub type Totals = BTreeMap<String, TableTotals>;

impl Manifest {
    /// Reads what the book says of itself at this moment.
    pub(super) async fn of(tx: &mut Tx, made_at: Timestamp) -> Result<Self, StoreError> {
        let setting = async |tx: &mut Tx, name: &str| -> Result<Option<String>, StoreError> {
            let row = tx.fetch_optional("select value from setting where name = $1", args![name]).await?;
            row.map(|row| row.get("value")).transpose()
        };
        let vault = setting(tx, "vault.key").await?.and_then(|text| text.split(' ').next().map(str::to_owned));
        let day = tx.fetch_optional("select current_on from business_day where id = 1", args![]).await?;
        Ok(Self {
            program: env!("CARGO_PKG_VERSION").to_owned(),
            institution: crate::access::store::institution(tx).await?,
            business_date: day.map(|row| row.get("current_on")).transpose()?,
            made_at,
            schema: schema(tx).await?,
            vault_key: vault,
            audit: AuditHeads::of(tx).await?,
        })
    }

    /// The migrations that lead exactly to the schema of the file; the others come after the rows.
    pub(super) fn steps_of(
        &self,
        known: &[(&'static str, &'static [Migration])],
    ) -> Result<Vec<(&'static str, &'static [Migration])>, BackupError> {
        let newest = |capability: &str| {
            let of = self.schema.iter().filter(|step| step.capability == capability);
            of.map(|step| step.version).max().unwrap_or(0)
        };
        for step in &self.schema {
            let ours = known.iter().find(|(name, _)| *name == step.capability);
            let ours = ours.and_then(|(_, all)| all.iter().find(|own| own.version == step.version));
            let unknown = || BackupError::Newer {
                capability: step.capability.clone(),
                version: step.version,
                program: self.program.clone(),
            };
            if ours.ok_or_else(unknown)?.checksum() != step.checksum {
                return Err(unknown());
            }
        }
        Ok(known
            .iter()
            .map(|(name, all)| {
                let upto = newest(name);
                let count = all.iter().take_while(|step| step.version <= upto).count();
                (*name, &all[..count])
            })
            .collect())
    }
}

impl AuditHeads {
    /// Counts the chains.
    pub(super) async fn of(tx: &mut Tx) -> Result<Self, StoreError> {
        let heads = tx.fetch_one("select count(*) as chains from audit_head", args![]).await?;
        let entries = tx.fetch_one("select count(*) as entries from audit_entry", args![]).await?;
        let last = tx
            .fetch_optional("select business_date, root from audit_root order by business_date desc limit 1", args![])
            .await?;
        let last_root =
            last.map(|row| Ok::<_, StoreError>((row.get("business_date")?, row.get("root")?))).transpose()?;
        Ok(Self { chains: heads.get("chains")?, entries: entries.get("entries")?, last_root })
    }
}

async fn schema(tx: &mut Tx) -> Result<Vec<SchemaStep>, StoreError> {
    let rows = tx
        .fetch_all(
            "select capability, version, checksum from schema_migration order by capability, version limit $1",
            args![100_000_i64],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(SchemaStep {
                capability: row.get("capability")?,
                version: row.get("version")?,
                checksum: row.get("checksum")?,
            })
        })
        .collect()
}
