//! Identity numbers (证件号码) and how they are checked. Pure.
//!
//! The kind of document is a field, never guessed from digits; an unknown division code is no error.

use jiff::civil::Date;
use platform::error::FieldError;
use platform::stored_as_text;

/// Which document identifies a customer (证件类型).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum IdentityKind {
    /// 居民身份证, 18 characters (GB 11643-1999); also residence permits of the same form.
    ResidentId,
    /// 第一代居民身份证, 15 digits; withdrawn 2013, kept as history.
    OldResidentId,
    /// 统一社会信用代码 (GB 32100-2015).
    SocialCreditCode,
    /// 护照.
    Passport,
    /// 港澳居民来往内地通行证.
    HkMacaoPermit,
    /// 台湾居民来往大陆通行证.
    TaiwanPermit,
    /// 外国人永久居留身份证.
    ForeignResident,
    /// 其他证件.
    Other,
    /// The book has none.
    None,
}

impl IdentityKind {
    /// Every kind.
    pub const ALL: [Self; 9] = [
        Self::ResidentId,
        Self::OldResidentId,
        Self::SocialCreditCode,
        Self::Passport,
        Self::HkMacaoPermit,
        Self::TaiwanPermit,
        Self::ForeignResident,
        Self::Other,
        Self::None,
    ];

    /// Its name in data.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ResidentId => "resident-id",
            Self::OldResidentId => "old-resident-id",
            Self::SocialCreditCode => "social-credit-code",
            Self::Passport => "passport",
            Self::HkMacaoPermit => "hk-macao-permit",
            Self::TaiwanPermit => "taiwan-permit",
            Self::ForeignResident => "foreign-resident",
            Self::Other => "other",
            Self::None => "none",
        }
    }

    /// Reads its name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.as_str() == text)
    }
}

stored_as_text!(IdentityKind, "kind of identity document");

/// A checked identity number (证件号码): the document's kind and its normalised number.
#[derive(Clone, PartialEq, Eq)]
pub struct IdentityNo {
    kind: IdentityKind,
    number: String,
}

/// Never shows the number.
impl std::fmt::Debug for IdentityNo {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "IdentityNo({:?}, {} characters)", self.kind, self.number.len())
    }
}

/// Why a number is not one of its kind.
///
/// Rule `customer.identity.check`. Source: GB 11643-1999, GB 32100-2015.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdentityError {
    /// Wrong number of characters.
    #[error("the number has {found} characters, {expected} are needed")]
    Length {
        /// How many there must be.
        expected: usize,
        /// How many there are.
        found: usize,
    },
    /// A character that cannot stand there.
    #[error("character {position} cannot stand in such a number")]
    Character {
        /// Counted from 1.
        position: usize,
    },
    /// The birth date does not exist.
    #[error("the birth date in the number does not exist")]
    BirthDate,
    /// The last character does not fit the others.
    #[error("the check character does not fit the others")]
    Checksum,
}

impl IdentityError {
    /// The message id.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Length { .. } => "identity-length",
            Self::Character { .. } => "identity-character",
            Self::BirthDate => "identity-birth-date",
            Self::Checksum => "identity-checksum",
        }
    }

    /// As what is wrong with a field of a form.
    pub fn about(&self, field: &'static str) -> FieldError {
        let about = FieldError::new(field, self.code());
        match self {
            Self::Length { expected, found } => about.with("expected", expected).with("found", found),
            Self::Character { position } => about.with("position", position),
            Self::BirthDate | Self::Checksum => about,
        }
    }
}

impl IdentityNo {
    /// Normalises (full-width and lower-case characters, spaces, hyphens) and checks a number.
    ///
    /// ```
    /// use customers::identity::{IdentityError, IdentityKind, IdentityNo};
    /// assert!(IdentityNo::parse(IdentityKind::ResidentId, "11010519491231002x").is_ok());
    /// assert_eq!(IdentityNo::parse(IdentityKind::ResidentId, "110105194912310021"), Err(IdentityError::Checksum));
    /// ```
    pub fn parse(kind: IdentityKind, text: &str) -> Result<Self, IdentityError> {
        let number = normalise(text);
        match kind {
            IdentityKind::ResidentId => check_resident(&number)?,
            IdentityKind::OldResidentId => check_old_resident(&number)?,
            IdentityKind::SocialCreditCode => check_credit_code(&number)?,
            IdentityKind::Passport
            | IdentityKind::HkMacaoPermit
            | IdentityKind::TaiwanPermit
            | IdentityKind::ForeignResident
            | IdentityKind::Other => {
                if number.is_empty() {
                    return Err(IdentityError::Length { expected: 1, found: 0 });
                }
            }
            IdentityKind::None => {
                if !number.is_empty() {
                    return Err(IdentityError::Length { expected: 0, found: number.len() });
                }
            }
        }
        Ok(Self { kind, number })
    }

    /// The document's kind.
    pub fn kind(&self) -> IdentityKind {
        self.kind
    }

    /// The normalised number. Personal data: only for sealing, comparing and a reveal.
    pub fn expose(&self) -> &str {
        &self.number
    }

    /// The form by which the same person is found whatever the document says: a 15-digit number stands for the
    /// 18-digit one of the same person (GB 11643-1999: century 19, the check character added).
    pub fn across_files(&self) -> String {
        match self.kind {
            IdentityKind::OldResidentId => lengthen(&self.number).unwrap_or_else(|| self.number.clone()),
            IdentityKind::ResidentId
            | IdentityKind::SocialCreditCode
            | IdentityKind::Passport
            | IdentityKind::HkMacaoPermit
            | IdentityKind::TaiwanPermit
            | IdentityKind::ForeignResident
            | IdentityKind::Other
            | IdentityKind::None => self.number.clone(),
        }
    }

    /// The birth date inside a resident number.
    pub fn born_on(&self) -> Option<Date> {
        match self.kind {
            IdentityKind::ResidentId => date_of(self.number.get(6..14)?),
            IdentityKind::OldResidentId => date_of(&format!("19{}", self.number.get(6..12)?)),
            IdentityKind::SocialCreditCode
            | IdentityKind::Passport
            | IdentityKind::HkMacaoPermit
            | IdentityKind::TaiwanPermit
            | IdentityKind::ForeignResident
            | IdentityKind::Other
            | IdentityKind::None => None,
        }
    }
}

fn normalise(text: &str) -> String {
    text.chars()
        .filter_map(|c| match c {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0),
            ' ' | '\u{3000}' | '\u{a0}' | '-' | '\t' => None,
            other => Some(other),
        })
        .flat_map(char::to_uppercase)
        .collect()
}

fn date_of(digits: &str) -> Option<Date> {
    let part = |range: std::ops::Range<usize>| digits.get(range)?.parse::<i16>().ok();
    Date::new(part(0..4)?, i8::try_from(part(4..6)?).ok()?, i8::try_from(part(6..8)?).ok()?).ok()
}

fn of_length(number: &str, expected: usize) -> Result<(), IdentityError> {
    let found = number.chars().count();
    if found == expected { Ok(()) } else { Err(IdentityError::Length { expected, found }) }
}

const RESIDENT_WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const RESIDENT_CHECKS: &[u8] = b"10X98765432";

/// The check character of the first 17 digits.
fn resident_check(digits: &str) -> Result<u8, IdentityError> {
    let mut sum = 0;
    for (i, (c, weight)) in digits.chars().zip(RESIDENT_WEIGHTS).enumerate() {
        sum += weight * c.to_digit(10).ok_or(IdentityError::Character { position: i + 1 })?;
    }
    RESIDENT_CHECKS.get((sum % 11) as usize).copied().ok_or(IdentityError::Checksum)
}

/// 15 digits as the 18 of the same person.
fn lengthen(old: &str) -> Option<String> {
    let digits = format!("{}19{}", old.get(..6)?, old.get(6..)?);
    let check = resident_check(&digits).ok()?;
    Some(digits + &char::from(check).to_string())
}

/// GB 11643-1999: 17 digits and a check character, weights 2^(18-i) mod 11.
fn check_resident(number: &str) -> Result<(), IdentityError> {
    of_length(number, 18)?;
    let check = resident_check(number)?;
    let last = number.as_bytes().last().copied().unwrap_or_default();
    if !last.is_ascii_digit() && last != b'X' {
        return Err(IdentityError::Character { position: 18 });
    }
    if number.get(6..14).and_then(date_of).is_none() {
        return Err(IdentityError::BirthDate);
    }
    if check == last { Ok(()) } else { Err(IdentityError::Checksum) }
}

/// 15 digits: division, yymmdd, sequence; no check character.
fn check_old_resident(number: &str) -> Result<(), IdentityError> {
    of_length(number, 15)?;
    if let Some(i) = number.chars().position(|c| !c.is_ascii_digit()) {
        return Err(IdentityError::Character { position: i + 1 });
    }
    let born = number.get(6..12).and_then(|d| date_of(&format!("19{d}")));
    if born.is_some() { Ok(()) } else { Err(IdentityError::BirthDate) }
}

/// GB 32100-2015: 31-character alphabet, weights 3^i mod 31.
fn check_credit_code(number: &str) -> Result<(), IdentityError> {
    const ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    const WEIGHTS: [usize; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
    of_length(number, 18)?;
    let values = number
        .chars()
        .enumerate()
        .map(|(i, c)| ALPHABET.find(c).ok_or(IdentityError::Character { position: i + 1 }))
        .collect::<Result<Vec<usize>, _>>()?;
    let sum: usize = values.iter().zip(WEIGHTS).map(|(value, weight)| value * weight).sum();
    if values.last() == Some(&((31 - sum % 31) % 31)) { Ok(()) } else { Err(IdentityError::Checksum) }
}

/// Luhn's check of a bank card (银行卡): a failure is a warning only, some old accounts do not follow it.
pub fn passes_luhn(digits: &str) -> bool {
    let mut sum = 0;
    for (i, c) in digits.chars().rev().enumerate() {
        let Some(d) = c.to_digit(10) else { return false };
        let doubled = if i % 2 == 1 { d * 2 } else { d };
        sum += if doubled > 9 { doubled - 9 } else { doubled };
    }
    !digits.is_empty() && sum % 10 == 0
}

/// A mobile phone (手机号): eleven digits, 13… to 19…; spaces, hyphens and a leading +86 are dropped.
pub fn normalise_phone(text: &str) -> Option<String> {
    let digits = normalise(text);
    let digits = digits.strip_prefix("+86").unwrap_or(&digits);
    let mobile = digits.len() == 11
        && digits.starts_with('1')
        && !digits.starts_with("10")
        && !digits.starts_with("11")
        && !digits.starts_with("12");
    let fixed = digits.len() >= 10 && digits.len() <= 12 && digits.starts_with('0');
    ((mobile || fixed) && digits.chars().all(|c| c.is_ascii_digit())).then(|| digits.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_numbers_pass_and_any_changed_digit_fails() {
        let good = "11010519491231002X";
        assert!(IdentityNo::parse(IdentityKind::ResidentId, good).is_ok());
        for i in 0..17 {
            let mut digits: Vec<u8> = good.bytes().collect();
            digits[i] = b'0' + (digits[i] - b'0' + 1) % 10;
            let changed = String::from_utf8(digits).unwrap();
            assert!(IdentityNo::parse(IdentityKind::ResidentId, &changed).is_err(), "{changed}");
        }
        assert!(IdentityNo::parse(IdentityKind::SocialCreditCode, "91350100M000100Y43").is_ok());
        assert_eq!(
            IdentityNo::parse(IdentityKind::SocialCreditCode, "91350100M000100Y44"),
            Err(IdentityError::Checksum)
        );
    }

    #[test]
    fn each_complaint_names_its_place() {
        let cases = [
            (IdentityKind::ResidentId, "1101051949123100", IdentityError::Length { expected: 18, found: 16 }),
            (IdentityKind::ResidentId, "11010519491A31002X", IdentityError::Character { position: 12 }),
            (IdentityKind::ResidentId, "110105194902300029", IdentityError::BirthDate),
            (IdentityKind::OldResidentId, "110105491331002", IdentityError::BirthDate),
            (IdentityKind::SocialCreditCode, "91350100M000100Y4I", IdentityError::Character { position: 18 }),
            (IdentityKind::Passport, " ", IdentityError::Length { expected: 1, found: 0 }),
        ];
        for (kind, text, error) in cases {
            assert_eq!(IdentityNo::parse(kind, text), Err(error), "{text}");
        }
    }

    #[test]
    fn full_width_lower_case_and_spaces_are_normalised() {
        let no = IdentityNo::parse(IdentityKind::ResidentId, " 110105 19491231 002ｘ").unwrap();
        assert_eq!(no.expose(), "11010519491231002X");
        assert_eq!(no.born_on().unwrap().to_string(), "1949-12-31");
        assert!(!format!("{no:?}").contains("1949"), "debug output never shows it");
    }

    #[test]
    fn the_old_number_of_a_person_meets_the_new_one() {
        let old = IdentityNo::parse(IdentityKind::OldResidentId, "110105491231002").unwrap();
        let new = IdentityNo::parse(IdentityKind::ResidentId, "11010519491231002X").unwrap();
        assert_eq!(old.across_files(), new.across_files());
        assert_eq!(old.expose(), "110105491231002", "the document keeps its own number");
    }

    #[test]
    fn phones_and_cards() {
        assert_eq!(normalise_phone("+86 138-0000-0001").as_deref(), Some("13800000001"));
        assert_eq!(normalise_phone("0512-66660000").as_deref(), Some("051266660000"));
        assert_eq!(normalise_phone("12800000001"), None);
        assert!(passes_luhn("4111111111111111"));
        assert!(!passes_luhn("4111111111111112"));
    }
}
