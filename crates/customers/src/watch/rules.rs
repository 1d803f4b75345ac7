//! What must be true of an entry, and when it is looked at again. Pure.

use jiff::civil::Date;
use platform::error::FieldError;

use super::model::{Entry, NewEntry, WatchList};
use crate::datum::rules::check_text;

/// All that is wrong with a new entry, each with its field.
///
/// Rule `watch.enter`: on a list of the policy, with a reason, from a day that has come, once at a time.
#[must_use]
pub fn check(new: &NewEntry, held: &[Entry], lists: &[WatchList], today: Date) -> Vec<FieldError> {
    let mut wrong = Vec::new();
    if !lists.iter().any(|list| list.name == new.list) {
        wrong.push(FieldError::choice("list", &new.list));
    } else if held.iter().any(|one| one.content.list == new.list && one.stands(today)) {
        wrong.push(FieldError::new("list", "watch-already"));
    }
    if new.reason.trim().is_empty() {
        wrong.push(FieldError::new("reason", "reason-empty"));
    }
    wrong.extend(check_text("reason", new.reason.trim()));
    if new.from > today {
        wrong.push(FieldError::new("from", "date-in-future"));
    }
    if new.until.is_some_and(|until| until < today.max(new.from)) {
        wrong.push(FieldError::new("until", "watch-until-past"));
    }
    wrong
}

/// When an entry that stands is looked at again (rule `watch.review`).
#[must_use]
pub fn review_on(entry: &Entry, lists: &[WatchList]) -> Option<Date> {
    let months = lists.iter().find(|list| list.name == entry.content.list)?.review_months;
    entry.seen_on().checked_add(jiff::Span::new().try_months(months).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use platform::id::UserId;

    use super::*;
    use crate::watch::model::{EntryId, Step, StepKind};

    const TODAY: Date = date(2026, 11, 20);

    fn lists() -> Vec<WatchList> {
        vec![WatchList { name: "litigation".to_owned(), review_months: 3, article: "a".to_owned() }]
    }

    fn new(list: &str, from: Date, until: Option<Date>) -> NewEntry {
        NewEntry { list: list.to_owned(), reason: "被诉".to_owned(), from, until }
    }

    fn entry(from: Date, until: Option<Date>) -> Entry {
        Entry { id: EntryId(1), content: new("litigation", from, until), by: UserId(1), steps: Vec::new() }
    }

    // Rule watch.enter
    #[test]
    fn each_complaint_names_its_field() {
        let fields = |new: &NewEntry, held: &[Entry]| -> Vec<&str> {
            check(new, held, &lists(), TODAY).iter().map(|one| one.field).collect()
        };
        assert_eq!(fields(&new("litigation", TODAY, None), &[]), Vec::<&str>::new());
        let blank = NewEntry { reason: " ".to_owned(), ..new("poem", date(2026, 11, 21), Some(TODAY)) };
        assert_eq!(fields(&blank, &[]), ["list", "reason", "from", "until"]);
        assert_eq!(fields(&new("litigation", TODAY, None), &[entry(TODAY, None)]), ["list"]);
        assert_eq!(
            fields(&new("litigation", TODAY, None), &[entry(date(2026, 1, 1), Some(date(2026, 2, 1)))]),
            Vec::<&str>::new()
        );
    }

    // Rules watch.stands, watch.review
    #[test]
    fn an_entry_stands_until_its_day_or_its_end_and_is_looked_at_again() {
        let mut one = entry(date(2026, 10, 1), Some(TODAY));
        assert!(one.stands(TODAY) && !one.stands(date(2026, 11, 21)) && !one.stands(date(2026, 9, 30)));
        assert_eq!(review_on(&one, &lists()), Some(date(2027, 1, 1)));
        let step = |kind| Step { kind, note: "x".to_owned(), on: TODAY, by: UserId(2) };
        one.steps.push(step(StepKind::Kept));
        assert_eq!(review_on(&one, &lists()), Some(date(2027, 2, 20)), "from the last look");
        one.steps.push(step(StepKind::Ended));
        assert!(!one.stands(TODAY));
    }
}
