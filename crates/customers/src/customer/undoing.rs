//! What was recorded about files after their opening (后续资料): an import cannot be undone under it.

use std::collections::BTreeSet;

use jiff::Timestamp;
use platform::db::{Conditions, StoreError, Tx};
use platform::id::CustomerId;

/// Values bound in one look-up.
const KEYS: usize = 500;

/// Something recorded about a file after its opening (后续资料).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LaterFact {
    /// Whose file.
    pub customer: CustomerId,
    /// `change`, `contact_point`, `merge`, `relation` or `named_elsewhere`.
    pub kind: &'static str,
    /// When.
    pub recorded_at: Timestamp,
    /// By whom; 0 the system.
    pub recorded_by: i64,
}

/// Related parties by file and key.
pub type RelationKeys = BTreeSet<(CustomerId, i64)>;

/// What was recorded about these files since an import opened them, and about the related parties that it brought.
///
/// `own` are the related parties of that import, on these files or others; `void` those of imports undone before.
pub async fn later_facts(
    tx: &mut Tx,
    files: &[CustomerId],
    own: &RelationKeys,
    void: &RelationKeys,
) -> Result<Vec<LaterFact>, StoreError> {
    let mut found = Vec::new();
    let inside: BTreeSet<CustomerId> = files.iter().copied().collect();
    for some in files.chunks(KEYS) {
        let mut filter = Conditions::new();
        filter.one_of("customer_id", some);
        let sql = filter.select("select customer_id, recorded_at, recorded_by from customer_fact", "");
        for row in tx.fetch_all(sql, filter.args()).await? {
            found.push(fact("change", row.get("customer_id")?, &row)?);
        }
        let mut filter = Conditions::new();
        filter.one_of("p.customer_id", some).and_values("p.recorded_at > c.recorded_at", Vec::new());
        let head = "select p.customer_id, p.recorded_at, p.recorded_by from contact_point p \
                    join customer c on c.customer_id = p.customer_id";
        for row in tx.fetch_all(filter.select(head, ""), filter.args()).await? {
            found.push(fact("contact_point", row.get("customer_id")?, &row)?);
        }
        for own_side in ["customer_id", "into_id"] {
            let mut filter = Conditions::new();
            filter.one_of(own_side, some).and_values("state in ('requested', 'merged')", Vec::new());
            let head = "select customer_id, into_id, recorded_at, recorded_by from customer_merge";
            for row in tx.fetch_all(filter.select(head, ""), filter.args()).await? {
                found.push(fact("merge", row.get(own_side)?, &row)?);
            }
        }
        let mut filter = Conditions::new();
        filter.one_of("other_customer_id", some).and_values("ended_on is null", Vec::new());
        let head = "select customer_id, id, other_customer_id, recorded_at, recorded_by from relation";
        for row in tx.fetch_all(filter.select(head, ""), filter.args()).await? {
            let key = (row.get::<CustomerId>("customer_id")?, row.get::<i64>("id")?);
            if !inside.contains(&key.0) && !own.contains(&key) && !void.contains(&key) {
                found.push(fact("named_elsewhere", row.get("other_customer_id")?, &row)?);
            }
        }
    }
    let elsewhere = own.iter().map(|(customer, _)| *customer);
    let all: Vec<CustomerId> = inside.iter().copied().chain(elsewhere).collect::<BTreeSet<_>>().into_iter().collect();
    for some in all.chunks(KEYS) {
        let mut filter = Conditions::new();
        filter.one_of("customer_id", some);
        let sql = filter.select("select customer_id, id, version, recorded_at, recorded_by from relation", "");
        for row in tx.fetch_all(sql, filter.args()).await? {
            let key = (row.get::<CustomerId>("customer_id")?, row.get::<i64>("id")?);
            // Consent, objection or an end came to what the import had brought.
            let touched = own.contains(&key) && row.get::<i64>("version")? > 1;
            let added = inside.contains(&key.0) && !own.contains(&key) && !void.contains(&key);
            if touched || added {
                found.push(fact("relation", key.0, &row)?);
            }
        }
    }
    Ok(found)
}

fn fact(kind: &'static str, customer: CustomerId, row: &platform::db::Row) -> Result<LaterFact, StoreError> {
    Ok(LaterFact { customer, kind, recorded_at: row.get("recorded_at")?, recorded_by: row.get("recorded_by")? })
}
