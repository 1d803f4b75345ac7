//! When a claim may be written off. Pure.

use policy::{Edition, FactType, ParameterError, ParameterType};

use crate::error::ServicingError;

/// The parameter that names the least class.
const CLASS: &str = "write_off_min_class";
/// The parameter that names the least days overdue.
const DAYS: &str = "write_off_min_overdue_days";

/// The conditions of the policy (核销条件).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conditions {
    /// The least class.
    pub class: String,
    /// The least days overdue.
    pub days: i64,
    /// The classes from the best to the worst, as the policy lists them.
    pub classes: Vec<String>,
}

impl Conditions {
    /// The conditions in force.
    pub fn read(edition: &Edition) -> Result<Self, ParameterError> {
        let class = edition.text(CLASS)?.to_owned();
        let classes = match edition.parameter(CLASS).map(|parameter| &parameter.kind) {
            Some(ParameterType::One(FactType::OneOf { values, .. })) => values.clone(),
            Some(ParameterType::One(_) | ParameterType::Integers(_) | ParameterType::Texts) | None => Vec::new(),
        };
        Ok(Self { class, days: edition.integer(DAYS)?, classes })
    }

    /// Whether a loan of this class and so many days overdue meets them (S1-38). Rule `write-off.conditions`.
    /// A class that the policy does not list meets none.
    pub fn met(&self, class: &str, days: u32) -> bool {
        let place = |wanted: &str| self.classes.iter().position(|known| known == wanted);
        let bad_enough = matches!((place(class), place(&self.class)), (Some(is), Some(least)) if is >= least);
        bad_enough && i64::from(days) >= self.days
    }

    /// Refuses a loan that does not meet them.
    pub fn check(&self, number: &str, class: &str, days: u32) -> Result<(), ServicingError> {
        if self.met(class, days) {
            return Ok(());
        }
        Err(ServicingError::WriteOffNotMet {
            number: number.to_owned(),
            class: class.to_owned(),
            days,
            needed: self.class.clone(),
            needed_days: self.days,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn class_and_days_must_both_be_reached() {
        // S1-38, `write-off.conditions`
        let classes = ["normal", "special_mention", "substandard", "doubtful", "loss"].map(str::to_owned).to_vec();
        let loss = Conditions { class: "loss".to_owned(), days: 361, classes: classes.clone() };
        let doubtful = Conditions { class: "doubtful".to_owned(), days: 200, classes };
        let rows = [
            // class, days, by the shipped condition, by a milder one
            ("loss", 361, true, true),
            ("loss", 360, false, true),
            ("doubtful", 400, false, true),
            ("doubtful", 199, false, false),
            ("substandard", 900, false, false),
            ("unclassified", 900, false, false),
        ];
        for (class, days, shipped, milder) in rows {
            assert_eq!((loss.met(class, days), doubtful.met(class, days)), (shipped, milder), "{class} {days}");
        }
    }
}
