//! A derivation as a program reads it (推导数据): facts, rules, articles and arithmetic of a figure.

use schemars::JsonSchema;
use serde::Serialize;

use crate::page::{Derivation, RuleLine};

/// A derivation (推导): why a figure is what it is, in the language asked for.
#[derive(Debug, Serialize, JsonSchema)]
pub struct DerivationData {
    /// What is explained, as the address names it.
    figure: String,
    /// The question in words.
    title: String,
    /// The subject and the two clocks.
    about: String,
    /// The figure in fen; null where it is no money.
    amount_fen: Option<i64>,
    /// What happened or was stated.
    facts: Vec<FactData>,
    /// The rules that hit.
    rules: Vec<RuleData>,
    /// The rows that came nearest without hitting.
    missed: Vec<String>,
    /// The arithmetic, in order.
    steps: Vec<StepData>,
    /// What comes out, in words.
    result: Option<String>,
    /// Policy pack, version, fingerprint.
    pack: String,
}

/// A fact of a derivation (事实).
#[derive(Debug, Serialize, JsonSchema)]
struct FactData {
    /// What it says.
    text: String,
    /// Its value.
    value: String,
}

/// A rule of a derivation (规则).
#[derive(Debug, Serialize, JsonSchema)]
struct RuleData {
    /// The rule's id.
    id: String,
    /// The plain sentence.
    text: String,
    /// What it gives.
    value: String,
    /// The articles behind it.
    articles: Vec<String>,
}

/// A step of the arithmetic (计算).
#[derive(Debug, Serialize, JsonSchema)]
struct StepData {
    /// From, to, days, or what is done.
    text: String,
    /// The unrounded product.
    product: String,
    /// The rounded value.
    value: String,
}

impl DerivationData {
    /// The same as the drawer shows.
    #[must_use]
    pub fn of(figure: String, amount_fen: Option<i64>, found: Derivation) -> Self {
        let rule = |one: RuleLine| RuleData {
            id: one.id,
            text: one.text,
            value: one.value,
            articles: one.articles.into_iter().map(|(_, name)| name).collect(),
        };
        let steps = found.steps.into_iter();
        Self {
            figure,
            title: found.title,
            about: found.subtitle,
            amount_fen,
            facts: found.facts.into_iter().map(|one| FactData { text: one.text, value: one.value }).collect(),
            rules: found.rules.into_iter().map(rule).collect(),
            missed: found.missed,
            steps: steps.map(|one| StepData { text: one.text, product: one.product, value: one.value }).collect(),
            result: found.result.map(|(_, value)| value),
            pack: found.pack,
        }
    }
}
