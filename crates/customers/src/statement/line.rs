//! The lines of a statement (报表项目), and the sums that must hold among them. Pure.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use finance::Fen;

/// One line of a statement (报表项目).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its name in data.
    pub name: &'static str,
    /// `balance`, `profit` or `cash`.
    pub part: &'static str,
    /// Its Chinese name.
    pub title_zh: &'static str,
    /// Its English name.
    pub title_en: &'static str,
    /// What it sums up: sign and line; empty for a line of its own.
    pub sum: Vec<(i64, &'static str)>,
}

static LINES: LazyLock<Vec<Line>> = LazyLock::new(|| {
    let row = |line: &'static str| {
        let cells: Vec<&'static str> = line.split(',').collect();
        Line { name: cells[0], part: cells[1], title_zh: cells[2], title_en: cells[3], sum: terms(cells[4]) }
    };
    include_str!("lines.csv").lines().skip(1).map(row).collect()
});

/// `a-b+c` as signs and names.
fn terms(text: &'static str) -> Vec<(i64, &'static str)> {
    let mut found = Vec::new();
    for part in text.split('+').filter(|part| !part.is_empty()) {
        let mut names = part.split('-');
        found.extend(names.next().map(|name| (1, name)));
        found.extend(names.map(|name| (-1, name)));
    }
    found
}

/// All lines in the order of the statements.
#[must_use]
pub fn all() -> &'static [Line] {
    &LINES
}

/// The line of this name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Line> {
    LINES.iter().find(|line| line.name == name)
}

/// The amounts of a statement by line (报表金额).
pub type Amounts = BTreeMap<&'static str, Fen>;

/// A place where a statement does not add up (勾稽不符).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unbalanced {
    /// The line.
    pub line: &'static Line,
    /// What stands there.
    pub stated: Fen,
    /// What the other lines give.
    pub computed: Fen,
}

/// Fills in the sums that were left blank; names every place that does not add up.
///
/// Rule `statement.balance`. Source: 企业会计准则第30号—财务报表列报: assets equal liabilities and equity, every total is
/// the sum of its lines. A part of which nothing was given stays out.
///
/// # Errors
/// All places.
pub fn complete(given: &Amounts) -> Result<Amounts, Vec<Unbalanced>> {
    let mut all = given.clone();
    let mut wrong = Vec::new();
    let parts: Vec<&str> = LINES.iter().filter(|line| given.contains_key(line.name)).map(|line| line.part).collect();
    for line in LINES.iter().filter(|line| parts.contains(&line.part) && !line.sum.is_empty()) {
        let amount = |name: &str| all.get(name).map_or(0, |fen| i128::from(fen.0));
        let sum: i128 = line.sum.iter().map(|(sign, name)| i128::from(*sign) * amount(name)).sum();
        let computed = Fen(i64::try_from(sum).unwrap_or(i64::MAX));
        match all.get(line.name) {
            Some(stated) if *stated != computed => wrong.push(Unbalanced { line, stated: *stated, computed }),
            Some(_) => {}
            None => drop(all.insert(line.name, computed)),
        }
    }
    if let (Some(assets), Some(claims)) = (all.get("total_assets"), all.get("liabilities_and_equity"))
        && assets != claims
        && let Some(line) = find("liabilities_and_equity")
        && !wrong.iter().any(|one| one.line.name == line.name)
    {
        wrong.push(Unbalanced { line, stated: *claims, computed: *assets });
    }
    if wrong.is_empty() { Ok(all) } else { Err(wrong) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(pairs: &[(&'static str, i64)]) -> Amounts {
        pairs.iter().map(|(name, fen)| (*name, Fen(*fen))).collect()
    }

    #[test]
    fn every_sum_names_lines_that_stand_before_it() {
        for (place, line) in LINES.iter().enumerate() {
            for (_, name) in &line.sum {
                let found = LINES.iter().position(|other| other.name == *name);
                assert!(found.is_some_and(|at| at < place), "{} sums {name}", line.name);
            }
        }
        assert_eq!(find("net_profit").unwrap().sum, [(1, "total_profit"), (-1, "income_tax")]);
    }

    // S1-15, S3-15: a statement that does not balance is refused with the place.
    #[test]
    fn blanks_are_summed_and_what_does_not_add_up_is_named_with_both_figures() {
        let good = of(&[("cash", 60), ("fixed_assets", 40), ("payables", 30), ("paid_in_capital", 70)]);
        let whole = complete(&good).unwrap();
        assert_eq!((whole["total_assets"], whole["liabilities_and_equity"]), (Fen(100), Fen(100)));
        assert!(!whole.contains_key("net_profit") && !whole.contains_key("cash_end"), "parts not given stay out");
        let places = |amounts: Amounts| -> Vec<(&str, i64, i64)> {
            let wrong = complete(&amounts).unwrap_err();
            wrong.iter().map(|one| (one.line.name, one.stated.0, one.computed.0)).collect()
        };
        let mut bad = good.clone();
        bad.insert("paid_in_capital", Fen(71));
        assert_eq!(places(bad), [("liabilities_and_equity", 101, 100)]);
        let mut bad = good;
        bad.insert("current_assets", Fen(59));
        assert_eq!(places(bad)[0], ("current_assets", 59, 60));
        let profit = of(&[("revenue", 100), ("cost_of_sales", 60), ("income_tax", 10), ("net_profit", 31)]);
        assert_eq!(places(profit), [("net_profit", 31, 30)]);
    }
}
