//! A pack loaded, checked and compiled for every period of its life.

mod chain;
mod dictionary;
mod edition;
mod law;
mod layer;
mod load;
mod plan;

use std::sync::Arc;

use jiff::civil::Date;
use serde_json::{Value as Json, json};

pub use chain::Derivation;
pub(crate) use edition::Shared;
pub use edition::{Edition, ParameterError};
pub use layer::{Further, PRINCIPLES, PackKind};
pub use plan::Plan;

use crate::article::Article;
use crate::facts::{FactDictionary, Title};
use crate::numbering::Numbering;
use crate::outcome::Outcome;
use crate::parameter::Parameter;
use crate::period::Period;
use crate::product::Product;
use crate::role::Role;
use crate::scorecard::Scorecard;
use crate::table::TableSheet;
use crate::template::Template;

/// Which pack decided (策略版本): its id, version, and the digest of all files of its stack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// The pack.
    pub pack: String,
    /// Its version, as written in `pack.csv`.
    pub version: String,
    /// SHA-256 over the files of the pack and of all that it extends, in hexadecimal.
    pub digest: String,
    /// The layers of the stack with their versions, the law first.
    pub layers: Vec<(String, String)>,
}

impl Version {
    /// As JSON.
    pub fn to_json(&self) -> Json {
        let layers: Vec<Json> =
            self.layers.iter().map(|(pack, version)| json!({"pack": pack, "version": version})).collect();
        json!({"pack": self.pack, "version": self.version, "digest": self.digest, "layers": layers})
    }
}

/// What stands at the head of a rule set of the stack (制度总则): what it is for, for whom, which principles it serves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleSet {
    /// The pack.
    pub pack: String,
    /// What people call it.
    pub title: Title,
    /// What it is for (目的); empty where nothing is said.
    pub purpose: Title,
    /// For whom and for what it holds (适用范围).
    pub scope: Title,
    /// The principles that it serves, of [`PRINCIPLES`] (原则).
    pub principles: Vec<String>,
    /// What else the text says of itself.
    pub further: Further,
}

/// A policy pack (策略包) with the layers it stands on, checked and compiled.
#[derive(Debug, Clone)]
pub struct Pack {
    pub(crate) title: Title,
    pub(crate) institution: String,
    pub(crate) period: Period,
    pub(crate) version: Arc<Version>,
    pub(crate) shared: Arc<Shared>,
    /// Every parameter row that applies to the institution, of all dates.
    pub(crate) parameters: Vec<Parameter>,
    /// Every table of the stack, of all dates, with the pack it comes from.
    pub(crate) tables: Vec<(String, Arc<TableSheet>)>,
    /// The packs of the law layer.
    pub(crate) laws: Vec<String>,
    /// The heads of the stack, the law first.
    pub(crate) rule_sets: Vec<RuleSet>,
    pub(crate) dictionary: FactDictionary,
    /// In the order of their first day; the first has none.
    pub(crate) editions: Vec<Edition>,
}

impl Pack {
    /// Its id.
    pub fn id(&self) -> &str {
        &self.version.pack
    }

    /// What people call it.
    pub fn title(&self) -> &Title {
        &self.title
    }

    /// The kind of institution it is for, such as `microloan`.
    pub fn institution(&self) -> &str {
        &self.institution
    }

    /// The heads of the rule sets of the stack (S1-01, S1-02), the law first.
    pub fn rule_sets(&self) -> &[RuleSet] {
        &self.rule_sets
    }

    /// When this version is in force as a whole (S5.4-06).
    pub fn period(&self) -> Period {
        self.period
    }

    /// Its version and digest.
    pub fn version(&self) -> &Version {
        &self.version
    }

    /// The rules in force on a date.
    pub fn on(&self, date: Date) -> &Edition {
        let after = self.editions.partition_point(|edition| edition.from().is_none_or(|from| from <= date));
        &self.editions[after.saturating_sub(1)]
    }

    /// The rules of every period, in order.
    pub fn editions(&self) -> &[Edition] {
        &self.editions
    }

    /// The dates on which some rule changes.
    pub fn change_dates(&self) -> impl Iterator<Item = Date> {
        self.editions.iter().filter_map(Edition::from)
    }

    /// All articles of the stack.
    pub fn articles(&self) -> impl Iterator<Item = &Article> {
        self.shared.articles.values()
    }

    /// An article by its id.
    pub fn article(&self, id: &str) -> Option<&Article> {
        self.shared.articles.get(id)
    }

    /// All parameter rows of all dates that apply to the institution.
    pub fn parameters(&self) -> &[Parameter] {
        &self.parameters
    }

    /// All tables of all dates with the pack each comes from.
    pub fn tables(&self) -> impl Iterator<Item = (&str, &TableSheet)> {
        self.tables.iter().map(|(pack, table)| (pack.as_str(), &**table))
    }

    /// Whether a pack of the stack is law.
    pub fn is_law(&self, pack: &str) -> bool {
        self.laws.iter().any(|law| law == pack)
    }

    /// All roles.
    pub fn roles(&self) -> impl Iterator<Item = &Role> {
        self.shared.roles.values()
    }

    /// A role by its id.
    pub fn role(&self, id: &str) -> Option<&Role> {
        self.shared.roles.get(id)
    }

    /// All texts.
    pub fn templates(&self) -> impl Iterator<Item = &Template> {
        self.shared.templates.values()
    }

    /// A text by its id.
    pub fn template(&self, id: &str) -> Option<&Template> {
        self.shared.templates.get(id)
    }

    /// A numbering rule by what it numbers.
    pub fn numbering(&self, id: &str) -> Option<&Numbering> {
        self.shared.numbering.get(id)
    }

    /// All products, legacy ones too.
    pub fn products(&self) -> &[Product] {
        &self.shared.products
    }

    /// A product by its id.
    pub fn product(&self, id: &str) -> Option<&Product> {
        self.shared.products.iter().find(|product| product.id == id)
    }

    /// All scorecards, those of other days and legacy ones too.
    pub fn scorecards(&self) -> impl Iterator<Item = &Scorecard> {
        self.shared.scorecards.values()
    }

    /// A scorecard by its id.
    pub fn scorecard(&self, id: &str) -> Option<&Scorecard> {
        self.shared.scorecards.get(id)
    }

    /// The name and definition of what a decision says.
    pub fn outcome(&self, output: &str, value: &str) -> Option<&Outcome> {
        self.shared.outcomes.get(&(output.to_owned(), value.to_owned()))
    }

    /// The names of all outcomes.
    pub fn outcomes(&self) -> impl Iterator<Item = &Outcome> {
        self.shared.outcomes.values()
    }

    /// What its policies look at: the facts of the capabilities and the outputs of its own tables.
    pub fn dictionary(&self) -> &FactDictionary {
        &self.dictionary
    }
}
