//! Handed-in calls as a program reads them (电话系统通话数据).

use axum::extract::Query;
use platform::api::Data;
use platform::web::{Visit, WebError};
use schemars::JsonSchema;
use serde::Serialize;

use super::model::Delivered;
use super::{judge, pages};

/// A call that a telephone system handed in (电话系统通话).
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct DeliveredData {
    /// The key.
    id: String,
    /// The telephone system's key.
    call: String,
    /// The number called, masked.
    number: String,
    /// The number called from; empty where it was not said.
    line: String,
    /// When it was dialled.
    started_at: String,
    /// How long it lasted, in seconds.
    seconds: i64,
    /// `unmatched`, `waiting`, `kept`, `judged` or `dismissed`.
    state: String,
    /// SHA-256 of the sound.
    digest: String,
    /// Since when the content is not here any more.
    erased_on: Option<String>,
}

fn of(one: Delivered) -> DeliveredData {
    DeliveredData {
        id: one.id.to_string(),
        call: one.call,
        number: one.masked,
        line: one.line,
        started_at: one.at.to_string(),
        seconds: one.seconds,
        state: one.state.as_str().to_owned(),
        digest: one.digest,
        erased_on: one.erased_on.map(|on| on.to_string()),
    }
}

/// `/api/v1/collections/calls`
pub(super) async fn calls(
    visit: Visit,
    Query(asked): Query<pages::Asked>,
) -> Result<Data<Vec<DeliveredData>>, WebError> {
    let mut work = visit.read().await?;
    let all = judge::list(&mut work, asked.state()).await?;
    Ok(Data(all.into_iter().map(of).collect()))
}
