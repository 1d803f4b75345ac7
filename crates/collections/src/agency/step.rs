//! The step of the close: placements whose contract, term or evaluation is over come back, and evaluations are asked for (rules
//! `agency.recall`, `agency.evaluation-due`).

use std::collections::BTreeMap;

use platform::close::{Batch, CloseDay, CloseStep};
use platform::duty;
use platform::error::ActionError;
use platform::event::BoxFuture;
use platform::id::{CustomerId, HEAD_OFFICE};
use platform::policies::{self, PolicyError};
use platform::work::Work;
use policy::Facts;

use super::model::{Bar, EndReason};
use super::{HOUSE, actions, evaluation, placing, placing_store, store};

/// Placements of one batch, one transaction each.
const BATCH: i64 = 500;

/// 催收机构: asked for evaluations; placements that are over come back.
#[derive(Debug, Clone, Copy, Default)]
pub struct Agencies;

impl CloseStep for Agencies {
    fn name(&self) -> &'static str {
        "agencies"
    }

    /// After the cases.
    fn order(&self) -> i32 {
        680
    }

    fn batch<'a>(
        &'a self,
        work: &'a mut Work,
        day: CloseDay,
        after: CustomerId,
    ) -> BoxFuture<'a, Result<Batch, ActionError>> {
        Box::pin(async move {
            let mut batch = Batch::default();
            // The first batch stands before every customer.
            if after < HOUSE {
                ask(work, &mut batch).await?;
            }
            let standing = placing_store::standing(&mut work.tx, after, BATCH).await?;
            let full = standing.len() == usize::try_from(BATCH).unwrap_or(usize::MAX);
            let mut bars: BTreeMap<i64, Option<EndReason>> = BTreeMap::new();
            for one in &standing {
                batch.considered += 1;
                let over = match bars.get(&one.agency.0) {
                    Some(known) => *known,
                    None => {
                        let reason = actions::bar(work, one.agency).await?.as_ref().and_then(reason_of);
                        bars.insert(one.agency.0, reason);
                        reason
                    }
                };
                if let Some(reason) = over.or((one.to < day.to).then_some(EndReason::Term)) {
                    placing::end(work, one, reason, "").await?;
                    batch.touched += 1;
                }
            }
            batch.last = standing.last().map(|one| one.case.customer).filter(|_| full);
            Ok(batch)
        })
    }
}

/// Why what is placed comes back when an agency may be given nothing more; off the published list it only gets nothing new.
fn reason_of(bar: &Bar) -> Option<EndReason> {
    match bar {
        Bar::Contract => Some(EndReason::Contract),
        Bar::Overdue { .. } | Bar::Stopped => Some(EndReason::Evaluation),
        Bar::Closed | Bar::Placed | Bar::Young { .. } | Bar::Flag { .. } | Bar::Unpublished => None,
    }
}

/// Asks for the evaluation of every agency that is due within the days of the policy.
async fn ask(work: &mut Work, batch: &mut Batch) -> Result<(), ActionError> {
    let today = work.business_date;
    let agencies = store::all(&mut work.tx).await?;
    if agencies.is_empty() {
        return Ok(());
    }
    let policy = policies::in_force(work, today).await?;
    let lead = policy.edition(today).integer("agency_evaluation_lead_days").map_err(PolicyError::from)?;
    for agency in agencies {
        let Some((due, _)) = evaluation::due(work, agency.id).await? else { continue };
        batch.considered += 1;
        if finance::days_between(today, due) > lead {
            continue;
        }
        let case = duty::Case {
            customer: HOUSE,
            subject: agency.subject(),
            anchor: due,
            manager: None,
            personal: false,
            branch: HEAD_OFFICE,
            whom: agency.name.clone(),
            number: agency.number.clone(),
            amount: None,
            facts: Facts::new(),
            fields: BTreeMap::from([("name".to_owned(), agency.name.clone())]),
        };
        let opened = duty::open(work, "agency.evaluation", &[case]).await?;
        batch.touched += opened.duties + opened.members;
    }
    Ok(())
}
