//! Full-width forms and spaces brought to one spelling.

/// Turns full-width letters, digits and signs (全角) into their ASCII forms, and every kind of space into a blank.
///
/// ```
/// use platform::sheets::values::half_width;
/// assert_eq!(half_width("１２，０００．５０％"), "12,000.50%");
/// ```
pub fn half_width(text: &str) -> String {
    text.chars().filter_map(half_width_char).collect()
}

fn half_width_char(c: char) -> Option<char> {
    match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0),
        '。' => Some('.'),
        '￥' => Some('¥'),
        '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}' | '\u{FEFF}' => None,
        '−' | '–' => Some('-'),
        c if c.is_whitespace() => Some(' '),
        c => Some(c),
    }
}

/// [`half_width`] without any space: the spelling in which texts are compared.
pub fn squeeze(text: &str) -> String {
    half_width(text).chars().filter(|c| *c != ' ').collect()
}
