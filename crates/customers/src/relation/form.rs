//! The form of a new related party.

use jiff::civil::Date;
use platform::error::{FieldError, Refused};
use platform::page::{Choice, Field, Input, Ui};
use platform::web::Fields;

use super::model::{NewRelation, RelationKind};
use crate::customer::form::{identity_kinds, identity_of};
use crate::customer::rules;
use crate::customer::store::filled;
use crate::identity::IdentityKind;

/// The fields, with what was typed.
pub(super) fn fields(ui: &Ui, typed: &Fields) -> Vec<Field> {
    let value = |name: &str| typed.first(name).unwrap_or("").to_owned();
    let or = |name: &str, otherwise: &str| typed.first(name).unwrap_or(otherwise).to_owned();
    let kinds = RelationKind::ALL.map(|kind| Choice::new(kind.as_str(), ui.t(format!("relation-{}", kind.as_str()))));
    vec![
        Field::new("kind", ui.t("relation-kind"), Input::Select(kinds.to_vec())).value(value("kind")).required(),
        Field::new("name", ui.t("customer-name"), Input::Text).value(value("name")).required(),
        Field::new("identity_kind", ui.t("customer-identity-kind"), Input::Select(identity_kinds(ui)))
            .value(or("identity_kind", IdentityKind::None.as_str())),
        Field::new("identity", ui.t("customer-identity"), Input::Text)
            .value(value("identity"))
            .hint(ui.t("relation-identity-hint")),
        Field::new("since", ui.t("relation-since"), Input::Date)
            .value(or("since", &ui.business_date.to_string()))
            .required(),
        Field::new("share", ui.t("relation-share"), Input::Number)
            .value(value("share"))
            .hint(ui.t("relation-share-hint")),
        Field::new("consented_on", ui.t("relation-consented-on"), Input::Date)
            .value(value("consented_on"))
            .hint(ui.t("relation-consent-hint")),
        Field::new("note", ui.t("customer-note"), Input::Area).value(value("note")),
    ]
}

/// Reads a new related party.
///
/// Errors: a refusal with all complaints at once.
pub(super) fn read(typed: &Fields) -> Result<NewRelation, Box<Refused>> {
    let mut wrong = Vec::new();
    let kind = typed.first("kind").and_then(RelationKind::parse);
    if kind.is_none() {
        wrong.push(FieldError::new("kind", "choice-invalid"));
    }
    let identity = identity_of(typed).unwrap_or_else(|errors| {
        wrong.extend(errors);
        None
    });
    let since = date(typed, "since", &mut wrong);
    if since.is_none() && filled(typed.first("since")).is_none() {
        wrong.push(FieldError::new("since", "field-empty"));
    }
    let share_ppm = filled(typed.first("share")).and_then(|text| {
        let share = share_of(&text);
        if share.is_none() {
            wrong.push(FieldError::new("share", "share-out-of-range"));
        }
        share
    });
    let new = NewRelation {
        kind: kind.unwrap_or(RelationKind::RelatedParty),
        name: typed.first("name").unwrap_or("").trim().to_owned(),
        identity,
        share_ppm,
        since: since.unwrap_or(Date::ZERO),
        consented_on: date(typed, "consented_on", &mut wrong),
        note: filled(typed.first("note")),
    };
    wrong.extend(rules::check_name("name", &new.name));
    wrong.extend(rules::check_texts(None, new.note.as_deref()));
    if wrong.is_empty() { Ok(new) } else { Err(Box::new(Refused::form(wrong))) }
}

fn date(typed: &Fields, name: &'static str, wrong: &mut Vec<FieldError>) -> Option<Date> {
    let text = filled(typed.first(name))?;
    let read = text.parse().ok();
    if read.is_none() {
        wrong.push(FieldError::new(name, "date-invalid"));
    }
    read
}

/// A percentage with up to four decimals, in parts per million: `33.3333` is 333,333.
pub(crate) fn share_of(text: &str) -> Option<i64> {
    let text = text.trim_end_matches(['%', '％', ' ']);
    let (whole, rest) = text.split_once('.').unwrap_or((text, ""));
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || whole.len() > 3 || rest.len() > 4 || !digits(whole) || !digits(rest) {
        return None;
    }
    let ppm: i64 = format!("{whole}{rest:0<4}").parse().ok()?;
    (0..=1_000_000).contains(&ppm).then_some(ppm)
}

/// Parts per million as a percentage: `33.3333`, `40`.
pub(crate) fn percent(ppm: i64) -> String {
    let text = format!("{}.{:04}", ppm / 10_000, ppm % 10_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_read_exactly_or_not_at_all() {
        let rows = [
            ("40", Some(400_000)),
            ("33.3333%", Some(333_333)),
            ("0", Some(0)),
            ("100", Some(1_000_000)),
            ("100.0001", None),
            ("-1", None),
            ("1.23456", None),
            ("x", None),
            ("", None),
            (".5", None),
        ];
        for (text, ppm) in rows {
            assert_eq!(share_of(text), ppm, "{text}");
        }
        assert_eq!([percent(333_333), percent(400_000), percent(0)], ["33.3333", "40", "0"]);
    }

    #[test]
    fn all_that_is_wrong_is_said_at_once() {
        let typed = [
            ("kind", "x"),
            ("name", ""),
            ("identity_kind", "none"),
            ("since", "31.12."),
            ("share", "200"),
            ("consented_on", "y"),
        ];
        let typed = Fields::new(typed.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect());
        let refused = read(&typed).unwrap_err();
        let fields: Vec<_> = refused.fields.iter().map(|error| error.field).collect();
        assert_eq!(fields, ["kind", "since", "share", "consented_on", "name"]);
    }
}
