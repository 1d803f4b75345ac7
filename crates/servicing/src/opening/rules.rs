//! Guards of a new loan, beside what the engine refuses. Pure.

use customers::CustomerKind;
use finance::Fen;
use jiff::civil::Date;
use policy::Nature;

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

/// A product for persons is for persons, one for companies for companies. Rule `loan.borrower` (S5.8-16).
pub fn check_borrower(
    (product, article): (&str, &str),
    nature: &Nature,
    borrower: CustomerKind,
) -> Result<(), ServicingError> {
    let wanted = nature.borrower.as_str();
    if wanted.is_empty() || wanted == borrower.as_str() {
        return Ok(());
    }
    Err(OpeningError::WrongBorrower {
        product: product.to_owned(),
        wanted: wanted.to_owned(),
        article: article.to_owned(),
    }
    .into())
}

/// A use that the product excludes, in either of its languages, is none of its loans. Rule `loan.use` (S5.7-01).
pub fn check_use((product, article): (&str, &str), nature: &Nature, purpose: &str) -> Result<(), ServicingError> {
    let excludes = &nature.excludes;
    let purpose = purpose.to_lowercase();
    let words = excludes.zh.split(['、', '，', '；']).chain(excludes.en.split([',', ';'])).map(str::trim);
    match words.filter(|word| !word.is_empty()).find(|word| purpose.contains(&word.to_lowercase())) {
        None => Ok(()),
        Some(word) => Err(OpeningError::UseExcluded {
            product: product.to_owned(),
            excluded: word.to_owned(),
            article: article.to_owned(),
        }
        .into()),
    }
}

/// A loan whose use is rescue money, by the words of the policy, names the decision that it carries out. Rule `loan.rescue`
/// (S2.3-11).
pub fn check_rescue(words: &[String], article: &str, purpose: &str, rescue: Option<i64>) -> Result<(), ServicingError> {
    let purpose = purpose.to_lowercase();
    if rescue.is_some() || !words.iter().any(|word| purpose.contains(&word.to_lowercase())) {
        return Ok(());
    }
    Err(OpeningError::RescueUndecided { article: article.to_owned() }.into())
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
    use platform::error::Refusal as _;
    use policy::Title;

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
            rescue: None,
        }
    }

    // S2.3-11. Rule loan.rescue
    #[test]
    fn a_loan_of_rescue_money_names_its_decision() {
        let words = ["救助".to_owned(), "Rescue".to_owned()];
        for (purpose, rescue, passes) in [
            ("进货", None, true),
            ("救助资金，补货", None, false),
            ("rescue money for stock", None, false),
            ("救助资金，补货", Some(7), true),
        ] {
            assert_eq!(check_rescue(&words, "cause.measures", purpose, rescue).is_ok(), passes, "{purpose}");
        }
        assert_eq!(check_rescue(&[], "", "救助", None), Ok(()), "rules that name no such use");
        let refused = check_rescue(&words, "cause.measures", "救助", None).unwrap_err().refused();
        assert_eq!((refused.code, refused.article.as_deref()), ("rescue-decision-missing", Some("cause.measures")));
    }

    // S5.8-16, S5.7-01. Rules loan.borrower, loan.use
    #[test]
    fn a_product_is_lent_to_its_kind_of_customer_and_for_no_use_that_it_excludes() {
        let named = ("综合消费贷款", "house.products");
        let nature = |borrower: &str| Nature {
            borrower: borrower.to_owned(),
            excludes: Title::new("指定用途贷款、信用卡透支", "Loans of designated use, card overdrafts"),
            ..Nature::default()
        };
        let (person, company) = (CustomerKind::Person, CustomerKind::Company);
        for (wanted, kind, passes) in [
            ("", person, true),
            ("", company, true),
            ("person", person, true),
            ("person", company, false),
            ("company", person, false),
            ("company", company, true),
        ] {
            assert_eq!(check_borrower(named, &nature(wanted), kind).is_ok(), passes, "{wanted} {kind:?}");
        }
        for (purpose, passes) in [
            ("装修与旅游", true),
            ("归还信用卡透支", false),
            ("Repay card overdrafts", false),
            ("指定用途贷款的首付", false),
            ("", true),
        ] {
            assert_eq!(check_use(named, &nature(""), purpose).is_ok(), passes, "{purpose}");
        }
        assert_eq!(check_use(named, &Nature::default(), "归还信用卡透支"), Ok(()), "a product that excludes nothing");
        let code = |refused: Result<(), ServicingError>| refused.unwrap_err().refused().code;
        assert_eq!(code(check_borrower(named, &nature("person"), company)), "product-for-persons");
        assert_eq!(code(check_borrower(named, &nature("company"), person)), "product-for-companies");
        assert_eq!(code(check_use(named, &nature(""), "信用卡透支")), "use-excluded");
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
