//! What is known of a debtor, block by block: dated facts, never edited; a newer one stands. Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use std::collections::{BTreeMap, BTreeSet};

use customers::relation::model::RelationId;
use finance::Fen;
use jiff::Timestamp;
use jiff::civil::Date;
use platform::attachment::AttachmentId;
use platform::error::{FieldError, Refusal, RefusalKind, Refused};
use platform::id::CustomerId;
use platform::{id_type, stored_as_text};

use crate::case::model::CaseId;

id_type!(EntryId, "The key of an entry of a debtor's dossier (档案登记).");

/// A block of the dossier (档案栏目).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Block {
    /// 立案分析 (S2.3-28).
    Analysis,
    /// 居住与态度 (S2.3-19, S2.5-37).
    Living,
    /// 经营状况 (S2.3-20).
    Business,
    /// 财产登记 (S2.3-21, S2.3-16).
    Asset,
    /// 负债与其他债权人 (S2.3-22).
    Liability,
    /// 困难情况与证明 (S2.5-12, S2.5-37).
    Hardship,
    /// 死亡与遗产 (S2.3-15, S2.5-24).
    Death,
    /// 继承人、遗产控制人 (S2.3-15, S2.5-24).
    Heir,
    /// 配偶责任 (S2.5-25).
    Spouse,
    /// 羁押 (S2.5-26).
    Custody,
    /// 涉嫌欺诈移送 (S2.3-17).
    Fraud,
}

impl Block {
    /// Every block, in the order in which they are read.
    pub const ALL: [Self; 11] = [
        Self::Analysis,
        Self::Living,
        Self::Business,
        Self::Asset,
        Self::Liability,
        Self::Hardship,
        Self::Death,
        Self::Heir,
        Self::Spouse,
        Self::Custody,
        Self::Fraud,
    ];

    /// Its name in data.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Analysis => "analysis",
            Self::Living => "living",
            Self::Business => "business",
            Self::Asset => "asset",
            Self::Liability => "liability",
            Self::Hardship => "hardship",
            Self::Death => "death",
            Self::Heir => "heir",
            Self::Spouse => "spouse",
            Self::Custody => "custody",
            Self::Fraud => "fraud",
        }
    }

    /// Reads its name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|block| block.as_str() == text)
    }

    /// How its entries follow each other.
    #[must_use]
    pub fn thread(self) -> Thread {
        match self {
            Self::Analysis | Self::Living | Self::Business | Self::Death | Self::Custody => Thread::One,
            Self::Asset | Self::Liability | Self::Hardship | Self::Fraud => Thread::Many,
            Self::Heir => Thread::Person,
            Self::Spouse => Thread::Contract,
        }
    }

    /// Whether only the legal department records it: it decides who owes, or leaves the house.
    #[must_use]
    pub fn is_legal(self) -> bool {
        match self {
            Self::Heir | Self::Spouse | Self::Fraud => true,
            Self::Analysis
            | Self::Living
            | Self::Business
            | Self::Asset
            | Self::Liability
            | Self::Hardship
            | Self::Death
            | Self::Custody => false,
        }
    }
}
stored_as_text!(Block, "block of a dossier");

/// How the entries of a block follow each other (沿革方式).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Thread {
    /// The newest of the customer stands.
    One,
    /// Of each thing the newest stands.
    Many,
    /// Of each related party the newest stands.
    Person,
    /// Of each related party and contract the newest stands (S2.5-25).
    Contract,
}

/// What an entry says, by field; under seal where it is kept (登记内容).
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Content(pub BTreeMap<String, String>);

/// Never shows what is in it.
impl std::fmt::Debug for Content {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Content({} fields)", self.0.len())
    }
}

impl Content {
    /// The text of a field; empty where nothing was entered.
    #[must_use]
    pub fn get(&self, field: &str) -> &str {
        self.0.get(field).map_or("", String::as_str)
    }

    /// A day.
    #[must_use]
    pub fn day(&self, field: &str) -> Option<Date> {
        self.get(field).parse().ok()
    }

    /// An amount, as fen inside.
    #[must_use]
    pub fn amount(&self, field: &str) -> Option<Fen> {
        self.get(field).parse().ok().map(Fen)
    }
}

/// An entry of a dossier (档案登记).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Whose.
    pub customer: CustomerId,
    /// The key.
    pub id: EntryId,
    /// In which case it was recorded.
    pub case: CaseId,
    /// Of which block.
    pub block: Block,
    /// The first entry of its thread.
    pub item: EntryId,
    /// The related party that it is about.
    pub relation: Option<RelationId>,
    /// What follows from it: whether a person owes, what the policy advises. Empty: nothing does.
    pub outcome: String,
    /// The most that can be claimed from the person.
    pub cap: Option<Fen>,
    /// The article behind what follows.
    pub article: String,
    /// What it says.
    pub content: Content,
    /// The paper that proves it.
    pub file: Option<AttachmentId>,
    /// Whether it takes its thread back: entered by mistake.
    pub void: bool,
    /// The business date.
    pub on: Date,
    /// When it was recorded.
    pub at: Timestamp,
    /// By whom.
    pub by: String,
}

impl Entry {
    /// How the audit trail names it.
    #[must_use]
    pub fn subject(&self) -> String {
        format!("dossier:{}:{}", self.customer, self.id)
    }
}

/// What is handed in (新登记).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NewEntry {
    /// What was typed, by field.
    pub typed: BTreeMap<String, String>,
    /// The entry that it follows.
    pub of: Option<EntryId>,
    /// The related party that it is about.
    pub relation: Option<RelationId>,
    /// Whether it takes its thread back.
    pub void: bool,
}

/// Why an entry is not taken (登记拒绝).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DossierError {
    /// There is no such block, entry or file, or not for this person.
    #[error("no such part")]
    NotFound,
    /// Fields of the form.
    #[error("the form is not complete")]
    Form(Vec<FieldError>),
    /// Heirs need the death of the debtor first.
    #[error("no death is recorded")]
    NoDeath,
    /// A referral needs the cause of fraud.
    #[error("cause 8 is not recorded")]
    NoFraudCause,
}

impl Refusal for DossierError {
    fn refused(&self) -> Refused {
        let conflict = |code| Refused::new(RefusalKind::Conflict, code);
        match self {
            Self::NotFound => Refused::new(RefusalKind::NotFound, "dossier-not-found"),
            Self::Form(fields) => Refused::form(fields.clone()),
            Self::NoDeath => conflict("dossier-no-death").under("obligor.heir", None),
            Self::NoFraudCause => conflict("dossier-no-fraud-cause").under("dossier.fraud", None),
        }
    }
}

/// The entries that stand, in the order of their blocks: the newest of each thread, without those that were taken back.
/// Rule `dossier.stands`. `entries` are in the order of their keys.
#[must_use]
pub fn standing(entries: &[Entry]) -> Vec<&Entry> {
    let key = |entry: &Entry| match entry.block.thread() {
        Thread::One => (entry.block, 0, 0),
        Thread::Many => (entry.block, 0, entry.item.0),
        Thread::Person => (entry.block, entry.relation.map_or(0, |one| one.0), 0),
        Thread::Contract => (entry.block, entry.relation.map_or(0, |one| one.0), entry.item.0),
    };
    let newest: BTreeMap<_, &Entry> = entries.iter().map(|entry| (key(entry), entry)).collect();
    let over = superseded(entries);
    newest.into_values().filter(|entry| !entry.void && !over.contains(&entry.item)).collect()
}

/// The items of a contract that a newer item about the same contract of the same related party supersedes (rule
/// `obligor.spouse`): entries from before one contract was one item. What is taken back supersedes too: nothing older comes
/// to stand again by it. `entries` are in the order of their keys.
#[must_use]
pub fn superseded(entries: &[Entry]) -> BTreeSet<EntryId> {
    let named = |entry: &Entry| {
        let signed_on = entry.content.day("signed_on").filter(|_| entry.block.thread() == Thread::Contract)?;
        Some((entry.item, (entry.block, entry.relation, signed_on)))
    };
    // The contract that each item names last, and where.
    let last: BTreeMap<_, _> =
        entries.iter().filter_map(|entry| named(entry).map(|(item, what)| (item, (what, entry.id)))).collect();
    let newer = |(what, id): &((Block, Option<RelationId>, Date), EntryId)| {
        last.values().any(|(other, later)| other == what && later > id)
    };
    last.iter().filter(|(_, one)| newer(one)).map(|(item, _)| *item).collect()
}
