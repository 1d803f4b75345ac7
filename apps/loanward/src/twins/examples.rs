//! Every example of the description fits what it stands beside (示例与结构一致).

use std::collections::BTreeSet;

use jiff::civil::Date;
use platform::api::open_api::describe;
use serde_json::{Map, Value as Json, json};

use super::app;

/// What a schema may say; anything else would pass unlooked at.
const KEYWORDS: [&str; 15] = [
    "$ref",
    "additionalProperties",
    "anyOf",
    "contentMediaType",
    "description",
    "enum",
    "format",
    "items",
    "maxLength",
    "maximum",
    "minLength",
    "minimum",
    "properties",
    "required",
    "type",
];

/// What does not fit, each with its place.
fn complaints(document: &Json, schema: &Json, value: &Json, at: &str) -> Vec<String> {
    let Some(said) = schema.as_object() else {
        return if *schema == json!(false) { vec![format!("{at}: not taken")] } else { Vec::new() };
    };
    if let Some(reference) = said.get("$ref").and_then(Json::as_str) {
        let target = document.pointer(reference.trim_start_matches('#'));
        return target.map_or_else(|| vec![format!("{at}: {reference}")], |one| complaints(document, one, value, at));
    }
    let mut wrong: Vec<String> =
        said.keys().filter(|key| !KEYWORDS.contains(&key.as_str())).map(|key| format!("{at}: unknown {key}")).collect();
    let mut must = |holds: bool, what: &str| {
        if !holds {
            wrong.push(format!("{at}: {what} against {value}"));
        }
    };
    if let Some(kinds) = said.get("type") {
        let one = std::slice::from_ref(kinds);
        must(kinds.as_array().map_or(one, Vec::as_slice).iter().any(|kind| is_a(value, kind)), "type");
    }
    if let Some(all) = said.get("enum").and_then(Json::as_array) {
        must(all.contains(value), "enum");
    }
    if let Some(any) = said.get("anyOf").and_then(Json::as_array) {
        must(any.iter().any(|one| complaints(document, one, value, at).is_empty()), "anyOf");
    }
    if let Some(text) = value.as_str() {
        let length = i64::try_from(text.chars().count()).unwrap();
        must(within(said, "minLength", "maxLength", length), "length");
        match said.get("format").and_then(Json::as_str) {
            None => {}
            Some("date") => must(text.parse::<Date>().is_ok(), "format"),
            Some(_) => must(false, "a format that is not known here"),
        }
    }
    if let Some(number) = value.as_i64() {
        must(within(said, "minimum", "maximum", number), "bounds");
    }
    if let (Some(item), Some(values)) = (said.get("items"), value.as_array()) {
        wrong.extend(values.iter().flat_map(|one| complaints(document, item, one, at)));
    }
    if let Some(fields) = value.as_object() {
        wrong.extend(fields_wrong(document, said, fields, at));
    }
    wrong
}

fn fields_wrong(document: &Json, said: &Map<String, Json>, fields: &Map<String, Json>, at: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    for name in said.get("required").and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_str) {
        if !fields.contains_key(name) {
            wrong.push(format!("{at}/{name}: required"));
        }
    }
    for (name, value) in fields {
        let own = said.get("properties").and_then(|all| all.get(name));
        if let Some(schema) = own.or_else(|| said.get("additionalProperties")) {
            wrong.extend(complaints(document, schema, value, &format!("{at}/{name}")));
        }
    }
    wrong
}

fn is_a(value: &Json, kind: &Json) -> bool {
    match kind.as_str() {
        Some("string") => value.is_string(),
        Some("integer") => value.is_i64() || value.is_u64(),
        Some("number") => value.is_number(),
        Some("boolean") => value.is_boolean(),
        Some("array") => value.is_array(),
        Some("object") => value.is_object(),
        Some("null") => value.is_null(),
        Some(_) | None => false,
    }
}

fn within(said: &Map<String, Json>, least: &str, most: &str, number: i64) -> bool {
    let bound = |name: &str| said.get(name).and_then(Json::as_i64);
    bound(least).is_none_or(|least| least <= number) && bound(most).is_none_or(|most| number <= most)
}

#[test]
fn what_does_not_fit_is_found() {
    let schema = json!({ "type": "object", "required": ["on"], "additionalProperties": false, "properties": {
        "on": { "type": "string", "format": "date" },
        "count": { "type": ["integer", "string"], "minimum": 1 },
        "word": { "enum": ["a", "b"] },
        "many": { "type": "array", "items": { "type": "string", "maxLength": 2 } },
        "odd": { "pattern": "x" },
    } });
    let rows = [
        (json!({ "on": "2026-11-20", "count": 3, "word": "a", "many": ["x"] }), 0),
        (json!({ "on": "2026-11-20", "count": "many" }), 0),
        (json!({}), 1),
        (json!({ "on": "2026-13-20" }), 1),
        (json!({ "on": "2026-11-20", "count": 0 }), 1),
        (json!({ "on": "2026-11-20", "count": true, "word": "c" }), 2),
        (json!({ "on": "2026-11-20", "many": ["x", "xyz", 1] }), 2),
        (json!({ "on": "2026-11-20", "else": 1 }), 1),
        (json!({ "on": "2026-11-20", "odd": "y" }), 1),
        (json!([]), 1),
    ];
    for (value, count) in rows {
        let wrong = complaints(&Json::Null, &schema, &value, "");
        assert_eq!(wrong.len(), count, "{value}: {wrong:?}");
    }
}

#[tokio::test]
async fn every_body_and_every_parameter_of_a_path_has_an_example_that_fits_its_schema() {
    let document = describe(&app().await);
    let (mut wrong, mut bodies, mut parameters) = (Vec::new(), 0, 0);
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let at = format!("{method} {path}");
            let contents = operation["requestBody"]["content"].as_object().into_iter().flatten();
            for (_, content) in contents {
                bodies += 1;
                match content.get("example") {
                    Some(example) => wrong.extend(complaints(&document, &content["schema"], example, &at)),
                    None => wrong.push(format!("{at}: no example")),
                }
            }
            for one in operation["parameters"].as_array().unwrap() {
                let named = format!("{at} {}", one["name"]);
                match one.get("example") {
                    Some(example) => wrong.extend(complaints(&document, &one["schema"], example, &named)),
                    None if one["in"] == "path" => wrong.push(format!("{named}: no example")),
                    None => {}
                }
                parameters += usize::from(one["in"] == "path");
            }
        }
    }
    assert!(bodies > 150 && parameters > 150, "{bodies} bodies, {parameters} parameters");
    assert_eq!(wrong, Vec::<String>::new());
}

#[tokio::test]
async fn an_example_says_what_the_field_means() {
    let document = describe(&app().await);
    let body = |path: &str| document["paths"][format!("/api/v1{path}")]["post"]["requestBody"]["content"].clone();
    let repay = body("/loans/{id}/repayments")["application/json"]["example"].clone();
    assert_eq!((&repay["amount"], &repay["mode"]), (&json!("1000.00"), &json!("regular")), "{repay}");
    assert!(repay["on"].as_str().unwrap().parse::<Date>().is_ok(), "{repay}");
    // The numbers of people are nobody's: no division of the country begins with 99.
    let text = document.to_string();
    let numbers: BTreeSet<&str> =
        text.split("\"identity\":\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert_eq!(numbers, BTreeSet::from(["990101199003071237"]));
}
