//! Bodies (请求体): a JSON object as the fields of a form, so that one handler serves both faces.

use std::fmt;

use axum::body::Bytes;
use axum::http::HeaderMap;
use serde::de::{Deserialize, DeserializeOwned, Deserializer, MapAccess, Visitor};
use serde_json::Value;

use super::shape::Shape;
use crate::error::{FieldError, Refused};
use crate::web::{Fields, WebError};

/// The field of a complaint whose name is data; its detail `field` says the name.
pub(crate) const NAMED: &str = "*";

/// Reads the fields of a JSON object, in order.
///
/// Errors: what is no JSON object, names a field that the form does not take, or holds what no form field can.
pub(crate) fn fields<T: DeserializeOwned>(headers: &HeaderMap, body: &Bytes) -> Result<Fields, WebError> {
    let kind = headers.get("content-type").and_then(|kind| kind.to_str().ok()).unwrap_or("");
    let kind = kind.split(';').next().unwrap_or("").trim();
    if body.is_empty() {
        return Ok(Fields::default());
    }
    if kind != "application/json" {
        return Err(WebError::NotJson);
    }
    let Object(given) = serde_json::from_slice(body).map_err(|error| WebError::Malformed(error.to_string()))?;
    let shape = Shape::of::<T>();
    let (mut pairs, mut wrong) = (Vec::new(), Vec::new());
    for (name, value) in given {
        if !shape.takes(&name) || name.starts_with('_') {
            wrong.push(complaint("field-unknown", &name));
        } else if let Err(code) = text_of(&name, value, &mut pairs) {
            wrong.push(complaint(code, &name));
        }
    }
    if wrong.is_empty() { Ok(Fields::new(pairs)) } else { Err(Refused::form(wrong).into()) }
}

fn complaint(code: &'static str, name: &str) -> FieldError {
    FieldError::new(NAMED, code).with("field", name.chars().take(64).collect::<String>())
}

/// A value as a form sends it; the code of the complaint, where no form could.
fn text_of(name: &str, value: Value, pairs: &mut Vec<(String, String)>) -> Result<(), &'static str> {
    let text = match value {
        Value::Null | Value::Bool(false) => return Ok(()),
        // What a checked box sends.
        Value::Bool(true) => "on".to_owned(),
        Value::Number(number) if number.is_f64() => return Err("number-inexact"),
        Value::Number(number) => number.to_string(),
        Value::String(text) => text,
        Value::Array(values) => {
            return values.into_iter().try_for_each(|one| match one {
                Value::Array(_) | Value::Object(_) => Err("field-nested"),
                one => text_of(name, one, pairs),
            });
        }
        Value::Object(_) => return Err("field-nested"),
    };
    pairs.push((name.to_owned(), text));
    Ok(())
}

/// An object in the order of its fields; a name given twice is a mistake, not a choice between values.
struct Object(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Object {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Object;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object, A::Error> {
                let mut fields: Vec<(String, Value)> = Vec::new();
                while let Some((name, value)) = map.next_entry::<String, Value>()? {
                    if fields.iter().any(|(known, _)| *known == name) {
                        return Err(serde::de::Error::custom("a field is given twice"));
                    }
                    fields.push((name, value));
                }
                Ok(Object(fields))
            }
        }
        deserializer.deserialize_map(Reader)
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    crate::form_fields! { Form: "amount", "note", "key" }

    fn read(text: &str) -> Result<Vec<(String, String)>, WebError> {
        let mut headers = HeaderMap::new();
        headers.insert("content-type", HeaderValue::from_static("application/json; charset=utf-8"));
        fields::<Form>(&headers, &Bytes::from(text.to_owned())).map(|fields| fields.pairs().to_vec())
    }

    #[test]
    fn an_object_is_read_as_a_form_sends_it() {
        let pair = |name: &str, text: &str| (name.to_owned(), text.to_owned());
        assert_eq!(read("").unwrap(), []);
        assert_eq!(
            read(r#"{"amount": "12.30", "note": null, "key": [1, "2", true]}"#).unwrap(),
            [pair("amount", "12.30"), pair("key", "1"), pair("key", "2"), pair("key", "on")]
        );
    }

    #[test]
    fn what_no_form_could_send_is_refused_with_the_name_of_the_field() {
        for (text, code) in [
            (r#"{"other": 1}"#, "field-unknown"),
            (r#"{"_once": "x"}"#, "field-unknown"),
            (r#"{"amount": 12.3}"#, "number-inexact"),
            (r#"{"amount": {"fen": 1}}"#, "field-nested"),
            (r#"{"amount": [[1]]}"#, "field-nested"),
        ] {
            let Err(WebError::Action(crate::error::ActionError::Refused(refused))) = read(text) else {
                panic!("{text} is taken")
            };
            assert_eq!(refused.fields[0].code, code, "{text}");
            assert!(text.contains(&refused.fields[0].details[0].1), "{text}");
        }
        let deep = format!("{{\"amount\": {}1{}}}", "[".repeat(10_000), "]".repeat(10_000));
        for text in ["[]", "1", "{", r#"{"note": 1, "note": 2}"#, r#"{"amount": 1e999}"#, &deep] {
            assert!(matches!(read(text), Err(WebError::Malformed(_))), "{text:.40}");
        }
    }
}
