//! Who is the same person. Pure.

use platform::contact_gate::PersonId;

use super::model::{NewRelation, Relation, RelationId};
use crate::error::CustomerError;

/// Which of the related parties known is the one that is named: of its kind, by the number of its document; without a
/// number by the name, where one only bears it. Rule `relation.same-person`.
///
/// Errors: a name that several bear, without a number.
pub fn same_person(
    known: &[Relation],
    new: &NewRelation,
    person: PersonId,
) -> Result<Option<RelationId>, CustomerError> {
    let mut open = known.iter().filter(|one| one.is_open() && one.kind == new.kind);
    if new.identity.is_some() {
        return Ok(open.find(|one| one.person == person).map(|one| one.id));
    }
    let mut same = open.filter(|one| one.name == new.name.trim());
    match (same.next(), same.next()) {
        (Some(_), Some(_)) => Err(CustomerError::SeveralOfName { name: new.name.trim().to_owned() }),
        (one, _) => Ok(one.map(|one| one.id)),
    }
}
