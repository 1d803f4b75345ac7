//! The step of the day close that asks for idle leads to be erased and for agreements with partners to be renewed
//! (日终·获客).

use std::collections::BTreeMap;

use platform::close::{Batch, CloseDay, CloseStep};
use platform::duty::{self, Case};
use platform::error::ActionError;
use platform::event::BoxFuture;
use platform::id::{CustomerId, HEAD_OFFICE};
use platform::policies;
use platform::work::Work;
use policy::Facts;

use super::actions::{HOUSE, ask_erasure};
use super::{policy as rules_of, rules, store};
use crate::partner::store as partners;

/// The trigger of the duty to renew an agreement.
const AGREEMENT: &str = "partner.agreement";

/// 获客: idle leads (rule `lead.retention`), agreements that end (rule `partner.agreement`).
#[derive(Debug, Clone, Copy)]
pub struct Acquisition;

impl CloseStep for Acquisition {
    fn name(&self) -> &'static str {
        "acquisition"
    }

    fn order(&self) -> i32 {
        365
    }

    fn batch<'a>(
        &'a self,
        work: &'a mut Work,
        day: CloseDay,
        _: CustomerId,
    ) -> BoxFuture<'a, Result<Batch, ActionError>> {
        Box::pin(async move {
            let in_force = match policies::in_force(work, day.to).await {
                Ok(in_force) => in_force,
                // A house without rules has nothing to ask for.
                Err(ActionError::Refused(_)) => return Ok(Batch::default()),
                Err(broken) => return Err(broken),
            };
            // Rules that were drawn up before leads were kept have nothing to ask for either.
            let months = rules_of::known_number(&in_force, day.to, "lead_retention_months")?;
            let notice = rules_of::known_number(&in_force, day.to, "partner_notice_days")?;
            let (Some(months), Some(notice)) = (months, notice) else { return Ok(Batch::default()) };
            let since = jiff::Span::new().try_months(months).ok().and_then(|span| day.to.checked_sub(span).ok());
            let mut idle = store::idle(&mut work.tx, since.unwrap_or(day.to)).await?;
            // Months differ in length: nobody is asked for what the use case would refuse.
            idle.retain(|lead| rules::kept_until(lead, months).is_some_and(|until| until <= day.to));
            let until = jiff::Span::new().try_days(notice).ok().and_then(|span| day.to.checked_add(span).ok());
            let ending = partners::ending(&mut work.tx, until.unwrap_or(day.to)).await?;
            let touched = (idle.len() + ending.len()) as u64;
            for mut lead in idle {
                ask_erasure(work, &mut lead, day.to).await?;
            }
            for (partner, agreement) in ending {
                let case = Case {
                    customer: HOUSE,
                    subject: partner.duty(),
                    anchor: day.to,
                    manager: None,
                    personal: false,
                    branch: partner.content.branch.unwrap_or(HEAD_OFFICE),
                    whom: partner.content.name.clone(),
                    number: partner.number.clone(),
                    amount: None,
                    facts: Facts::new(),
                    fields: BTreeMap::new(),
                };
                duty::open(work, AGREEMENT, &[case]).await?;
                partners::asked(&mut work.tx, agreement, day.to).await?;
            }
            Ok(Batch { considered: touched, touched, ..Batch::default() })
        })
    }
}
