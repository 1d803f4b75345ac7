//! The guard's limits as the policy in force sets them. Pure.

use std::sync::Arc;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use policy::{Edition, Pack, Parameter, ParameterValue, Value};

use super::model::{Cap, Hours, Limits, Targets};
use crate::stop_flag::model::{StopKind, StopKinds};

/// How long an allowance stands where no policy says: not a minute longer than it takes to dial.
const SHORTEST_ALLOWANCE: i64 = 1;

impl Limits {
    /// The limits of an edition: the institution's, which are at least as tight as the law's.
    ///
    /// A limit that it does not have limits nothing; a list of who may be contacted that it does not have allows nobody.
    #[must_use]
    pub fn of(edition: &Edition) -> Self {
        let of = |name: &str| edition.parameter(name);
        let cap = |name: &str| of(name).and_then(cap_of);
        let zone = of("contact_time_zone").map(texts_of).and_then(|names| TimeZone::get(names.first()?).ok());
        Self {
            hours: hours(of("quiet_hours_start"), of("quiet_hours_end")),
            agreed_hours_open: of("contact_agreed_hours_open").is_some_and(is_on),
            calls_day: cap("effective_calls_per_debtor_day"),
            calls_week: cap("effective_calls_per_debtor_week"),
            dials_day: cap("unanswered_dials_per_number_day"),
            dials_week: cap("unanswered_dials_per_number_week"),
            messages_day: cap("messages_per_debtor_day"),
            messages_week: cap("messages_per_debtor_week"),
            openings_day: cap("contact_openings_per_person_day"),
            consented: cap("consented_contact_contacts"),
            visitors: cap("field_visit_min_people"),
            registered_line: of("calling_line_registered").filter(|flag| is_on(flag)).map(marked),
            line_named: of("calling_line_named").filter(|flag| is_on(flag)).map(marked),
            targets: of("contact_targets").map(|list| Targets::new(texts_of(list), &list.article)),
            stops: of("contact_stop_flags")
                .map_or(StopKinds::NONE, |list| texts_of(list).into_iter().filter_map(StopKind::parse).collect()),
            stops_article: of("contact_stop_flags").map_or_else(|| Arc::from(""), |list| Arc::from(&*list.article)),
            allowance_minutes: cap("contact_allowance_minutes").map_or(SHORTEST_ALLOWANCE, |cap| cap.value),
            zone: zone.unwrap_or(TimeZone::UTC),
        }
    }

    /// The same limits with the law's own numbers in the place of the institution's tighter ones: as far as a supervisor
    /// may open a contact (rule `contact.open-within-law`). What the law does not number the institution alone limits.
    #[must_use]
    pub fn within_law(pack: &Pack, on: Date) -> Self {
        let house = Self::of(pack.on(on));
        // Only the law layer's parameters carry a direction.
        let law = |name: &str| {
            let mut rows = pack.parameters().iter().filter(|row| row.name == name && row.period.contains(on));
            rows.find(|row| row.direction.is_some())
        };
        let cap = |name: &str| law(name).and_then(cap_of);
        Self {
            hours: hours(law("quiet_hours_start"), law("quiet_hours_end")),
            calls_day: cap("effective_calls_per_debtor_day"),
            calls_week: cap("effective_calls_per_debtor_week"),
            dials_day: cap("unanswered_dials_per_number_day"),
            dials_week: cap("unanswered_dials_per_number_week"),
            messages_day: cap("messages_per_debtor_day"),
            messages_week: cap("messages_per_debtor_week"),
            ..house
        }
    }
}

/// Rule `contact.quiet-hours`. Without a beginning the quiet hours begin at midnight, without an end they end there.
fn hours(start: Option<&Parameter>, end: Option<&Parameter>) -> Option<Hours> {
    let article = start.or(end)?.article.as_str();
    let minute = |row: Option<&Parameter>, without| row.and_then(integer).unwrap_or(without);
    Some(Hours { from: minute(end, 0), until: minute(start, 1_440), article: Arc::from(article) })
}

fn cap_of(row: &Parameter) -> Option<Cap> {
    integer(row).map(|value| Cap::new(value, &row.article))
}

fn marked(row: &Parameter) -> Cap {
    Cap::new(1, &row.article)
}

fn integer(row: &Parameter) -> Option<i64> {
    match &row.value {
        ParameterValue::One(Value::Integer(number)) => Some(*number),
        ParameterValue::One(_) | ParameterValue::Integers(_) | ParameterValue::Texts(_) => None,
    }
}

fn is_on(row: &Parameter) -> bool {
    row.value == ParameterValue::One(Value::Boolean(true))
}

/// The texts of a list; a single text is a list of one.
pub(crate) fn texts_of(row: &Parameter) -> Vec<&str> {
    match &row.value {
        ParameterValue::Texts(list) => list.iter().map(String::as_str).collect(),
        ParameterValue::One(Value::Text(text)) => vec![text],
        ParameterValue::One(_) | ParameterValue::Integers(_) => Vec::new(),
    }
}
