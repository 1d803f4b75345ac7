//! Identity numbers: checked by their own arithmetic, never by a list of divisions.

use jiff::civil::Date;

use super::text::squeeze;
use crate::sheets::grid::{Cell, Value};

/// The kind of a number (证件类型), as far as its form tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IdKind {
    /// 公民身份号码, GB 11643-1999.
    ResidentId,
    /// 统一社会信用代码, GB 32100-2015.
    Uscc,
}

/// An identity number as read (证件号码).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// Its kind.
    pub kind: IdKind,
    /// The number in its one spelling.
    pub number: String,
    /// Whether a withdrawn 15-digit number was turned into 18 digits.
    pub from_15_digits: bool,
    /// Whether a letter O was read as the digit 0.
    pub letter_o: bool,
}

/// Why a cell is not an identity number (证件号码有误).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IdError {
    /// Nothing there.
    Missing,
    /// Stored as a number: Excel keeps 15 digits, the rest is gone.
    LostDigits,
    /// The check character is wrong.
    Checksum {
        /// What it had to be.
        expected: char,
        /// What stands there.
        found: char,
    },
    /// The birth date inside is none.
    BirthDate,
    /// Neither 15 nor 18 characters of a known form.
    Form {
        /// How many characters there are.
        length: usize,
    },
}

/// Reads an identity number from a cell.
pub fn parse_identity(cell: Option<&Cell>) -> Result<Identity, IdError> {
    let Some(cell) = cell.filter(|cell| !cell.is_blank()) else { return Err(IdError::Missing) };
    match &cell.value {
        Value::Number(number) => parse_stored_number(*number),
        Value::Text(text) => parse_text(text),
        Value::Empty | Value::Date(_) | Value::Bool(_) | Value::Error(_) => Err(IdError::Form { length: 0 }),
    }
}

/// A number below 10^15 has all its digits (an old 15-digit number); above, the last ones are lost.
fn parse_stored_number(number: f64) -> Result<Identity, IdError> {
    let written = format!("{number:.0}");
    if number.fract() == 0.0 && written.len() == 15 {
        return parse_text(&written);
    }
    if written.len() > 15 { Err(IdError::LostDigits) } else { Err(IdError::Form { length: written.len() }) }
}

fn parse_text(text: &str) -> Result<Identity, IdError> {
    let text: String = squeeze(text).chars().filter(|c| !matches!(c, '-' | '\'' | '`' | '‘' | '’')).collect();
    let text = text.to_ascii_uppercase();
    // 3.20105E+17 typed or pasted as text: the digits are gone just the same.
    if let Some((mantissa, exponent)) = text.split_once("E+")
        && mantissa.chars().all(|c| c.is_ascii_digit() || c == '.')
        && exponent.chars().all(|c| c.is_ascii_digit())
    {
        return Err(IdError::LostDigits);
    }
    let length = text.chars().count();
    let digits = text.bytes().take(17).all(|b| b.is_ascii_digit());
    match length {
        15 if digits => resident_of_15(&text),
        18 if digits && text.bytes().last().is_some_and(|b| b.is_ascii_digit() || b == b'X') => {
            // A credit code of digits alone exists too: whichever check holds decides.
            resident(&text).or_else(|error| uscc(&text, false).map_err(|_| error))
        }
        18 if text.is_ascii() => {
            let mended: String = text.chars().map(|c| if c == 'O' { '0' } else { c }).collect();
            uscc(&mended, mended != text)
        }
        length => Err(IdError::Form { length }),
    }
}

fn resident(text: &str) -> Result<Identity, IdError> {
    let part = |from: usize, to: usize| text.get(from..to).and_then(|t| t.parse::<i16>().ok());
    let birth = match (part(6, 10), part(10, 12), part(12, 14)) {
        (Some(y), Some(m), Some(d)) => {
            i8::try_from(m).ok().zip(i8::try_from(d).ok()).and_then(|(m, d)| Date::new(y, m, d).ok())
        }
        _ => None,
    };
    if birth.is_none_or(|date| date.year() < 1800) {
        return Err(IdError::BirthDate);
    }
    let (expected, found) = (resident_check(text).unwrap_or('?'), text.chars().last().unwrap_or('?'));
    if expected != found {
        return Err(IdError::Checksum { expected, found });
    }
    Ok(Identity { kind: IdKind::ResidentId, number: text.to_owned(), from_15_digits: false, letter_o: false })
}

/// A 15-digit number (withdrawn 2013-01-01) has a two-digit year of the 20th century and no check character.
fn resident_of_15(text: &str) -> Result<Identity, IdError> {
    let body = format!("{}19{}", &text[..6], &text[6..]);
    let check = resident_check(&body).ok_or(IdError::Form { length: 15 })?;
    resident(&format!("{body}{check}")).map(|id| Identity { from_15_digits: true, ..id })
}

fn uscc(text: &str, letter_o: bool) -> Result<Identity, IdError> {
    let expected = uscc_check(text).ok_or(IdError::Form { length: text.len() })?;
    let found = text.chars().last().unwrap_or('?');
    if expected != found {
        return Err(IdError::Checksum { expected, found });
    }
    Ok(Identity { kind: IdKind::Uscc, number: text.to_owned(), from_15_digits: false, letter_o })
}

/// The check character of the first 17 digits. Source: GB 11643-1999, ISO 7064 MOD 11-2.
///
/// ```
/// use platform::sheets::values::resident_check;
/// assert_eq!(resident_check("11010519491231002"), Some('X'));
/// ```
pub fn resident_check(text: &str) -> Option<char> {
    let weights = [7u32, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let digits: Vec<u32> = text.chars().take(17).map(|c| c.to_digit(10)).collect::<Option<_>>()?;
    if digits.len() < 17 {
        return None;
    }
    let sum: u32 = digits.iter().zip(weights).map(|(digit, weight)| digit * weight).sum();
    "10X98765432".chars().nth(usize::try_from(sum % 11).ok()?)
}

/// The check character of the first 17 characters. Source: GB 32100-2015, weights 3^k mod 31.
///
/// ```
/// use platform::sheets::values::uscc_check;
/// assert_eq!(uscc_check("91350100M000100Y4"), Some('3'));
/// ```
pub fn uscc_check(text: &str) -> Option<char> {
    const ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    let mut weight = 1usize;
    let mut sum = 0usize;
    let mut count = 0;
    for c in text.chars().take(17) {
        sum += ALPHABET.find(c)? * weight;
        weight = weight * 3 % 31;
        count += 1;
    }
    if count < 17 {
        return None;
    }
    ALPHABET.chars().nth((31 - sum % 31) % 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(value: Value) -> Result<Identity, IdError> {
        parse_identity(Some(&Cell { column: 1, value, formula: None, percent: false }))
    }

    fn text(value: &str) -> Result<Identity, IdError> {
        read(Value::Text(value.into()))
    }

    #[test]
    fn numbers_with_a_right_check_are_read_in_one_spelling() {
        for (written, number) in [
            ("991716199204066459", "991716199204066459"),
            ("９９２０２１１９６６０７２８５９１２", "992021196607285912"),
            ("99092619701029756x", "99092619701029756X"),
            (" 991716 19920406 6459 ", "991716199204066459"),
            ("'991716199204066459", "991716199204066459"),
        ] {
            let id = text(written).unwrap();
            assert_eq!((id.kind, id.number.as_str()), (IdKind::ResidentId, number));
        }
        assert_eq!(text("91990776MAYN3FQK64").unwrap().kind, IdKind::Uscc);
    }

    #[test]
    fn an_old_number_gains_its_century_and_check() {
        let id = text("991622570405026").unwrap();
        assert_eq!((id.number.as_str(), id.from_15_digits), ("991622195704050262", true));
        assert_eq!(read(Value::Number(991_622_570_405_026.0)).unwrap(), id);
    }

    #[test]
    fn the_letter_o_in_a_credit_code_is_read_as_zero_only_when_the_check_then_holds() {
        let id = text("91990612MAYO07DR1N").unwrap();
        assert_eq!((id.number.as_str(), id.letter_o), ("91990612MAY007DR1N", true));
        assert!(matches!(text("91990612MAYO07DR1M"), Err(IdError::Checksum { .. })));
    }

    #[test]
    fn lost_digits_wrong_checks_and_other_forms_are_told_apart() {
        assert_eq!(read(Value::Number(9.908_291_974_111_3e17)), Err(IdError::LostDigits));
        assert_eq!(text("3.20105E+17"), Err(IdError::LostDigits));
        assert_eq!(
            text("990330196206304150"),
            Err(IdError::Checksum { expected: resident_check("99033019620630415").unwrap(), found: '0' })
        );
        assert_eq!(text("991716199213066459"), Err(IdError::BirthDate));
        assert_eq!(text("12345"), Err(IdError::Form { length: 5 }));
        assert_eq!(text(""), Err(IdError::Missing));
        assert!(read(Value::Bool(true)).is_err());
    }
}
