//! The question, read from what was typed; the monthly payment; the facts for the decisions. Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use finance::{Fen, Rate, YearBasis, monthly_payment};
use platform::error::FieldError;
use policy::{FactDictionary, Facts, Value};
use serde::Deserialize;

use crate::datum::item;

/// The facts that can be typed over what the file holds; a sum of assets counts with its proof on file only (S5.6-09).
pub(super) const FACTS: [&str; 12] = [
    "own_income_fen",
    "spouse_income_fen",
    "fund_deposit_fen",
    "fund_certified",
    "property_fee_fen",
    "card_overdraft_fen",
    "card_usage_6m_fen",
    "short_debt_payment_fen",
    "long_debt_payment_fen",
    "customer_age",
    "co_borrower_age",
    "customer_class",
];
/// Money that nobody stated is none.
const ZERO: [&str; 6] = [
    "property_fee_fen",
    "card_overdraft_fen",
    "short_debt_payment_fen",
    "long_debt_payment_fen",
    "asset_proof_fen",
    "payment_fen",
];
/// The longest term that can be asked for, months.
const MOST_MONTHS: u32 = 600;

/// The question as it stands in the address (所问).
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Asked {
    /// 贷款金额, yuan.
    #[serde(default)]
    pub amount: String,
    /// 年利率, per cent.
    #[serde(default)]
    pub rate: String,
    /// 期限, months.
    #[serde(default)]
    pub months: String,
    /// The rest: facts by name.
    #[serde(flatten)]
    pub facts: std::collections::BTreeMap<String, String>,
}

/// The loan asked about (拟贷).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Wanted {
    /// How much.
    pub amount: Fen,
    /// Billionths a year.
    pub yearly_e9: i64,
    /// How long.
    pub months: u32,
    /// 等额本息月供 (S5.6-07).
    pub payment: Fen,
}

impl Asked {
    /// Whether anything was asked yet.
    pub(super) fn is_blank(&self) -> bool {
        self.amount.is_empty() && self.rate.is_empty() && self.months.is_empty()
    }

    /// Reads the loan, with all complaints.
    pub(super) fn loan(&self) -> Result<Wanted, Vec<FieldError>> {
        let mut wrong = Vec::new();
        let amount = self.amount.trim().parse::<Fen>().ok().filter(|fen| fen.is_positive());
        let yearly = percent_e9(&self.rate).filter(|rate| *rate >= 0);
        let months = self.months.trim().parse::<u32>().ok().filter(|n| (1..=MOST_MONTHS).contains(n));
        if amount.is_none() {
            wrong.push(FieldError::new("amount", "capacity-amount"));
        }
        if yearly.is_none() {
            wrong.push(FieldError::new("rate", "capacity-rate"));
        }
        if months.is_none() {
            wrong.push(FieldError::new("months", "capacity-months").with("most", MOST_MONTHS));
        }
        let (Some(amount), Some(yearly_e9), Some(months)) = (amount, yearly, months) else { return Err(wrong) };
        match monthly_payment(amount, yearly_e9, months) {
            Some(payment) => Ok(Wanted { amount, yearly_e9, months, payment }),
            None => Err(vec![FieldError::new("amount", "capacity-amount")]),
        }
    }

    /// The facts of the case: what was typed stands over what the file holds.
    pub(super) fn facts(&self, known: &Facts, dictionary: &FactDictionary) -> Result<Facts, Vec<FieldError>> {
        let mut facts = known.clone();
        let mut wrong = Vec::new();
        for name in FACTS {
            let Some(typed) = self.facts.get(name).map(|text| text.trim()).filter(|text| !text.is_empty()) else {
                continue;
            };
            match dictionary.get(name).and_then(|fact| item::read(name, &fact.kind, typed)) {
                Some(value) => drop(facts.insert(name.to_owned(), value)),
                None => wrong.push(FieldError::new(name, "datum-value").with("found", typed)),
            }
        }
        for name in ZERO {
            facts.entry(name.to_owned()).or_insert(Value::Integer(0));
        }
        if wrong.is_empty() { Ok(facts) } else { Err(wrong) }
    }
}

/// `4.9` per cent a year as billionths.
pub(crate) fn percent_e9(text: &str) -> Option<i64> {
    let percent = text.trim().trim_end_matches(['%', '％', ' ']);
    format!("{percent}%/year").parse::<Rate>().ok()?.yearly_e9(YearBasis::default())
}

#[cfg(test)]
mod tests {
    use super::*;

    // S5.6-T7, S5.6-T8
    #[test]
    fn the_payment_is_that_of_equal_instalments() {
        let asked = |amount: &str, rate: &str, months: &str| Asked {
            amount: amount.to_owned(),
            rate: rate.to_owned(),
            months: months.to_owned(),
            ..Asked::default()
        };
        assert_eq!(asked("1,000,000", "4.9", "360").loan().unwrap().payment, Fen(530_727));
        assert_eq!(asked("120000", "0", "12").loan().unwrap().payment, Fen(1_000_000));
        let wrong = asked("0", "x", "601").loan().unwrap_err();
        assert_eq!(wrong.iter().map(|one| one.field).collect::<Vec<_>>(), ["amount", "rate", "months"]);
        assert!(asked("", "", "").is_blank());
    }
}
