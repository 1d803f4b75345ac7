//! What the policy says about warning data: of whom, how often, and which items (制度中的预警信息采集规则).

use jiff::civil::Date;
use platform::error::ActionError;
use platform::policies::InForce;
use policy::Value;

use super::model::{Item, Rhythm};
use crate::customer::model::CustomerKind;
use crate::policy_list;

/// Of whom data are collected how often (rule `warning.rhythm`); a pack without the table asks of nobody.
///
/// # Errors
/// The decision cannot be made.
pub fn rhythms(policy: &InForce, on: Date, kind: CustomerKind) -> Result<Vec<Rhythm>, ActionError> {
    policy_list::rows(policy, on, ("warning_rhythm", kind), |row| {
        let text = |name: &str| row.value(name).and_then(Value::as_text).map(str::to_owned);
        let of = (text("warning_axis")?, text("warning_outcome")?);
        Some(Rhythm { of, months: row.value("warning_months")?.as_integer()? })
    })
}

/// The items of a sheet, in their order (rule `warning.items`).
///
/// # Errors
/// The decision cannot be made.
pub fn items(policy: &InForce, on: Date, kind: CustomerKind) -> Result<Vec<Item>, ActionError> {
    policy_list::rows(policy, on, ("warning_item", kind), |row| {
        let text = |name: &str| row.value(name).and_then(Value::as_text);
        let fact = text("warning_fact").filter(|fact| *fact != "none").unwrap_or_default();
        Some(Item {
            name: text("warning_item")?.to_owned(),
            part: text("warning_part")?.to_owned(),
            fact: fact.to_owned(),
        })
    })
}
