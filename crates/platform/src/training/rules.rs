//! What a post needs to be taught, and what somebody lacks of it. Pure.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Span;
use jiff::civil::Date;
use policy::{Edition, EvalError, Value};

use super::model::Form;

/// What a post needs (岗位应具备的培训与能力).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Need {
    /// The role.
    pub role: String,
    /// The topic.
    pub topic: String,
    /// Whether a course is asked for or a judgement.
    pub form: Form,
    /// The article.
    pub article: String,
}

/// What the policy asks of the posts, in its order (rule `training.topics`); nothing where it asks for nothing, as rules
/// older than this do.
///
/// # Errors
/// The decision cannot be made.
pub fn needs(edition: &Edition) -> Result<Vec<Need>, EvalError> {
    // The table asks for nothing; whom a file is about is known of every customer.
    let facts = BTreeMap::from([("customer_kind".to_owned(), Value::Text("person".to_owned()))]);
    let found = match edition.decide("training_need", &facts) {
        Ok(found) => found,
        Err(EvalError::UnknownDecision { .. } | EvalError::NoRule { .. } | EvalError::NoRow { .. }) => {
            return Ok(Vec::new());
        }
        Err(other) => return Err(other),
    };
    let text = |row: &[(String, Option<Value>)], name: &str| {
        let value = row.iter().find(|(known, _)| known == name).and_then(|(_, value)| value.as_ref());
        value.map(Value::to_text).unwrap_or_default()
    };
    let need = |(row, hit): (&Vec<(String, Option<Value>)>, &policy::RowHit)| {
        let form = Form::parse(&text(row, "training_form"))?;
        let (role, topic) = (text(row, "training_role"), text(row, "training_topic"));
        Some(Need { role, topic, form, article: hit.article.clone() })
    };
    Ok(found.outputs.iter().zip(&found.rows).filter_map(need).collect())
}

/// The topics, each once, in the order of the policy.
#[must_use]
pub fn topics(needs: &[Need]) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for need in needs {
        if !found.contains(&need.topic) {
            found.push(need.topic.clone());
        }
    }
    found
}

/// What somebody with these roles lacks, each topic and form once (rule `training.lacking`): `held` is what was passed and
/// still counts.
#[must_use]
pub fn lacking<'a>(needs: &'a [Need], roles: &BTreeSet<String>, held: &BTreeSet<(Form, String)>) -> Vec<&'a Need> {
    let mut found: Vec<&Need> = Vec::new();
    for need in needs.iter().filter(|need| roles.contains(&need.role)) {
        let known = found.iter().any(|one| (one.form, &one.topic) == (need.form, &need.topic));
        if !known && !held.contains(&(need.form, need.topic.clone())) {
            found.push(need);
        }
    }
    found
}

/// The last day on which a training counts (rule `training.valid`); `None` beyond the calendar.
#[must_use]
pub fn valid_until(held_on: Date, months: i64) -> Option<Date> {
    held_on.checked_add(Span::new().try_months(months).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    // S2.3-03. Rules training.lacking, training.valid
    #[test]
    fn whoever_has_two_posts_lacks_a_topic_once_and_a_course_is_no_judgement() {
        let need = |role: &str, topic: &str, form| Need {
            role: role.to_owned(),
            topic: topic.to_owned(),
            form,
            article: String::new(),
        };
        let needs = [
            need("collector", "law", Form::Course),
            need("collector", "talk", Form::Judgement),
            need("visitor", "law", Form::Course),
            need("visitor", "visit", Form::Course),
        ];
        let roles = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<_>>();
        let named = |roles: &BTreeSet<String>, held: &[(Form, &str)]| {
            let held = held.iter().map(|(form, topic)| (*form, (*topic).to_owned())).collect();
            lacking(&needs, roles, &held).into_iter().map(|need| need.topic.clone()).collect::<Vec<_>>()
        };
        assert_eq!(named(&roles(&["collector", "visitor"]), &[]), ["law", "talk", "visit"]);
        assert_eq!(named(&roles(&["collector"]), &[(Form::Course, "law"), (Form::Course, "talk")]), ["talk"]);
        assert_eq!(named(&roles(&["cashier"]), &[]), Vec::<String>::new());
        assert_eq!(topics(&needs), ["law", "talk", "visit"]);
        assert_eq!(valid_until(date(2026, 1, 31), 1), Some(date(2026, 2, 28)));
        assert_eq!(valid_until(date(2026, 11, 20), i64::MAX), None);
    }
}
