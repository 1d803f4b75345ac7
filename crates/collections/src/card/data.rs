//! Cards as a program reads them (要点卡数据).

use axum::extract::Query;
use platform::api::Data;
use platform::error::ActionError;
use platform::policies::{self, PolicyError};
use platform::web::{Visit, WebError};
use schemars::JsonSchema;
use serde::Serialize;

use super::pages::Asked;
use super::rules::{self, Card};

/// A card (要点卡).
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct CardData {
    /// `call`, `pattern` or `segment`.
    sort: String,
    /// Of which pattern or segment; empty for the checklist of a call.
    of: String,
    /// Its lines.
    tips: Vec<TipData>,
}

/// A line of a card (要点).
#[derive(Debug, Serialize, JsonSchema)]
struct TipData {
    /// `recognise`, `permitted`, `prohibited` or `record`; of the checklist `before` or `during`.
    kind: String,
    /// Which.
    id: String,
    /// The words in Chinese.
    words_zh: String,
    /// The words in English.
    words_en: String,
    /// The article.
    article: String,
}

fn of(card: Card) -> CardData {
    let tip = |one: rules::Tip| TipData {
        kind: one.kind,
        id: one.id,
        words_zh: one.words.zh,
        words_en: one.words.en,
        article: one.article,
    };
    CardData { sort: card.sort.to_owned(), of: card.of, tips: card.tips.into_iter().map(tip).collect() }
}

/// `/api/v1/collections/cards`: all of them, or those of one pattern or segment.
pub(super) async fn cards(visit: Visit, Query(asked): Query<Asked>) -> Result<Data<Vec<CardData>>, WebError> {
    let mut work = visit.read().await?;
    work.authorise(crate::CASE_VIEW)?;
    let on = work.business_date;
    let policy = policies::in_force(&mut work, on).await?;
    let cards = rules::all(policy.pack(), policy.edition(on), "person").map_err(PolicyError::from);
    let cards = cards.map_err(ActionError::from)?;
    Ok(Data(cards.into_iter().filter(|card| asked.wants(card)).map(of).collect()))
}
