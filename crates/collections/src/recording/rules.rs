//! How long a recording is kept, and what may be kept as one. Pure.

use jiff::civil::Date;
use platform::error::FieldError;

use super::model::Sound;

/// How long recordings are kept (录音保存期), as law and policy say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention {
    /// So many years at least.
    pub years: i64,
    /// And at least until the debt is settled.
    pub until_settled: bool,
}

impl Retention {
    /// The last day of a contact whose recording has had its years on a day; none where no calendar reaches as far.
    #[must_use]
    pub fn past(&self, today: Date) -> Option<Date> {
        finance::add_months(today, -12_i64.checked_mul(self.years)?)
    }

    /// Whether the content is taken away on a day (rule `recording.retention`): its years are over and, where the debt has to
    /// be settled first, it is.
    #[must_use]
    pub fn is_over(&self, made_on: Date, today: Date, settled: bool) -> bool {
        self.past(today).is_some_and(|last| made_on < last) && (settled || !self.until_settled)
    }
}

/// What a file is, when it may be kept as a recording (rule `recording.kinds`).
///
/// # Errors
/// It is empty, too large, or no sound of ours.
pub fn check(bytes: &[u8], most_mib: i64) -> Result<Sound, FieldError> {
    let most = usize::try_from(most_mib).unwrap_or(0).saturating_mul(1 << 20);
    if bytes.is_empty() {
        return Err(FieldError::new("file", "attachment-empty"));
    }
    if bytes.len() > most {
        let found = bytes.len().div_ceil(1 << 20);
        return Err(FieldError::new("file", "attachment-too-large").with("most", most_mib).with("found", found));
    }
    let kinds = Sound::ALL.map(Sound::as_str).join(", ");
    Sound::of(bytes).ok_or_else(|| FieldError::new("file", "recording-kind").with("kinds", kinds))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    // Rule `recording.retention`. X-05
    #[test]
    fn a_recording_stays_its_years_and_until_the_debt_is_settled() {
        let law = Retention { years: 2, until_settled: true };
        let made = date(2026, 11, 20);
        assert!(!law.is_over(made, date(2028, 11, 20), true), "two years to the day");
        assert!(law.is_over(made, date(2028, 11, 21), true));
        assert!(!law.is_over(made, date(2035, 1, 1), false), "still owed");
        let years_alone = Retention { until_settled: false, ..law };
        assert!(years_alone.is_over(made, date(2028, 11, 21), false));
    }

    // Rule `recording.kinds`. X-05
    #[test]
    fn a_recording_is_told_by_its_content() {
        let wave = b"RIFF\x24\0\0\0WAVEfmt ";
        assert_eq!(check(wave, 1), Ok(Sound::Wav));
        assert_eq!(check(b"#!AMR\n", 1), Ok(Sound::Amr));
        let code = |bytes: &[u8], most| check(bytes, most).map_err(|wrong| wrong.code);
        assert_eq!(code(b"", 1), Err("attachment-empty"));
        assert_eq!(code(wave, 0), Err("attachment-too-large"));
        for other in [&b"%PDF-1.7"[..], b"MZ\x90\0", b"<html>", b"RIFF\x24\0\0\0AVI LIST"] {
            assert_eq!(code(other, 1), Err("recording-kind"));
        }
    }
}
