//! A settlement quote as a program reads it (结清试算数据).

use axum::extract::{Path, Query};
use platform::api::Data;
use platform::web::{Visit, WebError};
use schemars::JsonSchema;
use serde::Serialize;

use super::pages::{QuoteAsked, quoted};
use crate::loan::data::Heads;

/// What settles a loan on a date (提前结清试算), in fen.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct QuoteData {
    /// The loan.
    loan: String,
    /// The date.
    on: String,
    /// By head.
    amounts: Heads,
    /// All of it.
    total_fen: i64,
}

/// `/api/v1/loans/{id}/quote`
pub(super) async fn quote(
    visit: Visit,
    Path(id): Path<String>,
    Query(asked): Query<QuoteAsked>,
) -> Result<Data<QuoteData>, WebError> {
    let mut work = visit.read().await?;
    let (looked, on, quote) = quoted(&visit, &mut work, &id, &asked).await?;
    Ok(Data(QuoteData {
        loan: looked.file.loan.key.loan.to_string(),
        on: on.to_string(),
        amounts: Heads::from(&quote.amounts),
        total_fen: quote.total.0,
    }))
}
