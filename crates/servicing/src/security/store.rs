//! Tables `guarantee` and `collateral`.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use platform::args;
use platform::db::{AssertSqlSafe, StoreError, Tx};
use platform::work::Work;

use super::account::NewPledge;
use super::model::{CollateralKind, NewSecurity, SecurityKind, SecurityLine, SecurityRow};
use crate::loan::model::{LoanKey, Security};
use crate::loan::store::pairs_of;

/// Everything that stands or stood behind a loan: what is in force first, guarantees before things.
pub async fn lines(tx: &mut Tx, key: LoanKey) -> Result<Vec<SecurityLine>, StoreError> {
    Ok(lines_of(tx, &[key]).await?.remove(&key).unwrap_or_default())
}

/// The same of many loans; those without any are left out.
pub async fn lines_of(tx: &mut Tx, keys: &[LoanKey]) -> Result<BTreeMap<LoanKey, Vec<SecurityLine>>, StoreError> {
    read(tx, keys, None).await
}

/// What stood behind loans on a day, as it was known at a moment: what ended later stands, what came later is left out.
///
/// # Errors
/// The store's.
pub async fn lines_known(
    tx: &mut Tx,
    keys: &[LoanKey],
    (on, at): (Date, Timestamp),
) -> Result<BTreeMap<LoanKey, Vec<SecurityLine>>, StoreError> {
    let mut found = read(tx, keys, Some(at)).await?;
    for lines in found.values_mut() {
        lines.retain(|line| line.effective_on <= on);
        for line in lines.iter_mut() {
            line.ended_on = line.ended_on.filter(|ended| *ended <= on);
        }
    }
    Ok(found)
}

async fn read(
    tx: &mut Tx,
    keys: &[LoanKey],
    known: Option<Timestamp>,
) -> Result<BTreeMap<LoanKey, Vec<SecurityLine>>, StoreError> {
    let mut found: BTreeMap<LoanKey, Vec<SecurityLine>> = BTreeMap::new();
    for some in keys.chunks(500) {
        let pairs = pairs_of(some);
        // Integers only.
        let sql = format!(
            "select * from ( \
             select 0 as place, id, kind, guarantor as who, cast(null as text) as owner, amount_fen, \
             period_until as until_on, effective_on, ended_on, relation_id, customer_id, loan_id, recorded_at from guarantee \
             where (customer_id, loan_id) in ({pairs}) \
             union all \
             select 1 as place, id, kind, description as who, owner, value_fen as amount_fen, \
             cast(null as text) as until_on, effective_on, ended_on, cast(null as bigint) as relation_id, \
             customer_id, loan_id, recorded_at from collateral where (customer_id, loan_id) in ({pairs})) as line \
             order by case when ended_on is null then 0 else 1 end, place, effective_on, id"
        );
        for row in tx.fetch_all(AssertSqlSafe(sql), args![]).await? {
            let recorded_at: Timestamp = row.get("recorded_at")?;
            if known.is_some_and(|at| recorded_at > at) {
                continue;
            }
            let key = LoanKey { customer: row.get("customer_id")?, loan: row.get("loan_id")? };
            found.entry(key).or_default().push(SecurityLine {
                id: row.get("id")?,
                kind: row.get("kind")?,
                who: row.get("who")?,
                owner: row.get("owner")?,
                amount: row.get("amount_fen")?,
                until: row.get("until_on")?,
                effective_on: row.get("effective_on")?,
                ended_on: row.get("ended_on")?,
                relation: row.get("relation_id")?,
            });
        }
    }
    Ok(found)
}

/// Inserts guarantees and things: the one place that writes them, for the desk and for an import.
pub async fn insert(work: &mut Work, rows: &[SecurityRow]) -> Result<(), StoreError> {
    let (now, by, source) = (work.now, work.actor.recorded_by(), work.actor.origin.as_str());
    let (mut guarantees, mut collaterals) = (Vec::new(), Vec::new());
    for SecurityRow { id, key, new, relation, on, detail } in rows {
        let (customer, loan, name) = (key.customer, key.loan, new.kind());
        match new {
            NewSecurity::Guarantee { guarantor, amount, until, .. } => guarantees
                .push(args![customer, loan, id, relation, guarantor, name, amount, until, on, now, by, source, detail]),
            NewSecurity::Collateral { thing, owner, value, .. } => {
                collaterals.push(args![customer, loan, id, name, thing, owner, value, on, now, by, source, detail])
            }
        }
    }
    let head = "insert into guarantee (customer_id, loan_id, id, relation_id, guarantor, kind, amount_fen, period_until, \
                effective_on, recorded_at, recorded_by, source, source_detail)";
    work.tx.write_rows(head, "", guarantees).await?;
    let head = "insert into collateral (customer_id, loan_id, id, kind, description, owner, value_fen, effective_on, \
                recorded_at, recorded_by, source, source_detail)";
    work.tx.write_rows(head, "", collaterals).await.map(drop)
}

/// Enters the pledge of an account with its contract; its key.
pub(super) async fn insert_pledge(
    work: &mut Work,
    key: LoanKey,
    what: &str,
    new: &NewPledge,
) -> Result<i64, StoreError> {
    let (id, on, now, by) = (work.next_id(), work.business_date, work.now, work.actor.recorded_by());
    let (source, detail) = (work.actor.origin.as_str(), work.actor.origin.detail().to_owned());
    let kind = SecurityKind::Collateral(CollateralKind::Pledge);
    work.tx
        .execute(
            "insert into collateral (customer_id, loan_id, id, kind, description, account_id, contract_no, contract_on, \
             effective_on, recorded_at, recorded_by, source, source_detail) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
            args![
                key.customer,
                key.loan,
                id,
                kind,
                what,
                new.account,
                new.contract.trim(),
                new.signed_on,
                on,
                now,
                by,
                source,
                detail
            ],
        )
        .await?;
    Ok(id)
}

/// Whether the pledge of an account stands behind a loan.
pub(super) async fn has_pledge(tx: &mut Tx, key: LoanKey) -> Result<bool, StoreError> {
    let row = tx.fetch_optional(
        "select id from collateral where customer_id = $1 and loan_id = $2 and account_id is not null \
         and ended_on is null limit 1",
        args![key.customer, key.loan],
    );
    Ok(row.await?.is_some())
}

/// Ends a line that is in force.
///
/// Errors: [`StoreError::Stale`] when it is not in force any more.
pub async fn end(tx: &mut Tx, key: LoanKey, line: &SecurityLine, on: Date) -> Result<(), StoreError> {
    let sql = match line.kind {
        SecurityKind::Guarantee(_) => {
            "update guarantee set ended_on = $1 where customer_id = $2 and loan_id = $3 and id = $4 and ended_on is null"
        }
        SecurityKind::Collateral(_) => {
            "update collateral set ended_on = $1 where customer_id = $2 and loan_id = $3 and id = $4 and ended_on is null"
        }
    };
    tx.execute_one(sql, args![on, key.customer, key.loan, line.id]).await
}

/// Writes the kind of security that the lines make.
pub async fn set_kind(tx: &mut Tx, key: LoanKey, kind: Security) -> Result<(), StoreError> {
    tx.execute_one(
        "update loan set security = $1 where customer_id = $2 and id = $3",
        args![kind, key.customer, key.loan],
    )
    .await
}
