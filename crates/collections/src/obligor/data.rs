//! Obligors as a program reads them (债务关系人数据).

use axum::extract::Path;
use platform::api::Data;
use platform::error::ActionError;
use platform::web::{Visit, WebError};
use schemars::JsonSchema;
use serde::Serialize;

use super::actions;
use super::model::Obligor;
use crate::CASE_VIEW;
use crate::case::actions as cases;

/// Somebody who owes or secures a debt (债务关系人).
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ObligorData {
    /// The related party; null: the debtor.
    relation: Option<String>,
    /// The name.
    name: String,
    /// `debtor`, `co-borrower`, `guarantor`, `owner`, `spouse` or `heir`.
    role: String,
    /// `owes`, `free`, `unclear`, `not-due` as long as nothing is due, or `dead`.
    owes: String,
    /// The most that can be claimed, in fen; null: the whole debt, or what the own contract says.
    cap_fen: Option<i64>,
    /// The article behind it.
    article: String,
}

fn of(one: Obligor) -> ObligorData {
    ObligorData {
        relation: one.relation.map(|id| id.to_string()),
        name: one.name,
        role: one.role.as_str().to_owned(),
        owes: one.owes.as_str().to_owned(),
        cap_fen: one.cap.map(|cap| cap.0),
        article: one.article,
    }
}

/// `/api/v1/collections/cases/{id}/obligors`
pub(super) async fn obligors(visit: Visit, Path(id): Path<String>) -> Result<Data<Vec<ObligorData>>, WebError> {
    let mut work = visit.read().await?;
    let case = cases::parse(&id).map_err(ActionError::from)?;
    let case = cases::load(&mut work, case, CASE_VIEW).await?;
    let found = actions::of(&mut work, case.key.customer).await?;
    Ok(Data(found.into_iter().map(of).collect()))
}
