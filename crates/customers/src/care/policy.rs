//! What the policy says about care: kinds of plans, for whom, and their items (制度中的客户维护规则).

use jiff::civil::Date;
use platform::error::ActionError;
use platform::policies::InForce;
use policy::Value;

use super::model::{Item, PlanKind, Rhythm};
use crate::customer::model::CustomerKind;
use crate::policy_list;

/// No axis: the plan may be made for anybody.
const ANYBODY: &str = "none";

/// The kinds of plans for a kind of customer (rule `care.plans`); a pack without the table has none.
///
/// # Errors
/// The decision cannot be made.
pub fn kinds(policy: &InForce, on: Date, kind: CustomerKind) -> Result<Vec<PlanKind>, ActionError> {
    policy_list::rows(policy, on, ("care_plan", kind), |row| {
        let text = |name: &str| row.value(name).and_then(Value::as_text).map(str::to_owned);
        let axis = text("care_axis")?;
        Some(PlanKind {
            name: text("care_plan")?,
            of: if axis == ANYBODY { None } else { Some((axis, text("care_outcome")?)) },
            review_months: row.value("care_review_months")?.as_integer()?,
            article: row.article.to_owned(),
        })
    })
}

/// The items of a kind of plan, in their order (rule `care.items`).
///
/// # Errors
/// The decision cannot be made.
pub fn items(policy: &InForce, on: Date, (plan, kind): (&str, CustomerKind)) -> Result<Vec<Item>, ActionError> {
    policy_list::rows(policy, on, ("care_item", kind), |row| {
        let text = |name: &str| row.value(name).and_then(Value::as_text);
        (text("care_item_of")? == plan).then_some(())?;
        Some(Item {
            name: text("care_item")?.to_owned(),
            review: text("care_part")? == "review",
            half: text("care_half")?.to_owned(),
        })
    })
}

/// The service standards and how often each has the customer contacted (rule `care.rhythm`); a pack without the table has
/// none.
///
/// # Errors
/// The decision cannot be made.
pub fn rhythms(policy: &InForce, on: Date, kind: CustomerKind) -> Result<Vec<Rhythm>, ActionError> {
    policy_list::rows(policy, on, ("care_rhythm", kind), |row| {
        let text = |name: &str| row.value(name).and_then(Value::as_text).map(str::to_owned);
        Some(Rhythm {
            level: text("service_level")?,
            of: (text("rhythm_axis")?, text("rhythm_outcome")?),
            days: row.value("rhythm_days")?.as_integer()?,
            article: row.article.to_owned(),
        })
    })
}
