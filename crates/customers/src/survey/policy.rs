//! What the policy says about surveys: who is asked how often, and about what (制度中的满意度调查规则).

use jiff::civil::Date;
use platform::error::ActionError;
use platform::policies::InForce;
use policy::Value;

use super::model::Rhythm;
use crate::customer::model::CustomerKind;
use crate::policy_list;

/// Who is asked how often (rule `survey.rhythm`); a pack without the table asks nobody.
///
/// # Errors
/// The decision cannot be made.
pub fn rhythms(policy: &InForce, on: Date, kind: CustomerKind) -> Result<Vec<Rhythm>, ActionError> {
    policy_list::rows(policy, on, ("survey_rhythm", kind), |row| {
        let text = |name: &str| row.value(name).and_then(Value::as_text).map(str::to_owned);
        Some(Rhythm {
            of: (text("survey_axis")?, text("survey_outcome")?),
            months: row.value("survey_months")?.as_integer()?,
            percent: row.value("survey_percent")?.as_integer()?,
        })
    })
}

/// What is asked about, in its order (rule `survey.items`).
///
/// # Errors
/// The decision cannot be made.
pub fn items(policy: &InForce, on: Date, kind: CustomerKind) -> Result<Vec<String>, ActionError> {
    policy_list::rows(policy, on, ("survey_item", kind), |row| Some(row.value("survey_item")?.as_text()?.to_owned()))
}
