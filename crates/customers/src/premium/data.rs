//! The list as a program reads it (优质企业数据).

use axum::extract::Path;
use platform::api::Data;
use platform::web::{Visit, WebError};
use schemars::JsonSchema;
use serde::Serialize;

use super::actions;
use super::model::Entry;
use crate::VIEW;

/// An entry of the list of premium enterprises (优质企业).
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct PremiumData {
    /// The key.
    id: String,
    /// 优质企业编号.
    number: String,
    /// The name of the enterprise.
    name: String,
    /// 统一社会信用代码.
    uscc: String,
    /// The item of the list, as the policy names it.
    item: String,
    /// The industry under the item; `none`: the item asks for none.
    industry: String,
    /// The board on which a subsidiary is listed.
    board: Option<String>,
    /// For how many years in a row it made good profit.
    good_years: Option<i64>,
    /// 统一社会信用代码 of the parent.
    parent_uscc: Option<String>,
    /// The share of the parent, in parts per million.
    parent_share_ppm: Option<i64>,
    /// Which paper, register or page shows it.
    proof: String,
    /// The first day on the list.
    starts_on: String,
    /// The last day, where one is known.
    until: Option<String>,
    /// `submitted`, `approved`, `refused`.
    state: String,
    /// When it was agreed to.
    approved_on: Option<String>,
    /// From when on it is not on the list any more.
    ended_on: Option<String>,
    /// Why it was taken off.
    end_reason: Option<String>,
    /// The key of the later entry that took its place.
    superseded_by: Option<String>,
    /// The key of the branch that entered it.
    branch: String,
    /// Whether it is on the list today, of itself.
    standing: bool,
}

/// `/api/v1/premium-enterprises/{enterprise}`.
pub(super) async fn enterprise(visit: Visit, Path(id): Path<String>) -> Result<Data<PremiumData>, WebError> {
    let mut work = visit.read().await?;
    let one = actions::seen(&mut work, &id, VIEW).await?;
    let standing = one.stands_on(work.business_date);
    let Entry { content: said, .. } = &one;
    Ok(Data(PremiumData {
        id: one.id.to_string(),
        number: one.number.clone(),
        name: said.name.clone(),
        uscc: said.uscc.clone(),
        item: said.item.clone(),
        industry: said.industry.clone(),
        board: said.board.clone(),
        good_years: said.good_years,
        parent_uscc: said.parent_uscc.clone(),
        parent_share_ppm: said.parent_share_ppm,
        proof: said.proof.clone(),
        starts_on: said.starts_on.to_string(),
        until: said.until.map(|on| on.to_string()),
        state: one.state.as_str().to_owned(),
        approved_on: one.approved_on.map(|on| on.to_string()),
        ended_on: one.ended_on.map(|on| on.to_string()),
        end_reason: one.end_reason.clone(),
        superseded_by: one.superseded_by.map(|id| id.to_string()),
        branch: one.branch.to_string(),
        standing,
    }))
}
