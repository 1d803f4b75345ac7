//! Whom a message goes to (收信人): the debtor, and everybody who owes the same (S2.5-23).

use customers::contact_point::actions as points;
use customers::contact_point::model::{ContactKind, ContactPoint};
use platform::contact_gate::{Channel, PersonId};
use platform::error::ActionError;
use platform::work::Work;
use servicing::loan::model::LoanKey;

use crate::obligor::actions as obligors;
use crate::obligor::model::{Obligor, Role};

/// Who gets a message (收信人).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Receiver {
    /// The person.
    pub person: PersonId,
    /// The name.
    pub name: String,
    /// Whether it is not the debtor, but one who owes the same.
    pub joint: bool,
}

/// The kind of contact point that a channel reaches.
pub(super) fn kind_of(channel: Channel) -> ContactKind {
    match channel {
        Channel::Email => ContactKind::Email,
        Channel::Phone | Channel::Sms | Channel::Message | Channel::Letter | Channel::Visit => ContactKind::Phone,
    }
}

/// Who owes the whole of a loan besides its debtor: co-borrowers, and the spouse who was found to owe it.
async fn joint(work: &mut Work, key: LoanKey) -> Result<Vec<Obligor>, ActionError> {
    let mut all = obligors::addressees(work, key).await?;
    all.retain(|one| matches!(one.role, Role::CoBorrower | Role::Spouse) && one.cap.is_none());
    Ok(all)
}

/// Whose contact point it is; `None`: of nobody who owes this loan as a borrower (rule `message.each-borrower`).
pub(super) async fn receiver(
    work: &mut Work,
    key: LoanKey,
    point: &ContactPoint,
) -> Result<Option<Receiver>, ActionError> {
    let Some(relation) = point.relation else {
        let file = customers::load(&mut work.tx, key.customer).await?;
        return Ok(file.map(|file| Receiver { person: file.person, name: file.name, joint: false }));
    };
    let found = joint(work, key).await?.into_iter().find(|one| one.relation == Some(relation));
    Ok(found.map(|one| Receiver { person: one.person, name: one.name, joint: true }))
}

/// The first contact point in use of each who owes the same, with the name; who has none is left out.
pub(super) async fn joint_points(
    work: &mut Work,
    key: LoanKey,
    channel: Channel,
) -> Result<Vec<(ContactPoint, String)>, ActionError> {
    let owing = joint(work, key).await?;
    if owing.is_empty() {
        return Ok(Vec::new());
    }
    let all = points::list(work, key.customer).await?;
    let usable = |point: &&ContactPoint| point.kind == kind_of(channel) && point.ended_at.is_none();
    let of = |one: Obligor| {
        let point = all.iter().filter(usable).find(|point| point.relation == one.relation)?;
        Some((point.clone(), one.name))
    };
    Ok(owing.into_iter().filter_map(of).collect())
}
