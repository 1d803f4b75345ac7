//! What the members of a group owe: the view `loan_view`.

use finance::Fen;
use platform::access::DataScope;
use platform::db::{Conditions, Row, StoreError, Tx};
use platform::id::CustomerId;

use crate::ledger::store::within;
use crate::loan::model::LoanId;

/// Keys of one query.
const KEYS: usize = 200;

/// A loan of a member of a group (集团借据).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupLoan {
    /// Whose.
    pub customer: CustomerId,
    /// The loan.
    pub loan: LoanId,
    /// Its number.
    pub number: String,
    /// Principal outstanding.
    pub principal: Fen,
    /// Principal and interest overdue.
    pub overdue: Fen,
    /// Its class.
    pub class: String,
}

/// The open loans of these customers, within scope: the largest first.
///
/// # Errors
/// The store's.
pub async fn loans(tx: &mut Tx, customers: &[CustomerId], scope: DataScope) -> Result<Vec<GroupLoan>, StoreError> {
    let mut found = Vec::new();
    for some in customers.chunks(KEYS) {
        let mut conditions = Conditions::new();
        conditions.one_of("l.customer_id", some);
        conditions.and_values("l.state = 'active' and l.principal_fen > 0", Vec::new());
        within(&mut conditions, scope);
        let head = "select l.customer_id, l.loan_id, l.number, l.principal_fen, \
                    l.overdue_principal_fen + l.overdue_interest_fen as overdue_fen, l.class from loan_view l";
        let sql = conditions.select(head, "order by l.principal_fen desc, l.number limit 2000");
        for row in tx.fetch_all(sql, conditions.args()).await? {
            found.push(decode(&row)?);
        }
    }
    Ok(found)
}

fn decode(row: &Row) -> Result<GroupLoan, StoreError> {
    Ok(GroupLoan {
        customer: row.get("customer_id")?,
        loan: row.get("loan_id")?,
        number: row.get("number")?,
        principal: row.get("principal_fen")?,
        overdue: row.get("overdue_fen")?,
        class: row.get("class")?,
    })
}
