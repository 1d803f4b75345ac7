//! Tables `partner`, `partner_agreement`.

use jiff::civil::Date;
use platform::access::DataScope;
use platform::args;
use platform::attachment::AttachmentId;
use platform::db::{Conditions, Row, StoreError, Tx};
use platform::id::{BranchId, CustomerId};
use platform::work::Work;

use super::model::{Agreement, AgreementId, Content, NewAgreement, Partner, PartnerId};
use crate::lead::store::within as leads_within;

const COLUMNS: &str = "select c.id, c.number, c.name, c.kind, c.note, c.branch_id, c.ended_on, c.end_reason, \
     c.recorded_by, c.version from partner c";

fn decode(row: &Row) -> Result<Partner, StoreError> {
    let content = Content {
        name: row.get("name")?,
        kind: row.get("kind")?,
        note: row.get("note")?,
        branch: row.get("branch_id")?,
    };
    let (on, why): (Option<Date>, Option<String>) = (row.get("ended_on")?, row.get("end_reason")?);
    Ok(Partner {
        id: row.get("id")?,
        number: row.get("number")?,
        content,
        ended: on.zip(why),
        by: row.get("recorded_by")?,
        version: row.get("version")?,
    })
}

/// One partner.
///
/// # Errors
/// The store's.
pub async fn find(tx: &mut Tx, id: PartnerId) -> Result<Option<Partner>, StoreError> {
    let mut w = Conditions::new();
    w.and("c.id = ?", [&id]);
    tx.fetch_optional(w.select(COLUMNS, ""), w.args()).await?.as_ref().map(decode).transpose()
}

/// The partners that were not ended, by key with number and name.
///
/// # Errors
/// The store's.
pub async fn living(tx: &mut Tx, scope: DataScope, own: BranchId) -> Result<Vec<(PartnerId, String)>, StoreError> {
    let mut w = Conditions::new();
    w.and_values("c.ended_on is null", args![]);
    crate::campaign::within(scope, own.0, &mut w);
    let head = "select c.id, c.number, c.name from partner c";
    let rows = tx.fetch_all(w.select(head, "order by c.name limit 500"), w.args()).await?;
    let named = |row: &Row| -> Result<(PartnerId, String), StoreError> {
        let (number, name): (String, String) = (row.get("number")?, row.get("name")?);
        Ok((row.get("id")?, format!("{name} {number}")))
    };
    rows.iter().map(named).collect()
}

/// Writes a new partner.
pub(super) async fn insert(work: &mut Work, one: &Partner) -> Result<(), StoreError> {
    let (on, now, content) = (work.business_date, work.now, &one.content);
    work.tx
        .execute(
            "insert into partner (id, number, name, kind, note, branch_id, effective_on, recorded_at, recorded_by) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            args![
                one.id,
                one.number,
                content.name.trim(),
                content.kind,
                content.note.trim(),
                content.branch,
                on,
                now,
                one.by
            ],
        )
        .await
        .map(drop)
}

/// Ends a partnership.
pub(super) async fn end(tx: &mut Tx, one: &Partner, on: Date, reason: &str) -> Result<(), StoreError> {
    tx.execute_one(
        "update partner set ended_on = $1, end_reason = $2, version = version + 1 where id = $3 and version = $4",
        args![on, reason.trim(), one.id, one.version],
    )
    .await
}

/// Writes an agreement.
pub(super) async fn insert_agreement(
    work: &mut Work,
    partner: PartnerId,
    new: &NewAgreement,
    paper: AttachmentId,
) -> Result<AgreementId, StoreError> {
    let (id, on, now, by) = (AgreementId(work.next_id()), work.business_date, work.now, work.actor.recorded_by());
    work.tx
        .execute(
            "insert into partner_agreement (id, partner_id, title, valid_from, valid_until, attachment_id, \
             effective_on, recorded_at, recorded_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            args![id, partner, new.title.trim(), new.from, new.until, paper, on, now, by],
        )
        .await?;
    Ok(id)
}

/// The agreements with a partner, the latest end first.
///
/// # Errors
/// The store's.
pub async fn agreements(tx: &mut Tx, partner: PartnerId) -> Result<Vec<Agreement>, StoreError> {
    let sql = "select id, title, valid_from, valid_until, attachment_id, effective_on from partner_agreement \
               where partner_id = $1 order by valid_until desc, id desc limit 100";
    let rows = tx.fetch_all(sql, args![partner]).await?;
    let agreement = |row: &Row| -> Result<Agreement, StoreError> {
        let content =
            NewAgreement { title: row.get("title")?, from: row.get("valid_from")?, until: row.get("valid_until")? };
        Ok(Agreement { id: row.get("id")?, content, paper: row.get("attachment_id")?, on: row.get("effective_on")? })
    };
    rows.iter().map(agreement).collect()
}

/// The partners whose last agreement ends by a day and was not asked about, each once: of those that end on one day the
/// one recorded last counts.
///
/// # Errors
/// The store's.
pub async fn ending(tx: &mut Tx, by: Date) -> Result<Vec<(Partner, AgreementId)>, StoreError> {
    let mut w = Conditions::new();
    w.and_values(
        "c.ended_on is null and a.asked_on is null and a.valid_until <= ? and not exists (select 1 \
         from partner_agreement n where n.partner_id = a.partner_id and (n.valid_until > a.valid_until \
         or (n.valid_until = a.valid_until and n.id > a.id)))",
        args![by],
    );
    let head = "select c.id, c.number, c.name, c.kind, c.note, c.branch_id, c.ended_on, c.end_reason, c.recorded_by, \
                c.version, a.id as agreement_id from partner c join partner_agreement a on a.partner_id = c.id";
    let rows = tx.fetch_all(w.select(head, "order by a.id limit 500"), w.args()).await?;
    rows.iter().map(|row| Ok((decode(row)?, row.get("agreement_id")?))).collect()
}

/// Notes that the renewal of an agreement was asked for.
pub(crate) async fn asked(tx: &mut Tx, id: AgreementId, on: Date) -> Result<(), StoreError> {
    let sql = "update partner_agreement set asked_on = $1, version = version + 1 where id = $2 and asked_on is null";
    tx.execute_one(sql, args![on, id]).await
}

/// The customers whom a partner referred, of those within conditions on `customer c`; the latest first.
pub(super) async fn referred(
    tx: &mut Tx,
    mut within: Conditions,
    partner: PartnerId,
) -> Result<Vec<(CustomerId, String, String, Date)>, StoreError> {
    within.and("s.partner_id = ?", [&partner]);
    let head = "select c.customer_id, c.number, c.name, s.effective_on from customer_source s \
                join customer c on c.customer_id = s.customer_id";
    let rows = tx.fetch_all(within.select(head, "order by s.id desc limit 200"), within.args()).await?;
    let one = |row: &Row| -> Result<(CustomerId, String, String, Date), StoreError> {
        Ok((row.get("customer_id")?, row.get("number")?, row.get("name")?, row.get("effective_on")?))
    };
    rows.iter().map(one).collect()
}

/// How many customers have the partner as a recorded source, of those within conditions on `customer c`.
pub(super) async fn sourced(tx: &mut Tx, mut within: Conditions, partner: PartnerId) -> Result<i64, StoreError> {
    within.and("s.partner_id = ?", [&partner]);
    let head = "select count(distinct c.customer_id) as n from customer_source s \
                join customer c on c.customer_id = s.customer_id";
    tx.fetch_one(within.select(head, ""), within.args()).await?.get("n")
}

/// How many leads of a scope a partner brought, and how many of them became customers.
pub(super) async fn counts(tx: &mut Tx, partner: PartnerId, scope: DataScope) -> Result<(i64, i64), StoreError> {
    let mut w = leads_within(scope);
    w.and("l.partner_id = ?", [&partner]);
    let head = "select count(*) as leads, count(l.won_on) as won from lead l";
    let row = tx.fetch_one(w.select(head, ""), w.args()).await?;
    Ok((row.get("leads")?, row.get("won")?))
}
