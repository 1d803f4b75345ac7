//! What a telephone system may say of a call, and which contact it belongs to. Pure.

use jiff::{SignedDuration, Timestamp};
use platform::error::FieldError;

use super::model::NewCall;

/// The longest key of a call.
const MAX_KEY: usize = 64;
/// The fewest and most digits of a number: ITU-T E.164 with an exit code before it.
const DIGITS: std::ops::RangeInclusive<usize> = 3..=18;
/// The longest call: a day.
const MAX_SECONDS: i64 = 86_400;

/// What was sent, as text (原始信息).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sent<'a> {
    /// The system's key of the call.
    pub call: &'a str,
    /// The number called.
    pub number: &'a str,
    /// The number called from.
    pub line: &'a str,
    /// The moment with its offset from UTC.
    pub at: &'a str,
    /// Whole seconds.
    pub seconds: &'a str,
}

fn is_number(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    DIGITS.contains(&digits)
        && text.chars().enumerate().all(|(at, c)| match c {
            '+' => at == 0,
            '0'..='9' | ' ' | '-' => true,
            _ => false,
        })
}

/// Whether the line that was sent is one that is kept, by its digits: with or without the country, and with the zero that
/// E.164 leaves out before the code of a place.
pub(super) fn is_line(sent: &str, kept: &str) -> bool {
    let digits: String = sent.chars().filter(char::is_ascii_digit).collect();
    let home = digits.strip_prefix("86").filter(|home| !home.is_empty() && sent.trim_start().starts_with('+'));
    !digits.is_empty()
        && (kept == digits || home.is_some_and(|home| kept == home || kept.strip_prefix('0') == Some(home)))
}

/// Reads what a telephone system says of a call, all complaints at once (rule `recording.delivered`). A call is not ahead of
/// the clock by more than the tolerance by which clocks differ.
///
/// # Errors
/// Whatever is not what it should be.
pub fn read(sent: &Sent<'_>, now: Timestamp, tolerance: SignedDuration) -> Result<NewCall, Vec<FieldError>> {
    let mut wrong = Vec::new();
    let call = sent.call.trim();
    if call.is_empty() || call.len() > MAX_KEY || !call.chars().all(|c| c.is_ascii_graphic()) {
        wrong.push(FieldError::new("call", "call-key").with("most", MAX_KEY));
    }
    let (number, line) = (sent.number.trim(), sent.line.trim());
    if !is_number(number) {
        wrong.push(FieldError::new("number", "call-number"));
    }
    if !line.is_empty() && !is_number(line) {
        wrong.push(FieldError::new("line", "call-number"));
    }
    let at = sent.at.trim().parse::<Timestamp>().ok();
    match at {
        None => wrong.push(FieldError::new("started_at", "call-moment")),
        Some(at) if now.checked_add(tolerance).is_ok_and(|latest| at > latest) => {
            wrong.push(FieldError::new("started_at", "contact-future"));
        }
        Some(_) => {}
    }
    let seconds = sent.seconds.trim().parse::<i64>().ok().filter(|seconds| (0..=MAX_SECONDS).contains(seconds));
    if seconds.is_none() {
        wrong.push(FieldError::new("seconds", "seconds-invalid"));
    }
    match (at, seconds) {
        (Some(at), Some(seconds)) if wrong.is_empty() => {
            Ok(NewCall { call: call.to_owned(), number: number.to_owned(), line: line.to_owned(), at, seconds })
        }
        _ => Err(wrong),
    }
}

/// What lies nearest to a moment, no further from it than the tolerance; the earlier of two that are equally near.
pub fn nearest<T>(
    at: Timestamp,
    tolerance: SignedDuration,
    found: impl IntoIterator<Item = (T, Timestamp)>,
) -> Option<T> {
    let far = |other: Timestamp| at.duration_since(other).abs();
    let near = found.into_iter().filter(|(_, other)| far(*other) <= tolerance);
    near.min_by_key(|(_, other)| (far(*other), *other)).map(|(one, _)| one)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    // Rule `recording.delivered`. X-05
    #[test]
    fn what_a_telephone_system_says_is_read_strictly() {
        let now = moment("2026-11-20T10:00:00+08:00");
        let minutes = SignedDuration::from_mins(10);
        let good = Sent {
            call: "pbx-1/77",
            number: "+86 138-0013-8000",
            line: "",
            at: "2026-11-20T09:59:00+08:00",
            seconds: "61",
        };
        let call = read(&good, now, minutes).unwrap();
        assert_eq!((call.seconds, call.at), (61, moment("2026-11-20T01:59:00Z")));
        let codes = |sent: Sent<'_>| -> Vec<&'static str> {
            read(&sent, now, minutes).unwrap_err().iter().map(|wrong| wrong.code).collect()
        };
        assert_eq!(codes(Sent { call: "a b", ..good }), ["call-key"]);
        assert_eq!(codes(Sent { call: "", ..good }), ["call-key"]);
        assert_eq!(codes(Sent { number: "138' or 1=1", ..good }), ["call-number"]);
        assert_eq!(codes(Sent { line: "<b>", ..good }), ["call-number"]);
        assert_eq!(codes(Sent { at: "2026-11-20 09:59", ..good }), ["call-moment"], "no offset, no moment");
        assert_eq!(codes(Sent { at: "2026-11-20T10:11:00+08:00", ..good }), ["contact-future"]);
        assert_eq!(codes(Sent { seconds: "-1", ..good }), ["seconds-invalid"]);
        assert_eq!(codes(Sent::default()).len(), 4, "all that is missing at once");
    }

    // Rule `recording.delivered`. X-05
    #[test]
    fn a_call_belongs_to_the_nearest_within_the_tolerance() {
        let at = moment("2026-11-20T02:00:00Z");
        let minutes = SignedDuration::from_mins(10);
        let found = [(1, moment("2026-11-20T01:51:00Z")), (2, moment("2026-11-20T02:04:00Z"))];
        assert_eq!(nearest(at, minutes, found), Some(2));
        assert_eq!(nearest(at, SignedDuration::from_mins(3), found), None);
        let even = [(1, moment("2026-11-20T02:05:00Z")), (2, moment("2026-11-20T01:55:00Z"))];
        assert_eq!(nearest(at, minutes, even), Some(2));
    }

    #[test]
    fn a_line_is_known_by_its_digits() {
        for sent in ["02088880000", "020-8888 0000", "+86 20 8888 0000", "+8602088880000"] {
            assert!(is_line(sent, "02088880000"), "{sent}");
        }
        for (sent, kept) in [("", ""), ("2088880000", "02088880000"), ("+85220888800", "02088880000"), ("+86", "0")] {
            assert!(!is_line(sent, kept), "{sent} {kept}");
        }
    }
}
