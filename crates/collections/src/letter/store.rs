//! Tables `letter` and `letter_step`.

use customers::relation::model::RelationId;
use finance::Fen;
use jiff::civil::Date;
use platform::args;
use platform::db::{Conditions, Row, StoreError, Tx};
use platform::id::CustomerId;
use platform::work::Work;
use servicing::loan::model::{LoanFile, LoanId, LoanKey};

use super::model::{Letter, LetterId, LetterState, RecordedStep, Step};
use crate::known::Pieces;

fn unreadable(error: &serde_json::Error) -> StoreError {
    StoreError::Corrupt {
        column: "content_json".to_owned(),
        expected: "the content of a letter",
        found: format!("{:?} at line {}", error.classify(), error.line()),
    }
}

/// Inserts a letter as it was issued.
pub async fn insert(work: &mut Work, letter: &Letter, file: &LoanFile) -> Result<(), StoreError> {
    let content = serde_json::to_string(&letter.content).map_err(|e| unreadable(&e))?;
    let origin = work.actor.origin.clone();
    let args = args![
        letter.loan.customer,
        letter.id,
        letter.loan.loan,
        letter.guarantee,
        letter.relation,
        letter.number,
        letter.kind,
        letter.content.addressee,
        content,
        letter.total,
        letter.content.pay_by,
        letter.state,
        letter.state_on,
        file.loan.branch,
        file.loan.team,
        file.loan.manager,
        letter.issued_on,
        work.now,
        work.actor.recorded_by(),
        origin.as_str(),
        origin.detail().to_owned()
    ];
    work.tx
        .execute(
            "insert into letter (customer_id, id, loan_id, guarantee_id, relation_id, number, kind, addressee, content_json, \
             total_fen, pay_by, state, state_on, branch_id, team_id, manager_id, effective_on, recorded_at, recorded_by, \
             source, source_detail) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)",
            args,
        )
        .await?;
    Ok(())
}

/// Appends a step.
pub async fn insert_step(work: &mut Work, letter: &Letter, step: &Step) -> Result<(), StoreError> {
    let id = work.next_id();
    work.tx
        .execute(
            "insert into letter_step (customer_id, id, letter_id, step, happened_on, signer, detail, effective_on, \
             recorded_at, recorded_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            args![
                letter.loan.customer,
                id,
                letter.id,
                step.to,
                step.on,
                step.signer,
                step.detail,
                work.business_date,
                work.now,
                work.actor.recorded_by()
            ],
        )
        .await?;
    Ok(())
}

/// Moves the kept state on; false when somebody was there before.
pub async fn move_on(tx: &mut Tx, letter: &Letter, step: &Step) -> Result<bool, StoreError> {
    let moved = tx
        .execute(
            "update letter set state = $1, state_on = $2, version = version + 1 \
             where customer_id = $3 and id = $4 and version = $5",
            args![step.to, step.on, letter.loan.customer, letter.id, letter.version],
        )
        .await?;
    Ok(moved == 1)
}

const COLUMNS: &str = "select l.customer_id, l.id, l.loan_id, l.guarantee_id, l.relation_id, l.number, l.kind, l.content_json, l.total_fen, \
     l.state, l.state_on, l.effective_on, l.version from letter l";

fn letter_of(row: &Row) -> Result<Letter, StoreError> {
    let content: String = row.get("content_json")?;
    let customer: CustomerId = row.get("customer_id")?;
    let loan: LoanId = row.get("loan_id")?;
    Ok(Letter {
        id: row.get("id")?,
        loan: LoanKey { customer, loan },
        guarantee: row.get("guarantee_id")?,
        relation: row.get("relation_id")?,
        number: row.get("number")?,
        kind: row.get("kind")?,
        content: serde_json::from_str(&content).map_err(|e| unreadable(&e))?,
        total: row.get("total_fen")?,
        state: row.get("state")?,
        state_on: row.get("state_on")?,
        issued_on: row.get("effective_on")?,
        version: row.get("version")?,
    })
}

/// The letter of this key.
pub async fn find(tx: &mut Tx, id: LetterId) -> Result<Option<Letter>, StoreError> {
    let mut w = Conditions::new();
    w.and_values("l.id = ?", args![id]);
    tx.fetch_optional(w.select(COLUMNS, ""), w.args()).await?.as_ref().map(letter_of).transpose()
}

/// The letters of a loan, the newest first.
pub async fn of_loan(tx: &mut Tx, key: LoanKey) -> Result<Vec<Letter>, StoreError> {
    let mut w = Conditions::new();
    w.and_values("l.customer_id = ? and l.loan_id = ?", args![key.customer, key.loan]);
    tx.fetch_all(w.select(COLUMNS, "order by l.id desc limit 200"), w.args()).await?.iter().map(letter_of).collect()
}

/// The letters of a loan that were issued until a day, in order. More than so many are not read.
///
/// # Errors
/// The store's.
pub async fn issued_until(tx: &mut Tx, key: LoanKey, on: Date, most: i64) -> Result<Vec<Letter>, StoreError> {
    let pieces = Pieces { head: COLUMNS, key: "l.id > ?", order: "order by l.id", most };
    let filter = |w: &mut Conditions| {
        let args = args![key.customer, key.loan, on];
        w.and_values("l.customer_id = ? and l.loan_id = ? and l.effective_on <= ?", args);
    };
    pieces.read(tx, filter, letter_of).await
}

/// What the newest letter to a related party claims, loan by loan; letters that were made void claim nothing.
pub async fn newest_to(tx: &mut Tx, customer: CustomerId, to: RelationId) -> Result<Vec<(LoanKey, Fen)>, StoreError> {
    let rows = tx
        .fetch_all(
            "select l.loan_id, l.total_fen from letter l where l.customer_id = $1 and l.relation_id = $2 \
             and l.state <> 'void' and l.id = (select max(n.id) from letter n where n.customer_id = l.customer_id \
             and n.loan_id = l.loan_id and n.relation_id = l.relation_id and n.state <> 'void') order by l.loan_id",
            args![customer, to],
        )
        .await?;
    rows.iter().map(|row| Ok((LoanKey { customer, loan: row.get("loan_id")? }, row.get("total_fen")?))).collect()
}

/// What happened to a letter, in order.
pub async fn steps(tx: &mut Tx, letter: &Letter) -> Result<Vec<RecordedStep>, StoreError> {
    let rows = tx
        .fetch_all(
            "select s.step, s.happened_on, s.signer, s.detail, s.recorded_at, u.name as by_name \
             from letter_step s left join user_view u on u.id = s.recorded_by \
             where s.customer_id = $1 and s.letter_id = $2 order by s.id",
            args![letter.loan.customer, letter.id],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(RecordedStep {
                step: Step {
                    to: row.get("step")?,
                    on: row.get("happened_on")?,
                    signer: row.get("signer")?,
                    detail: row.get("detail")?,
                    agrees: false,
                },
                recorded_at: row.get("recorded_at")?,
                by: row.get::<Option<String>>("by_name")?.unwrap_or_default(),
            })
        })
        .collect()
}

/// A letter as the list shows it (函件清单行).
#[derive(Debug, Clone)]
pub struct LetterRow {
    /// Its key.
    pub id: LetterId,
    /// 函件号.
    pub number: String,
    /// Its kind's name.
    pub kind: String,
    /// The customer's name.
    pub customer: String,
    /// Whom it is addressed to.
    pub addressee: String,
    /// The loan.
    pub loan: LoanId,
    /// 借据号.
    pub loan_number: String,
    /// The total demanded.
    pub total: Fen,
    /// Where it stands.
    pub state: LetterState,
    /// Since when.
    pub state_on: Date,
    /// The day of issue.
    pub issued_on: Date,
    /// Who issued it.
    pub by: String,
}

/// The rows of one page of the list.
pub async fn page(
    tx: &mut Tx,
    conditions: &Conditions,
    order: &str,
    size: i64,
    offset: i64,
) -> Result<Vec<LetterRow>, StoreError> {
    let tail = format!("order by {order}, l.id limit {size} offset {offset}");
    let head = "select l.id, l.number, l.kind, k.name, l.addressee, l.loan_id, v.number as loan_number, l.total_fen, l.state, \
                l.state_on, l.effective_on, u.name as by_name \
                from letter l join loan_view v on v.customer_id = l.customer_id and v.loan_id = l.loan_id \
                join customer_view k on k.customer_id = l.customer_id \
                left join user_view u on u.id = l.recorded_by";
    let rows = tx.fetch_all(conditions.select(head, &tail), conditions.args()).await?;
    rows.iter()
        .map(|row| {
            Ok(LetterRow {
                id: row.get("id")?,
                number: row.get("number")?,
                kind: row.get("kind")?,
                customer: row.get("name")?,
                addressee: row.get("addressee")?,
                loan: row.get("loan_id")?,
                loan_number: row.get("loan_number")?,
                total: row.get("total_fen")?,
                state: row.get("state")?,
                state_on: row.get("state_on")?,
                issued_on: row.get("effective_on")?,
                by: row.get::<Option<String>>("by_name")?.unwrap_or_default(),
            })
        })
        .collect()
}

/// How many letters a list has, and what they demand.
pub async fn totals(tx: &mut Tx, conditions: &Conditions) -> Result<(i64, i64), StoreError> {
    let head = "select count(*) as n, cast(coalesce(sum(l.total_fen), 0) as bigint) as total_fen \
                from letter l join loan_view v on v.customer_id = l.customer_id and v.loan_id = l.loan_id \
                join customer_view k on k.customer_id = l.customer_id";
    let row = tx.fetch_one(conditions.select(head, ""), conditions.args()).await?;
    Ok((row.get("n")?, row.get("total_fen")?))
}
