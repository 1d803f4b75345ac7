//! Talks as a program reads them (谈话数据).

use axum::extract::Path;
use platform::api::Data;
use platform::error::ActionError;
use platform::web::{Visit, WebError};
use schemars::JsonSchema;
use serde::Serialize;

use super::actions;
use super::model::TalkRecord;
use crate::CASE_VIEW;
use crate::card::rules::Tip;
use crate::case::actions as cases;

/// The talks of a case, and how to talk next (谈话).
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct TalksData {
    /// Whether the full talk was held.
    full: bool,
    /// How to talk, in the words of the policy.
    style: Vec<StyleData>,
    /// The talks, the latest first.
    talks: Vec<TalkData>,
}

/// A line of how to talk (谈话要领).
#[derive(Debug, Serialize, JsonSchema)]
struct StyleData {
    /// `stance`, `emphasis`, `tone` or `avoid`.
    kind: String,
    /// The words in Chinese.
    words_zh: String,
    /// The words in English.
    words_en: String,
    /// The article.
    article: String,
}

/// A talk (谈话记录).
#[derive(Debug, Serialize, JsonSchema)]
struct TalkData {
    /// The key.
    id: String,
    /// When it was held.
    on: String,
    /// `phone`, `visit` or `office`.
    way: String,
    /// The related party; null: the debtor.
    relation: Option<String>,
    /// The name of the person.
    person: String,
    /// Whether that person is willing to pay.
    willing: bool,
    /// Whether that person is able to pay.
    able: bool,
    /// The temper.
    temper: String,
    /// What was explained.
    points: Vec<String>,
    /// What was said.
    words: String,
    /// What was answered.
    answer: String,
    /// `none`, `heated` or `conflict`.
    incident: String,
    /// By whom it was recorded.
    recorded_by: String,
}

fn talk(one: TalkRecord) -> TalkData {
    TalkData {
        id: one.id.to_string(),
        on: one.talk.on.to_string(),
        way: one.talk.way.as_str().to_owned(),
        relation: one.talk.relation.map(|relation| relation.to_string()),
        person: one.person,
        willing: one.talk.attitude.willing,
        able: one.talk.attitude.able,
        temper: one.talk.attitude.temper,
        points: one.talk.points,
        words: one.talk.words,
        answer: one.talk.answer,
        incident: one.talk.incident.as_str().to_owned(),
        recorded_by: one.by,
    }
}

fn style(tip: Tip) -> StyleData {
    StyleData { kind: tip.kind, words_zh: tip.words.zh, words_en: tip.words.en, article: tip.article }
}

/// `/api/v1/collections/cases/{id}/talks`
pub(super) async fn talks(visit: Visit, Path(id): Path<String>) -> Result<Data<TalksData>, WebError> {
    let mut work = visit.read().await?;
    let case = cases::load(&mut work, cases::parse(&id).map_err(ActionError::from)?, CASE_VIEW).await?;
    let (talks, tips) = actions::look(&mut work, case.key).await?;
    let full = actions::full_held(&mut work, case.key).await?;
    Ok(Data(TalksData {
        full,
        style: tips.into_iter().map(style).collect(),
        talks: talks.into_iter().map(talk).collect(),
    }))
}
