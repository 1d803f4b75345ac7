//! What may be waived: heads by the policy, amounts by what is owed. Pure.

use finance::{Fen, Head, InstalmentPosition, Position};
use policy::{Edition, ParameterError};

use super::model::{Waiver, head_name, head_of};
use crate::error::ServicingError;

/// The parameter that lists the heads.
const HEADS: &str = "waivable_heads";

/// The heads that may be waived, as the policy lists them. Rule `waiver.heads`.
pub fn waivable(edition: &Edition) -> Result<Vec<Head>, ParameterError> {
    Ok(edition.texts(HEADS)?.iter().filter_map(|name| head_of(name)).collect())
}

/// What is owed of a head, in all or on one instalment. Principal of an instalment is forgiven only once it is due;
/// what is not yet due is forgiven without naming an instalment. Fees and costs belong to none.
pub fn owed(position: &Position, head: Head, instalment: Option<u32>) -> Fen {
    let Some(no) = instalment else { return position.outstanding.get(head) };
    let Some(of) = position.instalments.iter().find(|i| i.no == no) else { return Fen::ZERO };
    let due = of.due_on <= position.as_of;
    match head {
        Head::Interest => of.interest.outstanding(),
        Head::Principal if due => of.principal.outstanding(),
        Head::Penalty if due => of.penalty.outstanding(),
        Head::Compound if due => of.compound.outstanding(),
        Head::Principal | Head::Penalty | Head::Compound | Head::Cost | Head::Fee => Fen::ZERO,
    }
}

/// Refuses a waiver of a head that the policy keeps, of nothing, and of more than is owed.
/// Rule `waiver.at-most-owed`.
pub fn check(heads: &[Head], position: &Position, waiver: &Waiver) -> Result<(), ServicingError> {
    if !waiver.amount.is_positive() {
        return Err(ServicingError::AmountNotPositive { amount: waiver.amount });
    }
    if !heads.contains(&waiver.head) {
        return Err(ServicingError::HeadNotWaivable { head: head_name(waiver.head) });
    }
    let owed = owed(position, waiver.head, waiver.instalment);
    if waiver.amount > owed {
        return Err(ServicingError::MoreThanOwed { amount: waiver.amount, owed });
    }
    Ok(())
}

/// The instalments that a waiver can name: what is not cleared.
pub fn open_instalments(position: &Position) -> impl Iterator<Item = &InstalmentPosition> {
    position.instalments.iter().filter(|i| i.cleared_on.is_none())
}
