//! What hostile or broken text may not do to a page.

use serde_json::Value;

/// Latin letters and digits that may stand without a place to break the line.
const LONGEST_RUN: usize = 24;

/// Cleans every text in the data of a document.
pub(crate) fn clean(value: &mut Value) {
    match value {
        Value::String(text) => *text = clean_text(text),
        Value::Array(items) => items.iter_mut().for_each(clean),
        Value::Object(fields) => fields.values_mut().for_each(clean),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Replaces control characters and marks that turn the direction of writing (an amount could be made to
/// read backwards), and gives endless Latin runs a place to break, so that they stay in their cell.
fn clean_text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut run = 0_usize;
    for sign in text.chars() {
        let sign = match sign {
            '\n' => '\n',
            '\t' => ' ',
            sign if sign.is_control() || turns_direction(sign) => '\u{FFFD}',
            sign => sign,
        };
        run = if sign.is_ascii_graphic() { run + 1 } else { 0 };
        if run > LONGEST_RUN {
            out.push('\u{200B}');
            run = 1;
        }
        out.push(sign);
    }
    out
}

fn turns_direction(sign: char) -> bool {
    matches!(sign, '\u{200E}' | '\u{200F}' | '\u{061C}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Lets a cell of a narrow column break after punctuation and within runs of twelve letters or digits.
pub(crate) fn breakable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut run = 0_usize;
    for sign in text.chars() {
        if run == 12 && sign.is_ascii_alphanumeric() {
            out.push('\u{200B}');
            run = 0;
        }
        out.push(sign);
        run = if sign.is_ascii_alphanumeric() { run + 1 } else { 0 };
        if matches!(sign, '-' | '/' | '_' | '.' | '@' | ':') {
            out.push('\u{200B}');
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn direction_marks_and_controls_are_shown_as_replaced() {
        assert_eq!(clean_text("1\u{202E}00\u{0}"), "1\u{FFFD}00\u{FFFD}");
        assert_eq!(clean_text("一\n二\t三"), "一\n二 三");
    }

    #[test]
    fn endless_runs_get_places_to_break_and_short_ones_none() {
        assert_eq!(clean_text(&"A".repeat(60)).matches('\u{200B}').count(), 2);
        assert_eq!(clean_text("JJ-2026-00418"), "JJ-2026-00418");
        assert_eq!(breakable("JJ-2026"), "JJ-\u{200B}2026");
    }
}
