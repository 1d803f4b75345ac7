//! Guards of a new loan, beside what the engine refuses. Pure.

use finance::Fen;
use jiff::civil::Date;

use super::error::OpeningError;
use super::model::Opening;
use super::store::Contract;
use crate::error::ServicingError;
use crate::loan::ceiling::{Ceiling, percent};

/// A contract is signed no later than its money flows, and nothing is dated after the business date.
/// Rule `loan.signed`.
pub fn check_dates(opening: &Opening, business_date: Date) -> Result<(), ServicingError> {
    let (signed_on, start_on) = (opening.signed_on, opening.terms.start_on);
    if start_on > business_date {
        return Err(ServicingError::AfterBusinessDate { on: start_on, business_date });
    }
    if signed_on > start_on { Err(OpeningError::SignedAfterStart { signed_on, start_on }.into()) } else { Ok(()) }
}

/// What is paid out at first is part of the principal, which is part of the contract. Rule `loan.contract-amount`.
pub fn check_amounts(opening: &Opening, under: Option<&Contract>) -> Result<(), ServicingError> {
    let principal = opening.terms.principal;
    if opening.drawn > principal {
        return Err(OpeningError::DrawnAbovePrincipal { drawn: opening.drawn, principal }.into());
    }
    let (amount, used) = under.map_or((opening.contract_amount, Fen::ZERO), |c| (c.amount, c.used));
    let left = amount.checked_sub(used).unwrap_or(Fen::ZERO);
    if principal > left {
        return Err(OpeningError::AboveContract { principal, amount, left }.into());
    }
    Ok(())
}

/// No new loan costs more than the law and the policy allow on the day of the contract. Rule `loan.rate-cap`.
pub fn check_ceiling(ceiling: Option<&Ceiling>) -> Result<(), ServicingError> {
    match ceiling {
        Some(ceiling) if ceiling.is_above() => Err(OpeningError::CostAboveCap {
            rate: percent(ceiling.all_in_ppm),
            cap: percent(ceiling.cap_ppm),
            article: ceiling.articles.first().cloned().unwrap_or_default(),
        }
        .into()),
        Some(_) | None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use finance::{Method, Rate, Terms};
    use jiff::civil::date;

    use super::*;
    use crate::loan::model::{ContractId, Security};

    fn opening(signed_on: Date, start_on: Date, drawn: i64) -> Opening {
        Opening {
            product: "p".to_owned(),
            contract: None,
            contract_number: None,
            contract_amount: Fen(150_000),
            signed_on,
            number: None,
            terms: Terms::new(Method::EqualInstalment, Fen(100_000), start_on, 12, Rate::per_year(120_000_000)),
            drawn: Fen(drawn),
            purpose: "进货".to_owned(),
            security: Security::Credit,
            note: None,
            securities: Vec::new(),
        }
    }

    #[test]
    fn the_contract_comes_before_the_money_and_the_money_before_tomorrow() {
        // `loan.signed`
        let today = date(2026, 11, 20);
        assert_eq!(check_dates(&opening(today, today, 1), today), Ok(()));
        assert!(matches!(
            check_dates(&opening(today, date(2026, 11, 19), 1), today),
            Err(ServicingError::Opening(OpeningError::SignedAfterStart { .. }))
        ));
        assert!(matches!(
            check_dates(&opening(today, date(2026, 11, 21), 1), today),
            Err(ServicingError::AfterBusinessDate { .. })
        ));
    }

    #[test]
    fn loans_together_stay_within_their_contract() {
        // `loan.contract-amount`
        let today = date(2026, 11, 20);
        let contract = |used| Contract {
            id: ContractId(1),
            number: "HT-1".to_owned(),
            product: "p".to_owned(),
            amount: Fen(200_000),
            used: Fen(used),
            signed_on: today,
        };
        let one = opening(today, today, 100_000);
        assert_eq!(check_amounts(&one, None), Ok(()));
        assert_eq!(check_amounts(&one, Some(&contract(100_000))), Ok(()));
        assert!(matches!(
            check_amounts(&one, Some(&contract(100_001))),
            Err(ServicingError::Opening(OpeningError::AboveContract { .. }))
        ));
        let too_much = opening(today, today, 100_001);
        assert!(matches!(
            check_amounts(&too_much, None),
            Err(ServicingError::Opening(OpeningError::DrawnAbovePrincipal { .. }))
        ));
    }

    #[test]
    fn a_cost_at_the_cap_passes_and_above_it_does_not() {
        // `loan.rate-cap`
        let ceiling = |all_in_ppm, verdict: &str| Ceiling {
            all_in_ppm,
            cap_ppm: 240_000,
            verdict: verdict.to_owned(),
            lpr_ppm: Some(30_000),
            rule: "rate.cap.glide".to_owned(),
            articles: vec!["microloan-cost-2025".to_owned()],
        };
        assert_eq!(check_ceiling(None), Ok(()));
        assert_eq!(check_ceiling(Some(&ceiling(240_000, "above_target"))), Ok(()));
        assert!(matches!(
            check_ceiling(Some(&ceiling(240_001, "above_cap"))),
            Err(ServicingError::Opening(OpeningError::CostAboveCap { article, .. })) if article == "microloan-cost-2025"
        ));
    }
}
