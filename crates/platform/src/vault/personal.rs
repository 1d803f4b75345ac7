//! What can be sealed (个人信息): identity numbers, phones, bank accounts, and how each is masked.

use std::fmt;

use zeroize::Zeroizing;

/// A kind of personal data.
pub trait Personal: Sized {
    /// Its name: part of the blind index.
    const KIND: &'static str;
    /// The audit trail's name for a reveal.
    const REVEALED: &'static str;
    /// Whether only the contact gate reveals it.
    const GATED: bool = false;

    /// The value in clear.
    fn clear(&self) -> &str;
    /// From the value in clear.
    fn from_clear(text: String) -> Self;
    /// One form for all ways of writing the same value.
    fn normalise(text: &str) -> String;
    /// What may be shown to anybody who may see the record.
    fn masked(&self) -> String;

    /// The last four signs, for search.
    fn last_digits(&self) -> String {
        let normal = Self::normalise(self.clear());
        let skip = normal.chars().count().saturating_sub(4);
        normal.chars().skip(skip).collect()
    }
}

macro_rules! personal {
    ($name:ident, $doc:literal, $kind:literal, $head:literal, $tail:literal, $gated:literal) => {
        #[doc = $doc]
        #[derive(Clone, PartialEq, Eq)]
        pub struct $name(Zeroizing<String>);

        impl Personal for $name {
            const KIND: &'static str = $kind;
            const REVEALED: &'static str = concat!("personal.reveal.", $kind);
            const GATED: bool = $gated;

            fn clear(&self) -> &str {
                &self.0
            }

            fn from_clear(text: String) -> Self {
                Self(Zeroizing::new(text))
            }

            fn normalise(text: &str) -> String {
                plain(text)
            }

            fn masked(&self) -> String {
                mask(&plain(&self.0), $head, $tail)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }
    };
}

personal!(Identity, "The number of an identity document (证件号码); masked 3 + 4.", "identity", 3, 4, false);
personal!(Phone, "A phone number (电话); masked 3 + 4; revealed only through the contact gate.", "phone", 3, 4, true);
personal!(BankAccount, "A bank account or card (银行账号); masked 6 + 4.", "account", 6, 4, false);

/// Capital letters and digits only; full-width signs become plain ones, so that one number has one form.
fn plain(text: &str) -> String {
    text.chars()
        .map(|c| match u32::from(c) {
            code @ 0xFF01..=0xFF5E => char::from_u32(code - 0xFEE0).unwrap_or(c),
            _ => c,
        })
        .filter(|c| c.is_alphanumeric() || *c == '+')
        .flat_map(char::to_uppercase)
        .collect()
}

/// Keeps the head and the tail; a value too short for both keeps only its last sign.
fn mask(text: &str, head: usize, tail: usize) -> String {
    let all: Vec<char> = text.chars().collect();
    let (head, tail) = if all.len() > head + tail { (head, tail) } else { (0, 1.min(all.len().saturating_sub(1))) };
    let stars = all.len() - head - tail;
    let kept_tail = &all[all.len() - tail..];
    all[..head].iter().copied().chain(std::iter::repeat_n('*', stars)).chain(kept_tail.iter().copied()).collect()
}

/// A text that repeats what somebody typed, with what may be an identity number or a mobile number masked in it.
///
/// A number is taken for one by its form alone: eighteen signs with a year in the middle, or eleven from 13 to 19.
#[must_use]
pub fn mask_numbers(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let (before, from) = rest.split_at(start);
        let digits = from.bytes().take_while(u8::is_ascii_digit).count();
        let letter = digits == 17 && from[digits..].starts_with(['x', 'X']);
        let (number, after) = from.split_at(digits + usize::from(letter));
        out.push_str(before);
        match number.as_bytes() {
            [b'1', b'3'..=b'9', ..] if number.len() == 11 => out.push_str(&mask(number, 3, 4)),
            [_, _, _, _, _, _, b'1' | b'2', b'0' | b'8' | b'9', ..] if number.len() == 18 => {
                out.push_str(&mask(number, 3, 4));
            }
            _ => out.push_str(number),
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

/// A mailbox of which its first sign and its house stay: `liang@example.test` → `l***@example.test`.
#[must_use]
pub fn mask_mailbox(mailbox: &str) -> String {
    let (name, house) = mailbox.split_once('@').unwrap_or((mailbox, ""));
    let first: String = name.chars().take(1).collect();
    format!("{first}***@{house}")
}

/// A text that repeats what somebody else said, with every mailbox masked in it.
#[must_use]
pub fn mask_mailboxes(text: &str) -> String {
    let is_part = |c: char| c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c);
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('@') {
        let (name, house) = rest.split_at(at);
        let start = name.rfind(|c| !is_part(c)).map_or(0, |i| i + name[i..].chars().next().map_or(1, char::len_utf8));
        out.push_str(&name[..start]);
        match name[start..].chars().next() {
            Some(first) => {
                out.push(first);
                out.push_str("***@");
            }
            None => out.push('@'),
        }
        rest = &house[1..];
    }
    out.push_str(rest);
    out
}

/// A name with its last sign only where a list is seen by others: 张三 → *三; 欧阳小明 → ***明; Li Lei → L* L**.
#[must_use]
pub fn mask_name(name: &str) -> String {
    let latin = name.is_ascii();
    if latin {
        let word = |word: &str| {
            let mut letters = word.chars();
            let first: String = letters.next().into_iter().collect();
            first + &"*".repeat(letters.count())
        };
        return name.split_whitespace().map(word).collect::<Vec<_>>().join(" ");
    }
    let signs: Vec<char> = name.chars().filter(|c| !c.is_whitespace()).collect();
    match signs.split_last() {
        None => String::new(),
        Some((only, [])) => only.to_string(),
        Some((last, before)) => "*".repeat(before.len()) + &last.to_string(),
    }
}
