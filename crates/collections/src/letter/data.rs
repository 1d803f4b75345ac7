//! Letters as a program reads them (函件数据).

use axum::extract::Path;
use platform::api::Data;
use platform::web::{Visit, WebError};
use schemars::JsonSchema;
use serde::Serialize;
use servicing::loan::actions::load_within;

use super::actions::load;
use super::model::{Letter, RecordedStep};
use super::store;
use crate::limitation::actions::find_key;

/// A letter (函件) as it stands.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct LetterData {
    /// The key.
    id: String,
    /// 函件号.
    number: String,
    /// The loan.
    loan: String,
    /// The guarantee whose guarantor it is to; null: to the debtor.
    guarantee: Option<String>,
    /// The related party who owes besides the debtor and whom it is to.
    relation: Option<String>,
    /// `reminder`, `dunning`, `lawyer`, `guarantor` or `heir`.
    kind: String,
    /// The total demanded, in fen.
    total_fen: i64,
    /// `generated`, `sent`, `delivered`, `signed`, `returned`, `filed` or `void`.
    state: String,
    /// Since when.
    state_on: String,
    /// The states that can follow.
    next: Vec<String>,
    /// The day of issue.
    issued_on: String,
    /// The day until which it asks to pay.
    pay_by: String,
    /// The rule of its text.
    rule: String,
    /// The article that asks for it.
    article: String,
    /// Rises with every step; a form names it.
    version: i64,
}

impl LetterData {
    fn of(one: &Letter) -> Self {
        Self {
            id: one.id.to_string(),
            number: one.number.clone(),
            loan: one.loan.loan.to_string(),
            guarantee: one.guarantee.map(|id| id.to_string()),
            relation: one.relation.map(|id| id.to_string()),
            kind: one.kind.as_str().to_owned(),
            total_fen: one.total.0,
            state: one.state.as_str().to_owned(),
            state_on: one.state_on.to_string(),
            next: one.state.next().iter().map(|state| state.as_str().to_owned()).collect(),
            issued_on: one.issued_on.to_string(),
            pay_by: one.content.pay_by.to_string(),
            rule: one.content.rule.clone(),
            article: one.content.article.clone(),
            version: one.version,
        }
    }
}

/// A letter with everything that is printed and what became of it (函件).
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct LetterDetail {
    /// The letter.
    letter: LetterData,
    /// 标题.
    title: String,
    /// Whom it is addressed to.
    addressee: String,
    /// The paragraphs, in order.
    paragraphs: Vec<String>,
    /// What is due: one line a sum.
    items: Vec<ItemData>,
    /// What happened to it.
    steps: Vec<StepData>,
}

/// A sum that a letter names (函件款项).
#[derive(Debug, Serialize, JsonSchema)]
struct ItemData {
    /// What it is.
    text: String,
    /// How much, in fen.
    amount_fen: i64,
    /// Where it comes from.
    source: String,
}

/// A step of a letter's life (函件经过).
#[derive(Debug, Serialize, JsonSchema)]
struct StepData {
    /// What it came to.
    to: String,
    /// When.
    on: String,
    /// Who signed.
    signer: Option<String>,
    /// Tracking number, reason, place in the file.
    detail: String,
    /// Whether the receipt says that the debtor agrees to pay.
    agrees: bool,
    /// When it was recorded.
    recorded_at: String,
}

impl StepData {
    fn of(one: RecordedStep) -> Self {
        Self {
            to: one.step.to.as_str().to_owned(),
            on: one.step.on.to_string(),
            signer: one.step.signer.map(|signer| signer.as_str().to_owned()),
            detail: one.step.detail,
            agrees: one.step.agrees,
            recorded_at: one.recorded_at.to_string(),
        }
    }
}

/// `/api/v1/loans/{id}/letters`
pub(super) async fn letters(visit: Visit, Path(id): Path<String>) -> Result<Data<Vec<LetterData>>, WebError> {
    let mut work = visit.read().await?;
    let key = find_key(&mut work, &id).await?;
    load_within(&mut work, key, "loan.view").await?;
    Ok(Data(store::of_loan(&mut work.tx, key).await?.iter().map(LetterData::of).collect()))
}

/// `/api/v1/letters/{id}`
pub(super) async fn letter(visit: Visit, Path(id): Path<String>) -> Result<Data<LetterDetail>, WebError> {
    let mut work = visit.read().await?;
    let (letter, _) = load(&mut work, &id, "loan.view").await?;
    let steps = store::steps(&mut work.tx, &letter).await?;
    let content = &letter.content;
    let item = |(text, amount, source): &(String, finance::Fen, String)| ItemData {
        text: text.clone(),
        amount_fen: amount.0,
        source: source.clone(),
    };
    Ok(Data(LetterDetail {
        title: content.title.clone(),
        addressee: content.addressee.clone(),
        paragraphs: content.opening.iter().chain(&content.demand).chain(&content.closing).cloned().collect(),
        items: content.items.iter().map(item).collect(),
        steps: steps.into_iter().map(StepData::of).collect(),
        letter: LetterData::of(&letter),
    }))
}
