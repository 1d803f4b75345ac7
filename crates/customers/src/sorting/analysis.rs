//! Statistical and financial analysis of a project from the book's own data (统计与财务分析, S3-28): how its customers are spread
//! over industries, sizes and grades, how their statements do year by year, and their risks side by side.

use std::collections::BTreeMap;

use finance::Fen;
use platform::error::ActionError;
use platform::id::CustomerId;
use platform::policies::InForce;
use platform::work::Work;
use policy::Value;

use super::exposure::add;
use super::measured::{Analysis, RiskRow, Slice, Year};
use super::model::{Both, Item};
use super::rules::{self, Axis};
use crate::standing;
use crate::statement::{industry, store as statements};

/// The facts looked at: the industry, and the risks side by side.
const INDUSTRY: &str = "industry_code";
pub(super) const RISKS: [&str; 3] = ["credit_risk", "industry_risk", "project_risk"];
/// The axis that says the size.
const SIZE: &str = "enterprise_size";
/// The lines of statements that are summed up.
const LINES: [&str; 6] = ["revenue", "net_profit", "cash_operating", "total_assets", "total_liabilities", "equity"];
/// How many years are shown.
const YEARS: usize = 5;

/// Where the customers stand now, by axis.
type Outcomes = BTreeMap<CustomerId, BTreeMap<String, String>>;

/// The analysis of a project as its data stand (rule `sorting.analysis`).
pub(super) async fn of(
    work: &mut Work,
    (policy, axes): (&InForce, &[Axis]),
    (all, now): (&[Item], &Outcomes),
    exposure: &BTreeMap<CustomerId, Fen>,
) -> Result<Analysis, ActionError> {
    let ids: Vec<CustomerId> = all.iter().map(|item| item.customer).collect();
    let names = [INDUSTRY, RISKS[0], RISKS[1], RISKS[2]];
    let known = standing::known_values(&mut work.tx, &ids, &names).await?;
    let text = |customer: &CustomerId, place: usize| -> Option<&str> {
        known.get(customer)?.get(place)?.as_ref().and_then(Value::as_text)
    };
    let of = |title: &dyn Fn(&CustomerId) -> Both| slices(&ids, exposure, title);
    let sector = |one: &CustomerId| {
        let found = text(one, 0).and_then(industry::of_code);
        let title = found.map(|found| (format!("{} {}", found.section, found.title_zh), section_en(&found)));
        title.unwrap_or_default()
    };
    let stands = |axis: &str, output: &str, one: &CustomerId| -> Both {
        let outcome = now.get(one).and_then(|axes| axes.get(axis)).filter(|outcome| !outcome.is_empty());
        outcome.map(|outcome| rules::both(policy, output, outcome)).unwrap_or_default()
    };
    let on = work.business_date;
    let size = rules::output_of(policy, on, SIZE);
    let graded = axes.iter().filter(|axis| axis.decision != SIZE).map(|axis| {
        let title = rules::axis_title(policy, on, &axis.decision);
        (title, of(&|one| stands(&axis.decision, &axis.output, one)))
    });
    let risks = RISKS.iter().enumerate().map(|(place, risk)| {
        let grade = |one: &CustomerId| text(one, place + 1);
        risk_row(risk, &ids, exposure, &grade)
    });
    Ok(Analysis {
        industries: of(&sector),
        sizes: size.map(|output| of(&|one| stands(SIZE, &output, one))).unwrap_or_default(),
        grades: graded.collect(),
        risks: risks.collect(),
        years: years(work, &ids).await?,
    })
}

fn section_en(found: &industry::Industry) -> String {
    format!("{} {}", found.section, found.title_en)
}

/// Customers and exposure by what each is called; unknown ones have an empty title and come last.
fn slices(ids: &[CustomerId], exposure: &BTreeMap<CustomerId, Fen>, title: &dyn Fn(&CustomerId) -> Both) -> Vec<Slice> {
    let mut found: BTreeMap<Both, (i64, Fen)> = BTreeMap::new();
    for one in ids {
        let sum = found.entry(title(one)).or_default();
        sum.0 += 1;
        sum.1 = add(sum.1, exposure.get(one).copied().unwrap_or_default());
    }
    let slice = |(title, (customers, exposure)): (Both, (i64, Fen))| Slice { title, customers, exposure };
    let mut all: Vec<Slice> = found.into_iter().map(slice).collect();
    all.sort_by_key(|one| (one.title.0.is_empty(), std::cmp::Reverse((one.exposure, one.customers))));
    all
}

fn risk_row<'a>(
    risk: &str,
    ids: &[CustomerId],
    exposure: &BTreeMap<CustomerId, Fen>,
    grade: &dyn Fn(&CustomerId) -> Option<&'a str>,
) -> RiskRow {
    let mut row = RiskRow { risk: risk.to_owned(), customers: (0, 0, 0, 0), high_exposure: Fen::ZERO };
    for one in ids {
        match grade(one) {
            Some("low") => row.customers.0 += 1,
            Some("medium") => row.customers.1 += 1,
            Some("high") => {
                row.customers.2 += 1;
                row.high_exposure = add(row.high_exposure, exposure.get(one).copied().unwrap_or_default());
            }
            Some(_) | None => row.customers.3 += 1,
        }
    }
    row
}

/// The yearly statements of these companies summed up, the latest years in their order.
async fn years(work: &mut Work, ids: &[CustomerId]) -> Result<Vec<Year>, ActionError> {
    let all = statements::yearly(&mut work.tx, ids, &LINES).await?;
    let mut found: BTreeMap<i16, Year> = BTreeMap::new();
    for ((_, year), lines) in all {
        let one = found.entry(year).or_insert_with(|| Year { year, ..Year::default() });
        one.companies += 1;
        let sums =
            [&mut one.revenue, &mut one.profit, &mut one.cash, &mut one.assets, &mut one.liabilities, &mut one.equity];
        for (line, sum) in LINES.iter().zip(sums) {
            if let Some(amount) = lines.get(*line) {
                *sum = Some(add(sum.unwrap_or_default(), *amount));
            }
        }
    }
    let mut years: Vec<Year> = found.into_values().collect();
    Ok(years.split_off(years.len().saturating_sub(YEARS)))
}

#[cfg(test)]
mod tests {
    use super::*;

    // S3-28. Rule sorting.analysis
    #[test]
    fn customers_are_spread_by_what_they_are_called_and_the_unknown_come_last() {
        let ids = [1, 2, 3].map(CustomerId);
        let exposure = BTreeMap::from([(CustomerId(1), Fen(10)), (CustomerId(2), Fen(30)), (CustomerId(3), Fen(99))]);
        let title = |one: &CustomerId| match one.0 {
            3 => Both::default(),
            _ => ("C 制造业".to_owned(), "C Manufacturing".to_owned()),
        };
        let found = slices(&ids, &exposure, &title);
        let said: Vec<_> = found.iter().map(|one| (one.title.0.as_str(), one.customers, one.exposure.0)).collect();
        assert_eq!(said, [("C 制造业", 2, 40), ("", 1, 99)]);
        let grade = |one: &CustomerId| (one.0 == 2).then_some("high");
        let row = risk_row("credit_risk", &ids, &exposure, &grade);
        assert_eq!((row.customers, row.high_exposure), ((0, 0, 1, 2), Fen(30)));
    }
}
