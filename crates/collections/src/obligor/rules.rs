//! Who owes, from the related parties of a file and what the dossier says of spouses and heirs. Pure.

use std::collections::BTreeMap;

use customers::relation::model::{Relation, RelationId};
use customers::{Customer, RelationKind};
use finance::Fen;
use jiff::civil::Date;
use platform::contact_gate::PersonId;
use servicing::security::model::{SecurityKind, SecurityLine};

use super::model::{Obligor, Owes, Role};
use crate::dossier::model::Block;
use crate::dossier::store::Owing;

/// The article on the debtor: who borrows gives back.
const BORROWED: &str = "civil-code.675";
/// The article on guarantors who answer.
const GUARANTEE: &str = "civil-code.681";
/// The article on the written contract without which there is no guarantee.
const WRITTEN: &str = "civil-code.685";
/// The article on the period within which a guarantor is called on.
const PERIOD: &str = "civil-code.693";
/// The article on things that secure a debt.
const THING: &str = "civil-code.386";
/// The article on co-borrowers.
const JOINT: &str = "pattern.answers";
/// The article on spouses.
const SPOUSE: &str = "pattern.spouse";
/// The article on heirs.
const HEIRS: &str = "civil-code.1161";

/// Everybody who stands to the debt of a customer, with the securities of the loans asked about. Rule `obligor.joint`: each co-borrower owes the whole.
/// Heirs stand to it while a death stands: taken back, the debtor lives and nobody inherits.
#[must_use]
pub fn of(
    customer: &Customer,
    relations: &[Relation],
    (owing, dead): (&[Owing], bool),
    (lines, on): (&[SecurityLine], Date),
) -> Vec<Obligor> {
    let debtor = Obligor {
        relation: None,
        person: customer.person,
        kind: None,
        name: customer.name.clone(),
        identity_masked: String::new(),
        since: None,
        role: Role::Debtor,
        owes: if dead { Owes::Dead } else { Owes::Yes },
        cap: None,
        article: if dead { HEIRS } else { BORROWED }.to_owned(),
    };
    let mut all = vec![debtor];
    for one in relations.iter().filter(|one| one.is_open()) {
        let stands = |role, owes, cap, article: &str| Obligor {
            relation: Some(one.id),
            person: one.person,
            kind: Some(one.kind),
            name: one.name.clone(),
            identity_masked: one.identity_masked.clone(),
            since: Some(one.since),
            role,
            owes,
            cap,
            article: article.to_owned(),
        };
        let says = |block| owing.iter().find(|known| known.relation == one.id && known.block == block);
        match one.kind {
            RelationKind::CoBorrower => all.push(stands(Role::CoBorrower, Owes::Yes, None, JOINT)),
            RelationKind::Guarantor => {
                let (owes, article) = guarantor((one.id, &one.name), lines, on);
                all.push(stands(Role::Guarantor, owes, None, article));
            }
            RelationKind::Mortgagor | RelationKind::Pledgor => {
                all.push(stands(Role::Owner, owner(&one.name, lines, on), None, THING));
            }
            RelationKind::Spouse => {
                let owes = any_contract(owing.iter().filter(|known| known.relation == one.id));
                all.push(stands(Role::Spouse, owes, None, SPOUSE));
            }
            RelationKind::LegalRepresentative
            | RelationKind::Controller
            | RelationKind::Shareholder
            | RelationKind::ListedContact
            | RelationKind::Heir
            | RelationKind::RelatedParty => {}
        }
        match says(Block::Heir).filter(|_| dead) {
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

/// Whoever secures loans of which nothing is due yet does not answer so far, and it is no question for legal: the guarantee
/// stands, what it waits for has not happened (Civil Code Art. 681). Rule `obligor.not-due`.
pub fn before_due(all: &mut [Obligor]) {
    let secures = |one: &&mut Obligor| one.owes == Owes::Yes && matches!(one.role, Role::Guarantor | Role::Owner);
    for one in all.iter_mut().filter(secures) {
        one.owes = Owes::NotDue;
    }
}

/// What a spouse owes over all contracts that legal decided about: of any of them, or still to be decided of any (S2.5-25).
fn any_contract<'a>(findings: impl Iterator<Item = &'a Owing>) -> Owes {
    let found: Vec<Owes> =
        findings.filter(|one| one.block == Block::Spouse).map(|one| Owes::of_outcome(&one.outcome)).collect();
    if found.contains(&Owes::Yes) {
        Owes::Yes
    } else if found.is_empty() || found.iter().any(|one| *one != Owes::No) {
        Owes::Unclear
    } else {
        Owes::No
    }
}

/// Whether a security still stands on a day.
fn stands_on(line: &SecurityLine, on: Date) -> bool {
    line.ended_on.is_none_or(|ended| ended > on)
}

/// The guarantees that name a related party.
fn guarantees_of<'a>((id, name): (RelationId, &str), lines: &'a [SecurityLine]) -> Vec<&'a SecurityLine> {
    let named = |line: &SecurityLine| line.relation.map_or(line.who.trim() == name.trim(), |relation| relation == id);
    lines.iter().filter(|line| matches!(line.kind, SecurityKind::Guarantee(_)) && named(line)).collect()
}

/// Whether a guarantee that names a related party stands on a day (rule `obligor.security`): without one it answers for nothing.
#[must_use]
pub fn bound(guarantor: (RelationId, &str), lines: &[SecurityLine], on: Date) -> bool {
    guarantees_of(guarantor, lines).into_iter().any(|line| stands_on(line, on))
}

/// How a guarantor stands by its guarantees, and the article on it (rule `obligor.security`): released from all of them it
/// owes nothing; when the period of the last is over (Civil Code Art. 693), or none is known, it is for legal to say: the
/// relation alone obliges nobody, a guarantee is a contract in writing (Art. 681, 685).
fn guarantor(who: (RelationId, &str), lines: &[SecurityLine], on: Date) -> (Owes, &'static str) {
    let guarantees = guarantees_of(who, lines);
    let in_period = |line: &&SecurityLine| stands_on(line, on) && line.until.is_none_or(|until| until >= on);
    if guarantees.is_empty() {
        (Owes::Unclear, WRITTEN)
    } else if !bound(who, lines, on) {
        (Owes::No, GUARANTEE)
    } else if guarantees.iter().any(in_period) {
        (Owes::Yes, GUARANTEE)
    } else {
        (Owes::Unclear, PERIOD)
    }
}

/// How the owner of a thing stands (rule `obligor.security`): as long as a thing that names it as its owner secures the debt.
fn owner(name: &str, lines: &[SecurityLine], on: Date) -> Owes {
    let owned = |line: &SecurityLine| line.owner.as_deref().is_some_and(|owner| owner.trim() == name.trim());
    let stands =
        |line: &SecurityLine| matches!(line.kind, SecurityKind::Collateral(_)) && owned(line) && stands_on(line, on);
    if lines.iter().any(stands) { Owes::Yes } else { Owes::Unclear }
}

/// Whether the agreements about a debt are the heirs' and bound by what they received: somebody who lives and owes the
/// whole is asked for the whole (S2.5-23).
#[must_use]
pub fn only_heirs(obligors: &[Obligor]) -> bool {
    let owes_whole = |one: &Obligor| {
        one.owes == Owes::Yes && one.cap.is_none() && matches!(one.role, Role::CoBorrower | Role::Spouse)
    };
    !obligors.iter().any(owes_whole)
}

/// The most that all heirs together can be asked for: whoever stands in two files or in two relations inherited once.
#[must_use]
pub fn heirs_cap(obligors: &[Obligor]) -> Fen {
    let mut shares: BTreeMap<PersonId, Fen> = BTreeMap::new();
    for one in obligors.iter().filter(|one| one.role == Role::Heir && one.owes == Owes::Yes) {
        let known = shares.entry(one.person).or_default();
        *known = one.cap.unwrap_or_default().max(*known);
    }
    Fen::checked_sum(shares.into_values()).unwrap_or_default()
}

/// What a loan counts for against what was inherited: what is claimed about it, or what came in on it and is still open of
/// what was agreed, whichever is more.
#[must_use]
pub fn counted(claimed: Fen, paid: Fen, open: Fen) -> Fen {
    Fen::checked_sum([paid, open]).unwrap_or(Fen(i64::MAX)).max(claimed)
}

/// What is left of a cap after other claims; never less than nothing.
#[must_use]
pub fn left(cap: Fen, claimed: impl IntoIterator<Item = Fen>) -> Fen {
    let claimed = Fen::checked_sum(claimed).unwrap_or(cap);
    cap.checked_sub(claimed).filter(|left| left.is_positive()).unwrap_or_default()
}

/// What came in by an agreement, no more than was agreed: what came in since it was signed, less what each later one about
/// the same debt counts since its own signature; the earliest of those counts all of it.
#[must_use]
pub fn brought_in(paid: Fen, later: impl Iterator<Item = Fen>, agreed: Fen) -> Fen {
    left(paid, later.max()).min(agreed)
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
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_guarantor_stands_by_its_guarantees() {
        // Rule `obligor.security`. S2.5-23
        let line = |until: Option<Date>, ended_on: Option<Date>| SecurityLine {
            id: 1,
            kind: SecurityKind::ALL[0],
            who: "顾年".to_owned(),
            owner: None,
            amount: None,
            until,
            effective_on: date(2026, 1, 5),
            ended_on,
            relation: Some(RelationId(7)),
        };
        let on = date(2026, 12, 21);
        let of = |lines: &[SecurityLine]| guarantor((RelationId(7), "顾年"), lines, on);
        assert_eq!(of(&[line(Some(date(2027, 1, 5)), None)]), (Owes::Yes, GUARANTEE));
        assert_eq!(of(&[line(None, Some(date(2026, 6, 1)))]), (Owes::No, GUARANTEE), "released");
        assert_eq!(of(&[line(Some(date(2026, 12, 20)), None)]), (Owes::Unclear, PERIOD), "the period is over");
        assert_eq!(of(&[]), (Owes::Unclear, WRITTEN), "no contract");
    }

    #[test]
    fn a_guarantee_binds_whom_it_names_while_it_stands() {
        // Rules `obligor.security`, `obligor.guard`. S2.5-23, X-06
        let line = |who: &str, relation: Option<RelationId>, ended_on: Option<Date>| SecurityLine {
            id: 1,
            kind: SecurityKind::ALL[0],
            who: who.to_owned(),
            owner: None,
            amount: None,
            until: Some(date(2026, 12, 20)),
            effective_on: date(2026, 1, 5),
            ended_on,
            relation,
        };
        let of = |line: SecurityLine| bound((RelationId(7), "顾年"), &[line], date(2026, 12, 21));
        assert!(of(line("顾年", Some(RelationId(7)), None)), "whether its period is over is for legal");
        assert!(of(line(" 顾年 ", None, None)));
        assert!(!of(line("顾年", Some(RelationId(8)), None)), "somebody else of the name");
        assert!(!of(line("顾年", None, Some(date(2026, 12, 21)))), "released");
        assert!(!bound((RelationId(7), "顾年"), &[], date(2026, 12, 21)));
    }

    #[test]
    fn an_owner_answers_with_the_thing_that_names_it() {
        // Rule `obligor.security`. S2.5-23
        let line = |kind: SecurityKind, owner: Option<&str>, ended_on: Option<Date>| SecurityLine {
            id: 1,
            kind,
            who: "东湖路 1 号".to_owned(),
            owner: owner.map(str::to_owned),
            amount: None,
            until: None,
            effective_on: date(2026, 1, 5),
            ended_on,
            relation: None,
        };
        let (on, [guarantee, _, mortgage, _]) = (date(2026, 12, 21), SecurityKind::ALL);
        let of = |line: SecurityLine| owner("马国强", &[line], on);
        assert_eq!(of(line(mortgage, Some("马国强"), None)), Owes::Yes);
        assert_eq!(of(line(mortgage, Some("顾年"), None)), Owes::Unclear, "somebody else's");
        assert_eq!(of(line(mortgage, None, None)), Owes::Unclear, "no owner is known");
        assert_eq!(of(line(mortgage, Some("马国强"), Some(date(2026, 6, 1)))), Owes::Unclear, "released");
        assert_eq!(of(line(guarantee, Some("马国强"), None)), Owes::Unclear);
    }

    #[test]
    fn who_secures_what_is_not_due_does_not_answer_yet_and_the_reason_is_said() {
        // Rule `obligor.not-due`. S2.5-23
        let stands = |role, owes, article: &str| Obligor {
            relation: Some(RelationId(7)),
            person: PersonId(7),
            kind: Some(RelationKind::Guarantor),
            name: "顾年".to_owned(),
            identity_masked: String::new(),
            since: None,
            role,
            owes,
            cap: None,
            article: article.to_owned(),
        };
        let mut all = [
            stands(Role::Guarantor, Owes::Yes, GUARANTEE),
            stands(Role::Owner, Owes::Yes, THING),
            stands(Role::Guarantor, Owes::Unclear, WRITTEN),
            stands(Role::Guarantor, Owes::No, GUARANTEE),
            stands(Role::CoBorrower, Owes::Yes, JOINT),
        ];
        before_due(&mut all);
        let said: Vec<(Owes, &str)> = all.iter().map(|one| (one.owes, one.article.as_str())).collect();
        let expected = [
            (Owes::NotDue, GUARANTEE),
            (Owes::NotDue, THING),
            (Owes::Unclear, WRITTEN),
            (Owes::No, GUARANTEE),
            (Owes::Yes, JOINT),
        ];
        assert_eq!(said, expected);
    }

    #[test]
    fn an_heir_in_two_files_inherited_once() {
        // Rule `obligor.cap`. S2.5-24
        let heir = |person: i64, cap: i64, owes| Obligor {
            relation: Some(RelationId(person)),
            person: PersonId(person),
            kind: Some(RelationKind::Heir),
            name: "程小禾".to_owned(),
            identity_masked: String::new(),
            since: None,
            role: Role::Heir,
            owes,
            cap: Some(Fen(cap)),
            article: String::new(),
        };
        let all = [heir(1, 300, Owes::Yes), heir(1, 200, Owes::Yes), heir(2, 50, Owes::Yes), heir(3, 70, Owes::No)];
        assert_eq!(heirs_cap(&all), Fen(350));
    }

    #[test]
    fn what_came_in_counts_with_what_is_still_open() {
        // Rule `obligor.cap`. S2.5-24
        assert_eq!(counted(Fen(200), Fen(0), Fen(200)), Fen(200));
        assert_eq!(counted(Fen(200), Fen(100), Fen(200)), Fen(300), "paid before what is agreed");
        assert_eq!(counted(Fen(500), Fen(100), Fen::ZERO), Fen(500));
    }

    #[test]
    fn what_came_in_by_a_later_agreement_is_not_counted_for_the_earlier_one() {
        // Rule `obligor.cap`. S2.5-24
        let none = std::iter::empty::<Fen>;
        assert_eq!(brought_in(Fen(100), none(), Fen(300)), Fen(100));
        assert_eq!(brought_in(Fen(400), none(), Fen(300)), Fen(300), "nobody knows who paid the rest");
        assert_eq!(brought_in(Fen(600), [Fen(500), Fen(200)].into_iter(), Fen(300)), Fen(100));
        assert_eq!(brought_in(Fen(100), [Fen(100)].into_iter(), Fen(300)), Fen::ZERO);
    }

    #[test]
    fn what_is_left_of_a_cap_is_never_less_than_nothing() {
        // Rule `obligor.cap`. S2.5-24
        assert_eq!(left(Fen(500), []), Fen(500));
        assert_eq!(left(Fen(500), [Fen(100), Fen(150)]), Fen(250));
        assert_eq!(left(Fen(500), [Fen(400), Fen(150)]), Fen::ZERO);
    }

    #[test]
    fn a_claim_is_cut_to_the_cap_and_never_raised() {
        // Rule `obligor.cap`. S2.5-24
        assert_eq!(beyond(Fen(900), Some(Fen(500))), Some(Fen(-400)));
        assert_eq!(beyond(Fen(500), Some(Fen(500))), None);
        assert_eq!(beyond(Fen(100), Some(Fen(500))), None);
        assert_eq!(beyond(Fen(100), None), None);
    }
}
