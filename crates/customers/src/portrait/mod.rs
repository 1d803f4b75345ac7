//! Portraits of persons (客户画像): life cycle, habit of consumption, attitude to risk and the segment that follows, by the
//! tables of the policy, from data that the person agreed to and nothing else (S5.3-03).

mod data;
mod panel;
pub mod rules;

use jiff::civil::Date;
pub(crate) use panel::panel;
use platform::error::ActionError;
use platform::policies::{InForce, PolicyError};
use platform::web::Routes;
use platform::work::Work;

use self::rules::Drawn;
use crate::customer::model::Customer;
use crate::datum::facts;
use crate::{VIEW, merge};

/// What programs read; the page is a tab of the customer's.
pub fn routes() -> Routes {
    Routes::new().data::<data::PortraitData, _, _>("/customers/{id}/portrait", VIEW, data::portrait)
}

/// The portrait of a file on a day (rule `portrait.consent`). A file that was merged into another one has none of its own:
/// consent is given and taken back where it went.
async fn drawn(work: &mut Work, customer: &Customer, policy: &InForce, on: Date) -> Result<Drawn, ActionError> {
    let known = facts::known(work, customer, policy, on).await?;
    let drawn = rules::draw(policy.edition(on), &known).map_err(PolicyError::from)?;
    let gone = merge::root(&mut work.tx, customer.id).await? != customer.id;
    Ok(if gone && drawn != Drawn::NotOffered { Drawn::NoConsent } else { drawn })
}
