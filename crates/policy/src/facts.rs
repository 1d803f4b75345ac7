//! What a policy can look at: the dictionary that the capabilities offer, and the facts of one case.

use std::collections::BTreeMap;

use crate::problem::{Place, Problem, ProblemKind};
use crate::sheet::Sheet;
use crate::value::{FactType, Value};

/// The facts of one case by name (事实).
pub type Facts = BTreeMap<String, Value>;

/// A text in both languages (双语文字).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Title {
    /// Simplified Chinese.
    pub zh: String,
    /// English; may be empty in a lender's own pack.
    pub en: String,
}

impl Title {
    /// A text in both languages.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { zh: zh.into(), en: en.into() }
    }

    /// The English text if asked for and present, the Chinese one otherwise.
    pub fn in_language(&self, english: bool) -> &str {
        if english && !self.en.is_empty() { &self.en } else { &self.zh }
    }
}

/// One fact that a policy can look at (事实定义).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactDefinition {
    /// Its name in tables and formulas, such as `overdue_days`.
    pub name: String,
    /// Its type.
    pub kind: FactType,
    /// What people call it.
    pub title: Title,
}

impl FactDefinition {
    /// A fact with its type and titles.
    pub fn new(name: &str, kind: FactType, zh: &str, en: &str) -> Self {
        Self { name: name.to_owned(), kind, title: Title::new(zh, en) }
    }
}

/// All facts that policies can look at (事实字典): the union of what the capabilities offer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FactDictionary {
    facts: BTreeMap<String, FactDefinition>,
}

impl FactDictionary {
    /// An empty dictionary.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a fact. Two capabilities may offer the same fact if they agree on its type.
    ///
    /// # Errors
    /// The name, when it is there already with another type.
    pub fn add(&mut self, fact: FactDefinition) -> Result<(), String> {
        match self.facts.get(&fact.name) {
            Some(known) if known.kind != fact.kind => Err(fact.name),
            Some(_) => Ok(()),
            None => {
                self.facts.insert(fact.name.clone(), fact);
                Ok(())
            }
        }
    }

    /// Reads a dictionary from CSV with the columns `name,type,title_zh,title_en`.
    ///
    /// # Errors
    /// Every row that cannot be read.
    pub fn from_csv(file: &str, text: &str) -> Result<Self, Vec<Problem>> {
        let mut problems = Vec::new();
        let mut dictionary = Self::new();
        let columns = ["name", "type", "title_zh", "title_en"];
        for entry in Sheet::read(file, text, &mut problems).register(&columns, &[], &mut problems) {
            let name = entry.text("name", &mut problems);
            match FactType::parse(&entry.text("type", &mut problems)) {
                Ok(kind) => {
                    let fact = FactDefinition::new(&name, kind, entry.get("title_zh"), entry.get("title_en"));
                    if let Err(name) = dictionary.add(fact) {
                        problems.push(Problem::new(Place::row(file, entry.row), ProblemKind::Duplicate { name }));
                    }
                }
                Err(kind) => problems.push(Problem::new(entry.place("type"), kind)),
            }
        }
        if problems.is_empty() { Ok(dictionary) } else { Err(problems) }
    }

    /// The fact of that name.
    pub fn get(&self, name: &str) -> Option<&FactDefinition> {
        self.facts.get(name)
    }

    /// All facts by name.
    pub fn iter(&self) -> impl Iterator<Item = &FactDefinition> {
        self.facts.values()
    }

    /// All names.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.facts.keys().map(String::as_str)
    }
}
