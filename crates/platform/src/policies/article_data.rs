//! An article as a program reads it (条款数据).

use axum::extract::Path;
use policy::Confidence;
use schemars::JsonSchema;
use serde::Serialize;

use super::{PolicyError, in_force};
use crate::api::Data;
use crate::error::ActionError;
use crate::web::{Visit, WebError};

/// An article (条款) of the rules in force: what it says and how sure its text is.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ArticleData {
    /// Its id, which rules name.
    id: String,
    /// 标题与条号.
    title_zh: String,
    /// The same in English.
    title_en: String,
    /// 内容摘要.
    gist_zh: String,
    /// The same in English.
    gist_en: String,
    /// The document it belongs to.
    source: String,
    /// `text`, `seen`, `unsure` or `house`.
    confidence: String,
    /// What repealed it, if something did.
    repealed_by: Option<String>,
}

/// `/api/v1/policies/articles/{id}`
pub(super) async fn article(visit: Visit, Path(id): Path<String>) -> Result<Data<ArticleData>, WebError> {
    let mut work = visit.read().await?;
    let on = work.business_date;
    let rules = in_force(&mut work, on).await?;
    let article = rules.pack().article(&id).ok_or_else(|| ActionError::from(PolicyError::Unknown))?;
    let confidence = match article.confidence {
        Confidence::Text => "text",
        Confidence::Seen => "seen",
        Confidence::Unsure => "unsure",
        Confidence::House => "house",
    };
    Ok(Data(ArticleData {
        id: article.id.clone(),
        title_zh: article.title.in_language(false).to_owned(),
        title_en: article.title.in_language(true).to_owned(),
        gist_zh: article.gist.in_language(false).to_owned(),
        gist_en: article.gist.in_language(true).to_owned(),
        source: article.source.clone(),
        confidence: confidence.to_owned(),
        repealed_by: article.repealed_by.clone(),
    }))
}
