//! When a finding of misuse says something new. Pure.

use crate::change::error::AgreementError;

/// A finding changes what stands. Rule `misuse.change`.
pub fn check_change(stands: bool, flagged: bool) -> Result<(), AgreementError> {
    if stands == flagged { Err(AgreementError::MisuseAlready { flagged }) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_stands_otherwise_is_found() {
        // `misuse.change`
        for (stands, flagged, new) in
            [(false, true, true), (true, false, true), (true, true, false), (false, false, false)]
        {
            assert_eq!(check_change(stands, flagged).is_ok(), new, "{stands} {flagged}");
        }
    }
}
