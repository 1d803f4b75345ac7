//! Which of two files stays, and what forbids that they become one. Pure.

use super::error::MergeError;
use super::model::{Merge, MergeState, Weight};
use crate::customer::model::{Customer, CustomerKind};
use crate::relation::model::Relation;

/// A file that went takes nothing more.
pub const RULE_GONE: &str = "customer.merge.gone";
/// They become two again by its agreed end.
pub const RULE_UNDO: &str = "customer.merge.undo";

/// Which file the policy proposes to keep (rule `customer.merge.keep`): the first ground of its order that tells the two
/// apart decides; the older file where none does. Whether it is the first of the two.
#[must_use]
pub fn keeps_first(order: &[String], first: Weight, second: Weight) -> bool {
    for ground in order {
        let (one, other) = match ground.as_str() {
            "verified_identity" => (first.verified, second.verified),
            "identity" => (first.identity, second.identity),
            "older" => (first.opened < second.opened, second.opened < first.opened),
            _ => continue,
        };
        if one != other {
            return one;
        }
    }
    first.opened <= second.opened
}

/// What is known of two files when they shall become one.
#[derive(Debug, Clone)]
pub struct Pair<'a> {
    /// The file that goes.
    pub gone: &'a Customer,
    /// The file that stays.
    pub into: &'a Customer,
    /// Whether the one that goes has another proven identity number than a file that it would be united with.
    pub two_identities: bool,
    /// Merges of either file that wait or stand.
    pub merges: &'a [Merge],
    /// Whether it was judged not to be the same as one of these.
    pub judged_apart: bool,
}

/// What forbids a merge, the most telling first; open relations between the two are looked at apart.
///
/// Rule `customer.merge.kinds`: a person is no company. Rule `customer.merge.identity`: two proven numbers are two
/// customers. Rule `customer.merge.chain`: who holds others goes into no other. Rule `customer.merge.one`: one merge of
/// a file waits at a time. What was judged apart stays apart (rule `customer.duplicate.apart`).
///
/// # Errors
/// [`MergeError`].
pub fn check(pair: &Pair<'_>) -> Result<(), MergeError> {
    let (gone, into) = (pair.gone, pair.into);
    if gone.id == into.id {
        return Err(MergeError::Itself);
    }
    if gone.kind != into.kind {
        return Err(MergeError::Kinds);
    }
    if pair.two_identities {
        return Err(MergeError::TwoIdentities);
    }
    if pair.judged_apart {
        return Err(MergeError::JudgedApart);
    }
    let number = |id| if id == gone.id { gone.number.clone() } else { into.number.clone() };
    for merge in pair.merges {
        match merge.state {
            MergeState::Merged if merge.gone == gone.id || merge.gone == into.id => {
                return Err(MergeError::Gone { number: None });
            }
            MergeState::Merged if merge.into == gone.id => {
                return Err(MergeError::HoldsOthers { number: gone.number.clone() });
            }
            // Others may go into the same surviving file at the same time.
            MergeState::Requested if !(merge.into == into.id && merge.gone != gone.id) => {
                let concerned = [merge.gone, merge.into].into_iter().find(|id| *id == gone.id || *id == into.id);
                return Err(MergeError::Waits { number: concerned.map(number).unwrap_or_default() });
            }
            MergeState::Merged | MergeState::Requested | MergeState::Refused | MergeState::Ended => {}
        }
    }
    Ok(())
}

/// The open relation by which a file names the other one: nobody is related to himself, and who owes a debt does not
/// guarantee for it (rule `customer.merge.related`).
#[must_use]
pub fn names<'a>(relations: &'a [Relation], other: &Customer) -> Option<&'a Relation> {
    let open = relations.iter().filter(|one| one.is_open());
    let mut found: Vec<&Relation> =
        open.filter(|one| one.other == Some(other.id) || one.person == other.person).collect();
    // Who answers for the debt first: that relation must be ended with care.
    found.sort_by_key(|one| !one.kind.answers_for_debt());
    found.first().copied()
}

/// The kinds of papers that prove an identity number of this kind of customer, out of the policy's list.
#[must_use]
pub fn proving(papers: &[String], kind: CustomerKind) -> Vec<&str> {
    let of = |paper: &&String| match kind {
        CustomerKind::Person => paper.starts_with("person:"),
        CustomerKind::Company => paper.starts_with("company:"),
    };
    papers.iter().filter(of).filter_map(|paper| paper.split_once(':').map(|(_, paper)| paper)).collect()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use platform::id::CustomerId;

    use super::*;

    fn weight(identity: bool, verified: bool, day: i8, key: i64) -> Weight {
        Weight { identity, verified, opened: (date(2026, 1, day), CustomerId(key)) }
    }

    // Rule customer.merge.keep
    #[test]
    fn the_first_ground_that_tells_them_apart_decides() {
        let order = ["verified_identity", "identity", "older"].map(str::to_owned);
        let rows = [
            (weight(true, true, 9, 2), weight(true, false, 1, 1), true),
            (weight(false, false, 1, 1), weight(true, false, 9, 2), false),
            (weight(true, false, 1, 1), weight(true, false, 9, 2), true),
            (weight(true, false, 9, 2), weight(true, false, 1, 1), false),
            (weight(true, false, 9, 2), weight(true, false, 9, 1), false),
        ];
        for (first, second, keeps) in rows {
            assert_eq!(keeps_first(&order, first, second), keeps, "{first:?} {second:?}");
            assert_eq!(keeps_first(&order, second, first), !keeps, "the order of asking does not matter");
        }
        let reversed = ["older", "identity"].map(str::to_owned);
        assert!(keeps_first(&reversed, weight(false, false, 1, 1), weight(true, true, 2, 2)), "the policy's order");
        assert!(keeps_first(&[], weight(false, false, 1, 1), weight(true, true, 2, 2)), "no order: the older");
    }

    #[test]
    fn papers_are_named_with_their_kind_of_customer() {
        let papers = ["person:identity", "company:licence", "company:association"].map(str::to_owned);
        assert_eq!(proving(&papers, CustomerKind::Person), ["identity"]);
        assert_eq!(proving(&papers, CustomerKind::Company), ["licence", "association"]);
    }
}
