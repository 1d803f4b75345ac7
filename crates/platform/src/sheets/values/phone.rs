//! Phone numbers in one spelling.

use super::decimal::Decimal;
use super::text::squeeze;
use crate::sheets::grid::{Cell, Value};

/// Why a cell is not a phone number (电话无法读取).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PhoneError {
    /// Nothing there.
    Missing,
    /// Neither a mobile number nor a fixed line.
    Unreadable,
}

/// Reads a mobile number as 11 digits or a fixed line as area code and number; the country code 86 is dropped.
///
/// Operator prefixes are not checked: new ones appear every year.
pub fn parse_phone(cell: Option<&Cell>) -> Result<String, PhoneError> {
    let Some(cell) = cell.filter(|cell| !cell.is_blank()) else { return Err(PhoneError::Missing) };
    let text = match &cell.value {
        Value::Text(text) => squeeze(text),
        Value::Number(number) => {
            let whole = Decimal::of_double(*number).and_then(Decimal::whole).ok_or(PhoneError::Unreadable)?;
            whole.to_string()
        }
        Value::Empty | Value::Date(_) | Value::Bool(_) | Value::Error(_) => return Err(PhoneError::Unreadable),
    };
    // Two numbers in one cell: the first is taken.
    let first = text.split(['/', '、', ',', ';']).next().unwrap_or(&text);
    let digits: String = first.chars().filter(|c| !matches!(c, '-' | '(' | ')' | '.')).collect();
    let digits = digits.strip_prefix("+86").or_else(|| digits.strip_prefix("0086")).unwrap_or(&digits);
    let digits = if digits.len() == 13 { digits.strip_prefix("86").unwrap_or(digits) } else { digits };
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(PhoneError::Unreadable);
    }
    let mobile = digits.len() == 11 && digits.starts_with('1') && digits.as_bytes()[1] >= b'3';
    let fixed = matches!(digits.len(), 10..=12) && digits.starts_with('0') || matches!(digits.len(), 7 | 8);
    if mobile || fixed { Ok(digits.to_owned()) } else { Err(PhoneError::Unreadable) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phones_are_read_in_every_local_spelling() {
        for (written, expected) in [
            ("199-0900-0001", Some("19909000001")),
            ("199 0800 0002", Some("19908000002")),
            ("+86 199 0000 0031", Some("19900000031")),
            ("8619900000031", Some("19900000031")),
            ("１９９００００００３１", Some("19900000031")),
            ("0575-8712 3456", Some("057587123456")),
            ("19900000031/19900000032", Some("19900000031")),
            ("无", None),
            ("12345678901", None),
        ] {
            let cell = Cell { column: 1, value: Value::Text(written.into()), formula: None, percent: false };
            assert_eq!(parse_phone(Some(&cell)).ok().as_deref(), expected, "{written}");
        }
        let stored = Cell { column: 1, value: Value::Number(19_904_000_003.0), formula: None, percent: false };
        assert_eq!(parse_phone(Some(&stored)).as_deref(), Ok("19904000003"));
    }
}
