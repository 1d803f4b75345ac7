//! Tables `guarantee_entry`, `guarantee_step`.

use std::collections::BTreeMap;

use finance::Fen;
use jiff::civil::Date;
use platform::args;
use platform::db::{Conditions, Row, StoreError, Tx};
use platform::id::CustomerId;
use platform::work::Work;

use super::model::{Guarantee, GuaranteeId, NewGuarantee, Step, StepKind};

/// Customers of one statement.
const AT_ONCE: usize = 400;

/// What is still guaranteed for the customers of some files on a date, file by file.
///
/// # Errors
/// The store's.
pub(crate) async fn guaranteed(
    tx: &mut Tx,
    files: &[CustomerId],
    on: Date,
) -> Result<BTreeMap<CustomerId, Fen>, StoreError> {
    let mut found = BTreeMap::new();
    for some in files.chunks(AT_ONCE) {
        let mut w = Conditions::new();
        w.one_of("g.customer_id", some).and_values("g.side = 'for_customer' and g.from_on <= ?", args![on]);
        let head = "select g.customer_id, cast(sum(g.left_fen) as bigint) as left_fen from guarantee_now_view g";
        for row in tx.fetch_all(w.select(head, "group by g.customer_id"), w.args()).await? {
            found.insert(row.get("customer_id")?, row.get("left_fen")?);
        }
    }
    Ok(found)
}

/// The most guarantees of one file.
const LIMIT: i64 = 1_000;

/// All guarantees of a customer, the oldest first; those over and struck too.
///
/// # Errors
/// The store's.
pub async fn of_customer(tx: &mut Tx, customer: CustomerId) -> Result<Vec<Guarantee>, StoreError> {
    let mut steps: BTreeMap<GuaranteeId, Vec<Step>> = BTreeMap::new();
    let sql = "select entry_id, kind, amount_fen, happened_on, note, recorded_by from guarantee_step \
               where customer_id = $1 order by id limit $2";
    for row in tx.fetch_all(sql, args![customer, LIMIT * 10]).await? {
        let step = Step {
            kind: row.get("kind")?,
            amount: row.get::<Option<Fen>>("amount_fen")?,
            on: row.get("happened_on")?,
            note: row.get("note")?,
            by: row.get("recorded_by")?,
        };
        steps.entry(row.get("entry_id")?).or_default().push(step);
    }
    let sql = "select id, side, kind, number, beneficiary, debtor, amount_fen, cover_fen, from_on, until_on, project, \
               purpose, recorded_by from guarantee_entry where customer_id = $1 order by id limit $2";
    let rows = tx.fetch_all(sql, args![customer, LIMIT]).await?;
    let guarantee = |row: &Row| -> Result<Guarantee, StoreError> {
        let id = row.get("id")?;
        let content = NewGuarantee {
            side: row.get("side")?,
            kind: row.get("kind")?,
            number: row.get("number")?,
            beneficiary: row.get("beneficiary")?,
            debtor: row.get("debtor")?,
            amount: row.get("amount_fen")?,
            cover: row.get("cover_fen")?,
            from: row.get("from_on")?,
            until: row.get("until_on")?,
            project: row.get("project")?,
            purpose: row.get("purpose")?,
        };
        Ok(Guarantee { id, content, by: row.get("recorded_by")?, steps: steps.remove(&id).unwrap_or_default() })
    };
    rows.iter().map(guarantee).collect()
}

pub(super) async fn insert(
    work: &mut Work,
    customer: CustomerId,
    new: &NewGuarantee,
) -> Result<GuaranteeId, StoreError> {
    let id = GuaranteeId(work.next_id());
    let values = args![
        customer,
        id,
        new.side,
        new.kind,
        new.number.trim(),
        new.beneficiary.trim(),
        new.debtor.trim(),
        new.amount,
        new.cover,
        new.from,
        new.until,
        new.project.trim(),
        new.purpose.trim(),
        work.business_date,
        work.now,
        work.actor.recorded_by(),
        work.actor.origin.as_str(),
        work.actor.origin.detail()
    ];
    work.tx
        .execute(
            "insert into guarantee_entry (customer_id, id, side, kind, number, beneficiary, debtor, amount_fen, \
             cover_fen, from_on, until_on, project, purpose, effective_on, recorded_at, recorded_by, source, \
             source_detail) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)",
            values,
        )
        .await?;
    Ok(id)
}

pub(super) async fn step(
    work: &mut Work,
    (customer, guarantee): (CustomerId, GuaranteeId),
    (kind, amount): (StepKind, Option<Fen>),
    (on, note): (Date, &str),
) -> Result<(), StoreError> {
    let (id, by) = (work.next_id(), work.actor.recorded_by());
    work.tx
        .execute(
            "insert into guarantee_step (customer_id, id, entry_id, kind, amount_fen, happened_on, note, effective_on, \
             recorded_at, recorded_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            args![customer, id, guarantee, kind, amount, on, note.trim(), work.business_date, work.now, by],
        )
        .await
        .map(drop)
}
