//! An approval as a program reads it (审批数据).

use axum::extract::Path;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value as Json;

use super::model::{Approval, ApprovalState};
use super::pages::seen;
use super::store::{self, Opinion};
use crate::api::Data;
use crate::locale::Lang;
use crate::web::{Visit, WebError};

/// An approval (审批): what waits for agreement, whose turn it is, what was said.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ApprovalData {
    /// The key.
    id: String,
    /// Whose file; `0` is the institution's own.
    customer: String,
    /// What kind of thing.
    kind: String,
    /// The thing: `loan:123`.
    subject: String,
    /// What people call it.
    title: String,
    /// The amount at stake, in fen.
    amount_fen: Option<i64>,
    /// Why it is handled before others; null: in its turn.
    priority: Option<String>,
    /// Everything that agreement makes true.
    payload: Json,
    /// Who made it; that person never approves it.
    maker: String,
    /// The branch it belongs to.
    branch: String,
    /// The steps in order, each the roles of which any one may decide.
    chain: Vec<Vec<String>>,
    /// The step whose turn it is, from 0; null when none is.
    step: Option<usize>,
    /// `pending`, `returned`, `approved`, `rejected` or `withdrawn`.
    state: String,
    /// When it ended.
    ended_on: Option<String>,
    /// What the maker must mend.
    missing: Vec<MissingData>,
    /// What was said so far.
    opinions: Vec<OpinionData>,
    /// The rule that chose the chain.
    rule: String,
    /// Its article.
    article: String,
    /// When it was submitted.
    submitted_on: String,
    /// What an opinion sends back as `version`.
    version: i64,
}

/// A thing that the maker must mend (待补正项).
#[derive(Debug, Serialize, JsonSchema)]
struct MissingData {
    /// The field or paper.
    field: String,
    /// What is wrong with it.
    note: String,
}

/// An opinion (审批意见).
#[derive(Debug, Serialize, JsonSchema)]
struct OpinionData {
    /// `approve`, `reject`, `return`, `withdraw` or `resubmit`.
    verdict: String,
    /// Who said it.
    by: String,
    /// That person's name.
    by_name: String,
    /// In which role.
    by_role: String,
    /// When.
    at: String,
    /// In which words.
    opinion: String,
}

/// `/api/v1/approvals/{customer}/{id}`
pub(super) async fn approval(
    visit: Visit,
    Path((customer, id)): Path<(i64, i64)>,
) -> Result<Data<ApprovalData>, WebError> {
    let mut work = visit.read().await?;
    let it = seen(&mut work, customer, id).await?;
    let opinions = store::opinions(&mut work.tx, it.customer, it.id).await?;
    Ok(Data(ApprovalData::of(it, opinions, visit.lang)))
}

impl ApprovalData {
    fn of(it: Approval, opinions: Vec<Opinion>, lang: Lang) -> Self {
        let (step, ended_on, missing) = match &it.state {
            ApprovalState::Pending { step } => (Some(*step), None, Vec::new()),
            ApprovalState::Returned { step, missing } => (Some(*step), None, missing.clone()),
            ApprovalState::Approved { on } | ApprovalState::Rejected { on } | ApprovalState::Withdrawn { on } => {
                (None, Some(on.to_string()), Vec::new())
            }
        };
        let missing = missing.into_iter().map(|one| MissingData { field: one.field, note: one.note }).collect();
        Self {
            id: it.id.to_string(),
            customer: it.customer.to_string(),
            kind: it.kind,
            subject: it.subject,
            title: it.title.read(lang).to_owned(),
            amount_fen: it.amount.map(|amount| amount.0),
            priority: it.priority.map(|reason| reason.read(lang).to_owned()),
            payload: it.payload,
            maker: it.maker.to_string(),
            branch: it.branch.to_string(),
            chain: it.chain,
            step,
            state: it.state.as_str().to_owned(),
            ended_on,
            missing,
            opinions: opinions.into_iter().map(OpinionData::of).collect(),
            rule: it.rule,
            article: it.article,
            submitted_on: it.submitted_on.to_string(),
            version: it.version,
        }
    }
}

impl OpinionData {
    fn of(one: Opinion) -> Self {
        Self {
            verdict: one.verdict,
            by: one.by.to_string(),
            by_name: one.by_name,
            by_role: one.by_role,
            at: one.at.to_string(),
            opinion: one.opinion,
        }
    }
}
