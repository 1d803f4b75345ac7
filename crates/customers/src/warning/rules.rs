//! When warning data are due, and what a sheet must say. Pure.

use jiff::civil::Date;
use platform::error::FieldError;

use super::model::{Item, NewSheet, Rhythm, Sign};
use crate::evaluation::rules::months_later;
use crate::lead::rules::check_words;

/// Rule `warning.sheet`: a day that has come, a word on every item of the policy, and why where there is a sign.
pub const RULE_SHEET: &str = "warning.sheet";

/// When data are collected next (rule `warning.rhythm`): so many months after the last sheet, or at once where a customer
/// came to stand there without one; the soonest of all.
#[must_use]
pub fn due(rhythms: &[(Rhythm, Date)], last: Option<Date>) -> Option<Date> {
    let due = |(rhythm, since): &(Rhythm, Date)| last.map_or(*since, |last| months_later(last, rhythm.months));
    rhythms.iter().map(due).min()
}

/// All that is wrong with a sheet (rule `warning.sheet`).
#[must_use]
pub fn check(new: &NewSheet, items: &[Item], today: Date) -> Vec<FieldError> {
    let mut wrong = Vec::new();
    if new.on > today {
        wrong.push(FieldError::new("collected_on", "date-in-future"));
    }
    let said = |item: &Item| new.items.iter().find(|(name, _)| *name == item.name).map(|(_, text)| text.as_str());
    for item in items {
        let error = check_words("items", said(item).unwrap_or_default(), true);
        if error.is_some() {
            wrong.extend(error);
            break;
        }
    }
    wrong.extend(check_words("finding", &new.finding, new.sign != Sign::None));
    wrong
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    // S3-09. Rule warning.rhythm
    #[test]
    fn data_are_due_at_once_and_then_after_the_months_of_the_grade() {
        let rhythm = |months| Rhythm { of: ("guarantee_risk_grade".to_owned(), "low".to_owned()), months };
        let since = date(2026, 3, 1);
        assert_eq!(due(&[], None), None, "nothing is asked of this customer");
        assert_eq!(due(&[(rhythm(6), since)], None), Some(since));
        assert_eq!(due(&[(rhythm(6), since)], Some(date(2026, 3, 5))), Some(date(2026, 9, 5)));
        assert_eq!(due(&[(rhythm(6), since), (rhythm(1), since)], Some(date(2026, 3, 5))), Some(date(2026, 4, 5)));
    }

    // S3-09. Rule warning.sheet
    #[test]
    fn a_sheet_says_a_word_of_every_item_and_why_there_is_a_sign() {
        let item = |name: &str| Item { name: name.to_owned(), part: "operating".to_owned(), fact: String::new() };
        let items = [item("sales"), item("tax")];
        let today = date(2026, 11, 20);
        let said = |names: &[&str]| names.iter().map(|name| ((*name).to_owned(), "正常".to_owned())).collect();
        let good = NewSheet { on: today, items: said(&["sales", "tax"]), sign: Sign::None, finding: String::new() };
        let fields = |new: &NewSheet| check(new, &items, today).iter().map(|one| one.field).collect::<Vec<_>>();
        assert_eq!(fields(&good), Vec::<&str>::new());
        assert_eq!(fields(&NewSheet { items: said(&["sales"]), ..good.clone() }), ["items"]);
        assert_eq!(fields(&NewSheet { sign: Sign::Risk, ..good.clone() }), ["finding"]);
        assert_eq!(fields(&NewSheet { on: date(2026, 11, 21), ..good }), ["collected_on"]);
    }
}
