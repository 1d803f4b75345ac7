//! Statements as a program reads them (报表数据).

use std::collections::BTreeMap;

use axum::extract::Path;
use platform::api::Data;
use platform::id::CustomerId;
use platform::web::{Visit, WebError};
use schemars::JsonSchema;
use serde::Serialize;

use super::model::{Ratio, counting};
use super::store;
use crate::VIEW;
use crate::customer::actions::load_within;

/// A financial statement (财务报表) with its ratios.
#[derive(Debug, Serialize, JsonSchema)]
pub struct StatementData {
    /// The key.
    id: String,
    /// The last day of the period.
    period_end: String,
    /// How many months it covers.
    months: i64,
    /// Whether it was audited.
    audited: bool,
    /// Amounts in fen, by line.
    lines_fen: BTreeMap<String, i64>,
    /// Ratios in parts per million.
    ratios_ppm: BTreeMap<String, i64>,
}

/// `/api/v1/customers/{id}/statements`: the statements that count, the latest first.
pub(super) async fn statements(visit: Visit, Path(id): Path<CustomerId>) -> Result<Data<Vec<StatementData>>, WebError> {
    let mut work = visit.read().await?;
    load_within(&mut work, id, VIEW).await?;
    let all = store::of_customer(&mut work.tx, id).await?;
    let data = counting(&all).into_iter().map(|one| StatementData {
        id: one.id.to_string(),
        period_end: one.content.period_end.to_string(),
        months: one.content.months,
        audited: one.content.audited,
        lines_fen: one.content.amounts.iter().map(|(line, fen)| ((*line).to_owned(), fen.0)).collect(),
        ratios_ppm: Ratio::ALL
            .into_iter()
            .filter_map(|ratio| Some((ratio.as_str().to_owned(), one.ratio(ratio)?)))
            .collect(),
    });
    Ok(Data(data.collect()))
}
