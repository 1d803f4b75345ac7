//! The step that writes the totals of the day that ends (日终汇总): those of the day before, and what the day changed.

use platform::close::{Batch, CloseDay, CloseStep};
use platform::error::ActionError;
use platform::event::BoxFuture;
use platform::id::CustomerId;
use platform::work::Work;

use crate::total::store;

/// 日终汇总: loans and money by branch, product, bucket, class and standing.
#[derive(Debug, Clone, Copy)]
pub struct Totals;

impl CloseStep for Totals {
    fn name(&self) -> &'static str {
        STEP
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
            let touched = store::end_day(&mut work.tx, day.from).await?;
            Ok(Batch { last: None, considered: touched, touched, isolated: Vec::new() })
        })
    }
}

/// The step's name, under which its marks are found.
pub const STEP: &str = "totals";
