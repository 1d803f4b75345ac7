//! The form of a new contact point.

use platform::error::{FieldError, Refused};
use platform::page::{Choice, Field, Input, Ui};
use platform::web::Fields;

use super::model::{ContactKind, NewContactPoint, SourceRoute};
use crate::relation::model::{Relation, RelationId};

/// The fields, with what was typed.
pub(super) fn fields(ui: &Ui, customer: &str, relations: &[Relation], typed: &Fields) -> Vec<Field> {
    let or = |name: &str, otherwise: &str| typed.first(name).unwrap_or(otherwise).to_owned();
    let mut whose = vec![Choice::new("", ui.t1("contact-own", "name", customer))];
    whose.extend(relations.iter().filter(|one| one.is_open()).map(|one| {
        let kind = ui.t(format!("relation-{}", one.kind.as_str()));
        Choice::new(one.id.to_string(), format!("{} · {kind}", one.name))
    }));
    let kinds =
        ContactKind::ALL.map(|kind| Choice::new(kind.as_str(), ui.t(format!("contact-kind-{}", kind.as_str()))));
    let routes = SourceRoute::ALL.map(|route| Choice::new(route.as_str(), ui.t(format!("route-{}", route.as_str()))));
    vec![
        Field::new("whose", ui.t("contact-whose"), Input::Select(whose)).value(or("whose", "")),
        Field::new("kind", ui.t("contact-kind"), Input::Select(kinds.to_vec())).value(or("kind", "phone")).required(),
        Field::new("value", ui.t("contact-value"), Input::Text)
            .value(or("value", ""))
            .hint(ui.t("contact-value-hint"))
            .required(),
        Field::new("route", ui.t("contact-route"), Input::Select(routes.to_vec()))
            .value(or("route", "customer"))
            .required(),
        Field::new("consented", ui.t("contact-consented-field"), Input::Check).value(or("consented", "")),
        Field::new("main", ui.t("contact-main-field"), Input::Check).value(or("main", "")),
    ]
}

/// Reads a new contact point; the value itself is checked by the use case.
///
/// Errors: a refusal with all complaints at once.
pub(super) fn read(typed: &Fields) -> Result<NewContactPoint, Box<Refused>> {
    let mut wrong = Vec::new();
    let kind = typed.first("kind").and_then(ContactKind::parse);
    if kind.is_none() {
        wrong.push(FieldError::new("kind", "choice-invalid"));
    }
    let route = typed.first("route").and_then(SourceRoute::parse);
    if route.is_none() {
        wrong.push(FieldError::new("route", "choice-invalid"));
    }
    let relation = match typed.first("whose").unwrap_or("") {
        "" => None,
        key => {
            let relation = key.parse::<i64>().ok().map(RelationId);
            if relation.is_none() {
                wrong.push(FieldError::new("whose", "choice-invalid"));
            }
            relation
        }
    };
    let value = typed.first("value").unwrap_or("").trim().to_owned();
    if value.is_empty() {
        wrong.push(FieldError::new("value", "field-empty"));
    }
    let (Some(kind), Some(route), true) = (kind, route, wrong.is_empty()) else {
        return Err(Box::new(Refused::form(wrong)));
    };
    let on = |name: &str| typed.first(name) == Some("on");
    Ok(NewContactPoint { relation, kind, value, route, consented: on("consented"), main: on("main") })
}
