//! Lists that the policy keeps as decision tables (制度清单): papers of a file, watch lists.

use jiff::civil::Date;
use platform::error::ActionError;
use platform::policies::{InForce, PolicyError};
use policy::{EvalError, Facts, Value};

use crate::customer::model::CustomerKind;

/// One row of such a list.
pub(crate) struct Row<'a> {
    outputs: &'a [(String, Option<Value>)],
    /// The article behind it.
    pub article: &'a str,
}

impl<'a> Row<'a> {
    /// What stands in a column.
    pub(crate) fn value(&self, name: &str) -> Option<&'a Value> {
        self.outputs.iter().find(|(output, _)| output == name)?.1.as_ref()
    }
}

/// The rows that apply to a kind of customer, as `read` takes them; a pack without the table has none.
///
/// # Errors
/// The decision cannot be made.
pub(crate) fn rows<T>(
    policy: &InForce,
    on: Date,
    (decision, kind): (&str, CustomerKind),
    read: impl Fn(Row<'_>) -> Option<T>,
) -> Result<Vec<T>, ActionError> {
    let facts = Facts::from([("customer_kind".to_owned(), Value::from(kind.as_str()))]);
    rows_for(policy, on, (decision, &facts), read)
}

/// The rows that apply to the facts of a case, as `read` takes them; a pack without the table has none.
///
/// # Errors
/// The decision cannot be made.
pub(crate) fn rows_for<T>(
    policy: &InForce,
    on: Date,
    (decision, facts): (&str, &Facts),
    read: impl Fn(Row<'_>) -> Option<T>,
) -> Result<Vec<T>, ActionError> {
    let found = match policy.edition(on).decide(decision, facts) {
        Ok(found) => found,
        Err(EvalError::UnknownDecision { .. } | EvalError::NoRule { .. } | EvalError::NoRow { .. }) => {
            return Ok(Vec::new());
        }
        Err(error) => return Err(PolicyError::from(error).into()),
    };
    let rows = found.outputs.iter().zip(&found.rows);
    Ok(rows.filter_map(|(outputs, hit)| read(Row { outputs, article: &hit.article })).collect())
}
