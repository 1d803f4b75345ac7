//! Customer data as a program reads them (资料数据).

use axum::extract::Path;
use platform::api::Data;
use platform::error::ActionError;
use platform::id::CustomerId;
use platform::web::{Visit, WebError};
use schemars::JsonSchema;
use serde::Serialize;

use super::model::{Datum, latest};
use super::{item, pages, store};
use crate::VIEW;
use crate::customer::actions::load_within;
use crate::error::CustomerError;

/// A datum of a customer's file (资料项), with its source and ground.
#[derive(Debug, Serialize, JsonSchema)]
pub struct DatumData {
    /// The key.
    id: String,
    /// The item, as policies call it.
    item: String,
    /// The group in which it is entered.
    group: String,
    /// The value: money in fen, shares in parts per million; nothing once withdrawn.
    value: Option<String>,
    /// As of when.
    effective_on: String,
    /// Until when it counts.
    valid_until: Option<String>,
    /// By which way it came.
    route: String,
    /// Which paper, whom, which register.
    source_note: String,
    /// On what ground it is held.
    basis: String,
    /// When the person consented.
    consented_on: Option<String>,
    /// `verified`, `stated`, `expired`, `contradicted`, `withdrawn`.
    state: String,
}

impl DatumData {
    fn of(one: &Datum, on: jiff::civil::Date) -> Self {
        Self {
            id: one.id.to_string(),
            item: one.item.name.to_owned(),
            group: one.item.group.to_owned(),
            value: one.value.clone(),
            effective_on: one.effective_on.to_string(),
            valid_until: one.valid_until.map(|on| on.to_string()),
            route: one.route.as_str().to_owned(),
            source_note: one.source_note.clone(),
            basis: one.basis.as_str().to_owned(),
            consented_on: one.consented_on.map(|on| on.to_string()),
            state: one.standing(on).as_str().to_owned(),
        }
    }
}

/// `/api/v1/customers/{id}/data`: the latest of each item.
pub(super) async fn data(visit: Visit, Path(id): Path<CustomerId>) -> Result<Data<Vec<DatumData>>, WebError> {
    let mut work = visit.read().await?;
    load_within(&mut work, id, VIEW).await?;
    let all = store::of_customer(&mut work.tx, id).await?;
    let on = work.business_date;
    Ok(Data(latest(&all, on).into_iter().map(|one| DatumData::of(one, on)).collect()))
}

/// `/api/v1/customers/{id}/items/{item}`: everything recorded of one item.
pub(super) async fn history(
    visit: Visit,
    Path((id, name)): Path<(CustomerId, String)>,
) -> Result<Data<Vec<DatumData>>, WebError> {
    let mut work = visit.read().await?;
    load_within(&mut work, id, VIEW).await?;
    let item = item::find(&name).ok_or(ActionError::from(CustomerError::NoSuchPart("data")))?;
    let all = store::of_customer(&mut work.tx, id).await?;
    let on = work.business_date;
    Ok(Data(pages::of_item(&all, item).into_iter().map(|one| DatumData::of(one, on)).collect()))
}
