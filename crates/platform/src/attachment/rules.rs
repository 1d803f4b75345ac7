//! What may be kept as a file, and under what name. Pure.

use super::media::media_of;
use super::model::Media;
use crate::error::FieldError;

/// The longest name that is kept.
const MAX_NAME: usize = 120;
/// So many digits in a row are an identity number, a phone or an account.
const LONG_NUMBER: usize = 11;
/// How large a file may be, and of which kinds (附件限制), as the policy says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// The most bytes.
    pub max_bytes: usize,
    /// The kinds taken.
    pub media: Vec<Media>,
}

/// What a file is, when it may be kept (rule `attachment.kinds`): told by its content, whatever it is called.
///
/// # Errors
/// It is empty, too large, of a kind that is not taken, or active.
pub fn check(bytes: &[u8], limits: &Limits) -> Result<Media, FieldError> {
    let wrong = |code| FieldError::new("file", code);
    if bytes.is_empty() {
        return Err(wrong("attachment-empty"));
    }
    if bytes.len() > limits.max_bytes {
        let mib = |bytes: usize| bytes.div_ceil(1 << 20);
        return Err(wrong("attachment-too-large").with("most", mib(limits.max_bytes)).with("found", mib(bytes.len())));
    }
    let taken: Vec<&str> = limits.media.iter().map(|media| media.ending()).collect();
    match media_of(bytes).filter(|media| limits.media.contains(media)) {
        Some(media) => Ok(media),
        None => Err(wrong("attachment-kind").with("kinds", taken.join(", "))),
    }
}

/// The name under which a file is kept (rule `attachment.name`): no folders, no signs that turn the writing round, long
/// numbers masked, and the ending of what it is.
#[must_use]
pub fn kept_name(given: &str, media: Media) -> String {
    let bare = given.rsplit(['/', '\\']).next().unwrap_or("").trim();
    let turns = |c: &char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let clean: String = bare.chars().filter(|c| !c.is_control() && !turns(c)).collect();
    let ending = format!(".{}", media.ending());
    let jpeg = media == Media::Jpeg && clean.to_lowercase().ends_with(".jpeg");
    let stem = match clean.rsplit_once('.') {
        Some((stem, _)) if clean.to_lowercase().ends_with(&ending) || jpeg => stem.to_owned(),
        _ => clean,
    };
    let stem: String = without_long_numbers(&stem).chars().take(MAX_NAME).collect();
    if stem.trim().is_empty() { format!("file{ending}") } else { format!("{}{ending}", stem.trim()) }
}

/// Long runs of digits become three stars.
fn without_long_numbers(text: &str) -> String {
    let (mut out, mut run) = (String::new(), String::new());
    for c in text.chars().chain(std::iter::once('\0')) {
        if c.is_numeric() || (!run.is_empty() && matches!(c, 'x' | 'X' | ' ' | '-' | '_')) {
            run.push(c);
            continue;
        }
        if run.chars().filter(|c| c.is_numeric()).count() >= LONG_NUMBER {
            out.push_str("***");
        } else {
            out.push_str(&run);
        }
        run.clear();
        if c != '\0' {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn size_and_kind_are_policy() {
        let limits = Limits { max_bytes: 8, media: vec![Media::Pdf] };
        assert_eq!(check(b"%PDF-1.7", &limits), Ok(Media::Pdf));
        let code = |bytes: &[u8]| check(bytes, &limits).unwrap_err().code;
        assert_eq!(
            [code(b""), code(b"%PDF-1.70"), code(b"\xff\xd8\xff")],
            ["attachment-empty", "attachment-too-large", "attachment-kind"]
        );
    }

    // Rule attachment.name
    #[test]
    fn a_name_keeps_no_folder_no_long_number_and_ends_in_what_it_is() {
        let rows = [
            ("../../身份证 990101199003071230.JPG", Media::Jpeg, "身份证 ***.jpg"),
            ("合同20261120.pdf", Media::Pdf, "合同20261120.pdf"),
            ("cat.exe", Media::Png, "cat.exe.png"),
            ("photo.jpeg", Media::Jpeg, "photo.jpg"),
            ("C:\\x\\流水\u{202e}fdp.txt", Media::Plain, "流水fdp.txt"),
            ("", Media::Pdf, "file.pdf"),
        ];
        for (given, media, kept) in rows {
            assert_eq!(kept_name(given, media), kept, "{given}");
        }
        assert_eq!(kept_name(&"长".repeat(300), Media::Pdf).chars().count(), MAX_NAME + 4);
    }
}
