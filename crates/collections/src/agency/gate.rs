//! What staff of an agency may see and whom they may contact: the cases placed with them, and nobody else (rules `agency.scope`,
//! `contact.agency`).

use std::sync::Arc;

use platform::contact_gate::{AgencyId, CallingLine, Channel, Contact, Manner};
use platform::error::ActionError;
use platform::id::CustomerId;
use platform::policies::{self, PolicyError};
use platform::work::Work;

use super::{ARTICLE, placing_store, store};
use crate::guard::model::Rule;

/// How somebody stands to a file (机构人员与客户).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Nobody of an agency: the scopes of the roles decide.
    House,
    /// Staff of an agency, and a case of this customer is placed with that very person.
    Placed(AgencyId),
    /// Staff of an agency, and it is not; or staff of one before, and of nobody since.
    Barred,
}

/// For which agency whoever acts works.
///
/// # Errors
/// The store's.
pub async fn of_actor(work: &mut Work) -> Result<Option<AgencyId>, ActionError> {
    match work.actor.user {
        None => Ok(None),
        Some(user) => Ok(store::agency_of(&mut work.tx, user).await?),
    }
}

/// The contact as whoever acts makes it: who works for an agency acts for it, whatever was asked.
///
/// # Errors
/// The store's.
pub(crate) async fn acting(work: &mut Work, contact: &Contact) -> Result<Contact, ActionError> {
    Ok(match of_actor(work).await? {
        None => contact.clone(),
        agency => Contact { manner: Manner { agency, ..contact.manner.clone() }, ..contact.clone() },
    })
}

/// How whoever acts stands to a customer's file today: a placement that ended, or whose contract or term is over, opens
/// nothing, whether or not the close has noted it yet (rule `agency.scope`).
///
/// # Errors
/// The store's.
pub async fn reach(work: &mut Work, customer: CustomerId) -> Result<Reach, ActionError> {
    let Some(agency) = of_actor(work).await? else {
        return Ok(if has_left(work).await? { Reach::Barred } else { Reach::House });
    };
    let (today, user) = (work.business_date, work.actor.user);
    let placements = placing_store::of_customer(&mut work.tx, customer).await?;
    let own = placements.iter().any(|one| one.agency == agency && Some(one.worker) == user && one.to >= today);
    let contracts = if own { store::contracts(&mut work.tx, agency).await? } else { Vec::new() };
    match contracts.iter().any(|one| one.in_force(today)) {
        true => Ok(Reach::Placed(agency)),
        false => Ok(Reach::Barred),
    }
}

/// Whether whoever acts worked for an agency before, and is nobody of the house either: no role but those of the policy for
/// staff of agencies (rule `agency.staff`).
async fn has_left(work: &mut Work) -> Result<bool, ActionError> {
    let Some(user) = work.actor.user else { return Ok(false) };
    if !store::ever_member(&mut work.tx, user).await? {
        return Ok(false);
    }
    let today = work.business_date;
    let policy = policies::in_force(work, today).await?;
    let roles = policy.edition(today).texts("agency_user_roles").map_err(PolicyError::from)?;
    Ok(work.actor.roles.iter().all(|role| roles.contains(role)))
}

/// Of some rows about customers those that whoever acts may still see: staff of an agency only what is placed with them now.
///
/// # Errors
/// The store's.
pub(crate) async fn seen<T>(work: &mut Work, rows: Vec<T>, of: fn(&T) -> CustomerId) -> Result<Vec<T>, ActionError> {
    if of_actor(work).await?.is_none() && !has_left(work).await? {
        return Ok(rows);
    }
    let mut seen = Vec::new();
    for row in rows {
        if reach(work, of(&row)).await? != Reach::Barred {
            seen.push(row);
        }
    }
    Ok(seen)
}

/// What the guard refuses to staff of an agency before anything else: who is not placed with them (rule `contact.agency`); a
/// call from a line that is not registered for their agency (rule `contact.registered-line`); a message or letter of their
/// own, since what is written the house sends.
pub(crate) async fn refuses(work: &mut Work, contact: &Contact) -> Result<Option<(Rule, Arc<str>)>, ActionError> {
    let because = |rule| Ok(Some((rule, Arc::from(ARTICLE))));
    match reach(work, contact.customer).await? {
        Reach::House => return Ok(None),
        Reach::Barred => return because(Rule::Agency),
        Reach::Placed(_) => {}
    }
    match (contact.manner.channel, contact.manner.line) {
        // Whose line it is was looked at before.
        (Channel::Phone, CallingLine::Registered(_)) | (Channel::Visit, _) => Ok(None),
        (Channel::Phone, CallingLine::Unnamed | CallingLine::Private) => because(Rule::RegisteredLine),
        (Channel::Sms | Channel::Message | Channel::Email | Channel::Letter, _) => because(Rule::Agency),
    }
}
