//! The step of the close that judges agreements: a payment's day is over, or another loan of the debtor fell behind.

use platform::close::{Batch, CloseDay, CloseStep};
use platform::error::ActionError;
use platform::event::BoxFuture;
use platform::id::CustomerId;
use platform::work::Work;

use super::{store, watch};

/// Agreements of one batch.
const BATCH: i64 = 200;

/// 还款协议: performed, kept or broken.
#[derive(Debug, Clone, Copy, Default)]
pub struct Agreements;

impl CloseStep for Agreements {
    fn name(&self) -> &'static str {
        "agreements"
    }

    /// After the cases, before the frequency of contact: what is excused follows from the flag.
    fn order(&self) -> i32 {
        605
    }

    fn batch<'a>(
        &'a self,
        work: &'a mut Work,
        _day: CloseDay,
        after: CustomerId,
    ) -> BoxFuture<'a, Result<Batch, ActionError>> {
        Box::pin(async move {
            let mut all = store::watched(&mut work.tx, after, BATCH).await?;
            let full = all.len() == usize::try_from(BATCH).unwrap_or(usize::MAX);
            let last = all.last().map(|agreement| agreement.case.customer).filter(|_| full);
            if let Some(last) = last {
                // The customer at the edge is seen whole with the next batch, unless it is the only one.
                let whole = all.iter().any(|agreement| agreement.case.customer != last);
                all.retain(|agreement| !whole || agreement.case.customer != last);
            }
            let last = all.last().map(|agreement| agreement.case.customer).filter(|_| full);
            let considered = u64::try_from(all.len()).unwrap_or(u64::MAX);
            let mut customers: Vec<CustomerId> = all.iter().map(|agreement| agreement.case.customer).collect();
            customers.dedup();
            let mut touched = 0;
            let today = work.business_date;
            // Money judges at once; what time alone can change has its day behind it.
            for agreement in all.into_iter().filter(|one| one.next_due_on.is_some_and(|on| on < today)) {
                touched += u64::from(watch::judge(work, agreement).await?);
            }
            for customer in customers {
                watch::settle_flag(work, customer).await?;
            }
            Ok(Batch { last, considered, touched, isolated: Vec::new() })
        })
    }
}
