//! A what-if question answered to a program (试算数据).

use axum::extract::{Path, Query};
use finance::Position;
use platform::api::Data;
use platform::error::Refused;
use platform::web::{Visit, WebError};
use schemars::JsonSchema;
use serde::Serialize;

use super::model::WhatIfForm;
use super::pages::{barred, tried};
use crate::loan::data::{Heads, InstalmentData};
use crate::loan::pages::{Asked, look};

/// A loan before and after what is asked (试算): nothing is written.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct WhatIfData {
    /// The loan.
    loan: String,
    /// On which day it would happen.
    on: String,
    /// As it stands.
    before: Standing,
    /// As it would stand.
    after: Standing,
    /// The code of what the policy of today would refuse of it; null: nothing.
    barred: Option<String>,
    /// The rule that would refuse.
    barred_by: Option<String>,
}

/// A loan as it stands or would stand (试算结果).
#[derive(Debug, Serialize, JsonSchema)]
struct Standing {
    /// Everything owed, due or not.
    outstanding: Heads,
    /// The yearly rate in billionths.
    yearly_e9: i64,
    /// The last due date.
    maturity_on: String,
    /// The schedule.
    schedule: Vec<InstalmentData>,
}

impl Standing {
    fn of(position: &Position) -> Self {
        Self {
            outstanding: (&position.outstanding).into(),
            yearly_e9: position.yearly_e9,
            maturity_on: position.maturity_on.to_string(),
            schedule: position.instalments.iter().map(InstalmentData::of).collect(),
        }
    }
}

/// `/api/v1/loans/{id}/what-if`
pub(super) async fn what_if(
    visit: Visit,
    Path(id): Path<String>,
    Query(asked): Query<WhatIfForm>,
) -> Result<Data<WhatIfData>, WebError> {
    let mut work = visit.read().await?;
    let looked = look(&mut work, &id, &Asked::default()).await?;
    let (on, kind) = asked.read(visit.business_date).map_err(Refused::form)?;
    let barred = barred(&mut work, &looked, &kind).await?;
    let trial = tried(&looked, on, kind)?.map_err(Refused::form)?;
    Ok(Data(WhatIfData {
        loan: looked.file.loan.key.loan.to_string(),
        on: on.to_string(),
        before: Standing::of(&trial.before),
        after: Standing::of(&trial.after),
        barred_by: barred.as_ref().and_then(|refused| refused.rule.clone()),
        barred: barred.map(|refused| refused.code.to_owned()),
    }))
}
