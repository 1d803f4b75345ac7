//! What a letter must hold, and which step may follow which. Pure.

use jiff::civil::Date;
use platform::error::FieldError;
use policy::{Edition, ParameterError, Template};

use super::model::{LetterKind, LetterState, Step};

/// The parameter with the days of the legal intake.
const LEGAL_DAYS: &str = "legal_min_overdue_days";
/// Where the table of what is due stands in a template.
const ITEMS: &str = "{items}";
/// Where the table of where to pay stands in a template.
const PAY_TO: &str = "{pay_to}";

/// The text of a letter in its parts (函件文本).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parts {
    /// The first line.
    pub title: String,
    /// Paragraphs before the table of what is due.
    pub opening: Vec<String>,
    /// Paragraphs between the tables.
    pub demand: Vec<String>,
    /// Paragraphs after the table of where to pay.
    pub closing: Vec<String>,
}

/// Takes a template apart: its first line is the title, the tables stand where `{items}` and `{pay_to}` stand.
/// `None`: one of the two is missing, so it is no letter.
///
/// The parts keep their fields in braces: the printer fills them in, what is filled in never becomes a field.
#[must_use]
pub fn parts(template: &Template) -> Option<Parts> {
    let (title, rest) = template.text.split_once('\n')?;
    let (opening, rest) = rest.split_once(ITEMS)?;
    let (demand, closing) = rest.split_once(PAY_TO)?;
    let paragraphs =
        |text: &str| text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect();
    Some(Parts {
        title: title.trim().to_owned(),
        opening: paragraphs(opening),
        demand: paragraphs(demand),
        closing: paragraphs(closing),
    })
}

/// From how many days overdue a kind may be issued. Rule `letter.from`: the lawyer's letter is a legal step and waits
/// for the days of the legal intake (S4-21); the others need anything overdue.
///
/// # Errors
/// A parameter that the policy does not have.
pub fn from_days(kind: LetterKind, edition: &Edition) -> Result<i64, ParameterError> {
    match kind {
        LetterKind::Lawyer => edition.integer(LEGAL_DAYS),
        LetterKind::Reminder | LetterKind::Dunning | LetterKind::Guarantor | LetterKind::Heir => Ok(1),
    }
}

/// The article behind the days of a kind; `None` where anything overdue is enough.
#[must_use]
pub fn from_article(kind: LetterKind, edition: &Edition) -> Option<String> {
    match kind {
        LetterKind::Lawyer => edition.parameter(LEGAL_DAYS).map(|found| found.article.clone()),
        LetterKind::Reminder | LetterKind::Dunning | LetterKind::Guarantor | LetterKind::Heir => None,
    }
}

/// What is wrong with a step, all at once. Rule `letter.life`: generated → sent → delivered → signed → filed; a letter
/// that came back is sent again or filed; only one that was never sent can be void.
#[must_use]
pub fn check(from: LetterState, since: Date, step: &Step, today: Date) -> Vec<FieldError> {
    let mut wrong = Vec::new();
    if !from.next().contains(&step.to) {
        wrong.push(FieldError::new("to", "letter-step").with("from", from.as_str()).with("to", step.to.as_str()));
    }
    if step.on > today {
        wrong.push(FieldError::new("on", "letter-future").with("date", today));
    }
    if step.on < since {
        wrong.push(FieldError::new("on", "letter-before").with("date", since));
    }
    if step.to == LetterState::Signed && step.signer.is_none() {
        wrong.push(FieldError::new("signer", "limitation-signer"));
    }
    if step.detail.trim().is_empty() {
        wrong.push(FieldError::new("detail", "letter-detail"));
    }
    wrong
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limitation::model::Signer;
    use jiff::civil::date;

    fn step(to: LetterState, on: Date) -> Step {
        Step { to, on, signer: Some(Signer::Debtor), detail: "EMS 1".to_owned(), agrees: false }
    }

    // S2.2-03: rule `letter.life`
    #[test]
    fn a_letter_lives_from_generated_to_filed() {
        use LetterState::{Delivered, Filed, Generated, Returned, Sent, Signed, Void};
        let day = date(2026, 11, 20);
        let goes = |from: LetterState, to| check(from, day, &step(to, day), day).is_empty();
        for way in [[Generated, Sent], [Sent, Delivered], [Delivered, Signed], [Signed, Filed], [Returned, Sent]] {
            assert!(goes(way[0], way[1]), "{way:?}");
        }
        for way in [[Generated, Signed], [Sent, Void], [Filed, Sent], [Void, Sent], [Generated, Filed]] {
            assert!(!goes(way[0], way[1]), "{way:?}");
        }
        let open: Vec<_> = LetterState::ALL.into_iter().filter(|state| state.is_open()).collect();
        assert_eq!(open, [Generated, Sent, Delivered, Returned]);
    }

    #[test]
    fn a_step_needs_its_day_its_detail_and_its_signer() {
        let day = date(2026, 11, 20);
        let bad = Step { signer: None, detail: " ".to_owned(), ..step(LetterState::Signed, date(2026, 11, 21)) };
        let fields: Vec<_> = check(LetterState::Sent, day, &bad, day).into_iter().map(|wrong| wrong.code).collect();
        assert_eq!(fields, ["letter-future", "limitation-signer", "letter-detail"]);
        let early = step(LetterState::Delivered, date(2026, 11, 19));
        assert_eq!(check(LetterState::Sent, day, &early, day)[0].code, "letter-before");
    }
}
