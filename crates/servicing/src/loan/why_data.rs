//! A derivation of a loan as a program reads it (推导数据).

use axum::extract::{Path, Query};
use platform::api::{Data, DerivationData};
use platform::error::{ActionError, RefusalKind, Refused};
use platform::web::{Visit, WebError};

use super::data::Clocks;
use super::pages::look;
use super::why::{Question, answer, title};

/// `/api/v1/loans/{id}/why/{what}`: `overdue`, `principal`, `penalty-7`, `interest-7`, `class`, `provision`.
pub(super) async fn derivation(
    visit: Visit,
    Path((id, what)): Path<(String, String)>,
    Query(clocks): Query<Clocks>,
) -> Result<Data<DerivationData>, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let looked = look(&mut work, &id, &clocks.asked()).await?;
    let question = Question::parse(&what)
        .ok_or_else(|| ActionError::from(Refused::new(RefusalKind::NotFound, "no-such-figure").with("what", &what)))?;
    let (found, _) = answer(&mut work, &ui, &looked, question).await?;
    let amount = title(&ui, &looked, question).1.0;
    Ok(Data(DerivationData::of(what, Some(amount), found)))
}
