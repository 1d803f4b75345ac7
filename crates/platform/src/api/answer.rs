//! Answers (应答): what a handler shows on a page, as data.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::error::Refused;
use crate::page::Ui;
use crate::page::list::{Cell, Column, ColumnKind, ListPage, ListQuery, ListSpec, Row};
use crate::web::{API, Circumstances, Visit, WebError};

/// A thing as JSON (数据).
#[derive(Debug, Clone)]
pub struct Data<T>(pub T);

impl<T: Serialize> IntoResponse for Data<T> {
    fn into_response(self) -> Response {
        Json(self.0).into_response()
    }
}

impl Visit {
    /// The rows of a list as data, when a program asks; a person gets the page. A view that the list does not have is
    /// refused: the program would take the rows of another one for those.
    #[must_use]
    pub fn rows(&self, spec: &ListSpec, asked: &ListQuery, page: &ListPage) -> Option<Response> {
        self.request.api().then(|| match asked.known_view(spec) {
            Ok(()) => Json(rows(&self.ui(), spec, asked, page)).into_response(),
            Err(refused) => WebError::from(refused).into_response(),
        })
    }

    /// The answer to a trial without complaints, when a program asks: nothing was written.
    #[must_use]
    pub fn checked(&self) -> Option<Response> {
        self.data(&json!({ "checked": true }))
    }

    /// A thing as data, when a program asks; a person gets the page.
    #[must_use]
    pub fn data(&self, thing: &impl Serialize) -> Option<Response> {
        self.request.api().then(|| Json(thing).into_response())
    }
}

/// The name of a column in rows and totals: its unit is part of it.
#[must_use]
pub fn field_of(column: &Column) -> String {
    let id = column.id.replace('-', "_");
    match column.kind {
        ColumnKind::Money if !id.ends_with("_fen") => format!("{id}_fen"),
        ColumnKind::Rate if !id.ends_with("_e9") => format!("{id}_e9"),
        ColumnKind::Money
        | ColumnKind::Rate
        | ColumnKind::Text
        | ColumnKind::Count
        | ColumnKind::Date
        | ColumnKind::State => id,
    }
}

fn rows(ui: &Ui, spec: &ListSpec, asked: &ListQuery, page: &ListPage) -> Value {
    let sums = |sums: &[(&'static str, i64)]| -> Value {
        let named = sums.iter().filter_map(|(id, sum)| {
            let column = spec.columns.iter().find(|column| column.id == *id)?;
            Some((field_of(column), json!(sum)))
        });
        Value::Object(named.collect())
    };
    json!({
        "rows": page.rows.iter().map(|row| one(ui, spec, row)).collect::<Vec<_>>(),
        "page": asked.page,
        "size": asked.size,
        "count": page.count,
        "page_totals": sums(&page.page_totals),
        "totals": sums(&page.totals),
    })
}

fn one(ui: &Ui, spec: &ListSpec, row: &Row) -> Value {
    let mut out = Map::new();
    out.insert("key".to_owned(), json!(row.key));
    let place = (!row.href.is_empty()).then(|| place_of(&row.href));
    out.insert("location".to_owned(), json!(place));
    for (column, cell) in spec.columns.iter().zip(&row.cells) {
        out.insert(field_of(column), value_of(ui, cell));
    }
    Value::Object(out)
}

fn value_of(ui: &Ui, cell: &Cell) -> Value {
    match cell {
        Cell::None => Value::Null,
        Cell::Text(text) | Cell::Strong(text) | Cell::Muted(text) | Cell::Link(text, _) | Cell::State(_, text) => {
            json!(text)
        }
        Cell::Money(number)
        | Cell::MoneyWhy(number, _)
        | Cell::Rate(number)
        | Cell::Count(number)
        | Cell::Bucket(number) => json!(number),
        Cell::Date(on) => json!(on.to_string()),
        Cell::Class(class) => json!(ui.t(class.message())),
    }
}

/// An address of a page as one of the interface, without what only a page understands.
fn place_of(page: &str) -> String {
    let path = page.split(['?', '#']).next().unwrap_or("").trim_start_matches('/');
    format!("{API}{path}")
}

/// The paths that can be looked at through the interface, with their parameters.
#[derive(Debug, Clone, Default)]
pub(crate) struct Places(pub(crate) Vec<&'static str>);

impl Places {
    fn has(&self, path: &str) -> bool {
        let fits = |pattern: &&&str| {
            let (mut wanted, mut given) = (pattern.split('/'), path.split('/'));
            loop {
                match (wanted.next(), given.next()) {
                    (None, None) => return true,
                    (Some(wanted), Some(given)) if wanted == given || wanted.starts_with('{') => {}
                    _ => return false,
                }
            }
        };
        self.0.iter().find(fits).is_some()
    }
}

/// Makes an answer one for programs: where the result is shown becomes data, and a page never goes out.
pub(crate) fn face(places: &Places, request: &Circumstances, answer: Response) -> Response {
    if answer.status().is_redirection() {
        let page = answer.headers().get(header::LOCATION).and_then(|to| to.to_str().ok()).unwrap_or("/");
        let path = page.split(['?', '#']).next().unwrap_or("");
        let location = places.has(path).then(|| place_of(page));
        let mut done = (StatusCode::OK, Json(json!({ "location": location, "page": page }))).into_response();
        if let Some(place) = location.and_then(|place| HeaderValue::from_str(&place).ok()) {
            done.headers_mut().insert(header::LOCATION, place);
        }
        return done;
    }
    let kind = answer.headers().get(header::CONTENT_TYPE).map(HeaderValue::as_bytes).unwrap_or_default();
    if kind.starts_with(b"text/html") {
        tracing::warn!(request = request.id(), "a page was the answer to a program");
        if !answer.status().is_success() {
            // A form that would be drawn again with what is wrong, by a handler that did not say it as data.
            return WebError::from(Refused::form(Vec::new())).into_response();
        }
        let page = format!("/{}", request.here().trim_start_matches(API));
        return Json(json!({ "location": null, "page": page })).into_response();
    }
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_known_by_its_whole_path() {
        let places = Places(vec!["/loans/{id}", "/loans"]);
        for (path, known) in [("/loans/12", true), ("/loans", true), ("/loans/12/why", false), ("/", false)] {
            assert_eq!(places.has(path), known, "{path}");
        }
        assert_eq!(place_of("/customers/7?tab=reach#x"), "/api/v1/customers/7");
    }
}
