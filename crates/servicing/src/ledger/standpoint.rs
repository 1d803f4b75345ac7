//! From where the ledger is looked at (台账基准): the business date, and what its policy calls non-performing.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use platform::error::ActionError;
use platform::policies;
use platform::work::Work;
use policy::{FactType, Pack, Value};

/// The business date and the classes that its policy calls non-performing (不良).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standpoint {
    /// The day of the list.
    pub on: Date,
    /// Empty before any rule says which they are: then the view of them is empty.
    pub non_performing: Vec<String>,
}

impl Standpoint {
    /// Of the business date.
    ///
    /// Errors: no policy is in force.
    pub async fn load(work: &mut Work) -> Result<Self, ActionError> {
        let on = work.business_date;
        let policy = policies::in_force(work, on).await?;
        Ok(Self { on, non_performing: non_performing(policy.pack(), on) })
    }
}

/// The classes that the decision `npl` (rule `class.npl`, S5.4-05) of a date answers with yes: the code knows no class.
pub fn non_performing(pack: &Pack, on: Date) -> Vec<String> {
    let edition = pack.on(on);
    let bad = |class: &String| {
        let facts = BTreeMap::from([("asset_class".to_owned(), Value::Text(class.clone()))]);
        edition.decide("npl", &facts).is_ok_and(|found| found.text("npl") == Some("yes"))
    };
    classes(pack).into_iter().filter(bad).collect()
}

/// Every class that some table of the pack can give.
fn classes(pack: &Pack) -> BTreeSet<String> {
    let outputs = pack.tables().flat_map(|(_, table)| &table.outputs).filter(|output| output.name == "asset_class");
    let values = outputs.filter_map(|output| match &output.kind {
        FactType::OneOf { values, .. } => Some(values.iter().cloned()),
        FactType::Integer { .. } | FactType::Date | FactType::Text | FactType::Boolean => None,
    });
    values.flatten().collect()
}
