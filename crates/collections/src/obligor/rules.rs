//! Who owes, from the related parties of a file and what the dossier says of spouses and heirs. Pure.

use customers::relation::model::Relation;
use customers::{Customer, RelationKind};
use finance::Fen;

use super::model::{Obligor, Owes, Role};
use crate::dossier::model::Block;
use crate::dossier::store::Owing;

/// The article on co-borrowers.
const JOINT: &str = "pattern.answers";
/// The article on spouses.
const SPOUSE: &str = "pattern.spouse";
/// The article on heirs.
const HEIRS: &str = "civil-code.1161";

/// Everybody who stands to the debt of a customer. Rule `obligor.joint`: each co-borrower owes the whole.
#[must_use]
pub fn of(customer: &Customer, relations: &[Relation], owing: &[Owing], dead: bool) -> Vec<Obligor> {
    let debtor = Obligor {
        relation: None,
        person: customer.person,
        kind: None,
        name: customer.name.clone(),
        identity_masked: String::new(),
        role: Role::Debtor,
        owes: if dead { Owes::Dead } else { Owes::Yes },
        cap: None,
        article: String::new(),
    };
    let mut all = vec![debtor];
    for one in relations.iter().filter(|one| one.is_open()) {
        let stands = |role, owes, cap, article: &str| Obligor {
            relation: Some(one.id),
            person: one.person,
            kind: Some(one.kind),
            name: one.name.clone(),
            identity_masked: one.identity_masked.clone(),
            role,
            owes,
            cap,
            article: article.to_owned(),
        };
        let says = |block| owing.iter().find(|known| known.relation == one.id && known.block == block);
        match one.kind {
            RelationKind::CoBorrower => all.push(stands(Role::CoBorrower, Owes::Yes, None, JOINT)),
            RelationKind::Guarantor => all.push(stands(Role::Guarantor, Owes::Yes, None, "")),
            RelationKind::Mortgagor | RelationKind::Pledgor => all.push(stands(Role::Owner, Owes::Yes, None, "")),
            RelationKind::Spouse => {
                let owes = says(Block::Spouse).map_or(Owes::Unclear, |known| Owes::of_outcome(&known.outcome));
                all.push(stands(Role::Spouse, owes, None, SPOUSE));
            }
            RelationKind::LegalRepresentative
            | RelationKind::Controller
            | RelationKind::Shareholder
            | RelationKind::ListedContact
            | RelationKind::Heir
            | RelationKind::RelatedParty => {}
        }
        match says(Block::Heir) {
            Some(known) => {
                all.push(stands(Role::Heir, Owes::of_outcome(&known.outcome), known.cap, HEIRS));
            }
            None if one.kind == RelationKind::Heir && dead => {
                all.push(stands(Role::Heir, Owes::Unclear, Some(Fen::ZERO), HEIRS));
            }
            None => {}
        }
    }
    all
}

/// The most that all heirs together can be asked for; `None` while the debtor lives.
#[must_use]
pub fn heirs_cap(obligors: &[Obligor]) -> Option<Fen> {
    obligors.iter().any(|one| one.owes == Owes::Dead).then(|| {
        let shares = obligors.iter().filter(|one| one.role == Role::Heir && one.owes == Owes::Yes);
        Fen::checked_sum(shares.filter_map(|one| one.cap)).unwrap_or_default()
    })
}

/// What stands in a letter beside its items so that it claims no more than the cap (rule `obligor.cap`); nothing where it
/// does not anyway.
#[must_use]
pub fn beyond(total: Fen, cap: Option<Fen>) -> Option<Fen> {
    let cap = cap.filter(|cap| total > *cap)?;
    cap.checked_sub(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_claim_is_cut_to_the_cap_and_never_raised() {
        // Rule `obligor.cap`. S2.5-24
        assert_eq!(beyond(Fen(900), Some(Fen(500))), Some(Fen(-400)));
        assert_eq!(beyond(Fen(500), Some(Fen(500))), None);
        assert_eq!(beyond(Fen(100), Some(Fen(500))), None);
        assert_eq!(beyond(Fen(100), None), None);
    }
}
