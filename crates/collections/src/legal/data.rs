//! Legal recovery as a program reads it (法律追偿数据).

use axum::extract::Path;
use platform::api::Data;
use platform::web::{Visit, WebError};
use schemars::JsonSchema;
use serde::Serialize;

use super::actions::look;
use super::model::Means;
use super::wait::Wait;
use crate::limitation::actions::find_key;

/// Where the legal recovery of a loan stands (法律追偿情况): the gate, the file, its evidence and means.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct LegalData {
    /// The loan.
    loan: String,
    /// 逾期天数.
    days_overdue: i64,
    /// Days overdue that the policy asks for at least.
    days_asked: i64,
    /// Documented attempts to collect.
    attempts: i64,
    /// Attempts that the policy asks for at least.
    attempts_asked: i64,
    /// Whether a refusal to pay is on record.
    refused: bool,
    /// Whether the recorded cause asks for preservation at once.
    urgent: bool,
    /// The article behind the gate.
    article: Option<String>,
    /// The file that is open, or was last.
    file: Option<FileData>,
    /// The list of evidence.
    evidence: Vec<EvidenceData>,
    /// The means taken.
    means: Vec<MeansData>,
    /// Why no suit was filed yet, in order.
    waits: Vec<WaitData>,
    /// The last day to apply for enforcement.
    enforce_until: Option<String>,
}

/// A legal file (法律案卷).
#[derive(Debug, Serialize, JsonSchema)]
struct FileData {
    /// The key.
    id: String,
    /// `refusal` or `urgent`.
    ground: String,
    /// When it was opened.
    opened_on: String,
    /// When it was closed.
    closed_on: Option<String>,
    /// Why it was closed.
    closed_reason: Option<String>,
    /// How it ended: `paid`, or `ended` by a person.
    outcome: Option<String>,
    /// Rises with every change; a form names it.
    version: i64,
}

/// A piece of evidence (证据项).
#[derive(Debug, Serialize, JsonSchema)]
struct EvidenceData {
    /// Its name in the policy's list.
    item: String,
    /// Where it lies; null: it is missing.
    place: Option<String>,
}

/// A means taken (法律手段).
#[derive(Debug, Serialize, JsonSchema)]
struct MeansData {
    /// The key.
    id: String,
    /// Which: `suit`, `payment-order` ….
    kind: String,
    /// When it was taken.
    on: String,
    /// Court, commission, mediator or law firm.
    authority: String,
    /// 案号.
    reference: String,
    /// 标的金额, in fen.
    amount_fen: Option<i64>,
    /// What it has cost, in fen.
    cost_fen: i64,
    /// When it ended.
    ended_on: Option<String>,
    /// What came of it.
    outcome: Option<String>,
    /// Whether its end can be enforced.
    title: bool,
}

/// A reason why no suit was filed yet (暂缓事由).
#[derive(Debug, Serialize, JsonSchema)]
struct WaitData {
    /// Which of the policy's: `agreement`, `evidence` ….
    reason: String,
    /// What is so, in words.
    note: String,
    /// When it was recorded.
    on: String,
    /// The last day on which it holds.
    until: String,
    /// By whom it was recorded.
    by: String,
}

impl WaitData {
    fn of(one: Wait) -> Self {
        let (on, until) = (one.on.to_string(), one.said.until.to_string());
        Self { reason: one.said.reason, note: one.said.note, on, until, by: one.by }
    }
}

impl MeansData {
    fn of(one: Means) -> Self {
        Self {
            id: one.id.to_string(),
            kind: one.kind.as_str().to_owned(),
            on: one.on.to_string(),
            authority: one.authority,
            reference: one.reference,
            amount_fen: one.amount.map(|amount| amount.0),
            cost_fen: one.cost.0,
            ended_on: one.ended.as_ref().map(|ended| ended.on.to_string()),
            title: one.ended.as_ref().is_some_and(|ended| ended.title),
            outcome: one.ended.map(|ended| ended.outcome),
        }
    }
}

/// `/api/v1/loans/{id}/legal`
pub(super) async fn legal(visit: Visit, Path(id): Path<String>) -> Result<Data<LegalData>, WebError> {
    let mut work = visit.read().await?;
    let key = find_key(&mut work, &id).await?;
    let it = look(&mut work, key).await?;
    let file = it.file.map(|file| FileData {
        id: file.id.to_string(),
        ground: file.ground.as_str().to_owned(),
        opened_on: file.opened_on.to_string(),
        closed_on: file.closed.as_ref().map(|(on, _)| on.to_string()),
        outcome: file.outcome.map(|outcome| outcome.as_str().to_owned()),
        closed_reason: file.closed.map(|(_, reason)| reason),
        version: file.version,
    });
    Ok(Data(LegalData {
        loan: key.loan.to_string(),
        days_overdue: it.standing.days,
        days_asked: it.gate.days,
        attempts: it.standing.attempts,
        attempts_asked: it.gate.attempts,
        refused: it.standing.refused,
        urgent: it.standing.urgent,
        article: it.article,
        file,
        evidence: it.evidence.into_iter().map(|one| EvidenceData { item: one.item, place: one.place }).collect(),
        means: it.means.into_iter().map(MeansData::of).collect(),
        waits: it.waits.into_iter().map(WaitData::of).collect(),
        enforce_until: it.enforce_until.map(|on| on.to_string()),
    }))
}
