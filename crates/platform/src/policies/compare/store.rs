//! Tables `policy_comparison` and `policy_comparison_row`.

use jiff::Timestamp;
use jiff::civil::Date;

use super::report::Report;
use crate::args;
use crate::db::{Row, StoreError, Tx};
use crate::stored_as_text;

/// The failure of a comparison whose process ended under it.
pub(super) const BROKEN_OFF: &str = "broken-off";

/// How far a comparison is (对比状态).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ComparisonState {
    /// It runs.
    Running,
    /// Its report stands.
    Done,
    /// It broke off.
    Failed,
}

impl ComparisonState {
    /// Its name in data.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
        }
    }

    /// Reads its name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Running, Self::Done, Self::Failed].into_iter().find(|state| state.as_str() == text)
    }
}
stored_as_text!(ComparisonState, "state of a comparison");

/// A comparison of a draft on the own book (对比).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// Its key.
    pub id: i64,
    /// The draft.
    pub draft: i64,
    /// The draft's revision.
    pub revision: i64,
    /// The digest of the rules compared.
    pub digest: String,
    /// The version compared with.
    pub base: i64,
    /// The business date on which it was made.
    pub business_date: Date,
    /// How far it is.
    pub state: ComparisonState,
    /// Steps done, and all of them.
    pub steps: (i64, i64),
    /// The report; empty while it runs.
    pub report: Report,
    /// Why it broke off.
    pub failure: Option<String>,
    /// Who asked for it.
    pub made_by: i64,
    /// When.
    pub made_at: Timestamp,
}

impl Comparison {
    /// Whether it stands for these rules on this business date.
    #[must_use]
    pub fn is_of(&self, digest: &str, on: Date) -> bool {
        self.state == ComparisonState::Done && self.digest == digest && self.business_date == on
    }
}

/// A subject that changes (变动对象).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// As of which date.
    pub as_of: Date,
    /// The decision.
    pub decision: String,
    /// The source.
    pub source: String,
    /// Whose file, and the subject's key.
    pub key: (i64, i64),
    /// Its number.
    pub label: String,
    /// Its page.
    pub href: String,
    /// The outcome now, and the draft's.
    pub outcome: (String, String),
    /// Its money, in fen.
    pub amount_fen: i64,
}

const COLUMNS: &str = "id, draft_id, revision, digest, base_version_id, business_date, state, done_steps, all_steps, \
                       report_json, failure, made_by, made_at";

fn decode(row: &Row) -> Result<Comparison, StoreError> {
    let text: String = row.get("report_json")?;
    let report = serde_json::from_str(&text).map_err(|_| StoreError::Corrupt {
        column: "report_json".to_owned(),
        expected: "report of a comparison",
        found: format!("a text of {} bytes", text.len()),
    })?;
    Ok(Comparison {
        id: row.get("id")?,
        draft: row.get("draft_id")?,
        revision: row.get("revision")?,
        digest: row.get("digest")?,
        base: row.get("base_version_id")?,
        business_date: row.get("business_date")?,
        state: row.get("state")?,
        steps: (row.get("done_steps")?, row.get("all_steps")?),
        report,
        failure: row.get("failure")?,
        made_by: row.get("made_by")?,
        made_at: row.get("made_at")?,
    })
}

/// One comparison.
pub async fn load(tx: &mut Tx, id: i64) -> Result<Option<Comparison>, StoreError> {
    let sql = sqlx::AssertSqlSafe(format!("select {COLUMNS} from policy_comparison where id = $1"));
    let found = tx.fetch_optional(sql, args![id]).await?.as_ref().map(decode).transpose()?;
    alive(tx, found).await
}

/// A comparison that runs in a process which is gone broke off, whatever its row says.
async fn alive(tx: &mut Tx, found: Option<Comparison>) -> Result<Option<Comparison>, StoreError> {
    let Some(one) = found else { return Ok(None) };
    if one.state == ComparisonState::Running && crate::server::is_gone(tx, one.id).await? {
        let failure = Some(BROKEN_OFF.to_owned());
        return Ok(Some(Comparison { state: ComparisonState::Failed, failure, ..one }));
    }
    Ok(Some(one))
}

/// The latest comparison of a draft.
pub async fn latest(tx: &mut Tx, draft: i64) -> Result<Option<Comparison>, StoreError> {
    let sql = sqlx::AssertSqlSafe(format!(
        "select {COLUMNS} from policy_comparison where draft_id = $1 order by id desc limit 1"
    ));
    let found = tx.fetch_optional(sql, args![draft]).await?.as_ref().map(decode).transpose()?;
    alive(tx, found).await
}

pub(super) async fn insert(tx: &mut Tx, it: &Comparison) -> Result<(), StoreError> {
    tx.execute(
        "insert into policy_comparison (id, draft_id, revision, digest, base_version_id, business_date, state, \
         done_steps, all_steps, report_json, failure, made_by, made_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        args![
            it.id,
            it.draft,
            it.revision,
            it.digest,
            it.base,
            it.business_date,
            it.state,
            it.steps.0,
            it.steps.1,
            serde_json::json!(it.report).to_string(),
            it.failure,
            it.made_by,
            it.made_at
        ],
    )
    .await
    .map(drop)
}

/// Notes how far it is.
pub(super) async fn progress(tx: &mut Tx, id: i64, done: i64) -> Result<(), StoreError> {
    tx.execute_one("update policy_comparison set done_steps = $1 where id = $2", args![done, id]).await
}

/// Ends it.
pub(super) async fn end(
    tx: &mut Tx,
    id: i64,
    state: ComparisonState,
    report: &Report,
    failure: Option<&str>,
) -> Result<(), StoreError> {
    tx.execute_one(
        "update policy_comparison set state = $1, done_steps = all_steps, report_json = $2, failure = $3 \
         where id = $4 and state = 'running'",
        args![state, serde_json::json!(report).to_string(), failure, id],
    )
    .await
}

pub(super) async fn insert_rows(tx: &mut Tx, id: i64, first: i64, rows: &[Changed]) -> Result<(), StoreError> {
    let values = rows.iter().zip(first..).map(|(row, seq)| {
        args![
            id,
            seq,
            row.as_of,
            row.decision,
            row.source,
            row.key.0,
            row.key.1,
            row.label,
            row.href,
            row.outcome.0,
            row.outcome.1,
            row.amount_fen
        ]
    });
    tx.write_rows(
        "insert into policy_comparison_row (comparison_id, seq, as_of, decision, source, customer_id, subject_id, \
         label, href, outcome_from, outcome_to, amount_fen)",
        "",
        values.collect(),
    )
    .await
    .map(drop)
}

/// Which of the changed subjects are asked for (筛选); empty texts ask for all.
#[derive(Debug, Clone, Default)]
pub struct Chosen {
    /// As of which date.
    pub on: Option<Date>,
    /// The decision.
    pub decision: String,
    /// The outcome now.
    pub from: String,
    /// The draft's outcome.
    pub to: String,
}

/// The changed subjects chosen, in order.
pub async fn rows(tx: &mut Tx, id: i64, chosen: &Chosen, limit: i64) -> Result<Vec<Changed>, StoreError> {
    let mut where_ = crate::db::Conditions::new();
    where_.and("comparison_id = ?", [&id]);
    if let Some(on) = &chosen.on {
        where_.and("as_of = ?", [on]);
    }
    for (fragment, value) in
        [("decision = ?", &chosen.decision), ("outcome_from = ?", &chosen.from), ("outcome_to = ?", &chosen.to)]
    {
        if !value.is_empty() {
            where_.and(fragment, [value]);
        }
    }
    let mut args = where_.args().to_vec();
    args.push(crate::db::ToValue::to_value(&limit));
    let sql = sqlx::AssertSqlSafe(format!(
        "select as_of, decision, source, customer_id, subject_id, label, href, outcome_from, outcome_to, amount_fen \
         from policy_comparison_row where {} order by seq limit ${}",
        where_.sql(),
        args.len()
    ));
    let rows = tx.fetch_all(sql, args).await?;
    rows.iter()
        .map(|row| {
            Ok(Changed {
                as_of: row.get("as_of")?,
                decision: row.get("decision")?,
                source: row.get("source")?,
                key: (row.get("customer_id")?, row.get("subject_id")?),
                label: row.get("label")?,
                href: row.get("href")?,
                outcome: (row.get("outcome_from")?, row.get("outcome_to")?),
                amount_fen: row.get("amount_fen")?,
            })
        })
        .collect()
}
