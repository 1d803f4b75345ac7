//! A derivation as a program reads it (推导数据): facts, rules, articles and arithmetic of a figure.

use axum::extract::{Path, Query};
use platform::api::Data;
use platform::error::{ActionError, RefusalKind, Refused};
use platform::web::{Visit, WebError};
use schemars::JsonSchema;
use serde::Serialize;

use super::data::Clocks;
use super::pages::look;
use super::why::{Question, answer, title};

/// A derivation (推导): why a loan owes what it owes, in the language asked for.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct DerivationData {
    /// What is explained: `overdue`, `principal`, `penalty-7`, `interest-7`, `class`, `provision`.
    figure: String,
    /// The question in words.
    title: String,
    /// The subject and the two clocks.
    about: String,
    /// The figure in fen; 0 for a class.
    amount_fen: i64,
    /// What happened or was stated.
    facts: Vec<FactData>,
    /// The rules that hit.
    rules: Vec<RuleData>,
    /// The arithmetic, in order.
    steps: Vec<StepData>,
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
    /// The rounded value, in yuan.
    value: String,
}

/// `/api/v1/loans/{id}/why/{what}`
pub(super) async fn derivation(
    visit: Visit,
    Path((id, what)): Path<(String, String)>,
    Query(clocks): Query<Clocks>,
) -> Result<Data<DerivationData>, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let looked = look(&mut work, &id, &clocks.asked()).await?;
    let question = Question::parse(&what)
        .ok_or_else(|| ActionError::from(Refused::new(RefusalKind::NotFound, "no-such-figure").with("what", &what)))?;
    let (found, _) = answer(&mut work, &ui, &looked, question).await?;
    let rule = |one: platform::page::RuleLine| RuleData {
        id: one.id,
        text: one.text,
        value: one.value,
        articles: one.articles.into_iter().map(|(_, name)| name).collect(),
    };
    Ok(Data(DerivationData {
        figure: what,
        title: found.title,
        about: found.subtitle,
        amount_fen: title(&ui, &looked, question).1.0,
        facts: found.facts.into_iter().map(|one| FactData { text: one.text, value: one.value }).collect(),
        rules: found.rules.into_iter().map(rule).collect(),
        steps: found
            .steps
            .into_iter()
            .map(|one| StepData { text: one.text, product: one.product, value: one.value })
            .collect(),
        pack: found.pack,
    }))
}
