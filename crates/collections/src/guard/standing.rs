//! How a person stands to what is overdue: the guard's facts, from the files that a contact touches.

use std::collections::BTreeSet;

use customers::merge;
use customers::relation::model::RelationId;
use customers::relation::store as relations;
use customers::{Customer, CustomerKind, Relation, RelationKind};
use jiff::tz::TimeZone;
use platform::contact_gate::{Contact, PersonId};
use platform::error::ActionError;
use platform::id::CustomerId;
use platform::work::Work;

use super::hours_store;
use super::model::{Ground, Owes, Party};
use super::store::{self, GroundId};
use crate::obligor::actions as obligors;
use crate::stop_flag::model::StopKinds;
use crate::stop_flag::store as stop_flags;

/// Who is contacted, as far as it does not change by itself (联系对象).
#[derive(Debug, Clone)]
pub(crate) struct Standing {
    /// The file asked about.
    pub file: Option<Customer>,
    /// Whose ledger counts the contact: the person's, or that of the overdue debtor whose own number it is.
    pub counted: PersonId,
    /// Everybody who is that person over merged files, in order: their ledgers are one.
    pub one: Vec<PersonId>,
    /// Whether something is overdue.
    pub owes: Owes,
    /// What the person is to the debt, without the ground of a consented contact.
    pub party: Party,
    /// The person's own files, whose stop flags count.
    pub own: Vec<CustomerId>,
}

/// What can change while others act: read after the locks are taken.
#[derive(Debug, Clone)]
pub(crate) struct Moving {
    pub party: Party,
    pub ground: Option<GroundId>,
    pub own_flags: StopKinds,
    pub debt_flags: StopKinds,
    pub zone: Option<TimeZone>,
    /// A time zone that nobody confirmed; none inside is that of the policy.
    pub pending_zone: Option<Option<TimeZone>>,
    pub agreed_hours: Option<(i64, i64)>,
    /// The hours as stated last, confirmed or not.
    pub stated_hours: Option<(i64, i64)>,
}

impl Standing {
    /// How the person of this contact stands.
    pub(super) async fn load(work: &mut Work, contact: &Contact, obligors_only: bool) -> Result<Self, ActionError> {
        let file = customers::load(&mut work.tx, contact.customer).await?;
        let same = merge::persons(&mut work.tx, contact.person).await?;
        let reach = customers::reach(work, contact).await?;
        let holders = match contact.number_index.as_str() {
            "" => Vec::new(),
            index => customers::contact_point::actions::holders(work, index).await?,
        };
        let mut overdue = BTreeSet::new();
        let touched = reach.own.iter().chain(&reach.related).chain(holders.iter().map(|(file, _)| file));
        for file in touched.copied().collect::<BTreeSet<_>>() {
            if is_overdue(work, contact, file).await? {
                overdue.insert(file);
            }
        }
        let owes_himself = reach.own.iter().any(|file| overdue.contains(file));
        let holder = holders.iter().find(|(file, person)| overdue.contains(file) && !same.contains(person));
        let mut own = reach.own.clone();
        own.extend(holder.map(|(file, _)| *file));
        let answers = answers_elsewhere(work, &same, &reach.related, &overdue).await?;
        let of_the_file = party_in(work, file.as_ref(), &same, obligors_only).await?;
        let elsewhere = owes_himself || holder.is_some();
        let party = match of_the_file {
            Party::Objected => Party::Objected,
            // The debt asked about is the one that is overdue: what the person is to it alone decides.
            party if overdue.contains(&contact.customer) => party,
            _ if elsewhere => Party::Debtor,
            _ if answers => Party::Guarantor,
            party => party,
        };
        let owes = match !overdue.is_empty() && (overdue.contains(&contact.customer) || elsewhere || answers) {
            true => Owes::Overdue,
            false => Owes::Nothing,
        };
        let counted = holder.filter(|_| !owes_himself).map_or(contact.person, |(_, person)| *person);
        let one = if same.contains(&counted) { same } else { merge::persons(&mut work.tx, counted).await? };
        Ok(Self { file, counted, one, owes, party, own })
    }

    /// What can change while others act.
    pub(super) async fn moving(&self, work: &mut Work, contact: &Contact) -> Result<Moving, ActionError> {
        let ground = store::standing_ground(&mut work.tx, contact.customer).await?;
        let party = match self.party {
            Party::Consented(_) => Party::Consented(ground.as_ref().map(|(_, ground)| *ground)),
            other => other,
        };
        // The debt's file and those that are one customer with it: what stops one stops all.
        let same = merge::same(&mut work.tx, contact.customer).await?;
        // One person, one agreement: what was stated in any of the files, in the order of stating.
        let hours = hours_store::hours(&mut work.tx, &same).await?;
        let hours = hours.filter(|_| self.party == Party::Debtor).unwrap_or_default();
        let named = |name: &Option<String>| TimeZone::get(name.as_deref()?).ok();
        Ok(Moving {
            party,
            ground: ground.filter(|_| matches!(party, Party::Consented(_))).map(|(id, _): (GroundId, Ground)| id),
            own_flags: stop_flags::kinds(&mut work.tx, &self.own).await?,
            debt_flags: stop_flags::kinds(&mut work.tx, &same).await?,
            zone: named(&hours.zone),
            pending_zone: hours.pending_zone.as_ref().map(named),
            agreed_hours: hours.agreed,
            stated_hours: hours.stated,
        })
    }
}

/// Whether something is collected in a file: it is overdue, as the capabilities that know loans say, or has an open case.
async fn is_overdue(work: &mut Work, contact: &Contact, file: CustomerId) -> Result<bool, ActionError> {
    let app = work.app.clone();
    let asked = Contact { customer: file, ..contact.clone() };
    for check in app.capabilities.iter().flat_map(|capability| capability.overdue_checks()) {
        if check(work, &asked).await?.is_some() {
            return Ok(true);
        }
    }
    // A case that stands before anything is overdue is collected from under the same limits.
    Ok(crate::case::store::open_of(&mut work.tx, file).await?.is_some())
}

/// Whether the person answers for an overdue debt of another file.
async fn answers_elsewhere(
    work: &mut Work,
    same: &[PersonId],
    related: &[CustomerId],
    overdue: &BTreeSet<CustomerId>,
) -> Result<bool, ActionError> {
    for file in related.iter().filter(|file| overdue.contains(file)) {
        let mut ties = relations::of_customer(&mut work.tx, *file).await?;
        ties.retain(|one| one.is_open() && same.contains(&one.person));
        let bound = obligors::bound(&mut work.tx, *file, &ties, work.business_date).await?;
        if ties.iter().any(|tie| answers(tie, &bound)) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// What a person is to the debt of a file.
async fn party_in(
    work: &mut Work,
    file: Option<&Customer>,
    same: &[PersonId],
    obligors_only: bool,
) -> Result<Party, ActionError> {
    let Some(file) = file else { return Ok(Party::Other) };
    if same.contains(&file.person) {
        return Ok(Party::Debtor);
    }
    let of_file = relations::of_customer(&mut work.tx, file.id).await?;
    let ties: Vec<Relation> = of_file.into_iter().filter(|one| one.is_open() && same.contains(&one.person)).collect();
    let related: Vec<_> = ties.iter().map(|tie| tie.id).collect();
    // Rule `obligor.guard`: a spouse or an heir who was found to owe is an obligor, whatever the file calls the tie.
    if obligors::owes(work, file.id, &related).await? {
        return Ok(Party::CoObligor);
    }
    let bound = obligors::bound(&mut work.tx, file.id, &ties, work.business_date).await?;
    Ok(party_of(file.kind, (&ties, &bound), obligors_only))
}

/// Whether a tie makes a person answer for the debt. Rule `obligor.guard`: a guarantor does by a guarantee that stands, and by
/// nothing else.
fn answers(tie: &Relation, bound: &[RelationId]) -> bool {
    tie.kind.answers_for_debt() && (tie.kind != RelationKind::Guarantor || bound.contains(&tie.id))
}

/// What the ties of a person, and the guarantees that bind him, make of him: the strongest that answers for the debt, or what
/// he said about contact.
fn party_of(kind: CustomerKind, (ties, bound): (&[Relation], &[RelationId]), obligors_only: bool) -> Party {
    use customers::relation::model::Willingness;
    let is = |wanted: RelationKind| ties.iter().any(|tie| tie.kind == wanted);
    if is(RelationKind::CoBorrower) {
        return Party::CoObligor;
    }
    if ties.iter().any(|tie| answers(tie, bound)) {
        return Party::Guarantor;
    }
    // A company speaks through its legal representative, and through nobody else.
    if kind == CustomerKind::Company && is(RelationKind::LegalRepresentative) {
        return Party::Debtor;
    }
    if ties.iter().any(|tie| matches!(tie.willingness, Willingness::Objected(_))) {
        return Party::Objected;
    }
    let family = is(RelationKind::Spouse) || is(RelationKind::Heir);
    let consented = ties.iter().any(|tie| matches!(tie.willingness, Willingness::Consented(_)));
    if consented && !(family && obligors_only) { Party::Consented(None) } else { Party::Other }
}
