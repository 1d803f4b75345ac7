//! What staff of an agency may see and whom they may contact: the cases placed with them, and nobody else (rules `agency.scope`,
//! `contact.agency`).

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::civil::Date;
use platform::contact_gate::{AgencyId, CallingLine, Channel, Contact, Manner};
use platform::error::ActionError;
use platform::event::BoxFuture;
use platform::id::{CustomerId, UserId};
use platform::policies::{self, PolicyError};
use platform::work::Work;

use super::model::{Agency, AgencyError, Placement};
use super::{ARTICLE, placing_store, store};
use crate::case::model::CaseError;
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

/// What belongs to the house is there for nobody of an agency (rule `agency.scope`).
///
/// # Errors
/// [`CaseError::NotFound`]; the store's.
pub(crate) async fn house_only(work: &mut Work) -> Result<(), ActionError> {
    match of_actor(work).await? {
        None => Ok(()),
        Some(_) => Err(CaseError::NotFound.into()),
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
    let today = work.business_date;
    reach_on(work, customer, today).await
}

async fn reach_on(work: &mut Work, customer: CustomerId, on: Date) -> Result<Reach, ActionError> {
    let Some(agency) = of_actor(work).await? else {
        return Ok(if has_left(work).await? { Reach::Barred } else { Reach::House });
    };
    let user = work.actor.user;
    let mut own = placing_store::of_customer(&mut work.tx, customer).await?;
    own.retain(|one| one.agency == agency && Some(one.worker) == user);
    Ok(if standing(work, agency, own, on).await?.is_empty() { Reach::Barred } else { Reach::Placed(agency) })
}

/// Of placements with an agency those that it may work on a day.
async fn standing(
    work: &mut Work,
    agency: AgencyId,
    mut placements: Vec<Placement>,
    on: Date,
) -> Result<Vec<Placement>, ActionError> {
    if !placements.is_empty() {
        let contracts = store::contracts(&mut work.tx, agency).await?;
        placements.retain(|one| one.stands(&contracts, on));
    }
    Ok(placements)
}

/// The agency that may work a placed case today; none where its placement is over, noted or not.
///
/// # Errors
/// The store's.
pub(super) async fn working(work: &mut Work, placement: Option<Placement>) -> Result<Option<Agency>, ActionError> {
    let (Some(one), on) = (placement, work.business_date) else { return Ok(None) };
    let agency = one.agency;
    match standing(work, agency, vec![one], on).await?.is_empty() {
        true => Ok(None),
        false => Ok(store::find(&mut work.tx, agency).await?),
    }
}

/// The roles of the policy for staff of agencies.
///
/// # Errors
/// The policy lacks them.
pub(super) async fn roles(work: &mut Work) -> Result<Vec<String>, ActionError> {
    let today = work.business_date;
    let policy = policies::in_force(work, today).await?;
    Ok(policy.edition(today).texts("agency_user_roles").map_err(PolicyError::from)?)
}

/// Rule `agency.staff`: who works for an agency is given no role of the house, and stands in for nobody who has one; else the
/// lists of those roles would show customers that are not placed.
pub(crate) fn no_house_role<'a>(
    work: &'a mut Work,
    user: UserId,
    given: &'a [String],
) -> BoxFuture<'a, Result<(), ActionError>> {
    Box::pin(async move {
        if store::agency_of(&mut work.tx, user).await?.is_none() {
            return Ok(());
        }
        let theirs = roles(work).await?;
        match given.iter().all(|role| theirs.contains(role)) {
            true => Ok(()),
            false => Err(AgencyError::HouseRole.into()),
        }
    })
}

/// Whether whoever acts worked for an agency before, and is nobody of the house either: no role but those of the policy for
/// staff of agencies (rule `agency.staff`).
async fn has_left(work: &mut Work) -> Result<bool, ActionError> {
    let Some(user) = work.actor.user else { return Ok(false) };
    if !store::ever_member(&mut work.tx, user).await? {
        return Ok(false);
    }
    let theirs = roles(work).await?;
    Ok(work.actor.roles.iter().all(|role| theirs.contains(role)))
}

/// Whom whoever acts may see at all (视野), asked once for many rows.
pub(crate) enum Sight {
    /// Nobody of an agency: the scopes of the roles decide.
    Scopes,
    /// These, and nobody else.
    Only(BTreeSet<CustomerId>),
}

impl Sight {
    /// Whether rows about a customer may be shown.
    pub(crate) fn has(&self, customer: CustomerId) -> bool {
        match self {
            Self::Scopes => true,
            Self::Only(customers) => customers.contains(&customer),
        }
    }
}

/// Whom whoever acts may see: as [`reach`] says it of one.
///
/// # Errors
/// The store's.
pub(crate) async fn sight(work: &mut Work) -> Result<Sight, ActionError> {
    let (Some(agency), Some(user)) = (of_actor(work).await?, work.actor.user) else {
        return Ok(if has_left(work).await? { Sight::Only(BTreeSet::new()) } else { Sight::Scopes });
    };
    let on = work.business_date;
    let own = placing_store::of_worker(&mut work.tx, agency, user).await?;
    Ok(Sight::Only(standing(work, agency, own, on).await?.iter().map(|one| one.case.customer).collect()))
}

/// Of some rows about customers those that whoever acts may still see: staff of an agency only what is placed with them now.
///
/// # Errors
/// The store's.
pub(crate) async fn seen<T>(
    work: &mut Work,
    mut rows: Vec<T>,
    of: fn(&T) -> CustomerId,
) -> Result<Vec<T>, ActionError> {
    let sight = sight(work).await?;
    rows.retain(|row| sight.has(of(row)));
    Ok(rows)
}

/// What the guard refuses to staff of an agency before anything else: who is not placed with them (rule `contact.agency`); a
/// call from a line that is not registered for their agency (rule `contact.registered-line`); a message or letter of their
/// own, since what is written the house sends. A term that is over by the calendar is over for contacts, wherever the
/// business date stands.
pub(crate) async fn refuses(work: &mut Work, contact: &Contact) -> Result<Option<(Rule, Arc<str>)>, ActionError> {
    let because = |rule| Ok(Some((rule, Arc::from(ARTICLE))));
    let on = work.business_date.max(platform::clock::civil_day(work.now));
    match reach_on(work, contact.customer, on).await? {
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
