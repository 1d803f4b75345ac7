//! The comparison as a program reads it (获客成效数据).

use axum::extract::Query;
use platform::api::Data;
use platform::web::{Visit, WebError};
use schemars::JsonSchema;
use serde::Serialize;

use super::model::Line;
use super::pages::{AcquisitionAsked, load};

/// What channels, campaigns or partners brought (获客成效).
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct AcquisitionData {
    /// `channel`, `campaign` or `partner`.
    by: String,
    /// The first day.
    from: String,
    /// The last day.
    until: String,
    /// The lines, most customers first.
    lines: Vec<AcquisitionLineData>,
}

/// What one of them brought.
#[derive(Debug, Serialize, JsonSchema)]
struct AcquisitionLineData {
    /// The channel's name in data, or the key.
    key: String,
    /// What people call it.
    title: String,
    /// Leads taken in.
    leads: i64,
    /// Customers won.
    customers: i64,
    /// Of the leads those that became customers, in billionths.
    conversion_e9: Option<i64>,
    /// Loans paid out to them.
    loans: i64,
    /// How much was paid out, in fen.
    disbursed_fen: i64,
    /// What was spent, in fen.
    cost_fen: Option<i64>,
    /// What a customer cost, in fen.
    cost_per_customer_fen: Option<i64>,
    /// What ten thousand yuan lent cost, in fen.
    cost_per_ten_thousand_yuan_fen: Option<i64>,
    /// What is still owed, in fen.
    outstanding_fen: i64,
    /// The principal of overdue loans, in fen.
    overdue_fen: i64,
    /// Its share of what is owed, in billionths.
    overdue_share_e9: Option<i64>,
}

impl From<&Line> for AcquisitionLineData {
    fn from(line: &Line) -> Self {
        Self {
            key: line.key.clone(),
            title: line.title.clone(),
            leads: line.leads,
            customers: line.customers,
            conversion_e9: line.conversion(),
            loans: line.loans,
            disbursed_fen: line.disbursed.0,
            cost_fen: line.cost.map(|cost| cost.0),
            cost_per_customer_fen: line.per_customer().map(|cost| cost.0),
            cost_per_ten_thousand_yuan_fen: line.per_ten_thousand().map(|cost| cost.0),
            outstanding_fen: line.outstanding.0,
            overdue_fen: line.overdue.0,
            overdue_share_e9: line.overdue_share(),
        }
    }
}

/// `/api/v1/acquisition`.
pub(super) async fn acquisition(
    visit: Visit,
    Query(asked): Query<AcquisitionAsked>,
) -> Result<Data<AcquisitionData>, WebError> {
    let it = load(&mut visit.read().await?, visit.lang, &asked).await?;
    Ok(Data(AcquisitionData {
        by: it.by.as_str().to_owned(),
        from: it.from.to_string(),
        until: it.until.to_string(),
        lines: it.lines.iter().map(AcquisitionLineData::from).collect(),
    }))
}
