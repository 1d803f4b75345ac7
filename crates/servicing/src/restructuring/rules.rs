//! When a restructured loan is first paid. Pure.

use jiff::civil::Date;

use crate::change::error::AgreementError;

/// The first payment lies after today. Rule `restructuring.first-due`.
pub fn check_first_due(first_due_on: Option<Date>, today: Date) -> Result<(), AgreementError> {
    match first_due_on {
        Some(first_due_on) if first_due_on <= today => {
            Err(AgreementError::FirstDueNotLater { first_due_on, on: today })
        }
        Some(_) | None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn tomorrow_is_the_first_day_and_none_is_left_to_the_arithmetic() {
        // `restructuring.first-due`
        let today = date(2026, 11, 20);
        assert!(check_first_due(Some(today), today).is_err());
        assert!(check_first_due(Some(date(2026, 11, 21)), today).is_ok());
        assert!(check_first_due(None, today).is_ok());
    }
}
