//! What classes do at lending (分类的放款效力): whether a customer is lent to, by which chain and how early it is decided,
//! how far below the usual rate and how much of what was applied for (S5.2-04…06, S1-28, S3-07).

pub mod effect;
pub(crate) mod view;

pub use effect::{Chain, Effect, WHOLE_PPM};

use platform::error::ActionError;
use platform::policies::{self, InForce};
use platform::work::Work;

use crate::customer::model::Customer;
use crate::datum::facts::{self, Known};

/// What the classes of a customer do at lending on the business date, with the facts behind them.
///
/// # Errors
/// No rules in force; the store's.
pub async fn of_customer(work: &mut Work, customer: &Customer) -> Result<(Effect, Known), ActionError> {
    let today = work.business_date;
    let rules = policies::in_force(work, today).await?;
    let known = facts::known(work, customer, &rules, today).await?;
    Ok((told(&rules, today, &known)?, known))
}

/// The same from facts that were read already.
///
/// # Errors
/// The decision cannot be made.
pub(crate) fn told(rules: &InForce, on: jiff::civil::Date, known: &Known) -> Result<Effect, ActionError> {
    effect::of(rules.edition(on), &known.facts)
}
