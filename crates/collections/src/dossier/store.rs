//! Table `dossier_entry`. Rule `dossier.sealed`: its content lies under seal.

use std::collections::{BTreeMap, BTreeSet};

use customers::relation::model::RelationId;
use finance::Fen;
use jiff::civil::Date;
use platform::args;
use platform::db::{Conditions, Row, StoreError, Tx};
use platform::id::CustomerId;
use platform::vault::{Personal, Place, Sealed, Vault};
use platform::work::Work;

use super::model::{Block, Content, Entry, EntryId, Thread, superseded};
use crate::known::Pieces;

/// The column of the seal.
pub(crate) const CONTENT: &str = "dossier_entry.content_sealed";

const COLUMNS: &str = "select d.customer_id, d.id, d.case_id, d.block, d.item_id, d.relation_id, d.outcome, d.cap_fen, \
     d.article, d.content_sealed, d.attachment_id, d.void, d.effective_on, d.recorded_at, \
     coalesce(u.name, '') as by_name from dossier_entry d left join user_view u on u.id = d.recorded_by";

/// What was entered, as what is sealed (档案内容).
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct DossierText(String);

impl Personal for DossierText {
    const KIND: &'static str = "dossier";
    const REVEALED: &'static str = "personal.reveal.dossier";

    fn clear(&self) -> &str {
        &self.0
    }

    fn from_clear(text: String) -> Self {
        Self(text)
    }

    fn normalise(text: &str) -> String {
        text.to_owned()
    }

    fn masked(&self) -> String {
        "***".to_owned()
    }
}

/// The row's part of the seal.
pub(crate) fn row_of(customer: i64, id: i64) -> String {
    format!("{customer}:{id}")
}

fn place(row: &str) -> Place<'_> {
    Place { column: CONTENT, row }
}

fn decode(row: &Row, vault: &Vault) -> Result<Entry, StoreError> {
    let (customer, id): (CustomerId, EntryId) = (row.get("customer_id")?, row.get("id")?);
    let sealed: Sealed<DossierText> = row.get("content_sealed")?;
    let corrupt = |found: String| StoreError::Corrupt {
        column: "content_sealed".to_owned(),
        expected: "an entry of a dossier",
        found,
    };
    let text = vault.open(place(&row_of(customer.0, id.0)), &sealed).map_err(|error| corrupt(error.to_string()))?;
    let content: BTreeMap<String, String> =
        serde_json::from_str(text.clear()).map_err(|error| corrupt(format!("{:?}", error.classify())))?;
    Ok(Entry {
        customer,
        id,
        case: row.get("case_id")?,
        block: row.get("block")?,
        item: row.get("item_id")?,
        relation: row.get("relation_id")?,
        outcome: row.get("outcome")?,
        cap: row.get("cap_fen")?,
        article: row.get("article")?,
        content: Content(content),
        file: row.get("attachment_id")?,
        void: row.get("void")?,
        on: row.get("effective_on")?,
        at: row.get("recorded_at")?,
        by: row.get("by_name")?,
    })
}

/// Writes a new entry.
///
/// # Errors
/// The store's; there is no vault.
pub(super) async fn insert(work: &mut Work, new: &Entry) -> Result<(), platform::error::ActionError> {
    let app = work.app.clone();
    let text = DossierText(serde_json::to_string(&new.content.0).unwrap_or_default());
    let sealed = app.vault()?.seal(place(&row_of(new.customer.0, new.id.0)), &text);
    let by = work.actor.recorded_by();
    work.tx
        .execute(
            "insert into dossier_entry (customer_id, id, case_id, block, item_id, relation_id, outcome, cap_fen, article, \
             content_sealed, content_masked, attachment_id, void, effective_on, recorded_at, recorded_by) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
            args![
                new.customer,
                new.id,
                new.case,
                new.block,
                new.item,
                new.relation,
                new.outcome,
                new.cap,
                new.article,
                sealed,
                text.masked(),
                new.file,
                new.void,
                new.on,
                work.now,
                by
            ],
        )
        .await?;
    Ok(())
}

/// All entries of a customer in the order of their keys; older and taken back ones too.
///
/// # Errors
/// The store's; a seal that is broken.
pub async fn of_customer(work: &mut Work, customer: CustomerId) -> Result<Vec<Entry>, platform::error::ActionError> {
    let app = work.app.clone();
    if entries(&mut work.tx, customer).await? == 0 {
        return Ok(Vec::new());
    }
    let vault = app.vault()?;
    let pieces = Pieces { head: COLUMNS, key: "d.id > ?", order: "order by d.id", most: i64::MAX };
    let filter = |w: &mut Conditions| {
        w.and_values("d.customer_id = ?", args![customer]);
    };
    Ok(pieces.read(&mut work.tx, filter, |row: &Row| decode(row, vault)).await?)
}

async fn entries(tx: &mut Tx, customer: CustomerId) -> Result<i64, StoreError> {
    let sql = "select count(*) as n from dossier_entry where customer_id = $1";
    tx.fetch_one(sql, args![customer]).await?.get("n")
}

/// What a related party owes as the newest entry about it, of a spouse about each contract, says (债务判定).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owing {
    /// The related party.
    pub relation: RelationId,
    /// The block that decides it.
    pub block: Block,
    /// `owes`, `free` or `unclear`.
    pub outcome: String,
    /// The most that can be claimed.
    pub cap: Option<Fen>,
    /// The article.
    pub article: String,
}

/// What spouses and heirs of a customer owe. Only where several findings stand about one related party the seal is opened,
/// to tell those apart that are about the same contract: the newest of them stands.
///
/// # Errors
/// The store's; a seal that is broken.
pub async fn owing(work: &mut Work, customer: CustomerId) -> Result<Vec<Owing>, platform::error::ActionError> {
    owing_on(work, customer, Date::MAX).await
}

/// The same as it was recorded until a business day.
///
/// # Errors
/// The store's; a seal that is broken.
pub async fn owing_on(
    work: &mut Work,
    customer: CustomerId,
    on: Date,
) -> Result<Vec<Owing>, platform::error::ActionError> {
    let (mut found, several) = unsealed(&mut work.tx, customer, on).await?;
    if several {
        let mut entries = of_customer(work, customer).await?;
        entries.retain(|entry| entry.on <= on);
        let over = superseded(&entries);
        found.retain(|(_, block, item), _| block.thread() != Thread::Contract || !over.contains(item));
    }
    Ok(found.into_values().collect())
}

/// What each related party owes by block and item.
type Found = BTreeMap<(RelationId, Block, EntryId), Owing>;

/// What can be said of it without the seal, and whether several items of a contract were ever recorded about one person.
async fn unsealed(tx: &mut Tx, customer: CustomerId, on: Date) -> Result<(Found, bool), StoreError> {
    let sql = "select d.relation_id, d.block, d.item_id, d.outcome, d.cap_fen, d.article, d.void from dossier_entry d \
         where d.customer_id = $1 and d.relation_id is not null and d.effective_on <= $2 order by d.id";
    let (mut found, mut items): (Found, BTreeSet<(RelationId, EntryId)>) = (BTreeMap::new(), BTreeSet::new());
    for row in tx.fetch_all(sql, args![customer, on]).await? {
        let one = Owing {
            relation: row.get("relation_id")?,
            block: row.get("block")?,
            outcome: row.get("outcome")?,
            cap: row.get("cap_fen")?,
            article: row.get("article")?,
        };
        let item = match one.block.thread() {
            Thread::Contract => row.get("item_id")?,
            Thread::One | Thread::Many | Thread::Person => EntryId(0),
        };
        if one.block.thread() == Thread::Contract {
            items.insert((one.relation, item));
        }
        let key = (one.relation, one.block, item);
        // One that was taken back says nothing.
        if row.get("void")? {
            found.remove(&key);
        } else {
            found.insert(key, one);
        }
    }
    let persons: BTreeSet<RelationId> = items.iter().map(|(relation, _)| *relation).collect();
    Ok((found, persons.len() < items.len()))
}

/// The first entry of the death that stands in a file, with its day; `None`: the debtor lives, or it was taken back.
///
/// # Errors
/// The store's.
pub async fn dead_since(tx: &mut Tx, customer: CustomerId) -> Result<Option<(EntryId, Date)>, StoreError> {
    dead_on(tx, customer, Date::MAX).await
}

/// The same as it was recorded until a business day.
///
/// # Errors
/// The store's.
pub async fn dead_on(tx: &mut Tx, customer: CustomerId, on: Date) -> Result<Option<(EntryId, Date)>, StoreError> {
    let sql = "select d.id, d.effective_on, d.void from dossier_entry d where d.customer_id = $1 and d.block = 'death' \
         and d.effective_on <= $2 order by d.id";
    let mut first = None;
    for row in tx.fetch_all(sql, args![customer, on]).await? {
        let entry: (EntryId, Date) = (row.get("id")?, row.get("effective_on")?);
        first = if row.get::<bool>("void")? { None } else { first.or(Some(entry)) };
    }
    Ok(first)
}

/// How many entries each block of a dossier holds; nothing under seal is opened for it.
///
/// # Errors
/// The store's.
pub async fn counts(tx: &mut Tx, customer: CustomerId) -> Result<Vec<(Block, i64)>, StoreError> {
    let sql = "select d.block, count(*) as n from dossier_entry d where d.customer_id = $1 group by d.block \
         order by d.block";
    let rows = tx.fetch_all(sql, args![customer]).await?;
    rows.iter().map(|row| Ok((row.get("block")?, row.get("n")?))).collect()
}
