//! How long interest may rest. Pure.

use jiff::civil::Date;

use crate::change::error::AgreementError;

/// What rests runs again after today. Rule `suspension.until`.
pub fn check_until(resume_on: Date, today: Date) -> Result<(), AgreementError> {
    if resume_on <= today { Err(AgreementError::ResumeNotLater { resume_on, on: today }) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn tomorrow_is_the_first_day() {
        // `suspension.until`
        let today = date(2026, 11, 20);
        assert!(check_until(today, today).is_err());
        assert!(check_until(date(2026, 11, 21), today).is_ok());
    }
}
