//! The papers of a loan as a program reads them (借据权证数据).

use axum::extract::Path;
use platform::api::Data;
use platform::web::{Visit, WebError};
use schemars::JsonSchema;
use serde::Serialize;

use super::actions;
use crate::limitation::actions::find_key;

/// The papers of a loan (借据权证).
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct PapersData {
    /// Whether the loan is paid off.
    paid_off: bool,
    /// Since when its file is closed.
    closed_on: Option<String>,
    /// The things that secure it.
    things: Vec<ThingData>,
}

/// A thing and its receipt (权证与签收).
#[derive(Debug, Serialize, JsonSchema)]
struct ThingData {
    /// The key of its line.
    collateral: String,
    /// `mortgage` or `pledge`.
    kind: String,
    /// What it is.
    what: String,
    /// Who took its papers and signed.
    received_by: Option<String>,
    /// On which day.
    received_on: Option<String>,
}

/// The papers of one loan.
pub(super) async fn papers(Path(id): Path<String>, visit: Visit) -> Result<Data<PapersData>, WebError> {
    let mut work = visit.read().await?;
    let key = find_key(&mut work, &id).await?;
    let papers = actions::look(&mut work, key, "loan.view").await?;
    let things = papers.things.into_iter().map(|(line, returned)| ThingData {
        collateral: line.id.to_string(),
        kind: line.kind.as_str().to_owned(),
        what: line.who,
        received_on: returned.as_ref().map(|one| one.receipt.on.to_string()),
        received_by: returned.map(|one| one.receipt.by),
    });
    Ok(Data(PapersData {
        paid_off: papers.paid_off,
        closed_on: papers.closed_on.map(|on| on.to_string()),
        things: things.collect(),
    }))
}
