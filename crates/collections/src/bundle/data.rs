//! Bundles as a program reads them (诉讼卷宗数据).

use axum::extract::Path;
use platform::api::Data;
use platform::error::ActionError;
use platform::web::{Visit, WebError};
use schemars::JsonSchema;
use serde::Serialize;

use super::model::Bundle;
use super::store;
use crate::CASE_VIEW;
use crate::case::actions as cases;

/// A bundle (诉讼卷宗): the papers of a case as of a day, kept sealed.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct BundleData {
    /// The key.
    id: String,
    /// 卷宗编号.
    number: String,
    /// The case.
    case: String,
    /// Whose file.
    customer: String,
    /// `suit`, `arbitration`, `complaint` or `authority`.
    purpose: String,
    /// The last day that it tells of.
    as_of: String,
    /// Which volume it is.
    volume: i64,
    /// Of how many.
    volumes: i64,
    /// How many files of the customer it tells of, with those that were merged into one.
    files: i64,
    /// How many pages it has.
    pages: i64,
    /// How many files are enclosed as pages.
    enclosed: i64,
    /// How many files are listed.
    listed: i64,
    /// SHA-256 of the kept file.
    digest: String,
    /// Entries of the customer's audit trail when it was made.
    trail_entries: i64,
    /// The hash of the last of them.
    trail_hash: String,
    /// When it was made.
    made_at: String,
    /// By whom.
    made_by: String,
}

fn of(one: Bundle) -> BundleData {
    BundleData {
        id: one.id.to_string(),
        number: one.number,
        case: one.case.case.to_string(),
        customer: one.case.customer.to_string(),
        purpose: one.purpose.as_str().to_owned(),
        as_of: one.as_of.to_string(),
        volume: one.volume,
        volumes: one.volumes,
        files: one.files,
        pages: one.pages,
        enclosed: one.enclosed,
        listed: one.listed,
        digest: one.digest,
        trail_entries: one.trail_entries,
        trail_hash: one.trail_hash,
        made_at: one.made_at.to_string(),
        made_by: one.by,
    }
}

/// `/api/v1/collections/cases/{id}/bundles`
pub(super) async fn bundles(visit: Visit, Path(id): Path<String>) -> Result<Data<Vec<BundleData>>, WebError> {
    let mut work = visit.read().await?;
    let case = cases::parse(&id).map_err(ActionError::from)?;
    let case = cases::load(&mut work, case, CASE_VIEW).await?;
    let found = store::of_case(&mut work.tx, case.key).await.map_err(ActionError::from)?;
    Ok(Data(found.into_iter().map(of).collect()))
}
