//! The watch list as a program reads it (关注名单数据).

use axum::extract::Path;
use platform::api::Data;
use platform::id::CustomerId;
use platform::policies;
use platform::web::{Visit, WebError};
use schemars::JsonSchema;
use serde::Serialize;

use super::{actions, rules, store};
use crate::VIEW;
use crate::customer::actions::load_within;

/// An entry on a watch list (关注记录).
#[derive(Debug, Serialize, JsonSchema)]
pub struct EntryData {
    /// The key.
    id: String,
    /// The list.
    list: String,
    /// Why.
    reason: String,
    /// From when.
    from: String,
    /// The last day.
    until: Option<String>,
    /// Whether the customer stands on the list today.
    stands: bool,
    /// When it is looked at again.
    review_on: Option<String>,
}

/// `/api/v1/customers/{id}/watch`: every entry, the latest first.
pub(super) async fn entries(visit: Visit, Path(id): Path<CustomerId>) -> Result<Data<Vec<EntryData>>, WebError> {
    let mut work = visit.read().await?;
    let customer = load_within(&mut work, id, VIEW).await?;
    let on = work.business_date;
    let policy = policies::in_force(&mut work, on).await?;
    let lists = actions::lists(&policy, on, customer.kind)?;
    let all = store::of_customer(&mut work.tx, id).await?;
    let data = all.iter().rev().map(|one| EntryData {
        id: one.id.to_string(),
        list: one.content.list.clone(),
        reason: one.content.reason.clone(),
        from: one.content.from.to_string(),
        until: one.content.until.map(|on| on.to_string()),
        stands: one.stands(on),
        review_on: rules::review_on(one, &lists).filter(|_| one.stands(on)).map(|on| on.to_string()),
    });
    Ok(Data(data.collect()))
}
