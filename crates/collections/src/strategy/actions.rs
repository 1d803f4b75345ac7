//! Cases get their strategy when they begin and when they climb (rule `strategy.kept`).

use platform::error::ActionError;
use platform::policies::PolicyError;
use platform::work::Work;
use policy::{Edition, EvalError};

use super::model::Assigned;
use super::{rules, store};
use crate::case::model::Case;
use crate::case::store::Arrears;

/// Writes by which strategy each of these cases is collected on its step of the ladder, with the arm of the trial.
///
/// # Errors
/// The policy lacks a row for a case; the store's.
pub(crate) async fn assign(work: &mut Work, edition: &Edition, cases: &[(&Case, &Arrears)]) -> Result<(), ActionError> {
    let on = work.business_date;
    let mut all = Vec::with_capacity(cases.len());
    for (case, behind) in cases {
        let split = match rules::split(edition, behind.days(on), behind.overdue.0) {
            Ok(split) => split,
            // Rules that were drawn up before there were strategies assign none.
            Err(EvalError::UnknownDecision { .. } | EvalError::NoRule { .. }) => return Ok(()),
            Err(broken) => return Err(PolicyError::from(broken).into()),
        };
        let (arm, strategy) = rules::side(&split, case.key.customer);
        let ppm = split.ppm;
        all.push((case.key, Assigned { rung: case.rung.clone(), strategy, arm, ppm, article: split.article, on }));
    }
    if all.is_empty() {
        return Ok(());
    }
    Ok(store::insert(work, &all).await?)
}
