//! Proofs of assets as a program reads them (大额资产证明数据).

use axum::extract::Path;
use platform::api::Data;
use platform::id::CustomerId;
use platform::policies;
use platform::web::{Visit, WebError};
use schemars::JsonSchema;
use serde::Serialize;

use super::model::Counts;
use super::{actions, rules};
use crate::VIEW;
use crate::customer::actions::load_within;

/// The proofs of assets of a customer (大额资产证明).
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ProofsData {
    /// What counts in the offset of debts, in fen.
    counting_fen: i64,
    /// The proofs, the earliest first.
    proofs: Vec<ProofData>,
}

/// A proof of assets (大额资产证明).
#[derive(Debug, Serialize, JsonSchema)]
struct ProofData {
    /// The key.
    id: String,
    /// The key of the paper on file.
    document: String,
    /// The kind, as the policy names it.
    kind: String,
    /// The sum it shows, in fen.
    face_fen: i64,
    /// What it shows, in words.
    note: String,
    /// When it was entered.
    made_on: String,
    /// `yes`, or why it does not count.
    counts: String,
    /// The last day on which its paper is in force.
    until: Option<String>,
}

/// `/api/v1/customers/{id}/asset-proofs`
pub(super) async fn proofs(visit: Visit, Path(id): Path<CustomerId>) -> Result<Data<ProofsData>, WebError> {
    let mut work = visit.read().await?;
    load_within(&mut work, id, VIEW).await?;
    let today = work.business_date;
    let in_force = policies::in_force(&mut work, today).await?;
    let all = actions::judged(&mut work, id, &in_force, today).await?;
    let until = |counts: &Counts| match counts {
        Counts::Yes(until) => until.map(|on| on.to_string()),
        Counts::Expired(until) => Some(until.to_string()),
        Counts::Withdrawn | Counts::NoPaper | Counts::Unverified | Counts::Contradicted | Counts::NoConsent => None,
    };
    let proof = |(one, counts): &(super::model::Proof, Counts)| ProofData {
        id: one.id.to_string(),
        document: one.content.document.to_string(),
        kind: one.content.kind.clone(),
        face_fen: one.content.face.0,
        note: one.content.note.clone(),
        made_on: one.made_on.to_string(),
        counts: counts.as_str().to_owned(),
        until: until(counts),
    };
    Ok(Data(ProofsData { counting_fen: rules::sum(&all).0.0, proofs: all.iter().map(proof).collect() }))
}
