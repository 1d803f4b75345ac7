//! A mail as it is sent (RFC 5322, RFC 2045, RFC 2047): headers in ASCII, the words in UTF-8 under base 64. Pure.

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// The longest line of base 64.
const LINE: usize = 76;
/// Bytes of a title that one encoded word holds: 75 signs at most with its frame.
const WORD: usize = 42;

/// A mail (邮件).
pub(super) struct Mail<'a> {
    /// The mailbox that it comes from.
    pub from: &'a str,
    /// The mailbox that it goes to.
    pub to: &'a str,
    /// What it is about.
    pub subject: &'a str,
    /// What it says.
    pub text: &'a str,
    /// By which mail servers know it.
    pub key: &'a str,
    /// When it was sent.
    pub at: Timestamp,
}

impl Mail<'_> {
    /// The mail with its headers, lines ended by CR LF.
    pub fn whole(&self) -> String {
        let at = self.at.to_zoned(TimeZone::UTC).strftime("%a, %d %b %Y %H:%M:%S +0000").to_string();
        let house = self.from.split_once('@').map_or("localhost", |(_, house)| house);
        let head = format!(
            "From: <{}>\r\nTo: <{}>\r\nSubject: {}\r\nDate: {at}\r\nMessage-ID: <{}@{house}>\r\nAuto-Submitted: \
             auto-generated\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\
             Content-Transfer-Encoding: base64\r\n\r\n",
            self.from,
            self.to,
            words(self.subject),
            self.key
        );
        let body = base64(self.text.replace("\r\n", "\n").replace('\n', "\r\n").as_bytes());
        let mut whole = head;
        for line in body.as_bytes().chunks(LINE) {
            // Base 64 is ASCII.
            whole.push_str(&String::from_utf8_lossy(line));
            whole.push_str("\r\n");
        }
        whole
    }
}

/// A title as encoded words, none of which cuts a sign.
fn words(text: &str) -> String {
    let clean = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    let mut pieces = vec![String::new()];
    for sign in clean {
        if pieces.last().is_some_and(|piece| piece.len() + sign.len_utf8() > WORD) {
            pieces.push(String::new());
        }
        if let Some(piece) = pieces.last_mut() {
            piece.push(sign);
        }
    }
    let words: Vec<String> = pieces.iter().map(|piece| format!("=?utf-8?B?{}?=", base64(piece.as_bytes()))).collect();
    words.join("\r\n ")
}

/// Base 64 (RFC 4648).
pub(super) fn base64(bytes: &[u8]) -> String {
    const SIGNS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let whole = group.iter().fold(0_u32, |all, byte| all << 8 | u32::from(*byte)) << (8 * (3 - group.len()));
        for place in 0..4 {
            let sign = SIGNS.get((whole >> (18 - 6 * place) & 63) as usize).filter(|_| place <= group.len());
            out.push(sign.map_or('=', |sign| char::from(*sign)));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    // RFC 4648, section 10.
    #[test]
    fn base_64_is_that_of_the_standard() {
        let rows = [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ];
        for (plain, expected) in rows {
            assert_eq!(base64(plain.as_bytes()), expected, "{plain}");
        }
        assert_eq!(base64("还款提醒".as_bytes()), "6L+Y5qy+5o+Q6YaS");
    }

    #[test]
    fn a_mail_has_short_ascii_lines_and_no_header_of_others() {
        let subject = "逾期提醒".repeat(20) + "\r\nBcc: x@y.cn";
        let text = "您的贷款".repeat(100);
        let at = "2026-11-20T08:30:00Z".parse().unwrap();
        let mail = Mail { from: "a@b.cn", to: "c@d.cn", subject: &subject, text: &text, key: "7", at };
        let whole = mail.whole();
        assert!(whole.is_ascii());
        assert!(whole.split("\r\n").all(|line| line.len() <= 78), "{whole}");
        assert!(!whole.contains("Bcc"), "{whole}");
        assert!(whole.contains("Date: Fri, 20 Nov 2026 08:30:00 +0000\r\n"), "{whole}");
        assert!(whole.contains("Message-ID: <7@b.cn>\r\n"));
        assert!(!whole.replace("\r\n", "").contains(['\r', '\n']));
    }
}
