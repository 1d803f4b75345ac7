//! What must be true of a datum before it is kept. Pure.

use jiff::civil::Date;
use platform::error::FieldError;
use policy::Value;

use super::model::{Basis, Route};

/// The longest text of an item or a note.
const MAX_TEXT: usize = 200;
/// So many digits in a row are a number that names a person, an account or a phone.
const IDENTIFIER_DIGITS: usize = 11;

/// Where data come from and on what ground (来源与依据).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provenance {
    /// As of when.
    pub effective_on: Date,
    /// By which way.
    pub route: Route,
    /// Which paper, whom, which register.
    pub source_note: String,
    /// On what ground.
    pub basis: Basis,
    /// When the person consented.
    pub consented_on: Option<Date>,
}

/// What the policy wants of a group of data (资料要求).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    /// For how many months it counts; `None` without end.
    pub valid_months: Option<i64>,
    /// Whether it may be held only with the person's consent, or by law.
    pub needs_consent: bool,
}

/// All that is wrong with source and ground.
///
/// Rule `datum.future`: facts are of days that have come.
/// Rule `datum.source`: each datum keeps its route, and what did not come from the customer its source (S1-16).
/// Rule `datum.basis`: what was shared needs a stored ground; consent has its date (个人信息保护法 第十三条、第二十三条).
#[must_use]
pub fn check(from: &Provenance, terms: Terms, today: Date) -> Vec<FieldError> {
    let mut wrong = Vec::new();
    if from.effective_on > today {
        wrong.push(FieldError::new("effective_on", "date-in-future"));
    }
    let note = from.source_note.trim();
    if note.is_empty() && from.route != Route::Customer {
        wrong.push(FieldError::new("source_note", "datum-source-unnamed"));
    }
    wrong.extend(check_text("source_note", note));
    let shared = matches!(from.route, Route::Partner | Route::Bureau);
    let by_consent = matches!(from.basis, Basis::Consent | Basis::Law);
    if shared && !by_consent {
        wrong.push(FieldError::new("basis", "datum-shared-basis"));
    } else if terms.needs_consent && !by_consent {
        wrong.push(FieldError::new("basis", "datum-consent-needed"));
    } else if from.basis == Basis::Public && from.route != Route::Public {
        wrong.push(FieldError::new("basis", "datum-public-basis"));
    }
    match (from.basis, from.consented_on) {
        (Basis::Consent, None) => wrong.push(FieldError::new("consented_on", "datum-consent-date")),
        (Basis::Consent, Some(on)) if on > from.effective_on.max(today) => {
            wrong.push(FieldError::new("consented_on", "date-in-future"));
        }
        (Basis::Consent | Basis::Contract | Basis::Law | Basis::Public, _) => {}
    }
    wrong
}

/// What is wrong with an adverse record of conduct: which of its own items the policy asks evidence for is its parameter.
///
/// Rule `datum.adverse` (S5.8-19): that a social record is not good is found in a register or by verification, never on
/// somebody's word; it names the court, authority or paper, and is held by law, because it is public, or by consent.
#[must_use]
pub fn check_adverse(item: &str, value: &Value, from: &Provenance, asked: &[String]) -> Option<FieldError> {
    if value.as_boolean() != Some(false) || !asked.iter().any(|one| one == item) {
        return None;
    }
    match (from.route, from.basis) {
        (Route::Customer | Route::Partner, _) => Some(FieldError::new("route", "datum-adverse-route")),
        (_, Basis::Contract) => Some(FieldError::new("basis", "datum-adverse-basis")),
        _ if from.source_note.trim().is_empty() => Some(FieldError::new("source_note", "datum-source-unnamed")),
        _ => None,
    }
}

/// Whether a text may be kept in clear: not absurdly long, without control signs, and no number that names a person.
///
/// Rule `datum.no_identifier`: identity numbers, phones and accounts are sealed, each in its own place.
#[must_use]
pub fn check_text(field: &'static str, text: &str) -> Option<FieldError> {
    let found = text.chars().count();
    if found > MAX_TEXT || text.chars().any(char::is_control) {
        return Some(FieldError::new(field, "text-too-long").with("most", MAX_TEXT).with("found", found));
    }
    names_somebody(text).then(|| FieldError::new(field, "datum-identifier"))
}

/// Whether a number that names a person stands in a text (rule `datum.no_identifier`).
#[must_use]
pub fn names_somebody(text: &str) -> bool {
    text.split(|c: char| !c.is_ascii_digit()).any(|digits| digits.len() >= IDENTIFIER_DIGITS)
}

/// Whether a value of an item may be so on this day.
#[must_use]
pub fn check_value(field: &'static str, value: &Value, today: Date) -> Option<FieldError> {
    match value {
        Value::Date(on) if *on > today => Some(FieldError::new(field, "date-in-future")),
        Value::Text(text) => check_text(field, text),
        Value::Date(_) | Value::Integer(_) | Value::Boolean(_) => None,
    }
}

/// The last day on which a datum counts.
#[must_use]
pub fn valid_until(effective_on: Date, terms: Terms) -> Option<Date> {
    let months = terms.valid_months?;
    effective_on.checked_add(jiff::Span::new().try_months(months).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    // S5.8-19. Rule datum.adverse
    #[test]
    fn an_adverse_social_record_has_its_evidence() {
        let asked = ["own_social_record_good".to_owned()];
        let from = |route, basis, note: &str| Provenance {
            effective_on: date(2026, 11, 20),
            route,
            source_note: note.to_owned(),
            basis,
            consented_on: None,
        };
        let code = |value: bool, from: &Provenance| {
            check_adverse("own_social_record_good", &Value::Boolean(value), from, &asked).map(|one| one.code)
        };
        let heard = from(Route::Customer, Basis::Contract, "客户自述");
        assert_eq!(code(true, &heard), None, "a good record may be stated");
        assert_eq!(code(false, &heard), Some("datum-adverse-route"));
        assert_eq!(code(false, &from(Route::Public, Basis::Contract, "裁判文书网")), Some("datum-adverse-basis"));
        assert_eq!(code(false, &from(Route::Verification, Basis::Law, " ")), Some("datum-source-unnamed"));
        assert_eq!(code(false, &from(Route::Public, Basis::Public, "裁判文书网 判决书")), None);
        let other = check_adverse("income_stable", &Value::Boolean(false), &heard, &asked);
        assert_eq!(other, None, "an item without such a duty");
    }

    // S1-16, S4-26. Rules datum.source, datum.basis, datum.future.
    #[test]
    fn what_is_shared_needs_a_ground_and_every_source_but_the_customer_a_name() {
        let today = date(2026, 11, 20);
        let open = Terms { valid_months: None, needs_consent: false };
        let strict = Terms { valid_months: Some(3), needs_consent: true };
        let consent = Some(date(2026, 11, 1));
        let rows = [
            (Route::Customer, "", Basis::Contract, None, open, vec![]),
            (Route::Partner, "商会", Basis::Contract, None, open, vec!["basis"]),
            (Route::Partner, "商会", Basis::Consent, consent, open, vec![]),
            (Route::Bureau, "", Basis::Consent, None, strict, vec!["source_note", "consented_on"]),
            (Route::Customer, "", Basis::Contract, None, strict, vec!["basis"]),
            (Route::Customer, "", Basis::Public, None, open, vec!["basis"]),
            (Route::Public, "法院公告", Basis::Public, None, open, vec![]),
        ];
        for (route, note, basis, consented_on, terms, fields) in rows {
            let source_note = note.to_owned();
            let from = Provenance { effective_on: today, route, source_note, basis, consented_on };
            let found: Vec<_> = check(&from, terms, today).iter().map(|one| one.field).collect();
            assert_eq!(found, fields, "{route:?} {basis:?}");
        }
    }

    // Rule datum.no_identifier
    #[test]
    fn numbers_that_name_somebody_are_not_kept_in_clear() {
        let code = |text: &str| check_text("x", text).map(|one| one.code);
        assert_eq!(code("衡川五金 1234567890"), None);
        assert_eq!(code("电话13900001234"), Some("datum-identifier"));
        assert_eq!(code(&"长".repeat(201)), Some("text-too-long"));
        let today = date(2026, 11, 20);
        assert!(check_value("x", &Value::Date(date(2026, 11, 21)), today).is_some());
        assert!(check_value("x", &Value::Date(today), today).is_none());
    }

    #[test]
    fn validity_ends_by_calendar_months() {
        let terms = |months| Terms { valid_months: months, needs_consent: false };
        assert_eq!(valid_until(date(2026, 8, 31), terms(Some(6))), Some(date(2027, 2, 28)));
        assert_eq!(valid_until(date(2026, 8, 31), terms(None)), None);
    }
}
