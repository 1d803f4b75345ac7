//! Table `agency_placement`, and what an agency did while cases were placed with it.

use finance::Fen;
use jiff::civil::Date;
use platform::args;
use platform::clock::civil_moment;
use platform::contact_gate::AgencyId;
use platform::db::{Conditions, Row, StoreError, Tx};
use platform::error::ActionError;
use platform::id::{CustomerId, UserId};
use platform::work::Work;

use super::model::{Conduct, EndReason, Ended, Placement, PlacementId};
use crate::case::model::CaseKey;
use crate::stop_flag::model::StopKind;

const COLUMNS: &str = "select p.customer_id, p.id, p.case_id, p.agency_id, p.contract_id, p.worker_id, p.contact_id, \
     p.owner_before, p.role_before, p.commission_bp, p.overdue_fen, p.overdue_since, p.from_on, p.to_on, p.note, p.ended_on, \
     p.end_reason, p.end_note from agency_placement p";

fn decode(row: &Row) -> Result<Placement, StoreError> {
    let before: i64 = row.get("owner_before")?;
    let ended = match row.get::<Option<Date>>("ended_on")? {
        None => None,
        Some(on) => Some(Ended {
            on,
            reason: row.get("end_reason")?,
            note: row.get::<Option<String>>("end_note")?.unwrap_or_default(),
        }),
    };
    Ok(Placement {
        id: row.get("id")?,
        case: CaseKey { customer: row.get("customer_id")?, case: row.get("case_id")? },
        agency: row.get("agency_id")?,
        contract: row.get("contract_id")?,
        worker: row.get("worker_id")?,
        contact: row.get("contact_id")?,
        before: ((before != 0).then_some(UserId(before)), row.get("role_before")?),
        commission_bp: row.get("commission_bp")?,
        overdue: row.get("overdue_fen")?,
        overdue_since: row.get("overdue_since")?,
        from: row.get("from_on")?,
        to: row.get("to_on")?,
        note: row.get("note")?,
        ended,
    })
}

async fn select(tx: &mut Tx, w: &Conditions, tail: &str) -> Result<Vec<Placement>, StoreError> {
    tx.fetch_all(w.select(COLUMNS, tail), w.args()).await?.iter().map(decode).collect()
}

/// One placement.
pub(crate) async fn find(tx: &mut Tx, id: PlacementId) -> Result<Option<Placement>, StoreError> {
    let mut w = Conditions::new();
    w.and_values("p.id = ?", args![id]);
    Ok(select(tx, &w, "").await?.pop())
}

/// The placement of a case that has not ended.
pub(crate) async fn of_case(tx: &mut Tx, case: CaseKey) -> Result<Option<Placement>, StoreError> {
    let mut w = Conditions::new();
    w.and_values("p.customer_id = ? and p.case_id = ? and p.ended_on is null", args![case.customer, case.case]);
    Ok(select(tx, &w, "").await?.pop())
}

/// The placements of a customer's cases that have not ended.
pub(crate) async fn of_customer(tx: &mut Tx, customer: CustomerId) -> Result<Vec<Placement>, StoreError> {
    let mut w = Conditions::new();
    w.and_values("p.customer_id = ? and p.ended_on is null", args![customer]);
    select(tx, &w, "order by p.id").await
}

/// What somebody of an agency works that has not ended.
pub(super) async fn of_worker(tx: &mut Tx, agency: AgencyId, worker: UserId) -> Result<Vec<Placement>, StoreError> {
    let mut w = Conditions::new();
    w.and_values("p.agency_id = ? and p.worker_id = ? and p.ended_on is null", args![agency, worker]);
    select(tx, &w, "order by p.id").await
}

/// Every placement of a case, the latest first.
pub(crate) async fn history(tx: &mut Tx, case: CaseKey) -> Result<Vec<Placement>, StoreError> {
    let mut w = Conditions::new();
    w.and_values("p.customer_id = ? and p.case_id = ?", args![case.customer, case.case]);
    select(tx, &w, "order by p.id desc limit 50").await
}

/// The placements with an agency that have not ended, behind a customer.
pub(super) async fn with_agency(
    tx: &mut Tx,
    agency: AgencyId,
    after: CustomerId,
    limit: i64,
) -> Result<Vec<Placement>, StoreError> {
    let mut w = Conditions::new();
    w.and_values("p.agency_id = ? and p.ended_on is null and p.customer_id > ?", args![agency, after]);
    select(tx, &w, &format!("order by p.customer_id, p.id limit {limit}")).await
}

/// The placements that have not ended, behind a customer.
pub(super) async fn standing(tx: &mut Tx, after: CustomerId, limit: i64) -> Result<Vec<Placement>, StoreError> {
    let mut w = Conditions::new();
    w.and_values("p.ended_on is null and p.customer_id > ?", args![after]);
    select(tx, &w, &format!("order by p.customer_id, p.id limit {limit}")).await
}

/// How many of an agency's people's cases have not ended.
pub(super) async fn load_of(tx: &mut Tx, worker: UserId) -> Result<i64, StoreError> {
    let sql = "select count(*) as n from agency_placement where worker_id = $1 and ended_on is null";
    tx.fetch_one(sql, args![worker]).await?.get("n")
}

/// The first day on which a case was placed with an agency.
pub(super) async fn first(tx: &mut Tx, agency: AgencyId) -> Result<Option<Date>, StoreError> {
    let sql = "select min(from_on) as first_on from agency_placement where agency_id = $1";
    tx.fetch_one(sql, args![agency]).await?.get("first_on")
}

pub(super) async fn insert(work: &mut Work, one: &Placement) -> Result<(), StoreError> {
    let (on, now, by) = (work.business_date, work.now, work.actor.recorded_by());
    work.tx
        .execute(
            "insert into agency_placement (customer_id, id, case_id, agency_id, contract_id, worker_id, contact_id, \
             owner_before, role_before, commission_bp, overdue_fen, overdue_since, from_on, to_on, note, effective_on, \
             recorded_at, recorded_by) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)",
            args![
                one.case.customer,
                one.id,
                one.case.case,
                one.agency,
                one.contract,
                one.worker,
                one.contact,
                one.before.0.map_or(0, |user| user.0),
                one.before.1,
                one.commission_bp,
                one.overdue,
                one.overdue_since,
                one.from,
                one.to,
                one.note,
                on,
                now,
                by
            ],
        )
        .await
        .map(drop)
}

pub(super) async fn end(work: &mut Work, one: &Placement, reason: EndReason, note: &str) -> Result<(), StoreError> {
    let (on, now, by) = (work.business_date, work.now, work.actor.recorded_by());
    work.tx
        .execute_one(
            "update agency_placement set ended_on = $1, ended_at = $2, end_reason = $3, end_note = $4, ended_by = $5 \
             where customer_id = $6 and id = $7 and ended_on is null",
            args![on, now, reason, note, by, one.case.customer, one.id],
        )
        .await
}

async fn number(tx: &mut Tx, w: &Conditions, head: &'static str) -> Result<i64, StoreError> {
    tx.fetch_one(w.select(head, ""), w.args()).await?.get("n")
}

/// What an agency did in a period (rule `agency.conduct`, S2.5-38): through the guard, by the findings, by complaints of those
/// whose cases were placed; and what came in while they were.
///
/// # Errors
/// The store's.
pub(super) async fn conduct(tx: &mut Tx, agency: AgencyId, from: Date, to: Date) -> Result<Conduct, ActionError> {
    let began = civil_moment(from.at(0, 0, 0, 0));
    let over = to.tomorrow().ok().and_then(|next| civil_moment(next.at(0, 0, 0, 0)));
    let mut placed = Conditions::new();
    placed.and_values(
        "p.agency_id = ? and p.from_on <= ? and (p.ended_on is null or p.ended_on >= ?)",
        args![agency, to, from],
    );
    let mut contacts = Conditions::new();
    contacts.and_values("a.agency_id = ? and a.civil_on >= ? and a.civil_on <= ?", args![agency, from, to]);
    let mut found = Conduct {
        placed: number(tx, &placed, "select count(*) as n from agency_placement p").await?,
        contacts: number(tx, &contacts, "select count(*) as n from contact_allowance a").await?,
        ..Conduct::default()
    };
    let mut findings = Conditions::new();
    findings.and_values("f.agency_id = ? and f.happened_at >= ? and f.happened_at < ?", args![agency, began, over]);
    let head = "select f.kind, count(*) as n from conduct_finding f";
    for row in tx.fetch_all(findings.select(head, "group by f.kind"), findings.args()).await? {
        let n: i64 = row.get("n")?;
        match row.get::<String>("kind")?.as_str() {
            "refused" => found.refused = n,
            "flagged" => found.flagged = n,
            _ => found.unlawful += n,
        }
    }
    let mut complaints = Conditions::new();
    complaints.and_values(
        "s.kind = ? and s.set_on >= ? and s.set_on <= ? and exists (select 1 from agency_placement p \
         where p.customer_id = s.customer_id and p.agency_id = ? and p.from_on <= s.set_on \
         and (p.ended_on is null or p.ended_on >= s.set_on))",
        args![StopKind::Dispute, from, to, agency],
    );
    found.complaints = number(tx, &complaints, "select count(*) as n from stop_flag s").await?;
    found.came = came(tx, agency, from, to).await?;
    Ok(found)
}

/// What came in on cases while they were placed, less what was taken back since.
async fn came(tx: &mut Tx, agency: AgencyId, from: Date, to: Date) -> Result<Fen, ActionError> {
    let rows = super::commission_store::came(tx, agency, Some(from), to).await?;
    let stands = rows.into_iter().filter(|row| !row.reversed).map(|row| row.amount);
    Fen::checked_sum(stands).ok_or_else(|| ActionError::Internal(format!("what came in while placed with {agency}")))
}
