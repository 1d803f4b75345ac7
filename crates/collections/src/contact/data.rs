//! The outcomes that somebody owes, as a program reads them (待登记结果数据).

use platform::api::Data;
use platform::duty::CONTACT_RECORD;
use platform::web::{Visit, WebError};
use schemars::JsonSchema;
use serde::Serialize;

use crate::guard::store::{Allowance, owed_by};

/// A contact that was let through and whose outcome is not yet told (待登记结果).
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct OwedData {
    /// The allowance: `/customers/<customer>/outcomes/<id>` takes the outcome.
    id: String,
    /// Whose file.
    customer: String,
    /// By which channel.
    channel: String,
    /// What the person is to the debt.
    party: String,
    /// When it was let through.
    asked_at: String,
    /// When the allowance runs out.
    lapses_at: String,
    /// Whether it ran out already.
    late: bool,
}

/// `/api/v1/collections/outcomes`: the asker's own, the oldest first.
pub(super) async fn owed(visit: Visit) -> Result<Data<Vec<OwedData>>, WebError> {
    let mut work = visit.read().await?;
    work.authorise(CONTACT_RECORD)?;
    let open = owed_by(&mut work.tx, visit.user()?.0).await?;
    let open = crate::agency::gate::seen(&mut work, open, |one| one.customer).await?;
    let data = |one: Allowance| OwedData {
        late: one.lapses_at <= visit.now,
        id: one.id.to_string(),
        customer: one.customer.to_string(),
        channel: one.channel.as_str().to_owned(),
        party: one.party,
        asked_at: one.asked_at.to_string(),
        lapses_at: one.lapses_at.to_string(),
    };
    Ok(Data(open.into_iter().map(data).collect()))
}
