//! Values and their types: whole numbers with a unit, dates, texts, booleans. Nothing else, and never a float.

use jiff::civil::Date;
use serde_json::Value as Json;

use crate::problem::ProblemKind;

/// A value that a policy looks at or decides (取值).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Value {
    /// A whole number of the unit that the type names.
    Integer(i64),
    /// A civil date.
    Date(Date),
    /// A text.
    Text(String),
    /// Yes or no.
    Boolean(bool),
}

impl Value {
    /// As JSON: numbers, ISO dates, texts, booleans.
    pub fn to_json(&self) -> Json {
        match self {
            Self::Integer(number) => Json::from(*number),
            Self::Date(date) => Json::from(date.to_string()),
            Self::Text(text) => Json::from(text.as_str()),
            Self::Boolean(yes) => Json::from(*yes),
        }
    }

    /// As plain text, as a cell of an output column holds it.
    pub fn to_text(&self) -> String {
        match self {
            Self::Integer(number) => number.to_string(),
            Self::Date(date) => date.to_string(),
            Self::Text(text) => text.clone(),
            Self::Boolean(yes) => yes.to_string(),
        }
    }

    /// The number, if it is one.
    pub fn as_integer(&self) -> Option<i64> {
        if let Self::Integer(number) = self { Some(*number) } else { None }
    }

    /// The text, if it is one.
    pub fn as_text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// The truth value, if it is one.
    pub fn as_boolean(&self) -> Option<bool> {
        if let Self::Boolean(yes) = self { Some(*yes) } else { None }
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}

impl From<bool> for Value {
    fn from(yes: bool) -> Self {
        Self::Boolean(yes)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<Date> for Value {
    fn from(date: Date) -> Self {
        Self::Date(date)
    }
}

/// What a whole number counts (单位).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unit {
    /// 分: a hundredth of a yuan.
    Fen,
    /// Parts per million: 10,000 is one per cent.
    Ppm,
    /// Billionths a year: the unit of contract rates.
    E9,
    /// Basis points.
    Bp,
    /// Calendar days.
    Days,
    /// Working days.
    WorkingDays,
    /// Calendar months.
    Months,
    /// Calendar years.
    Years,
    /// Minutes, of a duration or since midnight.
    Minutes,
    /// A plain count.
    Count,
}

impl Unit {
    const ALL: [(&'static str, Unit); 10] = [
        ("fen", Self::Fen),
        ("ppm", Self::Ppm),
        ("e9", Self::E9),
        ("bp", Self::Bp),
        ("days", Self::Days),
        ("working_days", Self::WorkingDays),
        ("months", Self::Months),
        ("years", Self::Years),
        ("minutes", Self::Minutes),
        ("count", Self::Count),
    ];

    /// The unit by its name in a pack.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().find(|(name, _)| *name == text).map(|(_, unit)| *unit)
    }

    /// Its name in a pack.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, unit)| *unit == self).map_or("count", |(name, _)| name)
    }
}

/// The type of a fact, an input or an output (类型).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum FactType {
    /// A whole number of a unit inside a domain: the values that can occur. The check for gaps looks no further.
    Integer {
        /// What it counts.
        unit: Unit,
        /// The least value that can occur.
        min: i64,
        /// The greatest value that can occur.
        max: i64,
    },
    /// A date.
    Date,
    /// Any text.
    Text,
    /// Yes or no.
    Boolean,
    /// One of a list of texts.
    OneOf {
        /// The allowed values, in order.
        values: Vec<String>,
        /// Whether the order means something: from the mildest to the worst.
        ordered: bool,
    },
}

impl FactType {
    /// A whole number of any size.
    pub fn integer(unit: Unit) -> Self {
        Self::Integer { unit, min: i64::MIN, max: i64::MAX }
    }

    /// A whole number that is never negative.
    pub fn natural(unit: Unit) -> Self {
        Self::Integer { unit, min: 0, max: i64::MAX }
    }

    /// One of these texts, in no particular order.
    pub fn one_of(values: &[&str]) -> Self {
        Self::OneOf { values: values.iter().map(|value| (*value).to_owned()).collect(), ordered: false }
    }

    /// Reads a type as a pack writes it: `days`, `days 0..`, `ppm 0..1000000`, `date`, `text`, `boolean`,
    /// `mortgage|pledge`, or from the mildest to the worst `normal<special_mention<loss`.
    ///
    /// # Errors
    /// [`ProblemKind::Unreadable`] when it is none of these.
    pub fn parse(text: &str) -> Result<Self, ProblemKind> {
        let unreadable = |detail: &str| ProblemKind::Unreadable { found: text.to_owned(), detail: detail.to_owned() };
        let text = text.trim();
        match text {
            "date" => return Ok(Self::Date),
            "text" => return Ok(Self::Text),
            "boolean" => return Ok(Self::Boolean),
            _ => {}
        }
        for (mark, ordered) in [('<', true), ('|', false)] {
            if text.contains(mark) {
                let values: Vec<String> = text.split(mark).map(|value| value.trim().to_owned()).collect();
                let unique: std::collections::BTreeSet<&String> = values.iter().collect();
                if values.iter().any(String::is_empty) || unique.len() != values.len() {
                    return Err(unreadable("the list of values has an empty or repeated one"));
                }
                return Ok(Self::OneOf { values, ordered });
            }
        }
        let (unit, domain) = text.split_once(' ').unwrap_or((text, ".."));
        let unit = Unit::parse(unit).ok_or_else(|| unreadable("no such unit or type"))?;
        let (min, max) =
            domain.trim().split_once("..").ok_or_else(|| unreadable("a domain is written 0.. or 0..100"))?;
        let bound = |bound: &str, open: i64| -> Result<i64, ProblemKind> {
            if bound.is_empty() { Ok(open) } else { parse_integer(bound, unit) }
        };
        let (min, max) = (bound(min, i64::MIN)?, bound(max, i64::MAX)?);
        if min > max {
            return Err(unreadable("the domain is empty"));
        }
        Ok(Self::Integer { unit, min, max })
    }

    /// As a pack writes it.
    pub fn to_text(&self) -> String {
        match self {
            Self::Integer { unit, min, max } => {
                let bound = |value: i64, open: i64| if value == open { String::new() } else { value.to_string() };
                let (low, high) = (bound(*min, i64::MIN), bound(*max, i64::MAX));
                if low.is_empty() && high.is_empty() {
                    unit.name().to_owned()
                } else {
                    format!("{} {low}..{high}", unit.name())
                }
            }
            Self::Date => "date".to_owned(),
            Self::Text => "text".to_owned(),
            Self::Boolean => "boolean".to_owned(),
            Self::OneOf { values, ordered } => values.join(if *ordered { "<" } else { "|" }),
        }
    }

    /// Reads a plain literal of this type: `30`, `2.5%` of ppm, `200000元` of fen, `2026-08-01`, `true`, a word.
    ///
    /// # Errors
    /// [`ProblemKind::WrongType`], [`ProblemKind::FloatingPoint`] or [`ProblemKind::NotAllowed`].
    pub fn parse_literal(&self, text: &str) -> Result<Value, ProblemKind> {
        let wrong = || ProblemKind::WrongType { expected: self.to_text(), found: text.to_owned() };
        match self {
            Self::Integer { unit, min, max } => {
                let number = parse_integer(text, *unit)?;
                if number < *min || number > *max {
                    return Err(ProblemKind::NotAllowed { found: text.to_owned(), allowed: self.to_text() });
                }
                Ok(Value::Integer(number))
            }
            Self::Date => parse_date(text).map(Value::Date).ok_or_else(wrong),
            Self::Text => Ok(Value::Text(text.to_owned())),
            Self::Boolean if text.eq_ignore_ascii_case("true") => Ok(Value::Boolean(true)),
            Self::Boolean if text.eq_ignore_ascii_case("false") => Ok(Value::Boolean(false)),
            Self::Boolean => Err(wrong()),
            Self::OneOf { .. } => self.admit(Value::Text(text.to_owned())),
        }
    }

    /// Lets a value pass if it is of this type.
    ///
    /// # Errors
    /// [`ProblemKind::WrongType`] or [`ProblemKind::NotAllowed`] (a text outside the list, a number outside the domain).
    pub fn admit(&self, value: Value) -> Result<Value, ProblemKind> {
        let fits = match (self, &value) {
            (Self::Integer { min, max, .. }, Value::Integer(number)) => {
                if number < min || number > max {
                    return Err(ProblemKind::NotAllowed { found: value.to_text(), allowed: self.to_text() });
                }
                true
            }
            (Self::OneOf { values, .. }, Value::Text(text)) => {
                if !values.contains(text) {
                    return Err(ProblemKind::NotAllowed { found: text.clone(), allowed: values.join("|") });
                }
                true
            }
            (Self::Date, Value::Date(_)) | (Self::Text, Value::Text(_)) | (Self::Boolean, Value::Boolean(_)) => true,
            _ => false,
        };
        if fits { Ok(value) } else { Err(ProblemKind::WrongType { expected: self.to_text(), found: value.to_text() }) }
    }

    /// Reads a value of this type from JSON.
    ///
    /// # Errors
    /// As [`FactType::admit`]; a number with a fraction is [`ProblemKind::FloatingPoint`].
    pub fn parse_json(&self, json: &Json) -> Result<Value, ProblemKind> {
        let value = match (self, json) {
            (_, Json::Number(number)) => {
                Value::Integer(number.as_i64().ok_or_else(|| ProblemKind::FloatingPoint { found: number.to_string() })?)
            }
            (Self::Date, Json::String(text)) => parse_date(text)
                .map(Value::Date)
                .ok_or_else(|| ProblemKind::WrongType { expected: self.to_text(), found: text.clone() })?,
            (_, Json::String(text)) => Value::Text(text.clone()),
            (_, Json::Bool(yes)) => Value::Boolean(*yes),
            (_, other) => {
                return Err(ProblemKind::WrongType { expected: self.to_text(), found: other.to_string() });
            }
        };
        self.admit(value)
    }

    /// Whether values of the two types can be compared.
    pub fn comparable(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Integer { unit: a, .. }, Self::Integer { unit: b, .. }) => a == b,
            (Self::Date, Self::Date) | (Self::Boolean, Self::Boolean) => true,
            (Self::Text | Self::OneOf { .. }, Self::Text | Self::OneOf { .. }) => true,
            _ => false,
        }
    }
}

/// Reads a whole number of a unit; per cent for ppm and e9, 元 and 万元 for fen are scaled exactly.
pub(crate) fn parse_integer(text: &str, unit: Unit) -> Result<i64, ProblemKind> {
    let wrong = || ProblemKind::WrongType { expected: unit.name().to_owned(), found: text.to_owned() };
    let (digits, scale) = match unit {
        Unit::Ppm => text.strip_suffix('%').map_or((text, 1), |digits| (digits, 10_000)),
        Unit::E9 => text.strip_suffix('%').map_or((text, 1), |digits| (digits, 10_000_000)),
        Unit::Fen => match text.strip_suffix("万元") {
            Some(digits) => (digits, 1_000_000),
            None => text.strip_suffix('元').map_or((text, 1), |digits| (digits, 100)),
        },
        _ => (text, 1),
    };
    scaled(digits.trim(), scale)
        .map_err(|fraction| if fraction { ProblemKind::FloatingPoint { found: text.to_owned() } } else { wrong() })
}

/// `digits` × `scale` exactly; `Err(true)` when a fraction is left, `Err(false)` when it is no number or too large.
fn scaled(digits: &str, scale: i64) -> Result<i64, bool> {
    let negative = digits.starts_with('-');
    let digits = digits.strip_prefix('-').unwrap_or(digits);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !all_digits(whole) || !all_digits(fraction) || (digits.contains('.') && fraction.is_empty())
    {
        return Err(digits.contains(['e', 'E']) && digits.parse::<f64>().is_ok());
    }
    let mut result = whole.parse::<i128>().map_err(|_| false)?.checked_mul(i128::from(scale)).ok_or(false)?;
    let mut step = i128::from(scale);
    for digit in fraction.bytes() {
        if step % 10 != 0 {
            return if digit == b'0' { continue } else { Err(true) };
        }
        step /= 10;
        result += step * i128::from(digit - b'0');
    }
    i64::try_from(if negative { -result } else { result }).map_err(|_| false)
}

/// Reads `2026-08-01`, or `2026/8/1` as a spreadsheet writes it back.
pub(crate) fn parse_date(text: &str) -> Option<Date> {
    if let Ok(date) = text.parse::<Date>() {
        // Only the plain form: jiff would also take a date with a time behind it.
        return (text.len() == 10).then_some(date);
    }
    let mut parts = text.split('/');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn numbers_are_scaled_exactly_or_refused() {
        assert_eq!(parse_integer("24%", Unit::Ppm), Ok(240_000));
        assert_eq!(parse_integer("0.0125%", Unit::Ppm), Ok(125));
        assert_eq!(parse_integer("20万元", Unit::Fen), Ok(20_000_000));
        assert_eq!(parse_integer("-12.50元", Unit::Fen), Ok(-1_250));
        for bad in ["30.5", "1e3", "2.5"] {
            assert_eq!(parse_integer(bad, Unit::Days).map_err(|kind| kind.code()), Err("floating_point"), "{bad}");
        }
        for bad in ["", "-", "thirty", "9223372036854775808", "1.", ".5"] {
            assert_eq!(parse_integer(bad, Unit::Days).map_err(|kind| kind.code()), Err("wrong_type"), "{bad}");
        }
        assert_eq!(parse_integer("1.00", Unit::Days), Ok(1));
    }

    #[test]
    fn dates_are_read_as_people_and_spreadsheets_write_them() {
        assert_eq!(parse_date("2026-08-01"), Some(date(2026, 8, 1)));
        assert_eq!(parse_date("2026/8/1"), Some(date(2026, 8, 1)));
        assert_eq!(parse_date("2026-02-30"), None);
        assert_eq!(parse_date("2026-08-01T10:00"), None);
    }

    #[test]
    fn types_are_written_and_read_alike() {
        for text in ["days", "days 0..", "ppm 0..1000000", "date", "text", "boolean", "a|b", "mild<bad<worst"] {
            assert_eq!(FactType::parse(text).map(|kind| kind.to_text()), Ok(text.to_owned()));
        }
        for bad in ["float", "days 5", "a||b", "a<a", "days 9..1"] {
            assert!(FactType::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_fraction_in_json_is_refused() {
        let kind = FactType::natural(Unit::Days);
        assert_eq!(kind.parse_json(&serde_json::json!(30)), Ok(Value::Integer(30)));
        assert_eq!(kind.parse_json(&serde_json::json!(30.0)).map_err(|kind| kind.code()), Err("floating_point"));
        assert_eq!(kind.parse_json(&serde_json::json!(-1)).map_err(|kind| kind.code()), Err("not_allowed"));
        assert_eq!(kind.parse_json(&serde_json::json!("30")).map_err(|kind| kind.code()), Err("wrong_type"));
    }
}
