//! The groups of loans that went the same way, from the history at two dates.

use finance::Fen;
use jiff::civil::Date;
use platform::access::DataScope;
use platform::args;
use platform::db::{Conditions, Row, StoreError, Tx};

use super::model::{After, Group};
use crate::dashboard::store::OPEN;
use crate::standpoint::{Standpoint, within};

/// The columns by which a loan that stood in the book at the first date is grouped; `p` before, `b` after.
const MOVED: &str = "select p.bucket as bucket, p.class as class, b.bucket as new_bucket, b.class as new_class, b.status, \
     count(*) as loans, cast(coalesce(sum(p.principal_fen), 0) as bigint) as opening_fen, \
     cast(coalesce(sum(b.principal_fen), 0) as bigint) as closing_fen, \
     cast(coalesce(sum(case when b.principal_fen < p.principal_fen then b.principal_fen else p.principal_fen end), 0) \
       as bigint) as kept_fen \
     from loan_position_history_view p \
     join loan_position_history_view b on b.customer_id = p.customer_id and b.loan_id = p.loan_id";

const FRESH: &str = "select p.bucket as new_bucket, p.class as new_class, count(*) as loans, \
     cast(coalesce(sum(p.principal_fen), 0) as bigint) as closing_fen from loan_position_history_view p";

/// Keeps the rows `p` of the first date and the rows `b` of the same loans at the second.
pub fn keep_moved(w: &mut Conditions, from: &Standpoint, to: Date) {
    w.and_values(OPEN, args![]);
    w.and_values("p.from_on <= ? and (p.to_on is null or p.to_on > ?)", args![from.as_of, from.as_of]);
    from.keep_known(w);
    w.and_values("b.from_on <= ? and (b.to_on is null or b.to_on > ?)", args![to, to]);
    match from.known {
        None => w.and_values("b.superseded_at is null", args![]),
        Some(known) => {
            w.and_values("b.recorded_at <= ? and (b.superseded_at is null or b.superseded_at > ?)", args![known, known])
        }
    };
}

/// Keeps the rows `p` of loans that are in the book at the second date and were not at the first.
pub fn keep_fresh(w: &mut Conditions, from: &Standpoint, to: Date) {
    w.and_values(OPEN, args![]);
    w.and_values("p.from_on <= ? and (p.to_on is null or p.to_on > ?)", args![to, to]);
    from.keep_known(w);
    match from.known {
        None => w.and_values(
            "not exists (select 1 from loan_position_history_view b where b.customer_id = p.customer_id \
             and b.loan_id = p.loan_id and b.status in ('undrawn', 'current', 'overdue') \
             and b.from_on <= ? and (b.to_on is null or b.to_on > ?) and b.superseded_at is null)",
            args![from.as_of, from.as_of],
        ),
        Some(known) => w.and_values(
            "not exists (select 1 from loan_position_history_view b where b.customer_id = p.customer_id \
             and b.loan_id = p.loan_id and b.status in ('undrawn', 'current', 'overdue') \
             and b.from_on <= ? and (b.to_on is null or b.to_on > ?) \
             and b.recorded_at <= ? and (b.superseded_at is null or b.superseded_at > ?))",
            args![from.as_of, from.as_of, known, known],
        ),
    };
}

/// All groups between two dates, with one knowledge of both.
///
/// Plan: `loan_book` from end to end, beside it `loan_position_history_book` once for each date, all covering.
pub async fn groups(tx: &mut Tx, scope: DataScope, from: &Standpoint, to: Date) -> Result<Vec<Group>, StoreError> {
    let mut w = Conditions::new();
    keep_moved(&mut w, from, to);
    within(&mut w, scope);
    let tail = "group by p.bucket, p.class, b.bucket, b.class, b.status limit 10000";
    let mut groups = Vec::new();
    for row in tx.fetch_all(w.select(MOVED, tail), w.args()).await? {
        let before = (row.get("bucket")?, row.get("class")?);
        let end = After::of(&row.get::<String>("status")?);
        groups.push(Group {
            before: Some(before),
            end,
            opening: row.get("opening_fen")?,
            kept: row.get("kept_fen")?,
            ..group(&row)?
        });
    }
    let mut w = Conditions::new();
    keep_fresh(&mut w, from, to);
    within(&mut w, scope);
    for row in tx.fetch_all(w.select(FRESH, "group by p.bucket, p.class limit 1000"), w.args()).await? {
        groups.push(group(&row)?);
    }
    Ok(groups)
}

fn group(row: &Row) -> Result<Group, StoreError> {
    Ok(Group {
        before: None,
        after: (row.get("new_bucket")?, row.get("new_class")?),
        end: After::Open,
        loans: row.get("loans")?,
        opening: Fen::ZERO,
        closing: row.get("closing_fen")?,
        kept: Fen::ZERO,
    })
}
