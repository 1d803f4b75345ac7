//! A customer as a program reads it (客户数据): what the list and the head of the page show, personal data masked.

use axum::extract::Path;
use platform::api::Data;
use platform::id::CustomerId;
use platform::web::{Visit, WebError};
use schemars::JsonSchema;
use serde::Serialize;

use super::actions::load_within;
use crate::{VIEW, merge};

/// A customer (客户); numbers that identify a person are masked, and shown only through a reveal.
#[derive(Debug, Serialize, JsonSchema)]
pub struct CustomerData {
    /// The key.
    id: String,
    /// 客户号.
    number: String,
    /// `person` or `company`.
    kind: String,
    /// 姓名 or 名称.
    name: String,
    /// Which document identifies it.
    identity_kind: String,
    /// Its number, masked.
    identity_masked: String,
    /// The last digits of the main phone.
    phone_last: Option<String>,
    /// The branch that keeps the file.
    branch: String,
    /// 管户客户经理.
    manager: String,
    /// When the file was opened.
    opened_on: String,
    /// The surviving file, when this one was merged into it: nothing is added here any more.
    merged_into: Option<String>,
    /// What a change sends back as `seen`.
    version: i64,
}

/// `/api/v1/customers/{id}`
pub(super) async fn customer(visit: Visit, Path(id): Path<CustomerId>) -> Result<Data<CustomerData>, WebError> {
    let mut work = visit.read().await?;
    let one = load_within(&mut work, id, VIEW).await?;
    let root = merge::root(&mut work.tx, one.id).await?;
    // Where it went is told to who may see that file.
    let root = merge::number_for(&mut work, root).await?.map_or(one.id, |_| root);
    Ok(Data(CustomerData {
        id: one.id.to_string(),
        number: one.number,
        kind: one.kind.as_str().to_owned(),
        name: one.name,
        identity_kind: one.identity_kind.as_str().to_owned(),
        identity_masked: one.identity_masked,
        phone_last: one.phone_last,
        branch: one.branch.to_string(),
        manager: one.manager.to_string(),
        opened_on: one.opened_on.to_string(),
        merged_into: (root != one.id).then(|| root.to_string()),
        version: one.version,
    }))
}
