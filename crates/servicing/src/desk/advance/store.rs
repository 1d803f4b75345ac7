//! Tables `advance_list` and `advance`.

use finance::Fen;
use jiff::civil::Date;
use platform::args;
use platform::db::{Conditions, Row, StoreError, Tx};
use platform::id::BranchId;
use platform::work::Work;

use super::model::{Advance, AdvanceId, AdvanceList, AdvanceListId, Candidate, Card, RowState};
use crate::loan::model::LoanKey;

/// The most rows of one list: it is paid in one transaction.
pub const MOST_ROWS: i64 = 5_000;

const LIST: &str = "select a.id, a.number, a.month, a.branch_id, a.state, a.made_by, a.checked_by, a.checked_on, \
     a.approval_id, a.signed_on, a.paid_by, a.paid_on, a.payment_ref, a.note, a.effective_on, a.version from advance_list a";

fn list(row: &Row) -> Result<AdvanceList, StoreError> {
    Ok(AdvanceList {
        id: row.get("id")?,
        number: row.get("number")?,
        month: row.get("month")?,
        branch: row.get("branch_id")?,
        state: row.get("state")?,
        made_by: row.get("made_by")?,
        checked_by: row.get("checked_by")?,
        checked_on: row.get("checked_on")?,
        approval: row.get("approval_id")?,
        signed_on: row.get("signed_on")?,
        paid_by: row.get("paid_by")?,
        paid_on: row.get("paid_on")?,
        payment_ref: row.get("payment_ref")?,
        note: row.get("note")?,
        drawn_on: row.get("effective_on")?,
        version: row.get("version")?,
    })
}

/// One list.
///
/// Errors: the store's.
pub async fn find(tx: &mut Tx, id: AdvanceListId) -> Result<Option<AdvanceList>, StoreError> {
    let mut w = Conditions::new();
    w.and("a.id = ?", [&id]);
    tx.fetch_optional(w.select(LIST, ""), w.args()).await?.as_ref().map(list).transpose()
}

/// The list of a branch and month, but for those that came to nothing.
pub(super) async fn of_month(tx: &mut Tx, branch: BranchId, month: &str) -> Result<Option<AdvanceList>, StoreError> {
    let mut w = Conditions::new();
    w.and_values(
        "a.branch_id = ? and a.month = ? and a.state not in ('refused', 'dropped')",
        args![branch, month.to_owned()],
    );
    tx.fetch_optional(w.select(LIST, ""), w.args()).await?.as_ref().map(list).transpose()
}

/// Writes a list.
pub(super) async fn insert(work: &mut Work, one: &AdvanceList) -> Result<(), StoreError> {
    let (now, by) = (work.now, work.actor.recorded_by());
    work.tx
        .execute(
            "insert into advance_list (id, number, month, branch_id, state, made_by, note, effective_on, recorded_at, \
             recorded_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            args![one.id, one.number, one.month, one.branch, one.state, one.made_by, one.note, one.drawn_on, now, by],
        )
        .await
        .map(drop)
}

/// Writes where a list stands; whoever comes second is refused.
pub(super) async fn update(tx: &mut Tx, one: &mut AdvanceList) -> Result<(), StoreError> {
    tx.execute_one(
        "update advance_list set state = $1, checked_by = $2, checked_on = $3, approval_id = $4, signed_on = $5, \
         paid_by = $6, paid_on = $7, payment_ref = $8, note = $9, version = version + 1 where id = $10 and version = $11",
        args![
            one.state,
            one.checked_by,
            one.checked_on,
            one.approval,
            one.signed_on,
            one.paid_by,
            one.paid_on,
            one.payment_ref,
            one.note,
            one.id,
            one.version
        ],
    )
    .await?;
    one.version += 1;
    Ok(())
}

const CANDIDATES: &str = "select x.customer_id, x.loan_id, x.no, x.due_on, x.due_fen from (select i.customer_id, \
     i.loan_id, i.no, i.due_on, i.outstanding_fen - cast(coalesce((select sum(v.owed_fen) from advance_recovery v \
       where v.customer_id = i.customer_id and v.loan_id = i.loan_id and v.instalment_no = i.no), 0) as bigint) as due_fen \
     from loan_instalment i \
     join loan l on l.customer_id = i.customer_id and l.id = i.loan_id \
     join loan_position p on p.customer_id = i.customer_id and p.loan_id = i.loan_id";

/// The unpaid instalments of a branch that fell due between two days and were not advanced in full before.
pub(super) async fn candidates(
    tx: &mut Tx,
    branch: BranchId,
    (from, to): (Date, Date),
) -> Result<Vec<Candidate>, StoreError> {
    let mut w = Conditions::new();
    w.and_values("l.state = 'active' and p.status <> 'written-off-tracked' and i.outstanding_fen > 0", args![]);
    w.and_values("l.branch_id = ? and i.due_on >= ? and i.due_on <= ?", args![branch, from, to]);
    let order = "order by x.due_on, x.customer_id, x.loan_id, x.no";
    let tail = format!(") x where x.due_fen > 0 {order} limit {}", MOST_ROWS + 1);
    let found = tx.fetch_all(w.select(CANDIDATES, &tail), w.args()).await?;
    let read = |row: &Row| {
        Ok(Candidate {
            key: LoanKey { customer: row.get("customer_id")?, loan: row.get("loan_id")? },
            no: row.get("no")?,
            due_on: row.get("due_on")?,
            due: row.get("due_fen")?,
        })
    };
    found.iter().map(read).collect()
}

/// Writes the rows of a list.
pub(super) async fn insert_rows(
    work: &mut Work,
    list: AdvanceListId,
    rows: &[(Candidate, Card)],
) -> Result<(), StoreError> {
    let mut values = Vec::with_capacity(rows.len());
    for (one, card) in rows {
        let id = AdvanceId(work.next_id());
        let (on, now, by) = (work.business_date, work.now, work.actor.recorded_by());
        values.push(args![
            one.key.customer,
            id,
            list,
            one.key.loan,
            one.no,
            one.due_on,
            card.holder,
            card.account,
            card.masked,
            one.due,
            RowState::Listed,
            "",
            on,
            now,
            by
        ]);
    }
    let head = "insert into advance (customer_id, id, list_id, loan_id, instalment_no, due_on, holder, account_id, \
         card_masked, amount_fen, state, note, effective_on, recorded_at, recorded_by)";
    work.tx.write_rows(head, "", values).await.map(drop)
}

const ROWS: &str = "select r.customer_id, r.id, r.loan_id, r.instalment_no, r.due_on, r.holder, r.account_id, \
     r.card_masked, r.amount_fen, r.state, r.note, r.version, l.number, c.name as customer_name, i.due_on as due_on_now, \
     coalesce(i.principal_paid_fen + i.interest_paid_fen, 0) as paid_now_fen, \
     case when l.state = 'active' and p.status <> 'written-off-tracked' then coalesce(i.outstanding_fen, 0) else 0 end \
       - cast(coalesce((select sum(v.owed_fen) from advance_recovery v \
       where v.customer_id = r.customer_id and v.loan_id = r.loan_id and v.instalment_no = r.instalment_no \
         and v.id <> r.id), 0) as bigint) as due_now_fen \
     from advance r \
     join loan l on l.customer_id = r.customer_id and l.id = r.loan_id \
     join loan_position p on p.customer_id = r.customer_id and p.loan_id = r.loan_id \
     join customer_view c on c.customer_id = r.customer_id \
     left join loan_instalment i on i.customer_id = r.customer_id and i.loan_id = r.loan_id and i.no = r.instalment_no";

fn row(row: &Row) -> Result<Advance, StoreError> {
    Ok(Advance {
        key: LoanKey { customer: row.get("customer_id")?, loan: row.get("loan_id")? },
        id: row.get("id")?,
        number: row.get("number")?,
        customer: row.get("customer_name")?,
        no: row.get("instalment_no")?,
        due_on: row.get("due_on")?,
        card: Card { account: row.get("account_id")?, holder: row.get("holder")?, masked: row.get("card_masked")? },
        amount: row.get("amount_fen")?,
        state: row.get("state")?,
        note: row.get("note")?,
        due_on_now: row.get("due_on_now")?,
        due_now: row.get("due_now_fen")?,
        paid_now: row.get("paid_now_fen")?,
        version: row.get("version")?,
    })
}

/// The rows of a list, with what the ledger says of them now.
///
/// Errors: the store's.
pub async fn rows(tx: &mut Tx, list: AdvanceListId) -> Result<Vec<Advance>, StoreError> {
    let mut w = Conditions::new();
    w.and("r.list_id = ?", [&list]);
    let tail = format!("order by r.due_on, r.customer_id, r.id limit {MOST_ROWS}");
    tx.fetch_all(w.select(ROWS, &tail), w.args()).await?.iter().map(row).collect()
}

/// What a row of a list becomes.
pub(super) async fn update_row(tx: &mut Tx, one: &Advance, paid_before: Option<Fen>) -> Result<(), StoreError> {
    tx.execute_one(
        "update advance set due_on = $1, holder = $2, account_id = $3, card_masked = $4, amount_fen = $5, state = $6, \
         note = $7, paid_before_fen = $8, version = version + 1 where customer_id = $9 and id = $10 and version = $11",
        args![
            one.due_on,
            one.card.holder,
            one.card.account,
            one.card.masked,
            one.amount,
            one.state,
            one.note,
            paid_before,
            one.key.customer,
            one.id,
            one.version
        ],
    )
    .await
}
