//! S-FEEL unary tests: what an input cell of a decision table may say.
//!
//! `-` any value · `30` · `"A","B"` · `[30..55]` · `(30..55]` · `>= 80` · `not("x")` · `null` (the fact is not known)
//! · dates as `2026-08-01` or `date("2026-08-01")` · an end point may be a parameter: `>= param.npl_overdue_days`.

use crate::problem::ProblemKind;
use crate::value::{FactType, Value};

/// The tests of one input cell (单元测试).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Tests {
    /// `-`: any value, even an unknown one.
    Any,
    /// `null`: the fact is not known.
    Null,
    /// At least one holds.
    Some(Vec<Test>),
    /// None holds.
    Not(Vec<Test>),
}

/// One test: a range, whose ends may coincide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Test {
    pub(crate) low: Bound,
    pub(crate) high: Bound,
}

/// One end of a range.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Bound {
    Open,
    Including(Operand),
    Excluding(Operand),
}

/// What an end is compared with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Operand {
    Literal(Value),
    Parameter(String),
}

/// One end of a range that a cell names (区间端点).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// There is none.
    Open,
    /// The value itself belongs to the range.
    Including(Value),
    /// It does not.
    Excluding(Value),
}

/// The ranges that a cell names, low end first, so that people can be told in words; a single value is a range whose ends
/// coincide. `None` where it names no plain ones: `-`, `null`, `not(…)`, an end that is a parameter, a cell that cannot be
/// read.
///
/// ```
/// use policy::{End, FactType, Unit, Value, ranges};
/// let age = FactType::Integer { unit: Unit::Years, min: 0, max: 150 };
/// let found = ranges("[35..45)", &age).unwrap();
/// assert_eq!(found, [(End::Including(Value::Integer(35)), End::Excluding(Value::Integer(45)))]);
/// assert_eq!(ranges("-", &age), None);
/// ```
#[must_use]
pub fn ranges(cell: &str, kind: &FactType) -> Option<Vec<(End, End)>> {
    let end = |bound: &Bound| match bound {
        Bound::Open => Some(End::Open),
        Bound::Including(Operand::Literal(value)) => Some(End::Including(value.clone())),
        Bound::Excluding(Operand::Literal(value)) => Some(End::Excluding(value.clone())),
        Bound::Including(Operand::Parameter(_)) | Bound::Excluding(Operand::Parameter(_)) => None,
    };
    match Tests::parse(cell, kind).ok()? {
        Tests::Some(tests) => tests.iter().map(|test| Some((end(&test.low)?, end(&test.high)?))).collect(),
        Tests::Any | Tests::Null | Tests::Not(_) => None,
    }
}

impl Tests {
    /// Reads a cell for an input of that type.
    pub(crate) fn parse(text: &str, kind: &FactType) -> Result<Self, ProblemKind> {
        match text {
            "-" => return Ok(Self::Any),
            "null" => return Ok(Self::Null),
            _ => {}
        }
        if let Some(inner) = text.strip_prefix("not") {
            let inner = inner.trim().strip_prefix('(').and_then(|inner| inner.strip_suffix(')'));
            let inner = inner.ok_or_else(|| unreadable(text, "not takes its tests in parentheses"))?;
            return parse_list(inner, kind).map(Self::Not);
        }
        parse_list(text, kind).map(Self::Some)
    }

    /// The literals that the cell names.
    pub(crate) fn literals(&self) -> impl Iterator<Item = &Value> {
        self.tests().iter().flat_map(|test| [&test.low, &test.high]).filter_map(|bound| match bound {
            Bound::Including(Operand::Literal(value)) | Bound::Excluding(Operand::Literal(value)) => Some(value),
            _ => None,
        })
    }
}

impl Tests {
    /// The parameters that the cell names.
    pub(crate) fn parameters(&self) -> impl Iterator<Item = &str> {
        self.tests().iter().flat_map(|test| [&test.low, &test.high]).filter_map(|bound| match bound {
            Bound::Including(Operand::Parameter(name)) | Bound::Excluding(Operand::Parameter(name)) => {
                Some(name.as_str())
            }
            _ => None,
        })
    }

    /// As S-FEEL that other engines read: plain numbers, quoted texts, `date("…")`.
    pub(crate) fn to_feel(&self) -> String {
        let list = |tests: &[Test]| tests.iter().map(Test::to_feel).collect::<Vec<String>>().join(", ");
        match self {
            Self::Any => "-".to_owned(),
            Self::Null => "null".to_owned(),
            Self::Some(tests) => list(tests),
            Self::Not(tests) => format!("not({})", list(tests)),
        }
    }

    fn tests(&self) -> &[Test] {
        match self {
            Self::Any | Self::Null => &[],
            Self::Some(tests) | Self::Not(tests) => tests,
        }
    }
}

impl Test {
    fn to_feel(&self) -> String {
        match (&self.low, &self.high) {
            (Bound::Including(low), Bound::Including(high)) if low == high => low.to_feel(),
            (Bound::Open, Bound::Including(high)) => format!("<= {}", high.to_feel()),
            (Bound::Open, Bound::Excluding(high)) => format!("< {}", high.to_feel()),
            (Bound::Including(low), Bound::Open) => format!(">= {}", low.to_feel()),
            (Bound::Excluding(low), Bound::Open) => format!("> {}", low.to_feel()),
            (Bound::Open, Bound::Open) => "-".to_owned(),
            (low, high) => {
                let (open, from) = low.edge('[', '(');
                let (close, to) = high.edge(']', ')');
                format!("{open}{from}..{to}{close}")
            }
        }
    }
}

impl Bound {
    fn edge(&self, including: char, excluding: char) -> (char, String) {
        match self {
            Self::Including(operand) => (including, operand.to_feel()),
            Self::Excluding(operand) => (excluding, operand.to_feel()),
            Self::Open => (excluding, String::new()),
        }
    }
}

impl Operand {
    fn to_feel(&self) -> String {
        match self {
            Self::Literal(value) => feel_literal(value),
            Self::Parameter(name) => format!("param.{name}"),
        }
    }
}

/// A value as FEEL writes it.
pub(crate) fn feel_literal(value: &Value) -> String {
    match value {
        Value::Text(text) => format!("\"{text}\""),
        Value::Date(date) => format!("date(\"{date}\")"),
        Value::Integer(number) => number.to_string(),
        Value::Boolean(yes) => yes.to_string(),
    }
}

fn unreadable(found: &str, detail: &str) -> ProblemKind {
    ProblemKind::Unreadable { found: found.to_owned(), detail: detail.to_owned() }
}

fn parse_list(text: &str, kind: &FactType) -> Result<Vec<Test>, ProblemKind> {
    split_list(text)?.into_iter().map(|item| parse_test(item.trim(), kind)).collect()
}

/// Splits at commas outside quotes and brackets.
fn split_list(text: &str) -> Result<Vec<&str>, ProblemKind> {
    let (mut items, mut start, mut quoted, mut depth) = (Vec::new(), 0, false, 0i32);
    for (index, character) in text.char_indices() {
        match character {
            '"' => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted => depth -= 1,
            ',' if !quoted && depth <= 0 => {
                items.push(&text[start..index]);
                start = index + 1;
            }
            _ => {}
        }
    }
    if quoted {
        return Err(unreadable(text, "a quotation mark is not closed"));
    }
    items.push(&text[start..]);
    Ok(items)
}

fn parse_test(text: &str, kind: &FactType) -> Result<Test, ProblemKind> {
    if text.is_empty() {
        return Err(unreadable(text, "a test between commas is empty"));
    }
    for (sign, low, including) in [(">=", true, true), ("<=", false, true), (">", true, false), ("<", false, false)] {
        if let Some(rest) = text.strip_prefix(sign) {
            let operand = parse_operand(rest.trim(), ordered(text, kind)?)?;
            let bound = if including { Bound::Including(operand) } else { Bound::Excluding(operand) };
            return Ok(if low {
                Test { low: bound, high: Bound::Open }
            } else {
                Test { low: Bound::Open, high: bound }
            });
        }
    }
    if text.contains("..") && !text.starts_with('"') {
        return parse_range(text, ordered(text, kind)?);
    }
    let operand = parse_operand(text, kind)?;
    Ok(Test { low: Bound::Including(operand.clone()), high: Bound::Including(operand) })
}

fn parse_range(text: &str, kind: &FactType) -> Result<Test, ProblemKind> {
    let brackets = || unreadable(text, "a range is written [low..high] or (low..high)");
    let low_open = match text.chars().next() {
        Some('[') => false,
        Some('(' | ']') => true,
        _ => return Err(brackets()),
    };
    let high_open = match text.chars().last() {
        Some(']') => false,
        Some(')' | '[') => true,
        _ => return Err(brackets()),
    };
    let (low, high) = text[1..text.len() - 1].split_once("..").ok_or_else(brackets)?;
    let (low, high) = (parse_operand(low.trim(), kind)?, parse_operand(high.trim(), kind)?);
    let bound = |open: bool, operand: Operand| if open { Bound::Excluding(operand) } else { Bound::Including(operand) };
    Ok(Test { low: bound(low_open, low), high: bound(high_open, high) })
}

/// Only types with an order have ranges.
fn ordered<'a>(text: &str, kind: &'a FactType) -> Result<&'a FactType, ProblemKind> {
    match kind {
        FactType::Integer { .. } | FactType::Date | FactType::OneOf { ordered: true, .. } => Ok(kind),
        FactType::Text | FactType::Boolean | FactType::OneOf { .. } => {
            Err(ProblemKind::WrongType { expected: kind.to_text(), found: text.to_owned() })
        }
    }
}

fn parse_operand(text: &str, kind: &FactType) -> Result<Operand, ProblemKind> {
    if let Some(name) = text.strip_prefix("param.") {
        return Ok(Operand::Parameter(name.to_owned()));
    }
    let wrong = || ProblemKind::WrongType { expected: kind.to_text(), found: text.to_owned() };
    let quoted = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
    let value = match (kind, quoted) {
        (FactType::Text | FactType::OneOf { .. }, Some(quoted)) => kind.parse_literal(quoted)?,
        (FactType::Text | FactType::OneOf { .. }, None) | (_, Some(_)) => return Err(wrong()),
        (FactType::Date, None) => {
            let inner = text.strip_prefix("date(\"").and_then(|text| text.strip_suffix("\")"));
            kind.parse_literal(inner.unwrap_or(text))?
        }
        (FactType::Integer { unit, .. }, None) => Value::Integer(crate::value::parse_integer(text, *unit)?),
        (FactType::Boolean, None) => kind.parse_literal(text)?,
    };
    Ok(Operand::Literal(value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Unit;

    fn code(text: &str, kind: &FactType) -> &'static str {
        Tests::parse(text, kind).map_or_else(|problem| problem.code(), |_| "ok")
    }

    #[test]
    fn cells_are_read_or_refused_with_the_reason() {
        let days = FactType::natural(Unit::Days);
        let text = FactType::Text;
        let class = FactType::parse("normal<bad<loss").expect("type");
        let product = FactType::one_of(&["car", "house"]);
        let rows: &[(&str, &FactType, &str)] = &[
            ("-", &days, "ok"),
            ("30", &days, "ok"),
            ("[30..55]", &days, "ok"),
            ("(30..55]", &days, "ok"),
            ("]30..55[", &days, "ok"),
            (">= 80, < 10", &days, "ok"),
            ("not(30, [40..50])", &days, "ok"),
            (">= param.edge", &days, "ok"),
            ("null", &days, "ok"),
            ("30.5", &days, "floating_point"),
            ("\"30\"", &days, "wrong_type"),
            ("thirty", &days, "wrong_type"),
            ("30..55", &days, "unreadable"),
            ("not 30", &days, "unreadable"),
            ("30,,40", &days, "unreadable"),
            ("\"A\",\"B, C\"", &text, "ok"),
            ("not(\"x\")", &text, "ok"),
            ("A", &text, "wrong_type"),
            ("\"A", &text, "unreadable"),
            ("> \"A\"", &text, "wrong_type"),
            (">= \"bad\"", &class, "ok"),
            ("\"worse\"", &class, "not_allowed"),
            (">= \"car\"", &product, "wrong_type"),
            ("true", &FactType::Boolean, "ok"),
            ("yes", &FactType::Boolean, "wrong_type"),
            ("[2026-01-01..date(\"2026-08-01\"))", &FactType::Date, "ok"),
            ("2026-02-30", &FactType::Date, "wrong_type"),
        ];
        for (cell, kind, expected) in rows {
            assert_eq!(code(cell, kind), *expected, "{cell}");
        }
    }
}
