//! Who stands together (关联集团): everybody reached over related parties and their files, who answers for whom, and the
//! circles and chains that guarantees form.

use std::collections::{BTreeMap, BTreeSet};

use platform::contact_gate::PersonId;
use platform::error::ActionError;
use platform::id::CustomerId;
use platform::policies::{self, PolicyError};
use platform::work::Work;

use super::model::RelationKind;
use super::store;
use crate::customer::actions::load_within;
use crate::customer::model::{Customer, CustomerState};
use crate::customer::store as customers;
use crate::{VIEW, merge};

/// The most chains that are named.
const CHAINS: usize = 20;
/// A chain has at least so many parties: fewer are one guarantee.
const CHAIN: usize = 3;

/// A person or company of a group (成员).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    /// Across files.
    pub person: PersonId,
    /// The name.
    pub name: String,
    /// The file, where there is one that the reader may see; of merged ones the surviving one.
    pub customer: Option<(CustomerId, String)>,
    /// All files of the party that the reader may see, merged ones too.
    pub files: Vec<CustomerId>,
}

/// Somebody is something to somebody (关系): `by` guarantees for `of`, owns part of `of`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Link {
    /// Whose file names the relation.
    pub of: PersonId,
    /// Who is named.
    pub by: PersonId,
    /// As what.
    pub kind: RelationKind,
}

/// A group (关联集团).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Group {
    /// Its members, the one it was asked for first.
    pub parties: Vec<Party>,
    /// Who is what to whom.
    pub links: Vec<Link>,
    /// Whether more belong to it than are looked at.
    pub cut: bool,
    /// Files that belong to it and that the reader may not see.
    pub hidden: usize,
}

impl Group {
    /// Circles of guarantees (互保圈): parties each of whom answers, over others, for every other (rule `group.circle`).
    #[must_use]
    pub fn circles(&self) -> Vec<Vec<PersonId>> {
        let people: BTreeSet<PersonId> = self.parties.iter().map(|party| party.person).collect();
        let reached: BTreeMap<PersonId, BTreeSet<PersonId>> =
            people.iter().map(|person| (*person, self.answered_for(*person))).collect();
        let mut seen = BTreeSet::new();
        let mut found = Vec::new();
        for person in &people {
            if seen.contains(person) || !reached[person].contains(person) {
                continue;
            }
            let circle: Vec<PersonId> = people
                .iter()
                .copied()
                .filter(|other| reached[person].contains(other) && reached[other].contains(person))
                .collect();
            seen.extend(circle.iter().copied());
            if circle.len() > 1 {
                found.push(circle);
            }
        }
        found
    }

    /// For whom a party answers, directly and over others.
    fn answered_for(&self, person: PersonId) -> BTreeSet<PersonId> {
        let (mut found, mut open) = (BTreeSet::new(), vec![person]);
        while let Some(next) = open.pop() {
            open.extend(self.guarantees(next).filter(|of| found.insert(*of)));
        }
        found
    }

    /// For whom a party guarantees directly.
    fn guarantees(&self, by: PersonId) -> impl Iterator<Item = PersonId> {
        self.links.iter().filter(move |link| link.by == by && link.kind == RelationKind::Guarantor).map(|link| link.of)
    }

    /// Chains of guarantees (担保链): from a party for whom nobody answers to one who answers for nobody, over at least
    /// one other; circles are named apart (rule `group.chain`).
    #[must_use]
    pub fn chains(&self) -> Vec<Vec<PersonId>> {
        let round: BTreeSet<PersonId> = self.circles().into_iter().flatten().collect();
        let answered: BTreeSet<PersonId> =
            self.links.iter().filter(|link| link.kind == RelationKind::Guarantor).map(|link| link.of).collect();
        let mut found = Vec::new();
        let starts = self.parties.iter().map(|party| party.person).filter(|person| !answered.contains(person));
        let mut open: Vec<Vec<PersonId>> = starts.map(|person| vec![person]).collect();
        while let Some(path) = open.pop() {
            let Some(last) = path.last().copied() else { continue };
            let mut next: Vec<PersonId> =
                self.guarantees(last).filter(|of| !round.contains(of) && !path.contains(of)).collect();
            next.sort_unstable();
            next.dedup();
            if next.is_empty() && path.len() >= CHAIN {
                found.push(path);
                if found.len() == CHAINS {
                    break;
                }
                continue;
            }
            open.extend(next.into_iter().map(|of| path.iter().copied().chain([of]).collect()));
        }
        found.sort();
        found
    }

    /// The name of a party.
    #[must_use]
    pub fn name(&self, person: PersonId) -> &str {
        self.parties.iter().find(|party| party.person == person).map_or("", |party| party.name.as_str())
    }
}

/// How far a group is followed, as the policy says.
struct Reach {
    kinds: Vec<RelationKind>,
    depth: i64,
    most: usize,
}

async fn reach(work: &mut Work) -> Result<Reach, ActionError> {
    let today = work.business_date;
    let policy = policies::in_force(work, today).await?;
    let edition = policy.edition(today);
    let kinds = edition.texts("group_relations").map_err(PolicyError::from)?;
    let most = edition.integer("group_max_parties").map_err(PolicyError::from)?;
    Ok(Reach {
        kinds: kinds.iter().filter_map(|kind| RelationKind::parse(kind)).collect(),
        depth: edition.integer("group_depth").map_err(PolicyError::from)?,
        most: usize::try_from(most).unwrap_or(1),
    })
}

/// Everybody who stands together with a customer, as far as the reader may see (rule `group.reach`).
///
/// # Errors
/// Not within scope; a rule without its parameters; the store's.
pub async fn group(work: &mut Work, id: CustomerId) -> Result<Group, ActionError> {
    let first = load_within(work, id, VIEW).await?;
    let reach = reach(work).await?;
    let mut all = Search::default();
    let mut open = vec![first];
    for _ in 0..reach.depth {
        let mut next = Vec::new();
        for file in std::mem::take(&mut open) {
            next.extend(all.follow(work, &file, &reach).await?);
        }
        open = next;
    }
    // Those reached last are members; what stands around them is beyond the depth.
    for file in &open {
        all.member(work, file).await?;
    }
    all.group.hidden = all.hidden.len();
    all.group.links.sort_unstable();
    all.group.links.dedup();
    Ok(all.group)
}

#[derive(Default)]
struct Search {
    group: Group,
    files: BTreeSet<CustomerId>,
    hidden: BTreeSet<CustomerId>,
    /// Persons of merged files, by whom they are one with.
    one: BTreeMap<PersonId, PersonId>,
}

impl Search {
    /// The person by whom a party stands: of merged files the first of their persons (rule `customer.merge.person`).
    async fn party_of(&mut self, work: &mut Work, person: PersonId) -> Result<PersonId, ActionError> {
        if let Some(known) = self.one.get(&person) {
            return Ok(*known);
        }
        let all = merge::persons(&mut work.tx, person).await?;
        let first = all.iter().find_map(|one| self.one.get(one).copied()).unwrap_or(person);
        self.one.extend(all.into_iter().map(|one| (one, first)));
        Ok(first)
    }

    async fn member(&mut self, work: &mut Work, file: &Customer) -> Result<PersonId, ActionError> {
        let person = self.party_of(work, file.person).await?;
        let survives = merge::root(&mut work.tx, file.id).await? == file.id;
        let customer = Some((file.id, file.number.clone()));
        match self.group.parties.iter_mut().find(|party| party.person == person) {
            Some(party) => {
                if party.customer.is_none() || (survives && !party.files.contains(&file.id)) {
                    (party.customer, party.name) = (customer, file.name.clone());
                }
                if !party.files.contains(&file.id) {
                    party.files.push(file.id);
                }
            }
            None => {
                let (name, files) = (file.name.clone(), vec![file.id]);
                self.group.parties.push(Party { person, name, customer, files });
            }
        }
        Ok(person)
    }

    /// Takes in a file with its related parties; the files that it leads to.
    async fn follow(&mut self, work: &mut Work, file: &Customer, reach: &Reach) -> Result<Vec<Customer>, ActionError> {
        if !self.files.insert(file.id) {
            return Ok(Vec::new());
        }
        let own = self.member(work, file).await?;
        let mut people = vec![file.person];
        for one in store::of_customer(&mut work.tx, file.id).await? {
            if !one.is_open() || !reach.kinds.contains(&one.kind) {
                continue;
            }
            let by = self.party_of(work, one.person).await?;
            if self.group.parties.len() >= reach.most && self.group.name(by).is_empty() {
                self.group.cut = true;
                continue;
            }
            if !self.group.parties.iter().any(|party| party.person == by) {
                let name = one.name.clone();
                self.group.parties.push(Party { person: by, name, customer: None, files: Vec::new() });
            }
            self.group.links.push(Link { of: own, by, kind: one.kind });
            people.push(one.person);
        }
        let mut found = Vec::new();
        for person in people {
            for id in self.files_around(work, person, reach).await? {
                found.extend(self.visible(work, id).await?);
            }
        }
        Ok(found)
    }

    /// The files of a person, and those in which the person is a related party of a kind that counts.
    async fn files_around(
        &mut self,
        work: &mut Work,
        person: PersonId,
        reach: &Reach,
    ) -> Result<Vec<CustomerId>, ActionError> {
        let mut files = Vec::new();
        for person in merge::persons(&mut work.tx, person).await? {
            files.extend(customers::files_of(&mut work.tx, person).await?);
            for other in store::files_with(&mut work.tx, person).await? {
                let named = store::of_customer(&mut work.tx, other).await?;
                let counts = |kind| reach.kinds.contains(&kind);
                if named.iter().any(|one| one.person == person && one.is_open() && counts(one.kind)) {
                    files.push(other);
                }
            }
        }
        files.retain(|file| !self.files.contains(file) && !self.hidden.contains(file));
        if self.group.parties.len() + files.len() > reach.most {
            self.group.cut = true;
            files.truncate(reach.most.saturating_sub(self.group.parties.len()));
        }
        Ok(files)
    }

    /// The file, where the reader may see it; else it is counted.
    async fn visible(&mut self, work: &mut Work, id: CustomerId) -> Result<Option<Customer>, ActionError> {
        let scope = work.authorise(VIEW)?;
        let Some(file) = customers::load(&mut work.tx, id).await? else { return Ok(None) };
        if file.state != CustomerState::Active {
            return Ok(None);
        }
        if scope.covers(file.branch, file.team, file.manager) {
            return Ok(Some(file));
        }
        self.hidden.insert(id);
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group(guarantees: &[(i64, i64)]) -> Group {
        let people: BTreeSet<i64> = guarantees.iter().flat_map(|(by, of)| [*by, *of]).collect();
        Group {
            parties: people
                .into_iter()
                .map(|n| Party { person: PersonId(n), name: n.to_string(), customer: None, files: Vec::new() })
                .collect(),
            links: guarantees
                .iter()
                .map(|(by, of)| Link { of: PersonId(*of), by: PersonId(*by), kind: RelationKind::Guarantor })
                .collect(),
            ..Group::default()
        }
    }

    fn plain(paths: Vec<Vec<PersonId>>) -> Vec<Vec<i64>> {
        paths.into_iter().map(|path| path.into_iter().map(|person| person.0).collect()).collect()
    }

    // Rules group.circle, group.chain
    #[test]
    fn circles_and_chains_of_guarantees_are_told_apart() {
        let none = group(&[(1, 2)]);
        assert_eq!((plain(none.circles()), plain(none.chains())), (vec![], vec![]), "one guarantee is neither");
        let mutual = group(&[(1, 2), (2, 1), (3, 1)]);
        assert_eq!(plain(mutual.circles()), [[1, 2]], "each for the other");
        assert_eq!(plain(mutual.chains()), Vec::<Vec<i64>>::new());
        let three = group(&[(1, 2), (2, 3), (3, 1), (4, 5), (5, 6), (5, 7)]);
        assert_eq!(plain(three.circles()), [[1, 2, 3]]);
        assert_eq!(plain(three.chains()), [[4, 5, 6], [4, 5, 7]]);
        let mut owned = group(&[(1, 2), (2, 1)]);
        for link in &mut owned.links {
            link.kind = RelationKind::Shareholder;
        }
        assert_eq!(plain(owned.circles()), Vec::<Vec<i64>>::new(), "owning each other is no guarantee");
    }

    #[test]
    fn a_long_row_of_guarantees_ends_in_bounded_time() {
        let mut wide = Vec::new();
        for step in 0..12 {
            for way in 0..3 {
                for next in 0..3 {
                    wide.push((step * 3 + way, step * 3 + 3 + next));
                }
            }
        }
        assert_eq!(group(&wide).chains().len(), CHAINS);
    }
}
