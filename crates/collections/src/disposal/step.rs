//! The step of the close that asks for the handover of a loan that became bad: by its class, not by its days overdue.

use std::collections::BTreeMap;

use platform::close::{Batch, CloseDay, CloseStep};
use platform::duty;
use platform::error::ActionError;
use platform::event::BoxFuture;
use platform::id::CustomerId;
use platform::work::Work;
use policy::Value;
use servicing::ledger::standpoint::Standpoint;

use super::store;
use crate::case::actions as cases;
use crate::case::store as case_store;

/// The trigger of the handover.
const BAD: &str = "disposal.bad";
/// Loans of one batch.
const BATCH: i64 = 200;

/// 不良移交: asked for when the class of a loan falls among those that the policy calls non-performing (rule `duty.disposal_step`).
#[derive(Debug, Clone, Copy, Default)]
pub struct Handovers;

impl CloseStep for Handovers {
    fn name(&self) -> &'static str {
        "handovers"
    }

    /// After the cases, which may only begin today.
    fn order(&self) -> i32 {
        602
    }

    fn batch<'a>(
        &'a self,
        work: &'a mut Work,
        day: CloseDay,
        after: CustomerId,
    ) -> BoxFuture<'a, Result<Batch, ActionError>> {
        Box::pin(async move {
            let bad = Standpoint::load(work).await?.non_performing;
            let fallen = store::turned_bad(&mut work.tx, &bad, (day.from, day.to), after, BATCH).await?;
            let full = fallen.len() == usize::try_from(BATCH).unwrap_or(usize::MAX);
            let last = fallen.last().map(|one| one.loan.customer).filter(|_| full);
            let mut batch = Batch { last, ..Batch::default() };
            let customers: Vec<CustomerId> = fallen.iter().map(|one| one.loan.customer).collect();
            let arrears = case_store::arrears(&mut work.tx, &customers).await?;
            // The first loan of a customer that became bad dates the duty: opening it again changes nothing.
            let mut first: BTreeMap<CustomerId, store::Fallen> = BTreeMap::new();
            for mut one in fallen {
                one.since = store::bad_since(&mut work.tx, &bad, one.loan).await?.unwrap_or(one.since);
                let known = first.entry(one.loan.customer).or_insert_with(|| one.clone());
                if one.since < known.since {
                    *known = one;
                }
            }
            for (customer, one) in first {
                batch.considered += 1;
                let case = case_store::open_of(&mut work.tx, customer).await?;
                let (Some(case), Some(behind)) = (case, arrears.get(&customer)) else { continue };
                let mut asked = cases::duty_case(&case, behind, one.since, behind.days(day.to));
                asked.facts.insert("asset_class".to_owned(), Value::Text(one.class));
                let opened = duty::open(work, BAD, &[asked]).await?;
                batch.touched += opened.duties + opened.members;
            }
            Ok(batch)
        })
    }
}
