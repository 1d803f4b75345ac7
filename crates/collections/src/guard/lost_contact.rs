//! When a debtor counts as unreachable (失联认定): enough numbers, bands of the day, calls and messages in vain. Pure.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use platform::contact_gate::LineId;
use policy::{Edition, ParameterError};

/// What must have been tried (失联认定标准).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effort {
    /// Different registered lines.
    pub numbers: i64,
    /// Different bands of the day.
    pub bands: i64,
    /// Calls in all; the strict reading asks for nine.
    pub calls: i64,
    /// Messages sent.
    pub messages: i64,
    /// Where one band ends and the next begins, minutes of the day.
    pub edges: Vec<i64>,
    /// The article.
    pub article: String,
}

impl Effort {
    /// As the policy asks.
    ///
    /// # Errors
    /// A parameter is missing.
    pub fn of(edition: &Edition) -> Result<Self, ParameterError> {
        let article = edition.parameter("lost_contact_calls").map(|row| row.article.clone());
        Ok(Self {
            numbers: edition.integer("lost_contact_numbers")?,
            bands: edition.integer("lost_contact_bands")?,
            calls: edition.integer("lost_contact_calls")?,
            messages: edition.integer("lost_contact_messages")?,
            edges: edition.integers("lost_contact_band_edges")?,
            article: article.unwrap_or_default(),
        })
    }
}

/// An attempt to reach the debtor himself (联系尝试).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Try {
    /// A call that nobody answered, from this line; a line that is not registered proves nothing.
    Call {
        /// The line.
        line: Option<LineId>,
        /// When.
        at: Timestamp,
    },
    /// A message that went out.
    Message,
    /// The debtor was reached: what was tried before proves nothing any more.
    Reached,
}

/// What is still missing (尚缺); all zero: nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Missing {
    /// Registered lines.
    pub numbers: i64,
    /// Bands of the day.
    pub bands: i64,
    /// Calls.
    pub calls: i64,
    /// Messages.
    pub messages: i64,
    /// The article that asks for them.
    pub article: String,
}

impl Missing {
    /// Whether nothing is.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        (self.numbers, self.bands, self.calls, self.messages) == (0, 0, 0, 0)
    }
}

/// What is missing before the debtor counts as unreachable, by the attempts, the latest first.
///
/// Rule `contact.unreachable`. Source: 《失联的贷款客户如何催收》三三三 (S2.4-10, S2.4-11).
#[must_use]
pub fn missing(effort: &Effort, tries: &[Try], zone: &TimeZone) -> Missing {
    let (mut lines, mut bands, mut calls, mut messages) = (BTreeSet::new(), BTreeSet::new(), 0, 0);
    for one in tries {
        match one {
            Try::Reached => break,
            Try::Message => messages += 1,
            Try::Call { line: None, .. } => {}
            Try::Call { line: Some(line), at } => {
                let local = at.to_zoned(zone.clone());
                let minute = i64::from(local.hour()) * 60 + i64::from(local.minute());
                lines.insert(line.0);
                bands.insert(effort.edges.iter().filter(|edge| **edge <= minute).count());
                calls += 1;
            }
        }
    }
    let count = |of: usize| i64::try_from(of).unwrap_or(i64::MAX);
    Missing {
        numbers: (effort.numbers - count(lines.len())).max(0),
        bands: (effort.bands - count(bands.len())).max(0),
        calls: (effort.calls - calls).max(0),
        messages: (effort.messages - messages).max(0),
        article: effort.article.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(line: i64, hour: i64) -> Try {
        let at = Timestamp::from_second(1_795_132_800 + hour * 3_600).unwrap();
        Try::Call { line: (line > 0).then_some(LineId(line)), at }
    }

    #[test]
    fn three_lines_three_bands_three_calls_and_a_message_make_a_debtor_unreachable() {
        // S2.4-10 S2.4-11 C-46, rule `contact.unreachable`
        let mut effort = Effort {
            numbers: 3,
            bands: 3,
            calls: 3,
            messages: 1,
            edges: vec![720, 1_080],
            article: "lost-contact.three".to_owned(),
        };
        // Hours after midnight in Greenwich.
        let whole = [call(1, 9), call(2, 13), call(3, 19), Try::Message];
        type Row<'a> = (&'a [Try], (i64, i64, i64, i64));
        let rows: [Row<'_>; 7] = [
            (&[], (3, 3, 3, 1)),
            (&whole, (0, 0, 0, 0)),
            (&[call(1, 9), call(2, 13), call(3, 19)], (0, 0, 0, 1)),
            (&[call(1, 9), call(1, 13), call(1, 19), Try::Message], (2, 0, 0, 0)),
            (&[call(1, 9), call(2, 10), call(3, 11), Try::Message], (0, 2, 0, 0)),
            (&[call(0, 9), call(0, 13), call(0, 19), Try::Message], (3, 3, 3, 0)),
            (&[Try::Reached, call(1, 9), call(2, 13), call(3, 19), Try::Message], (3, 3, 3, 1)),
        ];
        for (tries, expected) in rows {
            let found = missing(&effort, tries, &TimeZone::UTC);
            assert_eq!((found.numbers, found.bands, found.calls, found.messages), expected, "{tries:?}");
        }
        effort.calls = 9;
        assert_eq!(missing(&effort, &whole, &TimeZone::UTC).calls, 6, "the strict reading");
    }
}
