//! Tables `repayment_agreement` and `repayment_agreement_step`.

use finance::Fen;
use jiff::Timestamp;
use jiff::civil::Date;
use platform::args;
use platform::db::{Conditions, Row, StoreError, Tx};
use platform::id::CustomerId;
use platform::work::Work;
use servicing::loan::model::{LoanId, LoanKey};

use super::model::{Agreement, AgreementId, AgreementState};
use crate::case::model::CaseKey;
use crate::known::{Known, Pieces};
use crate::stop_flag::model::StopFlagId;

/// The most keys in one statement.
const KEYS: usize = 500;
/// The step by which an agreement begins to be performed.
const SIGNED: &str = "signed";

const COLUMNS: &str = "select a.customer_id, a.id, a.case_id, a.loan_id, a.number, a.kind, a.terms_json, a.state, \
     a.approval_id, a.signed_on, a.next_due_on, a.paid_fen, a.flag_id, a.effective_on, a.version \
     from repayment_agreement a";

fn decode(row: &Row) -> Result<Agreement, StoreError> {
    let customer: CustomerId = row.get("customer_id")?;
    let terms: String = row.get("terms_json")?;
    let corrupt = |found: String| StoreError::Corrupt {
        column: "terms_json".to_owned(),
        expected: "terms of an agreement",
        found,
    };
    Ok(Agreement {
        id: row.get("id")?,
        case: CaseKey { customer, case: row.get("case_id")? },
        loan: LoanKey { customer, loan: row.get::<LoanId>("loan_id")? },
        also: Vec::new(),
        number: row.get("number")?,
        kind: row.get("kind")?,
        terms: serde_json::from_str(&terms).map_err(|error| corrupt(error.to_string()))?,
        state: row.get("state")?,
        approval: row.get("approval_id")?,
        signed_on: row.get("signed_on")?,
        next_due_on: row.get("next_due_on")?,
        paid: row.get("paid_fen")?,
        flag: row.get("flag_id")?,
        made_on: row.get("effective_on")?,
        version: row.get("version")?,
    })
}

/// Writes a new agreement.
pub async fn insert(work: &mut Work, agreement: &Agreement, owner: i64) -> Result<(), StoreError> {
    let (now, by) = (work.now, work.actor.recorded_by());
    let terms = serde_json::to_string(&agreement.terms).unwrap_or_default();
    work.tx
        .execute(
            "insert into repayment_agreement (customer_id, id, case_id, loan_id, number, kind, terms_json, total_fen, \
             waived_fen, last_on, state, paid_fen, owner_id, effective_on, recorded_at, recorded_by) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, $12, $13, $14, $15)",
            args![
                agreement.case.customer,
                agreement.id,
                agreement.case.case,
                agreement.loan.loan,
                agreement.number.clone(),
                agreement.kind,
                terms,
                agreement.terms.total(),
                agreement.terms.waived(),
                agreement.terms.last_on(),
                agreement.state,
                owner,
                agreement.made_on,
                now,
                by
            ],
        )
        .await?;
    for loan in &agreement.also {
        let (id, key) = (work.next_id(), agreement.case.customer);
        work.tx
            .execute(
                "insert into repayment_agreement_loan (customer_id, id, agreement_id, loan_id, effective_on, recorded_at, \
                 recorded_by) values ($1, $2, $3, $4, $5, $6, $7)",
                args![key, id, agreement.id, loan.loan, agreement.made_on, now, by],
            )
            .await?;
    }
    Ok(())
}

/// Reads agreements with all their loans.
async fn read(tx: &mut Tx, w: Conditions, tail: &str) -> Result<Vec<Agreement>, StoreError> {
    let rows = tx.fetch_all(w.select(COLUMNS, tail), w.args()).await?;
    let mut all = rows.iter().map(decode).collect::<Result<Vec<_>, _>>()?;
    with_loans(tx, &mut all).await?;
    Ok(all)
}

/// Adds the further loans that agreements are about.
async fn with_loans(tx: &mut Tx, all: &mut [Agreement]) -> Result<(), StoreError> {
    if all.is_empty() {
        return Ok(());
    }
    for some in all.chunks_mut(KEYS) {
        with_loans_of(tx, some).await?;
    }
    Ok(())
}

async fn with_loans_of(tx: &mut Tx, all: &mut [Agreement]) -> Result<(), StoreError> {
    let mut customers: Vec<CustomerId> = all.iter().map(|one| one.case.customer).collect();
    customers.dedup();
    let keys: Vec<AgreementId> = all.iter().map(|one| one.id).collect();
    let mut w = Conditions::new();
    w.one_of("l.customer_id", &customers);
    w.one_of("l.agreement_id", &keys);
    let head = "select l.customer_id, l.agreement_id, l.loan_id from repayment_agreement_loan l";
    for row in tx.fetch_all(w.select(head, "order by l.customer_id, l.id"), w.args()).await? {
        let (of, customer): (AgreementId, CustomerId) = (row.get("agreement_id")?, row.get("customer_id")?);
        let loan = LoanKey { customer, loan: row.get::<LoanId>("loan_id")? };
        if let Some(one) = all.iter_mut().find(|one| one.id == of && one.case.customer == customer) {
            one.also.push(loan);
        }
    }
    Ok(())
}

/// Writes where an agreement stands; whoever comes second is refused.
pub async fn update(tx: &mut Tx, agreement: &Agreement) -> Result<(), StoreError> {
    tx.execute_one(
        "update repayment_agreement set state = $1, approval_id = $2, signed_on = $3, next_due_on = $4, paid_fen = $5, \
         flag_id = $6, version = version + 1 where customer_id = $7 and id = $8 and version = $9",
        args![
            agreement.state,
            agreement.approval,
            agreement.signed_on,
            agreement.next_due_on,
            agreement.paid,
            agreement.flag,
            agreement.case.customer,
            agreement.id,
            agreement.version
        ],
    )
    .await
}

/// One agreement by its key.
pub async fn find(tx: &mut Tx, id: AgreementId) -> Result<Option<Agreement>, StoreError> {
    let mut w = Conditions::new();
    w.and_values("a.id = ?", args![id]);
    Ok(read(tx, w, "limit 1").await?.pop())
}

/// The agreements of a case, the latest first.
pub async fn of_case(tx: &mut Tx, case: CaseKey) -> Result<Vec<Agreement>, StoreError> {
    let mut w = Conditions::new();
    w.and_values("a.customer_id = ? and a.case_id = ?", args![case.customer, case.case]);
    read(tx, w, "order by a.id desc limit 100").await
}

/// The agreements of a case that were proposed until a day, in order, as they stood at its end, each with its steps until then.
/// More than so many are not read.
///
/// # Errors
/// The store's.
pub async fn known(
    tx: &mut Tx,
    case: CaseKey,
    known: Known,
    most: i64,
) -> Result<Vec<(Agreement, Vec<RecordedStep>)>, StoreError> {
    let pieces = Pieces { head: COLUMNS, key: "a.id > ?", order: "order by a.id", most };
    let filter = |w: &mut Conditions| {
        let args = args![case.customer, case.case, known.on];
        w.and_values("a.customer_id = ? and a.case_id = ? and a.effective_on <= ?", args);
    };
    let mut all = pieces.read(tx, filter, decode).await?;
    with_loans(tx, &mut all).await?;
    let mut found = Vec::with_capacity(all.len());
    for mut one in all {
        let pieces = Pieces { head: STEPS, key: "s.id > ?", order: "order by s.id", most };
        let filter = |w: &mut Conditions| {
            let args = args![case.customer, case.case, one.id, known.on];
            w.and_values("s.customer_id = ? and s.case_id = ? and s.agreement_id = ? and s.effective_on <= ?", args);
        };
        let steps = pieces.read(tx, filter, step_of).await?;
        let mut signed = false;
        for step in &steps {
            signed |= step.step == SIGNED;
            let state = AgreementState::parse(&step.step);
            one.state = if step.step == SIGNED { AgreementState::Performing } else { state.unwrap_or(one.state) };
        }
        one.signed_on = one.signed_on.filter(|_| signed);
        found.push((one, steps));
    }
    Ok(found)
}

/// The agreements of a customer in some states.
pub async fn of_customer(
    tx: &mut Tx,
    customer: CustomerId,
    states: &[AgreementState],
) -> Result<Vec<Agreement>, StoreError> {
    let mut w = Conditions::new();
    w.and_values("a.customer_id = ?", args![customer]);
    w.one_of("a.state", states);
    read(tx, w, "order by a.id limit 100").await
}

/// Agreements that are performed, of the customers behind `after`.
pub async fn watched(tx: &mut Tx, after: CustomerId, limit: i64) -> Result<Vec<Agreement>, StoreError> {
    let mut w = Conditions::new();
    w.and_values("a.state = 'performing' and a.customer_id > ?", args![after]);
    let tail = format!("order by a.customer_id, a.id limit {limit}");
    read(tx, w, &tail).await
}

/// What came in on a loan since a day, by day, without what was taken back.
pub async fn paid(tx: &mut Tx, loan: LoanKey, since: Date) -> Result<Vec<(Date, Fen)>, StoreError> {
    let rows = tx
        .fetch_all(
            "select t.effective_on, cast(sum(t.amount_fen) as bigint) as paid_fen from loan_transaction_view t \
             where t.customer_id = $1 and t.loan_id = $2 and t.kind = 'repay' and t.reversed_at is null \
             and t.effective_on >= $3 group by t.effective_on order by t.effective_on",
            args![loan.customer, loan.loan, since],
        )
        .await?;
    rows.iter().map(|row| Ok((row.get("effective_on")?, row.get("paid_fen")?))).collect()
}

/// A step of an agreement's life (协议经过).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedStep {
    /// `proposed`, `approved`, `signed`, `kept`, `broken` …
    pub step: String,
    /// Of which agreement.
    pub number: String,
    /// In words.
    pub detail: String,
    /// On which business date.
    pub on: Date,
    /// When.
    pub at: Timestamp,
    /// By whom; empty is the system.
    pub by: String,
}

/// Appends to the history of an agreement.
pub async fn note(work: &mut Work, agreement: &Agreement, step: &str, detail: &str) -> Result<(), StoreError> {
    let (id, on, now, by) = (work.next_id(), work.business_date, work.now, work.actor.recorded_by());
    let key = agreement.case;
    work.tx
        .execute(
            "insert into repayment_agreement_step (customer_id, id, agreement_id, case_id, step, detail, effective_on, \
             recorded_at, recorded_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            args![key.customer, id, agreement.id, key.case, step, detail.trim(), on, now, by],
        )
        .await
        .map(drop)
}

/// The histories of the agreements of a case, the latest first; of one agreement when it is named.
pub async fn steps(tx: &mut Tx, case: CaseKey, of: Option<AgreementId>) -> Result<Vec<RecordedStep>, StoreError> {
    let mut w = Conditions::new();
    w.and_values("s.customer_id = ? and s.case_id = ?", args![case.customer, case.case]);
    if let Some(id) = of {
        w.and_values("s.agreement_id = ?", args![id]);
    }
    let rows = tx.fetch_all(w.select(STEPS, "order by s.id desc limit 200"), w.args()).await?;
    rows.iter().map(step_of).collect()
}

const STEPS: &str = "select s.id, s.step, a.number, s.detail, s.effective_on, s.recorded_at, coalesce(u.name, '') as by_name \
     from repayment_agreement_step s \
     join repayment_agreement a on a.customer_id = s.customer_id and a.id = s.agreement_id \
     left join user_view u on u.id = s.recorded_by";

fn step_of(row: &Row) -> Result<RecordedStep, StoreError> {
    Ok(RecordedStep {
        step: row.get("step")?,
        number: row.get("number")?,
        detail: row.get("detail")?,
        on: row.get("effective_on")?,
        at: row.get("recorded_at")?,
        by: row.get("by_name")?,
    })
}

/// The stop flag that agreements of a customer set, if it stands.
pub async fn standing_flag(tx: &mut Tx, customer: CustomerId) -> Result<Option<StopFlagId>, StoreError> {
    let row = tx
        .fetch_optional(
            "select f.id from stop_flag f where f.customer_id = $1 and f.lifted_at is null and f.kind = 'agreement' \
             and exists (select 1 from repayment_agreement a where a.customer_id = f.customer_id and a.flag_id = f.id)",
            args![customer],
        )
        .await?;
    row.map(|row| row.get("id")).transpose()
}
