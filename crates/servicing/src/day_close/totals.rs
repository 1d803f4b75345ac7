//! The step that writes the totals of the day that ends (日终汇总), from the history in force on that day.

use platform::args;
use platform::close::{Batch, CloseDay, CloseStep};
use platform::error::ActionError;
use platform::event::BoxFuture;
use platform::id::CustomerId;
use platform::work::Work;

/// 日终汇总: loans and money by branch, product, bucket, class and standing.
#[derive(Debug, Clone, Copy)]
pub struct Totals;

impl CloseStep for Totals {
    fn name(&self) -> &'static str {
        "totals"
    }

    fn order(&self) -> i32 {
        900
    }

    fn batch<'a>(
        &'a self,
        work: &'a mut Work,
        day: CloseDay,
        _after: CustomerId,
    ) -> BoxFuture<'a, Result<Batch, ActionError>> {
        Box::pin(async move {
            // Run twice it writes the same: the day's rows are replaced.
            work.tx.execute("delete from loan_total where business_date = $1", args![day.from]).await?;
            let touched = work
                .tx
                .execute(
                    "insert into loan_total (business_date, branch_id, product, bucket, class, status, loans, \
                     principal_fen, overdue_principal_fen, overdue_interest_fen) \
                     select cast($1 as text), l.branch_id, l.product, h.bucket, h.class, h.status, count(*), \
                     cast(sum(h.principal_fen) as bigint), cast(sum(h.overdue_principal_fen) as bigint), \
                     cast(sum(h.overdue_interest_fen) as bigint) \
                     from loan_position_history h \
                     join loan l on l.customer_id = h.customer_id and l.id = h.loan_id \
                     where l.state = 'active' and h.superseded_at is null and h.from_on <= $1 \
                     and (h.to_on is null or h.to_on > $1) \
                     group by l.branch_id, l.product, h.bucket, h.class, h.status",
                    args![day.from],
                )
                .await?;
            Ok(Batch { last: None, considered: touched, touched, isolated: Vec::new() })
        })
    }
}
