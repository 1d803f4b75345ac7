//! Routes as a program reads them (追偿路径数据).

use axum::extract::Path;
use platform::api::Data;
use platform::error::ActionError;
use platform::web::{Visit, WebError};
use schemars::JsonSchema;
use serde::Serialize;

use super::model::{Kept, Way};
use super::{actions, store};
use crate::CASE_VIEW;
use crate::agency::gate::house_only;
use crate::case::actions as cases;

/// The ways to recover the loans of a case, and those that were kept (追偿路径).
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct RoutesData {
    /// The ways that the security leaves open today.
    ways: Vec<WayData>,
    /// The routes kept on the case, the latest first.
    kept: Vec<KeptData>,
}

/// A way that the security leaves open (可行追偿路径).
#[derive(Debug, Serialize, JsonSchema)]
struct WayData {
    /// How a form names it.
    key: String,
    /// The loan.
    loan: String,
    /// 借据号.
    number: String,
    /// `joint_guarantee`, `general_guarantee`, `mortgage`, `pledge` or `credit`.
    security_kind: String,
    /// Who, or what.
    security: String,
    /// `guarantor_at_once`, `debtor_first`, `realise_mortgage`, `realise_pledge` or `by_cause`.
    route: String,
    /// `nothing`, `suit` or `enforcement`.
    waits_for: String,
    /// The article.
    article: String,
}

/// A route that was kept (追偿路径记录).
#[derive(Debug, Serialize, JsonSchema)]
struct KeptData {
    /// The key.
    id: String,
    /// The loan.
    loan: String,
    /// Who, or what it rests on.
    security: String,
    /// The route.
    route: String,
    /// What is planned.
    words: String,
    /// The business date.
    on: String,
    /// By whom.
    recorded_by: String,
}

fn way(one: Way) -> WayData {
    WayData {
        key: one.key(),
        loan: one.loan.loan.to_string(),
        security_kind: one.kind.to_owned(),
        waits_for: one.waits.as_str().to_owned(),
        number: one.number,
        security: one.what,
        route: one.route,
        article: one.article,
    }
}

fn kept(one: Kept) -> KeptData {
    KeptData {
        id: one.id.to_string(),
        loan: one.loan.to_string(),
        security: one.what,
        route: one.route,
        words: one.words,
        on: one.on.to_string(),
        recorded_by: one.by,
    }
}

/// `/api/v1/collections/cases/{id}/routes`
pub(super) async fn routes(visit: Visit, Path(id): Path<String>) -> Result<Data<RoutesData>, WebError> {
    let mut work = visit.read().await?;
    let case = cases::load(&mut work, cases::parse(&id).map_err(ActionError::from)?, CASE_VIEW).await?;
    house_only(&mut work).await?;
    let ways = actions::ways(&mut work, case.key).await?;
    let found = store::of_case(&mut work.tx, case.key).await.map_err(ActionError::from)?;
    Ok(Data(RoutesData { ways: ways.into_iter().map(way).collect(), kept: found.into_iter().map(kept).collect() }))
}
