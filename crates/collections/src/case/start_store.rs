//! What is known of customers when collection starts: loans called or matured, deaths; and the ground that a case keeps.

use std::collections::BTreeMap;

use jiff::civil::Date;
use platform::approval::{self, ApprovalState};
use platform::args;
use platform::db::{Conditions, StoreError, Tx};
use platform::id::CustomerId;
use servicing::loan::model::LoanKey;

use super::model::CaseKey;
use super::start::Known;

/// The kinds of approvals after which a loan has other terms.
const OTHER_TERMS: [&str; 2] = ["extension", "restructure"];
/// The newest approvals of a loan that are looked at.
const APPROVALS: i64 = 50;

/// What is known of these customers, who have something overdue, on a day.
///
/// # Errors
/// The store's.
pub async fn known(tx: &mut Tx, customers: &[CustomerId], on: Date) -> Result<BTreeMap<CustomerId, Known>, StoreError> {
    let mut found: BTreeMap<CustomerId, Known> =
        customers.iter().map(|one| (*one, Known { unpaid: true, ..Known::default() })).collect();
    let mut matured = Vec::new();
    for some in customers.chunks(500) {
        let mut w = Conditions::new();
        w.and_values(
            "v.status = 'overdue' and v.state = 'active' and t.kind = 'accelerate' and t.reversed_at is null",
            args![],
        );
        w.one_of("v.customer_id", some);
        let called = "select distinct v.customer_id from loan_view v \
             join loan_transaction_view t on t.customer_id = v.customer_id and t.loan_id = v.loan_id";
        for row in tx.fetch_all(w.select(called, ""), w.args()).await? {
            found.entry(row.get("customer_id")?).or_default().recalled = true;
        }
        let mut w = Conditions::new();
        w.and_values("f.kind = 'death' and f.lifted_at is null", args![]);
        w.one_of("f.customer_id", some);
        for row in tx.fetch_all(w.select("select distinct f.customer_id from stop_flag f", ""), w.args()).await? {
            found.entry(row.get("customer_id")?).or_default().dead = true;
        }
        let mut w = Conditions::new();
        w.and_values("v.status = 'overdue' and v.state = 'active' and v.maturity_on < ?", args![on]);
        w.one_of("v.customer_id", some);
        let over = "select v.customer_id, v.loan_id from loan_view v";
        for row in tx.fetch_all(w.select(over, "order by v.customer_id, v.loan_id"), w.args()).await? {
            matured.push(LoanKey { customer: row.get("customer_id")?, loan: row.get("loan_id")? });
        }
    }
    for (customer, kind) in crate::lost::store::kinds(tx, customers).await? {
        // Half lost is not lost.
        found.entry(customer).or_default().missing |= kind.needs_effort();
    }
    for loan in matured {
        // One loan for which nothing else is possible is enough.
        let waits = waits_for_other_terms(tx, loan).await?;
        let known = found.entry(loan.customer).or_default();
        known.other_terms = if known.matured { known.other_terms && waits } else { waits };
        known.matured = true;
    }
    Ok(found)
}

/// Whether an extension or restructuring of a loan was asked for and is not decided.
pub(crate) async fn waits_for_other_terms(tx: &mut Tx, loan: LoanKey) -> Result<bool, StoreError> {
    let all = approval::store::about(tx, loan.customer, &loan.subject(), APPROVALS).await?;
    let waits = |state: &ApprovalState| matches!(state, ApprovalState::Pending { .. } | ApprovalState::Returned { .. });
    Ok(all.iter().any(|(one, _)| OTHER_TERMS.contains(&one.kind.as_str()) && waits(&one.state)))
}

/// The ground on which a case was opened.
///
/// # Errors
/// The store's.
pub async fn of_case(tx: &mut Tx, case: CaseKey) -> Result<String, StoreError> {
    let sql = "select reason from collection_case_event where customer_id = $1 and case_id = $2 and kind = 'opened' \
         order by id limit 1";
    let row = tx.fetch_optional(sql, args![case.customer, case.case]).await?;
    row.map_or_else(|| Ok("overdue".to_owned()), |row| row.get("reason"))
}
