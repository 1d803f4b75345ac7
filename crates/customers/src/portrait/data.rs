//! The portrait of a person as a program reads it (客户画像数据).

use axum::extract::Path;
use platform::api::Data;
use platform::id::CustomerId;
use platform::policies;
use platform::web::{Visit, WebError};
use schemars::JsonSchema;
use serde::Serialize;

use super::rules::Drawn;
use crate::VIEW;
use crate::customer::actions::load_within;

/// A portrait (客户画像).
#[derive(Debug, Serialize, JsonSchema)]
pub struct PortraitData {
    /// Whether the person agreed to it; without consent it says nothing.
    consented: bool,
    /// What it says.
    says: Vec<TraitData>,
    /// The facts that it was drawn from.
    from: Vec<String>,
}

/// One thing that a portrait says (画像特征).
#[derive(Debug, Serialize, JsonSchema)]
struct TraitData {
    /// The output of the policy.
    name: String,
    /// Its value.
    value: String,
}

/// `/api/v1/customers/{id}/portrait`
pub(super) async fn portrait(visit: Visit, Path(id): Path<CustomerId>) -> Result<Data<PortraitData>, WebError> {
    let mut work = visit.read().await?;
    let customer = load_within(&mut work, id, VIEW).await?;
    let on = work.business_date;
    let policy = policies::in_force(&mut work, on).await?;
    let Drawn::Portrait(found) = super::drawn(&mut work, &customer, &policy, on).await? else {
        return Ok(Data(PortraitData { consented: false, says: Vec::new(), from: Vec::new() }));
    };
    let says = found.says.into_iter().map(|(name, value)| TraitData { name, value }).collect();
    Ok(Data(PortraitData { consented: true, says, from: found.from }))
}
