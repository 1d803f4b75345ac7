//! What a step of tracing needs, and what comes first. Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use finance::Fen;
use jiff::civil::Date;
use platform::error::FieldError;

use super::error::LostError;
use super::model::{Conduct, NewTrace, Trace, Wanted};

/// The longest text that is kept.
pub const MAX_TEXT: usize = 2_000;
/// Digits in a row that look like the number of somebody.
const DIGITS: usize = 7;
/// From so many digits on it is one of a mobile or an identity, however it is cut.
const MOBILE_DIGITS: usize = 11;
/// The dearest step that is believed.
const MOST: Fen = Fen(100_000_000);

/// Whether the log may be written of this step.
/// Rule `trace.no-abuse`: a forbidden one never is.
/// Rule `trace.order`: every lower place has been tried.
/// Rule `trace.authority`: what needs an authorisation names it.
/// Rule `trace.legal-only`: court and police are asked by the legal department alone, by a paper that is named.
///
/// # Errors
/// The first that refuses.
pub fn may_take(wanted: &[Wanted], taken: &[Trace], new: &NewTrace, legal: bool) -> Result<(), LostError> {
    let unknown = || LostError::Form(vec![FieldError::new("step", "choice-invalid")]);
    let step = wanted.iter().find(|one| one.step == new.step).ok_or_else(unknown)?;
    let article = || step.article.clone();
    if step.conduct == Conduct::Refused {
        return Err(LostError::Forbidden { step: step.step.clone(), article: article() });
    }
    if step.conduct == Conduct::Legal && !legal {
        return Err(LostError::LegalOnly { article: article() });
    }
    let permitted = wanted.iter().filter(|one| !matches!(one.conduct, Conduct::Refused | Conduct::Legal));
    let place_of = |trace: &Trace| wanted.iter().find(|one| one.step == trace.content.step).map(|one| one.place);
    let tried: Vec<i64> = taken.iter().filter_map(place_of).collect();
    // The legal department asks when the case needs it.
    let ordered = step.conduct != Conduct::Legal;
    if ordered && permitted.map(|one| one.place).any(|place| place < step.place && !tried.contains(&place)) {
        return Err(LostError::Order { article: article() });
    }
    if matches!(step.conduct, Conduct::Authorised | Conduct::Legal) && new.authority.trim().is_empty() {
        return Err(LostError::Authority { article: article() });
    }
    Ok(())
}

/// Whether a text holds what looks like a phone, identity or account number.
#[must_use]
pub fn holds_number(text: &str) -> bool {
    let text = without_dates(text);
    // A short one is written in one piece or with the usual marks; a mobile or identity number is one however it is cut.
    longest_run(&text, |sign| matches!(sign, ' ' | '-' | '·' | '.')) >= DIGITS || holds_long_number(&text)
}

/// Whether it holds a mobile, identity or account number; the number of a paper may stand there.
#[must_use]
pub fn holds_long_number(text: &str) -> bool {
    longest_run(&without_dates(text), |sign| !sign.is_alphanumeric()) >= MOBILE_DIGITS
}

/// The most digits in a row, with nothing but joining signs between them.
fn longest_run(text: &str, joins: impl Fn(char) -> bool) -> usize {
    let (mut run, mut longest) = (0, 0);
    for sign in text.chars() {
        if sign.is_numeric() {
            run += 1;
            longest = longest.max(run);
        } else if !joins(sign) {
            run = 0;
        }
    }
    longest
}

/// The text without dates such as 2026-11-20, 2026.11 and 2026年11月20日: their digits are nobody's number.
fn without_dates(text: &str) -> String {
    let signs: Vec<char> = text.chars().collect();
    let digits = |from: usize, most: usize| {
        signs[from.min(signs.len())..].iter().take(most).take_while(|sign| sign.is_ascii_digit()).count()
    };
    let is = |at: usize, any: &str| signs.get(at).is_some_and(|sign| any.contains(*sign));
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < signs.len() {
        let starts = at == 0 || !signs[at - 1].is_ascii_digit();
        let month = at + 5;
        let length = digits(month, 2);
        if starts && is(at, "12") && digits(at, 4) == 4 && is(at + 4, "-./年") && length > 0 {
            let mut end = month + length;
            let day = digits(end + 1, 2);
            if is(end, "-./月") && day > 0 {
                end += 1 + day;
            }
            if !signs.get(end).is_some_and(char::is_ascii_digit) {
                out.push('x');
                at = end;
                continue;
            }
        }
        out.push(signs[at]);
        at += 1;
    }
    out
}

/// What is wrong with the words of a step, all of it (rule `trace.no-numbers`).
#[must_use]
pub fn wrong(new: &NewTrace, since: Date, today: Date) -> Vec<FieldError> {
    let mut wrong = Vec::new();
    for (field, text, needed) in [
        ("query", &new.query, true),
        ("authority", &new.authority, false),
        ("finding", &new.finding, true),
        ("next_step", &new.next_step, true),
    ] {
        let number = if field == "authority" { holds_long_number(text) } else { holds_number(text) };
        if needed && text.trim().is_empty() {
            wrong.push(FieldError::new(field, "field-empty"));
        } else if text.chars().count() > MAX_TEXT {
            wrong.push(FieldError::new(field, "contact-too-long").with("max", MAX_TEXT));
        } else if number {
            wrong.push(FieldError::new(field, "trace-number"));
        }
    }
    if new.on > today || new.on < since {
        wrong.push(FieldError::new("on", "trace-day").with("from", since).with("to", today));
    }
    if new.cost < Fen::ZERO || new.cost > MOST {
        wrong.push(FieldError::new("cost", "amount-unreadable").with("text", new.cost));
    }
    wrong
}

/// Parts of a whole in parts per million; nothing of nothing.
#[must_use]
pub fn share_ppm(part: i64, whole: i64) -> i64 {
    if whole <= 0 { 0 } else { part.saturating_mul(1_000_000) / whole }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use jiff::civil::date;

    use super::*;
    use crate::lost::model::{Found, Searched, TraceId};

    fn wanted(step: &str, place: i64, conduct: Conduct) -> Wanted {
        Wanted { step: step.to_owned(), place, conduct, article: "house.tracing".to_owned() }
    }

    fn new(step: &str, authority: &str) -> NewTrace {
        NewTrace {
            step: step.to_owned(),
            on: date(2026, 11, 20),
            searched: Searched::Name,
            query: "姓名与单位".to_owned(),
            authority: authority.to_owned(),
            result: Found::Nothing,
            finding: "无".to_owned(),
            cost: Fen::ZERO,
            next_step: "下一步".to_owned(),
        }
    }

    fn taken(step: &str) -> Trace {
        Trace { id: TraceId(1), content: new(step, ""), at: Timestamp::UNIX_EPOCH, by: 1 }
    }

    // S2.4-04 S2.4-06 S2.4-08 S2.4-09. Rules trace.order, trace.no-abuse, trace.authority
    #[test]
    fn own_data_comes_first_and_abuse_never() {
        let all = [
            wanted("own_data", 1, Conduct::Permitted),
            wanted("recordings", 1, Conduct::Permitted),
            wanted("registered_address", 2, Conduct::Permitted),
            wanted("authorised_data", 3, Conduct::Authorised),
            wanted("official_enquiry", 5, Conduct::Legal),
            wanted("village_office", 9, Conduct::Refused),
            wanted("police_data", 9, Conduct::Refused),
        ];
        let code = |new: &NewTrace, before: &[Trace], legal: bool| match may_take(&all, before, new, legal) {
            Ok(()) => "fine",
            Err(LostError::LegalOnly { .. }) => "legal",
            Err(LostError::Forbidden { .. }) => "forbidden",
            Err(LostError::Order { .. }) => "order",
            Err(LostError::Authority { .. }) => "authority",
            Err(_) => "unknown",
        };
        let rows: [(&str, &str, &[&str], &str); 9] = [
            ("own_data", "", &[], "fine"),
            ("registered_address", "", &[], "order"),
            ("registered_address", "", &["recordings"], "fine"),
            ("authorised_data", "书面授权", &["own_data"], "order"),
            ("authorised_data", " ", &["own_data", "registered_address"], "authority"),
            ("authorised_data", "书面授权", &["own_data", "registered_address"], "fine"),
            ("own_data", "", &["own_data"], "fine"),
            ("village_office", "", &["own_data", "registered_address"], "forbidden"),
            ("hypnosis", "", &[], "unknown"),
        ];
        for (step, authority, before, expected) in rows {
            let before: Vec<Trace> = before.iter().map(|step| taken(step)).collect();
            assert_eq!(code(&new(step, authority), &before, false), expected, "{step} after {before:?}");
        }
        // S2.5-22. Rule trace.legal-only: passport and police data are nobody's to obtain; legal asks the offices, by a paper.
        assert_eq!(code(&new("police_data", "函"), &[], true), "forbidden");
        assert_eq!(code(&new("official_enquiry", "调查令"), &[], false), "legal");
        assert_eq!(code(&new("official_enquiry", " "), &[], true), "authority");
        assert_eq!(code(&new("official_enquiry", "法院调查令"), &[], true), "fine", "in no order");
    }

    // S2.4-07. Rule trace.no-numbers
    #[test]
    fn nobodys_number_stands_in_the_log() {
        for (text, holds) in [
            ("按手机号检索", false),
            ("2026-11 年报", false),
            ("138 0000 0001", true),
            ("138-0000-0001", true),
            ("１３８００００００００", true),
            ("320500199001010010", true),
            ("第3页第12条", false),
            ("2026-11-20 核对", false),
            ("2026年11月20日电话核对，2026.12.1 再查", false),
            ("欠 29,817.99 元", false),
            ("138/0000/0001", true),
            ("138，0000，0001", true),
            ("20261120138", true),
        ] {
            assert_eq!(holds_number(text), holds, "{text}");
        }
        let today = date(2026, 11, 20);
        let bad = NewTrace {
            query: String::new(),
            finding: "13800000001".to_owned(),
            on: date(2026, 11, 21),
            ..new("own_data", "")
        };
        let fields: Vec<_> = wrong(&bad, today, today).into_iter().map(|one| one.field).collect();
        assert_eq!(fields, ["query", "finding", "on"]);
        assert!(wrong(&new("own_data", ""), today, today).is_empty());
    }

    #[test]
    fn a_share_of_nothing_is_nothing() {
        assert_eq!((share_ppm(1, 0), share_ppm(1, 2), share_ppm(7, 10)), (0, 500_000, 700_000));
    }
}
