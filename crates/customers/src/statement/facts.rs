//! What statements tell the policy (报表事实): figures, ratios, and whether a year was good.

use jiff::civil::Date;
use policy::{Facts, Value};

use super::model::{Ratio, Statement, counting};

/// The facts of the statements that are not too old, with the end of the period that the newest tells.
#[must_use]
pub fn of(all: &[Statement], valid_months: Option<i64>, on: Date) -> Option<(Facts, Date)> {
    let mut fresh = counting(all);
    fresh.retain(|one| one.content.period_end <= on && is_fresh(one.content.period_end, valid_months, on));
    let newest = *fresh.first()?;
    let year = fresh.iter().find(|one| one.content.months == 12);
    let half = fresh.iter().find(|one| one.content.months >= 6);
    let mut facts = Facts::new();
    let mut put = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            facts.insert(name.to_owned(), value);
        }
    };
    let money = |one: &Statement, line: &str| one.line(line).map(|fen| Value::Integer(fen.0));
    let positive = |one: &Statement, line: &str| one.line(line).map(|fen| Value::Boolean(fen.is_positive()));
    put("assets_fen", money(newest, "total_assets"));
    put("debt_ratio_ppm", newest.ratio(Ratio::Debt).map(Value::Integer));
    put("current_ratio_ppm", newest.ratio(Ratio::Current).map(Value::Integer));
    put("quick_ratio_ppm", newest.ratio(Ratio::Quick).map(Value::Integer));
    if let Some(year) = year {
        put("revenue_fen", money(year, "revenue"));
        put("roe_ppm", year.ratio(Ratio::Roe).map(Value::Integer));
        put("margin_ppm", year.ratio(Ratio::Margin).map(Value::Integer));
        put("profit_positive_year", positive(year, "net_profit"));
        put("cash_positive_year", positive(year, "cash_operating"));
    }
    if let Some(half) = half {
        put("profit_positive_half", positive(half, "net_profit"));
        put("cash_positive_half", positive(half, "cash_operating"));
    }
    Some((facts, newest.content.period_end))
}

fn is_fresh(end: Date, valid_months: Option<i64>, on: Date) -> bool {
    let Some(months) = valid_months else { return true };
    let until = jiff::Span::new().try_months(months).and_then(|span| end.checked_add(span));
    until.is_ok_and(|until| on <= until)
}
