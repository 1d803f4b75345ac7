//! Tables `debtor_message` and `debtor_message_step`.

use customers::contact_point::model::ContactPointId;
use jiff::Timestamp;
use jiff::civil::Date;
use platform::args;
use platform::contact_gate::Channel;
use platform::db::{Conditions, Row, StoreError, Tx};
use platform::id::CustomerId;
use platform::work::Work;
use servicing::loan::model::{LoanFile, LoanId, LoanKey};

use super::model::{DebtorMessage, Decided, Decision, MessageId, MessageKind, MessageState};
use crate::known::Pieces;

const COLUMNS: &str = "select m.customer_id, m.id, m.loan_id, m.kind, m.channel, m.point_id, m.body, m.body_on, m.state, \
     m.receipt, m.rule, m.article, m.not_before, m.sent_at, m.allowance_id, m.contact_id, m.provider_ref, m.again_of, \
     m.decision, m.decided_reason, m.decided_at, m.decided_by, m.effective_on, m.recorded_at, m.recorded_by, m.version \
     from debtor_message m";

fn decode(row: &Row) -> Result<DebtorMessage, StoreError> {
    let decision: Option<Decision> = row.get("decision")?;
    let (reason, at): (Option<String>, Option<Timestamp>) = (row.get("decided_reason")?, row.get("decided_at")?);
    let by: Option<i64> = row.get("decided_by")?;
    let decided = decision.zip(reason).zip(at).map(|((decision, reason), at)| Decided {
        decision,
        reason,
        at,
        by: by.unwrap_or_default(),
    });
    let (customer, loan): (CustomerId, LoanId) = (row.get("customer_id")?, row.get("loan_id")?);
    Ok(DebtorMessage {
        id: row.get("id")?,
        loan: LoanKey { customer, loan },
        kind: row.get("kind")?,
        channel: row.get("channel")?,
        point: row.get("point_id")?,
        body: row.get("body")?,
        body_on: row.get("body_on")?,
        state: row.get("state")?,
        receipt: row.get("receipt")?,
        rule: row.get("rule")?,
        article: row.get("article")?,
        not_before: row.get("not_before")?,
        sent_at: row.get("sent_at")?,
        allowance: row.get("allowance_id")?,
        contact: row.get("contact_id")?,
        provider_ref: row.get("provider_ref")?,
        again_of: row.get("again_of")?,
        decided,
        composed_on: row.get("effective_on")?,
        recorded_at: row.get("recorded_at")?,
        by: row.get("recorded_by")?,
        version: row.get("version")?,
    })
}

/// Writes a new one.
pub(super) async fn insert(work: &mut Work, new: &DebtorMessage, file: &LoanFile) -> Result<(), StoreError> {
    let origin = work.actor.origin.clone();
    work.tx
        .execute(
            "insert into debtor_message (customer_id, id, loan_id, kind, channel, point_id, body, body_on, state, rule, \
             article, not_before, again_of, branch_id, team_id, manager_id, effective_on, recorded_at, recorded_by, \
             source, source_detail, version) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, \
             $16, $17, $18, $19, $20, $21, 1)",
            args![
                new.loan.customer,
                new.id,
                new.loan.loan,
                new.kind,
                new.channel,
                new.point,
                new.body,
                new.body_on,
                new.state,
                new.rule,
                new.article,
                new.not_before,
                new.again_of,
                file.loan.branch,
                file.loan.team,
                file.loan.manager,
                new.composed_on,
                new.recorded_at,
                new.by,
                origin.as_str(),
                origin.detail()
            ],
        )
        .await
        .map(drop)
}

/// Writes what changed of it; whoever read another version is told so.
pub(super) async fn write(tx: &mut Tx, one: &DebtorMessage) -> Result<(), StoreError> {
    let decided = one.decided.as_ref();
    tx.execute_one(
        "update debtor_message set body = $1, body_on = $2, state = $3, receipt = $4, rule = $5, article = $6, \
         not_before = $7, sent_at = $8, allowance_id = $9, contact_id = $10, provider_ref = $11, decision = $12, \
         decided_reason = $13, decided_at = $14, decided_by = $15, version = version + 1 \
         where customer_id = $16 and id = $17 and version = $18",
        args![
            one.body,
            one.body_on,
            one.state,
            one.receipt,
            one.rule,
            one.article,
            one.not_before,
            one.sent_at,
            one.allowance,
            one.contact,
            one.provider_ref,
            decided.map(|it| it.decision),
            decided.map(|it| it.reason.clone()),
            decided.map(|it| it.at),
            decided.map(|it| it.by),
            one.loan.customer,
            one.id,
            one.version
        ],
    )
    .await
}

/// The message of this key.
pub async fn find(tx: &mut Tx, id: MessageId) -> Result<Option<DebtorMessage>, StoreError> {
    let mut w = Conditions::new();
    w.and_values("m.id = ?", args![id]);
    tx.fetch_optional(w.select(COLUMNS, ""), w.args()).await?.as_ref().map(decode).transpose()
}

/// The messages about the loans of a customer that were composed until a day, in order. More than so many are not read.
pub(crate) async fn composed_until(
    tx: &mut Tx,
    customer: CustomerId,
    on: Date,
    most: i64,
) -> Result<Vec<DebtorMessage>, StoreError> {
    let pieces = Pieces { head: COLUMNS, key: "m.id > ?", order: "order by m.id", most };
    let filter = |w: &mut Conditions| {
        w.and_values("m.customer_id = ? and m.effective_on <= ?", args![customer, on]);
    };
    pieces.read(tx, filter, decode).await
}

/// The same with its row taken: an attempt's end, a receipt and a person's word come one after the other.
pub(super) async fn taken(tx: &mut Tx, id: MessageId) -> Result<Option<DebtorMessage>, StoreError> {
    tx.execute("update debtor_message set version = version + 1 where id = $1", args![id]).await?;
    find(tx, id).await
}

/// Whether one of this kind about this loan waits for this contact point.
pub(super) async fn waits(
    tx: &mut Tx,
    loan: LoanKey,
    kind: MessageKind,
    point: ContactPointId,
) -> Result<bool, StoreError> {
    let sql = "select 1 as one from debtor_message where customer_id = $1 and loan_id = $2 and kind = $3 \
         and point_id = $4 and state = 'waiting' limit 1";
    Ok(tx.fetch_optional(sql, args![loan.customer, loan.loan, kind, point]).await?.is_some())
}

/// Notes a step of its life.
pub(super) async fn step(work: &mut Work, one: &DebtorMessage, step: &str, detail: &str) -> Result<(), StoreError> {
    let at = work.now;
    step_at(work, one, step, detail, at).await
}

/// The same of a moment that somebody else names.
pub(super) async fn step_at(
    work: &mut Work,
    one: &DebtorMessage,
    step: &str,
    detail: &str,
    at: Timestamp,
) -> Result<(), StoreError> {
    let (id, now, by) = (work.next_id(), work.now, work.actor.recorded_by());
    work.tx
        .execute(
            "insert into debtor_message_step (customer_id, id, message_id, step, detail, happened_at, recorded_at, \
             recorded_by) values ($1, $2, $3, $4, $5, $6, $7, $8)",
            args![one.loan.customer, id, one.id, step, detail, at, now, by],
        )
        .await
        .map(drop)
}

/// A step of a message's life (消息经过).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What happened.
    pub step: String,
    /// More about it.
    pub detail: String,
    /// When.
    pub at: Timestamp,
    /// When it became known.
    pub recorded_at: Timestamp,
    /// Who recorded it; empty is the system.
    pub by: String,
}

/// What happened to a message, in order.
///
/// # Errors
/// The store's.
pub async fn steps(tx: &mut Tx, one: &DebtorMessage) -> Result<Vec<Step>, StoreError> {
    let rows = tx
        .fetch_all(
            "select s.step, s.detail, s.happened_at, s.recorded_at, coalesce(u.name, '') as by_name from debtor_message_step s \
             left join user_view u on u.id = s.recorded_by where s.customer_id = $1 and s.message_id = $2 \
             order by s.id",
            args![one.loan.customer, one.id],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Step {
                step: row.get("step")?,
                detail: row.get("detail")?,
                at: row.get("happened_at")?,
                recorded_at: row.get("recorded_at")?,
                by: row.get("by_name")?,
            })
        })
        .collect()
}

/// A message as the list shows it (消息清单行).
#[derive(Debug, Clone)]
pub struct MessageRow {
    /// Its key.
    pub id: MessageId,
    /// What it says.
    pub kind: MessageKind,
    /// By which channel.
    pub channel: Channel,
    /// The customer's name.
    pub customer: String,
    /// The number or address, masked.
    pub masked: String,
    /// The loan.
    pub loan: LoanId,
    /// 借据号.
    pub loan_number: String,
    /// Where it stands.
    pub state: MessageState,
    /// What a person decided.
    pub decision: Option<Decision>,
    /// When it was composed.
    pub recorded_at: Timestamp,
    /// When it went out.
    pub sent_at: Option<Timestamp>,
    /// Until when it was put off.
    pub not_before: Option<Timestamp>,
    /// How many signs it has: providers charge by them.
    pub signs: i64,
    /// Who composed it.
    pub by: String,
}

/// The rows of one page of the list, the latest first.
pub(super) async fn page(
    tx: &mut Tx,
    conditions: &Conditions,
    size: i64,
    offset: i64,
) -> Result<Vec<MessageRow>, StoreError> {
    let tail = format!("order by m.id desc limit {size} offset {offset}");
    let head = "select m.id, m.kind, m.channel, k.name, m.point_id, m.customer_id, m.loan_id, v.number as loan_number, \
                m.state, m.decision, m.recorded_at, m.sent_at, m.not_before, m.body, u.name as by_name \
                from debtor_message m join loan_view v on v.customer_id = m.customer_id and v.loan_id = m.loan_id \
                join customer_view k on k.customer_id = m.customer_id \
                left join user_view u on u.id = m.recorded_by";
    let rows = tx.fetch_all(conditions.select(head, &tail), conditions.args()).await?;
    let mut found = Vec::with_capacity(rows.len());
    for row in &rows {
        let body: String = row.get("body")?;
        let (customer, point) = (row.get("customer_id")?, row.get("point_id")?);
        let masked = customers::contact_point::store::load(tx, customer, point).await?;
        found.push(MessageRow {
            id: row.get("id")?,
            kind: row.get("kind")?,
            channel: row.get("channel")?,
            customer: row.get("name")?,
            masked: masked.map(|point| point.masked).unwrap_or_default(),
            loan: row.get("loan_id")?,
            loan_number: row.get("loan_number")?,
            state: row.get("state")?,
            decision: row.get("decision")?,
            recorded_at: row.get("recorded_at")?,
            sent_at: row.get("sent_at")?,
            not_before: row.get("not_before")?,
            signs: i64::try_from(body.chars().count()).unwrap_or(i64::MAX),
            by: row.get::<Option<String>>("by_name")?.unwrap_or_default(),
        });
    }
    Ok(found)
}

/// How many messages a list has.
pub(super) async fn count(tx: &mut Tx, conditions: &Conditions) -> Result<i64, StoreError> {
    let head = "select count(*) as n from debtor_message m \
                join loan_view v on v.customer_id = m.customer_id and v.loan_id = m.loan_id \
                join customer_view k on k.customer_id = m.customer_id";
    tx.fetch_one(conditions.select(head, ""), conditions.args()).await?.get("n")
}
