//! The catalogue of customer data (资料目录): which items a file holds, in which group, of whom. Pure.
//!
//! Names, types and titles are those of the policy's dictionary of facts, so that what is recorded here is what the
//! decision tables read.

use std::sync::LazyLock;

use policy::{FactType, Unit, Value};

use crate::customer::model::CustomerKind;

/// One item of a file (资料项).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Item {
    /// The fact, as policies call it.
    pub name: &'static str,
    /// The group in which it is entered.
    pub group: &'static str,
    /// Whose it is; `None` is both persons' and companies'.
    pub of: Option<CustomerKind>,
}

static ITEMS: LazyLock<Vec<Item>> = LazyLock::new(|| {
    let cells = rows(include_str!("items.csv"));
    cells.map(|cells| Item { name: cells[0], group: cells[1], of: CustomerKind::parse(cells[2]) }).collect()
});

/// Item, value, Chinese title, English title.
static VALUES: LazyLock<Vec<[&'static str; 4]>> = LazyLock::new(|| {
    let cells = rows(include_str!("values.csv"));
    let each = |cells: Vec<&'static str>| cells[0].split('|').map(move |item| [item, cells[1], cells[2], cells[3]]);
    cells.flat_map(each).collect()
});

/// The rows of a table of ours without its head; no cell holds a comma.
fn rows(text: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    text.lines().skip(1).map(|line| line.split(',').collect())
}

/// All items, in the order of their groups.
#[must_use]
pub fn all() -> &'static [Item] {
    &ITEMS
}

/// The item of this name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Item> {
    ITEMS.iter().find(|item| item.name == name)
}

/// The groups that have items for a kind of customer, in order.
#[must_use]
pub fn groups(kind: CustomerKind) -> Vec<&'static str> {
    let mut groups: Vec<&'static str> = Vec::new();
    for item in ITEMS.iter().filter(|item| item.fits(kind)) {
        if !groups.contains(&item.group) {
            groups.push(item.group);
        }
    }
    groups
}

/// The items of a group for a kind of customer.
pub fn of_group(group: &str, kind: CustomerKind) -> impl Iterator<Item = &'static Item> {
    ITEMS.iter().filter(move |item| item.group == group && item.fits(kind))
}

/// What people call a value of an item with a list of values.
#[must_use]
pub fn value_title(item: &str, value: &str, english: bool) -> Option<&'static str> {
    let found = VALUES.iter().find(|row| row[0] == item && row[1] == value)?;
    Some(if english { found[3] } else { found[2] })
}

impl Item {
    /// Whether customers of this kind have it.
    #[must_use]
    pub fn fits(&self, kind: CustomerKind) -> bool {
        self.of.is_none_or(|of| of == kind)
    }
}

/// Reads what a person typed: yuan for money, per cent for shares, points with two decimals for scores.
#[must_use]
pub fn read(name: &str, kind: &FactType, typed: &str) -> Option<Value> {
    let typed = typed.trim();
    let written = match kind {
        FactType::Integer { unit: Unit::Fen, .. } => format!("{}元", typed.replace([',', '，'], "")),
        FactType::Integer { unit: Unit::Ppm, .. } => format!("{}%", typed.trim_end_matches(['%', '％', ' '])),
        FactType::Integer { .. } if name.ends_with("_centi") => hundredths(typed)?.to_string(),
        FactType::Integer { .. } | FactType::Date | FactType::Text | FactType::Boolean | FactType::OneOf { .. } => {
            typed.to_owned()
        }
    };
    kind.parse_literal(&written).ok()
}

/// `85.5` is 8550; more than two decimals are none.
fn hundredths(typed: &str) -> Option<i64> {
    let (whole, rest) = typed.split_once('.').unwrap_or((typed, ""));
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || rest.len() > 2 || !digits(whole) || !digits(rest) {
        return None;
    }
    format!("{whole}{rest:0<2}").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_listed_value_has_a_title_in_both_languages() {
        for row in VALUES.iter() {
            assert!(row.iter().all(|cell| !cell.is_empty()), "{row:?}");
            // What the list of premium enterprises and proofs of assets tell is never entered as a datum of a file.
            let told = ["premium_list_item", "asset_proof_kind"].contains(&row[0]);
            assert!(find(row[0]).is_some() || told, "{} is no item", row[0]);
        }
        for item in all() {
            let times = all().iter().filter(|other| other.name == item.name).count();
            assert_eq!(times, 1, "{} stands twice", item.name);
        }
        assert_eq!(value_title("education", "college", true), Some("College"));
        assert_eq!(groups(CustomerKind::Company).first(), Some(&"identity"));
        assert!(of_group("registration", CustomerKind::Person).all(|item| item.of.is_none()));
    }

    #[test]
    fn what_is_typed_is_read_exactly_or_not_at_all() {
        let fen = FactType::natural(Unit::Fen);
        let ppm = FactType::integer(Unit::Ppm);
        let count = FactType::natural(Unit::Count);
        let rows = [
            ("own_income_fen", &fen, "12,000.5", Some(1_200_050)),
            ("own_income_fen", &fen, "-1", None),
            ("own_income_fen", &fen, "1.005", None),
            ("share_ppm", &ppm, "10.01%", Some(100_100)),
            ("composite_score_centi", &count, "79.99", Some(7_999)),
            ("composite_score_centi", &count, "80", Some(8_000)),
            ("composite_score_centi", &count, "80.001", None),
            ("employees", &count, "x", None),
        ];
        for (name, kind, typed, found) in rows {
            assert_eq!(read(name, kind, typed), found.map(Value::Integer), "{typed}");
        }
    }
}
