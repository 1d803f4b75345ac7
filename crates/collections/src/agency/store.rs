//! Tables `agency`, `agency_contract`, `agency_publication`, `agency_user` and `agency_evaluation`.

use std::collections::BTreeSet;

use jiff::civil::Date;
use platform::args;
use platform::contact_gate::AgencyId;
use platform::db::{Conditions, Row, StoreError, Tx};
use platform::id::UserId;
use platform::work::Work;

use super::model::{
    Agency, Contract, ContractId, Evaluation, EvaluationId, Member, NewAgency, Publication, Score, Terms,
};

/// The most agencies that a page knows.
const MOST: i64 = 500;
/// The most rows of one agency that a page shows.
const SHOWN: i64 = 200;

const AGENCY: &str = "select a.id, a.number, a.name, a.registration_no, a.note from agency a";

const CONTRACT: &str = "select c.id, c.agency_id, c.number, c.from_on, c.to_on, c.purpose, c.data_terms, c.delegation, \
     c.commission_bp, c.state, c.approval_id, c.end_approval_id, c.end_reason, c.ended_on, c.recorded_by, c.version \
     from agency_contract c";

const EVALUATION: &str = "select e.id, e.number, e.agency_id, e.occasion, e.period_from, e.period_to, e.scores_json, e.total, \
     e.figures_json, e.findings, e.decision, e.published_on, e.recorded_by, e.effective_on from agency_evaluation e";

fn corrupt(column: &'static str, found: impl ToString) -> StoreError {
    StoreError::Corrupt {
        column: column.to_owned(),
        expected: "scores and figures of an agency",
        found: found.to_string(),
    }
}

fn agency(row: &Row) -> Result<Agency, StoreError> {
    Ok(Agency {
        id: row.get("id")?,
        number: row.get("number")?,
        name: row.get("name")?,
        registration: row.get("registration_no")?,
        note: row.get("note")?,
    })
}

fn contract(row: &Row) -> Result<Contract, StoreError> {
    Ok(Contract {
        id: row.get("id")?,
        agency: row.get("agency_id")?,
        number: row.get("number")?,
        terms: Terms {
            from: row.get("from_on")?,
            to: row.get("to_on")?,
            purpose: row.get("purpose")?,
            data: row.get("data_terms")?,
            delegation: row.get("delegation")?,
            commission_bp: row.get("commission_bp")?,
        },
        state: row.get("state")?,
        approval: row.get("approval_id")?,
        ending: row.get("end_approval_id")?,
        end_reason: row.get("end_reason")?,
        ended_on: row.get("ended_on")?,
        by: row.get("recorded_by")?,
        version: row.get("version")?,
    })
}

fn evaluation(row: &Row) -> Result<Evaluation, StoreError> {
    let (scores, figures): (String, String) = (row.get("scores_json")?, row.get("figures_json")?);
    let scores: Vec<Score> = serde_json::from_str(&scores).map_err(|error| corrupt("scores_json", error))?;
    Ok(Evaluation {
        id: row.get("id")?,
        number: row.get("number")?,
        agency: row.get("agency_id")?,
        occasion: row.get("occasion")?,
        from: row.get("period_from")?,
        to: row.get("period_to")?,
        scores,
        total: row.get("total")?,
        conduct: serde_json::from_str(&figures).map_err(|error| corrupt("figures_json", error))?,
        findings: row.get("findings")?,
        decision: row.get("decision")?,
        published_on: row.get("published_on")?,
        by: row.get("recorded_by")?,
        on: row.get("effective_on")?,
    })
}

/// Every agency, by number.
///
/// # Errors
/// The store's.
pub async fn all(tx: &mut Tx) -> Result<Vec<Agency>, StoreError> {
    let mut w = Conditions::new();
    w.and_values("1 = 1", args![]);
    let tail = format!("order by a.number limit {MOST}");
    tx.fetch_all(w.select(AGENCY, &tail), w.args()).await?.iter().map(agency).collect()
}

/// One agency.
///
/// # Errors
/// The store's.
pub async fn find(tx: &mut Tx, id: AgencyId) -> Result<Option<Agency>, StoreError> {
    let mut w = Conditions::new();
    w.and_values("a.id = ?", args![id]);
    tx.fetch_optional(w.select(AGENCY, ""), w.args()).await?.as_ref().map(agency).transpose()
}

/// Takes an agency's row: whoever decides about its contracts, people, cases or money next waits until this work ends.
pub(super) async fn lock(tx: &mut Tx, id: AgencyId) -> Result<(), StoreError> {
    tx.execute_one("update agency set number = number where id = $1", args![id]).await
}

/// Whether a registration number is known.
pub(super) async fn is_registered(tx: &mut Tx, registration: &str) -> Result<bool, StoreError> {
    let sql = "select count(*) as n from agency where registration_no = $1";
    Ok(tx.fetch_one(sql, args![registration]).await?.get::<i64>("n")? > 0)
}

pub(super) async fn insert(work: &mut Work, id: AgencyId, number: &str, new: &NewAgency) -> Result<(), StoreError> {
    let (on, now, by) = (work.business_date, work.now, work.actor.recorded_by());
    let values = args![id, number, new.name.trim(), new.registration.trim(), new.note.trim(), on, now, by];
    work.tx
        .execute(
            "insert into agency (id, number, name, registration_no, note, effective_on, recorded_at, recorded_by) \
             values ($1, $2, $3, $4, $5, $6, $7, $8)",
            values,
        )
        .await
        .map(drop)
}

/// The contracts of an agency, the oldest first.
///
/// # Errors
/// The store's.
pub async fn contracts(tx: &mut Tx, agency: AgencyId) -> Result<Vec<Contract>, StoreError> {
    let mut w = Conditions::new();
    w.and_values("c.agency_id = ?", args![agency]);
    let tail = format!("order by c.from_on, c.id limit {SHOWN}");
    tx.fetch_all(w.select(CONTRACT, &tail), w.args()).await?.iter().map(contract).collect()
}

/// One contract.
///
/// # Errors
/// The store's.
pub async fn find_contract(tx: &mut Tx, id: ContractId) -> Result<Option<Contract>, StoreError> {
    let mut w = Conditions::new();
    w.and_values("c.id = ?", args![id]);
    tx.fetch_optional(w.select(CONTRACT, ""), w.args()).await?.as_ref().map(contract).transpose()
}

pub(super) async fn insert_contract(work: &mut Work, one: &Contract) -> Result<(), StoreError> {
    let (on, now, by) = (work.business_date, work.now, work.actor.recorded_by());
    work.tx
        .execute(
            "insert into agency_contract (id, agency_id, number, from_on, to_on, purpose, data_terms, delegation, \
             commission_bp, state, effective_on, recorded_at, recorded_by) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
            args![
                one.id,
                one.agency,
                one.number,
                one.terms.from,
                one.terms.to,
                one.terms.purpose.trim(),
                one.terms.data.trim(),
                one.terms.delegation.trim(),
                one.terms.commission_bp,
                one.state,
                on,
                now,
                by
            ],
        )
        .await
        .map(drop)
}

/// Writes where a contract stands.
pub(super) async fn update_contract(work: &mut Work, one: &Contract) -> Result<(), StoreError> {
    work.tx
        .execute_one(
            "update agency_contract set state = $1, approval_id = $2, end_approval_id = $3, end_reason = $4, ended_on = $5, \
             version = version + 1 where id = $6 and version = $7",
            args![one.state, one.approval, one.ending, one.end_reason, one.ended_on, one.id, one.version],
        )
        .await
}

/// What was said last of an agency on the published list.
///
/// # Errors
/// The store's.
pub async fn publication(tx: &mut Tx, agency: AgencyId) -> Result<Option<Publication>, StoreError> {
    let sql =
        "select published, place, effective_on from agency_publication where agency_id = $1 order by id desc limit 1";
    let row = tx.fetch_optional(sql, args![agency]).await?;
    row.map(|row| {
        Ok(Publication {
            published: row.get::<i64>("published")? == 1,
            place: row.get("place")?,
            on: row.get("effective_on")?,
        })
    })
    .transpose()
}

pub(super) async fn publish(work: &mut Work, agency: AgencyId, published: bool, place: &str) -> Result<(), StoreError> {
    let id = work.next_id();
    let (on, now, by) = (work.business_date, work.now, work.actor.recorded_by());
    work.tx
        .execute(
            "insert into agency_publication (id, agency_id, published, place, effective_on, recorded_at, recorded_by) \
             values ($1, $2, $3, $4, $5, $6, $7)",
            args![id, agency, i64::from(published), place, on, now, by],
        )
        .await
        .map(drop)
}

/// Everybody who works or worked for an agency.
///
/// # Errors
/// The store's.
pub async fn members(tx: &mut Tx, agency: AgencyId) -> Result<Vec<Member>, StoreError> {
    let sql = "select m.id, m.user_id, coalesce(u.name, '') as name, m.effective_on, m.ended_on from agency_user m \
         left join user_view u on u.id = m.user_id where m.agency_id = $1 order by m.id limit $2";
    let rows = tx.fetch_all(sql, args![agency, SHOWN]).await?;
    rows.iter()
        .map(|row| {
            Ok(Member {
                id: row.get("id")?,
                user: row.get("user_id")?,
                name: row.get("name")?,
                from: row.get("effective_on")?,
                ended_on: row.get("ended_on")?,
            })
        })
        .collect()
}

/// For which agency somebody works.
///
/// # Errors
/// The store's.
pub async fn agency_of(tx: &mut Tx, user: UserId) -> Result<Option<AgencyId>, StoreError> {
    let sql = "select agency_id from agency_user where user_id = $1 and ended_on is null";
    tx.fetch_optional(sql, args![user]).await?.map(|row| row.get("agency_id")).transpose()
}

/// Everybody who works for any agency now.
pub(super) async fn everybody(tx: &mut Tx) -> Result<BTreeSet<UserId>, StoreError> {
    let rows = tx.fetch_all("select user_id from agency_user where ended_on is null", args![]).await?;
    rows.iter().map(|row| row.get("user_id")).collect()
}

/// Whether somebody works for an agency, or did before.
pub(super) async fn ever_member(tx: &mut Tx, user: UserId) -> Result<bool, StoreError> {
    let sql = "select id from agency_user where user_id = $1 limit 1";
    Ok(tx.fetch_optional(sql, args![user]).await?.is_some())
}

pub(super) async fn insert_member(work: &mut Work, agency: AgencyId, user: UserId) -> Result<i64, StoreError> {
    let id = work.next_id();
    let (on, now, by) = (work.business_date, work.now, work.actor.recorded_by());
    work.tx
        .execute(
            "insert into agency_user (id, agency_id, user_id, effective_on, recorded_at, recorded_by) \
             values ($1, $2, $3, $4, $5, $6)",
            args![id, agency, user, on, now, by],
        )
        .await?;
    Ok(id)
}

pub(super) async fn end_member(work: &mut Work, id: i64) -> Result<(), StoreError> {
    let (on, by) = (work.business_date, work.actor.recorded_by());
    let sql = "update agency_user set ended_on = $1, ended_by = $2 where id = $3 and ended_on is null";
    work.tx.execute_one(sql, args![on, by, id]).await
}

/// The evaluations of an agency, the latest first.
///
/// # Errors
/// The store's.
pub async fn evaluations(tx: &mut Tx, agency: AgencyId) -> Result<Vec<Evaluation>, StoreError> {
    let mut w = Conditions::new();
    w.and_values("e.agency_id = ?", args![agency]);
    let tail = format!("order by e.id desc limit {SHOWN}");
    tx.fetch_all(w.select(EVALUATION, &tail), w.args()).await?.iter().map(evaluation).collect()
}

/// One evaluation.
///
/// # Errors
/// The store's.
pub async fn find_evaluation(tx: &mut Tx, id: EvaluationId) -> Result<Option<Evaluation>, StoreError> {
    let mut w = Conditions::new();
    w.and_values("e.id = ?", args![id]);
    tx.fetch_optional(w.select(EVALUATION, ""), w.args()).await?.as_ref().map(evaluation).transpose()
}

pub(super) async fn insert_evaluation(work: &mut Work, one: &Evaluation) -> Result<(), StoreError> {
    let scores = serde_json::to_string(&one.scores).map_err(|error| corrupt("scores_json", error))?;
    let figures = serde_json::to_string(&one.conduct).map_err(|error| corrupt("figures_json", error))?;
    let (on, now, by) = (work.business_date, work.now, work.actor.recorded_by());
    work.tx
        .execute(
            "insert into agency_evaluation (id, number, agency_id, occasion, period_from, period_to, scores_json, total, \
             figures_json, findings, decision, effective_on, recorded_at, recorded_by) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
            args![
                one.id,
                one.number,
                one.agency,
                one.occasion,
                one.from,
                one.to,
                scores,
                one.total,
                figures,
                one.findings.trim(),
                one.decision,
                on,
                now,
                by
            ],
        )
        .await
        .map(drop)
}

pub(super) async fn publish_evaluation(work: &mut Work, id: EvaluationId) -> Result<(), StoreError> {
    let (on, by) = (work.business_date, work.actor.recorded_by());
    let sql =
        "update agency_evaluation set published_on = $1, published_by = $2 where id = $3 and published_on is null";
    work.tx.execute_one(sql, args![on, by, id]).await
}

/// The lines that an agency calls from: number and name.
///
/// # Errors
/// The store's.
pub async fn lines(tx: &mut Tx, agency: AgencyId) -> Result<Vec<(String, String)>, StoreError> {
    let sql =
        "select number, label from calling_line where agency_id = $1 and ended_at is null order by number limit $2";
    let rows = tx.fetch_all(sql, args![agency, SHOWN]).await?;
    rows.iter().map(|row| Ok((row.get("number")?, row.get("label")?))).collect()
}

/// Agencies on the published list that have a contract on a day, with where they are published and since when.
///
/// # Errors
/// The store's.
pub async fn published(tx: &mut Tx, on: Date) -> Result<Vec<(Agency, Publication, Contract)>, StoreError> {
    let mut found = Vec::new();
    for one in all(tx).await? {
        let Some(publication) = publication(tx, one.id).await?.filter(|it| it.published) else { continue };
        let contract = contracts(tx, one.id).await?.into_iter().find(|it| it.in_force(on));
        if let Some(contract) = contract {
            found.push((one, publication, contract));
        }
    }
    Ok(found)
}
