//! One-time passwords by time (TOTP, 动态口令): RFC 6238 over HMAC-SHA-1, six digits, thirty seconds. Pure.
//!
//! These are the values that every authenticator app takes; RFC 6238 (5.2) recommends the thirty seconds and at
//! most one step of tolerance each way.

use std::fmt;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha1::Sha1;
use zeroize::Zeroizing;

use crate::page::query_escape;
use crate::vault::Personal;

/// Seconds of a step.
const STEP: i64 = 30;
/// How many steps a device's clock may be off.
const TOLERANCE: i64 = 1;
/// Digits of a code.
const DIGITS: u32 = 6;
/// Bytes of a secret: as many as the digest has (RFC 4226, 4: R6 recommends 160 bits).
const SECRET_BYTES: usize = 20;
/// The alphabet of RFC 4648, 6.
const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// The secret that the device and the house share (动态口令密钥), as base 32.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Secret(Zeroizing<String>);

impl Secret {
    /// A new one.
    pub(super) fn new() -> Self {
        Self(Zeroizing::new(base32(&rand::random::<[u8; SECRET_BYTES]>())))
    }

    /// In groups of four, to be typed where no camera is at hand.
    pub(super) fn grouped(&self) -> String {
        let signs: Vec<char> = self.0.chars().collect();
        signs.chunks(4).map(|four| four.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
    }

    /// The address that an authenticator app reads from the picture.
    pub(super) fn address(&self, issuer: &str, login: &str) -> String {
        let issuer = query_escape(issuer);
        format!(
            "otpauth://totp/{issuer}:{}?secret={}&issuer={issuer}&algorithm=SHA1&digits={DIGITS}&period={STEP}",
            query_escape(login),
            *self.0
        )
    }

    /// The step whose code this is, at this second; a code of `last` or an earlier step was used before.
    pub(super) fn step_of(&self, code: &str, second: i64, last: i64) -> Option<i64> {
        let typed: String = code.chars().filter(|c| !c.is_whitespace()).collect();
        let now = second.div_euclid(STEP);
        let key = Zeroizing::new(unbase32(&self.0)?);
        (now - TOLERANCE..=now + TOLERANCE)
            .filter(|step| *step > last)
            .find(|step| crate::web::same(&code_at(&key, *step, DIGITS), &typed))
    }
}

/// What a device with this secret shows at this second: for tests, which have no device.
pub(crate) fn code_of(secret: &str, second: i64) -> Option<String> {
    Some(code_at(&unbase32(secret)?, second.div_euclid(STEP), DIGITS))
}

impl Personal for Secret {
    const KIND: &'static str = "totp";
    const REVEALED: &'static str = "personal.reveal.totp";

    fn clear(&self) -> &str {
        &self.0
    }

    fn from_clear(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    fn normalise(text: &str) -> String {
        text.to_owned()
    }

    fn masked(&self) -> String {
        "*".repeat(8)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// The value of RFC 4226, 5.3: the digest's last four bits say where its 31 bits are taken.
fn code_at(key: &[u8], step: i64, digits: u32) -> String {
    let mut mac = Hmac::<Sha1>::new_from_slice(key).expect("HMAC takes a key of any length");
    mac.update(&step.to_be_bytes());
    let digest: [u8; 20] = mac.finalize().into_bytes().into();
    let at = usize::from(digest[19] & 0xf);
    let four: [u8; 4] = digest[at..at + 4].try_into().expect("the offset is at most 15 of 20 bytes");
    let number = (u32::from_be_bytes(four) & 0x7fff_ffff) % 10_u32.pow(digits);
    let width = usize::try_from(digits).unwrap_or(0);
    format!("{number:0width$}")
}

fn base32(bytes: &[u8]) -> String {
    let (mut held, mut bits, mut out) = (0_u32, 0_u32, String::new());
    for byte in bytes {
        held = held << 8 | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            out.push(char::from(BASE32[usize::try_from(held >> bits & 31).unwrap_or(0)]));
        }
        held &= (1 << bits) - 1;
    }
    if bits > 0 {
        out.push(char::from(BASE32[usize::try_from(held << (5 - bits) & 31).unwrap_or(0)]));
    }
    out
}

fn unbase32(text: &str) -> Option<Vec<u8>> {
    let (mut held, mut bits, mut out) = (0_u32, 0_u32, Vec::new());
    for sign in text.bytes() {
        let value = BASE32.iter().position(|one| *one == sign)?;
        held = held << 5 | u32::try_from(value).ok()?;
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            out.push(u8::try_from(held >> bits & 0xff).ok()?);
            held &= (1 << bits) - 1;
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The key of the vectors, "12345678901234567890" in ASCII.
    const KEY: &[u8] = b"12345678901234567890";

    #[test]
    fn the_vectors_of_rfc_6238_hold() {
        // Appendix B, SHA-1, eight digits.
        let rows = [
            (59, "94287082"),
            (1_111_111_109, "07081804"),
            (1_111_111_111, "14050471"),
            (1_234_567_890, "89005924"),
            (2_000_000_000, "69279037"),
            (20_000_000_000, "65353130"),
        ];
        for (second, code) in rows {
            assert_eq!(code_at(KEY, second / STEP, 8), code, "{second}");
        }
    }

    #[test]
    fn the_vectors_of_rfc_4648_hold() {
        // Section 10, without the padding.
        let rows = [("f", "MY"), ("fo", "MZXQ"), ("foo", "MZXW6"), ("foob", "MZXW6YQ"), ("foobar", "MZXW6YTBOI")];
        for (clear, coded) in rows {
            assert_eq!(base32(clear.as_bytes()), coded);
            assert_eq!(unbase32(coded).unwrap(), clear.as_bytes());
        }
        assert_eq!(unbase32("0189"), None);
    }

    #[test]
    fn a_code_fits_one_step_each_way_and_only_once() {
        let secret = Secret::from_clear(base32(KEY));
        let code = code_of(secret.clear(), 59).unwrap();
        assert_eq!(code, "287082", "the last six of the vector");
        // second, last step taken → the step, if the code is taken
        let rows = [
            (59, 0, Some(1)),
            (29, 0, Some(1)),
            (0, 0, Some(1)),
            (60, 0, Some(1)),
            (89, 0, Some(1)),
            (90, 0, None),
            (59, 1, None),
            (59, 2, None),
        ];
        for (second, last, step) in rows {
            assert_eq!(secret.step_of(&code, second, last), step, "at {second} after {last}");
        }
        assert_eq!(secret.step_of("287 082", 59, 0), Some(1), "as apps show it");
        for wrong in ["", "287083", "28708", "2870822", "２８７０８２"] {
            assert_eq!(secret.step_of(wrong, 59, 0), None, "{wrong}");
        }
    }

    #[test]
    fn the_address_names_house_and_person_whatever_they_are_called() {
        let secret = Secret::from_clear("MZXW6YTB".to_owned());
        assert_eq!(
            secret.address("信守 A&B", "lin.jingyi"),
            "otpauth://totp/%E4%BF%A1%E5%AE%88%20A%26B:lin.jingyi?secret=MZXW6YTB&issuer=%E4%BF%A1%E5%AE%88%20A%26B\
             &algorithm=SHA1&digits=6&period=30"
        );
        assert_eq!(secret.grouped(), "MZXW 6YTB");
        assert_eq!(Secret::new().clear().len(), 32);
        assert_ne!(Secret::new(), Secret::new());
    }
}
