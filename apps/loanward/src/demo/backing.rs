//! What stands behind the loans of the demo book (担保): guarantors out of the files, houses, cars, claims.

use finance::Fen;
use servicing::security::model::{CollateralKind, GuaranteeKind, NewSecurity};

use super::book::SEED;
use super::chance::Chance;
use super::people::{self, Person};
use super::plan::{Borrower, Plan, PlannedLoan};

/// Days from the start of a loan to the end of the guarantee period: its term and three years.
const GUARANTEED_DAYS: (i64, i64) = (31, 3 * 365);

const MORTGAGED: [&str; 6] = ["临街商铺", "住宅", "写字间", "厂房", "小型客车", "轻型货车"];
const PLEDGED: [&str; 4] = ["定期存单", "应收账款", "仓单（成品库存）", "商标专用权"];

/// The guarantor of a borrower with a guaranteed loan; one in six is a customer of the house too.
pub fn guarantor(chance: &mut Chance, place: usize, plan: &Plan) -> Option<Person> {
    if !plan.loans.iter().any(|loan| loan.borrower == place && loan.security == 1) {
        return None;
    }
    let known = plan.borrowers.get((place + 11) % plan.borrowers.len().max(1));
    match known {
        Some(Borrower::Person(person)) if chance.below(6) == 0 => Some(person.clone()),
        Some(Borrower::Person(_) | Borrower::Company(_)) | None => Some(people::person(chance, 5_000 + place)),
    }
}

/// What stands behind the loan at a place of the plan; nothing behind a loan on credit.
pub fn of(place: usize, loan: &PlannedLoan, backer: Option<&str>) -> Vec<NewSecurity> {
    let mut chance = Chance::new(SEED ^ 0x5ec0_0000 ^ u64::try_from(place).unwrap_or(0));
    let principal = loan.terms.principal;
    let worth = |percent: i64| Fen(principal.0 / 10_000_000 * percent * 100_000 + 5_000_000);
    match loan.security {
        1 => backer.map(|backer| guarantee(&mut chance, loan, backer)).into_iter().collect(),
        2 => vec![NewSecurity::Collateral {
            kind: CollateralKind::Mortgage,
            thing: format!("{}，{}", word(&mut chance, &MORTGAGED), people::address(&mut chance)),
            owner: None,
            value: Some(worth(chance.between(140, 230))),
        }],
        3 => vec![NewSecurity::Collateral {
            kind: CollateralKind::Pledge,
            thing: word(&mut chance, &PLEDGED).to_owned(),
            owner: None,
            value: Some(worth(chance.between(105, 150))),
        }],
        _ => Vec::new(),
    }
}

fn guarantee(chance: &mut Chance, loan: &PlannedLoan, backer: &str) -> NewSecurity {
    let term = i64::from(loan.terms.periods.unwrap_or(12)) * GUARANTEED_DAYS.0;
    NewSecurity::Guarantee {
        kind: if chance.percent(70) { GuaranteeKind::Joint } else { GuaranteeKind::General },
        guarantor: backer.to_owned(),
        amount: Some(loan.terms.principal),
        until: finance::add_days(loan.terms.start_on, term + GUARANTEED_DAYS.1),
    }
}

fn word(chance: &mut Chance, words: &[&'static str]) -> &'static str {
    chance.pick(words).copied().unwrap_or("其他")
}
