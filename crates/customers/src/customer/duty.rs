//! Duties about one customer's file (客户待办): opened once, and not again while they stand.

use std::collections::BTreeMap;

use jiff::civil::Date;
use platform::duty::{self, Case, DutyKind};
use platform::error::ActionError;
use platform::work::Work;
use policy::Facts;

use super::model::Customer;

/// Opens what the policy's rules for this trigger ask for, counted from this day, unless such a duty stands.
///
/// # Errors
/// What the duty rules of the policy report; the store's.
pub(crate) async fn open_once(
    work: &mut Work,
    customer: &Customer,
    (trigger, kind): (&str, &DutyKind),
    on: Date,
) -> Result<(), ActionError> {
    if duty::stands(work, customer.id, &customer.subject(), kind.kind).await? {
        return Ok(());
    }
    let case = Case {
        customer: customer.id,
        subject: customer.subject(),
        anchor: on,
        manager: Some(customer.manager),
        personal: false,
        branch: customer.branch,
        whom: customer.name.clone(),
        number: customer.number.clone(),
        amount: None,
        facts: Facts::new(),
        fields: BTreeMap::new(),
    };
    duty::open(work, trigger, &[case]).await.map(drop)
}
