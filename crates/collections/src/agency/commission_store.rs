//! Tables `agency_commission` and `agency_commission_row`, and what came in while cases were placed.

use finance::Fen;
use jiff::Timestamp;
use jiff::civil::Date;
use platform::args;
use platform::contact_gate::AgencyId;
use platform::db::{Conditions, Row, StoreError, Tx};
use platform::work::Work;

use super::model::{Commission, CommissionId, CommissionRow, PlacementId};
use crate::case::model::CaseKey;

const COLUMNS: &str = "select m.id, m.number, m.agency_id, m.period_from, m.period_to, m.base_fen, m.amount_fen, m.state, \
     m.approval_id, m.recorded_by, m.effective_on, m.version from agency_commission m";

/// A repayment on a loan that was overdue the evening before, while its case was placed (委外期间回款).
#[derive(Debug, Clone)]
pub(super) struct Came {
    pub case: CaseKey,
    pub number: String,
    pub placement: PlacementId,
    pub commission_bp: i64,
    pub transaction: i64,
    pub transaction_number: String,
    pub on: Date,
    pub amount: Fen,
    pub at: Timestamp,
    /// It was taken back by the end of the days looked at.
    pub reversed: bool,
    /// A statement that stands has it.
    pub stated: bool,
}

fn came_of(row: &Row, to: Date) -> Result<Came, StoreError> {
    let reversed: Option<Date> = row.get("reversed_on")?;
    Ok(Came {
        case: CaseKey { customer: row.get("customer_id")?, case: row.get("case_id")? },
        number: row.get("number")?,
        placement: row.get("placement_id")?,
        commission_bp: row.get("commission_bp")?,
        transaction: row.get("transaction_id")?,
        transaction_number: row.get("transaction_number")?,
        on: row.get("effective_on")?,
        amount: row.get("amount_fen")?,
        at: row.get("recorded_at")?,
        reversed: reversed.is_some_and(|on| on <= to),
        stated: row.get::<i64>("stated")? > 0,
    })
}

/// What came in up to a day, of those from another on where one is given, on cases while they were placed with an agency (rule `agency.commission`): repayments dated within
/// the placement and recorded after it began, on loans that were overdue the evening before. Of two placements that meet on a
/// day, the earlier has it.
///
/// Plan: `agency_placement_of`, the transactions of each customer by their key.
pub(super) async fn came(tx: &mut Tx, agency: AgencyId, from: Option<Date>, to: Date) -> Result<Vec<Came>, StoreError> {
    let mut w = Conditions::new();
    if let Some(from) = from {
        w.and_values("t.effective_on >= ?", args![from]);
    }
    w.and_values(
        "p.agency_id = ? and t.kind in ('repay', 'recover') and t.state = 'active' and t.effective_on <= ?",
        args![agency, to],
    );
    w.and_values(
        "t.effective_on >= p.from_on and (p.ended_on is null or t.effective_on <= p.ended_on) \
         and t.recorded_at >= p.recorded_at \
         and exists (select 1 from loan_position_history_view b where b.customer_id = t.customer_id \
           and b.loan_id = t.loan_id and b.superseded_at is null and b.status in ('overdue', 'written-off-tracked') and b.from_on < t.effective_on \
           and (b.to_on is null or b.to_on >= t.effective_on)) \
         and not exists (select 1 from agency_placement e where e.customer_id = p.customer_id and e.id < p.id \
           and e.from_on <= t.effective_on and e.ended_on >= t.effective_on and t.recorded_at >= e.recorded_at)",
        args![],
    );
    let head = "select p.customer_id, p.id as placement_id, p.case_id, c.number, p.commission_bp, t.transaction_id, \
         t.transaction_number, t.effective_on, t.amount_fen, t.recorded_at, t.reversed_on, \
         (select count(*) from agency_commission_row s where s.customer_id = t.customer_id \
           and s.transaction_id = t.transaction_id and s.back = 0 and s.standing = 1) as stated \
         from agency_placement p \
         join collection_case c on c.customer_id = p.customer_id and c.id = p.case_id \
         join loan_transaction_view t on t.customer_id = p.customer_id";
    let rows = tx.fetch_all(w.select(head, "order by t.effective_on, t.transaction_id"), w.args()).await?;
    rows.iter().map(|row| came_of(row, to)).collect()
}

/// What a statement paid for and was taken back since, up to a day, with the rate that was paid.
pub(super) async fn taken_back(tx: &mut Tx, agency: AgencyId, to: Date) -> Result<Vec<CommissionRow>, StoreError> {
    let mut w = Conditions::new();
    w.and_values("m.agency_id = ? and r.standing = 1 and r.back = 0 and t.reversed_on <= ?", args![agency, to]);
    w.and_values(
        "not exists (select 1 from agency_commission_row b where b.customer_id = r.customer_id \
         and b.transaction_id = r.transaction_id and b.back = 1 and b.standing = 1)",
        args![],
    );
    let head = "select r.customer_id, p.case_id, c.number, r.placement_id, r.transaction_id, t.transaction_number, cast(1 as bigint) as back, \
         t.reversed_on as happened_on, -r.amount_fen as amount_fen, r.commission_bp, -r.commission_fen as commission_fen, \
         t.reversed_at as recorded_at \
         from agency_commission_row r join agency_commission m on m.id = r.commission_id \
         join agency_placement p on p.customer_id = r.customer_id and p.id = r.placement_id \
         join collection_case c on c.customer_id = p.customer_id and c.id = p.case_id \
         join loan_transaction_view t on t.customer_id = r.customer_id and t.transaction_id = r.transaction_id";
    let rows = tx.fetch_all(w.select(head, "order by t.reversed_on, r.transaction_id"), w.args()).await?;
    rows.iter().map(row_of).collect()
}

fn row_of(row: &Row) -> Result<CommissionRow, StoreError> {
    Ok(CommissionRow {
        case: CaseKey { customer: row.get("customer_id")?, case: row.get("case_id")? },
        number: row.get("number")?,
        placement: row.get("placement_id")?,
        transaction: row.get("transaction_id")?,
        transaction_number: row.get("transaction_number")?,
        back: row.get::<i64>("back")? == 1,
        on: row.get("happened_on")?,
        amount: row.get("amount_fen")?,
        commission_bp: row.get("commission_bp")?,
        commission: row.get("commission_fen")?,
        at: row.get("recorded_at")?,
    })
}

/// The rows of a statement.
pub(super) async fn rows(tx: &mut Tx, id: CommissionId) -> Result<Vec<CommissionRow>, StoreError> {
    let sql = "select r.customer_id, p.case_id, c.number, r.placement_id, r.transaction_id, t.transaction_number, r.back, \
         r.happened_on, r.amount_fen, r.commission_bp, r.commission_fen, r.recorded_at from agency_commission_row r \
         join agency_placement p on p.customer_id = r.customer_id and p.id = r.placement_id \
         join collection_case c on c.customer_id = p.customer_id and c.id = p.case_id \
         join loan_transaction_view t on t.customer_id = r.customer_id and t.transaction_id = r.transaction_id \
         where r.commission_id = $1 order by r.happened_on, r.id";
    tx.fetch_all(sql, args![id]).await?.iter().map(row_of).collect()
}

fn decode(row: &Row) -> Result<Commission, StoreError> {
    Ok(Commission {
        id: row.get("id")?,
        number: row.get("number")?,
        agency: row.get("agency_id")?,
        from: row.get("period_from")?,
        to: row.get("period_to")?,
        base: row.get("base_fen")?,
        amount: row.get("amount_fen")?,
        state: row.get("state")?,
        approval: row.get("approval_id")?,
        by: row.get("recorded_by")?,
        on: row.get("effective_on")?,
        version: row.get("version")?,
    })
}

/// One statement.
pub(super) async fn find(tx: &mut Tx, id: CommissionId) -> Result<Option<Commission>, StoreError> {
    let mut w = Conditions::new();
    w.and_values("m.id = ?", args![id]);
    tx.fetch_optional(w.select(COLUMNS, ""), w.args()).await?.as_ref().map(decode).transpose()
}

/// The statements of an agency, the latest first.
pub(super) async fn of_agency(tx: &mut Tx, agency: AgencyId) -> Result<Vec<Commission>, StoreError> {
    let mut w = Conditions::new();
    w.and_values("m.agency_id = ?", args![agency]);
    tx.fetch_all(w.select(COLUMNS, "order by m.id desc limit 200"), w.args()).await?.iter().map(decode).collect()
}

pub(super) async fn insert(work: &mut Work, one: &Commission, rows: &[CommissionRow]) -> Result<(), StoreError> {
    let (on, now, by) = (work.business_date, work.now, work.actor.recorded_by());
    work.tx
        .execute(
            "insert into agency_commission (id, number, agency_id, period_from, period_to, base_fen, amount_fen, state, \
             effective_on, recorded_at, recorded_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
            args![one.id, one.number, one.agency, one.from, one.to, one.base, one.amount, one.state, on, now, by],
        )
        .await?;
    let values = rows
        .iter()
        .map(|row| {
            let id = work.next_id();
            args![
                row.case.customer,
                id,
                one.id,
                row.placement,
                row.transaction,
                i64::from(row.back),
                row.on,
                row.amount,
                row.commission_bp,
                row.commission,
                1_i64,
                on,
                now,
                by
            ]
        })
        .collect();
    let head = "insert into agency_commission_row (customer_id, id, commission_id, placement_id, transaction_id, back, \
         happened_on, amount_fen, commission_bp, commission_fen, standing, effective_on, recorded_at, recorded_by)";
    work.tx.write_rows(head, "", values).await.map(drop)
}

/// Writes where a statement stands; what was refused frees its rows.
pub(super) async fn update(work: &mut Work, one: &Commission, frees: bool) -> Result<(), StoreError> {
    work.tx
        .execute_one(
            "update agency_commission set state = $1, approval_id = $2, version = version + 1 where id = $3 and version = $4",
            args![one.state, one.approval, one.id, one.version],
        )
        .await?;
    if frees {
        let sql = "update agency_commission_row set standing = 0 where commission_id = $1";
        work.tx.execute(sql, args![one.id]).await?;
    }
    Ok(())
}
